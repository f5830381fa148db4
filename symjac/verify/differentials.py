"""Differentials in a working: what dK is, with dA as a symbol of its own."""

from __future__ import annotations

from collections.abc import Collection

from symjac.nodes.build import rebuild, replace, symbol
from symjac.nodes.node import Differential, Let, Node, Symbol, postorder
from symjac.rewrite import Differentiator, check_nesting
from symjac.rules.rule import DIFFERENTIAL, RULES


def moved_name(name: str) -> str:
    """Return the name of the symbol that dX becomes."""
    return f"d{name}"


def differential_of(node: Node, variables: Collection[str]) -> Node:
    """Return dF as an expression in which each dX is a symbol named so.

    >>> from symjac.nodes.build import product, symbol, transpose
    >>> from symjac.write.text import text
    >>> A = symbol("A", 3, 2)
    >>> text(differential_of(product(transpose(A), A), ["A"]))
    'dAᵀ A + Aᵀ dA'
    """
    plain = without_names(node)
    check_nesting(plain)
    rules = [rule for rule in RULES.values() if rule.phase == DIFFERENTIAL]
    found = Differentiator(rules, frozenset(variables)).run(plain, lambda before, after, rule: None)
    return replace(found, {one: _moved(one) for one in postorder(found) if isinstance(one, Differential)})


def _moved(differential: Differential) -> Node:
    (inner,) = differential.args
    assert isinstance(inner, Symbol)
    return symbol(moved_name(inner.name), *inner.shape)


def without_names(root: Node) -> Node:
    """Return an expression with its named intermediates put in."""
    done: dict[Node, Node] = {}
    for node in postorder(root):
        done[node] = done[node.args[0]] if isinstance(node, Let) else rebuild(node, [done[arg] for arg in node.args])
    return done[root]
