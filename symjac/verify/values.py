"""A form's value over any domain: what `evaluate_form` does with floats, for rationals, intervals and polynomials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from math import prod
from typing import Any

import numpy as np

from symjac.components.evaluation import postorder
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
from symjac.errors import UnsupportedError
from symjac.evaluate import Array, size_value
from symjac.nodes.functions import EXP, LOG
from symjac.verify.deadline import Deadline
from symjac.verify.domains import Domain, NoValueError

MAX_ENTRIES = 2_000_000
"""A term whose indices run over more values than this is not summed."""


class TooLargeError(UnsupportedError):
    """More numbers than anybody wants to wait for."""


class Evaluation:
    """The values of forms at one point: entries of symbols by name, as object arrays, and the sizes.

    >>> from symjac.components import read
    >>> from symjac.nodes.build import product, symbol, transpose
    >>> from symjac.verify.domains import Rationals
    >>> x = symbol("x", 2)
    >>> at = Evaluation(Rationals(), {"x": np.array([1, Fraction(1, 2)], dtype=object)}, {})
    >>> at.value(read(product(transpose(x), x)).form)[()]
    Fraction(5, 4)
    """

    def __init__(
        self, domain: Domain, entries: Mapping[str, Array], sizes: Mapping[str, int], deadline: Deadline | None = None
    ) -> None:
        self.domain = domain
        self.sizes = sizes
        self._entries = entries
        self.deadline = deadline or Deadline(60)
        self._known: dict[Tensor, Array] = {}

    def entry(self, name: str) -> Array | None:
        """Return the entries of a symbol, None for a name without a value."""
        return self._entries.get(name)

    def value(self, form: Form) -> Array:
        """Return the array of a form's entries, one axis per free index."""
        for tensor in postorder(form):
            if tensor not in self._known:
                self._known[tensor] = self._tensor(tensor)
        return self._sum(form)

    def _shape(self, sizes: Sizes) -> list[int]:
        return [size_value(size, self.sizes) for size in sizes]

    def _tensor(self, tensor: Tensor) -> Array:
        self.deadline.check()
        if isinstance(tensor, Entry):
            return self._entries[tensor.name].reshape(self._shape(tensor.sizes))
        if tensor.body is not None:
            return _OPERATIONS[type(tensor)](self, tensor, self._sum(tensor.body))
        shape = self._shape(tensor.sizes)
        if isinstance(tensor, Delta):
            return _whole(np.eye(shape[0]))
        if isinstance(tensor, Unit):
            if tensor.data[0] >= shape[0]:
                raise NoValueError(f"there is no entry {tensor.data[0] + 1} among {shape[0]}")
            return _whole(np.eye(shape[0])[tensor.data[0]])
        if isinstance(tensor, Join):
            return _whole(np.eye(shape[0]).reshape(shape))
        assert isinstance(tensor, Number | SizeName)
        whole = int(tensor.data[0] if isinstance(tensor, Number) else self.sizes[tensor.data[0]])
        return _scalar(self.domain.number(Fraction(whole)))

    def _sum(self, form: Form) -> Array:
        shape = self._shape(form.sizes)
        total = np.full(shape, 0, dtype=object)
        for term in form.terms:
            total = _array(np.add(total, self._term(term, shape)))
        return total

    def _term(self, term: Term, shape: list[int]) -> Array:
        """Return one product, its factors multiplied in one by one, each bound index summed as soon as it may be."""
        self.deadline.check()
        operands: list[tuple[Array, list[int]]] = []
        for tensor, indices, exponent in term.factors:
            places = list(dict.fromkeys(indices))
            known = self._known[tensor]
            value = known if len(places) == len(indices) else _array(np.einsum(known, list(indices), places))
            operands.append((value if exponent == 1 else self._each(partial(self._power, exponent), value), places))
        free = range(len(shape))
        standing = {index for _, places in operands for index in places}
        operands += [(np.full(shape[k], 1, dtype=object), [k]) for k in free if k not in standing]
        operands.append((_scalar(self.domain.number(term.coefficient)), []))
        value, places = operands.pop()
        while operands:
            # The factor that shares the most indices comes next, so that sums over them can be taken.
            nearest = max(range(len(operands)), key=lambda k: len(set(operands[k][1]) & set(places)))
            other, others = operands.pop(nearest)
            later = {index for _, rest in operands for index in rest} | set(free)
            value, places = self._joined(value, places, other, others, later)
        return _array(value.transpose([places.index(k) for k in free]))

    def _joined(
        self, left: Array, first: list[int], right: Array, second: list[int], later: set[int]
    ) -> tuple[Array, list[int]]:
        """Multiply two factors, and sum over the indices that stand nowhere else."""
        both = list(dict.fromkeys((*first, *second)))
        lengths = {**dict(zip(first, left.shape, strict=True)), **dict(zip(second, right.shape, strict=True))}
        if prod(lengths.values()) > MAX_ENTRIES:
            raise TooLargeError("a sum runs over too many entries")
        self.deadline.check()
        kept = [index for index in both if index in later]
        names = {index: k for k, index in enumerate(both)}
        axes = [[names[index] for index in part] for part in (first, second, kept)]
        return _array(np.einsum(left, axes[0], right, axes[1], axes[2])), kept

    def _power(self, exponent: Fraction, value: Any) -> Any:
        return self.domain.power(value, exponent)

    def _each(self, change: Callable[[Any], Any], array: Array) -> Array:
        found = np.empty(array.shape, dtype=object)
        for place in np.ndindex(*array.shape):
            found[place] = change(array[place])
        return found

    # What bodies become

    def _applied(self, tensor: Tensor, value: Array) -> Array:
        return self._each(lambda v: self.domain.apply(tensor.data[0], v), value)

    def _softmax(self, tensor: Tensor, value: Array) -> Array:
        powers = self._each(lambda v: self.domain.apply(EXP, v), value)
        total = self.domain.invert(sum(powers.ravel()))
        return self._each(lambda v: v * total, powers)

    def _logsumexp(self, tensor: Tensor, value: Array) -> Array:
        return _scalar(self.domain.apply(LOG, sum(self._each(lambda v: self.domain.apply(EXP, v), value).ravel())))

    def _size_power(self, tensor: Tensor, value: Array) -> Array:
        return _scalar(value[()] ** size_value(tensor.data[0], self.sizes))

    def _determinant(self, tensor: Tensor, value: Array) -> Array:
        return _scalar(determinant(self.domain, _square(value, tensor.data[0]), self.deadline))

    def _inverse(self, tensor: Tensor, value: Array) -> Array:
        rows = tensor.data[0]
        found = inverse(self.domain, _square(value, rows), self.deadline)
        return found.reshape(*value.shape[rows:], *value.shape[:rows])

    def _shared(self, tensor: Tensor, value: Array) -> Array:
        return value


