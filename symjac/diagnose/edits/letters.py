"""Index letters and names, one for another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, permutations

from symjac.diagnose.edits.change import MOST_LETTERS, Change, Pool
from symjac.diagnose.places import Place, bracketed
from symjac.diagnose.trees import multiplied
from symjac.read.latex.tree import (
    Indexed,
    Infix,
    Letter,
    Name,
    Number,
    Plus,
    Special,
    Tree,
    walk,
)


def names(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """One name stands for another."""
    if isinstance(tree, Name):
        for other in pool.factors:
            if isinstance(other, Name) and other != tree:
                yield Change("name", 3, other)


def orders(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """Index letters are swapped, or one stands for another."""
    if isinstance(tree, Indexed):
        yield from (Change("indices", 1, replace(tree, indices=new)) for new in _reordered(tree.indices))
    if isinstance(tree, Special) and len(tree.indices) > 1:
        yield from (Change("indices", 1, replace(tree, indices=new)) for new in _reordered(tree.indices))


def _reordered(indices: tuple[Tree, ...]) -> Sequence[tuple[Tree, ...]]:
    return [new for new in permutations(indices) if new != indices] if 1 < len(indices) < 4 else []


def deltas(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """1 stands for δ_ij, or δ_ij for 1."""
    if isinstance(tree, Number) and tree.value == 1:
        for pair in combinations(pool.letters[:MOST_LETTERS], 2):
            yield Change("indices", 2, Special("delta", (), tuple(map(Letter, pair))))
    if isinstance(tree, Special) and tree.kind == "delta":
        yield Change("indices", 2, Number(Fraction(1)))


def throughout(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    """Two letters are swapped everywhere; or the term with two letters swapped was forgotten."""
    if place.depth:
        return
    for pair in combinations(pool.letters[:MOST_LETTERS], 2):
        swapped = with_letters_swapped(tree, *pair)
        yield Change("indices", 1, swapped, "{0} and {1} the other way round", tuple(map(Letter, pair)))
        delta = Special("delta", (), tuple(map(Letter, pair)))
        yield Change("indices", 2, multiplied([bracketed(tree, Plus, Infix), delta]), "a factor {0}", (delta,))
        new = Plus((bracketed(tree, Plus), bracketed(swapped, Plus)), (1, 1), span=tree.span)
        yield Change("product rule", 2, new, "the product rule gives a second term, {0}", (swapped,))


def with_letters_swapped(tree: Tree, left: str, right: str) -> Tree:
    """Return a formula with two index letters in each other's place."""
    if isinstance(tree, Letter):
        return Letter({left: right, right: left}.get(tree.letter, tree.letter), span=tree.span)
    return tree.with_children(lambda child: with_letters_swapped(child, left, right))


def single_letters(tree: Tree, place: Place, pool: Pool) -> Iterator[Change]:
    if isinstance(tree, Letter) and place.above is not None:
        whole = place.above.tree
        for letter in pool.letters:
            if letter != tree.letter:
                yield Change("indices", 2, Letter(letter), "{new} instead of {old} in {0}", (whole,))


def letters_in(tree: Tree) -> tuple[str, ...]:
    """Return the index letters of a formula, in order of first appearance; the sizes of I_N and K_MN are none."""
    sizes = {part.letter for one in walk(tree) if isinstance(one, Special) for size in one.sizes for part in _letters(size)}
    return tuple(dict.fromkeys(part.letter for part in _letters(tree) if part.letter not in sizes))


def _letters(tree: Tree) -> Iterator[Letter]:
    return (part for part in walk(tree) if isinstance(part, Letter))
