"""A claim about a differential, `dF = (dA)ᵀA + AᵀdA`: each dX is a symbol of its own, and the claim an identity."""

from __future__ import annotations

from symjac.errors import ParseError, UnsupportedError
from symjac.meaning import meaning_of, readings
from symjac.nodes.node import Node, Symbol
from symjac.read.latex.tree import Differential, Letter, Tree
from symjac.verify.asking import equality_question
from symjac.verify.board import LineDesk
from symjac.verify.deadline import Deadline
from symjac.verify.differentials import differential_of, moved_symbol, resolved_differential
from symjac.verify.doors import Desk, Typed
from symjac.verify.verdict import Verdict


def differential_verdict(desk: Desk, function: Node | None, variable: Symbol, deadline: Deadline, typed: Typed) -> Verdict:
    """Judge what a claim says that the differential of a function is, the variable alone being in motion."""
    if function is None:
        raise UnsupportedError("a differential is judged for functions in matrix notation; this one has free letters")
    moved = moved_symbol(variable)
    if moved.name in desk.declared:
        raise ParseError(f"{moved.name} is declared, and d{variable.name} stands in the claim: give one of them another name")
    moving = LineDesk({**desk.declared, moved.name: moved}, desk.written, desk.definitions)
    sides = tuple(_resolved(side, desk, variable, moving) for side in typed.sides if not _is_of_the_function(side))
    if not sides:
        raise ParseError("a differential stands here, and nothing says what it is", typed.text, 1)
    value = differential_of(function, [variable.name])
    question = equality_question(moving, meaning_of(value), deadline, "differential", value)
    return question.of_statement(Typed(sides, None, typed.text))


def _is_of_the_function(side: Tree) -> bool:
    """Whether a side is dF, by a name that nothing declares: that of the function."""
    return isinstance(side, Differential) and isinstance(side.inner, Letter)


def _resolved(tree: Tree, desk: Desk, variable: Symbol, moving: LineDesk) -> Tree:
    """Return a side in which every d is a name."""
    if isinstance(tree, Differential):
        return resolved_differential(tree, [variable.name], lambda inner: _node(inner, desk), moving.nodes)
    return tree.with_children(lambda child: _resolved(child, desk, variable, moving))


def _node(tree: Tree, desk: Desk) -> Node:
    node = readings(tree, desk.world)[0].meaning.node
    if node is None:
        raise UnsupportedError("what stands under a d here has free letters")
    return node
