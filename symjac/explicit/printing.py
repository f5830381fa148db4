"""Explicit Jacobians on paper and in terminals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sympy
from sympy import ImmutableDenseMatrix as Matrix

from symjac.layout import Layout
from symjac.write.names import symbol_latex
from symjac.write.tex import ROOM
from symjac.write.width import latex_width
from symjac.write.words import tex_words

if TYPE_CHECKING:
    from symjac.explicit.jacobian import Partial

MOST_COLUMNS = 10
"""The columns that LaTeX's matrices have without being asked."""

LETTER, GAP = 0.36, 1.5
"""Widths in em: a letter of a reason, what stands between two columns."""


@dataclass(frozen=True)
class Row:
    """One line of a block: what equals what, how wide that will be in em, and why."""

    left: str
    right: str
    width: float
    reason: str = ""


def explicit_latex(
    functions: Matrix, variables: Sequence[sympy.Symbol], columns: Sequence[Matrix], matrix: Matrix, layout: Layout
) -> str:
    """Return f, its columns and its Jacobian as one `aligned` block."""
    write = Writer((*variables, *sorted(functions.free_symbols, key=str)))
    name = function_name(functions, variables)
    top = name if 1 in functions.shape else rf"\operatorname{{vec}} {name}"
    by = ", ".join(map(write, variables))
    rows = [Row(f"{name}({by})", *write.function(functions))]
    partials = [derivative(top, write(variable)) for variable in variables]
    rows.extend(Row(left, *write.matrix(column)) for left, column in zip(partials, columns, strict=True))
    if len(variables) > 1 or layout != Layout():
        reason = "" if layout == Layout() else tex_words(layout.words)
        right, width = write.matrix(matrix)
        if width > ROOM:
            right, width = stacked(partials, layout), ROOM / 2
        rows.append(Row(derivative(top, f"({by})" if len(variables) > 1 else by), right, width, reason))
    return block(rows)


def stacked(partials: Sequence[str], layout: Layout) -> str:
    """Return a Jacobian by its columns, where its entries would not fit on the page."""
    if layout.orientation == "numerator":
        return rf"\begin{{bmatrix}} {partials[0]} & \cdots & {partials[-1]} \end{{bmatrix}}"
    return rf"\begin{{bmatrix}} {partials[0]} & \cdots & {partials[-1]} \end{{bmatrix}}^{{\mathsf{{T}}}}"


def block(rows: Sequence[Row]) -> str:
    """Return rows as an `aligned` block; a reason for which its row leaves no room stands below."""
    left = max((latex_width(row.left) for row in rows if latex_width(row.left) < ROOM / 2), default=0.0)
    right = max(row.width for row in rows)
    reason = max(LETTER * len(row.reason) for row in rows)
    between = r" &\quad& " if left + right + GAP + reason <= ROOM else r" \qquad "
    printed: list[str] = []
    for row in rows:
        margin = rf"\text{{\footnotesize {row.reason}}}"
        fits = left + row.width + GAP + LETTER * len(row.reason) <= ROOM
        printed.append(f"{row.left} &= {row.right}".strip() + (between + margin if row.reason and fits else ""))
        if row.reason and not fits:
            printed.append(rf"&\qquad {margin}")
    return "\\begin{aligned}\n" + " \\\\[1ex]\n".join(printed) + "\n\\end{aligned}"


def function_name(functions: Matrix, variables: Sequence[sympy.Symbol]) -> str:
    """Return a letter for the functions that no symbol bears: f, or F where they form a matrix."""
    taken = {symbol.name for symbol in (*variables, *functions.free_symbols)}
    letters = "fghpqr" if 1 in functions.shape else "FGHPQR"
    return next((letter for letter in letters if letter not in taken), f"{letters[0]}'")


def derivative(top: str, bottom: str) -> str:
    return rf"\frac{{\partial {top}}}{{\partial {bottom}}}"


class Writer:
    """Writes scalar expressions in LaTeX, their symbols as everywhere else in the program."""

    def __init__(self, symbols: Sequence[sympy.Symbol]) -> None:
        self.names = {symbol: symbol_name(symbol) for symbol in symbols}

    def __call__(self, expression: Any) -> str:
        return str(sympy.latex(expression, symbol_names=self.names, ln_notation=False, inv_trig_style="full"))

    def matrix(self, matrix: Matrix) -> tuple[str, float]:
        """Return a matrix in square brackets, and its width; a 1×1 matrix as its entry."""
        cells = [[self(matrix[i, j]) for j in range(matrix.cols)] for i in range(matrix.rows)]
        width = sum(max(latex_width(row[j]) + GAP for row in cells) for j in range(matrix.cols))
        if matrix.shape == (1, 1):
            return cells[0][0], width
        tall = any(mark in cell for row in cells for cell in row for mark in (r"\frac", r"\begin"))
        rows = (r" \\[3pt] " if tall else r" \\ ").join(" & ".join(row) for row in cells)
        if matrix.cols <= MOST_COLUMNS:
            return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}", width
        return rf"\left[\begin{{array}}{{{'c' * matrix.cols}}} {rows} \end{{array}}\right]", width

    def function(self, functions: Matrix) -> tuple[str, float]:
        """Return the value of a function, and its width; a column lies down where there is room."""
        if functions.cols == 1 < functions.rows <= MOST_COLUMNS:
            lying, width = self.matrix(functions.T)
            if width <= ROOM / 2:
                return f"{lying}^{{\\mathsf{{T}}}}", width
        return self.matrix(functions)


def symbol_name(symbol: sympy.Symbol) -> str:
    """Return a symbol's name in LaTeX, whatever characters are in it."""
    name = symbol.name
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        return symbol_latex(name)
    return rf"\text{{{tex_words(name)}}}"


def explicit_text(functions: Matrix, steps: Sequence[Partial], matrix: Matrix, width: int) -> str:
    """Return every function with its partial derivatives, then the Jacobian as a grid."""
    single = functions.shape == (1, 1)
    name = function_name(functions, [step.variable for step in steps])
    lines: list[str] = []
    for k, step in enumerate(steps):
        indexed = (
            name if single else name + (str(step.index[0]) if len(step.index) == 1 else f"_{step.index[0]},{step.index[1]}")
        )
        if k % width == 0:
            lines.append(f"{indexed} = {step.function}")
        lines.append(f"    ∂{indexed}/∂{step.variable} = {step.value}")
    return "\n".join([*lines, grid("J = ", matrix)])


def grid(opening: str, matrix: Matrix) -> str:
    """Return a matrix in lines, its columns one below the other.

    >>> print(grid("J = ", Matrix([[1, 20], [300, 4]])))
    J = [1    20]
        [300  4 ]
    """
    cells = [[str(matrix[i, j]) for j in range(matrix.cols)] for i in range(matrix.rows)]
    widths = [max(len(row[j]) for row in cells) for j in range(matrix.cols)]
    rows = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in cells]
    return "\n".join(f"{' ' * len(opening) if i else opening}[{row}]" for i, row in enumerate(rows))
