"""A Jacobian as pieces: the small arrays that its terms are products of, computed by one function, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from symjac.compile.patterns import Pattern
from symjac.compile.plan import Block, Plan, Write
from symjac.compile.program import Program
from symjac.compile.structured import Piece, Structured
from symjac.compile.target import Place, Run, Target
from symjac.compile.values import MULTIPLY, Operand
from symjac.evaluate import Array, size_value
from symjac.nodes.sizes import ONE, Size, times


@dataclass(frozen=True)
class Sketch:
    """A piece before there are numbers: the block it belongs to, its pattern and its factors."""

    block: int
    pattern: Pattern
    factors: tuple[Operand, ...]
    number: Fraction


def sketches(base: Program) -> tuple[Plan, list[Sketch]]:
    """Return a plan and the pieces of its blocks, whose sum is the Jacobian."""
    plan = Plan(base.forms, base.outputs, (), added=True)
    found = []
    for k, block in enumerate(plan.blocks):
        for write in block.writes:
            if isinstance(write.value, Fraction):
                if write.value:
                    found.append(Sketch(k, write.pattern, (), write.value))
                continue
            found.append(Sketch(k, write.pattern, tuple(_factors(write.value)), Fraction(1)))
    return plan, found


def _factors(operand: Operand) -> list[Operand]:
    """Return what an outer product is a product of."""
    value, labels = operand
    if value.kind != MULTIPLY or all(inner.value.rank == value.rank for inner in value.operands):
        return [operand]
    names = dict(zip(value.axes, labels, strict=True))
    return [part for o in value.operands for part in _factors(Operand(o.value, tuple(names[k] for k in o.labels)))]


def factor_program(base: Program) -> tuple[Program, list[Sketch]]:
    """Return the program that computes all factors, one after the other in one array."""
    plan, found = sketches(base)
    blocks, places = [], []
    start: Size = ONE - 1
    for operand in dict.fromkeys(o for sketch in found for o in (Operand(f.value, f.value.axes) for f in sketch.factors)):
        sizes = operand.value.sizes
        pattern = tuple(range(len(sizes)))
        blocks.append(Block(sizes, (Write(pattern, operand, False, ()),), True))
        places.append(Place(tuple(Run(1, sizes[k + 1 :]) for k in pattern), (0, start)))
        start = start + times(ONE, *sizes)
    plan.blocks[:] = blocks
    plan.outputs = 0
    # The pieces belong to this plan: other sizes do not get another.
    plan.values.has_choice = False
    target = Target((ONE, start if blocks else ONE), tuple(places))
    return replace(base, target=target, plans={(): plan}), found


def structured(base: Program, found: Sequence[Sketch], target: Target, sizes: dict[str, int], data: Array) -> Structured:
    """Return the Jacobian that these factors make."""
    flat = data.reshape(-1)
    arrays: dict[int, Array] = {}
    start = 0
    for sketch in found:
        for value, _ in sketch.factors:
            if value.number not in arrays:
                shape = tuple(size_value(size, sizes) for size in value.sizes)
                count = int(np.prod(shape))
                arrays[value.number] = flat[start : start + count].reshape(shape)
                start += count
    pieces = tuple(_piece(base, sketch, target.places[sketch.block], sizes, arrays, data) for sketch in found)
    rows, cols = (size_value(size, sizes) for size in target.shape)
    return Structured(pieces, (rows, cols), data.dtype)


def _piece(base: Program, sketch: Sketch, place: Place, sizes: dict[str, int], arrays: dict[int, Array], data: Array) -> Piece:
    labels = sorted(set(sketch.pattern))
    steps: tuple[dict[int, int], dict[int, int]] = ({}, {})
    for k, root in enumerate(sketch.pattern):
        run = place.runs[k]
        step = int(np.prod([size_value(size, sizes) for size in run.step], dtype=int))
        along = steps[run.dimension]
        along[root] = along.get(root, 0) + step
    known = {k: size_value(base.axes[sketch.block].sizes[k], sizes) for k in labels}
    factors = tuple((arrays[operand.value.number], operand.labels) for operand in sketch.factors)
    if not factors or sketch.number != 1:
        factors = (*factors, (np.asarray(float(sketch.number), data.dtype), ()))
    start = tuple(size_value(offset, sizes) if not isinstance(offset, int) else offset for offset in place.start)
    return Piece(factors, known, steps[0], steps[1], (start[0], start[1]))
