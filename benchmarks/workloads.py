"""What is evaluated: expressions at sizes, each with the name of its functions by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks import by_hand
from benchmarks.rows import Array
from symjac.nodes.sizes import ONE as SINGLE
from symjac.read.declare import read_declarations

Values = Mapping[str, Array]


MATRIX, SAMPLES, SOLUTION = "matrix", "samples", "solution"
"""What is computed: a Jacobian; one whose rows are the gradients of samples; or the value, that of a linear map."""


@dataclass(frozen=True)
class Workload:
    """An expression, its symbols' shapes, its value in any array library, and its Jacobian by hand.

    Where the value itself is computed, symjac takes it for the derivative in the direction of the variable.
    """

    name: str
    text: str
    given: str
    wrt: tuple[str, ...]
    shapes: Mapping[str, tuple[int, int]]
    value: Callable[..., Any]
    hand: Callable[..., Array]
    order: str = "C"
    kind: str = MATRIX

    def point(self) -> dict[str, Array]:
        """Return random values; vectors are columns."""
        rng = np.random.default_rng(0)
        return {name: rng.normal(size=shape) for name, shape in self.shapes.items()}

    def flat_point(self) -> dict[str, Array]:
        """Return the same values; what is declared as a vector or a scalar has no axis of size 1."""
        declared = {name: node.shape for name, node in read_declarations(self.given).items()}
        return {
            name: value.reshape([n for n, size in zip(value.shape, declared[name], strict=True) if size is not SINGLE])
            for name, value in self.point().items()
        }

    @property
    def result_shape(self) -> tuple[int, int]:
        rows, cols = self.hand(**self.point()).shape
        return rows, cols


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
    hand = by_hand.one_hidden if order == "C" else by_hand.one_hidden_by_columns
    name = f"E4 features, 1 hidden, n={n}, inputs {p}, width {h}{', F order' if order == 'F' else ''}"
    return Workload(name, ONE, ONE_GIVEN, ("W1", "b1", "W2", "b2"), shapes, one_value, hand, order, SAMPLES)


def deep_features(n: int, p: int, h: int) -> Workload:
    shapes = {"X": (n, p), "W1": (h, p), "b1": (h, 1), "W2": (h, h), "b2": (h, 1), "W3": (1, h), "b3": (1, 1)}
    wrt = ("W1", "b1", "W2", "b2", "W3", "b3")
    name = f"E5 features, 2 hidden, n={n}, inputs {p}, width {h}"
    return Workload(name, TWO, TWO_GIVEN, wrt, shapes, two_value, by_hand.two_hidden, kind=SAMPLES)


def linear_of(n: int) -> Workload:
    shapes = {"A": (n, n), "x": (n, 1)}
    return Workload(f"E1 Ax by A, {n}", "A*x", "A: M x N, x: N", ("A",), shapes, lambda o, A, x: A @ x, by_hand.linear)


def gram_of(m: int, n: int, name: str) -> Workload:
    return Workload(name, "A.T*A", "A: M x N", ("A",), {"A": (m, n)}, lambda o, A: A.T @ A, by_hand.gram)


def regression_of(n: int, d: int) -> Workload:
    return Workload(
        f"E3g ‖y − Φθ‖² by θ, {n} × {d}",
        "norm(y - Phi*theta)**2",
        "y: N, Phi: N x D, theta: D",
        ("theta",),
        {"y": (n, 1), "Phi": (n, d), "theta": (d, 1)},
        lambda o, y, Phi, theta: (y - Phi @ theta).T @ (y - Phi @ theta),
        by_hand.regression,
    )


def solution_of(n: int, d: int) -> Workload:
    return Workload(
        f"E3n (ΦᵀΦ)⁻¹Φᵀy, {n} × {d}",
        "(Phi.T*Phi)**-1*Phi.T*y",
        "Phi: N x D, y: N",
        ("y",),
        {"Phi": (n, d), "y": (n, 1)},
        lambda o, Phi, y: o.solve(Phi.T @ Phi, Phi.T @ y),
        by_hand.normal_solution,
        kind=SOLUTION,
    )


WORKLOADS = (
    *map(linear_of, (64, 128, 256)),
    *(gram_of(n, n, f"E2 AᵀA by A, {n}") for n in (16, 32, 48, 64)),
    *(regression_of(n, d) for n, d in ((1000, 20), (10000, 50))),
    *(solution_of(n, d) for n, d in ((1000, 20), (10000, 100))),
    *(features(*sizes) for sizes in ((100, 1, 10), (1000, 1, 100), (1000, 20, 100), (10000, 1, 10), (10000, 20, 10))),
    *(features(*sizes, order="F") for sizes in ((1000, 1, 100), (1000, 20, 100), (10000, 20, 10))),
    *(deep_features(*sizes) for sizes in ((100, 1, 10), (1000, 20, 30), (1000, 1, 100))),
    Workload(
        "E6 tanh(XWᵀ + 1bᵀ) by W, 20 × 5 → 8",
        "tanh(X*W.T + ones(n, 1)*b.T)",
        "X: n x p, W: h x p, b: h",
        ("W",),
        {"X": (20, 5), "W": (8, 5), "b": (8, 1)},
        lambda o, X, W, b: o.tanh(X @ W.T + o.ones((X.shape[0], 1)) @ b.T),
        by_hand.layer,
    ),
    gram_of(3, 2, "E7 AᵀA by A, 3 × 2"),
    Workload(
        "E7 tanh(Wx + b) by W, 3 → 2",
        "tanh(W*x + b)",
        "W: M x N, x: N, b: M",
        ("W",),
        {"W": (2, 3), "x": (3, 1), "b": (2, 1)},
        lambda o, W, x, b: o.tanh(W @ x + b),
        by_hand.neuron,
    ),
)

LARGE = features(10000, 20, 1000)
"""A feature matrix of 1.76 GB, whose peak memory is measured."""
