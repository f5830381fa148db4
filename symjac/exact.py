"""A node's entries by SymPy's explicit matrices: exact, slow, and without a rule or an index form of ours."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import sympy
from sympy import ImmutableDenseMatrix as Matrix

from symjac.errors import UnsupportedError
from symjac.evaluate import size_value
from symjac.nodes.functions import Function, T
from symjac.nodes.node import (
    Basis,
    Commutation,
    Determinant,
    Diag,
    Diagonal,
    Dimension,
    Elementwise,
    Hadamard,
    HadamardPower,
    Identity,
    Inverse,
    KhatriRao,
    Kronecker,
    Let,
    LogSumExp,
    MatrixPower,
    Node,
    Norm,
    Ones,
    Product,
    Softmax,
    Sum,
    Symbol,
    Trace,
    Transpose,
    Vec,
    Zero,
    fold,
)


def exact(root: Node, values: Mapping[str, Matrix], sizes: Mapping[str, int], memo: dict[Node, Matrix] | None = None) -> Matrix:
    """Return the entries of a node at integer sizes, given the entries of its symbols."""

    def combine(node: Node, args: tuple[Matrix, ...]) -> Matrix:
        rows, cols = size_value(node.rows, sizes), size_value(node.cols, sizes)
        if isinstance(node, Symbol):
            return values[node.name]
        if isinstance(node, Product):
            return _product(node, args)
        if isinstance(node, Identity | Zero | Ones | Basis | Dimension | Commutation):
            return Matrix(rows, cols, lambda i, j: _constant_entry(node, i, j, sizes))
        return _operation(node, args)

    return fold(root, combine, memo)


def _constant_entry(node: Node, i: int, j: int, sizes: Mapping[str, int]) -> int:
    if isinstance(node, Identity):
        return int(i == j)
    if isinstance(node, Ones):
        return 1
    if isinstance(node, Basis):
        return int(i == node.data[0])
    if isinstance(node, Dimension):
        return size_value(node.data[0], sizes)
    if isinstance(node, Commutation):
        m, n = (size_value(s, sizes) for s in node.data)
        return int(j == (i % n) * m + i // n)
    return 0


def _product(node: Product, args: tuple[Matrix, ...]) -> Matrix:
    exponents = node.data[1]
    scale = sympy.Rational(node.coefficient.numerator, node.coefficient.denominator)
    for base, exponent in zip(args, exponents, strict=False):
        scale *= base[0, 0] ** sympy.Rational(exponent.numerator, exponent.denominator)
    chain = args[len(exponents) :]
    # From the right: a column at the end keeps every product a matrix times a column.
    return reduce(lambda right, left: left * right, reversed(chain)) * scale if chain else Matrix([[scale]])


def _entrywise(function: Function, matrix: Matrix) -> Matrix:
    return matrix.applyfunc(lambda entry: function.expression.subs(T, entry))


def _operation(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    first = args[0]
    match node:
        case Let():
            return first
        case Sum():
            return reduce(lambda left, right: left + right, args)
        case Hadamard():
            return reduce(sympy.matrix_multiply_elementwise, args)
        case HadamardPower():
            return first.applyfunc(lambda entry: entry ** sympy.Rational(node.exponent.numerator, node.exponent.denominator))
        case Kronecker():
            return reduce(_kron, args)
        case KhatriRao():
            right = args[1]
            columns = [_kron(first[:, k], right[:, k]) for k in range(first.cols)]
            return Matrix.hstack(*columns)
        case Transpose():
            return first.T
        case Inverse():
            return first.inv()
        case MatrixPower():
            return first**node.exponent
        case Trace():
            return Matrix([[first.trace()]])
        case Determinant():
            return Matrix([[first.det()]])
        case Norm():
            return Matrix([[sympy.sqrt(sum(entry**2 for entry in first))]])
        case Elementwise():
            return _entrywise(node.function, first)
        case Softmax():
            powers = first.applyfunc(sympy.exp)
            return powers / sum(powers)
        case LogSumExp():
            return Matrix([[sympy.log(sum(first.applyfunc(sympy.exp)))]])
        case Vec():
            return Matrix(list(first.T))
        case Diag():
            return Matrix.diag(*first)
        case Diagonal():
            return Matrix([first[i, i] for i in range(first.rows)])
    raise UnsupportedError(f"{type(node).__name__} has no explicit entries")


def _kron(left: Matrix, right: Matrix) -> Matrix:
    p, q = right.shape
    return Matrix(left.rows * p, left.cols * q, lambda i, j: left[i // p, j // q] * right[i % p, j % q])
