"""Typed formulas as nodes: matrix language without letters."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce

from symjac.errors import DomainError
from symjac.meaning.solving import Sizes
from symjac.meaning.typed import Typed
from symjac.nodes import build
from symjac.nodes.build import coefficient
from symjac.nodes.node import Node
from symjac.read.language import check_small, digits
from symjac.read.tokens import MAX_DIGITS

Made = Callable[[Typed, tuple[Node, ...], Sizes], Node]


def to_node(typed: Typed, sizes: Sizes) -> Node:
    """Return a typed formula as a node."""
    if typed.head == "product" and len(typed.args) > MAX_FACTORS:
        raise DomainError(f"a product has at most {MAX_FACTORS} factors")
    args = tuple([to_node(arg, sizes) for arg in typed.args])
    if typed.head in ("power", "entrypower"):
        check_power(coefficient(args[0]), Fraction(typed.data))
    node = check_small(_MAKERS[typed.head](typed, args, sizes))
    if len(node.args) > MAX_PARTS:
        raise DomainError(f"a product or a sum has at most {MAX_PARTS} parts, with the definitions put in")
    return node


MAX_FACTORS = 500
"""At most so many factors stand in one product, as it is written."""

MAX_PARTS = 3000
"""At most so many terms or factors stand side by side."""


def check_power(base: Fraction, exponent: Fraction) -> None:
    """Raise DomainError where a power of a number is too long to be meant."""
    if abs(exponent) * max(digits(base.numerator), digits(base.denominator)) > MAX_DIGITS:
        raise DomainError(f"numbers have at most {MAX_DIGITS} digits")


def _sum(typed: Typed, args: tuple[Node, ...], sizes: Sizes) -> Node:
    return build.add(*(arg if sign > 0 else build.product(-1, arg) for sign, arg in zip(typed.data, args, strict=True)))


def _power(typed: Typed, args: tuple[Node, ...], sizes: Sizes) -> Node:
    return build.inverse(args[0]) if typed.data == -1 else build.matrix_power(args[0], typed.data)


def _entry(typed: Typed, args: tuple[Node, ...], sizes: Sizes) -> Node:
    """A_kl = e_kᵀ A e_l."""
    node = args[0]
    row, col = typed.data
    if row is not None:
        node = build.product(build.transpose(build.basis(node.rows, row)), node)
    return node if col is None else build.product(node, build.basis(node.cols, col))


def _array(typed: Typed, args: tuple[Node, ...], sizes: Sizes) -> Node:
    width = int(sizes(typed.cols))
    terms = [build.zero(sizes(typed.rows), sizes(typed.cols))]
    for place, entry in enumerate(args):
        row, col = divmod(place, width)
        left, right = build.basis(sizes(typed.rows), row), build.basis(sizes(typed.cols), col)
        terms.append(build.product(entry, left, build.transpose(right)))
    return build.add(*terms)


def _single(typed: Typed, args: tuple[Node, ...], sizes: Sizes) -> Node:
    (row, col), (rows, cols) = typed.data
    return build.product(build.basis(sizes(rows), row), build.transpose(build.basis(sizes(cols), col)))


def _unit(typed: Typed, args: tuple[Node, ...], sizes: Sizes) -> Node:
    return build.basis(sizes(typed.rows), typed.data[0][0])


def _trace(typed: Typed, args: tuple[Node, ...], sizes: Sizes) -> Node:
    return build.trace(args[0])


_MAKERS: dict[str, Made] = {
    "array": _array,
    "commutation": lambda typed, args, sizes: build.commutation(*sizes.commutation(typed)),
    "delta": lambda typed, args, sizes: build.number(int(typed.data[0][0] == typed.data[0][1])),
    "det": lambda typed, args, sizes: build.determinant(args[0]),
    "diag": lambda typed, args, sizes: build.diag(args[0]),
    "diagonal": lambda typed, args, sizes: build.diagonal(args[0]),
    "differential": lambda typed, args, sizes: build.differential(args[0]),
    "dimension": lambda typed, args, sizes: build.dimension(sizes(typed.data)),
    "entry": _entry,
    "entrypower": lambda typed, args, sizes: build.hadamard_power(args[0], Fraction(typed.data)),
    "function": lambda typed, args, sizes: build.elementwise(typed.data, args[0]),
    "hadamard": lambda typed, args, sizes: build.hadamard(*args),
    "identity": lambda typed, args, sizes: build.identity(sizes(typed.rows, "I")),
    "khatri": lambda typed, args, sizes: build.khatri_rao(*args),
    "kron": lambda typed, args, sizes: build.kron(*args),
    "logsumexp": lambda typed, args, sizes: build.logsumexp(args[0]),
    "node": lambda typed, args, sizes: typed.data,
    "norm": lambda typed, args, sizes: build.norm(args[0]),
    "number": lambda typed, args, sizes: build.number(typed.data),
    "ones": lambda typed, args, sizes: build.ones(sizes(typed.rows, "1"), sizes(typed.cols, "1")),
    "power": _power,
    "product": lambda typed, args, sizes: reduce(build.product, args),
    "single": _single,
    "softmax": lambda typed, args, sizes: build.softmax(args[0]),
    "sum": _sum,
    "trace": _trace,
    "transpose": lambda typed, args, sizes: build.transpose(args[0]),
    "unit": _unit,
    "vec": lambda typed, args, sizes: build.vec(args[0]),
    "zero": lambda typed, args, sizes: build.zero(sizes(typed.rows, "0"), sizes(typed.cols, "0")),
}
