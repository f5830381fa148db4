"""Derivatives in a direction, without the Jacobian: J v goes forward through the expression, u J backward.

u J is the gradient of ⟨U, F⟩. It is linear in U, and the gradient of ⟨u J, V⟩ by U is J V: the road back, gone back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from symjac.compile.module import Argument
from symjac.compile.program import Program, Settings
from symjac.compile.target import Axes, matrix_target
from symjac.components.algebra import add, atom, contract
from symjac.components.derivative import differentiate_form, with_facts
from symjac.components.form import Form, Scope
from symjac.components.tensor import Entry, Sizes
from symjac.errors import ShapeError
from symjac.evaluate import Array, size_value
from symjac.layout import Layout
from symjac.nodes.build import symbol
from symjac.nodes.node import Node
from symjac.nodes.sizes import ONE, Size

FORWARD, BACKWARD = "jvp", "vjp"

Shape = tuple[Size, Size]

Measured = list[tuple[tuple[int, int], tuple[int, ...] | None]]
"""The shape of each direction as a matrix, and with other axes where it is handed on with those."""


def directional(base: Program, form: Form, expression: Node, layout: Layout, kind: str, many: bool = False) -> Program:
    """Return the program of J v or of u J; the directions are further arguments, each in the shape of its matrix.

    Where rows or columns are products of axes, as in A ⊗ B, a direction has these axes instead.

    Where there are many directions, each point has its own.
    """
    flat = Layout(layout.of, layout.wrt)
    outer = _named("u", base)
    inner = [_named(f"v_{variable.name}", base) for variable in base.variables]
    product = _inner(form, _entry(outer, form.sizes))
    wanted = [(variable.name, f.sizes[len(form.sizes) :]) for variable, f in zip(base.variables, base.forms, strict=True)]
    facts = {variable.name: tuple(sorted(variable.facts)) for variable in base.variables if variable.facts}
    backward = differentiate_form(product, wanted)
    counts = base.axes[0].counts
    if kind == BACKWARD:
        forms = tuple(with_facts(f, facts) for f in backward)
        axes = tuple(Axes((0, 0, *a.counts[2:]), f.sizes) for a, f in zip(base.axes, forms, strict=True))
        directions = [(outer, expression.shape, form.sizes)]
        outputs = 0
    else:
        total = add(*(_inner(f, _entry(name, f.sizes)) for f, name in zip(backward, inner, strict=True)))
        (forward,) = differentiate_form(total, [(outer, form.sizes)])
        forms = (with_facts(forward, facts),)
        axes = (Axes((*counts[:2], 0, 0), forms[0].sizes),)
        directions = [(name, v.shape, sizes) for name, v, (_, sizes) in zip(inner, base.variables, wanted, strict=True)]
        outputs = len(form.sizes)
    arguments = tuple(Argument(symbol(name, *shape), many, sizes) for name, shape, sizes in directions)
    words = f"{base.words} {'Times a direction v of the inputs' if kind == FORWARD else 'Weights u of the outputs times it'}."
    return replace(
        base,
        forms=forms,
        axes=axes,
        outputs=outputs,
        arguments=(*base.arguments, *arguments),
        target=matrix_target(axes, flat),
        settings=Settings("dense", "C", (*base.settings.batch, *(name for name, _, _ in directions if many))),
        words=words,
        plans={},
    )


def _named(name: str, base: Program) -> str:
    taken = {argument.symbol.name for argument in base.arguments}
    while name in taken:
        name += "_"
    return name


def _entry(name: str, sizes: tuple[Size, ...]) -> Form:
    return atom(Entry(sizes, (name, ())))


def _inner(left: Form, right: Form) -> Form:
    """Return Σ over all indices of two forms over the same indices."""
    scope = Scope()
    indices = scope.fresh(*left.sizes)
    return contract(scope, [(left, indices), (right, indices)], (), indices)


class Stacking:
    """How directions are stacked in one vector, as the layout says; `axes` are those that each is handed on with."""

    def __init__(self, shapes: Sequence[Shape], order: str, axes: Sequence[Sizes]) -> None:
        self.shapes = shapes
        self.axes = [
            None if own == tuple(size for size in shape if size is not ONE) else own
            for shape, own in zip(shapes, axes, strict=True)
        ]
        self.memory: Any = "F" if order == "column" else "C"
        self._measured: tuple[Sequence[int], Measured] = ((), [])

    def _measure(self, sizes: dict[str, int]) -> Measured:
        """Return the shape of every direction as a matrix, and as an array with all its axes where it has others."""
        numbers = tuple(sizes.values())
        known, found = self._measured
        if known != numbers or not found:
            found = [
                ((size_value(rows, sizes), size_value(cols, sizes)), own and tuple(size_value(size, sizes) for size in own))
                for (rows, cols), own in zip(self.shapes, self.axes, strict=True)
            ]
            self._measured = (numbers, found)
        return found

    def parts(self, vector: Array, sizes: dict[str, int]) -> list[Array]:
        """Return the arrays that a stacked vector holds, or the one that a matrix is."""
        shapes = self._measure(sizes)
        if len(shapes) == 1 and vector.shape == shapes[0][0]:
            return [_split(vector, shapes[0][1])]
        total = self.total(sizes)
        if vector.size != total or vector.size != max(vector.shape, default=1):
            raise ShapeError(f"the direction has {total} entries: a {' x '.join(map(str, vector.shape))} array does not fit")
        found, flat, start = [], vector.reshape(-1), 0
        for (rows, cols), axes in shapes:
            found.append(_split(flat[start : start + rows * cols].reshape((rows, cols), order=self.memory), axes))
            start += rows * cols
        return found

    def many_parts(self, vectors: Any, sizes: dict[str, int]) -> list[Any]:
        """Return the arrays that the stacked vectors of many points hold, or those that matrices of many points are."""
        shapes = self._measure(sizes)
        if len(shapes) == 1 and vectors.shape[1:] == shapes[0][0]:
            return [_split(vectors, shapes[0][1])]
        total = self.total(sizes)
        if vectors.shape[1:] == (total, 1):
            vectors = vectors[:, :, 0]
        if vectors.shape[1:] != (total,):
            got = " x ".join(map(str, vectors.shape)) or "single number"
            raise ShapeError(f"the direction has {total} entries, or so many for each point: a {got} array does not fit")
        found, start = [], 0
        for (rows, cols), axes in shapes:
            part = vectors[:, start : start + rows * cols]
            by_rows = self.memory == "C"
            matrices = part.reshape((len(vectors), rows, cols) if by_rows else (len(vectors), cols, rows))
            found.append(_split(matrices if by_rows else matrices.swapaxes(1, 2), axes))
            start += rows * cols
        return found

    def is_one(self, vector: Any, sizes: dict[str, int]) -> bool:
        """Whether an array is the direction of a single point."""
        shapes = self._measure(sizes)
        total = self.total(sizes)
        return vector.shape in [(total,), (total, 1), *(shape for shape, _ in shapes if len(shapes) == 1)]

    def total(self, sizes: dict[str, int]) -> int:
        """Return how many entries a stacked vector has."""
        return sum(rows * cols for (rows, cols), _ in self._measure(sizes))


def _split(array: Any, axes: tuple[int, ...] | None) -> Any:
    """Return an array whose last two axes, where they are products of axes, are parted into these."""
    return array if axes is None else array.reshape(array.shape[:-2] + axes)
