"""Equality for all sizes: what is true is proved, what is false is not."""

from __future__ import annotations

import time

import numpy as np
import pytest

from symjac.components import Prover, differentiate, jacobian_form, prove_equal, read
from symjac.components.algebra import scale
from symjac.derive import derive
from symjac.errors import ShapeError
from symjac.evaluate import evaluate
from symjac.nodes import build as b
from symjac.nodes.functions import COS, EXP, LOG, RELU, SIGMOID, SIN, SOFTPLUS, TANH
from symjac.nodes.node import Node, symbols
from symjac.nodes.sizes import times
from tests.components.expressions import (
    EXPRESSIONS,
    HALF,
    SIZES,
    A,
    B,
    C,
    D,
    M,
    N,
    S,
    X,
    Y,
    Z,
    a,
    c,
    f,
    h,
    k,
    mul,
    point,
    t,
    x,
    y,
)
from tests.components.test_derivative import network

ID = b.identity(N)
inv = b.inverse
SHORT = b.power(b.norm(x), -1)


def s(*terms: Node) -> Node:
    return b.add(*terms)


def m(node: Node) -> Node:
    return mul(-1, node)


def sg(node: Node) -> Node:
    return f(SIGMOID, node)


def th(node: Node) -> Node:
    return f(TANH, node)


