"""Values in floats, and the points at which there are any: a glance that chooses the road, and decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import prod

import numpy as np

from symjac.components import Form, evaluate_form
from symjac.components.evaluation import postorder
from symjac.evaluate import Array, size_value
from symjac.nodes.node import Symbol
from symjac.nodes.sizes import ONE, times
from symjac.points import Point, random_point
from symjac.verify.claim import Claim, Formula
from symjac.verify.deadline import Deadline, OutOfTimeError
from symjac.verify.domains import Floats, NoValueError
from symjac.verify.samples import telling_sizes
from symjac.verify.values import Evaluation, TooLargeError

SECONDS = 1.0
"""How long one value may take."""

ATTEMPTS, MAX_COMPARED = 12, 100_000
"""How many points are tried until one is good, and how many entries are compared."""


def float_form(form: Form, point: Point) -> Array | None:
    """Return a form's entries in floats, None where they have no value or are too many."""
    if prod(size_value(n, point.sizes) for n in form.sizes) > MAX_COMPARED:
        return None
    try:
        with np.errstate(all="ignore"):
            return evaluate_form(form, point.values, point.sizes)
    except (np.linalg.LinAlgError, OverflowError):
        return None
    except (IndexError, ValueError, MemoryError):
        # NumPy's einsum knows 52 letters, and arrays of 64 axes.
        return _slowly(form, point)


def _slowly(form: Form, point: Point) -> Array | None:
    entries = {name: value.astype(object) for name, value in point.values.items()}
    try:
        return Evaluation(Floats(), entries, point.sizes, Deadline(SECONDS)).value(form).astype(float)
    except (NoValueError, ArithmeticError, TooLargeError, OutOfTimeError, TypeError):
        return None


def float_claim(claim: Claim, point: Point) -> Array | None:
    """Return a claim's entries in floats: letters, rows, columns; None where they have no value."""
    if prod(size_value(n, point.sizes) for n in claim.shape) > MAX_COMPARED:
        return None
    if isinstance(claim, Formula):
        found = float_form(claim.form, point)
        shape = [size_value(n, point.sizes) for n in (*(n for _, n in claim.letters), *claim.shape)]
        return None if found is None else found.reshape(shape)
    at = Evaluation(Floats(), {name: value.astype(object) for name, value in point.values.items()}, point.sizes)
    try:
        return claim.values(at).astype(float)
    except (NoValueError, OverflowError, ZeroDivisionError):
        return None


def good_points(
    form: Form, symbols: Sequence[Symbol], names: Sequence[str], degree: int, least: int = 2
) -> Iterator[tuple[Point, Array]]:
    """Yield random points at which a form has values, of unequal sizes, as large as the degree asks for."""
    count = size_of(form, symbols)
    for attempt in range(ATTEMPTS):
        sizes = telling_sizes(names, degree, attempt, least)
        if count(sizes) > MAX_COMPARED:
            sizes = telling_sizes(names, 0, attempt, least)
        if count(sizes) > MAX_COMPARED:
            return
        point = random_point(symbols, attempt, sizes, positive=attempt >= ATTEMPTS // 3)
        values = float_form(form, point)
        if values is not None and np.all(np.isfinite(values)):
            yield point, values


def size_of(form: Form, symbols: Sequence[Symbol]) -> Callable[[dict[str, int]], int]:
    """Return a function of sizes: how many entries a form has there, or the symbols together, whichever are more."""
    total = times(ONE, *form.sizes)
    parts = [times(*symbol.shape) for symbol in symbols]
    return lambda sizes: max(size_value(total, sizes), sum(size_value(part, sizes) for part in parts))


def form_sizes(form: Form) -> tuple[str, ...]:
    """Return the names of all sizes below a form."""
    sizes = {s.name for n in form.sizes for s in n.free_symbols}
    sizes |= {s.name for tensor in postorder(form) for n in tensor.sizes for s in n.free_symbols}
    sizes |= {s.name for term in form.terms for n in term.bound for s in n.free_symbols}
    return tuple(sorted(sizes))
