"""Sums by shape: terms of one shape, or a number beside matrices, which people write and mean in two ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from symjac.meaning.products import shape_text, transposed
from symjac.meaning.typed import MAX_CANDIDATES, Candidate, NotConforming, Side, Typed, Typer, binary, kept
from symjac.meaning.unify import Dim, is_known
from symjac.nodes.sizes import ONE
from symjac.read.latex.tree import Plus, is_zero

SCALAR = "a scalar"
"""What is said for a scalar that is not a plain number."""


class State(NamedTuple):
    """The terms so far, with their common shape."""

    terms: tuple[Typed, ...]
    side: Side

    @property
    def shape(self) -> tuple[Dim, Dim]:
        rows, cols = self.terms[-1].rows, self.terms[-1].cols
        return self.side.store.resolve(rows), self.side.store.resolve(cols)


def plus(typer: Typer, tree: Plus) -> list[Candidate]:
    """Type a sum of signed terms."""
    signed = [(term, sign) for term, sign in zip(tree.terms, tree.signs, strict=True) if not is_zero(term)]
    terms = [term for term, _ in signed] or [tree.terms[0]]
    signs = tuple(sign for _, sign in signed) or tree.signs[:1]
    states = [State((typed,), side) for typed, side in typer.of(terms[0])]
    for term in terms[1:]:
        candidates = typer.of(term)
        found = [new for state in states for candidate in candidates for new in _extended(state, candidate)]
        if not found:
            shapes = f"{shape_text(states[0].terms[-1], states[0].side)} and {candidates[0].shape_text}"
            clash = states[0].side.clash(candidates[0].side)
            raise NotConforming(
                (tree.span[0], term.span[1]), f"cannot add terms in which {clash}" if clash else f"cannot add {shapes}"
            )
        states = sorted(found, key=lambda state: state.side.cost)[:MAX_CANDIDATES]
    return kept(_closed(state, signs) for state in states)


def _closed(state: State, signs: tuple[int, ...]) -> Candidate:
    if len(state.terms) == 1 and signs == (1,):
        return Candidate(state.terms[0], state.side)
    indexed = any(term.indexed for term in state.terms)
    entrywise = any(term.entrywise for term in state.terms)
    return Candidate(Typed("sum", *state.shape, state.terms, signs, indexed, entrywise), state.side)


def _extended(state: State, candidate: Candidate) -> Iterator[State]:
    side = state.side.join(candidate.side)
    if side is None:
        return
    new, old = candidate.typed, state.terms[-1]
    if new.is_scalar != old.is_scalar:
        yield from _mixed(state.terms, new, side)
        return
    alike = side.unify(old.rows, new.rows)
    alike = None if alike is None else alike.unify(old.cols, new.cols)
    if alike is not None:
        yield State((*state.terms, new), alike)
    elif all(is_known(dim) for typed in (old, new) for dim in side.store.resolved(typed.rows, typed.cols)):
        yield from _spread(state.terms, new, side)


def _spread(terms: tuple[Typed, ...], new: Typed, side: Side) -> Iterator[State]:
    """Add a vector to every row or every column of a matrix, as programs do."""
    wide = [_is_wide(typed, side) for typed in (*terms, new)]
    vectors = [typed for typed, is_wide in zip((*terms, new), wide, strict=True) if not is_wide]
    matrix = next((typed for typed, is_wide in zip((*terms, new), wide, strict=True) if is_wide), None)
    if matrix is None or not vectors:
        return
    rows, cols = side.store.resolved(matrix.rows, matrix.cols)
    for liberty, size, lift in (("to-every-column", rows, _along_columns), ("to-every-row", cols, _along_rows)):
        known: Side | None = side
        for vector in vectors:
            known = None if known is None else known.unify(vector.rows if vector.is_column else vector.cols, size)
        if known is not None and not (lift is _along_columns and vectors[0].is_row):
            lifted = [typed if is_wide else lift(typed, rows, cols) for typed, is_wide in zip((*terms, new), wide, strict=True)]
            yield State(tuple(lifted), known.taking(liberty))


def _is_wide(typed: Typed, side: Side) -> bool:
    return ONE not in side.store.resolved(typed.rows, typed.cols)


def _along_columns(vector: Typed, rows: Dim, cols: Dim) -> Typed:
    """b 1ᵀ"""
    return binary("product", vector, Typed("ones", ONE, cols), rows, cols)


def _along_rows(vector: Typed, rows: Dim, cols: Dim) -> Typed:
    """1 bᵀ, or 1 b where b is a row."""
    row = vector if vector.is_row else transposed(vector)
    return binary("product", Typed("ones", rows, ONE), row, rows, cols)


def _mixed(terms: tuple[Typed, ...], new: Typed, side: Side) -> Iterator[State]:
    """Add a number and a matrix."""
    numbers = (new,) if new.is_scalar else terms
    model = terms[-1] if new.is_scalar else new
    name = _name(numbers)
    rows, cols = side.store.resolve(model.rows), side.store.resolve(model.cols)
    if not is_known(rows) or not is_known(cols):
        become = side.unify(rows, ONE)
        become = None if become is None else become.unify(cols, ONE)
        if become is not None:
            yield State((*terms, new), become.taking("identity-is-one"))
    entrywise = new.entrywise or any(term.entrywise for term in terms)
    square = side.unify(rows, cols)
    lifted = Typed("ones", rows, cols)
    liberty = "number-of-ones" if name != SCALAR else "scalar-of-ones"
    if square is not None and not entrywise:
        liberty = "number-of-ones-square"
    yield _lifted(terms, new, lifted, side.taking(liberty, name=name))
    if square is not None and not (rows is ONE or cols is ONE):
        beside = "number-of-identity-entrywise" if entrywise else "number-of-identity"
        yield _lifted(terms, new, Typed("identity", rows, rows), square.taking(beside, name=name))


def _lifted(terms: tuple[Typed, ...], new: Typed, matrix: Typed, side: Side) -> State:
    def lift(term: Typed) -> Typed:
        if not term.is_scalar:
            return term
        return Typed("product", matrix.rows, matrix.cols, (term, matrix), None, term.indexed)

    return State(tuple(map(lift, (*terms, new))), side)


def _name(numbers: tuple[Typed, ...]) -> str:
    if len(numbers) == 1 and numbers[0].head == "number":
        return str(numbers[0].data)
    return SCALAR
