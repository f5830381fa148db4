"""Rebuilding and replacing: from other parts, the same operation in normal form."""

from __future__ import annotations

import numpy as np
import sympy
from hypothesis import HealthCheck, assume, given, settings

from symjac.nodes.build import (
    add,
    hadamard,
    identity,
    kron,
    let,
    number,
    ones,
    power,
    product,
    rebuild,
    replace,
    subtract,
    symbol,
    transpose,
    vec,
    zero,
)
from symjac.nodes.node import Node, Ones, Sum, Zero, postorder
from tests.judge import agree, sample
from tests.strategies import expressions

M, N, P = sympy.symbols("M N P", integer=True, positive=True)
A, B, C = symbol("A", M, N), symbol("B", N, P), symbol("C", M, N)
X, S = symbol("X", N, N), symbol("S", N, N)
x, z, y = symbol("x", N), symbol("z", N), symbol("y", M)
c, k = symbol("c"), symbol("k")
p = symbol("p", facts=["positive"])


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
