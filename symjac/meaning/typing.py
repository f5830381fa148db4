"""From a tree to the ways it can be typed: every kind of vertex has one function that says how."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count

from symjac.errors import SymjacError
from symjac.meaning import arrays, functions, indices, leaves, products, sums
from symjac.meaning.einstein import with_names
from symjac.meaning.matrices import to_node
from symjac.meaning.solving import Sizes
from symjac.meaning.typed import PLAIN, Candidate, NotConforming, RefusedError, Side, Typed, Typing, refused
from symjac.meaning.unify import Store, is_known
from symjac.meaning.world import World
from symjac.nodes.node import Node
from symjac.read.latex.tree import (
    Apply,
    Array,
    Bars,
    Cases,
    Derivative,
    Differential,
    Dots,
    Group,
    Indexed,
    Infix,
    Letter,
    Name,
    Number,
    Over,
    Pairing,
    Plus,
    Power,
    Product,
    Rule,
    Special,
    Summation,
    Transposed,
    Tree,
)

_TYPINGS: dict[type[Tree], Typing] = {
    Apply: functions.apply,
    Array: arrays.array,
    Bars: functions.bars,
    Cases: indices.cases,
    Differential: functions.differential,
    Dots: leaves.dots,
    Group: leaves.group,
    Indexed: indices.indexed,
    Infix: products.infix,
    Letter: leaves.letter,
    Name: leaves.name,
    Number: leaves.number,
    Over: products.over,
    Pairing: products.pairing,
    Plus: sums.plus,
    Power: functions.power,
    Product: products.product,
    Special: leaves.special,
    Summation: indices.summation,
    Transposed: functions.transpose,
}

MAX_DEPTH = 120
"""The deepest that parts may stand below each other, with the definitions put in."""

MAX_EXPANSIONS = 100
"""At most so many definitions are typed for one formula: those that mean something else wherever they stand."""

MAX_STEPS = 20_000
"""At most so many parts are typed for one formula, those of definitions counted where they are used."""


class Typer:
    """Types the parts of one formula."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.fresh = count()
        self.steps = 0
        self.depth = 0
        self.expansions = 0
        self._open: set[str] = set()
        for name in [
            name for name, value in world.definitions.items() if name not in world.seen and not isinstance(value, Rule)
        ]:
            world.seen.add(name)
            with suppress(SymjacError):
                self.definition(Name(name))
        self.steps = self.expansions = 0

    def of(self, tree: Tree) -> list[Candidate]:
        """Return the ways to type a part; raises NotConforming where there is none."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise refused(tree, "this formula is too long, with its definitions put in")
        typing = _TYPINGS.get(type(tree))
        if typing is None:
            if isinstance(tree, Derivative):
                raise refused(tree, "a derivative inside a formula is read in a working only; write what it is here")
            raise refused(tree, f"{type(tree).__name__.lower()} is not read here")
        if self.depth >= MAX_DEPTH:
            raise refused(tree, "this formula is too deep, with its definitions put in")
        self.depth += 1
        try:
            return typing(self, tree)
        finally:
            self.depth -= 1

    def definition(self, tree: Name) -> list[Candidate]:
        """Type a name that is defined beside the formula; what does not depend on where it stands is typed once."""
        name, known = tree.name, self.world.typed
        value = self.world.definitions[name]
        found: list[Candidate] = known.get(name, [])
        if found:
            return found
        if isinstance(value, Node):
            return [leaves.leaf(value)]
        with self._inside(tree, name, more=name in self.world.open):
            found = self.of(value)
        if all(_stands_alone(candidate) for candidate in found):
            found = [_as_leaf(candidate) for candidate in found]
            known[name] = found
        else:
            self.world.open.add(name)
        return found

    def rule(self, tree: Apply, rule: Rule) -> list[Candidate]:
        """Type the value of a function that is defined beside the formula, its arguments put in."""
        name = tree.function
        if len(tree.arguments) != len(rule.arguments):
            raise refused(tree, f"{name} takes {len(rule.arguments)} arguments, not {len(tree.arguments)}")
        with self._inside(tree, name, more=True):
            return self.of(with_names(rule.body, dict(zip(rule.arguments, tree.arguments, strict=True))))

    @contextmanager
    def _inside(self, tree: Tree, name: str, more: bool) -> Iterator[None]:
        """Type a definition where its name stands; `more` where that makes the formula longer."""
        if name in self._open:
            raise refused(tree, f"{name} is defined by itself")
        self.expansions += more
        if self.expansions > MAX_EXPANSIONS:
            raise refused(tree, "this formula is too long, with its definitions put in")
        self._open.add(name)
        try:
            yield
        except NotConforming as error:
            raise NotConforming(tree.span, _inside(name, error.sentence)) from None
        except RefusedError as error:
            raise refused(tree, _inside(name, error.sentence)) from None
        finally:
            self._open.discard(name)


def _inside(name: str, sentence: str) -> str:
    """Say in which definition something is wrong, the innermost one."""
    return sentence if sentence.startswith("in the definition of") else f"in the definition of {name}: {sentence}"


def _stands_alone(candidate: Candidate) -> bool:
    """Whether a definition means the same wherever it stands."""
    typed, side = candidate
    return not (typed.indexed or side.letters or side.store.waiting or _is_open(typed, side.store))


def _is_open(typed: Typed, store: Store) -> bool:
    """Whether a size is not known yet, or may be chosen in several ways."""
    stack = [typed]
    while stack:
        here = stack.pop()
        sizes = (here.rows, here.cols, *(here.data or () if here.head == "commutation" else ()))
        if not all(is_known(store.resolve(dim)) for dim in sizes) or (here.head == "commutation" and here.data is None):
            return True
        stack.extend(here.args)
    return False


def _as_leaf(candidate: Candidate) -> Candidate:
    """Return a definition as a node, with the liberties that it took."""
    typed, side = candidate
    return leaves.leaf(to_node(typed, Sizes(side.store, {})))._replace(
        side=Side(remarks=side.remarks) if side.remarks else PLAIN
    )
