"""What LaTeX and text must each know how to write; everything else about printing they share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from symjac.write.names import Name
from symjac.write.precedence import Piece

BREAK = "\u200b"
"""Stands where a long line may be broken; taken out before anybody sees it."""


class Alphabet(Protocol):
    """How one medium writes the parts of an expression.

    Exponents and indices come in a small vocabulary: digits, `-`, `/`, `T` for a transpose, `∘` for an entrywise power.
    """

    minus: str
    plus: str
    dot: str
    space: str
    operators: dict[str, str]
    """Kronecker, Hadamard, Khatri–Rao, by node name."""

    def name(self, name: Name) -> str:
        """A declared name."""

    def function(self, name: str, order: int, taken: frozenset[str]) -> tuple[str, bool]:
        """A function's name with its primes, and whether a space must stand before it."""

    def bold(self, letter: str, indices: Sequence[str]) -> Piece:
        """The ones 𝟏 and the basis 𝐞."""

    def lowered(self, base: str, indices: Sequence[str], between: str) -> str:
        """A subscript."""

    def raised(self, base: str, exponent: str) -> str:
        """A superscript."""

    def bracket(self, body: str, height: int) -> str:
        """Round brackets that fit a body of some height."""

    def norm(self, body: str, height: int, frobenius: bool) -> str:
        """A norm."""

    def root(self, arg: Piece) -> Piece:
        """A square root."""

    def fraction(self, top: Piece, bottom: Piece) -> Piece:
        """A quotient."""

    def differential(self, arg: str, apart: bool) -> str:
        """d of something."""

    def between(self, left: Piece, right: Piece) -> str:
        """What keeps two factors apart."""
