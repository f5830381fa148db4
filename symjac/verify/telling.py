"""Marks from verdicts and from errors: what a teacher writes beside a line."""

from __future__ import annotations

from symjac.errors import ParseError, SymjacError
from symjac.layout import Layout
from symjac.meaning import NotConforming, RefusedError
from symjac.read.header import Task
from symjac.read.latex import written
from symjac.read.latex.tree import Tree
from symjac.verify.marks import CONVENTION, UNDECIDED, UNREAD, WRONG, Mark
from symjac.verify.verdict import Verdict


def of_verdict(verdict: Verdict, remarks: tuple[str, ...], task: Task) -> Mark:
    telling = [one for one in verdict.diagnosis if one.kind not in ("shape", "entry", "unknown")]
    first = next(iter((*telling, *verdict.diagnosis)), None)
    message = " ".join(dict.fromkeys(one.message for one in verdict.diagnosis)) if verdict.status == WRONG else ""
    if verdict.status == CONVENTION:
        asked = f"; the exercise asks for {layout_words(task.layout)}" if task.layout is not None else ""
        message = f"This is right in {' or in '.join(verdict.layouts)}{asked}."
    if verdict.status == UNDECIDED:
        message = remarks[-1] if remarks else "no proof was found, and no counterexample"
        remarks = remarks[:-1]
    return Mark(
        verdict.status,
        message=message,
        kind=first.kind if first and verdict.status == WRONG else "",
        evidence=verdict.evidence,
        reading=verdict.reading,
        place=first.place if first and verdict.status == WRONG else None,
        counterexample=f"For instance, {verdict.counterexample}." if verdict.counterexample is not None else "",
        mend=_text_of(first.mend) if first and verdict.status == WRONG else "",
        remarks=remarks,
    )


def layout_words(layout: Layout) -> str:
    """Name a layout by what is not as it is by default."""
    rows = [f"{noun} row-first" for noun, way in (("outputs", layout.of), ("inputs", layout.wrt)) if way == "row"]
    return ", ".join([*rows, f"{layout.orientation} layout"])


def _text_of(mend: Tree | str | None) -> str:
    return written(mend) if isinstance(mend, Tree) else mend or ""


def unread(error: SymjacError, text: str) -> Mark:
    """Return the mark of a line that cannot be read, or that does not conform: the latter is wrong."""
    if isinstance(error, NotConforming):
        return Mark(WRONG, kind="shape", message=f"The shapes do not fit: {error.sentence}.", place=error.span)
    if isinstance(error, RefusedError):
        return Mark(UNREAD, message=error.sentence, place=error.span)
    column = error.column if isinstance(error, ParseError) else None
    message = str(error).split("\n")[0]
    if column is None or not 0 < column <= len(text) + 1:
        return Mark(UNREAD, message=message)
    return Mark(UNREAD, message=message.removeprefix(f"column {column}: "), place=(column - 1, column))
