"""The numbers a claim is judged with: exact rationals, intervals that hold the true value, and polynomials in the entries.

A domain knows numbers, powers and functions; sums and products are Python's own. What a domain cannot say raises
`NotExactError` (the next domain may), what has no value there `NoValueError` (another point may).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import isqrt
from typing import Any

import mpmath
import sympy
from mpmath.ctx_iv import MPIntervalContext

from symjac.errors import SymjacError, UnsupportedError
from symjac.nodes.functions import Function, T

PRECISION = 240
"""Bits of an interval's ends: enough that what rounding leaves open is never a reader's digit."""


MOST_BITS = 20_000
"""Exact numbers may be so long."""

HUGE = 1e300
"""As wide as an interval is said to be."""


class NotExactError(SymjacError):
    """A value that this domain cannot say."""


class NoValueError(SymjacError):
    """A place where an expression has no value: a logarithm below zero, a singular matrix, a kink."""


class Domain(ABC):
    """Numbers of one kind."""

    @abstractmethod
    def number(self, value: Fraction) -> Any:
        """Return a rational number."""

    @abstractmethod
    def special(self, name: str, args: Sequence[Any]) -> Any:
        """Return a function of SymPy's by its name, or raise NotExactError."""

    @abstractmethod
    def invert(self, value: Any) -> Any:
        """Return 1 / value; raise NoValueError where it may be 0."""

    @abstractmethod
    def root(self, value: Any, degree: int) -> Any:
        """Return the positive root; raise NoValueError where there is none."""

    @abstractmethod
    def sign(self, value: Any) -> int:
        """Return the sign, 0 for exactly zero; raise NotExactError or NoValueError where it is open."""

    def is_zero(self, value: Any) -> bool:
        """Whether a value is exactly zero."""
        return bool(value == 0)

    def size(self, value: Any) -> float:
        """Return how far a value is surely away from 0, for the choice of a pivot."""
        return 0.0 if value == 0 else 1.0

    def bounds(self, value: Any) -> tuple[Fraction, Fraction]:
        """Return how far a value is from 0 at least, and how wide it is."""
        return abs(Fraction(value)), Fraction(0)

    def power(self, value: Any, exponent: Fraction) -> Any:
        """Return a rational power."""
        base = value if exponent.denominator == 1 else self.root(value, exponent.denominator)
        if exponent < 0:
            base = self.invert(base)
        return base ** abs(exponent.numerator)

    def apply(self, function: Function, value: Any) -> Any:
        """Return a scalar function, by its definition."""
        return self.symbolic(function.expression, lambda expr: value if expr == T else None)

    def symbolic(self, root: Any, leaf: Callable[[Any], Any], memo: dict[Any, Any] | None = None) -> Any:
        """Return the value of a SymPy scalar; `leaf` gives values of symbols and entries, and None for all else."""
        values = {} if memo is None else memo
        stack = [root]
        while stack:
            expr = stack[-1]
            if expr in values:
                stack.pop()
                continue
            known = leaf(expr)
            if known is None and expr.is_Rational:
                known = self.number(Fraction(int(expr.p), int(expr.q)))
            if known is None and isinstance(expr, sympy.Float):
                known = self.number(Fraction(str(expr)))
            if known is not None:
                values[expr] = known
                stack.pop()
                continue
            if isinstance(expr, sympy.Piecewise):
                branch = next((value for value, condition in expr.args if self._holds(condition, leaf, values)), None)
                if branch is None:
                    raise NoValueError(f"no case of {expr} holds")
                if branch in values:
                    values[expr] = values[branch]
                else:
                    stack.append(branch)
                continue
            missing = [arg for arg in expr.args if arg not in values and not _is_rational_power(expr, arg)]
            if missing:
                stack.extend(missing)
                continue
            values[expr] = self._combine(expr, values)
        return values[root]

    def _combine(self, expr: Any, values: dict[Any, Any]) -> Any:
        if isinstance(expr, sympy.Add):
            return sum((values[arg] for arg in expr.args[1:]), start=values[expr.args[0]])
        if isinstance(expr, sympy.Mul):
            result = values[expr.args[0]]
            for arg in expr.args[1:]:
                result = result * values[arg]
            return result
        if isinstance(expr, sympy.Pow):
            base, exponent = expr.args
            if exponent.is_Rational:
                return self.power(values[base], Fraction(int(exponent.p), int(exponent.q)))
            return self.special("exp", [values[exponent] * self.special("log", [values[base]])])
        if isinstance(expr, sympy.exp):
            return self.special("exp", [values[expr.args[0]]])
        if isinstance(expr, sympy.Abs | sympy.sign | sympy.Heaviside):
            return self._kinked(expr, values[expr.args[0]])
        if isinstance(expr, sympy.Max | sympy.Min):
            best, *others = (values[arg] for arg in expr.args)
            for other in others:
                side = self.sign(other - best)
                if side * (1 if isinstance(expr, sympy.Max) else -1) > 0:
                    best = other
            return best
        if isinstance(expr, sympy.NumberSymbol):
            return self.special(str(expr), [])
        if isinstance(expr, sympy.Function):
            return self.special(type(expr).__name__, [values[arg] for arg in expr.args])
        raise UnsupportedError(f"{type(expr).__name__} has no value here")

    def _kinked(self, expr: Any, value: Any) -> Any:
        sign = self.sign(value)
        if sign == 0:
            raise NoValueError(f"{type(expr).__name__} stands at its kink")
        if isinstance(expr, sympy.Abs):
            return value if sign > 0 else -value
        return self.number(Fraction(sign if isinstance(expr, sympy.sign) else int(sign > 0)))

    def _holds(self, condition: Any, leaf: Callable[[Any], Any], values: dict[Any, Any]) -> bool:
        if condition in (sympy.true, sympy.false):
            return bool(condition)
        if isinstance(condition, sympy.And | sympy.Or):
            parts = [self._holds(part, leaf, values) for part in condition.args]
            return all(parts) if isinstance(condition, sympy.And) else any(parts)
        if isinstance(condition, sympy.Not):
            return not self._holds(condition.args[0], leaf, values)
        if not isinstance(condition, sympy.core.relational.Relational):
            raise UnsupportedError(f"the condition {condition} cannot be decided here")
        sign = self.sign(self.symbolic(condition.lhs - condition.rhs, leaf, values))
        if isinstance(condition, sympy.Eq | sympy.Ne):
            return (sign == 0) is isinstance(condition, sympy.Eq)
        if sign == 0:
            raise NoValueError(f"{condition.lhs} stands at a kink")
        return (sign > 0) is isinstance(condition, sympy.StrictGreaterThan | sympy.GreaterThan)


