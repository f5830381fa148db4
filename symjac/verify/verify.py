"""verify and verify_identity: the two questions people ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from symjac.errors import DomainError, ParseError, ShapeError
from symjac.layout import Layout, checked_layout
from symjac.meaning import Meaning, readings
from symjac.nodes.node import Node, Symbol
from symjac.read.from_sympy import from_sympy
from symjac.read.tokens import suggestion
from symjac.verify.asking import derivative_question, equality_question
from symjac.verify.deadline import Deadline
from symjac.verify.derivatives import FIRST, SECOND
from symjac.verify.doors import Desk, likelier
from symjac.verify.moving import differential_verdict
from symjac.verify.verdict import Verdict

SECONDS = 3.0
"""How long a judgement may take before it is undecided."""


def verify(
    claim: Any,
    f: Any,
    wrt: Any,
    given: str | None = None,
    layout: Layout | None = None,
    names: Mapping[str, str] | None = None,
    definitions: Sequence[str] | None = None,
    order: int = 1,
) -> Verdict:
    """Judge a claimed derivative of `f` by `wrt`.

    >>> verify("2*A.T*(A*x - b)", "norm(A*x - b)**2", "x", given="A: M x N, x: N, b: M").status
    'convention'
    >>> print(verify("2*A", "A*x", "x", given="A: M x N, x: N").counterexample)
    for M = 2, N = 2, A = [[2, -2], [-2, 1]], entry (1, 1) is 2 and not 4
    """
    desk = Desk.of(given, names, definitions)
    desk.meet(f, wrt, claim)
    variable = _variable(wrt, desk)
    declared = checked_layout(layout)
    if order not in (FIRST, SECOND):
        raise DomainError(f"order={order!r}: a first or a second derivative is judged")
    deadline = Deadline(SECONDS)
    meaning, liberties = _meaning(f, desk, variable)
    desk = desk.supposing(meaning.node) if isinstance(claim, str) else desk

    question = derivative_question(desk, meaning, variable, order, declared, deadline)
    question = replace(question, moved=partial(differential_verdict, desk, meaning.node, variable, deadline))
    verdict = question.answer(claim)
    said = tuple(f"in the function, {liberty}" for liberty in liberties if liberty not in verdict.remarks)
    return replace(verdict, remarks=(*verdict.remarks, *said)) if said else verdict


def _meaning(expression: Any, desk: Desk, variable: Symbol | None = None) -> tuple[Meaning, tuple[str, ...]]:
    """Return what a function, or one side of an identity, says (of f(x) = … the last side), and the liberties taken."""
    if not isinstance(expression, str):
        node = desk.node(expression)
        return Meaning(node, node.shape), ()
    try:
        node = desk.node(expression)
        return Meaning(node, node.shape), ()
    except (ParseError, ShapeError) as error:
        try:
            side = desk.statement(expression).sides[-1]
            world = desk.world_without_facts(variable) if variable is not None else desk.world
            found = readings(side, world, summing=variable is not None)
        except ParseError as other:
            raise likelier(expression, error, other) from None
    if len(found) > 1:
        ways = "; or ".join("; ".join(reading.remarks) or "as it stands" for reading in found)
        raise ParseError(f"this can be read in several ways: {ways}", expression)
    meaning, liberties = found[0].meaning, found[0].remarks
    return replace(meaning, node=desk.node(meaning.node)) if meaning.node is not None else meaning, liberties


def verify_identity(
    lhs: Any,
    rhs: Any,
    given: str | None = None,
    names: Mapping[str, str] | None = None,
    definitions: Sequence[str] | None = None,
) -> Verdict:
    """Judge whether two expressions are equal.

    >>> verify_identity("inv(A*B)", "inv(B)*inv(A)", given="A, B: N x N").evidence
    'proved for all sizes'
    >>> print(verify_identity("A*B", "B*A", given="A, B: N x N").counterexample.sizes)
    {'N': 2}
    """
    desk = Desk.of(given, names, definitions)
    desk.meet(lhs, rhs)
    meaning, _ = _meaning(lhs, desk)
    return equality_question(desk, meaning, Deadline(SECONDS)).answer(rhs)


def _variable(wrt: Any, desk: Desk) -> Symbol:
    """Return the symbol to differentiate by."""
    if isinstance(wrt, str):
        if wrt not in desk.declared:
            known = list(desk.declared)
            raise DomainError(f"{wrt!r} is no declared symbol{suggestion(wrt, known)}; there are {', '.join(known) or 'none'}")
        return desk.declared[wrt]
    node = wrt if isinstance(wrt, Node) else from_sympy(wrt)
    if not isinstance(node, Symbol):
        raise DomainError(f"{wrt} is not a symbol: a derivative is taken by a declared name")
    return desk.declared[node.name]
