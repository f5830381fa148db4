"""Activations by name or as a SymPy function of one symbol, and their values on arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy

from symjac.errors import DomainError
from symjac.evaluate import Array, function_value
from symjac.nodes.functions import COS, EXP, RELU, SIGMOID, SIN, SOFTPLUS, TANH, Function, T
from symjac.read.tokens import suggestion

IDENTITY, SOFTMAX = "identity", "softmax"

NAMED: dict[str, Function | None] = {
    IDENTITY: None,
    **{function.name: function for function in (RELU, TANH, SIGMOID, SOFTPLUS, SIN, COS, EXP)},
}
"""The activations that have a name; None changes nothing."""

Output = Function | str | None
"""What a network ends with: a function of every entry, SOFTMAX, or None for the identity."""


def read_activation(given: Any) -> Function | None:
    """Return an activation: one of the names, a SymPy expression in one symbol, or a pair of a name and such an expression.

    >>> read_activation("tanh").name
    'tanh'
    >>> t = sympy.Symbol("t")
    >>> read_activation(("swish", t/(1 + sympy.exp(-t)))).derivative.name
    'swish'

    ReLU and other functions with kinks have, at a kink, the derivative of the piece that holds it: ReLU′(0) = 0.
    """
    if isinstance(given, Function):
        return given
    if given is None:
        return None
    if isinstance(given, str):
        if given == SOFTMAX:
            raise DomainError("softmax is no activation of hidden layers: it is what a network may end with, output='softmax'")
        if given not in NAMED:
            raise DomainError(
                f"the activation {given!r} is unknown{suggestion(given, list(NAMED))}; there are {', '.join(NAMED)}, "
                "and SymPy functions of one symbol; as an output softmax, too"
            )
        return NAMED[given]
    name, body = given if isinstance(given, tuple) and len(given) == 2 else ("phi", given)
    if not (isinstance(name, str) and name.isascii() and name.isidentifier()):
        raise DomainError(f"an activation's name is made of letters, digits and underscores, not {name!r}")
    definition = _definition(body)
    known = (function for function in NAMED.values() if function is not None and function.definition == definition)
    return next(known, Function(name, definition))


def read_output(given: Any) -> Output:
    """Return what a network ends with: an activation, or softmax of the whole vector."""
    return SOFTMAX if given == SOFTMAX else read_activation(given)


def _definition(body: Any) -> sympy.Expr:
    """Return an expression in T; one with kinks is written as cases, so that its derivative has a value everywhere."""
    if isinstance(body, sympy.Lambda) or (callable(body) and not isinstance(body, sympy.Basic)):
        try:
            body = body(T)
        except (TypeError, AttributeError) as error:
            raise DomainError(f"an activation is a function of a SymPy symbol, as sympy.tanh is: {error}") from None
    if not isinstance(body, sympy.Expr):
        raise DomainError(f"an activation is a name or a SymPy expression in one symbol, not {type(body).__name__}")
    symbols = body.free_symbols
    if len(symbols) != 1:
        named = ", ".join(sorted(map(str, symbols))) or "none"
        raise DomainError(f"an activation is a function of one symbol; {body} has {named}")
    definition = body.doit().xreplace({symbols.pop(): T})
    definition = definition.replace(lambda part: isinstance(part, _KINKED), lambda part: part.rewrite(sympy.Piecewise))
    if definition.diff(T).has(sympy.Derivative, sympy.Subs, sympy.DiracDelta, sympy.re, sympy.im):
        raise DomainError(f"the activation {body} has no derivative that SymPy knows")
    return definition


_KINKED = (sympy.Max, sympy.Min, sympy.Abs, sympy.Heaviside, sympy.sign)


# Values

_STABLE: dict[Function, Callable[[Array], Array]] = {
    RELU: lambda z: np.maximum(z, 0),
    SIGMOID: lambda z: np.exp(-np.logaddexp(0, -z)),
    SOFTPLUS: lambda z: np.logaddexp(0, z),
}
"""Functions whose plain formula would overflow."""


def activate(output: Output, z: Array) -> Array:
    """Return the activations of an array of pre-activations, samples along the first axis.

    >>> activate(SOFTMAX, np.array([[0.0, 0.0], [1000.0, 0.0]]))
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    if output is None:
        return z
    if isinstance(output, str):
        raised = np.exp(z - z.max(axis=-1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=-1, keepdims=True))
    if np.iscomplexobj(z):
        return function_value(output)(z)
    return np.asarray(_STABLE.get(output, function_value(output))(z))
