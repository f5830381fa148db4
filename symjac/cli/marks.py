"""A marked exercise for a terminal: each line as it was typed, a caret under the place, and what a teacher would say."""

from __future__ import annotations

import re
import shutil
import textwrap
import unicodedata
from collections.abc import Iterator

import click

from symjac.verify.marks import CONVENTION, CORRECT, NOTED, UNDECIDED, UNREAD, WRONG, Mark, Marked

LEAST_COLUMNS, MOST_COLUMNS = 60, 110
MAX_SHOWN = 1_500
"""How much of a line of theirs is shown."""
MARGIN = 10
"""Columns for the number of a line, and the sign of its verdict."""

_SIGNS = {
    CORRECT: ("✓", "green"),
    CONVENTION: ("≈", "cyan"),
    WRONG: ("✗", "red"),
    UNDECIDED: ("?", "yellow"),
    UNREAD: ("!", "magenta"),
    NOTED: ("·", "white"),
}


def plain(text: str) -> str:
    """Return a text of theirs without anything that moves a terminal's cursor, changes its colours or its direction.

    >>> plain("a\\x1b[2Jb\\tc\\u202ed")
    'a␛[2Jb c�d'
    """
    return "".join(_plain(char) for char in text)


def _plain(char: str) -> str:
    if char in "\t\n":
        return " "
    if ord(char) < 0x20:
        return chr(0x2400 + ord(char))
    return char if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") else "\N{REPLACEMENT CHARACTER}"


def told(result: Marked, number: int) -> str:
    """Return an exercise with all its marks."""
    return "\n".join(_exercise(result, number, _columns()))


def _columns() -> int:
    return max(LEAST_COLUMNS, min(MOST_COLUMNS, shutil.get_terminal_size((100, 24)).columns))


def _exercise(result: Marked, number: int, columns: int) -> Iterator[str]:
    sign, colour = _SIGNS[result.status]
    if result.right and result.status == WRONG:
        sign, colour = "✓", "green"
    title = f"{number}. {plain(result.title)}" if result.title else "the file"
    yield f"{click.style(sign, fg=colour, bold=True)} {click.style(title, bold=True)}"
    if result.right and result.status == WRONG:
        yield _dim(f"{'':4}the slip that this exercise holds on purpose is found")
    if result.message:
        yield from _wrapped(plain(result.message), columns, 4, fg="yellow" if result.status != WRONG else "red")
    for mark in result.marks:
        yield from _mark(mark, columns)


def _mark(mark: Mark, columns: int) -> Iterator[str]:
    sign, colour = _SIGNS[mark.status]
    where = mark.label or (str(mark.line) if mark.line else "")
    margin = f"{where:>{MARGIN - 3}} {click.style(sign, fg=colour, bold=True)} "
    yield from _source(mark, margin, columns, _verdict(mark), colour)
    pad = MARGIN + 2
    if mark.reading and _squeezed(mark.reading) != _squeezed(mark.source):
        yield from _wrapped(f"read as  {plain(mark.reading)}", columns, pad, dim=True)
    if mark.message:
        yield from _wrapped(plain(mark.message), columns, pad, fg=colour if mark.status != CORRECT else None)
    if mark.counterexample:
        yield from _wrapped(plain(mark.counterexample), columns, pad)
    if mark.mend:
        yield from _wrapped(f"would be right:  {plain(mark.mend)}", columns, pad)
    for remark in mark.remarks:
        yield from _wrapped(f"note: {plain(remark)}", columns, pad, dim=True)


def _verdict(mark: Mark) -> str:
    if mark.status == CORRECT:
        return mark.evidence or "right"
    if mark.status == CONVENTION:
        return "right under another convention"
    if mark.status == WRONG:
        return "follows from the wrong line above" if mark.follows else f"wrong: {mark.kind}" if mark.kind else "wrong"
    return {UNDECIDED: "undecided", UNREAD: "could not be read", NOTED: mark.kind or "noted"}[mark.status]


def _source(mark: Mark, margin: str, columns: int, verdict: str, colour: str) -> Iterator[str]:
    """Yield a line as it was typed, in as many rows as it needs, the verdict behind the last, carets under the place."""
    text, places = _one_line(mark.source)
    rows = list(_rows(text, columns - MARGIN))
    last = sum(map(_width, rows[-1][1]))
    aside = MARGIN + last + 3 + len(verdict) > columns
    for index, (start, row) in enumerate(rows):
        gap = " " * (columns - MARGIN - last - len(verdict))
        end = gap + click.style(verdict, fg=colour) if index == len(rows) - 1 and not aside else ""
        yield (margin if index == 0 else " " * MARGIN) + row + end
        carets = _carets(row, start, places, mark.place)
        if carets:
            yield " " * MARGIN + click.style(carets, fg=colour, bold=True)
    if aside:
        yield " " * (columns - len(verdict)) + click.style(verdict, fg=colour)


def _one_line(source: str) -> tuple[str, list[int]]:
    """Return a text with its white space squeezed, and where in the source each character stood."""
    kept: list[str] = []
    places: list[int] = []
    for place, char in enumerate(source[:MAX_SHOWN]):
        if char.isspace() and (not kept or kept[-1] == " "):
            continue
        kept.append(" " if char.isspace() else _plain(char))
        places.append(place)
    if len(source) > MAX_SHOWN:
        kept.append("…")
        places.append(MAX_SHOWN)
    while kept and kept[-1] == " ":
        kept.pop()
        places.pop()
    return "".join(kept), places


def _rows(text: str, room: int) -> Iterator[tuple[int, str]]:
    """Yield pieces of a text no wider than there is room, with where they start."""
    start = 0
    while True:
        end = start
        width = 0
        while end < len(text) and width + _width(text[end]) <= room:
            width += _width(text[end])
            end += 1
        if end == len(text):
            yield start, text[start:]
            return
        space = text.rfind(" ", start + room // 2, end)
        stop = space if space > start else max(end, start + 1)
        yield start, text[start:stop]
        start = stop + (space > start)


def _carets(row: str, start: int, places: list[int], place: tuple[int, int] | None) -> str:
    if place is None:
        return ""
    first, end = place[0], max(place[1], place[0] + 1)
    marks = ["^" * _width(char) if first <= places[start + i] < end else " " * _width(char) for i, char in enumerate(row)]
    return "".join(marks).rstrip()


def _width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _wrapped(words: str, columns: int, indent: int, fg: str | None = None, dim: bool = False) -> Iterator[str]:
    pad = " " * indent
    for line in textwrap.wrap(words[:MAX_SHOWN], columns - indent, break_on_hyphens=False):
        yield pad + (click.style(line, fg=fg, dim=dim) if fg or dim else line)


def _dim(words: str) -> str:
    return click.style(words, dim=True)


_ARRANGEMENT = re.compile(
    r"\\[,;:! ]|\\(?:left|right|q?quad|mathbf|mathrm|boldsymbol|bm|operatorname|therefore|text)(?![A-Za-z])|[\s{},.&=]"
)


def _squeezed(text: str) -> str:
    """Return a formula without what only arranges it: two that are equal so need not be shown twice."""
    return _ARRANGEMENT.sub("", text.replace(r"\neq", r"\ne"))
