"""Putting forms in place of tensors, from the inside out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from symjac.components.algebra import apply, gathered, logsumexp, multiplied, named, power, shared, softmax
from symjac.components.evaluation import postorder
from symjac.components.form import Form, Scope
from symjac.components.matrices import determinant, inverse, size_power
from symjac.components.simplify import Open
from symjac.components.tensor import Applied, Shared, Tensor


def substitute(form: Form, values: Mapping[Tensor, Form]) -> Form:
    """Return the form with the value of every tensor that has one in its place; sums stay shared."""
    scope = Scope()
    free = scope.fresh(*form.sizes)
    terms: list[Open] = []
    for term in form.terms:
        coefficient, factors, bound = scope.open_term(term, free)
        kept = [factor for factor in factors if factor.tensor not in values]
        pieces = gathered((power(values[t], exponent), indices) for t, indices, exponent in factors if t in values)
        for c, inner, summed in multiplied(scope, pieces, bound):
            terms.append(Open(coefficient * c, [*kept, *inner], summed))
    return scope.close(terms, free)


def remake(tensor: Tensor, body: Form) -> Form:
    """Return the same operation on another body."""
    kind = type(tensor).__name__
    if isinstance(tensor, Applied):
        return apply(tensor.function, body)
    if isinstance(tensor, Shared):
        return shared(body) if tensor.name is None else named(tensor.name, body)
    remakers: dict[str, Callable[[], Form]] = {
        "InverseOf": lambda: inverse(body, tensor.data[0]),
        "DeterminantOf": lambda: determinant(body, tensor.data[0]),
        "SizePower": lambda: size_power(body, tensor.data[0]),
        "SoftmaxOf": lambda: softmax(body),
        "LogSumExpOf": lambda: logsumexp(body),
    }
    return remakers[kind]()


def rebuild(form: Form, leaves: Mapping[Tensor, Tensor]) -> Form:
    """Return the form with some tensors that have no body replaced by others, and everything above made anew."""
    values: dict[Tensor, Form] = {}
    for tensor in postorder(form):
        if tensor.body is not None:
            values[tensor] = remake(tensor, substitute(_with_leaves(tensor.body, leaves), values))
    return substitute(_with_leaves(form, leaves), values)


def _with_leaves(form: Form, leaves: Mapping[Tensor, Tensor]) -> Form:
    scope = Scope()
    free = scope.fresh(*form.sizes)
    terms = (
        Open(c, [factor._replace(tensor=leaves.get(factor.tensor, factor.tensor)) for factor in factors], bound)
        for c, factors, bound in scope.open(form, free)
    )
    return scope.close(terms, free)
