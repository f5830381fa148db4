"""Matrix environments: rows of numbers, or blocks side by side."""

from __future__ import annotations

import sympy

from symjac.meaning.typed import PLAIN, Candidate, NotConforming, Side, Typed, Typer, refused
from symjac.read.latex.tree import Array

MAX_ENTRIES = 2500
"""At most so many entries are read."""


def array(typer: Typer, tree: Array) -> list[Candidate]:
    """Type a matrix whose entries are scalars."""
    width = len(tree.rows[0])
    if any(len(row) != width for row in tree.rows):
        raise refused(tree, "the rows of this matrix have different lengths")
    if width * len(tree.rows) > MAX_ENTRIES:
        raise refused(tree, f"a matrix has at most {MAX_ENTRIES} entries here")
    side: Side | None = PLAIN
    entries: list[Typed] = []
    for row in tree.rows:
        for cell in row:
            scalars = [candidate for candidate in typer.of(cell) if candidate.typed.is_scalar]
            if not scalars:
                if len(tree.rows) == width == 1:
                    return typer.of(cell)
                raise refused(cell, "the entries of a matrix are scalars here; blocks are not read")
            entries.append(scalars[0].typed)
            side = side.join(scalars[0].side) if side is not None else None
    if side is None:
        raise NotConforming(tree.span, "one letter counts two different sizes here")
    rows, cols = sympy.Integer(len(tree.rows)), sympy.Integer(width)
    indexed = any(entry.indexed for entry in entries)
    return [Candidate(Typed("array", rows, cols, tuple(entries), None, indexed), side)]
