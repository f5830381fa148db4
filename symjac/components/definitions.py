"""What functions are, entry by entry, and the identities between them that a proof uses.

exp(a + 2b) = exp(a) exp(b)²; log undoes exp; tanh′ = 1 − tanh²; cos² = 1 − sin²; relu(t) = t relu′(t) and
relu′² = relu′; with s = sigmoid(t): s′ = s − s², s e^{−t} = 1 − s, s eᵗ = eᵗ − s, 1/(1 + e^{−t}) = s.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Protocol

import sympy

from symjac.components.algebra import add, apply, constant, multiplied, power, scale
from symjac.components.factoring import primitive
from symjac.components.form import Form, Scope
from symjac.components.labelling import Factor
from symjac.components.simplify import UNIT, Open
from symjac.components.tensor import Applied, Shared, Tensor
from symjac.nodes.functions import COS, EXP, LOG, RELU, SIGMOID, SIN, SOFTPLUS, TANH, Function, T

STEP = RELU.derivative
HALF = Fraction(1, 2)


class Entrywise(Protocol):
    """Who multiplies out for us."""

    def product(self, *forms: Form) -> Form: ...

    def raised(self, form: Form, exponent: Fraction) -> Form: ...


def define(work: Entrywise, function: Function, form: Form) -> Form:
    """Return f of every entry, written out; f itself where it has no words simpler than itself."""
    if function == SIGMOID:
        return sigmoid(form)
    if function.definition == RELU.definition:
        return _relu(work, function.order, form)
    if function == SOFTPLUS:
        return logarithm(add(constant(1, form.sizes), exponential(form)))
    written = _Writer(work, form).write(function.expression)
    return apply(function, form) if written is None else written


def _relu(work: Entrywise, order: int, form: Form) -> Form:
    if order == 0:
        return work.product(form, apply(STEP, form))
    return apply(STEP, form) if order == 1 else Form(form.sizes, ())


class _Writer:
    """Writes a definition in T as a form; None where it holds something we have no form for."""

    def __init__(self, work: Entrywise, argument: Form) -> None:
        self.work = work
        self.argument = argument

    def write(self, expression: sympy.Expr) -> Form | None:
        if expression == T:
            return self.argument
        if isinstance(expression, sympy.Rational):
            return constant(Fraction(int(expression.p), int(expression.q)), self.argument.sizes)
        if isinstance(expression, sympy.Pow):
            base, exponent = expression.args
            inner = self.write(base) if isinstance(exponent, sympy.Rational) and base != sympy.E else None
            return None if inner is None else self.work.raised(inner, Fraction(int(exponent.p), int(exponent.q)))
        parts = [self.write(arg) for arg in expression.args] if expression.func in _WRITTEN else [None]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        if isinstance(expression, sympy.Add):
            return add(*known)
        if isinstance(expression, sympy.Mul):
            return self.work.product(*known)
        return _FUNCTIONS[expression.func](known[0])


def exponential(form: Form) -> Form:
    """exp(a + 2b) = exp(a) exp(b)²: one factor for every term, its number as exponent."""
    scope = Scope()
    indices = scope.fresh(*form.sizes)
    factors: list[Factor] = []
    for term in form.terms:
        alone = Form(form.sizes, (term._replace(coefficient=Fraction(1)),))
        ((_, (factor,), _),) = scope.open(apply(EXP, alone), indices)
        factors.append(Factor(factor.tensor, factor.indices, term.coefficient))
    return scope.close([Open(UNIT, factors, ())], indices)


def logarithm(form: Form) -> Form:
    """log(c a b²) = log c + log a + 2 log b for positive factors, and log exp a = a."""
    front, rest = primitive(form, HALF) if form.terms else (constant(1, form.sizes), form)
    ((number, factors, _),) = front.terms
    scope = Scope()
    indices = scope.fresh(*form.sizes)
    parts = [apply(LOG, rest)] if rest.constant != 1 else [Form(form.sizes, ())]
    for value, sign in ((number.numerator, 1), (number.denominator, -1)):
        primes = sympy.factorint(value).items()
        parts += [scale(sign * times, apply(LOG, constant(p, form.sizes))) for p, times in primes if p > 1]
    for tensor, inner, exponent in factors:
        names = [indices[i] for i in inner]
        if isinstance(tensor, Applied) and tensor.function == EXP:
            log = scope.close(scope.open(_body(tensor), names), indices)
        elif isinstance(tensor, Shared):
            log = apply(LOG, scope.close(scope.open(_body(tensor), names), indices))
        else:
            log = apply(LOG, scope.close([Open(UNIT, [Factor(tensor, tuple(names), UNIT)], ())], indices))
        parts.append(scale(exponent, log))
    return add(*parts)


def sigmoid(form: Form) -> Form:
    """sigmoid(−t) = 1 − sigmoid(t), so that the argument never starts with a minus."""
    if form.terms and form.terms[0].coefficient < 0:
        return add(constant(1, form.sizes), scale(-1, apply(SIGMOID, scale(-1, form))))
    return apply(SIGMOID, form)


def sigmoid_power(form: Form, exponent: Fraction) -> Form | None:
    """Recognise (1 + e^{−t})^q = s^{−q} and (1 + eᵗ)^q = e^{qt} s^{−q}."""
    if len(form.terms) != 2 or any(term.coefficient != 1 or term.bound for term in form.terms):
        return None
    growth, one = (term.factors for term in form.terms)
    if one or not all(isinstance(f.tensor, Applied) and f.tensor.function == EXP for f in growth):
        return None
    scope = Scope()
    indices = scope.fresh(*form.sizes)
    argument = add(
        *(scale(f.exponent, scope.close(scope.open(_body(f.tensor), [indices[i] for i in f.indices]), indices)) for f in growth)
    )
    if argument.terms[0].coefficient < 0:
        return power(apply(SIGMOID, scale(-1, argument)), -exponent)
    pieces = [(power(exponential(argument), exponent), indices), (power(apply(SIGMOID, argument), -exponent), indices)]
    return scope.close(multiplied(scope, pieces), indices)


def _body(tensor: Tensor) -> Form:
    assert tensor.body is not None
    return tensor.body


_FUNCTIONS: dict[type, Callable[[Form], Form]] = {
    sympy.exp: exponential,
    sympy.log: logarithm,
    sympy.sin: lambda form: apply(SIN, form),
    sympy.cos: lambda form: apply(COS, form),
    sympy.tanh: lambda form: apply(TANH, form),
}
_WRITTEN = {sympy.Add, sympy.Mul, *_FUNCTIONS}


# Identities inside a term


def reduce_functions(form: Form) -> Form:
    """Return the form with the identities of the module's docstring used until none applies."""
    while any(_has_identity(factor) for term in form.terms for factor in term.factors):
        scope = Scope()
        free = scope.fresh(*form.sizes)
        terms: list[Open] = []
        changed = False
        for term in form.terms:
            opened = scope.open_term(term, free)
            replaced = _reduced(scope, opened)
            changed = changed or replaced is not None
            terms.extend([opened] if replaced is None else replaced)
        if not changed:
            return form
        form = scope.close(terms, free)
    return form


