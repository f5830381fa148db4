"""Leaves: symbols, names, numbers, sizes as numbers, and the constant matrices."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symjac.errors import DomainError, ShapeError
from symjac.nodes.node import (
    Basis,
    Commutation,
    Differential,
    Dimension,
    Identity,
    Let,
    Node,
    Ones,
    Product,
    Symbol,
    Zero,
)
from symjac.nodes.sizes import ONE, Size, shape_text, size, times

FACTS = ("symmetric", "posdef", "invertible", "diagonal", "positive")
"""What a declaration may say about a symbol."""

Number = int | Fraction


# Leaves


def symbol(name: str, rows: int | Size = 1, cols: int | Size = 1, facts: Sequence[str] = ()) -> Symbol:
    """Return a scalar, vector or matrix symbol."""
    shape = (size(rows), size(cols))
    known = set(facts)
    if known - set(FACTS):
        raise DomainError(f"{name}: unknown fact {sorted(known - set(FACTS))[0]!r}; the facts are {', '.join(FACTS)}")
    if known & {"symmetric", "posdef", "invertible", "diagonal"} and shape[0] != shape[1]:
        raise ShapeError(f"{name} is {shape_text(shape)}; only a square matrix can be {', '.join(sorted(known))}")
    if known & {"posdef", "diagonal"}:
        known.add("symmetric")
    if "posdef" in known:
        known.add("invertible")
    node = Symbol(shape, (name, tuple(sorted(known))))
    assert isinstance(node, Symbol)
    return node


def let(name: str, value: Node) -> Node:
    """Return `value` under a name, which printing, checking and compiled code use."""
    return Let(value.shape, (name,), (value,))


def number(value: Number) -> Node:
    """Return a rational number as a 1×1 node."""
    return Product((ONE, ONE), (Fraction(value), ())) if value else Zero((ONE, ONE))


def dimension(value: int | Size) -> Node:
    """Return a size as a number."""
    value = size(value)
    return number(int(value)) if value.is_Integer else Dimension((ONE, ONE), (value,))


def identity(n: int | Size) -> Node:
    n = size(n)
    return number(1) if n is ONE else Identity((n, n))


def zero(rows: int | Size, cols: int | Size) -> Node:
    return Zero((size(rows), size(cols)))


def ones(rows: int | Size, cols: int | Size = 1) -> Node:
    shape = (size(rows), size(cols))
    return number(1) if shape == (ONE, ONE) else Ones(shape)


def basis(n: int | Size, index: int) -> Node:
    """Return the column e_index of the n×n identity, counted from 0."""
    n = size(n)
    if index < 0 or (n.is_Integer and index >= int(n)):
        raise ShapeError(f"there is no entry {index} in a vector of {n} entries (counted from 0)")
    return number(1) if n is ONE else Basis((n, ONE), (index,))


def commutation(m: int | Size, n: int | Size) -> Node:
    """Return K(m, n), which maps vec(A) to vec(Aᵀ) for A of m×n."""
    m, n = size(m), size(n)
    total = times(m, n)
    return identity(total) if ONE in (m, n) else Commutation((total, total), (m, n))


def differential(node: Node) -> Node:
    return Differential(node.shape, (), (node,))
