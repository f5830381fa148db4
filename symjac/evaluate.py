"""A node's value at a point, by the plainest NumPy there is: the independent judge.

Nothing here uses a rule or an index form. Values are 2-D arrays; complex values pass through, so that a
complex step can differentiate whatever is analytic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, reduce
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy.printing.codeprinter import PrintMethodNotImplementedError
from sympy.printing.numpy import NumPyPrinter

from symjac.errors import DomainError, ShapeError
from symjac.nodes.functions import COS, EXP, LOG, RELU, SIGMOID, SIN, SOFTPLUS, TANH, Function, T
from symjac.nodes.node import (
    Basis,
    Commutation,
    Determinant,
    Diag,
    Diagonal,
    Differential,
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
from symjac.nodes.sizes import Size

Array = NDArray[Any]


def size_value(size: Size, sizes: Mapping[str, int]) -> int:
    """Return a size as an integer, given the values of its names."""
    missing = sorted(s.name for s in size.free_symbols if s.name not in sizes)
    if missing:
        raise ShapeError(f"the size {size} needs a number for {', '.join(missing)}")
    return int(size.xreplace({s: sympy.Integer(sizes[s.name]) for s in size.free_symbols}))


def evaluate(
    root: Node,
    values: Mapping[str, Array],
    sizes: Mapping[str, int],
    differentials: Mapping[str, Array] | None = None,
    memo: dict[Node, Array] | None = None,
) -> Array:
    """Return the value of a node: `values` by symbol name, `differentials` by the name under d.

    `memo` keeps the values of all parts, for more nodes at the same point.
    """
    moved = differentials or {}

    def combine(node: Node, args: tuple[Array, ...]) -> Array:
        if isinstance(node, Symbol):
            value = np.asarray(values[node.name])
            return value.reshape(size_value(node.rows, sizes), size_value(node.cols, sizes))
        if isinstance(node, Differential):
            inner = node.args[0]
            if not isinstance(inner, Symbol | Let) or inner.name not in moved:
                raise DomainError(f"d of {inner!r} has no value here")
            return np.asarray(moved[inner.name]).reshape(args[0].shape)
        if isinstance(node, Identity | Zero | Ones | Basis | Dimension | Commutation):
            return _constant(node, sizes)
        return _OPERATIONS[type(node)](node, args)

    return fold(root, combine, memo)


def _constant(node: Node, sizes: Mapping[str, int]) -> Array:
    rows, cols = size_value(node.rows, sizes), size_value(node.cols, sizes)
    if isinstance(node, Identity):
        return np.eye(rows)
    if isinstance(node, Ones):
        return np.ones((rows, cols))
    if isinstance(node, Dimension):
        return np.array([[float(size_value(node.data[0], sizes))]])
    result = np.zeros((rows, cols))
    if isinstance(node, Basis):
        if node.data[0] >= result.shape[0]:
            raise ShapeError(f"there is no entry {node.data[0] + 1} among {result.shape[0]}")
        result[node.data[0], 0] = 1
    if isinstance(node, Commutation):
        m, n = (size_value(s, sizes) for s in node.data)
        result[np.arange(m * n), np.arange(m * n).reshape(n, m).T.ravel()] = 1
    return result


def _product(node: Node, args: tuple[Array, ...]) -> Array:
    assert isinstance(node, Product)
    exponents = node.data[1]
    scale: Any = float(node.coefficient)
    for base, exponent in zip(args, exponents, strict=False):
        scale = scale * _power(base[0, 0], exponent)
    chain = args[len(exponents) :]
    return scale * reduce(np.matmul, chain) if chain else np.array([[scale]])


def _power(base: Any, exponent: Any) -> Any:
    if exponent.denominator == 1:
        return base ** float(exponent) if exponent < 0 else base ** int(exponent)
    return np.power(base, float(exponent))


def _norm(node: Node, args: tuple[Array, ...]) -> Array:
    # Not np.linalg.norm: it takes absolute values, which a complex step must not meet.
    return np.array([[np.sqrt(np.sum(args[0] * args[0]))]])


def _softmax(node: Node, args: tuple[Array, ...]) -> Array:
    shifted = np.exp(args[0] - np.max(args[0].real))
    return np.asarray(shifted / np.sum(shifted))


def _logsumexp(node: Node, args: tuple[Array, ...]) -> Array:
    top = np.max(args[0].real)
    return np.array([[top + np.log(np.sum(np.exp(args[0] - top)))]])


def _khatri_rao(node: Node, args: tuple[Array, ...]) -> Array:
    left, right = args
    return np.asarray(np.einsum("ik,jk->ijk", left, right)).reshape(-1, left.shape[1])


def _entrywise(node: Node, args: tuple[Array, ...]) -> Array:
    assert isinstance(node, Elementwise)
    return np.asarray(function_value(node.function)(args[0]))


PLAIN: dict[Function, Callable[[Array], Array]] = {
    EXP: np.exp,
    LOG: np.log,
    SIN: np.sin,
    COS: np.cos,
    TANH: np.tanh,
    TANH.derivative: lambda t: 1 - np.tanh(t) ** 2,
    SIGMOID: lambda t: 1 / (1 + np.exp(-t)),
    SIGMOID.derivative: lambda t: np.exp(-t) / (1 + np.exp(-t)) ** 2,
    SOFTPLUS: lambda t: np.log(1 + np.exp(t)),
    RELU: lambda t: np.where(t.real > 0, t, 0),
    RELU.derivative: lambda t: np.where(t.real > 0, 1.0, 0.0),
}
"""The functions people use; any other is printed by SymPy from its definition."""


@lru_cache(maxsize=512)
def function_value(function: Function) -> Callable[[Array], Array]:
    """Return a scalar function as a NumPy function of an array."""
    if function in PLAIN:
        return PLAIN[function]
    if numpy_code(function) is not None:
        plain = sympy.lambdify([T], function.expression, "numpy")
        return lambda t: np.asarray(plain(t)) + np.zeros_like(t)
    precise = np.vectorize(sympy.lambdify([T], function.expression, "mpmath"), otypes=[complex])
    return lambda t: precise(t) if np.iscomplexobj(t) else precise(t).real


def numpy_code(function: Function) -> str | None:
    """Return a definition in `t` as NumPy code; None where NumPy lacks a function in it (erf, gamma, …)."""
    try:
        code = str(NumPyPrinter().doprint(function.expression))
    except PrintMethodNotImplementedError:
        return None
    return None if "math." in code or "Not supported" in code or "scipy." in code else code


_OPERATIONS: dict[type[Node], Callable[[Node, tuple[Array, ...]], Array]] = {
    Let: lambda node, args: args[0],
    Sum: lambda node, args: reduce(np.add, args),
    Product: _product,
    Hadamard: lambda node, args: reduce(np.multiply, args),
    HadamardPower: lambda node, args: _power(args[0], node.data[0]),
    Kronecker: lambda node, args: reduce(np.kron, args),
    KhatriRao: _khatri_rao,
    Transpose: lambda node, args: args[0].T,
    Inverse: lambda node, args: np.linalg.inv(args[0]),
    MatrixPower: lambda node, args: np.linalg.matrix_power(args[0], node.data[0]),
    Trace: lambda node, args: np.array([[np.trace(args[0])]]),
    Determinant: lambda node, args: np.array([[np.linalg.det(args[0])]]),
    Norm: _norm,
    Elementwise: _entrywise,
    Softmax: _softmax,
    LogSumExp: _logsumexp,
    Vec: lambda node, args: args[0].reshape(-1, 1, order="F"),
    Diag: lambda node, args: np.diag(args[0][:, 0]),
    Diagonal: lambda node, args: np.diag(args[0]).reshape(-1, 1),
}
