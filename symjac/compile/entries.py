"""Functions of one entry that loops compute many at once: without branches and calls, the compiler makes vectors of them.

To Python they are NumPy's functions; `teach` says to numba how it computes them for real numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from math import factorial, log
from typing import Any

import numpy as np

TAYLOR = tuple(1 / factorial(k) for k in range(13, 1, -1))
"""Coefficients of eʳ − 1 − r, the highest first: for |r| ≤ log(2)/2 what is left out is below the last digit."""

LOG2E = 1 / log(2)
LOG2, LOG2_REST = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""log 2 in two parts, of which the first has so few digits that small multiples of it are exact."""

ROUNDER = 1.5 * 2.0**52
"""A number beside which others lose all digits after the point, and stand in the last bits."""


VECTORIZED = ("exp", "tanh")
"""The functions."""


def exp(t: Any) -> Any:
    return np.exp(t)


def tanh(t: Any) -> Any:
    return np.tanh(t)


@cache
def teach() -> None:
    """Tell numba how to compute `exp` and `tanh` without branches; complex numbers stay with NumPy's."""
    numba: Any = import_module("numba")
    extending: Any = import_module("numba.extending")
    intrinsic: Callable[[Any], Any] = extending.intrinsic
    plain: Callable[[Any], Any] = numba.njit(fastmath={"contract"}, error_model="numpy")

    @intrinsic
    def power_of_two(_: Any, rounded: Any) -> Any:
        """2ᵏ, where k was added to ROUNDER: its last bits become the exponent."""

        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            bits = builder.bitcast(args[0], context.get_value_type(numba.int64))
            bias, digits = (context.get_constant(numba.int64, number) for number in (1023, 52))
            return builder.bitcast(builder.shl(builder.add(bits, bias), digits), args[0].type)

        return numba.float64(numba.float64), code

    @plain
    def less_one(t: float) -> tuple[float, float]:
        """Return k rounded into ROUNDER, and eʳ − 1, with t = k log 2 + r."""
        rounded = t * LOG2E + ROUNDER
        k = rounded - ROUNDER
        r = (t - k * LOG2) - k * LOG2_REST
        total = 0.0
        for coefficient in TAYLOR:
            total = total * r + coefficient
        return rounded, total * r * r + r

    @plain
    def real_exp(t: float) -> Any:
        t = -746.0 if t < -746.0 else t
        t = 710.0 if t > 710.0 else t
        rounded, rest = less_one(t)
        k = rounded - ROUNDER
        half = 0.5 * k + ROUNDER
        other = k - (half - ROUNDER) + ROUNDER
        return (1 + rest) * power_of_two(half) * power_of_two(other)

    @plain
    def real_tanh(t: float) -> Any:
        """(e²ᵗ − 1)/(e²ᵗ + 1), of |t|, with e²ᵗ − 1 as exact near 0 as elsewhere."""
        size = 2 * abs(t)
        size = 40.0 if size > 40.0 else size
        rounded, rest = less_one(size)
        scale = power_of_two(rounded)
        grown = scale * rest + (scale - 1)
        return np.copysign(grown / (grown + 2), t)

    for function, real in ((exp, real_exp), (tanh, real_tanh)):
        extending.overload(function)(_chosen(numba, getattr(np, function.__name__), real))


def _chosen(numba: Any, plain: Any, real: Any) -> Any:
    """Return what chooses the code for a type of numbers."""

    def double(t: Any) -> Any:
        return real(t)

    def single(t: Any) -> Any:
        return np.float32(real(t))

    def other(t: Any) -> Any:
        return plain(t)

    def chosen(t: Any) -> Any:
        return {numba.float64: double, numba.float32: single}.get(t, other)

    return chosen
