"""Dask arrays as arguments: the same numbers chunk by chunk, lazily, and a word about chunks that part anything but points."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symjac.derivation import jacobian
from symjac.errors import DomainError, ShapeError, SymjacError

da = pytest.importorskip("dask.array")

ROOT = Path(__file__).parents[2]
RNG = np.random.default_rng(0)
LAYER = jacobian("tanh(W*x + b)", "W", given="W: M x N, x: N, b: M")
W, X, B = RNG.normal(size=(2, 3)), RNG.normal(size=(10, 3)), RNG.normal(size=2)
CHUNKED = da.from_array(X, chunks=(4, 3))


@pytest.mark.parametrize("form", ["dense", "tensor"])
def test_chunks_stay_and_numbers_are_equal(form: str) -> None:
    J = LAYER.lambdify(form=form, batch=("x",))
    found, expected = J(W=W, x=CHUNKED, b=B), J(W, X, B)
    assert isinstance(found, da.Array)
    assert found.chunks == ((4, 4, 2), *((n,) for n in expected.shape[1:]))
    np.testing.assert_array_equal(found.compute(), expected)
    np.testing.assert_array_equal(found[3].compute(), expected[3])


def test_numba_takes_chunks_too() -> None:
    pytest.importorskip("numba")
    J = LAYER.lambdify(batch=("x",), backend="numba")
    np.testing.assert_allclose(J(W, CHUNKED, B).compute(), J(W, X, B))


def test_nothing_is_computed_before_it_is_asked_for() -> None:
    calls = []

    def noted(block: Any) -> Any:
        calls.append(block.shape)
        return block

    lazy = CHUNKED.map_blocks(noted, dtype=float, meta=np.empty((0, 0)))
    found = LAYER.lambdify(batch=("x",))(W, lazy, B)
    assert not calls
    found[:4].compute()
    assert calls == [(4, 3)]


@pytest.mark.parametrize(
    ("given", "expected"), [("float32", "float32"), ("int64", "float64"), ("complex128", "complex128"), ("float64", "float64")]
)
def test_the_type_is_known_before_and_holds_after(given: str, expected: str) -> None:
    found = LAYER.lambdify(batch=("x",))(W.astype(given), CHUNKED.astype(given), B.astype(given))
    assert found.dtype == found._meta.dtype == found.compute().dtype == np.dtype(expected)


def test_many_arguments_may_hold_points() -> None:
    J = LAYER.lambdify(batch=("x", "b"))
    biases = RNG.normal(size=(10, 2))
    expected = J(W, X, biases)
    other = da.from_array(biases, chunks=(3, 2))
    np.testing.assert_array_equal(J(W, CHUNKED, other).compute(), expected)
    np.testing.assert_array_equal(J(W, CHUNKED, biases).compute(), expected)
    np.testing.assert_array_equal(J(W, X, other).compute(), expected)


def test_scalars_and_columns_hold_points() -> None:
    J = jacobian("c*x", "x", given="x: N, c: scalar").lambdify(batch=("x", "c"))
    scales = RNG.normal(size=10)
    expected = J(scales, X)
    np.testing.assert_array_equal(J(da.from_array(scales, chunks=5), CHUNKED[:, :, None]).compute(), expected)


def test_chunks_of_unknown_length() -> None:
    J = LAYER.lambdify(batch=("x",))
    few = CHUNKED[CHUNKED[:, 0] > 0]
    np.testing.assert_array_equal(J(W, few, B).compute(), J(W, X[X[:, 0] > 0], B))
    both = LAYER.lambdify(batch=("x", "b"))
    with pytest.raises(ShapeError, match=r"x has chunks of unknown length.*compute_chunk_sizes.*rechunk"):
        both(W, few, np.ones((5, 2)))


def test_products_are_ordered_for_a_chunk() -> None:
    d = jacobian("(A*B*x).T*(A*B*x)", "x", given="A: M x K, B: K x N, x: N")
    J = d.lambdify(batch=("x",))
    A, C = RNG.normal(size=(2, 5)), RNG.normal(size=(5, 3))
    np.testing.assert_allclose(J(A, C, CHUNKED).compute(), J(A, C, X))


def test_no_value_in_a_chunk_is_said() -> None:
    J = jacobian("A**-1*x", "x", given="A: N x N, x: N").lambdify(batch=("A",))
    matrices = da.zeros((4, 2, 2), chunks=(2, 2, 2))
    with pytest.raises(DomainError, match="has no value here"):
        J(matrices, np.ones(2)).compute()


def test_names_of_results_tell_them_apart() -> None:
    J = LAYER.lambdify(batch=("x",))
    assert J(W, CHUNKED, B).name == J(W, CHUNKED, B).name
    assert (
        len({J(W, CHUNKED, B).name, J(2 * W, CHUNKED, B).name, LAYER["W"].lambdify("tensor", batch=("x",))(W, CHUNKED, B).name})
        == 3
    )


# Refusals


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((da.from_array(W), X, B), DomainError, r"W is a Dask array, and has no axis of points.*W\.compute\(\).*rechunk"),
        ((W, CHUNKED.rechunk((4, 2)), B), ShapeError, r"x has 3 x 2 chunks.*rechunk it, as in x\.rechunk\(\{1: -1\}\)"),
        ((W, CHUNKED[:, :2], B), ShapeError, "x is N x 1, with a batch axis in front, with N = 3: a 10 x 2 array"),
        ((W, CHUNKED[:, 0], B), ShapeError, "x is N x 1, with a batch axis in front"),
        ((W, CHUNKED, np.ones(3)), ShapeError, "b is M x 1, with M = 2"),
    ],
)
def test_what_does_not_fit_is_said_at_once(arguments: tuple[Any, ...], error: type[SymjacError], words: str) -> None:
    with pytest.raises(error, match=words):
        LAYER.lambdify(batch=("x",))(*arguments)


def test_without_a_batch_there_are_no_chunks() -> None:
    with pytest.raises(DomainError, match=r"x is a Dask array.*batch=.*rechunk"):
        LAYER.lambdify()(W, CHUNKED[0], B)


@pytest.mark.parametrize("form", ["jvp", "vjp"])
@pytest.mark.parametrize("wrt", ["x", "W", "W,b"])
def test_products_with_directions(form: str, wrt: str) -> None:
    d = jacobian("tanh(W*x + b)", wrt.split(","), given="W: M x N, x: N, b: M")
    dense = d.lambdify(batch=("x",))(W, X, B)
    product = d.lambdify(form=form, batch=("x",))
    many = RNG.normal(size=(10, dense.shape[2] if form == "jvp" else 2))
    law = "bij,bj->bi" if form == "jvp" else "bij,bi->bj"
    expected, alike = np.einsum(law, dense, many), np.einsum(law, dense, np.broadcast_to(many[0], many.shape))
    np.testing.assert_allclose(product(W, X, B, many), expected)
    np.testing.assert_allclose(product(W, X, B, many[0]), alike)
    chunked = product(W, CHUNKED, B, many)
    assert isinstance(chunked, da.Array)
    assert chunked.chunks[0] == (4, 4, 2)
    np.testing.assert_allclose(chunked.compute(), expected)
    np.testing.assert_allclose(product(W, CHUNKED, B, many[0]).compute(), alike)
    np.testing.assert_allclose(product(W, X, B, da.from_array(many, chunks=(3, -1))).compute(), expected)


def test_directions_of_points_may_be_matrices() -> None:
    d = jacobian("W*X", "W", given="W: M x N, X: N x K")
    points, directions = RNG.normal(size=(5, 3, 4)), RNG.normal(size=(5, 2, 3))
    found = d.lambdify(form="jvp", batch=("X",))(W, da.from_array(points, chunks=(2, 3, 4)), directions)
    np.testing.assert_allclose(found.compute(), (directions @ points).transpose(0, 2, 1).reshape(5, -1))


def test_directions_that_do_not_fit() -> None:
    product = LAYER.lambdify(form="jvp", batch=("x",))
    with pytest.raises(ShapeError, match="the direction has 6 entries, or so many for each point: a 10 x 5 array"):
        product(W, CHUNKED, B, np.ones((10, 5)))
    with pytest.raises(ShapeError, match=r"a 9 x 6 array|a 9 x 2 x 3 array"):
        product(W, X, B, np.ones((9, 6)))


@pytest.mark.parametrize("form", ["jvp", "operator", "structured"])
def test_other_forms_refuse_chunks(form: str) -> None:
    J = LAYER.lambdify(form=form)
    directions = [np.ones((2, 3))] if form == "jvp" else []
    with pytest.raises(DomainError, match=r"x is a Dask array, and this function has no batch= of points: hand in x\.compute"):
        J(W, CHUNKED[0], B, *directions)


def test_buffers_and_bound_functions_refuse_chunks() -> None:
    J = LAYER.lambdify(batch=("x",))
    with pytest.raises(DomainError, match="out="):
        J(W, CHUNKED, B, out=J.empty(W=W, x=X, b=B))
    with pytest.raises(DomainError, match="a bound function"):
        J.bind(W=W, x=X, b=B)(W, CHUNKED, B)


# What is loaded


def test_dask_is_not_loaded_before_an_array_of_it_comes() -> None:
    code = """
import sys, numpy as np
from symjac import jacobian
J = jacobian("tanh(W*x)", "W", given="W: M x N, x: N").lambdify(batch=("x",))
J(np.ones((2, 3)), np.ones((4, 3)))
print(any(name.split(".")[0] == "dask" for name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_source_alone_travels_to_other_processes() -> None:
    pickle = pytest.importorskip("cloudpickle")
    found = LAYER.lambdify(batch=("x",))(W, CHUNKED, B)
    assert len(pickle.dumps(found)) < 20_000
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(found)).compute(), found.compute())
