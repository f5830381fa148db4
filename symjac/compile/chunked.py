"""Dask arrays as arguments: a function is called on every chunk of points, when the result is computed.

Nothing here imports Dask before an argument is one of its arrays.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import count, islice
from math import isnan
from typing import Any

import numpy as np

from symjac.compile.module import Argument
from symjac.compile.program import Program
from symjac.errors import DomainError, ShapeError
from symjac.evaluate import Array

POINTS = 0
"""The index of the points among the axes that Dask is told of."""


def is_chunked(args: Sequence[Any]) -> bool:
    """Whether an argument is a Dask array; there is none before Dask is loaded."""
    return any(map(is_dask, args))


def is_dask(value: Any) -> bool:
    """Whether a value is a Dask array; Dask is not imported to find out."""
    dask = sys.modules.get("dask.array")
    return dask is not None and isinstance(value, dask.Array)


def refuse_chunked(names: Sequence[str], args: Sequence[Any], why: str) -> None:
    """Raise DomainError that says what to do instead, where an argument is a Dask array."""
    if is_chunked(args):
        name = next(name for name, value in zip(names, args, strict=True) if is_dask(value))
        raise DomainError(f"{name} is a Dask array, and {why}: hand in {name}.compute()")


def chunk_by_chunk(planned: Program, args: Sequence[Any], chosen: Callable[[Mapping[str, int]], Callable[..., Array]]) -> Any:
    """Return a Dask array with the result for each point, in the chunks of the points; nothing is computed yet.

    `chosen` returns the function for the sizes of one chunk; it takes the arguments in order.

    Raises DomainError for a Dask array that holds no points, ShapeError for chunks that part anything else than points,
    and for shapes that do not fit together.
    """
    dask = sys.modules["dask.array"]
    tokenize = sys.modules["dask.base"].tokenize
    given = [(a, value if is_dask(value) else np.asarray(value)) for a, value in zip(planned.arguments, args, strict=True)]
    for argument, value in given:
        if is_dask(value):
            _check_chunks(argument, value)
    sizes = planned.sizes_of(_shapes(given))
    points = _points([(a.symbol.name, value) for a, value in given if a.batched])
    fresh = count(POINTS + 1)
    pairs: list[Any] = []
    for argument, value in given:
        if argument.batched:
            whole = value if is_dask(value) else dask.from_array(value, chunks=(points, *value.shape[1:]))
            pairs += [whole, (POINTS, *islice(fresh, value.ndim - 1))]
        else:
            pairs += [value, None]
    shape = planned.result_shape(sizes)[1:]
    made = dict(zip(fresh, shape, strict=False))
    dtype = np.result_type(*(value.dtype if value.dtype.kind in "fc" else float for _, value in given))
    longest = max((n for n in points if not isnan(n)), default=1)
    return dask.blockwise(
        chosen(sizes | {"batch": longest}),
        (POINTS, *made),
        *pairs,
        new_axes=made,
        concatenate=True,
        dtype=dtype,
        meta=np.empty((0,) * (1 + len(shape)), dtype),
        name=f"jacobian-{tokenize(planned.module().module(), *(value for _, value in given))}",
    )


def _check_chunks(argument: Argument, value: Any) -> None:
    name = argument.symbol.name
    if not argument.batched:
        raise DomainError(
            f"{name} is a Dask array, and has no axis of points here: hand in {name}.compute(), or name it in batch= and "
            "rechunk it along the points, its first axis"
        )
    parted = [axis for axis in range(1, value.ndim) if len(value.chunks[axis]) > 1]
    if parted:
        whole = ", ".join(f"{axis}: -1" for axis in parted)
        raise ShapeError(
            f"{name} has {' x '.join(map(str, value.numblocks))} chunks, and only its points, along axis 0, may stand in "
            f"several: rechunk it, as in {name}.rechunk({{{whole}}})"
        )


def _shapes(given: Sequence[tuple[Argument, Any]]) -> dict[str, tuple[int, ...]]:
    """Return the shapes of arguments, for one point where nobody knows how many there are."""
    unknown = any(value.ndim and isnan(value.shape[0]) for _, value in given)
    return {a.symbol.name: (1, *value.shape[1:]) if unknown and a.batched and value.ndim else value.shape for a, value in given}


def _points(batched: Sequence[tuple[str, Any]]) -> tuple[int, ...]:
    """Return the chunks of the points: those of the first Dask array.

    Raises ShapeError where nobody knows how long they are, and another array would have to be parted like them.
    """
    first, leader = next((name, value) for name, value in batched if is_dask(value))
    chunks: tuple[int, ...] = leader.chunks[0]
    for name, value in batched:
        unknown = [known for known, array in ((first, leader), (name, value)) if isnan(array.shape[0])]
        if unknown and not (is_dask(value) and len(value.chunks[0]) == len(chunks)):
            other = name if unknown[0] == first else first
            raise ShapeError(
                f"{unknown[0]} has chunks of unknown length, and {other} cannot be chunked like it: "
                f"call {unknown[0]}.compute_chunk_sizes(), or rechunk both alike"
            )
    return chunks
