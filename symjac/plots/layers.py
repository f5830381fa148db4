"""What layers do to the plane: clouds of points, surfaces, half-spaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symjac.errors import DomainError
from symjac.networks import Network
from symjac.plots.style import AMOUNT, SIGNED, colours_of, expect, numbers, panels, styled, widths

POINTS = 101
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
    widths(network, parameters)
    points = numbers(X, "X")
    _, kept = network.forward(points, parameters, return_intermediates=True)
    if layer not in range(1, len(network.architecture.layers) + 1):
        raise DomainError(f"layer {layer}: the layers are 1 to {len(network.architecture.layers)}")
    before, letter = (points, "x") if layer == 1 else (kept[f"h{layer - 1}"], f"h^{{({layer - 1})}}")
    stages = [
        (before, letter, "input" if layer == 1 else "input of the layer"),
        (kept[f"z{layer}"], f"z^{{({layer})}}", "pre-activation"),
        (kept[f"h{layer}"], f"h^{{({layer})}}", "after the activation"),
    ]
    with styled():
        drawn = panels(3, ax, "A cloud of points before a layer, as pre-activations, and after the activation", size=(3.3, 3.0))
        for axes, (values, name, words) in zip(drawn, stages, strict=True):
            _scatter(axes, _plane(values), labels)
            axes.set(title=f"{words} ${name}$", xlabel=f"${name}_1$", ylabel=f"${name}_2$" if values.shape[1] > 1 else "")
            axes.set_aspect("equal", adjustable="datalim")
        if labels is not None:
            drawn[-1].legend(fontsize=8)
        return drawn[0].figure


def _plane(values: Any) -> Any:
    """Return the first two coordinates of points; a single coordinate is drawn on a line."""
    return values[:, :2] if values.shape[1] > 1 else np.column_stack([values, np.zeros(len(values))])


def _scatter(axes: Any, points: Any, labels: Sequence[Any] | None) -> None:
    for label, chosen, style in colours_of(labels, len(points)):
        axes.scatter(
            *points[chosen].T,
            s=26,
            alpha=0.85,
            linewidths=0.5,
            edgecolors="white",
            label=None if label is None else f"class {label}",
            **style,
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
        (axes,) = panels(1, ax, "The output of a network over the plane", size=(4.6, 3.8))
        filled = _map(axes, x, values, level, _reach(values, level))
        if X is not None:
            _scatter(axes, numbers(X, "X"), labels)
        axes.figure.colorbar(filled, ax=axes, label=r"$\hat{y}$", ticks=_five(filled.levels), format="%.3g")
        return axes


def decision_surfaces(
    networks: Mapping[str, tuple[Network, Mapping[str, Any]]],
    span: Span = (-3, 3),
    X: Any = None,
    labels: Sequence[Any] | None = None,
    level: float = 0.0,
    ax: Any = None,
) -> Any:
    """Draw the outputs of several networks side by side on one scale, each under its name, with its parameters.

    >>> deep, flat = Network([2, 8, 1]), Network([2, 1])
    >>> figure = decision_surfaces({"deep": (deep, deep.initialize(0)), "flat": (flat, flat.initialize(0))})
    >>> [axes.get_title() for axes in figure.axes[:2]]
    ['deep', 'flat']

    Otherwise as `decision_surface`; `ax` is as many Axes. Returns the Figure.
    """
    expect(networks, Mapping, "networks are a dictionary by title")
    if not all(isinstance(pair, tuple) and len(pair) == 2 for pair in networks.values()):
        raise DomainError("a network is given with its parameters, as a pair")
    if not networks:
        raise DomainError("there is no network to draw")
    found = [_surface(network, parameters, span) for network, parameters in networks.values()]
    reach = max(_reach(values, level) for _, values in found)
    with styled():
        drawn = panels(len(found), ax, f"Outputs over the plane: {', '.join(networks)}", size=(3.8, 3.5))
        for axes, name, (x, values) in zip(drawn, networks, found, strict=True):
            filled = _map(axes, x, values, level, reach)
            if X is not None:
                _scatter(axes, numbers(X, "X"), labels)
            axes.set_title(name)
        drawn[0].figure.colorbar(filled, ax=drawn, label=r"$\hat{y}$", ticks=_five(filled.levels), format="%.3g")
        return drawn[0].figure


def _five(levels: Any) -> Any:
    return np.linspace(levels[0], levels[-1], 5)


def _reach(values: Any, level: float) -> float:
    """Return how far values go from a level, 1 where they all are at it but for rounding."""
    reach = float(np.abs(values - level).max())
    return reach if reach > 1e-9 * max(1.0, abs(level)) else 1.0


def _map(axes: Any, x: Any, values: Any, level: float, reach: float) -> Any:
    """Fill the plane by values, purple below a level, white at it and orange above; a line is where they are at it."""
    filled = axes.contourf(x, x, values, levels=np.linspace(level - reach, level + reach, 22), cmap=SIGNED)
    if values.min() < level - 1e-9 * reach and values.max() > level + 1e-9 * reach:
        axes.contour(x, x, values, levels=[level], colors="black", linewidths=1.2)
    axes.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    axes.grid(False)
    return filled


def linear_against_relu(sizes: Sequence[int] = (2, 8, 8, 8, 1), seed: int = 0, span: Span = (-3, 3), ax: Any = None) -> Any:
    """Draw the outputs of the same weights without and with ReLU: layers of the identity stay one linear map.

    >>> figure = linear_against_relu((2, 4, 1))
    >>> [axes.get_title() for axes in figure.axes[:2]]
    ['2 linear layers', '2 layers with ReLU']

    `ax` is a pair of Axes. Returns the Figure.
    """
    linear, relu = (Network(list(sizes), activation) for activation in ("identity", "relu"))
    parameters, depth = relu.initialize(seed), len(sizes) - 1
    return decision_surfaces(
        {f"{depth} linear layers": (linear, parameters), f"{depth} layers with ReLU": (relu, parameters)}, span, ax=ax
    )


def half_spaces(network: Network, parameters: Mapping[str, Any], span: Span = (-3, 3), most: int = 9, ax: Any = None) -> Any:
    """Draw each unit of the first layer over the plane: a ReLU unit is zero on one side of wᵀx + b = 0.

    >>> net = Network([2, 4, 1])
    >>> figure = half_spaces(net, net.initialize(0))
    >>> len([axes for axes in figure.axes if axes.get_title()])
    4

    The line is wᵀx + b = 0; the arrow has the direction of w and starts on the line, where that is near. The first `most`
    units are drawn. Returns the Figure.
    """
    n_in, units, *_ = widths(network, parameters)
    if n_in != 2:
        raise DomainError(f"half-spaces are drawn for networks with two inputs; this one has {n_in}")
    count = min(units, most)
    x, grid = _grid(span)
    _, kept = network.forward(grid, parameters, return_intermediates=True)
    W, b = np.asarray(parameters["W1"], float), np.ravel(parameters["b1"])
    with styled():
        drawn = panels(count, ax, "Hidden units over the plane", size=(2.6, 2.5))
        for unit, axes in enumerate(drawn):
            h, z = (kept[name][:, unit].reshape(POINTS, POINTS) for name in ("h1", "z1"))
            axes.contourf(x, x, h, levels=15, cmap=AMOUNT)
            if z.min() < 0 < z.max():
                axes.contour(x, x, z, levels=[0], colors="white", linewidths=1.4)
            length = np.hypot(*W[unit]) or 1.0
            foot = -b[unit] * W[unit] / length**2
            tail = foot if ((span[0] < foot) & (foot < span[1])).all() else np.full(2, sum(span) / 2)
            arrow = {"arrowstyle": "->", "color": "white", "linewidth": 1.4}
            axes.annotate("", tail + W[unit] / length * (span[1] - span[0]) / 6, tail, arrowprops=arrow)
            axes.set(title=rf"$h_{{{unit + 1}}}$", xlabel="$x_1$", ylabel="$x_2$", aspect="equal", xlim=span, ylim=span)
            axes.grid(False)
        return drawn[0].figure


def _grid(span: Span) -> tuple[Any, Any]:
    ends = numbers(span, "span")
    if ends.shape != (2,) or ends[0] >= ends[1]:
        raise DomainError(f"span={span!r}: it is a pair of numbers, from and to, as (-3, 3)")
    x = np.linspace(*span, POINTS)
    return x, np.column_stack([part.ravel() for part in np.meshgrid(x, x)])


def _surface(network: Network, parameters: Mapping[str, Any], span: Span) -> tuple[Any, Any]:
    n_in, *_, n_out = widths(network, parameters)
    if n_in != 2 or n_out != 1:
        raise DomainError(f"a surface is drawn for two inputs and one output, not for {n_in} and {n_out}")
    x, grid = _grid(span)
    return x, network.forward(grid, parameters).reshape(POINTS, POINTS)
