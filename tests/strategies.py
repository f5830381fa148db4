"""Random well-shaped expressions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeVar

import sympy
from hypothesis import strategies as st

from symjac.nodes.build import (
    add,
    determinant,
    diag,
    diagonal,
    elementwise,
    hadamard,
    hadamard_power,
    identity,
    inverse,
    khatri_rao,
    kron,
    let,
    logsumexp,
    matrix_power,
    norm,
    number,
    ones,
    power,
    product,
    softmax,
    subtract,
    sum_entries,
    symbol,
    trace,
    transpose,
    vec,
)
from symjac.nodes.functions import COS, EXP, LOG, SIGMOID, SIN, SOFTPLUS, TANH
from symjac.nodes.node import Node, Symbol, symbols
from symjac.nodes.sizes import ONE, Size

M, N, P = sympy.symbols("M N P", integer=True, positive=True)

LEAVES: tuple[Symbol, ...] = (
    symbol("A", M, N),
    symbol("B", N, P),
    symbol("W", P, M),
    symbol("X", N, N),
    symbol("Z", M, M),
    symbol("V", P, P),
    symbol("H", N, N, ["symmetric"]),
    symbol("x", N),
    symbol("y", M),
    symbol("u", P),
    symbol("r", 1, N),
    symbol("c"),
    symbol("k"),
)

SMOOTH = (EXP, SIN, COS, TANH, SIGMOID, SOFTPLUS)

Choice = TypeVar("Choice")
Make = Callable[["Growing", Size, Size, int], Node]


class Growing:
    """An expression under way: choices come from outside, so that what fails can be made smaller."""

    def __init__(self, choose: Callable[[list[Any]], Any]) -> None:
        self.choose = choose
        self.names = 0

    def leaf(self, rows: Size, cols: Size) -> Node:
        straight: list[Node] = [leaf for leaf in LEAVES if leaf.shape == (rows, cols)]
        turned = [transpose(leaf) for leaf in LEAVES if leaf.shape == (cols, rows) and rows != cols]
        if straight or turned:
            return self.pick([*straight, *turned])
        return product(self.leaf(rows, ONE), self.leaf(ONE, cols))

    def grow(self, rows: Size, cols: Size, depth: int) -> Node:
        if depth <= 0:
            return self.leaf(rows, cols)
        makers = [make for fits, make in OPERATIONS if fits(rows, cols)]
        make: Make = self.pick(makers)
        return make(self, rows, cols, depth - 1)

    def size(self) -> Size:
        return self.pick([M, N, P])

    def pick(self, options: list[Choice]) -> Choice:
        chosen: Choice = self.choose(options)
        return chosen

    def name(self, value: Node) -> Node:
        self.names += 1
        return let(f"t{self.names}", value) if value.args else value


def anything(rows: Size, cols: Size) -> bool:
    return True


def square(rows: Size, cols: Size) -> bool:
    return rows == cols and rows is not ONE


def scalar(rows: Size, cols: Size) -> bool:
    return rows is ONE and cols is ONE


def column(rows: Size, cols: Size) -> bool:
    return cols is ONE and rows is not ONE


def matrix(rows: Size, cols: Size) -> bool:
    return ONE not in (rows, cols)


def some_product(g: Growing, m: Size, n: Size, d: int) -> Node:
    inner = g.pick([M, N, P, ONE])
    return product(g.grow(m, inner, d), g.grow(inner, n, d))


def some_let(g: Growing, m: Size, n: Size, d: int) -> Node:
    inner = g.name(g.grow(m, n, d))
    return add(inner, g.pick([product(2, inner), hadamard(inner, inner), g.grow(m, n, d)]))


def some_khatri_rao(g: Growing, m: Size, n: Size, d: int) -> Node:
    return khatri_rao(g.grow(m, n, d), g.grow(ONE, n, d))


def some_trace_of_kronecker(g: Growing, m: Size, n: Size, d: int) -> Node:
    s, t = g.size(), g.size()
    return trace(kron(g.grow(s, s, d), g.grow(t, t, d)))


def some_sum_of_kronecker(g: Growing, m: Size, n: Size, d: int) -> Node:
    return sum_entries(kron(g.grow(g.size(), g.size(), d), g.grow(g.size(), ONE, d)))


def some_log_determinant(g: Growing, m: Size, n: Size, d: int) -> Node:
    s = g.size()
    a = g.grow(s, ONE, d)
    return elementwise(LOG, determinant(add(identity(s), product(a, transpose(a)))))


def some_inner_product_of_vecs(g: Growing, m: Size, n: Size, d: int) -> Node:
    s, t = g.size(), g.size()
    return product(transpose(vec(g.grow(s, t, d))), vec(g.grow(s, t, d)))


def some_power_of_a_scalar(g: Growing, m: Size, n: Size, d: int) -> Node:
    positive = add(number(3), power(norm(g.grow(g.size(), g.size(), d)), 2))
    return power(positive, g.pick([Fraction(1, 2), Fraction(-1), Fraction(-3, 2), Fraction(2)]))


def some_inner_product(g: Growing, m: Size, n: Size, d: int) -> Node:
    s = g.size()
    return product(g.grow(ONE, s, d), g.grow(s, ONE, d))


def some_trace(g: Growing, m: Size, n: Size, d: int) -> Node:
    s = g.size()
    return trace(g.grow(s, s, d))


def some_determinant(g: Growing, m: Size, n: Size, d: int) -> Node:
    s = g.size()
    return determinant(g.grow(s, s, d))


OPERATIONS: tuple[tuple[Callable[[Size, Size], bool], Make], ...] = (
    (anything, lambda g, m, n, d: add(g.grow(m, n, d), g.grow(m, n, d))),
    (anything, lambda g, m, n, d: subtract(g.grow(m, n, d), g.grow(m, n, d))),
    (anything, some_product),
    (anything, some_product),
    (anything, lambda g, m, n, d: hadamard(g.grow(m, n, d), g.grow(m, n, d))),
    (anything, lambda g, m, n, d: transpose(g.grow(n, m, d))),
    (anything, lambda g, m, n, d: elementwise(g.pick(list(SMOOTH)), product(Fraction(1, 3), g.grow(m, n, d)))),
    (anything, lambda g, m, n, d: product(g.grow(ONE, ONE, d), g.grow(m, n, d))),
    (anything, lambda g, m, n, d: hadamard_power(g.grow(m, n, d), g.pick([2, 3]))),
    (anything, some_let),
    (square, lambda g, m, n, d: inverse(add(product(3, identity(m)), g.grow(m, n, d)))),
    (square, lambda g, m, n, d: diag(g.grow(m, ONE, d))),
    (square, lambda g, m, n, d: matrix_power(g.grow(m, n, d), g.pick([2, 3, -2]))),
    (matrix, some_khatri_rao),
    (matrix, lambda g, m, n, d: product(g.grow(m, ONE, d), ones(ONE, n))),
    (column, lambda g, m, n, d: softmax(g.grow(m, ONE, d))),
    (column, lambda g, m, n, d: diagonal(g.grow(m, m, d))),
    (column, lambda g, m, n, d: kron(g.grow(m, ONE, d), g.grow(ONE, ONE, d))),
    (scalar, some_trace),
    (scalar, some_trace),
    (scalar, some_determinant),
    (scalar, lambda g, m, n, d: norm(g.grow(g.size(), g.size(), d))),
    (scalar, lambda g, m, n, d: power(norm(g.grow(g.size(), g.size(), d)), 2)),
    (scalar, lambda g, m, n, d: sum_entries(g.grow(g.size(), g.size(), d))),
    (scalar, lambda g, m, n, d: logsumexp(g.grow(g.size(), ONE, d))),
    (scalar, some_inner_product),
    (scalar, some_inner_product),
    (scalar, some_log_determinant),
    (scalar, some_inner_product_of_vecs),
    (scalar, some_power_of_a_scalar),
    (scalar, some_trace_of_kronecker),
    (scalar, some_sum_of_kronecker),
)
"""What may stand at a place of some shape, and how it is made."""


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> Node:
    """A well-shaped expression in the symbols of LEAVES, over the sizes M, N, P."""
    growing = Growing(lambda options: draw(st.sampled_from(options)))
    shape = draw(st.sampled_from([M, N, P, ONE, ONE])), draw(st.sampled_from([M, N, P, ONE, ONE]))
    return growing.grow(*shape, depth)


@st.composite
def expressions_and_variables(draw: st.DrawFn, depth: int = 3) -> tuple[Node, list[Symbol]]:
    """An expression and one or two of its symbols."""
    expression = draw(expressions(depth).filter(lambda node: bool(symbols([node]))))
    found = list(symbols([expression]))
    chosen = draw(st.lists(st.sampled_from(found), min_size=1, max_size=2, unique=True))
    return expression, chosen
