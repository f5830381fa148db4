"""What stands behind an option: sizes and layouts in words."""

from __future__ import annotations

from typing import Any, NoReturn

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


class LayoutWords(click.ParamType):
    """A layout in words.

    >>> LayoutWords().convert("wrt=row,denominator", None, None)
    Layout(of='column', wrt='row', orientation='denominator')
    """

    name = "layout"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Layout:
        """Return the layout that the words say."""
        if isinstance(value, Layout):
            return value
        chosen: dict[str, str] = {}
        for word in _parts(value):
            field, equals, choice = (piece.strip() for piece in word.partition("="))
            known = field in ("of", "wrt", "orientation") if equals else field in SHORTHANDS
            if not known:
                self.fail(f"{word!r} is no layout; say wrt=row, of=row, orientation=denominator, {', '.join(SHORTHANDS)}", param, ctx)
            self._choose(chosen, {field: choice} if equals else SHORTHANDS[field], param, ctx)
        try:
            return Layout(**chosen)
        except DomainError as error:
            self.fail(str(error), param, ctx)

    def _choose(
        self, chosen: dict[str, str], more: dict[str, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> None:
        for field, choice in more.items():
            if chosen.setdefault(field, choice) != choice:
                self.fail(f"{field} is chosen twice: {chosen[field]} and {choice}", param, ctx)


class SizeNumbers(click.ParamType):
    """Numbers for sizes.

    >>> SizeNumbers().convert("M=3, N=2", None, None)
    {'M': 3, 'N': 2}
    """

    name = "sizes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, int]:
        """Return the numbers by name."""
        if isinstance(value, dict):
            return value
        sizes: dict[str, int] = {}
        for part in _parts(value):
            name, _, number = (piece.strip() for piece in part.partition("="))
            if not (name.isidentifier() and number.isascii() and number.isdecimal() and len(number) <= MAX_DIGITS):
                self._refuse(part, param, ctx)
            if name in sizes:
                self.fail(f"{name} is given twice", param, ctx)
            sizes[name] = int(number)
        return sizes

    def _refuse(self, part: str, param: click.Parameter | None, ctx: click.Context | None) -> NoReturn:
        self.fail(f"{part!r} is no size; say M=3,N=2", param, ctx)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
