"""One term of the claim lacks a scalar that the truth has there, as 1/‖x‖² in front of xxᵀ."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from symjac.diagnose.bench import TOLERANCE, Bench, close
from symjac.diagnose.case import Diagnosis
from symjac.diagnose.factors import POWERS, exponent_of_scalar, power_text, scalar_values, scalars_of, simple_fraction
from symjac.diagnose.layouts import under
from symjac.diagnose.nonlinear import composes
from symjac.diagnose.terms import expanded, term_values
from symjac.diagnose.words import shown
from symjac.evaluate import Array
from symjac.nodes.node import Node


def lost_scalar(bench: Bench) -> tuple[Diagnosis, ...]:
    """Return the term of the truth that the claim has without one of its scalars."""
    for convention in bench.spoken if bench.case.claim is not None else ():
        node = bench.case.conventions[convention].node
        terms = expanded(node) if node is not None else ()
        found = _lost(bench, terms) if len(terms) > 1 else None
        if found is not None:
            term, scalar, power = found
            left = exponent_of_scalar(term, scalar) - power
            kind = "exponent" if left else "chain rule" if composes(bench.case) else "factor"
            sentence = f"The term {shown(term)} stands there without its factor {power_text(scalar, power)}"
            return (Diagnosis(kind, f"{sentence}{under(bench, convention)}."),)
    return ()


def _lost(bench: Bench, terms: Sequence[Node]) -> tuple[Node, Node, int] | None:
    rows = [_numbers(bench, terms, point) for point in bench.general]
    if any(row is None for row in rows):
        return None
    numbers = np.array([row for row in rows if row is not None])
    wrong = [k for k in range(len(terms)) if np.abs(numbers[:, k] - 1).max() > TOLERANCE * 100]
    if len(wrong) != 1 or not numbers[:, wrong[0]].all():
        return None
    ratios = 1 / numbers[:, wrong[0]]
    points = [bench.points[p] for p in bench.general]
    for scalar in scalars_of((terms[wrong[0]], bench.case.f)):
        values = scalar_values(scalar, points)
        if values is None or not all(values):
            continue
        for power in POWERS:
            if simple_fraction([float(r) / v**power for r, v in zip(ratios, values, strict=True)]) == Fraction(1):
                return terms[wrong[0]], scalar, power
    return None


def _numbers(bench: Bench, terms: Sequence[Node], point: int) -> Array | None:
    """Return with which numbers the terms add up to the claim at one point, where they are determined."""
    claim, values = bench.claim(point), term_values(bench, terms, point)
    if claim is None or values is None or claim.size <= len(terms):
        return None
    matrix = np.column_stack([value.ravel() for value in values])
    if matrix.shape[0] != claim.size or not (np.isfinite(matrix).all() and np.isfinite(claim).all()):
        return None
    solution, _, rank, _ = np.linalg.lstsq(matrix, claim.ravel(), rcond=None)
    return np.asarray(solution) if rank == len(terms) and close(matrix @ solution, claim.ravel()) else None
