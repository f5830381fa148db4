r"""The lines of a working, each of them one statement: a line is cut again at \Rightarrow, \therefore and wide spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symjac.read import latex

MAX_LINES = 300
"""How many lines one exercise may have."""

_MARK = re.compile(
    r"""
      (?P<open>\\begin(?![A-Za-z])|\\left(?![A-Za-z])|\{|\()
    | (?P<close>\\end(?![A-Za-z])|\\right(?![A-Za-z])|\}|\))
    | (?P<lead>\\(?:therefore|Rightarrow|Longrightarrow|implies|iff|Leftrightarrow|Longleftrightarrow)(?![A-Za-z]))
    | (?P<wide>\\qquad(?![A-Za-z])|[,;]\s*\\quad(?![A-Za-z]))
    | (?P<other>\\.)
    """,
    re.VERBOSE | re.DOTALL,
)


def statements(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield the statements of display math, each with where it starts.

    >>> [line.strip() for _, line in statements(r"f &= Ax \\ \Rightarrow \nabla f &= A, \quad N > 1")]
    ['f  = Ax', '\\Rightarrow \\nabla f  = A', 'N > 1']
    """
    for start, line in latex.lines(text):
        for offset, part in _parts(line):
            if part.strip(" \t\n.,;"):
                yield start + offset, part


def _parts(line: str) -> Iterator[tuple[int, str]]:
    start = depth = 0
    for found in _MARK.finditer(line):
        if found["open"] or found["close"]:
            depth += 1 if found["open"] else -1
        elif depth <= 0 and found["lead"]:
            if line[start : found.start()].strip():
                yield start, line[start : found.start()]
            start = found.start()
        elif depth <= 0 and found["wide"]:
            yield start, line[start : found.start()]
            start = found.end()
    yield start, line[start:]
