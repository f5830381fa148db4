"""The constructors: one normal form, shapes checked, and never a different value."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import HealthCheck, assume, given, settings

from symjac.errors import DomainError, ShapeError
from symjac.nodes.build import (
    add,
    basis,
    coefficient,
    commutation,
    determinant,
    diag,
    diagonal,
    dimension,
    elementwise,
    hadamard,
    hadamard_power,
    identity,
    inverse,
    is_positive,
    is_symmetric,
    khatri_rao,
    kron,
    let,
    logsumexp,
    matrix_power,
    norm,
    number,
    ones,
    power,
    product,
    rebuild,
    replace,
    softmax,
    split_scalar,
    subtract,
    sum_entries,
    symbol,
    trace,
    transpose,
    unit,
    vec,
    zero,
)
from symjac.nodes.functions import EXP, TANH
from symjac.nodes.node import Node, Ones, Product, Sum, Zero, postorder
from symjac.nodes.sizes import ONE
from tests.judge import agree, sample
from tests.strategies import expressions

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


# Transposes, inverses, powers


def test_transposes_cancel() -> None:
    assert transpose(transpose(A)) is A
    assert transpose(c) is c
    assert transpose(zero(M, N)) is zero(N, M)
    assert transpose(ones(M, N)) is ones(N, M)
    assert transpose(identity(N)) is identity(N)
    assert transpose(diag(x)) is diag(x)
    assert transpose(commutation(M, N)) is commutation(N, M)
    assert transpose(product(2, c, A)) is product(2, c, transpose(A))


def test_a_symmetric_fact_does_not_swallow_the_transpose() -> None:
    """d(Hᵀ) is (dH)ᵀ also at a symmetric H, so the constructor keeps it."""
    H = symbol("H", N, N, ["symmetric"])
    assert transpose(H) is not H


def test_symmetry_by_form() -> None:
    assert is_symmetric(add(identity(N), diag(x)))
    assert is_symmetric(kron(identity(M), diag(x)))
    assert not is_symmetric(X)
    assert not is_symmetric(add(X, diag(x)))
    assert not is_symmetric(ones(M, N))


def test_symmetry_of_a_deep_expression_is_found_without_recursion() -> None:
    node = diag(x)
    for i in range(600):
        node = add(let(f"t{i}", node), elementwise(TANH, node))
    assert is_symmetric(node)


def test_inverses_cancel() -> None:
    assert inverse(inverse(X)) is X
    assert inverse(identity(N)) is identity(N)
    assert inverse(c) is power(c, -1)
    assert inverse(product(2, X)) is product(Fraction(1, 2), inverse(X))
    assert inverse(transpose(X)) is transpose(inverse(X))
    assert inverse(commutation(M, N)) is commutation(N, M)


def test_matrix_powers() -> None:
    assert matrix_power(X, 0) is identity(N)
    assert matrix_power(X, 1) is X
    assert matrix_power(X, -1) is inverse(X)
    assert matrix_power(matrix_power(X, 2), 3) is matrix_power(X, 6)
    assert matrix_power(inverse(X), 2) is matrix_power(X, -2)
    assert matrix_power(product(2, X), 3) is product(8, matrix_power(X, 3))
    assert inverse(matrix_power(X, 2)) is matrix_power(X, -2)


@pytest.mark.parametrize("operation", [inverse, trace, determinant, diagonal, lambda node: matrix_power(node, 2)])
def test_square_matrices_only(operation: Callable[[Node], Node]) -> None:
    with pytest.raises(ShapeError, match="square"):
        operation(A)


# Entry by entry


def test_entrywise_products_are_flat_and_scalars_leave() -> None:
    assert hadamard(A, hadamard(C, A)) is hadamard(hadamard(A, C), A)
    assert hadamard(product(2, A), product(c, C)) is product(2, c, hadamard(A, C))
    assert hadamard(A, ones(M, N)) is A
    assert hadamard(A, zero(M, N)) is zero(M, N)
    assert hadamard(c, k) is product(c, k)
    with pytest.raises(ShapeError, match="one shape"):
        hadamard(A, B)


def test_entrywise_powers() -> None:
    assert hadamard_power(A, 0) is ones(M, N)
    assert hadamard_power(A, 1) is A
    assert hadamard_power(hadamard_power(A, 2), 3) is hadamard_power(A, 6)
    assert hadamard_power(hadamard_power(A, 2), Fraction(1, 2)) is not A
    assert hadamard_power(product(2, A), 2) is product(4, hadamard_power(A, 2))
    assert hadamard_power(c, 2) is power(c, 2)


# Kronecker products, vec, diag


def test_kronecker_products() -> None:
    assert kron(A, kron(B, C)) is kron(kron(A, B), C)
    assert kron(identity(M), identity(N)) is identity(M * N)
    assert kron(ones(M), ones(N)) is ones(M * N)
    assert kron(c, A) is product(c, A)
    assert kron(A, zero(N, P)) is zero(M * N, N * P)
    assert kron(A, B).shape == (M * N, N * P)


def test_khatri_rao_products() -> None:
    assert khatri_rao(A, X).shape == (M * N, N)
    assert khatri_rao(x, z) is kron(x, z)
    assert khatri_rao(product(2, A), X) is product(2, khatri_rao(A, X))
    with pytest.raises(ShapeError, match="columns"):
        khatri_rao(A, B)


def test_commutation_matrices() -> None:
    assert commutation(M, 1) is identity(M)
    assert commutation(M, N).shape == (M * N, M * N)


def test_vec() -> None:
    assert vec(x) is x
    assert vec(transpose(x)) is x
    assert vec(c) is c
    assert vec(ones(M, N)) is ones(M * N)
    assert vec(product(2, c, A)) is product(2, c, vec(A))
    assert vec(A).shape == (M * N, ONE)


def test_diagonals() -> None:
    assert diag(ones(N)) is identity(N)
    assert diagonal(diag(x)) is x
    assert diagonal(identity(N)) is ones(N)
    assert diag(transpose(x)) is diag(x)
    with pytest.raises(ShapeError, match="from a vector"):
        diag(A)


def test_traces() -> None:
    assert trace(identity(N)) is dimension(N)
    assert trace(ones(N, N)) is dimension(N)
    assert trace(product(x, transpose(z))) is product(transpose(z), x)
    assert trace(c) is c
    assert trace(zero(N, N)) is number(0)


def test_other_constants() -> None:
    assert determinant(identity(N)) is number(1)
    assert determinant(c) is c
    assert norm(zero(M, N)) is number(0)
    assert sum_entries(A) is product(ones(1, M), A, ones(N))
    assert softmax(c) is number(1)
    assert logsumexp(c) is c
    assert dimension(5) is number(5)
    with pytest.raises(ShapeError, match="vector"):
        softmax(A)
    with pytest.raises(ShapeError, match="vector"):
        logsumexp(A)


def test_basis_vectors() -> None:
    assert basis(1, 0) is number(1)
    assert basis(N, 2).shape == (N, ONE)
    with pytest.raises(ShapeError, match="no entry 3"):
        basis(3, 3)


def test_sizes_of_one_make_scalars() -> None:
    assert identity(1) is number(1)
    assert ones(1, 1) is number(1)
    assert symbol("t", 1, 1).is_scalar


# Facts


def test_facts_follow_from_facts() -> None:
    assert symbol("G", N, N, ["posdef"]).facts == {"posdef", "symmetric", "invertible"}
    assert symbol("D", N, N, ["diagonal"]).facts == {"diagonal", "symmetric"}


def test_facts_are_checked() -> None:
    with pytest.raises(ShapeError, match="only a square matrix"):
        symbol("A", M, N, ["symmetric"])
    with pytest.raises(DomainError, match="unknown fact"):
        symbol("A", N, N, ["orthogonal"])


# Rebuilding


def test_replacing_rebuilds_in_normal_form() -> None:
    assert replace(product(A, X, B), {X: identity(N)}) is product(A, B)
    assert replace(add(A, C), {C: product(-1, A)}) is zero(M, N)
    assert replace(product(power(c, 3), A), {c: number(2)}) is product(8, A)


def test_replacing_does_not_enter_what_is_named() -> None:
    t = let("t", product(A, x))
    assert replace(add(t, y), {x: z}) is add(t, y)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(expressions(3))
def test_rebuilding_from_the_same_parts_changes_nothing(root: Node) -> None:
    for node in postorder(root):
        if node.args:
            shaken = rebuild(node, tuple(reversed(node.args))) if isinstance(node, Sum) else rebuild(node, node.args)
            assert set(shaken.args) == set(node.args)


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(expressions(2), expressions(2))
def test_constructors_keep_values(left: Node, right: Node) -> None:
    """Sums, products and Kronecker products of anything have the value that NumPy gives their parts."""
    try:
        point = sample(left, right)
        values = point.value(left), point.value(right)
        assume(all(np.all(np.isfinite(value)) for value in values))
        assert agree(point.value(kron(left, right)), np.kron(*values))
        assert agree(point.value(vec(left)), values[0].reshape(-1, 1, order="F"))
        assert agree(point.value(transpose(left)), values[0].T)
        if left.shape == right.shape:
            assert agree(point.value(subtract(left, right)), values[0] - values[1])
            assert agree(point.value(hadamard(left, right)), values[0] * values[1])
        if left.cols == right.rows:
            assert agree(point.value(product(left, right)), values[0] @ values[1])
    except np.linalg.LinAlgError:
        assume(False)


def test_zeros_and_ones_know_their_shapes() -> None:
    assert isinstance(zero(2, 3), Zero)
    assert isinstance(ones(2, 3), Ones)
    assert zero(2, 3).shape == (2, 3)
