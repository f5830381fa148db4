"""Expressions in Unicode, for terminals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from symjac.nodes.node import Node
from symjac.write.alphabet import BREAK
from symjac.write.names import GREEK, Name, name_text
from symjac.write.precedence import Level, Piece
from symjac.write.printer import Printer

_SUPERSCRIPTS = str.maketrans("0123456789-T", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_BOLD = {"1": "𝟏", "e": "𝐞"}


class Text:
    """The alphabet of a terminal."""

    plus, minus, dot, times = "+", "−", "·", "×"
    space, apart_after_index = " ", True
    differential, defines = "d", "=:"
    operators: Mapping[str, str] = MappingProxyType({"Kronecker": "⊗", "Hadamard": "∘", "KhatriRao": "∗"})

    def name(self, name: Name) -> str:
        return name_text(name)

    def function(self, name: str, order: int, taken: frozenset[str]) -> tuple[str, bool]:
        letter = "σ" if name == "sigmoid" else GREEK.get(name, name)
        body = name if letter in taken else letter
        return body + ("′" * order if order < 3 else f"^({order})"), True

    def beside(self, left: str, right: str) -> str:
        return ""

    def bold(self, letter: str) -> str:
        return _BOLD[letter]

    def lowered(self, base: str, indices: Sequence[str]) -> str:
        if all(index.isdigit() for index in indices) and len(indices) == 1:
            return base + indices[0].translate(_SUBSCRIPTS)
        if all(len(index) == 1 and index.isalpha() for index in indices):
            return f"{base}_{''.join(indices)}"
        return f"{base}_{{{','.join(indices)}}}"

    def raised(self, base: str, exponent: str) -> str:
        if all(ord(c) in _SUPERSCRIPTS for c in exponent):
            return base + exponent.translate(_SUPERSCRIPTS)
        exponent = exponent.replace("-", "−")
        return f"{base}^{exponent}" if exponent[1:].isdigit() or exponent[-1] == ")" else f"{base}^({exponent})"

    def bracket(self, body: str, height: int) -> str:
        return f"({body})"

    def norm(self, arg: Piece, body: str, frobenius: bool) -> str:
        # Within a norm, another bar would look like its end.
        body = f"({body})" if "‖" in body else body
        return f"‖{body}‖" + ("_F" if frobenius else "")

    def root(self, arg: Piece) -> Piece:
        body = _unbroken(arg)
        bare = len(body) == 1
        return Piece(f"√{body}" if bare else f"√({body})", Level.PREFIX, height=arg.height + 1, apart=(False, True))

    def fraction(self, top: Piece, bottom: Piece) -> Piece:
        over = _unbroken(top) if top.fits("mixed") else f"({_unbroken(top)})"
        under = _unbroken(bottom) if bottom.fits("factor") else f"({_unbroken(bottom)})"
        return Piece(f"{over}/{under}", Level.CHAIN, height=max(top.height, bottom.height), digit=top.digit)

    def gradient(self, by: str, of: str) -> str:
        return f"∇_{by} {of}"

    def derivative(self, of: str, by: str) -> str:
        return f"∂{of}/∂{by}"

    def member(self, size: str) -> str:
        if not size:
            return "∈ ℝ"
        return "∈ " + (self.raised("ℝ", size) if size.isdigit() else f"ℝ^{size}" if len(size) == 1 else f"ℝ^({size})")

    def words(self, words: str) -> str:
        return words

    def within(self, body: str) -> str:
        return body


def _unbroken(piece: Piece) -> str:
    return ("−" if piece.negative else "") + piece.body.replace(BREAK, "")


def text(node: Node) -> str:
    """Return an expression in Unicode.

    >>> from symjac.nodes.build import inverse, kron, product, symbol, transpose
    >>> X = symbol("X", 3, 3)
    >>> text(product(-1, kron(transpose(inverse(X)), inverse(X))))
    '−(X⁻ᵀ ⊗ X⁻¹)'

    Raises UnsupportedError for a kind of node that has no printed form.
    """
    return Printer(Text(), node.symbols).plain(node)
