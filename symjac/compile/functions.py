"""What functions of every entry become: steps of NumPy, each derivative from the value of its function."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from symjac.compile.values import MAP, MULTIPLY, SUM, Operand, Values
from symjac.errors import UnsupportedError
from symjac.evaluate import numpy_code
from symjac.nodes.functions import COS, EXP, LOG, RELU, SIGMOID, SIN, SOFTPLUS, TANH, Function, T

STEPS: dict[str, tuple[tuple[str, ...], ...]] = {
    "exp": (("exp", "x"),),
    "log": (("log", "x"),),
    "sin": (("sin", "x"),),
    "cos": (("cos", "x"),),
    "tanh": (("tanh", "x"),),
    "relu": (("maximum", "x", "0"),),
    "softplus": (("logaddexp", "x", "0"),),
    "sigmoid": (("negative", "x"), ("exp", "y"), ("add", "y", "1"), ("divide", "1", "y")),
    "1 − t²": (("multiply", "x", "x"), ("subtract", "1", "y")),
    "t − t²": (("multiply", "x", "x"), ("subtract", "x", "y")),
    "step": (("greater", "x", "0"),),
}
"""Each function as NumPy's functions in turn: x is the argument, y what there is so far."""

_PLAIN = {f.definition: f.name for f in (EXP, LOG, SIN, COS, TANH, RELU, SOFTPLUS, SIGMOID)}


def mapped(values: Values, function: Function, operand: Operand) -> Operand:
    """Return a function of every entry, derivatives from values: tanh′ = 1 − tanh², σ′ = σ − σ²."""
    name, order = _PLAIN.get(function.definition), function.order
    if name == EXP.name:
        order = 0
    if name == SOFTPLUS.name and order:
        name, order = SIGMOID.name, order - 1
    if name in (TANH.name, SIGMOID.name) and order in (1, 2):
        h = values.apply(MAP, (name,), operand)
        slope = values.apply(MAP, ("1 − t²" if name == TANH.name else "t − t²",), h)
        return slope if order == 1 else _bend(values, name, h, slope)
    if name == RELU.name and order == 1:
        return values.apply(MAP, ("step",), operand)
    return values.apply(MAP, (name if name and not order else function,), operand)


def _bend(values: Values, name: str, h: Operand, slope: Operand) -> Operand:
    """tanh″ = −2 tanh tanh′ and σ″ = (1 − 2σ)σ′."""
    sizes = dict(zip(h.labels, h.value.sizes, strict=True))
    if name == TANH.name:
        return values.scale(Fraction(-2), values.combine(MULTIPLY, (), [h, slope], h.labels, sizes))
    factor = values.combine(SUM, (Fraction(1), -1), [values.scale(Fraction(2), h)], h.labels, sizes)
    return values.combine(MULTIPLY, (), [factor, slope], h.labels, sizes)


@lru_cache(maxsize=256)
def definition(function: Function) -> str:
    """Return any other function as a lambda, printed by SymPy from its definition."""
    code = numpy_code(function)
    if code is None:
        raise UnsupportedError(f"NumPy has no counterpart of {function.name}")
    body = code.replace("numpy.", "np.")
    return f"lambda t: {body}" if function.expression.has(T) else f"lambda t: {body} + 0 * t"
