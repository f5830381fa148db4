"""Dask arrays give the numbers that arrays give, chunk by chunk, and nothing imports Dask for those who have none."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from symjac.errors import DomainError, ShapeError
from symjac.networks import Network

da = pytest.importorskip("dask.array")

X = np.random.default_rng(0).normal(size=(50, 3))
NET = Network([3, 4, 1], "tanh")
P = NET.initialize(0)


@pytest.mark.parametrize("chunks", [(50, 3), (20, 3), (7, 2)])
def test_forward_and_features(chunks: tuple[int, int]) -> None:
    D = da.from_array(X, chunks=chunks)
    outputs, kept = NET.forward(D, P, return_intermediates=True)
    expected, arrays = NET.forward(X, P, return_intermediates=True)
    np.testing.assert_array_equal(outputs.compute(), expected)
    assert all(np.array_equal(kept[name].compute(), arrays[name]) for name in arrays)
    F = NET.feature_matrix(D, P)
    assert (F.shape, F.chunks[0]) == ((50, 21), D.chunks[0])
    np.testing.assert_allclose(F.compute(), NET.feature_matrix(X, P), atol=1e-15)


@pytest.mark.parametrize("output", ["identity", "softmax"])
def test_several_outputs(output: str) -> None:
    net = Network([3, 4, 2], "relu", output)
    p = net.initialize(1)
    F = net.feature_matrix(da.from_array(X, chunks=(20, 3)), p)
    assert F.chunks[0] == (40, 40, 20)
    np.testing.assert_allclose(F.compute(), net.feature_matrix(X, p), atol=1e-15)


@pytest.mark.parametrize("rows", [25, 10])
def test_principal_features(rows: int) -> None:
    """Also where a chunk has fewer rows than there are parameters."""
    whole, chunked = (NET.principal_features(data, P) for data in (X, da.from_array(X, chunks=(rows, 3))))
    np.testing.assert_allclose(chunked.singular_values, whole.singular_values, atol=1e-12)
    np.testing.assert_allclose(chunked.features.compute(), whole.features, atol=1e-10)
    assert chunked.ranks == pytest.approx(whole.ranks)
    few = NET.principal_features(da.from_array(X, chunks=(rows, 3)), P, count=3)
    np.testing.assert_allclose(few.singular_values, whole.singular_values[:3], rtol=1e-10)
    np.testing.assert_allclose(few.V, whole.V[:, :3], atol=1e-8)


@pytest.mark.parametrize("method", ["gradient descent", "least squares"])
@pytest.mark.parametrize("y_is_chunked", [False, True])
def test_fit(method: str, y_is_chunked: bool) -> None:
    y = np.sin(X[:, 0])
    D = da.from_array(X, chunks=(20, 3))
    given = da.from_array(y, chunks=(11,)) if y_is_chunked else y
    found, expected = (NET.fit(data, t, method=method, rate=0.1, steps=5) for data, t in ((D, given), (X, y)))
    np.testing.assert_allclose(found.losses, expected.losses, rtol=1e-12)
    assert all(np.allclose(found.parameters[name], expected.parameters[name], atol=1e-10) for name in P)


def test_classes_in_chunks() -> None:
    net = Network([3, 4, 2], output="softmax")
    y = (X[:, 0] > 0).astype(int)
    found, expected = (
        net.fit(data, y, loss="cross-entropy", rate=0.1, steps=3) for data in (da.from_array(X, chunks=(20, 3)), X)
    )
    np.testing.assert_allclose(found.losses, expected.losses, rtol=1e-12)


def test_mistakes() -> None:
    with pytest.raises(ShapeError, match="layer 1 takes 3 inputs"):
        NET.feature_matrix(da.ones((5, 2)), P)
    gap = X.copy()
    gap[7, 1] = np.nan
    with pytest.raises(DomainError, match="no finite number"):
        NET.feature_matrix(da.from_array(gap, chunks=(20, 3)), P).compute()
    with pytest.raises(ShapeError, match="one target is needed for each sample"):
        NET.fit(da.from_array(X, chunks=(50, 3)), np.ones(7))


def test_dask_is_not_loaded_unasked() -> None:
    code = "import sys, symjac; n = symjac.Network([2, 1]); n.fit([[1, 2]], [1]); print('dask' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
