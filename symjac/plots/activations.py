"""Activations: their curves, their derivatives, what they do to a distribution, and what a network makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symjac.errors import DomainError
from symjac.evaluate import function_value
from symjac.networks import Network
from symjac.networks.activations import activate, read_activation
from symjac.nodes.functions import RELU, Function
from symjac.plots.style import COLOURS, GREY, block, expect, lines, numbers, panels, styled, widths

LIMITS = {"tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0)}
"""What an activation tends to, far to the left and to the right."""


def activations(names: Sequence[Any] = ("tanh", "sigmoid", "relu"), span: tuple[float, float] = (-4, 4), ax: Any = None) -> Any:
    """Draw activations and their derivatives, side by side in two panels, with the limits of each marked.

    >>> figure = activations(["tanh", "sigmoid"])
    >>> len(figure.axes)
    2

    An activation is a name or a SymPy expression of one symbol, as for `Network`. `ax` is a pair of Axes. Returns the Figure.
    """
    names = [names] if isinstance(names, str) else names
    if not names:
        raise DomainError("there is no activation to draw")
    with styled():
        values, slopes = panels(2, ax, "Activations and their derivatives", size=(4.2, 3.2))
        t = np.linspace(*span, 801)
        for given, style in zip(names, lines(len(names)), strict=True):
            function = read_activation(given)
            name = "identity" if function is None else function.name
            values.plot(t, activate(function, t), label=_label(name), **style)
            for x, y in _pieces(function, t):
                slopes.plot(x, y, label=_label(name, 1) if x[0] == t[0] else None, **style)
            for limit in LIMITS.get(name, ()):
                values.axhline(limit, color=style["color"], linewidth=0.6, alpha=0.6)
        values.set(xlabel="$z$", title=r"$\sigma(z)$")
        slopes.set(xlabel="$z$", title=r"$\sigma'(z)$")
        for axes in (values, slopes):
            axes.legend(fontsize=8)
        return values.figure


def _label(name: str, order: int = 0) -> str:
    word = {"relu": "ReLU"}.get(name, name)
    return f"$\\mathrm{{{word}}}" + "'" * order + "$"


def _pieces(function: Function | None, t: Any) -> list[tuple[Any, Any]]:
    """Return the derivative on t, in two pieces where it jumps: no line is drawn across a jump."""
    if function is None:
        return [(t, np.ones_like(t))]
    slope = np.broadcast_to(np.asarray(function_value(function.derivative)(t), float), t.shape)
    if function is not RELU or t[0] >= 0 or t[-1] <= 0:
        return [(t, slope)]
    left, right = t[t <= 0], t[t > 0]
    return [(left, slope[: len(left)]), (right, slope[len(left) :])]


def activation_distributions(
    networks: Mapping[str, Network], parameters: Mapping[str, Any], X: Any, layer: int | None = None, ax: Any = None
) -> Any:
    """Draw how the activations of one layer are distributed, for several networks on the same parameters and inputs.

    >>> nets = {"tanh": Network([4, 6, 1], "tanh"), "ReLU": Network([4, 6, 1], "relu")}
    >>> p = nets["tanh"].initialize(0)
    >>> ax = activation_distributions(nets, p, np.random.default_rng(0).normal(size=(50, 4)))
    >>> len(ax.get_legend().get_texts())
    2

    `layer` is the last hidden one by default. The mean is a vertical line, its value in the legend. Returns the Axes.
    """
    expect(networks, Mapping, "networks are a dictionary by the words of the legend")
    if not networks:
        raise DomainError("there is no network to draw")
    with styled():
        (axes,) = panels(1, ax, "How activations are distributed", size=(5.0, 3.2))
        hatches = ("", "//", "\\\\", "..")
        depth = len(next(iter(networks.values())).architecture.layers)
        chosen = (depth - 1 or 1) if layer is None else layer
        if chosen not in range(1, depth + 1):
            raise DomainError(f"layer {chosen}: the layers are 1 to {depth}")
        for i, (name, network) in enumerate(networks.items()):
            _, kept = network.forward(X, parameters, return_intermediates=True)
            values, colour = np.ravel(kept[f"h{chosen}"]), COLOURS[i % len(COLOURS)]
            axes.hist(
                values, bins=40, density=True, histtype="stepfilled", alpha=0.35, color=colour, edgecolor=colour,
                hatch=hatches[i % len(hatches)], label=f"{name}: mean {values.mean():.3f}",
            )  # fmt: skip
            axes.axvline(values.mean(), color=colour, linestyle="--")
        axes.axvline(0, color=GREY, linewidth=0.8)
        axes.set(xlabel=f"entries of {block(f'h{chosen}')}", ylabel="density")
        axes.legend(fontsize=8)
        return axes


def output_curves(network: Network, candidates: Mapping[str, Any], x: Any, X: Any = None, y: Any = None, ax: Any = None) -> Any:
    """Draw the output of a network over a scalar input for several parameters; X and y are points it should go through.

    >>> net = Network([1, 1], output="tanh")
    >>> ax = output_curves(net, {"w = 3": {"W1": [[3]], "b1": [0]}}, np.linspace(-1, 1, 101), X=[0], y=[0])
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['w = 3', 'wanted']

    Returns the Axes. Raises DomainError for networks with several inputs or outputs.
    """
    grid = np.sort(np.ravel(numbers(x, "x")))
    expect(candidates, Mapping, "parameters are given by the words of the legend, in a dictionary")
    if not candidates:
        raise DomainError("there are no parameters to draw outputs for")
    inputs, wanted = (np.ravel(numbers([] if values is None else values, name)) for values, name in ((X, "X"), (y, "y")))
    if len(inputs) != len(wanted):
        raise DomainError(f"there are {len(inputs)} points X and {len(wanted)} targets y: give one target for each point")
    if any((sizes[0], sizes[-1]) != (1, 1) for sizes in (widths(network, given) for given in candidates.values())):
        raise DomainError("the curves are drawn for one input and one output; this network has more")
    curves = {name: network.forward(grid[:, None], parameters)[:, 0] for name, parameters in candidates.items()}
    with styled():
        (axes,) = panels(1, ax, "The output as a function of x", size=(5.2, 3.4))
        for (name, values), style in zip(curves.items(), lines(len(curves)), strict=True):
            axes.plot(grid, values, label=name, **style)
        if len(inputs):
            axes.plot(inputs, wanted, "ko", markersize=7, label="wanted", zorder=3)
        axes.set(xlabel="$x$", ylabel=r"$\hat{y}$")
        axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
        return axes
