"""Factors: a transpose or an inverse too many or missing, factors left out, put in, or in another order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction

from symjac.diagnose.edits.change import Change, Pool, without
from symjac.diagnose.edits.scalars import exponent_of
from symjac.diagnose.places import Place, bare, bracketed, factors_of, product_of
from symjac.diagnose.trees import transposed
from symjac.read.latex.tree import (
    Apply,
    Group,
    Indexed,
    Infix,
    Name,
    Number,
    Plus,
    Power,
    Product,
    Special,
    Transposed,
    Tree,
    walk,
)

MOST_NAMES = 3
LONGEST_CHAIN = 6
"""In longer products only the whole is turned round."""


SWAPPED = "{0} and {1} the other way round"


def transposes(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """A transpose is missing, or one too many."""
    if isinstance(tree, Transposed):
        yield Change("transpose", 1, tree.base)
        return
    if place.above is not None and isinstance(place.above.tree, Transposed):
        return
    if isinstance(tree, Special) and tree.kind in ("identity", "delta"):
        return
    if isinstance(tree, Name | Group | Power | Apply | Special | Indexed | Infix | Product):
        weight = 1 if isinstance(tree, Name | Group | Power) and not isinstance(bare(tree), Infix) else 2
        yield Change("transpose", weight, transposed(tree))


def inverses(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """Aᵀ stands for A⁻¹, A⁻¹ for Aᵀ, or an inverse is missing or one too many."""
    inverse = Number(Fraction(-1))
    if isinstance(tree, Transposed) and isinstance(tree.base, Name | Group):
        yield Change("inverse", 1, Power(tree.base, inverse))
    if isinstance(tree, Power) and exponent_of(tree) == -1:
        yield Change("inverse", 1, transposed(tree.base))
        yield Change("inverse", 2, tree.base)
    if isinstance(tree, Name | Group) and not (place.above is not None and isinstance(place.above.tree, Power)):
        yield Change("inverse", 2, Power(bracketed(tree, Plus), inverse))


def everywhere(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """A name that stands there several times lost its inverse each time, or X and Xᵀ stand for each other."""
    if place.depth:
        return
    counts = Counter(part for part in walk(tree) if isinstance(part, Name))
    for name in [name for name, count in counts.items() if count > 1][:MOST_NAMES]:
        inverse, turned = Power(name, Number(Fraction(-1))), Transposed(name)
        yield Change("inverse", 2, _with(tree, {name: inverse}), "{0} instead of {1} everywhere", (inverse, name))
        yield Change("inverse", 2, _with(tree, {turned: inverse}), "{0} instead of {1} everywhere", (inverse, turned))
        said = "{0} and {1} the other way round everywhere"
        yield Change("transpose", 2, _with(tree, {name: turned, turned: name}), said, (name, turned))


def _with(tree: Tree, instead: Mapping[Tree, Tree]) -> Tree:
    """Return a formula with other parts in the place of some, outermost first."""
    new = instead.get(tree)
    return new if new is not None else tree.with_children(lambda child: _with(child, instead))


def chains(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """A factor is missing or one too many, or two are swapped."""
    if place.above is not None and isinstance(place.above.tree, Product):
        return
    factors, joins = factors_of(tree)
    yield from _moves(tree, factors, joins)
    yield from _split_powers(tree, factors, joins)
    if len(factors) > 2:
        yield Change("order", 2, product_of(factors[::-1], joins[::-1], tree), "the factors of {old} in the reverse order")
    for k, factor in enumerate(factors if len(factors) > 1 else ()):
        rest = product_of(without(factors, k), without(joins, max(k - 1, 0)), tree)
        yield Change("factor", 2, rest, "without the factor {0}", (factor,))
    if isinstance(tree, Plus | Number | Infix | Group) and place.depth:
        return
    whole, between = ((Group(tree),), ()) if isinstance(tree, Plus | Infix) else (factors, joins)
    for new in pool.factors if len(factors) <= 2 * LONGEST_CHAIN else ():
        for k in range(len(whole) + 1):
            grown = product_of((*whole[:k], new, *whole[k:]), (*between, ""), tree)
            where = f"a factor {{0}} {'in front of {1}' if k < len(whole) else 'behind {1}'}"
            yield Change("factor", 2, grown, where, (new, whole[min(k, len(whole) - 1)]))


def _moves(tree: Tree, factors: tuple[Tree, ...], joins: tuple[str, ...]) -> Iterator[Change]:
    """Two neighbours are swapped, or one factor stands elsewhere."""
    for k, factor in enumerate(factors if len(factors) <= LONGEST_CHAIN else ()):
        rest = without(factors, k)
        for place in range(len(factors)):
            if place == k + 1:
                new = product_of((*rest[:place], factor, *rest[place:]), joins, tree)
                yield Change("order", 2, new, SWAPPED, factors[k : k + 2])
            elif place not in (k, k - 1):
                new = product_of((*rest[:place], factor, *rest[place:]), joins, tree)
                yield Change("order", 2, new, "{new} instead of {old}: matrices do not commute")


def _split_powers(tree: Tree, factors: tuple[Tree, ...], joins: tuple[str, ...]) -> Iterator[Change]:
    """X⁻²A stands for X⁻¹AX⁻¹: factors that do not commute were merged."""
    for k, factor in enumerate(factors if 1 < len(factors) <= LONGEST_CHAIN else ()):
        single = _root(factor)
        if single is not None:
            rest = (*factors[:k], single, *factors[k + 1 :])
            for place in range(len(factors) + 1):
                if place not in (k, k + 1):
                    new = product_of((*rest[:place], single, *rest[place:]), (*joins, ""), tree)
                    yield Change("order", 2, new, "{new} instead of {old}: matrices do not commute")


def _root(tree: Tree) -> Tree | None:
    """Return the matrix whose square this is: X⁻ᵀ for X⁻²ᵀ."""
    tree = bare(tree)
    if isinstance(tree, Transposed):
        inner = _root(tree.base)
        return Transposed(inner) if inner is not None else None
    value = exponent_of(tree)
    if not isinstance(tree, Power) or value not in (2, -2):
        return None
    return tree.base if value == 2 else Power(tree.base, Number(Fraction(-1)))
