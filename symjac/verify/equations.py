"""Where a derivative vanishes: what follows from ∇f = 0, by scaling, turning or solving it."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction

from symjac.meaning import readings
from symjac.nodes import build
from symjac.read.latex.tree import Derivative, Group, Name, Number, Plus, Product, Transposed, Tree, is_zero
from symjac.verify.board import Board
from symjac.verify.differentials import without_names
from symjac.verify.resolving import Resolver
from symjac.verify.verdict import WRONG

FACTORS = tuple(Fraction(sign * top, bottom) for top, bottom in ((1, 1), (1, 2), (2, 1), (1, 4), (4, 1)) for sign in (1, -1))
"""By what people multiply an equation without a word."""


class Consequence(Enum):
    """Whether a line follows from an equation; OPEN where nothing is seen either way."""

    FOLLOWS = "follows from the equation"
    REFUTED = "put in, it does not make the derivative zero"
    OPEN = "it is no identity, and not seen to follow from the equation above"


def consequence(board: Board, derivative: Derivative, left: Tree, right: Tree) -> Consequence:
    """Say whether left = right follows where a derivative is 0: it is that equation again, or it solves it."""
    resolver = Resolver(board, board.task.layout or board.default)
    equation = resolver.resolved(derivative)
    if _is_it_again(resolver, equation, left, right):
        return Consequence.FOLLOWS
    return _solves(resolver, equation, left, right)


def _is_it_again(resolver: Resolver, equation: Tree, left: Tree, right: Tree) -> bool:
    difference = left if is_zero(right) else Group(Plus((left, Group(right)), (1, -1)))
    scaled = [Product((Number(factor), Group(equation)), ("cdot",)) for factor in FACTORS]
    ways = [(one, side) for side in (difference, Transposed(difference)) for one in scaled]
    return any(resolver.board.is_equal(one, side, resolver.desk) for one, side in ways)


def _solves(resolver: Resolver, equation: Tree, left: Tree, right: Tree) -> Consequence:
    """Put a solution θ = … in, and see whether 0 comes out."""
    variable = resolver.board.variable(None)
    if left != Name(variable.name) or not isinstance(equation, Name):
        return Consequence.OPEN
    solution = readings(right, resolver.desk.world, [variable.shape])[0].meaning.node
    if solution is None or variable.name in solution.symbols:
        return Consequence.OPEN
    (value,) = build.substitute([without_names(resolver.nodes[equation.name])], {variable: without_names(solution)})
    resolver.nodes["solved"] = value
    verdict = resolver.board.equality(Name("solved"), Number(Fraction(0)), "", resolver.desk)
    if verdict:
        return Consequence.FOLLOWS
    return Consequence.REFUTED if verdict.status == WRONG else Consequence.OPEN
