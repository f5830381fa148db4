"""A form's value at a point, by plain einsum: for tests and for disproofs, not for speed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import prod
from typing import Any

import numpy as np

from symjac.components.form import Form, Term
from symjac.components.tensor import (
    Applied,
    Delta,
    DeterminantOf,
    Entry,
    InverseOf,
    Join,
    LogSumExpOf,
    Number,
    Shared,
    SizeName,
    SizePower,
    Sizes,
    SoftmaxOf,
    Tensor,
    Unit,
)
from symjac.errors import ShapeError
from symjac.evaluate import Array, function_value, size_value


def postorder(*forms: Form, closed: Callable[[Tensor], bool] | None = None) -> Iterator[Tensor]:
    """Yield every tensor below the forms once, inner ones first; not what lies inside `closed` ones. No recursion."""
    seen: set[Tensor] = set()
    stack = [(tensor, False) for form in reversed(forms) for tensor in reversed(form.tensors)]
    while stack:
        tensor, ready = stack.pop()
        if ready:
            yield tensor
        elif tensor not in seen:
            seen.add(tensor)
            stack.append((tensor, True))
            if tensor.body is not None and not (closed is not None and closed(tensor)):
                stack.extend((inner, False) for inner in reversed(tensor.body.tensors) if inner not in seen)


def evaluate_form(form: Form, values: Mapping[str, Array], sizes: Mapping[str, int]) -> Array:
    """Return the array of a form's entries, one axis per free index.

    >>> from symjac.nodes.build import symbol
    >>> from symjac.components.reading import read
    >>> evaluate_form(read(symbol("x", 2)).form, {"x": np.array([1.0, 2.0])}, {})
    array([1., 2.])
    """
    known: dict[Tensor, Array] = {}
    for tensor in postorder(form):
        if isinstance(tensor, Entry):
            shape = [size_value(size, sizes) for size in tensor.sizes]
            known[tensor] = np.asarray(values[tensor.name]).reshape(shape)
        elif tensor.body is not None:
            known[tensor] = _OPERATIONS[type(tensor)](tensor, _sum(tensor.body, known, sizes), sizes)
        else:
            known[tensor] = _constant(tensor, sizes)
    return _sum(form, known, sizes)


def _constant(tensor: Tensor, sizes: Mapping[str, int]) -> Array:
    shape = [size_value(size, sizes) for size in tensor.sizes]
    if isinstance(tensor, Delta):
        return np.eye(shape[0])
    if isinstance(tensor, Unit):
        if tensor.data[0] >= shape[0]:
            raise ShapeError(f"there is no entry {tensor.data[0] + 1} among {shape[0]}")
        return np.asarray(np.eye(shape[0])[tensor.data[0]])
    if isinstance(tensor, Join):
        return np.eye(shape[0]).reshape(shape)
    assert isinstance(tensor, Number | SizeName)
    return np.asarray(float(tensor.data[0] if isinstance(tensor, Number) else sizes[tensor.data[0]]))


def _sum(form: Form, known: Mapping[Tensor, Array], sizes: Mapping[str, int]) -> Array:
    total: Array = np.zeros([size_value(size, sizes) for size in form.sizes])
    for term in form.terms:
        total = total + _term(term, form.sizes, known, sizes)
    return total


def _term(term: Term, free: Sizes, known: Mapping[Tensor, Array], sizes: Mapping[str, int]) -> Array:
    operands: list[Any] = []
    standing = {index for factor in term.factors for index in factor.indices}
    for tensor, indices, exponent in term.factors:
        power = int(exponent) if exponent.denominator == 1 and exponent > 0 else float(exponent)
        places = list(dict.fromkeys(indices))
        # The diagonal first: off it, a diagonal matrix has no inverse powers.
        value = known[tensor] if len(places) == len(indices) else np.einsum(known[tensor], list(indices), places)
        operands += [value**power, places]
    for position, size in enumerate(free):
        if position not in standing:
            operands += [np.ones(size_value(size, sizes)), [position]]
    if not operands:
        return np.array(float(term.coefficient))
    result = np.asarray(np.einsum(*operands, list(range(len(free))), optimize=len(term.factors) > 2))
    return float(term.coefficient) * result


def _square(value: Array, rows: int) -> Array:
    return value.reshape(prod(value.shape[:rows]), -1)


def _inverse(tensor: Tensor, value: Array, sizes: Mapping[str, int]) -> Array:
    rows = tensor.data[0]
    return np.linalg.inv(_square(value, rows)).reshape(*value.shape[rows:], *value.shape[:rows])


def _softmax(tensor: Tensor, value: Array, sizes: Mapping[str, int]) -> Array:
    shifted = np.exp(value - np.max(value.real))
    return np.asarray(shifted / np.sum(shifted))


def _logsumexp(tensor: Tensor, value: Array, sizes: Mapping[str, int]) -> Array:
    top = np.max(value.real)
    return np.asarray(top + np.log(np.sum(np.exp(value - top))))


_OPERATIONS: dict[type[Tensor], Callable[[Tensor, Array, Mapping[str, int]], Array]] = {
    Applied: lambda tensor, value, sizes: np.asarray(function_value(tensor.data[0])(value)),
    DeterminantOf: lambda tensor, value, sizes: np.asarray(np.linalg.det(_square(value, tensor.data[0]))),
    InverseOf: _inverse,
    LogSumExpOf: _logsumexp,
    Shared: lambda tensor, value, sizes: value,
    SizePower: lambda tensor, value, sizes: value ** size_value(tensor.data[0], sizes),
    SoftmaxOf: _softmax,
}
