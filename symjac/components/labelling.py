"""One name for every bound index, whatever it was called before.

The term splits into components joined by bound indices; inside each, indices are coloured by what they stand
in, refined until nothing changes, and only what still ties is tried in every order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from symjac.components.tensor import Exponent, Tensor
from symjac.nodes.sizes import Size, size_text


class Factor(NamedTuple):
    """A tensor with indices on it, to a power."""

    tensor: Tensor
    indices: tuple[int, ...]
    exponent: Exponent


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
    ordered = []
    for indices, inside in _components(factors, bound):
        start = {index: position - len(free) for index, position in free.items()}
        ranks = {text: rank for rank, text in enumerate(sorted({size_text(sizes[i]) for i in indices}))}
        start.update((i, ranks[size_text(sizes[i])]) for i in indices)
        certificate, order = _canonical(inside, indices, start)
        ordered.append(([size_text(sizes[i]) for i in order], certificate, order))
    ordered.sort(key=lambda entry: entry[:2])
    return [index for _, _, order in ordered for index in order]


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


def _canonical(factors: list[Factor], indices: list[int], colours: dict[int, int]) -> tuple[list[FactorKey], list[int]]:
    colours = _refine(factors, indices, colours)
    classes: dict[int, list[int]] = {}
    for index in indices:
        classes.setdefault(colours[index], []).append(index)
    tied = min((colour for colour, members in classes.items() if len(members) > 1), default=None)
    if tied is None:
        order = sorted(indices, key=colours.__getitem__)
        names = {**colours, **{index: position for position, index in enumerate(order)}}
        return sorted(factor_key(relabelled(factor, names)) for factor in factors), order
    spread = {index: 2 * colour + 1 if colour >= 0 else colour for index, colour in colours.items()}
    tries = (_canonical(factors, indices, {**spread, chosen: 2 * tied}) for chosen in classes[tied])
    return min(tries, key=lambda found: found[0])


def _refine(factors: list[Factor], indices: list[int], colours: dict[int, int]) -> dict[int, int]:
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
