"""The doors in: claims and functions as SymPy expressions, text, LaTeX, or matrices of entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import sympy

from symjac.components import read
from symjac.errors import DomainError, ParseError, ShapeError, SymjacError, UnsupportedError
from symjac.meaning import Meaning, World
from symjac.nodes import build
from symjac.nodes.functions import FUNCTIONS, Function
from symjac.nodes.node import Elementwise, Node, Product, Symbol, postorder, symbols
from symjac.nodes.sizes import shape_text
from symjac.read.declare import read_declarations
from symjac.read.from_sympy import from_sympy
from symjac.read.latex import Names, parse, parse_definitions, written
from symjac.read.latex.tree import Apply, Derivative, Indexed, Letter, Name, Number, Special, Statement, Tree
from symjac.read.text import read_text
from symjac.read.tokens import NUMBER, tokenize
from symjac.verify.claim import Entries, Formula, Rounded, entries_of
from symjac.write.text import text

MAX_FACTORS = 300
"""So many factors may stand in one product."""

FLOAT_TOLERANCE = Fraction(1, 10**9)
"""How far a float among entries may lie from the truth, relative to it."""

LATEX_SIGNS = frozenset("\\^{}_|")
"""A text with one of these was meant as LaTeX."""


class Typed(NamedTuple):
    """A claim in LaTeX, before it is typed: the sides of a statement, and what stands on its left."""

    sides: tuple[Tree, ...]
    left: Derivative | None
    text: str
    letters: tuple[str, ...] = ()
    """The indices of the name that a left side gives to the answer: J_{ij} = …"""


@dataclass
class Desk:
    """What is declared, and all that is said beside a claim; it reads claims and functions.

    >>> Desk.of("A: M x N, x: N").node("A*x").shape
    (M, 1)
    """

    declared: dict[str, Symbol]
    written: Mapping[str, str] = field(default_factory=dict)
    definitions: Sequence[str] = ()
    supposed: Function | None = None

    @classmethod
    def of(cls, given: str | None, names: Mapping[str, str] | None = None, definitions: Any = None) -> Desk:
        """Return a desk for these declarations."""
        pairs = names.items() if isinstance(names, Mapping) else ()
        if names is not None and not (isinstance(names, Mapping) and all(isinstance(n, str) for pair in pairs for n in pair)):
            raise DomainError(f'names={names!r}: it says how names are written, as in {{"beta": r"\\hat\\beta"}}')
        if isinstance(definitions, Mapping):
            definitions = [f"{left} = {right}" for left, right in definitions.items()]
        if isinstance(definitions, str) or not all(isinstance(d, str) for d in definitions or ()):
            raise DomainError('definitions is a list of texts, as in [r"P = X(X^TX)^{-1}X^T"]')
        declared = read_declarations(given) if given is not None else {}
        plain = Names.of(declared, names or {})
        return cls(declared, dict(names or {}), tuple(d for d in definitions or () if not _is_an_explanation(d, plain)))

    def meet(self, *expressions: Any) -> None:
        """Take the symbols of SymPy expressions and nodes as declared, where no declaration says otherwise."""
        for expression in expressions:
            if isinstance(expression, str) or is_entries(expression):
                continue
            for symbol in symbols([from_sympy(expression)]):
                known = self.declared.setdefault(symbol.name, symbol)
                if known.shape != symbol.shape:
                    shapes = f"{shape_text(known.shape)}; in the expression it is {shape_text(symbol.shape)}"
                    raise ShapeError(f"{symbol.name} is declared as {shapes}")

    # Text and SymPy

    def node(self, expression: Any) -> Node:
        """Return the node of a SymPy expression or of a text in our language, its symbols as they are declared."""
        if isinstance(expression, str):
            return read_text(expression, {**self.declared, **self.defined})
        node = from_sympy(expression)
        renamed: dict[Node, Node] = {s: self.declared[s.name] for s in symbols([node]) if s.name in self.declared}
        return build.substitute([node], renamed)[0] if any(a is not b for a, b in renamed.items()) else node

    @cached_property
    def defined(self) -> dict[str, Node]:
        """What definitions in the text language say."""
        known: dict[str, Node] = {}
        for definition in self.definitions:
            name, _, body = (part.strip() for part in definition.partition("="))
            if name.isidentifier() and name not in self.declared:
                try:
                    known[name] = build.let(name, read_text(body, {**self.declared, **known}))
                except SymjacError:
                    continue
        return known

    def loosened(self, expression: Any) -> tuple[Node | None, tuple[Rounded, ...]]:
        """Return an expression with a symbol for every decimal in it."""
        if isinstance(expression, str):
            return self._loosened_text(expression)
        floats = sorted(expression.atoms(sympy.Float), key=str) if isinstance(expression, sympy.Basic) else []
        rounded = tuple(_rounded(f"rounded_{k}", str(value)) for k, value in enumerate(floats))
        swapped = {value: sympy.Symbol(number.name, real=True) for value, number in zip(floats, rounded, strict=True)}
        return (self.node(expression.xreplace(swapped)), rounded) if floats else (None, ())

    def _loosened_text(self, expression: str) -> tuple[Node | None, tuple[Rounded, ...]]:
        tokens = [t for t in tokenize(expression, "an expression") if t.kind == NUMBER and "." in t.text]
        rounded = tuple(_rounded(f"rounded_{k}", token.text) for k, token in enumerate(tokens))
        changed = expression
        for token, number in reversed(list(zip(tokens, rounded, strict=True))):
            changed = f"{changed[: token.start]} {number.name} {changed[token.end :]}"
        names = {**self.declared, **self.defined, **_symbols_of(rounded)}
        return (read_text(changed, names), rounded) if tokens else (None, ())

    # LaTeX

    @cached_property
    def names(self) -> Names:
        """How everything is written."""
        lefts = [definition.partition("=")[0].strip() for definition in self.definitions]
        functions = list(self.functions)
        return Names.of(self.declared, self.written, [left for left in lefts if left not in functions], functions)

    @cached_property
    def functions(self) -> dict[str, Function]:
        """Letters that a definition says are functions: "f = \\tanh"."""
        found = {}
        for definition in self.definitions:
            name, _, body = (part.strip() for part in definition.partition("="))
            word = body.lstrip("\\")
            word = "sigmoid" if word == "sigma" else word
            if word in FUNCTIONS:
                found[name] = FUNCTIONS[word]
        return found

    @cached_property
    def world(self) -> World:
        """What a formula may speak of."""
        plain = [d for d in self.definitions if d.partition("=")[0].strip() not in self.functions]
        latex = [d for d in plain if d.partition("=")[0].strip() not in self.defined]
        known: dict[str, Tree | Node] = {**parse_definitions(latex, self.names), **self.defined}
        return World.of(self.declared, known, self.functions, supposed=self.supposed)

    def supposing(self, node: Node | None) -> Desk:
        """Return a desk at which a function that nobody declared is the one function of every entry in an expression."""
        parts = postorder(node) if node is not None else ()
        found = {Function(part.function.name, part.function.definition) for part in parts if isinstance(part, Elementwise)}
        return replace(self, supposed=found.pop()) if len(found) == 1 else self

    def world_without_facts(self, variable: Symbol) -> World:
        """Return the world in which nothing is known of the variable but its shape."""
        plain = build.symbol(variable.name, *variable.shape)
        known = World.of(
            {**self.declared, variable.name: plain}, self.world.definitions, self.functions, supposed=self.supposed
        )
        return known if variable.facts else self.world

    def statement(self, latex: str) -> Typed:
        """Return a statement in LaTeX: its sides without the derivative on the left."""
        statement: Statement = parse(latex, self.names)
        left = next((side for side in statement.sides if isinstance(side, Derivative)), None)
        own = len(statement.sides) > 1 and self.is_own_name(statement.sides[0])
        sides = tuple(side for side in statement.sides[own:] if not isinstance(side, Derivative))
        if not sides:
            raise ParseError("a derivative stands here, and nothing says what it is", latex, 1)
        letters = letters_of(statement.sides[0]) if own else ()
        return Typed(sides, left, latex, letters)

    def is_own_name(self, side: Tree) -> bool:
        """Whether a left side is a name that the author gives to the answer: J, \\delta^L, J_{ij}, f'(x)."""
        base = side.base if isinstance(side, Indexed) else side
        known = isinstance(base, Apply) and (base.function in FUNCTIONS or base.function in self.functions)
        return isinstance(base, Letter) or (isinstance(base, Apply) and len(base.function) == 1 and not known)

    def loosened_tree(self, tree: Tree) -> tuple[Tree, World, tuple[Rounded, ...]] | None:
        """Return a formula with a name for every decimal in it; None where there are none."""
        rounded: list[Rounded] = []

        def change(part: Tree) -> Tree:
            if isinstance(part, Number) and part.decimals:
                margin = Fraction(1, 2) / Fraction(10) ** part.decimals
                rounded.append(Rounded(f"rounded_{len(rounded)}", part.value, margin))
                return Name(rounded[-1].name, span=part.span)
            return part.with_children(change)

        changed = change(tree)
        if not rounded:
            return None
        world = World.of(
            {**self.declared, **_symbols_of(rounded)}, self.world.definitions, self.functions, supposed=self.supposed
        )
        return changed, world, tuple(rounded)


