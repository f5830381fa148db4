"""The numba backend computes the same numbers in loops; without numba it says what is missing."""

from __future__ import annotations

import importlib.util
import sys
import types

import numpy as np
import pytest

from symjac.compile import compile_record, entries
from symjac.compile.entries import teach
from symjac.compile.forms import Settings, program
from symjac.compile.loops import Loops
from symjac.derivation import jacobian
from symjac.derive import derive
from symjac.errors import DomainError, ShapeError, SymjacError, UnsupportedError
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


@pytest.fixture
def no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loops run as Python: compiling takes seconds, and says nothing about what they compute."""
    plain = types.ModuleType("numba")
    monkeypatch.setattr(plain, "njit", lambda *f, **_: f[0] if f else lambda g: g, raising=False)
    monkeypatch.setitem(sys.modules, "numba", plain)
    monkeypatch.setattr("symjac.compile.jit.teach", lambda: None)


@pytest.mark.usefixtures("no_compiler")
@pytest.mark.parametrize("order", ["C", "F"])
def test_every_loop_computes_the_jacobian(order: str) -> None:
    for name, node in EXPRESSIONS.items():
        found, values = symbols([node]), point(node)
        try:
            record = derive(node, found[:1])
            function = compile_record(record, [s.name for s in found], Layout(), order=order, backend="numba")
        except SymjacError:
            continue
        expected = evaluate(record.jacobians[0], values, SIZES)
        np.testing.assert_allclose(function(**values), expected, rtol=1e-9, atol=1e-11, err_msg=name)


@pytest.mark.usefixtures("no_compiler")
@pytest.mark.parametrize(
    "text", ["inv(A)*x", "det(A)*x", "softmax(A*x)", "inv(kron(A, A) + kron(B, B))", "det(kron(A, A) + kron(B, B))"]
)
def test_joined_axes_and_many_points(text: str) -> None:
    derivation = jacobian(text, "A", given="A: 3 x 3, B: 3 x 3, x: 3")
    rng = np.random.default_rng(2)
    values = {"A": rng.normal(size=(4, 3, 3)), "B": rng.normal(size=(3, 3)), "x": rng.normal(size=3)}
    given = [values[name] for name in derivation.arguments]
    many = derivation.lambdify(batch=["A"], backend="numba")
    np.testing.assert_allclose(many(*given), derivation.lambdify(batch=["A"])(*given), rtol=1e-9)
    one = [value[1] if name == "A" else value for name, value in zip(derivation.arguments, given, strict=True)]
    np.testing.assert_allclose(derivation.lambdify(backend="numba")(*one), derivation.lambdify()(*one), rtol=1e-9)


@pytest.mark.usefixtures("no_compiler")
def test_two_threads_share_a_large_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symjac.compile.jit.LARGE", 10)
    derivation = jacobian("tanh(X*W.T)*v", "W", given="X: n x p, W: h x p, v: h")
    rng = np.random.default_rng(0)
    given = [rng.normal(size=(5, 3)), rng.normal(size=(4, 3)), rng.normal(size=4)]
    function, expected = derivation.lambdify(backend="numba"), derivation.lambdify()(*given)
    np.testing.assert_allclose(function(*given), expected, rtol=1e-12)
    np.testing.assert_allclose(function.bind(X=(5, 3), W=(4, 3), v=(4,))(*given), expected, rtol=1e-12)


@pytest.mark.usefixtures("no_compiler")
def test_a_singular_matrix_has_no_inverse() -> None:
    function = jacobian("inv(X)", "X", given="X: N x N").lambdify(backend="numba")
    for call in (function, function.bind(X=(2, 2))):
        with pytest.raises(DomainError, match="no value here"):
            call(np.zeros((2, 2)))


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
    assert source.count("for sample in range(start, stop)") == 1
    assert source.count("tanh(") == 1


@needs_numba
@pytest.mark.parametrize("name", ["exp", "tanh"])
def test_vectorized_functions_are_as_exact_as_numpy(name: str) -> None:
    import numba

    teach()
    function, numpy_function = getattr(entries, name), getattr(np, name)
    every = numba.njit(lambda t: function(t))
    rng = np.random.default_rng(0)
    edges = [0.0, -0.0, 1e-320, np.inf, -np.inf, np.nan, 709.7, 710.0, -708.5, -740.0, -746.0]
    with np.errstate(over="ignore"):
        for t in [*edges, *(rng.normal(size=200) * 10.0 ** rng.integers(-9, 3, size=200))]:
            expected = numpy_function(np.float64(t))
            np.testing.assert_allclose(every(t), expected, rtol=1e-15, atol=0)
            assert np.signbit(every(t)) == np.signbit(expected)
            single = np.float32(t)
            np.testing.assert_allclose(every(single), numpy_function(single), rtol=3e-7)
    assert every(1 + 2j) == pytest.approx(numpy_function(1 + 2j))


@needs_numba
def test_dividing_by_zero_gives_infinity() -> None:
    derivation = jacobian("log(x)", "x", given="x: 2")
    given = np.array([0.0, 1.0])
    with np.errstate(divide="ignore"):
        np.testing.assert_array_equal(derivation.lambdify(backend="numba")(given), derivation.lambdify()(given))
