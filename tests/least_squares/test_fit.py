"""Fits by numbers: digits on certified tables, rank, and what is refused."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy

from symjac.errors import DomainError, ShapeError
from symjac.least_squares import METHODS, digits_kept, least_squares

ORTHOGONAL = ("qr", "svd")


@pytest.fixture
def problem():
    rng = np.random.default_rng(7)
    return rng.normal(size=(9, 3)), rng.normal(size=9)


@pytest.mark.parametrize("method", METHODS)
def test_all_methods_agree_with_numpy(method, problem):
    matrix, y = problem
    fit = least_squares(matrix, y, method)
    theta, _, rank, values = np.linalg.lstsq(matrix, y, rcond=None)
    np.testing.assert_allclose(fit.theta, theta, rtol=1e-12)
    np.testing.assert_allclose(fit.residuals, y - matrix @ theta, atol=1e-12)
    assert (fit.rank, fit.unique, fit.degrees_of_freedom) == (rank, True, 6)
    assert fit.condition == pytest.approx(values[0] / values[-1])
    assert fit.r_squared == pytest.approx(1 - np.sum(fit.residuals**2) / np.sum(y**2))
    errors = np.sqrt(np.sum(fit.residuals**2) / 6 * np.diag(np.linalg.inv(matrix.T @ matrix)))
    np.testing.assert_allclose(fit.standard_errors, errors, rtol=1e-10)


@pytest.mark.parametrize("method", METHODS)
def test_a_constant_column_anywhere(method, problem):
    matrix, y = problem
    matrix = np.column_stack([matrix[:, 0] + 1000, np.full(9, -4.0), matrix[:, 1]])
    fit = least_squares(matrix, y, method)
    np.testing.assert_allclose(fit.theta, np.linalg.lstsq(matrix, y, rcond=None)[0], rtol=1e-8)
    assert fit.r_squared == pytest.approx(1 - np.sum(fit.residuals**2) / np.sum((y - y.mean()) ** 2))
    errors = fit.residual_deviation * np.sqrt(np.diag(np.linalg.inv(matrix.T @ matrix)))
    np.testing.assert_allclose(fit.standard_errors, errors, rtol=1e-6)


def test_exact_is_exact():
    fit = least_squares([["0.1", 1], [Fraction(1, 3), 1], [Decimal("0.7"), 1]], [1, 2, 4], method="exact")
    a, b = fit.exact
    rows = [(Fraction(1, 10), 1), (Fraction(1, 3), 2), (Fraction(7, 10), 4)]
    assert sum((y - a * x - b) * x for x, y in rows) == 0 == sum(y - a * x - b for x, y in rows)
    assert fit.theta[0] == float(a)


def test_a_float_is_the_binary_fraction_that_it_is():
    assert least_squares([[0.1]], [1], method="exact").exact == (1 / Fraction(0.1),)
    assert least_squares([["0.1"]], [1], method="exact").exact == (10,)


def test_sympy_matrices():
    fit = least_squares(sympy.Matrix([[1, 0], [1, sympy.Rational(1, 2)], [1, 1]]), sympy.Matrix([0, 1, 2]), method="exact")
    assert fit.exact == (0, 2)
    assert fit.r_squared == 1.0


@pytest.mark.parametrize("method", ORTHOGONAL)
def test_dependent_columns_give_the_shortest_minimiser(method):
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 8))
    matrix = np.column_stack([np.ones(8), a, 3 - 2 * a, b])
    y = rng.normal(size=8)
    fit = least_squares(matrix, y, method, names=["one", "a", "c", "b"])
    assert (fit.rank, fit.unique) == (3, False)
    np.testing.assert_allclose(fit.theta, np.linalg.pinv(matrix) @ y, rtol=1e-10)
    np.testing.assert_allclose(fit.residuals, y - matrix @ fit.theta, atol=1e-12)
    assert "one, a, c are" in fit.note
    assert np.isnan(fit.standard_errors).all()


@pytest.mark.parametrize(("method", "columns"), [("normal", "θ1, θ2"), ("exact", "θ1, θ2")])
def test_dependent_columns_have_no_normal_inverse(method, columns):
    with pytest.raises(DomainError, match=rf"columns {columns} are .* \(rank 2 of 3\)"):
        least_squares([[1, 2, 0], [2, 4, 1], [3, 6, 5], [4, 8, 1]], [1, 2, 3, 5], method)


@pytest.mark.parametrize("method", ORTHOGONAL)
def test_noise_is_not_rank(method):
    """A column that varies by rounding errors alone is constant, and 0.1·k depends on k in spite of them."""
    k = np.arange(1950.0, 1960.0)
    matrix = np.column_stack([np.ones(10), k, k * 0.1])
    assert least_squares(matrix, k**2, method).rank == 2
    wobbly = np.full(10, 0.3)
    wobbly[::2] = 0.1 + 0.2
    assert least_squares(np.column_stack([np.ones(10), wobbly]), k, method).rank == 1


def test_scale_does_not_decide_rank(problem):
    matrix, y = problem
    scale = np.array([1e-12, 1.0, 1e12])
    fit = least_squares(matrix * scale, y)
    np.testing.assert_allclose(fit.theta * scale, least_squares(matrix, y).theta, rtol=1e-10)
    assert fit.rank == 3


def test_more_columns_than_rows():
    fit = least_squares([[1.0, 2.0, 2.0]], [9.0])
    np.testing.assert_allclose(fit.theta, [1, 2, 2])
    assert (fit.unique, fit.rank) == (False, 1)


def test_zeros():
    fit = least_squares(np.zeros((3, 2)), [1.0, 2.0, 3.0])
    assert fit.rank == 0
    assert not fit.theta.any()


def test_no_degrees_of_freedom():
    for method in METHODS:
        fit = least_squares([[1, 0], [1, 1]], [1, 3], method)
        np.testing.assert_allclose(fit.theta, [1, 2], atol=1e-12)
        assert fit.degrees_of_freedom == 0
        assert np.isnan(fit.standard_errors).all()


@pytest.mark.parametrize(
    ("Phi", "y", "method", "error", "message"),
    [
        ([[1, 2], [3]], [1, 2], "qr", ShapeError, "row 2 of Phi has 1 entries"),
        ([[1], [2]], [1, 2, 3], "qr", ShapeError, "Phi has 2 rows, y has 3"),
        ([[1], [2]], [[1, 2], [3, 4]], "exact", ShapeError, "one column"),
        ([[1.0], [float("nan")]], [1, 2], "qr", DomainError, "row 2, column 1"),
        (np.array([[1.0], [np.inf]]), [1, 2], "svd", DomainError, "row 2, column 1: inf"),
        ([[1], ["n/a"]], [1, 2], "exact", DomainError, "'n/a' is not a finite real"),
        ([[1], [2j]], [1, 2], "qr", DomainError, "complex"),
        ([[1], ["1e400"]], [1, 2], "qr", DomainError, "beyond floating point"),
        ([], [], "qr", ShapeError, "Phi is empty"),
        ([[1], [2]], [1, 2], "lu", DomainError, "method is one of"),
        ("1 2", [1, 2], "qr", DomainError, "table of numbers"),
    ],
)
def test_what_is_refused(Phi, y, method, error, message):
    with pytest.raises(error, match=message):
        least_squares(Phi, y, method)


def test_names_are_counted():
    with pytest.raises(ShapeError, match="3 names for 1 columns"):
        least_squares([[1], [2]], [1, 2], names=["a", "b", "c"])


def test_digits_kept():
    assert digits_kept([1.1], [1]) == pytest.approx(1)
    assert digits_kept([2.0004, 5], ["2.000", 5]) == 16
    assert digits_kept([2.0006, 5], ["2.000", 5]) == pytest.approx(3.52, abs=0.01)
    assert digits_kept([1e-5], [0]) == pytest.approx(5)
    assert digits_kept(["1.25e3"], ["1.250e3"]) == 16
    with pytest.raises(ShapeError):
        digits_kept([1], [1, 2])
    with pytest.raises(DomainError):
        digits_kept([float("nan")], [1])


def test_text_says_what_was_found():
    told = least_squares([[1, 1], [1, 1]], [1, 3], names=["a", "b"]).text()
    assert told.startswith("a")
    assert "rank 1 of 2" in told
