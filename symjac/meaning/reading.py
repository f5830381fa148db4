"""Readings: the meanings of a formula, the cheapest first, with what had to be assumed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from symjac.components.axes import Matrix
from symjac.components.form import Form, Scope
from symjac.components.reading import axis, read
from symjac.errors import DomainError, ParseError, ShapeError, SymjacError
from symjac.meaning.einstein import free_letters, summed, to_sum, twice_everywhere, with_lettered_definitions
from symjac.meaning.entries import Lettered, to_entries
from symjac.meaning.leaves import matrix_of_zeros
from symjac.meaning.matrices import to_node
from symjac.meaning.solving import Sizes, UndeterminedError, solutions
from symjac.meaning.typed import Candidate, NotConforming, RefusedError
from symjac.meaning.typing import Typer
from symjac.meaning.unify import dim_text
from symjac.meaning.world import World
from symjac.nodes.node import Node
from symjac.nodes.sizes import ONE, Shape, Size, shape_text
from symjac.read.latex.tree import Letter, Tree, is_zero, walk

MAX_READINGS = 8
"""At most so many readings of one formula are returned."""


class Expected(NamedTuple):
    """What a claim may be: a shape for every value of its letters, and what the letters count, in order."""

    shape: Shape
    axes: tuple[Size, ...] = ()


@dataclass(frozen=True)
class Meaning:
    """What a formula says: a node, or entries with free letters.

    `letters` are the free letters with the sizes they count; `shape` is the shape of what stands for each of their values.
    """

    node: Node | None
    shape: Shape
    letters: tuple[tuple[str, Size], ...] = ()
    entries: Form | None = None

    @cached_property
    def matrix(self) -> Matrix:
        """The formula in index form: the letters are the first row indices; a letter or an axis of size 1 has no index.

        Raises UnsupportedError for a node without an index form.
        """
        if self.node is not None:
            return read(self.node)
        assert self.entries is not None
        return Matrix(self.entries, len(self.entries.sizes) - len(axis(self.shape[1])))

    @property
    def form(self) -> Form:
        """The index form alone."""
        return self.matrix.form


@dataclass(frozen=True)
class Reading:
    """One meaning of a formula, its cost, and the remarks that say what was assumed; `tree` is what was typed.

    `chosen` are the remarks on every K without sizes that could be K(m, n) or K(n, m): the author means the one that is right.
    """

    meaning: Meaning
    cost: int
    remarks: tuple[str, ...]
    tree: Tree
    chosen: tuple[str, ...] = ()


def meaning_of(node: Node) -> Meaning:
    """Return what a node says; it needs no typing.

    >>> from symjac.nodes.build import symbol
    >>> meaning_of(symbol("x", 3)).shape
    (3, 1)
    """
    return Meaning(node, node.shape)


def readings(
    tree: Tree,
    world: World,
    expected: Sequence[Shape | Expected] | None = None,
    letters: Sequence[str] | None = None,
    summing: bool = False,
) -> list[Reading]:
    r"""Return the cheapest meanings of a formula: one, or several of equal cost that differ.

    >>> from symjac.read.declare import read_declarations
    >>> from symjac.read.latex.tree import Name, Product
    >>> world = World.of(read_declarations("A: M x N, x: N"))
    >>> (reading,) = readings(Product((Name("A"), Name("x")), ("",)), world)
    >>> reading.meaning.shape, reading.cost
    ((M, 1), 0)

    `expected` are the shapes that the formula may have; where it has free letters, an `Expected` says what they count.
    `letters` is their order on the left side of the statement; without it they are taken in the order of their first
    appearance, and a remark says so. With `summing`, letters that stand twice in every term are summed though nothing is
    expected. Raises NotConforming where nothing fits, ParseError where a part is no mathematics
    that we know or a size stays open.
    """
    wanted = None if expected is None else [e if isinstance(e, Expected) else Expected(e) for e in expected]
    tree = with_lettered_definitions(tree, world)
    typer = Typer(world)
    free = free_letters(tree)
    over = twice_everywhere(tree, free) if summing else _to_sum(tree, free, wanted, letters)
    candidates = typer.of(summed(tree, over)) if over else typer.of(tree)
    if is_zero(tree):
        candidates = [*candidates, matrix_of_zeros(typer, tree)]
    if over:
        candidates = [c._replace(side=c.side.taking("einstein", names=", ".join(over))) for c in candidates]
    _check_not_sizes(tree, free, letters or (), world)
    order = tuple(letters) if letters is not None else tuple(letter for letter in free if letter not in over)
    fitting = list(_fitting(candidates, wanted, order, letters is None))
    if not fitting:
        raise _unfitting(tree, candidates, wanted)
    return _cheapest(fitting, tree, order, world)


def _check_not_sizes(tree: Tree, free: Sequence[str], letters: Sequence[str], world: World) -> None:
    """Refuse x_N, where N is a size: the last entry is meant, or a letter with a bad name."""
    for here in walk(tree):
        if isinstance(here, Letter) and here.letter in free and here.letter in world.sizes and here.letter not in letters:
            raise RefusedError(here.span, f"{here.letter} is a size here, and cannot be an index, too")


def _to_sum(
    tree: Tree, free: Sequence[str], wanted: Sequence[Expected] | None, letters: Sequence[str] | None
) -> tuple[str, ...]:
    """Return the letters that have to be summed for the statement to have the letters it should have."""
    if letters is not None:
        return tuple(letter for letter in free if letter not in letters)
    if not free or wanted is None:
        return ()
    counts = dict.fromkeys(len(one.axes) for one in wanted)
    if len(free) in counts:
        return ()
    found = to_sum(tree, free, counts)
    if found is None:
        names = ", ".join(free)
        numbers = " or ".join(str(count) for count in counts)
        raise NotConforming(
            tree.span, f"free letters {names} where the derivative has {numbers}, and no repeated letters to sum"
        )
    return found


def _fitting(
    candidates: Sequence[Candidate], wanted: Sequence[Expected] | None, order: Sequence[str], default: bool
) -> Iterator[Candidate]:
    """Yield the candidates that fit what is expected, with its sizes put in."""
    for candidate in candidates:
        side = candidate.side
        if default and len(order) > 1:
            side = side.taking("letter-order", names=", ".join(order))
        if wanted is None:
            yield candidate._replace(side=side)
            continue
        for one in wanted:
            if len(one.axes) != len(order):
                continue
            known = side.unify(candidate.typed.rows, one.shape[0])
            known = known.unify(candidate.typed.cols, one.shape[1]) if known is not None else None
            counted = dict(side.letters)
            for letter, size in zip(order, one.axes, strict=True):
                known = known.unify(counted.get(letter, size), size) if known is not None else None
            if known is not None:
                missing = tuple((letter, size) for letter, size in zip(order, one.axes, strict=True) if letter not in counted)
                known = known._replace(letters=(*known.letters, *missing))
                yield candidate._replace(side=known).settled()


def _unfitting(tree: Tree, candidates: Sequence[Candidate], wanted: Sequence[Expected] | None) -> NotConforming:
    given = candidates[0].shape_text
    letters = candidates[0].side.letters
    shapes = list(dict.fromkeys(shape_text(one.shape) for one in wanted or () if len(one.axes) == len(letters)))
    if letters:
        sizes = ", ".join(f"{letter} of {dim_text(candidates[0].side.store.resolve(dim))}" for letter, dim in letters)
        return NotConforming(
            tree.span, f"this has the letters {sizes} and is {given} for each, which does not fit the derivative"
        )
    return NotConforming(tree.span, f"this is {given}, where {' or '.join(shapes[:4])} is expected")


def _cheapest(fitting: Sequence[Candidate], tree: Tree, order: Sequence[str], world: World) -> list[Reading]:
    """Return the cheapest readings; one whose sizes stay open is left out where another is left."""
    found: list[Reading] = []
    failure: SymjacError | None = None
    for candidate in sorted(fitting, key=lambda candidate: candidate.side.cost):
        if found and candidate.side.cost > found[0].cost:
            break
        try:
            for sizes, side, chosen in solutions(candidate, world.sizes):
                meaning = _meaning(candidate, sizes, order)
                if all(meaning != reading.meaning for reading in found):
                    remarks = tuple(remark.sentence for remark in side.remarks)
                    found.append(Reading(meaning, side.cost, remarks, tree, chosen))
        except UndeterminedError as error:
            failure = failure or RefusedError(error.span or tree.span, str(error))
        except ShapeError as error:
            failure = failure or NotConforming(tree.span, str(error))
        except (DomainError, ParseError) as error:
            failure = failure or error
    if not found:
        assert failure is not None
        raise failure
    found.sort(key=lambda reading: reading.cost)
    return [reading for reading in found if reading.cost == found[0].cost][:MAX_READINGS]


def _meaning(candidate: Candidate, sizes: Sizes, order: Sequence[str]) -> Meaning:
    typed = candidate.typed
    shape = (sizes(typed.rows), sizes(typed.cols))
    if not typed.indexed and not order:
        node = to_node(typed, sizes)
        return Meaning(node, node.shape)
    counted = {letter: sizes(dim, f"what {letter} counts") for letter, dim in candidate.side.letters}
    absent = [letter for letter in order if letter not in counted]
    if absent:
        raise NotConforming((0, 0), f"the letter {absent[0]} of the left side stands nowhere here")
    letters = tuple((letter, counted[letter]) for letter in order)
    return Meaning(None, shape, letters, _ordered(to_entries(typed, sizes), letters))


def _ordered(value: Lettered, letters: Sequence[tuple[str, Size]]) -> Form:
    """Return a form with the letters in this order, those included on which it does not depend."""
    scope = Scope()
    table = {letter: scope.fresh(size)[0] for letter, size in letters if size is not ONE}
    axes = scope.fresh(*(size for size, present in ((value.row_size, value.row), (value.col_size, value.col)) if present))
    indices = [*(table[letter] for letter in value.letters), *axes]
    return scope.close(scope.open(value.form, indices), [*table.values(), *axes])
