"""The picture of neurons and lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symjac.errors import DomainError
from symjac.networks import Network
from symjac.plots.style import BLUE, GREY, VERMILLION, panels, styled

MOST = 8
"""A layer with more neurons shows the first and the last of them, with dots between."""


def network_diagram(network: Network, parameters: Mapping[str, Any] | None = None, ax: Any = None) -> Any:
    """Draw neurons and lines, a layer a column; with parameters, a line's width is |w| and its colour the sign of w.

    >>> ax = network_diagram(Network([3, 4, 2]))
    >>> len(ax.patches)
    9

    Neurons carry their names, counted from 1; layers with more than 8 neurons are drawn shortened. Returns the Axes.
    """
    with styled():
        (axes,) = panels(1, ax, size=(6.4, 3.6))
        widths = _widths(network)
        rows = [_rows(width) for width in widths]
        places = [_heights(len(shown)) for shown in rows]
        for layer in range(1, len(widths)):
            W = None if parameters is None else np.atleast_2d(np.asarray(parameters[f"W{layer}"], float))
            _connect(axes, layer, rows, places, W)
        for layer, (shown, heights) in enumerate(zip(rows, places, strict=True)):
            _column(axes, layer, shown, heights, last=layer == len(widths) - 1)
            axes.text(layer, -1.0, f"$n_{{{layer}}} = {widths[layer]}$", ha="center", va="center", fontsize=9, color=GREY)
        axes.set(xlim=(-0.5, len(widths) - 0.5), ylim=(-1.15, 1.0))
        axes.set_axis_off()
        return axes


def _widths(network: Network) -> list[int]:
    sizes = network.architecture.sizes
    if not network.architecture.is_numeric:
        raise DomainError(f"a diagram needs sizes that are numbers; this network has {', '.join(map(str, sizes))}")
    return [int(size) for size in sizes]


def _rows(width: int) -> list[int | None]:
    """Return the neurons that are drawn, from 0; None where dots stand for the rest."""
    if width <= MOST:
        return list(range(width))
    return [*range(MOST - 2), None, width - 1]


def _heights(count: int) -> list[float]:
    return [0.0] if count == 1 else list(np.linspace(0.85, -0.75, count))


def _connect(axes: Any, layer: int, rows: list[list[int | None]], places: list[list[float]], W: Any) -> None:
    most = 1.0 if W is None or not np.abs(W).max() else np.abs(W).max()
    for i, y in zip(rows[layer], places[layer], strict=True):
        for j, x in zip(rows[layer - 1], places[layer - 1], strict=True):
            if i is None or j is None:
                continue
            weight = None if W is None else W[i, j] / most
            style = {"color": GREY, "linewidth": 0.7} if weight is None else _weighted(float(weight))
            axes.plot([layer - 1, layer], [x, y], zorder=1, **style)


def _weighted(weight: float) -> dict[str, Any]:
    return {
        "color": BLUE if weight >= 0 else VERMILLION,
        "linestyle": "-" if weight >= 0 else "--",
        "linewidth": 0.3 + 2.2 * abs(weight),
    }


def _column(axes: Any, layer: int, shown: list[int | None], heights: list[float], last: bool) -> None:
    from matplotlib.patches import Ellipse

    letter = "x" if layer == 0 else r"\hat{y}" if last else f"h^{{({layer})}}"
    tall = min(0.15, 0.85 / max(len(shown), 1))
    for index, height in zip(shown, heights, strict=True):
        if index is None:
            axes.text(layer, height, r"$\vdots$", ha="center", va="center", fontsize=14)
            continue
        axes.add_patch(Ellipse((layer, height), 0.34, 1.7 * tall, facecolor="white", edgecolor="black", zorder=2))
        axes.text(layer, height, f"${letter}_{{{index + 1}}}$", ha="center", va="center", fontsize=9, zorder=3)
