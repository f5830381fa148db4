"""How values flow through a function: blocks of samples or units, two threads, joined products, solved systems."""

from __future__ import annotations

import os

import numpy as np
import pytest

from symjac.derivation import jacobian
from symjac.evaluate import evaluate, size_value
from symjac.nodes.node import symbols


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("samples", [1, 7, 3000])
def test_blocks_of_samples_change_nothing(samples: int, order: str) -> None:
    text = "tanh(X*W1.T + ones(n, 1)*b1.T)*W2.T + b2*ones(n, 1)"
    given = "X: n x p, W1: h x p, b1: h, W2: 1 x h, b2: scalar"
    function = jacobian(text, ["W1", "b1", "W2", "b2"], given=given).lambdify(order=order)
    assert "def fill(rows):" in function.source
    rng = np.random.default_rng(0)
    X, W1, b1, W2 = rng.normal(size=(samples, 2)), rng.normal(size=(40, 2)), rng.normal(size=40), rng.normal(size=(1, 40))
    h = np.tanh(X @ W1.T + b1)
    d = (1 - h**2) * W2
    expected = np.hstack([X[:, :1] * d, X[:, 1:] * d, d, h, np.ones((samples, 1))])
    values = {"X": X, "W1": W1, "b1": b1, "W2": W2, "b2": 0.5}
    np.testing.assert_allclose(function(**values), expected, rtol=1e-12)
    np.testing.assert_allclose(function.bind(**values)(*(values[a] for a in function.arguments)), expected, rtol=1e-12)


@pytest.mark.parametrize("order", ["C", "F"])
def test_two_threads_fill_a_large_result(order: str) -> None:
    """More than a million entries; what the caller said about errors, and an error itself, comes through."""
    function = jacobian("exp(X*W.T)*v", "W", given="X: n x p, W: h x p, v: h").lambdify(order=order)
    rng = np.random.default_rng(0)
    X, W, v = rng.normal(size=(3000, 20)), rng.normal(size=(20, 20)), rng.normal(size=20)
    found = function(X=X, W=W, v=v)
    assert found.size > 1_000_000
    expected = X[:, :, None] * (np.exp(X @ W.T) * v)[:, None]
    np.testing.assert_allclose(found, expected.reshape(found.shape), rtol=1e-12)
    np.testing.assert_allclose(function.bind(X=X, W=W, v=v)(X, W, v), found, rtol=1e-13)
    with np.errstate(over="raise"), pytest.raises(FloatingPointError):
        function(X=1000 * X, W=W, v=v)
    with np.errstate(all="ignore"):
        assert not np.isfinite(function(X=1000 * X, W=W, v=v)).all()


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("inputs", [1, 2, 4, 5])
def test_a_bias_joins_a_product_over_few_inputs(inputs: int, order: str) -> None:
    """More than 4096 pre-activations; what is no number stays in its rows and columns."""
    function = jacobian("tanh(X*W.T + ones(n, 1)*b.T)*v", ["b", "v"], given="X: n x p, W: h x p, b: h, v: h").lambdify(
        order=order
    )
    rng = np.random.default_rng(0)
    X, W, b, v = rng.normal(size=(300, inputs)), rng.normal(size=(20, inputs)), rng.normal(size=20), rng.normal(size=20)
    b[3], X[7, 0] = np.inf, np.nan
    h = np.tanh((X[:, None] * W).sum(2) + b)
    expected = np.hstack([(1 - h**2) * v, h])
    values = {"X": X, "W": W, "b": b, "v": v}
    arrays = [values[name] for name in function.arguments]
    with np.errstate(invalid="ignore"):
        calls = function(*arrays), function(*arrays), function.bind(**values)(*arrays)
    for found in calls:
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert np.isnan(expected).sum() == 40
    with np.errstate(invalid="ignore"):
        single = function(*(array.astype(np.float32) for array in arrays))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, expected, rtol=2e-3, atol=1e-5)
    assert "affine(" in function.source


@pytest.mark.parametrize(
    ("text", "wrt", "blocks"),
    [
        ("tanh(X*W.T)*v", ["W", "v"], "blocks(J, h, "),
        ("tanh(X*W.T)*v + X*u", ["W", "v", "u"], "blocks(J, h, "),
        ("tanh(X*W.T)*V", ["W", "V"], "blocks(J, h, "),
        ("tanh(tanh(X*W.T)*V)*w", ["W", "V"], "blocks(J, n, "),
        ("hadamard(X*u, tanh(X*W.T)*v)", ["W", "u"], "blocks(J, n, "),
    ],
)
def test_in_f_order_blocks_are_of_units_where_units_do_not_meet(text: str, wrt: list[str], blocks: str) -> None:
    derivation = jacobian(text, wrt, given="X: n x p, W: h x p, v: h, V: h x q, u: p, w: q")
    by_rows, by_columns = derivation.lambdify(), derivation.lambdify(order="F")
    assert blocks in by_columns.source
    rng, sizes = np.random.default_rng(0), {"n": 700, "p": 3, "h": 50, "q": 2}
    shapes = {s.name: [size_value(n, sizes) for n in s.shape] for s in symbols([derivation.record.expression])}
    values = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    expected = by_rows(**values)
    for _ in range(2):
        np.testing.assert_allclose(by_columns(**values), expected, rtol=1e-10, atol=1e-12)
    bound = by_columns.bind(**values)
    np.testing.assert_allclose(bound(*(values[name] for name in by_columns.arguments)), expected, rtol=1e-10, atol=1e-12)


