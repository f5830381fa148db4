"""Declarations: "A: M x N, x: N, c: scalar, S: N x N symmetric"."""

from __future__ import annotations

import re
from typing import Any

from symjac.errors import ShapeError
from symjac.nodes import build
from symjac.nodes.build import FACTS
from symjac.nodes.node import Symbol
from symjac.nodes.sizes import ONE, Size
from symjac.read.sizes import read_size
from symjac.read.tokens import END, NAME, Cursor, Token, suggestion
from symjac.sympy_nodes import matrix_symbol, scalar_symbol

_RESERVED = frozenset(("x", "scalar", *FACTS))


def declare(text: str) -> Any:
    """Declare symbols by their shapes: SymPy objects, a tuple of them where there are several.

    >>> A, x, c = declare("A: M x N, x: N, c: scalar")
    >>> (A*x).shape
    (M, 1)
    >>> declare("S: N x N symmetric posdef").facts
    ('invertible', 'posdef', 'symmetric')

    A size alone is a column; sizes are numbers, names, or polynomials such as 2*N+1. Facts are symmetric, posdef,
    invertible, diagonal and positive. Raises ParseError, with the column, where the text cannot be read.
    """
    found = _read(text)
    symbols = tuple(
        scalar_symbol(node.name, sorted(node.facts)) if is_scalar else matrix_symbol(node.name, *node.shape, sorted(node.facts))
        for node, is_scalar in found.values()
    )
    return symbols[0] if len(symbols) == 1 else symbols


def read_declarations(text: str) -> dict[str, Symbol]:
    """Read declarations as nodes by name, in the order of the text.

    >>> {name: node.shape for name, node in read_declarations("A, B: 2 x 3; b: 2").items()}
    {'A': (2, 3), 'B': (2, 3), 'b': (2, 1)}
    """
    return {name: node for name, (node, _) in _read(text).items()}


def _read(text: str) -> dict[str, tuple[Symbol, bool]]:
    """Read declarations; with each symbol goes whether it was called a scalar, and not a 1×1 matrix."""
    cursor = Cursor(_spaced(text) if isinstance(text, str) else text, "a declaration")
    found: dict[str, tuple[Symbol, bool]] = {}
    places: dict[str, Token] = {}
    while cursor.token.kind != END:
        names = _names(cursor)
        start = cursor.token
        is_scalar = cursor.at("scalar")
        try:
            rows, cols = _shape(cursor)
            facts = _facts(cursor)
            symbols = [build.symbol(token.text, rows, cols, facts) for token in names]
        except ShapeError as error:
            raise ShapeError(f"column {start.column}: {error}") from None
        for token, symbol in zip(names, symbols, strict=True):
            if token.text in found:
                raise cursor.error(f"{token.text} is declared twice", token)
            found[token.text] = (symbol, is_scalar)
            places[token.text] = token
    _no_name_is_a_size(cursor, [node for node, _ in found.values()], places)
    return found


def _spaced(text: str) -> str:
    """Part the 3x2 and NxM that people write without spaces; columns stay, for × is a sign of its own."""
    return re.sub(r"(:\s*)([A-Za-z]|\d+)x([A-Za-z]|\d+)(?![A-Za-z0-9_])", r"\1\2×\3", text)


def _names(cursor: Cursor) -> list[Token]:
    names: list[Token] = []
    while True:
        if cursor.token.kind != NAME:
            raise cursor.unexpected("a name")
        names.append(cursor.next())
        if cursor.take(":"):
            return names
        if not cursor.take(","):
            raise cursor.unexpected(f"a colon and a shape after {names[-1].text}, such as {names[-1].text}: M x N")


def _shape(cursor: Cursor) -> tuple[Size, Size]:
    if cursor.take("scalar"):
        return ONE, ONE
    rows = read_size(cursor, _RESERVED)
    if cursor.take("x") or cursor.take("×"):
        return rows, read_size(cursor, _RESERVED)
    return rows, ONE


def _facts(cursor: Cursor) -> list[str]:
    """Read facts up to the next declaration; a comma may stand before a fact."""
    facts: list[str] = []
    while cursor.token.kind != END:
        if cursor.at(",", ";"):
            cursor.next()
            if cursor.token.kind != END and not _is_fact(cursor):
                return facts
        elif cursor.token.kind == NAME and cursor.token.text in FACTS:
            facts.append(cursor.next().text)
        else:
            near = suggestion(cursor.token.text, list(FACTS))
            raise cursor.error(f"expected a comma or a fact ({', '.join(FACTS)}), found {cursor.token.text}{near}")
    return facts


def _is_fact(cursor: Cursor) -> bool:
    """Whether a fact stands here, and not a symbol that bears its name."""
    return cursor.token.text in FACTS and cursor.tokens[cursor.index + 1].text != ":"


def _no_name_is_a_size(cursor: Cursor, found: list[Symbol], places: dict[str, Token]) -> None:
    sizes = {s.name for node in found for n in node.shape for s in n.free_symbols}
    for name, token in places.items():
        if name in sizes:
            raise cursor.error(f"{name} is declared, and used as a size too; give one of them another name", token)
