"""The Jacobian of functions given explicitly: J = [∂f_i/∂x_j]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy
from sympy import ImmutableDenseMatrix as Matrix

from symjac.compile import Compiled
from symjac.errors import DomainError, ShapeError
from symjac.explicit.check import Sampling, sample
from symjac.explicit.partials import partial
from symjac.explicit.printing import explicit_latex, explicit_text
from symjac.explicit.reading import read_functions, read_variables
from symjac.explicit.source import compile_entries
from symjac.layout import Layout
from symjac.read.tokens import suggestion
from symjac.write.page import Math, Section, prose


@dataclass(frozen=True)
class Partial:
    """One partial derivative: ∂function/∂variable = value; `index` counts the functions from 1, (i,) or (i, j)."""

    index: tuple[int, ...]
    function: Any
    variable: sympy.Symbol
    value: Any


@dataclass(frozen=True)
class ExplicitDerivation:
    """Functions, variables, and all partial derivatives, function by function in the order of the layout."""

    functions: Matrix
    variables: tuple[sympy.Symbol, ...]
    layout: Layout
    steps: tuple[Partial, ...]

    @cached_property
    def numerator(self) -> Matrix:
        """∂f_i/∂x_j in row i and column j, whatever the layout."""
        columns = len(self.variables)
        return Matrix(len(self.steps) // columns, columns, [step.value for step in self.steps])

    @property
    def matrix(self) -> Matrix:
        """The Jacobian: one row per function, one column per variable; in denominator layout its transpose."""
        return self.numerator if self.layout.orientation == "numerator" else self.numerator.T

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.matrix.shape
        return int(rows), int(columns)

    @property
    def columns(self) -> tuple[Matrix, ...]:
        """The columns ∂f/∂x_j, one per variable."""
        return tuple(self.numerator[:, j] for j in range(len(self.variables)))

    @property
    def gradient(self) -> Matrix:
        """The partial derivatives of a single function, as a column; raises ShapeError for several functions."""
        if self.functions.shape != (1, 1):
            raise ShapeError(f"only a single function has a gradient; here are {len(self.functions)}")
        return self.numerator.T

    @property
    def parameters(self) -> tuple[sympy.Symbol, ...]:
        """The symbols in the functions that are no variables, by name."""
        return tuple(sorted(self.functions.free_symbols - set(self.variables), key=lambda symbol: symbol.name))

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names the NumPy function takes: the variables, then the parameters."""
        return tuple(symbol.name for symbol in (*self.variables, *self.parameters))

    def explicit(self) -> Matrix:
        """Return the Jacobian's entries: the same as `matrix`."""
        return self.matrix

    def at(self, point: Mapping[Any, Any]) -> Matrix:
        """Return the Jacobian at a point, exactly where the point is exact.

        >>> explicit_jacobian(["x1*x2", "sin(x1)"], ["x1", "x2"]).at({"x1": 0, "x2": 5})
        Matrix([
        [5, 0],
        [1, 0]])

        Keys are symbols or names; every variable needs a value, parameters may stay. Raises DomainError where a function
        is not real or a derivative has no value. At a kink of |x|, max or relu the value is 0, by convention.
        """
        values = self._values(point)
        for function in self.functions:
            if function.xreplace(values).is_real is False:
                raise DomainError(f"{function} is not a real number at {_said(values)}")
        for step in self.steps:
            if step.value.xreplace(values).has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo):
                raise DomainError(f"the derivative of {step.function} by {step.variable} has no value at {_said(values)}")
        return self.matrix.xreplace(values)

    def _values(self, point: Mapping[Any, Any]) -> dict[sympy.Symbol, Any]:
        known = {symbol.name: symbol for symbol in (*self.variables, *self.parameters)}
        values: dict[sympy.Symbol, Any] = {}
        for key, value in point.items():
            name = key.name if isinstance(key, sympy.Symbol) else key
            if name not in known or (isinstance(key, sympy.Symbol) and key != known[name]):
                raise DomainError(f"{key} is no variable here{suggestion(str(name), list(known))}")
            values[known[name]] = _number(name, value)
        missing = [variable.name for variable in self.variables if variable not in values]
        if missing:
            raise DomainError(f"a value for {', '.join(missing)} is missing")
        return values

    def lambdify(self) -> Compiled:
        """Return the Jacobian as a NumPy function of the variables, then the parameters, by name or in order.

        >>> J = explicit_jacobian(["x1*x2", "sin(x1)"], ["x1", "x2"]).lambdify()
        >>> J(0.0, x2=5.0)
        array([[5., 0.],
               [1., 0.]])

        Arrays of points give a stack of Jacobians, J[…, i, j]. `.source` is Python that needs NumPy alone. Raises
        UnsupportedError, naming it, for a function that NumPy lacks.
        """
        return compile_entries(self.matrix, (*self.variables, *self.parameters), self.layout.words)

    def check(self, points: int = 5, seed: int = 0) -> Sampling:
        """Compare with central differences, and with a complex step where the functions are analytic, at random points.

        >>> bool(explicit_jacobian(["x1*x2", "sin(x1)"], ["x1", "x2"]).check())
        True
        """
        functions = [step.function for step in self.steps[:: len(self.variables)]]
        return sample(functions, self.numerator, self.variables, self.parameters, points, seed)

    def latex(self) -> str:
        r"""Return f, its columns ∂f/∂x_j and the Jacobian in LaTeX, to stand within \[ and \]."""
        return explicit_latex(self.functions, self.variables, self.columns, self.matrix, self.layout)

    def text(self) -> str:
        """Return f, the partial derivatives and the Jacobian as text for a terminal.

        >>> print(explicit_jacobian(["x1*x2", "sin(x1)"], ["x1", "x2"]).text())
        f1 = x1*x2
            ∂f1/∂x1 = x2
            ∂f1/∂x2 = x1
        f2 = sin(x1)
            ∂f2/∂x1 = cos(x1)
            ∂f2/∂x2 = 0
        J = [x2       x1]
            [cos(x1)  0 ]
        """
        return explicit_text(self.functions, self.steps, self.matrix, len(self.variables))

    def section(self) -> Section:
        """Return this derivation as a section of a page."""
        names = ", ".join(variable.name for variable in self.variables)
        return Section(prose(f"The Jacobian by {names}"), (Math(self.latex(), self.text()),))

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def __str__(self) -> str:
        return self.text()


