"""How every picture looks: colours that the colour-blind tell apart, lines that differ in print, names in math text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from typing import Any

import numpy as np

from symjac.errors import DomainError
from symjac.networks import Network
from symjac.networks.data import checked_parameters, sizes_of

BLUE, VERMILLION = "#0072B2", "#D55E00"
COLOURS = (BLUE, VERMILLION, "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""The colours of Okabe and Ito (2008), which the colour-blind tell apart."""

DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
MARKERS = ("o", "^", "s", "D", "v", "P", "X")

GREY = "#777777"
SIGNED = "PuOr_r"
"""A map for values of both signs: purple below 0, white at 0, orange above; it survives grey printing of one sign."""
AMOUNT = "cividis"
"""A map for amounts, even in brightness."""

RULES = {
    "axes.grid": True,
    "grid.alpha": 0.3,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "legend.edgecolor": "none",
    "legend.framealpha": 0.85,
    "mathtext.fontset": "cm",
    "figure.dpi": 120,
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw with our settings, and leave the user's as they were."""
    with _pyplot().rc_context(RULES):
        yield


def panels(
    count: int, ax: Any, words: str, columns: int = 3, size: tuple[float, float] = (3.4, 2.8), projection: str | None = None
) -> list[Any]:
    """Return so many Axes: the given ones, or those of a new figure, in rows of `columns`.

    The words say what the picture shows, for those who do not see it: they are the label of a new figure.
    """
    if ax is not None:
        given = list(np.ravel(np.asarray(ax, dtype=object)))
        if len(given) != count or not all(hasattr(axes, "plot") for axes in given):
            has = f"has {len(given)} Axes" if all(hasattr(axes, "plot") for axes in given) else f"is {type(ax).__name__}"
            raise DomainError(f"this picture has {count} panel{'s' * (count != 1)}; ax {has}")
        return given
    columns = min(columns, count)
    rows = -(-count // columns)
    figure, grid = _pyplot().subplots(
        rows,
        columns,
        figsize=(size[0] * columns, size[1] * rows),
        squeeze=False,
        layout="constrained",
        subplot_kw={"projection": projection},
    )
    figure.set_label(words)
    axes = list(grid.ravel())
    for spare in axes[count:]:
        spare.remove()
    return axes[:count]


def lines(count: int) -> Iterable[dict[str, Any]]:
    """Yield colours with line styles: neighbours differ in both."""
    return ({"color": colour, "linestyle": dash} for colour, dash in islice(zip(cycle(COLOURS), cycle(DASHES)), count))


def entry(name: str, *indices: int) -> str:
    """Return an entry's name in math text, indices counted from 1: W1 at (0, 1) is W^{(1)}_{12}."""
    subscript = ("," if any(i >= 9 for i in indices) else "").join(str(i + 1) for i in indices)
    base = block(name).strip("$")
    return f"${base}_{{{subscript}}}$" if indices else f"${base}$"


def block(name: str) -> str:
    """Return a parameter's or an intermediate's name in math text: W1 is W^{(1)}."""
    letters = name.rstrip("0123456789")
    layer = name[len(letters) :]
    return f"${letters}^{{({layer})}}$" if layer else f"${letters}$"


def expect(value: Any, kind: type, words: str) -> None:
    """Raise DomainError where something is not of the kind that is drawn."""
    if not isinstance(value, kind):
        raise DomainError(f"{words}, not {type(value).__name__}")


def widths(network: Network, parameters: Mapping[str, Any]) -> list[int]:
    """Return the sizes of a network with these parameters, which say what sizes that are names amount to."""
    expect(network, Network, "what is drawn is a Network")
    return sizes_of(checked_parameters(network.architecture, parameters))


def numbers(values: Any, name: str) -> np.ndarray[Any, Any]:
    """Return finite numbers as an array."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise DomainError(f"{name} has to be an array of numbers") from error
    if not np.isfinite(array).all():
        raise DomainError(f"{name} has entries that are no finite numbers; leave them out before drawing")
    return array


def colours_of(labels: Sequence[Any] | None, count: int) -> list[tuple[Any, np.ndarray[Any, Any], dict[str, Any]]]:
    """Return the classes of labelled points: the label, which points have it, and how they are drawn."""
    if labels is None:
        return [(None, np.ones(count, bool), {"color": BLUE, "marker": MARKERS[0]})]
    array = np.ravel(np.asarray(labels))
    if len(array) != count:
        raise DomainError(f"there are {count} points and {len(array)} labels")
    classes = np.unique(array)
    return [
        (value, array == value, {"color": COLOURS[i % len(COLOURS)], "marker": MARKERS[i % len(MARKERS)]})
        for i, value in enumerate(classes)
    ]


def _pyplot() -> Any:
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise DomainError("pictures need matplotlib: pip install matplotlib") from error
    return pyplot