_OPERATIONS: dict[type[Tensor], Callable[[Evaluation, Tensor, Array], Array]] = {
    Applied: Evaluation._applied,
    DeterminantOf: Evaluation._determinant,
    InverseOf: Evaluation._inverse,
    LogSumExpOf: Evaluation._logsumexp,
    Shared: Evaluation._shared,
    SizePower: Evaluation._size_power,
    SoftmaxOf: Evaluation._softmax,
}


def _whole(array: Array) -> Array:
    return array.astype(int).astype(object)


def _scalar(value: Any) -> Array:
    found = np.empty((), dtype=object)
    found[()] = value
    return found


def _array(value: Any) -> Array:
    return value if isinstance(value, np.ndarray) else _scalar(value)


def _square(value: Array, rows: int) -> Array:
    side = prod(value.shape[:rows])
    return value.reshape(side, side)


def determinant(domain: Domain, matrix: Array, deadline: Deadline) -> Any:
    """Return a determinant by elimination."""
    work, result = matrix.copy(), domain.number(Fraction(1))
    for k in range(len(work)):
        row = _pivot(domain, work, k)
        if row is None:
            return domain.number(Fraction(0))
        if row != k:
            work[[k, row]] = work[[row, k]]
            result = -result
        result = result * work[k, k]
        _eliminate(domain, work, k, range(k + 1, len(work)), deadline)
    return result


def inverse(domain: Domain, matrix: Array, deadline: Deadline) -> Array:
    """Return an inverse by elimination; raise NoValueError where the matrix is singular."""
    size = len(matrix)
    work = np.concatenate([matrix, _whole(np.eye(size))], axis=1)
    for k in range(size):
        row = _pivot(domain, work, k)
        if row is None:
            raise NoValueError("a matrix that is inverted is singular")
        if row != k:
            work[[k, row]] = work[[row, k]]
        scale = domain.invert(work[k, k])
        work[k] = [entry * scale for entry in work[k]]
        _eliminate(domain, work, k, [i for i in range(size) if i != k], deadline)
    return work[:, size:]


def _pivot(domain: Domain, work: Array, k: int) -> int | None:
    """Return the row whose entry in column k is farthest from 0; None where all are exactly 0."""
    best, size = None, -1.0
    for i in range(k, len(work)):
        away = domain.size(work[i, k])
        if away > size and away > 0:
            best, size = i, away
    if best is None and any(not domain.is_zero(work[i, k]) for i in range(k, len(work))):
        raise NoValueError("a matrix that is inverted may be singular")
    return best


def _eliminate(domain: Domain, work: Array, k: int, rows: Any, deadline: Deadline) -> None:
    deadline.check()
    pivot = domain.invert(work[k, k])
    for i in rows:
        if not domain.is_zero(work[i, k]):
            factor = work[i, k] * pivot
            work[i, k:] = [entry - factor * above for entry, above in zip(work[i, k:], work[k, k:], strict=True)]
