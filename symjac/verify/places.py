"""Single entries of what is too large to be compared whole: enough to refute a claim, never to believe it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random

import numpy as np

from symjac.components import Form, Scope
from symjac.components.labelling import Factor
from symjac.components.simplify import UNIT, Open
from symjac.components.tensor import Unit
from symjac.evaluate import size_value
from symjac.verify.claim import Formula
from symjac.verify.truth import Arrangement, Truth

RANDOM = 8
"""How many places are taken anywhere, besides those where every index is 0 or 1."""


def entry_of(form: Form, place: Sequence[int]) -> Form:
    """Return one entry of a form whose sizes are numbers, as a form without indices."""
    scope = Scope()
    free = scope.fresh(*form.sizes)
    chosen = [Factor(Unit((size,), (k,)), (i,), UNIT) for size, k, i in zip(form.sizes, place, free, strict=True)]
    terms = (Open(c, [*factors, *chosen], (*bound, *free)) for c, factors, bound in scope.open(form, free))
    return scope.close(terms, ())


def places(truth: Truth, claim: Formula, arrangement: Arrangement) -> Iterator[tuple[tuple[int, ...], Form, Form]]:
    """Yield places of the claim (letters, row, column) with the entry of the truth and of the claim there."""
    lengths = [size_value(n, {}) for n in truth.form.sizes]
    near = product(*(range(min(2, length)) for length in lengths))
    random = Random(0)
    far = (tuple(random.randrange(length) for length in lengths) for _ in range(RANDOM))
    for at in (*near, *far):
        outer = _outer(truth, arrangement, lengths, at)
        inner = _inner(claim, outer)
        yield outer, entry_of(truth.form, at), entry_of(claim.form, inner)


def _outer(truth: Truth, arrangement: Arrangement, lengths: Sequence[int], at: Sequence[int]) -> tuple[int, ...]:
    """Return where an entry of the truth stands in an arrangement: its letters, its row, its column."""
    groups = [(label,) for label in arrangement.letters] + [arrangement.rows, arrangement.cols]
    found = []
    for group in groups:
        axes = [k for label in group for k in truth.positions[label]]
        found.append(int(np.ravel_multi_index([at[k] for k in axes], [lengths[k] for k in axes])) if axes else 0)
    return tuple(found)


def _inner(claim: Formula, outer: Sequence[int]) -> tuple[int, ...]:
    """Return the indices of the claim's form at a place."""
    count = len([1 for _, n in claim.letters if size_value(n, {}) > 1])
    letters = [k for k, (_, n) in zip(outer, claim.letters, strict=False) if size_value(n, {}) > 1]
    row, col = outer[-2:]
    found = list(letters)
    for number, sizes in ((row, claim.matrix.row_sizes[count:]), (col, claim.matrix.col_sizes)):
        shape = [size_value(n, {}) for n in sizes]
        found += [int(k) for k in np.unravel_index(number, shape)] if shape else []
    return tuple(found)
