"""One partial derivative, with real variables and without kinks that SymPy would differentiate into distributions."""

from __future__ import annotations

from typing import Any

import sympy

from symjac.errors import UnsupportedError

LEFTOVERS = (sympy.Derivative, sympy.Subs, sympy.DiracDelta)
"""What SymPy leaves in a result where it has no derivative."""


def partial(function: Any, variable: sympy.Symbol) -> Any:
    """Return ∂function/∂variable for real variables.

    >>> x = sympy.Symbol("x")
    >>> partial(sympy.Abs(x), x), partial(sympy.Max(0, x), x)
    (sign(x), Piecewise((0, x <= 0), (1, True)))

    At a kink, the derivative of max(0, x) is 0, as relu's, and so is that of |x|. Raises UnsupportedError, naming it, for
    what has no derivative that is a function, such as floor(x).
    """
    twins = {symbol: _real(symbol) for symbol in sorted(function.free_symbols, key=str)}
    plain = function.xreplace(twins).replace(lambda part: isinstance(part, sympy.Max | sympy.Min), _as_cases)
    result = plain.diff(twins[variable]) if variable in twins else sympy.S.Zero
    left = sorted(result.atoms(*LEFTOVERS), key=str)
    back = {twin: symbol for symbol, twin in twins.items()}
    if left:
        raise UnsupportedError(f"{function} has no derivative by {variable} that is a function: {left[0].xreplace(back)}")
    return result.xreplace(back)


def _real(symbol: sympy.Symbol) -> sympy.Symbol:
    """Return a symbol that is known to be real; SymPy takes a plain one for complex, where |z| has no derivative."""
    if symbol.is_real is not None:
        return symbol
    return sympy.Dummy(symbol.name, **{**symbol.assumptions0, "real": True})


def _as_cases(part: Any) -> Any:
    """Return the largest or smallest of several values as cases; where some are equal, a number counts before the others."""
    within = sympy.Ge if isinstance(part, sympy.Max) else sympy.Le
    values = sorted(part.args, key=sympy.default_sort_key)
    cases = [(value, sympy.And(*(within(value, other) for other in values if other is not value))) for value in values[:-1]]
    return sympy.Piecewise(*cases, (values[-1], True))
