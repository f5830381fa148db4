"""The statements of claims_in_the_wild.json: all are read, and what they are worth agrees with NumPy written by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symjac.evaluate import Array, size_value
from symjac.meaning import Expected, Meaning, NotConforming, Reading, World, readings
from symjac.nodes.functions import SIGMOID
from symjac.nodes.sizes import ONE, Shape, times
from symjac.read.declare import read_declarations
from symjac.read.latex import Names, left_sides, parse, parse_definitions
from tests.meaning.trees import SIZES, value

Claim = dict[str, Any]

CLAIMS: dict[int, Claim] = {
    claim["id"]: claim for claim in json.loads((Path(__file__).parents[1] / "claims_in_the_wild.json").read_text())
}

NOT_CONFORMING = {6, 12, 84, 156, 192, 198}
"""Claims that have no shape, or no shape a derivative of their f may have; all are wrong, and said to be so."""

NUMBERS = {**SIZES, "n": 4, "d": 3, "r": 2, "K": 2}


class Exercise:
    """A claim with its names and definitions."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.symbols = read_declarations(claim["given"])
        definitions = {left: right for left, right in claim.get("defs", []) if "entry" not in right}
        self.names = Names.of(self.symbols, claim.get("names", {}), left_sides(definitions))
        self.world = World.of(self.symbols, parse_definitions(definitions, self.names), {"f": SIGMOID})

    def f(self) -> Reading:
        (reading,) = readings(parse(self.claim["f_latex"], self.names).sides[-1], self.world)
        return reading

    def answer(self) -> Reading:
        tree = parse(self.claim["claim_latex"], self.names).sides[-1]
        (reading,) = readings(tree, self.world, self.expected(self.f().meaning.shape))
        return reading

    def expected(self, f: Shape) -> list[Expected]:
        """Return the shapes that a derivative may have, in any layout."""
        wrt = self.symbols[self.claim["wrt"]].shape
        axes = [tuple(size for size in shape if size is not ONE) for shape in (f, wrt)]
        outputs, inputs = times(*f), times(*wrt)
        shapes = [(outputs, inputs), (inputs, outputs)]
        if f == (ONE, ONE):
            shapes = [wrt, (wrt[1], wrt[0]), *shapes, *([(inputs, inputs)] if self.claim["order"] == 2 else [])]
        return [*map(Expected, shapes), Expected((ONE, ONE), (*axes[0], *axes[1])), Expected(f, axes[1])]


@pytest.mark.parametrize("number", CLAIMS)
def test_every_statement_is_read(number: int) -> None:
    exercise = Exercise(CLAIMS[number])
    exercise.f()
    if number not in NOT_CONFORMING:
        exercise.answer()
        return
    assert exercise.claim["truth"] == "wrong"
    with pytest.raises(NotConforming):
        exercise.answer()


def sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def softmax(z: Array) -> Array:
    return np.asarray(np.exp(z) / np.exp(z).sum())


Values = Mapping[str, Array]
By = Callable[..., Any]
inv, det, norm = np.linalg.inv, np.linalg.det, np.linalg.norm


def rows_of_cases(x: Array) -> Array:
    size = len(x)
    found = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            cube = norm(x) ** 3
            found[i, j] = 1 / norm(x) - x[i, 0] ** 2 / cube if i == j else -x[i, 0] * x[j, 0] / cube
    return found


def slices(A: Array, X: Array) -> Array:
    """A(E_ij Xᵀ + X E_ji)Aᵀ for every i, j."""
    p, (m, n) = len(A), X.shape
    found = np.zeros((m, n, p, p))
    for i in range(m):
        for j in range(n):
            E = np.zeros((m, n))
            E[i, j] = 1
            found[i, j] = A @ (E @ X.T + X @ E.T) @ A.T
    return found


def logistic(X: Array, y: Array, theta: Array, m: Array) -> float:
    total = 0.0
    for row, label in zip(X, y[:, 0], strict=True):
        h = 1 / (1 + np.exp(-(row @ theta[:, 0])))
        total += label * np.log(h) + (1 - label) * np.log(1 - h)
    return float(-total / m[0, 0])


def bumps(p: Array) -> Array:
    x, y = p[:, 0]
    inner = np.array([[4 * x**3 - 6 * x, 4 * x**2 * y - 2 * y], [4 * x**2 * y - 2 * y, 4 * x * y**2 - 2 * x]])
    return np.asarray(np.exp(-(x**2) - y**2) * inner)


def least_squares(X: Array, theta: Array, y: Array, m: Array) -> float:
    return float(sum((X[i] @ theta[:, 0] - y[i, 0]) ** 2 for i in range(len(y))) / (2 * m[0, 0]))


def least_squares_slope(X: Array, theta: Array, y: Array, m: Array) -> Array:
    total = np.zeros(X.shape[1])
    for i in range(len(y)):
        total += (X[i] @ theta[:, 0] - y[i, 0]) * X[i]
    return np.asarray(total[:, None] / m[0, 0])


