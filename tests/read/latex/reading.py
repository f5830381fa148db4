"""Reading formulas over the declarations that most of these tests share."""

from __future__ import annotations

from fractions import Fraction

from symjac.read.declare import read_declarations
from symjac.read.latex import Names, parse
from symjac.read.latex.tree import Letter, Name, Number, Statement, Tree

GIVEN = "A: M x N, B: N x N, X: N x N, W: N x N, Z: N x N, x: N, y: N, z: N, b: N, s: scalar, t: scalar, p: scalar"


def names(given: str = GIVEN, written: dict[str, str] | None = None, defined: tuple[str, ...] = ()) -> Names:
    return Names.of(read_declarations(given), written, defined)


def statement(text: str, known: Names | None = None) -> Statement:
    return parse(text, known or names())


def tree(text: str, known: Names | None = None) -> Tree:
    """Read a formula of one side."""
    (side,) = statement(text, known).sides
    return side


def number(value: int) -> Number:
    return Number(Fraction(value))


A, B, X, W, Z, x, y, z, b, s, t = (Name(letter) for letter in ["A", "B", "X", "W", "Z", "x", "y", "z", "b", "s", "t"])
i, j, k, M, N = (Letter(letter) for letter in "ijkMN")
