"""Exercise files: Markdown as a person writes it, a short TOML header for each exercise, the working in display math.

    ## The Gram matrix

    ```toml
    given = "A: M x N"
    f = "K = A'*A"
    wrt = "A"
    ```

    Its entries are

    $$ K_{pq} = \\sum_m A_{mp} A_{mq} $$

What stands in `$$ … $$`, `\\[ … \\]`, a ```math fence or an align environment belongs to the exercise above it; prose and
inline formulas are for people. A header between `+++` at the top of the file holds for all its exercises. One pass over the
text, nothing is included, and what cannot be read spoils its own exercise only.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symjac.errors import ParseError, SymjacError
from symjac.read.header import Task, read_task, read_toml

MAX_BYTES = 400_000
"""The longest file."""
MAX_EXERCISES = 200
"""How many exercises a file may hold."""
MAX_TITLE = 200

_MATH_FENCES = ("math", "latex", "tex")


@dataclass(frozen=True)
class Formula:
    """Display math: its text, and where in the file it begins (line and column from 1)."""

    text: str
    line: int
    column: int

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column in the file of a place in the text.

        >>> Formula("a = b\\n= c", 7, 4).place(6)
        (8, 1)
        """
        row = self.text.count("\n", 0, offset)
        start = self.text.rfind("\n", 0, offset) + 1
        return self.line + row, offset - start + (1 if row else self.column)


@dataclass(frozen=True)
class Exercise:
    """One exercise: its title, the line its header begins at, what it asks, and the working.

    `task` is None where the header cannot be read; `problem` says why, or what else is not as it should be.
    """

    title: str
    line: int
    task: Task | None
    working: tuple[Formula, ...] = ()
    problem: str = ""


