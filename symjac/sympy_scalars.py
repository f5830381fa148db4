"""SymPy scalar expressions of matrices: norm, log-sum-exp, sum of entries, trace and determinant that lambdify."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Determinant, Expr, MatrixBase, Trace
from sympy.core.symbol import Str
from sympy.printing.pretty.stringpict import prettyForm

from symjac.nodes.functions import Function, T
from symjac.sympy_nodes import function_latex, function_of
from symjac.sympy_printing import CallPrinting, as_entry, explicit, function_call, numpy_name

Printer = Any


class MatrixScalar(CallPrinting, Expr):
    """A number computed from one matrix; `of_explicit` says how."""

    is_commutative = True
    is_scalar = True

    @property
    def arg(self) -> Any:
        return self.args[0]

    def doit(self, **hints: Any) -> Any:
        arg = explicit(self.arg, **hints)
        return self.of_explicit(arg) if isinstance(arg, MatrixBase) else self.func(arg)

    def of_explicit(self, matrix: Any) -> Any:
        raise NotImplementedError

    def as_explicit(self) -> Any:
        """Return the number, written with the entries of the matrix."""
        return self.of_explicit(self.arg.as_explicit())


class ScalarOf(MatrixScalar):
    """The entry of a 1×1 matrix expression; it prints as the expression.

    >>> x = sympy.MatrixSymbol("x", 2, 1)
    >>> ScalarOf(x.T*x).as_explicit()
    x[0, 0]**2 + x[1, 0]**2
    """

    def of_explicit(self, matrix: Any) -> Any:
        return as_entry(matrix)

    def _sympystr(self, printer: Printer) -> str:
        return f"({printer._print(self.arg)})"

    def _latex(self, printer: Printer) -> str:
        return rf"\left({printer._print(self.arg)}\right)"

    def _pretty(self, printer: Printer) -> Any:
        return prettyForm(*printer._print(self.arg).parens())

    def _numpycode(self, printer: Printer) -> str:
        return f"{numpy_name(printer, 'reshape')}({printer._print(self.arg)}, ())"


class SumOfEntries(MatrixScalar):
    """The sum of all entries, 1ᵀA1.

    >>> SumOfEntries(sympy.Matrix([[1, 2], [3, 4]])).doit()
    10
    """

    text_name, latex_name = "sum", r"\operatorname{sum}"

    def of_explicit(self, matrix: Any) -> Any:
        return sympy.Add(*matrix)

    def _numpycode(self, printer: Printer) -> str:
        return f"{numpy_name(printer, 'sum')}({printer._print(self.arg)})"


class FrobeniusNorm(MatrixScalar):
    """The Frobenius norm, √(Σ A_ij²); of a vector the Euclidean norm, of a real number its absolute value.

    >>> FrobeniusNorm(sympy.Matrix([3, 4])).doit()
    5
    """

    is_extended_nonnegative = True
    text_name = "norm"

    def doit(self, **hints: Any) -> Any:
        return super().doit(**hints) if self.arg.is_Matrix else sympy.sqrt(self.arg**2)

    def of_explicit(self, matrix: Any) -> Any:
        return sympy.sqrt(sympy.Add(*(entry**2 for entry in matrix)))

    def _latex(self, printer: Printer) -> str:
        return rf"\left\lVert {printer._print(self.arg)} \right\rVert"

    def _numpycode(self, printer: Printer) -> str:
        root, total = numpy_name(printer, "sqrt"), numpy_name(printer, "sum")
        return f"{root}({total}(({printer._print(self.arg)})**2))"


class LogSumExp(MatrixScalar):
    """log Σ exp(x) of a vector.

    >>> LogSumExp(sympy.Matrix([0, 0])).doit()
    log(2)
    """

    text_name, latex_name = "logsumexp", r"\operatorname{logsumexp}"

    def of_explicit(self, matrix: Any) -> Any:
        return sympy.log(sympy.Add(*matrix.applyfunc(sympy.exp)))

    def _numpycode(self, printer: Printer) -> str:
        log, exp, top, total = (numpy_name(printer, name) for name in ("log", "exp", "max", "sum"))
        return f"(lambda t: {top}(t) + {log}({total}({exp}(t - {top}(t)))))({printer._print(self.arg)})"


class TraceOf(Trace):
    """SymPy's trace, which NumPy's printer does not know.

    >>> float(sympy.lambdify([T], TraceOf(sympy.eye(2)), "numpy")(0))
    2.0
    """

    def _sympystr(self, printer: Printer) -> str:
        return f"trace({printer._print(self.arg)})"

    def doit(self, **hints: Any) -> Any:
        arg = explicit(self.arg, **hints)
        return arg.trace() if isinstance(arg, MatrixBase) else self.func(arg)

    def _numpycode(self, printer: Printer) -> str:
        return f"{numpy_name(printer, 'trace')}({printer._print(self.arg)})"


class DeterminantOf(Determinant):
    """SymPy's determinant, which NumPy's printer does not know."""

    def _sympystr(self, printer: Printer) -> str:
        return f"det({printer._print(self.arg)})"

    def _numpycode(self, printer: Printer) -> str:
        return f"{numpy_name(printer, 'linalg.det')}({printer._print(self.arg)})"

    def doit(self, **hints: Any) -> Any:
        arg = explicit(self.arg, **hints)
        return arg.det() if isinstance(arg, MatrixBase) else self.func(arg)


class ScalarFunction(CallPrinting, Expr):
    """A function of ours (sigmoid, relu, a derivative) of one number, kept unevaluated.

    >>> from symjac.nodes.functions import SIGMOID
    >>> ScalarFunction.of(SIGMOID, sympy.Symbol("c")).doit()
    1/(1 + exp(-c))
    """

    is_commutative = True
    is_scalar = True

    @classmethod
    def of(cls, function: Function, arg: Any) -> ScalarFunction:
        return cls(Str(function.name), sympy.Lambda(T, function.definition), sympy.Integer(function.order), arg)

    @property
    def function(self) -> Function:
        return function_of(self)

    @property
    def arg(self) -> Any:
        return self.args[3]

    @property
    def shown(self) -> tuple[Any, ...]:
        return (self.arg,)

    @property
    def text_name(self) -> str:
        return self.function.name + "′" * self.function.order

    @property
    def latex_name(self) -> str:
        return function_latex(self.function)

    def doit(self, **hints: Any) -> Any:
        return self.function.expression.xreplace({T: self.arg.doit(**hints)})

    def _numpycode(self, printer: Printer) -> str:
        return function_call(printer, self.function, self.arg)


class NamedScalar(CallPrinting, Expr):
    """A scalar expression under a name; it prints as the name.

    >>> NamedScalar("s", sympy.Symbol("c") + 1)
    s
    """

    is_commutative = True
    is_scalar = True

    def __new__(cls, name: Any, expr: Any) -> Any:
        self = Expr.__new__(cls, name if isinstance(name, Str) else Str(name), expr)
        self._free_symbols = expr.free_symbols
        hash(self)
        return self

    @property
    def free_symbols(self) -> set[Any]:
        free: set[Any] = self._free_symbols
        return free

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    def doit(self, **hints: Any) -> Any:
        if not hasattr(self, "_done"):
            value = self.args[1].doit(**hints)
            self._done = self if value.free_symbols else value
        return self._done

    def _sympystr(self, printer: Printer) -> str:
        return self.name

    def _latex(self, printer: Printer) -> str:
        return str(printer._print(sympy.Symbol(self.name)))

    def _pretty(self, printer: Printer) -> Any:
        return printer._print(sympy.Symbol(self.name))

    def _numpycode(self, printer: Printer) -> str:
        return str(printer._print(self.args[1]))
