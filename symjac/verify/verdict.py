"""What was decided about a claim, as frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from symjac.diagnose import Diagnosis
from symjac.layout import Layout

CORRECT, CONVENTION, WRONG, UNDECIDED = "correct", "convention", "wrong", "undecided"
"""What a verdict may say of a claim."""

PROVED, PROVED_HERE, SAMPLED, REFUTED, NONE = (
    "proved for all sizes",
    "proved at this size",
    "sampled",
    "refuted",
    "none",
)
"""How it is known. Only a proof is called a proof; an undecided claim has no evidence."""


@dataclass(frozen=True)
class Counterexample:
    """Values for which a claim fails, small enough to check by hand.

    `values` are the entries of every symbol, as nested lists of numbers; `place` is the entry, counted from 1, of the
    claim that differs (the values of the letters first, where it has letters; empty for a scalar); `expected` and `given` are
    its two values, exactly or to some digits.
    """

    sizes: Mapping[str, int]
    values: Mapping[str, Any]
    place: tuple[int, ...]
    expected: str
    given: str

    def __str__(self) -> str:
        at = ", ".join(f"{name} = {_shown(value)}" for name, value in (*self.sizes.items(), *self.values.items()))
        which = f"entry ({', '.join(map(str, self.place))})" if self.place else "the value"
        return f"{f'for {at}, ' if at else ''}{which} is {self.expected} and not {self.given}"


def _shown(value: Any) -> str:
    """Return numbers and nested lists of numbers as text: 1/2 and not Fraction(1, 2)."""
    return f"[{', '.join(map(_shown, value))}]" if isinstance(value, list) else str(value)


@dataclass(frozen=True)
class Verdict:
    """The judgement of a claim; true where the claim is correct as it stands.

    >>> from symjac.verify import verify
    >>> verdict = verify("A + A.T", "x.T*A*x", "x", given="A: N x N, x: N")
    >>> bool(verdict), verdict.status, verdict.diagnosis[0].kind
    (False, 'wrong', 'shape')

    `status` is "correct", "convention" (right under another layout, which `layouts` names), "wrong" or "undecided"; `evidence`
    says how that is known. `reading` is the claim as it was understood. `layout` is the one in which the claim holds.
    """

    status: str
    evidence: str
    diagnosis: tuple[Diagnosis, ...] = ()
    counterexample: Counterexample | None = None
    remarks: tuple[str, ...] = ()
    reading: str = ""
    layout: Layout | None = None
    layouts: tuple[str, ...] = ()
    """The conventions in which the claim holds, in words; several where they can't be told apart here."""
    expected: str | None = field(default=None, compare=False)
    """The right answer in the declared layout, as text, where it has a matrix form."""

    def __bool__(self) -> bool:
        return self.status == CORRECT

    def __str__(self) -> str:
        sentences = [self._opening()]
        sentences += [diagnosis.message for diagnosis in self.diagnosis]
        if self.counterexample is not None:
            sentences.append(f"For instance, {self.counterexample}.")
        return " ".join(sentences)

    def _opening(self) -> str:
        if self.status == CORRECT:
            return f"Correct: {self.evidence}."
        if self.status == CONVENTION:
            several = " (they can't be told apart here)" if len(self.layouts) > 1 else ""
            return f"Correct under another convention: {'; or '.join(self.layouts)}{several}; {self.evidence}."
        if self.status == WRONG:
            return "Wrong."
        return f"Undecided: {self.remarks[-1] if self.remarks else 'no proof and no counterexample was found'}."
