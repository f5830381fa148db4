"""Which operand needs brackets: the one table that LaTeX and text share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum


class Level(IntEnum):
    """How tightly a printed expression holds together, loosest first."""

    SUM = 0
    SIGNED = 1
    MIXED = 2
    """⊗, ∘ and ∗: two of them never share a line without brackets."""
    CHAIN = 3
    PREFIX = 4
    POSTFIX = 5
    ATOM = 6


NEEDS = {
    "term": Level.MIXED,
    "signed": Level.CHAIN,
    "mixed": Level.CHAIN,
    "factor": Level.PREFIX,
    "prefix": Level.ATOM,
    "superscript": Level.ATOM,
}
"""The loosest operand that goes without brackets, by the place where it stands."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A printed expression: its body without a sign, and what its surroundings must know of it."""

    body: str
    level: Level = Level.ATOM
    negative: bool = False
    height: int = 0
    """0 for letters and superscripts, one more for every bracket around."""
    apart: tuple[bool, bool] = (False, False)
    """Whether a space must stand before it, after it."""
    digit: bool = False
    """Whether it begins with a digit."""
    closed: bool = True
    """False where what follows would be read as its argument: dX, vec A."""
    raised: tuple[Piece, str] | None = None
    """The base and the exponent of an inverse, which a transpose joins: X⁻ᵀ."""

    @property
    def outer(self) -> Level:
        """The level with the sign counted."""
        return min(Level.SIGNED, self.level) if self.negative else self.level

    def fits(self, place: str) -> bool:
        """Whether it may stand at a place without brackets."""
        return self.outer >= NEEDS[place]

    @property
    def unsigned(self) -> Piece:
        return replace(self, negative=False) if self.negative else self
