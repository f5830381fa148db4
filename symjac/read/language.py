"""The functions of the text language, exactly: what each takes and which node it makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial, reduce

import sympy

from symjac.errors import DomainError, ShapeError, UnsupportedError
from symjac.nodes import build
from symjac.nodes.build import coefficient
from symjac.nodes.functions import FUNCTIONS as ENTRYWISE
from symjac.nodes.node import Dimension, HadamardPower, MatrixPower, Node, Product, Sum, Zero, fold
from symjac.nodes.sizes import Size, shape_text
from symjac.read.sizes import MAX_TERMS, check_size, multiply, raise_size, term_count
from symjac.read.tokens import MAX_DIGITS

MAX_EXPONENT = 1000
"""The largest exponent, and the largest denominator of one."""


@dataclass(frozen=True)
class TextFunction:
    """A function by how many arguments it takes and how its node is made."""

    make: Callable[..., Node]
    least: int = 1
    most: int = 1

    @property
    def arguments(self) -> str:
        """The number of arguments, said in words."""
        if self.least == self.most:
            return "one argument" if self.least == 1 else f"{self.least} arguments"
        return f"{self.least} or {self.most} arguments" if self.most < _MANY else f"{self.least} or more arguments"


_MANY = 1000


def constant(node: Node) -> Fraction | None:
    """Return the value of a node that is a plain number."""
    if isinstance(node, Zero) and node.is_scalar:
        return Fraction(0)
    return node.coefficient if isinstance(node, Product) and not node.args else None


def as_size(node: Node) -> Size:
    """Return a scalar made of numbers and size names as a size."""
    return check_size(fold(node, _size))


def _size(node: Node, args: tuple[Size, ...]) -> Size:
    if isinstance(node, Dimension):
        value: Size = node.data[0]
        return value
    if isinstance(node, Sum) and node.is_scalar:
        return sympy.Add(*args)
    if isinstance(node, Product) and not node.chain and all(e.denominator == 1 and e > 0 for _, e in node.bag):
        powers = (raise_size(arg, int(e)) for arg, (_, e) in zip(args, node.bag, strict=True))
        return reduce(multiply, powers, sympy.Rational(node.coefficient.numerator, node.coefficient.denominator))
    raise ShapeError(f"a size is made of numbers and size names, not of a {shape_text(node.shape)} expression")


def raised(base: Node, exponent: Node) -> Node:
    """Return a scalar to a rational power, or a square matrix to an integer one."""
    value = _exponent(base, exponent)
    if base.is_scalar:
        return build.power(base, value)
    if value.denominator != 1:
        raise UnsupportedError("a matrix has integer powers only; hadamard_power(A, p) raises its entries")
    return build.matrix_power(base, int(value))


def _raised_entries(base: Node, exponent: Node) -> Node:
    return build.hadamard_power(base, _exponent(base, exponent))


def _exponent(base: Node, exponent: Node) -> Fraction:
    value = constant(exponent)
    if value is None:
        raise DomainError("an exponent has to be a number")
    if abs(value) > MAX_EXPONENT or value.denominator > MAX_EXPONENT:
        raise DomainError(f"exponents are at most {MAX_EXPONENT}")
    number = coefficient(base)
    if abs(value) * max(digits(number.numerator), digits(number.denominator)) > MAX_DIGITS:
        raise DomainError(f"numbers have at most {MAX_DIGITS} digits")
    return value


def digits(number: int) -> int:
    """Return a bound on the decimal digits of an integer, without writing them."""
    return 0 if abs(number) == 1 else number.bit_length() * 3 // 10 + 1


def check_small(node: Node) -> Node:
    """Return a node, or raise DomainError where its numbers, exponents or sizes are too large to be meant."""
    number = coefficient(node)
    if max(digits(number.numerator), digits(number.denominator)) > MAX_DIGITS:
        raise DomainError(f"numbers have at most {MAX_DIGITS} digits")
    exponents = [abs(e) for _, e in node.bag] if isinstance(node, Product) else []
    if isinstance(node, MatrixPower | HadamardPower):
        exponents.append(abs(Fraction(node.exponent)))
    if any(e > MAX_EXPONENT for e in exponents):
        raise DomainError(f"exponents are at most {MAX_EXPONENT}")
    if any(term_count(n) > MAX_TERMS for n in node.shape):
        raise ShapeError(f"a size has at most {MAX_TERMS} terms, multiplied out")
    return node


def _kron(*args: Node) -> Node:
    return reduce(lambda left, right: check_small(build.kron(left, right)), args)


def diagonal_either_way(node: Node) -> Node:
    """Return the diagonal matrix of a vector, or the diagonal of a square matrix."""
    if node.rows == 1 or node.cols == 1:
        return build.diag(node)
    if node.is_square:
        return build.diagonal(node)
    raise ShapeError(f"diag takes a vector or a square matrix, not {shape_text(node.shape)}")


def _sized(make: Callable[..., Node], least: int, most: int) -> TextFunction:
    return TextFunction(lambda *args: make(*map(as_size, args)), least, most)


def _zeros(rows: Size, cols: Size = sympy.S.One) -> Node:
    return build.zero(rows, cols)


FUNCTIONS: dict[str, TextFunction] = {
    "vec": TextFunction(build.vec),
    "commutation": _sized(build.commutation, 2, 2),
    "K": _sized(build.commutation, 2, 2),
    "kron": TextFunction(_kron, 2, _MANY),
    "hadamard": TextFunction(build.hadamard, 2, _MANY),
    "hadamard_power": TextFunction(_raised_entries, 2, 2),
    "diag": TextFunction(diagonal_either_way),
    "trace": TextFunction(build.trace),
    "tr": TextFunction(build.trace),
    "det": TextFunction(build.determinant),
    "inv": TextFunction(build.inverse),
    "norm": TextFunction(build.norm),
    "sum": TextFunction(build.sum_entries),
    "sum_entries": TextFunction(build.sum_entries),
    "ones": _sized(build.ones, 1, 2),
    "zeros": _sized(_zeros, 1, 2),
    "eye": _sized(build.identity, 1, 1),
    "sqrt": TextFunction(lambda arg: build.hadamard_power(arg, Fraction(1, 2))),
    "softmax": TextFunction(build.softmax),
    "logsumexp": TextFunction(build.logsumexp),
    **{name: TextFunction(partial(build.elementwise, function)) for name, function in ENTRYWISE.items()},
}
