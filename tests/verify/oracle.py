"""What a claim is worth, found without any rule: numerical derivatives, laid out by plain NumPy."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from symjac.evaluate import Array, evaluate
from symjac.layout import Layout
from symjac.nodes.node import Node, Symbol
from symjac.numerical import numerical_jacobian
from symjac.points import Point, random_point, size_names, small_sizes

ATTEMPTS, POINTS = 12, 3


def points(nodes: tuple[Node, ...]) -> Iterator[Point]:
    """Yield points of unequal sizes at which all nodes have values."""
    names = size_names(nodes)
    count = 0
    for attempt in range(ATTEMPTS):
        point = random_point(nodes, 900 + attempt, small_sizes(names, attempt), positive=attempt >= ATTEMPTS // 3)
        with np.errstate(all="ignore"):
            if all(np.isfinite(evaluate(node, point.values, point.sizes)).all() for node in nodes):
                yield point
                count += 1
        if count == POINTS:
            return


def laid_out(jacobian: Array, of: tuple[int, int], wrt: tuple[int, int], layout: Layout) -> list[Array]:
    """Return every array that a layout allows: the Jacobian, and the matrix form where one side is a scalar."""
    tensor = jacobian.reshape(*of[::-1], *wrt[::-1])  # (j, i, l, k)
    tensor = tensor.transpose(1, 0, 3, 2)  # (i, j, k, l)
    rows = tensor if layout.of == "row" else tensor.transpose(1, 0, 2, 3)
    both = rows if layout.wrt == "row" else rows.transpose(0, 1, 3, 2)
    matrix = both.reshape(of[0] * of[1], wrt[0] * wrt[1])
    found = [matrix if layout.orientation == "numerator" else matrix.T]
    if of == (1, 1):
        shaped = tensor[0, 0]
        found.append(shaped.T if layout.orientation == "numerator" else shaped)
    if wrt == (1, 1):
        shaped = tensor[:, :, 0, 0]
        found.append(shaped if layout.orientation == "numerator" else shaped.T)
    return found


LAYOUTS = [
    Layout(of, wrt, orientation)
    for of in ("column", "row")
    for wrt in ("column", "row")
    for orientation in ("numerator", "denominator")
]


def status(claim: Node, f: Node, variable: Symbol, layout: Layout) -> str:
    """Return "correct", "convention" or "wrong", by numbers alone."""
    left = list(LAYOUTS)
    for point in points((claim, f, variable)):
        jacobian = numerical_jacobian(f, variable, point).value
        given = evaluate(claim, point.values, point.sizes)
        of = evaluate(f, point.values, point.sizes).shape
        wrt = point.values[variable.name].shape
        left = [
            one
            for one in left
            if any(
                a.shape == given.shape and np.allclose(a, given, rtol=1e-5, atol=1e-6) for a in laid_out(jacobian, of, wrt, one)
            )
        ]
    return "correct" if layout in left else "convention" if left else "wrong"
