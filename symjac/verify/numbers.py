"""Workings with numbers: every side is computed exactly, and compared to the digits that were written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from symjac.components import evaluate_form
from symjac.diagnose import Diagnosis
from symjac.diagnose.values import ValueCase, explain_value
from symjac.errors import DomainError
from symjac.evaluate import Array
from symjac.meaning import Meaning, World, readings
from symjac.nodes import build
from symjac.nodes.sizes import shape_text, size
from symjac.read.header import Grid
from symjac.read.latex import tree as trees
from symjac.read.latex.tree import Apply, Group, Name, Number, Plus, Transposed, Tree
from symjac.verify.deadline import Deadline
from symjac.verify.domains import Domain, Intervals, NotExactError, NoValueError, Rationals
from symjac.verify.values import Evaluation
from symjac.verify.verdict import CORRECT, REFUTED, WRONG, Verdict

EXACT, DIGITS = "computed exactly", "to the digits written"
"""How it is known that numbers are right."""

SECONDS = 2.0
NARROW = Fraction(1, 10**30)
"""What rounding alone leaves open."""


@dataclass(frozen=True)
class Literal:
    """Numbers as they were written, with half a unit in the last place of each."""

    values: Array
    margins: Array


def literal(tree: Tree) -> Literal | None:
    """Return the numbers that a side consists of; None where it is more than numbers.

    >>> literal(Plus((Number(Fraction(3, 4), 2),), (-1,))).margins.tolist()
    [[Fraction(1, 200)]]
    """
    if isinstance(tree, Group):
        return literal(tree.inner)
    if isinstance(tree, Transposed):
        found = literal(tree.base)
        return Literal(found.values.T, found.margins.T) if found is not None else None
    rows = tree.rows if isinstance(tree, trees.Array) else ((tree,),)
    numbers = [[_number(cell) for cell in row] for row in rows]
    if any(number is None for row in numbers for number in row) or len({len(row) for row in numbers}) != 1:
        return None
    return Literal(*(np.array([[n[k] for n in row if n] for row in numbers], dtype=object) for k in (0, 1)))


def _number(tree: Tree) -> tuple[Fraction, Fraction] | None:
    sign = 1
    while isinstance(tree, Group) or (isinstance(tree, Plus) and len(tree.terms) == 1):
        sign *= tree.signs[0] if isinstance(tree, Plus) else 1
        tree = tree.terms[0] if isinstance(tree, Plus) else tree.inner
    if not isinstance(tree, Number):
        return None
    return sign * tree.value, Fraction(1, 2 * 10**tree.decimals) if tree.decimals else Fraction(0)


@dataclass
class Computer:
    """Computes sides at the values that an exercise gives."""

    values: Mapping[str, Grid]

    def verdict(self, left: Tree, right: Tree, world: World) -> Verdict:
        """Compare two sides: the left one is what the right one should be."""
        expected, exact = self.value(left, world)
        written = literal(right)
        given, _ = (written.values, True) if written is not None else self.value(right, world)
        turned = expected.shape != given.shape and given.shape == expected.shape[::-1] and 1 in given.shape
        if turned and written is not None:
            written = Literal(written.values.T, written.margins.T)
            given = written.values
        if expected.shape != given.shape:
            shapes = [shape_text((size(a.shape[0]), size(a.shape[1]))) for a in (given, expected)]
            found = Diagnosis("shape", f"The shape is wrong: this is {shapes[0]}, and {shapes[1]} is expected.")
            return Verdict(WRONG, REFUTED, (found,))
        margins = written.margins if written is not None else np.full(given.shape, NARROW, dtype=object)
        if _near(expected, given, margins):
            rounded = written is not None and any(margin > NARROW for margin in margins.ravel()) and not _equal(expected, given)
            return Verdict(CORRECT, DIGITS if rounded or not exact else EXACT)
        if written is None and self._meets_loosely(expected, right, world):
            return Verdict(CORRECT, DIGITS)
        return Verdict(WRONG, REFUTED, self._explained(left, world, given, margins))

    def value(self, tree: Tree, world: World) -> tuple[Array, bool]:
        """Return the entries of a side as fractions, or as narrow intervals; and whether they are exact."""
        meaning = readings(tree, world)[0].meaning
        try:
            return self._at(meaning, Rationals()), True
        except NotExactError:
            return self._at(meaning, Intervals()), False

    def _at(self, meaning: Meaning, domain: Domain, more: Mapping[str, Any] | None = None) -> Array:
        entries: dict[str, Array] = {}
        for name, grid in self.values.items():
            entries[name] = np.array([[domain.number(entry) for entry in row] for row in grid], dtype=object)
        for name, value in (more or {}).items():
            entries[name] = np.array([[value]], dtype=object)
        try:
            found = Evaluation(domain, entries, {}, Deadline(SECONDS)).value(meaning.form)
        except KeyError as error:
            raise DomainError(f"{error.args[0]} has no value in the header") from None
        except NoValueError as error:
            raise DomainError(f"there is no value here: {error}") from None
        counted = [int(n) for _, n in meaning.letters]
        shape = [*counted, 1][:2] if counted else [int(n) for n in meaning.shape]
        return np.asarray(found, dtype=object).reshape(shape)

    def _meets_loosely(self, expected: Array, tree: Tree, world: World) -> bool:
        """Whether a side is right when the decimals under its functions are taken as rounded ones."""
        rounded: dict[str, Number] = {}

        def loosened(part: Tree, inside: bool) -> Tree:
            if isinstance(part, Number) and part.decimals and inside:
                name = f"rounded_{len(rounded)}"
                rounded[name] = part
                return Name(name)
            return part.with_children(lambda child: loosened(child, inside or isinstance(part, Apply)))

        changed = loosened(tree, False)
        if not rounded:
            return False
        symbols = {**world.symbols, **{name: build.symbol(name) for name in rounded}}
        wider = World.of(symbols, world.definitions, world.functions)
        domain = Intervals()
        half = {name: Fraction(1, 2 * 10**number.decimals) for name, number in rounded.items()}
        more = {name: domain.between(number.value - half[name], number.value + half[name]) for name, number in rounded.items()}
        return _meet(expected, self._at(readings(changed, wider)[0].meaning, domain, more))

    def _explained(self, left: Tree, world: World, given: Array, margins: Array) -> tuple[Diagnosis, ...]:
        """Say which entries are wrong, and which single input would explain them."""
        meaning = readings(left, world)[0].meaning
        inputs = {name: np.array(grid, dtype=float) for name, grid in self.values.items()}
        numbers = _floats(given)

        def function(values: Mapping[str, Array]) -> Array:
            return np.asarray(evaluate_form(meaning.form, values, {})).reshape(numbers.shape)

        return explain_value(ValueCase(function, inputs, numbers, margins.astype(float)))


def _near(expected: Array, given: Array, margins: Array) -> bool:
    return all(
        _low(e) - margin <= _high(g) and _low(g) <= _high(e) + margin
        for e, g, margin in zip(expected.ravel(), given.ravel(), margins.ravel(), strict=True)
    )


def _equal(expected: Array, given: Array) -> bool:
    return all(_low(e) == _high(e) == _low(g) == _high(g) for e, g in zip(expected.ravel(), given.ravel(), strict=True))


def _meet(left: Array, right: Array) -> bool:
    return left.shape == right.shape and _near(left, right, np.full(left.shape, Fraction(0), dtype=object))


def _low(value: Any) -> Fraction:
    return _fraction(value.a) if hasattr(value, "delta") else Fraction(value)


def _high(value: Any) -> Fraction:
    return _fraction(value.b) if hasattr(value, "delta") else Fraction(value)


def _fraction(end: Any) -> Fraction:
    sign, mantissa, exponent, _ = end._mpi_[0]
    return (-1 if sign else 1) * Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _floats(values: Array) -> Array:
    return np.array([float((_low(v) + _high(v)) / 2) for v in values.ravel()]).reshape(values.shape)
