"""Calls with arrays of shapes that came before: what is found out about shapes is found out once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy import ndarray

from symjac.errors import ShapeError
from symjac.evaluate import Array

DOUBLE = np.dtype(float)

MOST = 64
"""So many combinations of shapes are remembered."""

Shapes = tuple[tuple[int, ...], ...]


class Repeated:
    """Functions for float64 arrays of known shapes, each made when its shapes come for the second time.

    Where `quick` has one, there is no other from the first time on: the same arrays give the same digits.
    """

    def __init__(
        self,
        make: Callable[[Shapes], Callable[..., Array]],
        quick: Callable[[Shapes], Callable[..., Array] | None] = lambda shapes: None,
    ) -> None:
        self._make, self._quick = make, quick
        self._made: dict[Any, Callable[..., Array] | None] = {}
        self._seen: set[Any] = set()

    def find(self, args: Sequence[Any]) -> Callable[..., Array] | None:
        """Return the function for arguments like these, or None: the general one has to do."""
        shapes = tuple([a.shape if a.__class__ is ndarray and a.dtype is DOUBLE else None for a in args])
        try:
            return self._made[shapes]
        except KeyError:
            return self._new(shapes)

    def _new(self, shapes: Any) -> Callable[..., Array] | None:
        if None in shapes:
            return None
        if shapes not in self._seen:
            if len(self._seen) == MOST:
                self._seen.clear()
                self._made.clear()
            self._seen.add(shapes)
            found = self._quick(shapes)
            if found is not None:
                self._made[shapes] = found
            return found
        try:
            self._made[shapes] = self._make(shapes)
        except ShapeError:
            self._made[shapes] = None
        return self._made[shapes]


def reshaped(name: str, shape: tuple[int, ...], wanted: tuple[int, ...]) -> list[str]:
    """Return the statement that takes axes of size 1 away from an argument, where there are any too many."""
    return [f"{name} = {name}.reshape({wanted})"] if shape != wanted else []
