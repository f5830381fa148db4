"""A claim about a differential, `dF = (dA)ᵀA + AᵀdA`: each dX is a symbol of its own, and the claim an identity."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from symjac.components import read
from symjac.errors import ParseError, UnsupportedError
from symjac.meaning import readings
from symjac.nodes import build
from symjac.nodes.node import Node, Symbol
from symjac.read.latex.tree import Differential, Letter, Name, Tree, walk
from symjac.verify.board import LineDesk
from symjac.verify.deadline import Deadline
from symjac.verify.derivatives import value_of
from symjac.verify.differentials import differential_of, moved_name
from symjac.verify.doors import Desk, Typed
from symjac.verify.question import Question
from symjac.verify.verdict import Verdict


def differentials_in(claim: Any, desk: Desk) -> Typed | None:
    """Return a claim in LaTeX in which a d stands; None for all others."""
    if not isinstance(claim, str) or "d" not in claim:
        return None
    try:
        typed = desk.statement(claim)
    except ParseError:
        return None
    moves = any(isinstance(part, Differential) for side in typed.sides for part in walk(side))
    return typed if moves else None


def differential_verdict(desk: Desk, function: Node | None, variable: Symbol, typed: Typed, deadline: Deadline) -> Verdict:
    """Judge what a claim says that the differential of a function is, the variable alone being in motion."""
    if function is None:
        raise UnsupportedError("a differential is judged for functions in matrix notation; this one has free letters")
    moved = moved_name(variable.name)
    if moved in desk.declared:
        raise ParseError(f"{moved} is declared, and d{variable.name} stands in the claim: give one of them another name")
    declared = {**desk.declared, moved: build.symbol(moved, *variable.shape)}
    moving = LineDesk(declared, desk.written, desk.definitions)
    sides = tuple(_resolved(side, desk, variable, moving) for side in typed.sides if not _is_of_the_function(side))
    if not sides:
        raise ParseError("a differential stands here, and nothing says what it is", typed.text, 1)
    value = differential_of(function, [variable.name])
    truth, table = value_of(read(value), value.shape)
    truth = replace(truth, node=lambda arrangement: value)
    question = Question(moving, truth, [table], lambda ordered: [], deadline, value, subject="differential")
    return question.of_statement(Typed(sides, None, typed.text))


def _is_of_the_function(side: Tree) -> bool:
    """Whether a side is dF, by a name that nothing declares: that of the function."""
    return isinstance(side, Differential) and isinstance(side.inner, Letter)


def _resolved(tree: Tree, desk: Desk, variable: Symbol, moving: LineDesk) -> Tree:
    """Return a side in which dX is the name of a symbol, and d of anything else what the rules make of it."""
    if not isinstance(tree, Differential):
        return tree.with_children(lambda child: _resolved(child, desk, variable, moving))
    if tree.inner == Name(variable.name):
        return Name(moved_name(variable.name), span=tree.span)
    node = readings(tree.inner, desk.world)[0].meaning.node
    if node is None:
        raise UnsupportedError("what stands under a d here has free letters")
    name = f"known{len(moving.nodes)}"
    moving.nodes[name] = differential_of(node, [variable.name])
    return Name(name, span=tree.span)
