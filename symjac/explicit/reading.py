"""Scalar functions and variables, from SymPy or text, with everything refused that could be differentiated wrongly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import sympy
from sympy import MatrixBase
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean
from sympy.matrices.expressions.matexpr import MatrixElement

from symjac.errors import DomainError, ShapeError, UnsupportedError
from symjac.nodes import build
from symjac.nodes.functions import T
from symjac.read.text import read_text
from symjac.read.tokens import NAME, tokenize
from symjac.sympy_scalars import ScalarFunction
from symjac.write.to_sympy import to_sympy

REFUSED = (
    *(sympy.Derivative, sympy.Integral, sympy.Sum, sympy.Product, sympy.Subs, sympy.Limit, sympy.Order, AppliedUndef),
    *(sympy.MatrixExpr, MatrixBase, MatrixElement),
)
"""What is no explicit scalar function, or what SymPy would leave half differentiated."""


def read_variables(variables: Any) -> tuple[sympy.Symbol, ...]:
    """Return the variables as SymPy symbols: one, or a list or matrix of symbols or names (a matrix column-first).

    >>> read_variables(["x1", sympy.Symbol("x2")])
    (x1, x2)
    """
    if isinstance(variables, MatrixBase):
        variables = list(variables.vec())
    given = variables if isinstance(variables, Sequence) and not isinstance(variables, str) else [variables]
    found = tuple(_variable(one) for one in given)
    if not found:
        raise DomainError("name at least one variable to differentiate by")
    names = [variable.name for variable in found]
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled is not None:
        raise DomainError(f"{doubled} is named twice among the variables")
    return found


def _variable(given: Any) -> sympy.Symbol:
    if isinstance(given, str):
        tokens = tokenize(given, "a variable")
        if len(tokens) != 2 or tokens[0].kind != NAME:
            raise DomainError(f"{given[:80]!r} is not a name")
        return sympy.Symbol(tokens[0].text)
    if not isinstance(given, sympy.Symbol) or isinstance(given, sympy.Dummy | sympy.Wild):
        raise DomainError(
            f"{given} is not a scalar symbol, but {type(given).__name__}; differentiate by symbols or their names"
        )
    if given.is_integer or given.is_real is False or not given.is_commutative:
        raise DomainError(f"{given} is declared to be no real number that can vary; a derivative needs a real variable")
    return given


def read_functions(functions: Any, variables: Sequence[sympy.Symbol]) -> sympy.ImmutableDenseMatrix:
    """Return the functions as an explicit matrix: a single one is 1×1, a list is a column, a matrix stays what it is.

    >>> x1, x2 = read_variables(["x1", "x2"])
    >>> read_functions(["x1*x2", sympy.sin(x1)], [x1, x2])
    Matrix([
    [   x1*x2],
    [sin(x1)]])
    """
    if isinstance(functions, MatrixBase):
        matrix = sympy.ImmutableDenseMatrix(functions)
    else:
        given = list(functions) if isinstance(functions, list | tuple) else [functions]
        matrix = sympy.ImmutableDenseMatrix(len(given), 1, [_function(one, variables) for one in given])
    if 0 in matrix.shape:
        raise ShapeError("there is no function to differentiate")
    for function in matrix:
        _check(function)
    _one_meaning_per_name(matrix, variables)
    return matrix


def _function(given: Any, variables: Sequence[sympy.Symbol]) -> sympy.Expr:
    if isinstance(given, str):
        return _from_text(given, {variable.name: variable for variable in variables})
    if isinstance(given, bool) or not isinstance(given, int | float | sympy.Expr):
        raise DomainError(f"{given!r} is not a scalar function; give SymPy expressions, or text")
    expression = sympy.sympify(given, strict=True)
    if isinstance(expression, REFUSED):
        raise UnsupportedError(f"{expression} is no explicit scalar function, but {type(expression).__name__}")
    return expression.replace(lambda part: isinstance(part, ScalarFunction), _defined)


def _defined(part: Any) -> Any:
    return part.function.expression.xreplace({T: part.arg})


def _from_text(text: str, variables: Mapping[str, sympy.Symbol]) -> sympy.Expr:
    """Read a text; every name in it that is no function is a scalar, a parameter if it is no variable."""
    tokens = tokenize(text, "an expression")
    called = {token.text for token, following in pairwise(tokens) if following.text == "("}
    transposes = {token for dot, token in pairwise(tokens) if dot.text == "."}
    names = [token.text for token in tokens if token.kind == NAME and token not in transposes and token.text not in called]
    node = read_text(text, {name: build.symbol(name) for name in names})
    if not node.is_scalar:
        raise ShapeError(f"{text[:80]!r} is not a scalar function")
    return to_sympy(node, dict(variables)).doit()


def _check(function: sympy.Expr) -> None:
    for part in sympy.preorder_traversal(function):
        if isinstance(part, REFUSED) or not isinstance(part, sympy.Expr | Boolean | sympy.Tuple):
            raise UnsupportedError(
                f"{part} is {type(part).__name__}, which has no explicit derivative here, in {_short(function)}"
            )
        if part is sympy.I or part.is_commutative is False:
            raise UnsupportedError(f"{part} is not real, in {_short(function)}; functions here are real, of real variables")
        if part in (sympy.nan, sympy.zoo, sympy.oo, -sympy.oo):
            raise DomainError(f"{part} is no number, in {_short(function)}")


def _short(function: sympy.Expr) -> str:
    text = str(function)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _one_meaning_per_name(matrix: sympy.ImmutableDenseMatrix, variables: Iterable[sympy.Symbol]) -> None:
    """Two symbols of one name are different to SymPy: the derivative by the one would silently not see the other."""
    known = {variable.name: variable for variable in variables}
    for found in sorted(matrix.free_symbols, key=str):
        other = known.setdefault(found.name, found)
        if other != found:
            raise DomainError(f"two different symbols are called {found}: they differ in what they are assumed to be")
