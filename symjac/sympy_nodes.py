"""SymPy matrix expressions for what SymPy lacks: vec, K(m, n), entrywise functions, named intermediates, ….

They print, substitute, index and lambdify as SymPy's own do, and they never evaluate on their own: `doit()`
computes only where the matrices below are explicit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from sympy import KroneckerDelta, MatrixBase, MatrixExpr, MatrixSymbol, floor
from sympy.core.symbol import Str
from sympy.core.sympify import _sympify
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf
from sympy.matrices.expressions.hadamard import HadamardPower
from sympy.matrices.expressions.kronecker import KroneckerProduct
from sympy.printing.precedence import PRECEDENCE

from symjac.nodes.functions import Function, T
from symjac.nodes.sizes import Size, size, size_symbol
from symjac.sympy_printing import CallPrinting, function_call, numpy_name

Printer = Any


class DeclaredMatrix(MatrixSymbol):
    """A matrix symbol that carries facts: symmetric, posdef, invertible, diagonal, positive.

    >>> DeclaredMatrix("S", 3, 3, ["symmetric"]).facts
    ('symmetric',)
    """

    def __new__(cls, name: Any, n: Any, m: Any, facts: Sequence[Any] = ()) -> Any:
        plain = MatrixSymbol(name, n, m)
        words = sympy.Tuple(*(word if isinstance(word, Str) else Str(word) for word in facts))
        return sympy.Basic.__new__(cls, *plain.args, words)

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(word.name for word in self.args[3])


def size_of(value: Any) -> Size:
    """Return a number of rows or columns as a size: size names lose whatever else SymPy assumes of them."""
    given = _sympify(value)
    return size(given.xreplace({s: size_symbol(s.name) for s in given.free_symbols}))


def matrix_symbol(name: str, rows: Any, cols: Any, facts: Sequence[str] = ()) -> MatrixSymbol:
    """Return SymPy's own matrix symbol, or one that carries facts where there are some."""
    return DeclaredMatrix(name, rows, cols, facts) if facts else MatrixSymbol(name, rows, cols)


def scalar_symbol(name: str, facts: Sequence[str] = ()) -> sympy.Symbol:
    """Return SymPy's own symbol, known to be positive where that is declared."""
    return sympy.Symbol(name, positive=True) if "positive" in facts else sympy.Symbol(name)


class VecOf(CallPrinting, MatrixExpr):
    """The columns of a matrix, stacked: (vec A)_{jm+i} = A_ij.

    >>> VecOf(MatrixSymbol("A", 2, 2)).as_explicit().T
    Matrix([[A[0, 0], A[1, 0], A[0, 1], A[1, 1]]])
    """

    text_name, latex_name = "vec", r"\operatorname{vec}"

    @property
    def shape(self) -> tuple[Any, Any]:
        rows, cols = self.args[0].shape
        return sympy.expand(rows * cols), sympy.S.One

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        rows = self.args[0].rows
        return self.args[0]._entry(i % rows, floor(i / rows), **kwargs)

    def doit(self, **hints: Any) -> Any:
        arg = self.args[0].doit(**hints)
        return arg.vec().as_immutable() if isinstance(arg, MatrixBase) else self.func(arg)

    def _numpycode(self, printer: Printer) -> str:
        return f"{numpy_name(printer, 'reshape')}({printer._print(self.args[0])}, (-1, 1), order='F')"


