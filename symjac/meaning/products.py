"""Products by shape: factors meet from left to right, and a 1×1 stretch scales whatever stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from symjac.meaning.typed import (
    MAX_CANDIDATES,
    PLAIN,
    Candidate,
    NotConforming,
    RefusedError,
    Side,
    Typed,
    Typer,
    binary,
    kept,
    refused,
)
from symjac.meaning.unify import Dim, dim_text, is_known, multiply, variable
from symjac.nodes.sizes import ONE
from symjac.read.latex.tree import Infix, Number, Over, Pairing, Product, Span, Special, Tree

STRICT, LENIENT, ENTRYWISE = range(3)
"""What may meet: shapes that fit; an unknown size that becomes 1; functions of every entry, entry by entry."""


class Item(NamedTuple):
    """A stretch of factors that have met, with the sign in front of it and its place."""

    typed: Typed
    join: str
    span: Span


class State(NamedTuple):
    """Stretches that have not met yet, left to right."""

    stack: tuple[Item, ...] = ()
    side: Side = PLAIN


def product(typer: Typer, tree: Product) -> list[Candidate]:
    """Type factors side by side; × and / bind weaker than the rest, where nothing else fits."""
    try:
        return _side_by_side(typer, tree)
    except (NotConforming, RefusedError) as failure:
        whole = _by_slash(tree)
        if whole is None:
            raise
        try:
            found = typer.of(whole)
        except (NotConforming, RefusedError):
            raise failure from None
        return [candidate._replace(side=candidate.side.taking("slash")) for candidate in found]


def _side_by_side(typer: Typer, tree: Product) -> list[Candidate]:
    if "times" in tree.joins and set(tree.joins) != {"times"}:
        try:
            return product(typer, _by_times(tree))
        except NotConforming:
            pass
    factors = [_factor(typer, factor, join) for factor, join in zip(tree.factors, _neighbours(tree.joins), strict=True)]
    failure: NotConforming | None = None
    for mode in (STRICT, LENIENT, ENTRYWISE):
        states = [State()]
        for candidates, factor, join in zip(factors, tree.factors, ("", *tree.joins), strict=True):
            states = _extended(states, candidates, join, factor.span, mode)
        found = [Candidate(state.stack[0].typed, state.side).settled() for state in states if len(state.stack) == 1]
        if found:
            return kept(found)
        failure = failure or _mismatch(states, tree.span)
    assert failure is not None
    raise failure


def _neighbours(joins: Sequence[str]) -> list[tuple[str, str]]:
    """Return the signs on both sides of every factor."""
    return list(zip(("", *joins), (*joins, ""), strict=True))


def _factor(typer: Typer, tree: Tree, joins: tuple[str, str]) -> list[Candidate]:
    """Type a factor; nobody writes the number 1 beside a factor, so that a plain 1 is the column of ones."""
    if is_one(tree) and joins == ("", ""):
        return vector_of_ones(typer, tree)
    return typer.of(tree)


def is_one(tree: Tree) -> bool:
    """Whether this is a plain 1."""
    return isinstance(tree, Number) and tree.value == 1 and not tree.decimals


def vector_of_ones(typer: Typer, tree: Tree) -> list[Candidate]:
    """Type a plain 1 that stands where only the column of ones can be meant."""
    column = Typed("ones", variable(next(typer.fresh)), ONE, data=tree.span)
    return [Candidate(column, PLAIN.taking("plain-ones"))]


def _by_slash(tree: Product) -> Over | None:
    """Return ab/cd as (ab)/(cd); None where there is not one slash."""
    slashes = [place for place, factor in enumerate(tree.factors) if isinstance(factor, Over) and factor.style == "slash"]
    if len(slashes) != 1:
        return None
    (place,) = slashes
    over = tree.factors[place]
    assert isinstance(over, Over)
    top = _part((*tree.factors[:place], over.numerator), tree.joins[:place])
    bottom = _part((over.denominator, *tree.factors[place + 1 :]), tree.joins[place:])
    return Over(top, bottom, "frac", span=tree.span)


def _part(factors: Sequence[Tree], joins: Sequence[str]) -> Tree:
    if len(factors) == 1:
        return factors[0]
    return Product(tuple(factors), tuple(joins), span=(factors[0].span[0], factors[-1].span[1]))


def _by_times(tree: Product) -> Product:
    """Return the product with what stands between × as one factor each."""
    groups: list[tuple[list[Tree], list[str]]] = [([tree.factors[0]], [])]
    for factor, join in zip(tree.factors[1:], tree.joins, strict=True):
        if join == "times":
            groups.append(([factor], []))
        else:
            groups[-1][0].append(factor)
            groups[-1][1].append(join)
    parts = tuple(_part(factors, joins) for factors, joins in groups)
    return Product(parts, ("times",) * (len(parts) - 1), span=tree.span)


def _extended(states: Sequence[State], candidates: Sequence[Candidate], join: str, span: Span, mode: int) -> list[State]:
    found: list[State] = []
    for state in states:
        for typed, side in candidates:
            both = state.side.join(side)
            if both is not None:
                found.extend(_settled(State((*state.stack, Item(typed, join, span)), both), mode))
    if len(found) > 1:
        found.sort(key=lambda state: (len(state.stack), state.side.cost))
    return found[:MAX_CANDIDATES]


def _settled(state: State, mode: int) -> Iterator[State]:
    """Let the last stretches meet for as long as they do."""
    if len(state.stack) < 2:
        yield state
        return
    *others, left, right = state.stack
    met = list(_meetings(left.typed, right.typed, right.join, state.side, mode))
    if not met:
        yield state
    span = (left.span[0], right.span[1])
    for typed, side in met:
        yield from _settled(State((*others, Item(typed, left.join, span)), side), mode)


def _meetings(left: Typed, right: Typed, join: str, side: Side, mode: int) -> Iterator[Candidate]:
    """Yield the ways in which two stretches meet."""
    if left.is_scalar or right.is_scalar:
        rows, cols = right[1:3] if left.is_scalar else left[1:3]
        yield Candidate(_chained(left, right, rows, cols), side)
        return
    if join == "times":
        yield from _times(left, right, side, mode)
        return
    conforming = _conforming(left, right, side, mode)
    if conforming is not None:
        yield conforming
    elif join == "cdot":
        yield from _dot(left, right, side)
    elif join == "*" and (alike := _alike(left, right, side)) is not None:
        yield Candidate(hadamard(left, right), alike.taking("star-entrywise"))
    elif mode == ENTRYWISE and left.entrywise and right.entrywise:
        alike = _alike(left, right, side)
        if alike is not None:
            yield Candidate(hadamard(left, right), alike.taking("beside-entrywise"))


def _conforming(left: Typed, right: Typed, side: Side, mode: int) -> Candidate | None:
    inner_left, inner_right = side.store.resolve(left.cols), side.store.resolve(right.rows)
    if mode == STRICT and is_known(inner_left) != is_known(inner_right) and ONE in (inner_left, inner_right):
        return None
    met = side.unify(inner_left, inner_right)
    return None if met is None else Candidate(_chained(left, right, left.rows, right.cols), met).settled()


def _chained(left: Typed, right: Typed, rows: Dim, cols: Dim) -> Typed:
    """Return the product of two stretches; a chain stays one flat product."""
    args = (*left.args, right) if left.head == "product" else (left, right)
    entrywise = (left.entrywise and right.is_scalar) or (right.entrywise and left.is_scalar)
    return Typed("product", rows, cols, args, None, left.indexed or right.indexed, entrywise)


def _times(left: Typed, right: Typed, side: Side, mode: int) -> Iterator[Candidate]:
    alike = _alike(left, right, side)
    if alike is not None:
        yield Candidate(hadamard(left, right), alike.taking("times-entrywise")).settled()
    conforming = _conforming(left, right, side, mode)
    if conforming is not None:
        yield conforming._replace(side=conforming.side.taking("times-matrix"))


def _dot(left: Typed, right: Typed, side: Side) -> Iterator[Candidate]:
    alike = _alike(left, right, side)
    if alike is None:
        return
    if left.is_column:
        yield Candidate(inner(left, right), alike.taking("dot"))
    elif left.is_row:
        yield Candidate(binary("product", left, transposed(right), ONE, ONE), alike.taking("dot"))
    yield Candidate(hadamard(left, right), alike.taking("dot-entrywise"))


def _alike(left: Typed, right: Typed, side: Side) -> Side | None:
    met = side.unify(left.rows, right.rows)
    return None if met is None else met.unify(left.cols, right.cols)


def hadamard(left: Typed, right: Typed) -> Typed:
    return binary("hadamard", left, right, left.rows, left.cols, entrywise=True)


def transposed(typed: Typed) -> Typed:
    """Return the transpose."""
    return Typed("transpose", typed.cols, typed.rows, (typed,), None, typed.indexed, typed.entrywise)


def inner(left: Typed, right: Typed) -> Typed:
    """Return the inner product of two columns."""
    return binary("product", transposed(left), right, ONE, ONE)


def _mismatch(states: Sequence[State], span: Span) -> NotConforming:
    """Return the error for a product in which two neighbours do not meet."""
    for state in states:
        for left, right in pairwise(state.stack):
            shapes = [shape_text(item.typed, state.side) for item in (left, right)]
            place = (left.span[0], right.span[1])
            return NotConforming(place, f"cannot multiply {shapes[0]} by {shapes[1]}")
    return NotConforming(span, "the sizes of the factors contradict each other")


def shape_text(typed: Typed, side: Side) -> str:
    """Return a shape as people write it."""
    return f"{dim_text(side.store.resolve(typed.rows))} × {dim_text(side.store.resolve(typed.cols))}"


# Products with a sign of their own


def infix(typer: Typer, tree: Infix) -> list[Candidate]:
    """Type A ⊗ B, A ∘ B, A ⊘ B, A : B and the Khatri–Rao product."""
    found: list[Candidate] = []
    shapes = ""
    for left, right, side in _pairs(typer, _one_beside(tree, tree.left), _one_beside(tree, tree.right)):
        shapes = shapes or f"{shape_text(left, side)} and {shape_text(right, side)}"
        found.extend(candidate.settled() for candidate in _INFIX[tree.sign](left, right, side))
    if not found:
        raise NotConforming(tree.span, f"{_WORDS[tree.sign]} does not take {shapes}")
    return kept(found)


def _one_beside(tree: Infix, side: Tree) -> Tree:
    """Return an operand of ⊗; a plain 1 is the column of ones."""
    return Special("ones", span=side.span) if tree.sign == "otimes" and is_one(side) else side


def _pairs(typer: Typer, left: Tree, right: Tree) -> Iterator[tuple[Typed, Typed, Side]]:
    second = typer.of(right)
    for candidate in typer.of(left):
        for other in second:
            side = candidate.side.join(other.side)
            if side is not None:
                yield candidate.typed, other.typed, side


def _kronecker(left: Typed, right: Typed, side: Side) -> Iterator[Candidate]:
    if left.is_scalar or right.is_scalar:
        rows, cols = right[1:3] if left.is_scalar else left[1:3]
        yield Candidate(_chained(left, right, rows, cols), side)
        return
    rows, cols = multiply(left.rows, right.rows), multiply(left.cols, right.cols)
    yield Candidate(binary("kron", left, right, rows, cols), side)
    if left.is_column and right.is_column:
        outer = binary("product", left, transposed(right), left.rows, right.rows)
        yield Candidate(outer, side.taking("outer"))


def _circle(left: Typed, right: Typed, side: Side) -> Iterator[Candidate]:
    if left.is_scalar != right.is_scalar:
        known = right if left.is_scalar else left
        if is_known(known.rows) and is_known(known.cols):
            yield Candidate(_chained(left, right, known.rows, known.cols), side.taking("circle-scalar"))
            return
    alike = _alike(left, right, side)
    if alike is not None:
        doubtful = any(typed.head == "power" and typed.args[0].entrywise for typed in (left, right))
        yield Candidate(hadamard(left, right), alike.taking("matrix-power-entrywise") if doubtful else alike)


def _quotient(left: Typed, right: Typed, side: Side) -> Iterator[Candidate]:
    alike = _alike(left, right, side)
    if alike is not None:
        yield Candidate(hadamard(left, reciprocal(right)), alike)
    elif right.is_scalar:
        yield Candidate(_chained(left, reciprocal(right), left.rows, left.cols), side.taking("circle-scalar"))


def reciprocal(typed: Typed) -> Typed:
    """Return one over every entry."""
    return Typed("entrypower", typed.rows, typed.cols, (typed,), -1, typed.indexed, True)


def _frobenius(left: Typed, right: Typed, side: Side) -> Iterator[Candidate]:
    alike = _alike(left, right, side)
    if alike is None:
        return
    if left.is_scalar or left.is_column:
        yield Candidate(inner(left, right), alike)
    else:
        both = binary("product", transposed(left), right, left.cols, left.cols)
        yield Candidate(Typed("trace", ONE, ONE, (both,), None, both.indexed), alike)


def _khatri_rao(left: Typed, right: Typed, side: Side) -> Iterator[Candidate]:
    if left.is_scalar or right.is_scalar:
        yield from _kronecker(left, right, side)
        return
    met = side.unify(left.cols, right.cols)
    if met is not None:
        whole = binary("khatri", left, right, multiply(left.rows, right.rows), left.cols)
        yield Candidate(whole, met.taking("star-columns"))
        alike = met.unify(left.rows, right.rows)
        if alike is not None:
            yield Candidate(hadamard(left, right), alike.taking("star-entrywise"))
    met = side.unify(left.cols, right.rows)
    if met is not None:
        yield Candidate(_chained(left, right, left.rows, right.cols), met.taking("star-product"))


_INFIX = {
    "otimes": _kronecker,
    "odot": _circle,
    "circ": _circle,
    "oslash": _quotient,
    "colon": _frobenius,
    "khatri": _khatri_rao,
}
_WORDS = {
    "otimes": "the Kronecker product",
    "odot": "the entrywise product",
    "circ": "the entrywise product",
    "oslash": "the entrywise quotient",
    "colon": "the Frobenius product",
    "khatri": "the column-wise Kronecker product",
}


def pairing(typer: Typer, tree: Pairing) -> list[Candidate]:
    """Type ⟨a, b⟩."""
    found = [c.settled() for left, right, side in _pairs(typer, tree.left, tree.right) for c in _frobenius(left, right, side)]
    if not found:
        raise NotConforming(tree.span, "an inner product takes two matrices of one shape")
    return kept(found)


def over(typer: Typer, tree: Over) -> list[Candidate]:
    """Type a quotient: by a scalar, or entry by entry where both sides are functions of every entry."""
    found: list[Candidate] = []
    shape = ""
    for top, bottom, side in _pairs(typer, tree.numerator, tree.denominator):
        shape = shape or shape_text(bottom, side)
        if bottom.is_scalar:
            found.append(Candidate(_chained(top, reciprocal(bottom), top.rows, top.cols), side))
        elif bottom.entrywise:
            alike = side if top.is_scalar else _alike(top, bottom, side)
            if alike is not None:
                parts = _chained if top.is_scalar else binary_hadamard
                whole = parts(top, reciprocal(bottom), bottom.rows, bottom.cols)
                found.append(Candidate(whole._replace(entrywise=True), alike.taking("entrywise-quotient")))
    if not found:
        hint = "write A B⁻¹ for matrices, A ⊘ B for an entrywise quotient"
        raise refused(tree.denominator, f"division by a matrix of {shape} says two things; {hint}")
    return kept(found)


def binary_hadamard(left: Typed, right: Typed, rows: Dim, cols: Dim) -> Typed:
    return hadamard(left, right)
