"""Random points: values for symbols and sizes, unequal sizes, no accidental symmetry, facts respected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from symjac.evaluate import Array, size_value
from symjac.nodes.node import Dimension, Node, Symbol, postorder

SMALL = (2, 3, 4, 5)
"""The sizes that are tried for size names, shifted from point to point so that no two agree by accident."""


@dataclass(frozen=True)
class Point:
    """Values of all symbols at given sizes; `seed` makes it again."""

    seed: int
    sizes: Mapping[str, int]
    values: Mapping[str, Array]


def size_names(nodes: Iterable[Node]) -> tuple[str, ...]:
    """Return the names of all sizes below the nodes, in alphabetical order."""
    found = [*postorder(*nodes)]
    counted = [node.data[0] for node in found if isinstance(node, Dimension)]
    return tuple(sorted({s.name for size in (*counted, *(n for node in found for n in node.shape)) for s in size.free_symbols}))


def small_sizes(names: Sequence[str], shift: int, choices: tuple[int, ...] = SMALL) -> dict[str, int]:
    """Return unequal small sizes for the names (equal ones only where there are more names than choices)."""
    choices = choices[: max(3, len(names))]
    return {name: choices[(i + shift) % len(choices)] for i, name in enumerate(names)}


def random_point(nodes: Iterable[Node], seed: int, sizes: Mapping[str, int], positive: bool = False) -> Point:
    """Return a random point; with `positive` all entries are, as logarithms and roots need."""
    rng = np.random.default_rng(seed)
    symbols = {node.name: node for node in postorder(*nodes) if isinstance(node, Symbol)}
    values = {name: _value(symbols[name], rng, sizes, positive) for name in sorted(symbols)}
    return Point(seed, dict(sizes), values)


def _value(symbol: Symbol, rng: np.random.Generator, sizes: Mapping[str, int], positive: bool) -> Array:
    rows, cols = size_value(symbol.rows, sizes), size_value(symbol.cols, sizes)
    value = rng.uniform(0.3, 1.3, (rows, cols)) if positive or "positive" in symbol.facts else rng.normal(size=(rows, cols))
    if "diagonal" in symbol.facts:
        diagonal = np.diag(value) if "posdef" not in symbol.facts else 0.5 + np.abs(np.diag(value))
        return np.diag(diagonal)
    if "posdef" in symbol.facts:
        return np.asarray(value @ value.T / rows + np.eye(rows))
    if "symmetric" in symbol.facts:
        return np.asarray(value + value.T) / 2
    return value if rows != cols or rows == 1 or not positive else value + rows * np.eye(rows)
