"""Values: the arrays that generated code computes, each once, as a graph of operations on indexed operands.

An operand is a value with labels on its axes. An operation is written over labels of its own: 0, 1, … are the axes
of its result, −1 is the batch axis, and what is summed over comes after. Equal operations are one object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from symjac.nodes.functions import Function
from symjac.nodes.sizes import Size

ARGUMENT, NUMBER, SIZE, UNIT = "argument", "number", "size", "unit"
SCALE, MULTIPLY, CONTRACT, REDUCE, DIAGONAL = "scale", "multiply", "contract", "reduce", "diagonal"
SUM, MAP, POWER, ASSEMBLE = "sum", "map", "power", "assemble"
INVERSE, DETERMINANT, SOFTMAX, LOGSUMEXP = "inverse", "determinant", "softmax", "logsumexp"

LEAVES = (ARGUMENT, NUMBER, SIZE, UNIT)
INLINE = (NUMBER, SIZE)
"""What is written where it is used."""

ENTRYWISE = (SCALE, MULTIPLY, SUM, MAP, POWER)
"""What NumPy computes entry by entry, broadcasting."""

WHOLE = (INVERSE, DETERMINANT, SOFTMAX, LOGSUMEXP, ASSEMBLE)
"""What needs all its entries at once, except along the batch axis."""

BATCH = -1


class Operand(NamedTuple):
    """A value with labels on its axes."""

    value: Value
    labels: tuple[int, ...]


@dataclass(eq=False, slots=True)
class Value:
    """One array: an operation, its operands, and the sizes of the axes of the result."""

    number: int
    kind: str
    data: tuple[Any, ...]
    operands: tuple[Operand, ...]
    axes: tuple[int, ...]
    """The labels of the result's axes, in order: the batch axis first."""
    sizes: tuple[Size, ...]
    name: str = ""
    fills: list[Any] = field(default_factory=list)
    """For an assembled array: what is written where."""

    @property
    def rank(self) -> int:
        return len(self.axes)


