"""Numbers side by side: where a formula agrees with the truth, and by which scalar it misses it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np

from symjac.diagnose.case import Case, Values
from symjac.errors import SymjacError
from symjac.evaluate import Array
from symjac.points import Point

TOLERANCE = 1e-9
"""How far, relative to the largest entry, numbers may be apart that are the same."""

NUDGE, MOVED = 1e-7, 1e-3
LARGEST = 1e8
"""Where the truth is larger than this, something is nearly singular and digits are lost."""


def close(left: Array, right: Array) -> bool:
    """Whether two arrays have one shape and the same finite numbers."""
    if left.shape != right.shape or not (np.isfinite(left).all() and np.isfinite(right).all()):
        return False
    if not left.size:
        return True
    gap, scale = np.abs(left - right).max(), max(np.abs(left).max(), np.abs(right).max())
    return bool(gap <= TOLERANCE * scale)


def _near(left: Array, right: Array) -> bool:
    return bool(np.abs(left - right).max(initial=0.0) <= MOVED * (MOVED + np.abs(right).max(initial=0.0)))


def ratio(left: Array, right: Array) -> float | None:
    """Return r with left = r · right, or None where there is no such finite number but 0."""
    if left.shape != right.shape or not left.size or not (np.isfinite(left).all() and np.isfinite(right).all()):
        return None
    square = float(np.vdot(right, right).real)
    found = float(np.vdot(right, left).real) / square if square else 0.0
    return found if found and close(left, found * right) else None


Change = Callable[[Mapping[str, Array], tuple[str, ...]], dict[str, Array]]
"""What becomes of the values of some names under an assumption."""


def _symmetric(values: Mapping[str, Array], names: tuple[str, ...]) -> dict[str, Array]:
    return {**values, **{name: (values[name] + values[name].T) / 2 for name in names}}


def _commuting(values: Mapping[str, Array], names: tuple[str, ...]) -> dict[str, Array]:
    """Make every matrix a polynomial in the first of its size."""
    first: dict[int, Array] = {}
    found: dict[str, Array] = {}
    for k, name in enumerate(names):
        size = len(values[name])
        model = first.setdefault(size, values[name])
        found[name] = model if model is values[name] else np.eye(size) * (k + 0.3) + model @ model / (k + 1.7)
    return found


class Bench:
    """One case with its points; points and conventions are spoken of by number, and every value is computed once.

    Conventions keep their order, the declared one being 0. What cannot be computed at a point has no value there and agrees
    with nothing. `every` asks for slips in all conventions, whichever the claim's shape points to.
    """

    def __init__(self, case: Case, every: bool = False) -> None:
        self.case = case
        self.every = every
        self.points: list[Point] = list(case.points)
        self._truths: dict[tuple[int, int], Array | None] = {}
        self._claims: dict[int, Array | None] = {}
        self._assumed: dict[tuple[str, ...], tuple[int, ...]] = {}

    @cached_property
    def general(self) -> tuple[int, ...]:
        """The points without any symmetry, those left out where the truth is out of all bounds."""
        every = tuple(range(len(self.case.points)))
        return tuple(p for p in every if self._is_sound(p)) or every

    def _is_sound(self, point: int) -> bool:
        """Whether the truth is finite, not huge, and hardly moved by a tiny change of all values."""
        truth = self.truth(0, point) if self.case.conventions else None
        if truth is None or not np.isfinite(truth).all() or float(np.abs(truth).max(initial=0.0)) > LARGEST:
            return False
        here = self.points[point]
        moved = Point(here.seed, here.sizes, {name: np.asarray(v) * (1 + NUDGE) for name, v in here.values.items()})
        near = self._value_at(self.case.conventions[0].truth, moved)
        return near is not None and _near(near, truth)

    @property
    def conventions(self) -> range:
        """The conventions, the declared one first."""
        return range(len(self.case.conventions))

    @cached_property
    def spoken(self) -> tuple[int, ...]:
        """The conventions that the author may have followed: the accepted ones, unless the claim has the shape of others."""
        accepted = tuple(c for c in self.conventions if self.is_accepted(c))
        claim = self.claim(self.general[0]) if self.general else None
        truths = [self.truth(c, self.general[0]) for c in accepted] if claim is not None else []
        shaped = claim is None or any(truth is not None and truth.shape == claim.shape for truth in truths)
        return accepted if claim is not None and shaped and not self.every else tuple(self.conventions)

    def is_accepted(self, convention: int) -> bool:
        """Whether a claim in this convention is right without a word: the declared one, or another form of its layout."""
        conventions = self.case.conventions
        return conventions[convention].accepted or conventions[convention].layout == conventions[0].layout

    def value(self, values: Values, point: int) -> Array | None:
        """Return what a formula is worth at a point."""
        return self._value_at(values, self.points[point])

    def _value_at(self, values: Values, point: Point) -> Array | None:
        try:
            with np.errstate(all="ignore"):
                return np.asarray(values(point))
        except (SymjacError, np.linalg.LinAlgError, ArithmeticError):
            return None

    def truth(self, convention: int, point: int) -> Array | None:
        """Return the truth in a convention at a point."""
        key = (convention, point)
        if key not in self._truths:
            self._truths[key] = self.value(self.case.conventions[convention].truth, point)
        return self._truths[key]

    def claim(self, point: int) -> Array | None:
        """Return the claim at a point."""
        if point not in self._claims:
            self._claims[point] = self.value(self.case.claim, point) if self.case.claim is not None else None
        return self._claims[point]

    def symmetric(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """Return the general points again, with the named matrices made symmetric."""
        return self._assuming("symmetric", names, _symmetric)

    def commuting(self, names: tuple[str, ...], symmetric: bool = False) -> tuple[int, ...]:
        """Return the general points again, with the named matrices of one size made to commute, symmetric ones if asked."""
        if symmetric:
            return self._assuming("commuting, symmetric", names, lambda v, n: _commuting(_symmetric(v, n), n))
        return self._assuming("commuting", names, _commuting)

    def summing_to_one(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """Return the general points again, with the entries of the named vectors adding up to 1."""
        return self._assuming("sum", names, lambda values, names: {name: values[name] / np.sum(values[name]) for name in names})

    def _assuming(self, what: str, names: tuple[str, ...], change: Change) -> tuple[int, ...]:
        key = (what, *names)
        if key not in self._assumed:
            start = len(self.points)
            for point in [self.case.points[p] for p in self.general]:
                values = {name: np.asarray(value) for name, value in point.values.items()}
                self.points.append(Point(point.seed, point.sizes, {**values, **change(values, names)}))
            self._assumed[key] = tuple(range(start, len(self.points)))
        return self._assumed[key]

    def fitting(self, values: Values, points: Sequence[int], among: Iterable[int] | None = None) -> tuple[int, ...]:
        """Return the conventions in which a formula is the truth at all points: of `among`, or of those spoken."""
        left = tuple(self.spoken if among is None else among)
        for point in points:
            if left:
                value = self.value(values, point)
                left = tuple(c for c in left if self._agrees(value, c, point))
        return left

    def _agrees(self, value: Array | None, convention: int, point: int) -> bool:
        truth = self.truth(convention, point)
        return value is not None and truth is not None and close(value, truth)

    def scaled(self, values: Values, points: Sequence[int], scales: Sequence[float]) -> tuple[int, float] | None:
        """Return the first convention and number s of `scales` for which the truth is s times the formula at all points."""
        first = self.value(values, points[0])
        if first is None:
            return None
        for convention in self.spoken:
            truth = self.truth(convention, points[0])
            found = ratio(truth, first) if truth is not None else None
            for scale in scales:
                if found is not None and abs(found - scale) < TOLERANCE and self._stays(values, convention, scale, points[1:]):
                    return convention, scale
        return None

    def _stays(self, values: Values, convention: int, scale: float, points: Sequence[int]) -> bool:
        for point in points:
            value = self.value(values, point)
            if value is None or not self._agrees(scale * value, convention, point):
                return False
        return True
