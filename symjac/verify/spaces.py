r"""Spaces and shapes as people write them: \mathbb{R}^{M \times N}, M_{M \times N}(\mathbb R), "8 x 4", (N × N) × (M × N)."""

from __future__ import annotations

import re
from collections.abc import Collection

import sympy

from symjac.errors import ParseError
from symjac.nodes.sizes import ONE, Size, shape_text, size_symbol
from symjac.read.sizes import MAX_NESTING, MAX_SIZE_EXPONENT, check_size, multiply, raise_size

MAX_LENGTH = 200

Axes = tuple[Size, ...]
"""The lengths of all axes; a column has one."""

_REALS = r"(?:\\(?:mathbb|mathbf|mathrm|Bbb|bf)\s*\{?\s*R\s*\}?|\{\s*\\(?:bf|rm)\s+R\s*\}|\\(?:R|Re|reals)(?![A-Za-z])|ℝ|R)"
_SPACE = re.compile(rf"^\s*{_REALS}\s*(?:\^\s*(?P<power>\{{.*\}}|\w|\\\w+))?[\s.,;]*$", re.DOTALL)
_MATRICES = re.compile(rf"^\s*M_\s*(?P<power>\{{.*\}})\s*\(\s*{_REALS}\s*\)[\s.,;]*$", re.DOTALL)
_TOKEN = re.compile(r"\s*(\\times(?![A-Za-z])|\\cdot(?![A-Za-z])|\\[,;! ]|\d+|[A-Za-z][A-Za-z0-9_]*|[×xX·*+\-^(){}\[\]]|\S)")


def read_space(text: str, names: Collection[str]) -> Axes:
    r"""Return the axes of a space that something lies in.

    >>> read_space(r"\mathbb{R}^{M \times 2N}", ["M", "N"])
    (M, 2*N)
    >>> read_space(r"\mathbb{R}", [])
    (1,)

    Raises ParseError for anything else.
    """
    found = _SPACE.match(text[:MAX_LENGTH]) or _MATRICES.match(text[:MAX_LENGTH])
    if found is None or len(text) > MAX_LENGTH:
        raise ParseError(f"{text.strip()[:60]} is no space such as \\mathbb{{R}}^{{M \\times N}}")
    power = found["power"] or "1"
    return read_axes(power[1:-1] if power.startswith("{") else power, names)


def read_axes(text: str, names: Collection[str]) -> Axes:
    """Return the axes that a shape names; brackets stack axes into one.

    >>> read_axes("(N x N) x (M x N)", ["M", "N"])
    (N**2, M*N)
    >>> read_axes("8 x 4", [])
    (8, 4)

    Raises ParseError.
    """
    if len(text) > MAX_LENGTH:
        raise ParseError(f"a shape has at most {MAX_LENGTH} characters")
    reader = _Axes(text, names)
    axes = reader.axes(0)
    if reader.index < len(reader.tokens):
        raise ParseError(f"{reader.tokens[reader.index]} cannot be read in the shape {text.strip()[:60]}")
    return axes


def axes_text(axes: Axes) -> str:
    """Return axes for a reader: M × N; a column is M × 1."""
    return shape_text((axes[0], ONE)) if len(axes) == 1 else " × ".join(shape_text((n, ONE)).removesuffix(" × 1") for n in axes)


_BETWEEN = re.compile(r"(?<=\d)x(?=\d)")
_SPACES = ("\\,", "\\;", "\\!", "\\ ")


class _Axes:
    """One reading of a shape."""

    def __init__(self, text: str, names: Collection[str]) -> None:
        words = _TOKEN.findall(_BETWEEN.sub("×", text))
        self.tokens = [token for word in words if word not in _SPACES for token in _split(word, names)]
        self.index = 0
        self.names = names

    @property
    def token(self) -> str:
        return self.tokens[self.index] if self.index < len(self.tokens) else ""

    def take(self, *tokens: str) -> bool:
        found = self.token in tokens and self.token != ""
        self.index += found
        return found

    def axes(self, depth: int) -> Axes:
        found = [self.sum(depth)]
        while self.take("\\times", "×", "x", "X"):
            found.append(self.sum(depth))
        return tuple(check_size(one) for one in found)

    def sum(self, depth: int) -> Size:
        total = self.product(depth)
        while self.token in ("+", "-") and self.token:
            sign = 1 if self.take("+") else -1
            self.take("-")
            total = total + sign * self.product(depth)
        return total

    def product(self, depth: int) -> Size:
        total = self.power(depth)
        while self.take("\\cdot", "·", "*") or self._starts_atom():
            total = multiply(total, self.power(depth))
        return total

    def _starts_atom(self) -> bool:
        return self.token in ("(", "{", "[") or self.token.isdigit() or self.token in self.names

    def power(self, depth: int) -> Size:
        base = self.atom(depth)
        if not self.take("^"):
            return base
        braced = self.take("{")
        exponent = self.token
        if not (exponent.isdecimal() and len(exponent) == 1 and int(exponent) <= MAX_SIZE_EXPONENT):
            raise ParseError(f"an exponent of a size goes up to {MAX_SIZE_EXPONENT}")
        self.index += 1
        if braced and not self.take("}"):
            raise ParseError("a closing brace is missing in a shape")
        return raise_size(base, int(exponent))

    def atom(self, depth: int) -> Size:
        token = self.token
        if depth > MAX_NESTING:
            raise ParseError(f"brackets nest at most {MAX_NESTING} deep in a shape")
        if token in ("(", "{", "["):
            self.index += 1
            inner = self.axes(depth + 1)
            if not self.take({"(": ")", "{": "}", "[": "]"}[token]):
                raise ParseError("a closing bracket is missing in a shape")
            return inner[0] if len(inner) == 1 else _stacked(inner)
        if token.isdecimal() and len(token) <= 7:
            self.index += 1
            return sympy.Integer(int(token))
        if token in self.names:
            self.index += 1
            return size_symbol(token)
        known = f"; the sizes are {', '.join(sorted(self.names))}" if self.names else ""
        raise ParseError(f"{token or 'nothing'} is no size here{known}")


def _stacked(axes: Axes) -> Size:
    total: Size = ONE
    for one in axes:
        total = multiply(total, one)
    return total


def _split(word: str, names: Collection[str]) -> list[str]:
    """Split letters that are no name into names: MN is M times N."""
    if word in names or not word.isalpha():
        return [word]
    found: list[str] = []
    rest = word
    while rest:
        name = next((rest[:length] for length in range(len(rest), 0, -1) if rest[:length] in names), rest[0])
        found.append(name)
        rest = rest[len(name) :]
    return found
