"""The check of a derivation: a proof by the other road, every line against the line before, and two judges.

The proof compares the Kronecker form with the index form, for all sizes. The judges share nothing with either road:
SymPy's own entry-by-entry `Matrix.jacobian` at a small size, exactly, and numerical derivatives at random points.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from symjac.check.entries import ask_sympy
from symjac.check.lines import check_lines
from symjac.check.report import PROVED, SAMPLED, Failure, Report, relative_gap
from symjac.components import Matrix, Prover, differentiate, jacobian_form, read
from symjac.errors import SymjacError, UnsupportedError
from symjac.evaluate import Array, evaluate
from symjac.nodes.node import Determinant, Inverse, MatrixPower, Node
from symjac.numerical import Estimate, numerical_jacobian
from symjac.points import Point, random_point, size_names, small_sizes
from symjac.record import Record

__all__ = ["Failure", "Report", "check_record"]

ATTEMPTS = 12
"""How many points are tried until one lies in the domain of the expression."""

MAX_CONDITION = 1e8
"""A matrix less well conditioned than this is not inverted at a point: rounding would drown the comparison."""

PROOF_BUDGET = 2000
"""How many terms one proof may make before it counts as not found."""


def check_record(record: Record, points: int = 2, seed: int = 0) -> Report:
    """Check a derivation by every means there is."""
    failures: list[Failure] = []
    proofs = _prove(record)
    gaps: list[float] = [0.0]
    sampled: list[Point] = []
    estimate: Estimate | None = None
    for point in islice(_points(record, seed), points):
        sampled.append(point)
        failures.extend(check_lines(record, point))
        for variable, jacobian in zip(record.variables, record.jacobians, strict=True):
            estimate = numerical_jacobian(record.expression, variable, point)
            gap = relative_gap(evaluate(jacobian, point.values, point.sizes), estimate.value)
            gaps.append(gap)
            if not gap <= estimate.tolerance:
                failures.append(Failure(f"the Jacobian by {variable.name}", f"refuted by {estimate.method}", gap))
    if not sampled:
        raise SymjacError(
            f"no point was found at which {record.name} has a value; declare facts (positive, posdef) if it needs them"
        )
    verdict = ask_sympy(record, seed, failures)
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
