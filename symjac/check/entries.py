"""SymPy's judgement: its own entry-by-entry derivative, at an exact point of a small size."""

from __future__ import annotations

from collections.abc import Mapping

import mpmath
import sympy
from sympy.matrices.exceptions import NonInvertibleMatrixError

from symjac.check.report import Failure
from symjac.evaluate import size_value
from symjac.exact import exact
from symjac.nodes.build import basis, product, vec
from symjac.nodes.node import (
    Determinant,
    Elementwise,
    Inverse,
    LogSumExp,
    MatrixPower,
    Node,
    Softmax,
    Symbol,
    fold,
    postorder,
)
from symjac.nodes.sizes import times
from symjac.points import random_point, size_names, small_sizes
from symjac.record import Record

EXACT_COLUMNS = 3
"""By how many entries of a variable SymPy differentiates; the derivatives by the others would cost more of the same."""

MAX_EXACT_NESTING, MAX_EXACT_FUNCTIONS, MAX_EXACT_ENTRIES = 3, 24, 120
"""Beyond so many functions in functions, so many when every name is written out, or so many entries, SymPy's explicit
derivative takes seconds: it is not asked."""


def ask_sympy(record: Record, seed: int, failures: list[Failure]) -> str:
    """Compare some columns of each Jacobian with SymPy's entry-by-entry derivative at an exact point."""
    nesting = fold(record.expression, _nesting)
    costly = nesting > 1 or any(isinstance(node, Inverse | Determinant | MatrixPower) for node in postorder(record.expression))
    nodes = (record.expression, *record.jacobians, *record.variables)
    for choices in ((2,),) if costly else ((2, 3), (2,)):
        sizes = small_sizes(size_names(nodes), 0, choices)
        entries = max(size_value(times(*record.expression.shape, *v.shape), sizes) for v in record.variables)
        if entries <= MAX_EXACT_ENTRIES:
            break
    functions = max(fold(node, _functions) for node in (record.expression, *record.jacobians))
    if nesting > MAX_EXACT_NESTING or functions > MAX_EXACT_FUNCTIONS or entries > MAX_EXACT_ENTRIES:
        return f"not asked ({entries} entries, {functions} functions, nested {nesting} deep: much for it)"
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
    return (
        f"{asked} column{' agrees' if asked == 1 else 's agree'} at {at}"
        if not any("SymPy" in f.rule for f in failures)
        else "disagrees"
    )


def _nesting(node: Node, below: tuple[int, ...]) -> int:
    """Return how many functions stand in functions below a node."""
    return max(below, default=0) + isinstance(node, Elementwise | Softmax | LogSumExp)


def _functions(node: Node, below: tuple[int, ...]) -> int:
    """Return how many functions there are below a node when every name is written out, as SymPy must write it."""
    return sum(below) + isinstance(node, Elementwise | Softmax | LogSumExp | Inverse)


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
