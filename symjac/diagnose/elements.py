"""Entries of a matrix in the words of a message: x₂ for x[1, 0], and 2x₁ for 2*x[0, 0]."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from symjac.diagnose.words import shown
from symjac.errors import SymjacError
from symjac.nodes.build import symbol
from symjac.nodes.node import Symbol
from symjac.nodes.sizes import ONE
from symjac.read.text import read_text
from symjac.write.names import symbol_text

LONGEST = 400
"""Longer entries are shown as they stand."""

_ELEMENT = re.compile(r"(\w+)\[(\d+), (\d+)\]")
_NAME = re.compile(r"[A-Za-z]\w*")


def entry_text(entry: Any, symbols: Sequence[Symbol] = ()) -> str:
    """Return an entry, a number or an expression in elements of the declared symbols, as a message says it.

    >>> import sympy
    >>> x, A = sympy.MatrixSymbol("x", 2, 1), sympy.MatrixSymbol("A", 2, 2)
    >>> entry_text(2 * x[0, 0] + A[1, 0]**2, [symbol("x", 2), symbol("A", 2, 2)])
    'A₂₁² + 2x₁'
    """
    columns = {s.name for s in symbols if s.cols is ONE}
    rows = {s.name for s in symbols if s.rows is ONE}

    def named(found: re.Match[str]) -> str:
        name, row, col = found[1], int(found[2]) + 1, int(found[3]) + 1
        indices = (row,) if name in columns else (col,) if name in rows else (row, col)
        return f"{name}_{('' if max(indices) < 10 else '_').join(map(str, indices))}"

    said = _ELEMENT.sub(named, str(entry))
    names = dict.fromkeys(_NAME.findall(said))
    if len(said) <= LONGEST:
        try:
            return shown(read_text(said.replace("^", "**"), {name: symbol(name, 1) for name in names}))
        except SymjacError:
            pass
    return _NAME.sub(lambda found: symbol_text(found[0]), said)
