"""What the door in from SymPy understands: for every SymPy class its operands, and the node they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import sympy
from sympy import MatrixBase
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.dotproduct import DotProduct
from sympy.matrices.expressions.matexpr import MatrixElement

from symjac import sympy_nodes as ours
from symjac import sympy_scalars as scalars
from symjac.errors import UnsupportedError
from symjac.nodes import build
from symjac.nodes.functions import EXP, RELU, Function, T
from symjac.nodes.node import Node
from symjac.nodes.sizes import ONE, Size, size_symbol
from symjac.read.sympy_functions import MAX_EXPONENT, apply_to_entries, apply_to_scalar, rational, short
from symjac.read.sympy_sums import read_sum

if TYPE_CHECKING:
    from symjac.read.from_sympy import Reader

Handler = Callable[["Reader", Any, tuple[Node, ...]], Node]


def handler_of(expr: Any) -> Handler | None:
    """Return how an expression becomes a node, or None where that is unknown."""
    return next((HANDLERS[kind] for kind in type(expr).__mro__ if kind in HANDLERS), None)


def operands(expr: Any) -> tuple[Any, ...]:
    """Return the arguments of an expression that are expressions themselves."""
    if isinstance(expr, sympy.MatMul):
        return tuple(factor for arg in expr.args for factor in _factors(arg))
    kind = next((OPERANDS[kind] for kind in type(expr).__mro__ if kind in OPERANDS), None)
    return tuple(expr.args) if kind is None else kind(expr)


def _factors(arg: Any) -> tuple[Any, ...]:
    """Undo SymPy's x·x → x² for matrices that are not square."""
    merged = isinstance(arg, sympy.MatPow) and arg.exp.is_Integer and arg.exp > 1 and not arg.base.is_square
    if not merged:
        return (arg,)
    if arg.exp > MAX_EXPONENT:
        raise UnsupportedError(f"{short(arg)}: exponents are at most {MAX_EXPONENT}")
    return (arg.base,) * int(arg.exp)


# Numbers and symbols


