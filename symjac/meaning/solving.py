"""The sizes of a reading, once all is known; an unsized K is given the sizes that its total allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product as cartesian
from typing import NamedTuple

import sympy

from symjac.errors import SymjacError
from symjac.meaning.costs import sentence
from symjac.meaning.typed import Candidate, Side, Typed
from symjac.meaning.unify import Dim, Store, Unknown, dim_text, variable
from symjac.nodes.sizes import Shape, Size, size_text
from symjac.read.latex.tree import Span

MAX_CHOICES = 4
"""At most so many ways to give sizes to all unsized K are tried."""


class UndeterminedError(SymjacError, ValueError):
    """A size stays open: the formula does not say how large an I, a 1 or a K is; `span` says where, if that is known."""

    def __init__(self, sentence: str, span: Span | None = None):
        self.span = span
        super().__init__(sentence)


class Sizes:
    """The sizes of one reading."""

    def __init__(self, store: Store, commutations: dict[Size, Shape]) -> None:
        self._store = store
        self._commutations = commutations

    def __call__(self, dim: Dim, what: str = "a matrix") -> Size:
        """Return a size, or raise UndeterminedError."""
        known = self._store.resolve(dim)
        if isinstance(known, Unknown):
            raise UndeterminedError(f"the size of {what} does not follow from where it stands")
        return known

    def commutation(self, typed: Typed) -> Shape:
        """Return the m and n of K(m, n)."""
        if typed.data is not None:
            return self(typed.data[0], "K"), self(typed.data[1], "K")
        return self._commutations[self(typed.rows, "K")]


class Solution(NamedTuple):
    """All sizes of a reading, with what was taken for granted; `chosen` says which K was taken where K has no sizes."""

    sizes: Sizes
    side: Side
    chosen: tuple[str, ...] = ()


def solutions(candidate: Candidate, named: Mapping[str, Size]) -> Iterator[Solution]:
    """Yield the ways to fix the sizes of a reading: more than one only where a K without sizes leaves a choice.

    `named` are the declared names of sizes: n is N where nothing else says what n is.
    """
    candidate = candidate._replace(side=_without_case(candidate.side, candidate.typed, named))
    store = candidate.side.store
    _check_leaves(candidate)
    totals: dict[Size, None] = {}
    for typed in _commutations(candidate.typed):
        total = store.resolve(typed.rows)
        if isinstance(total, Unknown):
            raise UndeterminedError("the size of K is not determined here: write K_{m,n}")
        totals[total] = None
    options = [_factored(total) for total in totals]
    for chosen in list(cartesian(*options))[:MAX_CHOICES]:
        side = _with_size_names(candidate.side)
        for (rows, cols), ways in zip(chosen, options, strict=True):
            liberty = "commutation" if len(ways) == 1 else "commutation-guess"
            side = side.taking(liberty, rows=size_text(rows), cols=size_text(cols))
        doubts = tuple(
            sentence("commutation-guess", rows=size_text(rows), cols=size_text(cols))
            for (rows, cols), ways in zip(chosen, options, strict=True)
            if len(ways) > 1
        )
        yield Solution(Sizes(store, dict(zip(totals, chosen, strict=True))), side, doubts)


def _without_case(side: Side, typed: Typed, named: Mapping[str, Size]) -> Side:
    """Take the n that nothing determines to be the declared size N, where there is only one such."""
    for here in _below(typed):
        for dim in (here.rows, here.cols, *(here.data or () if here.head == "commutation" else ())):
            known = side.store.resolve(dim)
            for name in known.variables if isinstance(known, Unknown) else ():
                alike = [size for size in named if isinstance(name, str) and size.lower() == name.lower()]
                if len(alike) == 1:
                    side = side.unify(variable(name), named[alike[0]]) or side
    return side


_LEAVES = {"identity": "I", "ones": "1", "zero": "0"}
"""Constant matrices whose size follows from where they stand."""


def _check_leaves(candidate: Candidate) -> None:
    for typed in _below(candidate.typed):
        if typed.head not in _LEAVES:
            continue
        shape = (candidate.side.store.resolve(typed.rows), candidate.side.store.resolve(typed.cols))
        if any(isinstance(dim, Unknown) for dim in shape):
            name = _LEAVES[typed.head]
            sentence = f"the size of {name} does not follow from where it stands: write it as a subscript, as in {name}_n"
            raise UndeterminedError(sentence, typed.data)


def _with_size_names(side: Side) -> Side:
    """Say what the names of sizes that nobody declared were found to be."""
    for name, dim in side.store.bindings.items():
        if isinstance(name, str):
            side = side.taking("size-name", name=name, size=dim_text(side.store.resolve(dim)))
    return side


def _commutations(typed: Typed) -> Iterator[Typed]:
    return (here for here in _below(typed) if here.head == "commutation" and here.data is None)


def _below(typed: Typed) -> Iterator[Typed]:
    stack = [typed]
    while stack:
        here = stack.pop()
        yield here
        stack.extend(reversed(here.args))


@lru_cache(maxsize=256)
def _factored(total: Size) -> tuple[Shape, ...]:
    """Return the m and n that an unsized K of this size may have."""
    number, factors = sympy.factor_list(total)
    parts = [*sympy.factorint(number).items(), *factors]
    if all(times % 2 == 0 for _, times in parts):
        root = sympy.expand(sympy.Mul(*(base ** (times // 2) for base, times in parts)))
        return ((root, root),)
    if sum(times for _, times in parts) == 2:
        (first, _), (second, _) = parts
        first, second = sympy.sympify(first, strict=True), sympy.sympify(second, strict=True)
        return ((first, second), (second, first))
    raise UndeterminedError(f"K of {dim_text(total)} rows may have several sizes here: write K_{{m,n}}")
