"""The door in from SymPy: a SymPy expression becomes nodes, with every shape checked again.

SymPy accepts m×n + n×m when sizes are symbols, flattens (xᵀx)A into xᵀxA and merges x·x into x²: here numbers and
1×1 products are taken out first, and what is left has to fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import sympy
from sympy import MatrixBase
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.dotproduct import DotProduct
from sympy.matrices.expressions.matexpr import MatrixElement

from symjac import sympy_nodes as ours
from symjac import sympy_scalars as scalars
from symjac.errors import DomainError, ShapeError, UnsupportedError
from symjac.nodes import build
from symjac.nodes.functions import COS, EXP, LOG, RELU, SIN, TANH, Function, T
from symjac.nodes.node import Node, Zero
from symjac.nodes.sizes import Size, shape_text, size, size_symbol
from symjac.read.sympy_sums import read_sum

Handler = Callable[["Reader", Any, tuple[Node, ...]], Node]


def from_sympy(expr: Any, sizes: Iterable[str] = ()) -> Node:
    """Return the node of a SymPy expression; `sizes` names further symbols that stand for sizes.

    >>> from sympy import MatrixSymbol, symbols
    >>> N = symbols("N")
    >>> x = MatrixSymbol("x", N, 1)
    >>> from_sympy((x.T*x)*x).shape
    (N, 1)

    A number in floating point is read as the shortest decimal that gives it: 0.1 is 1/10. Raises ShapeError where shapes
    do not fit and UnsupportedError, naming the expression, where SymPy says something that no node can say.
    """
    return Reader(sizes).read(expr)


def originals(expr: Any) -> dict[str, Any]:
    """Return the SymPy objects an expression is built from, by name, so that answers can use the same ones.

    >>> from sympy import MatrixSymbol, symbols
    >>> originals(MatrixSymbol("x", symbols("N"), 1))
    {'N': N, 'x': x}
    """
    found: dict[str, Any] = {}
    for part in _parts(sympy.sympify(expr)):
        if isinstance(part, sympy.MatrixSymbol | sympy.Symbol) and not isinstance(part, sympy.Dummy):
            found.setdefault(part.name, part)
    return dict(sorted(found.items()))


def _parts(root: Any) -> list[Any]:
    """Return all different subexpressions, the root first."""
    seen: dict[Any, None] = {root: None}
    stack = [root]
    while stack:
        for arg in stack.pop().args:
            if isinstance(arg, sympy.Basic) and arg not in seen:
                seen[arg] = None
                stack.append(arg)
    return list(seen)


class Reader:
    """One reading: the names it has met, with their meanings, and the nodes made so far."""

    def __init__(self, sizes: Iterable[str] = ()) -> None:
        self.sizes = set(sizes)
        self.symbols: dict[str, Node] = {}
        self.nodes: dict[Any, Node] = {}

    def read(self, expr: Any) -> Node:
        if isinstance(expr, str):
            raise DomainError("a SymPy expression is needed here, not a text; a text needs declarations: given=…")
        if isinstance(expr, Node):
            return expr
        root = sympy.sympify(expr, strict=True)
        self._find_sizes(root)
        return self.convert(root)

    def convert(self, root: Any) -> Node:
        """Convert bottom up, each subexpression once, without recursion."""
        stack = [root]
        while stack:
            expr = stack[-1]
            if expr in self.nodes:
                stack.pop()
                continue
            children = operands(expr)
            missing = [child for child in children if child not in self.nodes]
            if missing:
                stack.extend(reversed(missing))
                continue
            self.nodes[expr] = self._build(expr, tuple(self.nodes[child] for child in children))
            stack.pop()
        return self.nodes[root]

    def _build(self, expr: Any, args: tuple[Node, ...]) -> Node:
        handler = next((HANDLERS[kind] for kind in type(expr).__mro__ if kind in HANDLERS), None)
        if handler is None:
            raise UnsupportedError(f"{_short(expr)}: {type(expr).__name__} is not understood here{_hint(expr)}")
        try:
            return handler(self, expr, args)
        except ShapeError as error:
            raise error if " in `" in str(error) else ShapeError(f"{error}, in `{_short(expr)}`") from None

    def _find_sizes(self, root: Any) -> None:
        for part in _parts(root):
            if isinstance(part, _SIZED):
                self.sizes.update(s.name for arg in part.args for s in getattr(arg, "free_symbols", ()))
            if isinstance(part, sympy.Symbol) and part.is_integer and part.is_positive:
                self.sizes.add(part.name)

    def size(self, value: Any) -> Size:
        return size(sympy.sympify(value).xreplace({s: size_symbol(s.name) for s in value.free_symbols}))

    def symbol(self, name: str, rows: Any, cols: Any, facts: Iterable[str] = ()) -> Node:
        if name in self.sizes:
            raise DomainError(f"{name} is used both as a size and as a {'scalar' if rows == cols == 1 else 'matrix'}")
        return self.remember(name, build.symbol(name, self.size(rows), self.size(cols), tuple(facts)))

    def remember(self, name: str, node: Node) -> Node:
        known = self.symbols.setdefault(name, node)
        if known is not node:
            raise DomainError(f"{name} has two meanings: {known!r}, {shape_text(known.shape)}, and {node!r}, {shape_text(node.shape)}")
        return node


_SIZED = (sympy.MatrixSymbol, sympy.Identity, sympy.ZeroMatrix, sympy.OneMatrix, ours.CommutationMatrix, ours.BasisVector)


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
        raise UnsupportedError(f"{_short(arg)}: exponents are at most {MAX_EXPONENT}")
    return (arg.base,) * int(arg.exp)


MAX_EXPONENT = 1000
"""The largest exponent of a power."""


def _short(expr: Any) -> str:
    text = str(expr)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _hint(expr: Any) -> str:
    hints = {
        "MatrixSlice": "; pick rows and columns by multiplying with basis vectors",
        "BlockMatrix": "; write its blocks as separate expressions",
        "Adjoint": "; matrices are real: use .T",
        "conjugate": "; everything is real: leave it out",
    }
    if isinstance(expr, MatrixBase):
        return "; use matrix symbols, and give their numbers at the end"
    return hints.get(type(expr).__name__, "")


# Numbers and symbols


def _symbol(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    if expr.name in reader.sizes:
        return build.dimension(size_symbol(expr.name))
    return reader.symbol(expr.name, sympy.S.One, sympy.S.One, ("positive",) if expr.is_positive else ())


def _matrix_symbol(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    facts = expr.facts if isinstance(expr, ours.DeclaredMatrix) else ()
    return reader.symbol(expr.name, *expr.shape, facts)


def _number(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    if not expr.is_finite:
        raise UnsupportedError(f"{expr} is not a finite number")
    return build.number(rational(expr))


def rational(value: Any) -> Fraction:
    """Return a SymPy number exactly; a Float as the shortest decimal that gives it."""
    if isinstance(value, sympy.Float):
        return Fraction(repr(float(value)) if value._prec <= 53 else str(value))
    return Fraction(int(value.p), int(value.q))


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
    return stretch[0].rows == 1 == stretch[-1].cols


def _power(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    (base,) = args
    exponent = expr.exp
    if not (exponent.is_Rational or exponent.is_Float):
        raise UnsupportedError(f"{_short(expr)}: the exponent has to be a number, not {exponent}")
    value = rational(exponent)
    if abs(value) > MAX_EXPONENT:
        raise UnsupportedError(f"{_short(expr)}: exponents are at most {MAX_EXPONENT}")
    if base.is_scalar:
        return build.power(base, value)
    if value.denominator != 1:
        raise UnsupportedError(f"{_short(expr)}: a matrix has integer powers only; hadamard_power raises its entries")
    return build.matrix_power(base, int(value))


def _inverse(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    return build.inverse(*args)


# Functions of scalars, entry by entry

KNOWN: dict[Any, Function] = {
    sympy.exp: EXP,
    sympy.log: LOG,
    sympy.sin: SIN,
    sympy.cos: COS,
    sympy.tanh: TANH,
}


def _function(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    if not all(arg.is_scalar for arg in args):
        name = type(expr).__name__
        raise UnsupportedError(
            f"{_short(expr)}: {name} of a {shape_text(args[0].shape)} matrix; for the entrywise function write "
            f"symjac.{name}(…) or .applyfunc({name})"
        )
    return entrywise(expr, args)


def entrywise(expr: Any, args: tuple[Node, ...]) -> Node:
    """Apply the SymPy function that `expr` applies to every entry of a node."""
    head = expr.func
    if isinstance(expr, sympy.core.function.AppliedUndef):
        raise UnsupportedError(f"{_short(expr)}: the function {head} is not defined")
    if isinstance(expr, sympy.Max):
        zero = [arg for arg in args if isinstance(arg, Zero)]
        if len(args) == 2 and zero:
            return build.elementwise(RELU, next(arg for arg in args if not isinstance(arg, Zero)))
    elif isinstance(expr, sympy.Abs) and args[0].is_scalar:
        return build.norm(args[0])
    elif head in KNOWN:
        return build.elementwise(KNOWN[head], args[0])
    elif isinstance(expr, sympy.Function) and len(args) == 1:
        definition = head(T)
        if not definition.diff(T).has(sympy.Derivative, sympy.Subs, sympy.DiracDelta, sympy.re, sympy.im):
            return build.elementwise(Function(head.__name__, definition), args[0])
    raise UnsupportedError(f"{_short(expr)}: {head.__name__} is not a differentiable function of one number")


def _applied(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    """Read f.(A): the body of f, with A for its variable and entrywise operations for scalar ones."""
    (matrix,) = args
    variables, body = expr.function.variables, expr.function.expr
    done: dict[Any, Node] = {variables[0]: matrix}
    for part in reversed(_ordered(body)):
        if part in done:
            continue
        if not part.has(variables[0]):
            constant = reader.convert(part)
            done[part] = constant if constant.is_scalar else _no_constant(part)
        else:
            done[part] = _entry_by_entry(part, tuple(done.get(arg, matrix) for arg in part.args), matrix)
    result = done[body]
    return result if result.shape == matrix.shape else build.product(result, build.ones(*matrix.shape))


def _ordered(body: Any) -> list[Any]:
    """Return all subexpressions, each before its arguments."""
    order: list[Any] = []
    stack = [body]
    while stack:
        part = stack.pop()
        order.append(part)
        if not (part.is_Symbol or part.is_Number):
            stack.extend(part.args if not isinstance(part, sympy.MatrixExpr | sympy.Piecewise) else ())
    return order


def _no_constant(part: Any) -> Node:
    raise UnsupportedError(f"{_short(part)}: a function of entries may only use scalars beside its variable")


def _entry_by_entry(part: Any, args: tuple[Node, ...], matrix: Node) -> Node:
    spread = tuple(build.product(arg, build.ones(*matrix.shape)) if arg.shape != matrix.shape else arg for arg in args)
    if isinstance(part, sympy.Add):
        return build.add(*spread)
    if isinstance(part, sympy.Mul):
        inside = [arg for arg in args if arg.shape == matrix.shape]
        return build.product(*(arg for arg in args if arg.shape != matrix.shape), build.hadamard(*inside))
    if isinstance(part, sympy.exp):
        return build.elementwise(EXP, spread[0])
    if isinstance(part, sympy.Pow) and (part.exp.is_Rational or part.exp.is_Float):
        return build.hadamard_power(spread[0], rational(part.exp))
    if isinstance(part, sympy.Function | sympy.Max):
        return entrywise(part, spread)
    raise UnsupportedError(f"{_short(part)}: {type(part).__name__} inside a function of entries is not understood")


# Entries


def _element(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    """A_ij = e_iᵀ A e_j."""
    (matrix,) = args
    i, j = (_index(index, n, expr) for index, n in zip(expr.indices, matrix.shape, strict=True))
    return build.product(build.transpose(build.basis(matrix.rows, i)), matrix, build.basis(matrix.cols, j))


def _index(index: Any, n: Size, expr: Any) -> int:
    if not index.is_Integer:
        raise UnsupportedError(f"{_short(expr)}: an index has to be a number, not {index}")
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
    ours.Named: lambda expr: (expr.args[1],),
    scalars.NamedScalar: lambda expr: (expr.args[1],),
}


def _hadamard_power(reader: Reader, expr: Any, args: tuple[Node, ...]) -> Node:
    if not (expr.exp.is_Rational or expr.exp.is_Float) or not args[0].shape:
        raise UnsupportedError(f"{_short(expr)}: the exponent has to be a number, not {expr.exp}")
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
    return lambda reader, expr, args: make(*(reader.size(arg) for arg in expr.args))


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
    ours.BasisVector: lambda reader, expr, args: build.basis(reader.size(expr.args[0]), int(expr.args[1])),
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
    ElementwiseApplyFunction: _applied,
    MatrixElement: _element,
    sympy.Function: _function,
    sympy.Max: _function,
    sympy.Sum: lambda reader, expr, args: read_sum(expr, reader.convert, reader.size),
    ours.ElementwiseFunction: _own_function,
    scalars.ScalarFunction: _own_function,
    ours.VecOf: _one_argument(build.vec),
    ours.SoftmaxOf: _one_argument(build.softmax),
    scalars.LogSumExp: _one_argument(build.logsumexp),
    scalars.FrobeniusNorm: _one_argument(build.norm),
    scalars.SumOfEntries: _one_argument(build.sum_entries),
    scalars.ScalarOf: _one_argument(lambda arg: arg),
    ours.Named: _named,
    scalars.NamedScalar: _named,
}
