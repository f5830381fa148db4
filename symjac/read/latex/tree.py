"""What a formula looks like, before anyone knows its shapes: the parser makes these, typing reads them, diagnosis edits them.

Names and scripts are settled here (`A^T` is a Transposed, `W^{(1)}` a Name, `x_i` an Indexed); what depends on shapes is not
(`|X|` is Bars, `AB` is a Product, an unsized `I` is a Special). `span` says where in the text a vertex stands; it takes no part
in equality.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import Any, Self

Span = tuple[int, int]
"""Start and end in the text, counted from 0."""


@dataclass(frozen=True)
class Tree:
    """A vertex of a formula."""

    span: Span = field(default=(0, 0), compare=False, kw_only=True)

    @property
    def children(self) -> tuple[Tree, ...]:
        """The vertices below, in the order of the text."""
        found: list[Tree] = []
        for part in fields(self):
            _collect(getattr(self, part.name), found)
        return tuple(found)

    def with_children(self, change: Callable[[Tree], Tree]) -> Self:
        """This vertex with every child changed."""
        return replace(self, **{part.name: _changed(getattr(self, part.name), change) for part in fields(self)})


def _collect(value: Any, found: list[Tree]) -> None:
    if isinstance(value, Tree):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, found)


def _changed(value: Any, change: Callable[[Tree], Tree]) -> Any:
    if isinstance(value, Tree):
        return change(value)
    return tuple(_changed(item, change) for item in value) if isinstance(value, tuple) else value


def walk(tree: Tree) -> Iterator[Tree]:
    """Yield a vertex and all below it, outermost first."""
    stack = [tree]
    while stack:
        here = stack.pop()
        yield here
        stack.extend(reversed(here.children))


# Leaves


@dataclass(frozen=True)
class Number(Tree):
    """A number; `decimals` counts the digits after the point where one was typed: such a number may be rounded."""

    value: Fraction
    decimals: int = 0


@dataclass(frozen=True)
class Name(Tree):
    """A declared or defined name, by the name it was declared under."""

    name: str


@dataclass(frozen=True)
class Special(Tree):
    """A constant matrix: "identity", "ones", "zeros", "commutation", "single" (E_ij), "unit" (e_i), "delta" (δ_ij).

    `sizes` are the subscripts that name sizes, where there are any; `indices` those of a single entry or unit vector.
    """

    kind: str
    sizes: tuple[Tree, ...] = ()
    indices: tuple[Tree, ...] = ()


@dataclass(frozen=True)
class Letter(Tree):
    """An index: a letter that no declaration knows, in a subscript, a condition or under a sum."""

    letter: str


@dataclass(frozen=True)
class Dots(Tree):
    """\\cdots and its kin: refused by name where they stand."""

    text: str


def is_zero(tree: Tree) -> bool:
    """Whether this is a plain 0."""
    return isinstance(tree, Number) and tree.value == 0


# Operations


@dataclass(frozen=True)
class Plus(Tree):
    """A sum of signed terms; a sign is 1 or -1."""

    terms: tuple[Tree, ...]
    signs: tuple[int, ...]


@dataclass(frozen=True)
class Product(Tree):
    """Factors side by side; `joins[i]`, between factors i and i + 1, is "", "*", "cdot" or "times"."""

    factors: tuple[Tree, ...]
    joins: tuple[str, ...]


@dataclass(frozen=True)
class Infix(Tree):
    """A binary product by its sign: "otimes", "odot", "circ", "oslash", "colon" (Frobenius) or "khatri"."""

    sign: str
    left: Tree
    right: Tree


@dataclass(frozen=True)
class Over(Tree):
    """A quotient; `style` is "frac" or "slash"."""

    numerator: Tree
    denominator: Tree
    style: str = "frac"


@dataclass(frozen=True)
class Power(Tree):
    """A base with an exponent; `entrywise` for ^{\\circ 2} and ^{\\odot 2}."""

    base: Tree
    exponent: Tree
    entrywise: bool = False


@dataclass(frozen=True)
class Transposed(Tree):
    """A transpose; `mark` is what was typed: "T", "t", "top", "intercal", "prime", "mathsf"."""

    base: Tree
    mark: str = "T"


@dataclass(frozen=True)
class Indexed(Tree):
    """Entries of a base: `x_i`, `A_{1,2}`, `[UV]_{ib}`, `A_{i\\cdot}` (a Dots stands for a whole row or column)."""

    base: Tree
    indices: tuple[Tree, ...]


@dataclass(frozen=True)
class Group(Tree):
    """Brackets that people typed: "(", "[", "{" (braces alone) or "\\\\{"."""

    inner: Tree
    bracket: str = "("


@dataclass(frozen=True)
class Apply(Tree):
    """A function word and its argument: tr, det, diag, vec, log, exp, tanh, σ, softmax, a declared activation, …

    `primes` counts derivatives (σ′); `bracketed` is false for `\\log s` and `\\mathrm{tr} AX`; `power` holds \\log^2 x.
    """

    function: str
    arguments: tuple[Tree, ...]
    primes: int = 0
    bracketed: bool = True
    power: Tree | None = None


@dataclass(frozen=True)
class Rule(Tree):
    """What a function is that is defined beside a formula: h(x) = θᵀx."""

    arguments: tuple[str, ...]
    body: Tree


@dataclass(frozen=True)
class Bars(Tree):
    """Single or double bars: a norm, a determinant or an absolute value, by shape; `mark` is a subscript such as "2" or "F"."""

    inner: Tree
    double: bool
    mark: str = ""


@dataclass(frozen=True)
class Pairing(Tree):
    """⟨a, b⟩."""

    left: Tree
    right: Tree


@dataclass(frozen=True)
class Array(Tree):
    """A matrix environment, or a row of numbers in brackets: rows of entries; `rules` counts the bars between columns."""

    rows: tuple[tuple[Tree, ...], ...]
    rules: int = 0


@dataclass(frozen=True)
class Relation(Tree):
    """A condition: "=", "ne", "lt", "le", "gt", "ge" between neighbouring sides; several are a chain i = j = k."""

    sides: tuple[Tree, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Conditions(Tree):
    """Relations joined by "and" or "or"; none at all is "otherwise"."""

    relations: tuple[Tree, ...]
    join: str = "and"


@dataclass(frozen=True)
class Cases(Tree):
    """A cases environment: values with their conditions, the first that holds counts."""

    values: tuple[Tree, ...]
    conditions: tuple[Conditions, ...]


@dataclass(frozen=True)
class Summation(Tree):
    """Σ over a letter, with its limits where they are typed.

    It `reaches` over several terms where they have its letter and stand in no brackets.
    """

    letter: Letter
    body: Tree
    low: Tree | None = None
    high: Tree | None = None
    reaches: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Differential(Tree):
    """dX or d(expression)."""

    inner: Tree


# Statements


@dataclass(frozen=True)
class Derivative(Tree):
    """A derivative written as an operator: ∂f/∂x, ∇_A f, \\frac{d}{dx}(…), Df(x); `of` may be None, for "the given f".

    Both are Indexed where letters were typed, as in ∂f_i/∂A_{kj}; `transposed` for ∂f/∂xᵀ; `order` 2 for ∂²f/∂x∂xᵀ and ∇².
    """

    of: Tree | None
    wrt: Tree | None
    style: str = "partial"
    transposed: bool = False
    order: int = 1


@dataclass(frozen=True)
class Statement(Tree):
    """One line: sides joined by "=", each side a formula or a Derivative; a claim alone is one side.

    `lead` is the sign that opens the line: "", "=", "therefore" or "implies".
    """

    sides: tuple[Tree, ...]
    lead: str = ""