def _is_rational_power(expr: Any, arg: Any) -> bool:
    return isinstance(expr, sympy.Pow) and arg is expr.args[1] and arg.is_Rational


class Rationals(Domain):
    """Exact fractions.

    >>> Rationals().power(Fraction(4, 9), Fraction(-1, 2))
    Fraction(3, 2)
    """

    def number(self, value: Fraction) -> Any:
        return int(value) if value.denominator == 1 else value

    def power(self, value: Any, exponent: Fraction) -> Any:
        exact = Fraction(value)
        bits = max(exact.numerator.bit_length(), exact.denominator.bit_length())
        if bits * abs(exponent.numerator) > MOST_BITS and abs(exact) != 1:
            raise NotExactError("a number too long to be exact")
        return super().power(value, exponent)

    def invert(self, value: Any) -> Any:
        if value == 0:
            raise NoValueError("0 has no inverse")
        return self.number(1 / Fraction(value))

    def root(self, value: Any, degree: int) -> Any:
        if value < 0:
            raise NoValueError(f"{value} has no real root")
        top, bottom = (_whole_root(part, degree) for part in Fraction(value).as_integer_ratio())
        if top is None or bottom is None:
            raise NotExactError(f"the root of {value} is no fraction")
        return self.number(Fraction(top, bottom))

    def sign(self, value: Any) -> int:
        return int(value > 0) - int(value < 0)

    def special(self, name: str, args: Sequence[Any]) -> Any:
        at_zero = {"exp": 1, "sin": 0, "cos": 1, "tan": 0, "tanh": 0, "sinh": 0, "cosh": 1, "atan": 0, "erf": 0}
        if len(args) == 1 and args[0] == 0 and name in at_zero:
            return at_zero[name]
        if name == "log" and args[0] == 1:
            return 0
        if name == "log" and args[0] <= 0:
            raise NoValueError(f"{args[0]} has no logarithm")
        raise NotExactError(f"{name} is no fraction here")


