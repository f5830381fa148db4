"""Forms of an expression that neither overflow nor cancel: log(softmax(x)) and log(sigmoid(x)) by what they are."""

from __future__ import annotations

from symjac.nodes.build import elementwise, logsumexp, ones, product, rebuild, subtract
from symjac.nodes.functions import LOG, SIGMOID, SOFTPLUS
from symjac.nodes.node import Elementwise, Let, Node, Softmax, postorder


def stable(root: Node) -> Node:
    """Return an equal expression whose derivative is computed without dividing by a probability.

    log(softmax(x)) = x − 1 logsumexp(x), log(sigmoid(x)) = −softplus(−x).
    """
    made: dict[Node, Node] = {}
    for node in postorder(root):
        rebuilt = rebuild(node, [made[arg] for arg in node.args])
        made[node] = _stable_log(rebuilt) if isinstance(rebuilt, Elementwise) and rebuilt.function == LOG else rebuilt
    return made[root]


def _stable_log(node: Node) -> Node:
    (arg,) = node.args
    value = arg.value if isinstance(arg, Let) else arg
    if isinstance(value, Softmax):
        (inner,) = value.args
        return subtract(inner, product(ones(inner.rows), logsumexp(inner), ones(1, inner.cols)))
    if isinstance(value, Elementwise) and value.function == SIGMOID:
        return product(-1, elementwise(SOFTPLUS, product(-1, value.args[0])))
    return node
