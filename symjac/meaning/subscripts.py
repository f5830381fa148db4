"""Sizes in subscripts and limits: I_n, 1_{m×n}, K_{MN}, Σ up to N."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

import sympy

from symjac.meaning.typed import Typer, refused
from symjac.meaning.unify import Dim, Unknown, multiply, variable
from symjac.nodes.sizes import size
from symjac.read.latex.tree import Group, Letter, Name, Number, Over, Plus, Power, Product, Tree


def dim_of(typer: Typer, tree: Tree) -> Dim:
    """Return the size that a subscript names; a letter that no declaration knows is a size to be found."""
    if isinstance(tree, Number) and tree.value.denominator == 1 and 0 < tree.value <= 1_000_000:
        return sympy.Integer(int(tree.value))
    if isinstance(tree, Name | Letter):
        text = tree.name if isinstance(tree, Name) else tree.letter
        return typer.world.sizes.get(text, variable(text))
    if isinstance(tree, Group):
        return dim_of(typer, tree.inner)
    if isinstance(tree, Product):
        return reduce(multiply, (dim_of(typer, factor) for factor in tree.factors))
    if isinstance(tree, Power) and isinstance(tree.exponent, Number) and tree.exponent.value in (1, 2, 3, 4):
        return reduce(multiply, [dim_of(typer, tree.base)] * int(tree.exponent.value))
    if isinstance(tree, Plus):
        parts = [dim_of(typer, term) for term in tree.terms]
        if not any(isinstance(part, Unknown) for part in parts):
            return size(sympy.Add(*(sign * part for sign, part in zip(tree.signs, parts, strict=True))))
    if isinstance(tree, Over) and isinstance(tree.numerator, Number) and isinstance(tree.denominator, Number):
        value = Fraction(tree.numerator.value) / tree.denominator.value
        return dim_of(typer, Number(value, span=tree.span))
    raise refused(tree, "a size is a number, or a product of names of sizes")
