"""Pages for terminals: Unicode, as wide as asked for."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from symjac.layout import Layout
from symjac.nodes.node import Node
from symjac.record import Record
from symjac.write.alphabet import BREAK
from symjac.write.lines import SHORT, Line
from symjac.write.page import Block, Code, Math, Picture, Prose, Section
from symjac.write.telling import COLUMN_FIRST, Voices
from symjac.write.width import broken, text_width

COLUMNS = 100
"""The width of a page in a terminal."""

LEFT_COLUMNS = 30
INDENT = 4


def derivation_text(
    record: Record, detail: str = SHORT, layout: Layout = COLUMN_FIRST, results: Sequence[Node] = (), columns: int = COLUMNS
) -> str:
    """Return the lines of a derivation in Unicode."""
    return chain_text(Voices(record).chain(detail, layout, results).text, columns)


def chain_text(lines: Sequence[Line], columns: int = COLUMNS) -> str:
    """Return lines with their equals signs one below the other, and the reasons behind them.

    >>> print(chain_text([Line("dF", "A dX", "product"), Line("∂f/∂xᵀ", "A")]))
        dF = A dX    product
    ∂f/∂xᵀ = A
    """
    lefts = [line.left.replace(BREAK, "") for line in lines]
    left = max((len(one) for one in lefts if len(one) <= LEFT_COLUMNS), default=0)
    told = [broken(line.right, columns - left - 3 - INDENT, text_width) for line in lines]
    reason = min(max((len(part) for parts in told for part in parts), default=0), columns // 2) + INDENT
    printed: list[str] = []
    for name, line, parts in zip(lefts, lines, told, strict=True):
        if len(name) > left:
            printed.append(name)
            name = ""
        printed.extend(_with_reason(f"{name:>{left}} = ", parts, line.reason, reason, columns))
    return "\n".join(printed)


def _with_reason(opening: str, parts: Sequence[str], reason: str, column: int, columns: int) -> Iterator[str]:
    first, *rest = parts
    pad = " " * len(opening)
    free = columns - len(opening) - len(reason)
    start = min(column, free)
    beside = start >= len(first) + 2
    yield opening + (f"{first:<{start}}{reason}" if reason and beside else first)
    for part in rest:
        yield f"{pad}{' ' * INDENT}{part}"
    if reason and not beside:
        yield from (f"{pad}{' ' * INDENT}[{words}]" for words in textwrap.wrap(reason, columns - len(pad) - INDENT - 2))


def text_document(title: str, sections: Iterable[Section], columns: int = COLUMNS) -> str:
    """Return a page for a terminal."""
    parts = [f"{title}\n{'=' * len(title)}"] if title else []
    parts.extend(text_section(section, columns) for section in sections)
    return "\n\n\n".join(parts) + "\n"


def text_section(section: Section, columns: int = COLUMNS) -> str:
    """Return one section of a page for a terminal."""
    title = _prose(section.title, columns)
    underline = "-" * max(map(len, title.splitlines()), default=0)
    return "\n\n".join([f"{title}\n{underline}", *(_block(block, columns) for block in section.blocks)])


def _block(block: Block, columns: int) -> str:
    if isinstance(block, Prose):
        return _prose(block, columns)
    if isinstance(block, Math):
        return textwrap.indent(block.plain, " " * INDENT)
    if isinstance(block, Code):
        return textwrap.indent(block.source.rstrip(), " " * INDENT)
    if isinstance(block, Picture):
        return f"[picture: {block.words or block.name}]"
    return chain_text(block.text, columns)


def _prose(block: Prose, columns: int) -> str:
    words = "".join(part if isinstance(part, str) else part.plain for part in block.parts)
    return textwrap.fill(words, columns, break_long_words=False, break_on_hyphens=False)
