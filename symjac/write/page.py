"""Pages: sections of prose, formulas, code and chains of equalities, the same for LaTeX, HTML and terminals."""

from __future__ import annotations

from dataclasses import dataclass

from symjac.write.lines import Line


@dataclass(frozen=True)
class Math:
    """A formula in LaTeX and in Unicode; within prose it stands in the line, as a block on its own."""

    latex: str
    text: str = ""

    @property
    def plain(self) -> str:
        """The formula in Unicode; its LaTeX where there is none."""
        return self.text or self.latex


@dataclass(frozen=True)
class Prose:
    """A paragraph: words, and formulas among them."""

    parts: tuple[str | Math, ...]


@dataclass(frozen=True)
class Code:
    """Source code, shown as it is."""

    source: str


@dataclass(frozen=True)
class Chain:
    """A chain of equalities, told in both alphabets."""

    latex: tuple[Line, ...]
    text: tuple[Line, ...]


@dataclass(frozen=True)
class Picture:
    """A drawing: as SVG for pages in HTML, and in a file of this name, beside the page, for LaTeX."""

    name: str
    svg: str
    pdf: bytes
    words: str = ""
    """What is to be seen, for those who do not see it."""


Block = Prose | Math | Code | Chain | Picture


@dataclass(frozen=True)
class Section:
    """A title and what stands below it.

    >>> Section(prose("The Gram matrix ", Math("A^{T} A", "AᵀA")), (Code("print(1)"),)).blocks
    (Code(source='print(1)'),)
    """

    title: Prose
    blocks: tuple[Block, ...] = ()


def prose(*parts: str | Math) -> Prose:
    """Return a paragraph of words and formulas."""
    return Prose(parts)
