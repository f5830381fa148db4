"""Signs, numbers, exponents, terms that stand there and should not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from symjac.diagnose.edits.change import Change, Pool, without
from symjac.diagnose.places import Place, bare, bracketed, negative
from symjac.diagnose.trees import exponent_tree, multiplied, number_tree
from symjac.read.latex.tree import (
    Apply,
    Bars,
    Cases,
    Group,
    Infix,
    Name,
    Number,
    Over,
    Plus,
    Power,
    Product,
    Transposed,
    Tree,
)


def signs(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """One sign of a sum is wrong."""
    if isinstance(tree, Plus):
        for k, sign in enumerate(tree.signs):
            if len(tree.terms) > 1 or place.above is not None:
                signs = (*tree.signs[:k], -sign, *tree.signs[k + 1 :])
                wanted, had = ("−", "+") if sign > 0 else ("+", "−")
                said = f"{wanted} instead of {had} in front of {{0}}"
                yield Change("sign", 1, replace(tree, signs=signs), said, (tree.terms[k],))
    elif place.above is not None and isinstance(place.above.tree, Apply):
        yield Change("sign", 2, negative(tree))


def numbers(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """A number is half or twice what it should be, or missing in front of a term."""
    if isinstance(tree, Number) and tree.value > 0:
        for factor in (Fraction(2), Fraction(1, 2)):
            yield Change("factor", 1, number_tree(tree.value * factor))
        for step in (1, -1):
            if tree.value.denominator == 1 and tree.value + step > 0:
                yield Change("factor", 2, number_tree(tree.value + step))
    if isinstance(tree, Plus) and len(tree.terms) > 1:
        for k, term in enumerate(tree.terms):
            for value in (Fraction(2), Fraction(1, 2)):
                new = multiplied([number_tree(value), bracketed(term, Plus, Infix)])
                terms = (*tree.terms[:k], new, *tree.terms[k + 1 :])
                said = "a factor 2 in front of {0}" if value == 2 else "a factor ½ in front of {0}"
                yield Change("factor", 1, replace(tree, terms=terms), said, (term,))
    if place.above is not None and isinstance(place.above.tree, Cases):
        for value in (Fraction(2), Fraction(1, 2)):
            yield Change("factor", 1, multiplied([number_tree(value), bracketed(tree, Plus, Infix)]))


def undifferentiated(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """A form bᵀx stands there as it was, and its derivative is b."""
    if isinstance(tree, Product) and len(tree.factors) == 2:
        left, right = tree.factors
        if isinstance(left, Transposed) and isinstance(right, Name):
            yield Change("term", 2, left.base)
            yield Change("term", 2, right)


def extra_terms(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """A term stands there that should not."""
    if isinstance(tree, Plus) and len(tree.terms) > 1:
        for k, term in enumerate(tree.terms):
            rest = replace(tree, terms=without(tree.terms, k), signs=without(tree.signs, k))
            new = rest.terms[0] if rest.signs == (1,) else rest
            yield Change("term", 2, new, "without the term {0}", (term,))


def exponent_of(tree: Tree) -> Fraction | None:
    """Return the exponent of a power, where it is a number."""
    if not isinstance(tree, Power):
        return None
    exponent, sign = bare(tree.exponent), 1
    if isinstance(exponent, Plus) and len(exponent.terms) == 1:
        sign, exponent = exponent.signs[0], bare(exponent.terms[0])
    if isinstance(exponent, Over) and isinstance(exponent.numerator, Number) and isinstance(exponent.denominator, Number):
        return sign * exponent.numerator.value / exponent.denominator.value if exponent.denominator.value else None
    return sign * exponent.value if isinstance(exponent, Number) else None


def exponents(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """An exponent is off by one or two, has the wrong sign, or was left out."""
    value = exponent_of(tree)
    if isinstance(tree, Power) and value is not None:
        near = [(value - 1, 1), (value + 1, 1), (-value, 1)]
        far = [(value - 2, 2), (value + 2, 2), (-value - 1, 2), (-value + 1, 2)]
        for other, weight in (*near, *far):
            if other:
                new = tree.base if other == 1 else Power(tree.base, exponent_tree(other), tree.entrywise)
                yield Change("exponent", weight, new)
    elif isinstance(tree, Bars | Name | Group) and not (place.above is not None and isinstance(place.above.tree, Power)):
        for missing in (2, 3):
            yield Change("exponent", 2, Power(tree, Number(Fraction(missing))))
    if isinstance(tree, Apply) and tree.power is None and tree.bracketed:
        yield Change("exponent", 2, Power(Group(tree), Number(Fraction(2))))
