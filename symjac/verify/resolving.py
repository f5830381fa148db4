"""Derivatives and differentials that stand inside a line: each becomes the expression that it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from symjac.arrange import arranged
from symjac.derive import derive
from symjac.errors import ParseError, UnsupportedError
from symjac.layout import Layout
from symjac.meaning import readings
from symjac.nodes import build
from symjac.nodes.node import Node, Symbol
from symjac.nodes.sizes import ONE
from symjac.read.latex import Names, parse, written
from symjac.read.latex.tree import (
    Derivative,
    Differential,
    Group,
    Indexed,
    Name,
    Number,
    Special,
    Transposed,
    Tree,
    walk,
)
from symjac.verify.board import Board, LineDesk, is_numbered
from symjac.verify.differentials import (
    differential_of,
    moved_name,
    moved_symbol,
    named,
    resolved_differential,
    without_names,
)
from symjac.verify.doors import Desk
from symjac.write.latex import latex


def needs_resolving(tree: Tree) -> bool:
    """Whether a derivative or a differential stands somewhere in a side."""
    return any(isinstance(part, Derivative | Differential) for part in walk(tree))


@dataclass
class Resolver:
    """Resolves the sides of one line; `desk` reads what comes of it.

    `layout` says how whole derivatives are laid out.
    """

    board: Board
    layout: Layout
    moving: frozenset[str] = frozenset()
    nodes: dict[str, Node] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        """The desk that knows what was resolved."""
        plain = self.board.desk
        moved = {moved_name(name): moved_symbol(plain.declared[name]) for name in sorted(self.moving)}
        return LineDesk({**plain.declared, **moved}, plain.written, plain.definitions, nodes=self.nodes)

    def resolved(self, tree: Tree) -> Tree:
        """Return a side without derivatives and differentials."""
        if isinstance(tree, Derivative):
            return self._derivative(tree)
        if isinstance(tree, Differential):
            return resolved_differential(tree, self.moving, self._node, self.nodes)
        return tree.with_children(self.resolved)

    # Differentials

    def _node(self, tree: Tree | None, desk: Desk | None = None) -> Node:
        base = tree.inner if isinstance(tree, Group) else tree
        if desk is None:
            meaning = self.board.meaning(base)
        else:
            assert base is not None
            meaning = readings(base, desk.world)[0].meaning
        if meaning.node is None:
            raise UnsupportedError("what stands under this d has free letters")
        return meaning.node

    # Derivatives

    def _derivative(self, tree: Derivative) -> Tree:
        if tree.order != 1:
            raise UnsupportedError("a second derivative inside a formula is not read")
        node, variable = self._asked(tree)
        of, wrt = (part.indices if isinstance(part, Indexed) else () for part in (tree.of, tree.wrt))
        if wrt:
            return self._entries(node, variable, of, wrt, tree)
        if of and not is_numbered(tree.of):
            raise UnsupportedError("letters on a derivative stand above and below, as in ∂f_i/∂x_j")
        layout = Layout(self.layout.of, self.layout.wrt, "denominator" if tree.transposed else self.layout.orientation)
        found = arranged(derive(node, [variable]), 0, layout)[0]
        return named(self._put_back(found, variable), self.nodes, tree.span)

    def _asked(self, tree: Derivative) -> tuple[Node, Symbol]:
        """Return what is differentiated, and by what; a name that is defined beside the formula is taken as a variable."""
        of = tree.of.base if isinstance(tree.of, Indexed) else tree.of
        wrt = tree.wrt.base if isinstance(tree.wrt, Indexed) else tree.wrt
        plain = self.board.desk
        if wrt is None or (isinstance(wrt, Name) and wrt.name in plain.declared):
            return without_names(self._node(of)), self.board.variable(wrt)
        if not isinstance(wrt, Name):
            raise ParseError("a derivative is taken by a name")
        value = self._node(wrt)
        variable = build.symbol(wrt.name, *value.shape)
        others = [one for one in plain.definitions if one.partition("=")[0].strip() != wrt.name]
        desk = Desk({**plain.declared, wrt.name: variable}, plain.written, others)
        ways = [Name(self.board.named), *self.board.ways] if of is None or self.board.is_own(of) else [of]
        for way in ways:
            node = without_names(self._node(way, desk))
            if wrt.name in node.symbols:
                return node, variable
        raise UnsupportedError(
            f"nothing here says how {written(ways[0])} depends on {written(wrt)}: write it by way of it first"
        )

    def _put_back(self, node: Node, variable: Symbol) -> Node:
        """Return an expression with what a variable stands for, where it was defined beside the formula."""
        if variable.name in self.board.desk.declared:
            return node
        return build.substitute([node], {variable: self._node(Name(variable.name))})[0]

    def _entries(self, node: Node, variable: Symbol, of: tuple[Tree, ...], wrt: tuple[Tree, ...], tree: Tree) -> Tree:
        """Return ∂F_ij/∂X_kl: entry (i, j) of dF where dX is E_kl."""
        moved = differential_of(node, [variable.name])
        moved = self._put_back(moved, variable)
        declared = {**self.board.desk.declared, moved_name(variable.name): moved_symbol(variable)}
        text = latex(moved)
        found = parse(text, Names.of(declared)).sides[0]
        pointed = _replaced(found, moved_name(variable.name), _single(variable, wrt))
        return Indexed(Group(pointed, span=tree.span), of, span=tree.span) if of else Group(pointed, span=tree.span)


def _single(variable: Symbol, letters: tuple[Tree, ...]) -> Tree:
    """Return what dX is when one entry moves: E_kl, e_k, e_kᵀ, or 1."""
    if variable.is_scalar:
        return Number(Fraction(1))
    if variable.cols is ONE:
        return Special("unit", indices=letters)
    return Transposed(Special("unit", indices=letters)) if variable.rows is ONE else Special("single", indices=letters)


def _replaced(tree: Tree, name: str, by: Tree) -> Tree:
    return by if tree == Name(name) else tree.with_children(lambda child: _replaced(child, name, by))
