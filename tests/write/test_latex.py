"""Expressions in LaTeX: as textbooks write them, and never without a bracket that matters."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings

from symjac.errors import UnsupportedError
from symjac.nodes.build import (
    add,
    basis,
    commutation,
    determinant,
    diag,
    differential,
    dimension,
    elementwise,
    hadamard,
    hadamard_power,
    identity,
    inverse,
    kron,
    let,
    matrix_power,
    norm,
    ones,
    power,
    product,
    softmax,
    subtract,
    symbol,
    trace,
    transpose,
    vec,
    zero,
)
from symjac.nodes.functions import RELU, SIGMOID, TANH, Function, T
from symjac.nodes.node import Node
from symjac.write import precedence
from symjac.write.latex import latex
from symjac.write.precedence import Level
from tests.strategies import LEAVES, M, N
from tests.write.printed import misread, printable, reads_back

A, B, W, X, Z, V, H, x, y, u, r, c, k = LEAVES
C = symbol("C", M, N)
theta, Phi, lam, loss = symbol("theta", N), symbol("Phi", M, N), symbol("lam"), symbol("loss", N, N)
s, z = let("s", softmax(x)), let("z", product(A, x))
d, t = differential, transpose
residual = subtract(y, product(Phi, theta))

TEXTBOOK = [
    (product(-2, t(residual), Phi), r"-2(y - \Phi\theta)^T\Phi"),
    (add(product(2, lam, t(theta)), product(-2, t(residual), Phi)), r"2\lambda\theta^T - 2(y - \Phi\theta)^T\Phi"),
    (kron(t(x), identity(M)), r"x^T \otimes I_{M}"),
    (product(add(identity(N**2), commutation(N, N)), kron(identity(N), t(A))), r"(I_{N^{2}} + K_{N,N})(I_{N} \otimes A^T)"),
    (product(-1, kron(t(inverse(X)), inverse(X))), r"-(X^{-\mathsf{T}} \otimes X^{-1})"),
    (product(t(x), add(X, t(X))), r"x^T(X + X^T)"),
    (t(vec(t(A))), r"\operatorname{vec}(A^T)^T"),
    (product(determinant(X), t(vec(t(inverse(X))))), r"\det(X)\operatorname{vec}(X^{-\mathsf{T}})^T"),
    (diag(vec(A)), r"\operatorname{diag}(\operatorname{vec} A)"),
    (product(t(x), power(norm(x), -1)), r"\frac{x^T}{\lVert x\rVert}"),
    (
        product(power(norm(x), -1), subtract(identity(N), product(x, t(x), power(norm(x), -2)))),
        r"\frac{1}{\lVert x\rVert}\,\biggl(I_{N} - \frac{xx^T}{\lVert x\rVert^{2}}\biggr)",
    ),
    (subtract(diag(s), product(s, t(s))), r"\operatorname{diag}(s) - ss^T"),
    (product(inverse(product(t(A), A)), t(A)), "(A^TA)^{-1}A^T"),
    (add(product(t(d(A)), A), product(t(A), d(A))), r"(\mathrm{d}A)^TA + A^T\,\mathrm{d}A"),
    (product(-1, inverse(X), d(X), inverse(X)), r"-X^{-1}(\mathrm{d}X)X^{-1}"),
]

DETAILS = [
    (add(product(-1, A), C), "C - A"),
    (subtract(product(-1, A), C), "-A - C"),
    (product(Fraction(1, 2), t(x), X, x), r"\frac{1}{2}x^TXx"),
    (product(Fraction(-3, 2), lam, c), r"-\frac{3c\lambda}{2}"),
    (power(lam, Fraction(1, 2)), r"\sqrt{\lambda}"),
    (power(product(t(x), x), Fraction(-3, 2)), r"\frac{1}{(x^Tx)^{3/2}}"),
    (hadamard_power(A, 2), r"A^{\circ 2}"),
    (hadamard_power(A, -1), r"A^{\circ (-1)}"),
    (product(lam, subtract(A, C)), r"\lambda\,(A - C)"),
    (product(loss, X), r"\mathrm{loss}\,X"),
    (product(2, ones(M, 1)), r"2\,\mathbf{1}_{M}"),
    (ones(1, N), r"\mathbf{1}_{N}^T"),
    (ones(M, N), r"\mathbf{1}_{M \times N}"),
    (zero(M, N + 1), r"0_{M \times (N + 1)}"),
    (basis(3, 0), r"\mathbf{e}_{1}"),
    (product(3, dimension(2 * N)), r"3 \cdot 2N"),
    (norm(A), r"\lVert A\rVert_{\mathrm{F}}"),
    (product(product(t(x), x), X), "(x^Tx)X"),
    (kron(hadamard(A, A), X), r"(A \circ A) \otimes X"),
    (t(matrix_power(X, 2)), "(X^{2})^T"),
    (elementwise(SIGMOID.derivative, x), r"\sigma'(x)"),
    (elementwise(RELU.derivative.derivative.derivative, x), r"\operatorname{relu}^{(3)}(x)"),
    (elementwise(SIGMOID, product(symbol("sigma"), x)), r"\operatorname{sigmoid}(\sigma x)"),
    (elementwise(Function("swish_2", T), x), r"\operatorname{swish2}(x)"),
    (trace(product(X, d(X))), r"\operatorname{tr}(X\,\mathrm{d}X)"),
    (d(product(A, x)), r"\mathrm{d}(Ax)"),
    (vec(d(A)), r"\operatorname{vec} \mathrm{d}A"),
    (kron(d(X), A), r"(\mathrm{d}X) \otimes A"),
    (kron(A, d(X)), r"A \otimes \mathrm{d}X"),
]


@pytest.mark.parametrize(("node", "expected"), [*TEXTBOOK, *DETAILS])
def test_prints(node: Node, expected: str) -> None:
    assert latex(node) == expected.replace("^T", r"^{\mathsf{T}}")


@given(printable())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_what_is_printed_reads_back(node: Node) -> None:
    assert reads_back(node, "latex")


# Negative controls: a lost bracket is noticed

CORPUS = [
    product(-1, add(X, H), x),
    product(add(X, H), x),
    inverse(product(X, H)),
    kron(add(X, H), X),
    product(kron(X, H), vec(X)),
    subtract(X, add(H, product(X, X))),
    inverse(add(X, H)),
    t(product(A, X)),
    hadamard_power(product(A, X), 2),
    product(hadamard(X, H), x),
]


def test_the_corpus_reads_back() -> None:
    assert misread(CORPUS, "latex") == misread(CORPUS, "text") == []


@pytest.mark.parametrize("alphabet", ["latex", "text"])
@pytest.mark.parametrize(
    ("place", "broken"), [("factor", Level.SUM), ("superscript", Level.CHAIN), ("mixed", Level.SUM), ("factor", Level.MIXED)]
)
def test_a_broken_precedence_is_caught(place: str, broken: Level, alphabet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(precedence.NEEDS, place, broken)
    assert misread(CORPUS, alphabet)


# Names, kinds, depth


def test_names_that_would_print_alike_are_told_apart() -> None:
    assert latex(add(symbol("W1", N, N), symbol("W_1", N, N))) == r"W_{1} + \mathtt{W\_1}"


def test_an_unknown_kind_of_node_is_named() -> None:
    class Strange(Node):
        __slots__ = ()

    with pytest.raises(UnsupportedError, match="Strange"):
        latex(add(X, Strange((N, N))))


def test_bag_order_does_not_depend_on_creation() -> None:
    assert latex(product(k, c, power(norm(u), 2), W)) == latex(product(power(norm(u), 2), c, W, k))


def test_a_deep_network_prints_in_no_time() -> None:
    layer: Node = x
    for i in range(64):
        layer = let(f"h{i}", elementwise(TANH, add(product(symbol(f"W{i}", N, N), layer), symbol(f"b{i}", N))))
    assert latex(layer) == "h_{63}"
    deep: Node = x
    for _ in range(2000):
        deep = elementwise(TANH, deep)
    start = time.perf_counter()
    assert latex(deep).count(r"\tanh") == 2000
    assert time.perf_counter() - start < 2


def test_z_is_printed_by_name() -> None:
    assert latex(elementwise(TANH, z)) == r"\tanh(z)"
