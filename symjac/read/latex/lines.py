"""A page of LaTeX cut into its lines: displays and alignments, without comments, labels and reasons."""

from __future__ import annotations

import re

from symjac.errors import ParseError
from symjac.read.latex.vocabulary import ALIGNMENTS
from symjac.read.tokens import MAX_LENGTH

_PIECE = re.compile(
    r"""(?P<comment>(?<!\\)%[^\n]*)
      | (?P<dollars>\$\$?)
      | (?P<row>\\\\\*?(?:\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in|mu)\s*\])?)
      | (?P<bracket>\\[\[\]()])
      | \\(?P<side>begin|end)\s*\{\s*(?P<name>[A-Za-z]+\*?)\s*\}
      | \\(?P<silent>label|tag\*?)\s*\{[^{}]*\}
      | \\(?P<number>nonumber|notag)(?![A-Za-z])
      | (?P<escape>\\.)
      | (?P<brace>[{}])
      | (?P<cell>&)
      | (?P<blank>\n[ \t]*\n)
    """,
    re.VERBOSE | re.DOTALL,
)
_REASONS = ("\\text{", "\\mbox{", "\\textrm{")
_GAPS = ("\\quad", "\\qquad", "\\quad ", "\\qquad ", "\\;", "\\ ", "&")
_EMPTY = re.compile(r"(?:\\q?quad|\\[,;: !]|[\s.,;&~])*\Z")


def lines(text: str) -> list[tuple[int, str]]:
    """Return the lines of a working, each with its place in the text, of the same length as what was typed there.

    >>> lines("$$a &= b \\\\\\\\ &= c$$")
    [(2, 'a  = b '), (11, '  = c')]

    Displays, \\\\[ \\\\], align and its kin and \\\\\\\\ part lines; a matrix keeps its rows. What is dropped (comments,
    labels, reasons in \\\\text at a line's end) leaves spaces, so that columns stay. Raises ParseError where an environment
    does not end.
    """
    if not isinstance(text, str):
        raise ParseError(f"a working has to be a text, not {type(text).__name__}")
    if len(text) > MAX_LENGTH * 10:
        raise ParseError(f"a working may have {MAX_LENGTH * 10} characters, not {len(text)}")
    return [found for start, line in _parted(text) if (found := _trimmed(start, line)) is not None]


def _parted(text: str) -> list[tuple[int, str]]:
    """Cut a text where a line ends, with spaces for whatever is silent."""
    found: list[tuple[int, str]] = []
    kept: list[str] = []
    start = at = depth = 0

    def cut() -> None:
        nonlocal start, kept
        found.append((start, "".join(kept)))
        start, kept = at, []

    for piece in _PIECE.finditer(text):
        kept.append(text[at : piece.start()])
        at = piece.end()
        blank = " " * len(piece[0])
        kind = piece.lastgroup
        if kind in ("dollars", "bracket", "blank") or (kind == "row" and depth <= 0):
            if kind == "blank" and depth > 0:
                kept.append(blank)
            else:
                cut()
        elif kind == "name":
            if piece["name"] in ALIGNMENTS:
                cut() if depth <= 0 else kept.append(blank)
            else:
                depth += 1 if piece["side"] == "begin" else -1
                kept.append(piece[0])
        elif kind in ("comment", "silent", "number") or (kind == "cell" and depth <= 0):
            kept.append(blank)
        else:
            kept.append(piece[0])
    kept.append(text[at:])
    cut()
    if depth > 0:
        raise ParseError("an environment is never ended")
    return found


def _trimmed(start: int, line: str) -> tuple[int, str] | None:
    """Drop the reasons at the end of a line, and lines that say nothing."""
    while (bare := line.rstrip(" \t\n.,;~")).endswith("}"):
        opened = max(bare.rfind(word) for word in _REASONS)
        inside = bare[bare.find("{", opened) + 1 : -1] if opened >= 0 else "{"
        if "{" in inside or "}" in inside or not _is_prose(inside, bare[:opened]):
            break
        line = bare[:opened]
    return None if _EMPTY.match(line) else (start, line)


def _is_prose(inside: str, before: str) -> bool:
    """Whether a \\text at the end of a line says something, and is no name or script."""
    return (
        bool(before.strip())
        and not before.rstrip().endswith(("^", "_", "{"))
        and (" " in inside.strip() or before.endswith(_GAPS))
    )
