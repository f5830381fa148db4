"""Functions of a few numbers: Python's arithmetic has to give what NumPy's calls give, and step aside where it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symjac.compile import Compiled, compile_record
from symjac.compile.unrolled import unrolled_source
from symjac.derivation import jacobian
from symjac.derive import derive
from symjac.errors import DomainError, ShapeError, SymjacError
from symjac.layout import Layout
from symjac.nodes.node import symbols
from symjac.points import random_point, size_names
from tests.strategies import expressions

LAYER = "W: M x N, x: N, b: M"

SMALL: list[tuple[str, str | list[str], str, list[tuple[int, ...]]]] = [
    ("A.T*A", "A", "A: M x N", [(3, 2)]),
    ("A.T*A", "A", "A: M x N", [(1, 1)]),
    ("tanh(W*x + b)", "W", LAYER, [(2, 3), (3, 1), (2, 1)]),
    ("tanh(W*x + b)", ["W", "b"], LAYER, [(2, 3), (3,), (2,)]),
    ("sigmoid(W*x + b)", "x", LAYER, [(2, 3), (3,), (2,)]),
    ("softplus(W*x + b)", "x", LAYER, [(2, 3), (3,), (2,)]),
    ("relu(W*x + b)", ["W", "x"], LAYER, [(2, 3), (3,), (2,)]),
    ("sin(W*x)'*cos(W*x)", "x", LAYER, [(2, 3), (3,)]),
    ("log(x'*x)*exp(c)", ["x", "c"], "x: N, c: scalar", [(3,), ()]),
    ("norm(y - Phi*theta)**2", "theta", "Phi: N x D, y: N, theta: D", [(4,), (4, 2), (2,)]),
    ("norm(x)", "x", "x: N", [(3, 1)]),
    ("trace(A*B)**3/N", "A", "A: N x N, B: N x N", [(2, 2), (2, 2)]),
    ("hadamard(x, x, x) + 2*x/3", "x", "x: N", [(4,)]),
    ("kron(x, y)", "x", "x: N, y: M", [(2,), (3,)]),
    ("x*x'*A", "x", "x: N, A: N x M", [(2,), (2, 2)]),
]


def values(shapes: Sequence[tuple[int, ...]], seed: int = 0) -> list[Any]:
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


def is_unrolled(function: Compiled, shapes: Sequence[tuple[int, ...]]) -> bool:
    assert function._program is not None
    sizes = function._program.sizes_of(dict(zip(function.arguments, shapes, strict=True)))
    return unrolled_source(function._program, sizes, tuple(shapes)) is not None


@pytest.mark.parametrize(("text", "wrt", "given_", "shapes"), SMALL, ids=[f"{case[0]} by {case[1]}" for case in SMALL])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_few_numbers(text: str, wrt: str | list[str], given_: str, shapes: list[tuple[int, ...]], order: str) -> None:
    derivation = jacobian(text, wrt, given=given_)
    function = derivation.lambdify(order=order)
    assert is_unrolled(function, shapes)
    arrays = values(shapes)
    bound = function.bind(**dict(zip(function.arguments, shapes, strict=True)))
    for seed in range(3):
        arrays = values(shapes, seed)
        expected = function(*(array.tolist() for array in arrays))
        found = function(*arrays)
        np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-15)
        np.testing.assert_array_equal(found, function(*arrays))
        np.testing.assert_array_equal(found, bound(*arrays))
        assert found.flags[f"{order}_CONTIGUOUS"]
        assert found is not function(*arrays)
        assert bound(*arrays) is bound(*arrays)


@pytest.mark.parametrize("form", ["tensor", "jvp", "vjp"])
def test_every_form(form: str) -> None:
    function = jacobian("tanh(W*x + b)", "W", given=LAYER).lambdify(form)
    shapes = [(2, 3), (3,), (2,), *({"jvp": [(2, 3)], "vjp": [(2,)]}.get(form, []))]
    arrays = values(shapes)
    expected = function(*(array.tolist() for array in arrays))
    np.testing.assert_allclose(function(*arrays), expected, rtol=1e-13)


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        ("exp(x)", [1000.0, 0.0], [[np.inf, 0], [0, 1]]),
        ("log(x)", [0.0, 2.0], [[np.inf, 0], [0, 0.5]]),
        ("sqrt(x)", [-1.0, 4.0], [[np.nan, 0], [0, 0.25]]),
        ("relu(x)", [np.nan, 1.0], [[0, 0], [0, 1]]),
        ("tanh(x)", [np.nan, np.inf], [[np.nan, 0], [0, 0]]),
        ("sigmoid(x)", [-1000.0, np.nan], [[0, 0], [0, np.nan]]),
        ("softplus(x)", [np.nan, 1000.0], [[np.nan, 0], [0, 1]]),
        ("sin(x)", [np.inf, 0.0], [[np.nan, 0], [0, 1]]),
    ],
)
def test_numpy_goes_on_where_python_refuses(text: str, x: list[float], expected: list[list[float]]) -> None:
    function = jacobian(text, "x", given="x: N").lambdify()
    assert is_unrolled(function, [(2,)])
    bound = function.bind(x=(2,))
    with np.errstate(all="ignore"):
        for call in (function, bound, function):
            np.testing.assert_allclose(call(np.array(x)), expected, rtol=1e-12)
            np.testing.assert_allclose(call(np.ones(2)), function(x=[1.0, 1.0]), rtol=1e-13)


def test_a_bound_function_still_fits_and_checks_what_it_gets() -> None:
    bound = jacobian("A*x", "A", given="A: M x N, x: N").lambdify().bind(A=(2, 3), x=(3,))
    A, x = np.ones((2, 3)), np.array([1.0, 2.0, 3.0])
    expected = [[1, 0, 2, 0, 3, 0], [0, 1, 0, 2, 0, 3]]
    np.testing.assert_array_equal(bound(A, x), expected)
    np.testing.assert_array_equal(bound(A, [1, 2, 3]), expected)
    np.testing.assert_array_equal(bound(A.astype(int), x[:, None]), expected)
    with pytest.raises(ShapeError, match="x is bound to 3"):
        bound(A, np.ones(4))
    with pytest.raises(DomainError, match="bound to float64"):
        bound(A, x + 1j)


def test_other_types_keep_their_type() -> None:
    function = jacobian("tanh(W*x + b)", "W", given=LAYER).lambdify()
    arrays = values([(2, 3), (3,), (2,)])
    exact = function(*arrays)
    assert function(*(array.astype(np.float32) for array in arrays)).dtype == np.float32
    assert function(*(array.astype(complex) for array in arrays)).dtype == complex
    assert function.bind(np.float32, W=(2, 3), x=(3,), b=(2,))(*(a.astype(np.float32) for a in arrays)).dtype == np.float32
    np.testing.assert_allclose(function(*(np.asfortranarray(array)[::1] for array in arrays)), exact, rtol=1e-15)


@pytest.mark.parametrize(
    ("text", "given_", "shapes"),
    [
        ("A*x", "A: M x N, x: N", [(30, 30), (30,)]),
        ("inv(A)*x", "A: N x N, x: N", [(2, 2), (2,)]),
        ("softmax(A*x)", "A: M x N, x: N", [(2, 2), (2,)]),
        ("det(A)*x", "A: N x N, x: N", [(2, 2), (2,)]),
    ],
)
def test_much_to_do_and_whole_matrices_are_left_to_numpy(text: str, given_: str, shapes: list[tuple[int, ...]]) -> None:
    assert not is_unrolled(jacobian(text, "x", given=given_).lambdify(), shapes)


def test_names_of_users_do_not_meet_ours() -> None:
    given_ = "exp: 2 x 2, W_0: 2, W: 2 x 2, zero: 2, usual: 2, J: 2, write: 2, t1: 2"
    text = "tanh(exp*W_0) + W*zero + hadamard(usual, J) + hadamard(write, t1)"
    for wrt in ("exp", "zero", "usual", "t1"):
        function = jacobian(text, wrt, given=given_).lambdify()
        shapes = [(2, 2) if name in ("exp", "W") else (2,) for name in function.arguments]
        assert is_unrolled(function, shapes)
        arrays = values(shapes)
        np.testing.assert_allclose(function(*arrays), function(*(array.tolist() for array in arrays)), rtol=1e-13)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_random_expressions_of_a_few_numbers(data: st.DataObject) -> None:
    """Twins: what a few numbers give, and what the plain functions of the same plan give."""
    try:
        node = data.draw(expressions(3))
        found = symbols([node])
        assume(found)
        record = derive(node, found[:1])
        point = random_point([node], 0, dict.fromkeys(size_names([node]), 2), positive=True).values
    except (SymjacError, np.linalg.LinAlgError):
        assume(False)
    names = [s.name for s in found]
    for order in ("C", "F"):
        with suppress(SymjacError):
            function = compile_record(record, names, Layout(), order=order)
            expected = function(*(point[name].tolist() for name in names))
            assume(np.isfinite(expected).all() and abs(expected).max() < 1e8)
            close = {"rtol": 1e-9, "atol": 1e-11 * max(1.0, abs(expected).max())}
            np.testing.assert_allclose(function(*(point[name] for name in names)), expected, **close)
