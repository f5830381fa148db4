"""Trees by hand, short enough to read in a test."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from symjac.components import evaluate_form
from symjac.evaluate import Array, evaluate, size_value
from symjac.meaning import Expected, Meaning, Reading, World, readings
from symjac.nodes.sizes import Shape
from symjac.read.declare import read_declarations
from symjac.read.latex.tree import (
    Apply,
    Group,
    Indexed,
    Infix,
    Letter,
    Name,
    Number,
    Plus,
    Power,
    Product,
    Special,
    Summation,
    Transposed,
    Tree,
)

IDENTITY, ONES, ZEROS, COMMUTATION = (Special(kind) for kind in ("identity", "ones", "zeros", "commutation"))
SIZES = {name: size for size, name in enumerate("MNPQ", start=2)}
"""Unequal sizes for every name that the tests use."""


def tree(value: Any) -> Tree:
    """Return names and numbers as trees."""
    if isinstance(value, str):
        return Name(value)
    return Number(Fraction(value)) if isinstance(value, int | Fraction) else value


def times(*factors: Any, join: str = "") -> Product:
    return Product(tuple(map(tree, factors)), (join,) * (len(factors) - 1))


def plus(*terms: Any) -> Group:
    return Group(Plus(tuple(map(tree, terms)), (1,) * len(terms)))


def minus(first: Any, second: Any) -> Group:
    return Group(Plus((tree(first), tree(second)), (1, -1)))


def t(base: Any) -> Transposed:
    return Transposed(tree(base))


def power(base: Any, exponent: Any) -> Power:
    return Power(tree(base), tree(exponent))


def infix(sign: str, left: Any, right: Any) -> Infix:
    return Infix(sign, tree(left), tree(right))


def of(function: str, *arguments: Any, **more: Any) -> Apply:
    return Apply(function, tuple(map(tree, arguments)), **more)


def at(base: Any, *indices: Any) -> Indexed:
    return Indexed(tree(base), tuple(Letter(i) if isinstance(i, str) else tree(i) for i in indices))


def delta(*letters: str) -> Special:
    return Special("delta", indices=tuple(map(Letter, letters)))


def total(letter: str, body: Any, low: Any = None, high: Any = None) -> Summation:
    return Summation(Letter(letter), tree(body), None if low is None else tree(low), None if high is None else tree(high))


def shape(text: str) -> Shape:
    """Return a shape from text: "N^2 x M*N", "1 x 1"."""
    return read_declarations(f"Z: {text}")["Z"].shape


def typed(
    formula: Tree,
    declared: str,
    expected: str | Sequence[Expected] | None = None,
    letters: Sequence[str] | None = None,
    **world: Any,
) -> list[Reading]:
    """Type a formula over declared symbols; `expected` is one shape."""
    known = World.of(read_declarations(declared), **world)
    wanted = [shape(expected)] if isinstance(expected, str) else expected
    return readings(formula, known, wanted, letters)


def one(formula: Tree, declared: str, expected: str | None = None, **world: Any) -> Reading:
    """Type a formula that has one reading."""
    (reading,) = typed(formula, declared, expected, **world)
    return reading


def value(meaning: Meaning, values: dict[str, Array]) -> Array:
    """Return a meaning's value: an axis for every letter, then rows and columns."""
    if meaning.node is not None:
        return evaluate(meaning.node, values, SIZES)
    assert meaning.entries is not None
    axes = [size_value(size, SIZES) for _, size in meaning.letters]
    found = evaluate_form(meaning.entries, values, SIZES)
    return found.reshape([*axes, *(size_value(size, SIZES) for size in meaning.shape)])


def point(declared: str, seed: int = 0) -> dict[str, Array]:
    """Return random values, none of them small."""
    random = np.random.default_rng(seed)
    symbols = read_declarations(declared)
    return {
        name: random.uniform(0.3, 1.7, [size_value(size, SIZES) for size in symbol.shape]) for name, symbol in symbols.items()
    }
