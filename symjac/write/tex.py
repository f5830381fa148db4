r"""Chains and pages in LaTeX: fragments for notebooks, documents that compile alone with pdflatex."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from symjac.layout import Layout
from symjac.nodes.node import Node
from symjac.record import Record
from symjac.write.alphabet import BREAK
from symjac.write.lines import SHORT, Line
from symjac.write.page import Block, Chain, Code, Math, Picture, Prose, Section
from symjac.write.telling import COLUMN_FIRST, Voices
from symjac.write.width import broken, latex_width
from symjac.write.words import tex_words

ROOM = 46.0
"""The width of a line in em: A4 with margins of 2.2 cm, set in 10 pt."""

LEFT_ROOM = 14.0
"""A left side wider than this stands on a line of its own."""

EQUALS, INDENT, GAP, LETTER = 1.4, 2.0, 1.5, 0.36
"""Widths in em: the equals sign, a continued line's indent, the space before a reason, a letter of a reason."""


@dataclass(frozen=True)
class Row:
    """One printed row of a chain: left of the equals sign, from it on, and the reason in the margin."""

    left: str
    right: str
    reason: str = ""


def derivation_latex(record: Record, detail: str = SHORT, layout: Layout = COLUMN_FIRST, results: Sequence[Node] = ()) -> str:
    r"""Return the lines of a derivation as one `aligned` block, to stand within \[ and \].

    Raises DomainError for a detail other than "short" and "full".
    """
    return aligned(Voices(record).chain(detail, layout, results).latex)


def aligned(lines: Sequence[Line], room: float = ROOM) -> str:
    r"""Return lines as an `aligned` block.

    >>> print(aligned([Line("F", "A + B", "given"), Line("", "C")]))
    \begin{aligned}
    F &= A + B &\quad& \text{\footnotesize given} \\
    &= C
    \end{aligned}
    """
    rows = chain_rows(lines, room)
    between = _between(rows, room)
    printed = " \\\\\n".join(_with_reason(row, between) for row in rows)
    return f"\\begin{{aligned}}\n{printed}\n\\end{{aligned}}"


def gathered(blocks: Sequence[str]) -> str:
    r"""Return several displays as one, to stand within \[ and \].

    >>> print(gathered(["a = b", "c = d"]))
    \begin{gathered}
    a = b \\[1ex]
    c = d
    \end{gathered}
    """
    return "\\begin{gathered}\n" + " \\\\[1ex]\n".join(blocks) + "\n\\end{gathered}"


def _between(rows: Sequence[Row], room: float) -> str:
    """Return what separates reasons from their lines: a column of their own where every row leaves room for it."""
    left = max((latex_width(row.left) for row in rows), default=0.0)
    right = max((latex_width(row.right) for row in rows), default=0.0)
    reason = max((LETTER * len(row.reason) for row in rows), default=0.0)
    return r" &\quad& " if left + right + GAP + reason <= room else r" \qquad "


def _with_reason(row: Row, between: str) -> str:
    if row.reason and not row.right:
        return rf"&\qquad {_margin(row.reason)}"
    return f"{row.left} &{row.right}".strip() + (between + _margin(row.reason) if row.reason else "")


def chain_rows(lines: Sequence[Line], room: float) -> list[Row]:
    """Return lines as rows no wider than `room`; a reason for which its row leaves no room has one of its own."""
    lefts = [latex_width(line.left) for line in lines]
    left_room = max((width for width in lefts if width <= LEFT_ROOM), default=0.0)
    right_room = room - left_room - EQUALS
    rows: list[Row] = []
    for line, width in zip(lines, lefts, strict=True):
        parts = broken(line.right, right_room - INDENT, latex_width)
        fits = latex_width(parts[0]) + GAP + LETTER * len(line.reason) <= right_room
        rows.extend(_rows_of(line, width > LEFT_ROOM, parts, fits, right_room))
    return rows


