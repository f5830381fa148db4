"""The text of a generated module: arguments are read and checked, the result is made, the statements fill it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from symjac.compile.lower import Body, Lowering
from symjac.compile.names import harmless, safe_names
from symjac.compile.plan import BATCH_SIZE, Block, Plan, Write
from symjac.compile.sizes import size_code
from symjac.compile.steps import Step
from symjac.compile.target import Target
from symjac.compile.values import SIZE
from symjac.errors import UnsupportedError
from symjac.nodes.node import Symbol
from symjac.nodes.sizes import ONE, Size

PREAMBLE = '''import numpy as np


def read(*given):
    """Return arguments as arrays of one floating type, without axes of size 1, and the type; each is (value, rank, about)."""
    arrays, dtype, mixed = [], None, False
    for value, rank, about in given:
        if value.__class__ is not np.ndarray or value.ndim != rank or value.dtype is not dtype:
            value = fitted(value, rank, *about)
            mixed = mixed or (dtype is not None and dtype != value.dtype)
            dtype = value.dtype
        arrays.append(value)
    if mixed:
        # A plain number takes the type of the arrays beside it.
        plain = (int, float, complex)
        dtype = np.result_type(*(given[k][0] if given[k][0].__class__ in plain else array for k, array in enumerate(arrays)))
        arrays = [array.astype(dtype, copy=False) for array in arrays]
    return *arrays, dtype


def fitted(value, rank, name, shape, batched):
    """Return an argument as an array of floating numbers with so many axes, or raise ValueError."""
    value = np.asarray(value)
    if value.dtype.kind not in "fc":
        value = value.astype(float)
    if value.ndim == rank:
        return value
    if value.ndim == 2 and not batched and value.size == (value.shape[shape[0] == 1] if rank else 1):
        return value.reshape((-1,)[:rank])
    if value.ndim == 2 + batched:
        kept = [n for n, size in zip(value.shape[batched:], shape) if n != 1 or size != 1]
        if batched + len(kept) == rank:
            return value.reshape(value.shape[:batched] + tuple(kept))
    elif value.ndim < rank and not batched:
        return value.reshape((-1, 1)[:rank])
    elif not batched and not rank and value.size == 1:
        return value.reshape(())
    unfit(name, value, shape, batched)


def place(out, shape, dtype):
    """Return an array to write into, or raise ValueError: it has to be one that was made for this."""
    if out.shape != shape or out.dtype != dtype:
        raise ValueError(f"out is {out.shape} of {out.dtype}: it has to be {shape} of {dtype}")
    return out


def unfit(name, value, shape, batched=False, **sizes):
    """Raise ValueError: an argument has a shape that does not fit."""
    got = " x ".join(map(str, np.shape(value))) or "single number"
    wanted = " x ".join(map(str, shape)) + (", with a batch axis in front" if batched else "")
    known = "".join(f", with {size} = {number}" for size, number in sizes.items())
    raise ValueError(f"{name} is {wanted}{known}: a {got} array does not fit")
'''
"""What every generated module starts with."""

BLOCKS = '''

def blocks(J, samples, width, least, each, most):
    """Return slices of so many samples or units that a block of them, with so many entries each, stays in the cache.

    Each has about the least number of them or more; a large J has a block for each so many entries, up to the most.
    """
    step = max(least, 100_000 // width)
    parts = max(1, min(most, J.size // each, 2 * samples // least))
    step = min(step, -(-samples // parts))
    return [slice(start, min(start + step, samples)) for start in range(0, samples, step)]


def share(J, blocks, fill):
    """Call fill(rows) for every block of J: in two threads where there is much to do, in F order with a shorter buffer.

    NumPy copies what lies in shorter runs than its buffer, of 8192 entries, before it computes with it: for runs of
    some hundred that takes longer than the computing.
    """
    usual = np.getbufsize()
    if not J.flags.c_contiguous and 256 <= len(J) < usual:
        np.setbufsize(256)
    try:
        if J.size > 1_000_000 and len(blocks) > 1:
            together(blocks, fill)
        else:
            for rows in blocks:
                fill(rows)
    finally:
        np.setbufsize(usual)


def together(blocks, fill):
    """Call fill(rows) for every block, with the help of a second thread."""
    from contextvars import copy_context

    left = iter(blocks)

    def work():
        for rows in left:
            fill(rows)

    other = helper().submit(copy_context().run, work)
    try:
        work()
    finally:
        if not other.cancel():
            other.result()


def helper():
    """Return what runs the second thread, made when it is needed first; a forked process makes its own."""
    if not hasattr(helper, "pool"):
        import os
        from concurrent.futures import ThreadPoolExecutor

        helper.pool = ThreadPoolExecutor(1)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=lambda: vars(helper).pop("pool", None))
    return helper.pool
'''
"""What a module with samples needs in addition."""

AFFINE = '''

def affine(A, B, b, out=None):
    """Return A @ B + b for a row or a column b; over a short axis as one product: [A 1] @ [B; b] or [A b] @ [B; 1]."""
    m, k, n = *A.shape, B.shape[1]
    if k > 4 or m * n < 4096:
        out = np.matmul(A, B, out=out)
        out += b
        return out
    left, right = np.empty((m, k + 1), A.dtype), np.empty((k + 1, n), A.dtype)
    left[:, :k], right[:k] = A, B
    left[:, k:], right[k] = (b, 1) if b.ndim == 2 else (1, b)
    return np.matmul(left, right, out=out)
'''
"""What a module needs in addition where a row or a column is added to a product of matrices."""


@dataclass(frozen=True)
class Argument:
    """A symbol as an argument: the axes it has as an array, and their sizes."""

    symbol: Symbol
    batched: bool
    split: tuple[Size, ...] | None = None
    """The sizes of its axes, where its rows or columns are products of axes that are handed in apart."""

    @property
    def sizes(self) -> tuple[Size, ...]:
        if self.split is not None:
            return self.split
        return tuple(size for size in self.symbol.shape if size is not ONE)

    @property
    def rank(self) -> int:
        """How many axes it has as an array."""
        return len(self.all_sizes)

    @property
    def all_sizes(self) -> tuple[Size, ...]:
        """The sizes with the number of points in front, where there are many."""
        return (BATCH_SIZE, *self.sizes) if self.batched else self.sizes


class Names:
    """Identifiers: those of the user after a check, and ours, all different."""

    def __init__(self, wanted: Sequence[str], reserved: Sequence[str] = ()) -> None:
        self.known = safe_names(wanted, (*RESERVED, *reserved))
        self.taken = {*self.known.values(), *RESERVED, *reserved}

    def fresh(self, base: str) -> str:
        """Return an identifier that nobody has yet: `t` becomes t1, other words stay while they are free."""
        candidates = (f"{base}{k}" if k or base == "t" else base for k in count(1 if base == "t" else 0))
        found = next(name for name in candidates if name not in self.taken)
        self.taken.add(found)
        return found


RESERVED = (
    "np",
    "read",
    "fitted",
    "place",
    "unfit",
    "blocks",
    "share",
    "together",
    "helper",
    "affine",
    "fill",
    "jacobian",
    "bind",
    "call",
    "J",
    "out",
    "dtype",
    "rows",
    "t",
    "float",
    "min",
    "max",
    "len",
)


def needed_sizes(arguments: Sequence[Argument]) -> list[Size]:
    return list(dict.fromkeys(size for argument in arguments for size in argument.sizes))


class Module:
    """A plan, its result and its arguments, ready to be written as a function."""

    def __init__(
        self,
        plan: Plan,
        target: Target,
        arguments: Sequence[Argument],
        inner: Sequence[str],
        text: str,
        fortran: bool = False,
        explain: Callable[[Lowering], Callable[[Block, Write], str]] | None = None,
    ) -> None:
        self.plan, self.target, self.arguments, self.fortran = plan, target, arguments, fortran
        self.inner, self.text, self.explain = list(inner), text, explain
        counted = {v.data[0] for v in plan.values.made if v.kind == SIZE and isinstance(v.data[0], str)}
        self.size_names = sorted({s.name for size in self._all_sizes() for s in size.free_symbols} | counted)
        self.unread = self._unread_sizes()

    def _all_sizes(self) -> list[Size]:
        made = [size for value in self.plan.values.made for size in value.sizes]
        blocks = [size for block in self.plan.blocks for size in block.sizes]
        counted = [v.data[0] for v in self.plan.values.made if v.kind == SIZE and not isinstance(v.data[0], str)]
        return list(dict.fromkeys([*needed_sizes(self.arguments), *made, *blocks, *self.target.shape, *counted]))

    def _unread_sizes(self) -> tuple[str, ...]:
        """Return the sizes that stand in no argument's shape, which are arguments themselves.

        Raises UnsupportedError for one that stands in a composed size alone, as in 2N.
        """
        shown = needed_sizes(self.arguments)
        alone = {size.name for size in shown if size.is_Symbol} | {"batch"}
        composed = {symbol.name for size in shown for symbol in size.free_symbols}
        unread = [name for name in self.size_names if name not in alone]
        for name in unread:
            if name in composed:
                raise UnsupportedError(
                    f"the size {name} cannot be read off an argument: no argument has it as its number of rows or columns"
                )
        return tuple(unread)

    def lowered(self, blocked: bool, sizes: Mapping[str, str] | None = None) -> tuple[Names, dict[str, str], Body]:
        """Return the names, the words for sizes and strides, and the statements; sizes may be given as numbers."""
        inner = [name for name in self.size_names if name != "batch"]
        names = Names([*(a.symbol.name for a in self.arguments), *inner, *self.inner])
        words = {name: names.known[name] for name in inner}
        words |= {
            word: names.fresh(word) for word in ("row", "col", "batch", *(f"s{k}" for k in range(len(self.target.shape))))
        }
        work = Lowering(
            self.plan,
            self.target,
            names.known,
            names.fresh,
            words | dict(sizes or {}),
            self.fortran,
            blocked,
        )
        if self.explain:
            work.explain = self.explain(work)
        return names, work.words, work.lower()

    # The function

    def source(self, name: str = "jacobian") -> str:
        """Return the function as text."""
        names, words, body = self.lowered(blocked=True)
        arguments = [names.known[a.symbol.name] for a in self.arguments]
        lines = [
            f'"""{harmless(self.text)}"""',
            *self._reading(names, words),
            f"J = {self.made(words)} if out is None else place(out, {self._shape(words)}, dtype)",
            *self.strides(words, body),
            *(f"{view.name} = {view.code}" for view in body.views),
            *written(body.before),
        ]
        if body.loop:
            lines += looped(body, self.slices(body))
        lines += [*written(body.after), "return J"]
        parameters = ", ".join([*arguments, *(words[name] for name in self.unread), "out=None"])
        return f"def {name}({parameters}):\n" + "".join(f"    {line}".rstrip() + "\n" for line in lines)

    def slices(self, body: Body) -> str:
        """Return the call that makes the blocks; where samples run fastest, few of them would jump from page to page."""
        limits = "64, 500_000, 4"
        if self.fortran:
            limits = "1, 500_000, 2" if body.across else "1024, 500_000, 2"
        return f"blocks(J, {body.samples}, {body.width}, {limits})"

    def module(self) -> str:
        """Return a module with this function alone."""
        return self.with_tools(self.source())

    def with_tools(self, function: str) -> str:
        """Return a module with a function of this kind."""
        more = "".join(tools for call, tools in (("blocks(J, ", BLOCKS), ("affine(", AFFINE)) if call in function)
        return f"{PREAMBLE}{more}\n\n{function}"

    def _reading(self, names: Names, words: Mapping[str, str]) -> list[str]:
        """Return the statements that read the arguments, name the sizes and compare them."""
        parts = []
        for argument in self.arguments:
            name = names.known[argument.symbol.name]
            about = f'("{name}", ({self._shape_words(argument, words)}), {argument.batched})'
            parts.append(f"({name}, {argument.rank}, {about})")
        results = ", ".join([*(names.known[a.symbol.name] for a in self.arguments), "dtype"])
        lines = [f"{results} = read({', '.join(parts)})"] if parts else ["dtype = np.dtype(float)"]
        known: set[str] = set()
        later: list[str] = []
        for argument in self.arguments:
            name = names.known[argument.symbol.name]
            axes = [words["batch"] if argument.batched else "", *(size_code(s, words) for s in argument.sizes)]
            axes = axes if argument.batched else axes[1:]
            if not axes:
                continue
            new = [axis for axis in dict.fromkeys(axes) if axis.isidentifier() and axis not in known]
            composed = [axis for axis in axes if not axis.isidentifier() and not axis.isdigit()]
            if len(new) == len(axes):
                lines.append(f"{', '.join(axes)}{',' if len(axes) == 1 else ''} = {name}.shape")
                known.update(new)
                continue
            for axis in new:
                lines.append(f"{axis} = {name}.shape[{axes.index(axis)}]")
                known.add(axis)
            (later if composed else lines).extend(self._comparison(argument, name, axes, words))
        return lines + later

    def _shape_words(self, argument: Argument, words: Mapping[str, str]) -> str:
        return ", ".join(size_code(s, words) if s.is_Integer else f'"{size_code(s, words)}"' for s in argument.symbol.shape)

    def _comparison(self, argument: Argument, name: str, axes: Sequence[str], words: Mapping[str, str]) -> list[str]:
        shape = f"({', '.join(axes)}{',' if len(axes) == 1 else ''})"
        sizes = [words[s.name] for s in dict.fromkeys(s for size in argument.sizes for s in sorted(size.free_symbols, key=str))]
        known = "".join(f", {size}={size}" for size in sizes if size.isidentifier())
        return [
            f"if {name}.shape != {shape}:",
            f'    unfit("{name}", {name}, ({self._shape_words(argument, words)}), {argument.batched}{known})',
        ]

    def made(self, words: Mapping[str, str]) -> str:
        """Return the code that makes the result; zeros only where something stays zero."""
        full = all(block.full for block in self.plan.blocks)
        order = ', order="F"' if self.fortran else ""
        return f"np.{'empty' if full else 'zeros'}({self._shape(words)}, dtype{order})"

    def _shape(self, words: Mapping[str, str]) -> str:
        shape = [size_code(size, words) for size in self.target.shape]
        if self.plan.batch:
            shape.insert(0, words["batch"])
        return f"({', '.join(shape)})"

    def strides(self, words: Mapping[str, str], body: Body) -> list[str]:
        if len(self.target.shape) == 2:
            found = [words["row"], words["col"]]
        else:
            found = [words[f"s{k}"] for k in range(len(self.target.shape))]
        if not any(name in view.code for view in body.views for name in found):
            return []
        return [f"{', '.join(found)} = J.strides{'[1:]' if self.plan.batch else ''}"]


def looped(body: Body, blocks: str) -> list[str]:
    """Return the statements that fill the result block by block."""
    return ["", "def fill(rows):", *(f"    {line}" for line in written(body.loop)), "", f"share(J, {blocks}, fill)"]


def written(lines: Sequence[Step | str]) -> list[str]:
    return [line if isinstance(line, str) else line.written() for line in lines]
