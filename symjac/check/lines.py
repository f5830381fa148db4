"""Every line of a derivation against the line before, at a random point with d in a random direction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from symjac.check.report import Failure, relative_gap
from symjac.evaluate import Array, evaluate
from symjac.nodes.node import Differential, Node, surface
from symjac.numerical import COMPLEX_STEP, is_analytic
from symjac.points import Point
from symjac.record import Record, Step
from symjac.rules import reading

LINE_TOLERANCE = 1e-8
"""How far two lines may differ, relative to their size, before they count as unequal."""

DIFFERENCE_TOLERANCE, REAL_STEP = 1e-6, 1e-5
"""The same, and the step, where d has to be taken by central differences."""


def check_lines(record: Record, point: Point) -> Iterator[Failure]:
    """Yield the steps whose two sides differ, with d of every variable in a random direction."""
    rng = np.random.default_rng(point.seed)
    lines = _Lines(record, point, {v.name: rng.normal(size=point.values[v.name].shape) for v in record.variables})
    for number, step in enumerate(record.steps, start=1):
        gap = lines.gap(step)
        if not gap <= lines.tolerance:
            yield Failure(f"line {number}", step.rule.name, gap)


class _Lines:
    """The values of both sides of steps at one point, with d of the variables in a random direction."""

    def __init__(self, record: Record, point: Point, directions: Mapping[str, Array]):
        self._point = point
        self._analytic = is_analytic(record.expression)
        step: complex = 1j * COMPLEX_STEP if self._analytic else REAL_STEP
        self._forward, self._backward = (
            {
                name: value + sign * step * directions[name] if name in directions else value
                for name, value in point.values.items()
            }
            for sign in (1, -1)
        )
        self._memos: dict[str, dict[Node, Array]] = {}
        self.tolerance = LINE_TOLERANCE if self._analytic else DIFFERENCE_TOLERANCE

    def moved(self, node: Node) -> Array:
        """Return d of any expression: its derivative along the direction, by a complex step or a central difference."""
        ahead = evaluate(node, self._forward, self._point.sizes, memo=self._memos.setdefault("ahead", {}))
        if self._analytic:
            return ahead.imag / COMPLEX_STEP
        behind = evaluate(node, self._backward, self._point.sizes, memo=self._memos.setdefault("behind", {}))
        return (ahead - behind) / (2 * REAL_STEP)

    def value(self, node: Node, alone: Node | None = None) -> Array:
        """Return a side's value; with `alone`, d of everything else is zero."""
        memo = self._memos.setdefault("d" if alone is None else alone.digest.hex(), {})
        for part in surface(node) if node.has_differential else ():
            if isinstance(part, Differential) and part not in memo:
                moved = self.moved(part.args[0])
                memo[part] = moved if alone in (None, part.args[0]) else 0 * moved
        return evaluate(node, self._point.values, self._point.sizes, memo=memo)

    def gap(self, step: Step) -> float:
        with np.errstate(all="ignore"):
            if step.rule is reading.read_jacobian:
                return self._read_gap(step, lambda moved: self.value(step.after) @ moved.reshape(-1, 1, order="F"))
            if step.rule is reading.read_gradient and step.before.has_differential:
                return self._read_gap(step, lambda moved: np.array([[np.sum(self.value(step.after) * moved)]]))
            if step.rule is reading.gradient_row:
                return relative_gap(self.value(step.after), self.value(step.before).reshape(1, -1, order="F"))
            return relative_gap(self.value(step.after), self.value(step.before))

    def _read_gap(self, step: Step, along: Callable[[Array], Array]) -> float:
        """Compare what was read off with the line it was read from."""
        assert step.variable is not None
        return relative_gap(along(self.moved(step.variable)), self.value(step.before, alone=step.variable))
