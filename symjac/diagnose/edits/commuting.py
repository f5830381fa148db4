"""The commutation matrix: forgotten, on the wrong side, with its sizes the wrong way round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symjac.diagnose.edits.change import Change, Pool, without
from symjac.diagnose.places import Place, bare, bracketed
from symjac.diagnose.trees import multiplied
from symjac.read.latex.tree import Group, Infix, Number, Plus, Product, Special, Tree, walk

DEEPEST = 2
"""A commutation matrix stands beside a whole, a term of it or a bracket in that, not deeper."""

FORGOTTEN = "the commutation matrix {0} is missing %s {1}"
RENAMED = "it should be {new}, not {old}"
MOVED = "the commutation matrix belongs on the other side: it should be {new}"


def commutations(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """K is missing, I stands for I + K or K for I, or K stands on the wrong side."""
    identity = Special("identity")
    if isinstance(tree, Special) and tree.kind == "commutation":
        yield Change("commutation", 1, replace(tree, sizes=tree.sizes[::-1]), RENAMED)
        yield Change("commutation", 2, identity, RENAMED)
    for commutation in pool.commutations:
        both = Group(Plus((identity, commutation), (1, 1)))
        if isinstance(tree, Special) and tree.kind == "identity":
            yield Change("commutation", 1, both, RENAMED)
            yield Change("commutation", 1, commutation, RENAMED)
        if isinstance(tree, Number) and tree.value == 2:
            yield Change("commutation", 1, both, RENAMED)
        if _is_whole(tree, place):
            yield from _beside(tree, commutation, both)
            yield from _moved(tree, commutation, both)


def _beside(tree: Tree, commutation: Tree, both: Tree) -> Iterator[Change]:
    """Yield a whole with K, or I + K, in front of it or behind it."""
    whole = bracketed(tree, Plus, Infix)
    yield Change("commutation", 1, multiplied([both, whole]), FORGOTTEN % "in front of", (both, tree))
    yield Change("commutation", 1, multiplied([whole, commutation]), FORGOTTEN % "behind", (commutation, tree))
    yield Change("commutation", 1, multiplied([commutation, whole]), FORGOTTEN % "in front of", (commutation, tree))


def _moved(tree: Tree, commutation: Tree, both: Tree) -> Iterator[Change]:
    """Yield a product with its K, or I + K, on the other side: there it needs other sizes perhaps."""
    inner = bare(tree)
    if not isinstance(inner, Product) or len(inner.factors) < 2:
        return
    for k, factor in enumerate(inner.factors):
        if not any(map(_is_commutation, walk(factor))):
            continue
        rest = multiplied(without(inner.factors, k))
        new = both if isinstance(bare(factor), Plus) else commutation
        last = len(inner.factors) - 1
        yield Change("commutation", 1, multiplied((new, rest)), MOVED if k else RENAMED)
        yield Change("commutation", 1, multiplied((rest, new)), MOVED if k < last else RENAMED)


def _is_commutation(tree: Tree) -> bool:
    return isinstance(tree, Special) and tree.kind == "commutation"


def _is_whole(tree: Tree, place: Place) -> bool:
    """Whether a vertex is a formula that K may stand beside: brackets count for what is in them."""
    depth, above = 0, place.above
    if above is not None and isinstance(above.tree, Group | Product):
        return False
    while above is not None:
        depth += not isinstance(above.tree, Group)
        above = above.above
    return depth < DEEPEST and isinstance(bare(tree), Plus | Infix | Product | Special)
