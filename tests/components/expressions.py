"""Expressions with every head, and points to try them at."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import sympy

from symjac.evaluate import Array, evaluate, size_value
from symjac.nodes import build as b
from symjac.nodes.functions import COS, EXP, LOG, RELU, SIGMOID, SIN, SOFTPLUS, TANH, Function, T
from symjac.nodes.node import Node, Symbol, symbols
from symjac.nodes.sizes import times

M, N, P = sympy.symbols("M N P", integer=True, positive=True)
SIZES = {"M": 4, "N": 3, "P": 2}
HALF = Fraction(1, 2)

A, B, C = b.symbol("A", M, N), b.symbol("B", N, P), b.symbol("C", M, N)
X, Y, Z = b.symbol("X", N, N), b.symbol("Y", N, N), b.symbol("Z", N, N)
S = b.symbol("S", N, N, ["symmetric"])
Q = b.symbol("Q", N, N, ["posdef"])
D = b.symbol("D", N, N, ["diagonal", "invertible"])
x, y, a, v = b.symbol("x", N), b.symbol("y", N), b.symbol("a", M), b.symbol("v", N)
r = b.symbol("r", 1, N)
c, k = b.symbol("c"), b.symbol("k", 1, 1, ["positive"])
L = b.symbol("L", times(M, N), N)
CUBE = Function("cube", T**3 + 2 * T)


def mul(*nodes: Any) -> Node:
    return b.product(*nodes)


def f(function: Function, node: Node) -> Node:
    return b.elementwise(function, node)


t = b.transpose
z = b.let("z", b.add(mul(A, x), a))
h = b.let("h", f(TANH, z))

EXPRESSIONS: dict[str, Node] = {
    "Ax": mul(A, x),
    "Ax+a": b.add(mul(A, x), a),
    "gram": mul(t(A), A),
    "outer": mul(A, t(A)),
    "AXB": mul(A, X, B),
    "quadratic": mul(t(x), X, x),
    "symmetric quadratic": mul(t(x), S, x),
    "row": mul(r, X),
    "trace": b.trace(mul(X, Y)),
    "trace of inverse": b.trace(mul(Y, b.inverse(X))),
    "det": b.determinant(X),
    "logdet": f(LOG, b.determinant(b.add(mul(X, t(X)), b.identity(N)))),
    "det of scaled": b.determinant(mul(c, X)),
    "det of number": b.determinant(mul(-2, X)),
    "det of product": b.determinant(mul(X, Y)),
    "det of kron": b.determinant(b.kron(X, b.symbol("W", M, M))),
    "inverse": b.inverse(X),
    "inverse of product": b.inverse(mul(X, Y)),
    "inverse of sum": b.inverse(b.add(X, Y)),
    "inverse of kron": b.inverse(b.kron(X, b.symbol("W", M, M))),
    "inverse of symmetric": b.inverse(S),
    "inverse of diagonal": mul(b.inverse(D), X, D),
    "diagonal": mul(X, D, Y),
    "posdef": mul(t(x), b.inverse(Q), x),
    "projector": mul(A, b.inverse(mul(t(A), A)), t(A)),
    "cube": b.matrix_power(X, 3),
    "power -2": b.matrix_power(X, -2),
    "power 11": b.matrix_power(mul(Fraction(1, 3), b.add(X, Y)), 11),
    "norm": b.norm(x),
    "norm squared": b.power(b.norm(b.subtract(a, mul(A, x))), 2),
    "normalised": mul(b.power(b.norm(x), -1), x),
    "frobenius": b.norm(b.add(mul(A, X), C)),
    "softmax": b.softmax(mul(X, x)),
    "logsumexp": b.logsumexp(mul(X, x)),
    "tanh": f(TANH, b.add(mul(A, x), a)),
    "tanh of minus": f(TANH, mul(-1, X)),
    "sin cos": b.add(f(SIN, mul(-1, X)), f(COS, mul(-2, X))),
    "sigmoid": f(SIGMOID, mul(X, x)),
    "relu": f(RELU, b.subtract(mul(X, x), y)),
    "softplus": f(SOFTPLUS, X),
    "exp": f(EXP, mul(t(x), y)),
    "own function": f(CUBE, mul(X, x)),
    "hadamard": b.hadamard(X, Y, t(X)),
    "hadamard of sums": b.hadamard(b.add(X, Y), b.add(X, b.identity(N))),
    "hadamard power": b.hadamard_power(X, 3),
    "hadamard quotient": b.hadamard(X, b.hadamard_power(Y, -1)),
    "root": b.hadamard_power(f(EXP, X), HALF),
    "kron": b.kron(A, X),
    "kron of sum": b.kron(b.add(X, Y), a),
    "kron product": mul(b.kron(A, X), b.vec(mul(Z, t(A), A))),
    "kron with vector": mul(b.kron(A, Z), b.symbol("w", times(N, N))),
    "khatri rao": b.khatri_rao(A, X),
    "khatri rao of kron": b.khatri_rao(b.kron(A, t(x)), b.kron(r, X)),
    "commutation": mul(b.commutation(M, N), b.vec(A)),
    "commuted kron": mul(b.add(b.identity(N**2), b.commutation(N, N)), b.kron(b.identity(N), t(A))),
    "big identity": mul(b.kron(X, Y), b.add(b.identity(N**2), b.kron(Z, X)), b.identity(N**2)),
    "crossed axes": mul(b.kron(A, b.ones(N, M)), b.kron(a, x), t(x)),
    "crossed": mul(L, x),
    "crossed kron": mul(b.kron(b.symbol("W", M, M), X), L),
    "vec": b.vec(mul(A, X)),
    "diag": mul(b.diag(mul(A, x)), A),
    "diag sandwich": b.trace(mul(b.diag(x), X, b.diag(x))),
    "diagonal of product": b.diagonal(mul(A, X, t(A))),
    "diag of diagonal": b.diag(b.diagonal(X)),
    "identity plus": b.matrix_power(b.add(b.identity(N), X), 2),
    "ones": mul(b.ones(1, M), A, b.ones(N)),
    "sum of squares": b.sum_entries(b.hadamard(A, A)),
    "mean": mul(b.power(b.dimension(N), -1), b.sum_entries(x)),
    "trace of identity": mul(b.trace(b.identity(times(M, N))), x),
    "scalars": mul(b.power(b.add(mul(t(x), y), c), -2), b.power(k, HALF), X),
    "scalar root": b.power(b.add(mul(t(x), x), mul(k, k)), HALF),
    "root of number": mul(b.power(b.number(8), HALF), b.power(b.number(2), HALF), x),
    "basis": mul(t(b.basis(3, 1)), b.symbol("E", 3, 3), b.basis(3, 2)),
    "basis outer": mul(b.symbol("E", 3, 3), b.basis(3, 1), t(b.basis(3, 1)), b.symbol("E", 3, 3)),
    "basis split": mul(b.kron(b.symbol("G", 2, 2), b.symbol("E", 3, 3)), b.basis(6, 4)),
    "let": mul(t(h), h),
    "let twice": b.add(mul(t(A), h), mul(X, t(A), z)),
    "minimum": mul(b.add(X, Y), b.add(Y, Z), b.add(Z, X), b.subtract(x, y)),
    "zero": mul(b.zero(M, N), x),
}


def value_of(symbol: Symbol, sizes: Mapping[str, int] = SIZES) -> Array:
    """Return a random value that keeps the facts, the same in every run."""
    rng = np.random.default_rng(zlib.crc32(symbol.name.encode()))
    shape = (size_value(symbol.rows, sizes), size_value(symbol.cols, sizes))
    value = rng.normal(size=shape)
    if "posdef" in symbol.facts:
        value = value @ value.T + np.eye(shape[0])
    if "diagonal" in symbol.facts:
        value = np.diag(np.diag(value))
    if "symmetric" in symbol.facts:
        value = value + value.T
    return np.abs(value) if "positive" in symbol.facts else value


def point(node: Node, sizes: Mapping[str, int] = SIZES) -> dict[str, Array]:
    return {s.name: value_of(s, sizes) for s in symbols([node])}


def difference(node: Node, symbol: Symbol, values: Mapping[str, Array], sizes: Mapping[str, int] = SIZES) -> Array:
    """Return J[i, j, k, l] by central differences, entry by entry."""
    step = 1e-6
    start = values[symbol.name]
    found = np.zeros((*evaluate(node, values, sizes).shape, *start.shape))
    for place in np.ndindex(*start.shape):
        shifted = []
        for sign in (1, -1):
            moved = start.copy()
            moved[place] += sign * step
            shifted.append(evaluate(node, {**values, symbol.name: moved}, sizes))
        found[(..., *place)] = (shifted[0] - shifted[1]) / (2 * step)
    return found
