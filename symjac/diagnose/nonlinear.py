"""Whether a derivative needs the chain rule."""

from __future__ import annotations

from symjac.nodes.node import (
    Determinant,
    Elementwise,
    HadamardPower,
    Inverse,
    LogSumExp,
    MatrixPower,
    Node,
    Norm,
    Product,
    Softmax,
    postorder,
)

_BENT = (Elementwise, HadamardPower, Norm, Determinant, Inverse, MatrixPower, Softmax, LogSumExp)


def bends(node: Node | None) -> bool:
    """Whether a function is composed of others: something nonlinear stands in it."""
    if node is None:
        return False
    return any(isinstance(n, _BENT) or (isinstance(n, Product) and any(e != 1 for _, e in n.bag)) for n in postorder(node))
