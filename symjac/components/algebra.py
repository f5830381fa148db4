"""Building forms from forms: sums, products, powers, functions.

A product whose factor is a sum keeps that sum as one shared intermediate, except where deltas decide: they
are pulled out, because they are what makes zeros.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product as cartesian
from math import prod

import sympy

from symjac.components.form import Form, Scope, Term, permute
from symjac.components.labelling import Factor
from symjac.components.simplify import UNIT, Open, size_monomials
from symjac.components.tensor import Applied, Delta, LogSumExpOf, Number, Shared, Sizes, SoftmaxOf, Tensor
from symjac.errors import DomainError, UnsupportedError
from symjac.nodes.functions import COS, EXP, LOG, RELU, SIN, TANH, Function, T
from symjac.nodes.sizes import Size

MAX_SPREAD = 8
"""At most so many terms are multiplied out because of their deltas."""

Piece = tuple[Form, Sequence[int]]
"""A form with indices of a scope on it."""


# Leaves


def constant(value: Fraction | int, sizes: Sizes = ()) -> Form:
    """Return the form whose entries are all one number.

    >>> constant(3)
    3
    """
    return Form(sizes, (Term(Fraction(value), (), ()),) if value else ())


def atom(tensor: Tensor, exponent: Fraction = UNIT) -> Form:
    """Return the form that is a single tensor, on indices in their order."""
    scope = Scope()
    indices = scope.fresh(*tensor.sizes)
    return scope.close([Open(UNIT, [Factor(tensor, indices, exponent)], ())], indices)


def size_form(size: Size) -> Form:
    """Return a size as a number."""
    return Scope().close([Open(number, list(factors), ()) for number, factors in size_monomials(size)], ())


# Sums and products


def add(*forms: Form) -> Form:
    """Return the sum of forms over the same indices."""
    scope = Scope()
    indices = scope.fresh(*forms[0].sizes)
    return scope.close((term for form in forms for term in scope.open(form, indices)), indices)


def scale(number: Fraction | int, form: Form) -> Form:
    """Return a rational multiple."""
    if not number:
        return Form(form.sizes, ())
    return Form(form.sizes, tuple([Term(number * c, factors, bound) for c, factors, bound in form.terms]))


def contract(scope: Scope, pieces: Iterable[Piece], free: Sequence[int], bound: Sequence[int] = ()) -> Form:
    """Return the product of forms, summed over `bound`; factors that are sums become shared intermediates."""
    return scope.close(multiplied(scope, gathered(pieces), bound), free)


def multiplied(scope: Scope, pieces: Sequence[Piece], bound: Sequence[int] = ()) -> Iterator[Open]:
    """Yield the terms of a product, multiplied out."""
    for terms in cartesian(*(form.terms for form, _ in pieces)):
        coefficient = Fraction(1)
        factors: list[Factor] = []
        inner = list(bound)
        for term, (_, indices) in zip(terms, pieces, strict=True):
            opened = scope.open_term(term, indices)
            coefficient *= opened.coefficient
            factors.extend(opened.factors)
            inner.extend(opened.bound)
        yield Open(coefficient, factors, tuple(inner))


def gathered(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the pieces with every sum shared, except for its terms with deltas, and except for one lone sum."""
    pieces = list(pieces)
    sums = [form for form, _ in pieces if len(form.terms) > 1]
    if len(sums) == 1 and all(form is sums[0] or form.constant is not None for form, _ in pieces):
        return pieces
    pulled = [pull_deltas(form) if len(form.terms) > 1 else form for form, _ in pieces]
    if prod(len(form.terms) for form in pulled) > MAX_SPREAD:
        pulled = [shared(form) if len(form.terms) > 1 else form for form, _ in pieces]
    return [(form, indices) for form, (_, indices) in zip(pulled, pieces, strict=True)]


