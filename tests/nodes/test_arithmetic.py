"""Sums, products and powers of scalars: one normal form, shapes checked, and never a different value."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy

from symjac.errors import DomainError, ShapeError
from symjac.nodes.build import (
    add,
    coefficient,
    determinant,
    dimension,
    elementwise,
    hadamard_power,
    identity,
    inverse,
    is_positive,
    let,
    matrix_power,
    norm,
    number,
    ones,
    power,
    product,
    split_scalar,
    subtract,
    symbol,
    transpose,
    unit,
    zero,
)
from symjac.nodes.functions import EXP
from symjac.nodes.node import Node, Product, Sum
from tests.judge import sample

M, N, P = sympy.symbols("M N P", integer=True, positive=True)
A, B, C = symbol("A", M, N), symbol("B", N, P), symbol("C", M, N)
X, S = symbol("X", N, N), symbol("S", N, N)
x, z, y = symbol("x", N), symbol("z", N), symbol("y", M)
c, k = symbol("c"), symbol("k")
p = symbol("p", facts=["positive"])


# Sums


def test_sums_are_flat_in_order_of_first_appearance() -> None:
    total = add(A, add(C, product(2, A)))
    assert isinstance(total, Sum)
    assert total.args == (product(3, A), C)


def test_sums_of_nothing_are_zero() -> None:
    assert subtract(A, A) is zero(M, N)
    assert add(A, zero(M, N)) is A
    assert add(zero(M, N), zero(M, N)) is zero(M, N)


def test_a_number_in_front_of_a_sum_reaches_its_terms() -> None:
    assert add(product(2, add(A, C)), A) is add(product(3, A), product(2, C))


@pytest.mark.parametrize(("left", "right"), [(A, B), (A, transpose(A)), (x, y), (X, x)])
def test_terms_have_one_shape(left: Node, right: Node) -> None:
    with pytest.raises(ShapeError, match="cannot add"):
        add(left, right)


def test_a_number_plus_a_matrix_says_what_to_do() -> None:
    with pytest.raises(ShapeError, match=r"ones\(M, N\)"):
        add(A, c)


# Products


def test_products_are_flat() -> None:
    assert product(A, product(X, B)) is product(product(A, X), B) is product(A, X, B)


def test_numbers_and_scalars_move_to_the_front() -> None:
    node = product(A, 2, c, X, c)
    assert isinstance(node, Product)
    assert node.coefficient == 2
    assert node.bag == ((c, Fraction(2)),)
    assert node.chain == (A, X)


def test_a_row_times_a_column_is_a_scalar() -> None:
    inner = product(transpose(x), z)
    assert inner.is_scalar
    node = product(y, transpose(x), z)
    assert isinstance(node, Product)
    assert node.bag == ((inner, Fraction(1)),)
    assert node.chain == (y,)


def test_scalars_meet_whatever_their_order() -> None:
    assert product(c, k) is product(k, c)
    assert product(transpose(x), z, transpose(x), x) is product(transpose(x), x, transpose(x), z)


def test_identities_vanish_and_zeros_swallow() -> None:
    assert product(identity(M), A, identity(N)) is A
    assert product(identity(N), identity(N)) is identity(N)
    assert product(A, zero(N, P)) is zero(M, P)
    assert product(0, A) is zero(M, N)
    assert product(0, c) is number(0)


def test_a_column_of_ones_times_a_row_of_ones_is_a_matrix_of_ones() -> None:
    assert product(ones(M), ones(1, N)) is ones(M, N)


def test_a_product_of_one_factor_is_the_factor() -> None:
    assert product(1, A) is A
    assert product(1, c) is c
    assert product(c, power(c, -1), A) is A


@pytest.mark.parametrize("factors", [(A, A), (A, C), (x, y), (x, X), (transpose(A), X)])
def test_chains_fit(factors: tuple[Node, ...]) -> None:
    with pytest.raises(ShapeError, match="cannot multiply"):
        product(*factors)


def test_shapes_are_checked_also_beside_a_zero() -> None:
    with pytest.raises(ShapeError):
        product(A, zero(P, N))


def test_coefficient_and_unit_take_a_product_apart() -> None:
    node = product(Fraction(3, 2), c, A)
    assert coefficient(node) == Fraction(3, 2)
    assert unit(node) is product(c, A)
    assert split_scalar(node) == (product(Fraction(3, 2), c), A)


# Scalars


def test_a_root_of_a_square_is_not_the_number() -> None:
    assert power(power(c, 2), Fraction(1, 2)) is not c
    point = sample(c)
    point.values["c"][:] = -3
    assert point.value(power(power(c, 2), Fraction(1, 2))) == 3


def test_a_root_of_a_square_of_a_positive_number_is_the_number() -> None:
    assert power(power(p, 2), Fraction(1, 2)) is p
    assert power(power(norm(A), 2), Fraction(1, 2)) is norm(A)


def test_a_square_of_a_root_is_the_number() -> None:
    assert power(power(c, Fraction(1, 2)), 2) is c


def test_powers_of_one_base_add() -> None:
    assert product(power(c, 3), power(c, -1)) is power(c, 2)
    assert product(c, power(c, -1)) is number(1)


def test_powers_of_numbers() -> None:
    assert power(number(4), Fraction(1, 2)) is number(2)
    assert power(number(Fraction(4, 9)), Fraction(-1, 2)) is number(Fraction(3, 2))
    assert product(power(number(2), Fraction(1, 2)), power(number(2), Fraction(1, 2))) is number(2)
    assert power(number(2), -3) is number(Fraction(1, 8))


def test_a_positive_number_leaves_a_root_and_a_negative_one_stays() -> None:
    assert power(product(4, c), Fraction(1, 2)) is product(2, power(c, Fraction(1, 2)))
    node = power(product(-4, c), Fraction(1, 2))
    point = sample(c)
    point.values["c"][:] = -1
    assert point.value(node) == 2


def test_powers_zero_and_one() -> None:
    assert power(c, 0) is number(1)
    assert power(c, 1) is c
    assert power(number(0), 2) is number(0)


def test_division_by_zero_is_an_error() -> None:
    divisions: list[Callable[[], Node]] = [
        lambda: power(number(0), -1),
        lambda: hadamard_power(zero(M, N), -1),
        lambda: inverse(zero(N, N)),
        lambda: matrix_power(zero(N, N), -2),
    ]
    for wrong in divisions:
        with pytest.raises(DomainError):
            wrong()


def test_a_power_of_a_matrix_says_which_powers_there_are() -> None:
    with pytest.raises(ShapeError, match="hadamard_power"):
        power(A, 2)


@pytest.mark.parametrize(
    "node", [p, norm(A), elementwise(EXP, c), dimension(N), product(2, p), power(c, 2), let("t", p)], ids=repr
)
def test_what_is_known_to_be_positive(node: Node) -> None:
    assert is_positive(node)


@pytest.mark.parametrize("node", [c, product(-1, p), product(c, p), determinant(X), product(transpose(x), z)], ids=repr)
def test_what_is_not_known_to_be_positive(node: Node) -> None:
    assert not is_positive(node)
