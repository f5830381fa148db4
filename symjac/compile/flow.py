"""How values flow into each other: who uses what, what is computed block by block, how axes lie in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from symjac.compile.plan import Block, Plan, Write
from symjac.compile.values import ARGUMENT, ASSEMBLE, BATCH, CONTRACT, ENTRYWISE, INVERSE, LEAVES, REDUCE, WHOLE, Operand, Value

FIRST, LAST = "first", "last"

UNITS = 4
"""So many units are worth blocks of their own."""

SMALL = 256
"""Arrays that together are smaller than the result by this factor need no blocks."""


class Contraction(NamedTuple):
    """The labels of a product of two operands: shared and kept, summed, on the left alone, on the right alone."""

    batch: tuple[int, ...]
    summed: tuple[int, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]

    @property
    def is_matmul(self) -> bool:
        """Whether `left @ right` computes it, one of the two being at most a matrix."""
        if len(self.summed) != 1:
            return False
        if self.batch:
            return len(self.left) == len(self.right) == 1
        return min(len(self.left), len(self.right)) <= 1

    @property
    def is_tensordot(self) -> bool:
        return not self.batch and not self.is_matmul


def contraction(value: Value) -> Contraction:
    left, right = (operand.labels for operand in value.operands)
    kept = set(value.axes)
    return Contraction(
        tuple(k for k in left if k in right and k in kept),
        tuple(k for k in left if k in right and k not in kept),
        tuple(k for k in left if k not in right),
        tuple(k for k in right if k not in left),
    )


class Flow:
    """What is known about every value that the blocks need."""

    def __init__(self, plan: Plan, end: str, blocked: bool, always: bool = False) -> None:
        self.values, blocks = plan.values, plan.blocks
        self.uses: dict[Value, int] = {}
        self._count(blocks)
        self.live = [value for value in self.values.made if value in self.uses]
        self.sample: int | None = None
        self.axis: dict[Value, int] = {}
        """The axis along which a value runs over samples."""
        self.cut: dict[Value, int] = {}
        """The axis along which a value is computed block by block."""
        if blocked:
            self._choose_sample(blocks, plan.outputs, always)
            self.cut = (self._across(blocks) if end == LAST else {}) or self.axis
        self.solved = self._solved()
        self.turned = self._turned() if end == LAST else {}
        self.order: dict[Value, tuple[int, ...]] = {}
        for value in self.live:
            self.order[value] = self._order(value, end)

    def _count(self, blocks: Iterable[Block]) -> None:
        pending = [operand.value for operand in _written(blocks)]
        while pending:
            value = pending.pop()
            self.uses[value] = self.uses.get(value, 0) + 1
            if self.uses[value] == 1:
                pending += [operand.value for operand in value.operands]

    # Samples

    def _choose_sample(self, blocks: Sequence[Block], outputs: int, always: bool) -> None:
        """Choose the index of the outputs along which most values can be computed block by block."""
        labels = [*([BATCH] if any(BATCH in operand.labels for operand in _written(blocks)) else []), *range(outputs)]
        best: dict[Value, int] = {}
        for label in labels:
            found = self._along(label, blocks)
            if len(found) > len(best) and _in_order(blocks, found):
                self.sample, best = label, found
        if best and (always or self._is_worthwhile(best, blocks)):
            self.axis = best
        else:
            self.sample = None

    def _is_worthwhile(self, found: dict[Value, int], blocks: Sequence[Block]) -> bool:
        """Whether the arrays that blocks keep small would otherwise count beside the result."""
        made = {operand.value for operand in _written(blocks)}
        kept = [value for value in found if value.rank > 1 and (value not in made or self.uses[value] > 1)]
        largest = max((self.values.cost(value.sizes) for value in made), default=0.0)
        return SMALL * sum(self.values.cost(value.sizes) for value in kept) > largest

    def _along(self, label: int, blocks: Sequence[Block]) -> dict[Value, int]:
        """Return the values that only ever run along this output index, and with which axis."""
        wishes: dict[Value, set[int | None]] = {}
        for block in blocks:
            for write in block.writes:
                if isinstance(write.value, Operand):
                    place = label if label == BATCH else write.pattern[label]
                    wishes.setdefault(write.value.value, set()).add(_axis(write.value, place))
        found: dict[Value, int] = {}
        for value in reversed(self.live):
            asked = wishes.get(value, set())
            axis = next(iter(asked)) if len(asked) == 1 else None
            if axis is not None and value.kind in WHOLE and axis != BATCH:
                axis = None
            if axis is not None and value.kind not in LEAVES:
                found[value] = axis
            for operand in value.operands:
                inner = _axis(operand, axis) if axis is not None and value.kind not in LEAVES else None
                wishes.setdefault(operand.value, set()).add(inner)
        return found

    def _across(self, blocks: Sequence[Block]) -> dict[Value, int]:
        """Return the values that run over units, as those of one hidden layer, and over all samples for each of them.

        Where samples run fastest in memory, blocks of units lie together, and blocks of samples do not.
        """
        seed = next((value for value in self.live if value in self.axis and value.rank == 2), None)
        if seed is None or BATCH in seed.axes:
            return {}
        found: dict[Value, int] = {}
        for value in self.live:
            if value is seed:
                units = {axis for axis in value.axes if axis != self.axis[seed]}
            else:
                units = {o.labels[o.value.axes.index(found[o.value])] for o in value.operands if o.value in found}
            if not units:
                continue
            (unit, *others) = units
            if others or unit not in value.axes or value not in self.axis or value.kind not in (CONTRACT, REDUCE, *ENTRYWISE):
                return {}
            found[value] = unit
        looped = [operand.value for operand in _written(blocks) if operand.value in self.axis]
        (unit,) = [size for axis, size in zip(seed.axes, seed.sizes, strict=True) if axis != self.axis[seed]]
        return found if all(value in found for value in looped) and self.values.guess(unit) >= UNITS else {}

    def _turned(self) -> dict[Value, tuple[int, ...]]:
        """Return the arguments that are read block by block along a slow axis, and their axes with that one last."""
        wishes: dict[Value, set[int | None]] = {}
        for value, label in self.axis.items():
            for operand in value.operands:
                if operand.value.kind == ARGUMENT and operand.value.rank > 1:
                    wishes.setdefault(operand.value, set()).add(_axis(operand, label))
        found = {value: axes.pop() for value, axes in wishes.items() if len(axes) == 1}
        return {
            value: (*[k for k in value.axes if k != axis], axis)
            for value, axis in found.items()
            if axis is not None and value.axes[-1] != axis
        }

    # Systems of equations

    def _solved(self) -> dict[Value, Operand]:
        """Return the products with an inverse nobody else needs, and their inverse: x = A⁻¹b is solved for from Ax = b.

        That is more accurate than to multiply by the inverse, and quicker: twice for two vectors, once for a matrix.
        """
        products: dict[Value, list[tuple[Value, Operand]]] = {}
        for value in self.live:
            for operand in value.operands:
                if operand.value.kind == INVERSE:
                    products.setdefault(operand.value, []).append((value, operand))
        found: dict[Value, Operand] = {}
        for inverse, consumers in products.items():
            matrices = sum(value.rank == 2 for value, _ in consumers)
            if len(consumers) + matrices > 2 or self.uses[inverse] > len(consumers) or not _is_matrix(inverse):
                continue
            if all(_is_product(value) and value not in self.axis and value not in found for value, _ in consumers):
                found.update(consumers)
        return found

    # Axes in memory

    def _order(self, value: Value, end: str) -> tuple[int, ...]:
        """Return the axes of a value as they lie in memory, slowest first; samples at the chosen end."""
        axes = value.axes
        if value in self.turned:
            return self.turned[value]
        if value.kind in LEAVES or value.kind in WHOLE or len(axes) < 2:
            return axes
        sample = self.axis.get(value)
        if value.kind == CONTRACT:
            parts = contraction(value)
            left, right = parts.left, parts.right
            if parts.is_matmul and (len(left) > 1 or len(right) > 1):
                return (*parts.batch, *left, *right) if len(right) <= 1 else (*right, *left)
            swap = sample is not None and (sample in right if end == FIRST else sample in left)
            if parts.is_matmul:
                return (*parts.batch, *(right + left if swap else left + right))
            if parts.is_tensordot:
                return tuple(self._kept(value.operands[0], left) + self._kept(value.operands[1], right))
        else:
            largest = max(value.operands, key=lambda o: (len(o.labels), o.value.kind != ARGUMENT))
            leading = [k for k in self._labels(largest) if k in axes]
            axes = (*[k for k in axes if k not in leading], *leading)
        if sample is None:
            return (BATCH, *[k for k in axes if k != BATCH]) if BATCH in axes else axes
        rest = [k for k in axes if k != sample]
        return (sample, *rest) if end == FIRST else (*rest, sample)

    def _labels(self, operand: Operand) -> list[int]:
        """Return an operand's labels as they lie in memory."""
        value, labels = operand
        return list(dict.fromkeys(labels[value.axes.index(axis)] for axis in self.order[value]))

    def _kept(self, operand: Operand, kept: tuple[int, ...]) -> list[int]:
        return [k for k in self._labels(operand) if k in kept]