def _is_an_explanation(definition: str, names: Names) -> bool:
    """Whether a definition says in words what a known sign is: "E_{ij} = the matrix with a 1 at i, j"."""
    left, _, body = definition.partition("=")
    try:
        (side,) = parse(left, names).sides
    except (ParseError, ValueError):
        return False
    if not isinstance(side, Special):
        return False
    try:
        parse(body, names)
    except ParseError:
        return True
    return False


def letters_of(name: Tree) -> tuple[str, ...]:
    """Return the letters at a name, where nothing else stands there: J_{ij}."""
    indices = name.indices if isinstance(name, Indexed) else ()
    letters = tuple(index.letter for index in indices if isinstance(index, Letter))
    return letters if len(letters) == len(indices) else ()


def _symbols_of(rounded: Sequence[Rounded]) -> dict[str, Symbol]:
    return {number.name: build.symbol(number.name) for number in rounded}


def _rounded(name: str, digits: str) -> Rounded:
    """Return a decimal with half a unit of its last place."""
    mantissa, _, exponent = digits.lower().partition("e")
    places = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return Rounded(name, Fraction(digits), Fraction(1, 2) * Fraction(10) ** -places)


def likelier(expression: str, as_text: SymjacError, as_latex: ParseError) -> SymjacError:
    """Return the error of the language in which an expression was meant, where neither can read it."""
    column = getattr(as_text, "column", None)
    further = as_latex.column is not None and column is not None and as_latex.column > column
    beside = "an operator is missing" in str(as_text)
    return as_latex if further or beside or any(sign in LATEX_SIGNS for sign in expression) else as_text


