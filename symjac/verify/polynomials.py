"""Proofs at one size: a variable for every entry, and all entries of both sides the same polynomials, or quotients of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial

import numpy as np

from symjac.components import Form
from symjac.components.evaluation import postorder
from symjac.components.tensor import DeterminantOf, InverseOf, Tensor
from symjac.evaluate import Array, size_value
from symjac.nodes.node import Symbol
from symjac.verify.claim import Claim
from symjac.verify.deadline import Deadline
from symjac.verify.domains import Fractions, NotExactError, NoValueError
from symjac.verify.glances import size_of
from symjac.verify.truth import Arrangement, Truth
from symjac.verify.values import Evaluation

MAX_ENTRIES, MAX_MONOMIALS, MAX_QUOTIENT = 4_000, 150_000, 400
"""How many entries there may be, and how many monomials in all: far fewer where quotients have to be reduced."""


def proved_here(claim: Claim, truth: Truth, arrangement: Arrangement, symbols: Sequence[Symbol], deadline: Deadline) -> bool:
    """Prove a claim at its numbers for sizes."""
    if size_of(truth.form, symbols)({}) > MAX_ENTRIES:
        return False
    work = _monomials(truth.form) + (_monomials(claim.form) if claim.form is not None else 0)
    for quotients, limit in ((False, MAX_MONOMIALS), (True, MAX_QUOTIENT)):
        if work > limit:
            return False
        try:
            domain, values = variables(symbols, quotients)
            at = Evaluation(domain, values, {}, deadline)
            left, right = truth.arranged(at.value(truth.form), arrangement), claim.values(at)
            return all(a == b for a, b in zip(left.ravel(), right.ravel(), strict=True))
        except (NotExactError, NoValueError):
            continue
    return False


def variables(symbols: Sequence[Symbol], quotients: bool) -> tuple[Fractions, dict[str, Array]]:
    """Return a variable for every entry, the same one where facts say that two entries are equal."""
    names: list[str] = []
    places: dict[str, Array] = {}
    for symbol in symbols:
        rows, cols = (size_value(n, {}) for n in symbol.shape)
        place = places[symbol.name] = np.full((rows, cols), -1, dtype=int)
        for i, j in np.ndindex(rows, cols):
            if "symmetric" in symbol.facts and j < i:
                place[i, j] = place[j, i]
            elif i == j or "diagonal" not in symbol.facts:
                place[i, j] = len(names)
                names.append(symbol.name if symbol.is_scalar else f"{symbol.name}[{i}, {j}]")
    domain = Fractions(names, quotients)
    found = {}
    for name, place in places.items():
        found[name] = np.empty(place.shape, dtype=object)
        for at in np.ndindex(*place.shape):
            found[name][at] = domain.variables[place[at]] if place[at] >= 0 else 0
    return domain, found


def explicit(truth: Truth, arrangement: Arrangement, symbols: Sequence[Symbol]) -> Array | None:
    """Return the truth entry by entry at sizes that are numbers, as texts can show it; None where it is no polynomial."""
    if size_of(truth.form, symbols)({}) > MAX_ENTRIES or _monomials(truth.form) > MAX_MONOMIALS:
        return None
    try:
        domain, values = variables(symbols, quotients=False)
        return truth.arranged(Evaluation(domain, values, {}).value(truth.form), arrangement)
    except (NotExactError, NoValueError):
        return None


def _monomials(form: Form) -> int:
    """Return about how many monomials the entries of a form have in all, at sizes that are numbers."""
    known: dict[Tensor, int] = {}

    def of(form: Form) -> int:
        total = 0
        for term in form.terms:
            count = 1
            for n in term.bound:
                count *= int(n)
            for tensor, _, exponent in term.factors:
                count *= min(known.get(tensor, 1) ** max(1, int(abs(exponent))), 10**9)
            total = min(total + count, 10**9)
        return total

    for tensor in postorder(form):
        if tensor.body is not None:
            count = of(tensor.body)
            if isinstance(tensor, InverseOf | DeterminantOf):
                side = 1
                for n in tensor.body.sizes[: tensor.data[0]]:
                    side *= int(n)
                count = min(factorial(min(side, 12)) * count ** min(side, 12), 10**9)
            known[tensor] = count
    entries = 1
    for n in form.sizes:
        entries *= int(n)
    return min(entries * of(form), 10**9)