class Values:
    """The maker of values."""

    def __init__(self, guess: Callable[[Size], float]) -> None:
        self.guess = guess
        self.made: list[Value] = []
        self.has_choice = False
        """Whether some product of three or more arrays was summed over: its best order depends on the sizes."""
        self._known: dict[tuple[Any, ...], Value] = {}

    def make(
        self, kind: str, data: tuple[Any, ...], operands: Sequence[Operand], axes: tuple[int, ...], sizes: tuple[Size, ...]
    ) -> Value:
        key = (kind, data, tuple((o.value.number, o.labels) for o in operands), axes, sizes)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = Value(len(self.made), kind, data, tuple(operands), axes, sizes)
            self.made.append(known)
        return known

    def leaf(self, kind: str, data: tuple[Any, ...], sizes: tuple[Size, ...] = (), batched: bool = False) -> Value:
        rank = len(sizes) - batched
        return self.make(kind, data, (), ((BATCH,) if batched else ()) + tuple(range(rank)), sizes)

    def combine(
        self, kind: str, data: tuple[Any, ...], operands: Sequence[Operand], free: Iterable[int], sizes: dict[int, Size]
    ) -> Operand:
        """Return an operation over any labels as an operand: its own labels are handed out by first appearance."""
        kept = set(free)
        order: dict[int, int] = {}
        for operand in operands:
            for label in operand.labels:
                if label in kept and label != BATCH and label not in order:
                    order[label] = len(order)
        outer = list(order)
        for operand in operands:
            for label in operand.labels:
                if label != BATCH and label not in order:
                    order[label] = len(order)
        order[BATCH] = BATCH
        axes = tuple(range(len(outer)))
        if BATCH in kept and any(BATCH in operand.labels for operand in operands):
            axes, outer = (BATCH, *axes), [BATCH, *outer]
        inner = [Operand(value, tuple(map(order.__getitem__, labels))) for value, labels in operands]
        return Operand(self.make(kind, data, inner, axes, tuple(sizes[label] for label in outer)), tuple(outer))

    # Operations

    def scale(self, number: Fraction, operand: Operand) -> Operand:
        """Return a multiple; the number goes to the smaller factor of a product."""
        value, labels = operand
        if number == 1:
            return operand
        if value.kind == SCALE:
            inner = value.operands[0]
            return self.scale(number * value.data[0], _relabelled(inner, value, labels))
        if value.kind in (MULTIPLY, CONTRACT):
            small, large = sorted(value.operands, key=lambda o: (o.value.rank, o.value.kind == ARGUMENT))
            if small.value.rank < value.rank:
                names = _names(value, labels)
                sizes = _label_sizes(value)
                outer = {names[label]: size for label, size in sizes.items()}
                scaled = self.scale(number, Operand(small.value, tuple(names[k] for k in small.labels)))
                other = Operand(large.value, tuple(names[k] for k in large.labels))
                return self.combine(value.kind, (), [scaled, other], labels, outer)
        return self.combine(SCALE, (number,), [operand], labels, dict(zip(labels, value.sizes, strict=True)))

    def apply(self, kind: str, data: tuple[Any, ...], operand: Operand) -> Operand:
        """Return an operation on every entry."""
        value, labels = operand
        return self.combine(kind, data, [operand], labels, dict(zip(labels, value.sizes, strict=True)))

    def diagonal(self, operand: Operand) -> Operand:
        """Return an operand whose labels all differ: of repeated ones the diagonal."""
        value, labels = operand
        if len(set(labels)) == len(labels):
            return operand
        return self.combine(DIAGONAL, (), [operand], labels, dict(zip(labels, value.sizes, strict=True)))

    def reduced(self, operand: Operand, kept: set[int]) -> Operand:
        """Return an operand summed over its labels that are not kept."""
        value, labels = operand
        if kept.issuperset(labels):
            return operand
        return self.combine(
            REDUCE, (), [operand], [k for k in labels if k in kept], dict(zip(labels, value.sizes, strict=True))
        )

    def pair(self, left: Operand, right: Operand, kept: set[int]) -> Operand:
        """Return the product of two operands, summed over the labels that are not kept."""
        sizes = dict(zip(left.labels, left.value.sizes, strict=True)) | dict(zip(right.labels, right.value.sizes, strict=True))
        left, right = self.reduced(left, kept | set(right.labels)), self.reduced(right, kept | set(left.labels))
        if left.value.number > right.value.number:
            left, right = right, left
        kind = MULTIPLY if kept.issuperset((*left.labels, *right.labels)) else CONTRACT
        return self.combine(kind, (), [left, right], kept, sizes)

    def cost(self, sizes: Iterable[Size]) -> float:
        total = 1.0
        for size in sizes:
            total *= self.guess(size)
        return total


def _names(value: Value, labels: tuple[int, ...]) -> dict[int, int]:
    """Return outer labels for the labels inside an operation; those summed over get labels nobody else has."""
    names = dict(zip(value.axes, labels, strict=True))
    inner = dict.fromkeys(k for operand in value.operands for k in operand.labels if k not in names)
    start = max([*labels, *value.axes, 0]) + 1000
    return names | {label: start + position for position, label in enumerate(inner)}


def _label_sizes(value: Value) -> dict[int, Size]:
    return {k: size for operand in value.operands for k, size in zip(operand.labels, operand.value.sizes, strict=True)}


def _relabelled(inner: Operand, value: Value, labels: tuple[int, ...]) -> Operand:
    names = dict(zip(value.axes, labels, strict=True))
    return Operand(inner.value, tuple(names[label] for label in inner.labels))


def guesser(known: dict[str, int], usual: int = 64) -> Callable[[Size], float]:
    """Return what a size may be: its value where all its names are known, else as if every name had the usual one."""

    @cache
    def guess(size: Size) -> float:
        if size.is_Integer:
            return float(int(size))
        return float(size.xreplace({s: known.get(s.name, usual) for s in size.free_symbols}))

    return guess


__all__ = ["BATCH", "Function", "Operand", "Value", "Values", "guesser"]