def _symbol(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    if expr.name in reader.sizes:
        return build.dimension(size_symbol(expr.name))
    return reader.symbol(expr, sympy.S.One, sympy.S.One, ("positive",) if expr.is_positive else ())


def _matrix_symbol(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    facts = expr.facts if isinstance(expr, ours.DeclaredMatrix) else ()
    rows, cols = expr.shape
    return reader.symbol(expr, rows, cols, facts)


def _relu_of(expr: Any) -> tuple[Any, ...]:
    """Return t of the cases (t where t > 0, else 0): SymPy writes relu(t) out when it multiplies."""
    first = expr.args[0]
    if expr != sympy.Piecewise((first.expr, first.expr > 0), (0, True)):
        raise UnsupportedError(f"{short(expr)}: of functions given by cases only relu is understood here")
    return (first.expr,)


def _relu(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    return build.elementwise(RELU, args[0])


def _number(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    if not expr.is_finite:
        raise UnsupportedError(f"{expr} is not a finite number")
    return build.number(rational(expr))


def _pi(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    return build.product(4, build.elementwise(Function("atan", sympy.atan(T)), build.number(1)))


# Sums, products, powers


def _add(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    return build.add(*args)


def _multiply(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    return regroup(args)


def regroup(factors: Iterable[Node]) -> Node:
    """Return the product of factors whose brackets are lost: stretches that come to 1×1 are scalars."""
    outside: list[Node] = []
    stretches: list[list[Node]] = []
    for factor in factors:
        if factor.is_scalar:
            outside.append(factor)
        elif stretches and stretches[-1][-1].cols == factor.rows:
            stretches[-1].append(factor)
        else:
            stretches.append([factor])
        # A stretch that came to 1×1 steps aside, so that its neighbours can meet.
        if len(stretches) > 1 and _is_closed(stretches[-2]):
            outside.append(build.product(*stretches.pop(-2)))
            if len(stretches) > 1 and stretches[-2][-1].cols == stretches[-1][0].rows:
                last = stretches.pop()
                stretches[-1].extend(last)
    if len(stretches) > 1 and _is_closed(stretches[-1]):
        outside.append(build.product(*stretches.pop()))
    return build.product(*outside, *(factor for stretch in stretches for factor in stretch))


def _is_closed(stretch: list[Node]) -> bool:
    return stretch[0].rows is ONE is stretch[-1].cols


def _power(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    (base,) = args
    exponent = expr.exp
    if not (exponent.is_Rational or exponent.is_Float):
        raise UnsupportedError(f"{short(expr)}: the exponent has to be a number, not {exponent}")
    value = rational(exponent)
    if abs(value) > MAX_EXPONENT:
        raise UnsupportedError(f"{short(expr)}: exponents are at most {MAX_EXPONENT}")
    if base.is_scalar:
        return build.power(base, value)
    if value.denominator != 1:
        raise UnsupportedError(f"{short(expr)}: a matrix has integer powers only; hadamard_power raises its entries")
    return build.matrix_power(base, int(value))


def _inverse(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    return build.inverse(*args)


# Entries


def _element(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    """A_ij = e_iᵀ A e_j."""
    (matrix,) = args
    i, j = (_index(index, n, expr) for index, n in zip(expr.indices, matrix.shape, strict=True))
    return build.product(build.transpose(build.basis(matrix.rows, i)), matrix, build.basis(matrix.cols, j))


def _index(index: Any, n: Size, expr: Any) -> int:
    if not index.is_Integer:
        raise UnsupportedError(f"{short(expr)}: an index has to be a number, not {index}")
    if index < 0 and n.is_Integer:
        return int(index) + int(n)
    return int(index)


def _dot(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    left, right = (build.vec(arg) for arg in args)
    return build.product(build.transpose(left), right)


def _diagonal_part(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    return build.diag(build.diagonal(*args))


# The table: what is read, and how

OPERANDS: Mapping[type, Callable[[Any], tuple[Any, ...]]] = {
    sympy.Symbol: lambda expr: (),
    sympy.MatrixSymbol: lambda expr: (),
    sympy.Number: lambda expr: (),
    sympy.NumberSymbol: lambda expr: (),
    sympy.Identity: lambda expr: (),
    sympy.ZeroMatrix: lambda expr: (),
    sympy.OneMatrix: lambda expr: (),
    sympy.Sum: lambda expr: (),
    MatrixBase: lambda expr: (),
    ours.CommutationMatrix: lambda expr: (),
    ours.BasisVector: lambda expr: (),
    sympy.Pow: lambda expr: (expr.base,),
    sympy.exp: lambda expr: (expr.exp,),
    sympy.MatPow: lambda expr: (expr.base,),
    sympy.Inverse: lambda expr: (expr.arg,),
    sympy.HadamardPower: lambda expr: (expr.base,),
    ElementwiseApplyFunction: lambda expr: (expr.expr,),
    MatrixElement: lambda expr: (expr.parent,),
    ours.ElementwiseFunction: lambda expr: (expr.arg,),
    scalars.ScalarFunction: lambda expr: (expr.arg,),
    sympy.Piecewise: _relu_of,
    ours.Named: lambda expr: (expr.args[1],),
    scalars.NamedScalar: lambda expr: (expr.args[1],),
}


def _hadamard_power(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    if not (expr.exp.is_Rational or expr.exp.is_Float) or not args[0].shape:
        raise UnsupportedError(f"{short(expr)}: the exponent has to be a number, not {expr.exp}")
    return build.hadamard_power(args[0], rational(expr.exp))


def _own_function(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    return build.elementwise(expr.function, args[0])


def _named(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    return reader.remember(expr.name, build.let(expr.name, args[0]))


def _one_argument(make: Callable[[Node], Node]) -> Handler:
    return lambda reader, expr, args: make(*args)


def _many_arguments(make: Callable[..., Node]) -> Handler:
    return lambda reader, expr, args: make(*args)


def _sized(make: Callable[..., Node]) -> Handler:
    return lambda reader, expr, args: make(*(ours.size_of(arg) for arg in expr.args))


HANDLERS: Mapping[type, Handler] = {
    sympy.Symbol: _symbol,
    sympy.MatrixSymbol: _matrix_symbol,
    sympy.Number: _number,
    sympy.core.numbers.Pi: _pi,
    sympy.core.numbers.Exp1: lambda reader, expr, args: build.elementwise(EXP, build.number(1)),
    sympy.Identity: _sized(build.identity),
    sympy.ZeroMatrix: _sized(build.zero),
    sympy.OneMatrix: _sized(build.ones),
    ours.CommutationMatrix: _sized(build.commutation),
    ours.BasisVector: lambda reader, expr, args: build.basis(ours.size_of(expr.args[0]), int(expr.args[1])),
    sympy.Add: _add,
    sympy.MatAdd: _add,
    sympy.Mul: _multiply,
    sympy.MatMul: _multiply,
    sympy.Pow: _power,
    sympy.MatPow: _power,
    sympy.Inverse: _inverse,
    sympy.Transpose: _one_argument(build.transpose),
    sympy.Trace: _one_argument(build.trace),
    sympy.Determinant: _one_argument(build.determinant),
    sympy.HadamardProduct: _many_arguments(build.hadamard),
    sympy.HadamardPower: _hadamard_power,
    sympy.KroneckerProduct: _many_arguments(build.kron),
    ours.KhatriRao: _many_arguments(build.khatri_rao),
    DiagMatrix: _one_argument(build.diag),
    DiagonalMatrix: _diagonal_part,
    DiagonalOf: _one_argument(build.diagonal),
    DotProduct: _dot,
    ElementwiseApplyFunction: lambda reader, expr, args: apply_to_entries(expr.function, args[0], reader.convert),
    MatrixElement: _element,
    sympy.Function: lambda reader, expr, args: apply_to_scalar(expr, args),
    sympy.Max: lambda reader, expr, args: apply_to_scalar(expr, args),
    sympy.Sum: lambda reader, expr, args: read_sum(expr, reader.convert),
    ours.ElementwiseFunction: _own_function,
    scalars.ScalarFunction: _own_function,
    sympy.Piecewise: _relu,
    ours.VecOf: _one_argument(build.vec),
    ours.SoftmaxOf: _one_argument(build.softmax),
    scalars.LogSumExp: _one_argument(build.logsumexp),
    scalars.FrobeniusNorm: _one_argument(build.norm),
    scalars.SumOfEntries: _one_argument(build.sum_entries),
    scalars.ScalarOf: _one_argument(lambda arg: arg),
    ours.Named: _named,
    scalars.NamedScalar: _named,
}
