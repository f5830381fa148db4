"""Statements: one line with its sides, what opens it, and what people put at its end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from symjac.errors import ParseError
from symjac.read.latex.cursor import Script
from symjac.read.latex.names import Names
from symjac.read.latex.parser import Parser
from symjac.read.latex.tokens import Token, matches
from symjac.read.latex.tree import (
    Apply,
    Derivative,
    Differential,
    Group,
    Indexed,
    Letter,
    Product,
    Rule,
    Special,
    Statement,
    Transposed,
    Tree,
    walk,
)
from symjac.read.latex.vocabulary import (
    ALIGNMENTS,
    BEGIN,
    CELL,
    CLOSE,
    COMMAND,
    FINISH,
    LEAD,
    LETTER,
    OPEN,
    RELATION,
    ROW,
    SIGN,
    TEXT,
    UPRIGHT,
    WORD,
)

MAX_DEPTH = 100
"""The deepest that vertices may stand below one another."""

_LABEL = re.compile(r"[\w+\-,]+|\([\w+\-,]+\)|\[[\w+\-,]+\]|'+", re.ASCII)
_PROSE_WORDS = frozenset(("if", "where", "when", "for", "since", "because", "with", "as", "assuming", "provided", "and", "by"))
_EQALIGN = re.compile(r"(\s*)(\\eqalign\s*\{)(.*)(\}\s*)", re.DOTALL)
_DOLLARS = re.compile(r"\A(\s*)(\$\$?)(.*?)(\$\$?)(\s*)\Z", re.DOTALL)


def parse(text: str, names: Names) -> Statement:
    """Read a line of LaTeX: sides joined by "=", or one formula.

    >>> from symjac.read.declare import read_declarations
    >>> names = Names.of(read_declarations("A: M x N, x: N"))
    >>> parse(r"\\mathbf{Ax}", names).sides[0].factors[1].name
    'x'

    Raises ParseError, with the column, for whatever is not understood.
    """
    if isinstance(text, str) and (found := _DOLLARS.match(text)) and found[2] == found[4]:
        text = found[1] + " " * len(found[2]) + found[3] + " " * len(found[4]) + found[5]
    if isinstance(text, str) and (found := _EQALIGN.fullmatch(text)):
        text = found[1] + " " * len(found[2]) + found[3] + " " * len(found[4])
    reader = _StatementReader(text, names)
    statement = reader.statement()
    _check_depth(statement, text)
    return statement


def parse_definitions(definitions: Iterable[str] | Mapping[str, str], names: Names) -> dict[str, Tree]:
    """Read definitions such as P = X(X^TX)^{-1}X^T: what each left side stands for, in order.

    The left sides have to be among the names: `Names.of(…, defined=left_sides(definitions))`.
    """
    found: dict[str, Tree] = {}
    for left, right in _parted(definitions):
        if left in found:
            raise ParseError(f"{left} is defined twice")
        arguments = next((arguments for name, arguments in names.calls.values() if name == left), ())
        body = parse(right, names.within(arguments) if arguments else names).sides[-1]
        found[left] = Rule(arguments, body, span=body.span) if arguments else body
    return found


def left_sides(definitions: Iterable[str] | Mapping[str, str]) -> tuple[str, ...]:
    """Return the left sides of definitions, as they were typed.

    >>> left_sides([r"\\\\hat y = X \\\\beta"])
    ('\\\\\\\\hat y',)
    """
    return tuple(left for left, _ in _parted(definitions))


def _parted(definitions: Iterable[str] | Mapping[str, str]) -> list[tuple[str, str]]:
    if isinstance(definitions, Mapping):
        return [(left.strip(), right) for left, right in definitions.items()]
    found = []
    for text in definitions:
        left, sign, right = text.partition("=")
        if not sign or not left.strip(" :") or not right.strip():
            raise ParseError(f"a definition says name = formula, not {text.strip()}")
        found.append((left.rstrip().removesuffix(":").removesuffix("\\").strip(), right))
    return found


class _StatementReader(Parser):
    def __init__(self, text: str, names: Names) -> None:
        super().__init__(text, names)
        if any(token.kind in (CELL, ROW, BEGIN) for token in self.tokens):
            self.flatten()
        while self.end and self.tokens[self.end - 1].kind in (SIGN, TEXT) and self._ends(self.tokens[self.end - 1]):
            self.end -= 1
            self.last = self.end
        self.drop_reasons()

    def drop_reasons(self) -> None:
        """End the formula at a comma with prose behind it: , \\text{if } A \\text{ is symmetric}."""
        depth = 0
        for place in range(self.end):
            token = self.tokens[place]
            depth += (token.kind in (OPEN, BEGIN) or token.text == "{") - (token.kind in (CLOSE, FINISH) or token.text == "}")
            prose = token.kind == TEXT or (token.kind == WORD and token.text in _PROSE_WORDS)
            if prose and depth == 0 and place and self.tokens[place - 1].text in (",", ";", "."):
                self.last = self.end = place - 1
                return

    def _ends(self, token: Token) -> bool:
        return token.kind == TEXT or token.text in (".", ",", ";")

    def flatten(self) -> None:
        """Drop alignment: its environment, and the & and \\\\ outside matrices."""
        kept: list[Token] = []
        depth = 0
        for token in self.tokens:
            if token.kind in (BEGIN, FINISH):
                if token.text in ALIGNMENTS:
                    continue
                depth += 1 if token.kind == BEGIN else -1
            elif token.kind in (CELL, ROW) and depth <= 0:
                continue
            kept.append(token)
        if len(kept) < len(self.tokens):
            self.tokens = kept
            self.match = matches(self.text, kept)
            self.last = self.end = len(kept) - 1

    def statement(self) -> Statement:
        start = self.token.start
        lead = self.lead()
        sides = [self.side(first=True)]
        while self.at < self.end:
            if self.is_at(SIGN, ":") and self.peek().kind == RELATION:
                self.at += 1
            if self.is_at(LEAD):
                raise self.error("two statements on one line; give each a line of its own")
            if not self.is_at(RELATION, "="):
                raise self.refused()
            self.at += 1
            self.take(RELATION, "=")
            sides.append(self.side(first=False))
        self.settle(sides)
        return Statement(tuple(sides), lead, span=(start, sides[-1].span[1]))

    def lead(self) -> str:
        found = ""
        while self.is_at(LEAD) or self.is_at(RELATION, "="):
            found = self.token.text if self.is_at(LEAD) else found or "="
            self.at += 1
        return found

    def side(self, first: bool) -> Tree:
        known = len(self.undeclared)
        low, end = self.at, self.end
        name_end = self.lone_name() if first else None
        try:
            found = self.expression()
        except ParseError:
            self.from_here(end)
            if first and (named := self.derivative_of_a_name(low, known)) is not None:
                return named
            if name_end is None:
                raise
            return self.named_only(low, known, name_end)
        if first and (whole := self.whole_differential(found, low)) is not None and self.is_at(RELATION, "="):
            return whole
        followed = self.is_at(RELATION, "=") or (self.is_at(SIGN, ":") and self.peek().kind == RELATION)
        if first and followed:
            found = self.own_name(found, low)
            if isinstance(found, Derivative):
                found = self.without_unknown(found, known)
            if name_end is not None and len(self.undeclared) > known and not _is_left_side(found):
                return self.named_only(low, known, name_end)
            if _is_left_side(found):
                del self.undeclared[known:]
                for vertex in walk(found):
                    if isinstance(vertex, Letter):
                        self.indices_seen.add(vertex.letter)
        return found

    def from_here(self, end: int) -> None:
        """Forget the groups that were open where reading failed."""
        self.end, self.loose, self.indexing = end, 0, 0
        self.bound.clear()
        del self.barriers[1:]

    def named_only(self, low: int, known: int, end: int) -> Tree:
        """Return a name on a left side that nothing declares, scripts and all: \\delta^L."""
        self.at, self.depth = end, 0
        del self.undeclared[known:]
        span = (self.tokens[low].start, self.behind())
        typed = self.text[span[0] : span[1]].strip()
        return Letter(typed.replace("}", "", typed.count("}") - typed.count("{")), span=span)

    def derivative_of_a_name(self, low: int, known: int) -> Tree | None:
        """Read ∇_w MSE and ∂ ln L/∂σ² before an equals sign: what has only a name is the given function."""
        ends = [place for place in range(low, self.end) if self.tokens[place].kind == RELATION]
        if not ends or self.tokens[ends[0]].text != "=" or self.tokens[low].kind != COMMAND:
            return None
        self.at, self.depth = low, 0
        del self.undeclared[known:]
        try:
            found = self.operator_alone()
        except ParseError:
            return None
        self.at = ends[0]
        return found

    def without_unknown(self, tree: Derivative, known: int) -> Derivative:
        """Return a derivative on a left side of the given function where what is differentiated has names of its own."""
        of = tree.of
        if of is None or _is_left_side(of):
            return tree
        low, high = of.span
        unknown = [name for name in self.undeclared[known:] if low <= name[2] < high and name[0] not in self.indices_seen]
        self.undeclared[known:] = [name for name in self.undeclared[known:] if name not in unknown]
        return replace(tree, of=None) if unknown else tree

    def lone_name(self) -> int | None:
        """Return where a name with its scripts, and perhaps an argument, ends that stands alone before an equals sign."""
        at = self.at
        head = self.head()
        while head is not None and self.is_at(LETTER) and self.token.start == self.behind():
            self.at += 1
        found = None
        if head is not None:
            labels = [*head.scripts, *self.scripts()]
            simple = all(_LABEL.fullmatch(script.text) and not self.is_operation(script) for script in labels)
            if self.is_at(OPEN, "("):
                self.pass_bracket()
            found = self.at if simple and self.is_at(RELATION, "=") else None
        self.at = at
        return found

    def pass_bracket(self) -> None:
        """Pass over a bracket and what stands in it."""
        depth = 0
        while self.at < self.end:
            depth += (self.token.kind == OPEN) - (self.token.kind == CLOSE)
            self.at += 1
            if depth == 0:
                return

    def is_operation(self, script: Script) -> bool:
        """Whether a superscript is a transpose or a power, and no label: g^T, f^2."""
        return script.sign == "^" and (self.transpose_mark(script) is not None or script.text.isdigit())

    def whole_differential(self, tree: Tree, low: int) -> Tree | None:
        """Return d\\,x'Ax on a left side as the differential of the product; dX\\,Y is a product."""
        if not isinstance(tree, Product) or self.tokens[low].text not in ("d", "partial"):
            return None
        first = tree.factors[0]
        bare = first.base if isinstance(first, Transposed) else first
        gap = self.tokens[low + 1].start > self.tokens[low].end + (self.tokens[low].font == UPRIGHT)
        if not isinstance(bare, Differential) or not gap or self.tokens[low].kind == COMMAND:
            return None
        inner = replace(first, base=bare.inner) if isinstance(first, Transposed) else bare.inner
        return Differential(Group(replace(tree, factors=(inner, *tree.factors[1:])), span=tree.span), span=tree.span)

    def own_name(self, tree: Tree, low: int) -> Tree:
        """Return K_{pq} on a left side as entries of K, the function itself, and not as a constant matrix."""
        if isinstance(tree, Special) and tree.kind in ("commutation", "single", "identity", "delta", "unit"):
            self_name = self.tokens[low].text
            indices = tree.sizes or tree.indices
            letter = Letter(self_name, span=tree.span)
            return Indexed(letter, indices, span=tree.span) if indices else letter
        return tree

    def refused(self) -> ParseError:
        if self.is_at(RELATION):
            return self.error("inequalities are not read")
        if self.is_at(TEXT):
            return self.error(f"the text “{self.token.text}” is not understood")
        if self.is_at("close") or self.is_at("brace", "}"):
            return self.error("this bracket closes nothing")
        if self.is_at("bar"):
            return self.error("this bar closes nothing")
        return self.unexpected("a sign or the end of the formula")

    def settle(self, sides: list[Tree]) -> None:
        """Refuse the letters that nothing declares and that stand in no subscript, sum or condition."""
        for letter, shown, place in self.undeclared:
            if letter not in self.indices_seen:
                raise self.not_declared(shown, place)


def _is_left_side(tree: Tree) -> bool:
    """Whether a side is the function's name: f, f_i, f(x), K_{pq}."""
    base = tree.base if isinstance(tree, Indexed) else tree
    return isinstance(base, Letter) or (isinstance(base, Apply) and len(base.function) == 1)


def _check_depth(tree: Tree, text: str) -> None:
    level: list[Tree] = [tree]
    for _ in range(MAX_DEPTH):
        level = [child for vertex in level for child in vertex.children]
        if not level:
            return
    raise ParseError(f"a formula may be nested {MAX_DEPTH} deep", text, level[0].span[0] + 1)
