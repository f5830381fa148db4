"""Products of other kinds: ⊗ and ∘, brackets, functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symjac.diagnose.edits.change import Change, Pool
from symjac.diagnose.places import Place, bare, bracketed, factors_of, product_of
from symjac.diagnose.trees import multiplied
from symjac.read.latex.tree import (
    Apply,
    Group,
    Infix,
    Name,
    Over,
    Plus,
    Product,
    Tree,
)

Chain = tuple[tuple[Tree, ...], tuple[str, ...]]
"""Factors and the joins between them."""


def sides(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """The sides of ⊗ are swapped, or one product sign stands for another."""
    if isinstance(tree, Infix):
        if tree.sign in ("otimes", "khatri"):
            yield Change("order", 1, replace(tree, left=tree.right, right=tree.left))
        for other in ("otimes", "odot"):
            if other != tree.sign and {other, tree.sign} != {"odot", "circ"}:
                yield Change("product", 2, replace(tree, sign=other))
        yield Change("product", 1, multiplied([tree.left, tree.right]))
        yield Change("term", 2, tree.left, "without the factor {0}", (tree.right,))
        yield Change("term", 2, tree.right, "without the factor {0}", (tree.left,))
    if isinstance(tree, Product):
        for k in range(len(tree.factors) - 1):
            left, right = (product_of(part, joins, tree) for part, joins in _halves(tree, k))
            for sign in ("odot", "otimes"):
                yield Change("product", 2, Infix(sign, bracketed(left, Plus), bracketed(right, Plus)))
    if isinstance(tree, Over):
        yield Change("order", 3, replace(tree, numerator=tree.denominator, denominator=tree.numerator))
        yield Change("factor", 2, tree.numerator, "without the denominator {0}", (tree.denominator,))


def _halves(tree: Product, k: int) -> tuple[Chain, Chain]:
    return (tree.factors[: k + 1], tree.joins[:k]), (tree.factors[k + 1 :], tree.joins[k + 1 :])


def brackets(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """Brackets are missing: a ∘ bc was meant as (a ∘ b)c; or a sum was typed as a product."""
    if isinstance(tree, Infix):
        for k in range(1, len(factors_of(tree.right)[0])):
            factors, joins = factors_of(tree.right)
            inner = replace(tree, right=product_of(factors[:k], joins[: k - 1], tree.right))
            yield Change("order", 1, product_of((Group(inner), *factors[k:]), joins[k - 1 :], tree), "brackets: {new}")
        for k in range(1, len(factors_of(tree.left)[0])):
            factors, joins = factors_of(tree.left)
            inner = replace(tree, left=product_of(factors[k:], joins[k:], tree.left))
            yield Change("order", 1, product_of((*factors[:k], Group(inner)), joins[:k], tree), "brackets: {new}")
    if isinstance(tree, Product):
        for k in range(1, len(tree.factors)):
            left, right = _halves(tree, k - 1)
            yield Change("term", 3, _added(tree, left, right), "a sum instead of a product: {new}")
            if len(right[0]) > 1:
                rest = right[0][1:], right[1][1:]
                yield Change("term", 3, _added(tree, left, rest), "+ instead of {0}", right[0][:1])


def _added(tree: Tree, left: Chain, right: Chain) -> Tree:
    return Plus((product_of(*left, tree), product_of(*right, tree)), (1, 1), span=tree.span)


def functions(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """A prime is missing or one too many; diag( ) was forgotten."""
    if isinstance(tree, Apply) and tree.function not in ("tr", "det", "diag", "vec", "softmax", "norm"):
        yield Change("chain rule", 1, replace(tree, primes=tree.primes + 1))
        yield Change("chain rule", 2, Apply("diag", (replace(tree, primes=tree.primes + 1),)))
        if tree.primes:
            yield Change("chain rule", 1, replace(tree, primes=tree.primes - 1))
    if isinstance(tree, Name):
        yield Change("product", 2, Apply("diag", (Apply("vec", (tree,)),)))
    if isinstance(tree, Apply) and len(tree.arguments) == 1 and tree.function in ("diag", "tr", "vec"):
        yield Change("product", 2, Group(tree.arguments[0]), "{new} instead of {old}")
    elif isinstance(tree, Name | Apply | Group):
        yield Change("product", 2, Apply("diag", (bare(tree),)))
    if isinstance(tree, Product | Name | Group):
        yield Change("trace", 2, Apply("tr", (bare(tree),)))
