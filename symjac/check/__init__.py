"""The check of a derivation: a proof by the other road, every line against the line before, and two judges.

The proof compares the Kronecker form with the index form, for all sizes. The judges share nothing with either road:
SymPy's own entry-by-entry `Matrix.jacobian` at a small size, exactly, and numerical derivatives at random points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from symjac.check.entries import ask_sympy
from symjac.check.lines import check_lines
from symjac.check.report import PROVED, SAMPLED, Failure, Report, relative_gap
from symjac.compile import Compiled, compile_record
from symjac.components import Matrix, Prover, differentiate, jacobian_form, read
from symjac.errors import SymjacError, UnsupportedError
from symjac.evaluate import Array, evaluate, size_value
from symjac.layout import Layout
from symjac.nodes.node import Determinant, Inverse, MatrixPower, Node, symbols
from symjac.nodes.sizes import times
from symjac.numerical import Estimate, numerical_jacobian
from symjac.points import Point, random_point, size_names, small_sizes
from symjac.record import Record

__all__ = ["Failure", "Report", "check_record"]

ATTEMPTS = 12
"""How many points are tried until one lies in the domain of the expression."""

MAX_POINT_ENTRIES = 50_000
"""A Jacobian with more entries than this at the smallest sizes is not compared at a point."""

FUNCTION_TOLERANCE = 1e-7
"""How far the NumPy function may be from the plain evaluation: both round, in another order."""

MAX_CONDITION = 1e8
"""A matrix less well conditioned than this is not inverted at a point: rounding would drown the comparison."""

PROOF_BUDGET = 2000
"""How many terms one proof may make before it counts as not found."""


def check_record(record: Record, points: int = 2, seed: int = 0) -> Report:
    """Check a derivation by every means there is."""
    proofs = _prove(record)
    proved = all(status == PROVED for status in proofs.values())
    sampled = list(islice(_points(record, seed), points)) if _is_small(record) else []
    if not sampled and not proved:
        raise SymjacError(
            f"no point was found at which {record.name} has a value; declare facts (positive, posdef) if it needs them, "
            f"and sizes by name: at fixed sizes at most {MAX_POINT_ENTRIES} entries are compared"
        )
    failures: list[Failure] = []
    estimates: list[Estimate] = []
    gaps = [0.0]
    for point in sampled:
        failures.extend(check_lines(record, point))
        for variable, jacobian in zip(record.variables, record.jacobians, strict=True):
            estimate = numerical_jacobian(record.expression, variable, point)
            estimates.append(estimate)
            gaps.append(relative_gap(evaluate(jacobian, point.values, point.sizes), estimate.value))
            if not gaps[-1] <= estimate.tolerance:
                failures.append(Failure(f"the Jacobian by {variable.name}", f"refuted by {estimate.method}", gaps[-1]))
    failures.extend(_check_function(record, sampled))
    return Report(
        proofs,
        len(record.steps) if sampled else 0,
        max(gaps),
        estimates[-1].method if estimates else "not compared: no point, or too many entries",
        tuple(point.sizes for point in sampled),
        tuple(point.seed for point in sampled),
        ask_sympy(record, seed, failures),
        next((estimate.order for estimate in estimates if estimate.order is not None), None),
        tuple(_without_echoes(failures)),
    )


def _is_small(record: Record) -> bool:
    """Whether the Jacobians have few entries at the smallest sizes there are to compare at."""
    sizes = small_sizes(size_names([record.expression, *record.variables]), 0)
    outputs = size_value(times(*record.expression.shape), sizes)
    return outputs * sum(size_value(times(*variable.shape), sizes) for variable in record.variables) <= MAX_POINT_ENTRIES


def _check_function(record: Record, points: Sequence[Point]) -> Iterator[Failure]:
    """Compare the NumPy function that people will call with the plain value of what was derived."""
    arguments = list(dict.fromkeys(node.name for node in symbols([record.expression, *record.variables])))
    try:
        function = compile_record(record, arguments, Layout())
    except UnsupportedError:
        return
    sizes = function.sizes if isinstance(function, Compiled) else ()
    for point in points:
        given = {name: point.values[name] for name in arguments}
        known = {name: point.sizes[name] for name in sizes}
        # Arrays of a few numbers go a way of their own; lists go that of all others.
        calls = function(**given, **known), function(**{name: value.tolist() for name, value in given.items()}, **known)
        expected = np.hstack([evaluate(jacobian, point.values, point.sizes) for jacobian in record.jacobians])
        gap = max(relative_gap(found, expected) for found in calls)
        if not gap <= FUNCTION_TOLERANCE:
            yield Failure("the NumPy function", "its values are not those of the Jacobian", gap)


def _without_echoes(failures: list[Failure]) -> list[Failure]:
    """Keep the first failure of each place: the same one at a second point says nothing new."""
    seen: dict[tuple[str, str], Failure] = {}
    for failure in failures:
        seen.setdefault((failure.where, failure.rule), failure)
    return list(seen.values())


def _prove(record: Record) -> dict[str, str]:
    """Prove each Kronecker form equal to the index form, as far as that comes out."""
    try:
        by_components = differentiate(record.expression, record.variables)
    except UnsupportedError:
        return {variable.name: SAMPLED for variable in record.variables}
    prover, memo, proofs = Prover(PROOF_BUDGET), dict[Node, Matrix](), {}
    for variable, jacobian in zip(record.variables, record.jacobians, strict=True):
        try:
            by_differentials = jacobian_form(read(jacobian, memo=memo), record.expression.shape, variable.shape)
            proofs[variable.name] = PROVED if prover.equal(by_differentials, by_components[variable]) else SAMPLED
        except UnsupportedError:
            proofs[variable.name] = SAMPLED
    return proofs


def _points(record: Record, seed: int) -> Iterator[Point]:
    """Yield points at which the expression and its Jacobians have good values, at shifted, unequal sizes."""
    nodes = (record.expression, *record.jacobians, *record.variables)
    names = size_names(nodes)
    for attempt in range(ATTEMPTS):
        # Logarithms and roots need positive entries: they are tried where free ones have failed.
        point = random_point(nodes, seed + attempt, small_sizes(names, attempt), positive=attempt >= ATTEMPTS // 3)
        if _is_good(nodes, point):
            yield point


def _is_good(nodes: tuple[Node, ...], point: Point) -> bool:
    """Whether all values are finite, and no matrix that is inverted is singular but for rounding."""
    memo: dict[Node, Array] = {}
    try:
        with np.errstate(all="ignore"):
            finite = all(np.all(np.isfinite(evaluate(node, point.values, point.sizes, memo=memo))) for node in nodes)
            inverted = (memo[node.args[0]] for node in memo if isinstance(node, Inverse | MatrixPower | Determinant))
            return finite and all(np.linalg.cond(matrix) < MAX_CONDITION for matrix in inverted)
    except np.linalg.LinAlgError:
        return False
