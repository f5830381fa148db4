"""Functions of a few numbers: a statement of Python for every entry, where a call of NumPy takes as long as twenty.

What Python refuses, an overflow or a division by zero, is left to NumPy, which goes on with inf and nan.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from symjac.compile.arithmetic import ENTRIES, FUNCTIONS, entry, number
from symjac.compile.flow import FIRST, Flow
from symjac.compile.module import Module, Names
from symjac.compile.plan import Block, Write
from symjac.compile.program import Program
from symjac.compile.repeated import Shapes
from symjac.compile.sizes import size_code
from symjac.compile.target import Place
from symjac.compile.values import (
    ARGUMENT,
    CONTRACT,
    DIAGONAL,
    ENTRYWISE,
    MAP,
    NUMBER,
    REDUCE,
    SIZE,
    UNIT,
    Operand,
    Value,
)
from symjac.evaluate import size_value
from symjac.nodes.sizes import Size

FEW, PER_STEP = 200, 25
"""So many products and entries, all in all and for each of NumPy's calls, take less time than the calls."""

GIVEN = (ARGUMENT, NUMBER, SIZE, UNIT, DIAGONAL)
"""What takes no statement."""

KNOWN: dict[str, Any] = {
    **{name: getattr(math, name) for name in ("exp", "tanh", *FUNCTIONS)},
    "zero": 0.0,
    "one": 1.0,
    "ndarray": np.ndarray,
    "empty": np.empty,
    "Struct": struct.Struct,
    "refused": (ArithmeticError, ValueError, TypeError, struct.error),
}
"""What the code needs. Where a root would be complex, no place for it is found among floats: that is a struct.error."""

OURS = (*KNOWN, "abs", "usual", "write")


def unrolled_source(program: Program, sizes: Mapping[str, int], shapes: Shapes, bound: bool = False) -> str | None:
    """Return the code of `call` for float64 arrays of these shapes; None where there is much to do, or what takes NumPy.

    It calls `usual` where Python refuses; bound, it fills J, and calls `usual` with what is no such array, too.
    """
    shape = program.result_shape(sizes)
    if math.prod(shape) > FEW or program.settings.batch:
        return None
    work = _Unrolled(program.module(), sizes)
    if not work.is_small(math.prod(shape)):
        return None
    arguments = [work.names.known[argument.symbol.name] for argument in work.module.arguments]
    lines = [f"{_nested(given, iter(work.arguments(k)))} = {arguments[k]}.tolist()" for k, given in enumerate(shapes)]
    results = work.results(shape)
    turned, order = (".T", ', order="F"') if work.module.fortran else ("", "")
    lines += work.lines if bound else [*work.lines, f"J = empty({shape}{order})"]
    lines += [f"write(J{turned}, 0, {', '.join(results)})", "return J"]
    usual = f"return usual({', '.join(arguments)})"
    checks = [
        f"{name}.__class__ is not ndarray or {name}.shape != {given} or {name}.dtype is not dtype"
        for name, given in zip(arguments, shapes, strict=True)
    ]
    return "\n".join(
        [
            f'write = Struct("{len(results)}d").pack_into',
            f"def call({', '.join(arguments)}):",
            *([f"    if {' or '.join(checks)}:", f"        {usual}"] if bound and checks else []),
            "    try:",
            *(f"        {line}" for line in lines),
            "    except refused:",
            f"        {usual}",
            "",
        ]
    )


def _nested(shape: Sequence[int], names: Iterator[str]) -> str:
    """Return names as nested tuples of this shape."""
    return f"({''.join(f'{_nested(shape[1:], names)}, ' for _ in range(shape[0]))})" if shape else next(names)


