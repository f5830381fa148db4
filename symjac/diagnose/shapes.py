"""The claim has another shape than the derivative, or none at all."""

from __future__ import annotations

import re

from symjac.diagnose.bench import Bench
from symjac.diagnose.case import Case, Diagnosis


def does_not_conform(case: Case) -> tuple[Diagnosis, ...]:
    """Return where the claim's own factors or terms do not fit together."""
    if case.claim is not None or case.misfit is None:
        return ()
    span, sentence = case.misfit
    said, tick, text = sentence.partition("`")
    return (Diagnosis("shape", f"The shapes do not fit: {_sizes_said(said)}{tick}{text}.", place=span),)


def _sizes_said(sentence: str) -> str:
    """Return a sentence with N² for N**2 and MN for M*N."""
    return re.sub(r"(?<=\w)\*(?=\w)", "", sentence.replace("**2", "²").replace("**3", "³"))


def wrong_shape(bench: Bench) -> tuple[Diagnosis, ...]:
    """Return the claim's shape and the expected one, where the claim has no shape in which the derivative is written."""
    case = bench.case
    if case.claim is None or not case.conventions:
        return ()
    claim = bench.claim(0)
    truths = [truth for c in bench.conventions if (truth := bench.truth(c, 0)) is not None]
    if claim is None or not truths or any(claim.shape == truth.shape for truth in truths):
        return ()
    given = shape_words(case.shape) if case.shape else " × ".join(map(str, claim.shape))
    shapes = list(dict.fromkeys(shape_words(convention.shape) for convention in case.conventions))
    others = f" (or {', '.join(shapes[1:])} in another layout)" if len(shapes) > 1 else ""
    sentence = f"The claim is {given}, but the {case.subject} is {shapes[0]}{others}."
    return (Diagnosis("shape", sentence, expected=shapes[0], given=given),)


def shape_words(shape: tuple[str, ...]) -> str:
    """Return a shape as people write it: N² × MN; of letters, what they count.

    >>> shape_words(("N**2", "M*N"))
    'N² × MN'
    """
    sizes = shape[:-2] if len(shape) > 2 and shape[-2:] == ("1", "1") else shape
    return " × ".join(map(_sizes_said, sizes))
