"""Functions and their arguments: \\log s, \\mathrm{tr} AX^\\top, \\sigma'(z), \\exp\\left\\{…\\right\\}, e^{…}."""

from __future__ import annotations

from symjac.read.latex.cursor import Head, Script
from symjac.read.latex.names import Names
from symjac.read.latex.scripts import Scripted
from symjac.read.latex.tree import Apply, Bars, Group, Plus, Product, Tree
from symjac.read.latex.vocabulary import (
    ACCENT,
    BEGIN,
    BRACE,
    CLOSE,
    COMMAND,
    FUNCTIONS,
    JOINS,
    LETTER,
    OPEN,
    PLAIN,
    RELATION,
    SIGN,
    SWALLOWING,
    WORD,
)

_BY_INDEX = frozenset(
    ("softmax", "sigma", "sigmoid", "f", "g", "h", "phi", "psi", "rho", "F", "G", "s", "S", "a", "tanh", "relu")
)
"""Functions whose entry i is written f_i(x)."""
_ONE_STOP = frozenset(("tr", "det", "log", "exp", "logsumexp", "norm"))


class Applied(Scripted):
    """Reads a function's scripts and arguments."""

    def __init__(self, text: str, names: Names) -> None:
        super().__init__(text, names)
        self.pieces: dict[int, int] = {}
        self.barriers: list[str] = [""]

    def factor(self) -> Tree:
        raise NotImplementedError

    def starts_factor(self) -> bool:
        raise NotImplementedError

    def bracketed(self) -> tuple[Tree, ...]:
        """Read a bracket with expressions separated by commas."""
        raise NotImplementedError

    def holds_relation(self) -> bool:
        """Whether the bracket here is a condition: [i = j]."""
        for token in self.tokens[self.at + 1 : min(self.at + 14, self.end)]:
            if token.kind in (CLOSE, OPEN, BEGIN, BRACE, COMMAND):
                return False
            if token.kind == RELATION:
                return True
        return False

    def is_plain_head(self) -> bool:
        """Whether a name stands here that may be the function's own: df, ∂f_i, ∇J."""
        return self.token.kind in (LETTER, ACCENT, BRACE)

    def applied(self, base: str, head: Head, scripts: list[Script]) -> Tree:
        """Read a function: its primes, powers and indices, its argument, and what is left to put on the value."""
        function = base if base in self.names.functions else FUNCTIONS.get(base, base)
        primes = sum(len(script.text) for script in scripts if script.sign == "'")
        power: Tree | None = None
        later: list[Script] = []
        for script in scripts:
            if script.sign == "_":
                self.check_index(function, script)
                later.append(script)
            elif script.sign == "^":
                if self.transpose_mark(script):
                    later.append(script)
                elif function == "exp" and not self.opens():
                    return self.exponential(self.within(script.low, script.high, self.whole), (head.start, script.span[1]))
                else:
                    power = self.power(function, script)
        if self.opens():
            arguments, bracketed = self.bracketed(), True
        elif base in FUNCTIONS:
            arguments, bracketed = (self.open_argument(function, head),), False
        else:
            raise self.error(f"the function {base} wants its argument in brackets", head.start)
        span = (head.start, self.behind())
        return self.with_scripts(Apply(function, arguments, primes, bracketed, power, span=span), later)

    def check_index(self, function: str, script: Script) -> None:
        if function not in _BY_INDEX and function not in self.names.functions:
            shown = self.text[script.span[0] : script.span[1]]
            raise self.error(f"{shown} cannot stand at {function}", script.span[0])

    def power(self, function: str, script: Script) -> Tree:
        if script.text.startswith("-"):
            raise self.error(
                f"{function}^{{{script.text}}} may be an inverse function or a quotient; write which", script.span[0]
            )
        if script.text.startswith("("):
            raise self.error(f"{function}^{script.text} is not read; write the derivative with primes", script.span[0])
        return self.within(script.low, script.high, self.whole)

    def exponential(self, argument: Tree, span: tuple[int, int]) -> Tree:
        return Apply("exp", (argument,), span=span)

    def open_argument(self, function: str, head: Head) -> Tree:
        """Read the argument of \\log s or \\mathrm{tr} AX: the factors up to the next sign."""
        if self.token.kind == SIGN and self.token.text == "-":
            self.at += 1
            inner = self.factor()
            return Plus((inner,), (-1,), span=inner.span)
        if not self.starts_factor():
            raise self.error(f"{self.text[head.start : head.token.end].strip()} wants an argument", head.start)
        start = self.token
        first = self.factor()
        swallowing = function in SWALLOWING
        if isinstance(first, Group) and first.bracket == "{":
            first = first.inner
        fenced = start.kind == BRACE or isinstance(first, Bars) or start.text == "frac" or isinstance(first, Apply)
        if fenced and not swallowing:
            return first
        factors, joins = [first], list[str]()
        while True:
            if swallowing and self.token.kind == SIGN and self.token.text in JOINS:
                join = self.token.text
                self.at += 1
            elif self.starts_factor() and not self.stops(swallowing):
                join = ""
            else:
                break
            factors.append(self.factor())
            joins.append(join)
        return side_by_side(factors, joins)

    def stops(self, swallowing: bool) -> bool:
        """Whether what stands here is a factor of its own: another function, a sum, a norm."""
        token = self.token
        if token.kind == COMMAND and token.text in ("sum", "partial", "nabla"):
            return True
        if token.kind not in (WORD, LETTER):
            return False
        word = token.text
        if token.kind == LETTER and len(word) == 1:
            piece = self.pieces.get(self.at)
            if piece is None or piece < 2:
                return False
            word = "".join(t.text for t in self.tokens[self.at : self.at + piece])
        if word not in FUNCTIONS or (word not in PLAIN and token.kind == LETTER):
            return False
        return not swallowing or FUNCTIONS[word] in _ONE_STOP


def side_by_side(factors: list[Tree], joins: list[str]) -> Tree:
    """Return a product; braces around several of its factors vanish."""
    if len(factors) == 1:
        only = factors[0]
        return only.inner if isinstance(only, Group) and only.bracket == "{" and isinstance(only.inner, Product) else only
    span = (factors[0].span[0], factors[-1].span[1])
    flat: list[Tree] = []
    between: list[str] = []
    for factor, join in zip(factors, ("", *joins), strict=True):
        inner = factor.inner if isinstance(factor, Group) and factor.bracket == "{" else factor
        inside = (inner.factors, inner.joins) if isinstance(inner, Product) and inner is not factor else ((factor,), ())
        between += (join, *inside[1])
        flat += inside[0]
    return Product(tuple(flat), tuple(between[1:]), span=span)
