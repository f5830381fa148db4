"""Sizes that are not known yet: products of a known size and size variables, unified as formulas demand.

⊗ multiplies sizes, so unification divides: b·N = M·N says b = M. An equation that can't be solved yet waits until one of its
variables is bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

import sympy

from symjac.components.axes import cached_quotient
from symjac.nodes.sizes import ONE, Size, size_text, times

Variable: TypeAlias = int | str
"""A number for a size that nobody named, a text for one that the author named and nobody declared."""


class Unknown(NamedTuple):
    """A size with variables in it: a known factor times variables, in order."""

    factor: Size
    variables: tuple[Variable, ...]


Dim: TypeAlias = Size | Unknown
Equation: TypeAlias = tuple[Dim, Dim]


def is_known(dim: Dim) -> bool:
    return type(dim) is not Unknown


def variable(name: Variable) -> Unknown:
    """Return a size variable."""
    return Unknown(ONE, (name,))


def multiply(left: Dim, right: Dim) -> Dim:
    """Return the product of two sizes."""
    if left is ONE:
        return right
    if right is ONE:
        return left
    a, b = _parts(left), _parts(right)
    return _join(times(a.factor, b.factor), (*a.variables, *b.variables))


def _parts(dim: Dim) -> Unknown:
    return dim if isinstance(dim, Unknown) else Unknown(dim, ())


def _join(factor: Size, variables: tuple[Variable, ...]) -> Dim:
    return Unknown(factor, tuple(sorted(variables, key=str))) if variables else factor


def dim_text(dim: Dim) -> str:
    """Return a size as people write it; what is not known is a question mark."""
    if not isinstance(dim, Unknown):
        return size_text(dim)
    names = [name if isinstance(name, str) else "?" for name in dim.variables]
    return "·".join(names if dim.factor is ONE else [size_text(dim.factor), *names])


class Store:
    """What is known of size variables: bindings, and equations that wait."""

    __slots__ = ("bindings", "waiting")

    def __init__(self, bindings: Mapping[Variable, Dim] | None = None, waiting: tuple[Equation, ...] = ()) -> None:
        self.bindings: Mapping[Variable, Dim] = bindings or {}
        self.waiting = waiting

    def resolve(self, dim: Dim) -> Dim:
        """Return a size with every bound variable replaced."""
        if not isinstance(dim, Unknown):
            return dim
        while any(name in self.bindings for name in dim.variables):
            total: Dim = dim.factor
            for name in dim.variables:
                total = multiply(total, self.bindings.get(name, variable(name)))
            if not isinstance(total, Unknown):
                return total
            dim = total
        return dim

    def resolved(self, *dims: Dim) -> tuple[Dim, ...]:
        """Return sizes with every bound variable replaced."""
        return tuple(map(self.resolve, dims))

    def unify(self, left: Dim, right: Dim) -> Store | None:
        """Return what is known once two sizes are equal, None where they can't be."""
        if left is right:
            return self
        left, right = self.resolve(left), self.resolve(right)
        if not isinstance(left, Unknown) and not isinstance(right, Unknown):
            return self if left == right else None
        a, b = _parts(left), _parts(right)
        mine, theirs = _without_common(a.variables, b.variables)
        if not mine and not theirs:
            return self if a.factor == b.factor else None
        if not mine or (theirs and len(theirs) < len(mine)):
            a, b, mine, theirs = b, a, theirs, mine
        return self._solved(mine, a.factor, theirs, b.factor)

    def _solved(self, mine: tuple[Variable, ...], factor: Size, theirs: tuple[Variable, ...], other: Size) -> Store | None:
        """Solve factor · mine = other · theirs."""
        value = _divided(other, factor)
        if not theirs:
            if value is None:
                return None
            if value is ONE:
                return self._bound(dict.fromkeys(mine, ONE))
            if len(set(mine)) == 1:
                root = _root(value, len(mine))
                return None if root is None else self._bound({mine[0]: root})
        elif value is not None and len(mine) == 1:
            return self._bound({mine[0]: _join(value, theirs)})
        elif len(theirs) == 1 and (turned := _divided(factor, other)) is not None:
            return self._bound({theirs[0]: _join(turned, mine)})
        return Store(self.bindings, (*self.waiting, (_join(factor, mine), _join(other, theirs))))

    def _bound(self, values: Mapping[Variable, Dim]) -> Store | None:
        store: Store | None = Store({**self.bindings, **values})
        for left, right in self.waiting:
            store = store.unify(left, right) if store is not None else None
        return store

    def merge(self, other: Store) -> Store | None:
        """Return what two stores know together."""
        if self is other or not (other.bindings or other.waiting):
            return self
        if not (self.bindings or self.waiting):
            return other
        store: Store | None = self
        for name, value in other.bindings.items():
            store = store.unify(variable(name), value) if store is not None else None
        for left, right in other.waiting:
            store = store.unify(left, right) if store is not None else None
        return store


NOTHING = Store()


def _without_common(
    left: tuple[Variable, ...], right: tuple[Variable, ...]
) -> tuple[tuple[Variable, ...], tuple[Variable, ...]]:
    mine, theirs = list(left), list(right)
    for name in left:
        if name in theirs:
            mine.remove(name)
            theirs.remove(name)
    return tuple(mine), tuple(theirs)


def _divided(whole: Size, part: Size) -> Size | None:
    if whole.is_Symbol and part.is_Symbol:
        return ONE if whole == part else None
    return cached_quotient(whole, part)


def _root(value: Size, degree: int) -> Size | None:
    """Return the root of a size that is a size, None for others."""
    root = sympy.expand(sympy.powdenest(sympy.factor(value) ** sympy.Rational(1, degree), force=True))
    return root if root.is_polynomial(*root.free_symbols) and sympy.expand(root**degree) == value else None
