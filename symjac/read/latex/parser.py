"""Formulas by precedence, low to high: ±; ⊗ ⊙ ∘ ⊘ :; juxtaposition, \\cdot, \\times, /; scripts; atoms."""

from __future__ import annotations

from symjac.errors import ParseError
from symjac.read.latex.brackets import Brackets
from symjac.read.latex.functions import side_by_side
from symjac.read.latex.tokens import Token
from symjac.read.latex.tree import (
    Differential,
    Dots,
    Group,
    Infix,
    Number,
    Over,
    Plus,
    Tree,
)
from symjac.read.latex.vocabulary import (
    ACCENT,
    BAR,
    BEGIN,
    BRACE,
    CLOSE,
    COMMAND,
    CONDITIONS,
    DOTS,
    END,
    INFIX,
    JOINS,
    LETTER,
    NUMBER,
    OPEN,
    RELATION,
    SIGN,
    TEXT,
    WORD,
)

_FACTORS = frozenset((LETTER, WORD, NUMBER, ACCENT, OPEN, DOTS, BEGIN))
_HEADS = frozenset((LETTER, WORD, ACCENT))
_BEGIN_COMMANDS = frozenset(("frac", "sqrt", "sum", "partial", "nabla", "pdv", "dv", "max"))


class Parser(Brackets):
    """Reads expressions."""

    # Sums and products

    def whole(self) -> Tree:
        """Read an expression that fills the present group; \\over parts it."""
        if self.at >= self.end:
            raise self.error("something is missing here")
        self.barriers.append("")
        found = self.expression()
        if self.is_at(COMMAND, "over"):
            self.at += 1
            below = self.expression()
            found = Over(found, below, span=(found.span[0], below.span[1]))
        self.barriers.pop()
        if self.at < self.end:
            raise self.unexpected("a sign or the end of the group")
        return found.inner if isinstance(found, Group) and found.bracket == "{" else found

    def expression(self) -> Tree:
        self.deeper()
        start = self.token.start
        terms: list[Tree] = []
        signs: list[int] = []
        while True:
            sign = 1
            while self.is_at(SIGN, "+", "-"):
                sign *= -1 if self.token.text == "-" else 1
                self.at += 1
            terms.append(self.term())
            signs.append(sign)
            if not self.is_at(SIGN, "+", "-"):
                break
        self.depth -= 1
        if len(terms) == 1 and signs == [1]:
            return terms[0]
        return Plus(tuple(terms), tuple(signs), span=(start, terms[-1].span[1]))

    def term(self) -> Tree:
        """Read products joined by ⊗ ⊙ ∘ ⊘ and the colon, from the left."""
        left: Tree | None = None
        sign = ""
        while True:
            right = self.product(after_infix=left is not None)
            left = right if left is None else Infix(sign, left, right, span=(left.span[0], right.span[1]))
            token = self.token
            if token.kind != SIGN or token.text not in INFIX or (token.text == ":" and self.peek().kind == RELATION):
                return left
            sign = INFIX[token.text]
            self.at += 1

    def product(self, after_infix: bool) -> Tree:
        """Read factors side by side."""
        factors: list[Tree] = []
        joins: list[str] = []
        join = ""
        signed = after_infix
        while True:
            factor = self.signed_factor() if signed else self.factor()
            while self.is_at(SIGN, "/"):
                factor = self.quotient(factor)
            if factors:
                joins.append(join)
                self.not_two_numbers(factors[-1], factor, join)
            factors.append(factor)
            token = self.token
            if token.kind == SIGN and token.text in JOINS:
                join, signed = token.text, True
                self.at += 1
            elif self.starts_factor():
                join, signed = "", False
            else:
                break
        return side_by_side(factors, joins)

    def signed_factor(self) -> Tree:
        """Read a factor that may carry a sign of its own, after \\cdot or \\otimes."""
        start = self.token.start
        if not self.is_at(SIGN, "+", "-"):
            return self.factor()
        sign = -1 if self.token.text == "-" else 1
        self.at += 1
        factor = self.factor()
        return Plus((factor,), (sign,), span=(start, factor.span[1]))

    def quotient(self, above: Tree) -> Tree:
        if self.slashes_derivative(above) and isinstance(above, Differential):
            self.at += 1
            return self.slashed(above, above.span[1])
        self.at += 1
        below = self.factor()
        return Over(above, below, "slash", span=(above.span[0], below.span[1]))

    def not_two_numbers(self, left: Tree, right: Tree, join: str) -> None:
        if isinstance(left, Number) and isinstance(right, Number) and not join:
            raise self.error("two numbers side by side; write \\cdot between them", right.span[0])

    def starts_factor(self) -> bool:
        token = self.token
        if token.kind == WORD and self.indexing and token.text.lower() in CONDITIONS:
            return False
        if token.kind in _FACTORS:
            return True
        if token.kind == COMMAND:
            return token.text in _BEGIN_COMMANDS
        if token.kind == BAR:
            return not self.closes_bar()
        return token.kind == BRACE and token.text == "{"

    def factor(self) -> Tree:
        self.deeper()
        found = self.any_factor()
        self.depth -= 1
        return found

    def any_factor(self) -> Tree:
        token = self.token
        kind = token.kind
        if kind in _HEADS or (kind == NUMBER and token.font):
            head = self.head()
            if head is not None:
                return self.finished(self.named(head))
        if kind == NUMBER:
            return self.finished(self.plain_number())
        if kind == BRACE and token.text == "{":
            return self.finished(self.braces())
        if kind == OPEN:
            return self.finished(self.bracket())
        if kind == BAR:
            return self.finished(self.bars())
        if kind == COMMAND:
            return self.finished(self.command())
        if kind == BEGIN:
            return self.finished(self.environment())
        if kind == DOTS:
            self.at += 1
            return self.finished(Dots(token.text, span=(token.start, token.end)))
        raise self.no_factor(token)

    def no_factor(self, token: Token) -> ParseError:
        if token.kind == CLOSE or (token.kind == BAR and token.font == "right"):
            return self.error(
                "this bracket closes nothing" if not any(self.barriers) else "something is missing before this bracket"
            )
        if token.kind == END and self.end == self.last and self.at == 0:
            return self.error("this formula is empty", 0)
        if token.kind == TEXT:
            return self.error(f"the text “{token.text}” is not understood")
        return self.unexpected("a factor")

    def finished(self, tree: Tree) -> Tree:
        """Put on a factor the scripts that follow it."""
        scripts = self.scripts()
        return self.with_scripts(tree, scripts) if scripts else tree
