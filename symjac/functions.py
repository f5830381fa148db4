"""The functions people write expressions with: SymPy objects in, SymPy objects out, shapes checked, nothing evaluated.

Numbers, SymPy scalars and 1×1 matrices count as scalars; a function of a scalar gives a SymPy scalar, which SymPy's
`*`, `+` and `/` combine with everything else.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy
from sympy.core.sympify import SympifyError, _sympify

from symjac import sympy_nodes as ours
from symjac import sympy_scalars as scalars
from symjac.errors import DomainError, ShapeError
from symjac.nodes.functions import COS, EXP, LOG, RELU, SIGMOID, SIN, SOFTPLUS, TANH, Function
from symjac.nodes.sizes import ONE, Shape, shape_text, size

_OWN_IN_SYMPY = {EXP: sympy.exp, LOG: sympy.log, SIN: sympy.sin, COS: sympy.cos, TANH: sympy.tanh}


def _expression(value: Any) -> Any:
    """Return a SymPy expression; a text is refused, for SymPy would run it."""
    if isinstance(value, str):
        raise DomainError(f"a SymPy expression is needed here, not the text {value[:40]!r}")
    if isinstance(value, Fraction):
        return sympy.Rational(value.numerator, value.denominator)
    try:
        return _sympify(value)
    except SympifyError:
        raise DomainError(f"a SymPy expression is needed here, not {type(value).__name__}") from None


def _shape(expr: Any) -> Shape:
    """Return a shape whose sizes can be compared, whatever SymPy's assumptions about their names."""
    if not getattr(expr, "is_Matrix", False):
        return (ONE, ONE)
    rows, cols = map(ours.size_of, expr.shape)
    return rows, cols


def _size(value: Any) -> Any:
    """Return a size as it was given, if it can be one."""
    expr = _expression(value)
    size(expr)
    return expr


def _is_scalar(expr: Any) -> bool:
    return _shape(expr) == (ONE, ONE)


def _scalar(expr: Any) -> Any:
    """Return a 1×1 matrix expression as a scalar, a scalar as it is."""
    if not getattr(expr, "is_Matrix", False):
        return expr
    return expr[0, 0] if isinstance(expr, sympy.MatrixBase) else scalars.ScalarOf(expr)


def _square(expr: Any, what: str) -> Any:
    if len(set(_shape(expr))) != 1:
        raise ShapeError(f"only a square matrix has {what}; {expr} is {shape_text(_shape(expr))}")
    return expr


def _vector(expr: Any, name: str) -> Any:
    if ONE not in _shape(expr):
        raise ShapeError(f"{name} takes a vector; {expr} is {shape_text(_shape(expr))}")
    return expr


# Matrices from sizes


def eye(n: Any) -> Any:
    """Return the n×n identity.

    >>> eye(2).as_explicit()
    Matrix([
    [1, 0],
    [0, 1]])
    """
    return ours.IdentityOf(_size(n))


def ones(rows: Any, cols: Any = 1) -> Any:
    """Return the matrix of ones; a column where one size is given.

    >>> ones(3).shape
    (3, 1)
    """
    return sympy.OneMatrix(_size(rows), _size(cols))


def zeros(rows: Any, cols: Any = 1) -> Any:
    """Return the matrix of zeros; a column where one size is given.

    >>> zeros(2, 3).shape
    (2, 3)
    """
    return sympy.ZeroMatrix(_size(rows), _size(cols))


def commutation(m: Any, n: Any) -> Any:
    """Return K(m, n), which maps vec(A) to vec(Aᵀ) for every m×n matrix A (Magnus & Neudecker, 3.7).

    >>> commutation(2, 2).as_explicit()
    Matrix([
    [1, 0, 0, 0],
    [0, 0, 1, 0],
    [0, 1, 0, 0],
    [0, 0, 0, 1]])
    """
    return ours.CommutationMatrix(_size(m), _size(n))


# Rearranging


def vec(A: Any) -> Any:
    """Return the columns of A, stacked.

    >>> vec(sympy.Matrix([[1, 2], [3, 4]])).doit().T
    Matrix([[1, 3, 2, 4]])
    """
    expr = _expression(A)
    return ours.VecOf(expr) if getattr(expr, "is_Matrix", False) else expr