def _whole_root(value: int, degree: int) -> int | None:
    root = isqrt(value) if degree == 2 else int(sympy.integer_nthroot(value, degree)[0])
    return root if root**degree == value else None


class Floats(Domain):
    """Floats, for a glance: they decide nothing."""

    def number(self, value: Fraction) -> Any:
        return float(value)

    def invert(self, value: Any) -> Any:
        if value == 0:
            raise NoValueError("0 has no inverse")
        return 1 / value

    def root(self, value: Any, degree: int) -> Any:
        if value < 0:
            raise NoValueError("a negative number has no real root")
        return value ** (1 / degree)

    def sign(self, value: Any) -> int:
        return int(value > 0) - int(value < 0)

    def special(self, name: str, args: Sequence[Any]) -> Any:
        function = getattr(mpmath.fp, {"exp1": "e", "E": "e"}.get(name, name), None)
        if not args and function is not None:
            return float(function)
        if not callable(function):
            raise UnsupportedError(f"{name} has no value here")
        found = function(*map(float, args))
        if not isinstance(found, float):
            raise NoValueError(f"{name} has no real value here")
        return found


class Intervals(Domain):
    """Intervals that hold the true value, by mpmath's interval arithmetic; of special functions, as far as many digits tell.

    >>> Intervals().power(Intervals().number(Fraction(2)), Fraction(1, 2)).delta < 1e-60
    True
    """

    def __init__(self, bits: int = PRECISION) -> None:
        self.context: Any = MPIntervalContext()
        self.context.prec = bits

    def number(self, value: Fraction) -> Any:
        return self.context.mpf(value.numerator) / value.denominator

    def between(self, low: Fraction, high: Fraction) -> Any:
        """Return the interval from one number to another."""
        return self.context.mpf([self.number(low).a, self.number(high).b])

    def invert(self, value: Any) -> Any:
        value = self._interval(value)
        self._away_from_zero(value)
        return 1 / value

    def root(self, value: Any, degree: int) -> Any:
        value = self._interval(value)
        if value.b < 0:
            raise NoValueError("a negative number has no real root")
        if value.a < 0:
            raise NoValueError("a number that may be negative has no sure root")
        if degree == 2:
            return self.context.sqrt(value)
        self._away_from_zero(value)
        return self.context.exp(self.context.log(value) / degree)

    def is_zero(self, value: Any) -> bool:
        value = self._interval(value)
        return bool(value.a == value.b == 0)

    def size(self, value: Any) -> float:
        value = self._interval(value)
        return 0.0 if value.a <= 0 <= value.b else min(HUGE, float(min(abs(value.a), abs(value.b))))

    def bounds(self, value: Any) -> tuple[Fraction, Fraction]:
        wide = float(self._interval(value).delta)
        return Fraction(self.size(value)), Fraction(wide) if wide < HUGE else Fraction(HUGE)

    def sign(self, value: Any) -> int:
        value = self._interval(value)
        if value.a > 0:
            return 1
        if value.b < 0:
            return -1
        if value.a == value.b == 0:
            return 0
        raise NoValueError("a sign is open here")

    def special(self, name: str, args: Sequence[Any]) -> Any:
        ctx = self.context
        if name in ("exp1", "E", "pi"):
            return ctx.pi if name == "pi" else ctx.e
        value = self._interval(args[0])
        if not (mpmath.isfinite(value.a) and mpmath.isfinite(value.b)) or max(abs(value.a), abs(value.b)) > 10**6:
            raise NoValueError(f"{name} of a number that large is not taken")
        if name == "log" and value.a <= 0:
            raise NoValueError("a number that is not positive has no logarithm")
        if name in ("exp", "log", "sin", "cos"):
            return getattr(ctx, name)(value)
        if name in _BY_EXP:
            return _BY_EXP[name](self, value)
        return self._to_many_digits(name, value)

    def _interval(self, value: Any) -> Any:
        return value if hasattr(value, "delta") else self.context.mpf(value)

    def _to_many_digits(self, name: str, value: Any) -> Any:
        """Return a special function at the middle of a narrow interval, with a margin that is no proof."""
        function = getattr(mpmath.mp, name, None)
        if not callable(function):
            raise UnsupportedError(f"{name} has no value here")
        with mpmath.workprec(self.context.prec + 60):
            found = function((mpmath.mpf(value.a) + mpmath.mpf(value.b)) / 2)
            if not isinstance(found, mpmath.mpf) or not mpmath.isfinite(found):
                raise NoValueError(f"{name} has no real value here")
            margin = (abs(found) + 1) * mpmath.mpf(2) ** (-self.context.prec // 2)
            return self.context.mpf([found - margin, found + margin])

    def _away_from_zero(self, value: Any) -> None:
        if value.a <= 0 <= value.b:
            raise NoValueError("a number that may be 0 has no inverse")


def _tanh(domain: Intervals, value: Any) -> Any:
    return 1 - 2 / (domain.context.exp(2 * value) + 1)


_BY_EXP: dict[str, Callable[[Intervals, Any], Any]] = {
    "tan": lambda domain, t: domain.context.sin(t) * domain.invert(domain.context.cos(t)),
    "tanh": _tanh,
    "sinh": lambda domain, t: (domain.context.exp(t) - domain.context.exp(-t)) / 2,
    "cosh": lambda domain, t: (domain.context.exp(t) + domain.context.exp(-t)) / 2,
}


class Fractions(Domain):
    """Quotients of polynomials in the entries; roots and functions are further variables, one for each argument.

    Two equal quotients are equal everywhere: that is a proof at one size. `variables` holds the entries, in the order of
    their names.
    """

    SPARE = 24
    """How many roots and functions may stand beside the entries."""

    def __init__(self, names: Sequence[str], quotients: bool) -> None:
        symbols = [sympy.Symbol(name) for name in names] + [sympy.Dummy() for _ in range(self.SPARE)]
        make = sympy.field if quotients else sympy.ring
        space, *variables = make(symbols, sympy.QQ)
        self._space: Any = space
        self.variables: list[Any] = variables[: len(names)]
        self._spare: list[Any] = variables[len(names) :]
        self._atoms: dict[Any, Any] = {}
        self._quotients = quotients

    def number(self, value: Fraction) -> Any:
        return self._space(sympy.QQ(value.numerator, value.denominator))

    def invert(self, value: Any) -> Any:
        value = self._element(value)
        if value == 0:
            raise NoValueError("0 has no inverse")
        if not self._quotients and not value.is_ground:
            raise NotExactError("a polynomial has no polynomial for its inverse")
        return self._space(1) / value if self._quotients else self._space(1 / value.LC)

    def root(self, value: Any, degree: int) -> Any:
        return self._atom("root", degree, self._element(value))

    def sign(self, value: Any) -> int:
        if value == 0:
            return 0
        raise NotExactError("a polynomial has no sign")

    def special(self, name: str, args: Sequence[Any]) -> Any:
        return self._atom(name, *map(self._element, args))

    def apply(self, function: Function, value: Any) -> Any:
        if function.expression.has(sympy.Piecewise, sympy.Abs, sympy.sign, sympy.Heaviside):
            return self._atom(function.key, self._element(value))
        return super().apply(function, value)

    def _element(self, value: Any) -> Any:
        return self._space(value) if isinstance(value, int | Fraction) else value

    def _atom(self, *key: Any) -> Any:
        if key not in self._atoms:
            if not self._spare:
                raise NotExactError("too many functions for a proof by polynomials")
            self._atoms[key] = self._spare.pop()
        return self._atoms[key]
