"""Whether a derivative needs the chain rule, or the product rule."""

from __future__ import annotations

from symjac.diagnose.case import Case
from symjac.nodes.node import (
    Determinant,
    Elementwise,
    Hadamard,
    HadamardPower,
    Inverse,
    Kronecker,
    LogSumExp,
    MatrixPower,
    Node,
    Norm,
    Product,
    Softmax,
    postorder,
)
from symjac.read.latex.tree import Apply, walk

_BENT = (Elementwise, HadamardPower, Norm, Determinant, Inverse, MatrixPower, Softmax, LogSumExp)


def bends(node: Node | None) -> bool:
    """Whether a function is composed of others: something nonlinear stands in it."""
    if node is None:
        return False
    return any(isinstance(n, _BENT) or (isinstance(n, Product) and any(e != 1 for _, e in n.bag)) for n in postorder(node))


def composes(case: Case) -> bool:
    """Whether the function of a case is composed of others; without a formula of it, the claim's functions tell."""
    if case.f is not None or case.tree is None:
        return bends(case.f)
    return any(isinstance(part, Apply) and part.function not in ("tr", "diag", "vec") for part in walk(case.tree))


def multiplies(node: Node, variable: str) -> bool:
    """Whether two factors of some product in a function depend on a variable."""
    for part in postorder(node):
        if variable not in part.symbols:
            continue
        if isinstance(part, MatrixPower | Norm | HadamardPower):
            return True
        if isinstance(part, Product | Hadamard | Kronecker):
            exponents = part.data[1] if isinstance(part, Product) else ()
            moved = [k for k, arg in enumerate(part.args) if variable in arg.symbols]
            if len(moved) > 1 or any(k < len(exponents) and exponents[k] > 1 for k in moved):
                return True
    return False
