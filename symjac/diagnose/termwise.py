"""Several terms, each with a slip of its own: every term of the claim is a term of the truth, transposed or off by a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from symjac.diagnose.bench import ratio
from symjac.diagnose.case import Diagnosis
from symjac.diagnose.factors import fraction_text, simple_fraction
from symjac.diagnose.layouts import under
from symjac.diagnose.nonlinear import composes
from symjac.diagnose.places import bare, negative
from symjac.diagnose.search import Search
from symjac.diagnose.terms import expanded, term_values
from symjac.diagnose.words import ORDINALS, said, shown
from symjac.evaluate import Array
from symjac.nodes.node import Node
from symjac.read.latex.tree import Plus, Tree

MOST_SLIPS = 3


@dataclass(frozen=True)
class Match:
    """A term of the claim is so many times a term of the truth, or its transpose."""

    truth: int
    number: Fraction
    turned: bool

    @property
    def is_right(self) -> bool:
        return self.number == 1 and not self.turned


def term_by_term(search: Search) -> tuple[Diagnosis, ...]:
    """Return the slips of the claim's terms, where every term is one of the truth's but for a slip."""
    terms = _claim_terms(search.tree)
    values = [_claim_values(search, term) for term in terms] if len(terms) > 1 else []
    if not values or any(v is None for v in values):
        return ()
    for convention in search.bench.spoken:
        found = _slips(search, convention, terms, [v for v in values if v is not None])
        if found:
            return found
    return ()


def _claim_terms(tree: Tree) -> tuple[Tree, ...]:
    """Return the signed terms of a claim."""
    whole = bare(tree)
    if not isinstance(whole, Plus):
        return ()
    return tuple(term if sign > 0 else negative(term) for term, sign in zip(whole.terms, whole.signs, strict=True))


def _claim_values(search: Search, term: Tree) -> list[Array] | None:
    values = search.values(term)
    if values is None:
        return None
    found = [search.bench.value(values, point) for point in search.bench.general]
    return None if any(v is None for v in found) else [v for v in found if v is not None]


def _slips(search: Search, convention: int, terms: Sequence[Tree], values: Sequence[list[Array]]) -> tuple[Diagnosis, ...]:
    bench = search.bench
    node = bench.case.conventions[convention].node
    truths = expanded(node) if node is not None else ()
    if not truths or len(truths) < len(terms):
        return ()
    arrays = [_truth_values(search, term) for term in truths]
    free = list(range(len(truths)))
    matches: list[Match] = []
    for value in values:
        match = next((m for k in free if (m := _match(k, value, arrays[k])) is not None), None)
        if match is None:
            return ()
        matches.append(match)
        free.remove(match.truth)
    wrong = [(k, match) for k, match in enumerate(matches) if not match.is_right]
    if not 0 < len(wrong) + len(free) <= MOST_SLIPS:
        return ()
    at = under(bench, convention)
    found = [_said_of(terms[k], k, match, at) for k, match in wrong]
    kind = "term" if composes(bench.case) or bench.case.f is None else "product rule"
    return (*found, *(Diagnosis(kind, f"The term {shown(truths[k])} is missing{at}.") for k in free))


def _truth_values(search: Search, term: Node) -> list[Array] | None:
    found = [term_values(search.bench, (term,), point) for point in search.bench.general]
    return None if any(row is None for row in found) else [row[0] for row in found if row is not None]


def _match(k: int, claim: Sequence[Array], truth: Sequence[Array] | None) -> Match | None:
    if truth is None:
        return None
    for turned in (False, True):
        ratios = [ratio(t.T if turned else t, c) for c, t in zip(claim, truth, strict=True)]
        numbers = [r for r in ratios if r is not None]
        number = simple_fraction(numbers) if len(numbers) == len(ratios) else None
        if number is not None:
            return Match(k, number, turned and not all(np.array_equal(t, t.T) for t in truth))
    return None


def _said_of(term: Tree, k: int, match: Match, at: str) -> Diagnosis:
    where = f"The {ORDINALS[k]} term" if k < len(ORDINALS) else f"Term {k + 1}"
    parts = []
    if match.turned:
        parts.append("has to be transposed")
    if match.number == -1:
        parts.append("has the wrong sign")
    elif match.number != 1:
        parts.append(f"lacks a factor {fraction_text(match.number)}")
    kind = "transpose" if match.turned else "sign" if match.number == -1 else "factor"
    return Diagnosis(kind, f"{where}, {said(term)}, {' and '.join(parts)}{at}.", place=term.span)
