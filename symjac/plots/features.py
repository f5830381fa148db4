"""Features: ∂ŷ/∂θ_i as functions of the input, singular values, principal features, what linearising leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symjac.errors import DomainError
from symjac.networks import Linearization, Network, PrincipalFeatures
from symjac.nodes.functions import RELU
from symjac.plots.style import BLUE, COLOURS, GREY, MARKERS, block, entry, expect, lines, numbers, panels, styled, widths

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
    if not len(grid):
        raise DomainError("x is empty: give the inputs to draw over, as np.linspace(-2, 2, 401)")
    n_in, *_, n_out = widths(network, parameters)
    if (n_in, n_out) != (1, 1):
        raise DomainError("the curves are drawn for one input and one output; this network has more")
    kinks = _kinks(network, parameters, grid)
    x, F = _broken(network, parameters, grid, kinks)
    names = list(network.architecture.parameters)
    blocks = np.split(F, np.cumsum([np.size(parameters[name]) for name in names])[:-1], axis=1)
    with styled():
        drawn = panels(len(names), ax, "Derivatives by the parameters as functions of x", columns=2, size=(4.4, 2.6))
        for axes, name, columns in zip(drawn, names, blocks, strict=True):
            shape = np.shape(parameters[name])
            for i, style in enumerate(lines(min(columns.shape[1], MOST))):
                axes.plot(x, columns[:, i], label=entry(name, *_place(i, shape, network.layout.wrt)), **style)
            for kink in kinks:
                axes.axvline(kink, color=GREY, linewidth=0.6, linestyle=":")
            axes.plot(kinks, np.zeros(len(kinks)), "|", color="black", markersize=9, clip_on=False)
            axes.set(title=rf"$\partial\hat{{y}}/\partial${block(name)}", xlabel="$x$")
            axes.legend(fontsize=7, ncols=2)
        return drawn[0].figure


def _broken(network: Network, parameters: Mapping[str, Any], grid: Any, kinks: Any) -> tuple[Any, Any]:
    """Return the features on a grid and on both sides of each kink, with a gap at the kink: no line is drawn across a jump."""
    near = 1e-9 * float(np.ptp(grid) or 1.0)
    x = np.unique(np.concatenate([grid, kinks, kinks - near, kinks + near]))
    F = np.array(network.feature_matrix(x[:, None], parameters))
    F[(np.abs(x[:, None] - kinks) < near / 2).any(axis=1)] = np.nan
    return x, F


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
    """Draw singular values on a logarithmic scale, a line for each name: several widths, for example.

    >>> net = Network([1, 8, 1])
    >>> before = net.principal_features(np.linspace(-1, 1, 30)[:, None], net.initialize(0))
    >>> ax = singular_values({"initialisation": before, "given": [3, 2, 1]})
    >>> ax.get_yscale()
    'log'

    Takes PrincipalFeatures or arrays, or a pair, before and after training, whose first is dashed and hollow; effective
    ranks stand in the legend. Values that are rounding alone are left out. Returns the Axes.
    """
    expect(spectra, Mapping, "singular values are given by the words of the legend, in a dictionary")
    if not spectra:
        raise DomainError("there are no singular values to draw")
    with styled():
        (axes,) = panels(1, ax, "Singular values of the feature matrix", size=(5.4, 3.6))
        for i, (name, given) in enumerate(spectra.items()):
            style = {"color": COLOURS[i % len(COLOURS)], "marker": MARKERS[i % len(MARKERS)], "markersize": 4}
            *before, last = given if isinstance(given, tuple) else (given,)
            for found in before:
                axes.plot(*_spectrum(found, name), **style, linestyle="--", markerfacecolor="white")
            axes.plot(*_spectrum(last, name), **style, label=name + _ranks([*before, last]))
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set(yscale="log", xlabel="$k$", ylabel=r"$\sigma_k$", title="Singular values of the feature matrix")
        axes.legend(fontsize=8)
        return axes


def _spectrum(found: Any, name: str) -> tuple[Any, Any]:
    values = found.singular_values if isinstance(found, PrincipalFeatures) else found
    s = np.sort(numbers(values, name))[::-1]
    if s.ndim != 1:
        raise DomainError(f"{name} is {s.shape}; singular values are a vector, as np.linalg.svd(F, compute_uv=False) gives it")
    kept = s[s > (s[0] if len(s) else 0) * 1e-15]
    return np.arange(1, len(kept) + 1), kept


def _ranks(found: list[Any]) -> str:
    known = [f"{one.effective_rank():.1f}" for one in found if isinstance(one, PrincipalFeatures)]
    return f", effective rank {' → '.join(known)}" if known else ""


def principal_feature_curves(found: PrincipalFeatures, x: Any, count: int = 5, ax: Any = None) -> Any:
    """Draw the first principal features, the columns of UΣ, over a scalar input.

    >>> net, x = Network([1, 8, 1]), np.linspace(-1, 1, 30)
    >>> ax = principal_feature_curves(net.principal_features(x[:, None], net.initialize(0)), x, count=3)
    >>> len(ax.lines)
    3

    Returns the Axes. Raises DomainError where there is not one input for every row of U.
    """
    grid = np.ravel(numbers(x, "x"))
    expect(found, PrincipalFeatures, "principal features are what net.principal_features gives")
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise DomainError(f"count={count!r}: it is a whole number, 1 or more")
    features = np.asarray(found.features)
    if len(grid) != len(features):
        raise DomainError(f"U has {len(features)} rows and x {len(grid)} entries: give the inputs that F was made from")
    order = np.argsort(grid, kind="stable")
    with styled():
        (axes,) = panels(1, ax, "Principal features as functions of x", size=(4.8, 3.4))
        for k, style in enumerate(lines(min(count, features.shape[1]))):
            axes.plot(grid[order], features[order, k], label=rf"$\sigma_{{{k + 1}}}u_{{{k + 1}}}$", **style)
        axes.set(xlabel="$x$", title=r"Principal features $U\Sigma$")
        axes.legend(fontsize=8)
        return axes


def linearization_error(linear: Linearization, change: Any, halvings: int = 8, ax: Any = None) -> Any:
    """Draw the error of a linearised network for Δ, Δ/2, Δ/4, … on logarithmic scales, beside a line of slope 2.

    >>> net = Network([1, 3, 1], "tanh")
    >>> ax = linearization_error(net.linearize([[0.5]], net.initialize(0)), np.full(10, 0.1))
    >>> len(ax.lines[-1].get_xdata())
    9

    Points are hollow where Δ switches a ReLU unit for some sample: there the error need not be quartered. Returns the Axes.
    Raises DomainError where there is no error to draw.
    """
    expect(linear, Linearization, "what is drawn is what net.linearize gives")
    gaps = linear.gaps(change, halvings)
    if not gaps.all():
        raise DomainError(
            "some of the errors are 0, which a logarithmic scale does not show: take another Δ, or fewer halvings"
        )
    steps = [linear.vector(change) / 2**k for k in range(halvings + 1)]
    sizes = np.array([np.linalg.norm(step) for step in steps])
    smooth = linear.architecture.activation is not RELU
    same = np.array([smooth or linear.same_pattern(step) for step in steps])
    with styled():
        (axes,) = panels(1, ax, "The error of linearising against the size of the change", size=(4.8, 3.4))
        axes.plot(sizes, gaps[-1] * (sizes / sizes[-1]) ** 2, color=GREY, linestyle="--", label="slope 2")
        for chosen, fill, words in ((same, BLUE, "error"), (~same, "white", "error, a unit switches")):
            if chosen.any():
                axes.plot(sizes[chosen], gaps[chosen], "o", color=BLUE, markerfacecolor=fill, label=words)
        axes.set(xscale="log", yscale="log", xlabel=r"$\Vert\Delta\Vert$", title=r"Error of $\hat{y}(\theta) + F\Delta$")
        axes.legend(fontsize=8)
        return axes
