"""Differentials in a working: what dK is, with dA as a symbol of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from symjac.nodes.build import rebuild, replace, symbol
from symjac.nodes.node import Differential, Let, Node, Symbol, postorder
from symjac.read.latex import tree as formula
from symjac.read.latex.tree import Name, Span, Tree, walk
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


def moved_symbol(variable: Symbol) -> Symbol:
    """Return the symbol that dX becomes."""
    return symbol(moved_name(variable.name), *variable.shape)


def _moved(differential: Differential) -> Node:
    (inner,) = differential.args
    assert isinstance(inner, Symbol)
    return moved_symbol(inner)


def named(node: Node, nodes: dict[str, Node], span: Span) -> Name:
    """Return a name for an expression that stands inside a line; `nodes` says what it is."""
    name = f"known{len(nodes)}"
    nodes[name] = node
    return Name(name, span=span)


def resolved_differential(
    tree: formula.Differential, moving: Collection[str], node_of: Callable[[Tree], Node], nodes: dict[str, Node]
) -> Name:
    """Return a name for a d in a line: dX of what moves is a symbol, and dF what the rules of differentials make of it."""
    if isinstance(tree.inner, Name) and tree.inner.name in moving:
        return Name(moved_name(tree.inner.name), span=tree.span)
    return named(differential_of(node_of(tree.inner), moving), nodes, tree.span)


def speaks_of_differentials(sides: Iterable[Tree]) -> bool:
    """Whether a d stands somewhere in the sides of a line."""
    return any(isinstance(part, formula.Differential) for side in sides for part in walk(side))


def without_names(root: Node) -> Node:
    """Return an expression with its named intermediates put in."""
    done: dict[Node, Node] = {}
    for node in postorder(root):
        done[node] = done[node.args[0]] if isinstance(node, Let) else rebuild(node, [done[arg] for arg in node.args])
    return done[root]
