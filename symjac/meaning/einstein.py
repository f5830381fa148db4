"""Free letters, and sums over repeated ones: only down to the letters that the statement leaves free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from symjac.meaning.typed import NotConforming
from symjac.meaning.world import World
from symjac.read.latex.tree import (
    Group,
    Indexed,
    Letter,
    Name,
    Number,
    Plus,
    Product,
    Relation,
    Rule,
    Special,
    Summation,
    Tree,
    walk,
)


def free_letters(tree: Tree) -> tuple[str, ...]:
    """Return the letters that no sum binds, in the order of their first appearance.

    >>> free_letters(Indexed(Name("A"), (Letter("k"), Letter("i"))))
    ('k', 'i')
    """
    found: dict[str, None] = {}
    _gather(tree, frozenset(), found)
    return tuple(found)


def _gather(tree: Tree, bound: frozenset[str], found: dict[str, None]) -> None:
    stack: list[tuple[Tree, frozenset[str]]] = [(tree, bound)]
    while stack:
        here, hidden = stack.pop()
        for index in _indices(here):
            if isinstance(index, Letter) and index.letter not in hidden:
                found.setdefault(index.letter)
        if isinstance(here, Summation):
            stack.append((here.body, hidden | {here.letter.letter}))
        elif isinstance(here, Indexed):
            stack.append((here.base, hidden))
        elif not isinstance(here, Special | Relation | Name | Number | Letter):
            stack.extend((child, hidden) for child in reversed(here.children))


def _indices(tree: Tree) -> tuple[Tree, ...]:
    """Return what stands in the place of an index."""
    if isinstance(tree, Indexed | Special):
        return tree.indices
    return tree.sides if isinstance(tree, Relation) else ()


def with_lettered_definitions(tree: Tree, world: World) -> Tree:
    """Return the formula with the definitions put in that have free letters, such as h_i = σ(x_iᵀθ)."""
    lettered = {
        name: value
        for name, value in world.definitions.items()
        if isinstance(value, Tree) and not isinstance(value, Rule) and free_letters(value)
    }
    return with_names(tree, lettered) if lettered else tree


def with_names(tree: Tree, values: Mapping[str, Tree]) -> Tree:
    """Return a formula with formulas in the place of names."""
    if isinstance(tree, Name) and tree.name in values:
        rest = {name: value for name, value in values.items() if name != tree.name}
        return Group(with_names(values[tree.name], rest), span=tree.span)
    return tree.with_children(lambda child: with_names(child, values))


def summed(tree: Tree, letters: Iterable[str]) -> Tree:
    """Return the formula with a sum over each of these repeated letters, around the smallest products in which they do."""
    for letter in letters:
        tree = _summed(tree, letter)
    return tree


def _summed(tree: Tree, letter: str) -> Tree:
    if letter not in free_letters(tree):
        return tree
    if isinstance(tree, Product):
        holding = [factor for factor in tree.factors if letter in free_letters(factor)]
        if len(holding) > 1 and not all(repeated(factor, letter) for factor in holding):
            return Summation(Letter(letter, span=tree.span), tree, span=tree.span)
    if isinstance(tree, Indexed | Special) and sum(isinstance(i, Letter) and i.letter == letter for i in tree.indices) > 1:
        return Summation(Letter(letter, span=tree.span), tree, span=tree.span)
    if isinstance(tree, Letter | Indexed | Special):
        text = f"the letter {letter} is not free on the left side, and not repeated in a product here"
        raise NotConforming(tree.span, text)
    return tree.with_children(lambda child: _summed(child, letter))


def repeated(tree: Tree, letter: str) -> bool:
    """Whether every term that holds a letter holds it twice in one product, so that it may be summed."""
    try:
        _summed(tree, letter)
    except NotConforming:
        return False
    return True


def terms(tree: Tree) -> tuple[Tree, ...]:
    """Return the terms of a sum."""
    while isinstance(tree, Group):
        tree = tree.inner
    return tree.terms if isinstance(tree, Plus) else (tree,)


def to_sum(tree: Tree, free: Sequence[str], counts: Iterable[int]) -> tuple[str, ...] | None:
    """Return the repeated letters to sum so that one of these numbers of letters stays free, None where there is a choice."""
    candidates = [
        letter for letter in free if all(letter in free_letters(term) for term in terms(tree)) and repeated(tree, letter)
    ]
    anywhere = [letter for letter in free if repeated(tree, letter)]
    for count in counts:
        for group in (candidates, anywhere):
            if len(free) - count == len(group) > 0:
                return tuple(group)
    return None


def twice_everywhere(tree: Tree, free: Sequence[str]) -> tuple[str, ...]:
    """Return the letters that stand twice in one product in every term, and so are summed wherever nothing else is said."""
    return tuple(
        letter
        for letter in free
        if all(letter in free_letters(term) for term in terms(tree)) and repeated(tree, letter) and not _in_cases(tree)
    )


def _in_cases(tree: Tree) -> bool:
    """Whether conditions compare letters, which are free then."""
    return any(isinstance(part, Relation) for part in walk(tree))
