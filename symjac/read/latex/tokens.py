"""LaTeX cut into tokens: fonts are spliced into the letters they dress, spaces vanish, every token keeps its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches
from typing import NamedTuple

from symjac.errors import ParseError
from symjac.read.latex.vocabulary import (
    ACCENT,
    ACCENTS,
    ARROW,
    BAR,
    BEGIN,
    BOLD,
    BRACE,
    CELL,
    CHARACTERS,
    CLOSE,
    COMBINING,
    COMMAND,
    COMMANDS,
    DOTS,
    END,
    FINISH,
    FONTS,
    FUNCTIONS,
    HOLLOW,
    LETTER,
    LETTERS,
    LOWERED,
    NUMBER,
    OPEN,
    PROSE,
    RAISED,
    REFUSED,
    ROW,
    SANS,
    SCRIPT,
    SIGN,
    SILENT,
    TEXT,
    TO_THE_END,
    UPRIGHT,
    WITH_ARGUMENT,
    WORD,
)
from symjac.read.tokens import MAX_DIGITS, MAX_LENGTH

MAX_TOKENS = 8_000
"""The most tokens that one formula may have."""
MAX_NESTING = 150
"""The deepest that factors, brackets, scripts and fractions may stand in one another, each counted."""


class Token(NamedTuple):
    """A piece of a formula; `font` is that of a letter or number, or the side that a bracket or bar says it is on."""

    kind: str
    text: str
    start: int
    end: int
    font: str = ""


_PIECE = re.compile(
    r"""(?P<space>\s+|~)
      | (?P<comment>(?<!\\)%[^\n]*)
      | (?P<row>\\\\\*?(?:\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in|mu)\s*\])?)
      | (?P<macro>\\(?:[A-Za-z]+\*?|.))
      | (?P<number>\d+(?:\.\d+)?|\.\d+)
      | (?P<letter>[A-Za-z])
      | (?P<other>.)
    """,
    re.VERBOSE | re.ASCII | re.DOTALL,
)
_WORD_ARGUMENT = re.compile(r"\s*\{\s*([A-Za-z]+)(?:\s|\\[,;:! ]|~)*\}", re.ASCII)
_OLD_WORD = re.compile(r"\{\s*\\(?:rm|bf|it|sf|tt|cal)\b\s*([A-Za-z]+)(?:\s|\\[,;:! ]|~)*\}", re.ASCII)
_SWITCH = re.compile(r"\{\s*\\(?:rm|bf|it|sf|tt|cal|bfseries|boldmath)\b", re.ASCII)
_PROSE = re.compile(r"\s*\{([^{}]*)\}")
_ENVIRONMENT = re.compile(r"\s*\{\s*([A-Za-z]+\*?)\s*\}", re.ASCII)
_GROUP = re.compile(r"\s*\{([^{}]*)\}")
_DELIMITER = re.compile(r"\s*(?:(?P<char>[()\[\]|./<>‖⟨⟩])|\\(?P<macro>[{}|]|[A-Za-z]+))")
_COMPLETE = frozenset(("top", "intercal", "prime"))
"""Commands that want no argument: what follows them is no script's and no fraction's."""
_SPACES = frozenset((" ", ",", ";", ":", ">", "!", "/", "-", "\n", "\t", "(", ")", "[", "]"))
_SIDES = {"l": "left", "r": "right", "m": ""}
_SIDED = {"left": "left", "right": "right", "middle": ""} | {
    f"{size}{side}": word for size in ("big", "Big", "bigg", "Bigg") for side, word in _SIDES.items()
}


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a formula, the last one END.

    >>> [token.text for token in tokenize(r"\\mathbf{Ax}^\\top")]
    ['A', 'x', '^', 'top', '']
    """
    if not isinstance(text, str):
        raise ParseError(f"a formula has to be a text, not {type(text).__name__}")
    if len(text) > MAX_LENGTH:
        raise ParseError(f"a formula may have {MAX_LENGTH} characters, not {len(text)}")
    lexer = _Lexer(text)
    lexer.read(0, len(text))
    if any(spliced for _, spliced in lexer.fonts):
        raise ParseError("a brace is never closed", text, len(text.rstrip()))
    tokens = _words(lexer.tokens)
    if len(tokens) > MAX_TOKENS:
        raise ParseError(f"a formula may have {MAX_TOKENS} tokens, not {len(tokens)}")
    end = len(text.rstrip())
    tokens.append(Token(END, "", end, end))
    return tokens