def explicit_jacobian(functions: Any, variables: Any, layout: Layout | None = None) -> ExplicitDerivation:
    """Derive the Jacobian of functions given explicitly.

    >>> explicit_jacobian(["x1*x2", "sin(x1)"], ["x1", "x2"]).matrix
    Matrix([
    [     x2, x1],
    [cos(x1),  0]])
    >>> x, c = sympy.symbols("x c")
    >>> explicit_jacobian(sympy.exp(c*x), x).matrix
    Matrix([[c*exp(c*x)]])

    `functions` is a SymPy expression or a text, a list of them, or a SymPy matrix, whose entries are stacked as `layout`
    says (column-first by default); `variables` is a symbol or a name, or a list of them. All variables are real; other
    names are parameters. Raises UnsupportedError, naming it, for a derivative, an integral or an undefined function among
    them, and DomainError for a variable that is no scalar, or is named twice.
    """
    layout = layout or Layout()
    wanted = read_variables(variables.T if isinstance(variables, sympy.MatrixBase) and layout.wrt == "row" else variables)
    matrix = read_functions(functions, wanted)
    steps = tuple(
        Partial(index, matrix[position], variable, partial(matrix[position], variable))
        for index, position in _places(matrix, layout)
        for variable in wanted
    )
    return ExplicitDerivation(matrix, wanted, layout, steps)


def _places(matrix: Matrix, layout: Layout) -> list[tuple[tuple[int, ...], tuple[int, int]]]:
    """Return the index of each function, from 1, and its place, in the order of the layout."""
    rows, columns = matrix.shape
    if 1 in (rows, columns):
        return [((k + 1,), (k, 0) if columns == 1 else (0, k)) for k in range(rows * columns)]
    places = [(i, j) for j in range(columns) for i in range(rows)]
    return [((i + 1, j + 1), (i, j)) for i, j in (places if layout.of == "column" else sorted(places))]


def _number(name: str, value: Any) -> Any:
    if isinstance(value, str):
        raise DomainError(f"{name}={value!r}: a value is a number, not a text")
    try:
        number = sympy.sympify(value, strict=True)
    except sympy.SympifyError:
        raise DomainError(f"{name}={value!r} is not a number") from None
    if not isinstance(number, sympy.Expr) or number.free_symbols or number.is_real is not True:
        raise DomainError(f"{name}={value!r} is not a real number")
    return number


def _said(values: Mapping[sympy.Symbol, Any]) -> str:
    return ", ".join(f"{symbol} = {value}" for symbol, value in values.items())
