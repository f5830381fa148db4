"""The numbers of a file of mathematics: what was computed next to what was found by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy

from symjac.cli.judge import Judgement, judge_digits
from symjac.errors import DomainError, ShapeError

TOLERANCE = 1e-9
"""How far a number by hand may lie from the computed one, relative to its size."""


@dataclass(frozen=True)
class Number:
    """A number, an array, or anything else that prints; and what came of comparing it with what was found by hand."""

    words: str
    value: Any
    judgement: Judgement | None = None

    @property
    def text(self) -> str:
        """The number in words and digits; one of several lines stands below its words.

        >>> Number("half of it", np.array([0.5])).text
        'half of it: [0.5]'
        """
        value = self.value
        if isinstance(value, np.ndarray):
            # What rounding left in the place of a zero is shown as one.
            value = np.where(np.abs(value) > 1e-12 * np.abs(value).max(initial=0), value, 0)
        shown = np.array2string(value, precision=6, suppress_small=True) if isinstance(value, np.ndarray) else str(value)
        return f"{self.words}:{chr(10) if chr(10) in shown else ' '}{shown}"


def read_numbers(found: Any) -> tuple[Number, ...]:
    """Return the numbers of a file: words, each with a pair of what was computed and what was found by hand, or None.

    >>> [number.judgement.words for number in read_numbers({"sum": (np.float64(1.75), "1.75"), "shape": ((2, 3), (2, 3))})]
    ['equal to every digit written', 'equal']
    """
    if not isinstance(found, Mapping):
        raise DomainError("`numbers` is a dictionary: words, and a pair of what was computed and what was found by hand")
    for words, pair in found.items():
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise DomainError(f"numbers[{words!r}] is a pair: what was computed, and what was found by hand or None")
    return tuple(Number(str(words), value, judge_number(value, claim)) for words, (value, claim) in found.items())


def judge_number(found: Any, claim: Any) -> Judgement | None:
    """Compare a number or an array with what was found by hand; a text, or a list of texts, to the digits written.

    >>> judge_number(0.7616, "0.76").ok, judge_number([1, 2], [1, 3]).ok
    (True, False)
    """
    if claim is None:
        return None
    texts = [claim] if isinstance(claim, str) else claim
    try:
        if isinstance(texts, list | tuple) and texts and all(isinstance(text, str) for text in texts):
            return judge_digits(texts, [Fraction(float(value)) for value in np.ravel(found)])
        ours, theirs = np.asarray(found, float), np.asarray(claim, float)
    except (TypeError, ValueError) as error:
        if isinstance(error, DomainError | ShapeError):
            raise
        same = found == claim or (isinstance(found, sympy.Expr) and sympy.expand(found - claim) == 0)
        return Judgement(same, "equal" if same else f"not equal: by hand it is {claim}")
    if ours.shape != theirs.shape:
        return Judgement(False, f"not equal: it has shape {theirs.shape}, and what was computed {ours.shape}")
    same = bool(np.allclose(ours, theirs, rtol=TOLERANCE, atol=TOLERANCE))
    return Judgement(same, "equal" if same else f"not equal: by hand it is {claim}")
