"""Probabilities that underflow: the code stays finite where the mathematics is."""

from __future__ import annotations

import numpy as np
import pytest

import symjac as sj
from symjac.compile.stable import stable
from symjac.evaluate import evaluate
from symjac.nodes.build import elementwise, let
from symjac.nodes.functions import LOG
from symjac.nodes.node import Node
from symjac.read.declare import read_declarations
from symjac.read.text import read_text

GIVEN = "x: N, y: N, r: 1 x N"


def reading(text: str) -> Node:
    return read_text(text, read_declarations(GIVEN))


@pytest.mark.parametrize(
    "text", ["log(softmax(x))", "log(softmax(r))", "log(sigmoid(x))", "y.T*log(softmax(tanh(x)))", "log(x)"]
)
def test_the_stable_form_is_equal(text: str) -> None:
    values = {"x": np.array([0.3, 1.2, 0.7]), "y": np.array([1.0, 2.0, 3.0]), "r": np.array([0.1, 2.0, 0.5])}
    plain, made = (evaluate(node, values, {"N": 3}) for node in (reading(text), stable(reading(text))))
    assert np.allclose(plain, made, rtol=1e-14)


def test_a_named_softmax_is_seen_through() -> None:
    named = let("s", reading("softmax(x)"))
    assert stable(elementwise(LOG, named)) is stable(reading("log(softmax(x))"))


def test_extreme_logits() -> None:
    cross_entropy = sj.jacobian("-y.T*log(softmax(x))", "x", given=GIVEN).lambdify()
    assert np.allclose(cross_entropy(x=[1000, 0], y=[0, 1]), [[1, -1]])
    logistic = sj.jacobian("sum(log(sigmoid(x)))", "x", given=GIVEN).lambdify()
    with np.errstate(over="ignore"):
        found = logistic(x=[-1000.0, 1000.0])
    assert np.allclose(found, [[1, 0]])
