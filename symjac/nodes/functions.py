"""Scalar functions of one variable, to be applied to every entry of a matrix."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sympy

T = sympy.Symbol("t", real=True)
"""The variable in which every definition is written."""


@dataclass(frozen=True)
class Function:
    """A scalar function, or its derivative of some order, by name and definition in `T`."""

    name: str
    definition: sympy.Expr
    order: int = 0

    @property
    def derivative(self) -> Function:
        """The next derivative, kept opaque: tanh′ stays tanh′ until somebody asks."""
        return Function(self.name, self.definition, self.order + 1)

    @property
    def expression(self) -> sympy.Expr:
        """What this function is, as a SymPy expression in `T`."""
        return _nth_derivative(self.definition, self.order)

    @property
    def key(self) -> str:
        """A stable text that tells two functions apart."""
        return f"{self.name}/{self.order}/{_definition_text(self.definition)}"


@lru_cache(maxsize=1024)
def _definition_text(definition: sympy.Expr) -> str:
    return str(sympy.srepr(definition))


@lru_cache(maxsize=1024)
def _nth_derivative(definition: sympy.Expr, order: int) -> sympy.Expr:
    return definition if order == 0 else sympy.diff(_nth_derivative(definition, order - 1), T)


EXP = Function("exp", sympy.exp(T))
LOG = Function("log", sympy.log(T))
SIN = Function("sin", sympy.sin(T))
COS = Function("cos", sympy.cos(T))
TANH = Function("tanh", sympy.tanh(T))
SIGMOID = Function("sigmoid", 1 / (1 + sympy.exp(-T)))
# Written as cases, not Max(0, t), so that SymPy differentiates it to 0 at the kink, as we say it is.
RELU = Function("relu", sympy.Piecewise((T, T > 0), (0, True)))
SOFTPLUS = Function("softplus", sympy.log(1 + sympy.exp(T)))

FUNCTIONS = {f.name: f for f in (EXP, LOG, SIN, COS, TANH, SIGMOID, RELU, SOFTPLUS)}
"""The named functions of the text language (sqrt is the Hadamard power ½)."""
