"""Least squares by numbers: θ that minimises ‖y − Φθ‖², in floating point four ways or exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log10
from typing import Any

import numpy as np

from symjac.errors import DomainError, ShapeError
from symjac.least_squares.exact import solve_exactly
from symjac.least_squares.floating import condition_number, constant_column, solve_normal, solve_orthogonally
from symjac.least_squares.numbers import Floats, Rows, exact, exact_rows, float_rows, floats, nearest
from symjac.least_squares.solution import Solution

METHODS = ("qr", "svd", "normal", "exact")
"""How to solve: by orthogonal factors (two ways), by the normal equations in floats, or in rationals."""

MOST_DIGITS = 16.0
"""What a float can hold."""


@dataclass(frozen=True)
class LeastSquares:
    """The fit of y by Φθ: the coefficients, by position and by name, and what they leave unexplained.

    `exact` holds the coefficients as rationals where the method was exact. Where the columns are dependent, `unique` is
    False and `theta` is the shortest of all minimisers; `standard_errors` are then NaN, as they are without degrees of freedom.
    `condition` is κ₂(Φ), the ratio of the largest to the smallest singular value. `note` says what a reader should know.
    """

    theta: Floats
    names: tuple[str, ...]
    residuals: Floats
    residual_norm: float
    rank: int
    condition: float
    r_squared: float
    degrees_of_freedom: int
    standard_errors: Floats
    unique: bool
    method: str
    note: str
    exact: tuple[Fraction, ...] | None = None

    @property
    def coefficients(self) -> dict[str, float]:
        """The coefficients by name."""
        return dict(zip(self.names, self.theta.tolist(), strict=True))

    @property
    def residual_deviation(self) -> float:
        """The estimated standard deviation of the errors, ‖y − Φθ‖ / √(N − rank)."""
        return self.residual_norm / self.degrees_of_freedom**0.5 if self.degrees_of_freedom else float("nan")

    def text(self) -> str:
        """Return the coefficients with their standard errors, and the summary, as lines."""
        width = max(map(len, self.names))
        rows = [
            f"{name:<{width}}  {value:>22.15g}" + (f"  ± {error:.6g}" if np.isfinite(error) else "")
            for name, value, error in zip(self.names, self.theta, self.standard_errors, strict=True)
        ]
        counts = f"N = {len(self.residuals)}, rank {self.rank} of {len(self.names)}, κ₂(Φ) = {self.condition:.3g}"
        fit = f"‖y − Φθ‖ = {self.residual_norm:.15g}, R² = {self.r_squared:.6f}, method {self.method}"
        return "\n".join([*rows, counts, fit, *([self.note] if self.note else [])])


def least_squares(Phi: Any, y: Any, method: str = "qr", names: Sequence[str] | None = None) -> LeastSquares:
    """Minimise ‖y − Φθ‖² over θ.

    >>> fit = least_squares([[1, 0], [1, 1], [1, 2]], [1, 3, 4], method="exact")
    >>> fit.exact
    (Fraction(7, 6), Fraction(3, 2))
    >>> least_squares([[1, 1], [1, 1]], [1, 3]).note
    'the columns θ1, θ2 are linearly dependent (rank 1 of 2): many minimisers, the shortest is given'

    `Phi` is N × D and `y` has N entries: lists, arrays, or SymPy matrices of numbers. Methods:

    - "qr" (Householder) and "svd" factor Φ itself, after its columns are centred (where one of them is constant) and
      scaled by powers of two;
    - "normal" solves ΦᵀΦθ = Φᵀy in floats. Since κ(ΦᵀΦ) = κ(Φ)², it loses twice the digits that the data themselves put
      at risk: it is here to show that;
    - "exact" solves the normal equations in rationals, where nothing is lost; floats are taken as the binary fractions
      that they are, texts and Decimals as the decimals that they say.

    Where rank Φ < D, "qr" and "svd" give the shortest minimiser and say so; "normal" and "exact" raise DomainError.
    R² is 1 − ‖y − Φθ‖²/‖y − ȳ‖² where Φ has a constant column, else 1 − ‖y − Φθ‖²/‖y‖². Source: Björck, Numerical
    Methods for Least Squares Problems, sections 1.4 and 2.
    """
    if method not in METHODS:
        raise DomainError(f"method={method!r}: method is one of {', '.join(METHODS)}")
    if method == "exact":
        rows, column = exact_rows(Phi, "Phi"), exact_rows(y, "y")
        _check_shapes(len(rows), len(column), len(column[0]))
        return _exact_fit(rows, tuple(row[0] for row in column), _named(names, len(rows[0])))
    matrix, target = float_rows(Phi, "Phi"), float_rows(y, "y")
    _check_shapes(len(matrix), *target.shape)
    return _float_fit(matrix, target[:, 0], method, _named(names, matrix.shape[1]))


def _check_shapes(rows: int, targets: int, width: int) -> None:
    if width != 1:
        raise ShapeError(f"y has to be one column, not {targets} × {width}")
    if rows != targets:
        raise ShapeError(f"Phi has {rows} rows, y has {targets} entries")


def _named(names: Sequence[str] | None, columns: int) -> tuple[str, ...]:
    chosen = tuple(names) if names is not None else tuple(f"θ{j + 1}" for j in range(columns))
    if len(chosen) != columns:
        raise ShapeError(f"{len(chosen)} names for {columns} columns")
    return chosen


def _float_fit(matrix: Floats, target: Floats, method: str, names: tuple[str, ...]) -> LeastSquares:
    orthogonal = solve_orthogonally(matrix, target, "svd" if method == "svd" else "qr")
    found = orthogonal
    condition = float("inf") if orthogonal.dependent else condition_number(matrix)
    note = ""
    if orthogonal.dependent:
        columns = ", ".join(names[j] for j in orthogonal.dependent)
        facts = f"the columns {columns} are linearly dependent (rank {orthogonal.rank} of {len(names)})"
        if method == "normal":
            raise DomainError(f"{facts}: ΦᵀΦ has no inverse; method='svd' gives the shortest minimiser")
        note = f"{facts}: many minimisers, the shortest is given"
    elif method == "normal":
        found = solve_normal(matrix, target)
        note = f"κ(ΦᵀΦ) = κ(Φ)² ≈ {condition**2:.1g}: up to {log10(condition):.0f} digits more at risk than with method='qr'"
    return LeastSquares(
        theta=found.theta,
        names=names,
        residuals=found.residuals,
        residual_norm=float(np.linalg.norm(found.residuals)),
        rank=orthogonal.rank,
        condition=condition,
        r_squared=_r_squared(found.residuals, target, constant_column(matrix) is not None),
        degrees_of_freedom=len(target) - orthogonal.rank,
        standard_errors=_standard_errors(found, len(target) - orthogonal.rank),
        unique=not orthogonal.dependent,
        method=method,
        note=note,
    )


def _exact_fit(matrix: Rows, target: tuple[Fraction, ...], names: tuple[str, ...]) -> LeastSquares:
    solved = solve_exactly(matrix, target, names)
    theta, residuals, spread = solved.theta, solved.residuals, solved.spread
    count, freedom = len(target), len(target) - len(names)
    constant = any(all(row[j] == matrix[0][j] for row in matrix) and matrix[0][j] for j in range(len(names)))
    middle = sum(target) / count if constant else Fraction(0)
    total = sum(((value - middle) ** 2 for value in target), Fraction(0))
    left = sum((residual**2 for residual in residuals), Fraction(0))
    return LeastSquares(
        theta=floats(theta),
        names=names,
        residuals=floats(residuals),
        residual_norm=nearest(left) ** 0.5,
        rank=len(names),
        condition=condition_number(np.array([floats(row) for row in matrix])),
        r_squared=float(1 - left / total) if total else float("nan"),
        degrees_of_freedom=freedom,
        standard_errors=np.sqrt(floats(left / freedom * entry for entry in spread)) if freedom else np.full(len(names), np.nan),
        unique=True,
        method="exact",
        note="",
        exact=theta,
    )


def _r_squared(residuals: Floats, target: Floats, constant: bool) -> float:
    total = float(np.sum((target - target.mean() if constant else target) ** 2))
    return 1 - float(residuals @ residuals) / total if total else float("nan")


def _standard_errors(found: Solution, freedom: int) -> Floats:
    """√(s² diag (ΦᵀΦ)⁻¹) with s² = ‖y − Φθ‖² / (N − D)."""
    if found.dependent or not freedom:
        return np.full(len(found.theta), np.nan)
    return np.asarray(np.linalg.norm(found.residuals) / freedom**0.5 * found.spread)


def digits_kept(theta: Sequence[Any] | Floats, certified: Sequence[Any]) -> float:
    """Return how many decimal digits of the certified values the worst coefficient has: −log₁₀ of its relative error.

    >>> round(digits_kept([1.001, 2.0], [1, "2.00"]), 6)
    3.0

    A certified value given as text is known to half a unit of its last digit: closer than that, nothing is held against
    a coefficient. For a certified 0 the error itself counts. At most 16.
    """
    if len(theta) != len(certified):
        raise ShapeError(f"{len(theta)} coefficients against {len(certified)} certified values")
    return min((_digits(found, value) for found, value in zip(theta, certified, strict=True)), default=MOST_DIGITS)


def _digits(found: Any, certified: Any) -> float:
    value, true = exact(found), exact(certified)
    if value is None or true is None:
        raise DomainError(f"{found!r} and {certified!r} have to be finite numbers")
    error = abs(value - true)
    if error <= _half_a_unit(certified):
        return MOST_DIGITS
    return min(MOST_DIGITS, -log10(error / (abs(true) or 1)))


def _half_a_unit(certified: Any) -> Fraction:
    """Return how far a number written as text may be from what it was rounded from; 0 for numbers."""
    if not isinstance(certified, str):
        return Fraction(0)
    digits, _, exponent = certified.lower().partition("e")
    return Fraction(1, 2) * Fraction(10) ** (int(exponent or 0) - len(digits.strip().partition(".")[2]))
