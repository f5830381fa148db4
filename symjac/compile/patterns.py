"""Where a term is not zero: deltas between free indices tie them together, and tied indices are one diagonal.

A pattern names, for every free index, the smallest index it is tied to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symjac.components.form import Term
from symjac.components.tensor import Delta

Pattern = tuple[int, ...]

MOST = 8
"""With more patterns than this the terms are added up on the diagonals instead of being summed beforehand."""


def pattern_of(term: Term, rank: int) -> Pattern:
    """Return the pattern of a term's deltas.

    >>> from symjac.components.form import Scope
    >>> pattern_of(Term(1, (), ()), 3)
    (0, 1, 2)
    """
    return tied(tuple(range(rank)), (f.indices for f in term.factors if isinstance(f.tensor, Delta)))


def tied(pattern: Pattern, pairs: Iterable[Sequence[int]]) -> Pattern:
    """Return a pattern with more indices tied together."""
    roots = list(pattern)
    for first, second in pairs:
        low, high = sorted((roots[first], roots[second]))
        roots = [low if root == high else root for root in roots]
    return tuple(roots)


def join(left: Pattern, right: Pattern) -> Pattern:
    """Return the pattern of the entries that both patterns have.

    >>> join((0, 1, 0, 3), (0, 1, 2, 1))
    (0, 1, 0, 1)
    """
    return tied(left, enumerate(right))


def covers(left: Pattern, right: Pattern) -> bool:
    """Whether every entry of the right pattern is one of the left."""
    return join(left, right) == right


def closure(patterns: Iterable[Pattern]) -> list[Pattern] | None:
    """Return the patterns and all they have in common, larger ones first; None where there are too many."""
    found = dict.fromkeys(patterns)
    pending = list(found)
    while pending:
        one = pending.pop()
        for other in list(found):
            both = join(one, other)
            if both not in found:
                if len(found) == MOST:
                    return None
                found[both] = None
                pending.append(both)
    return sorted(found, key=lambda pattern: (-len(set(pattern)), pattern))