def _is_matrix(inverse: Value) -> bool:
    """Whether an inverse is that of a matrix, not of an array with more axes or of many matrices."""
    return inverse.rank == 2 and inverse.data[0] == 1


def _is_product(value: Value) -> bool:
    """Whether a value is a product of matrices or of a matrix and a vector."""
    return value.kind == CONTRACT and value.rank <= 2 and BATCH not in value.axes and contraction(value).is_matmul


def _written(blocks: Iterable[Block]) -> list[Operand]:
    return [write.value for block in blocks for write in block.writes if isinstance(write.value, Operand)]


def _in_order(blocks: Iterable[Block], found: dict[Value, int]) -> bool:
    """Whether what is written block by block stands together, so that no assignment changes places with another."""
    for block in blocks:
        looped = [isinstance(write.value, Operand) and write.value.value in found for write in block.writes]
        if sum(first != second for first, second in pairwise(looped)) > 1 + (not looped[0] if looped else 0):
            return False
    return True


def _axis(operand: Operand, label: int) -> int | None:
    """Return the axis of an operand that runs along a label, where there is exactly one."""
    value, labels = operand
    return value.axes[labels.index(label)] if labels.count(label) == 1 else None


__all__ = ["ASSEMBLE", "FIRST", "LAST", "Contraction", "Flow", "Write", "contraction"]
