"""One name for every bound index, whatever it was called before.

The term splits into parts that bound indices hold together; inside each, indices are coloured by what they stand in,
and the colours refined until nothing changes. What stands alone with its colour is settled and holds nothing together
any more; only in a part where all still ties is each index of the rarest colour tried in front.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from symjac.components.tensor import Exponent, Tensor
from symjac.nodes.sizes import Size, size_text


class Factor(NamedTuple):
    """A tensor with indices on it, to a power."""

    tensor: Tensor
    indices: tuple[int, ...]
    exponent: Exponent


LEVEL = 1_000_000
"""More than any term has indices."""

FactorKey = tuple[bytes, int, int, tuple[int, ...]]


def factor_key(factor: Factor) -> FactorKey:
    """Return what factors are ordered by: structure, never creation."""
    tensor, indices, exponent = factor
    return (tensor.digest, exponent.numerator, exponent.denominator, indices)


def relabelled(factor: Factor, names: Mapping[int, int]) -> Factor:
    """Return a factor with other index names; those of a symmetric tensor in ascending order."""
    tensor, indices, exponent = factor
    renamed = tuple([names[index] for index in indices])
    if len(renamed) == 2 and renamed[0] > renamed[1] and tensor.symmetric:
        renamed = (renamed[1], renamed[0])
    return Factor(tensor, renamed, exponent)


def label(
    factors: Sequence[Factor], free: Mapping[int, int], bound: Sequence[int], sizes: Mapping[int, Size]
) -> tuple[tuple[Factor, ...], tuple[Size, ...]]:
    """Return the factors in canonical order with canonical names, and the sizes of the bound indices."""
    names = dict(free)
    if len(bound) == 1:
        names[bound[0]] = len(free)
        order = list(bound)
    elif bound:
        order = _order(factors, free, bound, sizes)
        for index in order:
            names[index] = len(names)
    else:
        order = []
    renamed = sorted((relabelled(factor, names) for factor in factors), key=factor_key)
    return tuple(renamed), tuple([sizes[index] for index in order])


def _order(factors: Sequence[Factor], free: Mapping[int, int], bound: Sequence[int], sizes: Mapping[int, Size]) -> list[int]:
    """Return the bound indices in canonical order."""
    colours = {index: position - len(free) for index, position in free.items()}
    ranks = {text: rank for rank, text in enumerate(sorted({size_text(sizes[i]) for i in bound}))}
    colours.update((i, ranks[size_text(sizes[i])]) for i in bound)
    parts = [_arranged(inside, indices, colours) for indices, inside in _components(factors, bound)]
    return [index for _, order in sorted(parts, key=lambda part: part[0]) for index in order]


def _components(factors: Sequence[Factor], bound: Sequence[int]) -> list[tuple[list[int], list[Factor]]]:
    """Group the bound indices that stand in common factors, with these factors."""
    parent = {index: index for index in bound}

    def find(index: int) -> int:
        while parent[index] != index:
            index = parent[index]
        return index

    for factor in factors:
        inner = [index for index in factor.indices if index in parent]
        for index in inner[1:]:
            parent[find(index)] = find(inner[0])
    groups: dict[int, tuple[list[int], list[Factor]]] = {}
    for index in bound:
        groups.setdefault(find(index), ([], []))[0].append(index)
    for factor in factors:
        root = next((find(index) for index in factor.indices if index in parent), None)
        if root is not None:
            groups[root][1].append(factor)
    return list(groups.values())


Arrangement = tuple[list[FactorKey], list[int]]
"""The factors as they read under the names that an order gives, and the order."""


def _arranged(factors: Sequence[Factor], indices: Sequence[int], colours: dict[int, int], level: int = 1) -> Arrangement:
    """Order indices: first those that stand alone with their colour, then what hangs on them, part by part."""
    colours = _refine(factors, indices, colours)
    counts = Counter(colours[index] for index in indices)
    order = sorted((index for index in indices if counts[colours[index]] == 1), key=colours.__getitem__)
    tied = [index for index in indices if counts[colours[index]] > 1]
    if tied:
        # Settled indices get colours that no later refinement gives.
        settled = colours | {index: colours[index] - LEVEL * level for index in order}
        parts = [_untied(inside, members, settled, level) for members, inside in _components(factors, tied)]
        order += [index for _, members in sorted(parts, key=lambda part: part[0]) for index in members]
    names = colours | {index: position for position, index in enumerate(order)}
    return sorted(factor_key(relabelled(factor, names)) for factor in factors), order


def _untied(factors: Sequence[Factor], indices: Sequence[int], colours: dict[int, int], level: int) -> Arrangement:
    """Settle a connected part: every index of its rarest colour is tried in front; the smallest reading wins."""
    counts = Counter(colours[index] for index in indices)
    first = min(counts, key=lambda colour: (counts[colour], colour))
    spread = {index: 2 * colour + 1 if colour >= 0 else colour for index, colour in colours.items()}
    candidates = [index for index in indices if colours[index] == first]
    tries = (_arranged(factors, indices, spread | {chosen: 2 * first}, level + 1) for chosen in candidates)
    return min(tries, key=lambda found: found[0])


def _refine(factors: Sequence[Factor], indices: Sequence[int], colours: dict[int, int]) -> dict[int, int]:
    """Colour indices by what they stand in until the colours no longer multiply."""
    count = len({colours[index] for index in indices})
    while count < len(indices):
        seen: dict[int, list[tuple[FactorKey, int]]] = {index: [] for index in indices}
        for factor in factors:
            symmetric = len(factor.indices) == 2 and factor.tensor.symmetric
            key = factor_key(relabelled(factor, colours))
            for slot, index in enumerate(factor.indices):
                if index in seen:
                    seen[index].append((key, 0 if symmetric else slot))
        signs = {index: (colours[index], sorted(found)) for index, found in seen.items()}
        ranks: dict[int, int] = {}
        previous, rank = None, -1
        for index in sorted(indices, key=signs.__getitem__):
            if signs[index] != previous:
                rank += 1
                previous = signs[index]
            ranks[index] = rank
        colours = {**colours, **ranks}
        if rank + 1 == count:
            break
        count = rank + 1
    return colours