def matches(text: str, tokens: list[Token]) -> dict[int, int]:
    """Return where each brace closes, by the number of its token."""
    found: dict[int, int] = {}
    open_braces: list[int] = []
    for place, token in enumerate(tokens):
        if token.kind != BRACE:
            continue
        if token.text == "{":
            open_braces.append(place)
            if len(open_braces) > MAX_NESTING:
                raise ParseError(f"braces may be nested {MAX_NESTING} deep", text, token.start + 1)
        elif not open_braces:
            raise ParseError("this } closes no brace", text, token.start + 1)
        else:
            found[open_braces.pop()] = place
    if open_braces:
        raise ParseError("this { is never closed", text, tokens[open_braces[-1]].start + 1)
    return found


class _Lexer:
    """A place in a text, the font that holds there, and the font of the next unit alone."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.fonts: list[tuple[str, bool]] = []
        self.font = ""
        self.next_font: str | None = None
        self.macro_start = 0

    def read(self, position: int, end: int) -> None:
        while position < end:
            found = _PIECE.match(self.text, position, end)
            if found is None:
                raise ParseError("this cannot be read", self.text, position + 1)
            kind = found.lastgroup
            if kind == "letter":
                self.add(LETTER, found[0], position, found.end())
            elif kind == "number":
                self.number(found[0], position)
            elif kind == "macro":
                position = self.macro(found[0][1:], position, found.end())
                continue
            elif kind == "row":
                self.tokens.append(Token(ROW, "\\\\", position, found.end()))
            elif kind == "other":
                position = self.character(found[0], position)
                continue
            position = found.end()

    def number(self, text: str, start: int) -> None:
        """Add a number; after ^, _ and \\sqrt its first digit stands alone, after \\frac its first two."""
        if len(text) > MAX_DIGITS:
            raise ParseError(f"numbers have at most {MAX_DIGITS} digits", self.text, start + 1)
        before = self.tokens[-1] if self.tokens else None
        alone = 0
        if before is not None and text.isdigit():
            alone = 1 if before.kind == SCRIPT or before.text == "sqrt" else 2 if before.text == "frac" else 0
        for place, digit in enumerate(text[:alone], start):
            self.add(NUMBER, digit, place, place + 1)
        if text[alone:]:
            self.add(NUMBER, text[alone:], start + alone, start + len(text))

    def add(self, kind: str, text: str, start: int, end: int) -> None:
        font, self.next_font = self.font if self.next_font is None else self.next_font, None
        self.tokens.append(Token(kind, text, start, end, font))

    def character(self, char: str, start: int) -> int:
        if char == "{":
            return self.brace(start)
        if char == "}" and self.fonts:
            self.font, spliced = self.fonts.pop()
            if spliced:
                return start + 1
        if char in RAISED or char in LOWERED:
            return self.shifted(start)
        if char in COMBINING:
            return self.combining(char, start)
        known = CHARACTERS.get(char)
        if char == "." and self.text.startswith("...", start):
            self.tokens.append(Token(DOTS, "...", start, start + 3))
            return start + 3
        if char == "." and self.text.startswith(".*", start):
            self.tokens.append(Token(SIGN, "odot", start, start + 2))
            return start + 2
        if known is not None:
            if known[0] == NUMBER:
                self.tokens.append(Token(NUMBER, known[1], start, start + 1, HOLLOW))
            elif known[0] == CELL:
                self.tokens.append(Token(CELL, char, start, start + 1))
            else:
                self.tokens.append(Token(known[0], known[1], start, start + 1))
            return start + 1
        return self.unicode(char, start)

    def brace(self, start: int) -> int:
        """Open a group; the braces of \\mathbf{AX} and {\\rm tr} vanish: they would hide X and tr from what follows."""
        word = _OLD_WORD.match(self.text, start)
        if word is not None and (word[1] in FUNCTIONS or self.text.startswith("rm", self.text.index("\\", start) + 1)):
            self.letters(word[1], word.start(1), UPRIGHT)
            return word.end()
        spliced = self.next_font is not None and not (self.tokens and self.wants_argument(self.tokens[-1]))
        self.fonts.append((self.font, spliced))
        opened = start
        if self.next_font is not None:
            self.font, self.next_font, opened = self.next_font, None, self.macro_start
        if not spliced:
            switch = "switch" if _SWITCH.match(self.text, start) else ""
            self.tokens.append(Token(BRACE, "{", opened, start + 1, switch))
        return start + 1

    def wants_argument(self, token: Token) -> bool:
        return token.kind in (SCRIPT, ACCENT) or (token.kind == COMMAND and token.text not in _COMPLETE)

    def letters(self, word: str, start: int, font: str) -> None:
        self.tokens.extend(Token(LETTER, char, start + i, start + i + 1, font) for i, char in enumerate(word))

    def macro(self, name: str, start: int, end: int) -> int:
        if name.endswith("*") and name not in FONTS and name not in WITH_ARGUMENT:
            name, end = name[:-1], end - 1
        if name in FONTS:
            return self.font_macro(name, start, end)
        if name in ACCENTS:
            self.tokens.append(Token(ACCENT, ACCENTS[name], start, end))
        elif name in LETTERS:
            self.add(LETTER, LETTERS[name], start, end)
        elif name in COMMANDS:
            kind, text = COMMANDS[name]
            font = {"l": "left", "r": "right"}.get(name[0], "") if kind == BAR and name[1:] in ("Vert", "vert") else ""
            self.tokens.append(Token(kind, text or f"\\{name}", start, end, font or (UPRIGHT if kind == LETTER else "")))
        elif name in _SIDED:
            return self.delimiter(name, start, end)
        elif name in PROSE:
            return self.prose(start, end)
        elif name == "cr":
            self.tokens.append(Token(ROW, "\\\\", start, end))
        elif name in ("begin", "end"):
            return self.environment(name, start, end)
        elif name == "|":
            self.tokens.append(Token(BAR, "||", start, end))
        elif name in ("{", "}"):
            self.tokens.append(Token(OPEN if name == "{" else CLOSE, f"\\{name}", start, end))
        elif name in WITH_ARGUMENT:
            argument = _GROUP.match(self.text, end)
            return argument.end() if argument else end
        elif name not in SILENT and name not in _SPACES:
            raise ParseError(self.unknown(name), self.text, start + 1)
        return end

    def unknown(self, name: str) -> str:
        if name in REFUSED:
            return f"\\{name}: {REFUSED[name]}"
        known = sorted({*COMMANDS, *FONTS, *ACCENTS, *LETTERS, *PROSE})
        near = get_close_matches(name, known, n=1, cutoff=0.75)
        shown = name if name.isprintable() else f"U+{ord(name[0]):04X}"
        return f"the macro \\{shown} is not known here" + (f"; did you mean \\{near[0]}?" if near else "")

    def font_macro(self, name: str, start: int, end: int) -> int:
        font = FONTS[name]
        if name in TO_THE_END:
            self.font = font
            return end
        word = _WORD_ARGUMENT.match(self.text, end)
        if word is not None and (font in (UPRIGHT, SANS) or word[1] in FUNCTIONS):
            self.letters(word[1], word.start(1), font if len(word[1]) == 1 else UPRIGHT)
            return word.end()
        if font == ARROW and self.text.startswith(("(", "\\left(", "\\big(", "\\Big("), end):
            self.tokens.append(Token(WORD, "vec", start, end, UPRIGHT))
            return end
        self.next_font, self.macro_start = font, start
        return end

    def delimiter(self, name: str, start: int, end: int) -> int:
        """Read \\left( and its kin as one token."""
        side = _SIDED[name]
        found = _DELIMITER.match(self.text, end)
        if found is None:
            raise ParseError(f"\\{name} wants a bracket after it", self.text, start + 1)
        if found["char"] is not None:
            char = {"<": "⟨", ">": "⟩"}.get(found["char"], found["char"])
            if char == ".":
                kind, text = (OPEN if side == "left" else CLOSE), "."
            elif char == "/":
                kind, text = SIGN, "/"
            else:
                kind, text = CHARACTERS[char]
        elif found["macro"] in ("{", "}"):
            kind, text = (OPEN if found["macro"] == "{" else CLOSE), f"\\{found['macro']}"
        elif found["macro"] == "|":
            kind, text = BAR, "||"
        else:
            kind, text = COMMANDS.get(found["macro"], (SIGN, ""))
            if kind not in (OPEN, CLOSE, BAR):
                raise ParseError(f"\\{name} wants a bracket after it", self.text, start + 1)
        self.tokens.append(Token(kind, text, start, found.end(), side))
        return found.end()

    def prose(self, start: int, end: int) -> int:
        found = _PROSE.match(self.text, end)
        if found is None:
            self.next_font, self.macro_start = UPRIGHT, start
            return end
        inside = found[1].replace("~", " ").strip()
        if inside.isascii() and inside.isalpha():
            self.letters(inside, found.start(1) + found[1].index(inside[0]), UPRIGHT)
        elif "$" in inside:
            self.mixed(found.start(1), found.end(1))
        elif inside:
            self.tokens.append(Token(TEXT, inside, start, found.end()))
        return found.end()

    def mixed(self, start: int, end: int) -> None:
        """Read prose with mathematics between dollars."""
        position = start
        for number, part in enumerate(self.text[start:end].split("$")):
            if number % 2:
                self.read(position, position + len(part))
            elif part.strip():
                self.tokens.append(Token(TEXT, part.strip(), position, position + len(part)))
            position += len(part) + 1

    def environment(self, name: str, start: int, end: int) -> int:
        found = _ENVIRONMENT.match(self.text, end)
        if found is None:
            raise ParseError(f"\\{name} wants the name of an environment in braces", self.text, start + 1)
        rules, end = "", found.end()
        if name == "begin" and found[1] in ("array", "tabular", "alignat", "alignat*", "alignedat", "alignedat*"):
            columns = _GROUP.match(self.text, end)
            rules = columns[1] if columns else ""
            end = columns.end() if columns else end
        self.tokens.append(Token(BEGIN if name == "begin" else FINISH, found[1], start, end, rules))
        return end

    def shifted(self, start: int) -> int:
        """Read Unicode superscripts and subscripts as scripts in braces."""
        table, sign = (RAISED, "^") if self.text[start] in RAISED else (LOWERED, "_")
        end = start
        while end < len(self.text) and self.text[end] in table:
            end += 1
        self.tokens += (Token(SCRIPT, sign, start, start), Token(BRACE, "{", start, start))
        for place in range(start, end):
            char = table[self.text[place]]
            kind = LETTER if char.isalpha() else NUMBER if char.isdigit() else CHARACTERS[char][0]
            self.tokens.append(Token(kind, char, place, place + 1))
        self.tokens.append(Token(BRACE, "}", end, end))
        return end

    def combining(self, char: str, start: int) -> int:
        if not self.tokens or self.tokens[-1].kind != LETTER:
            raise ParseError("this accent stands on no letter", self.text, start + 1)
        letter = self.tokens.pop()
        self.tokens += (Token(ACCENT, COMBINING[char], letter.start, letter.start), letter._replace(end=start + 1))
        return start + 1

    def unicode(self, char: str, start: int) -> int:
        """Read letters of other alphabets: θ, 𝐀, ŷ."""
        if char in ("ᵀ",):
            return self.shifted(start)
        plain = unicodedata.normalize("NFKD", char)
        called = unicodedata.name(char, "")
        if len(plain) == 2 and plain[1] in COMBINING and plain[0].isalpha():
            self.tokens.append(Token(ACCENT, COMBINING[plain[1]], start, start))
            plain = plain[0]
        if len(plain) == 1 and plain.isascii() and plain.isalnum():
            font = BOLD if "BOLD" in called else HOLLOW if "DOUBLE-STRUCK" in called else ""
            self.tokens.append(Token(LETTER if plain.isalpha() else NUMBER, plain, start, start + 1, font or self.font))
            return start + 1
        letter = _greek(plain)
        if letter is not None:
            self.add(LETTER, letter, start, start + 1)
            return start + 1
        shown = char if char.isprintable() else f"the character U+{ord(char):04X}"
        hint = {"$": "; a formula stands without dollars", "#": "", "@": "; the product is written side by side"}.get(char, "")
        raise ParseError(f"{shown} cannot be read here{hint}", self.text, start + 1)


def _greek(char: str) -> str | None:
    words = unicodedata.name(char, "").split() if len(char) == 1 else []
    if words[:1] != ["GREEK"] or "LETTER" not in words:
        return None
    name = words[-1].lower().replace("lamda", "lambda")
    name = {"sigma": "sigma"}.get(name, name)
    if "CAPITAL" in words:
        name = name.capitalize()
    return LETTERS.get(name)


def _words(tokens: list[Token]) -> list[Token]:
    """Join neighbouring upright letters to words."""
    if not any(token.font in (UPRIGHT, SANS) for token in tokens):
        return tokens
    return list(_joined(tokens))


def _joined(tokens: list[Token]) -> Iterator[Token]:
    held: list[Token] = []
    before = Token(END, "", -1, -1)
    for token in tokens:
        raised = before.kind == SCRIPT and before.end == token.start
        upright = token.kind == LETTER and token.font in (UPRIGHT, SANS) and len(token.text) == 1 and not raised
        before = token
        if held and not (upright and held[-1].end == token.start):
            yield _word(held)
            held = []
        if upright:
            held.append(token)
        else:
            yield token
    if held:
        yield _word(held)


def _word(letters: list[Token]) -> Token:
    if len(letters) == 1:
        return letters[0]
    return Token(WORD, "".join(token.text for token in letters), letters[0].start, letters[-1].end, UPRIGHT)
