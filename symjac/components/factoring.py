"""The number and the factors that all terms of a form have in common."""

from __future__ import annotations

from fractions import Fraction

from symjac.components.form import Form, Scope, Term
from symjac.components.labelling import Factor
from symjac.components.simplify import Open
from symjac.components.tensor import Delta, Tensor

Powers = dict[tuple[Tensor, tuple[int, ...]], Fraction]


def primitive(form: Form, exponent: Fraction) -> tuple[Form, Form]:
    """Split off the number and the factors that all terms have in common, as far as the exponent lets them out."""
    whole = exponent.denominator == 1
    lead = form.terms[0].coefficient if whole else abs(form.terms[0].coefficient)
    rank = len(form.sizes)
    common: Powers = {}
    for tensor, indices, power_ in form.terms[0].factors:
        if (whole or tensor.positive) and all(index < rank for index in indices) and not isinstance(tensor, Delta):
            common[tensor, indices] = power_
    for term in form.terms[1:]:
        powers = {(factor.tensor, factor.indices): factor.exponent for factor in term.factors}
        common = {key: min(power_, powers[key]) for key, power_ in common.items() if key in powers}
    terms = [Term(c / lead, _divided(fs, common), bound) for c, fs, bound in form.terms]
    scope = Scope()
    free = scope.fresh(*form.sizes)
    rest = scope.close([scope.open_term(term, free) for term in terms], free)
    outside = [Factor(tensor, tuple([free[i] for i in indices]), power_) for (tensor, indices), power_ in common.items()]
    front = scope.close([Open(Fraction(lead), outside, ())], free)
    return front, rest


def _divided(factors: tuple[Factor, ...], common: Powers) -> tuple[Factor, ...]:
    found = [Factor(t, indices, exponent - common.get((t, indices), Fraction(0))) for t, indices, exponent in factors]
    return tuple([factor for factor in found if factor.exponent])
