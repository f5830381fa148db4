"""NumPy functions: generated source, the function it defines, and the checks of what is handed in."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache, partial
from typing import Any

import numpy as np

from symjac.compile.bound import bound_source, fresh_source
from symjac.compile.chunked import chunk_by_chunk, is_chunked, refuse_chunked
from symjac.compile.module import AFFINE, BLOCKS, PREAMBLE
from symjac.compile.program import Program, shapes_given
from symjac.compile.repeated import DOUBLE, Repeated, Shapes
from symjac.compile.unrolled import KNOWN, unrolled_source
from symjac.errors import DomainError, ShapeError, UnsupportedError
from symjac.evaluate import Array


@dataclass(frozen=True)
class Compiled:
    """A NumPy function with its Python source; call it with arrays by symbol name, or in the order of `arguments`.

    >>> from symjac.derivation import jacobian
    >>> J = jacobian("A*x", "A", given="A: M x N, x: N").lambdify()
    >>> buffer = J.empty(A=(2, 3), x=(3,))
    >>> J(A=np.ones((2, 3)), x=[1, 2, 3], out=buffer) is buffer
    True

    `out=` is written into again and again: a buffer that `empty` made, in which only what is not zero by structure changes.
    `bind` returns a function for arguments of given shapes that makes its views and buffers once.

    A size that stands in no argument's shape is given by name, too:

    >>> jacobian("sum(x)/M", "x", given="x: N, A: M x N").lambdify()(x=[1, 2, 3], M=4)
    array([[0.25, 0.25, 0.25]])
    """

    arguments: tuple[str, ...]
    source: str
    _function: Callable[..., Array] = field(repr=False, compare=False)
    _program: Program | None = field(default=None, repr=False, compare=False)
    sizes: tuple[str, ...] = ()
    """The sizes that no argument's shape shows."""
    _buffers: dict[int, weakref.ref[Array]] = field(default_factory=dict, repr=False, compare=False)
    _by_shape: dict[tuple[tuple[int, ...], ...], Callable[..., Array]] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        sizes: tuple[int, ...] = ()
        if kwargs and kwargs.keys() == self._names and not args:
            args, kwargs = tuple([kwargs[name] for name in self.arguments]), {}
        if not kwargs and (known := self._repeated.find(args)) is not None:
            try:
                return known(*args)
            except np.linalg.LinAlgError as error:
                raise no_value(error) from None
        if kwargs or self.sizes or len(args) != len(self.arguments):
            out = kwargs.pop("out", None) if "out" not in self.arguments else None
            sizes = tuple(self._sizes_in(kwargs).values())
            args = ordered(self.arguments, args, kwargs)
            kwargs = {} if out is None else {"out": self._checked(out)}
        if is_chunked(args):
            return self._over_chunks(args, **kwargs)
        function = self._for_shapes(args) if self._has_choice else self._function
        try:
            return function(*args, *sizes, **kwargs)
        except np.linalg.LinAlgError as error:
            raise no_value(error) from None
        except ValueError as error:
            raise ShapeError(str(error)) from None
        except TypeError as error:
            raise DomainError(f"an argument is no array of numbers: {error}") from None

    def _sizes_in(self, given: dict[str, Any]) -> dict[str, int]:
        """Take the sizes that no argument shows out of what was given by name."""
        found = {name: given.pop(name) for name in self.sizes if name in given}
        for name in self.sizes:
            if name not in found:
                raise DomainError(f"no argument has {name} rows or columns: give the size, as in {name}=3")
            if not isinstance(found[name], int | np.integer) or isinstance(found[name], bool) or found[name] < 1:
                raise DomainError(f"{name}={found[name]!r}: a size is a whole number, 1 or more")
        return {name: int(number) for name, number in found.items()}

    def _over_chunks(self, args: Sequence[Any], out: Array | None = None) -> Any:
        """Return a Dask array of Jacobians; only source travels to the processes that compute its chunks."""
        if self._program is None:
            refuse_chunked(self.arguments, args, "this function takes NumPy arrays only")
        if out is not None:
            refuse_chunked(self.arguments, args, "out= takes the results of NumPy arrays only")
        planned = self._planned()
        return chunk_by_chunk(planned, args, lambda sizes: partial(call_source, planned.module(sizes).module()))

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.arguments)

    @cached_property
    def _repeated(self) -> Repeated:
        return Repeated(self._for_known, self._for_few)

    def _for_few(self, shapes: Shapes) -> Callable[..., Array] | None:
        """Return the function for float64 arrays of these shapes where they are a few numbers."""
        if self._program is None or self.sizes or len(shapes) != len(self.arguments):
            return None
        try:
            sizes = self._program.sizes_of(dict(zip(self.arguments, shapes, strict=True)))
        except ShapeError:
            return None
        return unrolled(self._program, sizes, shapes, self._function)

    def _for_known(self, shapes: Shapes) -> Callable[..., Array]:
        """Return the function for arrays of these shapes that need no more checks."""
        if self._program is None or self.sizes:
            raise ShapeError("this function reads more than shapes")
        sizes = self._program.sizes_of(dict(zip(self.arguments, shapes, strict=True)))
        source = fresh_source(self._program, sizes, shapes)
        return defined(source, "jacobian", {**tools(), "dtype": DOUBLE})

    @cached_property
    def _has_choice(self) -> bool:
        """Whether another function may be better for some shapes."""
        return self._program is not None and not self.sizes and (self._program.has_choice or self._program.has_products)

    def _for_shapes(self, args: Sequence[Any]) -> Callable[..., Array]:
        """Return the function whose products are multiplied in the best order for arguments of these shapes."""
        key = tuple(map(np.shape, args))
        if key not in self._by_shape:
            planned = self._planned()
            try:
                sizes = planned.sizes_of(dict(zip(self.arguments, key, strict=True)))
            except ShapeError:
                return self._function
            source = planned.module(sizes).source() if planned.depends_on(sizes) else self.source
            self._by_shape[key] = self._function if self.source.endswith(source) else defined(source, "jacobian", tools())
        return self._by_shape[key]

    @property
    def has_plan(self) -> bool:
        """Whether the index form was compiled; otherwise the matrix form is computed node by node."""
        return self._program is not None

    # Buffers

    def empty(self, shapes: Mapping[str, Any] | None = None, dtype: Any = float, /, **more: Any) -> Array:
        """Return a buffer for `out=`, for arguments of these shapes, by name; an array stands for its shape.

        Raises ShapeError where the shapes do not fit together.
        """
        planned = self._planned()
        given = {**(shapes or {}), **more}
        sizes = self._sizes_in(given) | planned.sizes_of(shapes_given(given))
        buffer: Array = np.zeros(planned.result_shape(sizes), dtype, order="F" if planned.settings.order == "F" else "C")
        key = id(buffer)
        self._buffers[key] = weakref.ref(buffer, partial(_forget, self._buffers, key))
        return buffer

    def _checked(self, buffer: Any) -> Array:
        """Return a buffer that `empty` made; in any other, what should be zero might not be."""
        known = self._buffers.get(id(buffer))
        made = known() if known is not None else None
        if made is None or made is not buffer:
            raise DomainError("out has to be a buffer that this function made: J.empty(shapes)")
        return made

    def bind(self, dtype: Any = float, /, **shapes: Any) -> Callable[..., Array]:
        """Return this function for arguments of these shapes, in order; every call fills one and the same array.

        Shapes are tuples, or arrays that have them. Raises ShapeError where they do not fit together; the function does
        where an argument has another shape.
        """
        planned = self._planned()
        unread = self._sizes_in(shapes)
        given = shapes_given(shapes)
        missing = [name for name in self.arguments if name not in given]
        if missing:
            raise DomainError(f"a shape for {', '.join(missing)} is missing")
        sizes = unread | planned.sizes_of(given)
        dtype = np.dtype(dtype)
        known = {**tools(), "fit": partial(fit, planned), "no_value": no_value}
        call: Callable[..., Array]
        J, call = run(bound_source(planned, sizes), known)["bind"](dtype)
        few = unrolled(planned, sizes, tuple(given[name] for name in self.arguments), call, J) if dtype is DOUBLE else None
        return few or call

    def _planned(self) -> Program:
        if self._program is None:
            raise UnsupportedError("this function has no plan, and so no buffers: call it as it is")
        return self._program


