"""The numba backend: the plan as compiled loops, behind the same calls as the NumPy function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from symjac.compile.function import fit, ordered, run
from symjac.compile.loops import Loops
from symjac.compile.module import PREAMBLE
from symjac.compile.program import Program, shapes_given
from symjac.errors import DomainError, ShapeError, UnsupportedError
from symjac.evaluate import Array


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
    _results: dict[tuple[tuple[int, ...], ...], tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, *args: Any, **kwargs: Any) -> Array:
        if kwargs or len(args) != len(self.arguments):
            args = ordered(self.arguments, args, kwargs)
        try:
            *arrays, dtype = self._read(*((name, value, *rest) for value, (name, *rest) in zip(args, self._words, strict=True)))
        except ValueError as error:
            raise ShapeError(str(error)) from None
        arrays = [np.ascontiguousarray(array).reshape(array.shape) for array in arrays]
        shapes = tuple(array.shape for array in arrays)
        if shapes not in self._results:
            sizes = self._program.sizes_of(dict(zip(self.arguments, shapes, strict=True)))
            self._results[shapes] = self._program.result_shape(sizes)
        J = self._made(self._results[shapes], dtype)
        try:
            self._kernel(*arrays, J)
        except np.linalg.LinAlgError as error:
            raise DomainError(f"the Jacobian has no value here: {error}") from None
        return J

    @cached_property
    def _words(self) -> list[tuple[Any, ...]]:
        """What is said about every argument when it is read: its name, its shape, whether it holds many points."""
        return [(a.symbol.name, tuple(map(_word, a.symbol.shape)), a.batched) for a in self._program.arguments]

    def _made(self, shape: tuple[int, ...], dtype: Any) -> Array:
        return np.zeros(shape, dtype, order="F" if self._program.settings.order == "F" else "C")

    def bind(self, dtype: Any = float, /, **shapes: Any) -> Callable[..., Array]:
        """Return this function for arguments of these shapes, in order; every call fills one and the same array."""
        given = shapes_given(shapes)
        missing = [name for name in self.arguments if name not in given]
        if missing:
            raise DomainError(f"a shape for {', '.join(missing)} is missing")
        sizes = self._program.sizes_of(given)
        dtype = np.dtype(dtype)
        names = [f"a{k}" for k in range(len(self.arguments))]
        lines = []
        for k, (name, argument) in enumerate(zip(names, self._program.arguments, strict=True)):
            shape = self._program.shape_of(argument, sizes)
            test = f"{name}.__class__ is not np.ndarray or {name}.shape != {shape} or {name}.dtype is not dtype"
            lines.append(f"    if {test} or not {name}.flags.c_contiguous:\n        {name} = fit({k}, {name}, {shape}, dtype)")
        source = "\n".join(
            [f"def call({', '.join(names)}):", *lines, f"    kernel({', '.join([*names, 'J'])})", "    return J", ""]
        )
        known = {
            "np": np,
            "fit": lambda *given: np.ascontiguousarray(fit(self._program, *given)).reshape(given[2]),
            "dtype": dtype,
            "kernel": self._kernel,
            "J": self._made(self._program.result_shape(sizes), dtype),
        }
        return run(source, known)["call"]  # type: ignore[no-any-return]


def _word(size: Any) -> Any:
    return int(size) if size.is_Integer else str(size)


def jitted(planned: Program, names: Sequence[str]) -> Jitted:
    """Return a program in compiled loops. Raises UnsupportedError where numba is missing, or what it cannot express."""
    try:
        import numba
    except ImportError:
        raise UnsupportedError("backend='numba' needs numba: pip install 'symjac[numba]'") from None
    source = Loops(planned.module()).source()
    kernel = run(source, {"numba": numba})["kernel"]
    return Jitted(tuple(names), source, planned, kernel, run(PREAMBLE)["read"])
