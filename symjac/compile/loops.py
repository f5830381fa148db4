"""The same plan as loops, for numba: an entry of a value is one expression, samples are the outermost loop.

In F order samples are the innermost loops instead, and the last axes of all arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symjac.compile.arithmetic import ENTRIES, FUNCTIONS, entry, number
from symjac.compile.entries import VECTORIZED
from symjac.compile.flow import FIRST, LAST, Flow
from symjac.compile.functions import definition
from symjac.compile.module import Module, Names
from symjac.compile.plan import Block, Write
from symjac.compile.sizes import product_code, size_code
from symjac.compile.target import Place
from symjac.compile.values import (
    ARGUMENT,
    ASSEMBLE,
    BATCH,
    CONTRACT,
    DETERMINANT,
    DIAGONAL,
    ENTRYWISE,
    INVERSE,
    LOGSUMEXP,
    MAP,
    NUMBER,
    REDUCE,
    SIZE,
    SOFTMAX,
    UNIT,
    Operand,
    Value,
)
from symjac.compile.wholes import SAMPLE, whole_lines
from symjac.nodes.functions import Function
from symjac.nodes.sizes import Size

OURS = ("numba", "kernel", "start", "stop", "sample", "abs", *FUNCTIONS, *VECTORIZED)
"""Names that loops need beside those of every module."""

INDENT = "    "

IMPORTS = f"""import numba
import numpy as np
from numpy import {", ".join(FUNCTIONS)}

from symjac.compile.entries import {", ".join(VECTORIZED)}


