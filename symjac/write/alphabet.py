"""What LaTeX and text must each know how to write; everything else about printing they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from symjac.write.names import Name
from symjac.write.precedence import Piece

BREAK = "\u200b"
"""Stands where a long line may be broken; taken out before anybody sees it."""


class Alphabet(Protocol):
    """How one medium writes the parts of an expression.

    Exponents come in a small vocabulary: digits, `-`, `/`, `T` for a transpose, `∘` for an entrywise power.
    """

    plus: str
    minus: str
    dot: str
    times: str
    space: str
    """What stands between two factors that must be kept apart."""
    apart_after_index: bool
    """Whether what follows a subscript would run into it."""
    differential: str
    defines: str
    operators: Mapping[str, str]
    """The signs of Kronecker, Hadamard and Khatri–Rao, by the name of the node."""

    def name(self, name: Name) -> str:
        """Return a declared name."""
        ...

    def function(self, name: str, order: int, taken: frozenset[str]) -> tuple[str, bool]:
        """Return a function's name with its primes, and whether a space must stand before it."""
        ...

    def beside(self, left: str, right: str) -> str:
        """Return what must stand between two factors that need no space."""
        ...

    def bold(self, letter: str) -> str:
        """Return the letter of the ones or of the basis."""
        ...

    def lowered(self, base: str, indices: Sequence[str]) -> str:
        """Return a base with a subscript."""
        ...

    def raised(self, base: str, exponent: str) -> str:
        """Return a base with a superscript."""
        ...

    def bracket(self, body: str, height: int) -> str:
        """Return a body of some height in round brackets."""
        ...

    def norm(self, arg: Piece, body: str, frobenius: bool) -> str:
        """Return the norm of a vector, or the Frobenius norm of a matrix."""
        ...

    def root(self, arg: Piece) -> Piece:
        """Return a square root."""
        ...

    def fraction(self, top: Piece, bottom: Piece) -> Piece:
        """Return a quotient."""
        ...

    def gradient(self, by: str, of: str) -> str:
        """Return the name of a gradient."""
        ...

    def derivative(self, of: str, by: str) -> str:
        """Return the name of a Jacobian."""
        ...

    def member(self, size: str) -> str:
        """Return `∈ ℝ` with a size as exponent, or none."""
        ...

    def words(self, words: str) -> str:
        """Return words as they stand beside a line."""
        ...

    def within(self, body: str) -> str:
        """Return a formula as it stands among words."""
        ...
