"""Reading numbers: whatever people put into a table, as exact rationals or as floats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from symjac.errors import DomainError, ShapeError

Floats = NDArray[np.float64]
Rows = tuple[tuple[Fraction, ...], ...]

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_LONGEST = 400


def decimal(text: str) -> Fraction | None:
    """Return the exact value of a decimal number such as 88.5 or -1.2e3, or None where the text is not one.

    >>> decimal("88.5"), decimal("n/a")
    (Fraction(177, 2), None)
    """
    text = text.strip()
    return Fraction(text) if len(text) <= _LONGEST and _DECIMAL.fullmatch(text) else None


def exact(value: Any) -> Fraction | None:
    """Return the exact value of a finite real number, or None for anything else.

    >>> exact(0.5), exact("0.1"), exact(sympy.Rational(1, 3)), exact(float("nan"))
    (Fraction(1, 2), Fraction(1, 10), Fraction(1, 3), None)

    A float is the binary fraction that it is; a text or a Decimal is the decimal that it says.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str):
        return decimal(value)
    if isinstance(value, int | np.integer):
        return Fraction(int(value))
    if isinstance(value, float | np.floating):
        return Fraction(float(value)) if isfinite(value) else None
    if isinstance(value, Decimal):
        return Fraction(value) if value.is_finite() and abs(value.adjusted()) < _LONGEST else None
    if isinstance(value, sympy.Rational) and value.is_finite:
        return Fraction(int(value.p), int(value.q))
    return exact(float(value)) if isinstance(value, sympy.Float) else None


def exact_rows(values: Any, name: str) -> Rows:
    """Return a table as rows of exact numbers; a vector is a column."""
    rows = _rows(values, name)
    width = len(rows[0]) if rows else 0
    found: list[tuple[Fraction, ...]] = []
    for i, row in enumerate(rows, start=1):
        if len(row) != width:
            raise ShapeError(f"row {i} of {name} has {len(row)} entries, the first has {width}")
        found.append(tuple(_number(value, name, i, j) for j, value in enumerate(row, start=1)))
    return tuple(found)


def _rows(values: Any, name: str) -> list[Sequence[Any]]:
    if isinstance(values, sympy.MatrixBase):
        return [list(row) for row in values.tolist()]
    array = values if isinstance(values, list | tuple) else getattr(values, "tolist", lambda: None)()
    if not isinstance(array, list | tuple):
        raise DomainError(f"{name} has to be a table of numbers, not {type(values).__name__}")
    rows = [row.tolist() if isinstance(row, np.ndarray) else row for row in array]
    rows = [row if isinstance(row, list | tuple) else (row,) for row in rows]
    if not rows or not rows[0]:
        raise ShapeError(f"{name} is empty")
    return rows


def _number(value: Any, name: str, row: int, column: int) -> Fraction:
    number = exact(value)
    if number is None:
        shown = value if isinstance(value, str | float) else f"{type(value).__name__} {value!r}"
        raise DomainError(f"{name}, row {row}, column {column}: {str(shown)[:80]!r} is not a finite real number")
    return number


def float_rows(values: Any, name: str) -> Floats:
    """Return a table as a 2-D array of floats; a vector is a column."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiu" and values.ndim in (1, 2):
        array = values.astype(np.float64).reshape(len(values), -1)
        bad = np.argwhere(~np.isfinite(array))
        if bad.size:
            i, j = bad[0]
            raise DomainError(f"{name}, row {i + 1}, column {j + 1}: {array[i, j]} is not a finite real number")
        if not array.size:
            raise ShapeError(f"{name} is empty")
        return array
    return np.array([[_rounded(number, name) for number in row] for row in exact_rows(values, name)])


def _rounded(number: Fraction, name: str) -> float:
    value = nearest(number)
    if not isfinite(value):
        raise DomainError(f"{name} holds a number beyond floating point; method='exact' can take it")
    return value


def nearest(number: Fraction) -> float:
    """Return the nearest float, infinite where the number is beyond all of them."""
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def floats(numbers: Iterable[Fraction]) -> Floats:
    """Return exact numbers, each correctly rounded."""
    return np.array([nearest(number) for number in numbers], dtype=np.float64)
