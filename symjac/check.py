"""The check of a derivation: a proof by the other road, every line against the line before, and two judges.

The proof compares the Kronecker form with the index form, for all sizes. The judges share nothing with either road:
SymPy's own entry-by-entry `Matrix.jacobian` at a small size, exactly, and numerical derivatives at random points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import mpmath
import numpy as np
import sympy
from sympy.matrices.exceptions import NonInvertibleMatrixError

from symjac.components import differentiate, jacobian_form, prove_equal, read
from symjac.errors import SymjacError, UnsupportedError
from symjac.evaluate import Array, evaluate, size_value
from symjac.exact import exact
from symjac.nodes.build import basis, product, vec
from symjac.nodes.node import (
    Determinant,
    Differential,
    Elementwise,
    Inverse,
    LogSumExp,
    MatrixPower,
    Node,
    Softmax,
    Symbol,
    fold,
    postorder,
    surface,
)
from symjac.nodes.sizes import times
from symjac.numerical import COMPLEX_STEP, Estimate, is_analytic, numerical_jacobian
from symjac.points import Point, random_point, size_names, small_sizes
from symjac.record import Record, Step
from symjac.rules import reading

LINE_TOLERANCE = 1e-8
"""How far two lines may differ, relative to their size, before they count as unequal."""

ATTEMPTS = 12
"""How many points are tried until one lies in the domain of the expression."""

DIFFERENCE_TOLERANCE, REAL_STEP = 1e-6, 1e-5
"""The same, and the step, where d has to be taken by central differences."""

EXACT_COLUMNS = 3
"""By how many entries of a variable SymPy differentiates; the derivatives by the others would cost more of the same."""

MAX_EXACT_NESTING, MAX_EXACT_ENTRIES = 3, 400
"""Beyond so many functions in functions, or so many entries, SymPy's explicit derivative takes seconds: it is not asked."""


@dataclass(frozen=True)
class Failure:
    """A line that does not equal the line before, or a Jacobian that a judge refutes."""

    where: str
    rule: str
    gap: float

    def __str__(self) -> str:
        return f"{self.where}: {self.rule} (relative gap {self.gap:.1e})"


