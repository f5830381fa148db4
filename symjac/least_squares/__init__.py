"""Least squares: the normal equations derived, and solved exactly or in floating point."""

from symjac.least_squares.fit import METHODS, LeastSquares, digits_kept, least_squares
from symjac.least_squares.normal import Line, NormalEquations, normal_equations
from symjac.least_squares.table import least_squares_from_csv, least_squares_from_table

__all__ = [
    "METHODS",
    "LeastSquares",
    "Line",
    "NormalEquations",
    "digits_kept",
    "least_squares",
    "least_squares_from_csv",
    "least_squares_from_table",
    "normal_equations",
]
