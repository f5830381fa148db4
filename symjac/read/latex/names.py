"""Declared names as people write them: theta is \\theta, W1 is W_1 or W^{(1)}, x_hat is \\hat x, and what `names` says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import NamedTuple

from symjac.errors import ParseError
from symjac.nodes.node import Symbol
from symjac.read.latex.cursor import Cursor, Head, Script, canonical
from symjac.read.latex.vocabulary import ACCENTS, END, FUNCTION_LETTERS, GREEK, LETTER, PLAIN, VARIANTS, WORD


class Key(NamedTuple):
    """What tells one name from another; a font does so only where nothing else does."""

    base: str
    accents: tuple[str, ...] = ()
    sub: str = ""
    sup: str = ""
    primes: int = 0


WRITTEN, DECLARED, ALIAS = 0, 1, 2
"""How sure a spelling is: said in `names`, declared just so, or one of the ways in which people write it."""

SPECIAL_LETTERS = frozenset("IKTEJedDO")
SHORT = {"lam": "lambda", "lmbda": "lambda", "lambd": "lambda", "eps": "epsilon", "lamda": "lambda"}
"""Greek letters as they are shortened in code."""
_ROWS = re.compile(r"\s*\(?\s*(rows?|columns?|cols?)\s*\)?\s*$")
_CALL = re.compile(r"(.*[^\s^_({])\s*\\?(?:left)?\(([^()]+?)\\?(?:right)?\)\s*", re.DOTALL)
"""The left side of the definition of a function: h_\\theta(x)."""
_PATTERN_LETTERS = frozenset("abcijklmnpqrst")


@dataclass
class Names:
    """The names that a formula may use, and how they are written there."""

    keys: dict[Key, list[tuple[int, str, str]]] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    rows: dict[tuple[str, tuple[str, ...], str, str], tuple[str, bool]] = field(default_factory=dict)
    entries: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)
    components: dict[Key, tuple[str, int]] = field(default_factory=dict)
    specials: dict[str, str] = field(default_factory=dict)
    sizes: frozenset[str] = frozenset()
    vectors: frozenset[str] = frozenset()
    scalars: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()
    calls: dict[Key, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    """Functions that are defined beside the formula: their names and those of their arguments."""
    bases: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    scripted: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    _splits: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        declared: Mapping[str, Symbol],
        written: Mapping[str, str] | None = None,
        defined: Sequence[str] = (),
        functions: Sequence[str] = (),
    ) -> Names:
        """Return the names of declarations, of what `written` says they look like, and of definitions' left sides.

        >>> from symjac.read.declare import read_declarations
        >>> names = Names.of(read_declarations("W1: M x N, lambda_: scalar"), {}, [r"\\hat y"])
        >>> sorted(names.known)
        ['W1', '\\\\hat y', 'lambda_']
        """
        sizes = {str(s) for symbol in declared.values() for size in symbol.shape for s in size.free_symbols}
        scalars = frozenset(name for name, symbol in declared.items() if symbol.is_scalar)
        vectors = frozenset(name for name, symbol in declared.items() if 1 in (symbol.rows, symbol.cols)) - scalars
        names = cls(sizes=frozenset(sizes), vectors=vectors, scalars=scalars, functions=frozenset(functions))
        names.declared = frozenset(declared)
        spelled = dict(written or {})
        for name, symbol in declared.items():
            if name in spelled:
                names._spell(name, spelled.pop(name), 1 in (symbol.rows, symbol.cols))
            names._declare(name)
        for name, text in spelled.items():
            if name in ("1", "ones", "I", "identity"):
                names.specials[_single(text).base] = "identity" if name in ("I", "identity") else "ones"
            else:
                raise ParseError(f"names says how {name} is written, but {name} is not declared")
        for left in defined:
            names._define(left)
        for name in declared:
            names._lower_case(name, declared[name])
        return names

    # Filling

    def _add(self, key: Key, name: str, priority: int, font: str = "") -> None:
        spellings = self.keys.setdefault(key, [])
        if all(other != name for _, other, _ in spellings):
            spellings.append((priority, name, font))
        self.bases.add(key.base)
        self.heads.add(key.base)
        if key.sub or key.sup or key.primes:
            self.scripted.add((key.base, key.accents))

    def _spell(self, name: str, text: str, is_vector: bool) -> None:
        """Note how a name is written: a spelling, or one of the patterns (rows), a_{ij}, (x, y)."""
        bare = text.strip()
        rows = _ROWS.search(bare)
        if rows is not None and rows.start() > 0:
            self._rows(name, bare[: rows.start()], rows[1])
        elif bare.startswith("(") and bare.endswith(")") and "," in bare:
            for position, part in enumerate(bare[1:-1].split(","), 1):
                key, _ = _spelling(part)
                self.components[key] = (name, position)
                self.bases.add(key.base)
            self.known[name] = name
        else:
            key, font = _spelling(bare)
            letters = key.sub.replace(",", "")
            if not is_vector and len(letters) == 2 and set(letters) <= _PATTERN_LETTERS and letters[0] != letters[1]:
                self.entries[key.base, key.accents] = name
                self.bases.add(key.base)
            else:
                self._add(key, name, WRITTEN, font)
                self.known[name] = bare

    def _rows(self, name: str, text: str, which: str) -> None:
        key, _ = _spelling(re.sub(r"\^\{?\s*(?:T|\\top|\\intercal)\s*\}?\s*$", "", text))
        sign, inside = ("_", key.sub) if key.sub else ("^", key.sup)
        wrap = inside[0] if inside and inside[0] in "([" else ""
        if not inside:
            raise ParseError(f"{text} (rows) wants an index, such as {text.strip()}_i (rows)", text, 1)
        self.rows[key.base, key.accents, sign, wrap] = (name, which.startswith("row"))
        if which.startswith("row"):
            self.entries.setdefault((key.base, key.accents), name)
        self.bases.add(key.base)

    def _declare(self, name: str) -> None:
        """Note a declared name as Python writes it, and the ways in which people write it."""
        self.known.setdefault(name, name)
        parts = [part for part in name.split("_") if part]
        base, labels = parts[0], parts[1:]
        accents = tuple(part for part in labels if part in ACCENTS.values())
        primes = labels.count("prime")
        labels = [part for part in labels if part not in accents and part != "prime"]
        digits = re.fullmatch(r"([A-Za-z]+)(\d+)", base)
        if digits:
            base, labels = digits[1], [digits[2], *labels]
        glued = re.fullmatch(r"([A-Za-z]|[a-z]{2,7}?)(hat|bar|tilde|dot)", base)
        if glued and (len(glued[1]) == 1 or glued[1] in GREEK):
            self._add(Key(base, accents, ",".join(labels), "", primes), name, DECLARED)
            base, accents = glued[1], (glued[2], *accents)
        if base in SHORT:
            self._add(Key(base, accents, ",".join(labels), "", primes), name, DECLARED)
            base = SHORT[base]
        label = ",".join(labels)
        self._add(Key(base, accents, label, "", primes), name, DECLARED)
        if label:
            for sup in (f"({label})", f"[{label}]"):
                self._add(Key(base, accents, "", sup, primes), name, ALIAS)
            self._add(Key(base, accents, "".join(labels), "", primes), name, ALIAS)
        elif re.fullmatch(r"[A-Z]?[a-z]{2,}|[a-z][A-Z]+|[A-Z]{2,}", base) and base not in GREEK and not accents:
            self._add(Key(base[0], (), base[1:], "", primes), name, ALIAS)

    def _define(self, left: str) -> None:
        if found := _CALL.fullmatch(left):
            self.calls[_single(found[1])] = left.strip(), tuple(part.strip() for part in found[2].split(","))
            self.bases.add(_single(found[1]).base)
            return
        key, font = _spelling(left)
        name = left.strip()
        self._add(key, name, WRITTEN, font)
        self.known[name] = name

    def within(self, arguments: Iterable[str]) -> Names:
        """Return the names that the right side of a function's definition may use: its arguments, too."""
        inside = replace(
            self,
            keys={key: list(found) for key, found in self.keys.items()},
            known=dict(self.known),
            bases=set(self.bases),
            heads=set(self.heads),
            scripted=set(self.scripted),
            _splits={},
        )
        for argument in arguments:
            key, font = _spelling(argument)
            inside.keys.pop(key, None)
            inside._add(key, argument, WRITTEN, font)
            inside.known[argument] = argument
        return inside

    def _lower_case(self, name: str, symbol: Symbol) -> None:
        base = name.strip("_")
        if 1 in (symbol.rows, symbol.cols) or not (len(base) == 1 or base in GREEK) or base == base.lower():
            return
        lower = base.lower()
        if not any(key.base == lower and not key.accents for key in self.keys):
            self.entries.setdefault((lower, ()), name)
            self.bases.add(lower)

    # Asking

    def find(self, key: Key, font: str) -> str | None:
        """Return the name that is written so; the font decides only between several."""
        spellings = self.keys.get(key)
        if not spellings:
            plain = VARIANTS.get(key.base)
            return self.find(key._replace(base=plain), font) if plain else None
        best = min(priority for priority, _, _ in spellings)
        found = [(name, its_font) for priority, name, its_font in spellings if priority == best]
        if len(found) > 1:
            found = [(name, its_font) for name, its_font in found if its_font == font] if best != ALIAS else []
        elif best != WRITTEN and len(spellings) > 1:
            found = [(name, f) for _, name, f in spellings if f == font and f][:1] or found
        return found[0][0] if len(found) == 1 else None

    def is_name(self, base: str) -> bool:
        """Whether a letter is a name or has one with scripts; not where it only stands for a matrix's entries."""
        return base in self.heads

    def is_declared(self, base: str) -> bool:
        return base in self.bases or VARIANTS.get(base) in self.bases

    def suggestion(self, typed: str) -> str:
        """Return '; did you mean …?' where a known name is near, else an empty text."""
        letter = _first_letter(typed)
        spelled = {name: _first_letter(text) for name, text in self.known.items()}
        same = [name for name, first in spelled.items() if first == letter]
        near = get_close_matches(_bare(typed), list(self.known), n=1)
        other_case = [name for name, first in spelled.items() if first.lower() == letter.lower()]
        found = [*(name for name in near if name in same), *same, *near, *other_case]
        return f"; did you mean {self.known[found[0]]}?" if found and letter else ""

    def split(self, run: str) -> tuple[int, ...]:
        """Split letters into names and function words: the lengths of the pieces, with the least cost in all."""
        found = self._splits.get(run)
        if found is None:
            found = self._splits[run] = self._split(run)
        return found

    def _split(self, run: str) -> tuple[int, ...]:
        longest = max(map(len, (*self.bases, *PLAIN)), default=1)
        costs = [0.0] + [1e9] * len(run)
        start_of = [0] * (len(run) + 1)
        for end in range(1, len(run) + 1):
            for start in range(max(0, end - longest), end):
                cost = costs[start] + self._cost(run[start:end])
                if cost < costs[end]:
                    costs[end], start_of[end] = cost, start
        pieces: list[int] = []
        end = len(run)
        while end:
            pieces.append(end - start_of[end])
            end = start_of[end]
        return tuple(reversed(pieces))

    def _cost(self, piece: str) -> float:
        if piece in self.bases:
            return 1
        if len(piece) > 1:
            return 1 if piece in PLAIN else 2 if piece == "Id" or piece in self.sizes else 1e9
        return 2 if piece in SPECIAL_LETTERS or piece in self.sizes or piece in FUNCTION_LETTERS else 6


