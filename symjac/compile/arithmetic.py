"""One entry of a value as an expression of the entries of its operands: for compiled loops, and for a few numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from symjac.compile.sizes import factor_code
from symjac.compile.values import MULTIPLY, POWER, SCALE, SUM, Value

FUNCTIONS = ("cos", "log", "log1p", "sin", "sqrt")
"""The functions by their own names; `exp` and `tanh` are there, too, each reader's own."""

ENTRIES = {
    "exp": "exp({0})",
    "log": "log({0})",
    "sin": "sin({0})",
    "cos": "cos({0})",
    "tanh": "tanh({0})",
    "relu": "(zero if {0} <= 0 else {0})",
    "softplus": "(max({0}, zero) + log1p(exp(-abs({0}))))",
    "sigmoid": "1 / (1 + exp(-{0}))",
    "1 − t²": "1 - {0} * {0}",
    "t − t²": "{0} - {0} * {0}",
    "step": "(one if {0} > 0 else zero)",
}
"""Functions of one entry; `zero` and `one` are numbers of the type of the entries."""


def entry(value: Value, codes: Sequence[str], words: Mapping[str, str]) -> str:
    """Return an operation on single entries: a multiple, a product, a sum or a power."""
    if value.kind == SCALE:
        return f"-{codes[0]}" if value.data[0] == -1 else f"{number(value.data[0])} * {codes[0]}"
    if value.kind == MULTIPLY:
        return " * ".join(codes)
    if value.kind == SUM:
        constant, *signs = value.data
        first = [number(constant)] if constant else []
        terms = "".join(f"{' + ' if sign > 0 else ' - '}{code}" for sign, code in zip(signs, codes, strict=True))
        return "".join(first) + terms if first else terms.removeprefix(" + ").replace(" - ", "-", 1 if signs[0] < 0 else 0)
    assert value.kind == POWER
    exponent = value.data[0]
    if exponent == 2:
        return f"{codes[0]} * {codes[0]}"
    if exponent == -1:
        return f"1 / {codes[0]}"
    if exponent == Fraction(1, 2):
        return f"sqrt({codes[0]})"
    return f"{codes[0]} ** {number(exponent) if isinstance(exponent, Fraction) else factor_code(exponent, words)}"


def number(value: Fraction) -> str:
    """Return a rational number."""
    return str(value) if value.denominator == 1 else f"({value.numerator} / {value.denominator})"