class CommutationMatrix(CallPrinting, MatrixExpr):
    """K(m, n), with K(m, n) vec(A) = vec(Aᵀ) for every m×n matrix A.

    >>> CommutationMatrix(1, 2).as_explicit()
    Matrix([
    [1, 0],
    [0, 1]])
    """

    text_name, latex_name = "K", "K"

    def __new__(cls, m: Any, n: Any) -> Any:
        return MatrixExpr.__new__(cls, _sympify(m), _sympify(n))

    @property
    def shape(self) -> tuple[Any, Any]:
        total = sympy.expand(self.args[0] * self.args[1])
        return total, total

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        # Row i = a n + b of vec(Aᵀ) is the entry A_ab, which stands in row b m + a of vec(A).
        m, n = self.args
        return KroneckerDelta(j, (i % n) * m + floor(i / n))

    def _eval_transpose(self) -> Any:
        return CommutationMatrix(self.args[1], self.args[0])

    def _numpycode(self, printer: Printer) -> str:
        m, n = (printer._print(size) for size in self.args)
        eye, reshape, transpose = (numpy_name(printer, name) for name in ("eye", "reshape", "transpose"))
        return f"{reshape}({transpose}({reshape}({eye}({m}*{n}), ({n}, {m}, {m}*{n})), (1, 0, 2)), ({m}*{n}, {m}*{n}))"


class BasisVector(CallPrinting, MatrixExpr):
    """The column e_i of the n×n identity, counted from 0.

    >>> BasisVector(3, 1).as_explicit().T
    Matrix([[0, 1, 0]])
    """

    text_name, latex_name = "basis", "e"

    def __new__(cls, n: Any, index: Any) -> Any:
        return MatrixExpr.__new__(cls, _sympify(n), _sympify(index))

    @property
    def shape(self) -> tuple[Any, Any]:
        return self.args[0], sympy.S.One

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        return KroneckerDelta(i, self.args[1])

    def _numpycode(self, printer: Printer) -> str:
        n, index = (printer._print(arg) for arg in self.args)
        return f"{numpy_name(printer, 'eye')}({n})[:, [{index}]]"


class ElementwiseFunction(CallPrinting, MatrixExpr):
    """A scalar function applied to every entry; args are its name, its definition, the order of derivative, the matrix.

    >>> from symjac.nodes.functions import EXP, SIGMOID
    >>> ElementwiseFunction.of(SIGMOID, MatrixSymbol("A", 2, 2))
    sigmoid(A)
    >>> ElementwiseFunction.of(EXP, MatrixSymbol("A", 2, 2))[0, 1]
    exp(A[0, 1])
    """

    @classmethod
    def of(cls, function: Function, arg: Any) -> ElementwiseFunction:
        return cls(Str(function.name), sympy.Lambda(T, function.definition), sympy.Integer(function.order), arg)

    @property
    def function(self) -> Function:
        return function_of(self)

    @property
    def arg(self) -> Any:
        return self.args[3]

    @property
    def shape(self) -> tuple[Any, Any]:
        shape: tuple[Any, Any] = self.arg.shape
        return shape

    @property
    def shown(self) -> tuple[Any, ...]:
        return (self.arg,)

    @property
    def text_name(self) -> str:
        return self.function.name + "′" * self.function.order

    @property
    def latex_name(self) -> str:
        return function_latex(self.function)

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        return self.function.expression.xreplace({T: self.arg._entry(i, j, **kwargs)})

    def doit(self, **hints: Any) -> Any:
        arg = self.arg.doit(**hints)
        if isinstance(arg, MatrixBase):
            return arg.applyfunc(lambda entry: self.function.expression.xreplace({T: entry}))
        return self.func(*self.args[:3], arg)

    def _numpycode(self, printer: Printer) -> str:
        return function_call(printer, self.function, self.arg)


def function_of(expr: Any) -> Function:
    """Return the function that an entrywise expression applies, read off its first three arguments."""
    name, definition, order = expr.args[:3]
    return Function(name.name, definition(T), int(order))


def function_latex(function: Function) -> str:
    """Return a function's name in LaTeX, primed to its order."""
    known = {"exp": r"\exp", "log": r"\log", "sin": r"\sin", "cos": r"\cos", "tanh": r"\tanh", "sigmoid": r"\sigma"}
    head = known.get(function.name, rf"\operatorname{{{function.name}}}".replace("_", r"\_"))
    return head + "'" * function.order


