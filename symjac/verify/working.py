"""A working, line by line: each line is true by itself, or follows from the one before; the first wrong one is diagnosed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from symjac.errors import ParseError, ShapeError, SymjacError, UnsupportedError
from symjac.layout import Layout
from symjac.meaning import NotConforming, RefusedError, readings
from symjac.read.exercise import Formula
from symjac.read.latex import written
from symjac.read.latex.tree import Derivative, Differential, Indexed, Letter, Name, Number, Statement, Tree, is_zero, walk
from symjac.verify.board import Board, is_numbered
from symjac.verify.equations import Consequence, consequence
from symjac.verify.letters import conflict
from symjac.verify.lines import MAX_LINES, statements
from symjac.verify.marks import CONVENTION, CORRECT, NOTED, UNDECIDED, UNREAD, WRONG, Mark
from symjac.verify.membership import membership, membership_mark
from symjac.verify.resolving import Resolver, needs_resolving
from symjac.verify.telling import layout_words, of_verdict, unread
from symjac.verify.verdict import Verdict

CONSEQUENCE = "With what stands in the wrong line above, this is what comes out."

MEND = "One way to mend it"

MAX_LINE = 8_000
"""The longest line that is read."""


@dataclass(frozen=True)
class Line:
    """One line of a working, and where it stands in the file."""

    text: str
    line: int
    column: int


def lines_of(formulas: tuple[Formula, ...]) -> Iterator[Line]:
    """Yield the lines of all formulas."""
    for formula in formulas:
        for offset, text in statements(formula.text):
            lead = len(text) - len(text.lstrip())
            line, column = formula.place(offset + lead)
            yield Line(text.strip(), line, column)


class Working:
    """The lines so far: what the chain is about, its last side, and whether that was right."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.anchor: Tree | None = None
        self.last: Tree | None = None
        self.went_wrong = False
        self.goes_on = False
        """Whether the line after this one starts with an equals sign."""
        self.answered = False
        """Whether a line was right about what the exercise asks for."""
        self.equation: Derivative | None = None
        """The derivative that was set to zero."""

    def marks(self, formulas: tuple[Formula, ...]) -> Iterator[Mark]:
        """Yield a mark for each line."""
        found = list(islice(lines_of(formulas), MAX_LINES + 1))
        for number, line in enumerate(found):
            if number == MAX_LINES:
                yield Mark(UNREAD, "", line.line, message=f"a working has at most {MAX_LINES} lines")
                return
            self.goes_on = number + 1 < len(found) and found[number + 1].text.startswith("=")
            mark = replace(self.mark(line.text), source=line.text, line=line.line, column=line.column)
            self.answered = self.answered or (mark.answers and mark.status in (CORRECT, CONVENTION))
            yield mark

    def answer(self) -> Iterator[Mark]:
        """Yield the mark of the answer in the header."""
        task = self.board.task
        if not task.answer or task.kind not in ("derivative", "identity"):
            return
        self.anchor = self.last = None
        text = task.answer
        try:
            if task.kind == "derivative":
                found = self.board.question(None, self.board.variable(None)).answer(text)
                yield replace(self._mark([found], text), source=text, label="answer", answers=True)
            else:
                yield replace(self.mark(text), source=text, label="answer")
        except SymjacError as error:
            yield replace(unread(error, text), source=text, label="answer")

    def mark(self, text: str) -> Mark:
        """Return the mark of one line."""
        if len(text) > MAX_LINE:
            return Mark(UNREAD, message=f"a line has at most {MAX_LINE} characters")
        try:
            parted = membership(text)
            if parted is not None:
                return membership_mark(self.board, *parted)
            return self._read(self.board.statement(text), text)
        except (NotConforming, RefusedError, ParseError) as error:
            return unread(error, text)
        except ShapeError as error:
            return Mark(WRONG, kind="shape", message=str(error))
        except (UnsupportedError, SymjacError) as error:
            return Mark(UNDECIDED, message=str(error))

    def _read(self, statement: Statement, text: str) -> Mark:
        """Mark a statement; where shapes do not fit because a letter counts two things, say so."""
        names = self.board.desk.names
        reading = " = ".join(written(side, names) for side in statement.sides)
        resolving = any(map(needs_resolving, statement.sides[1:]))
        found = conflict(self.board, statement.sides) if resolving else None
        if found is not None:
            self.anchor, self.last, self.went_wrong = statement.sides[0], statement.sides[-1], True
            return Mark(WRONG, kind="indices", message=found[0], place=found[1], reading=reading)
        try:
            mark = self._statement(statement, text)
        except NotConforming as error:
            mark = unread(error, text)
        mark = replace(mark, reading=reading, answers=self._answers(statement.sides))
        if mark.status != WRONG or mark.kind not in ("shape", "indices"):
            return mark
        sides = statement.sides if self.anchor in (None, *statement.sides) else (self.anchor, *statement.sides)
        found = conflict(self.board, [side for side in sides if side is not None])
        if found is None:
            return mark
        mend = "".join(mark.message.partition(MEND)[1:])
        return replace(mark, kind="indices", message=f"{found[0]} {mend}".strip(), place=found[1])

    def _answers(self, sides: tuple[Tree, ...]) -> bool:
        """Whether a line says what the derivative or the differential is that the exercise asks for."""
        anchor = self.anchor
        if anchor is None:
            return False
        sides = sides[:-1] if self.goes_to_zero(sides) else sides
        if isinstance(anchor, Derivative):
            return self._is_asked(anchor) and any(not needs_resolving(side) for side in sides)
        own = any(isinstance(part, Differential) and self.board.is_own(part.inner) for part in walk(anchor))
        return own and any(not any(map(self._is_open, walk(side))) for side in sides)

    def _is_open(self, part: Tree) -> bool:
        """Whether a part is still to be differentiated."""
        if isinstance(part, Differential):
            return not (isinstance(part.inner, Name) and part.inner.name in self.board.desk.declared)
        return isinstance(part, Derivative)

    def _is_asked(self, anchor: Derivative) -> bool:
        wrt = anchor.wrt.base if isinstance(anchor.wrt, Indexed) else anchor.wrt
        of = anchor.of.base if isinstance(anchor.of, Indexed) else anchor.of
        by = wrt is None or wrt == Name(self.board.task.wrt)
        return by and (of is None or self.board.is_own(of) or (not isinstance(of, Name) and self._is_function(of)))

    def goes_to_zero(self, sides: tuple[Tree, ...]) -> bool:
        """Whether a line sets what was found to zero, and claims nothing."""
        found = self.answered or len(sides) > 2
        return found and is_zero(sides[-1]) and isinstance(self.anchor, Derivative) and self._is_asked(self.anchor)

    def _is_function(self, side: Tree) -> bool:
        """Whether an expression is what the exercise asks about, written out."""
        return bool(self.board.named) and self.board.is_equal(Name(self.board.named), side)

    def _statement(self, statement: Statement, text: str) -> Mark:
        sides = statement.sides
        if statement.lead == "=" and self.last is not None:
            sides = (self.last, *sides)
        else:
            self.anchor, self.last, self.went_wrong = sides[0], None, False
        if len(sides) == 1:
            return self._alone(sides[0], text)
        if self.goes_to_zero(sides) and isinstance(self.anchor, Derivative):
            self.equation, self.last = self.anchor, sides[-1]
            if len(sides) == 2:
                return Mark(NOTED, kind="an equation")
            sides = sides[:-1]
        unknown = _unknown(sides[0])
        if unknown in self.board.sizes or (unknown and isinstance(sides[1], Number)):
            return Mark(NOTED, kind="a number for a letter")
        if unknown:
            readings(sides[1], self.board.desk.world)
            self.board.define(unknown, written(sides[1]))
            sides = sides[1:]
            self.anchor, self.last = sides[0], sides[-1]
            if len(sides) == 1:
                return Mark(NOTED, kind="definition")
        verdicts: list[Verdict] = []
        consequences: list[bool] = []
        for before, side in pairwise(sides):
            verdict = self.verdict(side, text)
            if verdict.status == WRONG:
                consequences.append(self.follows(before, side, text))
            elif verdict and self.anchor == Name(self.board.named):
                self.board.ways.append(side)
            self.went_wrong = verdict.status == WRONG
            verdicts.append(verdict)
        self.last = sides[-1]
        mark = self._mark(verdicts, text)
        if mark.status == WRONG and self.equation is not None and len(sides) == 2:
            return self._by_equation(self.equation, *sides)
        if mark.status == WRONG and all(consequences):
            return replace(mark, follows=True, kind="consequence", message=CONSEQUENCE, counterexample="", mend="", place=None)
        return mark

    def _by_equation(self, equation: Derivative, left: Tree, right: Tree) -> Mark:
        """Mark a line that is no identity, below a derivative that was set to zero."""
        found = consequence(self.board, equation, left, right)
        self.went_wrong = found is not Consequence.FOLLOWS
        if found is Consequence.FOLLOWS:
            return Mark(CORRECT, evidence=found.value)
        words = f"{found.value[0].upper()}{found.value[1:]}."
        return Mark(WRONG, kind="solution", message=words) if found is Consequence.REFUTED else Mark(UNDECIDED, message=words)

    def _alone(self, side: Tree, text: str) -> Mark:
        """A side without a partner: the derivative itself, or the start of a chain."""
        task = self.board.task
        if task.kind == "derivative" and not self.goes_on and not needs_resolving(side):
            self.anchor = Derivative(None, Name(task.wrt), order=task.order)
            found = self.verdict(side, text)
            self.last, self.went_wrong = side, found.status == WRONG
            return self._mark([found], text)
        self.last = side
        return Mark(NOTED, kind="start of a chain")

    def verdict(self, side: Tree, text: str) -> Verdict:
        """Judge a side against what the chain is about."""
        anchor = self.anchor
        assert anchor is not None
        if isinstance(anchor, Derivative) and not needs_resolving(side) and self._is_direct(anchor):
            return self.board.derivative(anchor, side, text)
        if isinstance(anchor, Derivative) and isinstance(side, Derivative) and anchor.wrt == side.wrt:
            return self.board.equality(anchor.of or Name(self.board.named), side.of or Name(self.board.named), text)
        if needs_resolving(anchor) or needs_resolving(side):
            return self._resolved(anchor, side, text)
        return self.board.equality(anchor, side, text)

    def _is_direct(self, anchor: Derivative) -> bool:
        """Whether a derivative is one by a declared name, its letters all different: then all layouts are looked at."""
        base = anchor.wrt.base if isinstance(anchor.wrt, Indexed) else anchor.wrt
        of = () if is_numbered(anchor.of) else _indices(anchor.of)
        letters = [*of, *_indices(anchor.wrt)]
        plain = all(isinstance(one, Letter) for one in letters) and len(set(letters)) == len(letters)
        return plain and (base is None or (isinstance(base, Name) and base.name in self.board.desk.declared))

    def _resolved(self, left: Tree, right: Tree, text: str) -> Verdict:
        """Judge sides that hold derivatives or differentials, each put in as what it is."""
        moving = frozenset(
            part.inner.name
            for part in (*walk(left), *walk(right))
            if isinstance(part, Differential) and isinstance(part.inner, Name) and part.inner.name in self.board.desk.declared
        )
        verdict = None
        for layout in self._layouts():
            resolver = Resolver(self.board, layout, moving | {self.board.task.wrt} if moving else moving)
            sides = resolver.resolved(left), resolver.resolved(right)
            found = self.board.equality(*sides, text, resolver.desk)
            if found:
                other = verdict is not None and found
                return replace(found, status=CONVENTION, layouts=(layout_words(layout),)) if other else found
            verdict = verdict or found
        assert verdict is not None
        return verdict

    def _layouts(self) -> tuple[Layout, ...]:
        declared = self.board.task.layout
        other = Layout(orientation="denominator")
        return (declared,) if declared is not None else (Layout(), other)

    def follows(self, before: Tree, side: Tree, text: str) -> bool:
        """Whether a wrong side is right as a consequence of the wrong one before it."""
        if not self.went_wrong or isinstance(before, Derivative) or needs_resolving(before) or needs_resolving(side):
            return False
        return self.board.is_equal(before, side)

    def _mark(self, verdicts: list[Verdict], text: str) -> Mark:
        """Return the mark of a line: that of its first wrong side, or of the least certain."""
        order = (WRONG, UNDECIDED, CONVENTION, CORRECT)
        worst = min(verdicts, key=lambda verdict: order.index(verdict.status))
        remarks = tuple(dict.fromkeys(remark for verdict in verdicts for remark in verdict.remarks))
        return of_verdict(worst, remarks, self.board.task)


def _indices(tree: Tree | None) -> tuple[Tree, ...]:
    return tree.indices if isinstance(tree, Indexed) else ()


def _unknown(side: Tree) -> str:
    """Return the letter that a side names and nobody declared: its line defines it."""
    return side.letter if isinstance(side, Letter) else ""
