"""The claim is right under an assumption that nobody made: symmetric matrices, factors that commute, entries with sum 1."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

import numpy as np

from symjac.diagnose.bench import Bench
from symjac.diagnose.case import Case, Diagnosis
from symjac.diagnose.factors import fraction_text
from symjac.diagnose.layouts import under
from symjac.diagnose.words import named
from symjac.nodes.node import symbols
from symjac.nodes.sizes import ONE

SCALES = (-1.0, 2.0, 0.5, -2.0, -0.5)
"""What may have to be multiplied besides."""


def assumed(bench: Bench) -> tuple[Diagnosis, ...]:
    """Return the assumption that makes the claim right, the fewest matrices first."""
    for names in groups(bench.case.square):
        convention = _fits(bench, bench.symmetric(names))
        if convention is not None:
            sentence = f"This would be right if {listed(names, 'were', 'were')} symmetric, which nothing says"
            return (Diagnosis("symmetry", f"{sentence}{under(bench, convention)}."),)
    return _commuting(bench) or _summing(bench)


def _fits(bench: Bench, points: tuple[int, ...]) -> int | None:
    """Return the first convention in which the claim is right at these points."""
    if bench.case.claim is None:
        return None
    return next(iter(bench.fitting(bench.case.claim, points)), None)


def _commuting(bench: Bench) -> tuple[Diagnosis, ...]:
    names = bench.case.square
    convention = _fits(bench, bench.commuting(names)) if len(names) > 1 else None
    if convention is None:
        return ()
    sentence = "The order of the factors matters: this would be right if the matrices commuted, which nothing says"
    return (Diagnosis("order", f"{sentence}{under(bench, convention)}."),)


def _summing(bench: Bench) -> tuple[Diagnosis, ...]:
    """The gradient of a cross-entropy is ŷ − y for targets that add up to 1."""
    for name in _vectors(bench.case):
        convention = _fits(bench, bench.summing_to_one((name,)))
        if convention is not None:
            sentence = f"This would be right if the entries of {name} added up to 1, which nothing says"
            return (Diagnosis("sum", f"{sentence}{under(bench, convention)}."),)
    return ()


def _vectors(case: Case) -> list[str]:
    """Return the names of the vectors that are not differentiated by; of all, where there is no formula of f."""
    own = case.variable.name if case.variable is not None else ""
    if case.f is not None:
        return [s.name for s in symbols([case.f]) if s.name != own and not s.is_scalar and ONE in s.shape]
    values = case.points[0].values
    return [name for name, value in values.items() if name != own and np.size(value) > 1 and 1 in np.shape(value)]


def assumed_and_number(bench: Bench) -> tuple[Diagnosis, ...]:
    """Return which matrices the claim takes for symmetric, where it has the wrong sign or number besides."""
    for names in groups(bench.case.square if bench.case.claim is not None else ()):
        found = bench.scaled(bench.case.claim, bench.symmetric(names), SCALES) if bench.case.claim is not None else None
        if found:
            convention, scale = found
            besides = "the sign is wrong" if scale == -1 else f"a factor {fraction_text(Fraction(scale))} is missing"
            sentence = f"This takes for granted that {listed(names)} symmetric, which nothing says{under(bench, convention)}."
            return (Diagnosis("symmetry", sentence), Diagnosis("sign" if scale == -1 else "factor", f"Besides, {besides}."))
    return ()


def as_numbers(bench: Bench) -> tuple[Diagnosis, ...]:
    """Return whether the claim is right where matrices are symmetric and commute: as if they were numbers."""
    names = bench.case.square
    convention = _fits(bench, bench.commuting(names, symmetric=True)) if names else None
    if convention is None:
        return ()
    sentence = (
        "This reckons with matrices as with numbers: it would be right if they were symmetric and commuted; "
        "look at the transposes and at the order of the factors"
    )
    return (
        Diagnosis("order", f"{sentence}{under(bench, convention)}."),
        Diagnosis("symmetry", f"It takes for granted that {listed(names)} symmetric."),
    )


def groups(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield one name, each; then two; then all."""
    yield from ((name,) for name in names)
    yield from combinations(names, 2) if len(names) > 2 else ()
    if len(names) > 1:
        yield names


def listed(names: tuple[str, ...], one: str = "is", more: str = "are") -> str:
    """Return names and their verb.

    >>> listed(("A",)), listed(("A", "B"))
    ('A is', 'A and B are')
    """
    said = [named(name) for name in names]
    return f"{said[0]} {one}" if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]} {more}"