def ordered(names: Sequence[str], args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return arguments by position and by name in their order, or raise DomainError that says which is wrong."""
    if len(args) > len(names):
        raise DomainError(f"{len(args)} arguments were given; there are {len(names)}: {', '.join(names)}")
    given = dict(zip(names, args, strict=False))
    for name, value in kwargs.items():
        if name not in names or name in given:
            problem = "is given twice" if name in given else "is no argument"
            raise DomainError(f"{name} {problem}; the arguments are {', '.join(names)}")
        given[name] = value
    missing = [name for name in names if name not in given]
    if missing:
        raise DomainError(f"a value for {', '.join(missing)} is missing; the arguments are {', '.join(names)}")
    return tuple(given[name] for name in names)


def no_value(error: Exception) -> DomainError:
    return DomainError(f"the Jacobian has no value here: {error}")


def _forget(buffers: dict[int, Any], key: int, reference: object) -> None:
    buffers.pop(key, None)


def fit(planned: Program, position: int, value: Any, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    """Return an argument of a bound function as the array it expects."""
    argument = planned.arguments[position]
    refuse_chunked([argument.symbol.name], [value], "a bound function takes NumPy arrays only")
    array = np.asarray(value)
    if array.dtype != dtype and not np.can_cast(array.dtype, dtype, "same_kind"):
        raise DomainError(f"{argument.symbol.name} is an array of {array.dtype}; this function is bound to {dtype}")
    squeezed = [n for n in array.shape if n != 1] == [n for n in shape if n != 1] and array.ndim <= 2 + argument.batched
    if not squeezed:
        planned.sizes_of({argument.symbol.name: array.shape})
        got = " x ".join(map(str, array.shape)) or "single number"
        raise ShapeError(f"{argument.symbol.name} is bound to {' x '.join(map(str, shape))}: a {got} array does not fit")
    return array.astype(dtype, copy=False).reshape(shape)


def compiled_program(planned: Program, names: Sequence[str]) -> Compiled:
    """Return a program as a function."""
    module = planned.module()
    function = module.source()
    return Compiled(tuple(names), module.with_tools(function), defined(function, "jacobian", tools()), planned, module.unread)


def unrolled(
    planned: Program, sizes: Mapping[str, int], shapes: Shapes, usual: Callable[..., Array], J: Array | None = None
) -> Callable[..., Array] | None:
    """Return the function for a few numbers, one that fills J where it is given; `usual` does what it cannot."""
    source = unrolled_source(planned, sizes, shapes, bound=J is not None)
    if source is None:
        return None
    return defined(source, "call", {**KNOWN, "usual": usual, "J": J, "dtype": DOUBLE})


def run_source(source: str, arguments: Sequence[str]) -> Compiled:
    """Return the function `jacobian` that generated source defines.

    The source is ours: of what a user wrote it holds identifiers that were checked, and numbers.
    """
    return Compiled(tuple(arguments), source, defined(source, "jacobian"))


def call_source(source: str, *args: Array) -> Array:
    """Call the function `jacobian` that generated source defines."""
    try:
        found: Array = _defined(source)(*args)
    except np.linalg.LinAlgError as error:
        raise no_value(error) from None
    return found


@cache
def tools() -> dict[str, Any]:
    """Return what every generated module starts with: one for all functions, and so with one second thread."""
    return run(f"{PREAMBLE}{BLOCKS}{AFFINE}")


@lru_cache(maxsize=64)
def _defined(source: str) -> Callable[..., Array]:
    return defined(source, "jacobian")


def defined(source: str, name: str, known: Mapping[str, Any] | None = None) -> Callable[..., Any]:
    """Return a function that generated source defines."""
    found: Callable[..., Any] = run(source, known)[name]
    return found


def run(source: str, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the names that generated source defines; only what this room wrote is ever run."""
    namespace: dict[str, Any] = dict(known or {})
    exec(compile(source, "<symjac>", "exec"), namespace)
    return namespace
