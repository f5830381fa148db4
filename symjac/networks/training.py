"""Training: gradient descent with derived gradients, or least squares for the last layer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from symjac.compile.chunked import is_dask
from symjac.errors import DomainError, ShapeError
from symjac.evaluate import Array
from symjac.networks.architecture import Architecture
from symjac.networks.chunked import alongside, by_rows, computed, summed, svd
from symjac.networks.data import Parameters, check_chunked, flatten, samples, unflatten
from symjac.networks.functions import Functions, forward, hidden, predicted
from symjac.networks.losses import Loss, targets

DESCENT, LAST_LAYER = "gradient descent", "least squares"
METHODS = (DESCENT, LAST_LAYER)


@dataclass(frozen=True, eq=False)
class Training:
    """What training found: parameters before and after, and the mean loss at the start and after every step."""

    initial: Parameters
    parameters: Parameters
    losses: Array
    loss: str
    method: str

    def __repr__(self) -> str:
        return f"<Training by {self.method}: {self.loss} from {self.losses[0]:.6g} to {self.losses[-1]:.6g}>"


@dataclass(frozen=True)
class Problem:
    """Samples and targets in pieces: one, or the chunks of a Dask array, which are never in memory all at once."""

    X: Any
    y: Any
    count: int

    def summed(self, function: Callable[[Array, Array], Array], width: int) -> Array:
        """Return the sum of a function over the pieces; it returns a vector of so many entries for a piece."""
        if is_dask(self.X):
            return summed(function, self.X, self.y, width)
        return function(self.X, self.y)


def problem(X: Any, y: Any, n_in: int, n_out: int, loss: Loss) -> Problem:
    """Return data to be fitted, checked; of Dask arrays, every chunk is checked when it is there."""
    if not is_dask(X):
        array, alone = samples(X, n_in)
        return Problem(array, targets([y] if alone and np.ndim(y) < 2 else y, len(array), n_out, loss), len(array))
    X = check_chunked(X, n_in)
    if np.shape(y)[:1] != (len(X),):
        raise ShapeError(f"y is {np.shape(y)} and X has {len(X)} rows: one target is needed for each sample")
    known = alongside(y, X)
    return Problem(
        by_rows(lambda part: samples(part, n_in)[0], X, n_in),
        by_rows(lambda part: targets(part, len(part), n_out, loss), known, n_out),
        len(X),
    )


def descend(
    functions: Functions, data: Problem, initial: Parameters, loss: Loss, rate: float, steps: int, progress: bool
) -> Training:
    """Go down the gradient of the mean loss, θ ← θ − rate · ∇, a number of steps.

    Raises DomainError where the loss is no longer finite.
    """
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
        raise DomainError(f"steps={steps!r}: it is a whole number, 0 or more")
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 < rate < float("inf"):
        raise DomainError(f"rate={rate!r}: it is a positive number")
    wrt = functions.wrt
    theta = flatten(initial, wrt)

    def value_and_slope(theta: Array) -> tuple[float, Array]:
        parameters = unflatten(theta, initial, wrt)

        def of_piece(X: Array, y: Array) -> Array:
            value, slope = functions.loss_and_gradient(loss, X, y, parameters)
            return np.concatenate([[value], slope])

        value, *_ = total = data.summed(of_piece, theta.size + 1) / data.count
        return float(value), total[1:]

    losses = []
    with _shown(range(steps), progress) as counted, np.errstate(over="ignore", invalid="ignore"):
        value, slope = value_and_slope(theta)
        losses.append(value)
        for step in counted:
            theta = theta - rate * slope
            value, slope = value_and_slope(theta) if np.isfinite(theta).all() else (np.inf, slope)
            if not np.isfinite(value):
                raise DomainError(f"the loss is no longer finite after step {step + 1}: take a smaller rate than {rate}")
            losses.append(value)
    return Training(initial, unflatten(theta, initial, wrt), np.array(losses), loss.name, DESCENT)


@contextmanager
def _shown(steps: Iterable[int], progress: bool) -> Iterator[Iterable[int]]:
    """Show a bar on the error stream while steps are taken."""
    if not progress:
        yield steps
        return
    import click

    with click.progressbar(steps, label="training", file=sys.stderr) as bar:
        yield bar


def fit_last_layer(architecture: Architecture, data: Problem, initial: Parameters, loss: Loss) -> Training:
    """Return the last layer of least squares, the layers below as they are; of many, that of smallest norm.

    Raises DomainError for another loss than the squared error, or an output that is not the identity.
    """
    if loss.name != "squared error" or architecture.output is not None:
        raise DomainError("least squares fits the last layer where output='identity' and loss='squared error'")
    layer = architecture.layers[-1]
    theta = _least_squares(architecture, data, initial)
    parameters = {**initial, layer.weight: np.ascontiguousarray(theta[:-1].T), layer.bias: theta[-1]}

    def total(parameters: Parameters) -> float:
        net = predicted(loss, architecture)
        return float(data.summed(lambda X, y: loss.values(forward(net, X, parameters)[0], y).sum(keepdims=True), 1)[0])

    losses = np.array([total(initial), total(parameters)]) / data.count
    return Training(initial, parameters, losses, loss.name, LAST_LAYER)


def _least_squares(architecture: Architecture, data: Problem, parameters: Parameters) -> Array:
    """Return the θ of smallest norm that minimises ‖[H 1]θ − y‖, by the singular values of [H 1]."""
    if is_dask(data.X):
        width = parameters[architecture.layers[-1].weight].shape[1] + 1
        U, s, Vt = svd(by_rows(lambda X: hidden(architecture, X, parameters), data.X, width))
        (Uty,) = computed(U.T @ data.y)
    else:
        U, s, Vt = np.linalg.svd(hidden(architecture, data.X, parameters), full_matrices=False)
        Uty = U.T @ data.y
    kept = s > s[0] * max(data.count, len(s)) * np.finfo(float).eps
    return np.asarray(Vt[kept].T @ (Uty[kept] / s[kept, None]))
