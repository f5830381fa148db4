"""What is evaluated: expressions at sizes, with careful hand-written NumPy beside each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.rows import Array

Values = Mapping[str, Array]


@dataclass(frozen=True)
class Workload:
    """An expression, its symbols' shapes, its value in any array library, and its Jacobian by hand."""

    name: str
    text: str
    given: str
    wrt: tuple[str, ...]
    shapes: Mapping[str, tuple[int, int]]
    value: Callable[..., Any]
    hand: Callable[..., Array]
    order: str = "C"

    @property
    def is_by_sample(self) -> bool:
        """Whether every row of the Jacobian is the gradient of one sample's output."""
        return self.value in (one_value, two_value)

    def point(self) -> dict[str, Array]:
        rng = np.random.default_rng(0)
        return {name: rng.normal(size=shape) for name, shape in self.shapes.items()}


def linear(A: Array, x: Array) -> Array:
    m, n = A.shape
    J = np.zeros((m, m * n))
    row, col = J.strides
    np.ndarray((m, n), J.dtype, J, 0, (row + col, m * col))[...] = x.T
    return J


def gram(A: Array) -> Array:
    m, n = A.shape
    J = np.zeros((n * n, m * n))
    row, col = J.strides
    np.ndarray((n, m, n), J.dtype, J, 0, (row + m * col, col, n * row))[...] = A
    np.ndarray((n, m, n), J.dtype, J, 0, (n * row + m * col, col, row))[...] = A
    np.multiply(A.T, 2, out=np.ndarray((n, m), J.dtype, J, 0, (row + n * row + m * col, col)))
    return J


def regression(y: Array, Phi: Array, theta: Array) -> Array:
    residual = Phi @ theta
    residual -= y
    J = residual.T @ Phi
    J *= 2
    return np.asarray(J)


