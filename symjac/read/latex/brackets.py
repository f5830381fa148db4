"""Brackets, braces and bars: what they group, and which bar closes which."""

from __future__ import annotations

from symjac.errors import ParseError
from symjac.read.latex.environments import Environments
from symjac.read.latex.names import Names
from symjac.read.latex.tokens import Token
from symjac.read.latex.tree import (
    Array,
    Bars,
    Cases,
    Group,
    Infix,
    Letter,
    Number,
    Pairing,
    Plus,
    Product,
    Special,
    Tree,
)
from symjac.read.latex.vocabulary import (
    BAR,
    BEGIN,
    BRACE,
    CLOSE,
    COMMAND,
    END,
    RELATION,
    SIGN,
    WORD,
)

_CLOSING = {"(": ")", "[": "]", "\\{": "\\}", "<": ">"}
MAX_RETRIES = 20
"""How often double bars may be tried as two single ones."""


class Brackets(Environments):
    """Reads what brackets of all kinds hold."""

    def __init__(self, text: str, names: Names) -> None:
        super().__init__(text, names)
        self.retries = 0
        self.has_over = any(token.kind == COMMAND and token.text == "over" for token in self.tokens)

    def braces(self) -> Tree:
        """Read a group in braces: a name, or something that braces alone hold together."""
        at, depth = self.at, self.depth
        head = self.head()
        if head is not None:
            close = self.at
            if not (head.token.kind == WORD or head.scripts):
                return self.named(head)
            if self.match[at] == close - 1:
                return self.named(head)
            self.at, self.depth = at, depth
        close = self.match[self.at]
        start = self.token.start
        if close == self.at + 1:
            self.at += 2
            return self.empty_base(start)
        switch = self.token.font == "switch"
        inner = self.old_fraction(close) if self.has_over else None
        if inner is None:
            inner = self.within(self.at + 1, close, self.whole)
            self.at = close + 1
        if switch and isinstance(inner, Product):
            last = self.with_scripts(inner.factors[-1], self.scripts())
            inner = Product((*inner.factors[:-1], last), inner.joins, span=(inner.span[0], last.span[1]))
        if isinstance(inner, Plus | Product | Infix):
            return Group(inner, "{", span=(start, self.behind()))
        return inner

    def old_fraction(self, close: int) -> Tree | None:
        """Read {a \\over b}."""
        depth = 0
        for place in range(self.at + 1, close):
            token = self.tokens[place]
            if token.kind == BRACE:
                depth += 1 if token.text == "{" else -1
            elif token.kind == COMMAND and token.text == "over" and depth == 0:
                above, below = (self.at + 1, place, place), (place + 1, close, close + 1)
                start = self.token.start
                self.at = close + 1
                return self.quotient_of(above, below, start)
        return None

    def empty_base(self, start: int) -> Tree:
        """Pass over {} before a factor; a script on nothing is refused."""
        if self.starts_factor():
            return self.factor()
        raise self.error("braces with nothing in them", start)

    def bracket(self) -> Tree:
        token = self.token
        if token.text == "<":
            return self.pairing()
        if token.text == "\\{" and self.peek().kind in (BEGIN, BRACE) and (found := self.brace_cases()) is not None:
            return found
        if token.text == ".":
            raise self.error("\\left. opens nothing; evaluation bars are not read")
        self.at += 1
        rows = self.bracket_rows(token)
        span = (token.start, self.behind())
        if len(rows) == 1 and len(rows[0]) == 1:
            inner = rows[0][0]
            if (isinstance(inner, Array) and self.is_bare(token)) or (token.text == "[" and _is_condition(inner)):
                return inner
            return Group(inner, token.text, span=span)
        if token.text == "\\{":
            raise self.error("a set is not a matrix; write it in ( ) or [ ]", token.start)
        if len(rows) == 1 and all(isinstance(entry, Array) and len(entry.rows) == 1 for entry in rows[0]):
            return Array(tuple(entry.rows[0] for entry in rows[0] if isinstance(entry, Array)), span=span)
        if len({len(row) for row in rows}) > 1:
            raise self.error("the rows of this matrix differ in length", token.start)
        return Array(rows, span=span)

    def is_bare(self, token: Token) -> bool:
        """Whether the bracket just read belongs to the array in it, which has none of its own."""
        inside = self.text[token.end :].lstrip(" {\n\t\\left[(")
        return inside.startswith(("begin{array}", "begin{matrix}", "begin{smallmatrix}"))

    def bracket_rows(self, token: Token) -> tuple[tuple[Tree, ...], ...]:
        """Read what a bracket holds: expressions parted by commas, rows parted by semicolons."""
        self.deeper()
        self.barriers.append(token.text)
        self.at -= 1
        condition = token.text != "<" and self.holds_relation()
        self.at += 1
        self.indexing += condition
        rows: list[tuple[Tree, ...]] = []
        row = [self.entry(token)]
        while self.is_at(SIGN, ",", ";"):
            if self.token.text == ";":
                rows.append(tuple(row))
                row = []
            self.at += 1
            row.append(self.entry(token))
        rows.append(tuple(row))
        self.indexing -= condition
        self.barriers.pop()
        self.depth -= 1
        closing = self.token
        if closing.kind == END or closing.kind == BRACE:
            raise self.error("this bracket is never closed", token.start)
        if closing.kind != CLOSE:
            raise self.unexpected(f"a sign or {_CLOSING[token.text]}")
        if closing.text not in (_CLOSING[token.text], "."):
            raise self.error(f"{closing.text} closes a {token.text}")
        self.at += 1
        return tuple(rows)

    def entry(self, token: Token) -> Tree:
        """Read an expression in a bracket; [i = j] is 1 where it holds."""
        found = self.expression()
        if not self.is_at(RELATION, "="):
            return found
        if not isinstance(found, Letter | Number):
            raise self.error("an equation cannot stand in a bracket")
        self.at += 1
        return Special("delta", indices=(found, self.expression()), span=(found.span[0], self.behind()))

    def bracketed(self) -> tuple[Tree, ...]:
        token = self.token
        self.at += 1
        rows = self.bracket_rows(token)
        if len(rows) > 1:
            raise self.error("arguments are parted by commas", token.start)
        return rows[0]

    def pairing(self) -> Tree:
        token = self.token
        entries = self.bracketed()
        if len(entries) != 2:
            raise self.error("an inner product has two sides: \\langle a, b \\rangle", token.start)
        if self.is_at("script", "_"):
            self.at += 1
            self.at = self.argument(self.at)[2]
        return Pairing(*entries, span=(token.start, self.behind()))

    def brace_cases(self) -> Tree | None:
        """Read \\left\\{ \\begin{array} … \\end{array} \\right. as cases."""
        at = self.at
        braces = 0
        self.at += 1
        while self.take(BRACE, "{"):
            braces += 1
        if not self.is_at(BEGIN):
            self.at = at
            return None
        found = self.environment(cases=True)
        while braces and self.take(BRACE, "}"):
            braces -= 1
        if not self.is_at(CLOSE, ".", "\\}"):
            raise self.unexpected("\\right.")
        self.at += 1
        return found if isinstance(found, Cases) else Group(found, "\\{", span=found.span)

    # Bars

    def closes_bar(self) -> bool:
        """Whether the bar here, after an operand, closes the innermost open one."""
        token = self.token
        if token.font:
            return token.font == "right"
        innermost = self.barriers[-1]
        if innermost == "|":
            return token.text == "|"
        return innermost == "||" and (token.text == "||" or self.doubled())

    def doubled(self) -> bool:
        """Whether two single bars stand glued together here."""
        token, after = self.token, self.peek()
        return (
            token.text == "|"
            and after.kind == BAR
            and after.text == "|"
            and after.start == token.end
            and after.font == token.font
        )

    def bars(self) -> Tree:
        token = self.token
        if token.font == "right":
            raise self.error("this bar closes nothing")
        if token.text == "||" or not self.doubled():
            return self.between(token.text, 1)
        state = (
            self.at,
            self.depth,
            len(self.barriers),
            self.loose,
            self.indexing,
            len(self.bound),
            len(self.undeclared),
            self.end,
        )
        try:
            return self.between("||", 2)
        except ParseError:
            self.retries += 1
            if self.retries > MAX_RETRIES:
                raise
            self.at, self.depth, height, self.loose, self.indexing, bound, undeclared, self.end = state
            del self.barriers[height:], self.bound[bound:], self.undeclared[undeclared:]
            return self.between("|", 1)

    def between(self, mark: str, count: int) -> Tree:
        token = self.token
        self.at += count
        self.deeper()
        self.barriers.append(mark)
        inner = self.expression()
        if not (self.token.kind == BAR and self.closes_bar()):
            raise (
                self.error("this bar is never closed", token.start) if self.at >= self.end else self.unexpected("a closing bar")
            )
        if mark == "||" and self.token.text == "|" and not self.doubled():
            raise self.unexpected("a double bar")
        self.at += 2 if mark == "||" and self.token.text == "|" else 1
        self.barriers.pop()
        self.depth -= 1
        if isinstance(inner, Array) and mark == "|":
            return Bars(inner, False, span=(token.start, self.behind()))
        return Bars(inner, mark == "||", span=(token.start, self.behind()))


def _is_condition(tree: Tree) -> bool:
    return isinstance(tree, Special) and tree.kind == "delta"