def pull_deltas(form: Form, share_products: bool = False) -> Form:
    """Return a sum with its deltas in front of shared sums: δ_ik a + δ_ik b + c + d is δ_ik u + v.

    Where `share_products`, products of several factors are shared as well.
    """
    groups: dict[tuple[Factor, ...], list[Term]] = {}
    for coefficient, factors, bound in form.terms:
        deltas = tuple([factor for factor in factors if isinstance(factor.tensor, Delta)])
        plain = tuple([factor for factor in factors if not isinstance(factor.tensor, Delta)])
        groups.setdefault(deltas, []).append(Term(coefficient, plain, bound))
    scope = Scope()
    indices = scope.fresh(*form.sizes)
    closed: list[Open] = []
    for deltas, terms in groups.items():
        if len(terms) > 1:
            rest = shared(scope.close((scope.open_term(term, indices) for term in terms), indices))
            opened = list(scope.open(rest, indices))
        else:
            term = scope.open_term(terms[0], indices)
            opened = [_shared_parts(scope, term) if share_products else term]
        front = [Factor(d.tensor, (indices[d.indices[0]], indices[d.indices[1]]), d.exponent) for d in deltas]
        closed.extend(Open(c, [*front, *factors], bound) for c, factors, bound in opened)
    return scope.close(closed, indices)


def _shared_parts(scope: Scope, term: Open) -> Open:
    """Share the products in a term that common indices hold together; an outer product stays apart."""
    groups: list[tuple[set[int], list[Factor]]] = []
    for factor in term.factors:
        touched = [group for group in groups if group[0] & set(factor.indices)]
        indices = set(factor.indices).union(*(group[0] for group in touched))
        inner = [f for group in touched for f in group[1]]
        groups = [group for group in groups if group not in touched] + [(indices, [*inner, factor])]
    found: list[Factor] = []
    coefficient, kept = term.coefficient, [index for index in term.bound if not any(index in g[0] for g in groups)]
    for indices, inner in groups:
        bound = [index for index in term.bound if index in indices]
        free = sorted(indices.difference(bound))
        if len(inner) == 1:
            found, kept = found + inner, kept + bound
            continue
        ((c, factors, _),) = scope.open(shared(scope.close([Open(UNIT, inner, tuple(bound))], free)), free)
        coefficient *= c
        found.extend(factors)
    return Open(coefficient, found, tuple(kept))


# Shared intermediates and functions: a body uses all its indices, and knows one order of them


def used_positions(form: Form) -> tuple[int, ...]:
    """Return the free indices on which a form depends."""
    rank = len(form.sizes)
    standing = {i for term in form.terms for factor in term.factors for i in factor.indices if i < rank}
    return tuple(sorted(standing))


def over_body(form: Form, make: type[Tensor], data: tuple[object, ...] = ()) -> Form:
    """Return an entrywise tensor of a form, without the indices on which the form does not depend."""
    used = used_positions(form)
    scope = Scope()
    indices = scope.fresh(*form.sizes)
    body, inner = form, indices
    if len(used) < len(form.sizes):
        inner = tuple([indices[k] for k in used])
        body = scope.close(scope.open(form, indices), inner)
    if len(inner) == 2 and body.sizes[0] == body.sizes[1]:
        swapped = body if body.symmetric else permute(body, (1, 0))
        if swapped.digest < body.digest:
            body, inner = swapped, (inner[1], inner[0])
    tensor = make(body.sizes, data, body)
    return scope.close([Open(UNIT, [Factor(tensor, inner, UNIT)], ())], indices)


def shared(form: Form) -> Form:
    """Return a form as an anonymous intermediate, its leading number in front."""
    if not form.terms or form.constant is not None:
        return form
    lead = form.terms[0].coefficient
    return scale(lead, over_body(scale(1 / lead, form), Shared))


def named(name: str, form: Form) -> Form:
    """Return a form under a name."""
    return atom(Shared(form.sizes, (name,), form))


def is_single(form: Form) -> bool:
    """Whether a form is one tensor to the power one, or a number."""
    if form.constant is not None:
        return True
    return len(form.terms) == 1 and len(form.terms[0].factors) == 1 and form.terms[0].factors[0].exponent == 1


def apply(function: Function, form: Form) -> Form:
    """Return a scalar function of every entry; odd and even functions lose a leading minus."""
    if function.name == EXP.name and function.definition == EXP.definition:
        function = EXP
    elif function.order and function.definition in (SIN.definition, COS.definition):
        return _turned(function, form)
    if form.is_zero and (value := _value_at_zero(function)) is not None:
        return constant(value, form.sizes)
    sign = _parity(function) if form.terms and form.terms[0].coefficient < 0 else None
    if sign is not None:
        return scale(sign, over_body(scale(-1, form), Applied, (function,)))
    return over_body(form, Applied, (function,))


