"""What a check found, as frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from symjac.evaluate import Array

PROVED, SAMPLED = "proved for all sizes", "sampled"
"""What a proof attempt says of a variable."""


@dataclass(frozen=True)
class Failure:
    """A line that does not equal the line before, or a Jacobian that a judge refutes."""

    where: str
    rule: str
    gap: float

    def __str__(self) -> str:
        return f"{self.where}: {self.rule} (relative gap {self.gap:.1e})"


@dataclass(frozen=True)
class Report:
    """What a check found: it is true where nothing was refuted.

    >>> from symjac.derivation import jacobian
    >>> report = jacobian("inv(X)", "X", given="X: N x N").check()
    >>> report.ok, report.proofs
    (True, {'X': 'proved for all sizes'})
    """

    proofs: Mapping[str, str]
    """For each variable "proved for all sizes", or "sampled" where the proof did not come out."""
    lines: int
    gap: float
    """The largest relative distance from the numerical derivatives."""
    method: str
    sizes: tuple[Mapping[str, int], ...]
    seeds: tuple[int, ...]
    sympy: str
    order: float | None
    failures: tuple[Failure, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing was refuted."""
        return not self.failures

    @property
    def proved(self) -> bool:
        """Whether the Jacobian by every variable is proved for all sizes."""
        return self.ok and all(status == PROVED for status in self.proofs.values())

    def together(self, other: Report) -> Report:
        """Return this report with the failures of another: a Hessian is right only where its gradient is."""
        return replace(
            self, lines=self.lines + other.lines, gap=max(self.gap, other.gap), failures=(*other.failures, *self.failures)
        )

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        return "\n  ".join(["checked" if self.ok else "REFUTED", *self.findings])

    @property
    def findings(self) -> tuple[str, ...]:
        """What was found, a sentence each."""
        proofs = (f"{name}: {status}" for name, status in self.proofs.items())
        wrong = (f"wrong: {failure}" for failure in self.failures)
        compared = (
            f"{_counted(self.lines, 'line')}{', each equal to the line before' if self.ok and self.lines else ' compared'}"
        )
        return (*proofs, compared, self._numerically(), f"SymPy entry by entry: {self.sympy}", *wrong)

    def _numerically(self) -> str:
        if not self.sizes:
            return f"numerically {self.method}"
        order = f", order {self.order:.1f}" if self.order is not None else ""
        gap = f"within {self.gap:.0e}" if self.gap else "exactly"
        sizes = dict.fromkeys(", ".join(f"{k} = {v}" for k, v in point.items()) or "the fixed sizes" for point in self.sizes)
        return f"numerically ({self.method}{order}) {gap} at {'; '.join(sizes)} (seeds {', '.join(map(str, self.seeds))})"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def relative_gap(found: Array, expected: Array) -> float:
    """Return the largest distance of two arrays, relative to the larger entries; infinite where there is none."""
    if found.shape != expected.shape:
        return float("inf")
    scale = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    gap = float(np.max(np.abs(found - expected), initial=0.0)) / scale
    return gap if np.isfinite(gap) else float("inf")
