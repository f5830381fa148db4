"""Each kind of value as steps of NumPy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from string import ascii_letters
from typing import TYPE_CHECKING

from symjac.compile.flow import contraction
from symjac.compile.functions import STEPS, definition
from symjac.compile.sizes import product_code, size_code
from symjac.compile.steps import AFFINE, COPY, RAW, Step
from symjac.compile.values import (
    BATCH,
    CONTRACT,
    DETERMINANT,
    DIAGONAL,
    INLINE,
    INVERSE,
    LOGSUMEXP,
    MAP,
    MULTIPLY,
    NUMBER,
    POWER,
    REDUCE,
    SCALE,
    SIZE,
    SOFTMAX,
    SUM,
    UNIT,
    Operand,
    Value,
)

if TYPE_CHECKING:
    from symjac.compile.lower import Lowering

Order = Sequence[int]


def _as_base(code: str) -> str:
    """Return code that may stand under an exponent, or be one: −1 ** P is −(1 ** P)."""
    return code if code.isidentifier() or code.isdigit() else f"({code})"


def _is_outer(value: Value, inner: int) -> bool:
    """Whether the factors of a product have axes, but only one of them the innermost."""
    return all(o.labels for o in value.operands) and sum(inner in o.labels for o in value.operands) == 1


class Operations:
    """Writes values, axes in a given order, as a new array or into a place."""

    def __init__(self, work: Lowering) -> None:
        self.work = work
        self._writers: dict[str, Callable[[Value, Order, str, str], Iterator[Step]]] = {
            SCALE: self._scale,
            MULTIPLY: self._multiply,
            SUM: self._sum,
            MAP: self._map,
            POWER: self._power,
            CONTRACT: self._contract,
            REDUCE: self._reduce,
            DIAGONAL: self._diagonal,
            INVERSE: self._inverse,
            DETERMINANT: self._determinant,
            SOFTMAX: self._softmax,
            LOGSUMEXP: self._logsumexp,
            UNIT: self._unit,
        }

    def steps(self, value: Value, order: Order, name: str, out: str) -> Iterator[Step]:
        """Yield the calls that compute a value under a name, or into `out`."""
        return self._writers[value.kind](value, order, name, out)

    # Operands

    def operand(self, operand: Operand, order: Order, consumer: Value | None) -> str:
        """Return the code of an operand with its axes in this order, ready to be broadcast."""
        value, labels = operand
        if value.kind == NUMBER:
            return self._power_of_number(*value.data)
        if value.kind == SIZE:
            size = value.data[0]
            code = self.work.words[size] if isinstance(size, str) else size_code(size, self.work.words)
            return f"({code})" if " " in code else code
        own = [labels[value.axes.index(axis)] for axis in self.work.flow.order[value]]
        wanted = [label for label in order if label in own]
        code = self.work.code[value]
        if own != wanted:
            places = [own.index(label) for label in wanted]
            code += ".T" if places == list(range(len(own)))[::-1] else f".transpose({', '.join(map(str, places))})"
        sample = self.work.flow.cut.get(consumer) if consumer is not None and value not in self.work.flow.cut else None
        parts: list[str] = []
        for label in order:
            if label in own:
                parts.append("rows" if label == sample else ":")
            elif parts:
                parts.append("None")
        while parts and parts[-1] == ":":
            parts.pop()
        return f"{code}[{', '.join(parts)}]" if parts else code

    def number(self, value: Fraction) -> str:
        """Return a rational number as an operand."""
        if value.denominator == 1:
            return str(value)
        if value.denominator & (value.denominator - 1) == 0 and value.denominator < 2**20:
            return str(float(value))
        return f"({value.numerator} / {value.denominator})"

    def _power_of_number(self, value: Fraction | int, exponent: Fraction) -> str:
        base = self.number(Fraction(value))
        return base if exponent == 1 else f"{_as_base(base)} ** {self.number(exponent)}"

    # Entry by entry

    def _scale(self, value: Value, order: Order, name: str, out: str) -> Iterator[Step]:
        code = self.operand(value.operands[0], order, value)
        factor = self.number(value.data[0])
        if value.data[0] == -1:
            yield Step("negative", (code,), name, out)
        else:
            yield Step("multiply", (code, factor) if code == out else (factor, code), name, out)

    def _multiply(self, value: Value, order: Order, name: str, out: str) -> Iterator[Step]:
        if len(order) > 2 and _is_outer(value, order[-1]):
            # Where one factor repeats along the innermost axis, einsum has loops of its own: twice as quick.
            yield self._einsum(value, order, name, out)
            return
        left, right = (self.operand(operand, order, value) for operand in value.operands)
        yield Step("multiply", (left, right) if right != out else (right, left), name, out)

    def _sum(self, value: Value, order: Order, name: str, out: str) -> Iterator[Step]:
        product, labels = value.operands[0]
        if product in self.work.folded:
            axes = dict(zip(labels, product.axes, strict=True))
            (step,) = self._contract(product, [axes[k] for k in order], name, "")
            yield Step(AFFINE, (*step.args, self.operand(value.operands[1], order, value)), name, out)
            return
        constant, *signs = value.data
        codes = [self.operand(operand, order, value) for operand in value.operands]
        covered = set(value.operands[0].labels)
        current = codes[0]
        if signs[0] < 0 and constant:
            yield Step("subtract", (self.number(constant), current), name, out)
            current, constant = out or name, Fraction(0)
        elif signs[0] < 0:
            yield Step("negative", (current,), name, out)
            current = out or name
        for operand, code, sign in zip(value.operands[1:], codes[1:], signs[1:], strict=True):
            whole = value.rank and covered.issuperset(value.axes) and current == name
            yield Step("add" if sign > 0 else "subtract", (current, code), name, out or (name if whole else ""))
            covered |= set(operand.labels)
            current = out or name
        if constant:
            whole = value.rank and current == name
            yield Step("add", (current, self.number(constant)), name, out or (name if whole else ""))

    def _map(self, value: Value, order: Order, name: str, out: str) -> Iterator[Step]:
        code = self.operand(value.operands[0], order, value)
        if value.operands[0].value.kind in INLINE:
            # NumPy would take a plain number for float64, and all that is computed with it.
            code = f"dtype.type({code})"
        function = value.data[0]
        if not isinstance(function, str):
            text = f"({definition(function)})({code})"
            yield from self._made_anew(text, name, out)
            return
        if function == "softplus":
            # logaddexp is for real numbers alone.
            text = f'np.logaddexp({code}, 0) if dtype.kind == "f" else np.log1p(np.exp({code}))'
            yield from self._made_anew(text, name, out)
            return
        if function == "step" and not out:
            yield Step(RAW, (f"({code} > 0).astype(dtype)",), name)
            return
        place = out
        for call, *args in STEPS[function]:
            words = {"x": code, "y": out or name}
            yield Step(call, tuple(words.get(arg, arg) for arg in args), name, place)
            place = out or (name if value.rank else "")

    def _made_anew(self, code: str, name: str, out: str) -> Iterator[Step]:
        """Yield the steps for code that makes an array of its own: where there is a place for it, it is copied."""
        yield Step(COPY, (code,), "", out) if out else Step(RAW, (code,), name)
        if out and name and name != out:
            yield Step(RAW, (out,), name)

    def _power(self, value: Value, order: Order, name: str, out: str) -> Iterator[Step]:
        code = self.operand(value.operands[0], order, value)
        exponent = value.data[0]
        if not isinstance(exponent, Fraction):
            text = _as_base(size_code(exponent, self.work.words))
            yield Step("power", (code, text), name, out) if value.rank else Step(RAW, (f"{_as_base(code)} ** {text}",), name)
        elif not value.rank:
            yield Step(RAW, (f"{_as_base(code)} ** {_as_base(self.number(exponent))}",), name)
        elif exponent == 2:
            yield Step("multiply", (code, code), name, out)
        elif exponent == -1:
            yield Step("divide", ("1", code), name, out)
        elif exponent in (Fraction(1, 2), Fraction(-1, 2)):
            yield Step("sqrt", (code,), name, out)
            if exponent < 0:
                yield Step("divide", ("1", out or name), name, out or name)
        else:
            yield Step(
                "power",
                (code, f"{exponent}.0" if exponent.denominator == 1 and exponent < 0 else self.number(exponent)),
                name,
                out,
            )

    # Sums over axes

    def _reduce(self, value: Value, order: Order, name: str, out: str) -> Iterator[Step]:
        (operand,) = value.operands
        summed = [k for k in operand.labels if k not in value.axes]
        inner = [*order, *summed]
        own = [operand.labels[operand.value.axes.index(axis)] for axis in self.work.flow.order[operand.value]]
        if [k for k in own if k in value.axes] == list(order):
            inner = own
        axes = [inner.index(k) for k in summed]
        axis = "" if len(axes) == len(inner) else f"axis={axes[0] if len(axes) == 1 else tuple(axes)}"
        yield Step("sum", (self.operand(operand, inner, value), *([axis] if axis else [])), name, out)

    def _contract(self, value: Value, order: Order, name: str, out: str) -> Iterator[Step]:
        if value in self.work.flow.solved:
            yield from self._made_anew(self._solution(value, order), name, out)
            return
        parts = contraction(value)
        first, second = value.operands
        if parts.is_matmul:
            left, right = (tuple(k for k in order if k in side) for side in (parts.left, parts.right))
            is_outer = not parts.batch and left and right and self._is_one(first, parts.summed[0])
            if len(right) > 1 or (len(left) <= 1 and tuple(order) != (*parts.batch, *left, *right)):
                (left, right), (first, second) = (right, left), (second, first)
            codes = (
                self.operand(first, (*parts.batch, *left, *parts.summed), value),
                self.operand(second, (*parts.batch, *parts.summed, *right), value),
            )
            yield Step("multiply" if is_outer else "matmul", codes, name, out)
        elif parts.is_tensordot and not out:  # np.tensordot cannot write in place
            axes, words = [], []
            for operand, kept in ((first, parts.left), (second, parts.right)):
                inner = [*(k for k in order if k in kept), *parts.summed]
                words.append(self.operand(operand, inner, value))
                axes.append([inner.index(k) for k in parts.summed])
            yield Step("tensordot", (*words, f"({axes[0]}, {axes[1]})"), name, out)
        else:
            yield self._einsum(value, order, name, out)

    def _is_one(self, operand: Operand, label: int) -> bool:
        """Whether an axis is known to have size 1: a product over it is an outer one, and BLAS is slow there."""
        sizes = dict(zip(operand.labels, operand.value.sizes, strict=True))
        return self.work.plan.values.guess(sizes[label]) == 1

    def _einsum(self, value: Value, order: Order, name: str, out: str) -> Step:
        letters: dict[int, str] = {}
        words, codes = [], []
        for operand in value.operands:
            own = [operand.labels[operand.value.axes.index(axis)] for axis in self.work.flow.order[operand.value]]
            words.append("".join(letters.setdefault(k, ascii_letters[8 + len(letters)]) for k in own))
            codes.append(self.operand(operand, own, value))
        result = "".join(letters[k] for k in order)
        return Step("einsum", (f'"{",".join(words)}->{result}"', *codes), name, out)

    def _diagonal(self, value: Value, order: Order, name: str, out: str) -> Iterator[Step]:
        (operand,) = value.operands
        own = [operand.labels[operand.value.axes.index(axis)] for axis in self.work.flow.order[operand.value]]
        letters = {k: ascii_letters[8 + position] for position, k in enumerate(dict.fromkeys(own))}
        word = "".join(letters[k] for k in own)
        code = self.work.code[operand.value]
        sample = self.work.flow.cut.get(value)
        if sample is not None and operand.value not in self.work.flow.cut:
            parts = ["rows" if k == sample else ":" for k in own]
            code += f"[{', '.join(parts)}]"
        yield Step(RAW, (f'np.einsum("{word}->{"".join(letters[k] for k in order)}", {code})',), name)

    # All entries at once

    def _square(self, value: Value, rows: Order, cols: Order) -> tuple[str, bool]:
        """Return the code of an operand as a square matrix, and whether its axes had to be joined."""
        (operand,) = value.operands
        batch = (BATCH,) if BATCH in operand.labels else ()
        code = self.operand(operand, (*batch, *rows, *cols), value)
        if len(rows) == len(cols) == 1:
            return code, False
        sizes = dict(zip(operand.labels, operand.value.sizes, strict=True))
        ahead = f"{code}.shape[0], " if batch else ""
        side = product_code(tuple(sizes[k] for k in rows), self.work.words)
        return f"{code}.reshape({ahead}{side}, {side})", True

    def _inverse(self, value: Value, order: Order, name: str, out: str) -> Iterator[Step]:
        inner = [k for k in value.axes if k != BATCH]
        split = len(inner) - value.data[0]
        code, joined = self._square(value, inner[split:], inner[:split])
        code = f"np.linalg.inv({code})"
        if joined:
            code += f".reshape({', '.join(size_code(size, self.work.words) for size in value.sizes)})"
        yield Step(RAW, (code,), name)

    def _solution(self, value: Value, order: Order) -> str:
        """Return the code of a product with an inverse as the solution of a system of equations."""
        inverse, labels = self.work.flow.solved[value]
        axes = dict(zip(labels, inverse.axes, strict=True))
        (kept,), (summed,) = [k for k in labels if k in value.axes], [k for k in labels if k not in value.axes]
        code, _ = self._square(inverse, (axes[summed],), (axes[kept],))
        other = next(operand for operand in value.operands if operand.value is not inverse)
        right = self.operand(other, (summed, *(k for k in value.axes if k != kept)), value)
        turned = ".T" if order[0] != kept else ""
        return f"np.linalg.solve({code}, {right}){turned}"

    def _determinant(self, value: Value, order: Order, name: str, out: str) -> Iterator[Step]:
        count = len([k for k in value.operands[0].labels if k != BATCH])
        rows = value.data[0]
        code, _ = self._square(value, range(rows), range(rows, count))
        yield Step(RAW, (f"np.linalg.det({code})",), name)

    def _softmax(self, value: Value, order: Order, name: str, out: str) -> Iterator[Step]:
        code, axes = self._over_all(value)
        place = out or name
        yield Step("subtract", (code, f"{code}.max({axes})"), name, out)
        yield Step("exp", (place,), name, place)
        yield Step("divide", (place, f"{place}.sum({axes})"), name, place)

    def _logsumexp(self, value: Value, order: Order, name: str, out: str) -> Iterator[Step]:
        code, axes = self._over_all(value)
        batched = bool(axes)
        top = f"{code}.max({axes})"
        flat = axes.removesuffix(", keepdims=True")
        yield Step(RAW, (f"np.log(np.exp({code} - {top}).sum({flat})) + {code}.max({flat if batched else ''})",), name)

    def _over_all(self, value: Value) -> tuple[str, str]:
        (operand,) = value.operands
        own = tuple(operand.labels[operand.value.axes.index(axis)] for axis in self.work.flow.order[operand.value])
        order = value.axes if value.rank == len(own) else own
        code = self.operand(operand, order, value)
        if BATCH not in own:
            return code, ""
        axes = tuple(k for k, label in enumerate(order) if label != BATCH)
        return code, f"axis={axes}, keepdims=True"

    def _unit(self, value: Value, order: Order, name: str, out: str) -> Iterator[Step]:
        size = size_code(value.sizes[0], self.work.words)
        yield Step(RAW, (f"np.eye(1, {size}, {value.data[0]}, dtype=dtype)[0]",), name)
