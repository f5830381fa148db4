"""The column space of a matrix, drawn in the plane or in space."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symjac.errors import DomainError
from symjac.plots.style import BLUE, GREY, VERMILLION, numbers, panels, styled


def column_space(W: Any, x: Any, others: Mapping[str, Any] | None = None, ax: Any = None) -> Any:
    """Draw the columns of W with 2 or 3 rows, the line or plane that they span, and Wx in it, a sum of scaled columns.

    >>> ax = column_space([[1, 2], [0, 1], [1, 0]], [3, -1], {"$v$": [1, 1, 1]})
    >>> [text.get_text() for text in ax.texts]
    ['$w_{1}$', '$w_{2}$', '$Wx$', '$v$']

    Other vectors are drawn with the dashed line to the nearest point of the column space. With 3 rows `ax` is an Axes of
    projection="3d". Returns the Axes.
    """
    W, x = numbers(W, "W"), np.ravel(numbers(x, "x"))
    if W.ndim != 2 or W.shape[0] not in (2, 3) or len(x) != W.shape[1]:
        raise DomainError(f"W has 2 or 3 rows and as many columns as x has entries; W is {W.shape} and x {x.shape}")
    marked = {name: np.ravel(numbers(value, name)) for name, value in (others or {}).items()}
    wrong = next((name for name, value in marked.items() if len(value) != len(W)), None)
    if wrong is not None:
        raise DomainError(f"{wrong} has {len(marked[wrong])} entries; the columns of W have {len(W)}")
    basis = np.linalg.svd(W)[0][:, : np.linalg.matrix_rank(W)]
    path = np.column_stack([np.zeros(len(W)), np.cumsum(W * x, axis=1)])
    with styled():
        (axes,) = panels(
            1, ax, "The columns of W, what they span, and Wx", size=(4.8, 4.2), projection="3d" if len(W) == 3 else None
        )
        if len(W) == 3 and axes.name != "3d":
            raise DomainError("W has 3 rows: ax is to be an Axes of projection='3d'")
        points = np.column_stack([path, W, *marked.values()])
        reach = 0.8 * np.linalg.norm(points, axis=0).max()
        _space(axes, basis, reach)
        axes.plot(*path, color=GREY, linestyle="--", linewidth=1, marker=".")
        for i, column in enumerate(W.T, start=1):
            _vector(axes, column, BLUE, f"$w_{{{i}}}$", 0.12 * reach)
        _vector(axes, path[:, -1], VERMILLION, "$Wx$", 0.12 * reach)
        for name, value in marked.items():
            _vector(axes, value, "black", name, 0.12 * reach)
            axes.plot(*np.column_stack([value, basis @ (basis.T @ value)]), color="black", linestyle=":", linewidth=1.2)
        axes.set_aspect("equal")
        axes.locator_params(nbins=4)
        if basis.shape == (3, 2):
            _turn(axes, basis, path[:, -1])
        return axes


def _vector(axes: Any, value: Any, colour: str, name: str, away: float) -> None:
    axes.plot(*np.column_stack([np.zeros_like(value), value]), color=colour, linewidth=2)
    axes.plot(*value[:, None], color=colour, marker="o", markersize=5)
    beyond = value * (1 + away / (np.linalg.norm(value) or 1))
    axes.text(*beyond, name, color=colour, fontsize=11, ha="center", va="center")


def _space(axes: Any, basis: Any, reach: float) -> None:
    """Draw a line or a plane through 0, so far to all sides; the whole of the plane or space is not drawn."""
    if basis.shape[1] == 1:
        axes.plot(*(basis * [-reach, reach]), color=BLUE, linewidth=6, alpha=0.15)
    if basis.shape == (3, 2):
        a, b = reach * basis.T
        # The rows are the corners of a square, two by two.
        corners = np.array([[-a - b, -a + b], [a - b, a + b]])
        axes.plot_surface(*np.moveaxis(corners, -1, 0), color=BLUE, alpha=0.15)


def _turn(axes: Any, plane: Any, vector: Any) -> None:
    """Look at a plane from aside, and across a vector in it."""
    normal = np.cross(*plane.T)
    normal *= 1 if normal[2] >= 0 else -1
    across = np.cross(normal, vector)
    x, y, z = 0.6 * normal + 0.8 * across / (np.linalg.norm(across) or 1)
    axes.view_init(elev=np.degrees(np.arctan2(z, np.hypot(x, y))), azim=np.degrees(np.arctan2(y, x)))