def decoded(data: bytes) -> str:
    r"""Return the text of a file.

    >>> decoded(b"# Week 1\r\n")
    '# Week 1\n'

    Raises ParseError for what is too long or no UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise ParseError(f"a file of exercises has at most {MAX_BYTES:,} bytes, not {len(data):,}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParseError(f"the file is not UTF-8 text: byte {error.start} is 0x{data[error.start]:02x}") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_exercises(text: str) -> tuple[Exercise, ...]:
    """Return the exercises of a file, in the order of the text.

    >>> file = "# Week 1\\n```toml\\ngiven = 'A: M x N, x: N'\\nf = 'A*x'\\nwrt = 'x'\\n```\\n$$ = A $$"
    >>> [(one.title, one.task.f, one.working) for one in read_exercises(file)]
    [('Week 1', 'A*x', (Formula(text=' = A ', line=7, column=3),))]

    Raises ParseError where there is no exercise at all, or too many.
    """
    pieces = list(_pieces(text))
    front = next((piece for piece in pieces if piece.kind == _FRONT), None)
    fenced = any(piece.kind == _HEADER for piece in pieces)
    drafts: list[_Draft] = []
    heading = ""
    for piece in pieces:
        if piece.kind == _HEADING:
            heading = piece.text
        elif piece.kind == _HEADER or (piece.kind == _FRONT and (not fenced or _asks(piece))):
            drafts.append(_Draft(piece, front if piece is not front else None, heading, []))
            if len(drafts) > MAX_EXERCISES:
                raise ParseError(f"a file has at most {MAX_EXERCISES} exercises")
        elif piece.kind in (_MATH, _PROBLEM) and drafts:
            drafts[-1].working.append(piece)
        if drafts and not drafts[-1].heading and not drafts[-1].working:
            drafts[-1].heading = heading
    if not drafts:
        raise ParseError("there is no exercise: no header in a ```toml fence, nor between +++ at the top")
    return tuple(draft.exercise(number) for number, draft in enumerate(drafts, start=1))


# Pieces of a file

_FRONT, _HEADER, _HEADING, _MATH, _PROBLEM = "front matter", "header", "heading", "math", "problem"


@dataclass(frozen=True)
class _Piece:
    kind: str
    text: str
    line: int
    column: int = 1


@dataclass
class _Draft:
    """An exercise that is being gathered."""

    header: _Piece
    front: _Piece | None
    heading: str
    working: list[_Piece]

    def exercise(self, number: int) -> Exercise:
        title = self.heading or f"Exercise {number}"
        formulas = tuple(Formula(one.text, one.line, one.column) for one in self.working if one.kind == _MATH)
        problem = "; ".join(one.text for one in self.working if one.kind == _PROBLEM)
        try:
            task = read_task({**(_table(self.front) if self.front else {}), **_table(self.header)})
        except SymjacError as error:
            return Exercise(title, self.header.line, None, formulas, str(error))
        return Exercise(title, self.header.line, task, formulas, problem)


def _table(header: _Piece) -> Mapping[str, Any]:
    try:
        return read_toml(header.text)
    except ParseError as error:
        # tomllib counts lines from the top of the header.
        shifted = re.sub(r"at line (\d{1,6})", lambda found: f"at line {int(found[1]) + header.line - 1}", str(error))
        raise ParseError(shifted) from None


def _asks(front: _Piece) -> bool:
    """Whether front matter is an exercise of its own, and not only what the others share."""
    try:
        return bool({"f", "values", "layers", "answer"} & set(_table(front)))
    except ParseError:
        return True


_OPENING = re.compile(
    r"""
      ^[ ]{0,3}(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)$
    | ^[ ]{0,3}\#{1,6}[ \t]+(?P<heading>[^\n]*)$
    | (?P<escaped>\\[$`\\])
    | (?P<dollars>\$\$)
    | (?P<square>\\\[)
    | \\begin\{(?P<environment>align|aligned|alignat|gather|gathered|equation|eqnarray|multline|split)(?P<star>\*?)\}
    | (?P<code>`)
    | (?P<comment><!--)
    """,
    re.VERBOSE | re.MULTILINE,
)


def _pieces(text: str) -> Iterator[_Piece]:
    """Yield what matters in a file; every step goes forward, so that the work grows with the length only."""
    place = _Lines(text)
    position = 0
    if text.startswith("+++\n"):
        end = text.find("\n+++", 3)
        if end < 0:
            yield _Piece(_FRONT, text[4:], 2)
            yield _Piece(_PROBLEM, "line 1: this +++ is never closed", 1)
            return
        yield _Piece(_FRONT, text[4 : end + 1], 2)
        position = end + 4
    while (found := _OPENING.search(text, position)) is not None:
        position = found.end()
        if found["heading"] is not None:
            yield _Piece(_HEADING, found["heading"].strip().rstrip("#").rstrip()[:MAX_TITLE], place.line(found.start()))
        elif found["code"]:
            closing = text.find("`", position, _end_of_line(text, position))
            position = closing + 1 if closing >= 0 else position
        elif not found["escaped"]:
            position = yield from _block(text, found, place)


def _block(text: str, found: re.Match[str], place: _Lines) -> Generator[_Piece, None, int]:
    """Yield what a delimiter opens; return where it ends."""
    kind, start, closing = _opened(text, found)
    end = closing.search(text, start)
    stop = end.start() if end else len(text)
    if kind is not None:
        yield _Piece(kind, text[start:stop], *place.of(start))
        if end is None:
            shown = found[0].strip().split("\n")[0]
            yield _Piece(_PROBLEM, f"line {place.line(found.start())}: this {shown[:20]} is never closed", place.line(start))
    return end.end() if end else len(text)


def _opened(text: str, found: re.Match[str]) -> tuple[str | None, int, re.Pattern[str]]:
    """Return what is opened, where its text begins, and what closes it."""
    if found["fence"]:
        word = found["info"].split()[0].lower() if found["info"].strip() else ""
        kind = _HEADER if word == "toml" else _MATH if word in _MATH_FENCES else None
        closing = re.compile(rf"^[ ]{{0,3}}{re.escape(found['fence'][0])}{{{len(found['fence'])},}}[ \t]*$", re.MULTILINE)
        return kind, min(found.end() + 1, len(text)), closing
    if found["environment"]:
        return _MATH, found.end(), re.compile(re.escape(f"\\end{{{found['environment']}{found['star']}}}"))
    if found["comment"]:
        return None, found.end(), re.compile("-->")
    return _MATH, found.end(), re.compile(r"\$\$" if found["dollars"] else r"\\\]")


def _end_of_line(text: str, position: int) -> int:
    end = text.find("\n", position)
    return end if end >= 0 else len(text)


class _Lines:
    """Lines and columns of places in a text."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self._text))]

    def line(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def of(self, offset: int) -> tuple[int, int]:
        line = self.line(offset)
        return line, offset - self._starts[line - 1] + 1
