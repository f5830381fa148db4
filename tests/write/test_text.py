"""Expressions in Unicode: the same brackets in another alphabet."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings

from symjac.nodes.build import (
    add,
    commutation,
    differential,
    dimension,
    elementwise,
    hadamard_power,
    identity,
    inverse,
    khatri_rao,
    kron,
    norm,
    ones,
    power,
    product,
    subtract,
    symbol,
    transpose,
    vec,
    zero,
)
from symjac.nodes.functions import TANH
from symjac.nodes.node import Node
from symjac.write.text import text
from tests.strategies import LEAVES, M, N
from tests.write.printed import printable, reads_back

A, B, W, X, Z, V, H, x, y, u, r, c, k = LEAVES
d, t = differential, transpose


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (product(-2, t(subtract(y, product(A, x))), A), "−2(y − Ax)ᵀA"),
        (product(add(identity(N**2), commutation(N, N)), kron(identity(N), t(A))), "(I_{N²} + K_NN)(I_N ⊗ Aᵀ)"),
        (product(-1, kron(t(inverse(X)), inverse(X))), "−(X⁻ᵀ ⊗ X⁻¹)"),
        (product(t(x), power(norm(x), -1)), "xᵀ/‖x‖"),
        (product(power(norm(x), -1), subtract(identity(N), product(x, t(x), power(norm(x), -2)))), "(1/‖x‖)(I_N − xxᵀ/‖x‖²)"),
        (add(product(t(d(A)), A), product(t(A), d(A))), "(dA)ᵀA + Aᵀ dA"),
        (product(commutation(M, N), vec(d(A))), "K_MN vec dA"),
        (product(symbol("W1", N, N), x), "W₁x"),
        (product(symbol("loss", N, N), x), "loss x"),
        (elementwise(TANH.derivative, x), "tanh′(x)"),
        (hadamard_power(A, 2), "A^∘2"),
        (hadamard_power(A, -1), "A^∘(−1)"),
        (power(add(c, k), Fraction(1, 2)), "√(c + k)"),
        (product(power(c, Fraction(1, 2)), A), "√c A"),
        (khatri_rao(A, X), "A ∗ X"),
        (ones(M, N), "𝟏_{M×N}"),
        (zero(3, 2), "0_{3×2}"),
        (commutation(2, 3), "K_{2,3}"),
        (identity(3), "I₃"),
        (product(power(dimension(N), -1), k), "k/N"),
        (product(norm(A), y), "‖A‖_F y"),
        (norm(product(norm(x), y)), "‖(‖x‖y)‖"),
    ],
)
def test_prints(node: Node, expected: str) -> None:
    assert text(node) == expected


@given(printable())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_what_is_printed_reads_back(node: Node) -> None:
    assert reads_back(node, "text")
