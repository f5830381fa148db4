"""Numerical derivatives: by complex steps where the function is analytic, else by central differences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sympy

from symjac.evaluate import Array, evaluate, numpy_code
from symjac.nodes.node import Elementwise, Node, Symbol, postorder
from symjac.points import Point

COMPLEX_STEP = 1e-40
"""So small that the error of order h² is nothing, and nothing is subtracted: the derivative to the last digits."""

STEPS = (2e-3, 1e-3)
"""Two real steps: halving shows the order of convergence, and their combination is exact to fourth order."""


ROUNDING = 1e-9
"""Errors below this are rounding, and show no order."""


@dataclass(frozen=True)
class Estimate:
    """A Jacobian (vec F by vec X, column-first) and how it was found; `order` is the observed order of convergence."""

    value: Array
    method: str
    tolerance: float
    order: float | None = None


def is_analytic(root: Node) -> bool:
    """Whether every entrywise function below is analytic, so that complex steps may be taken."""
    kinks = (sympy.Abs, sympy.sign, sympy.Heaviside, sympy.Piecewise, sympy.Max, sympy.Min, sympy.arg, sympy.re, sympy.im)
    functions = {node.function for node in postorder(root) if isinstance(node, Elementwise)}
    # Special functions come from mpmath, whose values at x + 1e-40 i keep no digit of the imaginary part.
    return not any(function.definition.has(*kinks) or numpy_code(function) is None for function in functions)


def numerical_jacobian(root: Node, variable: Symbol, point: Point) -> Estimate:
    """Return ∂vec F / ∂(vec X)ᵀ at a point, by differences alone."""
    if is_analytic(root):
        with np.errstate(all="ignore"):
            columns = [
                _moved(root, variable, point, k, 1j * COMPLEX_STEP).imag / COMPLEX_STEP for k in range(_count(variable, point))
            ]
        return Estimate(np.column_stack(columns), "complex step", 1e-9)
    coarse, fine = (_central(root, variable, point, h) for h in STEPS)
    best = (4 * fine - coarse) / 3
    return Estimate(best, "central differences", 1e-6, _order(coarse - best, fine - best))


def _order(coarse: Array, fine: Array) -> float | None:
    """Return the observed order of convergence; None where the differences are exact but for rounding."""
    first, second = (float(np.linalg.norm(error)) for error in (coarse, fine))
    return float(np.log2(first / second)) if second > ROUNDING else None


def _central(root: Node, variable: Symbol, point: Point, h: float) -> Array:
    with np.errstate(all="ignore"):
        columns = [
            (_moved(root, variable, point, k, h) - _moved(root, variable, point, k, -h)) / (2 * h)
            for k in range(_count(variable, point))
        ]
    return np.column_stack(columns)


def _count(variable: Symbol, point: Point) -> int:
    return int(point.values[variable.name].size)


def _moved(root: Node, variable: Symbol, point: Point, k: int, step: complex) -> Array:
    """Return vec F where the entry k of vec X has been moved by one step."""
    original = point.values[variable.name]
    flat = original.ravel(order="F").astype(complex if isinstance(step, complex) else float)
    flat[k] += step
    values = {**point.values, variable.name: flat.reshape(original.shape, order="F")}
    return evaluate(root, values, point.sizes).ravel(order="F")
