"""Features: ∂ŷ/∂θ_i as functions of the input, singular values, principal features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symjac.errors import DomainError
from symjac.networks import Network, PrincipalFeatures
from symjac.nodes.functions import RELU
from symjac.plots.style import COLOURS, GREY, MARKERS, block, entry, lines, numbers, panels, styled

MOST = 12
"""A panel draws at most so many curves: more could not be told apart."""


def parameter_derivatives(network: Network, parameters: Mapping[str, Any], x: Any, ax: Any = None) -> Any:
    """Draw ∂ŷ/∂θ as a function of a scalar input, a panel for each of W1, b1, W2, …; kinks are marked on the axis.

    >>> net = Network([1, 3, 1])
    >>> figure = parameter_derivatives(net, net.initialize(0), np.linspace(-2, 2, 101))
    >>> len(figure.axes)
    4

    A kink is where a ReLU unit switches: the derivative jumps or bends there. A panel draws its first 12 entries. Returns
    the Figure. Raises DomainError for networks with several inputs or outputs.
    """
    grid = np.sort(np.ravel(numbers(x, "x")))
    F = network.feature_matrix(grid[:, None], parameters)
    if F.shape[0] != len(grid) or network.architecture.n_in != 1:
        raise DomainError("the curves are drawn for one input and one output; this network has more")
    slices = network.parameter_slices
    with styled():
        drawn = panels(len(slices), ax, columns=2, size=(4.4, 2.6))
        kinks = _kinks(network, parameters, grid)
        for axes, (name, columns) in zip(drawn, slices.items(), strict=True):
            count = min(columns.stop - columns.start, MOST)
            shape = np.shape(parameters[name])
            for i, style in enumerate(lines(count)):
                label = entry(name, *_place(i, shape, network.layout.wrt))
                axes.plot(grid, F[:, columns.start + i], label=label, **style)
            for kink in kinks:
                axes.axvline(kink, color=GREY, linewidth=0.6, linestyle=":")
            axes.plot(kinks, np.zeros(len(kinks)), "|", color="black", markersize=9, clip_on=False)
            axes.set(title=rf"$\partial\hat{{y}}/\partial${block(name)}", xlabel="$x$")
            axes.legend(fontsize=7, ncols=2)
        return drawn[0].figure


def _place(k: int, shape: tuple[int, ...], order: str) -> tuple[int, ...]:
    """Return the indices of entry k of a weight matrix, column-first or row-first, or of a bias."""
    if len(shape) == 1:
        return (k,)
    rows, cols = shape
    return (k % rows, k // rows) if order == "column" else (k // cols, k % cols)


def _kinks(network: Network, parameters: Mapping[str, Any], grid: Any) -> Any:
    """Return where a ReLU unit switches, between neighbouring points of a grid."""
    if network.architecture.activation is not RELU:
        return np.empty(0)
    _, kept = network.forward(grid[:, None], parameters, return_intermediates=True)
    found = []
    for layer in range(1, len(network.architecture.layers)):
        z = kept[f"z{layer}"]
        before, after = z[:-1], z[1:]
        at, unit = np.nonzero((before < 0) != (after < 0))
        share = before[at, unit] / (before[at, unit] - after[at, unit])
        found.append(grid[at] + share * (grid[at + 1] - grid[at]))
    return np.unique(np.concatenate(found).round(12)) if found else np.empty(0)


def singular_values(spectra: Mapping[str, Any], ax: Any = None) -> Any:
    """Draw singular values on a logarithmic scale, one line for each name: before and after training, or several widths.

    >>> net = Network([1, 8, 1])
    >>> before = net.principal_features(np.linspace(-1, 1, 30)[:, None], net.initialize(0))
    >>> ax = singular_values({"initialisation": before})
    >>> ax.get_yscale()
    'log'

    Takes PrincipalFeatures or arrays; the effective rank of the first kind stands in the legend. Values that are rounding
    alone are left out. Returns the Axes.
    """
    if not spectra:
        raise DomainError("there are no singular values to draw")
    with styled():
        (axes,) = panels(1, ax, size=(4.8, 3.4))
        for i, (name, given) in enumerate(spectra.items()):
            known = isinstance(given, PrincipalFeatures)
            s = np.sort(np.ravel(numbers(given.singular_values if known else given, name)))[::-1]
            kept = s[s > (s[0] if len(s) else 0) * 1e-15]
            rank = f", effective rank {given.effective_rank():.1f}" if known else ""
            axes.plot(
                np.arange(1, len(kept) + 1), kept, marker=MARKERS[i % len(MARKERS)], markersize=4,
                color=COLOURS[i % len(COLOURS)], label=f"{name}{rank}",
            )  # fmt: skip
        axes.set(yscale="log", xlabel="$k$", ylabel=r"$\sigma_k$", title="Singular values of the feature matrix")
        axes.legend(fontsize=8)
        return axes


def principal_feature_curves(found: PrincipalFeatures, x: Any, count: int = 5, ax: Any = None) -> Any:
    """Draw the first principal features, the columns of UΣ, over a scalar input.

    >>> net, x = Network([1, 8, 1]), np.linspace(-1, 1, 30)
    >>> ax = principal_feature_curves(net.principal_features(x[:, None], net.initialize(0)), x, count=3)
    >>> len(ax.lines)
    3

    Returns the Axes. Raises DomainError where there is not one input for every row of U.
    """
    grid = np.ravel(numbers(x, "x"))
    features = np.asarray(found.features)
    if len(grid) != len(features):
        raise DomainError(f"U has {len(features)} rows and x {len(grid)} entries: give the inputs that F was made from")
    order = np.argsort(grid, kind="stable")
    with styled():
        (axes,) = panels(1, ax, size=(4.8, 3.4))
        for k, style in enumerate(lines(min(count, features.shape[1]))):
            axes.plot(grid[order], features[order, k], label=rf"$\sigma_{{{k + 1}}}u_{{{k + 1}}}$", **style)
        axes.set(xlabel="$x$", title=r"Principal features $U\Sigma$")
        axes.legend(fontsize=8)
        return axes
