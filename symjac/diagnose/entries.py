"""Which entries differ, and whether one thing explains them all: a row, a column, a sign, two rows swapped."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from symjac.diagnose.bench import TOLERANCE, Bench, close
from symjac.diagnose.case import Case, Diagnosis
from symjac.diagnose.factors import fraction_text, simple_fraction
from symjac.diagnose.layouts import under
from symjac.diagnose.places import bare
from symjac.evaluate import Array
from symjac.read.latex.tree import Array as Table

MOST_SAID = 4
"""At most so many entries are named in a sentence."""

MOST_TOLD = 2
"""So many of them with what they should be."""

_NUMBER = re.compile(r"[−-]?[\d./]+")

NO_KNOWN_SLIP = "No known slip explains it"

Pairs = Sequence[tuple[Array, Array]]
"""Claim and truth, point by point."""


def is_listed(case: Case) -> bool:
    """Whether a claim is a matrix given entry by entry, of more than one entry."""
    whole = bare(case.tree) if case.tree is not None else None
    return isinstance(whole, Table) and len(whole.rows) * len(whole.rows[0]) > 1


def listed_entries(bench: Bench) -> tuple[Diagnosis, ...]:
    """Return the entries of a matrix given entry by entry that differ."""
    return differing(bench) if bench.case.claim is not None else ()


def differing(bench: Bench) -> tuple[Diagnosis, ...]:
    """Return the entries that differ in the convention where the fewest do, with what explains them."""
    best: tuple[int, int, Pairs, Array] | None = None
    for convention in bench.conventions:
        pairs = _pairs(bench, convention)
        if pairs is None:
            continue
        wrong = _wrong(pairs)
        count = int(wrong.sum())
        if count and (best is None or count < best[0]):
            best = count, convention, pairs, wrong
    if best is None:
        return ()
    _, convention, pairs, wrong = best
    return (_diagnosis(bench, convention, pairs, wrong),)


def _pairs(bench: Bench, convention: int) -> Pairs | None:
    """Return claim and truth at the points where the shape is that of the first; None where they can't be compared."""
    found: list[tuple[Array, Array]] = []
    for point in bench.general:
        claim, truth = bench.claim(point), bench.truth(convention, point)
        if claim is None or truth is None or claim.shape != truth.shape:
            return None
        if not found or claim.shape == found[0][0].shape:
            found.append((np.atleast_2d(claim), np.atleast_2d(truth)))
    return found


def _wrong(pairs: Pairs) -> Array:
    """Return where claim and truth differ at some point; a number that is not finite differs."""
    wrong = np.zeros(pairs[0][0].shape, dtype=bool)
    for claim, truth in pairs:
        scale = max(float(np.abs(truth[np.isfinite(truth)]).max(initial=0.0)), 1e-300)
        with np.errstate(invalid="ignore"):
            wrong |= ~(np.abs(claim - truth) <= TOLERANCE * scale)
    return wrong


def _diagnosis(bench: Bench, convention: int, pairs: Pairs, wrong: Array) -> Diagnosis:
    places = [tuple(int(k) + 1 for k in place) for place in np.argwhere(wrong)]
    is_matrix = len(places[0]) == 2
    texts = _texts(bench, places[0]) if is_matrix else None
    given, expected = texts or (None, None)
    at = under(bench, convention)
    kind, slip = (_explained(pairs, wrong) if is_matrix else None) or ("entry", "")
    if is_matrix and len(places) == 1:
        if kind == "factor" and texts and all(_NUMBER.fullmatch(said) for said in texts):
            kind, slip = "entry", ""
        sentence = f"Entry {places[0]} {_instead(*texts)}" if texts else f"Entry {places[0]} is wrong"
        sentence += f"{at}." + (f" {slip}." if slip else "")
    else:
        counted = "" if kind == "order" or not is_matrix else _counted(places, wrong.size)
        count = 1 if slip else MOST_TOLD
        told = [f"entry {place} {_instead(*found)}" for place in places[:count] if (found := _texts(bench, place)) is not None]
        sentence = ": ".join(filter(None, (slip or NO_KNOWN_SLIP, "; ".join(filter(None, (counted, *told)))))) + f"{at}."
    listed = tuple((place[0], place[1]) for place in places) if is_matrix else ()
    return Diagnosis(kind, sentence, expected=expected, given=given, entries=listed)


