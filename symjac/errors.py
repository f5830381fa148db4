"""One family of errors: each message names the expression, its shapes, and what to do."""

from __future__ import annotations


class SymjacError(Exception):
    """The root of every error that symjac raises."""


class ShapeError(SymjacError, ValueError):
    """The shapes of an expression do not fit together."""


class UnsupportedError(SymjacError, NotImplementedError):
    """The expression is understood, but its derivative is out of reach."""


class DomainError(SymjacError, ValueError):
    """A value lies outside what an operation or an option accepts."""


class ParseError(SymjacError, ValueError):
    """A text could not be read; `column` (from 1) says where."""

    def __init__(self, message: str, text: str = "", column: int | None = None):
        self.text = text
        self.column = column
        where = f"column {column}: " if column is not None else ""
        caret = f"\n  {text}\n  {' ' * (column - 1)}^" if column is not None and 0 < len(text) <= 200 else ""
        super().__init__(f"{where}{message}{caret}")
