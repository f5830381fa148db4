r"""Expressions in LaTeX, for pdflatex with amsmath and for KaTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from symjac.nodes.node import Node
from symjac.write.alphabet import BREAK
from symjac.write.names import GREEK, Name, name_latex
from symjac.write.precedence import Level, Piece
from symjac.write.printer import Printer
from symjac.write.words import tex_words

_MACROS = {"exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "det", "arctan"}
"""Functions that LaTeX knows by name."""

_LETTERS = {"sigmoid": r"\sigma"}
"""Functions that are known by a letter."""

_SIZES = (("(", ")"), (r"\bigl(", r"\bigr)"), (r"\Bigl(", r"\Bigr)"), (r"\biggl(", r"\biggr)"))
_NORMS = (
    (r"\lVert ", r"\rVert"),
    (r"\bigl\lVert ", r"\bigr\rVert"),
    (r"\Bigl\lVert ", r"\Bigr\rVert"),
    (r"\biggl\lVert ", r"\biggr\rVert"),
)
_FRACTION_HEIGHT = 3

_MACRO_AT_END = re.compile(r"\\[A-Za-z]+$")


class Latex:
    """The alphabet of LaTeX."""

    plus, minus, dot, times = "+", "-", r"\cdot", r" \times "
    space, apart_after_index = r"\,", False
    differential, defines = r"\mathrm{d}", "=:"
    operators: Mapping[str, str] = MappingProxyType({"Kronecker": r"\otimes", "Hadamard": r"\circ", "KhatriRao": r"\ast"})

    def name(self, name: Name) -> str:
        return name_latex(name)

    def function(self, name: str, order: int, taken: frozenset[str]) -> tuple[str, bool]:
        letter = _LETTERS.get(name, rf"\{name}" if name in GREEK else name if len(name) == 1 else "")
        spaced = bool(letter) and letter not in taken
        if spaced:
            body = letter
        elif name in _MACROS:
            body = rf"\{name}"
        else:
            body = rf"\operatorname{{{re.sub('[^A-Za-z0-9]', '', name) or 'f'}}}"
        return body + ("'" * order if order < 3 else f"^{{({order})}}"), spaced

    def beside(self, left: str, right: str) -> str:
        return " " if right[0].isalpha() and _MACRO_AT_END.search(left) else ""

    def bold(self, letter: str) -> str:
        return rf"\mathbf{{{letter}}}"

    def lowered(self, base: str, indices: Sequence[str]) -> str:
        return f"{base}_{{{','.join(indices)}}}"

    def raised(self, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent.replace('T', TRANSPOSE).replace('∘', CIRCLE)}}}"

    def bracket(self, body: str, height: int) -> str:
        return body.join(_SIZES[min(height, len(_SIZES) - 1)])

    def norm(self, arg: Piece, body: str, frobenius: bool) -> str:
        return body.join(_NORMS[min(arg.height, len(_NORMS) - 1)]) + (r"_{\mathrm{F}}" if frobenius else "")

    def root(self, arg: Piece) -> Piece:
        return Piece(rf"\sqrt{{{_unbroken(arg)}}}", Level.PREFIX, height=arg.height)

    def fraction(self, top: Piece, bottom: Piece) -> Piece:
        return Piece(rf"\frac{{{_unbroken(top)}}}{{{_unbroken(bottom)}}}", Level.PREFIX, height=_FRACTION_HEIGHT)

    def gradient(self, by: str, of: str) -> str:
        return rf"\nabla_{{{by}}} {of}"

    def derivative(self, of: str, by: str) -> str:
        return rf"\frac{{\partial {of}}}{{\partial {by}}}"

    def member(self, size: str) -> str:
        return r"\in \mathbb{R}" + (f"^{{{size}}}" if size else "")

    def words(self, words: str) -> str:
        return tex_words(words)

    def within(self, body: str) -> str:
        return f"${body}$"


TRANSPOSE = r"\mathsf{T}"
CIRCLE = r"\circ "


def _unbroken(piece: Piece) -> str:
    return ("-" if piece.negative else "") + piece.body.replace(BREAK, "")


def latex(node: Node) -> str:
    r"""Return an expression in LaTeX.

    >>> from symjac.nodes.build import inverse, kron, product, symbol, transpose
    >>> X = symbol("X", 3, 3)
    >>> latex(product(-1, kron(transpose(inverse(X)), inverse(X))))
    '-(X^{-\\mathsf{T}} \\otimes X^{-1})'

    Raises UnsupportedError for a kind of node that has no printed form.
    """
    return Printer(Latex(), node.symbols).plain(node)
