"""Data larger than memory: Dask arrays with a sample a row, worked on chunk by chunk by Dask itself."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from symjac.compile.chunked import is_dask
from symjac.evaluate import Array


def whole_rows(X: Any) -> Any:
    """Return a Dask array whose chunks hold whole rows."""
    return X if X.ndim < 2 or len(X.chunks[1]) == 1 else X.rechunk({1: -1})


def by_rows(function: Callable[[Array], Array], X: Any, width: int, rows: int = 1) -> Any:
    """Return a function of every chunk as a Dask array of this width, with so many rows for each row of X."""
    chunks = (tuple(rows * n for n in X.chunks[0]), (width,))
    added = {"new_axis": 1} if X.ndim == 1 else {}
    return X.map_blocks(function, chunks=chunks, dtype=float, meta=np.empty((0, 0)), **added)


def alongside(y: Any, X: Any) -> Any:
    """Return an array as a Dask array in the chunks of X."""
    known = y if is_dask(y) else _dask_array().from_array(np.asarray(y))
    return whole_rows(known).rechunk({0: X.chunks[0]})


def summed(function: Callable[[Array, Array], Array], X: Any, y: Any, width: int) -> Array:
    """Return the sum over all chunks of a function that gives a vector of so many entries."""
    pieces = _dask_array().map_blocks(
        lambda X, y: function(X, y)[None],
        X,
        y,
        chunks=((1,) * len(X.chunks[0]), (width,)),
        dtype=float,
        meta=np.empty((0, 0)),
    )
    return np.asarray(pieces.sum(axis=0).compute())


def svd(F: Any, count: int | None = None) -> tuple[Any, Array, Array]:
    """Return U as a Dask array, and σ and Vᵀ: by tall-and-skinny QR, or randomised where few values are asked for."""
    linalg = import_module("dask.array.linalg")
    if count is None:
        U, s, Vt = linalg.svd(F)
    else:
        U, s, Vt = linalg.svd_compressed(F, count, n_power_iter=4, iterator="QR", seed=0)
    return (U, *computed(s, Vt))


def computed(*arrays: Any) -> tuple[Array, ...]:
    """Return Dask arrays as arrays, computed in one go."""
    found: tuple[Array, ...] = import_module("dask").compute(*arrays)
    return found


def _dask_array() -> Any:
    return import_module("dask.array")
