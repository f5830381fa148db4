"""Letters: entries, rows and columns, sums over a letter, cases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from symjac.meaning.products import transposed
from symjac.meaning.subscripts import dim_of
from symjac.meaning.typed import PLAIN, Candidate, NotConforming, Side, Typed, Typer, kept, refused
from symjac.meaning.unify import Dim, Unknown, dim_text, variable
from symjac.nodes.sizes import ONE
from symjac.read.latex.tree import (
    Cases,
    Conditions,
    Dots,
    Indexed,
    Letter,
    Name,
    Number,
    Plus,
    Relation,
    Summation,
    Tree,
)

Spot: TypeAlias = str | int | None
"""Where an axis is pointed at: a letter, an entry counted from 0, or nowhere: the whole axis."""


def spot(typer: Typer, tree: Tree) -> Spot:
    """Return where an index points."""
    if isinstance(tree, Letter):
        return tree.letter
    if isinstance(tree, Dots):
        return None
    if isinstance(tree, Number) and tree.value.denominator == 1:
        first = 0 if typer.world.zero_based else 1
        if tree.value < first:
            hint = "" if typer.world.zero_based else "; entries are counted from 1"
            raise refused(tree, f"there is no entry {tree.value}{hint}")
        return int(tree.value) - first
    if isinstance(tree, Name) and len(tree.name) == 1 and tree.name not in typer.world.symbols:
        return tree.name
    raise refused(tree, "an index is a letter or a number")


def letter_dim(typer: Typer) -> Dim:
    """Return a size variable for what an index counts."""
    return variable(next(typer.fresh))


def pointed(side: Side, place: Spot, dim: Dim) -> Side | None:
    """Return what is known once a letter counts an axis."""
    return side.join(Side(letters=((place, dim),))) if isinstance(place, str) else side


def indexed(typer: Typer, tree: Indexed) -> list[Candidate]:
    """Type entries x_i and A_ij, rows A_{i·}, and x_i for a row of X written as a column."""
    spots = tuple(spot(typer, index) for index in tree.indices)
    found: list[Candidate] = []
    bases = typer.of(tree.base)
    for typed, side in bases:
        found.extend(candidate.settled() for candidate in _entries(typed, side, spots, _text(tree.base)))
    if not found:
        count = {1: "one index", 2: "two indices"}.get(len(spots), f"{len(spots)} indices")
        raise NotConforming(tree.span, f"there is no entry with {count} like these in a matrix of {bases[0].shape_text}")
    return kept(found)


def _text(tree: Tree) -> str:
    return tree.name if isinstance(tree, Name) else "the matrix"


def _entries(typed: Typed, side: Side, spots: tuple[Spot, ...], name: str) -> Iterator[Candidate]:
    rows, cols = side.store.resolve(typed.rows), side.store.resolve(typed.cols)
    if len(spots) == 2:
        yield from _entry(typed, side, spots[0], spots[1])
    elif len(spots) == 1 and cols is ONE:
        yield from _entry(typed, side, spots[0], 0)
    elif len(spots) == 1 and rows is ONE:
        yield from _entry(typed, side, 0, spots[0])
    elif len(spots) == 1 and spots[0] is not None:
        for candidate in _entry(typed, side.taking("row-as-column", name=name), spots[0], None):
            yield candidate._replace(typed=transposed(candidate.typed))
        yield from _entry(typed, side.taking("column-of", name=name), None, spots[0])


def _entry(typed: Typed, side: Side, row: Spot, col: Spot) -> Iterator[Candidate]:
    known: Side | None = side
    for place, dim in ((row, typed.rows), (col, typed.cols)):
        if known is None or not _within(place, known.store.resolve(dim)):
            return
        known = pointed(known, place, dim)
    if known is None:
        return
    shape = (typed.rows if row is None else ONE, typed.cols if col is None else ONE)
    lettered = typed.indexed or isinstance(row, str) or isinstance(col, str)
    yield Candidate(Typed("entry", *shape, (typed,), (row, col), lettered), known)


def _within(place: Spot, dim: Dim) -> bool:
    return not isinstance(place, int) or isinstance(dim, Unknown) or not dim.is_Integer or place < int(dim)


# Sums over a letter


def summation(typer: Typer, tree: Summation) -> list[Candidate]:
    """Type Σ over a letter; the letter is gone above."""
    found: list[Candidate] = []
    failure = NotConforming(tree.span, "the limits of the sum do not fit what is summed")
    for typed, side in typer.of(tree.body):
        side = side.taking("sum-reaches", name=tree.letter.letter) if tree.reaches else side
        letters = dict(side.letters)
        dim = letters.pop(tree.letter.letter, None)
        present = dim is not None
        counted: Dim = dim if dim is not None else variable(next(typer.fresh))
        for known in _limited(typer, tree, side._replace(letters=tuple(letters.items())), counted):
            data = (tree.letter.letter, counted, present)
            found.append(Candidate(Typed("sigma", typed.rows, typed.cols, (typed,), data, indexed=True), known).settled())
    if not found:
        raise failure
    return kept(found)


def _limited(typer: Typer, tree: Summation, side: Side, dim: Dim) -> Iterator[Side]:
    """Yield what the limits of a sum say of the size that its letter counts."""
    low, high = tree.low, tree.high
    if high is None:
        yield side
        return
    zero = isinstance(low, Number) and low.value == 0
    if zero and isinstance(high, Plus) and high.signs[-1] == -1 and _is_number(high.terms[-1], 1):
        rest = high.terms[:-1]
        high = rest[0] if len(rest) == 1 else Plus(rest, high.signs[:-1], span=high.span)
    elif low is not None and not _is_number(low, 1):
        raise refused(low, "a sum that does not run over all entries, counted from 1, is not read")
    text = high.name if isinstance(high, Name) else high.letter if isinstance(high, Letter) else ""
    if text in typer.world.symbols and text not in typer.world.sizes:
        shown = dim_text(side.store.resolve(dim))
        yield side.taking("upper-limit", name=text, size=shown)
        return
    known = side.unify(dim, dim_of(typer, high))
    if known is not None:
        yield known


def _is_number(tree: Tree, value: int) -> bool:
    return isinstance(tree, Number) and tree.value == value


# Cases


def cases(typer: Typer, tree: Cases) -> list[Candidate]:
    """Type a cases environment: the first condition that holds counts."""
    states: list[tuple[tuple[Typed, ...], Side]] = [((), PLAIN)]
    for value in tree.values:
        states = [
            ((*terms, typed), both)
            for terms, side in states
            for typed, other in typer.of(value)
            if (both := side.join(other)) is not None
        ]
    conditions = tuple(_condition(typer, condition) for condition in tree.conditions)
    found = []
    for terms, side in states:
        known: Side | None = side
        for term in terms[1:]:
            known = known.unify(terms[0].rows, term.rows) if known is not None else None
            known = known.unify(terms[0].cols, term.cols) if known is not None else None
        for _, pairs in conditions:
            for _, left, right, dim in pairs:
                for place in (left, right):
                    known = pointed(known, place, dim) if known is not None else None
        if known is not None:
            typed = Typed("cases", terms[0].rows, terms[0].cols, terms, conditions, indexed=True)
            found.append(Candidate(typed, known).settled())
    if not found:
        raise NotConforming(tree.span, "the cases have different shapes, or a condition compares letters of different sizes")
    return kept(found)


Comparison: TypeAlias = tuple[bool, Spot, Spot, Dim]
"""Whether two indices are to be equal, or different; and the size that they count."""


def _condition(typer: Typer, tree: Conditions) -> tuple[str, tuple[Comparison, ...]]:
    """Return how comparisons are joined, and the comparisons; none at all is "otherwise"."""
    found: list[Comparison] = []
    for relation in tree.relations:
        if not isinstance(relation, Relation):
            raise refused(relation, "a condition compares indices")
        if tree.join == "or" and len(relation.signs) > 1:
            raise refused(relation, "a chain of equations beside an or is not read")
        for sign, left, right in zip(relation.signs, relation.sides, relation.sides[1:], strict=False):
            if sign not in ("=", "ne"):
                raise refused(relation, "conditions compare indices by = and ≠ only")
            found.append((sign == "=", spot(typer, left), spot(typer, right), variable(next(typer.fresh))))
    return tree.join, tuple(found)
