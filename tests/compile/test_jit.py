"""The numba backend computes the same numbers in loops; without numba it says what is missing."""

from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pytest

from symjac.compile import compile_record
from symjac.compile.forms import Settings, program
from symjac.compile.loops import Loops
from symjac.derivation import jacobian
from symjac.derive import derive
from symjac.errors import DomainError, ShapeError, UnsupportedError
from symjac.evaluate import evaluate
from symjac.layout import Layout
from symjac.nodes.node import symbols
from tests.components.expressions import EXPRESSIONS, SIZES, point

HAS_NUMBA = importlib.util.find_spec("numba") is not None
NAMES = ["gram", "tanh", "inverse of sum", "softmax", "relu", "hadamard power", "kron", "logdet", "own function", "let twice"]

needs_numba = pytest.mark.skipif(not HAS_NUMBA, reason="numba is not installed")


@needs_numba
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("name", NAMES)
def test_loops_compute_the_jacobian(name: str, order: str) -> None:
    node = EXPRESSIONS[name]
    found, values = symbols([node]), point(node)
    record = derive(node, found[:1])
    function = compile_record(record, [s.name for s in found], Layout(), order=order, backend="numba")
    expected = evaluate(record.jacobians[0], values, SIZES)
    np.testing.assert_allclose(function(**values), expected, rtol=1e-9, atol=1e-11)
    bound = function.bind(**values)
    for _ in range(2):
        np.testing.assert_allclose(bound(*values.values()), expected, rtol=1e-9, atol=1e-11)


@needs_numba
def test_types_batches_and_shapes() -> None:
    derivation = jacobian("tanh(A*x)", "A", given="A: 2 x 3, x: 3")
    A, x = np.ones((2, 3)), np.arange(12.0).reshape(4, 3)
    many = derivation.lambdify(backend="numba", batch=["x"])(A, x)
    np.testing.assert_allclose(many, derivation.lambdify(batch=["x"])(A, x))
    one = derivation.lambdify(backend="numba")
    assert one(A.astype(np.float32), x[0].astype(np.float32)).dtype == np.float32
    with pytest.raises(ShapeError, match="x is 3 x 1"):
        one(A, np.ones(4))


def test_without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(UnsupportedError, match="pip install"):
        jacobian("A*x", "A", given="A: 2 x 3, x: 3").lambdify(backend="numba")


def test_backends_are_checked() -> None:
    derivation = jacobian("A*x", "A", given="A: 2 x 3, x: 3")
    with pytest.raises(DomainError, match="the backends are numpy, numba"):
        derivation.lambdify(backend="fortran")
    with pytest.raises(DomainError, match="dense and tensor"):
        derivation.lambdify(backend="numba", form="jvp")


def test_samples_are_the_outermost_loop() -> None:
    text = "tanh(X*W1.T + ones(n, 1)*b1.T)*W2.T"
    record = jacobian(text, ["W1", "b1"], given="X: n x p, W1: h x p, b1: h, W2: 1 x h").record
    source = Loops(program(record, ["X", "W1", "b1", "W2"], Layout(), Settings()).module()).source()
    assert source.count("for sample in range(n)") == 1
    assert source.count("np.tanh") == 1
