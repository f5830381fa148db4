"""Operations on matrices, with what no reader counts as a step: transposes cancel, scalars pass through."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symjac.errors import DomainError, ShapeError
from symjac.nodes.arithmetic import power, product, split_scalar
from symjac.nodes.functions import Function
from symjac.nodes.leaves import Number, commutation, dimension, identity, number, ones
from symjac.nodes.node import (
    Commutation,
    Determinant,
    Diag,
    Diagonal,
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
    Trace,
    Transpose,
    Vec,
    Zero,
)
from symjac.nodes.sizes import ONE, shape_text, times


def elementwise(function: Function, arg: Node) -> Node:
    """Return a scalar function applied to every entry."""
    return Elementwise(arg.shape, (function,), (arg,))


def hadamard_power(arg: Node, exponent: Number) -> Node:
    """Return the entrywise power."""
    exponent = Fraction(exponent)
    if arg.is_scalar:
        return power(arg, exponent)
    if exponent == 0:
        return ones(*arg.shape)
    if exponent == 1 or isinstance(arg, Ones):
        return arg
    if isinstance(arg, Zero):
        if exponent < 0:
            raise DomainError("division by zero: an entrywise quotient by a zero matrix")
        return arg
    if isinstance(arg, HadamardPower) and exponent.denominator == 1:
        return hadamard_power(arg.args[0], arg.exponent * exponent)
    scalar, matrix = split_scalar(arg)
    if exponent.denominator == 1 and matrix is not arg:
        return product(power(scalar, exponent), hadamard_power(matrix, exponent))
    return HadamardPower(arg.shape, (exponent,), (arg,))


def _linear(make: Callable[[Node], Node]) -> Callable[[Node], Node]:
    """Let the scalar in front pass through a linear constructor."""

    def build(arg: Node) -> Node:
        scalar, matrix = split_scalar(arg)
        return make(arg) if matrix is arg else product(scalar, make(matrix))

    build.__name__, build.__doc__ = make.__name__, make.__doc__
    return build


# Matrix operations


KEEPS_SYMMETRY = (Let, Inverse, MatrixPower, Elementwise, HadamardPower, Hadamard, Sum, Kronecker)
"""What is symmetric where its arguments are."""


def is_symmetric(node: Node) -> bool:
    """Whether a matrix equals its transpose by its form.

    The facts of a symbol do not count here: d(Xᵀ) is (dX)ᵀ, also at a symmetric X. Tidying uses them, after d.
    """
    pending, seen = [node], {node}
    while pending:
        part = pending.pop()
        if not part.is_square:
            return False
        if isinstance(part, KEEPS_SYMMETRY):
            pending.extend(arg for arg in part.args if arg not in seen)
            seen.update(part.args)
        elif not (part.is_scalar or isinstance(part, Identity | Diag | Zero | Ones)):
            return False
    return True


@_linear
def transpose(arg: Node) -> Node:
    """Return Aᵀ; what is symmetric by its form stays as it is."""
    if is_symmetric(arg):
        return arg
    if isinstance(arg, Transpose):
        return arg.args[0]
    if isinstance(arg, Zero | Ones):
        return type(arg)((arg.cols, arg.rows))
    if isinstance(arg, Commutation):
        return commutation(arg.data[1], arg.data[0])
    return Transpose((arg.cols, arg.rows), (), (arg,))


def inverse(arg: Node) -> Node:
    """Return A⁻¹ of a square matrix."""
    if not arg.is_square:
        raise ShapeError(f"only a square matrix has an inverse, not {shape_text(arg.shape)}")
    if arg.is_scalar:
        return power(arg, -1)
    if isinstance(arg, Inverse):
        return arg.args[0]
    if isinstance(arg, Identity):
        return arg
    if isinstance(arg, Zero):
        raise DomainError("the zero matrix has no inverse")
    if isinstance(arg, Commutation):
        return transpose(arg)
    if isinstance(arg, Transpose):
        return transpose(inverse(arg.args[0]))
    if isinstance(arg, MatrixPower):
        return matrix_power(arg.args[0], -arg.exponent)
    scalar, matrix = split_scalar(arg)
    if matrix is not arg:
        return product(power(scalar, -1), inverse(matrix))
    return Inverse(arg.shape, (), (arg,))


def matrix_power(arg: Node, exponent: int) -> Node:
    """Return an integer power of a square matrix."""
    if not arg.is_square:
        raise ShapeError(f"only a square matrix has powers, not {shape_text(arg.shape)}")
    if arg.is_scalar:
        return power(arg, exponent)
    if exponent == 0:
        return identity(arg.rows)
    if exponent == 1 or isinstance(arg, Identity):
        return arg
    if exponent == -1:
        return inverse(arg)
    if isinstance(arg, Zero):
        if exponent < 0:
            raise DomainError("the zero matrix has no inverse")
        return arg
    if isinstance(arg, MatrixPower):
        return matrix_power(arg.args[0], arg.exponent * exponent)
    if isinstance(arg, Inverse):
        return matrix_power(arg.args[0], -exponent)
    if isinstance(arg, Transpose):
        return transpose(matrix_power(arg.args[0], exponent))
    scalar, matrix = split_scalar(arg)
    if matrix is not arg:
        return product(power(scalar, exponent), matrix_power(matrix, exponent))
    return MatrixPower(arg.shape, (exponent,), (arg,))


@_linear
def trace(arg: Node) -> Node:
    """Return the trace of a square matrix."""
    if not arg.is_square:
        raise ShapeError(f"only a square matrix has a trace, not {shape_text(arg.shape)}")
    if arg.is_scalar:
        return arg
    if isinstance(arg, Zero):
        return number(0)
    if isinstance(arg, Identity | Ones):
        return dimension(arg.rows)
    if isinstance(arg, Product) and arg.chain and arg.chain[0].cols is ONE and not arg.has_differential:
        # tr(x yᵀ) is the inner product yᵀx.
        return product(*(base if e == 1 else power(base, e) for base, e in arg.bag), product(*arg.chain[1:], arg.chain[0]))
    return Trace((ONE, ONE), (), (arg,))


def determinant(arg: Node) -> Node:
    """Return the determinant of a square matrix."""
    if not arg.is_square:
        raise ShapeError(f"only a square matrix has a determinant, not {shape_text(arg.shape)}")
    if arg.is_scalar:
        return arg
    if isinstance(arg, Identity):
        return number(1)
    if isinstance(arg, Zero):
        return number(0)
    return Determinant((ONE, ONE), (), (arg,))


def norm(arg: Node) -> Node:
    """Return the Frobenius norm."""
    return number(0) if isinstance(arg, Zero) else Norm((ONE, ONE), (), (arg,))


def sum_entries(arg: Node) -> Node:
    """Return the sum of all entries, 1ᵀA1."""
    return product(ones(1, arg.rows), arg, ones(arg.cols, 1))


def hadamard(*args: Node) -> Node:
    """Return the entrywise product."""
    shape = args[0].shape
    scalars: list[Node] = []
    matrices: list[Node] = []
    for arg in args:
        if arg.shape != shape:
            raise ShapeError(f"the Hadamard product needs one shape, not {shape_text(shape)} and {shape_text(arg.shape)}")
        if isinstance(arg, Zero):
            return arg
        scalar, matrix = split_scalar(arg)
        scalars.append(scalar)
        matrices.extend(matrix.args if isinstance(matrix, Hadamard) else (matrix,))
    if args[0].is_scalar:
        return product(*args)
    kept = [node for node in matrices if not isinstance(node, Ones)] or [matrices[0]]
    return product(*scalars, kept[0] if len(kept) == 1 else Hadamard(shape, (), tuple(kept)))


def kron(*args: Node) -> Node:
    """Return the Kronecker product."""
    scalars: list[Node] = []
    factors: list[Node] = []
    for arg in args:
        scalar, matrix = split_scalar(arg)
        scalars.append(scalar)
        if matrix.is_scalar:
            scalars.append(matrix)
        else:
            factors.extend(matrix.args if isinstance(matrix, Kronecker) else (matrix,))
    shape = (times(*(f.rows for f in factors)), times(*(f.cols for f in factors))) if factors else (ONE, ONE)
    if any(isinstance(node, Zero) for node in (*scalars, *factors)):
        return Zero(shape)
    merged: list[Node] = []
    for factor in factors:
        if merged and isinstance(factor, Identity | Ones) and type(factor) is type(merged[-1]):
            last = merged.pop()
            factor = type(factor)((times(last.rows, factor.rows), times(last.cols, factor.cols)))
        merged.append(factor)
    if not merged:
        return product(*scalars)
    return product(*scalars, merged[0] if len(merged) == 1 else Kronecker(shape, (), tuple(merged)))


def khatri_rao(left: Node, right: Node) -> Node:
    """Return the column-wise Kronecker product."""
    if left.cols != right.cols:
        raise ShapeError(f"A ∗ B needs equal numbers of columns, not {shape_text(left.shape)} and {shape_text(right.shape)}")
    if left.cols is ONE:
        return kron(left, right)
    shape = (times(left.rows, right.rows), left.cols)
    if isinstance(left, Zero) or isinstance(right, Zero):
        return Zero(shape)
    a, left = split_scalar(left)
    b, right = split_scalar(right)
    return product(a, b, KhatriRao(shape, (), (left, right)))


@_linear
def vec(arg: Node) -> Node:
    """Return the columns, stacked; a column is its own vec, a row's is its transpose."""
    if arg.cols is ONE:
        return arg
    if arg.rows is ONE:
        return transpose(arg)
    total = times(*arg.shape)
    if isinstance(arg, Zero | Ones):
        return type(arg)((total, ONE))
    return Vec((total, ONE), (), (arg,))


