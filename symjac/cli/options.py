"""What stands behind an option: sizes and layouts in words."""

from __future__ import annotations

import click

from symjac.errors import DomainError
from symjac.layout import Layout

MAX_DIGITS = 9
"""Digits of a size; more are a slip of the finger."""

SHORTHANDS = {
    "numerator": {"orientation": "numerator"},
    "denominator": {"orientation": "denominator"},
    "row": {"of": "row", "wrt": "row"},
    "column": {"of": "column", "wrt": "column"},
}
"""Layouts that people call by one word."""


def read_layout(text: str) -> Layout:
    """Return the layout that words say.

    >>> read_layout("wrt=row, denominator")
    Layout(of='column', wrt='row', orientation='denominator')

    Raises click.BadParameter for words that say none.
    """
    chosen: dict[str, str] = {}
    for word in _parts(text):
        for field, choice in _choices(word).items():
            if chosen.setdefault(field, choice) != choice:
                raise click.BadParameter(f"{field} is chosen twice: {chosen[field]} and {choice}")
    try:
        return Layout(**chosen)
    except DomainError as error:
        raise click.BadParameter(str(error)) from None


def _choices(word: str) -> dict[str, str]:
    field, equals, choice = (piece.strip() for piece in word.partition("="))
    if equals and field in ("of", "wrt", "orientation"):
        return {field: choice}
    if word in SHORTHANDS:
        return SHORTHANDS[word]
    raise click.BadParameter(f"{word!r} is no layout; say wrt=row, of=row, orientation=denominator, {', '.join(SHORTHANDS)}")


def read_sizes(text: str | None) -> dict[str, int] | None:
    """Return numbers for sizes by name.

    >>> read_sizes("M=3, N=2")
    {'M': 3, 'N': 2}

    Raises click.BadParameter for what is no name with a number.
    """
    if text is None:
        return None
    sizes: dict[str, int] = {}
    for part in _parts(text):
        name, _, number = (piece.strip() for piece in part.partition("="))
        if not (name.isidentifier() and number.isascii() and number.isdecimal() and len(number) <= MAX_DIGITS):
            raise click.BadParameter(f"{part!r} is no size; say M=3,N=2")
        if name in sizes:
            raise click.BadParameter(f"{name} is given twice")
        sizes[name] = int(number)
    return sizes


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
