"""Typed vertices: what a formula says once shapes are settled, before it becomes a node or an index form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any, NamedTuple, Protocol

from symjac.errors import ParseError, ShapeError
from symjac.meaning.costs import COSTS, sentence
from symjac.meaning.unify import NOTHING, Dim, Store, dim_text, is_known
from symjac.meaning.world import World
from symjac.nodes.sizes import ONE
from symjac.read.latex.tree import Apply, Name, Rule, Span, Tree

MAX_CANDIDATES = 12
"""At most so many ways to type a part are kept."""


class NotConforming(ShapeError):  # noqa: N818
    """The shapes in a formula do not fit together; `span` says where, `sentence` how."""

    def __init__(self, span: Span, sentence: str):
        self.span = span
        self.sentence = sentence
        super().__init__(sentence)


class RefusedError(ParseError):
    """A part is understood as text and not as mathematics; `span` says where, `sentence` why."""

    def __init__(self, span: Span, sentence: str):
        self.span = span
        self.sentence = sentence
        super().__init__(sentence, "", span[0] + 1)


def refused(tree: Tree, sentence: str) -> RefusedError:
    """Return the error for a part of a formula."""
    return RefusedError(tree.span, sentence)


class Typed(NamedTuple):
    """A head over typed arguments, with its shape.

    `indexed` says that a letter stands somewhere below, so that there is no node; `entrywise` that this is a function of every
    entry, or a Hadamard product.
    """

    head: str
    rows: Dim
    cols: Dim
    args: tuple[Typed, ...] = ()
    data: Any = None
    indexed: bool = False
    entrywise: bool = False

    @property
    def is_scalar(self) -> bool:
        """Whether this is known to be 1×1."""
        return self.rows is ONE and self.cols is ONE

    @property
    def is_column(self) -> bool:
        return self.cols is ONE and self.rows is not ONE

    @property
    def is_row(self) -> bool:
        return self.rows is ONE and self.cols is not ONE


Letters = tuple[tuple[str, Dim], ...]


class Remark(NamedTuple):
    """A liberty that was taken, in words, and what it costs; taken twice, it costs as much as once."""

    sentence: str
    cost: int


class Side(NamedTuple):
    """What goes with a way to type: what is known of sizes, the liberties taken, and the free letters."""

    store: Store = NOTHING
    remarks: tuple[Remark, ...] = ()
    letters: Letters = ()

    @property
    def cost(self) -> int:
        return sum(remark.cost for remark in self.remarks)

    def join(self, other: Side) -> Side | None:
        """Return both together, None where they contradict each other."""
        if other is PLAIN:
            return self
        if self is PLAIN:
            return other
        store = self.store.merge(other.store)
        letters = dict(self.letters)
        for letter, dim in other.letters:
            known = letters.setdefault(letter, dim)
            store = store.unify(known, dim) if store is not None else None
        if store is None:
            return None
        remarks = tuple(dict.fromkeys((*self.remarks, *other.remarks)))
        return Side(store, remarks, tuple(letters.items()))

    def clash(self, other: Side) -> str:
        """Say which letter counts two sizes, if one does."""
        mine = dict(self.letters)
        store = self.store.merge(other.store)
        for letter, dim in other.letters:
            if store is None:
                break
            known = mine.get(letter, dim)
            one, two = store.resolved(known, dim)
            store = store.unify(known, dim)
            if store is None:
                return f"{letter} runs to {dim_text(one)} and to {dim_text(two)}"
        return ""

    def unify(self, left: Dim, right: Dim) -> Side | None:
        """Return this once two sizes are equal, None where they can't be."""
        store = self.store.unify(left, right)
        return self if store is self.store else None if store is None else self._replace(store=store)

    def taking(self, liberty: str, **fields: str) -> Side:
        """Return this with a liberty taken, at its cost."""
        remark = Remark(sentence(liberty, **fields), COSTS[liberty].cost)
        return self if remark in self.remarks else self._replace(remarks=(*self.remarks, remark))


PLAIN = Side()


class Candidate(NamedTuple):
    """One way to type a part."""

    typed: Typed
    side: Side = PLAIN

    @property
    def shape(self) -> tuple[Dim, Dim]:
        """The shape, as far as it is known."""
        return self.side.store.resolve(self.typed.rows), self.side.store.resolve(self.typed.cols)

    def settled(self) -> Candidate:
        """Return this with its shape resolved."""
        rows, cols = self.shape
        if rows is self.typed.rows and cols is self.typed.cols:
            return self
        return self._replace(typed=self.typed._replace(rows=rows, cols=cols))

    @property
    def shape_text(self) -> str:
        rows, cols = self.shape
        return f"{dim_text(rows)} × {dim_text(cols)}"


class Typer(Protocol):
    """Who types the parts below."""

    world: World
    fresh: count[int]

    def of(self, tree: Tree) -> list[Candidate]: ...

    def definition(self, tree: Name) -> list[Candidate]: ...

    def rule(self, tree: Apply, rule: Rule) -> list[Candidate]: ...


Typing = Callable[[Typer, Any], list[Candidate]]
"""How one kind of vertex is typed."""


def kept(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates worth keeping: of those with one known shape the cheapest, and not too many of all."""
    found = list(candidates)
    if len(found) < 2:
        return found
    found.sort(key=lambda candidate: candidate.side.cost)
    best: dict[Any, int] = {}
    result = []
    for candidate in found:
        rows, cols = candidate.shape
        if is_known(rows) and is_known(cols) and not candidate.side.store.waiting:
            key = (rows, cols, candidate.side.letters)
            if best.setdefault(key, candidate.side.cost) < candidate.side.cost:
                continue
        if candidate not in result:
            result.append(candidate)
    return result[:MAX_CANDIDATES]


def mapped(
    candidates: Sequence[Candidate], change: Callable[[Typed, Side], Candidate | Iterable[Candidate] | None]
) -> list[Candidate]:
    """Return what a change makes of every candidate, those left out where it makes nothing."""
    found: list[Candidate] = []
    for candidate in candidates:
        made = change(*candidate)
        if isinstance(made, Candidate):
            found.append(made.settled())
        elif made is not None:
            found.extend(one.settled() for one in made)
    return kept(found)


def unary(head: str, typed: Typed, rows: Dim, cols: Dim, data: Any = None, entrywise: bool = False) -> Typed:
    """Return a head over one argument."""
    return Typed(head, rows, cols, (typed,), data, typed.indexed, entrywise)


def binary(head: str, left: Typed, right: Typed, rows: Dim, cols: Dim, entrywise: bool = False, data: Any = None) -> Typed:
    """Return a head over two arguments."""
    return Typed(head, rows, cols, (left, right), data, left.indexed or right.indexed, entrywise)
