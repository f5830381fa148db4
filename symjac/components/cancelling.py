"""Inverses and denominators of sums, in two steps that are taken in turn.

Inside a term, the longest term of P times P⁻¹ is rewritten to 1 minus the rest of P times P⁻¹. At a free end,
the whole difference is multiplied by P, which changes nothing about whether it vanishes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import floor

from symjac.components.form import Form, Scope, Term
from symjac.components.labelling import Factor
from symjac.components.normal import Expansion
from symjac.components.simplify import UNIT, Open, core
from symjac.components.tensor import Delta, InverseOf, Shared, Tensor, delta

MAX_TRIES, MAX_DEPTH = 24, 6
"""How many differences are looked at, and how many steps deep."""

MAX_REWRITES = 200
"""At most so many terms are rewritten in one proof step."""


def vanishes(form: Form, work: Expansion) -> bool:
    """Whether a form in proof form is zero, using what inverses and denominators mean.

    True is a proof; False says that these steps, tried depth first, do not find one.
    """
    pending = [(form, 0)]
    seen: set[Form] = set()
    while pending and len(seen) < MAX_TRIES:
        form, depth = pending.pop()
        form = rewrite_inside(form, work)
        if form.is_zero:
            return True
        if form in seen or depth == MAX_DEPTH:
            continue
        seen.add(form)
        cleared = without_denominator(form, work)
        steps = [cleared] if cleared is not None else multiplied_at_ends(form, work)
        pending.extend((step, depth + 1) for step in reversed(list(steps)))
    return False


# Denominators


def without_denominator(form: Form, work: Expansion) -> Form | None:
    """Multiply by a power of a shared sum until none of its exponents is negative; None where there is none."""
    rank = len(form.sizes)
    lowest: dict[tuple[Tensor, tuple[int, ...]], Fraction] = {}
    for term in form.terms:
        for tensor, indices, exponent in term.factors:
            if isinstance(tensor, Shared) and tensor.name is None and exponent < 0 and all(i < rank for i in indices):
                key = (tensor, indices)
                lowest[key] = min(lowest.get(key, exponent), exponent)
    if not lowest:
        return None
    (tensor, indices), exponent = max(lowest.items(), key=lambda item: (item[0][0].height, item[0][0].digest, item[0][1]))
    lift = -floor(exponent)
    scope = Scope()
    free = scope.fresh(*form.sizes)
    names = tuple([free[i] for i in indices])
    assert tensor.body is not None
    terms: list[Open] = []
    for term in form.terms:
        coefficient, factors, bound = scope.open_term(term, free)
        power = sum((f.exponent for f in factors if f.tensor is tensor and f.indices == names), Fraction(0)) + lift
        kept = [f for f in factors if f.tensor is not tensor or f.indices != names]
        whole = floor(power)
        if power != whole:
            kept.append(Factor(tensor, names, power - whole))
        for c, fs, b in work.multiply(scope, [(tensor.body, names)] * whole, bound):
            terms.append(Open(coefficient * c, [*kept, *fs], b))
    return work.expand(scope.close(terms, free))


# Multiplying at a free end


End = tuple[Tensor, int, int]
"""An inverse P⁻¹, which of its two indices, and at which free index of the form it stands."""


def multiplied_at_ends(form: Form, work: Expansion) -> Iterator[Form]:
    """Yield the form multiplied by P, for every P⁻¹ at a free end, the heaviest first."""
    rank = len(form.sizes)
    ends: Counter[End] = Counter()
    for term in form.terms:
        for tensor, indices, exponent in term.factors:
            if isinstance(tensor, InverseOf) and exponent == 1 and len(indices) == 2:
                ends.update((tensor, slot, index) for slot, index in enumerate(indices) if index < rank)

    def weight(end: End) -> tuple[int, int, int, bytes, int, int]:
        return (end[0].height, _weight(end[0]), ends[end], end[0].digest, end[1], end[2])

    for end in sorted(ends, key=weight, reverse=True):
        yield _multiplied_at(form, end, work)


def _multiplied_at(form: Form, end: End, work: Expansion) -> Form:
    inverse, slot, place = end
    assert inverse.body is not None
    scope = Scope()
    free = scope.fresh(*form.sizes)
    (new,) = scope.fresh(form.sizes[place])
    names = (new, free[place]) if slot == 0 else (free[place], new)
    terms: list[Open] = []
    for term in form.terms:
        coefficient, factors, bound = scope.open_term(term, free)
        for c, fs, b in work.multiply(scope, [(inverse.body, names)], (*bound, free[place])):
            terms.append(Open(coefficient * c, [*factors, *fs], b))
    return work.expand(scope.close(terms, [new if k == place else index for k, index in enumerate(free)]))


def _weight(inverse: Tensor) -> int:
    assert inverse.body is not None
    return sum(len(term.factors) for term in inverse.body.terms)


# Rewriting inside


def rewrite_inside(form: Form, work: Expansion) -> Form:
    """Rewrite the longest term of P times P⁻¹ to 1 minus the rest, wherever it stands."""
    for _ in range(MAX_REWRITES):
        scope = Scope()
        free = scope.fresh(*form.sizes)
        terms: list[Open] = []
        changed = False
        for term in form.terms:
            opened = scope.open_term(term, free)
            replaced = next(_replacements(scope, opened, work), None)
            changed = changed or replaced is not None
            terms.extend([opened] if replaced is None else replaced)
        if not changed:
            return form
        form = scope.close(terms, free)
    return form


def _replacements(scope: Scope, term: Open, work: Expansion) -> Iterator[list[Open]]:
    for factor in term.factors:
        tensor, indices, exponent = factor
        if isinstance(tensor, InverseOf) and exponent == 1 and len(indices) == 2 and core(tensor) is None:
            for slot in (0, 1):
                if indices[slot] in term.bound and indices[0] != indices[1]:
                    yield from _at_inverse(scope, term, factor, slot, work)
        elif isinstance(tensor, Shared) and tensor.name is None and exponent < 0:
            yield from _at_denominator(scope, term, factor, work)


def _at_inverse(scope: Scope, term: Open, factor: Factor, slot: int, work: Expansion) -> Iterator[list[Open]]:
    """Σ_c P(x, c) P⁻¹(c, b) = δ(x, b), solved for the longest term of P; `slot` says at which end c stands."""
    body = factor.tensor.body
    assert body is not None
    inner, outer = factor.indices[slot], factor.indices[1 - slot]
    longest, rest = _split_longest(body)
    others = [f for f in term.factors if f is not factor]
    for mapping, matched in match(longest, 2, {1 - slot: inner}, others, term.bound):
        kept = [f for f in others if f not in matched]
        end = mapping.get(slot, inner)
        if end == inner or any(inner in f.indices for f in kept):
            continue
        gone = {mapping[i] for i in range(2, 2 + len(longest.bound))}
        bound = tuple([index for index in term.bound if index not in gone])
        front = term.coefficient / longest.coefficient
        names = (end, inner) if slot == 0 else (inner, end)
        size = scope.sizes[inner]
        tied = [*kept, Factor(delta(size), (end, outer), UNIT)]
        found = [Open(front, tied, tuple([index for index in bound if index != inner]))]
        for c, fs, b in work.multiply(scope, [(rest, names)], bound):
            found.append(Open(-front * c, [*kept, factor, *fs], b))
        yield found


def _at_denominator(scope: Scope, term: Open, factor: Factor, work: Expansion) -> Iterator[list[Open]]:
    """P P⁻ᵏ = P¹⁻ᵏ, solved for the longest term of P."""
    body = factor.tensor.body
    assert body is not None
    longest, rest = _split_longest(body)
    others = [f for f in term.factors if f is not factor]
    fixed = dict(enumerate(factor.indices))
    for mapping, matched in match(longest, len(body.sizes), fixed, others, term.bound):
        kept = [f for f in others if f not in matched]
        gone = {mapping[i] for i in range(len(body.sizes), len(body.sizes) + len(longest.bound))}
        bound = tuple([index for index in term.bound if index not in gone])
        front = term.coefficient / longest.coefficient
        less = [factor._replace(exponent=factor.exponent + 1)] if factor.exponent != -1 else []
        found = [Open(front, [*kept, *less], bound)]
        for c, fs, b in work.multiply(scope, [(rest, factor.indices)], bound):
            found.append(Open(-front * c, [*kept, factor, *fs], b))
        yield found


def _split_longest(form: Form) -> tuple[Term, Form]:
    """Return the term with the most factors, deltas not counted, and the sum of the others."""
    longest = max(form.terms, key=lambda term: sum(not isinstance(factor.tensor, Delta) for factor in term.factors))
    return longest, Form(form.sizes, tuple([term for term in form.terms if term is not longest]))


Match = tuple[dict[int, int], list[Factor]]


def match(pattern: Term, rank: int, fixed: dict[int, int], factors: Sequence[Factor], bound: Sequence[int]) -> Iterator[Match]:
    """Find a term's factors among others: its first `rank` indices go anywhere, its bound ones stand nowhere else."""
    if not pattern.factors:
        return

    def extend(position: int, mapping: dict[int, int], matched: list[Factor]) -> Iterator[Match]:
        if position == len(pattern.factors):
            if _is_closed(mapping, matched):
                yield mapping, matched
            return
        tensor, indices, exponent = pattern.factors[position]
        orders = [indices, indices[::-1]] if len(indices) == 2 and tensor.symmetric else [indices]
        for factor in factors:
            if factor.tensor is not tensor or factor.exponent != exponent or factor in matched:
                continue
            for order in orders:
                longer = _bind(mapping, order, factor.indices)
                if longer is not None:
                    yield from extend(position + 1, longer, [*matched, factor])

    def _is_closed(mapping: dict[int, int], matched: list[Factor]) -> bool:
        inner = [target for index, target in mapping.items() if index >= rank]
        outside = {i for f in factors if f not in matched for i in f.indices}
        outside.update(target for index, target in mapping.items() if index < rank)
        return len(set(inner)) == len(inner) and all(i in bound and i not in outside for i in inner)

    yield from extend(0, dict(fixed), [])


def _bind(mapping: dict[int, int], indices: Sequence[int], targets: Sequence[int]) -> dict[int, int] | None:
    longer = dict(mapping)
    for index, target in zip(indices, targets, strict=True):
        if longer.setdefault(index, target) != target:
            return None
    return longer