def diag(A: Any) -> Any:
    """Return the diagonal matrix of a vector, or the diagonal of a square matrix as a column.

    >>> from symjac.read.declare import declare
    >>> A, x = declare("A: N x N, x: N")
    >>> diag(x).shape, diag(A).shape
    ((N, N), (N, 1))
    """
    expr = _expression(A)
    if _is_scalar(expr):
        return expr
    if ONE in _shape(expr):
        return ours.DiagOf(expr)
    return ours.DiagonalPart(_square(expr, "a diagonal"))


# Products


def kron(*factors: Any) -> Any:
    """Return the Kronecker product A ⊗ B ⊗ ….

    >>> kron(eye(2), sympy.Matrix([[1, 2]])).as_explicit()
    Matrix([
    [1, 2, 0, 0],
    [0, 0, 1, 2]])
    """
    exprs = [_expression(factor) for factor in factors]
    outside = [_scalar(expr) for expr in exprs if not getattr(expr, "is_Matrix", False)]
    matrices = [expr for expr in exprs if getattr(expr, "is_Matrix", False)]
    if not matrices:
        return sympy.Mul(*outside)
    product = ours.KroneckerOf(*matrices) if len(matrices) > 1 else matrices[0]
    return sympy.MatMul(*outside, product) if outside else product


def hadamard(*factors: Any) -> Any:
    """Return the entrywise product A ∘ B ∘ … of matrices of one shape.

    >>> hadamard(sympy.Matrix([1, 2]), sympy.Matrix([3, 4])).doit().T
    Matrix([[3, 8]])
    """
    exprs = [_expression(factor) for factor in factors]
    for expr in exprs[1:]:
        if _shape(expr) != _shape(exprs[0]):
            raise ShapeError(
                f"the Hadamard product needs one shape; {exprs[0]} is {shape_text(_shape(exprs[0]))}, "
                f"{expr} is {shape_text(_shape(expr))}"
            )
    if _is_scalar(exprs[0]):
        return sympy.Mul(*map(_scalar, exprs))
    return sympy.HadamardProduct(*exprs) if len(exprs) > 1 else exprs[0]


def hadamard_power(A: Any, exponent: Any) -> Any:
    """Return A with every entry raised to a rational power.

    >>> hadamard_power(sympy.Matrix([2, 3]), 2).doit().T
    Matrix([[4, 9]])
    """
    expr, power = _expression(A), _expression(exponent)
    if not (power.is_Rational or power.is_Float):
        raise DomainError(f"hadamard_power takes a number as exponent, not {power}")
    return _scalar(expr) ** power if _is_scalar(expr) else ours.HadamardPowerOf(expr, power)


# Scalars of a matrix


def trace(A: Any) -> Any:
    """Return the trace of a square matrix.

    >>> trace(sympy.Matrix([[1, 2], [3, 4]])).doit()
    5
    """
    expr = _square(_expression(A), "a trace")
    return _scalar(expr) if _is_scalar(expr) else scalars.TraceOf(expr)


def det(A: Any) -> Any:
    """Return the determinant of a square matrix.

    >>> det(sympy.Matrix([[1, 2], [3, 4]])).doit()
    -2
    """
    expr = _square(_expression(A), "a determinant")
    return _scalar(expr) if _is_scalar(expr) else scalars.DeterminantOf(expr)


def inv(A: Any) -> Any:
    """Return the inverse of a square matrix.

    >>> inv(sympy.MatrixSymbol("A", 2, 2))
    A**(-1)
    """
    expr = _square(_expression(A), "an inverse")
    return 1 / _scalar(expr) if _is_scalar(expr) else sympy.Inverse(expr)


def norm(A: Any) -> Any:
    """Return the Frobenius norm; of a vector the Euclidean norm.

    >>> norm(sympy.Matrix([3, 4])).doit()
    5
    """
    expr = _expression(A)
    return scalars.FrobeniusNorm(_scalar(expr) if _is_scalar(expr) else expr)


