"""Losses: what they say about one sample and about a batch, their derivative by the output, their values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from symjac.derivation import Derivation, jacobian
from symjac.errors import DomainError, ShapeError
from symjac.evaluate import Array
from symjac.networks.activations import SOFTMAX, Output
from symjac.nodes.build import (
    dimension,
    elementwise,
    logsumexp,
    norm,
    ones,
    power,
    product,
    subtract,
    sum_entries,
    symbol,
    trace,
    transpose,
)
from symjac.nodes.functions import EXP, LOG, SIGMOID, SOFTPLUS, Function
from symjac.nodes.node import Node
from symjac.nodes.sizes import Size, size_symbol


@dataclass(frozen=True)
class Loss:
    """A loss of outputs o and targets y; `of_logits` takes the pre-activation of an output function that it contains.

    >>> LOSSES["squared error"].values(np.array([[1.0, 2.0]]), np.array([[0.0, 0.0]]))
    array([5.])
    """

    name: str
    formula: str
    sample: Callable[[Node, Node], Node]
    """The loss of one sample, from two columns."""
    batch: Callable[[Node, Node], Node]
    """The sum over all samples, from two matrices with a sample a row."""
    values: Callable[[Array, Array], Array]
    """The loss of every sample."""
    contains: Output = None
    """The output function that the loss contains."""

    @property
    def of_logits(self) -> bool:
        return self.contains is not None


def _squared(o: Node, y: Node) -> Node:
    return power(norm(subtract(o, y)), 2)


def _cross_entropy(o: Node, y: Node) -> Node:
    return subtract(logsumexp(o), product(transpose(y), o))


def _cross_entropy_batch(Z: Node, Y: Node) -> Node:
    logs = elementwise(LOG, product(elementwise(EXP, Z), ones(Z.cols)))
    return subtract(sum_entries(logs), trace(product(transpose(Y), Z)))


def _cross_entropies(o: Array, y: Array) -> Array:
    top = o.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.exp(o - top).sum(axis=1)) + top[:, 0] - (o * y).sum(axis=1))


def _logistic(o: Node, y: Node) -> Node:
    return subtract(sum_entries(elementwise(SOFTPLUS, o)), product(transpose(y), o))


def _logistic_batch(Z: Node, Y: Node) -> Node:
    return subtract(sum_entries(elementwise(SOFTPLUS, Z)), trace(product(transpose(Y), Z)))


LOSSES = {
    loss.name: loss
    for loss in (
        Loss("squared error", "‖o − y‖²", _squared, _squared, lambda o, y: np.asarray(((o - y) ** 2).sum(axis=1))),
        Loss(
            "cross-entropy",
            "log Σ exp(o) − yᵀo, which is −Σ yₖ log softmax(o)ₖ where the targets sum to 1",
            _cross_entropy,
            _cross_entropy_batch,
            _cross_entropies,
            SOFTMAX,
        ),
        Loss(
            "logistic",
            "Σ log(1 + exp(o)) − yᵀo, which is −Σ (y log σ(o) + (1 − y) log(1 − σ(o)))",
            _logistic,
            _logistic_batch,
            lambda o, y: np.asarray((np.logaddexp(0, o) - y * o).sum(axis=1)),
            SIGMOID,
        ),
    )
}
"""The losses by name; the two with logarithms take the pre-activation o, and contain softmax and the sigmoid."""


def read_loss(given: Any, output: Output) -> Loss:
    """Return a loss by its name, or raise DomainError where it does not go with the network's output.

    >>> read_loss("squared_error", None).formula
    '‖o − y‖²'
    """
    loss = LOSSES.get(given.replace("_", " ").replace("cross entropy", "cross-entropy")) if isinstance(given, str) else None
    if loss is None:
        raise DomainError(f"the loss {given!r} is unknown; the losses are {', '.join(LOSSES)}")
    if loss.of_logits and output is not None and output != loss.contains:
        wanted = loss.contains.name if isinstance(loss.contains, Function) else loss.contains
        raise DomainError(f"the loss {loss.name} goes with output={wanted!r}, or with 'identity' where the output is to be o")
    return loss


def mean(total: Node, samples: Size) -> Node:
    """Return a sum over samples, divided by their number."""
    return product(power(dimension(samples), -1), total)


@cache
def by_output(name: str) -> Derivation:
    """Derive a loss by the output of the network, for any number of outputs.

    >>> by_output("cross-entropy").matrix
    -y.T + softmax(o).T
    """
    k = size_symbol("k")
    o, y = symbol("o", k), symbol("y", k)
    return jacobian(LOSSES[name].sample(o, y), o)


def targets(y: Any, samples: int, outputs: int, loss: Loss) -> Array:
    """Return targets as an array of samples × outputs; for cross-entropy, class numbers become rows of the identity.

    >>> targets([0, 2], 2, 3, LOSSES["cross-entropy"])
    array([[1., 0., 0.],
           [0., 0., 1.]])
    """
    array = np.asarray(y)
    if array.dtype.kind not in "fiub":
        raise DomainError(f"y is an array of real numbers, not of {array.dtype}")
    if loss.contains == SOFTMAX and array.shape == (samples,) and outputs > 1:
        if array.dtype.kind == "f" or array.min(initial=0) < 0 or array.max(initial=0) >= outputs:
            raise DomainError(
                f"for cross-entropy y holds whole numbers, classes 0 to {outputs - 1}, or {outputs} probabilities a sample"
            )
        return np.asarray(np.eye(outputs)[array.astype(int)])
    array = array.astype(float)
    if array.ndim == 1 and outputs == 1:
        array = array[:, None]
    if array.shape != (samples, outputs):
        raise ShapeError(f"y is {np.shape(y)}; {samples} samples with {outputs} outputs each need ({samples}, {outputs})")
    _check_values(array, loss)
    return array


def _check_values(y: Array, loss: Loss) -> None:
    if not np.isfinite(y).all():
        row = int(np.argmin(np.isfinite(y).all(axis=1)))
        raise DomainError(f"y has an entry that is no finite number, in sample {row} (from 0): leave it out, or fill it in")
    if loss.contains == SOFTMAX and not (np.abs(y.sum(axis=1) - 1) < 1e-9).all():
        raise DomainError("for cross-entropy the targets of a sample are probabilities, and sum to 1")
    if loss.contains == SIGMOID and ((y < 0) | (y > 1)).any():
        raise DomainError("for the logistic loss targets lie between 0 and 1")
