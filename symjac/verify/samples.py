"""Points at which a claim is looked at: whole numbers a reader can follow, and sizes that leave nothing to accident."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from random import Random

import numpy as np

from symjac.components import Form
from symjac.components.evaluation import postorder
from symjac.components.tensor import Delta, Join, Tensor, Unit
from symjac.errors import UnsupportedError
from symjac.evaluate import Array, size_value
from symjac.nodes.node import Symbol

MAX_NUMBERED = 12
"""Entries are written by their numbers up to here, where sizes are names."""

MAX_DEGREE = 8
"""Beyond this degree sizes grow no more: nobody waits for the entries."""


def degree(form: Form) -> int:
    """Return how many entries are multiplied at most: identities that hold at small sizes alone need larger ones.

    >>> from symjac.components import read
    >>> from symjac.nodes.build import product, symbol
    >>> X = symbol("X", 3, 3)
    >>> degree(read(product(X, X, X)).form)
    3
    """
    known: dict[Tensor, int] = {}

    def of(form: Form) -> int:
        return max((_term_degree(term.factors, known) for term in form.terms), default=0)

    for tensor in postorder(form):
        if tensor.body is not None:
            known[tensor] = max(1, of(tensor.body))
        else:
            known[tensor] = 0 if isinstance(tensor, Delta | Join | Unit) or not tensor.symbols else 1
    return min(of(form), MAX_DEGREE)


def _term_degree(factors: Sequence[tuple[Tensor, tuple[int, ...], Fraction]], known: Mapping[Tensor, int]) -> int:
    return sum(known[tensor] * max(1, int(abs(exponent))) for tensor, _, exponent in factors)


def least_size(*forms: Form | None) -> int:
    """Return the least size at which every entry that is written by its number exists: 5 for x_5, and 2 where there is none.

    Raises UnsupportedError beyond 12: such an entry asks for sizes that are numbers.
    """
    units = (tensor for form in forms if form is not None for tensor in postorder(form) if isinstance(tensor, Unit))
    last = max((tensor.data[0] + 1 for tensor in units if not tensor.sizes[0].is_Integer), default=0)
    if last > MAX_NUMBERED:
        raise UnsupportedError(f"entry {last} of something whose size is a name: give the size as a number, as in x: {last}")
    return max(2, last)


def telling_sizes(names: Sequence[str], degree: int, shift: int = 0, least: int = 2) -> dict[str, int]:
    """Return unequal sizes, the largest of them beyond what an identity of this degree can hide.

    >>> telling_sizes(["M", "N"], 2), telling_sizes(["N"], 4)
    ({'M': 3, 'N': 2}, {'N': 4})
    """
    largest = max(3, degree // 2 + 2)
    choices = list(range(max(largest, len(names) + 1, least + len(names) - 1), least - 1, -1))
    return {name: choices[(k + shift) % len(choices)] for k, name in enumerate(names)}


def small_sizes(names: Sequence[str], largest: int, least: int = 2) -> Iterator[dict[str, int]]:
    """Yield sizes from small to large: 2 everywhere first, or 1 where nothing larger would be allowed."""
    tuples = sorted(
        product(range(least, max(largest, least) + 1), repeat=min(len(names), 6)),
        key=lambda sizes: (max(sizes, default=0), sum(sizes)),
    )
    for sizes in tuples:
        rest = (least,) * (len(names) - len(sizes))
        yield dict(zip(names, (*sizes, *rest), strict=True))


def whole_values(
    symbols: Sequence[Symbol], sizes: Mapping[str, int], seed: int, spread: int, positive: bool = False
) -> dict[str, Array]:
    """Return whole numbers between −spread and spread for every entry, as facts allow, the same ones for the same seed.

    >>> from symjac.nodes.build import symbol
    >>> whole_values([symbol("S", 2, 2, ["posdef"])], {}, seed=0, spread=1)["S"].tolist()
    [[1, 0], [0, 2]]
    """
    return {symbol.name: _whole(symbol, sizes, Random(f"{seed} {symbol.name}"), spread, positive) for symbol in symbols}


def _whole(symbol: Symbol, sizes: Mapping[str, int], random: Random, spread: int, positive: bool) -> Array:
    rows, cols = size_value(symbol.rows, sizes), size_value(symbol.cols, sizes)
    low = 1 if positive or "positive" in symbol.facts else -spread
    value = np.empty((rows, cols), dtype=object)
    for place in np.ndindex(rows, cols):
        value[place] = random.randint(low, spread)
    facts = symbol.facts
    if "symmetric" in facts:
        value = np.where(np.tri(rows, dtype=bool), value, value.T)
    if "diagonal" in facts:
        value = np.where(np.eye(rows, dtype=bool), value, 0)
    if "posdef" in facts:
        return _dominant(value)
    if "diagonal" in facts and "invertible" in facts:
        return np.asarray(np.where(np.eye(rows, dtype=bool) & (value == 0), 1, value))
    return value


def _dominant(value: Array) -> Array:
    """Return a symmetric matrix with a diagonal so large that it is positive definite."""
    found: Array = np.where(np.eye(len(value), dtype=bool), 0, value)
    for i, row in enumerate(found):
        found[i, i] = abs(int(value[i, i])) + 1 + sum(abs(int(entry)) for entry in row)
    return found
