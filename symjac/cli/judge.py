"""What was found by hand against what was derived: proved equal for all sizes, or sampled, or refuted at a point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import islice
from typing import Any

import numpy as np
import sympy

from symjac.components import prove_equal, read
from symjac.errors import DomainError, ShapeError, UnsupportedError
from symjac.evaluate import Array, evaluate
from symjac.nodes.node import Node
from symjac.nodes.sizes import shape_text
from symjac.points import Point, random_point, size_names, small_sizes

POINTS, ATTEMPTS = 4, 12
"""At how many points two expressions are compared, and how many are tried to find them."""

TOLERANCE = 1e-9
"""How far two values may lie apart, relative to their size."""


@dataclass(frozen=True)
class Judgement:
    """Whether two things are equal, and how that is known."""

    ok: bool
    words: str

    def __bool__(self) -> bool:
        return self.ok


def judge(claim: Node, found: Node) -> Judgement:
    """Compare two expressions.

    >>> from symjac.nodes.build import product, symbol, transpose
    >>> A, B = symbol("A", 2, 2), symbol("B", 2, 2)
    >>> judge(transpose(product(A, B)), product(transpose(B), transpose(A))).words
    'proved equal for all sizes'
    >>> judge(product(A, B), product(B, A)).ok
    False
    """
    if claim.shape != found.shape:
        return Judgement(False, f"not equal: it is {shape_text(claim.shape)}, the derived one {shape_text(found.shape)}")
    try:
        if prove_equal(read(claim), read(found)):
            return Judgement(True, "proved equal for all sizes")
    except UnsupportedError:
        pass
    return _sampled(claim, found)


def _sampled(claim: Node, found: Node) -> Judgement:
    count = 0
    for point in islice(_points(claim, found), POINTS):
        ours, theirs = (_value(node, point) for node in (found, claim))
        gap = np.abs(ours - theirs)
        if gap.max() > TOLERANCE * max(1.0, float(np.abs(ours).max())):
            return Judgement(False, _where(theirs, ours, gap, point))
        count += 1
    if not count:
        return Judgement(False, "not compared: no point was found at which both have a value")
    return Judgement(True, f"equal at {count} random points; no proof was found")


def _where(claim: Array, found: Array, gap: Array, point: Point) -> str:
    i, j = np.unravel_index(int(gap.argmax()), gap.shape)
    sizes = "".join(f"{name} = {value}, " for name, value in point.sizes.items())
    return (
        f"not equal: entry ({i + 1}, {j + 1}) is {claim[i, j]:.4g} and not {found[i, j]:.4g}, "
        f"for {sizes}random values (seed {point.seed})"
    )


def _points(*nodes: Node) -> Iterator[Point]:
    """Yield points, of ever larger sizes, at which all nodes have finite values."""
    names = size_names(nodes)
    for seed in range(ATTEMPTS):
        point = random_point(nodes, seed, small_sizes(names, seed), positive=seed >= ATTEMPTS // 2)
        if all(np.isfinite(_value(node, point)).all() for node in nodes):
            yield point


def _value(node: Node, point: Point) -> Array:
    try:
        with np.errstate(all="ignore"):
            return evaluate(node, point.values, point.sizes)
    except np.linalg.LinAlgError:
        return np.full((1, 1), np.nan)


def judge_entries(claim: Any, found: Any) -> Judgement:
    """Compare explicit matrices of scalars, entry by entry.

    >>> x = sympy.Symbol("x", real=True)
    >>> judge_entries(sympy.Matrix([1 - sympy.sin(x)**2]), sympy.Matrix([sympy.cos(x)**2])).words
    'proved equal, entry by entry'
    >>> judge_entries(sympy.Matrix([x]), sympy.Matrix([2*x])).words
    'not equal: entry (1, 1) is x and not 2*x'
    """
    ours, theirs = sympy.ImmutableDenseMatrix(found), sympy.ImmutableDenseMatrix(claim)
    if ours.shape != theirs.shape:
        return Judgement(False, f"not equal: it is {shape_text(theirs.shape)}, the derived one {shape_text(ours.shape)}")
    for i, j in np.ndindex(*ours.shape):
        if sympy.simplify(theirs[i, j] - ours[i, j]) != 0:
            return Judgement(False, f"not equal: entry ({i + 1}, {j + 1}) is {theirs[i, j]} and not {ours[i, j]}")
    return Judgement(True, "proved equal, entry by entry")


def judge_digits(claim: Sequence[Any], found: Sequence[Fraction]) -> Judgement:
    """Compare numbers as they are written with exact ones: every digit that is written has to be right.

    >>> judge_digits(["0.33", "2"], [Fraction(1, 3), Fraction(2)]).words
    'equal to every digit written'
    >>> judge_digits(["0.34"], [Fraction(1, 3)]).words
    'not equal: number 1 is 0.33 to the digits of 0.34'
    """
    if len(claim) != len(found):
        raise ShapeError(f"there are {len(claim)} numbers by hand, and {len(found)} that were found")
    for place, (text, value) in enumerate(zip(claim, found, strict=True), start=1):
        written = _decimal(text)
        exponent = int(written.as_tuple().exponent)
        half = Fraction(10) ** exponent / 2
        if abs(Fraction(written) - value) > half:
            rounded = round(value, -exponent) if exponent < 0 else round(value)
            return Judgement(False, f"not equal: number {place} is {_written(rounded, exponent)} to the digits of {text}")
    return Judgement(True, "equal to every digit written")


def _decimal(text: Any) -> Decimal:
    try:
        written = Decimal(str(text))
    except InvalidOperation:
        raise DomainError(f"{text!r} is no number") from None
    if not written.is_finite():
        raise DomainError(f"{text!r} is no finite number")
    return written


def _written(value: Fraction | int, exponent: int) -> str:
    return f"{Decimal(value.numerator) / Decimal(value.denominator):.{max(0, -exponent)}f}"
