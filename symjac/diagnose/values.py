"""A number that was worked out by hand: which single input would explain it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np

from symjac.diagnose.case import Diagnosis
from symjac.errors import SymjacError
from symjac.evaluate import Array
from symjac.write.names import symbol_text

_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

MOST_INPUTS = 400
MOST_DIGITS = 4
"""A number with more digits than this is no input that somebody would have typed."""

ITERATIONS = 40
HALVINGS = 12
MOST_SAID = 3


@dataclass(frozen=True)
class ValueCase:
    """A given number or matrix of numbers, and the function of the inputs that it should be.

    `margin` is how far each given number may lie off: half a unit in its last digit, for rounded decimals.
    """

    function: Callable[[Mapping[str, Array]], Array]
    inputs: Mapping[str, Array]
    given: Array
    margin: Array | None = None


@dataclass(frozen=True)
class Explanation:
    """An input entry (counted from 0) that would explain what is given, and what it would have to be."""

    name: str
    place: tuple[int, int]
    value: Fraction
    was: float
    is_vector: bool
    is_scalar: bool

    @property
    def text(self) -> str:
        """The input as it is written: b₂, W₁₂, c."""
        numbers = () if self.is_scalar else (max(self.place),) if self.is_vector else self.place
        plain = [str(k + 1) for k in numbers]
        apart = "," if any(len(k) > 1 for k in plain) else ""
        return symbol_text(self.name) + apart.join(plain).translate(_LOWERED)


def explain_value(case: ValueCase) -> tuple[Diagnosis, ...]:
    """Say which entries of a worked number are wrong, and which single input would explain it.

    >>> W, a, b = np.array([[-2, 4, -1], [6, 0, -3]]), np.array([[0.3], [0.4], [0.1]]), np.array([[0.1], [0.25]])
    >>> case = ValueCase(lambda v: v["W"] @ v["a"] + v["b"], {"W": W, "a": a, "b": b}, np.array([[1.0], [-1.0]]))
    >>> print(explain_value(case)[0])
    Entry 2 should be 1.75, not −1; b₂ = −2.5 would explain it.
    """
    given = np.asarray(case.given, dtype=float)
    expected = _value(case, case.inputs)
    if expected is None or expected.shape != given.shape:
        return ()
    margin = _margin(case, given, expected)
    places = [tuple(int(k) for k in place) for place in np.argwhere(~(np.abs(given - expected) <= margin))]
    if not places:
        return ()
    found = explanations(case)
    plainest = [e for e in found if digits(e.value) == digits(found[0].value)]
    said = " or ".join(f"{e.text} = {_decimal(e.value)}" for e in plainest[:MOST_SAID])
    tail = f"; {said} would explain it" if found else ""
    first = places[0]
    head = f"{_entry_words(places, given.shape)} should be {_short(expected[first])}, not {_short(given[first])}"
    entries = tuple((place[0] + 1, place[1] + 1) for place in places) if given.ndim == 2 else ()
    return (
        Diagnosis("value", f"{head}{tail}.", expected=_short(expected[first]), given=_short(given[first]), entries=entries),
    )


def explanations(case: ValueCase) -> list[Explanation]:
    """Return the single inputs that would explain what is given, the plainest numbers first.

    Those that give exactly the numbers given, where there are any; else those that round to them.
    """
    given = np.asarray(case.given, dtype=float)
    found = list(_all(replace(case, margin=None), given)) or list(_all(case, given))
    return sorted(found, key=lambda e: (digits(e.value), abs(float(e.value) - e.was)))


def _all(case: ValueCase, given: Array) -> Iterator[Explanation]:
    count = 0
    for name, value in case.inputs.items():
        matrix = np.atleast_2d(np.asarray(value, dtype=float))
        for i, j in np.ndindex(*matrix.shape):
            count += 1
            if count > MOST_INPUTS:
                return
            fitting = _plainest(case, given, name, (i, j))
            if fitting is not None:
                yield Explanation(name, (i, j), fitting, float(matrix[i, j]), 1 in matrix.shape, matrix.size == 1)


def _moved(case: ValueCase, name: str, place: tuple[int, int], number: float) -> Array | None:
    original = np.asarray(case.inputs[name], dtype=float)
    changed = np.atleast_2d(original).copy()
    changed[place] = number
    return _value(case, {**case.inputs, name: changed.reshape(original.shape)})


def _value(case: ValueCase, inputs: Mapping[str, Array]) -> Array | None:
    try:
        with np.errstate(all="ignore"):
            return np.asarray(case.function(inputs), dtype=float)
    except (SymjacError, ArithmeticError, np.linalg.LinAlgError):
        return None


def _margin(case: ValueCase, given: Array, expected: Array) -> Array:
    rounding = 1e-9 * np.maximum(np.abs(given), np.abs(expected))
    return rounding if case.margin is None else np.maximum(np.asarray(case.margin, dtype=float), rounding)


def _plainest(case: ValueCase, given: Array, name: str, place: tuple[int, int]) -> Fraction | None:
    """Return the number with the fewest digits that explains what is given, near where the gap is smallest."""
    best = _root(case, given, name, place)
    if best is None:
        return None
    for places in range(MOST_DIGITS + 1):
        number = Fraction(round(best * 10**places), 10**places)
        value = _moved(case, name, place, float(number))
        if value is not None and bool((np.abs(value - given) <= _margin(case, given, value)).all()):
            return number
    return None


def _root(case: ValueCase, given: Array, name: str, place: tuple[int, int]) -> float | None:
    """Return where the input brings the value nearest to what is given, by Gauss–Newton steps, each the best of its halves."""
    here = float(np.atleast_2d(np.asarray(case.inputs[name], dtype=float))[place])
    value = _moved(case, name, place, here)
    if value is None:
        return None
    gap = float(np.linalg.norm(value - given))
    for _ in range(ITERATIONS):
        step = _step(case, given, name, place, here, value)
        best = (gap, here, value)
        for k in range(HALVINGS if step else 0):
            moved = _moved(case, name, place, here + step / 2**k)
            if moved is not None:
                best = min(best, (float(np.linalg.norm(moved - given)), here + step / 2**k, moved), key=lambda row: row[0])
        if not best[0] < gap:
            return here
        gap, here, value = best
    return here


def _step(case: ValueCase, given: Array, name: str, place: tuple[int, int], here: float, value: Array) -> float:
    width = 1e-6 * (1 + abs(here))
    near = _moved(case, name, place, here + width)
    if near is None:
        return 0.0
    slope = (near - value) / width
    square = float((slope * slope).sum())
    return float(((given - value) * slope).sum()) / square if square > 1e-20 and np.isfinite(square) else 0.0


def digits(value: Fraction) -> int:
    """Count the digits that one types for a decimal, zeros at either end left out."""
    return len(_decimal(value).replace("−", "").replace(".", "").strip("0")) or 1


def _decimal(value: Fraction) -> str:
    number = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{number.normalize():f}".replace("-", "−")


def _short(value: float) -> str:
    return f"{value:.6g}".replace("-", "−")


def _entry_words(places: list[tuple[int, ...]], shape: tuple[int, ...]) -> str:
    if len(places) > 1:
        return f"{len(places)} entries are wrong: entry {_place_words(places[0], shape)}"
    return "The value" if int(np.prod(shape)) == 1 else f"Entry {_place_words(places[0], shape)}"


def _place_words(place: tuple[int, ...], shape: tuple[int, ...]) -> str:
    if len(place) == 2 and 1 not in shape:
        return f"({place[0] + 1}, {place[1] + 1})"
    return str(max(place) + 1)
