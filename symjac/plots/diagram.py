"""The picture of neurons and lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symjac.errors import DomainError
from symjac.networks import Network
from symjac.plots.style import BLUE, GREY, VERMILLION, block, expect, panels, styled, widths
from symjac.write.latex import Latex
from symjac.write.sizes import size_body

MOST = 8
"""A layer with more neurons shows the first and the last of them, with dots between."""

LAST = -1
"""The index of the last neuron of a layer whose size is a name."""


def network_diagram(network: Network, parameters: Mapping[str, Any] | None = None, title: str = "", ax: Any = None) -> Any:
    """Draw neurons and lines, a layer a column; with parameters, a line's width is |w| and its colour the sign of w.

    >>> ax = network_diagram(Network([3, 4, 2]))
    >>> len(ax.collections), len(ax.lines)
    (9, 20)

    Neurons carry their names, counted from 1; layers with more than 8 neurons, and layers whose size is a name, are drawn
    shortened. Negative weights are dashed. Returns the Axes.
    """
    expect(network, Network, "what is drawn is a Network")
    sizes = list(network.architecture.sizes) if parameters is None else widths(network, parameters)
    rows = [_rows(size) for size in sizes]
    places = [_heights(len(shown)) for shown in rows]
    with styled():
        (axes,) = panels(
            1,
            ax,
            f"Neurons and lines of a network with sizes {', '.join(map(str, sizes))}",
            size=(1.0 + 1.8 * (len(sizes) - 1), 1.2 + 0.4 * max(map(len, rows))),
        )
        for layer in range(1, len(sizes)):
            _connect(axes, layer, rows, places, None if parameters is None else np.asarray(parameters[f"W{layer}"], float))
            axes.text(layer - 0.5, 1.1, block(f"W{layer}"), ha="center", va="center", fontsize=10)
        for layer, (shown, heights) in enumerate(zip(rows, places, strict=True)):
            _column(axes, layer, shown, heights, sizes)
            axes.text(layer, -1.15, _count(layer, sizes[layer]), ha="center", va="center", fontsize=9, color=GREY)
        axes.set(title=title, xlim=(-0.4, len(sizes) - 0.6), ylim=(-1.25, 1.25))
        axes.set_axis_off()
        return axes


def network_diagrams(networks: Sequence[Network], ax: Any = None) -> Any:
    """Draw several networks beside one another.

    >>> figure = network_diagrams([Network([1, 1]), Network([3, 2]), Network(["n", "m"])])
    >>> len(figure.axes)
    3

    `ax` is as many Axes. Returns the Figure.
    """
    if not networks:
        raise DomainError("there is no network to draw")
    with styled():
        drawn = panels(len(networks), ax, "Neurons and lines of networks", columns=4, size=(2.2, 2.6))
        for axes, network in zip(drawn, networks, strict=True):
            network_diagram(network, ax=axes)
        return drawn[0].figure


def _rows(size: Any) -> list[int | None]:
    """Return the neurons that are drawn, from 0; None where dots stand for the rest."""
    if not isinstance(size, int) and not size.is_Integer:
        return [0, 1, None, LAST]
    width = int(size)
    return list(range(width)) if width <= MOST else [*range(MOST - 2), None, width - 1]


def _heights(count: int) -> list[float]:
    """Return heights within ±0.8, no further apart than the neurons of a layer of three."""
    top = min(0.8, 0.4 * (count - 1))
    return [float(y) for y in np.linspace(top, -top, count)]


def _count(layer: int, size: Any) -> str:
    return f"$n_{{{layer}}} = {size}$" if isinstance(size, int) or size.is_Integer else f"${size_body(size, Latex())}$"


def _connect(axes: Any, layer: int, rows: list[list[int | None]], places: list[list[float]], W: Any) -> None:
    most = 1.0 if W is None or not np.abs(W).max() else np.abs(W).max()
    for i, y in zip(rows[layer], places[layer], strict=True):
        for j, x in zip(rows[layer - 1], places[layer - 1], strict=True):
            if i is None or j is None:
                continue
            style = {"color": GREY, "linewidth": 0.7} if W is None else _weighted(float(W[i, j] / most))
            axes.plot([layer - 1, layer], [x, y], zorder=1, **style)


def _weighted(weight: float) -> dict[str, Any]:
    return {
        "color": BLUE if weight >= 0 else VERMILLION,
        "linestyle": "-" if weight >= 0 else "--",
        "linewidth": 0.3 + 2.2 * abs(weight),
    }


def _column(axes: Any, layer: int, shown: list[int | None], heights: list[float], sizes: Sequence[Any]) -> None:
    letter = "x" if layer == 0 else r"\hat{y}" if layer == len(sizes) - 1 else f"h^{{({layer})}}"
    for index, height in zip(shown, heights, strict=True):
        if index is None:
            axes.text(layer, height, r"$\vdots$", ha="center", va="center", fontsize=14)
            continue
        axes.scatter([layer], [height], s=520, facecolor="white", edgecolor="black", zorder=2)
        axes.text(layer, height, f"${_neuron(letter, index, sizes[layer])}$", ha="center", va="center", fontsize=9, zorder=3)


def _neuron(letter: str, index: int, size: Any) -> str:
    """Return a neuron's name: ŷ where there is one alone, x_n for the last of n, and no index for the last of `width`."""
    if size == 1:
        return letter
    subscript = size_body(size, Latex()) if index == LAST else str(index + 1)
    return letter if "mathrm" in subscript else f"{letter}_{{{subscript}}}"