class SoftmaxOf(CallPrinting, MatrixExpr):
    """softmax(x) = exp(x) / Σ exp(x) of a vector.

    >>> SoftmaxOf(MatrixSymbol("x", 2, 1))[0, 0]
    exp(x[0, 0])/(exp(x[0, 0]) + exp(x[1, 0]))
    """

    text_name, latex_name = "softmax", r"\operatorname{softmax}"

    @property
    def shape(self) -> tuple[Any, Any]:
        shape: tuple[Any, Any] = self.args[0].shape
        return shape

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        return sympy.exp(self.args[0]._entry(i, j, **kwargs)) / sum_of_exp(self.args[0])

    def doit(self, **hints: Any) -> Any:
        arg = self.args[0].doit(**hints)
        if not isinstance(arg, MatrixBase):
            return self.func(arg)
        raised = arg.applyfunc(sympy.exp)
        return raised / sympy.Add(*raised)

    def _numpycode(self, printer: Printer) -> str:
        exp, top, total = (numpy_name(printer, name) for name in ("exp", "max", "sum"))
        return f"(lambda e: e/{total}(e))((lambda t: {exp}(t - {top}(t)))({printer._print(self.args[0])}))"


def sum_of_exp(vector: Any) -> Any:
    """Return Σ exp(x), written out where the size is a number."""
    n = sympy.expand(vector.rows * vector.cols)
    at = (lambda k: (k, 0)) if vector.cols == 1 else (lambda k: (0, k))
    if n.is_Integer:
        return sympy.Add(*(sympy.exp(vector._entry(*map(_sympify, at(k)))) for k in range(int(n))))
    k = sympy.Dummy("k", integer=True)
    return sympy.Sum(sympy.exp(vector._entry(*map(_sympify, at(k)))), (k, 0, n - 1))


class KhatriRao(CallPrinting, MatrixExpr):
    """The column-wise Kronecker product: column k is A's column k ⊗ B's column k.

    >>> KhatriRao(MatrixSymbol("A", 2, 3), MatrixSymbol("B", 2, 3))[1, 2]
    A[0, 2]*B[1, 2]
    """

    text_name, latex_name = "khatri_rao", r"\operatorname{khatri\_rao}"

    @property
    def shape(self) -> tuple[Any, Any]:
        left, right = self.args
        return sympy.expand(left.rows * right.rows), left.cols

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        left, right = self.args
        return left._entry(floor(i / right.rows), j, **kwargs) * right._entry(i % right.rows, j, **kwargs)

    def _numpycode(self, printer: Printer) -> str:
        left, right = (printer._print(arg) for arg in self.args)
        einsum = numpy_name(printer, "einsum")
        return f"(lambda a, b: {einsum}('ik,jk->ijk', a, b).reshape(-1, a.shape[1]))({left}, {right})"


class Named(CallPrinting, MatrixExpr):
    """A matrix expression under a name; it prints as the name and has the expression's entries.

    >>> A = MatrixSymbol("A", 2, 2)
    >>> Named("G", A.T*A) + A
    A + G
    """

    def __new__(cls, name: Any, expr: Any) -> Any:
        self = MatrixExpr.__new__(cls, name if isinstance(name, Str) else Str(name), expr)
        self._shape, self._free_symbols = expr.shape, expr.free_symbols
        # Hashed at once, the parts before the whole, so that no deep recursion follows later.
        hash(self)
        return self

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def shape(self) -> tuple[Any, Any]:
        shape: tuple[Any, Any] = self._shape
        return shape

    @property
    def free_symbols(self) -> set[Any]:
        free: set[Any] = self._free_symbols
        return free

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        return self.args[1]._entry(i, j, **kwargs)

    def doit(self, **hints: Any) -> Any:
        if not hasattr(self, "_done"):
            value = self.args[1].doit(**hints)
            self._done = value if isinstance(value, MatrixBase) else self
        return self._done

    def _sympystr(self, printer: Printer) -> str:
        return self.name

    def _latex(self, printer: Printer) -> str:
        return str(printer._print(sympy.Symbol(self.name)))

    def _pretty(self, printer: Printer) -> Any:
        return printer._print(sympy.Symbol(self.name))

    def _numpycode(self, printer: Printer) -> str:
        return str(printer._print(self.args[1]))


