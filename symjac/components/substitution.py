"""Putting forms in place of tensors, from the inside out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from symjac.components.algebra import Piece, apply, gathered, logsumexp, multiplied, named, power, shared, softmax
from symjac.components.evaluation import postorder
from symjac.components.form import Form, Scope
from symjac.components.matrices import determinant, inverse, size_power
from symjac.components.simplify import Open
from symjac.components.tensor import Applied, Shared, Tensor

Multiply = Callable[[Scope, Sequence[Piece], Sequence[int]], Iterator[Open]]


def sparing(scope: Scope, pieces: Sequence[Piece], bound: Sequence[int]) -> Iterator[Open]:
    """Multiply as the compute form does: sums stay shared."""
    return multiplied(scope, gathered(pieces), bound)


def substitute(form: Form, values: Mapping[Tensor, Form], multiply: Multiply = sparing) -> Form:
    """Return the form with the value of every tensor in its place."""
    scope = Scope()
    free = scope.fresh(*form.sizes)
    terms: list[Open] = []
    for term in form.terms:
        coefficient, factors, bound = scope.open_term(term, free)
        kept = [factor for factor in factors if factor.tensor not in values]
        pieces = [(power(values[t], exponent), indices) for t, indices, exponent in factors if t in values]
        for c, inner, summed in multiply(scope, pieces, bound):
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


def rebuild(form: Form, leaf: Callable[[Tensor], Form]) -> Form:
    """Return the form with every tensor that has no body replaced, and everything above made anew."""
    values: dict[Tensor, Form] = {}
    for tensor in postorder(form):
        values[tensor] = leaf(tensor) if tensor.body is None else remake(tensor, substitute(tensor.body, values))
    return substitute(form, values)
