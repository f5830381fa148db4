"""What scripts mean once the names are settled: transposes, powers, indices, sizes; and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from symjac.errors import ParseError
from symjac.read.latex.cursor import Cursor, Script
from symjac.read.latex.names import Key, Names
from symjac.read.latex.tree import Bars, Dots, Group, Indexed, Letter, Name, Number, Plus, Power, Tree
from symjac.read.latex.tree import Transposed as TransposedTree
from symjac.read.latex.vocabulary import (
    BRACE,
    CLOSE,
    COMMAND,
    LETTER,
    NUMBER,
    OPEN,
    PRIME,
    RELATION,
    SCRIPT,
    SIGN,
    TRANSPOSES,
    WORD,
)

_T = TypeVar("_T")

_MINUS_TRANSPOSE = re.compile(r"-(\d*)(T|t|top|intercal|'+)")
_POWER_TRANSPOSE = re.compile(r"(\d+)(T|top|intercal)")
_TRANSPOSE_INVERSE = re.compile(r"(T|t|top|intercal|'),?(-\d+)")
_NOT_READ = {
    "*": "the conjugate transpose A^* is not read; real matrices have ^T",
    "ast": "the conjugate transpose A^* is not read; real matrices have ^T",
    "H": "the conjugate transpose A^H is not read; real matrices have ^T",
    "†": "the conjugate transpose A^\\dagger is not read; real matrices have ^T",
    "+": "the pseudo-inverse A^+ is not read; write (A^TA)^{-1}A^T",
}
LONGEST = 60
"""A name with more characters than this is cut in messages."""

_WHOLE = frozenset((":", "*", "ast", "cdot", "bullet"))
"""What stands for a whole row or column among indices."""


class Scripted(Cursor):
    """Reads scripts; expressions are read by the classes above."""

    def __init__(self, text: str, names: Names) -> None:
        super().__init__(text)
        self.names = names
        self.indexing = 0
        self.loose = 0
        self.bound: list[str] = []
        self.indices_seen: set[str] = set()
        self.undeclared: list[tuple[str, str, int]] = []

    def expression(self) -> Tree:
        raise NotImplementedError

    def whole(self) -> Tree:
        """Read an expression that fills the present group."""
        raise NotImplementedError

    def within(self, low: int, high: int, read: Callable[[], _T]) -> _T:
        """Read the tokens of a group, and come back."""
        at, end = self.at, self.end
        self.deeper()
        self.at, self.end = low, high
        found = read()
        self.at, self.end = at, end
        self.depth -= 1
        return found

    def indexed_within(self, low: int, high: int, read: Callable[[], _T]) -> _T:
        """Read a group in which undeclared letters are indices or sizes."""
        self.indexing += 1
        found = self.within(low, high, read)
        self.indexing -= 1
        return found

    def not_declared(self, shown: str, place: int) -> ParseError:
        if shown.count("}") > shown.count("{"):
            shown = shown.replace("}", "", 1)
        shown = shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
        return self.error(f"{shown} is not declared{self.names.suggestion(shown)}", place)

    # Scripts on a vertex

    def with_scripts(self, tree: Tree, scripts: list[Script]) -> Tree:
        """Put scripts on a vertex in the order of the text; x^2_i is x_i^2."""
        for script in _entries_first(tree, scripts, self.names):
            tree = self.with_script(tree, script)
        return tree

    def with_script(self, tree: Tree, script: Script) -> Tree:
        span = (tree.span[0], max(script.span[1], tree.span[1]))
        if script.sign == "'":
            for _ in script.text:
                tree = TransposedTree(tree, "prime", span=span)
            return tree
        if script.sign == "_":
            if isinstance(tree, Bars):
                return replace(tree, mark=script.text, span=span)
            return Indexed(tree, self.indices(tree, script), span=span)
        return self.raised(tree, script, span)

    def raised(self, tree: Tree, script: Script, span: tuple[int, int]) -> Tree:
        text = script.text
        mark = self.transpose_mark(script)
        if mark:
            return TransposedTree(tree, mark, span=span)
        if text in _NOT_READ or text == "dagger":
            raise self.error(_NOT_READ.get(text, _NOT_READ["†"]), script.span[0])
        if found := _MINUS_TRANSPOSE.fullmatch(text):
            inverse = Power(tree, Number(Fraction(-int(found[1] or 1))), span=span)
            return TransposedTree(inverse, TRANSPOSES.get(found[2], "prime"), span=span)
        if found := _POWER_TRANSPOSE.fullmatch(text):
            return TransposedTree(Power(tree, Number(Fraction(int(found[1]))), span=span), TRANSPOSES[found[2]], span=span)
        if found := _TRANSPOSE_INVERSE.fullmatch(text):
            return Power(TransposedTree(tree, TRANSPOSES[found[1]], span=span), Number(Fraction(int(found[2]))), span=span)
        if (entry := self.sample(tree, script)) is not None:
            return entry
        low = script.low
        entrywise = self.tokens[low].text in ("circ", "odot") and script.high > low + 1
        if isinstance(tree, Name | Letter):
            self.refuse_label(tree, script)
        exponent = _folded(self.within(low + entrywise, script.high, self.whole))
        return Power(tree, exponent, entrywise, span=span)

    def transpose_mark(self, script: Script) -> str | None:
        """Return the mark of a superscript that transposes."""
        tokens = [t for t in self.tokens[script.low : script.high] if t.kind != BRACE]
        if script.sign != "^" or len(tokens) != 1 or tokens[0].kind not in (LETTER, COMMAND, WORD):
            return None
        text = tokens[0].text
        if text == "t" and (self.names.is_declared("t") or "t" in self.bound):
            return None
        if tokens[0].kind == COMMAND:
            return {"top": "top", "intercal": "intercal"}.get(text)
        if text == "T":
            return "mathsf" if tokens[0].font == "sans" else "T"
        return {"t": "t", "tr": "T"}.get(text)

    def sample(self, tree: Tree, script: Script) -> Tree | None:
        """Read y^{(i)} as entry i, and x^{(i)} as row i, where i is summed over or rows are written so."""
        samples = any(sign == "^" for _, _, sign, _ in self.names.rows)
        if not isinstance(tree, Name) or tree.name in self.names.scalars:
            return None
        letter = self.sample_letter(script, samples and tree.name in self.names.vectors)
        return Indexed(tree, (letter,), span=(tree.span[0], script.span[1])) if letter is not None else None

    def sample_letter(self, script: Script, anywhere: bool = False) -> Letter | None:
        """Return the letter of a superscript (i) that counts samples: one that is summed over."""
        tokens = [t for t in self.tokens[script.low : script.high] if t.kind != BRACE]
        if script.sign != "^" or len(tokens) != 3 or tokens[0].text not in ("(", "[") or tokens[1].kind != LETTER:
            return None
        letter = tokens[1]
        if letter.text not in self.bound and (not anywhere or self.names.is_name(letter.text)):
            return None
        self.indices_seen.add(letter.text)
        return Letter(letter.text, span=(letter.start, letter.end))

    def refuse_label(self, tree: Tree, script: Script) -> None:
        """Refuse X^{(1)} and X^{[l]} where no such name is declared: they are not powers."""
        tokens = [t for t in self.tokens[script.low : script.high] if t.kind != BRACE]
        bracketed = len(tokens) > 1 and tokens[0].kind == OPEN and tokens[-1].kind == CLOSE
        inside = tokens[1:-1] if bracketed else []
        label = bracketed and (
            tokens[0].text == "["
            or all(t.kind == NUMBER for t in inside)
            or any(self._is_unknown(t.text) for t in inside if t.kind == LETTER)
        )
        if label or (len(tokens) == 1 and tokens[0].kind == SIGN):
            raise self.not_declared(self.text[tree.span[0] : script.span[1]].strip(), tree.span[0])

    def _is_unknown(self, letter: str) -> bool:
        return not self.names.is_declared(letter) and letter not in self.names.sizes and letter not in self.bound

    # Indices

    def indices(self, tree: Tree, script: Script) -> tuple[Tree, ...]:
        """Read a subscript as indices: ij is two of them, 12 is two at a matrix and one at a vector."""
        parts = self.parts(script.low, script.high, (",",))
        if len(parts) > 1:
            return tuple(self.indexed_within(low, high, self.index) for low, high in parts)
        low, high = parts[0]
        tokens = [t for t in self.tokens[low:high] if t.kind not in (BRACE, PRIME, SCRIPT)]
        vector = isinstance(tree, Name) and tree.name in self.names.vectors
        if any(t.kind in (SIGN, RELATION, OPEN) and t.text not in _WHOLE for t in tokens):
            return (self.indexed_within(low, high, self.index),)
        if len(tokens) > 2 or any(t.kind == WORD for t in tokens):
            self.refuse_word(tree, script)
        if vector and len(tokens) == 2 and tokens[0].kind == NUMBER and tokens[1].kind == LETTER:
            return (self.indexed_within(low, high, self.index),)
        if len(tokens) == 1 and tokens[0].kind == NUMBER and len(tokens[0].text) > 1 and not vector:
            return self.two_digits(tree, script)
        return self.indexed_within(low, high, self.index_list)

    def refuse_word(self, tree: Tree, script: Script) -> None:
        raise self.not_declared(self.text[tree.span[0] : script.span[1]].strip(), tree.span[0])

    def two_digits(self, tree: Tree, script: Script) -> tuple[Tree, ...]:
        start = self.tokens[script.low].start
        if len(script.text) > 2:
            raise self.error(f"where does the row end in {script.text}? write the indices with a comma", script.span[0])
        return tuple(Number(Fraction(int(digit)), span=(start + i, start + i + 1)) for i, digit in enumerate(script.text))

    def index_list(self) -> tuple[Tree, ...]:
        found: list[Tree] = []
        while self.at < self.end:
            found.append(self.one_index())
        return tuple(found)

    def one_index(self) -> Tree:
        """Read one letter, number or colon."""
        token = self.token
        if token.kind == BRACE and token.text == "{":
            close = self.match[self.at]
            found = self.within(self.at + 1, close, self.index)
            self.at = close + 1
            return found
        if token.kind == NUMBER:
            self.at += 1
            return Number(Fraction(token.text), span=(token.start, token.end))
        if token.kind == SIGN and token.text in _WHOLE:
            self.at += 1
            return Dots(":", span=(token.start, token.end))
        if token.kind == LETTER:
            name = None if token.text in self.bound else self.names.find(Key(token.text), token.font)
            if name is not None and name not in self.names.scalars:
                raise self.error(f"{self.shown()} is declared, and no index")
            self.at += 1
            return self.index_letter(token.text, token.start)
        return self.expression()

    def index_letter(self, text: str, start: int) -> Tree:
        """Return a letter with the primes and the label that belong to it: i, i', i_1."""
        while self.is_at(PRIME):
            self.at += 1
            text += "'"
        if self.is_at(SCRIPT):
            self.at += 1
            low, high, self.at = self.argument(self.at)
            text += "'" if self.tokens[low].text == "prime" else f"_{''.join(t.text for t in self.tokens[low:high])}"
        self.indices_seen.add(text)
        return Letter(text, span=(start, self.behind()))

    def index(self) -> Tree:
        """Read the one index that fills this group."""
        if self.token.kind == SIGN and self.token.text in _WHOLE and self.at == self.end - 1:
            return self.one_index()
        return self.whole()

    def parts(self, low: int, high: int, signs: tuple[str, ...]) -> list[tuple[int, int]]:
        """Split the tokens of a script at its commas (or other signs), outside brackets."""
        found: list[tuple[int, int]] = []
        start, depth = low, 0
        for place in range(low, high):
            token = self.tokens[place]
            if token.kind == OPEN or (token.kind == BRACE and token.text == "{"):
                depth += 1
            elif token.kind == CLOSE or token.kind == BRACE:
                depth -= 1
            elif token.kind == SIGN and token.text in signs and depth == 0:
                found.append((start, place))
                start = place + 1
        found.append((start, high))
        if any(a >= b for a, b in found):
            raise self.error("an index is missing here", self.tokens[low].start)
        return found

    def sizes(self, script: Script, pairs: bool) -> tuple[Tree, ...]:
        """Read the sizes in a subscript: n, m\\times n, (m,n), N^2; `pairs` splits mn in two."""
        low, high = script.low, script.high
        if self.tokens[low].kind == OPEN and self.tokens[high - 1].kind == CLOSE:
            low, high = low + 1, high - 1
        if low >= high:
            raise self.error("a size is missing here", script.span[0])
        parts = self.parts(low, high, (",", "times", "*", ";"))
        tokens = self.tokens[low:high]
        if pairs and len(parts) == 1 and len(tokens) == 2 and all(t.kind in (LETTER, NUMBER) for t in tokens):
            parts = [(low, low + 1), (low + 1, high)]
        if pairs and len(tokens) == 1 and tokens[0].kind == NUMBER and len(tokens[0].text) == 2:
            return self.two_digits(Dots(""), replace(script, low=low, high=high, text=tokens[0].text))
        return tuple(self.indexed_within(a, b, self.whole) for a, b in parts)


def _entries_first(tree: Tree, scripts: list[Script], names: Names) -> list[Script]:
    """Put the index of x^2_i before its power, and the mark of ||x||^2_F before its own."""
    if isinstance(tree, Bars):
        return sorted(scripts, key=lambda script: script.sign != "_")
    if len(scripts) == 2 and isinstance(tree, Name) and tree.name in names.vectors:
        first, second = scripts
        if first.sign == "^" and second.sign == "_" and first.text.isdigit():
            return [second, first]
    return scripts


def _folded(exponent: Tree) -> Tree:
    """Return -1 as a number."""
    if isinstance(exponent, Plus) and len(exponent.terms) == 1 and isinstance(exponent.terms[0], Number):
        number = exponent.terms[0]
        return Number(exponent.signs[0] * number.value, number.decimals, span=exponent.span)
    return exponent.inner if isinstance(exponent, Group) and exponent.bracket == "{" else exponent
