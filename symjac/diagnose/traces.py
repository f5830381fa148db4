"""The claim is the derivative of the trace: the trace was dropped, or was never there."""

from __future__ import annotations

from symjac.diagnose.bench import Bench
from symjac.diagnose.case import Diagnosis
from symjac.diagnose.layouts import under
from symjac.errors import SymjacError


def dropped(bench: Bench) -> tuple[Diagnosis, ...]:
    """Return whether the claim is right for tr(f) instead of f."""
    if bench.case.claim is None:
        return ()
    try:
        traced = bench.case.traced()
    except SymjacError:
        return ()
    if traced is None or traced.claim is None:
        return ()
    other = Bench(traced)
    fits = other.fitting(traced.claim, other.general, other.conventions)
    if not fits:
        return ()
    sentence = f"This is the derivative of tr(f), a scalar, not of the matrix f itself{under(other, fits[0])}."
    return (Diagnosis("trace", sentence),)
