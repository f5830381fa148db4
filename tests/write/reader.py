"""Reads printed mathematics back into numbers, in LaTeX and in Unicode, by the grammar that a reader has in mind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

import numpy as np

from symjac.evaluate import Array, function_value
from symjac.nodes.functions import FUNCTIONS

OPERATORS = {"\\otimes": "⊗", "\\circ": "∘", "\\ast": "∗", "⊗": "⊗", "∘": "∘", "∗": "∗"}
CALLS = {"tr", "det", "diag", "softmax", "logsumexp", *FUNCTIONS}

_LATEX = re.compile(
    r"\\(?:bigl|bigr|Bigl|Bigr|biggl|biggr|,)|\\operatorname\{(?P<operator>\w+)\}|\\mathbf\{(?P<bold>\w)\}"
    r"|\\mathrm\{d\}|\^\{(?P<sup>(?:[^{}]|\{[^{}]*\})*)\}|_\{(?P<sub>(?:[^{}]|\{[^{}]*\})*)\}|\\[A-Za-z]+|\d+|'|\S"
)
_TEXT = re.compile(
    r"(?P<sup>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ]+|\^\([^()]*\)|\^∘\([^()]*\)|\^∘?\d+)|_\{(?P<sub>[^{}]*)\}|_(?P<sub2>[A-Z]+|F)"
    r"|(?P<operator>vec|tr|det|diag|softmax|logsumexp|exp|log|sin|cos|tanh|relu|softplus|sigmoid)|d(?=[(\w])|\d+|\S"
)
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ−", "0123456789-T-")


@dataclass(frozen=True)
class Token:
    kind: str
    value: str = ""


class MisreadError(Exception):
    """What was printed is no expression."""


def tokens_of(source: str, names: Mapping[str, Array], latex: bool) -> list[Token]:
    """Split a printed expression: names as they are printed first, then the signs of the alphabet."""
    pattern = _LATEX if latex else _TEXT
    known = sorted(names, key=len, reverse=True)
    tokens: list[Token] = []
    place = 0
    while place < len(source):
        if source[place].isspace():
            place += 1
            continue
        match = pattern.match(source, place)
        assert match is not None, source[place:]
        name = next((one for one in known if source.startswith(one, place) and len(one) >= len(match[0])), None)
        if name is not None and not match.groupdict().get("operator"):
            tokens.append(Token("name", name))
            place += len(name)
            continue
        place = match.end()
        token = _token(match)
        if token is not None:
            tokens.append(token)
    return tokens


def _token(match: re.Match[str]) -> Token | None:
    groups = match.groupdict()
    word = match[0]
    if groups.get("sup"):
        return Token("sup", _exponent(groups["sup"]))
    if sub := groups.get("sub") or groups.get("sub2"):
        return Token("sub", sub)
    if groups.get("operator"):
        return Token("call", groups["operator"])
    if groups.get("bold") or word in "𝟏𝐞":
        return Token("bold", groups.get("bold") or ("1" if word == "𝟏" else "e"))
    if word in (r"\mathrm{d}", "d"):
        return Token("d")
    if word in (r"\sigma", "σ"):
        return Token("call", "sigmoid")
    if word[1:] in CALLS and word[0] == "\\":
        return Token("call", word[1:])
    if word in OPERATORS:
        return Token("mixed", OPERATORS[word])
    if word.isdigit():
        return Token("number", word)
    if word[0] == "\\" and word[1:] in {"bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", ",", "cdot"}:
        return None
    return None if word == "·" else Token({"−": "-", "′": "'"}.get(word, word))


def _exponent(printed: str) -> str:
    plain = printed.translate(_PLAIN).replace(r"\mathsf{T}", "T").replace(r"\circ", "∘").replace(" ", "").lstrip("^")
    return plain.replace("(", "").replace(")", "")


class Reader:
    """Evaluates one printed expression by recursive descent."""

    def __init__(self, source: str, names: Mapping[str, Array], moved: Mapping[str, Array], latex: bool) -> None:
        self.names, self.moved, self.latex = names, moved, latex
        self.tokens = tokens_of(source, names, latex)
        self.place = 0
        self.inside_norm = False

    def read(self) -> Array:
        value = self.sum()
        if self.place != len(self.tokens):
            raise MisreadError(f"stopped before {self.tokens[self.place :]}")
        return value

    def peek(self) -> Token:
        return self.tokens[self.place] if self.place < len(self.tokens) else Token("end")

    def take(self, kind: str) -> Token:
        token = self.peek()
        if token.kind != kind:
            raise MisreadError(f"{token} where {kind} should be")
        self.place += 1
        return token

    def accept(self, kind: str) -> bool:
        found = self.peek().kind == kind
        self.place += found
        return found

    def sum(self) -> Array:
        total = -self.mixed() if self.accept("-") else self.mixed()
        while self.peek().kind in "+-":
            sign = -1 if self.take(self.peek().kind) == Token("-") else 1
            term = self.mixed()
            if term.shape != total.shape:
                raise MisreadError("a sum of unequal shapes")
            total = total + sign * term
        return total

    def mixed(self) -> Array:
        parts, signs = [self.chain()], set()
        while self.peek().kind == "mixed":
            signs.add(self.take("mixed").value)
            parts.append(self.chain())
        if len(signs) > 1:
            raise MisreadError("mixed products without brackets")
        return reduce(MIXED[signs.pop()], parts) if signs else parts[0]

    def chain(self) -> Array:
        value = self.factor()
        while True:
            if self.accept("/"):
                value = value / self.factor()
            elif self.peek().kind in STARTS and not (self.inside_norm and self.peek().kind == "‖"):
                value = times(value, self.factor())
            else:
                return value

    def factor(self) -> Array:
        token = self.peek()
        if token.kind == "d":
            self.take("d")
            return self.moved[self.take("name").value]
        if token == Token("call", "vec"):
            self.take("call")
            if self.peek().kind != "(":
                return self.factor().reshape(-1, 1, order="F")
            return self.raised(self.bracket().reshape(-1, 1, order="F"))
        if self.accept("√"):
            return np.sqrt(self.bracket() if self.peek().kind == "(" else self.atom())
        return self.raised(self.atom())

    def raised(self, value: Array) -> Array:
        while self.peek().kind == "sup":
            value = power(value, self.take("sup").value)
        return value

    def bracket(self) -> Array:
        self.take("(")
        outer, self.inside_norm = self.inside_norm, False
        value = self.sum()
        self.inside_norm = outer
        self.take(")")
        return value

    def atom(self) -> Array:
        token = self.peek()
        if token.kind == "(":
            return self.bracket()
        if token.kind in ("‖", r"\lVert"):
            return self.norm(token.kind)
        self.place += 1
        if token.kind == "name":
            return self.names[token.value]
        if token.kind == "call":
            return self.call(token.value)
        if token.kind in ("I", "K", "bold") or (token == Token("number", "0") and self.peek().kind == "sub"):
            return self.constant(token)
        if token.kind == "number":
            return np.array([[float(token.value)]])
        if token.kind == r"\frac":
            return self.group() / self.group()
        if token.kind == r"\sqrt":
            return np.sqrt(self.group())
        raise MisreadError(f"nothing begins with {token}")

    def group(self) -> Array:
        self.take("{")
        value = self.sum()
        self.take("}")
        return value

    def norm(self, bar: str) -> Array:
        self.take(bar)
        outer, self.inside_norm = self.inside_norm, True
        value = self.sum()
        self.inside_norm = outer
        self.take("‖" if bar == "‖" else r"\rVert")
        self.accept("sub")
        return np.array([[np.linalg.norm(value)]])

    def call(self, name: str) -> Array:
        order = 0
        while self.accept("'"):
            order += 1
        if self.peek().kind == "sup" and name in FUNCTIONS:
            order = int(self.take("sup").value)
        value = self.bracket()
        if name in FUNCTIONS:
            function = FUNCTIONS[name]
            for _ in range(order):
                function = function.derivative
            return function_value(function)(value)
        return MATRIX_FUNCTIONS[name](value)

    def constant(self, token: Token) -> Array:
        sizes = self.sizes(self.take("sub").value, token.kind)
        if token.kind == "I":
            return np.eye(sizes[0])
        if token.kind == "K":
            m, n = sizes
            return np.eye(m * n)[np.arange(m * n).reshape(n, m).T.ravel()]
        shape = (sizes[0], sizes[1] if len(sizes) > 1 else 1)
        return np.ones(shape) if token.value == "1" else np.zeros(shape)

    def sizes(self, printed: str, kind: str) -> list[int]:
        parts = re.split(r"\\times|×|,", printed)
        if kind == "K" and len(parts) == 1:
            parts = list(printed)
        return [round(Reader(part, self.names, {}, self.latex).read()[0, 0]) for part in parts]


STARTS = {"name", "call", "(", "d", "number", "I", "K", "bold", "‖", "√", r"\lVert", r"\frac", r"\sqrt"}


def times(left: Array, right: Array) -> Array:
    if left.shape == (1, 1) or right.shape == (1, 1):
        return left * right
    if left.shape[1] != right.shape[0]:
        raise MisreadError(f"a product of {left.shape} and {right.shape}")
    return left @ right


def entrywise(left: Array, right: Array) -> Array:
    if left.shape != right.shape:
        raise MisreadError("an entrywise product of unequal shapes")
    return left * right


def columnwise(left: Array, right: Array) -> Array:
    return np.einsum("ik,jk->ijk", left, right).reshape(-1, left.shape[1])


MIXED: dict[str, Callable[[Array, Array], Array]] = {"⊗": np.kron, "∘": entrywise, "∗": columnwise}


def power(value: Array, exponent: str) -> Array:
    if exponent == "T":
        return value.T
    if exponent == "-T":
        return np.linalg.inv(value).T
    if exponent.startswith("∘"):
        return value ** float(Fraction(exponent[1:]))
    if value.shape == (1, 1):
        return value ** float(Fraction(exponent))
    if value.shape[0] != value.shape[1]:
        raise MisreadError("a power of a matrix that is not square")
    return np.linalg.matrix_power(value, int(exponent))


def softmax(value: Array) -> Array:
    return np.exp(value) / np.sum(np.exp(value))


def diag(value: Array) -> Array:
    return np.diag(value[:, 0]) if value.shape[1] == 1 else np.diag(value).reshape(-1, 1)


MATRIX_FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "tr": lambda value: np.array([[np.trace(value)]]),
    "det": lambda value: np.array([[np.linalg.det(value)]]),
    "diag": diag,
    "softmax": softmax,
    "logsumexp": lambda value: np.array([[np.log(np.sum(np.exp(value)))]]),
}
