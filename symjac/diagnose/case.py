"""What a diagnosis is made from, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from symjac.evaluate import Array
from symjac.layout import Layout
from symjac.nodes.build import rebuild
from symjac.nodes.node import Let, Node, Symbol, fold
from symjac.points import Point
from symjac.read.latex.tree import Span, Tree

Values = Callable[[Point], Array]
"""What a formula is worth at a point."""


def opened(node: Node) -> Node:
    """Return a node with all named intermediates written out; what is shared stays shared."""

    def combine(part: Node, args: tuple[Node, ...]) -> Node:
        return args[0] if isinstance(part, Let) else rebuild(part, args)

    return fold(node, combine)


@dataclass(frozen=True)
class Convention:
    """One way to write the derivative down, and the truth in it.

    `form` is "jacobian" (mn × pq, or what the denominator layout makes of it), "matrix" (a scalar's derivative in the shape of
    the variable or of its transpose) or "entries" (an array with one axis per free letter, then rows and columns where the
    statement has them). `words` names it for a reader: "denominator layout", "inputs row-first". `shape` is the expected one
    in symbols, for messages: ("N**2", "M*N"). `expressed` gives the truth in matrix language, where there is one: its terms
    and factors are what a claim may have forgotten. `accepted`: a claim in this convention is right without a word, as the
    declared one is (conventions of the declared layout are accepted anyway).
    """

    layout: Layout
    form: str
    words: str
    shape: tuple[str, ...]
    truth: Values
    expressed: Callable[[], Node | None] = field(default=lambda: None)
    accepted: bool = False

    @cached_property
    def node(self) -> Node | None:
        """The truth in matrix language, made when somebody asks, with its named intermediates written out."""
        node = self.expressed()
        return opened(node) if node is not None else None


@dataclass(frozen=True)
class Case:
    """A claim and the truth, as the judge fills them in.

    `points`: two or more random points; no two sizes agree by accident, no value has a symmetry that no fact gives it.
    `conventions`: the declared one first, then every other in which the claim is looked at.
    `claim`: its value at any point with these names (a diagnosis also tries symmetric values); None where it has no shape.
    `shape`: the claim's own shape in symbols, where it has one.
    `misfit`: where the claim does not conform and why (what NotConforming says), for a claim without shape.
    `tree`: the claim as it was read from LaTeX; `node`: the claim in matrix language, where it was text or a SymPy expression
    (then a tree is made of it here); neither for one that came as an array (a matrix of numbers or of SymPy entries).
    `f` and `variable`: what is differentiated by what, where f is matrix language.
    `retype`: types an edited tree as the claim was typed (same names and definitions, the shapes of all conventions being
    expected) and returns its value at points, or None where it conforms in no way.
    `square`: names of the variables that are square and carry no fact of symmetry.
    `traced`: the same case for tr(f) instead of f, where f is a square matrix.
    `proves`: whether an edited tree is proved equal to the truth in a convention.
    `entry`: given and expected text of entry (row, column) from 0, for a matrix of entries, where it has texts.
    `subject`: "derivative" or what else is claimed ("identity", "value"), for messages.
    `letters`: the index letters of the statement's left side, where it has some.
    `other`: the same conventions with the truth about another function (a formula as `f` would be typed), where it has one.
    """

    points: tuple[Point, ...]
    conventions: tuple[Convention, ...]
    claim: Values | None
    shape: tuple[str, ...] | None = None
    misfit: tuple[Span, str] | None = None
    tree: Tree | None = None
    node: Node | None = None
    f: Node | None = None
    variable: Symbol | None = None
    retype: Callable[[Tree], Values | None] = field(default=lambda tree: None)
    square: tuple[str, ...] = ()
    traced: Callable[[], Case | None] = field(default=lambda: None)
    proves: Callable[[Tree, Convention], bool] | None = None
    entry: Callable[[int, int], tuple[str, str] | None] | None = None
    subject: str = "derivative"
    letters: tuple[str, ...] = ()
    other: Callable[[Tree], tuple[Convention, ...] | None] = field(default=lambda tree: None)


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with a claim, as a teacher would say it.

    `kind` is one word or two: "transpose", "row-first", "column-first", "orientation", "sign", "factor", "symmetry", "trace",
    "product rule", "commutation", "chain rule", "inverse", "indices", "exponent", "term", "product", "name", "order",
    "entry", "shape", "value".
    `message` is a sentence; `place` is where the claim wants to be mended, `mend` the claim that would be right.
    `entries` are rows and columns, from 1, that differ, with `expected` and `given` values of the first.
    """

    kind: str
    message: str
    place: Span | None = None
    mend: Tree | None = None
    expected: str | None = None
    given: str | None = None
    entries: tuple[tuple[int, int], ...] = ()
    proved: bool = False

    def __str__(self) -> str:
        return self.message