one = b.ones(N)
u = s(x, y)
W = b.symbol("W", M, M)
IM = b.identity(M)
HAT = mul(A, inv(mul(t(A), A)), t(A))
TRUE: dict[str, tuple[Node, Node]] = {
    "projector idempotent": (mul(HAT, HAT), HAT),
    "push through": (mul(inv(s(IM, mul(A, t(C)))), A), mul(A, inv(s(ID, mul(t(C), A))))),
    "woodbury": (inv(s(X, mul(t(A), W, C))), s(inv(X), m(mul(inv(X), t(A), inv(s(inv(W), mul(C, inv(X), t(A)))), C, inv(X))))),
    "sherman": (
        inv(s(X, mul(x, t(y)))),
        s(inv(X), m(mul(b.power(s(b.number(1), mul(t(y), inv(X), x)), -1), inv(X), x, t(y), inv(X)))),
    ),
    "ridge": (mul(inv(s(mul(t(A), A), mul(c, ID))), t(A)), mul(t(A), inv(s(mul(A, t(A)), mul(c, IM))))),
    "inverse difference": (s(inv(X), m(inv(Y))), mul(inv(X), s(Y, m(X)), inv(Y))),
    "parallel": (inv(s(inv(X), inv(Y))), mul(X, inv(s(X, Y)), Y)),
    "parallel2": (inv(s(inv(X), inv(Y))), mul(Y, inv(s(X, Y)), X)),
    "cayley": (mul(inv(s(ID, X)), s(ID, m(X))), mul(s(ID, m(X)), inv(s(ID, X)))),
    "I-(I+X)^-1": (s(ID, m(inv(s(ID, X)))), mul(inv(s(ID, X)), X)),
    "inverse prod": (inv(mul(X, Y)), mul(inv(Y), inv(X))),
    "inverse kron": (inv(b.kron(X, W)), b.kron(inv(X), inv(W))),
    "det product": (b.determinant(mul(X, Y)), b.determinant(mul(Y, X))),
    "det kron": (b.determinant(b.kron(X, W)), b.determinant(b.kron(W, X))),
    "det inv": (b.determinant(inv(X)), b.power(b.determinant(X), -1)),
    "tanh odd": (th(m(X)), m(th(X))),
    "tanh'": (f(TANH.derivative, X), s(b.ones(N, N), m(b.hadamard_power(th(X), 2)))),
    "tanh''": (f(TANH.derivative.derivative, X), mul(-2, b.hadamard(th(X), f(TANH.derivative, X)))),
    "sigmoid'": (f(SIGMOID.derivative, x), b.hadamard(sg(x), s(one, m(sg(x))))),
    "sigmoid''": (f(SIGMOID.derivative.derivative, x), b.hadamard(f(SIGMOID.derivative, x), s(one, mul(-2, sg(x))))),
    "sigmoid exp": (sg(u), b.hadamard_power(s(one, f(EXP, m(u))), -1)),
    "sigmoid exp2": (sg(x), b.hadamard(f(EXP, x), b.hadamard_power(s(one, f(EXP, x)), -1))),
    "sigmoid' exp": (f(SIGMOID.derivative, x), b.hadamard(f(EXP, m(x)), b.hadamard_power(s(one, f(EXP, m(x))), -2))),
    "sigmoid minus": (sg(m(x)), s(one, m(sg(x)))),
    "softplus'": (f(SOFTPLUS.derivative, u), sg(u)),
    "relu' relu": (b.hadamard(f(RELU.derivative, X), f(RELU, X)), f(RELU, X)),
    "sin2cos2": (s(b.hadamard_power(f(SIN, X), 2), b.hadamard_power(f(COS, X), 2)), b.ones(N, N)),
    "exp exp": (b.hadamard(f(EXP, x), f(EXP, y)), f(EXP, u)),
    "softmax": (b.softmax(x), mul(b.power(b.sum_entries(f(EXP, x)), -1), f(EXP, x))),
    "softmax sums": (b.sum_entries(b.softmax(mul(X, x))), b.number(1)),
    "softmax shift": (b.softmax(s(x, mul(c, one))), b.softmax(x)),
    "log softmax": (f(LOG, b.softmax(x)), s(x, m(mul(b.logsumexp(x), one)))),
    "norm": (b.power(b.norm(s(a, m(mul(A, x)))), 2), mul(t(s(a, m(mul(A, x)))), s(a, m(mul(A, x))))),
    "frob": (b.power(b.norm(A), 2), b.trace(mul(t(A), A))),
    "norm deriv": (
        s(mul(b.power(b.norm(x), -1), ID), mul(-1, b.power(b.norm(x), -3), x, t(x))),
        mul(b.power(b.norm(x), -1), s(ID, mul(-1, b.power(b.norm(x), -2), x, t(x)))),
    ),
    "fractions": (s(mul(c, b.power(s(c, k), -1)), mul(k, b.power(s(c, k), -1))), b.number(1)),
    "entry fractions": (b.hadamard(x, b.hadamard_power(u, -1)), s(one, m(b.hadamard(y, b.hadamard_power(u, -1))))),
    "trace cyc": (b.trace(mul(X, Y, Z)), b.trace(mul(Z, X, Y))),
    "vec": (b.vec(mul(A, X, B)), mul(b.kron(t(B), A), b.vec(X))),
    "K": (mul(b.commutation(M, N), b.commutation(N, M)), b.identity(times(M, N))),
    "K kron": (mul(b.commutation(M, N), b.kron(X, W)), mul(b.kron(W, X), b.commutation(M, N))),
    "sym": (mul(t(x), S, y), mul(t(y), S, x)),
    "sym inv": (mul(t(x), inv(S), y), mul(t(y), inv(S), x)),
    "sym sum inv": (mul(t(x), inv(s(S, mul(c, ID))), y), mul(t(y), inv(s(S, mul(c, ID))), x)),
    "det sym": (b.determinant(X), b.determinant(t(X))),
    "det scale": (b.determinant(mul(-3, b.symbol("E", 3, 3))), mul(-27, b.determinant(b.symbol("E", 3, 3)))),
    "diag comm": (mul(b.diag(x), b.diag(y)), b.diag(b.hadamard(x, y))),
    "diag fact": (mul(D, b.diag(y)), mul(b.diag(y), D)),
    "sqrt": (b.power(mul(t(x), x), HALF), b.norm(x)),
    "number roots": (mul(b.power(b.number(8), HALF), b.power(b.number(2), HALF)), b.number(4)),
    "minv of XXt": (inv(mul(X, t(X))), mul(t(inv(X)), inv(X))),
    "matrix power": (b.matrix_power(s(X, Y), 2), s(mul(X, X), mul(X, Y), mul(Y, X), mul(Y, Y))),
    "let inlined": (mul(t(h), h), b.power(b.norm(th(s(mul(A, x), a))), 2)),
    "X and its inverse": (mul(X, inv(X)), ID),
    "centred": (mul(s(ID, mul(b.power(b.dimension(N), -1), b.ones(N, N))), one), mul(2, one)),
}
FALSE: dict[str, tuple[Node, Node]] = {
    "XY": (mul(X, Y), mul(Y, X)),
    "root of square": (b.power(b.power(c, 2), HALF), mul(-1, c)),
    "A(AtA)At=I": (mul(A, inv(mul(t(A), A)), t(A)), IM),
    "inv sum": (inv(s(X, Y)), s(inv(X), inv(Y))),
    "tanh' wrong": (f(TANH.derivative, X), s(b.ones(N, N), b.hadamard_power(th(X), 2))),
    "relu": (f(RELU.derivative, X), b.ones(N, N)),
    "push wrong": (mul(inv(s(IM, mul(A, t(C)))), A), mul(A, inv(s(ID, mul(t(A), C))))),
    "softmax prod": (b.softmax(s(x, y)), b.hadamard(b.softmax(x), b.softmax(y))),
    "trace": (b.trace(mul(X, Y, Z)), b.trace(mul(Y, X, Z))),
    "cyc": (b.determinant(s(X, Y)), s(b.determinant(X), b.determinant(Y))),
    "abs relu": (s(f(RELU, X), f(RELU, m(X))), X),
}


