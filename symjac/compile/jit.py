"""The numba backend: the plan as compiled loops, behind the same calls as the NumPy function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from symjac.compile.chunked import chunk_by_chunk, is_chunked
from symjac.compile.entries import teach
from symjac.compile.function import defined, fit, no_value, ordered, tools
from symjac.compile.loops import Loops
from symjac.compile.program import Program, shapes_given
from symjac.compile.repeated import DOUBLE, Repeated, Shapes, reshaped
from symjac.errors import DomainError, ShapeError, UnsupportedError
from symjac.evaluate import Array, size_value

LARGE = 250_000
"""A result with more entries than this is filled by two threads."""


@dataclass(frozen=True)
class Jitted:
    """A Jacobian in compiled loops; the first call with new types of numbers compiles, which takes seconds.

    `source` is the kernel's, which needs NumPy and numba. `bind` is as in the NumPy function.
    """

    arguments: tuple[str, ...]
    source: str
    _program: Program = field(repr=False, compare=False)
    _kernel: Callable[..., None] = field(repr=False, compare=False)
    _read: Callable[..., Any] = field(repr=False, compare=False)
    _loops: Loops = field(repr=False, compare=False)
    _results: dict[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], int]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if kwargs and kwargs.keys() == self._names and not args:
            args, kwargs = tuple([kwargs[name] for name in self.arguments]), {}
        if not kwargs and (known := self._repeated.find(args)) is not None:
            return known(*args)
        if kwargs or len(args) != len(self.arguments):
            args = ordered(self.arguments, args, kwargs)
        if is_chunked(args):
            return chunk_by_chunk(self._program, args, lambda _: self)
        try:
            *arrays, dtype = self._read(*((value, *words) for value, words in zip(args, self._words, strict=True)))
        except ValueError as error:
            raise ShapeError(str(error)) from None
        arrays = [a if a.flags.c_contiguous else np.ascontiguousarray(a) for a in arrays]
        shapes = tuple(array.shape for array in arrays)
        if shapes not in self._results:
            sizes = self._program.sizes_of(dict(zip(self.arguments, shapes, strict=True)))
            self._results[shapes] = (self._program.result_shape(sizes), self._samples(sizes))
        shape, samples = self._results[shapes]
        J = self._made(shape, dtype)
        try:
            if self._is_shared(shape, samples):
                self._halves(arrays, J, samples)
            else:
                self._kernel(*arrays, J, *((0, samples) if self._loops.looped else ()))
        except np.linalg.LinAlgError as error:
            raise no_value(error) from None
        return J

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.arguments)

    @cached_property
    def _words(self) -> list[tuple[Any, ...]]:
        """What is said about every argument when it is read: its rank; its name, its shape, whether it holds many points."""
        return [(a.rank, (a.symbol.name, tuple(map(_word, a.symbol.shape)), a.batched)) for a in self._program.arguments]

    def _made(self, shape: tuple[int, ...], dtype: Any) -> Array:
        return self._maker(shape, dtype, self._program.settings.order)

    @cached_property
    def _maker(self) -> Callable[..., Array]:
        """What makes the result: zeros only where something stays zero."""
        return np.empty if all(block.full for block in self._program.plan().blocks) else np.zeros

    def _samples(self, sizes: Mapping[str, int]) -> int:
        """Return how many samples the kernel runs over."""
        return 0 if self._loops.samples is None else size_value(self._loops.samples, sizes)

    def _is_shared(self, shape: tuple[int, ...], samples: int) -> bool:
        """Whether two threads share the work."""
        return self._loops.is_divisible and prod(shape) > LARGE and samples > 1

    def _halves(self, arrays: Sequence[Array], J: Array, samples: int) -> None:
        """Fill the two halves of the samples in two threads."""
        half = [slice(0, samples // 2), slice(samples // 2, samples)]
        tools()["together"](half, lambda rows: self._kernel(*arrays, J, rows.start, rows.stop))

    def bind(self, dtype: Any = float, /, **shapes: Any) -> Callable[..., Array]:
        """Return this function for arguments of these shapes, in order; every call fills one and the same array."""
        given = shapes_given(shapes)
        missing = [name for name in self.arguments if name not in given]
        if missing:
            raise DomainError(f"a shape for {', '.join(missing)} is missing")
        sizes = self._program.sizes_of(given)
        dtype = np.dtype(dtype)
        lines = []
        for k, (name, argument) in enumerate(zip(self._places, self._program.arguments, strict=True)):
            shape = self._program.shape_of(argument, sizes)
            test = f"{name}.__class__ is not ndarray or {name}.shape != {shape} or {name}.dtype is not dtype"
            lines.append(f"if {test} or not {name}.flags.c_contiguous:")
            lines.append(f"    {name} = fit({k}, {name}, {shape}, dtype)")
        known = {
            "fit": lambda *given: np.ascontiguousarray(fit(self._program, *given)).reshape(given[2]),
            "dtype": dtype,
            "J": self._made(self._program.result_shape(sizes), dtype),
        }
        return self._call(sizes, lines, known)

    @cached_property
    def _repeated(self) -> Repeated:
        return Repeated(self._for_known)

    def _for_known(self, shapes: Shapes) -> Callable[..., Array]:
        """Return the function for float64 arrays of these shapes that need no more checks."""
        sizes = self._program.sizes_of(dict(zip(self.arguments, shapes, strict=True)))
        lines = []
        for name, argument, shape in zip(self._places, self._program.arguments, shapes, strict=True):
            lines += reshaped(name, shape, self._program.shape_of(argument, sizes))
            lines += [f"if not {name}.flags.c_contiguous:", f"    {name} = np.ascontiguousarray({name})"]
        order = self._program.settings.order
        lines.append(f"J = made({self._program.result_shape(sizes)}, dtype{', order' if order == 'F' else ''})")
        return self._call(sizes, lines, {"dtype": DOUBLE, "made": self._maker, "order": order})

    @property
    def _places(self) -> list[str]:
        """What the arguments are called where only their places count."""
        return [f"a{k}" for k in range(len(self.arguments))]

    def _call(self, sizes: Mapping[str, int], lines: Sequence[str], known: Mapping[str, Any]) -> Callable[..., Array]:
        """Return a function that gets arguments and J ready, and fills J."""
        names, samples = ", ".join(self._places), self._samples(sizes)
        is_shared = self._is_shared(self._program.result_shape(sizes), samples)
        kernel = f"kernel({names}, J, 0, {samples})" if self._loops.looped else f"kernel({names}, J)"
        source = "\n".join(
            [
                f"def call({names}):",
                *(f"    {line}" for line in lines),
                "    try:",
                f"        {f'halves(({names},), J, {samples})' if is_shared else kernel}",
                "    except LinAlgError as error:",
                "        raise no_value(error) from None",
                "    return J",
                "",
            ]
        )
        ours = {"np": np, "ndarray": np.ndarray, "LinAlgError": np.linalg.LinAlgError, "no_value": no_value}
        return defined(source, "call", {**ours, "kernel": self._kernel, "halves": self._halves, **known})


def _word(size: Any) -> Any:
    return int(size) if size.is_Integer else str(size)


def jitted(planned: Program, names: Sequence[str]) -> Jitted:
    """Return a program in compiled loops. Raises UnsupportedError where numba is missing, or what it cannot express."""
    try:
        import numba
    except ImportError:
        raise UnsupportedError("backend='numba' needs numba: pip install 'symjac[numba]'") from None
    teach()
    loops = Loops(planned.module())
    source = loops.source()
    kernel = defined(source, "kernel", {"numba": numba})
    return Jitted(tuple(names), source, planned, kernel, tools()["read"], loops)
