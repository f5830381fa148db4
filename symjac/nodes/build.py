"""How nodes are made: every constructor checks shapes and keeps one normal form.

What is normalised here is what no reader counts as a step: numbers move to the front, scalars into the
bag, brackets of sums and products flatten, identities and zeros vanish, transposes cancel. Everything else
is a rule with a name, and lives in `symjac.rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symjac.nodes.arithmetic import add, coefficient, is_positive, power, product, split_scalar, subtract, unit
from symjac.nodes.leaves import (
    FACTS,
    Number,
    basis,
    commutation,
    differential,
    dimension,
    identity,
    let,
    number,
    ones,
    symbol,
    zero,
)
from symjac.nodes.node import (
    Determinant,
    Diag,
    Diagonal,
    Differential,
    Elementwise,
    Hadamard,
    HadamardPower,
    Inverse,
    KhatriRao,
    Kronecker,
    Let,
    LogSumExp,
    MatrixPower,
    Node,
    Norm,
    Product,
    Softmax,
    Sum,
    Trace,
    Transpose,
    Vec,
    postorder,
)
from symjac.nodes.operations import (
    determinant,
    diag,
    diagonal,
    elementwise,
    hadamard,
    hadamard_power,
    inverse,
    is_symmetric,
    khatri_rao,
    kron,
    logsumexp,
    matrix_power,
    norm,
    softmax,
    sum_entries,
    trace,
    transpose,
    vec,
)

__all__ = [
    "FACTS",
    "Number",
    "add",
    "basis",
    "coefficient",
    "commutation",
    "determinant",
    "diag",
    "diagonal",
    "differential",
    "dimension",
    "elementwise",
    "hadamard",
    "hadamard_power",
    "identity",
    "inverse",
    "is_positive",
    "is_symmetric",
    "khatri_rao",
    "kron",
    "let",
    "logsumexp",
    "matrix_power",
    "norm",
    "number",
    "ones",
    "power",
    "product",
    "rebuild",
    "replace",
    "softmax",
    "split_scalar",
    "substitute",
    "subtract",
    "sum_entries",
    "symbol",
    "trace",
    "transpose",
    "unit",
    "vec",
    "zero",
]

_BUILDERS: dict[type[Node], Callable[..., Node]] = {
    Differential: differential,
    Sum: add,
    Hadamard: hadamard,
    Kronecker: kron,
    KhatriRao: khatri_rao,
    Transpose: transpose,
    Inverse: inverse,
    Trace: trace,
    Determinant: determinant,
    Norm: norm,
    Softmax: softmax,
    LogSumExp: logsumexp,
    Vec: vec,
    Diag: diag,
    Diagonal: diagonal,
}


def rebuild(node: Node, args: Sequence[Node]) -> Node:
    """Return the same operation on other arguments, normalised."""
    if tuple(args) == node.args:
        return node
    if isinstance(node, Product):
        exponents = node.data[1]
        scalars = (power(base, e) for base, e in zip(args, exponents, strict=False))
        return product(node.coefficient, *scalars, *args[len(exponents) :])
    if isinstance(node, Elementwise):
        return elementwise(node.function, args[0])
    if isinstance(node, HadamardPower):
        return hadamard_power(args[0], node.exponent)
    if isinstance(node, MatrixPower):
        return matrix_power(args[0], node.exponent)
    if isinstance(node, Let):
        return let(node.name, args[0])
    return _BUILDERS[type(node)](*args)


def substitute(roots: Sequence[Node], mapping: dict[Node, Node]) -> list[Node]:
    """Return nodes with every key of `mapping` replaced, also inside named intermediates."""
    done = dict(mapping)
    for node in postorder(*roots):
        if node not in done:
            done[node] = rebuild(node, [done[arg] for arg in node.args])
    return [done[root] for root in roots]


def replace(root: Node, mapping: dict[Node, Node]) -> Node:
    """Return `root` with every key of `mapping` replaced, outermost first; named intermediates are not entered."""
    done: dict[Node, Node] = dict(mapping)
    stack = [root]
    while stack:
        node = stack[-1]
        if node in done:
            stack.pop()
            continue
        missing = [] if isinstance(node, Let) else [arg for arg in node.args if arg not in done]
        if missing:
            stack.extend(reversed(missing))
            continue
        done[node] = node if isinstance(node, Let) else rebuild(node, [done[arg] for arg in node.args])
        stack.pop()
    return done[root]
