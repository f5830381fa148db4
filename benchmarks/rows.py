"""What is derived: one expression per row, as text for symjac and as operations for the peers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from symjac.evaluate import size_value
from symjac.nodes.sizes import Shape
from symjac.read.declare import read_declarations

Array = NDArray[np.float64]


class Algebra(Protocol):
    """The operations in which the rows are written, on a peer's own matrices; + and − are its own."""

    def product(self, *factors: Any) -> Any: ...
    def transpose(self, matrix: Any) -> Any: ...
    def tanh(self, matrix: Any) -> Any: ...
    def kron(self, left: Any, right: Any) -> Any: ...
    def inverse(self, matrix: Any) -> Any: ...
    def log_det(self, matrix: Any) -> Any: ...


@dataclass(frozen=True)
class Row:
    """An expression and the variable it is differentiated by."""

    name: str
    text: str
    wrt: str
    given: str
    build: Callable[..., Any]

    @property
    def shapes(self) -> dict[str, Shape]:
        """The declared matrices, with symbolic sizes."""
        return {name: node.shape for name, node in read_declarations(self.given).items()}

    def sizes(self, n: int) -> dict[str, int]:
        """All sizes, each n."""
        return {symbol.name: n for shape in self.shapes.values() for size in shape for symbol in size.free_symbols}

    def dimensions(self, n: int) -> dict[str, tuple[int, int]]:
        """The declared matrices, with all sizes n."""
        sizes = self.sizes(n)
        return {name: (size_value(rows, sizes), size_value(cols, sizes)) for name, (rows, cols) in self.shapes.items()}

    def point(self, n: int) -> dict[str, Array]:
        """Random values; square matrices stay close to a multiple of I, so that inverses and log det exist."""
        rng = np.random.default_rng(0)
        values = {name: rng.uniform(-1, 1, shape) for name, shape in self.dimensions(n).items()}
        return {name: value + (n * np.eye(n) if name in ("S", "X") else 0) for name, value in values.items()}


def residual_square(o: Algebra, y: Any, Phi: Any, theta: Any) -> Any:
    residual = y - o.product(Phi, theta)
    return o.product(o.transpose(residual), residual)


def log_likelihood(o: Algebra, S: Any, x: Any) -> Any:
    return o.log_det(S) + o.product(o.transpose(x), o.inverse(S), x)


def one_hidden_layer(o: Algebra, W1: Any, b1: Any, W2: Any, b2: Any, x: Any) -> Any:
    return o.product(W2, o.tanh(o.product(W1, x) + b1)) + b2


def two_hidden_layers(o: Algebra, W1: Any, b1: Any, W2: Any, b2: Any, W3: Any, b3: Any, x: Any) -> Any:
    return o.product(W3, o.tanh(o.product(W2, o.tanh(o.product(W1, x) + b1)) + b2)) + b3


ROWS = (
    Row("Ax by x", "A*x", "x", "A: M x N, x: N", lambda o, A, x: o.product(A, x)),
    Row("Ax + b by x", "A*x + b", "x", "A: M x N, x: N, b: M", lambda o, A, x, b: o.product(A, x) + b),
    Row("Ax by A", "A*x", "A", "A: M x N, x: N", lambda o, A, x: o.product(A, x)),
    Row(
        "‖y − Φθ‖² by θ",
        "(y - Phi*theta)'*(y - Phi*theta)",
        "theta",
        "y: N, Phi: N x D, theta: D",
        residual_square,
    ),
    Row("AᵀA by A", "A'*A", "A", "A: M x N", lambda o, A: o.product(o.transpose(A), A)),
    Row("AXB by X", "A*X*B", "X", "A: M x N, X: N x P, B: P x Q", lambda o, A, X, B: o.product(A, X, B)),
    Row("A ⊗ B by A", "kron(A, B)", "A", "A: M x N, B: P x Q", lambda o, A, B: o.kron(A, B)),
    Row("X⁻¹ by X", "inv(X)", "X", "X: N x N", lambda o, X: o.inverse(X)),
    Row("log det S + xᵀS⁻¹x by S", "log(det(S)) + x'*inv(S)*x", "S", "S: N x N, x: N", log_likelihood),
    Row(
        "1 hidden layer by W₁",
        "W2*tanh(W1*x + b1) + b2",
        "W1",
        "W1: H x N, b1: H, W2: M x H, b2: M, x: N",
        one_hidden_layer,
    ),
    Row(
        "2 hidden layers by W₁",
        "W3*tanh(W2*tanh(W1*x + b1) + b2) + b3",
        "W1",
        "W1: H x N, b1: H, W2: K x H, b2: K, W3: M x K, b3: M, x: N",
        two_hidden_layers,
    ),
)

Values = Mapping[str, Array]
