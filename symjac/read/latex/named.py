"""Letters and words: declared names by their longest match, indices, sizes, and the constants that need no declaration."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import product

from symjac.read.latex.constants import Constants
from symjac.read.latex.cursor import Head, Script, canonical
from symjac.read.latex.names import Key, digits_after
from symjac.read.latex.tree import (
    Apply,
    Differential,
    Dots,
    Group,
    Indexed,
    Letter,
    Name,
    Number,
    Power,
    Product,
    Transposed,
    Tree,
)
from symjac.read.latex.vocabulary import (
    ACCENT,
    BRACE,
    CLOSE,
    FUNCTION_LETTERS,
    FUNCTIONS,
    IDENTITY_WORDS,
    LETTER,
    NUMBER,
    OPEN,
    PLAIN,
    UPRIGHT,
    WORD,
)


class Named(Constants):
    """Reads what starts with a letter, a word or a bold number."""

    def named(self, head: Head) -> Tree:
        """Read a head with its scripts."""
        base = head.token.text
        if head.token.kind == LETTER and self.tokens[self.at - 1] is head.token and not head.accents:
            base = self.run_piece()
        if head.token.kind == NUMBER:
            return self.bold_number(head)
        if head.token.kind == LETTER and base == "d" and not head.accents and self.starts_differential(head):
            return self.differential(head.start)
        plain_function = len(base) > 1 and base in PLAIN and not self.names.is_declared(base)
        if head.token.kind == WORD or plain_function:
            return self.word(head, base)
        scripts = [*head.scripts, *self.scripts()]
        if (called := self.defined_function(base, head, scripts)) is not None:
            return called
        found = None if base == "e" and self.is_exponential(head, scripts) else self.declared(base, head, scripts)
        if found is None:
            found = self.undeclared_name(base, head, scripts)
        return found

    def defined_function(self, base: str, head: Head, scripts: list[Script]) -> Tree | None:
        """Read the value of a function that is defined beside the formula."""
        if not self.names.calls or not self.opens():
            return None
        found = self.names.calls.get(_key(base, head.accents, scripts))
        if found is None:
            primed = [script for script in scripts if script.sign != "'"]
            if len(primed) < len(scripts) and _key(base, head.accents, primed) in self.names.calls:
                raise self.error(f"the derivative of {base} is not read; write out what it is", head.start)
            return None
        arguments = self.bracketed()
        return Apply(found[0], arguments, span=(head.start, self.behind()))

    def is_exponential(self, head: Head, scripts: list[Script]) -> bool:
        """Whether e^… is an exponential although e is declared: a vector has no powers."""
        raised = [script for script in scripts if script.sign == "^"]
        vector = self.names.find(Key("e", head.accents), head.token.font) in self.names.vectors
        return vector and any(not self.transpose_mark(s) and not re.fullmatch(r"-?\d*|.*[\])]", s.text) for s in raised)

    def run_piece(self) -> str:
        """Return the first name or word of the letters that stand glued together, and pass over it."""
        first = self.at - 1
        piece = self.pieces.get(first)
        if piece is None:
            self.cut(first)
            piece = self.pieces[first]
        self.at = first + piece
        return "".join(token.text for token in self.tokens[first : first + piece])

    def cut(self, first: int) -> None:
        """Note where each piece of a run of letters ends."""
        last, font = first + 1, self.tokens[first].font
        while last < self.end and self.glued(last) and self.tokens[last].font == font:
            last += 1
        if len(self.tokens[first].text) > 1 or last == first + 1:
            self.pieces[first] = 1
            return
        place = first
        for length in self.names.split("".join(token.text for token in self.tokens[first:last])):
            self.pieces[place] = length
            place += length

    def glued(self, place: int) -> bool:
        token, before = self.tokens[place], self.tokens[place - 1]
        return token.kind == LETTER and len(token.text) == 1 and before.end == token.start and len(before.text) == 1

    # Declared names

    def declared(self, base: str, head: Head, scripts: list[Script]) -> Tree | None:
        """Return the declared name that takes most of the scripts, with the rest of them on it."""
        names, font = self.names, head.token.font
        if not names.is_declared(base):
            return None
        span = (head.start, self.behind())
        if base in self.bound and not scripts and not head.accents:
            return Letter(base, span=span)
        digits = "" if scripts else digits_after(self)
        if (
            digits
            and (name := names.find(Key(base, head.accents, digits), font))
            and not names.find(Key(base, head.accents), font)
        ):
            self.at += 1
            return self.with_scripts(Name(name, span=(head.start, self.behind())), [*scripts, *self.scripts()])
        found = self.longest(base, head, scripts)
        if found is None:
            return None
        tree, rest = found
        ends = [script.span[1] for script in scripts if script not in rest]
        tree = _spanned(tree, (head.start, max([head.token.end, *ends])))
        if digits and not (digits in "10" and isinstance(tree, Name) and tree.name not in names.vectors):
            raise self.error(
                f"two factors, or the name {base}_{digits}? write {base}_{digits} or {base} \\cdot {digits}", head.start
            )
        return self.with_scripts(tree, rest)

    def longest(self, base: str, head: Head, scripts: list[Script]) -> tuple[Tree, list[Script]] | None:
        names, font, accents = self.names, head.token.font, head.accents
        if scripts and self.bound and (found := self.counted(base, head, scripts)):
            return found
        if scripts and (base, accents) in self.scripted_bases():
            for chosen, rest in self.choices(scripts):
                key = _key(base, accents, chosen)
                if name := names.find(key, font):
                    return Name(name), rest
                if key in names.components:
                    return self.component(key), rest
            if not names.find(Key(base, accents), font) and (found := self.power_of_square(base, head, scripts)):
                return found
        if scripts and (found := self.pattern(base, accents, scripts)):
            return found
        key = Key(base, accents)
        if name := names.find(key, font):
            return Name(name), scripts
        return (self.component(key), scripts) if key in names.components else None

    def counted(self, base: str, head: Head, scripts: list[Script]) -> tuple[Tree, list[Script]] | None:
        """Read y^{(i)} or y_i, the name of a vector, as its entry i where i is summed over."""
        for script in scripts:
            name = self.names.find(_key(base, head.accents, [script]), head.token.font)
            if name is None or name in self.names.scalars or name not in self.names.declared:
                continue
            letter = self.sample_letter(script)
            if script.sign == "_" and script.text in self.bound:
                letter = Letter(script.text, span=script.span)
            if letter is not None:
                return Indexed(Name(name), (letter,)), [other for other in scripts if other is not script]
        return None

    def power_of_square(self, base: str, head: Head, scripts: list[Script]) -> tuple[Tree, list[Script]] | None:
        """Read \\sigma^4, where \\sigma^2 is a name, as its square."""
        for script in scripts:
            if script.sign != "^" or not re.fullmatch(r"-?\d{1,3}", script.text) or int(script.text) % 2:
                continue
            others = [other for other in scripts if other.sign == "_"]
            below = "".join(other.text for other in others)
            if name := self.names.find(Key(base, head.accents, below, "2"), head.token.font):
                exponent = Number(Fraction(int(script.text) // 2), span=script.span)
                return Power(Name(name), exponent), [other for other in scripts if other not in (script, *others)]
        return None

    def scripted_bases(self) -> set[tuple[str, tuple[str, ...]]]:
        return self.names.scripted

    def component(self, key: Key) -> Tree:
        name, position = self.names.components[key]
        return Indexed(Name(name), (Number(Fraction(position)),))

    def choices(self, scripts: list[Script]) -> list[tuple[list[Script], list[Script]]]:
        """Return the ways in which scripts may belong to a name, the longest first: those that do, and the rest."""
        options: list[list[tuple[Script | None, Script | None]]] = []
        for script in scripts[:4]:
            ways: list[tuple[Script | None, Script | None]] = [(script, None), (None, script)]
            if parted := self.label_first(script):
                ways.insert(1, parted)
            if script.sign == "'" and len(script.text) > 1:
                size = len(script.text)
                ways[1:1] = [
                    (_primes(script, count), _primes(script, size - count)) for count in range(size - 1, 0, -1)
                ]  # fmt: skip
            options.append(ways)
        found = []
        for way in product(*options):
            chosen = [mine for mine, _ in way if mine is not None]
            signs = [script.sign for script in chosen if script.sign != "'"]
            if chosen and len(signs) == len(set(signs)):
                found.append((chosen, [rest for _, rest in way if rest is not None] + scripts[4:]))
        return sorted(found, key=lambda pair: -sum(len(script.text) for script in pair[0]))

    def label_first(self, script: Script) -> tuple[Script, Script] | None:
        """Part W^{[l]^T} and W^{(l)T} into the label and what follows it."""
        tokens = self.tokens
        low = script.low
        if script.sign != "^" or tokens[low].kind != OPEN:
            return None
        depth, place = 0, low
        while place < script.high:
            depth += (tokens[place].kind == OPEN) - (tokens[place].kind == CLOSE)
            place += 1
            if depth == 0:
                break
        if place >= script.high:
            return None
        rest = place + 1 if tokens[place].text == "^" else place
        high = script.high
        if rest < high and tokens[rest].text == "{" and self.match.get(rest) == high - 1:
            rest, high = rest + 1, high - 1
        if rest >= high:
            return None
        label = Script("^", low, place, canonical(tokens[low:place]), (script.span[0], tokens[place - 1].end))
        return label, Script("^", rest, high, canonical(tokens[rest:high]), (tokens[rest].start, script.span[1]))

    def pattern(self, base: str, accents: tuple[str, ...], scripts: list[Script]) -> tuple[Tree, list[Script]] | None:
        """Read x_i as a row and a_{ij} as an entry where `names` says so."""
        for script in scripts:
            rest = [other for other in scripts if other is not script]
            first = self.tokens[script.low]
            wrap = first.text if first.kind == OPEN else ""
            row = self.names.rows.get((base, accents, script.sign, wrap))
            name = self.names.entries.get((base, accents))
            if name is not None and not self.names.find(Key(base, accents), ""):
                found = self.sampled(name, script, rest, row is None)
                if found is not None:
                    return found
            if row is not None and self.transpose_mark(script) is None:
                low, high = (script.low + 1, script.high - 1) if wrap else (script.low, script.high)
                return self.row(row, self.indexed_within(low, high, self.index), rest)
        return None

    def sampled(self, name: str, script: Script, rest: list[Script], alone: bool) -> tuple[Tree, list[Script]] | None:
        """Read x_{ij} as an entry of X; x_i and x^{(i)} alone are row i of it, or column i, by shape."""
        if script.sign == "_":
            indices = self.indices(Name(name), script)
            letter = indices[0] if alone and len(indices) == 1 and isinstance(indices[0], Letter) else None
            if letter is None:
                return (Indexed(Name(name), indices), rest) if len(indices) == 2 else None
        else:
            letter = self.sample_letter(script) if alone else None
            if letter is None:
                return None
        return Indexed(Name(name), (letter,)), rest

    def row(self, row: tuple[str, bool], index: Tree, rest: list[Script]) -> tuple[Tree, list[Script]]:
        """Return row or column i as a column; x^{(i)}_j is its entry."""
        name, is_row = row
        for script in rest:
            if script.sign == "_":
                indices = self.indices(Name(name), script)
                pair = (index, *indices) if is_row else (*indices, index)
                return Indexed(Name(name), pair), [s for s in rest if s is not script]
        if is_row:
            return Transposed(Indexed(Name(name), (index, Dots(":")))), rest
        return Indexed(Name(name), (Dots(":"), index)), rest

    # What needs no declaration

    def undeclared_name(self, base: str, head: Head, scripts: list[Script]) -> Tree:
        span = (head.start, head.token.end if len(base) < 2 else self.behind())
        if not head.accents and (operator := self.named_operator(base, head, scripts)) is not None:
            return operator
        if base in self.names.functions or (not head.accents and self.is_function(base) and self.calls(scripts)):
            return self.applied(base, head, scripts)
        if base in self.bound or self.indexing:
            return self.lettered(base, head, scripts)
        if self.loose and not head.accents:
            return self.with_scripts(Letter(base, span=span), scripts)
        if not head.accents:
            special = self.special(base, head, scripts)
            if special is not None:
                return special
        if base in self.names.sizes:
            return self.with_scripts(Letter(base, span=span), scripts)
        return self.unknown(base, head, scripts)

    def named_operator(self, base: str, head: Head, scripts: list[Script]) -> Tree | None:
        """Read J_f, H_f and D f."""
        raise NotImplementedError

    def is_function(self, base: str) -> bool:
        return base in FUNCTION_LETTERS or (self.loose > 0 and base not in self.bound)

    def calls(self, scripts: list[Script]) -> bool:
        """Whether a bracket with an argument follows a function's letter."""
        return self.token.kind == OPEN and self.token.text == "(" and all(s.sign != "^" or self.is_exponent(s) for s in scripts)

    def is_exponent(self, script: Script) -> bool:
        return script.text.isdigit() or self.transpose_mark(script) is not None

    def lettered(self, base: str, head: Head, scripts: list[Script]) -> Tree:
        """Read an index or size: i', i_1, N^2."""
        text, rest = base, list(scripts)
        while rest and rest[0].sign != "^" and self.indexing:
            text += rest[0].text if rest[0].sign == "'" else f"_{rest[0].text}"
            rest.pop(0)
        if text not in self.names.sizes:
            self.indices_seen.add(text)
        return self.with_scripts(Letter(text, span=(head.start, head.token.end)), rest)

    # Words

    def word(self, head: Head, base: str) -> Tree:
        """Read a function word, an upright name, or several upright letters that are names."""
        names = self.names
        if names.is_declared(base):
            found = self.declared(base, head, [*head.scripts, *self.scripts()])
            if found is not None:
                return found
        if base in names.functions or base in FUNCTIONS:
            return self.applied(base, head, [*head.scripts, *self.scripts()])
        if base in IDENTITY_WORDS:
            return self.sized("identity", head, [*head.scripts, *self.scripts()])
        if self.is_at(OPEN, "("):
            raise self.error(f"the function {base} is not known here", head.start)
        pieces: list[Tree] = []
        at = 0
        for length in names.split(base):
            name = names.find(Key(base[at : at + length]), "")
            if name is None:
                return self.unknown(base, head, [*head.scripts, *self.scripts()])
            pieces.append(Name(name, span=(head.start + at, head.start + at + length)))
            at += length
        pieces[-1] = self.with_scripts(pieces[-1], self.scripts())
        together = Product(tuple(pieces), ("",) * (len(pieces) - 1), span=(head.start, self.behind()))
        return Group(together, "{", span=together.span)

    # Differentials

    def starts_differential(self, head: Head) -> bool:
        """Whether a d before a name is that of a differential."""
        if self.indexing or self.token.kind not in (LETTER, WORD, ACCENT, OPEN, BRACE, "bar", "command"):
            return False
        if self.token.text in ("}", "top", "prime", "over"):
            return False
        upright = head.token.font == UPRIGHT
        if self.names.is_name("d") or "d" in self.bound:
            return upright and all(font != UPRIGHT for _, _, font in self.names.keys.get(Key("d"), []))
        if "d" in self.names.sizes and not upright:
            return self.token.kind == LETTER and self.token.start == head.token.end
        return True

    def differential(self, start: int) -> Tree:
        """Read what d stands before; dX^T is (dX)^T."""
        loose = self.is_plain_head()
        self.loose += loose
        inner = self.factor()
        self.loose -= loose
        span = (start, inner.span[1])
        if isinstance(inner, Group) and inner.bracket == "{":
            inner = inner.inner
        marks: list[str] = []
        while isinstance(inner, Transposed):
            marks.append(inner.mark)
            inner = inner.base
        found: Tree = Differential(inner, span=span)
        for mark in reversed(marks):
            found = Transposed(found, mark, span=span)
        return found


def _key(base: str, accents: tuple[str, ...], scripts: list[Script]) -> Key:
    texts = {"_": "", "^": "", "'": ""}
    for script in scripts:
        texts[script.sign] += script.text
    return Key(base, accents, texts["_"], texts["^"], len(texts["'"]))


def _primes(script: Script, count: int) -> Script:
    return Script("'", script.low, script.high, "'" * count, script.span)


def _spanned(tree: Tree, span: tuple[int, int]) -> Tree:
    """Put a span on a vertex and on those below that have none."""
    here = tree.with_children(lambda child: _spanned(child, span) if child.span == (0, 0) else child)
    object.__setattr__(here, "span", span)
    return here