@pytest.mark.parametrize("name", TRUE)
def test_what_is_true_is_proved(name: str) -> None:
    left, right = TRUE[name]
    assert holds_at_a_point(left, right)
    assert prove_equal(read(left), read(right))


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_is_not_proved(name: str) -> None:
    left, right = FALSE[name]
    assert not holds_at_a_point(left, right)
    assert not prove_equal(read(left), read(right))


def holds_at_a_point(left: Node, right: Node) -> bool:
    values = {**point(left), **point(right)}
    return bool(np.allclose(evaluate(left, values, SIZES), evaluate(right, values, SIZES)))


OUT_OF_REACH = {("power 11", "X"), ("power 11", "Y"), ("crossed axes", "A")}
"""Two thousand words in X and Y; an axis of MN that meets one of NM."""


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_both_roads_meet(name: str) -> None:
    node = EXPRESSIONS[name]
    for symbol in symbols([node]):
        if (name, symbol.name) in OUT_OF_REACH:
            continue
        (jacobian,) = derive(node, [symbol]).jacobians
        by_differentials = jacobian_form(read(jacobian), node.shape, symbol.shape)
        by_components = differentiate(node, [symbol])[symbol]
        assert prove_equal(by_differentials, by_components), symbol.name
        if not by_components.is_zero:
            assert not prove_equal(by_differentials, scale(-1, by_components)), symbol.name


@pytest.mark.parametrize("residual", [False, True])
def test_both_roads_meet_in_deep_networks(residual: bool) -> None:
    node, variables = network(24, residual)
    record, found = derive(node, variables), differentiate(node, variables)
    prover, memo = Prover(), {}  # type: ignore[var-annotated]
    start = time.perf_counter()
    for symbol, jacobian in zip(variables, record.jacobians, strict=True):
        assert prover.equal(jacobian_form(read(jacobian, memo=memo), node.shape, symbol.shape), found[symbol])
    assert time.perf_counter() - start < 10


def test_forms_of_different_size_cannot_be_compared() -> None:
    with pytest.raises(ShapeError):
        prove_equal(read(A), read(X))


def test_a_budget_ends_a_proof() -> None:
    left = b.matrix_power(b.add(X, Y), 8)
    right = mul(*[b.add(Y, X)] * 4, b.matrix_power(b.add(X, mul(2, Y), mul(-1, Y)), 4), b.identity(N))
    assert prove_equal(read(left), read(right))
    assert not prove_equal(read(left), read(b.add(right, Z)), budget=100)


def test_small_equalities_take_milliseconds() -> None:
    left, right = TRUE["vec"]
    prove_equal(read(left), read(right))
    start = time.perf_counter()
    for _ in range(10):
        prove_equal(read(left), read(right))
    assert (time.perf_counter() - start) / 10 < 0.03
