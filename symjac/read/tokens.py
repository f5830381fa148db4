"""Texts from people, cut into tokens: names, numbers, signs, each with its column; anything else is refused by name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches

from symjac.errors import ParseError

MAX_LENGTH = 20_000
"""The longest text that is read, in characters."""
MAX_DIGITS = 400
"""The longest number that is read or computed, in digits."""

NAME, NUMBER, SIGN, END = "name", "number", "sign", "end"

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<name>[A-Za-z][A-Za-z0-9_]*)
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<sign>\*\*|[-+*/@()',.:;^=×])
    )""",
    re.VERBOSE | re.ASCII,
)

_INSTEAD = {
    "−": "-", "–": "-", "—": "-", "·": "*", "⋅": "*", "∙": "*", "÷": "/", "′": "'", "’": "'", "ᵀ": ".T", "⊤": ".T",
    "²": "**2", "³": "**3", "⁻": "**-1", "⊗": "kron(…, …)", "∘": "hadamard(…, …)", "⊙": "hadamard(…, …)", "√": "sqrt(…)",
    "∑": "sum(…)", "Σ": "sum(…) or the name Sigma", "‖": "norm(…)", "|": "norm(…) or det(…)", "[": "(", "]": ")",
    "{": "(", "}": ")", "\\": "the plain text language; LaTeX has a reader of its own", "_": "a name that starts with a letter",
}  # fmt: skip


@dataclass(frozen=True)
class Token:
    """A piece of a text; `start` and `end` count characters from 0."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def column(self) -> int:
        return self.start + 1


def tokenize(text: str, what: str) -> list[Token]:
    """Return the tokens of a text, the last one END; `what` names the text in messages.

    >>> [token.text for token in tokenize("A.T*x", "an expression")]
    ['A', '.', 'T', '*', 'x', '']
    """
    if not isinstance(text, str):
        raise ParseError(f"{what} has to be a text, not {type(text).__name__}")
    if len(text) > MAX_LENGTH:
        raise ParseError(f"{what} may have {MAX_LENGTH} characters, not {len(text)}")
    tokens: list[Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None or found.lastgroup is None:
            raise _unreadable(text, position + len(text[position:]) - len(text[position:].lstrip()))
        tokens.append(Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup), found.end()))
        position = found.end()
    if not tokens:
        raise ParseError(f"{what} is empty", text, 1)
    tokens.append(Token(END, "", end, end))
    return tokens


def _unreadable(text: str, position: int) -> ParseError:
    char = text[position]
    instead = _INSTEAD.get(char)
    if instead is None and not char.isascii():
        instead = _ascii_name(char)
    shown = char if char.isprintable() else f"the character U+{ord(char):04X}"
    hint = f"; write {instead}" if instead else ""
    return ParseError(f"{shown} cannot be read here{hint}", text, position + 1)


def _ascii_name(char: str) -> str | None:
    """Suggest how to write a letter from another alphabet: θ → theta, 𝐀 → A."""
    plain = unicodedata.normalize("NFKC", char)
    if plain != char and plain.isascii() and plain.isalnum():
        return plain
    words = unicodedata.name(char, "").split()
    if "LETTER" not in words:
        return None
    after = words[words.index("LETTER") + 1 :]
    word = after[-1] if after and after[0] in ("FINAL", "SYMBOL") else (after or [""])[0]
    if not (word.isascii() and word.isalpha()):
        return None
    word = {"LAMDA": "LAMBDA"}.get(word, word)
    return word.capitalize() if "CAPITAL" in words else word.lower()


def suggestion(name: str, known: list[str]) -> str:
    """Return '; did you mean …?' where a known name is near, else an empty text."""
    folded = {k.lower(): k for k in known}
    near = get_close_matches(name, known, n=1) or [folded[c] for c in get_close_matches(name.lower(), list(folded), n=1)]
    return f"; did you mean {near[0]}?" if near else ""


class Cursor:
    """A place in a list of tokens."""

    def __init__(self, text: str, what: str) -> None:
        self.source = text
        self.tokens = tokenize(text, what)
        self.index = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def next(self) -> Token:
        token = self.token
        if token.kind != END:
            self.index += 1
        return token

    def at(self, *texts: str) -> bool:
        return self.token.kind in (SIGN, NAME) and self.token.text in texts

    def take(self, text: str) -> bool:
        if self.at(text):
            self.index += 1
            return True
        return False

    def error(self, message: str, token: Token | None = None) -> ParseError:
        return ParseError(message, self.source, (token or self.token).column)

    def unexpected(self, wanted: str) -> ParseError:
        found = "the end of the text" if self.token.kind == END else self.token.text
        return self.error(f"expected {wanted}, found {found}")
