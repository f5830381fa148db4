"""What an edit is: a change at a place of a formula."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

from symjac.diagnose.places import Place
from symjac.read.latex.tree import (
    Tree,
)

Item = TypeVar("Item")


class Change(NamedTuple):
    """What to put in a place, how much of a slip that is, and what to say: `said` has {old} and {new} for formulas."""

    kind: str
    weight: int
    new: Tree
    said: str = "{new} instead of {old}"
    parts: tuple[Tree, ...] = ()


@dataclass(frozen=True)
class Edit:
    """A formula with one place changed."""

    change: Change
    place: Place

    @cached_property
    def tree(self) -> Tree:
        """The whole formula, mended."""
        return self.place.put(self.change.new)

    @property
    def is_small(self) -> bool:
        """Whether the formula keeps its names: nothing is left out or put in."""
        return self.change.kind not in ("factor", "term", "name", "chain rule") or self.change.weight == 1

    @property
    def rank(self) -> tuple[int, int]:
        """What is tried first: the likelier slip, then the outer one."""
        return self.change.weight, self.place.depth


class Pool(NamedTuple):
    """What may be put into a formula: factors that others have, letters, commutation matrices."""

    factors: tuple[Tree, ...] = ()
    letters: tuple[str, ...] = ()
    commutations: tuple[Tree, ...] = ()


MOST_FACTORS = 14


MOST_LETTERS = 5


def without(items: tuple[Item, ...], k: int) -> tuple[Item, ...]:
    """Return all items but one."""
    return (*items[:k], *items[k + 1 :])
