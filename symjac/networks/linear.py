"""Linearisation: the network as a linear function of its parameters, near the ones it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from symjac.errors import DomainError
from symjac.evaluate import Array
from symjac.networks.architecture import Architecture
from symjac.networks.data import Parameters, checked_parameters, flatten, unflatten
from symjac.networks.functions import forward


@dataclass(frozen=True, eq=False)
class Linearization:
    """ŷ(x; θ + Δ) ≈ ŷ(x; θ) + FΔ at given samples; call it with Δ, a dictionary like θ or one vector.

    >>> from symjac.networks import Network
    >>> net = Network([1, 2, 1], activation="tanh")
    >>> line = net.linearize([[0.5], [1.0]], net.initialize(0))
    >>> gaps = line.gaps(np.full(7, 0.01), halvings=3)
    >>> np.round(gaps[:-1] / gaps[1:], 1)
    array([4., 4., 4.])
    """

    architecture: Architecture
    X: Array
    parameters: Parameters
    outputs: Array
    features: Array
    wrt: str

    def __call__(self, change: Any) -> Array:
        """Return the linear prediction for θ + Δ."""
        moved: Array = self.features @ self.vector(change)
        return self.outputs + moved.reshape(self.outputs.shape)

    def exact(self, change: Any) -> Array:
        """Return what the network gives for θ + Δ."""
        return forward(self.architecture, self.X, self._moved(change))[0]

    def gaps(self, change: Any, halvings: int = 6) -> Array:
        """Return ‖exact − linear‖ for Δ, Δ/2, Δ/4, …: quartered each time, for the error is O(‖Δ‖²).

        For ReLU that holds within one activation pattern: see `same_pattern`.
        """
        if isinstance(halvings, bool) or not isinstance(halvings, int) or halvings < 0:
            raise DomainError(f"halvings={halvings!r}: it is a whole number, 0 or more")
        delta = self.vector(change)
        steps = [delta / 2**k for k in range(halvings + 1)]
        return np.array([np.linalg.norm(self.exact(step) - self(step)) for step in steps])

    def same_pattern(self, change: Any) -> bool:
        """Whether every pre-activation of a hidden layer has the same sign at θ and at θ + Δ, for all samples."""
        below = [f"z{layer.number}" for layer in self.architecture.layers[:-1]]
        here, there = (forward(self.architecture, self.X, p)[1] for p in (self.parameters, self._moved(change)))
        return all(bool(((here[z] > 0) == (there[z] > 0)).all()) for z in below)

    def vector(self, change: Any) -> Array:
        """Return Δ as one vector, laid out as the columns of F."""
        if isinstance(change, dict):
            return flatten(checked_parameters(self.architecture, change), self.wrt)
        return flatten(unflatten(change, self.parameters, self.wrt), self.wrt)

    def _moved(self, change: Any) -> Parameters:
        theta = flatten(self.parameters, self.wrt) + self.vector(change)
        return unflatten(theta, self.parameters, self.wrt)