def _rows_of(line: Line, long_left: bool, parts: Sequence[str], fits: bool, room: float) -> Iterator[Row]:
    left = line.left.replace(BREAK, "")
    if long_left:
        for i, piece in enumerate(broken(line.left, room - INDENT, latex_width)):
            yield Row("", rf"\qquad {piece}" if i else rf"\quad {piece}")
        left = ""
    yield Row(left, f"= {parts[0]}", line.reason if fits else "")
    for part in parts[1:]:
        yield Row("", rf"\qquad {part}")
    if line.reason and not fits:
        for words in textwrap.wrap(line.reason, int((room - INDENT) / LETTER)):
            yield Row("", "", words)


def _margin(reason: str) -> str:
    return rf"\text{{\footnotesize {reason}}}"


# Documents

# Every display starts a paragraph of its own, which puts an empty line above it.
PREAMBLE = r"""\documentclass[10pt,fleqn]{article}
\usepackage[a4paper,margin=2.2cm]{geometry}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage{amsmath,amssymb}
\allowdisplaybreaks
\setlength{\mathindent}{0pt}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\emergencystretch=3em
\AtBeginDocument{\setlength{\abovedisplayskip}{-4pt}\setlength{\abovedisplayshortskip}{-4pt}}
"""

GRAPHICS = r"""\usepackage{graphicx}
\makeatletter
\setkeys{Gin}{width=\ifdim\Gin@nat@width>\linewidth\linewidth\else\Gin@nat@width\fi}
\makeatother
"""
"""For documents with pictures, which are made no wider than the page."""


def tex_document(title: str, sections: Iterable[Section]) -> str:
    """Return a document that compiles alone with pdflatex."""
    shown = list(sections)
    body = "\n\n".join(map(_section, shown))
    heading = rf"{{\LARGE\bfseries {tex_words(title)}\par}}" if title else ""
    pictures = any(isinstance(block, Picture) for section in shown for block in section.blocks)
    return f"{PREAMBLE}{GRAPHICS if pictures else ''}\\begin{{document}}\n{heading}\n\n{body}\n\\end{{document}}\n"


def _section(section: Section) -> str:
    title = _prose(section.title, r"\boldmath ")
    return "\n\n".join([rf"\subsection*{{\raggedright {title}}}", *map(_block, section.blocks)])


def _block(block: Block) -> str:
    if isinstance(block, Prose):
        return rf"{{\raggedright {_prose(block)}\par}}\nopagebreak"
    if isinstance(block, Math):
        return f"\\[\n{block.latex}\n\\]"
    if isinstance(block, Code):
        return _code(block.source)
    if isinstance(block, Picture):
        return rf"{{\centering\includegraphics{{{block.name}}}\par}}"
    return _chain(block)


def _prose(block: Prose, opening: str = "") -> str:
    parts = (tex_words(part) if isinstance(part, str) else f"${part.latex}$" for part in block.parts)
    return opening + "".join(parts)


def _chain(chain: Chain) -> str:
    rows = [
        f"{row.left} &{row.right}".strip() + (rf" \tag*{{\footnotesize {row.reason}}}" if row.reason else "")
        for row in chain_rows(chain.latex, ROOM)
    ]
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


CODE_COLUMNS = 90
"""Columns of code that fit the page."""


def _code(source: str) -> str:
    """Return code line by line; a line too long for the page goes on, indented, on the next."""
    shown: list[str] = []
    for line in source.splitlines():
        spaces = len(line) - len(line.lstrip())
        parts = textwrap.wrap(line, CODE_COLUMNS, subsequent_indent=" " * (spaces + 4), drop_whitespace=False) or [""]
        shown.extend(rf"\mbox{{\ttfamily\footnotesize {_spaced(part)}}}" for part in parts)
    return "{\\medskip " + "\\\\\n".join(shown) + "\\par}"


def _spaced(line: str) -> str:
    return re.sub(" ", r"\\ ", tex_words(line))
