"""Names for what a page would otherwise repeat: inner layers, softmax values, long repeated parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count

from symjac.nodes.build import let, rebuild
from symjac.nodes.node import Elementwise, HadamardPower, Let, LogSumExp, Node, Norm, Softmax, postorder
from symjac.rules.collect import weight

LONG, LAYER = 12, 5
"""From this much to read on, a part that repeats is named, and a layer inside a larger expression."""

NONLINEAR = (Elementwise, Softmax, LogSumExp, HadamardPower)


def name_parts(root: Node, variables: frozenset[str]) -> Node:
    """Return the same expression with inner layers (z), residuals (e), softmax values (s) and repeated parts (u) named.

    Only what depends on the variables is named, since only that is differentiated.
    """
    nodes = [node for node in postorder(root) if not node.symbols.isdisjoint(variables)]
    wanted = {**_repeated(nodes), **_residuals(nodes), **_layers(nodes, root), **_probabilities(nodes)}
    wanted = {node: prefix for node, prefix in wanted.items() if node.args and not isinstance(node, Let)}
    if not isinstance(root, Softmax):
        wanted.pop(root, None)
    if not wanted:
        return root
    taken = set(root.symbols) | {str(s) for node in postorder(root) for size in node.shape for s in size.free_symbols}
    names = {prefix: _free_names(prefix, taken, list(wanted.values()).count(prefix)) for prefix in sorted(set(wanted.values()))}
    made: dict[Node, Node] = {}
    for node in postorder(root):
        rebuilt = rebuild(node, [made[arg] for arg in node.args])
        made[node] = let(next(names[wanted[node]]), rebuilt) if node in wanted else rebuilt
    return made[root]


def _repeated(nodes: list[Node]) -> dict[Node, str]:
    uses = Counter(arg for node in nodes for arg in node.args)
    return {node: "u" for node in nodes if uses[node] > 1 and weight(node) >= LONG}


def _residuals(nodes: list[Node]) -> dict[Node, str]:
    """Name what stands in a norm: it stands in the gradient again."""
    return {node.args[0]: "e" for node in nodes if isinstance(node, Norm) and weight(node.args[0]) >= LONG}


def _layers(nodes: list[Node], root: Node) -> dict[Node, str]:
    """Name the argument of a nonlinear function that holds another such function, or stands inside a larger expression."""
    holds: dict[Node, bool] = {}
    for node in nodes:
        holds[node] = isinstance(node, NONLINEAR) or (
            not isinstance(node, Let) and any(holds.get(arg, False) for arg in node.args)
        )
    within: set[Node] = set()
    for node in reversed(nodes):
        if (node in within or isinstance(node, NONLINEAR)) and not isinstance(node, Let):
            within.update(node.args)
    layers = [node for node in nodes if isinstance(node, NONLINEAR) and not node.is_scalar]
    nested = {node for node in layers if node in within or holds.get(node.args[0], False)}
    return {
        node.args[0]: "z"
        for node in layers
        if (node in nested and weight(node.args[0]) > 2) or (node is not root and weight(node.args[0]) >= LAYER)
    }


def _probabilities(nodes: list[Node]) -> dict[Node, str]:
    return {node: "s" for node in nodes if isinstance(node, Softmax)}


def _free_names(prefix: str, taken: set[str], number: int) -> Iterator[str]:
    """Yield z where one name is enough, else z1, z2, …, passing over names in use."""
    plain = [] if number > 1 or prefix in taken else [prefix]
    yield from plain
    yield from (name for i in count(1) if (name := f"{prefix}{i}") not in taken)
