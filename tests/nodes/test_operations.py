"""The constructors of matrix operations: what cancels, what passes through, which shapes are refused."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy

from symjac.errors import DomainError, ShapeError
from symjac.nodes.build import (
    add,
    basis,
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
    softmax,
    sum_entries,
    symbol,
    trace,
    transpose,
    vec,
    zero,
)
from symjac.nodes.functions import TANH
from symjac.nodes.node import Node
from symjac.nodes.sizes import ONE

M, N, P = sympy.symbols("M N P", integer=True, positive=True)
A, B, C = symbol("A", M, N), symbol("B", N, P), symbol("C", M, N)
X, S = symbol("X", N, N), symbol("S", N, N)
x, z, y = symbol("x", N), symbol("z", N), symbol("y", M)
c, k = symbol("c"), symbol("k")
p = symbol("p", facts=["positive"])


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