BY_HAND: dict[int, tuple[By | None, By | None]] = {
    60: (lambda p: p[0, 0] * np.exp(-(p[0, 0] ** 2) - p[1, 0] ** 2), bumps),
    72: (lambda A, X, B: norm(A @ X - B), lambda A, X, B: A.T @ (A @ X - B) / norm(A @ X - B)),
    78: (lambda x: x / norm(x), rows_of_cases),
    84: (lambda Q, A, x, b, lambda_: x.T @ Q @ x / 2 - lambda_.T @ (A @ x - b), None),
    90: (lambda X: det(X.T @ X), lambda X: 2 * det(X.T @ X) * inv(X.T @ X) @ X.T),
    96: (lambda X, B: np.log(det(X.T @ B @ X)), lambda X, B: 2 * inv(X)),
    102: (lambda X, Y: np.trace(Y @ inv(X)), lambda X, Y: -Y @ X @ X),
    108: (
        lambda x, mu, Sigma: -(x - mu).T @ inv(Sigma) @ (x - mu) / 2,
        lambda x, mu, Sigma: inv(Sigma) @ (x - mu) @ (x - mu).T @ inv(Sigma) / 2,
    ),
    114: (lambda A, X: np.trace(A.T @ (X * X - 1)), lambda A, X: 2 * A * X),
    120: (lambda A, x, b: b * (A @ x), lambda A, x, b: b * A),
    126: (lambda A, U: sum(A[i, i] * U[i, 0] ** 2 for i in range(len(U))), lambda A, U: 2 * np.diag(A)[:, None] * U),
    132: (
        lambda Y, X, U, V, lambda_: norm(Y - X @ U @ V.T) ** 2 + lambda_ * norm(U @ V.T) ** 2,
        lambda Y, X, U, V, lambda_: -2 * X.T @ Y @ V + 2 * X.T @ X @ U @ V.T @ V + 2 * lambda_ * U @ V.T @ V,
    ),
    138: (lambda Y, X: ((Y - X @ X.T) ** 2).sum(), lambda Y, X: -2 * (Y + Y.T - 2 * X @ X.T) @ X),
    144: (
        lambda K, C, P: np.trace((np.eye(len(K)) - K @ C) @ P @ (np.eye(len(K)) - K @ C).T),
        lambda K, C, P: -2 * (P - K @ C @ P) @ C.T,
    ),
    150: (lambda w, S, lambda_: w.T @ S @ w - lambda_ * (w.T @ w - 1), lambda w, S, lambda_: 2 * S @ w - 2 * lambda_ * w),
    156: (lambda theta: np.kron(theta @ theta.T, np.eye(3)), None),
    162: (lambda A, X: A @ X @ X.T @ A.T, slices),
    168: (lambda A: A @ A, lambda A: np.kron(np.eye(len(A)), A) + np.kron(A.T, np.eye(len(A)))),
    174: (
        lambda x, p: (x**2).sum() ** (p / 2),
        lambda x, p: 2 * p * (x**2).sum() ** ((p - 2) / 2) * x,
    ),
    180: (
        lambda theta, alpha, beta: alpha * np.exp(-beta * (theta**2).sum()),
        lambda theta, alpha, beta: (
            2 * alpha * beta * np.exp(-beta * (theta**2).sum()) * (2 * beta * theta @ theta.T - np.eye(len(theta)))
        ),
    ),
    186: (
        logistic,
        lambda X, y, theta, m: X.T @ np.diag((s := sigmoid(X @ theta)[:, 0]) * (1 - s)) @ X / m,
    ),
    192: (lambda U, vc, y: -sum(y * np.log(softmax(U.T @ vc))), None),
    198: (lambda W, a, b, y: ((sigmoid(W @ a + b) - y) ** 2).sum() / 2, None),
    204: (
        lambda Z, W, dZ: np.trace(dZ.T @ sigmoid(Z) @ W),
        lambda Z, W, dZ: (dZ @ W.T) * sigmoid(Z) * (1 - sigmoid(Z)),
    ),
    210: (
        lambda X, Y, beta, lambda_: (((X @ beta - Y) ** 2).sum() + lambda_ * (beta**2).sum()) / 2,
        lambda X, Y, beta, lambda_: X.T @ (X @ beta - Y) + lambda_ * beta,
    ),
    216: (least_squares, least_squares_slope),
}


def random_point(exercise: Exercise, seed: int) -> dict[str, Array]:
    random = np.random.default_rng(seed)
    found = {}
    for name, symbol in exercise.symbols.items():
        shape = [size_value(size, NUMBERS) for size in symbol.shape]
        found[name] = random.uniform(0.2, 1.2, shape) + (2 * np.eye(shape[0]) if shape[0] == shape[1] else 0)
    return found


def worth(meaning: Meaning, values: dict[str, Array], monkeypatch: pytest.MonkeyPatch) -> Array:
    for name, size in NUMBERS.items():
        monkeypatch.setitem(SIZES, name, size)
    return value(meaning, values)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("number", BY_HAND)
def test_values_agree_with_numpy(number: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    exercise = Exercise(CLAIMS[number])
    values = random_point(exercise, seed)
    for reading, by_hand in zip((exercise.f, exercise.answer), BY_HAND[number], strict=True):
        if by_hand is None:
            continue
        expected = np.asarray(by_hand(**values))
        found = worth(reading().meaning, values, monkeypatch)
        assert np.allclose(found.reshape(expected.shape), expected), reading