def checked(node: Node) -> Node:
    """Return a node whose index form takes no forever; raise UnsupportedError for the others."""
    if any(isinstance(part, Product) and len(part.args) > MAX_FACTORS for part in postorder(node)):
        raise UnsupportedError(f"a product of more than {MAX_FACTORS} factors is not judged")
    return node


def of_node(node: Node) -> Formula:
    """Return the claim that a matrix expression makes."""
    checked(node)
    return Formula(read(node), (), node.shape, text(node), node=node)


def of_meaning(meaning: Meaning, tree: Tree, remarks: tuple[str, ...] = ()) -> Formula:
    """Return the claim that a reading of a formula makes."""
    if meaning.node is not None:
        checked(meaning.node)
    return Formula(meaning.matrix, meaning.letters, meaning.shape, written(tree), remarks, meaning.node, tree)


def is_entries(expression: Any) -> bool:
    """Whether a claim comes as a matrix of entries."""
    return isinstance(expression, sympy.MatrixBase | sympy.NDimArray | np.ndarray | list | tuple)


def entries_claim(matrix: Any) -> Entries:
    """Return the claim that a matrix of entries makes; floats in it count to nine digits."""
    entries = entries_of(matrix)
    inexact = isinstance(matrix, np.ndarray) and matrix.dtype.kind == "f"
    inexact = inexact or any(isinstance(value, float | np.floating) for value in _flat(matrix))
    inexact = inexact or any(isinstance(value, sympy.Expr) and value.has(sympy.Float) for value in entries.ravel())
    words = f"a {entries.shape[0]} × {entries.shape[1]} matrix of entries"
    return Entries(entries, words, tolerance=FLOAT_TOLERANCE if inexact else Fraction(0))


def _flat(matrix: Any) -> list[Any]:
    if not isinstance(matrix, list | tuple):
        return []
    return [value for row in matrix for value in (row if isinstance(row, list | tuple) else [row])]