def _has_identity(factor: Factor) -> bool:
    return isinstance(factor.tensor, Applied) and factor.tensor.function in (SIGMOID, COS, STEP)


def _reduced(scope: Scope, term: Open) -> list[Open] | None:
    for position, factor in enumerate(term.factors):
        if not _has_identity(factor):
            continue
        assert isinstance(factor.tensor, Applied)
        others = term.factors[:position] + term.factors[position + 1 :]
        function, exponent = factor.tensor.function, factor.exponent
        if function == STEP and exponent > 0 and exponent != 1:
            return [term._replace(factors=[*others, factor._replace(exponent=UNIT)])]
        if function == COS and exponent >= 2:
            sine = apply(SIN, _body(factor.tensor))
            rest = [*others, *_times(factor, exponent - 2)]
            square = [_on(scope, sine, factor), _on(scope, sine, factor)]
            return [Open(term.coefficient, rest, term.bound), Open(-term.coefficient, [*rest, *square], term.bound)]
        if function == SIGMOID:
            found = _sigmoid_terms(scope, term, factor, others)
            if found is not None:
                return found
    return None


def _times(factor: Factor, exponent: Fraction) -> list[Factor]:
    return [factor._replace(exponent=exponent)] if exponent else []


def _on(scope: Scope, form: Form, factor: Factor) -> Factor:
    """Return a form that is one tensor, on the indices of a factor."""
    ((_, (found,), _),) = scope.open(form, factor.indices)
    return found


def _sigmoid_terms(scope: Scope, term: Open, factor: Factor, others: list[Factor]) -> list[Open] | None:
    """s⁻¹ = 1 + e^{−t}; s e^{−t} = 1 − s; s eᵗ = eᵗ − s."""
    ((_, growth, _),) = scope.open(exponential(_body(factor.tensor)), factor.indices)
    exponent = factor.exponent
    decay = [f._replace(exponent=-f.exponent) for f in growth]
    if exponent.denominator == 1 and exponent < 0:
        rest = [*others, *_times(factor, exponent + 1)]
        return [term._replace(factors=rest), term._replace(factors=[*rest, *decay])]
    if exponent < 1:
        return None
    present = {(f.tensor, f.indices): f.exponent for f in others}
    ratios = [present.get((f.tensor, f.indices), Fraction(0)) / f.exponent for f in growth]
    less = _times(factor, exponent - 1)
    if min(ratios) >= 1:
        return [term._replace(factors=[*others, *less]), Open(-term.coefficient, [*others, *decay, factor], term.bound)]
    if max(ratios) <= -1:
        rest = [*others, *growth]
        return [term._replace(factors=[*rest, *less]), Open(-term.coefficient, [*rest, factor], term.bound)]
    return None
