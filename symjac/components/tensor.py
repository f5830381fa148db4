"""Tensors: what stands in a product with indices on it.

A tensor has index sizes, data that is no form, and at most one body, a form over its own indices. Equal
tensors are one object. An index of size 1 is never written: a column has one index, a scalar none.
"""

from __future__ import annotations

from fractions import Fraction
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakValueDictionary

from symjac.nodes.functions import EXP, RELU, SIGMOID, SOFTPLUS, Function
from symjac.nodes.sizes import Size, size_text

if TYPE_CHECKING:
    from symjac.components.form import Form

Sizes = tuple[Size, ...]


class Tensor:
    """The root of all tensors."""

    __slots__ = ("__weakref__", "body", "data", "digest", "height", "sizes", "symbols", "symmetric")

    sizes: Sizes
    data: tuple[Any, ...]
    body: Form | None
    digest: bytes
    """A hash of the structure: the same in every run."""
    symbols: frozenset[str]
    """The names of the symbols below, named intermediates looked through."""
    height: int
    """How many bodies lie inside each other."""
    symmetric: bool
    """Whether this has two indices that may be swapped."""

    _table: ClassVar[WeakValueDictionary[tuple[Any, ...], Tensor]] = WeakValueDictionary()

    def __new__(cls, sizes: Sizes, data: tuple[Any, ...] = (), body: Form | None = None) -> Tensor:
        key = (cls, sizes, data, body)
        known = Tensor._table.get(key)
        if known is not None:
            return known
        self = object.__new__(cls)
        self.sizes, self.data, self.body = sizes, data, body
        text = "\x1f".join((cls.__name__, *map(size_text, sizes), *map(_data_text, data)))
        digest = blake2b(text.encode(), digest_size=12)
        if body is not None:
            digest.update(body.digest)
        self.digest = digest.digest()
        self.symbols = self._own_symbols() if body is None else body.symbols
        self.height = 0 if body is None else body.height + 1
        # Asked at once, from the inside out, so that no question ever has to go deep.
        self.symmetric = self._is_symmetric()
        Tensor._table[key] = self
        return self

    def _own_symbols(self) -> frozenset[str]:
        return frozenset()

    def _is_symmetric(self) -> bool:
        if len(self.sizes) != 2 or self.sizes[0] != self.sizes[1]:
            return False
        return self.body is not None and self.body.symmetric

    @property
    def positive(self) -> bool:
        """Whether every entry is known to be nonnegative."""
        return False

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join([*map(str, self.data), *([repr(self.body)] if self.body else [])])})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.sizes, self.data, self.body))


def _data_text(value: Any) -> str:
    return value.key if isinstance(value, Function) else str(value)


class Entry(Tensor):
    """An entry of a declared symbol: data (name, facts)."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return str(self.data[0])

    @property
    def facts(self) -> tuple[str, ...]:
        facts: tuple[str, ...] = self.data[1]
        return facts

    @property
    def diagonal(self) -> bool:
        return "diagonal" in self.facts

    @property
    def positive(self) -> bool:
        return "positive" in self.facts

    def _is_symmetric(self) -> bool:
        return "symmetric" in self.facts and len(self.sizes) == 2

    def _own_symbols(self) -> frozenset[str]:
        return frozenset((self.name,))


class Delta(Tensor):
    """δ_ij: 1 where i = j, 0 elsewhere."""

    __slots__ = ()

    def _is_symmetric(self) -> bool:
        return True


class Unit(Tensor):
    """The entries of the basis column e_k: data (k,), counted from 0."""

    __slots__ = ()


class Join(Tensor):
    """1 where k = iN + j, 0 elsewhere, for indices (k of MN, i of M, j of N): a stacked axis meets its parts."""

    __slots__ = ()


class Number(Tensor):
    """A prime, or −1, that carries an exponent which is no integer: data (value,)."""

    __slots__ = ()

    @property
    def positive(self) -> bool:
        return bool(self.data[0] > 0)


class SizeName(Tensor):
    """A size used as a number: data (name,)."""

    __slots__ = ()

    @property
    def positive(self) -> bool:
        return True


class SizePower(Tensor):
    """A scalar to the power of a monomial in sizes: data (monomial,), body the scalar."""

    __slots__ = ()


class Shared(Tensor):
    """A form that is computed once: data (name,) for a named intermediate, data () for an anonymous one."""

    __slots__ = ()

    @property
    def name(self) -> str | None:
        return str(self.data[0]) if self.data else None

    @property
    def positive(self) -> bool:
        assert self.body is not None
        return self.body.positive


class Applied(Tensor):
    """A scalar function of every entry of its body: data (function,)."""

    __slots__ = ()

    @property
    def function(self) -> Function:
        function: Function = self.data[0]
        return function

    @property
    def positive(self) -> bool:
        return self.function in _POSITIVE


_POSITIVE = (EXP, SIGMOID, RELU, RELU.derivative, SOFTPLUS, SOFTPLUS.derivative)


class InverseOf(Tensor):
    """The inverse of a body, rows first: data (number of row indices of the body,)."""

    __slots__ = ()


class DeterminantOf(Tensor):
    """The determinant of a body, rows first: data (number of row indices of the body,)."""

    __slots__ = ()


class SoftmaxOf(Tensor):
    """exp(x) / Σ exp(x) over all indices of its body."""

    __slots__ = ()

    @property
    def positive(self) -> bool:
        return True


class LogSumExpOf(Tensor):
    """log Σ exp(x) over all indices of its body."""

    __slots__ = ()


def delta(size: Size) -> Tensor:
    return Delta((size, size))


Exponent = Fraction