def _turned(function: Function, form: Form) -> Form:
    """sin′ = cos and cos′ = −sin."""
    quarter = function.order + (1 if function.definition == COS.definition else 0)
    plain = apply(SIN if quarter % 2 == 0 else COS, form)
    return scale(-1 if quarter % 4 in (2, 3) else 1, plain)


def _parity(function: Function) -> int | None:
    """Return the s with f(−t) = s f(t), for the functions where we know one."""
    if function.definition in (TANH.definition, SIN.definition):
        return -1 if function.order % 2 == 0 else 1
    return 1 if function.definition == COS.definition else None


@lru_cache(maxsize=256)
def _value_at_zero(function: Function) -> Fraction | None:
    value = function.expression.subs(T, 0)
    return Fraction(int(value.p), int(value.q)) if isinstance(value, sympy.Rational) and value.is_finite else None


def softmax(form: Form) -> Form:
    return atom(SoftmaxOf(form.sizes, (), form))


def logsumexp(form: Form) -> Form:
    return atom(LogSumExpOf((), (), form))


def derivative_of(function: Function, form: Form) -> Form:
    """Return f′ of every entry, in the simplest words: exp′ = exp, log′ = 1/t, relu″ = 0."""
    if function.definition == EXP.definition:
        return apply(EXP, form)
    if function == LOG:
        return power(form, Fraction(-1))
    if function.derivative.expression == 0 or (function.definition == RELU.definition and function.order >= 1):
        return Form(form.sizes, ())
    return apply(function.derivative, form)


# Powers of every entry


def power(form: Form, exponent: Fraction) -> Form:
    """Return the entrywise power; never √(c²) = c, and a sum to a power is a shared intermediate to a power."""
    if exponent == 1:
        return form
    if exponent == 0:
        return constant(1, form.sizes)
    if form.is_zero:
        if exponent < 0:
            raise DomainError("division by zero")
        return form
    split = _power_of_term(form, exponent) if len(form.terms) == 1 else None
    return split if split is not None else _power_of_sum(form, exponent)


def _power_of_term(form: Form, exponent: Fraction) -> Form | None:
    """(c·a·b)^q factor by factor, where that is true."""
    ((coefficient, factors, bound),) = form.terms
    if bound:
        return None
    if exponent.denominator == 1:
        if exponent < 0 and any(isinstance(factor.tensor, Delta) for factor in factors):
            raise DomainError("division by zero: an entrywise power of a diagonal matrix")
        raised = [Factor(tensor, indices, power * exponent) for tensor, indices, power in factors]
        return _reclosed(form, coefficient**exponent.numerator, raised)
    signed = [f for f in factors if not (f.tensor.positive or f.exponent.denominator > 1 or isinstance(f.tensor, Delta))]
    if coefficient < 0 or len(signed) > 1 or any(f.exponent != 1 for f in signed):
        return None
    raised = [Factor(tensor, indices, power * exponent) for tensor, indices, power in factors]
    return _reclosed(form, Fraction(1), [*raised, *_number_power(coefficient, exponent)])


def _reclosed(form: Form, coefficient: Fraction, factors: list[Factor]) -> Form:
    scope = Scope()
    indices = scope.fresh(*form.sizes)
    return scope.close([Open(coefficient, factors, ())], indices)


def _number_power(value: Fraction, exponent: Fraction) -> list[Factor]:
    """Return a positive number to a power, prime by prime."""
    if value <= 0:
        raise UnsupportedError(f"{value} to the power {exponent} is not real")
    primes = sympy.factorint(value.numerator)
    for prime, times in sympy.factorint(value.denominator).items():
        primes[prime] = primes.get(prime, 0) - times
    return [Factor(Number((), (int(p),)), (), exponent * times) for p, times in sorted(primes.items())]


def _power_of_sum(form: Form, exponent: Fraction) -> Form:
    """Share a sum, its leading number in front where that is true, and raise it."""
    lead = form.terms[0].coefficient
    if exponent.denominator > 1:
        lead = abs(lead)
    base = over_body(scale(1 / lead, form), Shared)
    if exponent.denominator == 1:
        return _power_of_term(scale(lead, base), exponent) or base
    ((_, factors, _),) = base.terms
    raised = [Factor(tensor, indices, power * exponent) for tensor, indices, power in factors]
    return _reclosed(form, Fraction(1), [*raised, *_number_power(lead, exponent)])