def _texts(bench: Bench, place: tuple[int, ...]) -> tuple[str, str] | None:
    """Return the given and the expected text of an entry, where it has any: its place is counted from 1."""
    return bench.case.entry(place[0] - 1, place[1] - 1) if bench.case.entry is not None and len(place) == 2 else None


def _instead(given: str, expected: str) -> str:
    return f"is {given}, it should be {expected}"


def _counted(places: Sequence[tuple[int, ...]], size: int) -> str:
    """Return how many entries differ, and the first of them."""
    if size == len(places):
        return "all entries differ"
    said = ", ".join(str(place) for place in places[:MOST_SAID]) + (", …" if len(places) > MOST_SAID else "")
    return f"{len(places)} of {size} entries differ: {said}"


# What explains all differing entries at once


def _explained(pairs: Pairs, wrong: Array) -> tuple[str, str] | None:
    for explain in (_multiple, _swapped_rows, _swapped_columns, _mirrored):
        found = explain(pairs, wrong)
        if found:
            return found
    return _one_line(wrong)


def _where(wrong: Array) -> str:
    rows, cols = np.nonzero(wrong.any(axis=1))[0], np.nonzero(wrong.any(axis=0))[0]
    if len(rows) == 1 and len(cols) == 1:
        return ""
    if len(rows) == 1:
        return f"in row {rows[0] + 1}"
    if len(cols) == 1:
        return f"in column {cols[0] + 1}"
    if wrong.shape[0] == wrong.shape[1] and not (wrong & ~np.eye(len(wrong), dtype=bool)).any():
        return "on the diagonal"
    return "in the entries that differ"


def _multiple(pairs: Pairs, wrong: Array) -> tuple[str, str] | None:
    """All that differs has the other sign, or is off by one number."""
    numbers = [(c, t) for claim, truth in pairs for c, t in zip(claim[wrong], truth[wrong], strict=True)]
    ratios = [float(t) / float(c) for c, t in numbers if c and t]
    if not ratios or any((c == 0) != (t == 0) for c, t in numbers):
        return None
    factor = simple_fraction(ratios)
    if factor is None:
        return None
    if factor == -1:
        return "sign", f"The sign is wrong {_where(wrong)}".rstrip()
    return "factor", f"A factor {fraction_text(factor)} is missing {_where(wrong)}".rstrip()


def _swapped_rows(pairs: Pairs, wrong: Array) -> tuple[str, str] | None:
    return _swapped(pairs, wrong, "Rows", lambda array: array)


def _swapped_columns(pairs: Pairs, wrong: Array) -> tuple[str, str] | None:
    return _swapped(pairs, wrong, "Columns", lambda array: array.T)


def _swapped(pairs: Pairs, wrong: Array, name: str, turned: Callable[[Array], Array]) -> tuple[str, str] | None:
    lines = np.nonzero(turned(wrong).any(axis=1))[0]
    if len(lines) != 2:
        return None
    i, j = (int(k) for k in lines)
    for claim, truth in pairs:
        order = np.arange(turned(claim).shape[0])
        order[[i, j]] = j, i
        if not close(turned(claim)[order], turned(truth)):
            return None
    return "order", f"{name} {i + 1} and {j + 1} are swapped"


def _mirrored(pairs: Pairs, wrong: Array) -> tuple[str, str] | None:
    """Two entries stand in each other's place."""
    places = [tuple(place) for place in np.argwhere(wrong)]
    if len(places) != 2:
        return None
    for a, b in combinations(places, 2):
        if all(np.isclose(c[a], t[b], rtol=TOLERANCE) and np.isclose(c[b], t[a], rtol=TOLERANCE) for c, t in pairs):
            first, second = (tuple(int(k) + 1 for k in place) for place in (a, b))
            return "order", f"Entries {first} and {second} are swapped"
    return None


def _one_line(wrong: Array) -> tuple[str, str] | None:
    """All that differs stands in one row or column."""
    rows, cols = np.nonzero(wrong.any(axis=1))[0], np.nonzero(wrong.any(axis=0))[0]
    if wrong.sum() > 1 and min(len(rows), len(cols)) == 1 and wrong.size > wrong.sum():
        return "entry", f"All that is wrong stands {_where(wrong)}"
    return None
