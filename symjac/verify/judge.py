"""The order of a judgement: shape, a glance at floats that chooses the road, proof or refutation, other conventions, samples.

Floats decide nothing: a claim is refuted by exact numbers or by intervals that do not meet, and proved by the index form or by
polynomials alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import Any

import mpmath
import numpy as np

from symjac.components import Prover
from symjac.errors import ShapeError, UnsupportedError
from symjac.evaluate import Array, size_value
from symjac.nodes.node import Symbol
from symjac.nodes.sizes import ONE, times
from symjac.points import Point, random_point
from symjac.verify.claim import Claim, Entries, Formula
from symjac.verify.deadline import Deadline
from symjac.verify.domains import Domain, Intervals, NotExactError, NoValueError, Rationals
from symjac.verify.glances import float_claim, float_form, form_sizes, good_points, size_of
from symjac.verify.places import places
from symjac.verify.polynomials import proved_here
from symjac.verify.samples import degree, least_size, small_sizes, telling_sizes, whole_values
from symjac.verify.truth import Arrangement, Truth
from symjac.verify.values import Evaluation
from symjac.verify.verdict import PROVED, PROVED_HERE, REFUTED, SAMPLED, Counterexample

GLANCE = 1e-6
"""How near two floats must lie for a proof to be worth a try."""

TINY = 1e-12
"""Floats nearer than this are not worth an exact comparison."""

POINTS, NEEDED = 5, 3
"""How many points are sampled, and how many of them have to be good."""

TRIES = ((0, 2), (1, 2), (2, 3), (3, 1))
"""Seeds and spreads of the whole numbers tried at each size for a counterexample."""

MAX_EXACT = 10_000
"""How many entries are compared exactly."""

WIDEST = Fraction(1, 10**12)
"""Intervals wider than this say nothing."""

MAX_KNOWN, MAX_SHOWN = 2_000_000, 100
"""How many entries the symbols may have where single entries are compared, and how many of one symbol are shown."""

PROOF_BUDGET = 4000
"""How many terms one proof may make."""

LONG = 10**30
"""Numbers are written out up to here."""

LARGEST = 6
"""The largest size that is tried for a counterexample."""


@dataclass(frozen=True)
class Finding:
    """What is known of a claim in one arrangement."""

    evidence: str
    counterexample: Counterexample | None = None
    detail: str = ""


class Judge:
    """A claim and the truth, at the points where both have values."""

    def __init__(self, claim: Claim, truth: Truth, symbols: Sequence[Symbol], deadline: Deadline) -> None:
        self.claim = claim
        self.truth = truth
        self.symbols = list(symbols)
        self.deadline = deadline
        declared = [s.name for symbol in symbols for n in symbol.shape for s in sorted(n.free_symbols, key=str)]
        own = form_sizes(truth.form)
        self.names = tuple(dict.fromkeys((*declared, *own, *claim.size_names)))
        self.degree = max(degree(truth.form), degree(claim.form) if claim.form is not None else 1)
        self.least = least_size(truth.form, claim.form)
        self._prover = Prover(PROOF_BUDGET)

    # Floats, which choose the road

    @cached_property
    def glances(self) -> list[tuple[Point, Array, Array]]:
        """Up to two points with the truth and the claim in floats; none where no point is good."""
        return list(islice(self._glances(), 2))

    def _glances(self) -> Iterator[tuple[Point, Array, Array]]:
        for point, truth in good_points(self.truth.form, self.symbols, self.names, self.degree, self.least):
            self.deadline.check()
            claim = self.float_claim(point)
            if claim is not None and np.all(np.isfinite(claim)):
                yield point, truth, claim

    def float_claim(self, point: Point) -> Array | None:
        """Return the claim's entries in floats, None where they have no value."""
        return float_claim(self.claim, point)

    def agrees(self, arrangement: Arrangement) -> bool:
        """Whether floats let the claim pass in an arrangement; true where there are none."""
        for _, truth, claim in self.glances:
            expected = self.truth.arranged(truth, arrangement)
            if expected.shape != claim.shape:
                return False
            if np.max(np.abs(expected - claim), initial=0.0) > GLANCE * max(1.0, float(np.max(np.abs(expected), initial=0.0))):
                return False
        return True

    def _is_small(self, sizes: dict[str, int], limit: int) -> bool:
        return size_of(self.truth.form, self.symbols)(sizes) <= limit

    @property
    def is_large(self) -> bool:
        """Whether there are too many entries for any comparison of them all."""
        smallest = telling_sizes(self.names, 0, 0, self.least)
        return not self._is_small(smallest, MAX_EXACT)

    # Proof

    def establish(self, arrangement: Arrangement) -> Finding | None:
        """Prove the claim in an arrangement, or refute it, or sample it; None where nothing comes out."""
        if self._proved(arrangement):
            return Finding(PROVED if self.names else PROVED_HERE)
        sampled = self.sample(arrangement)
        if sampled is None or sampled.evidence != SAMPLED or self.names:
            return sampled
        proved = proved_here(self.claim, self.truth, arrangement, self.symbols, self.deadline)
        return Finding(PROVED_HERE) if proved else sampled

    def _proved(self, arrangement: Arrangement) -> bool:
        self.deadline.check()
        claim = self.claim
        if isinstance(claim, Entries):
            return False
        truth = self.truth.matrix(arrangement)
        try:
            if claim.letters:
                return bool(self._prover.equal(claim.form, truth.form))
            return bool(self._prover.equal(claim.matrix, truth))
        except (ShapeError, UnsupportedError, RecursionError):
            return False

    def _both(
        self,
        domain: Domain,
        values: dict[str, Array],
        sizes: dict[str, int],
        arrangement: Arrangement,
        claim: Claim | None = None,
    ) -> tuple[Array, Array]:
        at = Evaluation(domain, values, sizes, self.deadline)
        truth = self.truth.arranged(at.value(self.truth.form), arrangement)
        return truth, (claim or self.claim).values(at)

    # Samples

    def sample(self, arrangement: Arrangement) -> Finding | None:
        """Compare at points of unequal sizes, in exact fractions or in intervals."""
        seen: list[str] = []
        error = Fraction(0)
        for attempt in range(2 * POINTS):
            if len(seen) == POINTS:
                break
            sizes = telling_sizes(self.names, self.degree, attempt, self.least)
            if not self._is_small(sizes, MAX_EXACT):
                sizes = telling_sizes(self.names, 0, attempt, self.least)
            if not self._is_small(sizes, MAX_EXACT):
                break
            point = random_point(self.symbols, 100 + attempt, sizes, positive=attempt >= POINTS)
            values = {name: _fractions(value) for name, value in point.values.items()}
            compared = self._compare(values, sizes, arrangement)
            if compared is None:
                continue
            place, wide, _ = compared
            if place is not None:
                return Finding(REFUTED, self.counterexample(arrangement) or self._told(values, sizes, arrangement, compared))
            error = max(error, wide)
            seen.append(_sizes_text(sizes))
        if len(seen) < NEEDED:
            return None
        bound = "exactly" if not error else f"within {float(error):.0e}"
        at = "; ".join(dict.fromkeys(filter(None, seen))) or "the declared sizes"
        return Finding(SAMPLED, detail=f"equal {bound} at {len(seen)} random points ({at}); no proof was found")

    def _compare(
        self, values: dict[str, Array], sizes: dict[str, int], arrangement: Arrangement
    ) -> tuple[tuple[int, ...] | None, Fraction, tuple[Array, Array]] | None:
        """Return the first place that surely differs, the widest doubt, and both arrays; None where there are no values."""
        for domain in self._domains:
            try:
                entries = {name: _each(value, domain) for name, value in values.items()}
                both = self._both(domain, entries, sizes, arrangement)
            except NotExactError:
                self._domains = self._domains[1:] if len(self._domains) > 1 else self._domains
                continue
            except (NoValueError, OverflowError, ZeroDivisionError):
                return None
            return self._differ(domain, *both)
        return None

    @cached_property
    def _domains(self) -> list[Domain]:
        return [Rationals(), Intervals()]

    def _differ(
        self, domain: Domain, truth: Array, claim: Array
    ) -> tuple[tuple[int, ...] | None, Fraction, tuple[Array, Array]] | None:
        widest = Fraction(0)
        for place in np.ndindex(*truth.shape):
            gap, scale = domain.bounds(claim[place] - truth[place]), domain.bounds(truth[place])
            if gap[0] > self.claim.tolerance * max(Fraction(1), scale[0]):
                return place, widest, (truth, claim)
            widest = max(widest, gap[1])
        return None if widest > WIDEST + self.claim.tolerance else (None, widest, (truth, claim))

    # Refutation

    def counterexample(self, arrangement: Arrangement) -> Counterexample | None:
        """Return the smallest whole numbers at which the claim fails in an arrangement."""
        if not self.names and not self._is_small({}, MAX_EXACT):
            return self._entry_that_differs(arrangement)
        largest = min(max(3, self.degree // 2 + 2), LARGEST)
        choices = [
            sizes for sizes in islice(small_sizes(self.names, largest, self.least), 24) if self._is_small(sizes, MAX_EXACT)
        ]
        for tries in (TRIES[:2], TRIES[2:]):
            for sizes in choices:
                found = self._differing(sizes, tries, arrangement)
                if found is not None:
                    return found
        return None

    def _entry_that_differs(self, arrangement: Arrangement) -> Counterexample | None:
        """Return whole numbers at which one of some entries differs, where there are too many to compare them all."""
        if not isinstance(self.claim, Formula) or sum(size_value(times(*s.shape), {}) for s in self.symbols) > MAX_KNOWN:
            return None
        values = whole_values(self.symbols, {}, 0, 2)
        for domain in (Rationals(), Intervals()):
            at = Evaluation(domain, {name: _each(value, domain) for name, value in values.items()}, {}, self.deadline)
            for place, expected, given in places(self.truth, self.claim, arrangement):
                try:
                    left, right = at.value(expected)[()], at.value(given)[()]
                except NotExactError:
                    break
                except (NoValueError, UnsupportedError):
                    continue
                if domain.size(left - right) > 0:
                    shown = {name: _plain(value) for name, value in values.items() if value.size <= MAX_SHOWN}
                    return Counterexample({}, shown, tuple(k + 1 for k in place), written(left), written(right))
        return None

    def _differing(
        self, sizes: dict[str, int], tries: Sequence[tuple[int, int]], arrangement: Arrangement
    ) -> Counterexample | None:
        """Return whole numbers of these sizes at which the claim fails: positive ones where others have no value."""
        for positive in (False, True):
            seen = False
            for seed, spread in tries:
                self.deadline.check()
                values = whole_values(self.symbols, sizes, seed, spread + positive, positive)
                same = self._same_in_floats(values, sizes, arrangement)
                compared = None if same else self._compare(values, sizes, arrangement)
                if compared is not None and compared[0] is not None:
                    return self._told(values, sizes, arrangement, compared)
                seen = seen or same or compared is not None
            if seen:
                return None
        return None

    def _same_in_floats(self, values: dict[str, Array], sizes: dict[str, int], arrangement: Arrangement) -> bool:
        """Whether floats see no difference at a point: then exact numbers need not be asked."""
        point = Point(0, sizes, {name: value.astype(float) for name, value in values.items()})
        truth, claim = float_form(self.truth.form, point), self.float_claim(point)
        if truth is None or claim is None or not (np.all(np.isfinite(truth)) and np.all(np.isfinite(claim))):
            return False
        return bool(np.allclose(self.truth.arranged(truth, arrangement), claim, rtol=TINY, atol=TINY))

    def _told(
        self,
        values: dict[str, Array],
        sizes: dict[str, int],
        arrangement: Arrangement,
        compared: tuple[tuple[int, ...] | None, Fraction, tuple[Array, Array]],
    ) -> Counterexample:
        place, _, (truth, claim) = compared
        assert place is not None
        met = self._met
        return Counterexample(
            {name: size for name, size in sizes.items() if name in self._met_sizes},
            {name: _plain(value) for name, value in values.items() if name in met},
            tuple(k + 1 for k in (place[: len(self.claim.letters)] if self._entrywise else place if claim.size > 1 else ())),
            written(truth[place]),
            written(claim[place]),
        )

    @cached_property
    def _entrywise(self) -> bool:
        return bool(self.claim.letters) and self.claim.shape == (ONE, ONE)

    @cached_property
    def _met(self) -> frozenset[str]:
        """The names of the symbols on which the truth or the claim depends, and of what was differentiated."""
        own = self.claim.form.symbols if self.claim.form is not None else frozenset(s.name for s in self.symbols)
        return frozenset(self.truth.form.symbols) | own

    @cached_property
    def _met_sizes(self) -> frozenset[str]:
        return frozenset((*self.truth.size_names, *form_sizes(self.truth.form), *self.claim.size_names))

    # Rounded decimals

    def fits_digits(self, arrangement: Arrangement) -> Finding | None:
        """Whether the claim holds for some numbers that round to the decimals typed, at every point sampled."""
        claim = self.claim
        if not isinstance(claim, Formula) or claim.loose is None:
            return None
        count = 0
        for attempt in range(2 * POINTS):
            sizes = telling_sizes(self.names, self.degree, attempt, self.least)
            if not self._is_small(sizes, MAX_EXACT):
                return None
            point = random_point(self.symbols, 100 + attempt, sizes, positive=attempt >= POINTS)
            domain = Intervals()
            values = {name: _each(_fractions(value), domain) for name, value in point.values.items()}
            for number in claim.rounded:
                values[number.name] = _one(domain.between(number.value - number.margin, number.value + number.margin))
            try:
                truth, given = self._both(domain, values, sizes, arrangement, claim.loose)
            except (NoValueError, OverflowError, ZeroDivisionError):
                continue
            if any(domain.size(a - b) > 0 for a, b in zip(truth.ravel(), given.ravel(), strict=True)):
                return None
            count += 1
            if count == NEEDED:
                return Finding(SAMPLED, detail="right to the digits given: the true numbers round to the decimals typed")
        return None


def _fractions(value: Array) -> Array:
    """Return floats as fractions with a denominator of 64."""
    found = np.empty(value.shape, dtype=object)
    for place in np.ndindex(*value.shape):
        found[place] = Fraction(round(float(value[place]) * 64), 64)
    return found


def _each(value: Array, domain: Domain) -> Array:
    if isinstance(domain, Rationals):
        return value
    found = np.empty(value.shape, dtype=object)
    for place in np.ndindex(*value.shape):
        entry: Any = value[place]
        found[place] = domain.number(Fraction(entry))
    return found


def _one(value: Any) -> Array:
    found = np.empty((1, 1), dtype=object)
    found[0, 0] = value
    return found


def _plain(value: Array) -> Any:
    """Return entries as nested lists: a number for a scalar, a list for a column, a list of rows for a matrix."""
    whole = [[int(v) if Fraction(v).denominator == 1 else Fraction(v) for v in row] for row in value]
    if value.shape == (1, 1):
        return whole[0][0]
    return [row[0] for row in whole] if value.shape[1] == 1 else whole


def written(value: Any) -> str:
    """Return a number for a reader: exactly, or to six digits with ≈.

    >>> written(Fraction(1, 3))
    '1/3'
    """
    if isinstance(value, int | Fraction):
        if max(abs(Fraction(value).numerator), Fraction(value).denominator) < LONG:
            return str(value)
        return f"≈ {mpmath.nstr(mpmath.mpf(Fraction(value).numerator) / Fraction(value).denominator, 6)}"
    middle = (mpmath.mpf(value.a) + mpmath.mpf(value.b)) / 2
    if value.delta == 0 and mpmath.isint(middle) and abs(middle) < LONG:
        return str(int(middle))
    return f"≈ {mpmath.nstr(middle, 6)}"


def _sizes_text(sizes: dict[str, int]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in sizes.items())
