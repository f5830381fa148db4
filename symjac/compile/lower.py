"""From a plan to statements: every value in a call or two, every assignment through a strided view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from symjac.compile.flow import FIRST, LAST, Flow, contraction
from symjac.compile.memory import has_memory, shared_memory
from symjac.compile.operations import Operations
from symjac.compile.plan import Block, Plan, Write
from symjac.compile.sizes import factor_code, product_code, size_code
from symjac.compile.steps import COPY, RAW, Step
from symjac.compile.target import Place, Target
from symjac.compile.values import (
    ASSEMBLE,
    BATCH,
    CONTRACT,
    ENTRYWISE,
    INLINE,
    INVERSE,
    LEAVES,
    SUM,
    UNIT,
    Operand,
    Value,
)
from symjac.nodes.sizes import Size

ROWS = "rows"

SHORT = 4
"""Over axes of so many entries, a product with a vector beside its factors is quicker than one to which the vector is added."""


class Slot(NamedTuple):
    """Where a value stands in the result as it is."""

    block: Block
    write: Write
    place: Place


class View(NamedTuple):
    """A strided view of an array: its name and the code that makes it."""

    name: str
    code: str


class Body(NamedTuple):
    """The statements of a function in parts, how many samples or units there are, and how wide one is in a block."""

    views: list[View]
    buffers: list[View]
    before: list[Step | str]
    loop: list[Step | str]
    after: list[Step | str]
    samples: str
    width: str
    across: bool
    """Whether blocks are of units, with all samples."""


class Lowering:
    """Writes a plan as statements that fill an array."""

    def __init__(
        self,
        plan: Plan,
        target: Target,
        names: Mapping[str, str],
        fresh: Callable[[str], str],
        words: Mapping[str, str],
        fortran: bool = False,
        blocked: bool = True,
        explain: Callable[[Block, Write], str] = lambda block, write: "",
    ) -> None:
        self.plan, self.target, self.names, self.fresh, self.words = plan, target, names, fresh, dict(words)
        self.fortran = fortran
        self.explain = explain
        self.flow = Flow(plan, LAST if fortran else FIRST, blocked)
        self.inside = self._written_in_place()
        self.slots = self._computed_in_slots()
        self.folded = {value.operands[0].value for value in self.flow.live if self._is_affine(value)}
        self.folded |= {inverse.value for inverse in self.flow.solved.values()}
        self.code: dict[Value, str] = {}
        self.sharing = shared_memory(self.flow, self.inside | self.folded, set(self.slots))
        self.operations = Operations(self)
        self.body = Body([], [], [], [], [], "", "", False)
        self._name_values()

    # What is decided beforehand

    def _written_in_place(self) -> set[Value]:
        """Return the values that are needed for one assignment only: they are computed in their place."""
        found = set()
        for block, place in zip(self.plan.blocks, self.target.places, strict=True):
            for write in block.writes:
                if isinstance(write.value, Operand) and write.value.labels and not write.add:
                    value = write.value.value
                    fills = self.flow.uses[value] == 1 and value.rank == len(self._indices(write))
                    if fills and (value.kind in ENTRYWISE or self._is_product_of_rows(write, place)):
                        found.add(value)
        return found

    def _is_product_of_rows(self, write: Write, place: Place) -> bool:
        """Whether a value is a product of matrices, written into rows of neighbouring entries, as BLAS can."""
        assert isinstance(write.value, Operand)
        value = write.value.value
        if value.kind != CONTRACT or not contraction(value).is_matmul or value.rank != 2 or BATCH in value.axes:
            return False
        inner = place.order(write.pattern, self.fortran)[-1]
        run = place.runs[inner]
        return (
            write.pattern.count(inner) == 1
            and not run.step
            and run.dimension == (0 if self.fortran else len(self.target.shape) - 1)
        )

    def _computed_in_slots(self) -> dict[Value, Slot]:
        """Return the values that are blocks of the result as they are: they are computed there, and read from there."""
        found: dict[Value, Slot] = {}
        # In C order a block of columns is read and written in short runs: a copy of its own is quicker.
        if not self.fortran:
            return found
        for block, place in zip(self.plan.blocks, self.target.places, strict=True):
            if len(block.writes) != 1 or not isinstance(block.writes[0].value, Operand):
                continue
            (write,) = block.writes
            value = block.writes[0].value.value
            if value.kind in ENTRYWISE and value.rank == len(self._indices(write)) > 1 and value not in self.inside:
                found.setdefault(value, Slot(block, write, place))
        return found

    def _is_affine(self, value: Value) -> bool:
        """Whether a value is a product of matrices that nobody else needs, over an axis that may be short, plus a vector."""
        if value.kind != SUM or value.data != (0, 1, 1):
            return False
        (product, _), (vector, _) = value.operands
        if product.kind != CONTRACT or product.rank != value.rank or value.rank != 2 or vector.rank != 1:
            return False
        parts = contraction(product)
        if not parts.is_matmul or BATCH in value.axes or self.flow.uses[product] > 1 or product in self.flow.solved:
            return False
        sizes = dict(zip(product.operands[0].labels, product.operands[0].value.sizes, strict=True))
        length = size_code(sizes[parts.summed[0]], self.words)
        return not length.isdigit() or int(length) <= SHORT

    def _indices(self, write: Write) -> set[int]:
        """Return the indices of an assignment, the batch included."""
        return {*write.pattern, BATCH} if self.plan.batch else set(write.pattern)

    def _name_values(self) -> None:
        """Give every value the name it has in the mathematics, or a short one; what shares memory shares its name."""
        takers = {lender: taker for taker, lender in self.sharing.replaced.items()}
        short: dict[Value, str] = {}
        for value in self.flow.live:
            if value.kind in INLINE or value in self.inside or value in self.folded:
                continue
            last = value
            while not last.name and last in takers:
                last = takers[last]
            if not last.name:
                if last not in short:
                    short[last] = self.fresh("t")
                self.code[value] = short[last]
            else:
                self.code[value] = self.names[last.name]

    def called(self, value: Value) -> str:
        """Return what formulas call a value: its name, or what it is the inverse of."""
        if value.kind != INVERSE or value not in self.folded:
            return self.code.get(value, "")
        inner, labels = value.operands[0]
        base = self.code.get(inner, "")
        return base and f"({base}{'' if labels == (1, 0) else 'ᵀ'}⁻¹)"

    # Statements

    def lower(self) -> Body:
        """Return the whole body."""
        for value in self.flow.turned:
            turned = self.fresh(f"{self.code[value]}T")
            axes = tuple(value.axes.index(axis) for axis in self.flow.order[value])
            code = f"{self.code[value]}.T" if len(axes) == 2 else f"{self.code[value]}.transpose{axes}"
            self.body.before.append(Step(RAW, (f"np.ascontiguousarray({code})",), turned))
            self.code[value] = turned
        for value in self.flow.live:
            if value.kind in INLINE or (value.kind in LEAVES and value.kind != UNIT) or value in self.inside | self.folded:
                continue
            steps = self._define(value)
            (self.body.loop if value in self.flow.cut else self.body.before).extend(steps)
        for block, place in zip(self.plan.blocks, self.target.places, strict=True):
            lines = self.body.before if any(map(self._is_looped, block.writes)) else self.body.after
            for write in block.writes:
                if any(slot.write is write for slot in self.slots.values()):
                    continue
                if self._is_looped(write):
                    lines = self.body.after
                self._write(block, write, place, self.body.loop if self._is_looped(write) else lines)
        count, width = self._block_sizes()
        return self.body._replace(samples=count, width=width, across=self.flow.cut is not self.flow.axis)

    def _define(self, value: Value) -> list[Step | str]:
        name = self.code[value]
        if value.kind == ASSEMBLE:
            return self._assembled(value, name)
        if value in self.slots:
            return self._in_slot(value, name)
        lender = self.sharing.lender(value)
        if has_memory(value, self.flow) and value not in self.flow.cut:
            self._buffer(value, name, lender)
        out = self.code[lender] if lender is not None else ""
        return list(self.operations.steps(value, self.flow.order[value], name, out))

    def _in_slot(self, value: Value, name: str) -> list[Step | str]:
        """Return the statements that compute a block of the result at its place."""
        block, write, place = self.slots[value]
        assert isinstance(write.value, Operand)
        labels = dict(zip(value.axes, write.value.labels, strict=True))
        order = [labels[axis] for axis in self.flow.order[value]]
        view = self._view(block, write, place, order)
        found: list[Step | str] = [comment] if (comment := self.explain(block, write)) else []
        if value in self.flow.cut:
            found.append(Step(RAW, (view + self._rows(write, order),), name))
        else:
            self.code[value] = name = view
        return [*found, *self.operations.steps(value, self.flow.order[value], name, name)]

    def _rows(self, write: Write, order: Sequence[int]) -> str:
        """Return the index that takes a block of samples."""
        assert isinstance(write.value, Operand)
        value, labels = write.value
        return f"[{':, ' * order.index(labels[value.axes.index(self.flow.cut[value])])}{ROWS}]"

    def _buffer(self, value: Value, name: str, lender: Value | None) -> None:
        """Note the memory of a value, for those who make it beforehand."""
        known = {buffer.name for buffer in self.body.buffers}
        if name in known:
            return
        if lender is not None:
            self.body.buffers.append(View(name, self.code[lender]))
            return
        sizes = dict(zip(value.axes, value.sizes, strict=True))
        shape = [size_code(sizes[axis], self.words) for axis in self.flow.order[value]]
        self.body.buffers.append(View(name, f"np.empty(({', '.join(shape)}{',' if len(shape) == 1 else ''}), dtype)"))

    def _assembled(self, value: Value, name: str) -> list[Step | str]:
        """Return the statements that put an array with diagonals together."""
        (block,) = value.fills
        shape = ", ".join(size_code(size, self.words) for size in value.sizes)
        comma = "," if value.rank == 1 else ""
        found: list[Step | str] = [Step(RAW, (f"np.zeros(({shape}{comma}), dtype)",), name)]
        for write in block.writes:
            order = [k for k in value.axes if k == BATCH or k in write.pattern]
            steps = {axis: place for place, axis in enumerate(value.axes)}
            strides = [
                " + ".join(
                    f"{name}.strides[{steps[k]}]"
                    for k in value.axes
                    if k == label or (k != BATCH and write.pattern[k] == label)
                )
                for label in order
            ]
            sizes = [size_code(value.sizes[steps[label]], self.words) for label in order]
            view = f"{name}[...]" if len(order) == value.rank else _ndarray(name, sizes, "0", strides)
            target = self.fresh("v") if len(order) < value.rank else name
            if len(order) < value.rank:
                found.append(Step(RAW, (view,), target))
            found.extend(self._assign(write, target, order))
        return found

    def _assign(self, write: Write, target: str, order: Sequence[int]) -> list[Step]:
        if isinstance(write.value, Fraction):
            number = self.operations.number(write.value)
            return [Step("add", (target, number), "", target) if write.add else Step(COPY, (number,), "", target)]
        code = self.operations.operand(write.value, order, None)
        return [Step("add", (target, code), "", target) if write.add else Step(COPY, (code,), "", target)]

    def _is_looped(self, write: Write) -> bool:
        return isinstance(write.value, Operand) and write.value.value in self.flow.cut

    def _write(self, block: Block, write: Write, place: Place, lines: list[Step | str]) -> None:
        """Add an assignment to the result: a view, and what is written into it."""
        comment = self.explain(block, write)
        lines.extend([comment] if comment else [])
        if isinstance(write.value, Fraction):
            order = self._memory_order(write, place)
            lines.extend(self._assign(write, self._view(block, write, place, order), order))
            return
        value, labels = write.value
        memory = self._memory_order(write, place)
        if value in self.inside:
            order = memory
        else:
            own = [labels[value.axes.index(axis)] for axis in self.flow.order[value]]
            order = [k for k in memory if k not in own] + own
        target = self._view(block, write, place, order)
        if value in self.flow.cut:
            target += self._rows(write, order)
        if value in self.inside:
            axes = {label: axis for axis, label in zip(value.axes, labels, strict=True)}
            lines.extend(self.operations.steps(value, tuple(axes[k] for k in order), "", target))
        else:
            lines.extend(self._assign(write, target, order))

    def _memory_order(self, write: Write, place: Place) -> list[int]:
        order = place.order(write.pattern, self.fortran)
        return [BATCH, *order] if self.plan.batch else order

    def _view(self, block: Block, write: Write, place: Place, order: Sequence[int]) -> str:
        """Return the name of the view of the result that an assignment writes to."""
        strides, sizes = [], []
        for label in order:
            members = [label] if label == BATCH else [k for k, root in enumerate(write.pattern) if root == label]
            strides.append(" + ".join(self._stride(place, k) for k in members))
            sizes.append("batch" if label == BATCH else size_code(block.sizes[label], self.words))
        sizes = [self.words["batch"] if label == BATCH else size for label, size in zip(order, sizes, strict=True)]
        start = " + ".join(
            f"{factor_code(Size(offset) if isinstance(offset, int) else offset, self.words)}*{self._unit(dimension)}"
            for dimension, offset in enumerate(place.start)
            if offset != 0
        )
        code = _ndarray("J.T" if self.fortran else "J", sizes, start or "0", strides)
        known = next((view.name for view in self.body.views if view.code == code), None)
        if known is None:
            known = self.fresh("dJ")
            self.body.views.append(View(known, code))
        return known

    def _stride(self, place: Place, index: int) -> str:
        if index == BATCH:
            return "J.strides[0]"
        run = place.runs[index]
        step = product_code(run.step, self.words)
        unit = self._unit(run.dimension)
        return unit if step == "1" else f"{step}*{unit}"

    def _unit(self, dimension: int) -> str:
        return self.strides[dimension]

    @property
    def strides(self) -> tuple[str, ...]:
        """The names of the strides of the result."""
        if len(self.target.shape) == 2:
            return (self.words["row"], self.words["col"])
        return tuple(self.words[f"s{k}"] for k in range(len(self.target.shape)))

    def _block_sizes(self) -> tuple[str, str]:
        """Return how many samples or units there are, and how many entries each takes in what is computed block by block."""
        if self.flow.sample is None or not self.body.loop:
            return "", ""
        widths: dict[str, int] = {}
        count = ""
        for value, axis in self.flow.cut.items():
            if value in self.flow.uses:
                place = value.axes.index(axis)
                count = size_code(value.sizes[place], self.words)
                if value not in self.inside | self.folded and self.sharing.lender(value) is None and value not in self.slots:
                    rest = value.sizes[:place] + value.sizes[place + 1 :]
                    code = product_code(rest, self.words)
                    widths[code] = widths.get(code, 0) + 1
        width = " + ".join(code if n == 1 else f"{n}*{code}" for code, n in widths.items())
        return count, width or "1"


def _ndarray(array: str, sizes: Sequence[str], start: str, strides: Sequence[str]) -> str:
    shape, steps = (f"({', '.join(parts)}{',' if len(parts) == 1 else ''})" for parts in (sizes, strides))
    return f"np.ndarray({shape}, dtype, {array}, {start}, {steps})"
