"""Data and parameters that are handed in: arrays of the right shapes, without gaps, or a sentence that says what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

from symjac.errors import DomainError, ShapeError
from symjac.evaluate import Array
from symjac.networks.architecture import Architecture
from symjac.networks.chunked import whole_rows
from symjac.nodes.sizes import size, size_symbol

Parameters = dict[str, Array]


def array_of(value: Any, name: str) -> Array:
    """Return an array of floating numbers without gaps."""
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ShapeError(f"{name} is no array: {error}") from None
    if array.dtype.kind not in "fc":
        if array.dtype.kind not in "iub":
            raise DomainError(f"{name} is an array of numbers, not of {array.dtype}")
        array = array.astype(float)
    finite = np.isfinite(array)
    if not finite.all():
        count = int(array.size - np.count_nonzero(finite))
        place = tuple(int(k) for k in np.argwhere(~finite)[0])
        raise DomainError(
            f"{name} has {count} {'entry' if count == 1 else 'entries'} that {'is' if count == 1 else 'are'} no finite number, "
            f"the first at {place} (from 0): leave such samples out, or fill them in"
        )
    return array


def samples(X: Any, n_in: int) -> tuple[Array, bool]:
    """Return samples as an array of B × n_in, and whether it was one input alone.

    >>> samples([1, 2, 3], 3)
    (array([[1., 2., 3.]]), True)
    """
    array = array_of(X, "X")
    if array.shape == (n_in,):
        return array[None], True
    if array.ndim != 2 or array.shape[1] != n_in:
        raise ShapeError(_misfit(array.shape, n_in))
    return array, False


def _misfit(shape: tuple[int, ...], n_in: int) -> str:
    hint = ""
    if n_in == 1 and len(shape) == 1:
        hint = ": write X.reshape(-1, 1) for a batch of numbers"
    elif len(shape) == 2 and shape[0] == n_in:
        hint = ": samples are rows, so perhaps X.T"
    inputs = "1 input" if n_in == 1 else f"{n_in} inputs"
    return f"X is {shape}; layer 1 takes {inputs}, so X is to be ({n_in},), or (B, {n_in}) for a batch of B{hint}"


def check_chunked(X: Any, n_in: int) -> Any:
    """Return a Dask array whose chunks hold whole samples."""
    if X.ndim != 2 or X.shape[1] != n_in:
        raise ShapeError(_misfit(X.shape, n_in))
    return whole_rows(X)


# Parameters


def checked_parameters(architecture: Architecture, given: Any) -> Parameters:
    """Return parameters as arrays: W of (n_out, n_in), b of (n_out,), in their order.

    Raises DomainError for names that are missing or unknown, ShapeError that names the layer and both shapes.
    """
    if not isinstance(given, Mapping):
        hint = ": take its .parameters" if hasattr(given, "parameters") else ""
        raise DomainError(
            f"parameters are a dictionary of arrays, as net.initialize(seed) gives it, not {type(given).__name__}{hint}"
        )
    wanted = list(architecture.parameters)
    missing, extra = [name for name in wanted if name not in given], [str(name) for name in given if name not in wanted]
    sorts = (missing, "missing"), (extra, "unknown")
    if missing or extra:
        told = [f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} {word}" for names, word in sorts if names]
        raise DomainError(f"{'; '.join(told)}: the parameters of this network are {', '.join(wanted)}")
    arrays = {name: array_of(given[name], name) for name in wanted}
    return _chained(architecture, {name: b.reshape(-1) if _is_column(name, b) else b for name, b in arrays.items()})


def _is_column(name: str, array: Array) -> bool:
    return name.startswith("b") and array.ndim == 2 and array.shape[1] == 1


def _chained(architecture: Architecture, arrays: Parameters) -> Parameters:
    """Return the arrays, or raise ShapeError at the first layer whose shapes do not chain."""
    if all(array.shape == architecture.shapes.get(name) for name, array in arrays.items()):
        return arrays
    known: dict[str, int] = {}
    before: int | None = None
    for layer in architecture.layers:
        W, b = arrays[layer.weight], arrays[layer.bias]
        if W.ndim != 2:
            raise ShapeError(f"layer {layer.number}: {layer.weight} is {W.shape}; it is a matrix of (outputs, inputs)")
        if before is not None and W.shape[1] != before:
            raise ShapeError(
                f"layer {layer.number}: {layer.weight} is {W.shape} and takes {W.shape[1]} inputs, "
                f"but layer {layer.number - 1} gives {before}: W{layer.number - 1} is {arrays[f'W{layer.number - 1}'].shape}"
            )
        for n, number in ((layer.n_out, W.shape[0]), (layer.n_in, W.shape[1])):
            expected = known.setdefault(n.name, number) if n.is_Symbol else n.xreplace(_numbers(known))
            if expected != number:
                wanted = tuple(k.xreplace(_numbers(known)) for k in (layer.n_out, layer.n_in))
                raise ShapeError(f"layer {layer.number}: {layer.weight} is {W.shape}; it is to be {wanted}")
        if b.shape != (W.shape[0],):
            raise ShapeError(
                f"layer {layer.number}: {layer.bias} is {b.shape}, but {layer.weight} is {W.shape}: "
                f"{layer.bias} is to be ({W.shape[0]},)"
            )
        before = W.shape[0]
    return arrays


def _numbers(known: dict[str, int]) -> dict[Any, Any]:
    return {size_symbol(name): size(number) for name, number in known.items()}


def sizes_of(parameters: Parameters) -> list[int]:
    """Return the sizes [n₀, …, n_L] of a network with these parameters."""
    weights = [W for name, W in parameters.items() if name.startswith("W")]
    return [weights[0].shape[1], *(W.shape[0] for W in weights)]


# Parameters as one vector


def flatten(parameters: Parameters, wrt: str) -> Array:
    """Return all parameters as one vector θ, each laid out column-first or row-first.

    >>> flatten({"W1": np.array([[1.0, 2.0], [3.0, 4.0]]), "b1": np.array([5.0, 6.0])}, "column")
    array([1., 3., 2., 4., 5., 6.])
    """
    return np.concatenate([value.ravel(order="F" if wrt == "column" else "C") for value in parameters.values()])


def unflatten(vector: Any, like: Parameters, wrt: str) -> Parameters:
    """Return the parameters that one vector θ holds, in the shapes of others."""
    theta = array_of(vector, "θ").ravel()
    total = sum(value.size for value in like.values())
    if theta.size != total:
        raise ShapeError(f"there are {total} parameters: a vector of {theta.size} does not fit")
    found, start = {}, 0
    for name, value in like.items():
        piece = theta[start : start + prod(value.shape)]
        found[name] = piece.reshape(value.shape, order="F" if wrt == "column" else "C")
        start += piece.size
    return found
