"""Sizes: polynomials that meet however they are written."""

from __future__ import annotations

import pytest
import sympy

from symjac.errors import ShapeError
from symjac.nodes.build import add, kron, product, symbol
from symjac.nodes.sizes import ONE, shape_text, size, size_symbol, times

n, m = size_symbol("n"), size_symbol("m")


def test_equal_polynomials_are_one_size() -> None:
    assert size(n * (m + 1)) == n * m + n
    assert size((n + 1) ** 2) == n**2 + 2 * n + 1
    assert times(n, m + 1) == n * m + n


def test_matrices_of_equal_sizes_meet() -> None:
    A, B = symbol("A", n * (m + 1), 2), symbol("B", 2, n * m + n)
    assert product(B, A).shape == (2, 2)
    assert add(product(A, B), product(A, B)).shape == (n * m + n, n * m + n)


def test_sizes_of_kronecker_products_are_multiplied_out() -> None:
    assert kron(symbol("A", n + 1, 1), symbol("B", n - 1 + 2, 1)).rows == n**2 + 2 * n + 1


def test_one_is_one_object() -> None:
    assert size(1) is ONE
    assert size(sympy.Integer(1)) is ONE
    assert times(ONE, ONE) is ONE


@pytest.mark.parametrize("wrong", [0, -2, sympy.Rational(1, 2), 1 / n, sympy.sqrt(n), 2**n], ids=str)
def test_what_is_no_size(wrong: int | sympy.Expr) -> None:
    with pytest.raises(ShapeError, match="a size is"):
        size(wrong)


def test_a_shape_as_people_write_it() -> None:
    assert shape_text((size(3), n)) == "3 × n"


def test_names_are_positive_integers() -> None:
    assert size_symbol("n") is size_symbol("n")
    assert n.is_positive
    assert n.is_integer
