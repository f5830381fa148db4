"""Sizes in declarations: numbers, names, and small polynomials of them such as 2*N, N+1, M*N, N^2."""

from __future__ import annotations

import sympy

from symjac.errors import ShapeError
from symjac.nodes.sizes import Size, size, size_symbol
from symjac.read.tokens import NAME, NUMBER, Cursor

MAX_SIZE = 1_000_000
"""The largest number of rows or columns that is read."""
MAX_SIZE_EXPONENT = 6
"""The largest power of a size name."""
MAX_TERMS = 30
"""The largest number of terms of a size, multiplied out."""
MAX_NESTING = 20
"""How deep brackets in a size may go."""


def multiply(left: Size, right: Size) -> Size:
    """Return a product of sizes, multiplied out, unless it is too long to be meant."""
    if term_count(left) * term_count(right) > MAX_TERMS:
        raise ShapeError(f"a size has at most {MAX_TERMS} terms, multiplied out")
    return sympy.expand(left * right)


def raise_size(base: Size, exponent: int) -> Size:
    """Return a power of a size, multiplied out."""
    if not 0 <= exponent <= MAX_SIZE_EXPONENT:
        raise ShapeError(f"exponents of sizes go up to {MAX_SIZE_EXPONENT}")
    result: Size = sympy.S.One
    for _ in range(exponent):
        result = multiply(result, base)
    return result


def check_size(value: Size) -> Size:
    """Return a size, or raise ShapeError where it is none, too large, or too long."""
    checked = size(value)
    if checked.is_Integer and checked > MAX_SIZE:
        raise ShapeError(f"sizes are at most {MAX_SIZE}")
    if term_count(checked) > MAX_TERMS:
        raise ShapeError(f"a size has at most {MAX_TERMS} terms, multiplied out")
    return checked


def term_count(value: Size) -> int:
    """Return the number of terms of a size."""
    return len(sympy.Add.make_args(value))


def read_size(cursor: Cursor, reserved: frozenset[str], depth: int = 0) -> Size:
    """Read a size; `reserved` are names that cannot be sizes, such as the x of M x N."""
    total = _term(cursor, reserved, depth)
    while cursor.at("+", "-"):
        sign = 1 if cursor.next().text == "+" else -1
        total = total + sign * _term(cursor, reserved, depth)
    if depth:
        return total
    return check_size(total)


def _term(cursor: Cursor, reserved: frozenset[str], depth: int) -> Size:
    total = _power(cursor, reserved, depth)
    while cursor.take("*"):
        total = multiply(total, _power(cursor, reserved, depth))
    return total


def _power(cursor: Cursor, reserved: frozenset[str], depth: int) -> Size:
    base = _atom(cursor, reserved, depth)
    if not (cursor.take("**") or cursor.take("^")):
        return base
    token = cursor.token
    if token.kind != NUMBER or not token.text.isdigit() or len(token.text) > 3 or int(token.text) > MAX_SIZE_EXPONENT:
        raise cursor.unexpected(f"an exponent up to {MAX_SIZE_EXPONENT}")
    cursor.next()
    return raise_size(base, int(token.text))


def _atom(cursor: Cursor, reserved: frozenset[str], depth: int) -> Size:
    token = cursor.token
    if token.kind == NUMBER:
        if not token.text.isdigit():
            raise cursor.error(f"a size is a whole number, not {token.text}")
        if len(token.text) > len(str(MAX_SIZE)) or int(token.text) > MAX_SIZE:
            raise cursor.error(f"sizes are at most {MAX_SIZE}")
        cursor.next()
        return sympy.Integer(int(token.text))
    if token.kind == NAME and token.text not in reserved:
        cursor.next()
        return size_symbol(token.text)
    if cursor.at("(") and depth < MAX_NESTING:
        cursor.next()
        inside = read_size(cursor, reserved, depth + 1)
        if not cursor.take(")"):
            raise cursor.unexpected("a closing bracket")
        return inside
    raise cursor.unexpected("a size, such as 3 or N")