@_linear
def diag(arg: Node) -> Node:
    """Return the diagonal matrix of a vector."""
    if arg.is_scalar:
        return arg
    if arg.rows is ONE:
        return diag(transpose(arg))
    if arg.cols is not ONE:
        raise ShapeError(f"diag builds a diagonal matrix from a vector, not from {shape_text(arg.shape)}")
    if isinstance(arg, Ones):
        return identity(arg.rows)
    shape = (arg.rows, arg.rows)
    return Zero(shape) if isinstance(arg, Zero) else Diag(shape, (), (arg,))


@_linear
def diagonal(arg: Node) -> Node:
    """Return the diagonal of a square matrix as a column."""
    if not arg.is_square:
        raise ShapeError(f"only a square matrix has a diagonal here, not {shape_text(arg.shape)}")
    if arg.is_scalar:
        return arg
    if isinstance(arg, Diag):
        return arg.args[0]
    if isinstance(arg, Identity | Ones):
        return ones(arg.rows)
    shape = (arg.rows, ONE)
    return Zero(shape) if isinstance(arg, Zero) else Diagonal(shape, (), (arg,))


def softmax(arg: Node) -> Node:
    """Return softmax of a vector."""
    _vector(arg, "softmax")
    return number(1) if arg.is_scalar else Softmax(arg.shape, (), (arg,))


def logsumexp(arg: Node) -> Node:
    """Return log Σ exp of a vector."""
    _vector(arg, "logsumexp")
    return arg if arg.is_scalar else LogSumExp((ONE, ONE), (), (arg,))


def _vector(arg: Node, name: str) -> None:
    if ONE not in arg.shape:
        raise ShapeError(f"{name} takes a vector, not {shape_text(arg.shape)}")
