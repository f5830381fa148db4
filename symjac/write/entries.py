"""Explicit matrices on a page: A₁₂ for the entry that SymPy calls A[0, 1]."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy
from sympy.matrices.expressions.matexpr import MatrixElement

from symjac.write.names import symbol_latex, symbol_text
from symjac.write.page import Code, Math

MAX_WIDTH = 84
"""Columns of a terminal beyond which a matrix is not drawn; a page in print is about as wide."""

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def drawn(matrix: Any) -> Math | Code:
    """Return an explicit matrix as a formula, or as a list of its entries where that would be too wide.

    >>> print(drawn(sympy.MatrixSymbol("A", 1, 2).as_explicit()).text)
    [A₁₁  A₁₂]
    """
    lettered = _lettered(matrix, symbol_text, _text_entry)
    text = str(sympy.pretty(lettered, use_unicode=True, wrap_line=False))
    if max(map(len, text.splitlines())) > MAX_WIDTH:
        return Code(_listed(lettered))
    return Math(str(sympy.latex(_lettered(matrix, symbol_latex, _latex_entry))), text)


def _listed(matrix: Any) -> str:
    """Return the entries of a matrix that is too wide to be drawn, a line each."""
    found = [((i + 1, j + 1), matrix[i, j]) for i in range(matrix.rows) for j in range(matrix.cols) if matrix[i, j] != 0]
    width = max((len(str(place)) for place, _ in found), default=0)
    others = ["all others are 0"] if len(found) < len(matrix) else []
    return "\n".join([*(f"{place!s:<{width}} = {entry}" for place, entry in found), *others])


def _lettered(matrix: Any, symbol: Callable[[str], str], entry: Callable[[str, str], str]) -> Any:
    """Replace symbols, and entries of symbols, by symbols named as they are printed."""
    elements = sorted(matrix.atoms(MatrixElement), key=str)
    names = {element: entry(element.parent.name, _indices(element)) for element in elements}
    plain = sorted(matrix.free_symbols - {element.parent for element in elements}, key=str)
    names.update({letter: symbol(letter.name) for letter in plain if isinstance(letter, sympy.Symbol)})
    return matrix.xreplace({old: sympy.Symbol(new, real=True) for old, new in names.items()})


def _indices(element: MatrixElement) -> str:
    """Count from one, and columns of a matrix only."""
    row, col = int(element.i) + 1, int(element.j) + 1
    indices = [row] if element.parent.shape[1] == 1 else [row, col]
    return ("" if max(indices) < 10 else ",").join(map(str, indices))


def _latex_entry(name: str, indices: str) -> str:
    return f"{{{symbol_latex(name)}}}_{{{indices}}}"


def _text_entry(name: str, indices: str) -> str:
    letters = symbol_text(name)
    return letters + indices.translate(_SUBSCRIPTS) if letters.isalpha() and "," not in indices else f"{letters}[{indices}]"
