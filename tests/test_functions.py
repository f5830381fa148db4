"""The public functions: SymPy in, SymPy out, nothing evaluated, shapes checked, everything combines."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from sympy import MatrixExpr, MatrixSymbol, symbols

import symjac.functions as sj
from symjac.errors import DomainError, ShapeError
from symjac.evaluate import evaluate
from symjac.read.declare import declare
from symjac.read.from_sympy import from_sympy
from tests.sympy_values import SIZES, sample

A, B, x, b, c = declare("A: M x N, B: N x N, x: N, b: M, c: scalar")
M, N = A.shape
ENTRYWISE = ["exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu", "softplus"]


@pytest.mark.parametrize("name", ENTRYWISE)
def test_a_function_of_a_matrix_is_a_matrix_and_of_a_scalar_a_scalar(name: str) -> None:
    function = getattr(sj, name)
    assert function(A).shape == A.shape
    for scalar in (c, x.T * x, sj.norm(x), 2, 0.5, Fraction(1, 3), MatrixSymbol("s", 1, 1)):
        result = function(scalar)
        assert not getattr(result, "is_Matrix", False)
        assert result.is_commutative
        assert (result * A).shape == A.shape
        assert (A / (1 + result)).shape == A.shape


@pytest.mark.parametrize(
    "expr", [sj.trace(B), sj.det(B), sj.norm(A), sj.sum_entries(A), sj.logsumexp(x), sj.let("s", c + 1)], ids=str
)
def test_scalars_of_matrices_combine(expr: Any) -> None:
    assert not getattr(expr, "is_Matrix", False)
    assert (expr**2 * A).shape == A.shape
    assert (1 / expr * x).shape == x.shape
    assert expr + 1 - expr == 1


def test_nothing_is_evaluated() -> None:
    assert isinstance(sj.inv(sj.inv(B)), sympy.Inverse)
    assert str(sj.vec(x)) == "vec(x)"
    assert str(sj.hadamard_power(sj.hadamard_power(A, 2), 3)).count("ower") == 2
    assert str(sj.trace(A.T * A)) != "0"
    assert sj.exp(sj.log(c)) != c
    assert sj.kron(A, B).args == (A, B)


def test_the_example_of_the_house() -> None:
    by_hand = (sj.eye(N**2) + sj.commutation(N, N)) * sj.kron(sj.eye(N), A.T)
    assert by_hand.shape == (N**2, M * N)


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (sj.diag(x) * B, lambda v: v["x"] * v["B"]),
        (sj.diag(x.T), lambda v: np.diag(v["x"][:, 0])),
        (sj.diag(B), lambda v: np.diag(v["B"])[:, None]),
        (sj.norm(x) ** 2 * x, lambda v: np.sum(v["x"] ** 2) * v["x"]),
        (x / sj.norm(x), lambda v: v["x"] / np.linalg.norm(v["x"])),
        (sj.trace(B) * A, lambda v: np.trace(v["B"]) * v["A"]),
        (sj.sum_entries(A) / N * x, lambda v: np.sum(v["A"]) / 2 * v["x"]),
        (sj.log(1 + sj.exp(x.T * x)) * x, lambda v: np.log1p(np.exp(np.sum(v["x"] ** 2))) * v["x"]),
        (sj.kron(2, x, sj.ones(M)), lambda v: 2 * np.kron(v["x"], np.ones((3, 1)))),
        (sj.hadamard(A, A, sj.ones(M, N)), lambda v: v["A"] ** 2),
        (sj.hadamard(c, c) * x, lambda v: v["c"] ** 2 * v["x"]),
        (sj.sqrt(sj.hadamard_power(A, 2)), lambda v: np.abs(v["A"])),
        (sj.softmax(x.T), lambda v: (np.exp(v["x"]) / np.sum(np.exp(v["x"]))).T),
        (sj.inv(x.T * x) * x, lambda v: v["x"] / np.sum(v["x"] ** 2)),
        (sj.zeros(N) + x, lambda v: v["x"]),
        (sj.let("z", A * x) + b, lambda v: v["A"] @ v["x"] + v["b"]),
    ],
    ids=lambda part: "value" if callable(part) else str(part),
)
def test_value(expr: Any, expected: Any) -> None:
    node = from_sympy(expr)
    point = {"c": np.array([[0.5]]), "b": np.ones((3, 1))} | sample(from_sympy(sj.norm(A) * sj.norm(B) * sj.norm(x)), 1)
    assert np.allclose(evaluate(node, point, SIZES), expected(point))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: sj.trace(A),
        lambda: sj.det(A),
        lambda: sj.inv(A),
        lambda: sj.diag(A),
        lambda: sj.softmax(A),
        lambda: sj.logsumexp(A),
        lambda: sj.hadamard(A, A.T),
        lambda: sj.hadamard(A, B),
    ],
)
def test_shapes_are_checked(wrong: Any) -> None:
    with pytest.raises(ShapeError, match="N"):
        wrong()


def test_sizes_are_compared_by_name() -> None:
    plain = symbols("N")
    assert sj.hadamard(MatrixSymbol("u", plain * (plain + 1), 1), MatrixSymbol("v", N**2 + N, 1)).shape


def test_a_text_is_refused() -> None:
    for function in (sj.exp, sj.vec, sj.eye, lambda text: sj.let("z", text)):
        with pytest.raises(DomainError):
            function("__import__('os')")
    with pytest.raises(DomainError):
        sj.exp(object())
    with pytest.raises(DomainError):
        sj.hadamard_power(A, N)
    with pytest.raises(DomainError):
        sj.let("a b", A)


def test_let_of_a_matrix_is_a_matrix() -> None:
    assert isinstance(sj.let("z", A * x), MatrixExpr)
    assert sj.let("z", A * x) == sj.let("z", A * x) != sj.let("w", A * x)
