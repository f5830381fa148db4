"""What the fuzzer hands to everything that reads what nobody has vetted: text, LaTeX, declarations, exercise files."""

from __future__ import annotations

from symjac.errors import SymjacError
from symjac.meaning import World, readings
from symjac.read.declare import read_declarations
from symjac.read.exercise import decoded, read_exercises
from symjac.read.latex import Names, lines, parse, parse_definitions, written
from symjac.read.text import read_text

GIVEN = read_declarations("A: M x N, B: N x N, X: N x N, x, y: N, b: M, theta: N, lambda_: scalar")
NAMES = Names.of(GIVEN)
WORLD = World.of(GIVEN)

SPELLING = r"""
    \frac \mathbf { } ( ) \left( \right) ^ _ \top ^T ' \| | \odot \otimes + - = A B X x y b \theta \lambda I K 1 2 \quad
    \sum_{i=1}^{N} \delta_{ij} _{ij} \begin{bmatrix} \end{bmatrix} \begin{cases} \end{cases} & \\ \operatorname{tr} \det \log
    \sigma ^{-1} ^{(1)} \cdots \partial \nabla \mathrm{d} d , \text{if}
"""

PIECES = tuple(SPELLING.split())
"""What a byte above 127 stands for, so that random bytes have a chance to mean something."""


def spelled(data: bytes) -> str:
    """Return bytes as text: below 128 a character, above it a piece of LaTeX."""
    return "".join(chr(byte) if byte < 128 else PIECES[(byte - 128) % len(PIECES)] for byte in data)


def read_everything(data: bytes) -> None:
    """Hand the same input to every reader."""
    text = spelled(data)
    targets = (
        lambda: read_text(text, GIVEN),
        lambda: read_declarations(text),
        lambda: _read_latex(text),
        lambda: parse_definitions([text], NAMES),
        lambda: lines(text),
        lambda: read_exercises(decoded(data)),
        lambda: read_exercises(f"# One\n\n```toml\ngiven = 'x: N'\n```\n\n$$ {text} $$\n"),
    )
    for target in targets:
        try:
            target()
        except SymjacError:
            continue


def _read_latex(text: str) -> None:
    statement = parse(text, NAMES)
    parse(written(statement), NAMES)
    for side in statement.sides:
        readings(side, WORLD)
