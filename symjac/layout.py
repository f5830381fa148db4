"""Layouts: in which order outputs and inputs are stacked, and which of them run down the rows."""

from __future__ import annotations

from dataclasses import dataclass

from symjac.errors import DomainError


@dataclass(frozen=True)
class Layout:
    """How a Jacobian is laid out: outputs and inputs column-first or row-first, numerator or denominator.

    >>> Layout(wrt="row").words
    'outputs column-first, inputs row-first, numerator layout'
    """

    of: str = "column"
    wrt: str = "column"
    orientation: str = "numerator"

    def __post_init__(self) -> None:
        for field, value, allowed in (
            ("of", self.of, ("column", "row")),
            ("wrt", self.wrt, ("column", "row")),
            ("orientation", self.orientation, ("numerator", "denominator")),
        ):
            if value not in allowed:
                raise DomainError(f"Layout({field}={value!r}): {field} is one of {' or '.join(map(repr, allowed))}")

    @property
    def words(self) -> str:
        """The layout, said in words."""
        return f"outputs {self.of}-first, inputs {self.wrt}-first, {self.orientation} layout"


def checked_layout(layout: Layout | None) -> Layout:
    """Return a layout as it was asked for, column-first in numerator layout where none was."""
    if layout is not None and not isinstance(layout, Layout):
        raise DomainError(f"layout={layout!r}: it is a Layout, as in Layout(wrt='row')")
    return layout or Layout()
