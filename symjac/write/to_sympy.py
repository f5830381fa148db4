"""The door out to SymPy: a node becomes a SymPy expression, unevaluated, named intermediates written out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy

from symjac import sympy_nodes as ours
from symjac import sympy_scalars as scalars
from symjac.errors import UnsupportedError
from symjac.nodes.functions import COS, EXP, LOG, SIN, TANH
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

Originals = Mapping[str, Any]


def to_sympy(node: Node, originals: Originals | None = None) -> Any:
    """Return a node as a SymPy expression: a matrix expression, or a scalar where the node is 1×1.

    >>> from symjac.nodes import build
    >>> A = build.symbol("A", 2, 2)
    >>> to_sympy(build.product(2, build.kron(A, A)))
    2*(kron(A, A))

    `originals` are the SymPy objects to use for symbols and sizes, by name; without them symbols are declared anew. Raises
    UnsupportedError for a differential, which SymPy cannot say.
    """
    known = originals or {}
    return fold(node, lambda part, args: _write(part, args, known))


def to_sympy_matrix(node: Node, originals: Originals | None = None) -> Any:
    """Return a node as a SymPy matrix expression, also where it is 1×1.

    >>> from symjac.nodes import build
    >>> to_sympy_matrix(build.number(3)).shape
    (1, 1)
    """
    expr = to_sympy(node, originals)
    if getattr(expr, "is_Matrix", False):
        return expr
    return expr.arg if isinstance(expr, scalars.ScalarOf) else sympy.MatMul(expr, ours.IdentityOf(1))


def _write(node: Node, args: tuple[Any, ...], originals: Originals) -> Any:
    if isinstance(node, Symbol):
        return _symbol(node, originals)
    if isinstance(node, Dimension):
        return _size(node.data[0], originals)
    if isinstance(node, Identity | Zero | Ones | Basis | Commutation):
        return _constant(node, originals)
    if isinstance(node, Differential):
        raise UnsupportedError("a differential has no counterpart in SymPy")
    return _OPERATIONS[type(node)](node, args)


# Leaves


def _symbol(node: Symbol, originals: Originals) -> Any:
    original = originals.get(node.name)
    if original is not None and isinstance(original, sympy.MatrixSymbol | sympy.Symbol):
        return scalars.ScalarOf(original) if node.is_scalar and original.is_Matrix else original
    if node.is_scalar:
        return ours.scalar_symbol(node.name, sorted(node.facts))
    rows, cols = (_size(n, originals) for n in node.shape)
    return ours.matrix_symbol(node.name, rows, cols, sorted(node.facts))


def _size(value: Size, originals: Originals) -> Any:
    return value.xreplace({s: originals[s.name] for s in value.free_symbols if s.name in originals})


def _constant(node: Node, originals: Originals) -> Any:
    rows, cols = (_size(n, originals) for n in node.shape)
    if isinstance(node, Zero):
        return sympy.S.Zero if node.is_scalar else sympy.ZeroMatrix(rows, cols)
    if isinstance(node, Identity):
        return ours.IdentityOf(rows)
    if isinstance(node, Ones):
        return sympy.OneMatrix(rows, cols)
    if isinstance(node, Basis):
        return ours.BasisVector(rows, node.data[0])
    return ours.CommutationMatrix(*(_size(n, originals) for n in node.data))


# Products


def _product(node: Node, args: tuple[Any, ...]) -> Any:
    assert isinstance(node, Product)
    exponents = node.data[1]
    powers = [sympy.Pow(base, rational(e)) for base, e in zip(args, exponents, strict=False)]
    scalar = sympy.Mul(rational(node.coefficient), *powers)
    chain = args[len(exponents) :]
    if not chain:
        return scalar
    if node.is_scalar:
        return sympy.Mul(scalar, _inner_product(node, chain))
    if len(chain) == 1 and scalar == 1:
        return chain[0]
    return sympy.MatMul(*((scalar,) if scalar != 1 else ()), *chain)


def _inner_product(node: Product, chain: tuple[Any, ...]) -> Any:
    """Return a 1×1 chain as a scalar; e_iᵀ A e_j is the entry A_ij."""
    if all(isinstance(expr, sympy.MatrixSymbol) or _basis_index(expr) is not None for expr in chain):
        matrices = [expr for expr in chain if _basis_index(expr) is None]
        i, j = _basis_index(chain[0]), _basis_index(chain[-1])
        if len(matrices) == 1:
            return matrices[0][i or 0, j or 0]
    return scalars.ScalarOf(sympy.MatMul(*chain) if len(chain) > 1 else chain[0])


def _basis_index(expr: Any) -> int | None:
    vector = expr.arg if isinstance(expr, sympy.Transpose) else expr
    return int(vector.args[1]) if isinstance(vector, ours.BasisVector) else None


def rational(value: Fraction) -> sympy.Rational:
    """Return a fraction as a SymPy number."""
    return sympy.Rational(value.numerator, value.denominator)


# Functions

SCALAR_FUNCTIONS = {EXP: sympy.exp, LOG: sympy.log, SIN: sympy.sin, COS: sympy.cos, TANH: sympy.tanh}


def _elementwise(node: Node, args: tuple[Any, ...]) -> Any:
    assert isinstance(node, Elementwise)
    if not node.is_scalar:
        return ours.ElementwiseFunction.of(node.function, args[0])
    if node.function in SCALAR_FUNCTIONS:
        return SCALAR_FUNCTIONS[node.function](args[0], evaluate=False)
    return scalars.ScalarFunction.of(node.function, args[0])


_OPERATIONS: dict[type[Node], Callable[[Node, tuple[Any, ...]], Any]] = {
    Let: lambda node, args: args[0],
    Sum: lambda node, args: sympy.Add(*args) if node.is_scalar else sympy.MatAdd(*args),
    Product: _product,
    Hadamard: lambda node, args: sympy.HadamardProduct(*args),
    HadamardPower: lambda node, args: ours.HadamardPowerOf(args[0], rational(node.data[0])),
    Kronecker: lambda node, args: ours.KroneckerOf(*args),
    KhatriRao: lambda node, args: ours.KhatriRao(*args),
    Transpose: lambda node, args: sympy.Transpose(args[0]),
    Inverse: lambda node, args: sympy.Inverse(args[0]),
    MatrixPower: lambda node, args: sympy.MatPow(args[0], node.data[0]),
    Trace: lambda node, args: scalars.TraceOf(args[0]),
    Determinant: lambda node, args: scalars.DeterminantOf(args[0]),
    Norm: lambda node, args: scalars.FrobeniusNorm(args[0]),
    Elementwise: _elementwise,
    Softmax: lambda node, args: ours.SoftmaxOf(args[0]),
    LogSumExp: lambda node, args: scalars.LogSumExp(args[0]),
    Vec: lambda node, args: ours.VecOf(args[0]),
    Diag: lambda node, args: ours.DiagOf(args[0]),
    Diagonal: lambda node, args: ours.DiagonalPart(args[0]),
}
