"""The normal equations in rationals: nothing is rounded, so their squared condition number does no harm."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sympy import QQ
from sympy.polys.matrices import DomainMatrix

from symjac.errors import DomainError
from symjac.least_squares.numbers import Rows
from symjac.least_squares.solution import ExactSolution


def solve_exactly(matrix: Rows, target: tuple[Fraction, ...], names: Sequence[str]) -> ExactSolution:
    """Solve ΦᵀΦθ = Φᵀy; raise DomainError, naming the dependent columns, where rank Φ < D."""
    phi, y = _rational(matrix), _rational([(value,) for value in target])
    transposed = phi.transpose()
    gram = transposed * phi
    kernel = gram.nullspace()
    if kernel.shape[0]:
        raise DomainError(_dependence(kernel, names))
    inverse = gram.inv()
    theta = inverse * (transposed * y)
    spread = [[inverse[j, j].element] for j in range(len(names))]
    return ExactSolution(
        *(tuple(_fraction(row[0]) for row in rows) for rows in (theta.to_list(), (y - phi * theta).to_list(), spread))
    )


def _rational(rows: Sequence[Sequence[Fraction]]) -> DomainMatrix:
    entries = [[QQ(entry.numerator, entry.denominator) for entry in row] for row in rows]
    return DomainMatrix(entries, (len(rows), len(rows[0])), QQ)


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.numerator), int(value.denominator))


def _dependence(kernel: DomainMatrix, names: Sequence[str]) -> str:
    rows = kernel.to_list()
    columns = ", ".join(name for j, name in enumerate(names) if any(row[j] for row in rows))
    rank = f"rank {len(names) - len(rows)} of {len(names)}"
    return (
        f"the columns {columns} are linearly dependent ({rank}): ΦᵀΦ has no inverse; method='svd' gives the shortest minimiser"
    )
