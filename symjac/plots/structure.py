"""The structure of a Jacobian: where it is not zero, with its blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symjac.derivation import Derivation
from symjac.errors import DomainError
from symjac.evaluate import size_value
from symjac.nodes.node import Node
from symjac.plots.style import BLUE, expect, panels, styled

NAMED = 16
"""Sides with at most so many rows or columns carry the name of every entry; longer ones the numbers of their blocks."""


def jacobian_structure(derivation: Derivation, sizes: Mapping[str, int] | None = None, ax: Any = None) -> Any:
    """Draw where a Jacobian is not zero at given sizes, with lines between its blocks and the entries' names.

    >>> from symjac import jacobian
    >>> ax = jacobian_structure(jacobian("A.T*A", "A", given="A: M x N"), {"M": 3, "N": 2})
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['$F_{11}$', '$F_{21}$', '$F_{12}$', '$F_{22}$']

    A block is a column of F by a column of X (rows in row-first layouts). An entry is drawn where the Jacobian at general
    values is not zero. Returns the Axes. Raises DomainError where several variables have no single matrix.
    """
    expect(derivation, Derivation, "what is drawn is a Derivation, as jacobian gives it")
    record, layout = derivation.record, derivation.layout
    if len(record.variables) != 1:
        raise DomainError(f"there is a block for each of {', '.join(derivation.variables)}: draw one, as d[…]")
    given = {name: int(value) for name, value in (sizes or {}).items()}
    J = np.asarray(derivation.explicit(given).applyfunc(lambda value: 0 if value == 0 else 1).tolist(), dtype=float)
    outputs = _Side.of(_letter(record.expression, record.name), record.expression, given, layout.of)
    inputs = _Side.of(record.variables[0].name, record.variables[0], given, layout.wrt)
    down, across = (outputs, inputs) if layout.orientation == "numerator" else (inputs, outputs)
    if J.shape != (down.count, across.count):
        down, across = _Side(down.name, J.shape[0], 1, "column"), _Side(across.name, J.shape[1], 1, "column")
    with styled():
        (axes,) = panels(
            1,
            ax,
            f"Where a {down.count} × {across.count} Jacobian is not zero",
            size=(1.6 + _inches(across), 1.2 + _inches(down)),
        )
        axes.imshow(J, cmap=_two_colours(), vmin=0, vmax=1, aspect="equal", interpolation="nearest")
        axes.grid(False)
        for draw, side in ((axes.axhline, down), (axes.axvline, across)):
            for edge in range(1, side.count if side.count <= NAMED else 1):
                draw(edge - 0.5, color="white", linewidth=0.8)
            for edge in range(side.block, side.count, side.block):
                draw(edge - 0.5, color="black", linewidth=1)
        axes.set_yticks(*down.ticks)
        axes.set_xticks(*across.ticks, rotation=90 if across.count <= NAMED else 0)
        axes.tick_params(length=0, labelsize=8, top=True, bottom=False, labeltop=True, labelbottom=False)
        filled = int(J.sum())
        axes.set_xlabel(f"{down.count} × {across.count}, {filled} of {J.size} entries not zero", fontsize=8)
        for spine in axes.spines.values():
            spine.set_visible(True)
        return axes


def _inches(side: _Side) -> float:
    """Return how long a side is drawn: rows with names want more room, and no picture grows without end."""
    return 0.32 * side.count if side.count <= NAMED else min(0.16 * side.count, 8)


class _Side:
    """Rows or columns of a Jacobian: the entries of an m × n matrix, column-first or row-first."""

    def __init__(self, name: str, m: int, n: int, order: str) -> None:
        self.name, self.m, self.n, self.order = name, m, n, order

    @classmethod
    def of(cls, name: str, node: Node, sizes: Mapping[str, int], order: str) -> _Side:
        return cls(name, size_value(node.rows, sizes), size_value(node.cols, sizes), order)

    @property
    def count(self) -> int:
        return self.m * self.n

    @property
    def block(self) -> int:
        """How many entries stand in one column of the matrix (in one row, row-first)."""
        return self.m if self.order == "column" else self.n

    @property
    def ticks(self) -> tuple[list[float], list[str]]:
        if self.count <= NAMED:
            return list(range(self.count)), [self._entry(*self._place(k)) for k in range(self.count)]
        if self.block == self.count:
            return [], []
        middle = [k * self.block + (self.block - 1) / 2 for k in range(self.count // self.block)]
        index = ":,{}" if self.order == "column" else "{},:"
        every = max(1, len(middle) // 12)
        return middle[::every], [f"${self.name}_{{{index.format(k + 1)}}}$" for k in range(len(middle))][::every]

    def _place(self, k: int) -> tuple[int, int]:
        """Return the row and column of entry k."""
        if self.order == "column":
            return k % self.m, k // self.m
        return k // self.n, k % self.n

    def _entry(self, i: int, j: int) -> str:
        if self.count == 1:
            return f"${self.name}$"
        if 1 in (self.m, self.n):
            return f"${self.name}_{{{max(i, j) + 1}}}$"
        comma = "," if max(self.m, self.n) > 9 else ""
        return f"${self.name}_{{{i + 1}{comma}{j + 1}}}$"


def _letter(expression: Node, name: str) -> str:
    return name if len(name) == 1 else "f" if expression.is_scalar else "F"


def _two_colours() -> Any:
    from matplotlib.colors import ListedColormap

    return ListedColormap(["white", BLUE])
