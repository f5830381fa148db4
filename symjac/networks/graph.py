"""A network as nodes: every z and h under its name, for one input or for a batch; its losses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from symjac.networks.activations import SOFTMAX, Output
from symjac.networks.architecture import Architecture, Layer
from symjac.nodes.build import (
    add,
    diag,
    elementwise,
    hadamard_power,
    let,
    ones,
    product,
    softmax,
    symbol,
    transpose,
)
from symjac.nodes.functions import EXP
from symjac.nodes.node import Let, Node, Symbol


@dataclass(frozen=True)
class Graph:
    """One expression of a network: the input, the named pre-activations and activations in order, the output."""

    input: Symbol
    intermediates: tuple[Let, ...]
    logits: Node
    """The pre-activation of the output."""
    output: Node

    @property
    def is_batch(self) -> bool:
        """Whether the input holds a sample a row."""
        return "X" in self.input.symbols


def single(architecture: Architecture) -> Graph:
    """Return the network of one input, a column: z = Wh + b, h = σ(z)."""
    return _graph(
        architecture, symbol("x", architecture.n_in), "z{} h{} y_hat", lambda layer, h: add(product(layer.W, h), layer.b)
    )


def batch(architecture: Architecture) -> Graph:
    """Return the network of a batch, a sample a row: Z = HWᵀ + 1bᵀ, H = σ(Z)."""
    n = architecture.samples

    def affine(layer: Layer, H: Node) -> Node:
        return add(product(H, transpose(layer.W)), product(ones(n), transpose(layer.b)))

    return _graph(architecture, symbol("X", n, architecture.n_in), "Z{} H{} Y_hat", affine)


def _graph(architecture: Architecture, start: Symbol, names: str, affine: Callable[[Layer, Node], Node]) -> Graph:
    h: Node = start
    parts: list[Node] = []
    z_name, h_name, y_name = names.split()
    last = architecture.layers[-1]
    for layer in architecture.layers:
        function = architecture.function(layer)
        ends = layer is last
        z = let(y_name if ends and function is None else z_name.format(layer.number), affine(layer, h))
        h = z if function is None else let(y_name if ends else h_name.format(layer.number), _applied(function, z, names))
        parts.extend([z] if h is z else [z, h])
    return Graph(start, tuple(part for part in parts if isinstance(part, Let)), z, h)


def _applied(function: Output, z: Node, names: str) -> Node:
    if function != SOFTMAX:
        assert not isinstance(function, str)
        assert function is not None
        return elementwise(function, z)
    if names.startswith("z"):
        return softmax(z)
    raised = elementwise(EXP, z)
    return product(diag(hadamard_power(product(raised, ones(z.cols)), Fraction(-1))), raised)
