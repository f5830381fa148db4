"""A place among tokens: looking ahead, taking arguments and scripts as TeX does, and saying where something went wrong."""

from __future__ import annotations

from dataclasses import dataclass

from symjac.errors import ParseError
from symjac.read.latex.tokens import MAX_NESTING, Token, matches, tokenize
from symjac.read.latex.tree import Span
from symjac.read.latex.vocabulary import (
    ACCENT,
    BRACE,
    CLOSE,
    COMMAND,
    END,
    LETTER,
    NUMBER,
    OPEN,
    PRIME,
    SCRIPT,
    SIGN,
    WORD,
)


@dataclass(frozen=True)
class Script:
    """A subscript, superscript or row of primes: the tokens `low` to `high` that stand in it, and its canonical text."""

    sign: str
    low: int
    high: int
    text: str
    span: Span


@dataclass(frozen=True)
class Head:
    """A letter, word or bold number with its accents, and the scripts typed inside its own braces."""

    token: Token
    accents: tuple[str, ...]
    scripts: tuple[Script, ...]
    start: int


def canonical(tokens: list[Token]) -> str:
    """Return what a script says, without fonts, braces and spaces: W^{[\\,l-1]} has the script [l-1]."""
    return "".join("'" if t.text == "prime" and t.kind == COMMAND else t.text for t in tokens if t.kind != BRACE)


class Cursor:
    """The tokens of a text, a place `at` among them, and an `end` that nested readings stop at."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.match = matches(text, self.tokens)
        self.at = 0
        self.last = self.end = len(self.tokens) - 1
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at] if self.at < self.end else self.finish

    @property
    def finish(self) -> Token:
        """The END that stands where this reading stops."""
        place = self.tokens[self.end].start if self.end <= self.last else self.tokens[self.end - 1].end
        return Token(END, "", place, place)

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[self.at + ahead] if self.at + ahead < self.end else self.finish

    def is_at(self, kind: str, *texts: str) -> bool:
        token = self.token
        return token.kind == kind and (not texts or token.text in texts)

    def take(self, kind: str, *texts: str) -> bool:
        if self.is_at(kind, *texts):
            self.at += 1
            return True
        return False

    def behind(self) -> int:
        """Return where in the text the token before this place ends."""
        return self.tokens[self.at - 1].end if self.at else 0

    def error(self, message: str, place: int | None = None) -> ParseError:
        """Return the error for a place in the text, or for the present token."""
        return ParseError(message, self.text, (self.token.start if place is None else place) + 1)

    def unexpected(self, wanted: str) -> ParseError:
        return self.error(f"expected {wanted}, found {self.shown()}")

    def shown(self) -> str:
        """Return the present token as it was typed."""
        token = self.token
        if token.kind == END:
            return "the end of the formula" if self.end == self.last else "the end of the group"
        return self.text[token.start : token.end] or token.text

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise self.error(f"a formula may be nested {MAX_NESTING} deep")

    # What TeX calls an argument

    def argument(self, place: int) -> tuple[int, int, int]:
        """Return the tokens (low, high) of the argument at a place, and the place after it."""
        if place >= self.end:
            raise ParseError("an argument is missing here", self.text, self.finish.start + 1)
        token = self.tokens[place]
        if token.kind == BRACE and token.text == "{":
            return place + 1, self.match[place], self.match[place] + 1
        if token.kind == NUMBER and len(token.text) > 1:
            raise self.error(f"TeX takes the {token.text[0]} alone here; write {{{token.text}}} in braces", token.start)
        return place, (after := self.past(place)), after

    def past(self, place: int) -> int:
        """Return the place after the unit that stands here: one token, or a macro with its arguments."""
        self.deeper()
        token = self.tokens[place]
        if token.kind == COMMAND and token.text == "frac":
            place = self.argument(self.argument(place + 1)[2])[2]
        elif token.kind == ACCENT or (token.kind == COMMAND and token.text == "sqrt"):
            place = self.argument(place + 1)[2]
        elif token.kind in (SCRIPT, CLOSE, END) or token.text in ("}", "&", "\\\\"):
            raise ParseError("an argument is missing here", self.text, token.start + 1)
        else:
            place += 1
        self.depth -= 1
        return place

    # Scripts

    def scripts(self) -> list[Script]:
        """Take the scripts that stand here, in the order of the text."""
        found: list[Script] = []
        while True:
            token = self.token
            if token.kind == PRIME:
                found.append(self.primes())
            elif token.kind == SCRIPT:
                self.at += 1
                found.append(self.script(token))
            else:
                return found

    def primes(self) -> Script:
        low, start = self.at, self.token.start
        while self.is_at(PRIME):
            self.at += 1
        text = canonical(self.tokens[low : self.at])
        return Script("'", low, self.at, text, (start, self.behind()))

    def script(self, sign: Token) -> Script:
        if self.take_bare_minus():
            low, high = self.at - 2, self.at
        else:
            low, high, self.at = self.argument(self.at)
        inside = self.tokens[low:high]
        if not inside:
            raise self.error("this script is empty", sign.start)
        text = canonical(inside)
        kind = "'" if sign.text == "^" and set(text) == {"'"} else sign.text
        return Script(kind, low, high, text, (sign.start, max(self.behind(), inside[-1].end)))

    def take_bare_minus(self) -> bool:
        """Take the -1 of X^-1, which TeX would raise the sign of alone."""
        here, after = self.token, self.peek()
        if (
            here.kind == SIGN
            and here.text == "-"
            and after.start == here.end
            and (after.text == "1" or after.text in ("T", "top"))
        ):
            self.at += 2
            return True
        return False

    # Heads

    def head(self) -> Head | None:
        """Take a letter or word with its accents, or return None: \\hat{\\mathbf{x}}, {\\bf 1}, \\hat{y_i}."""
        at, depth = self.at, self.depth
        found = self._head()
        if found is None:
            self.at, self.depth = at, depth
        return found

    def _head(self) -> Head | None:
        token = self.token
        if token.kind == LETTER or token.kind == WORD or (token.kind == NUMBER and token.font):
            self.at += 1
            return Head(token, (), (), token.start)
        if token.kind == ACCENT:
            return self.accented(token)
        if token.kind == BRACE and token.text == "{":
            return self.braced(self.at, token.start)
        return None

    def braced(self, brace: int, start: int) -> Head | None:
        """Take a group that holds a head with its scripts and nothing else."""
        self.deeper()
        self.at = brace + 1
        found = self._head()
        if found is None:
            return None
        scripts = (*found.scripts, *self.scripts())
        if self.at != self.match[brace]:
            return None
        self.at += 1
        self.depth -= 1
        return Head(found.token, found.accents, scripts, start)

    def accented(self, accent: Token) -> Head:
        self.at += 1
        self.deeper()
        found = self.head()
        self.depth -= 1
        if found is None or found.token.kind != LETTER:
            raise self.error(f"a {accent.text} stands over one letter", accent.start)
        return Head(found.token, (accent.text, *found.accents), found.scripts, accent.start)

    def opens(self) -> bool:
        """Whether a bracket that holds an argument stands here."""
        return self.is_at(OPEN, "(", "[", "\\{")