class IdentityOf(sympy.Identity):
    """SymPy's identity, of which NumPy's printer knows no symbolic size.

    >>> n = sympy.Symbol("n")
    >>> sympy.lambdify([n], IdentityOf(n), "numpy")(2).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """

    def _numpycode(self, printer: Printer) -> str:
        return f"{numpy_name(printer, 'eye')}({printer._print(self.args[0])})"


class DiagOf(CallPrinting, DiagMatrix):
    """SymPy's diagonal matrix of a vector.

    >>> DiagOf(sympy.Matrix([1, 2])).as_explicit()
    Matrix([
    [1, 0],
    [0, 2]])
    """

    text_name, latex_name = "diag", r"\operatorname{diag}"

    def as_explicit(self) -> Any:
        return sympy.diag(*self.args[0].as_explicit()).as_immutable()

    def doit(self, **hints: Any) -> Any:
        vector = self.args[0].doit(**hints)
        return DiagOf(vector).as_explicit() if isinstance(vector, MatrixBase) else DiagOf(vector)


class DiagonalPart(CallPrinting, DiagonalOf):
    """SymPy's diagonal of a square matrix, as a column.

    >>> DiagonalPart(sympy.Matrix([[1, 2], [3, 4]])).doit()
    Matrix([
    [1],
    [4]])
    """

    text_name, latex_name = "diag", r"\operatorname{diag}"

    @property
    def shape(self) -> tuple[Any, Any]:
        return _sympify(self.args[0].rows), sympy.S.One

    def doit(self, **hints: Any) -> Any:
        matrix = self.args[0].doit(**hints)
        return matrix.diagonal().T.as_immutable() if isinstance(matrix, MatrixBase) else DiagonalPart(matrix)


class KroneckerOf(KroneckerProduct):
    """SymPy's Kronecker product, always bracketed in a product, also behind a minus sign.

    >>> A = MatrixSymbol("A", 2, 2)
    >>> print(sympy.latex(sympy.MatMul(-1, KroneckerOf(A, A), VecOf(A))))
    - \\left(A \\otimes A\\right) \\operatorname{vec}\\left(A\\right)
    """

    precedence = PRECEDENCE["Add"]

    def _sympystr(self, printer: Printer) -> str:
        return f"kron({', '.join(map(printer._print, self.args))})"

    @property
    def shape(self) -> tuple[Any, Any]:
        rows, cols = super().shape
        return sympy.expand(rows), sympy.expand(cols)

    def doit(self, **hints: Any) -> Any:
        done = KroneckerOf(*(arg.doit(**hints) for arg in self.args))
        explicit = isinstance(done, KroneckerOf) and all(isinstance(arg, MatrixBase) for arg in done.args)
        return done.as_explicit() if explicit else done

    def _eval_transpose(self) -> Any:
        return KroneckerOf(*(arg.T for arg in self.args))


class HadamardPowerOf(HadamardPower):
    """SymPy's entrywise power, which NumPy's printer does not know.

    >>> sympy.lambdify([T], HadamardPowerOf(sympy.Matrix([[2, 3]]), 2), "numpy")(0)
    array([[4, 9]])
    """

    def _sympystr(self, printer: Printer) -> str:
        return f"hadamard_power({printer._print(self.base)}, {printer._print(self.exp)})"

    def _numpycode(self, printer: Printer) -> str:
        # A float, because NumPy raises integers to no negative power.
        exponent = sympy.Float(self.exp) if self.exp.is_negative else self.exp
        return f"{numpy_name(printer, 'power')}({printer._print(self.base)}, {printer._print(exponent)})"

    def doit(self, **hints: Any) -> Any:
        base = self.base.doit(**hints)
        return base.applyfunc(lambda entry: entry**self.exp) if isinstance(base, MatrixBase) else self.func(base, self.exp)
