"""What layers do to the plane: clouds of points, surfaces, half-spaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symjac.errors import DomainError
from symjac.networks import Network
from symjac.plots.style import AMOUNT, SIGNED, colours_of, numbers, panels, styled

POINTS = 121
"""The grid behind a surface has so many points along each side."""

Span = tuple[float, float]


def layer_cloud(
    network: Network, parameters: Mapping[str, Any], X: Any, labels: Sequence[Any] | None = None, layer: int = 1, ax: Any = None
) -> Any:
    """Draw a cloud of points before a layer, as pre-activations, and after the activation: three panels.

    >>> net = Network([2, 3, 1])
    >>> figure = layer_cloud(net, net.initialize(0), np.eye(2), labels=[0, 1])
    >>> [axes.get_title() for axes in figure.axes]
    ['input $x$', 'pre-activation $z^{(1)}$', 'after the activation $h^{(1)}$']

    Of layers with more than two units, the first two are drawn. `ax` is three Axes. Returns the Figure.
    """
    points = numbers(X, "X")
    _, kept = network.forward(points, parameters, return_intermediates=True)
    if not 1 <= layer <= len(network.architecture.layers):
        raise DomainError(f"layer {layer}: the layers are 1 to {len(network.architecture.layers)}")
    before, letter = (points, "x") if layer == 1 else (kept[f"h{layer - 1}"], f"h^{{({layer - 1})}}")
    stages = [
        (before, letter, "input" if layer == 1 else "input of the layer"),
        (kept[f"z{layer}"], f"z^{{({layer})}}", "pre-activation"),
        (kept[f"h{layer}"], f"h^{{({layer})}}", "after the activation"),
    ]
    with styled():
        drawn = panels(3, ax, size=(3.3, 3.0))
        for axes, (values, name, words) in zip(drawn, stages, strict=True):
            _scatter(axes, _plane(values), labels)
            axes.set(title=f"{words} ${name}$", xlabel=f"${name}_1$", ylabel=f"${name}_2$" if values.shape[1] > 1 else "")
        if labels is not None:
            drawn[-1].legend(fontsize=8)
        return drawn[0].figure


def _plane(values: Any) -> Any:
    """Return the first two coordinates of points; a single coordinate is drawn on a line."""
    return values[:, :2] if values.shape[1] > 1 else np.column_stack([values, np.zeros(len(values))])


def _scatter(axes: Any, points: Any, labels: Sequence[Any] | None) -> None:
    for label, chosen, style in colours_of(labels, len(points)):
        axes.scatter(
            *points[chosen].T, s=18, alpha=0.75, linewidths=0, label=None if label is None else f"class {label}", **style
        )


def decision_surface(
    network: Network,
    parameters: Mapping[str, Any],
    span: Span = (-3, 3),
    X: Any = None,
    labels: Sequence[Any] | None = None,
    level: float = 0.0,
    ax: Any = None,
) -> Any:
    """Draw the output of a network with two inputs as a map; the line is where the output is `level`.

    >>> net = Network([2, 8, 1])
    >>> ax = decision_surface(net, net.initialize(0))
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('$x_1$', '$x_2$')

    Points X with labels are drawn on top. Returns the Axes. Raises DomainError for other numbers of inputs or outputs.
    """
    x, values = _surface(network, parameters, span)
    with styled():
        (axes,) = panels(1, ax, size=(4.6, 3.8))
        reach = float(np.abs(values - level).max()) or 1.0
        levels = np.linspace(level - reach, level + reach, 21)
        filled = axes.contourf(x, x, values, levels=levels, cmap=SIGNED)
        if values.min() < level < values.max():
            axes.contour(x, x, values, levels=[level], colors="black", linewidths=1.2)
        if X is not None:
            _scatter(axes, numbers(X, "X"), labels)
        axes.figure.colorbar(filled, ax=axes, label=r"$\hat{y}$", ticks=levels[::5])
        axes.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
        axes.grid(False)
        return axes


def linear_against_relu(sizes: Sequence[int] = (2, 8, 8, 8, 1), seed: int = 0, span: Span = (-3, 3), ax: Any = None) -> Any:
    """Draw the outputs of the same weights without and with ReLU: layers of the identity stay one linear map.

    >>> figure = linear_against_relu((2, 4, 1))
    >>> [axes.get_title() for axes in figure.axes[:2]]
    ['2 linear layers', '2 layers with ReLU']

    `ax` is a pair of Axes. Returns the Figure.
    """
    with styled():
        drawn = panels(2, ax, size=(4.4, 3.6))
        parameters = Network(list(sizes)).initialize(seed)
        for axes, activation, words in zip(drawn, ("identity", "relu"), ("linear layers", "layers with ReLU"), strict=True):
            decision_surface(Network(list(sizes), activation), parameters, span, ax=axes)
            axes.set_title(f"{len(sizes) - 1} {words}")
        return drawn[0].figure


def half_spaces(network: Network, parameters: Mapping[str, Any], span: Span = (-3, 3), most: int = 9, ax: Any = None) -> Any:
    """Draw each unit of the first layer over the plane: a ReLU unit is zero on one side of wᵀx + b = 0.

    >>> net = Network([2, 4, 1])
    >>> figure = half_spaces(net, net.initialize(0))
    >>> len([axes for axes in figure.axes if axes.get_title()])
    4

    The line is wᵀx + b = 0, the arrow w. The first `most` units are drawn. Returns the Figure.
    """
    count = min(int(network.architecture.sizes[1]) if network.architecture.is_numeric else 0, most)
    if not count or network.architecture.n_in != 2:
        raise DomainError("half-spaces are drawn for networks with two inputs, all sizes being numbers")
    x, grid = _grid(span)
    _, kept = network.forward(grid, parameters, return_intermediates=True)
    W = np.asarray(parameters["W1"], float)
    with styled():
        drawn = panels(count, ax, size=(2.6, 2.5))
        for unit, axes in enumerate(drawn):
            h, z = (kept[name][:, unit].reshape(POINTS, POINTS) for name in ("h1", "z1"))
            axes.contourf(x, x, h, levels=15, cmap=AMOUNT)
            if z.min() < 0 < z.max():
                axes.contour(x, x, z, levels=[0], colors="white", linewidths=1.4)
            length = np.hypot(*W[unit]) or 1.0
            arrow = {"arrowstyle": "->", "color": "white", "linewidth": 1.4}
            axes.annotate("", W[unit] / length * span[1] / 3, (0, 0), arrowprops=arrow)
            axes.set(title=rf"$h_{{{unit + 1}}}$", xlabel="$x_1$", ylabel="$x_2$", aspect="equal", xlim=span, ylim=span)
            axes.grid(False)
        return drawn[0].figure


def _grid(span: Span) -> tuple[Any, Any]:
    x = np.linspace(*span, POINTS)
    return x, np.column_stack([part.ravel() for part in np.meshgrid(x, x)])


def _surface(network: Network, parameters: Mapping[str, Any], span: Span) -> tuple[Any, Any]:
    n_in, n_out = network.architecture.n_in, network.architecture.n_out
    if n_in != 2 or n_out != 1:
        raise DomainError(f"a surface is drawn for two inputs and one output, not for {n_in} and {n_out}")
    x, grid = _grid(span)
    return x, network.forward(grid, parameters).reshape(POINTS, POINTS)
