"""What a solver hands back."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from symjac.least_squares.numbers import Floats


@dataclass(frozen=True)
class Solution:
    """A minimiser, its residuals, and √ of the diagonal of (ΦᵀΦ)⁻¹; `dependent` are the columns with no unique coefficient."""

    theta: Floats
    residuals: Floats
    rank: int
    spread: Floats
    dependent: tuple[int, ...] = ()


@dataclass(frozen=True)
class ExactSolution:
    """The minimiser, its residuals and the diagonal of (ΦᵀΦ)⁻¹, as rationals."""

    theta: tuple[Fraction, ...]
    residuals: tuple[Fraction, ...]
    spread: tuple[Fraction, ...]
