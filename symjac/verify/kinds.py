"""Exercises that ask for no derivative: shapes of layers, counts of parameters, the best of several options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

import numpy as np

from symjac.errors import DomainError, ParseError
from symjac.evaluate import evaluate
from symjac.nodes.build import symbol
from symjac.nodes.node import Node, Symbol
from symjac.nodes.sizes import size
from symjac.read.header import Task
from symjac.read.text import read_text
from symjac.verify.marks import CORRECT, NOTED, UNREAD, WRONG, Mark
from symjac.verify.spaces import Axes, axes_text, read_axes

COMPUTED = "computed"
"""How it is known what a sum or a product of whole numbers is."""

TIE = 1e-9
"""Losses nearer than this are equally good."""


# Shapes of layers


def layer_marks(task: Task) -> Iterator[Mark]:
    """Mark the claimed shapes of a network's weights, biases and outputs.

    >>> [mark.status for mark in layer_marks(Task("shape", layers=(4, 8, 2), shapes={"W1": "8 x 4", "b2": "8"}))]
    ['correct', 'wrong']
    """
    truths = _layer_shapes(task.layers)
    for name, claim in task.shapes.items():
        source = f"{name}: {claim}"
        key = name.strip().replace("_", "").replace("{", "").replace("}", "")
        if key not in truths:
            yield Mark(
                UNREAD, source, label="shape", message=f"there is no {name} in this network; there are {', '.join(truths)}"
            )
            continue
        shape, words = truths[key]
        try:
            claimed = read_axes(claim, ())
        except ParseError as error:
            yield Mark(UNREAD, source, label="shape", message=str(error))
            continue
        yield _layer_mark(source, claimed, tuple(map(size, shape)), words)


def _layer_shapes(layers: tuple[int, ...]) -> Mapping[str, tuple[tuple[int, ...], str]]:
    found: dict[str, tuple[tuple[int, ...], str]] = {}
    for number, (inputs, outputs) in enumerate(pairwise(layers), start=1):
        found[f"W{number}"] = (outputs, inputs), f"layer {number} makes {outputs} outputs of {inputs} inputs"
        found[f"b{number}"] = (outputs,), f"layer {number} has {outputs} outputs, and a bias for each"
        for name in (f"z{number}", f"h{number}", f"a{number}"):
            found[name] = (outputs,), f"layer {number} has {outputs} outputs"
    return found


def _layer_mark(source: str, claimed: Axes, shape: Axes, words: str) -> Mark:
    if _column(claimed) == _column(shape):
        return Mark(CORRECT, source, label="shape", evidence=COMPUTED)
    kind = "transpose" if claimed == shape[::-1] else "shape"
    return Mark(
        WRONG, source, label="shape", kind=kind, message=f"It is {axes_text(shape)}, not {axes_text(claimed)}: {words}."
    )


def _column(axes: Axes) -> Axes:
    return axes if len(axes) > 1 else (axes[0], size(1))


# Counts


def count_marks(task: Task) -> Iterator[Mark]:
    """Mark a claimed count of parameters, or of the multiplications of one forward pass.

    >>> [mark.status for mark in count_marks(Task("parameter count", layers=(2, 16, 16, 1), answer="337"))]
    ['correct']
    """
    if not task.answer:
        return
    counted = task.counted
    truth, sum_of = _count(task.layers, counted == "parameters")
    try:
        claimed = int(task.answer.replace(",", "").replace("_", "").replace(" ", "")[:40])
    except ValueError:
        yield Mark(UNREAD, task.answer, label="answer", message=f"the number of {counted} is a whole number")
        return
    if claimed == truth:
        yield Mark(CORRECT, f"{claimed:,} {counted}", label="answer", evidence=COMPUTED)
        return
    yield Mark(
        WRONG,
        f"{claimed:,} {counted}",
        label="answer",
        kind="value",
        message=f"There are {truth:,} {counted}: {sum_of}.{_slip(task.layers, claimed, truth)}",
    )


def _count(layers: tuple[int, ...], biases: bool) -> tuple[int, str]:
    terms = [(n, m) for n, m in pairwise(layers)]
    total = sum(n * m + biases * m for n, m in terms)
    return total, " + ".join(f"({n}·{m} + {m})" if biases else f"{n}·{m}" for n, m in terms)


def _slip(layers: tuple[int, ...], claimed: int, truth: int) -> str:
    """Name the usual way to miscount that gives the claimed number."""
    weights = sum(n * m for n, m in pairwise(layers))
    slips: list[tuple[int, str]] = [
        (weights, "Without the biases it would be this number"),
        (weights + sum(layers[1:]), "With the biases counted in it would be this number"),
        (weights + len(layers) - 1, "With one bias a layer it would be this number; every neuron has one"),
        (weights + sum(layers), "With biases for the inputs as well it would be this number; the inputs have none"),
        (weights + sum(layers[:-1]), "With a bias for each input of a layer it would be this number; each output has one"),
        (truth - layers[-2] * layers[-1] - layers[-1], "Without the last layer it would be this number"),
        (truth - layers[0] * layers[1] - layers[1], "Without the first layer it would be this number"),
    ]
    return next((f" {words}." for number, words in slips if number == claimed != truth), "")


# Choices


def choice_marks(task: Task) -> Iterator[Mark]:
    """Yield the loss of each option, and mark the answer: the option with the least sum of squared errors is best."""
    losses: dict[str, float] = {}
    for name, option in task.options.items():
        outputs = _outputs(task, option)
        losses[name] = sum((out - float(target)) ** 2 for out, target in zip(outputs, task.targets, strict=True))
        values = ", ".join(f"{of} = {float(value):g}" for of, value in option.items())
        found = ", ".join(f"{float(x):g} ↦ {out:.4g}" for x, out in zip(task.inputs, outputs, strict=True))
        yield Mark(NOTED, f"{name}: {values}", label="option", kind=f"loss {losses[name]:.4g}", message=found)
    best = min(losses, key=losses.__getitem__)
    ties = [name for name in losses if losses[name] <= losses[best] + TIE]
    chosen = task.answer.strip().strip("()")
    if chosen not in losses:
        yield Mark(UNREAD, task.answer, label="answer", message=f"the options are {', '.join(losses)}")
    elif chosen in ties:
        equal = f", as good as {', '.join(name for name in ties if name != chosen)}" if len(ties) > 1 else ""
        message = f"Its loss, {losses[chosen]:.4g}, is the least{equal}."
        yield Mark(CORRECT, chosen, label="answer", evidence=COMPUTED, message=message)
    else:
        message = f"Its loss is {losses[chosen]:.4g}; {best} has {losses[best]:.4g}."
        yield Mark(WRONG, chosen, label="answer", kind="value", message=message)


def _outputs(task: Task, option: Mapping[str, Fraction]) -> list[float]:
    names = {*option, task.wrt or "x"}
    node = read_text(task.f, {name: _scalar(name) for name in sorted(names)})
    if not node.is_scalar:
        raise DomainError(f"f is {axes_text(node.shape)}; a choice compares numbers")
    return [_value(node, {**option, task.wrt or "x": x}) for x in task.inputs]


def _scalar(name: str) -> Symbol:
    return symbol(name, 1, 1)


def _value(node: Node, values: Mapping[str, Fraction]) -> float:
    with np.errstate(all="ignore"):
        found = float(evaluate(node, {name: np.array([[float(value)]]) for name, value in values.items()}, {})[0, 0])
    if not np.isfinite(found):
        raise DomainError("an option gives no finite number")
    return found
