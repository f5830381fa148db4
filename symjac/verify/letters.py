"""Letters that count two different things in one line: f_i with i to M, beside A_{ji} with i to N."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from symjac.errors import SymjacError
from symjac.meaning import readings
from symjac.nodes.sizes import ONE, Shape, Size, size_text
from symjac.read.latex import written
from symjac.read.latex.tree import Indexed, Letter, Span, Summation, Tree
from symjac.verify.board import Board


class Use(NamedTuple):
    """What a letter counts at one place."""

    letter: str
    size: Size
    words: str
    span: Span


def conflict(board: Board, sides: Sequence[Tree]) -> tuple[str, Span] | None:
    """Return a sentence about the first letter that counts two different things, and the place of the second."""
    known: dict[tuple[int, str], Use] = {}
    for scope, use in _uses(board, sides):
        first = known.setdefault((scope, use.letter), use)
        if first.size != use.size:
            return f"The letter {use.letter} stands for two things: it counts {first.words} and {use.words}.", use.span
    return None


def _uses(board: Board, sides: Sequence[Tree]) -> Iterator[tuple[int, Use]]:
    """Yield every use of a letter, with the sum that binds it (0 for none)."""
    stack: list[tuple[Tree, dict[str, int]]] = [(side, {}) for side in reversed(sides)]
    sums = 0
    while stack:
        tree, bound = stack.pop()
        if isinstance(tree, Summation):
            sums += 1
            bound = {**bound, tree.letter.letter: sums}
        if isinstance(tree, Indexed):
            for use in _at(board, tree):
                yield bound.get(use.letter, 0), use
        stack.extend((child, bound) for child in reversed(tree.children))


def _at(board: Board, tree: Indexed) -> Iterator[Use]:
    shape = _shape(board, tree.base)
    if shape is None:
        return
    nouns = ("rows", "columns")
    axes = list(zip(shape, nouns, strict=True))
    if len(tree.indices) == 1:
        axes = [(size, "entries") for size in shape if size is not ONE]
    if len(axes) != len(tree.indices):
        return
    for index, (size, noun) in zip(tree.indices, axes, strict=True):
        if isinstance(index, Letter):
            yield Use(index.letter, size, f"the {size_text(size)} {noun} of {written(tree.base)}", tree.span)


def _shape(board: Board, base: Tree) -> Shape | None:
    try:
        return board.meaning(None).shape if board.is_own(base) else readings(base, board.desk.world)[0].meaning.shape
    except SymjacError:
        return None
