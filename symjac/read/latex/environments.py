"""Environments: matrices with their bars, and cases with their conditions."""

from __future__ import annotations

from symjac.read.latex.operators import Operators
from symjac.read.latex.tree import Array, Bars, Cases, Conditions, Relation, Tree
from symjac.read.latex.vocabulary import CELL, CONDITIONS, FINISH, LETTER, MATRICES, RELATION, ROW, SIGN, TEXT, WORD

_CASES = frozenset(("cases", "dcases", "cases*", "dcases*", "rcases"))
_BARE = frozenset(("matrix", "smallmatrix", "array", "tabular"))
MAX_ENTRIES = 4_000
"""The most entries that a matrix may have."""


class Environments(Operators):
    """Reads \\begin … \\end."""

    def environment(self, cases: bool = False) -> Tree:
        """Read a matrix or cases; the array behind a lone brace is cases, too."""
        token = self.token
        if token.text in _CASES or (cases and token.text in _BARE):
            return self.cases(token.text)
        if token.text not in MATRICES and token.text not in _BARE:
            raise self.error(f"the environment {token.text} is not read here")
        self.at += 1
        rows = self.rows(token.text)
        if not rows:
            raise self.error("this matrix is empty", token.start)
        array = Array(rows, token.font.count("|") if token.font else 0, span=(token.start, self.behind()))
        if token.text in ("vmatrix", "Vmatrix"):
            return Bars(array, token.text == "Vmatrix", span=array.span)
        return array

    def rows(self, name: str) -> tuple[tuple[Tree, ...], ...]:
        rows: list[tuple[Tree, ...]] = []
        count = 0
        while not self.closes(name):
            cells = [self.cell()]
            while self.take(CELL):
                cells.append(self.cell())
            count += len(cells)
            if count > MAX_ENTRIES:
                raise self.error(f"a matrix may have {MAX_ENTRIES} entries")
            rows.append(tuple(cells))
            if rows and len(cells) != len(rows[0]):
                raise self.error(f"row {len(rows)} has {len(cells)} entries, the first row {len(rows[0])}")
            if not self.take(ROW) and not self.is_at(FINISH):
                raise self.unexpected("an & or \\\\ or the end of the matrix")
        return tuple(rows)

    def closes(self, name: str) -> bool:
        if self.at >= self.end:
            raise self.error(f"\\begin{{{name}}} is never ended")
        if not self.is_at(FINISH):
            return False
        if self.token.text != name:
            raise self.error(f"\\end{{{self.token.text}}} ends no \\begin{{{name}}}")
        self.at += 1
        return True

    def cell(self) -> Tree:
        if self.is_at(CELL) or self.is_at(ROW) or self.is_at(FINISH):
            raise self.error("an entry is missing here; write 0 where it is zero")
        self.barriers.append("")
        found = self.expression()
        self.barriers.pop()
        while self.is_at(SIGN, ",", "."):
            self.at += 1
        return found

    # Cases

    def cases(self, name: str) -> Tree:
        start = self.token.start
        self.at += 1
        values: list[Tree] = []
        conditions: list[Conditions] = []
        while not self.closes(name):
            values.append(self.cell())
            conditions.append(self.conditions())
            if not self.take(ROW) and not self.is_at(FINISH):
                raise self.unexpected("\\\\ or the end of the cases")
        if not values:
            raise self.error("these cases are empty", start)
        return Cases(tuple(values), tuple(conditions), span=(start, self.behind()))

    def conditions(self) -> Conditions:
        """Read relations joined by "and" or "or"; nothing, or "otherwise", holds always."""
        start = self.token.start
        relations: list[Tree] = []
        joins: set[str] = set()
        while not (self.is_at(ROW) or self.is_at(FINISH) or self.at >= self.end):
            joined = self.joint()
            if joined is None:
                relations.append(self.relation())
            elif joined == "otherwise" and relations:
                raise self.error("a condition stands before this", start)
            elif joined in ("and", "or"):
                joins.add(joined)
        if len(joins) > 1:
            raise self.error("and and or in one condition: which binds first?", start)
        return Conditions(tuple(relations), "or" if joins == {"or"} else "and", span=(start, self.behind()))

    def joint(self) -> str | None:
        """Take a word or sign between relations, and say what it does; None where a relation stands."""
        token = self.token
        if token.kind == CELL or (token.kind == SIGN and token.text in (".", ";", ":")):
            self.at += 1
            return ""
        if token.kind == SIGN and token.text in (",", "land", "lor"):
            self.at += 1
            return "or" if token.text == "lor" else "and"
        if token.kind in (TEXT, WORD):
            said = " ".join(token.text.lower().replace(",", " ").replace(".", "").split())
            if said not in CONDITIONS:
                raise self.error(f"the condition “{token.text}” is not understood")
            self.at += 1
            return CONDITIONS[said]
        if token.kind == LETTER:
            return self.plain_word()
        return None

    def plain_word(self) -> str | None:
        """Take a condition's word that was typed without \\text."""
        end = self.at
        while end < self.end and self.tokens[end].kind == LETTER and (end == self.at or self.glued(end)):
            end += 1
        said = "".join(token.text for token in self.tokens[self.at : end])
        if len(said) > 1 and said in CONDITIONS:
            self.at = end
            return CONDITIONS[said]
        return None

    def relation(self) -> Relation:
        start = self.token.start
        self.indexing += 1
        sides, signs = [self.expression()], list[str]()
        while self.is_at(RELATION):
            signs.append(self.token.text)
            self.at += 1
            sides.append(self.expression())
        self.indexing -= 1
        if not signs:
            raise self.unexpected("a relation such as i = j")
        return Relation(tuple(sides), tuple(signs), span=(start, self.behind()))
