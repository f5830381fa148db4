"""The questions that claims answer: what is the derivative of this, and what equals it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from symjac.layout import Layout
from symjac.meaning import Meaning
from symjac.nodes.node import Node, Symbol
from symjac.verify.deadline import Deadline
from symjac.verify.derivatives import derivative_of, derivative_of_letters, value_of
from symjac.verify.doors import Desk
from symjac.verify.question import Question
from symjac.verify.truth import arrangements, lettered


def derivative_question(
    desk: Desk, meaning: Meaning, variable: Symbol, order: int, layout: Layout, deadline: Deadline
) -> Question:
    """Return the question what the derivative of a function is; a left side may ask it again, of another order or layout."""

    def asked(order: int, layout: Layout) -> Question:
        if meaning.node is not None:
            truth = derivative_of(meaning.node, variable, order)
        else:
            truth = derivative_of_letters(meaning, variable, order)
        lists = partial(lettered, truth, layout)
        return Question(desk, truth, arrangements(truth, layout), lists, deadline, meaning.node, variable, order, again=asked)

    return asked(order, layout)


def equality_question(
    desk: Desk, meaning: Meaning, deadline: Deadline, subject: str = "identity", function: Node | None = None
) -> Question:
    """Return the question what is equal to something; `function` is what a diagnosis may speak of."""
    truth, table = value_of(meaning.matrix, meaning.shape, meaning.letters)
    truth = replace(truth, node=lambda arrangement: meaning.node)
    letters = tuple(letter for letter, _ in meaning.letters) or None
    tables, lists = ([], [table]) if letters else ([table], [])
    return Question(desk, truth, tables, lambda ordered: lists, deadline, function, subject=subject, letters=letters)
