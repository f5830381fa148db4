"""Places in a formula: where a vertex stands, what part it plays there, and the formula with another in its place."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from symjac.read.latex.tree import (
    Apply,
    Array,
    Bars,
    Cases,
    Group,
    Indexed,
    Infix,
    Number,
    Over,
    Pairing,
    Plus,
    Power,
    Product,
    Special,
    Summation,
    Transposed,
    Tree,
)

FORMULA, EXPONENT, INDEX, SIZE, OTHER = "formula", "exponent", "index", "size", "other"
"""The parts a vertex may play."""

MOST_PLACES = 400


@dataclass(frozen=True)
class Place:
    """A vertex, the place of the vertex it stands in, and as which child it does."""

    tree: Tree
    above: Place | None = None
    child: int = 0
    part: str = FORMULA
    depth: int = 0

    def put(self, new: Tree) -> Tree:
        """Return the whole formula with another vertex here, bracketed where it must be."""
        place: Place | None = self
        while place is not None and place.above is not None:
            above = place.above
            new = with_child(above.tree, place.child, fitted(new, above.tree, place.part))
            place = above
        return new

    @property
    def term(self) -> int | None:
        """In which term of the outermost sum this stands, from 0; None where there is one term."""
        place, found = self, None
        while place.above is not None:
            if isinstance(place.above.tree, Plus) and len(place.above.tree.terms) > 1:
                found = place.child
            place = place.above
        return found


def with_child(tree: Tree, child: int, new: Tree) -> Tree:
    """Return a vertex with one child changed."""
    count = iter(range(len(tree.children)))
    return tree.with_children(lambda old: new if next(count) == child else old)


def places(root: Tree) -> Iterator[Place]:
    """Yield every place of a formula, outermost first, from left to right."""
    waiting = deque([Place(root)])
    for _ in range(MOST_PLACES):
        if not waiting:
            return
        place = waiting.popleft()
        yield place
        for k, tree in enumerate(place.tree.children):
            waiting.append(Place(tree, place, k, _part(place, k), place.depth + 1))


def _part(above: Place, child: int) -> str:
    if above.part != FORMULA:
        return above.part
    tree = above.tree
    if isinstance(tree, Power | Apply) and child:
        return EXPONENT if isinstance(tree, Power) or child >= len(tree.arguments) else FORMULA
    if isinstance(tree, Indexed):
        return INDEX if child else FORMULA
    if isinstance(tree, Special):
        return SIZE if child < len(tree.sizes) else INDEX
    if isinstance(tree, Summation):
        return FORMULA if child == 1 else OTHER
    if isinstance(tree, Cases):
        return FORMULA if child < len(tree.values) else OTHER
    known = isinstance(tree, Plus | Product | Infix | Over | Power | Transposed | Group | Apply | Bars | Pairing | Array)
    return FORMULA if known else OTHER


def fitted(tree: Tree, above: Tree, part: str = FORMULA) -> Tree:
    """Return a vertex as it can stand in another: in brackets where it binds less."""
    if part != FORMULA or isinstance(above, Group | Over | Bars | Pairing | Array | Cases):
        return tree
    if isinstance(above, Plus):
        return bracketed(tree, Plus)
    if isinstance(above, Infix):
        return bracketed(tree, Plus, Infix)
    if isinstance(above, Product):
        return bracketed(tree, Plus, Infix, Product)
    if isinstance(above, Transposed) and isinstance(tree, Power) and isinstance(tree.exponent, Number):
        return tree
    if isinstance(above, Transposed | Power | Indexed):
        return bracketed(tree, Plus, Infix, Product, Over, Apply, Transposed, Power, Summation)
    if isinstance(above, Apply) and not above.bracketed:
        return bracketed(tree, Plus, Infix)
    return bracketed(tree, Plus) if isinstance(above, Summation) else tree


def bracketed(tree: Tree, *loose: type[Tree]) -> Tree:
    """Return a vertex, in brackets where it is one of the loose ones."""
    return Group(tree, span=tree.span) if isinstance(tree, loose) else tree


def bare(tree: Tree) -> Tree:
    """Return what stands inside brackets."""
    while isinstance(tree, Group):
        tree = tree.inner
    return tree


def factors_of(tree: Tree) -> tuple[tuple[Tree, ...], tuple[str, ...]]:
    """Return a vertex as factors and the joins between them; one factor where it is no product."""
    return (tree.factors, tree.joins) if isinstance(tree, Product) else ((tree,), ())


def product_of(factors: tuple[Tree, ...], joins: tuple[str, ...], like: Tree) -> Tree:
    """Return factors side by side, those that are products spliced in; one alone is no product."""
    if len(factors) == 1:
        return factors[0]
    parts: list[Tree] = []
    between: list[str] = []
    for k, factor in enumerate(factors):
        inner, inside = factors_of(factor)
        parts += [bracketed(part, Plus, Infix) for part in inner]
        between += [*inside, *joins[k : k + 1]]
    return Product(tuple(parts), tuple(between), span=like.span)


def negative(tree: Tree) -> Tree:
    """Return the negative of a vertex."""
    if isinstance(tree, Plus):
        return replace(tree, signs=tuple(-s for s in tree.signs))
    return Plus((tree,), (-1,), span=tree.span)