def test_the_buffer_of_numpy_is_as_it_was() -> None:
    """In F order functions shorten it while they run, also where they fail."""
    function = jacobian("exp(X*W.T)*v", "W", given="X: n x p, W: h x p, v: h").lambdify(order="F")
    seen: list[int] = []
    rng = np.random.default_rng(0)
    X, W, v = rng.normal(size=(1000, 3)), rng.normal(size=(20, 3)), rng.normal(size=20)
    before = np.getbufsize()
    with np.errstate(call=lambda *_: seen.append(np.getbufsize()), over="call"):
        function(X=1000 * X, W=W, v=v)
    with np.errstate(over="raise"), pytest.raises(FloatingPointError):
        function(X=1000 * X, W=W, v=v)
    assert seen
    assert set(seen) == {256} != {before}
    assert np.getbufsize() == before


@pytest.mark.parametrize(
    ("text", "wrt", "given"),
    [
        ("y.T*inv(A)*x", "x", "A: N x N, x: N, y: N"),
        ("inv(A)*B*x", "x", "A: N x N, B: N x P, x: P"),
        ("x.T*inv(A)*x", "x", "A: N x N, x: N"),
        ("x.T*inv(A.T)*x", "A", "A: N x N, x: N"),
        ("inv(B.T*B)*B.T*y", "y", "B: N x P, y: N"),
        ("trace(X*inv(A)*C)", "C", "X: M x N, A: N x N, C: N x M"),
    ],
)
def test_systems_of_equations_are_solved(text: str, wrt: str, given: str) -> None:
    derivation = jacobian(text, wrt, given=given)
    node = derivation.record.expression
    rng, sizes = np.random.default_rng(1), {"M": 2, "N": 4, "P": 3}
    values = {s.name: rng.normal(size=[size_value(n, sizes) for n in s.shape]) for s in symbols([node])}
    expected = evaluate(derivation.node, values, sizes)
    for order in ("C", "F"):
        function = derivation.lambdify(order=order)
        assert "np.linalg.solve(" in function.source
        assert "np.linalg.inv(" not in function.source
        arrays = [values[name] for name in function.arguments]
        for found in (function(*arrays), function(*arrays), function.bind(**values)(*arrays)):
            np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_an_inverse_that_is_needed_itself_is_formed() -> None:
    for text, wrt in (("inv(A)*x", "A"), ("inv(A)*x*x.T*inv(A)*y", "y"), ("det(inv(A))*inv(A)*x", "x")):
        source = jacobian(text, wrt, given="A: N x N, x: N, y: N").lambdify().source
        assert ("np.linalg.inv(" in source) == (text != "inv(A)*x*x.T*inv(A)*y")


def test_solutions_are_exact_where_inverses_are_not() -> None:
    """The Hilbert matrix of size 9 with a solution of ones: a solution has a residual as small as rounding leaves it."""
    H = 1 / (np.arange(9)[:, None] + np.arange(9) + 1.0)
    function = jacobian("(inv(A)*b).T*x", "x", given="A: N x N, b: N, x: N").lambdify()
    found = function(A=H, b=H.sum(1), x=np.ones(9))
    assert abs(H @ found[0] - H.sum(1)).max() < 1e-14 < abs(H @ (np.linalg.inv(H) @ H.sum(1)) - H.sum(1)).max()


def test_one_column_needs_no_matrix_product() -> None:
    function = jacobian("tanh(X*W.T)*v", "W", given="X: n x p, W: h x p, v: h").lambdify()
    rng = np.random.default_rng(0)
    for p in (1, 3):
        X, W, v = rng.normal(size=(50, p)), rng.normal(size=(4, p)), rng.normal(size=4)
        slope = (1 - np.tanh(X @ W.T) ** 2) * v
        np.testing.assert_allclose(function(X, W, v), (X[:, :, None] * slope[:, None]).reshape(50, -1), rtol=1e-12)
    sources = [known is function._function for known in function._by_shape.values()]
    assert sources == [False, True]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_the_second_thread_survives_a_fork() -> None:
    function = jacobian("tanh(X*W.T)*v", "W", given="X: n x p, W: h x p, v: h").lambdify()
    given = [np.ones((3000, 3)), np.ones((40, 3)), np.ones(40)]
    expected = function(*given)
    child = os.fork()
    if not child:
        os._exit(not np.array_equal(function(*given), expected))
    assert os.waitpid(child, 0)[1] == 0
