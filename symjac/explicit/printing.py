"""Explicit Jacobians on paper and in terminals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sympy
from sympy import ImmutableDenseMatrix as Matrix

from symjac.layout import Layout
from symjac.write.lines import Line
from symjac.write.names import symbol_latex
from symjac.write.tex import aligned
from symjac.write.words import tex_words

if TYPE_CHECKING:
    from symjac.explicit.jacobian import Partial

MOST_COLUMNS = 10
"""The columns that LaTeX's matrices have without being asked."""


def explicit_latex(
    functions: Matrix, variables: Sequence[sympy.Symbol], columns: Sequence[Matrix], matrix: Matrix, layout: Layout
) -> str:
    """Return f, its columns and its Jacobian as one `aligned` block."""
    write = Writer((*variables, *sorted(functions.free_symbols, key=str)))
    name = "f" if 1 in functions.shape else "F"
    top = name if 1 in functions.shape else rf"\operatorname{{vec}} {name}"
    lines = [Line(f"{name}({', '.join(map(write, variables))})", write.function(functions))]
    for variable, column in zip(variables, columns, strict=True):
        lines.append(Line(derivative(top, write(variable)), write.matrix(column)))
    by = ", ".join(map(write, variables)) if len(variables) == 1 else f"({', '.join(map(write, variables))})"
    reason = "" if layout == Layout() else tex_words(layout.words)
    if len(variables) > 1 or layout != Layout():
        lines.append(Line(derivative(top, by), write.matrix(matrix), reason))
    return spaced(aligned(lines))


def derivative(top: str, bottom: str) -> str:
    return rf"\frac{{\partial {top}}}{{\partial {bottom}}}"


def spaced(block: str) -> str:
    """Keep the tall lines of a block apart."""
    return block.replace(" \\\\\n", " \\\\[1ex]\n")


class Writer:
    """Writes scalar expressions in LaTeX, their symbols as everywhere else in the program."""

    def __init__(self, symbols: Sequence[sympy.Symbol]) -> None:
        self.names = {symbol: symbol_name(symbol) for symbol in symbols}

    def __call__(self, expression: Any) -> str:
        return str(sympy.latex(expression, symbol_names=self.names, ln_notation=False))

    def matrix(self, matrix: Matrix) -> str:
        """Return a matrix in square brackets; a 1×1 matrix as its entry."""
        if matrix.shape == (1, 1):
            return self(matrix[0, 0])
        rows = r" \\ ".join(" & ".join(self(matrix[i, j]) for j in range(matrix.cols)) for i in range(matrix.rows))
        if matrix.cols <= MOST_COLUMNS:
            return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"
        return rf"\left[\begin{{array}}{{{'c' * matrix.cols}}} {rows} \end{{array}}\right]"

    def function(self, functions: Matrix) -> str:
        """Return the value of a function; a short column lies down."""
        if functions.cols == 1 < functions.rows <= MOST_COLUMNS:
            return f"{self.matrix(functions.T)}^{{\\mathsf{{T}}}}"
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
    name = "f" if 1 in functions.shape else "F"
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