def slices(n: int, width: int, least: int) -> list[slice]:
    step = max(least, 100_000 // width)
    return [slice(start, min(start + step, n)) for start in range(0, n, step)]


def one_hidden(X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    (n, p), h = X.shape, len(b1)
    J = np.empty((n, h * p + 2 * h + 1))
    for rows in slices(n, 2 * h, 64):
        z = X[rows] @ W1.T
        z += b1.T
        np.tanh(z, out=z)
        J[rows, h * p + h : -1] = z
        np.multiply(z, z, out=z)
        np.subtract(1, z, out=z)
        z *= W2
        J[rows, h * p : h * p + h] = z
        np.multiply(X[rows, :, None], z[:, None, :], out=J[rows, : h * p].reshape(-1, p, h))
    J[:, -1] = 1
    return J


def one_hidden_by_columns(X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    (n, p), h = X.shape, len(b1)
    J = np.empty((h * p + 2 * h + 1, n))
    turned = np.ascontiguousarray(X.T)
    for rows in slices(n, 2 * h, 1024):
        z = W1 @ turned[:, rows]
        z += b1
        H, D = J[h * p + h : -1, rows], J[h * p : h * p + h, rows]
        np.tanh(z, out=H)
        np.multiply(H, H, out=z)
        np.subtract(1, z, out=z)
        np.multiply(z, W2.T, out=D)
        np.multiply(turned[:, None, rows], D[None], out=J[: h * p].reshape(p, h, n)[:, :, rows])
    J[-1] = 1
    return J.T


def two_hidden(X: Array, W1: Array, b1: Array, W2: Array, b2: Array, W3: Array, b3: Array) -> Array:
    (n, p), h, k = X.shape, len(b1), len(b2)
    ends = np.cumsum([h * p, h, k * h, k, k, 1])
    J = np.empty((n, ends[-1]))
    for rows in slices(n, 2 * (h + k), 64):
        x = X[rows]
        first = np.tanh(x @ W1.T + b1.T)
        second = np.tanh(first @ W2.T + b2.T)
        J[rows, ends[3] : ends[4]] = second
        outer = 1 - second * second
        outer *= W3
        inner = outer @ W2
        inner *= 1 - first * first
        np.multiply(x[:, :, None], inner[:, None, :], out=J[rows, : ends[0]].reshape(-1, p, h))
        J[rows, ends[0] : ends[1]] = inner
        np.multiply(first[:, :, None], outer[:, None, :], out=J[rows, ends[1] : ends[2]].reshape(-1, h, k))
        J[rows, ends[2] : ends[3]] = outer
    J[:, -1] = 1
    return J


def layer(X: Array, W: Array, b: Array) -> Array:
    (n, p), h = X.shape, len(b)
    z = X @ W.T
    z += b.T
    np.tanh(z, out=z)
    z *= z
    np.subtract(1, z, out=z)
    J = np.zeros((n * h, h * p))
    row, col = J.strides
    np.multiply(X, z.T[:, :, None], out=np.ndarray((h, n, p), J.dtype, J, 0, (n * row + col, row, h * col)))
    return J


ONE = "tanh(X*W1.T + ones(n, 1)*b1.T)*W2.T + b2*ones(n, 1)"
ONE_GIVEN = "X: n x p, W1: h x p, b1: h, W2: 1 x h, b2: scalar"
TWO = "tanh(tanh(X*W1.T + ones(n, 1)*b1.T)*W2.T + ones(n, 1)*b2.T)*W3.T + b3*ones(n, 1)"
TWO_GIVEN = "X: n x p, W1: h x p, b1: h, W2: k x h, b2: k, W3: 1 x k, b3: scalar"


def one_value(o: Any, X: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    ones = o.ones((X.shape[0], 1))
    return o.tanh(X @ W1.T + ones @ b1.T) @ W2.T + ones @ b2


def two_value(o: Any, X: Any, W1: Any, b1: Any, W2: Any, b2: Any, W3: Any, b3: Any) -> Any:
    ones = o.ones((X.shape[0], 1))
    return o.tanh(o.tanh(X @ W1.T + ones @ b1.T) @ W2.T + ones @ b2.T) @ W3.T + ones @ b3


def features(n: int, p: int, h: int, order: str = "C") -> Workload:
    shapes = {"X": (n, p), "W1": (h, p), "b1": (h, 1), "W2": (1, h), "b2": (1, 1)}
    hand = one_hidden if order == "C" else one_hidden_by_columns
    name = f"E4 features, 1 hidden, n={n}, inputs {p}, width {h}{', F order' if order == 'F' else ''}"
    return Workload(name, ONE, ONE_GIVEN, ("W1", "b1", "W2", "b2"), shapes, one_value, hand, order)


def deep_features(n: int, p: int, h: int) -> Workload:
    shapes = {"X": (n, p), "W1": (h, p), "b1": (h, 1), "W2": (h, h), "b2": (h, 1), "W3": (1, h), "b3": (1, 1)}
    wrt = ("W1", "b1", "W2", "b2", "W3", "b3")
    return Workload(f"E5 features, 2 hidden, n={n}, inputs {p}, width {h}", TWO, TWO_GIVEN, wrt, shapes, two_value, two_hidden)


def gram_of(m: int, n: int, name: str) -> Workload:
    return Workload(name, "A.T*A", "A: M x N", ("A",), {"A": (m, n)}, lambda o, A: A.T @ A, gram)


WORKLOADS = (
    *(
        Workload(f"E1 Ax by A, {n}", "A*x", "A: M x N, x: N", ("A",), {"A": (n, n), "x": (n, 1)}, lambda o, A, x: A @ x, linear)
        for n in (64, 128, 256)
    ),
    *(gram_of(n, n, f"E2 AᵀA by A, {n}") for n in (16, 32, 48)),
    *(
        Workload(
            f"E3g ‖y − Φθ‖² by θ, {n} × {d}",
            "norm(y - Phi*theta)**2",
            "y: N, Phi: N x D, theta: D",
            ("theta",),
            {"y": (n, 1), "Phi": (n, d), "theta": (d, 1)},
            lambda o, y, Phi, theta: (y - Phi @ theta).T @ (y - Phi @ theta),
            regression,
        )
        for n, d in ((1000, 20), (10000, 50))
    ),
    *(features(*sizes) for sizes in ((100, 1, 10), (1000, 1, 100), (1000, 20, 100), (10000, 20, 10))),
    *(features(*sizes, order="F") for sizes in ((1000, 1, 100), (1000, 20, 100), (10000, 20, 10))),
    *(deep_features(*sizes) for sizes in ((100, 1, 10), (1000, 20, 30), (1000, 1, 100))),
    Workload(
        "E6 tanh(XWᵀ + 1bᵀ) by W, 20 × 5 → 8",
        "tanh(X*W.T + ones(n, 1)*b.T)",
        "X: n x p, W: h x p, b: h",
        ("W",),
        {"X": (20, 5), "W": (8, 5), "b": (8, 1)},
        lambda o, X, W, b: o.tanh(X @ W.T + o.ones((X.shape[0], 1)) @ b.T),
        layer,
    ),
    gram_of(3, 2, "E7 AᵀA by A, 3 × 2"),
)
