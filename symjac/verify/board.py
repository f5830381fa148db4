"""What an exercise speaks of, and the two questions its lines ask: is this the derivative, are these equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from symjac.components import evaluate_form
from symjac.errors import ParseError, SymjacError
from symjac.layout import Layout
from symjac.meaning import Meaning, NotConforming, World, readings
from symjac.nodes.node import Let, Node, Symbol
from symjac.nodes.sizes import ONE
from symjac.points import random_point, small_sizes
from symjac.read.header import Task
from symjac.read.latex import parse
from symjac.read.latex.tree import (
    Derivative,
    Group,
    Indexed,
    Letter,
    Name,
    Number,
    Product,
    Special,
    Statement,
    Transposed,
    Tree,
    walk,
)
from symjac.read.text import read_text
from symjac.verify.asking import derivative_question, equality_question
from symjac.verify.deadline import Deadline
from symjac.verify.doors import Desk, Typed
from symjac.verify.question import Question
from symjac.verify.verdict import Verdict
from symjac.write.latex import latex

UNNAMED = "f_{0}"
"""What a function is called that has no name, where f is another one."""

SECONDS = 2.0
"""How long one line may take."""


@dataclass
class LineDesk(Desk):
    """A desk with some expressions known by name: derivatives and differentials that stand inside a line."""

    nodes: dict[str, Node] = field(default_factory=dict)

    @cached_property
    def world(self) -> World:
        """What a formula may speak of."""
        plain = Desk(self.declared, self.written, self.definitions).world
        return World.of(self.declared, {**plain.definitions, **self.nodes}, plain.functions)


class Board:
    """The desk of an exercise, with its function among the definitions."""

    default = Layout()

    def __init__(self, task: Task, given: str) -> None:
        self.task = task
        plain = Desk.of(given or None, dict(task.names), task.definitions)
        taken = {*plain.declared, *(one.partition("=")[0].strip() for one in task.definitions)}
        self.named = task.named or ("" if not task.f else "f" if "f" not in taken else UNNAMED)
        self.desk = plain
        self.desk = self._with_function(task.definitions)
        self.own = {self.named, "f"} - {"", *taken}
        """The names of the function."""
        self.ways: list[Tree] = []
        """Other ways to write the function that lines of the working found."""

    def _with_function(self, definitions: Sequence[str]) -> Desk:
        plain = Desk(self.desk.declared, self.desk.written, definitions)
        own = (_definition(self.named, self.task.f, plain),) if self.named else ()
        return Desk(plain.declared, plain.written, (*definitions, *own))

    def define(self, name: str, body: str) -> None:
        """Take a definition from the working; what is equal to the function is another name of it."""
        self.desk = Desk(self.desk.declared, self.desk.written, (*self.desk.definitions, f"{name} = {body}"))
        if self.named and self.is_equal(Name(self.named), Name(name)):
            self.own.add(name)

    @cached_property
    def sizes(self) -> set[str]:
        """The names of all sizes."""
        return {s.name for symbol in self.desk.declared.values() for n in symbol.shape for s in n.free_symbols}

    # Reading

    def statement(self, text: str) -> Statement:
        """Read a line; f(x) is f, and K_{MN} a commutation matrix even where K is the function."""
        found = parse(text, self.desk.names)
        if self.named == "f" and not self.task.named and any(map(_is_primed, walk(found))):
            # An f′ is an activation's, and the function of the exercise has no name.
            others = [one for one in self.desk.definitions if one.partition("=")[0].strip() != "f"]
            self.named = UNNAMED
            self.own.add(UNNAMED)
            self.desk = self._with_function(others)
            found = parse(text, self.desk.names)
        return replace(found, sides=tuple(map(self._settled, found.sides)))

    def _settled(self, tree: Tree) -> Tree:
        changed = tree.with_children(self._settled)
        if isinstance(changed, Derivative) and isinstance(changed.of, Product):
            return self._parted(changed, changed.of)
        if isinstance(changed, Product) and self.is_own(changed.factors[0]) and self._is_argument(changed.factors[1]):
            rest = (changed.factors[0], *changed.factors[2:])
            return rest[0] if len(rest) == 1 else replace(changed, factors=rest, joins=changed.joins[1:])
        if isinstance(changed, Indexed) and changed.base == Name("K") and all(map(self._is_size, changed.indices)):
            return Special("commutation", sizes=changed.indices, span=changed.span)
        return changed

    def _is_argument(self, tree: Tree) -> bool:
        """Whether brackets say what the function depends on: its variable, or something defined."""
        if not (isinstance(tree, Group) and tree.bracket == "(" and isinstance(tree.inner, Name)):
            return False
        return tree.inner.name == self.task.wrt or tree.inner.name not in self.desk.declared

    def _parted(self, tree: Derivative, of: Product) -> Tree:
        """∇_e L ∇_θ e is a product of two derivatives."""
        if not any(isinstance(factor, Derivative) for factor in of.factors[1:]):
            return tree
        first = replace(tree, of=of.factors[0], span=(tree.span[0], of.factors[0].span[1]))
        return replace(of, factors=(first, *of.factors[1:]), span=tree.span)

    def _is_size(self, index: Tree) -> bool:
        return isinstance(index, Letter | Name) and (index.letter if isinstance(index, Letter) else index.name) in self.sizes

    def is_own(self, tree: Tree | None) -> bool:
        """Whether a part is the function of the exercise, by its name, or an entry of it."""
        base = tree.base if isinstance(tree, Indexed) else tree
        name = base.name if isinstance(base, Name) else base.letter if isinstance(base, Letter) else None
        return name in self.own

    # Questions

    def derivative(self, left: Derivative, claim: Tree, text: str) -> Verdict:
        """Judge what a line says that a derivative is."""
        variable = self.variable(left.wrt)
        heeded = self._heeded(left, variable)
        heeded = replace(heeded, of=None) if is_numbered(left.of) else heeded
        return self.question(left.of, variable).of_statement(Typed((claim,), heeded, text))

    def question(self, of: Tree | None, variable: Symbol) -> Question:
        """Return the question what the derivative of something is; of the exercise's function where nothing is named."""
        meaning = self.meaning(of, variable)
        layout = self.task.layout or self.default
        return derivative_question(self.desk, meaning, variable, self.task.order, layout, Deadline(SECONDS))

    def meaning(self, of: Tree | None, variable: Symbol | None = None) -> Meaning:
        """Return what is differentiated."""
        base = of.base if isinstance(of, Indexed) and not is_numbered(of) else of
        base = base.inner if isinstance(base, Group) else base
        if base is None or (self.is_own(base) and not is_numbered(of)):
            base = Name(self.named) if self.named else self.statement(self.task.f).sides[-1]
        world = self.desk.world if variable is None else self.desk.world_without_facts(variable)
        (found, *_) = readings(base, world)
        node = found.meaning.node
        node = node.value if isinstance(node, Let) else node
        return replace(found.meaning, node=self.desk.node(node)) if node is not None else found.meaning

    def variable(self, wrt: Tree | None) -> Symbol:
        """Return what is differentiated by; the exercise's variable where nothing is named."""
        base = wrt.base if isinstance(wrt, Indexed) else wrt
        name = self.task.wrt if base is None else base.name if isinstance(base, Name) else ""
        if name not in self.desk.declared:
            raise ParseError("a derivative is taken by a declared name")
        return self.desk.declared[name]

    def _heeded(self, left: Derivative, variable: Symbol) -> Derivative:
        """∇ means the shape of the variable, unless the header names a layout, or a vector is differentiated."""
        if self.task.layout is None and self.meaning(left.of, variable).shape == (ONE, ONE):
            return left
        return replace(left, style="partial")

    def equality(self, left: Tree, right: Tree, text: str, desk: Desk | None = None) -> Verdict:
        """Judge whether two sides of a line are equal."""
        desk = desk or self.desk
        try:
            (found, *_) = readings(left, desk.world)
        except NotConforming:
            raise
        except SymjacError:
            (found, *_) = readings(right, desk.world)
            right = left
        question = equality_question(desk, found.meaning, Deadline(SECONDS))
        return question.of_statement(Typed((right,), None, text))

    def is_equal(self, left: Tree, right: Tree, desk: Desk | None = None) -> bool:
        """Whether two sides are equal, for questions that nobody asked: floats say no quickly, and only a proof says yes."""
        desk = desk or self.desk
        try:
            one, other = (readings(side, desk.world)[0].meaning for side in (left, right))
            alike = one.shape == other.shape and len(one.letters) == len(other.letters)
            return alike and _is_near(one, other, list(desk.declared.values())) and bool(self.equality(left, right, "", desk))
        except (SymjacError, ArithmeticError, np.linalg.LinAlgError):
            return False


def _is_near(one: Meaning, other: Meaning, symbols: list[Symbol]) -> bool:
    names = sorted({s.name for symbol in symbols for n in symbol.shape for s in n.free_symbols})
    point = random_point(symbols, 1, small_sizes(names, 0))
    with np.errstate(all="ignore"):
        left, right = (np.asarray(evaluate_form(meaning.form, point.values, point.sizes)) for meaning in (one, other))
    return left.shape == right.shape and bool(np.allclose(left, right, rtol=1e-6, atol=1e-6, equal_nan=True))


def is_numbered(tree: Tree | None) -> bool:
    """Whether a part is one entry, by its numbers: K_{12}."""
    return isinstance(tree, Indexed) and all(isinstance(index, Number) for index in tree.indices)


def _is_primed(tree: Tree) -> bool:
    return isinstance(tree, Transposed) and tree.mark == "prime" and tree.base == Name("f")


def _definition(name: str, body: str, desk: Desk) -> str:
    """Return the definition of f in one language: LaTeX where its name or anything else is."""
    try:
        node = read_text(body, {**desk.declared, **desk.defined})
    except SymjacError:
        return f"{name} = {body}"
    return f"{name} = {body if name.isidentifier() else latex(node)}"
