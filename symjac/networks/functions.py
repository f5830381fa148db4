"""The NumPy functions of a network: what it computes, and its derivatives, compiled from their derivations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from symjac.derivation import Derivation
from symjac.derive import derive
from symjac.evaluate import Array
from symjac.layout import Layout
from symjac.networks.activations import activate
from symjac.networks.architecture import Architecture
from symjac.networks.data import Parameters
from symjac.networks.graph import Graph, batch, single
from symjac.networks.losses import Loss, by_output


def derived(graph: Graph, architecture: Architecture, layout: Layout) -> Derivation:
    """Derive a network's output by all its parameters."""
    return Derivation(derive(graph.output, list(architecture.parameters.values())), layout)


def forward(architecture: Architecture, X: Array, parameters: Parameters) -> tuple[Array, Parameters]:
    """Return the outputs for samples, and the pre-activations z and activations h by name."""
    kept: Parameters = {}
    h = X
    for layer in architecture.layers:
        z = h @ parameters[layer.weight].T + parameters[layer.bias]
        h = activate(architecture.function(layer), z)
        kept |= {f"z{layer.number}": z, f"h{layer.number}": h}
    return h, kept


def columns(parameters: Parameters) -> Parameters:
    """Return parameters as matrices, as the derivations know them: a bias is a column."""
    return {name: value if value.ndim == 2 else value[:, None] for name, value in parameters.items()}


@dataclass(frozen=True)
class Functions:
    """The compiled derivatives of one network in one layout of the parameters ("column" or "row")."""

    architecture: Architecture
    wrt: str

    def features(self, X: Array, parameters: Parameters) -> Array:
        """Return ∂ŷ/∂θ of every sample: n·n_out × d, the outputs of a sample one below the other."""
        if isinstance(self.architecture.output, str):
            found: Array = self._each(x=X, **columns(parameters))
            return found.reshape(-1, found.shape[-1])
        found = self._together(X=X, **columns(parameters))
        return found

    @cached_property
    def _together(self) -> Callable[..., Array]:
        layout = Layout(of="row", wrt=self.wrt)
        found: Callable[..., Array] = derived(batch(self.architecture), self.architecture, layout).lambdify(order="F")
        return found

    @cached_property
    def _each(self) -> Callable[..., Array]:
        layout = Layout(wrt=self.wrt)
        found: Callable[..., Array] = derived(single(self.architecture), self.architecture, layout).lambdify(batch=("x",))
        return found

    @cached_property
    def _weighted(self) -> Callable[..., Array]:
        """Σ over samples and outputs of a weight times ∂ŷ/∂θ."""
        layout = Layout(wrt=self.wrt)
        found: Callable[..., Array] = derived(batch(self.architecture), self.architecture, layout).lambdify(form="vjp")
        return found

    def loss_and_gradient(self, loss: Loss, X: Array, y: Array, parameters: Parameters) -> tuple[float, Array]:
        """Return the sum of a loss over samples, and its derivative by θ: δ carried back through the network."""
        if loss.of_logits and self.architecture.output is not None:
            return self._of_logits.loss_and_gradient(loss, X, y, parameters)
        outputs, _ = forward(self.architecture, X, parameters)
        delta = _by_output(loss.name)(o=outputs, y=y).reshape(outputs.shape)
        return float(loss.values(outputs, y).sum()), self._weighted(X=X, **columns(parameters), u=delta)

    @cached_property
    def _of_logits(self) -> Functions:
        return Functions(replace(self.architecture, output=None), self.wrt)


@cache
def _by_output(name: str) -> Callable[..., Array]:
    """Return the derivative of a loss by the output, for many samples at once."""
    found: Callable[..., Array] = by_output(name).lambdify(batch=("o", "y"))
    return found


def predicted(loss: Loss, architecture: Architecture) -> Architecture:
    """Return the network whose outputs a loss is about: without its output function, where the loss contains that."""
    return replace(architecture, output=None) if loss.of_logits else architecture


def hidden(architecture: Architecture, X: Array, parameters: Parameters) -> Array:
    """Return what the last layer sees of every sample, and a column of ones for its bias."""
    _, kept = forward(architecture, X, parameters)
    before = len(architecture.layers) - 1
    h = kept[f"h{before}"] if before else X
    return np.column_stack([h, np.ones(len(h))])