def _bare(text: str) -> str:
    """Return a name without fonts, accents and braces."""
    dressed = re.sub(r"\\(?:hat|bar|tilde|wide\w+|mathbf|boldsymbol|bm|mathrm|vec|textbf|bf|operatorname)\b", "", text)
    return re.sub(r"[{}\s\\]", "", dressed)


def _first_letter(text: str) -> str:
    """Return the letter or Greek name that a name starts with."""
    bare = _bare(text)
    greek = re.match("|".join(sorted(GREEK, key=len, reverse=True)), bare)
    return greek[0] if greek else bare[:1]


def _single(text: str) -> Key:
    return _spelling(text)[0]


def _spelling(text: str) -> tuple[Key, str]:
    """Read how one name is written: its key and its font."""
    cursor = Cursor(text)
    head = cursor.head()
    if head is None:
        raise ParseError(f"{text.strip() or 'an empty text'} is not how a name is written", text, 1)
    base = head.token.text
    while cursor.token.kind in (LETTER, WORD) and not head.scripts and not head.accents:
        base += cursor.token.text
        cursor.at += 1
    scripts = [*head.scripts, *cursor.scripts()]
    if cursor.token.kind != END:
        raise cursor.error(f"{text.strip()} is more than one name")
    return key_of(base, head, scripts), head.token.font


def key_of(base: str, head: Head, scripts: Iterable[Script]) -> Key:
    """Return the key of a head with all of these scripts."""
    texts: dict[str, str] = {"_": "", "^": "", "'": ""}
    for script in scripts:
        texts[script.sign] += script.text
    return Key(base, head.accents, texts["_"], texts["^"], len(texts["'"]))


def digits_after(cursor: Cursor) -> str:
    """Return the digits glued to the letter before this place, as in W1."""
    token = cursor.token
    glued = cursor.at > 0 and token.kind == "number" and cursor.tokens[cursor.at - 1].end == token.start
    return canonical([token]) if glued and token.text.isdigit() else ""
