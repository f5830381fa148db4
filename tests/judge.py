"""A judge that shares nothing with the rules: random points, complex steps, and lines compared with lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from symjac.evaluate import Array, evaluate, size_value
from symjac.nodes.build import differential
from symjac.nodes.node import Differential, Node, Symbol, postorder, surface, symbols
from symjac.record import Record, Step
from symjac.rules.reading import gradient_row, read_gradient, read_jacobian
from symjac.rules.rule import READ

STEP = 1e-30
"""So small that its square vanishes beside 1: a complex step is exact to rounding."""

UNEQUAL = {"M": 4, "N": 3, "P": 2, "Q": 5}
"""M above N, so that AᵀA has an inverse for A of M×N."""


def size_names(*nodes: Node) -> list[str]:
    """Return the names of all sizes below the nodes, in alphabetical order."""
    return sorted({str(name) for node in postorder(*nodes) for size in node.shape for name in size.free_symbols})


def unequal_sizes(*nodes: Node) -> dict[str, int]:
    """Give small sizes to all names: M, N, P, Q differ from one another."""
    return {name: UNEQUAL.get(name, 2 + i % 3) for i, name in enumerate(size_names(*nodes))}


@dataclass(frozen=True)
class Point:
    """Values of symbols at given sizes."""

    values: Mapping[str, Array]
    sizes: Mapping[str, int]

    def value(self, node: Node, known: Mapping[Node, Array] | None = None) -> Array:
        """Return the value of a node, given the values of some parts."""
        with np.errstate(all="ignore"):
            return evaluate(node, self.values, self.sizes, memo=dict(known or {}))

    def direction(self, node: Node, moved: Mapping[str, Array]) -> Array:
        """Return the derivative of a node where the symbols `moved` move at these speeds, by one complex step."""
        values = {name: np.asarray(value, dtype=complex) for name, value in self.values.items()}
        for name, speed in moved.items():
            values[name] = values[name] + 1j * STEP * speed
        with np.errstate(all="ignore"):
            result: Array = np.asarray(evaluate(node, values, self.sizes)).imag / STEP
        return result

    def jacobian(self, node: Node, variable: Symbol) -> Array:
        """Return ∂ vec F / ∂(vec X)ᵀ, column by column."""
        rows, cols = self.values[variable.name].shape
        columns = []
        for k in range(rows * cols):
            speed = np.zeros(rows * cols)
            speed[k] = 1
            columns.append(self.direction(node, {variable.name: speed.reshape(rows, cols, order="F")}).reshape(-1, order="F"))
        return np.array(columns).T


def sample(*nodes: Node, seed: int = 0, sizes: Mapping[str, int] | None = None) -> Point:
    """Return a random point: every fact of a symbol holds, and square matrices are invertible without being symmetric."""
    rng = np.random.default_rng(seed)
    chosen = unequal_sizes(*nodes) if sizes is None else sizes
    names = {symbol.name: symbol for symbol in symbols(nodes)}
    return Point({name: _entries(names[name], chosen, rng) for name in sorted(names)}, chosen)


def _entries(symbol: Symbol, sizes: Mapping[str, int], rng: np.random.Generator) -> Array:
    shape = (size_value(symbol.rows, sizes), size_value(symbol.cols, sizes))
    entries: Array = rng.normal(size=shape) * 0.7
    if "positive" in symbol.facts:
        entries = 0.5 + np.abs(entries)
    if "posdef" in symbol.facts:
        entries = entries @ entries.T + np.eye(shape[0])
    elif "symmetric" in symbol.facts:
        entries = np.eye(shape[0]) + (entries + entries.T) / 4
    elif shape[0] == shape[1] > 1:
        entries = np.eye(shape[0]) + entries / 2
    return entries * np.eye(shape[0]) if "diagonal" in symbol.facts else entries


def speeds(names: Iterable[str], point: Point, seed: int = 1) -> dict[str, Array]:
    """Return random differentials of the named symbols."""
    rng = np.random.default_rng(seed)
    return {name: rng.normal(size=point.values[name].shape) for name in sorted(names)}


def line_value(line: Node, point: Point, moved: Mapping[str, Array]) -> Array:
    """Return the value of a line in which d stands before anything: each d by a complex step, symbols moving as told."""
    return point.value(line, {node: point.direction(node.args[0], moved) for node in moving_parts(line)})


def moving_parts(line: Node) -> list[Node]:
    """Return every d of something in a line."""
    return [node for node in surface(line) if isinstance(node, Differential)]


def agree(left: Array, right: Array, tolerance: float = 1e-7) -> bool:
    """Whether two values agree to rounding."""
    if left.shape != right.shape:
        return False
    scale = max(1.0, float(np.max(np.abs(right), initial=0)))
    return bool(np.all(np.isfinite(left)) and np.all(np.abs(left - right) <= tolerance * scale))


def vec_value(matrix: Array) -> Array:
    return matrix.reshape(-1, 1, order="F")


@dataclass(frozen=True)
class Fault:
    """A line that does not follow from the line before."""

    index: int
    rule: str


def faults(record: Record, seed: int = 0) -> list[Fault]:
    """Return every step whose two lines differ at a random point."""
    nodes = [record.expression, *record.variables, *(node for step in record.steps for node in (step.before, step.after))]
    point = sample(*nodes, seed=seed)
    moved = speeds((variable.name for variable in record.variables), point, seed + 1)
    return [Fault(i, step.rule.id) for i, step in enumerate(record.steps) if not follows(step, point, moved)]


def follows(step: Step, point: Point, moved: Mapping[str, Array]) -> bool:
    """Whether the two lines of a step agree at a point."""
    if step.rule.phase == READ:
        return _reads(step, point, moved)
    return agree(line_value(step.after, point, moved), line_value(step.before, point, moved))


def _reads(step: Step, point: Point, moved: Mapping[str, Array]) -> bool:
    if step.before is step.after:
        return True
    if step.rule is gradient_row:
        return agree(point.value(step.after), vec_value(point.value(step.before)).T)
    assert step.rule in (read_gradient, read_jacobian)
    assert step.variable is not None
    speed = point.direction(step.variable, moved)
    line = point.value(step.before, _only(differential(step.variable), speed, step.before, point))
    after = point.value(step.after)
    if step.rule is read_gradient:
        return agree(np.array([[np.sum(after * speed)]]), line)
    return agree(after @ vec_value(speed), vec_value(line))


def _only(moving: Node, speed: Array, line: Node, point: Point) -> dict[Node, Array]:
    """Return the values of all d in a line when one variable alone moves."""
    others = {node: np.zeros_like(point.value(node.args[0])) for node in moving_parts(line)}
    return {**others, moving: speed}


def broken_chains(record: Record) -> list[int]:
    """Return the steps that do not begin where the step before, of the same kind of line, ended."""
    return [
        i
        for i, (last, step) in enumerate(zip(record.steps, record.steps[1:], strict=False), start=1)
        if (last.subject, last.left, last.variable) == (step.subject, step.left, step.variable)
        and step.rule.phase != READ
        and last.after is not step.before
    ]
