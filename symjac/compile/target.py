"""The array that a function returns: where each index of a form runs in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from symjac.compile.patterns import Pattern
from symjac.components.tensor import Sizes
from symjac.layout import Layout
from symjac.nodes.sizes import ONE, Size, times

ROW, COL = 0, 1


class Axes(NamedTuple):
    """The free indices of a Jacobian's form: how many belong to the rows of F, its columns, the rows of X, its columns."""

    counts: tuple[int, int, int, int]
    sizes: Sizes

    def parts(self) -> list[range]:
        """The positions of the four groups."""
        starts = [sum(self.counts[:k]) for k in range(5)]
        return [range(starts[k], starts[k + 1]) for k in range(4)]

    def size(self, group: int) -> Size:
        return times(ONE, *(self.sizes[k] for k in self.parts()[group]))


class Run(NamedTuple):
    """How an index runs: along this dimension of the array, in steps of so many entries."""

    dimension: int
    step: tuple[Size, ...]


class Place(NamedTuple):
    """Where a block stands: the run of every index, and where the block starts in every dimension."""

    runs: tuple[Run, ...]
    start: tuple[Size | int, ...]

    def order(self, pattern: Pattern, fortran: bool = False) -> list[int]:
        """Return the indices of a pattern, those that take the longest steps in memory first."""
        sign = -1 if fortran else 1
        return sorted(set(pattern), key=lambda k: (sign * self.runs[k].dimension, -len(self.runs[k].step), k))


class Target(NamedTuple):
    """The array: its dimensions, and the place of each block."""

    shape: tuple[Size, ...]
    places: tuple[Place, ...]


def _runs(axes: Axes, groups: Sequence[int], dimension: int) -> dict[int, Run]:
    """Return the runs of the indices of some groups that are stacked along a dimension, slowest group first."""
    places = [k for group in groups for k in axes.parts()[group]]
    found: dict[int, Run] = {}
    step: tuple[Size, ...] = ()
    for k in reversed(places):
        found[k] = Run(dimension, step)
        step = (axes.sizes[k], *step)
    return found


def matrix_target(blocks: Sequence[Axes], layout: Layout) -> Target:
    """Return the Jacobians by several variables in a layout, side by side or one above the other."""
    numerator = layout.orientation == "numerator"
    outer, inner = (ROW, COL) if numerator else (COL, ROW)
    of = (1, 0) if layout.of == "column" else (0, 1)
    wrt = (3, 2) if layout.wrt == "column" else (2, 3)
    places = []
    start: Size = ONE - 1
    for axes in blocks:
        runs = {**_runs(axes, of, outer), **_runs(axes, wrt, inner)}
        places.append(Place(tuple(runs[k] for k in range(len(axes.sizes))), (0, start) if numerator else (start, 0)))
        start = start + times(axes.size(2), axes.size(3))
    outputs = times(blocks[0].size(0), blocks[0].size(1))
    return Target((outputs, start) if numerator else (start, outputs), tuple(places))


def gradient_target(axes: Axes) -> Target:
    """Return a scalar's derivative in the shape of the variable."""
    return Target((axes.size(2), axes.size(3)), (_spread(axes, (2, 3)),))


def tensor_target(axes: Axes) -> Target:
    """Return the array J[i, j, k, l]."""
    return Target(tuple(axes.size(group) for group in range(4)), (_spread(axes, (0, 1, 2, 3)),))


def _spread(axes: Axes, groups: Sequence[int]) -> Place:
    runs: dict[int, Run] = {}
    for dimension, group in enumerate(groups):
        runs |= _runs(axes, (group,), dimension)
    return Place(tuple(runs[k] for k in range(len(axes.sizes))), (0,) * len(groups))
