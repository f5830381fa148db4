"""Operations on all entries at once inside numba's loops: NumPy's own, of matrices put in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from symjac.compile.sizes import product_code, size_code
from symjac.compile.values import BATCH, DETERMINANT, INVERSE, SOFTMAX, Operand, Value
from symjac.errors import UnsupportedError

if TYPE_CHECKING:
    from symjac.compile.loops import Loops

SAMPLE = "sample"
"""The variable of the loop over samples."""


def whole_lines(loops: Loops, value: Value) -> list[str]:
    """Return the statements that compute an inverse, a determinant, a softmax or a logsumexp."""
    (operand,) = value.operands
    batched, looped = BATCH in operand.labels, value in loops.looped
    if (batched and not looped) or operand.value not in loops.code:
        raise UnsupportedError(f"the numba backend has no {value.kind} of a {operand.value.kind} for many points at once")
    code, name = loops.code[operand.value], loops.code[value]
    own = [operand.labels[operand.value.axes.index(axis)] for axis in loops.axes(operand.value)]
    if batched and operand.value not in loops.looped:
        code = f"{code}[{', '.join(SAMPLE if k == BATCH else ':' for k in own)}]"
    own = [k for k in own if k != BATCH]
    axes = [k for k in value.axes if k != BATCH]
    if value.kind in (INVERSE, DETERMINANT):
        split = len(own) - value.data[0] if value.kind == INVERSE else value.data[0]
        rows, cols = (axes[split:], axes[:split]) if value.kind == INVERSE else (range(split), range(split, len(own)))
        square = _square(loops.words, operand, code, own, [*rows, *cols], len(rows))
        if value.kind == DETERMINANT:
            return [f"{name} = np.linalg.det({square})"]
        sizes = [size_code(s, loops.words) for k, s in zip(value.axes, value.sizes, strict=True) if k != BATCH]
        back = f".reshape(({', '.join(sizes)}))" if len(sizes) > 2 else ""
        return [f"{name} = np.linalg.inv({square}){back}"]
    if value.kind == SOFTMAX:
        turned = _transposed(code, own, axes)
        return [f"{name} = np.exp({turned} - np.max({code}))", f"{name} /= {name}.sum()"]
    return [f"{name} = np.max({code}) + np.log(np.exp({code} - np.max({code})).sum())"]


def _square(words: dict[str, str], operand: Operand, code: str, own: list[int], order: list[int], rows: int) -> str:
    """Return an operand as a square matrix; axes may have to be joined for it."""
    code = f"np.ascontiguousarray({_transposed(code, own, order)})"
    if len(order) == 2:
        return code
    sizes = dict(zip(operand.labels, operand.value.sizes, strict=True))
    side = product_code(tuple(sizes[k] for k in order[:rows]), words)
    return f"{code}.reshape(({side}, {side}))"


def _transposed(code: str, own: Sequence[int], wanted: Sequence[int]) -> str:
    """Return an array with its axes in another order."""
    axes = tuple(own.index(k) for k in wanted)
    return code if axes == tuple(range(len(own))) else f"np.transpose({code}, {axes})"
