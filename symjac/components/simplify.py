"""What every term goes through when it is closed: deltas, basis columns, powers, cancelling inverses.

A delta between two free indices stays, and every other factor is written with the smallest index of the
class; a delta that touches a bound index disappears into it. A bound index that stands nowhere becomes its
size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import sympy

from symjac.components.labelling import Factor
from symjac.components.tensor import Delta, Entry, InverseOf, Join, Number, SizeName, SizePower, Tensor, Unit, delta
from symjac.nodes.sizes import ONE, Size

UNIT = Fraction(1)


class Open(NamedTuple):
    """A term with indices of a scope: a number, factors, and the indices it is summed over."""

    coefficient: Fraction
    factors: list[Factor]
    bound: tuple[int, ...]


class Simple(NamedTuple):
    """A simplified term, ready to be labelled."""

    coefficient: Fraction
    factors: list[Factor]
    bound: list[int]


def simplify(term: Open, free: Mapping[int, int], sizes: Mapping[int, Size]) -> Iterator[Simple]:
    """Yield the normal terms that an open term is; almost always one."""
    coefficient, factors, bound = term
    links: list[tuple[int, int]] = []
    units: dict[int, Tensor] = {}
    alive = list(bound)
    while True:
        plain, deltas = _parted(factors, links)
        if deltas or any(isinstance(factor.tensor, Unit) for factor in plain):
            merged = _merge_classes(plain, deltas, free, alive)
            if merged is None:
                return
            plain, links, units, alive = merged
        collected = _merge_powers(plain, coefficient)
        if collected is None:
            return
        plain, coefficient = collected
        reduced = _cancel(plain, alive)
        if reduced is None:
            break
        factors, alive = reduced
        factors.extend(Factor(unit, (index,), UNIT) for index, unit in units.items())
        units = {}
    factors = plain
    factors.extend(Factor(delta(sizes[first]), (first, second), UNIT) for first, second in links)
    factors.extend(Factor(unit, (index,), UNIT) for index, unit in units.items())
    standing = {index for factor in factors for index in factor.indices}
    orphans = [index for index in alive if index not in standing]
    kept = [index for index in alive if index in standing]
    if not orphans:
        yield Simple(coefficient, factors, kept)
        return
    for number, names in size_monomials(sympy.Mul(*(sizes[index] for index in orphans))):
        merged_again = _merge_powers([*factors, *names], coefficient * number)
        assert merged_again is not None
        yield Simple(merged_again[1], merged_again[0], kept)


def _parted(factors: list[Factor], links: list[tuple[int, int]]) -> tuple[list[Factor], list[tuple[int, int]]]:
    """Split the deltas off, those of diagonal matrices included: X_ij = X_ii δ_ij."""
    plain: list[Factor] = []
    deltas = list(links)
    for factor in factors:
        tensor, indices, exponent = factor
        if isinstance(tensor, Delta):
            deltas.append((indices[0], indices[1]))
            continue
        if isinstance(tensor, Entry) and tensor.diagonal and exponent > 0 and len(set(indices)) == 2:
            deltas.append((indices[0], indices[1]))
            factor = Factor(tensor, (indices[0], indices[0]), exponent)
        plain.append(factor)
    return plain, deltas


Classes = tuple[list[Factor], list[tuple[int, int]], dict[int, Tensor], list[int]]


def _merge_classes(
    plain: list[Factor], deltas: list[tuple[int, int]], free: Mapping[int, int], bound: list[int]
) -> Classes | None:
    """Join indices that deltas or equal basis columns tie together; None where two basis columns contradict."""
    parent: dict[int, int] = {}

    def find(index: int) -> int:
        while index in parent:
            index = parent[index]
        return index

    def rank(index: int) -> tuple[bool, int]:
        return (index not in free, free.get(index, index))

    def join(first: int, second: int) -> None:
        low, high = sorted((find(first), find(second)), key=rank)
        if low != high:
            parent[high] = low

    columns: dict[Tensor, int] = {}
    for first, second in deltas:
        join(first, second)
    for tensor, indices, _ in plain:
        if isinstance(tensor, Unit):
            join(columns.setdefault(tensor, indices[0]), indices[0])
    units: dict[int, Tensor] = {}
    for tensor, index in columns.items():
        root = find(index)
        if root in units:
            return None
        units[root] = tensor
    members = [index for index in parent if index in free]
    links = [(find(index), index) for index in sorted(members, key=rank) if find(index) not in units]
    units.update((index, units[find(index)]) for index in members if find(index) in units)
    kept = [
        Factor(tensor, tuple([find(index) for index in indices]), exponent)
        for tensor, indices, exponent in plain
        if not isinstance(tensor, Unit)
    ]
    standing = {index for factor in kept for index in factor.indices}
    # A basis column on a bound index that stands nowhere else sums to 1.
    units = {index: tensor for index, tensor in units.items() if index in free or index in standing}
    lone = {find(index) for index in columns.values()} - standing
    return kept, links, units, [index for index in bound if index not in parent and index not in lone]


def _merge_powers(factors: list[Factor], coefficient: Fraction) -> tuple[list[Factor], Fraction] | None:
    """Multiply the powers of one base; numbers go to the front. None where the term vanishes."""
    powers: dict[tuple[Tensor, tuple[int, ...]], Fraction] = {}
    for tensor, indices, exponent in factors:
        if len(indices) == 2 and indices[0] > indices[1] and tensor.symmetric:
            indices = (indices[1], indices[0])
        key = (tensor, indices)
        known = powers.get(key)
        powers[key] = exponent if known is None else known + exponent
    merged: list[Factor] = []
    for (tensor, indices), exponent in powers.items():
        if isinstance(tensor, Number):
            whole = exponent.numerator // exponent.denominator
            coefficient *= Fraction(tensor.data[0]) ** whole
            exponent -= whole
        elif isinstance(tensor, SizePower) and tensor.body is not None and tensor.body.constant == -1:
            exponent %= 2
        elif isinstance(tensor, Join):
            exponent = UNIT
        if exponent:
            merged.append(Factor(tensor, indices, exponent))
    return merged, coefficient


def _cancel(factors: list[Factor], bound: list[int]) -> tuple[list[Factor], list[int]] | None:
    """Replace one X X⁻¹, or one stacking and unstacking, by deltas; None where there is none."""
    for position, (tensor, indices, exponent) in enumerate(factors):
        if exponent != 1 or not isinstance(tensor, InverseOf | Join):
            continue
        others = factors[:position] + factors[position + 1 :]
        standing = [index for factor in others for index in factor.indices]
        found = (
            _unstacked(tensor, indices, others, standing, bound)
            if isinstance(tensor, Join)
            else _inverted(tensor, indices, others, standing, bound)
        )
        if found is not None:
            partner, pairs, summed = found
            kept = [factor for factor in others if factor is not partner]
            kept.extend(Factor(_any_delta(), pair, UNIT) for pair in pairs)
            return kept, [index for index in bound if index not in summed]
    return None


@lru_cache(maxsize=1)
def _any_delta() -> Tensor:
    """Return a delta whose size nobody reads: it is merged at once."""
    return delta(ONE)


Cancelled = tuple[Factor, list[tuple[int, int]], set[int]]


def _inverted(
    inverse: Tensor, indices: tuple[int, ...], others: list[Factor], standing: list[int], bound: list[int]
) -> Cancelled | None:
    """Find Σ_b X⁻¹_ab X_bc or Σ_b X_cb X⁻¹_ba, which is δ_ac."""
    base = core(inverse)
    if base is None or len(indices) != 2 or indices[0] == indices[1]:
        return None
    for partner in others:
        if partner.tensor is not base or partner.exponent != 1 or partner.indices[0] == partner.indices[1]:
            continue
        for slot in (0, 1):
            inner, outer = indices[slot], indices[1 - slot]
            places = (0, 1) if base.symmetric else (1 - slot,)
            for place in places:
                if partner.indices[place] == inner and inner in bound and standing.count(inner) == 1:
                    return partner, [(outer, partner.indices[1 - place])], {inner}
    return None


def core(inverse: Tensor) -> Tensor | None:
    """Return the tensor X of an inverse X⁻¹, unless the inverse is of something composed."""
    assert inverse.body is not None
    if len(inverse.body.terms) != 1 or len(inverse.body.sizes) != 2:
        return None
    ((coefficient, factors, bound),) = inverse.body.terms
    if coefficient != 1 or bound or len(factors) != 1 or factors[0].exponent != 1 or factors[0].indices != (0, 1):
        return None
    return factors[0].tensor


def _unstacked(
    join: Tensor, indices: tuple[int, ...], others: list[Factor], standing: list[int], bound: list[int]
) -> Cancelled | None:
    for partner in others:
        if partner.tensor is not join:
            continue
        whole, parts = partner.indices[0], partner.indices[1:]
        if whole == indices[0]:
            if whole in bound and standing.count(whole) == 1:
                return partner, list(zip(parts, indices[1:], strict=True)), {whole}
        elif parts == indices[1:] and all(part in bound and standing.count(part) == 1 for part in parts):
            return partner, [(whole, indices[0])], set(parts)
    return None


@lru_cache(maxsize=1024)
def size_monomials(size: Size) -> tuple[tuple[Fraction, tuple[Factor, ...]], ...]:
    """Return a size as a sum of numbers times powers of size names."""
    names = sorted(size.free_symbols, key=lambda name: str(name.name))
    if not names:
        return ((Fraction(int(size)), ()),)
    tensors = [SizeName((), (name.name,)) for name in names]
    found = []
    for powers, number in sympy.Poly(size, *names).terms():
        factors = [Factor(tensor, (), Fraction(int(p))) for tensor, p in zip(tensors, powers, strict=True) if p]
        found.append((Fraction(int(number)), tuple(factors)))
    return tuple(found)
