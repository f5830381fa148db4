"""A clock that is asked: how long a judgement may take."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from symjac.errors import SymjacError


class OutOfTimeError(SymjacError):
    """The time for a judgement is up; it says nothing about the claim."""


class Deadline:
    """So many seconds from now; whoever works long asks `check` in between.

    >>> Deadline(60).check()
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    @property
    def left(self) -> float:
        """The seconds that are left, none or more."""
        return max(0.0, self._end - self._clock())

    def check(self) -> None:
        """Raise OutOfTimeError where the time is up."""
        if self._clock() > self._end:
            raise OutOfTimeError(f"no answer within {self.seconds:g} seconds")
