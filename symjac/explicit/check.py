"""An independent check: differences of the functions themselves, with fifty digits, at random points."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy

from symjac.compile.names import safe_names

DIGITS = 60
STEP = mpmath.mpf(10) ** -18
TOLERANCE = 1e-12
ATTEMPTS = 40
"""How many points are tried for each that is wanted; a point counts where all functions are real."""

RANGES = ((0.1, 2.0), (-2.0, 2.0), (0.05, 0.95), (1.1, 9.0))
POSITIVE_RANGES = ((0.1, 2.0), (0.05, 0.95), (1.1, 9.0))

KINKS = (
    sympy.Abs,
    sympy.sign,
    sympy.Heaviside,
    sympy.Piecewise,
    sympy.Max,
    sympy.Min,
    sympy.arg,
    sympy.re,
    sympy.im,
    sympy.atan2,
)

Value = Any


@dataclass(frozen=True)
class Sampling:
    """How far a Jacobian lies from numerical derivatives: the largest relative gap over all points; true where it is small."""

    gap: float
    method: str
    points: int
    seed: int

    @property
    def ok(self) -> bool:
        return self.points > 0 and self.gap <= TOLERANCE

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        if not self.points:
            return "no point was found where the functions are real"
        return f"{self.method} at {self.points} points (seed {self.seed}): largest relative gap {self.gap:.1e}"


def sample(
    functions: Sequence[Any],
    jacobian: Any,
    variables: Sequence[sympy.Symbol],
    parameters: Sequence[sympy.Symbol],
    points: int,
    seed: int,
) -> Sampling:
    """Compare a Jacobian (functions by variables) with numerical derivatives at random points."""
    symbols = (*variables, *parameters)
    f, J = _compiled(functions, symbols), _compiled(list(jacobian), symbols)
    analytic = not any(function.has(*KINKS) for function in functions)
    generator = random.Random(seed)
    worst, found = 0.0, 0
    with mpmath.workdps(DIGITS):
        for attempt in range(ATTEMPTS * points):
            if found == points:
                break
            gap = _gap(f, J, _point(symbols, generator, attempt), len(variables), analytic)
            if gap is not None:
                worst, found = max(worst, gap), found + 1
    return Sampling(worst, "central differences and complex steps" if analytic else "central differences", found, seed)


def _compiled(expressions: Sequence[Any], symbols: Sequence[sympy.Symbol]) -> Callable[..., list[Value]]:
    """Return expressions as a function of mpmath numbers; names that are no identifiers never reach the source."""
    names = safe_names(symbol.name for symbol in symbols)
    plain = {symbol: sympy.Symbol(names[symbol.name], **symbol.assumptions0) for symbol in symbols}
    function: Callable[..., list[Value]] = sympy.lambdify(
        list(plain.values()), [expression.xreplace(plain) for expression in expressions], "mpmath"
    )
    return function


def _point(symbols: Sequence[sympy.Symbol], generator: random.Random, attempt: int) -> list[Value]:
    point = []
    for symbol in symbols:
        ranges = POSITIVE_RANGES if symbol.is_nonnegative else RANGES
        low, high = ranges[attempt % len(ranges)]
        sign = -1 if symbol.is_nonpositive else 1
        point.append(sign * mpmath.mpf(generator.uniform(low, high)))
    return point


def _gap(
    f: Callable[..., list[Value]], J: Callable[..., list[Value]], point: list[Value], width: int, analytic: bool
) -> float | None:
    """Return the largest relative distance at one point, None where a function is not real there."""
    try:
        here, claimed = f(*point), J(*point)
        differences = [_central(f, point, j) for j in range(width)]
        steps = [_complex(f, point, j) for j in range(width)] if analytic else differences
    except (ValueError, ZeroDivisionError, OverflowError, TypeError):
        return None
    values = [*here, *claimed, *(value for column in (*differences, *steps) for value in column)]
    if not all(_is_real(value) for value in values):
        return None
    distances = [
        abs(claimed[i * width + j] - judge[j][i]) / max(1, abs(judge[j][i]))
        for judge in (differences, steps)
        for j in range(width)
        for i in range(len(judge[j]))
    ]
    return float(max(distances))


def _central(f: Callable[..., list[Value]], point: list[Value], j: int) -> list[Value]:
    after, before = f(*_moved(point, j, STEP)), f(*_moved(point, j, -STEP))
    return [(high - low) / (2 * STEP) for high, low in zip(after, before, strict=True)]


def _complex(f: Callable[..., list[Value]], point: list[Value], j: int) -> list[Value]:
    return [mpmath.im(value) / STEP for value in f(*_moved(point, j, mpmath.mpc(0, STEP)))]


def _moved(point: list[Value], j: int, step: Value) -> list[Value]:
    return [value + step if k == j else value for k, value in enumerate(point)]


def _is_real(value: Value) -> bool:
    return bool(mpmath.isfinite(value)) and mpmath.im(value) == 0
