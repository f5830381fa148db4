"""What came of an exercise: a mark for each line of the working, and one for the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from symjac.read.exercise import Exercise
from symjac.read.header import WRONG as SLIP_EXPECTED

CORRECT, CONVENTION, WRONG, UNDECIDED = "correct", "convention", "wrong", "undecided"
"""What a claim can be, as in a Verdict."""
NOTED, UNREAD = "noted", "unread"
"""A line that claims nothing (it opens a chain, or defines a name); what could not be read."""

_WORST_FIRST = (WRONG, UNREAD, UNDECIDED, CONVENTION, CORRECT, NOTED)


@dataclass(frozen=True)
class Mark:
    """What was found about one line of a working, or about an answer of the header.

    `line` and `column` say where in the file its `source` stands, `place` the part of the source that is meant (from 0).
    `message` is a sentence, `kind` that of the diagnosis; `follows` says that a wrong line is right as a consequence of a wrong
    one above it. `label` names what has no line of its own ("answer"). `answers` says that the line is about what is asked.
    """

    status: str
    source: str = ""
    line: int = 0
    column: int = 1
    message: str = ""
    kind: str = ""
    evidence: str = ""
    reading: str = ""
    place: tuple[int, int] | None = None
    counterexample: str = ""
    mend: str = ""
    remarks: tuple[str, ...] = ()
    follows: bool = False
    answers: bool = False
    label: str = ""


@dataclass(frozen=True)
class Marked:
    """An exercise with its marks; `right` says that nothing is left to mend."""

    title: str
    line: int
    kind: str
    status: str
    right: bool
    message: str
    marks: tuple[Mark, ...]

    def as_object(self) -> dict[str, Any]:
        """Return what `symjac verify --json` prints about an exercise."""
        return asdict(self)


def marked(exercise: Exercise, marks: Sequence[Mark], trouble: str = "") -> Marked:
    """Return an exercise with its marks; `trouble` is what kept it from being decided.

    >>> exercise = Exercise("Gradient", 3, None, problem="the header is not TOML")
    >>> marked(exercise, []).status
    'unread'

    A convention is right where the header names no layout: then nobody asked for one. Where the header expects a slip, the
    exercise is right when the first wrong line is the expected one.
    """
    task = exercise.task
    message = trouble or exercise.problem
    if task is None:
        return Marked(exercise.title, exercise.line, "", UNREAD, False, message, ())
    found = {mark.status for mark in marks} | ({UNDECIDED} if trouble else set()) | ({UNREAD} if exercise.problem else set())
    status = next((one for one in _WORST_FIRST if one in found - {NOTED}), UNDECIDED)
    if not found - {NOTED}:
        message = message or "there is nothing to check: no working, and no answer"
    right = status == CORRECT or (status == CONVENTION and task.layout is None)
    if right and task.kind == "derivative" and not any(mark.answers for mark in marks):
        right, message = False, message or f"no line says what the derivative by {task.wrt} is"
    if task.expect == SLIP_EXPECTED:
        missed = _missed(task.slip, task.at, marks)
        right, message = not missed and not trouble, message or missed
    return Marked(exercise.title, exercise.line, task.kind, status, right, message, tuple(marks))


def _missed(slip: str, at: int, marks: Sequence[Mark]) -> str:
    """Say how the first wrong line differs from the slip that is expected; nothing where it does not."""
    first = next(((number, mark) for number, mark in enumerate(marks, start=1) if mark.status in (WRONG, UNREAD)), None)
    if first is None:
        return "a slip is expected here, and none was found"
    number, mark = first
    if at and number != at:
        return f"a slip is expected in line {at} of the working, and line {number} is the first wrong one"
    if mark.status == UNREAD or (slip and slip != mark.kind):
        return f"a slip of kind {slip or 'any'!r} is expected, and {mark.kind or mark.status!r} was found"
    return ""
