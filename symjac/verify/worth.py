"""What a diagnosis looks at: what claims and formulas are worth at a point, and the texts of entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symjac.diagnose.case import Values
from symjac.diagnose.elements import entry_text
from symjac.diagnose.words import formula
from symjac.errors import SymjacError
from symjac.evaluate import Array, evaluate
from symjac.nodes.node import Node, Symbol
from symjac.points import Point
from symjac.read.latex.tree import Array as Table
from symjac.verify.claim import Claim, Entries
from symjac.verify.glances import float_claim
from symjac.verify.polynomials import explicit
from symjac.verify.truth import Arrangement, Truth

LONGEST = 200
"""An entry with more characters than this is cut in messages."""

NAMELESS = "Dummy"
"""A function's value is a number of its own among the entries of the truth, without a name."""

Texts = Callable[[int, int], tuple[str, str] | None]
"""The given and the expected text of an entry."""


def worth_of_node(node: Node) -> Values:
    """Return what a matrix expression is worth, without the index form: hundreds of candidates are tried."""
    return lambda point: evaluate(node, point.values, point.sizes)


def worth_of(claim: Claim) -> Values:
    """Return what a claim is worth, without rows and columns where an entry-wise statement has none."""
    count = len(claim.letters)

    def values(point: Point) -> Array:
        found = float_claim(claim, point)
        if found is None:
            raise SymjacError("no value here")
        return _without_ones(found, count)

    return values


def squeezed(values: Array, arrangement: Arrangement) -> Array:
    """Leave rows and columns out where an entry-wise statement has none."""
    return _without_ones(values, len(arrangement.letters))


def _without_ones(values: Array, letters: int) -> Array:
    return values.reshape(values.shape[:letters]) if letters and values.shape[letters:] == (1, 1) else values


def entry_texts(
    claim: Claim | None, truth: Truth, arrangements: Sequence[Arrangement], symbols: Sequence[Symbol]
) -> Texts | None:
    """Return what says an entry's given and expected text, where the claim comes entry by entry."""
    given = _given(claim, symbols)
    if claim is None or given is None:
        return None
    shaped = [a for a in arrangements if not a.letters and truth.shape(a) == claim.shape]
    expected = explicit(truth, shaped[0], symbols) if shaped else None
    if expected is None:
        return None

    def texts(row: int, col: int) -> tuple[str, str] | None:
        wanted = str(expected[row, col])
        return None if NAMELESS in wanted else (_brief(given(row, col)), _brief(entry_text(wanted, symbols)))

    return texts


def _given(claim: Claim | None, symbols: Sequence[Symbol]) -> Callable[[int, int], str] | None:
    """Return what prints an entry of a claim, where it comes as a matrix of entries."""
    if isinstance(claim, Entries):
        return lambda row, col: entry_text(claim.entries[row, col], symbols)
    if claim is None or not isinstance(claim.tree, Table):
        return None
    rows = claim.tree.rows
    return (lambda row, col: formula(rows[row][col])) if claim.shape == (len(rows), len(rows[0])) else None


def _brief(words: str) -> str:
    """Cut a text that nobody would read to the end."""
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
