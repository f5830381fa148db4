r"""Lines that say where something lies: e(\theta) \in \mathbb{R}^N, \nabla_A f \in \mathbb{R}^{M \times MN}."""

from __future__ import annotations

import re

from symjac.layout import Layout
from symjac.meaning import readings
from symjac.nodes.sizes import ONE, size_text, times
from symjac.read.latex.tree import Derivative, Name
from symjac.verify.board import Board
from symjac.verify.marks import CONVENTION, CORRECT, WRONG, Mark
from symjac.verify.spaces import Axes, axes_text, read_space

_IN = re.compile(r"\\in(?![A-Za-z])|∈")


def membership(text: str) -> tuple[str, str] | None:
    r"""Part a line at \in; None where it has none.

    >>> membership(r"x \in \mathbb{R}^N")
    ('x ', ' \\mathbb{R}^N')
    """
    found = _IN.search(text)
    return (text[: found.start()], text[found.end() :]) if found else None


def membership_mark(board: Board, left: str, right: str) -> Mark:
    """Judge whether something has the shape of the space it is said to lie in."""
    statement = board.statement(left)
    side = statement.sides[-1]
    axes = read_space(right, board.sizes)
    if isinstance(side, Derivative):
        return _of_derivative(board, side, axes)
    if board.is_own(side) and isinstance(side, Name):
        shape = board.meaning(None).shape
    else:
        shape = readings(side, board.desk.world)[0].meaning.shape
    if axes in _ways(shape):
        return Mark(CORRECT, evidence="by its shape")
    return _wrong(axes, shape)


def _of_derivative(board: Board, side: Derivative, axes: Axes) -> Mark:
    variable = board.variable(side.wrt)
    of, wrt = board.meaning(side.of, variable).shape, variable.shape
    outputs, inputs = times(*of), times(*wrt)
    layout = board.task.layout or Layout()
    ways = {"numerator": [(outputs, inputs)], "denominator": [(inputs, outputs)]}
    if of == (ONE, ONE):
        ways = {"numerator": [(outputs, inputs), wrt[::-1]], "denominator": [wrt, (inputs, outputs)]}
    tensor = [(*of, *wrt), tuple(n for n in (*of, *wrt) if n is not ONE)]
    accepted = [way for shape in ways[layout.orientation] for way in _ways(shape)] + tensor
    if axes in accepted:
        return Mark(CORRECT, evidence="by its shape")
    other = "denominator" if layout.orientation == "numerator" else "numerator"
    if axes in [way for shape in ways[other] for way in _ways(shape)]:
        return Mark(CONVENTION, message=f"This is right in {other} layout.")
    return _wrong(axes, ways[layout.orientation][0])


def _ways(shape: Axes) -> list[Axes]:
    """Return the ways to write a shape: a column has one axis, too."""
    return [shape, shape[:1]] if shape[1] is ONE else [shape]


def _wrong(axes: Axes, shape: Axes) -> Mark:
    message = f"It is {axes_text(shape)}: it lies in {_space(shape)}, not in {_space(axes)}."
    return Mark(WRONG, kind="shape", message=message)


def _space(axes: Axes) -> str:
    lengths = [size_text(n) for n in (axes[:1] if axes[1:] == (ONE,) else axes)]
    inner = " × ".join(lengths)
    return f"ℝ^{inner}" if inner.isalnum() else f"ℝ^({inner})"