def sum_entries(A: Any) -> Any:
    """Return the sum of all entries.

    >>> sum_entries(sympy.Matrix([[1, 2], [3, 4]])).doit()
    10
    """
    expr = _expression(A)
    return _scalar(expr) if _is_scalar(expr) else scalars.SumOfEntries(expr)


def logsumexp(x: Any) -> Any:
    """Return log Σ exp(x) of a vector.

    >>> logsumexp(sympy.Matrix([0, 0])).doit()
    log(2)
    """
    expr = _vector(_expression(x), "logsumexp")
    return _scalar(expr) if _is_scalar(expr) else scalars.LogSumExp(expr)


def softmax(x: Any) -> Any:
    """Return exp(x) / Σ exp(x) of a vector.

    >>> softmax(sympy.Matrix([0, 0])).doit().T
    Matrix([[1/2, 1/2]])
    """
    expr = _vector(_expression(x), "softmax")
    return sympy.S.One if _is_scalar(expr) else ours.SoftmaxOf(expr)


# Functions of every entry


def apply(function: Function, A: Any) -> Any:
    """Return a scalar function of every entry of A; of a scalar, a scalar.

    >>> apply(SIGMOID, sympy.MatrixSymbol("A", 2, 2))
    sigmoid(A)
    """
    expr = _expression(A)
    if not _is_scalar(expr):
        return ours.ElementwiseFunction.of(function, expr)
    if function in _OWN_IN_SYMPY:
        return _OWN_IN_SYMPY[function](_scalar(expr), evaluate=False)
    return scalars.ScalarFunction.of(function, _scalar(expr))


def exp(A: Any) -> Any:
    """Return the exponential of every entry (not the matrix exponential).

    >>> exp(sympy.MatrixSymbol("A", 2, 2))[0, 1]
    exp(A[0, 1])
    """
    return apply(EXP, A)


def log(A: Any) -> Any:
    """Return the natural logarithm of every entry.

    >>> log(sympy.MatrixSymbol("A", 2, 2))[0, 1]
    log(A[0, 1])
    """
    return apply(LOG, A)


def sqrt(A: Any) -> Any:
    """Return the square root of every entry.

    >>> sqrt(sympy.Matrix([4, 9])).doit().T
    Matrix([[2, 3]])
    """
    return hadamard_power(A, sympy.S.Half)


def sin(A: Any) -> Any:
    """Return the sine of every entry.

    >>> sin(sympy.Symbol("c"))
    sin(c)
    """
    return apply(SIN, A)


def cos(A: Any) -> Any:
    """Return the cosine of every entry.

    >>> cos(sympy.Symbol("c"))
    cos(c)
    """
    return apply(COS, A)


def tanh(A: Any) -> Any:
    """Return the hyperbolic tangent of every entry.

    >>> tanh(sympy.MatrixSymbol("x", 3, 1)).shape
    (3, 1)
    """
    return apply(TANH, A)


def sigmoid(A: Any) -> Any:
    """Return the logistic function 1/(1 + e⁻ᵗ) of every entry.

    >>> sigmoid(sympy.Symbol("c")).doit()
    1/(1 + exp(-c))
    """
    return apply(SIGMOID, A)


def relu(A: Any) -> Any:
    """Return max(0, t) of every entry; its derivative at 0 is taken to be 0.

    >>> relu(sympy.Matrix([-1, 2])).doit().T
    Matrix([[0, 2]])
    """
    return apply(RELU, A)


def softplus(A: Any) -> Any:
    """Return log(1 + eᵗ) of every entry.

    >>> softplus(sympy.Symbol("c")).doit()
    log(exp(c) + 1)
    """
    return apply(SOFTPLUS, A)


def let(name: str, expr: Any) -> Any:
    """Return an expression under a name, which printing, checking and compiled code use.

    >>> A = sympy.MatrixSymbol("A", 2, 3)
    >>> let("G", A.T*A)
    G
    >>> let("G", A.T*A).shape
    (3, 3)
    """
    value = _expression(expr)
    if not (isinstance(name, str) and name.isascii() and name.isidentifier()):
        raise DomainError(f"a name is made of letters, digits and underscores, not {name!r}")
    return ours.Named(name, value) if getattr(value, "is_Matrix", False) else scalars.NamedScalar(name, value)