class _Unrolled:
    def __init__(self, module: Module, sizes: Mapping[str, int]) -> None:
        self.module, self.sizes = module, sizes
        self.words = {name: str(size) for name, size in sizes.items()}
        self.names = Names([argument.symbol.name for argument in module.arguments], OURS)
        self.live = Flow(module.plan, FIRST, blocked=False).live
        self.lines: list[str] = []
        self._numbers: dict[Size, int] = {}
        self.entries: dict[Value | str, dict[tuple[int, ...], str]] = {}

    def is_small(self, results: int) -> bool:
        """Whether there is little to do, and nothing that takes all entries at once."""
        made = [value for value in self.live if value.kind not in GIVEN]
        if any(value.kind not in (CONTRACT, REDUCE, *ENTRYWISE) for value in made):
            return False
        if any(value.kind == MAP and not isinstance(value.data[0], str) for value in made):
            return False
        steps = len(made) + sum(len(block.writes) for block in self.module.plan.blocks)
        products = sum(math.prod(self._runs(value).values()) for value in made)
        return results + products <= min(FEW, PER_STEP * steps)

    def _runs(self, value: Value) -> dict[int, int]:
        """Return the sizes of all the labels inside an operation."""
        found = dict(zip(value.axes, value.sizes, strict=True))
        for operand in value.operands:
            found |= dict(zip(operand.labels, operand.value.sizes, strict=True))
        return {label: self._number(size) for label, size in found.items()}

    def _number(self, size: Size) -> int:
        if size not in self._numbers:
            self._numbers[size] = size_value(size, self.sizes)
        return self._numbers[size]

    def arguments(self, position: int) -> list[str]:
        """Name the entries of an argument."""
        argument = self.module.arguments[position]
        name = argument.symbol.name
        places = product(*(range(self._number(size)) for size in argument.all_sizes))
        named = {at: self.names.fresh("_".join([self.names.known[name], *map(str, at)])) for at in places}
        self.entries[name] = named
        return list(named.values())

    def results(self, shape: Sequence[int]) -> list[str]:
        """Write down what is computed, and return the entries of the result as they lie in memory."""
        for value in self.live:
            if value.kind not in GIVEN:
                self.entries[value] = {at: self._computed(value, at) for at in self._places(value)}
        found = dict.fromkeys(product(*map(range, shape)), "0.0")
        for block, place in zip(self.module.plan.blocks, self.module.target.places, strict=True):
            for write in block.writes:
                for at, position in self._written(block, write, place):
                    code = number(write.value) if isinstance(write.value, Fraction) else self._reference(write.value, at)
                    found[position] = f"{found[position]} + {code}" if write.add else code
        return [found[at] for at in sorted(found, key=lambda at: at[::-1] if self.module.fortran else at)]

    def _places(self, value: Value) -> Iterator[tuple[int, ...]]:
        return product(*(range(self._number(size)) for size in value.sizes))

    def _computed(self, value: Value, place: tuple[int, ...]) -> str:
        """Return the name of an entry that is computed."""
        at = dict(zip(value.axes, place, strict=True))
        if value.kind in (CONTRACT, REDUCE):
            code = self._summed(value, at)
        else:
            codes = [self._reference(operand, at) for operand in value.operands]
            code = ENTRIES[value.data[0]].format(*codes) if value.kind == MAP else entry(value, codes, self.words)
        name = self.names.fresh("t")
        self.lines.append(f"{name} = {code}")
        return name

    def _summed(self, value: Value, at: Mapping[int, int]) -> str:
        runs = {label: size for label, size in self._runs(value).items() if label not in at}
        terms = []
        for place in product(*map(range, runs.values())):
            here = {**at, **dict(zip(runs, place, strict=True))}
            terms.append(" * ".join(self._reference(operand, here) for operand in value.operands))
        return " + ".join(terms)

    def _reference(self, operand: Operand, at: Mapping[int, int]) -> str:
        """Return the code of an operand's entry."""
        value, labels = operand
        place = tuple(at[label] for label in labels)
        if value.kind == NUMBER:
            base, exponent = (number(Fraction(part)) for part in value.data)
            return base if exponent == "1" else f"({base} ** {exponent})"
        if value.kind == SIZE:
            size = value.data[0]
            return self.words[size] if isinstance(size, str) else size_code(size, self.words)
        if value.kind == UNIT:
            return "one" if place[0] == value.data[0] else "zero"
        if value.kind == DIAGONAL:
            return self._reference(value.operands[0], dict(zip(value.axes, place, strict=True)))
        return self.entries[value.name if value.kind == ARGUMENT else value][place]

    def _written(self, block: Block, write: Write, place: Place) -> Iterator[tuple[dict[int, int], tuple[int, ...]]]:
        """Yield the indices of an assignment and where in the result they stand."""
        labels = sorted(set(write.pattern))
        start = [offset if isinstance(offset, int) else self._number(offset) for offset in place.start]
        steps = [math.prod(map(self._number, run.step)) for run in place.runs]
        for indices in product(*(range(self._number(block.sizes[label])) for label in labels)):
            at = dict(zip(labels, indices, strict=True))
            position = list(start)
            for k, run in enumerate(place.runs):
                position[run.dimension] += steps[k] * at[write.pattern[k]]
            yield at, tuple(position)
