"""The text language without shapes: a claim that does not conform can still be edited, and typed again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce

from symjac.diagnose.places import fitted, negative
from symjac.diagnose.trees import multiplied
from symjac.read.latex.tree import (
    Apply,
    Bars,
    Group,
    Infix,
    Name,
    Number,
    Over,
    Plus,
    Power,
    Product,
    Special,
    Transposed,
    Tree,
)
from symjac.read.tokens import MAX_DIGITS, NAME, NUMBER, Cursor

MAX_DEPTH = 100


def untyped(text: str) -> Tree:
    """Return a text as an untyped formula; what its names mean is asked by whoever types it.

    >>> from symjac.diagnose.words import formula
    >>> formula(untyped("2*A*(A*x - b)"))
    '2A(Ax − b)'

    Raises ParseError for what is not of the text language.
    """
    reader = _Reader(text)
    tree = reader.sum()
    if reader.cursor.token.text:
        raise reader.cursor.unexpected("an operator or the end of the text")
    return tree


def without_column(message: str) -> str:
    """Return an error's sentence without the column that is said before it.

    >>> without_column("column 1: cannot multiply M × N by M × 1, in `2*A*b`")
    'cannot multiply M × N by M × 1, in `2*A*b`'
    """
    head, sign, rest = message.partition(": ")
    return rest if sign and head.startswith("column ") else message


class _Reader:
    """One reading, along the grammar of the text language."""

    def __init__(self, text: str) -> None:
        self.cursor = Cursor(text, "an expression")
        self.depth = 0

    def sum(self) -> Tree:
        start = self.cursor.token.start
        terms, signs = [], []
        sign = 1
        while True:
            while self.cursor.at("+", "-"):
                sign = -sign if self.cursor.next().text == "-" else sign
            terms.append(self.product())
            signs.append(sign)
            sign = 1
            if not self.cursor.at("+", "-"):
                break
        if signs == [1]:
            return terms[0]
        return Plus(tuple(terms), tuple(signs), span=self.span(start))

    def product(self) -> Tree:
        start = self.cursor.token.start
        tree = self.power()
        while self.cursor.at("*", "@", "/"):
            over = self.cursor.next().text == "/"
            factor = self.signed(self.power)
            if over:
                tree = Over(tree, factor, "slash", span=self.span(start))
            else:
                factors = tree.factors if isinstance(tree, Product) else (fitted(tree, Product((), ())),)
                joins = tree.joins if isinstance(tree, Product) else ()
                tree = Product((*factors, fitted(factor, Product((), ()))), (*joins, ""), span=self.span(start))
        return tree

    def signed(self, read: Callable[[], Tree]) -> Tree:
        sign = 1
        while self.cursor.at("+", "-"):
            sign = -sign if self.cursor.next().text == "-" else sign
        tree = read()
        return negative(tree) if sign < 0 else tree

    def power(self) -> Tree:
        start = self.cursor.token.start
        base = self.postfix()
        if not self.cursor.take("**"):
            return base
        exponent = self.nested(lambda: self.signed(self.power))
        return Power(base, exponent, span=self.span(start))

    def postfix(self) -> Tree:
        start = self.cursor.token.start
        tree = self.atom()
        while self.cursor.at("'", "."):
            if self.cursor.next().text == "." and not self.cursor.take("T"):
                raise self.cursor.unexpected("T after the point")
            tree = Transposed(fitted(tree, Transposed(tree)), span=self.span(start))
        return tree

    def atom(self) -> Tree:
        token = self.cursor.token
        if token.kind == NUMBER and len(token.text) <= MAX_DIGITS and "e" not in token.text.lower():
            self.cursor.next()
            decimals = len(token.text.partition(".")[2])
            return Number(Fraction(token.text), decimals, span=(token.start, token.end))
        if token.kind == NAME:
            self.cursor.next()
            if self.cursor.at("("):
                return self.call(token.text, token.start)
            return Name(token.text, span=(token.start, token.end))
        if self.cursor.take("("):
            tree = self.nested(self.sum)
            self.close()
            return Group(tree, span=self.span(token.start))
        raise self.cursor.unexpected("a name, a number or a bracket")

    def call(self, name: str, start: int) -> Tree:
        self.cursor.take("(")
        arguments = []
        while not self.cursor.at(")"):
            arguments.append(self.nested(self.sum))
            if not self.cursor.take(","):
                break
        self.close()
        make = _CALLS.get(name)
        if not arguments or (make is None and len(arguments) > 1):
            raise self.cursor.error(f"{name} does not take {len(arguments)} arguments")
        return make(arguments) if make else Apply(name, (arguments[0],), span=self.span(start))

    def close(self) -> None:
        if not self.cursor.take(")"):
            raise self.cursor.unexpected("a closing bracket")

    def nested(self, read: Callable[[], Tree]) -> Tree:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.cursor.error(f"brackets and powers nest at most {MAX_DEPTH} deep")
        tree = read()
        self.depth -= 1
        return tree

    def span(self, start: int) -> tuple[int, int]:
        return start, self.cursor.tokens[self.cursor.index - 1].end


def _infix(sign: str) -> Callable[[Sequence[Tree]], Tree]:
    def join(left: Tree, right: Tree) -> Tree:
        holder = Infix(sign, left, right)
        return Infix(sign, fitted(left, holder), fitted(right, holder))

    return lambda arguments: reduce(join, arguments)


def _raised(base: Tree, exponent: Tree, entrywise: bool = False) -> Tree:
    return Power(fitted(base, Power(base, exponent)), exponent, entrywise)


def _sum(arguments: Sequence[Tree]) -> Tree:
    ones = Special("ones")
    return multiplied([Transposed(ones), arguments[0], ones])


_CALLS: dict[str, Callable[[Sequence[Tree]], Tree]] = {
    "kron": _infix("otimes"),
    "hadamard": _infix("odot"),
    "hadamard_power": lambda arguments: _raised(arguments[0], arguments[-1], entrywise=True),
    "inv": lambda arguments: _raised(arguments[0], Plus((Number(Fraction(1)),), (-1,))),
    "norm": lambda arguments: Bars(arguments[0], True),
    "trace": lambda arguments: Apply("tr", (arguments[0],)),
    "sum": _sum,
    "sum_entries": _sum,
    "eye": lambda arguments: Special("identity", tuple(arguments[:1])),
    "ones": lambda arguments: Special("ones", tuple(arguments)),
    "zeros": lambda arguments: Special("zeros", tuple(arguments)),
    "commutation": lambda arguments: Special("commutation", tuple(arguments)),
    "K": lambda arguments: Special("commutation", tuple(arguments)),
}