"""


class Loops:
    """Writes a plan as a function `kernel(arguments…, J, start, stop)` that fills J for a range of samples.

    Where the plan has no loop over samples, there is no range.
    """

    def __init__(self, module: Module) -> None:
        self.module, self.plan, self.target = module, module.plan, module.target
        sizes = [name for name in module.size_names if name != "batch"]
        self.names = Names([*(a.symbol.name for a in module.arguments), *sizes, *module.inner], OURS)
        self.words = {name: self.names.known[name] for name in sizes} | {"batch": self.names.fresh("batch")}
        self.flow = Flow(self.plan, LAST if module.fortran else FIRST, blocked=True, always=bool(self.plan.batch))
        self.looped = {} if module.fortran else self.flow.axis
        self.is_divisible = False
        """Whether ranges of samples can be filled apart from each other."""
        self.code: dict[Value, str] = {}
        self.functions: dict[Function, str] = {}
        self.index = {label: self.names.fresh(f"i{label}" if label >= 0 else "point") for label in range(BATCH, 40)}
        self.zero, self.one = self.names.fresh("zero"), self.names.fresh("one")
        self.inline = self._inlined()
        self._copies: dict[tuple[Value, tuple[int, ...]], str] = {}

    def _inlined(self) -> set[Value]:
        """Return the values that one loop over the same indices needs: there they are numbers, not arrays."""
        consumers: dict[Value, set[tuple[str, int]]] = {}
        for value in self.flow.live:
            for operand in value.operands:
                consumers.setdefault(operand.value, set()).add((value.kind, value.rank))
        for block in self.plan.blocks:
            for write in block.writes:
                if isinstance(write.value, Operand):
                    rank = len({*write.pattern, *([BATCH] if self.plan.batch else [])})
                    consumers.setdefault(write.value.value, set()).add(("write", rank))
        found = {
            value
            for value in self.flow.live
            if value.kind in ENTRYWISE
            and self.flow.uses[value] == 1
            and all((kind in ENTRYWISE or kind == "write") and rank == value.rank for kind, rank in consumers[value])
        }
        for value in self.flow.live:
            if value not in self.looped and (weights := self._weights(value)) is not None:
                found |= self._computed_on_the_way(weights)
        return found

    def _weights(self, value: Value) -> Value | None:
        """Return what the rows of an argument are multiplied by in a sum of rows."""
        if value.kind != CONTRACT or value.rank != 1:
            return None
        holder, other = sorted(value.operands, key=lambda operand: operand.value.kind != ARGUMENT)
        if holder.value.kind != ARGUMENT or len(holder.labels) != 2 or len(other.labels) != 1:
            return None
        last = holder.labels[holder.value.axes.index(self.flow.order[holder.value][-1])]
        return other.value if last == value.axes[0] else None

    def _computed_on_the_way(self, value: Value) -> set[Value]:
        """Return a vector, and the vectors it is made of, whose entries are needed once: in a pass over the same rows."""
        if value.kind not in (CONTRACT, REDUCE, *ENTRYWISE) or self.flow.uses[value] > 1 or value.rank != 1:
            return set()
        if value.kind in (CONTRACT, REDUCE):
            return {value}
        return {value}.union(*(self._computed_on_the_way(operand.value) for operand in value.operands))

    # The function

    def source(self) -> str:
        """Return the function and those it calls."""
        arguments = [self.names.known[a.symbol.name] for a in self.module.arguments]
        body = [f"{self.zero} = J.dtype.type(0)", f"{self.one} = J.dtype.type(1)", *self._sizes()]
        body += self._turned_arguments()
        full: list[str] = []
        looped: list[str] = []
        for value in self.flow.live:
            if value.kind in (NUMBER, SIZE, DIAGONAL, UNIT) or value in self.inline:
                continue
            if value.kind == ARGUMENT:
                continue
            self.code[value] = self.names.known.get(value.name) or self.names.fresh("t")
            if value in self.looped:
                body += self._allocated(value)
                looped += self._defined(value)
            else:
                full += [*self._allocated(value), *self._defined(value)]
        before: list[str] = []
        after: list[str] = []
        for block, place in zip(self.plan.blocks, self.target.places, strict=True):
            late = not any(self._is_looped(write) for write in block.writes)
            for write in block.writes:
                if self._is_looped(write):
                    late = True
                    looped += self._written(block, write, place)
                else:
                    (after if late else before).extend(self._written(block, write, place))
        lines = [*body, *full, *self.copies, *before]
        self.is_divisible = bool(looped) and not before
        if looped:
            lines += [f"for {SAMPLE} in range(start, stop):", *(INDENT + line for line in looped)]
        lines += after or ["pass"]
        head = '@numba.njit(fastmath={"reassoc", "contract"}, error_model="numpy", nogil=True)'
        parameters = ", ".join([*arguments, "J", *(["start", "stop"] if self.looped else [])])
        return f"{IMPORTS}{self._helpers()}{head}\ndef kernel({parameters}):\n" + "".join(f"{INDENT}{line}\n" for line in lines)

    def _helpers(self) -> str:
        """Return the functions of one entry that the user defined."""
        bodies = {name: definition(function).removeprefix("lambda t: ") for function, name in self.functions.items()}
        for word in VECTORIZED:
            bodies = {name: body.replace(f"np.{word}(", f"{word}(") for name, body in bodies.items()}
        head = '@numba.njit(fastmath={"contract"}, error_model="numpy")'
        return "".join(f"{head}\ndef {name}(t):\n{INDENT}return {body}\n\n\n" for name, body in bodies.items())

    @property
    def samples(self) -> Size | None:
        """How many samples there are, where there is a loop over them."""
        if not self.looped:
            return None
        value, axis = next(iter(self.looped.items()))
        return value.sizes[value.axes.index(axis)]

    def _sizes(self) -> list[str]:
        known: dict[str, str] = {}
        for argument in self.module.arguments:
            for axis, size in enumerate(argument.all_sizes):
                if size.is_Symbol:
                    name = self.names.known[argument.symbol.name]
                    known.setdefault(self.words[size.name], f"{name}.shape[{axis}]")
        return [f"{word} = {code}" for word, code in known.items()]

    def _is_looped(self, write: Write) -> bool:
        return isinstance(write.value, Operand) and write.value.value in self.looped

    # Arrays

    def _turned_arguments(self) -> list[str]:
        """Name the arguments, and return the statements that copy those that are read across their memory."""
        lines = []
        for value in self.flow.live:
            if value.kind == ARGUMENT:
                self.code[value] = self.names.known[value.name]
        for value in self.flow.turned:
            axes = tuple(value.axes.index(axis) for axis in self.flow.order[value])
            turned = self.names.fresh(f"{self.code[value]}T")
            lines.append(f"{turned} = np.ascontiguousarray(np.transpose({self.code[value]}, {axes}))")
            self.code[value] = turned
        return lines

    def axes(self, value: Value) -> list[int]:
        """Return the axes an array has, in order: inside the loop over samples not that of the samples."""
        return [axis for axis in self.flow.order[value] if axis != self.looped.get(value, None)]

    def _allocated(self, value: Value) -> list[str]:
        axes = self.axes(value)
        if value.kind in (INVERSE, DETERMINANT, SOFTMAX, LOGSUMEXP) or not axes:
            return []
        sizes = dict(zip(value.axes, value.sizes, strict=True))
        shape = ", ".join(size_code(sizes[axis], self.words) for axis in axes)
        make = "zeros" if value.kind == ASSEMBLE else "empty"
        return [f"{self.code[value]} = np.{make}(({shape}{',' if len(axes) == 1 else ''}), J.dtype)"]

    def _defined(self, value: Value) -> list[str]:
        if value.kind == ASSEMBLE:
            return self._assembled(value)
        if value.kind in (INVERSE, DETERMINANT, SOFTMAX, LOGSUMEXP):
            return whole_lines(self, value)
        if value.kind == CONTRACT and (rows := self._added_up(value)):
            return rows
        names = self._label_names(value)
        axes = self.axes(value)
        lines: list[str] = []
        result = self._entry(value, names, lines)
        lines.append(f"{self._place(value, names)} = {result}")
        sizes = dict(zip(value.axes, value.sizes, strict=True))
        return _nested([(names[axis], size_code(sizes[axis], self.words)) for axis in axes], lines)

    def _label_names(self, value: Value) -> dict[int, str]:
        """Return the loop variables for the labels inside an operation."""
        labels = {*value.axes, *(k for operand in value.operands for k in operand.labels)}
        names = {label: self.index[label] for label in labels}
        if value in self.looped:
            names[self.looped[value]] = SAMPLE
        return names

    def _place(self, value: Value, names: dict[int, str]) -> str:
        axes = self.axes(value)
        return f"{self.code[value]}[{', '.join(names[axis] for axis in axes)}]" if axes else self.code[value]

    # Entries

    def _reference(self, operand: Operand, names: dict[int, str], lines: list[str]) -> str:
        """Return the code of an operand's entry; what it needs first is added to the lines."""
        value, labels = operand
        inner = {axis: names[label] for axis, label in zip(value.axes, labels, strict=True)}
        if value.kind == NUMBER:
            base, exponent = (number(Fraction(part)) for part in value.data)
            return base if exponent == "1" else f"{base} ** {exponent}"
        if value.kind == SIZE:
            size = value.data[0]
            return self.words[size] if isinstance(size, str) else f"({size_code(size, self.words)})"
        if value.kind == UNIT:
            return f"({self.one} if {inner[0]} == {value.data[0]} else {self.zero})"
        if value.kind == DIAGONAL:
            (seen,) = value.operands
            return self._reference(Operand(seen.value, seen.labels), {k: inner[k] for k in set(seen.labels)}, lines)
        if value in self.inline:
            result = self._entry(value, inner, lines)
            name = self.names.fresh("e")
            lines.append(f"{name} = {result}")
            return name
        if value.kind == ARGUMENT:
            return f"{self.code[value]}[{', '.join(inner[axis] for axis in self.flow.order[value]) or '()'}]"
        return self._place(value, inner)

    def _entry(self, value: Value, names: dict[int, str], lines: list[str]) -> str:
        """Return the code of one entry."""
        if value.kind in (CONTRACT, REDUCE):
            return self._summed(value, names, lines)
        codes = [self._reference(operand, names, lines) for operand in value.operands]
        if value.kind == MAP:
            return self._function(value.data[0], codes[0])
        return entry(value, codes, self.words)

    def _function(self, function: str | Function, code: str) -> str:
        if isinstance(function, str):
            return ENTRIES[function].format(code).replace("zero", self.zero).replace("one ", f"{self.one} ")
        if function not in self.functions:
            self.functions[function] = self.names.fresh("f")
        return f"{self.functions[function]}({code})"

    def _summed(self, value: Value, names: dict[int, str], lines: list[str]) -> str:
        total = self.names.fresh("s")
        sizes = {k: s for o in value.operands for k, s in zip(o.labels, o.value.sizes, strict=True)}
        summed = [k for k in sizes if k not in value.axes]
        names = {**{k: self.names.fresh("k") for k in summed if k not in names}, **names}
        inner: list[str] = []
        codes = [self._reference(operand, names, inner) for operand in value.operands]
        lines.append(f"{total} = {self.zero}")
        inner.append(f"{total} += {' * '.join(codes)}")
        lines += _nested([(names[k], size_code(sizes[k], self.words)) for k in summed], inner)
        return total

    def _added_up(self, value: Value) -> list[str]:
        """Return the loops that add rows to a product, where its last axis is the last of a factor; [] where it is of none.

        What a row is multiplied by is computed beside it, where nobody else needs it.
        Inside the loop over samples a factor that stands across is copied beforehand.
        """
        axes = self.axes(value)
        if not axes:
            return []
        inner = axes[-1]
        holders = [operand for operand in value.operands if inner in operand.labels]
        if len(holders) != 1 or any(operand.value.kind == UNIT for operand in value.operands):
            return []
        (holder,) = holders
        names = self._label_names(value)
        sizes = {k: s for o in value.operands for k, s in zip(o.labels, o.value.sizes, strict=True)}
        summed = [k for k in sizes if k not in value.axes]
        weights = self._weights(value)
        if holder.value.kind == DIAGONAL or any(o.value in self.inline and o.value is not weights for o in value.operands):
            return []
        lines: list[str] = []
        codes = {operand: self._reference(operand, names, lines) for operand in value.operands}
        stored = [holder.labels[holder.value.axes.index(axis)] for axis in self.axes(holder.value)]
        if stored[-1] != inner:
            if value not in self.looped or holder.value in self.looped:
                return []
            order = [*(k for k in stored if k != inner), inner]
            copy = self._copied(holder.value, tuple(stored.index(k) for k in order))
            codes[holder] = f"{copy}[{', '.join(names[k] for k in order)}]"
        place = self._place(value, names)
        outer = [(names[axis], size_code(sizes[axis], self.words)) for axis in axes[:-1]]
        last = (names[inner], size_code(sizes[inner], self.words))
        rows = [(names[k], size_code(sizes[k], self.words)) for k in summed]
        product = " * ".join(codes[operand] for operand in value.operands)
        row = [*lines, *_nested([last], [f"{place} += {product}"])]
        return _nested(outer, [*_nested([last], [f"{place} = {self.zero}"]), *_nested(rows, row)])

    def _copied(self, value: Value, axes: tuple[int, ...]) -> str:
        """Return the name of a copy of an array with its axes in another order, made before the loop over samples."""
        if (value, axes) not in self._copies:
            self._copies[value, axes] = self.names.fresh(f"{self.code[value]}T")
        return self._copies[value, axes]

    @property
    def copies(self) -> list[str]:
        """The statements that make copies with other orders of axes."""
        return [
            f"{name} = np.ascontiguousarray(np.transpose({self.code[value]}, {axes}))"
            for (value, axes), name in self._copies.items()
        ]

    # Arrays with diagonals

    def _assembled(self, value: Value) -> list[str]:
        (block,) = value.fills
        lines = []
        sample = self.looped.get(value)
        for write in block.writes:
            names = {k: self.index[root] for k, root in enumerate(write.pattern)} | {BATCH: self.index[BATCH]}
            if sample is not None:
                names[sample] = SAMPLE
            inner: list[str] = []
            code = self._written_value(write, names, inner)
            axes = self.axes(value)
            inner.append(f"{self.code[value]}[{', '.join(names[k] for k in axes)}] {'+=' if write.add else '='} {code}")
            sizes = dict(zip(value.axes, value.sizes, strict=True))
            loops = [k for k in axes if k == BATCH or write.pattern[k] == k]
            lines += _nested([(names[k], size_code(sizes[k], self.words)) for k in loops], inner)
        return lines

    def _written_value(self, write: Write, names: dict[int, str], lines: list[str]) -> str:
        if isinstance(write.value, Fraction):
            return number(write.value)
        return self._reference(write.value, names, lines)

    # The result

    def _written(self, block: Block, write: Write, place: Place) -> list[str]:
        looped = self._is_looped(write)
        names = {k: self.index[root] for k, root in enumerate(write.pattern)} | {BATCH: self.index[BATCH]}
        order: Sequence[int] = [*([BATCH] if self.plan.batch else []), *place.order(write.pattern, self.module.fortran)]
        if looped:
            assert self.flow.sample is not None
            sample = self.flow.sample if self.flow.sample == BATCH else write.pattern[self.flow.sample]
            members = [k for k, root in enumerate(write.pattern) if root == sample] if sample != BATCH else [BATCH]
            names |= dict.fromkeys(members, SAMPLE)
            order = [k for k in order if k != sample]
        lines: list[str] = []
        code = self._written_value(write, names, lines)
        lines.append(f"J[{', '.join(self._indices(place, names))}] {'+=' if write.add else '='} {code}")
        sizes = {k: size_code(block.sizes[k], self.words) for k in set(write.pattern)} | {BATCH: self.words["batch"]}
        return _nested([(names[k], sizes[k]) for k in order], lines)

    def _indices(self, place: Place, names: dict[int, str]) -> list[str]:
        found = [names[BATCH]] if self.plan.batch else []
        for dimension, offset in enumerate(place.start):
            parts = [] if offset == 0 else [str(offset) if isinstance(offset, int) else size_code(offset, self.words)]
            for k, run in enumerate(place.runs):
                if run.dimension == dimension:
                    step = product_code(run.step, self.words)
                    parts.append(names[k] if step == "1" else f"{step}*{names[k]}")
            found.append(" + ".join(parts) or "0")
        return found


def _nested(loops: Sequence[tuple[str, str]], lines: Sequence[str]) -> list[str]:
    """Return lines inside loops, the outermost first."""
    found = []
    for depth, (name, count) in enumerate(loops):
        found.append(f"{INDENT * depth}for {name} in range({count}):")
    return [*found, *(INDENT * len(loops) + line for line in lines)]