@dataclass(frozen=True)
class Report:
    """What a check found: it is true where nothing was refuted.

    >>> from symjac.derivation import jacobian
    >>> report = jacobian("inv(X)", "X", given="X: N x N").check()
    >>> report.ok, report.proofs
    (True, {'X': 'proved for all sizes'})
    """

    proofs: Mapping[str, str]
    """For each variable "proved for all sizes", or "sampled" where the proof did not come out."""
    lines: int
    gap: float
    """The largest relative distance from the numerical derivatives."""
    method: str
    sizes: tuple[Mapping[str, int], ...]
    seeds: tuple[int, ...]
    sympy: str
    order: float | None
    failures: tuple[Failure, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing was refuted."""
        return not self.failures

    @property
    def proved(self) -> bool:
        """Whether the Jacobian by every variable is proved for all sizes."""
        return self.ok and all(status == PROVED for status in self.proofs.values())

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        verdicts = [f"{name}: {status}" for name, status in self.proofs.items()]
        sizes = "; ".join(", ".join(f"{k} = {v}" for k, v in point.items()) or "fixed sizes" for point in self.sizes)
        order = f", order {self.order:.1f}" if self.order is not None else ""
        found = [
            "checked" if self.ok else "REFUTED",
            *verdicts,
            f"{self.lines} lines, each equal to the line before",
            f"numerically ({self.method}{order}) within {self.gap:.0e} at {sizes} (seeds {', '.join(map(str, self.seeds))})",
            f"SymPy entry by entry: {self.sympy}",
        ]
        if self.failures:
            found[len(verdicts) + 1] = f"{self.lines} lines compared"
        return "\n  ".join([*found, *(f"wrong: {failure}" for failure in self.failures)])


PROVED, SAMPLED = "proved for all sizes", "sampled"


def check_record(record: Record, points: int = 2, seed: int = 0) -> Report:
    """Check a derivation by every means there is."""
    failures: list[Failure] = []
    proofs = {variable.name: _prove(record, i) for i, variable in enumerate(record.variables)}
    gaps: list[float] = [0.0]
    sampled: list[Point] = []
    estimate: Estimate | None = None
    for point in islice(_points(record, seed), points):
        sampled.append(point)
        failures.extend(_check_lines(record, point))
        for variable, jacobian in zip(record.variables, record.jacobians, strict=True):
            estimate = numerical_jacobian(record.expression, variable, point)
            gap = _gap(evaluate(jacobian, point.values, point.sizes), estimate.value)
            gaps.append(gap)
            if not gap <= estimate.tolerance:
                failures.append(Failure(f"the Jacobian by {variable.name}", f"refuted by {estimate.method}", gap))
    if not sampled:
        raise SymjacError(
            f"no point was found at which {record.name} has a value; declare facts (positive, posdef) if it needs them"
        )
    verdict = _sympy_judges(record, seed, failures)
    return Report(
        proofs,
        len(record.steps),
        max(gaps),
        estimate.method if estimate else "",
        tuple(point.sizes for point in sampled),
        tuple(point.seed for point in sampled),
        verdict,
        estimate.order if estimate else None,
        tuple(_without_echoes(failures)),
    )


def _without_echoes(failures: list[Failure]) -> list[Failure]:
    """Keep the first failure of each place: the same one at a second point says nothing new."""
    seen: dict[tuple[str, str], Failure] = {}
    for failure in failures:
        seen.setdefault((failure.where, failure.rule), failure)
    return list(seen.values())


def _gap(found: Array, expected: Array) -> float:
    if found.shape != expected.shape:
        return float("inf")
    scale = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    gap = float(np.max(np.abs(found - expected), initial=0.0)) / scale
    return gap if np.isfinite(gap) else float("inf")


# The proof


def _prove(record: Record, index: int) -> str:
    variable = record.variables[index]
    try:
        by_differentials = jacobian_form(read(record.jacobians[index]), record.expression.shape, variable.shape)
        by_components = differentiate(record.expression, [variable])[variable]
        return PROVED if prove_equal(by_differentials, by_components) else SAMPLED
    except UnsupportedError:
        return SAMPLED


# Points


def _points(record: Record, seed: int) -> Iterator[Point]:
    """Yield points at which the expression and its Jacobians have finite values, at shifted, unequal sizes."""
    nodes = (record.expression, *record.jacobians, *record.variables)
    names = size_names(nodes)
    shift = 0
    for attempt in range(seed, seed + ATTEMPTS):
        positive = attempt - seed - shift >= 2
        point = random_point(nodes, attempt, small_sizes(names, shift), positive)
        if _is_finite(nodes, point):
            shift += 1
            yield point


def _is_finite(nodes: tuple[Node, ...], point: Point) -> bool:
    memo: dict[Node, Array] = {}
    try:
        with np.errstate(all="ignore"):
            return all(bool(np.all(np.isfinite(evaluate(node, point.values, point.sizes, memo=memo)))) for node in nodes)
    except np.linalg.LinAlgError:
        return False


# Every line against the line before


def _check_lines(record: Record, point: Point) -> Iterator[Failure]:
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
                return _gap(self.value(step.after), self.value(step.before).reshape(1, -1, order="F"))
            return _gap(self.value(step.after), self.value(step.before))

    def _read_gap(self, step: Step, along: Callable[[Array], Array]) -> float:
        """Compare what was read off with the line it was read from."""
        assert step.variable is not None
        return _gap(along(self.moved(step.variable)), self.value(step.before, alone=step.variable))


# SymPy's judgement


def _sympy_judges(record: Record, seed: int, failures: list[Failure]) -> str:
    """Compare some columns of each Jacobian with SymPy's entry-by-entry derivative at an exact point."""
    nesting = fold(record.expression, _nesting)
    costly = nesting > 1 or any(isinstance(node, Inverse | Determinant | MatrixPower) for node in postorder(record.expression))
    nodes = (record.expression, *record.jacobians, *record.variables)
    sizes = small_sizes(size_names(nodes), 0, (2,) if costly else (2, 3))
    entries = max((size_value(times(*record.expression.shape, *v.shape), sizes) for v in record.variables), default=0)
    if nesting > MAX_EXACT_NESTING or entries > MAX_EXACT_ENTRIES:
        return f"not asked ({entries} entries, functions nested {nesting} deep: much for it)"
    columns = 1 if costly else EXACT_COLUMNS
    values = _rational_values(nodes, seed, sizes)
    asked = 0
    for variable, jacobian in zip(record.variables, record.jacobians, strict=True):
        for k in _some(size_value(times(*variable.shape), sizes), seed, columns):
            try:
                expected = _sympy_column(record.expression, variable, k, values, sizes)
                found = exact(product(jacobian, basis(times(*variable.shape), k)), values, sizes)
            except NonInvertibleMatrixError:
                return "not asked (a matrix that is inverted is singular at the exact point)"
            gap = _exact_gap(expected, found)
            asked += 1
            if gap:
                failures.append(Failure(f"the Jacobian by {variable.name}", "refuted by SymPy", gap))
    at = ", ".join(f"{name} = {value}" for name, value in sizes.items()) or "its fixed sizes"
    return f"{asked} columns agree at {at}" if not any("SymPy" in f.rule for f in failures) else "disagrees"


def _nesting(node: Node, below: tuple[int, ...]) -> int:
    """Return how many functions stand in functions below a node."""
    return max(below, default=0) + isinstance(node, Elementwise | Softmax | LogSumExp)


def _some(count: int, seed: int, columns: int) -> list[int]:
    """Return a few different columns, the last among them."""
    return sorted({(seed + k * count // columns) % count for k in range(columns)} | {count - 1})[-columns:]


def _rational_values(nodes: tuple[Node, ...], seed: int, sizes: Mapping[str, int]) -> dict[str, sympy.Matrix]:
    """Return values with small denominators for all symbols; positive, so that roots and logarithms are real."""
    point = random_point(nodes, seed, sizes, positive=True)
    return {
        name: sympy.ImmutableDenseMatrix(
            *value.shape, [sympy.Rational(round(12 * float(entry)), 12) for entry in value.ravel()]
        )
        for name, value in point.values.items()
    }


def _sympy_column(
    root: Node, variable: Symbol, k: int, values: Mapping[str, sympy.Matrix], sizes: Mapping[str, int]
) -> sympy.Matrix:
    """Return the derivative of vec F by one entry of X, by SymPy alone."""
    matrix = sympy.Matrix(values[variable.name])
    i, j = k % matrix.rows, k // matrix.rows
    entry, at = sympy.Symbol("entry", real=True), matrix[i, j]
    matrix[i, j] = entry
    symbolic = exact(vec(root), {**values, variable.name: sympy.ImmutableDenseMatrix(matrix)}, sizes)
    return symbolic.jacobian([entry]).subs(entry, at)


def _exact_gap(expected: sympy.Matrix, found: sympy.Matrix) -> float:
    """Return 0 where two exact columns agree: as rational numbers, or to thirty digits."""
    difference = list(expected - found)
    if all(entry.is_Rational for entry in difference):
        return float(max(map(abs, difference)))
    with mpmath.workdps(40):
        values = sympy.lambdify([], [list(expected), list(found)], "mpmath", cse=True)()
        gap = max(abs(left - right) / max(1, abs(left)) for left, right in zip(*values, strict=True))
        return 0.0 if gap < mpmath.mpf("1e-30") else float(gap)
