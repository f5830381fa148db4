"""Everything that one slip of the pen may have changed: each edit mends one place of a formula.

A row says what a kind of slip looks like; `edits` asks every row at every place. The formula is untyped, so most edits do not
conform and cost nothing but a typing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from symjac.diagnose.edits.chains import chains, everywhere, inverses, transposes
from symjac.diagnose.edits.change import MOST_FACTORS, Change, Edit, Pool
from symjac.diagnose.edits.commuting import commutations
from symjac.diagnose.edits.letters import deltas, letters_in, names, orders, single_letters, throughout
from symjac.diagnose.edits.products import brackets, functions, sides
from symjac.diagnose.edits.scalars import exponents, extra_terms, numbers, signs, undifferentiated
from symjac.diagnose.places import EXPONENT, FORMULA, INDEX, Place, places
from symjac.read.latex.tree import Tree

__all__ = ["MOST_FACTORS", "Change", "Edit", "Pool", "edits", "letters_in"]

MOST_EDITS = 1500
"""Of a very long formula only the outer places are edited."""

Row = Callable[[Tree, Place, Pool], Iterator[Change]]
"""What a kind of slip looks like at a place."""

ROWS: dict[str, tuple[Row, ...]] = {
    FORMULA: (
        signs,
        numbers,
        transposes,
        inverses,
        everywhere,
        exponents,
        sides,
        brackets,
        commutations,
        functions,
        orders,
        deltas,
        throughout,
        extra_terms,
        undifferentiated,
        chains,
        names,
    ),
    EXPONENT: (signs, numbers),
    INDEX: (single_letters,),
}
"""The rows by the part that a place plays."""


def edits(root: Tree, pool: Pool) -> list[Edit]:
    """Return all edits of a formula, the likeliest first."""
    found = list(islice(_all(root, pool), MOST_EDITS))
    found.sort(key=lambda edit: edit.rank)
    return found


def _all(root: Tree, pool: Pool) -> Iterator[Edit]:
    for place in places(root):
        for row in ROWS.get(place.part, ()):
            yield from (Edit(change, place) for change in row(place.tree, place, pool) if change.new != place.tree)
