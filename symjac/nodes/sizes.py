"""Sizes of matrices: positive integers, or polynomials in size names.

A size is a SymPy expression, always expanded, so that equal sizes are equal objects:
n(m + 1) and nm + n meet here and nowhere else.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import sympy

from symjac.errors import ShapeError

Size: TypeAlias = sympy.Expr
Shape = tuple[Size, Size]

ONE: Size = sympy.Integer(1)


@lru_cache(maxsize=4096)
def size_symbol(name: str) -> sympy.Symbol:
    """Return the one symbol that stands for a size of this name."""
    return sympy.Symbol(name, integer=True, positive=True)


@lru_cache(maxsize=4096)
def size(value: int | sympy.Expr) -> Size:
    """Return `value` as an expanded size, or raise ShapeError where it cannot be one."""
    expanded = sympy.expand(sympy.Integer(value) if isinstance(value, int) else value)
    if expanded.is_number and not (expanded.is_Integer and expanded.is_positive):
        raise ShapeError(f"a size is a positive integer or a polynomial in size names, not {value}")
    if not expanded.is_polynomial(*expanded.free_symbols):
        raise ShapeError(f"a size is a polynomial in size names, not {value}")
    return expanded


@lru_cache(maxsize=4096)
def times(*sizes: Size) -> Size:
    """Return the product of sizes, expanded."""
    return sympy.expand(sympy.Mul(*sizes))


@lru_cache(maxsize=4096)
def size_text(value: Size) -> str:
    """Return a stable text of a size, for digests and messages."""
    return str(value)


def shape_text(shape: Shape) -> str:
    """Return a shape as people write it: 3 × N."""
    return f"{size_text(shape[0])} × {size_text(shape[1])}"
