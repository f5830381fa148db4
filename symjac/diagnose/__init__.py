"""Where a claim goes wrong: small comparers, each a room, tried from the simplest slip to the rarest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from symjac.diagnose.assumptions import as_numbers, assumed, assumed_and_number
from symjac.diagnose.bench import Bench
from symjac.diagnose.case import Case, Convention, Diagnosis
from symjac.diagnose.entries import differing, is_listed, listed_entries
from symjac.diagnose.factors import multiple
from symjac.diagnose.inner import missing_factor
from symjac.diagnose.layouts import other_layout
from symjac.diagnose.search import (
    Search,
    another_function,
    commuted,
    lost_transpose,
    one_edit,
    one_edit_and_number,
    one_edit_if_symmetric,
    other_letters,
    two_edits,
)
from symjac.diagnose.shapes import does_not_conform, wrong_shape
from symjac.diagnose.terms import missing_term, wrong_number
from symjac.diagnose.termwise import term_by_term
from symjac.diagnose.traces import dropped
from symjac.diagnose.values import ValueCase, explain_value, explanations
from symjac.diagnose.weights import lost_scalar

__all__ = ["Case", "Convention", "Diagnosis", "ValueCase", "diagnose", "explain_value", "explanations"]

Comparer = Callable[[Bench], tuple[Diagnosis, ...]]

ASSUMED: tuple[Comparer, ...] = (assumed, dropped, missing_term, missing_factor)
"""What is asked of a claim's numbers, in this order: the first that has something to say is believed."""

SEARCHES: tuple[Callable[[Search], tuple[Diagnosis, ...]], ...] = (
    one_edit,
    lambda search: wrong_number(search.bench),
    lambda search: lost_scalar(search.bench),
    lambda search: assumed_and_number(search.bench),
    term_by_term,
    one_edit_if_symmetric,
    one_edit_and_number,
    another_function,
    two_edits,
    lambda search: as_numbers(search.bench),
)
"""What is asked of its formula, after that; swapped letters are asked for before anything is assumed."""

LISTED: tuple[Comparer, ...] = (other_layout, multiple, listed_entries)
"""What is asked of a matrix given entry by entry."""


def diagnose(case: Case) -> tuple[Diagnosis, ...]:
    """Say what is wrong with a claim, the most telling first; nothing where it is right.

    A claim that does not conform, or has the wrong shape, is told so beside what would mend it. Where no known slip explains
    a claim, the entries that differ are the diagnosis (kind "entry").
    """
    bench = Bench(case)
    accepted = tuple(c for c in bench.conventions if bench.is_accepted(c))
    if case.claim is not None and bench.fitting(case.claim, bench.general, accepted):
        return ()
    slip = next(filter(None, chain(_looks(bench), _numbers_alone(Bench(case, every=True)))), ())
    shape = does_not_conform(case) or wrong_shape(bench)
    if case.claim is None:
        return (*shape, *slip)
    return (*slip, *shape) or differing(bench)


def _looks(bench: Bench) -> Iterator[tuple[Diagnosis, ...]]:
    if is_listed(bench.case):
        yield from (compare(bench) for compare in LISTED)
        return
    search = Search.of(bench)
    layout = other_layout(bench)
    yield (*layout, *commuted(search)) if layout and search is not None else layout
    yield multiple(bench)
    if search is not None and search.pool.letters:
        yield other_letters(search)
    for compare in ASSUMED:
        found = compare(bench)
        yield (*lost_transpose(search), *found) if compare is assumed and found and search is not None else found
    if search is None:
        yield wrong_number(bench)
    else:
        yield from (look(search) for look in SEARCHES)


def _numbers_alone(bench: Bench) -> Iterator[tuple[Diagnosis, ...]]:
    """What is left to ask: a slip in another convention than the one that the claim seems to follow."""
    if not is_listed(bench.case):
        yield from (compare(bench) for compare in (other_layout, multiple, *ASSUMED, wrong_number))
