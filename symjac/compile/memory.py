"""Which arrays share memory: a result takes the place of an operand nobody else needs, or of an array that is done with."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from symjac.compile.flow import Flow, contraction
from symjac.compile.values import CONTRACT, DIAGONAL, ENTRYWISE, MAP, MULTIPLY, REDUCE, Operand, Value

ALLOCATING = (*ENTRYWISE, CONTRACT, REDUCE)
"""What can be written into memory made beforehand."""

READ_TWICE = ("t − t²",)
"""Functions that look at their argument again after the first step."""

MADE_ANEW = ("softplus", "step")
"""Functions that make an array of their own, as those do that users define."""


class Sharing(NamedTuple):
    """Whose memory a value takes: that of an operand it replaces entry by entry, or that of an array that is done with."""

    replaced: dict[Value, Value]
    reused: dict[Value, Value]

    def lender(self, value: Value) -> Value | None:
        return self.replaced.get(value) or self.reused.get(value)


def shared_memory(flow: Flow, last: Collection[Value], placed: Collection[Value]) -> Sharing:
    """Return who takes whose memory; `placed` values are written into the result, `last` ones there after all others.

    A diagonal is a view: what it looks at is needed to the end.
    """
    found = Sharing({}, {})
    left = dict(flow.uses)
    free: dict[Any, list[Value]] = {}
    # What is computed block by block comes after all the rest.
    for value in sorted(flow.live, key=lambda value: (value in flow.cut, value.number)):
        if value in last or value.kind == DIAGONAL:
            continue
        last_read = [
            o.value
            for o in value.operands
            if left[o.value] == 1 and has_memory(o.value, flow) and o.value not in (*last, *placed)
        ]
        last_read = [done for done in last_read if (done in flow.cut) == (value in flow.cut)]
        if has_memory(value, flow) and value not in placed:
            replaced = _replaced(flow, value, last_read)
            spare = free.get(_key(flow, value))
            if replaced is not None:
                found.replaced[value] = replaced
                last_read.remove(replaced)
            elif spare:
                found.reused[value] = spare.pop()
        for operand in value.operands:
            left[operand.value] -= 1
        for done in last_read:
            if left[done] == 0:
                free.setdefault(_key(flow, done), []).append(done)
    return found


def has_memory(value: Value, flow: Flow) -> bool:
    """Whether a value can be written into memory made beforehand; a tensordot or a solution is a new array at every call."""
    if value.kind == MAP and (value.data[0] in MADE_ANEW or not isinstance(value.data[0], str)):
        return False
    if value.kind == CONTRACT and (contraction(value).is_tensordot or value in flow.solved):
        return False
    return value.kind in ALLOCATING and value.rank > 0


def _key(flow: Flow, value: Value) -> tuple[Any, ...]:
    """Return what two arrays have in common that fit into each other's memory."""
    sizes = dict(zip(value.axes, value.sizes, strict=True))
    sample = flow.cut.get(value)
    order = flow.order[value]
    return (tuple(sizes[axis] for axis in order), None if sample is None else order.index(sample))


def _replaced(flow: Flow, value: Value, last_read: list[Value]) -> Value | None:
    """Return the operand whose entries a value replaces one by one."""
    if value.kind not in ENTRYWISE or value.data == READ_TWICE:
        return None
    for operand in value.operands if value.kind == MULTIPLY else value.operands[:1]:
        if operand.value in last_read and _lies_alike(flow, value, operand) and _key(flow, value) == _key(flow, operand.value):
            return operand.value
    return None


def _lies_alike(flow: Flow, value: Value, operand: Operand) -> bool:
    inner, labels = operand
    return tuple(labels[inner.axes.index(axis)] for axis in flow.order[inner]) == flow.order[value]
