"""The plain evaluation of nodes, against NumPy written by hand and against SymPy entry by entry."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy

from symjac.errors import DomainError, ShapeError
from symjac.evaluate import evaluate, function_value, size_value
from symjac.nodes.build import (
    add,
    basis,
    commutation,
    determinant,
    diag,
    diagonal,
    differential,
    dimension,
    hadamard,
    hadamard_power,
    identity,
    inverse,
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
from symjac.nodes.functions import COS, EXP, FUNCTIONS, LOG, RELU, SIGMOID, SIN, SOFTPLUS, TANH, Function, T
from symjac.nodes.node import Node
from symjac.nodes.sizes import size_symbol

M, N = size_symbol("M"), size_symbol("N")
A, X, x, y, c = symbol("A", M, N), symbol("X", N, N), symbol("x", N), symbol("y", M), symbol("c")
SIZES = {"M": 2, "N": 3}
RNG = np.random.default_rng(3)
a = RNG.normal(size=(2, 3))
s = np.eye(3) + RNG.normal(size=(3, 3)) / 3
v = RNG.normal(size=(3, 1))
w = RNG.normal(size=(2, 1))
VALUES = {"A": a, "X": s, "x": v, "y": w, "c": np.array([[1.5]])}


@pytest.mark.parametrize(
    ("node", "wanted"),
    [
        (A, a),
        (add(A, product(-2, A)), -a),
        (product(Fraction(1, 2), c, A, x), 0.75 * a @ v),
        (product(power(c, -1), transpose(A)), a.T / 1.5),
        (hadamard(A, A), a * a),
        (hadamard_power(A, 3), a**3),
        (hadamard_power(A, -1), 1 / a),
        (kron(A, X), np.kron(a, s)),
        (khatri_rao(A, X), np.stack([np.kron(a[:, k], s[:, k]) for k in range(3)], axis=1)),
        (inverse(X), np.linalg.inv(s)),
        (matrix_power(X, 3), s @ s @ s),
        (matrix_power(X, -2), np.linalg.inv(s @ s)),
        (trace(X), [[np.trace(s)]]),
        (determinant(X), [[np.linalg.det(s)]]),
        (norm(A), [[np.linalg.norm(a)]]),
        (sum_entries(A), [[a.sum()]]),
        (vec(A), a.T.reshape(-1, 1)),
        (diag(x), np.diag(v[:, 0])),
        (diagonal(X), np.diag(s).reshape(-1, 1)),
        (softmax(x), np.exp(v) / np.exp(v).sum()),
        (logsumexp(x), [[np.log(np.exp(v).sum())]]),
        (identity(N), np.eye(3)),
        (zero(M, N), np.zeros((2, 3))),
        (ones(M, N), np.ones((2, 3))),
        (basis(N, 1), [[0], [1], [0]]),
        (dimension(M + N), [[5]]),
        (number(Fraction(2, 3)), [[2 / 3]]),
        (let("z", product(A, x)), a @ v),
    ],
    ids=lambda value: repr(value) if isinstance(value, Node) else "",
)
def test_operations(node: Node, wanted: object) -> None:
    value = evaluate(node, VALUES, SIZES)
    assert value.shape == tuple(size_value(side, SIZES) for side in node.shape)
    np.testing.assert_allclose(value, np.asarray(wanted, dtype=float), rtol=1e-12)


def test_the_commutation_matrix_commutes_vec() -> None:
    value = evaluate(commutation(M, N), {}, SIZES)
    np.testing.assert_array_equal(value @ a.T.reshape(-1, 1), a.reshape(-1, 1))


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
@pytest.mark.parametrize("order", [0, 1, 2])
def test_functions_are_what_sympy_says_they_are(function: Function, order: int) -> None:
    for _ in range(order):
        function = function.derivative
    points = np.array([[0.3, 1.7, 2.5]])
    wanted = [float(function.expression.subs(T, sympy.Float(p))) for p in points[0]]
    np.testing.assert_allclose(function_value(function)(points)[0], wanted, rtol=1e-12)


@pytest.mark.parametrize(
    ("function", "at", "wanted"),
    [
        (RELU, [-1.0, 0.0, 2.0], [0, 0, 2]),
        (RELU.derivative, [-1.0, 0.0, 2.0], [0, 0, 1]),
        (SIGMOID, [0.0], [0.5]),
        (TANH, [0.0], [0]),
        (SOFTPLUS, [0.0], [np.log(2)]),
        (EXP, [0.0], [1]),
        (LOG, [1.0], [0]),
        (SIN, [0.0], [0]),
        (COS, [0.0], [1]),
    ],
    ids=repr,
)
def test_functions_at_points_everybody_knows(function: Function, at: list[float], wanted: list[float]) -> None:
    np.testing.assert_allclose(function_value(function)(np.array(at)), wanted)


def test_softmax_and_logsumexp_of_large_numbers_stay_finite() -> None:
    large = {"x": np.array([1000.0, 1001.0, 999.0])}
    assert np.all(np.isfinite(evaluate(softmax(x), large, SIZES)))
    assert evaluate(logsumexp(x), large, SIZES)[0, 0] == pytest.approx(1001.4076, abs=1e-4)


def test_vectors_may_be_flat() -> None:
    assert evaluate(x, {"x": v[:, 0]}, SIZES).shape == (3, 1)


def test_complex_numbers_pass_through() -> None:
    value = evaluate(norm(x), {"x": v + 1e-30j}, SIZES)
    assert value.imag[0, 0] / 1e-30 == pytest.approx(v.sum() / np.linalg.norm(v))


def test_values_of_differentials() -> None:
    line = product(A, differential(x))
    np.testing.assert_allclose(evaluate(line, VALUES, SIZES, {"x": v}), a @ v)
    with pytest.raises(DomainError, match="has no value"):
        evaluate(line, VALUES, SIZES)
    with pytest.raises(DomainError, match="has no value"):
        evaluate(differential(product(A, x)), VALUES, SIZES, {"A": a, "x": v})


def test_a_memo_is_used_and_filled() -> None:
    memo = {product(A, x): np.ones((2, 1))}
    value = evaluate(add(product(A, x), y), VALUES, SIZES, memo=memo)
    np.testing.assert_allclose(value, 1 + w)
    assert memo[add(product(A, x), y)] is value


def test_sizes_need_numbers() -> None:
    with pytest.raises(ShapeError, match="needs a number for N"):
        evaluate(identity(N), {}, {"M": 2})
    assert size_value(M * N + 1, SIZES) == 7
