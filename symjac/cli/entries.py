"""Explicit matrices on a page: A₁₂ for the entry that SymPy calls A[0, 1]."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy
from sympy.matrices.expressions.matexpr import MatrixElement

from symjac.write.names import symbol_latex, symbol_text
from symjac.write.page import Math


def drawn(matrix: Any) -> Math:
    """Return an explicit matrix in both alphabets.

    >>> print(drawn(sympy.MatrixSymbol("A", 1, 2).as_explicit()).text)
    [A₁₁  A₁₂]
    """
    latex = sympy.latex(_lettered(matrix, symbol_latex, _latex_entry))
    text = sympy.pretty(_lettered(matrix, symbol_text, _text_entry), use_unicode=True, wrap_line=False)
    return Math(str(latex), str(text))


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
    return f"{letters}_{indices}" if letters.isalpha() and "," not in indices else f"{letters}[{indices}]"
