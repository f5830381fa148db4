"""Functions of numbers, of one number or entry by entry: which of ours a SymPy function is."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy
from sympy.core.function import AppliedUndef

from symjac.errors import UnsupportedError
from symjac.nodes import build
from symjac.nodes.functions import COS, EXP, LOG, RELU, SIN, TANH, Function, T
from symjac.nodes.node import Node, Zero
from symjac.nodes.sizes import shape_text

MAX_EXPONENT = 1000
"""The largest exponent of a power."""


def short(expr: Any) -> str:
    """Return an expression for a message, cut where it is long."""
    text = str(expr)
    return text if len(text) <= 80 else f"{text[:77]}…"


def rational(value: Any) -> Fraction:
    """Return a SymPy number exactly; a Float as the shortest decimal that gives it."""
    if isinstance(value, sympy.Float):
        return Fraction(repr(float(value)) if value._prec <= 53 else str(value))
    return Fraction(int(value.p), int(value.q))


KNOWN: dict[Any, Function] = {
    sympy.exp: EXP,
    sympy.log: LOG,
    sympy.sin: SIN,
    sympy.cos: COS,
    sympy.tanh: TANH,
}


def apply_to_scalar(expr: Any, args: tuple[Node, ...]) -> Node:
    """Apply a SymPy function to numbers; SymPy's exp of a matrix means the matrix exponential, which is refused."""
    if not all(arg.is_scalar for arg in args):
        name = type(expr).__name__
        raise UnsupportedError(
            f"{short(expr)}: {name} of a {shape_text(args[0].shape)} matrix; for the entrywise function write "
            f"symjac.{name}(…) or .applyfunc({name})"
        )
    return entrywise(expr, args)


def entrywise(expr: Any, args: tuple[Node, ...]) -> Node:
    """Apply the SymPy function that `expr` applies to every entry of a node."""
    head = expr.func
    if isinstance(expr, AppliedUndef):
        raise UnsupportedError(f"{short(expr)}: the function {head} is not defined")
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
    raise UnsupportedError(f"{short(expr)}: {head.__name__} is not a differentiable function of one number")


def apply_to_entries(function: Any, matrix: Node, convert: Callable[[Any], Node]) -> Node:
    """Read f.(A): the body of f, with A for its variable and entrywise operations for scalar ones."""
    variables, body = function.variables, function.expr
    done: dict[Any, Node] = {variables[0]: matrix}
    for part in reversed(_ordered(body)):
        if part in done:
            continue
        if not part.has(variables[0]):
            constant = convert(part)
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
    raise UnsupportedError(f"{short(part)}: a function of entries may only use scalars beside its variable")


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
    raise UnsupportedError(f"{short(part)}: {type(part).__name__} inside a function of entries is not understood")
