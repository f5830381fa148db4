"""Feature matrices against complex steps, their decompositions, and the linearised network."""

from __future__ import annotations

import numpy as np
import pytest

from symjac import Layout
from symjac.errors import DomainError, ShapeError
from symjac.networks import Network, effective_rank, principal_features
from symjac.networks.data import flatten, unflatten
from tests.networks.tools import plain_features, random_parameters


def data(n: int, p: int, seed: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, p))


@pytest.mark.parametrize("inputs", [1, 20])
@pytest.mark.parametrize("hidden", [[1], [10], [7, 5]])
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_features_are_derivatives(inputs: int, hidden: list[int], activation: str) -> None:
    """Row S20."""
    sizes = [inputs, *hidden, 1]
    p, X = random_parameters(sizes), data(6, inputs)
    F = Network(sizes, activation).feature_matrix(X, p)
    np.testing.assert_allclose(F, plain_features(X, p, activation, "identity"), rtol=0, atol=1e-12)


def test_width_1000() -> None:
    """One and two hidden layers, by their formulas."""
    p, X = random_parameters([20, 1000, 1]), data(40, 20)
    net = Network([20, 1000, 1])
    F, at = net.feature_matrix(X, p), net.parameter_slices
    Z = X @ p["W1"].T + p["b1"]
    delta = (Z > 0) * p["W2"]
    np.testing.assert_allclose(F[:, at["b1"]], delta, atol=1e-12)
    np.testing.assert_allclose(F[:, at["W2"]], np.maximum(Z, 0), atol=1e-12)
    np.testing.assert_allclose(F[:, at["W1"]].reshape(40, 20, 1000), X[:, :, None] * delta[:, None, :], atol=1e-12)
    np.testing.assert_array_equal(F[:, at["b2"]], 1)


@pytest.mark.parametrize("output", ["identity", "tanh", "softmax"])
@pytest.mark.parametrize("wrt", ["column", "row"])
def test_several_outputs_stand_below_each_other(output: str, wrt: str) -> None:
    sizes = [3, 4, 2]
    p, X = random_parameters(sizes), data(5, 3)
    F = Network(sizes, "tanh", output).feature_matrix(X, p, Layout(wrt=wrt))
    assert F.shape == (10, Network(sizes).n_parameters)
    np.testing.assert_allclose(F, plain_features(X, p, "tanh", output, "F" if wrt == "column" else "C"), atol=1e-12)


def test_the_layout_of_a_network_is_that_of_its_features() -> None:
    p, X = random_parameters([3, 4, 1]), data(5, 3)
    row_first = Network([3, 4, 1], layout=Layout(wrt="row"))
    np.testing.assert_array_equal(row_first.feature_matrix(X, p), Network([3, 4, 1]).feature_matrix(X, p, Layout(wrt="row")))
    theta = flatten(p, "row")
    assert theta[1] == p["W1"][0, 1]
    assert all((unflatten(theta, p, "row")[name] == p[name]).all() for name in p)
    with pytest.raises(ShapeError, match="there are 21 parameters: a vector of 3 does not fit"):
        unflatten(np.ones(3), p, "row")


def test_features_of_one_input_and_of_a_custom_activation() -> None:
    p = random_parameters([2, 3, 1])
    import sympy

    t = sympy.Symbol("t")
    net = Network([2, 3, 1], sympy.tanh(t) + t)
    F = net.feature_matrix([0.5, -1.0], p)
    assert F.shape == (1, 13)
    z = p["W1"] @ [0.5, -1.0] + p["b1"]
    np.testing.assert_allclose(F[0, net.parameter_slices["b1"]], p["W2"][0] * (2 - np.tanh(z) ** 2), rtol=1e-13)


def test_the_derivative_of_relu_at_zero_is_zero() -> None:
    F = Network([1, 1, 1]).feature_matrix([[0.0]], {"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [0]})
    assert F.tolist() == [[0, 0, 0, 1]]


def test_features_of_a_relu_network_have_kinks_where_a_unit_switches() -> None:
    """Row S19: as functions of x they are linear between the points where z changes its sign."""
    net = Network([1, 3, 1])
    p = {"W1": [[1], [-1], [2]], "b1": [0.5, 0.25, -1], "W2": [[1, 2, 3]], "b2": [0]}
    kinks = [-0.5, 0.25, 0.5]
    x = np.linspace(-1, 1, 81)
    F = net.feature_matrix(x[:, None], p)
    bends = np.abs(np.diff(F, 2, axis=0)).max(axis=1) > 1e-9
    assert all(min(abs(place - kink) for kink in kinks) < 0.03 for place in x[1:-1][bends])
    assert bends.sum() >= 3


# Decompositions


def test_principal_features() -> None:
    """Row S21: F = UΣVᵀ, thin; the principal features are UΣ."""
    net = Network([2, 4, 1], "tanh")
    p = net.initialize(0)
    for n in (5, 40):
        F = net.feature_matrix(data(n, 2), p)
        found = net.principal_features(data(n, 2), p)
        r = min(n, 17)
        assert (found.U.shape, found.singular_values.shape, found.V.shape) == ((n, r), (r,), (17, r))
        np.testing.assert_allclose(found.features @ found.V.T, F, atol=1e-12)
        np.testing.assert_allclose(found.U.T @ found.U, np.eye(r), atol=1e-12)
        np.testing.assert_allclose(found.singular_values, np.linalg.svd(F, compute_uv=False), atol=1e-12)
        largest = found.V[np.abs(found.V).argmax(axis=0), np.arange(r)]
        assert (largest > 0).all()


def test_ranks() -> None:
    s = np.array([4.0, 2.0, 2.0, 0.0])
    share = np.array([0.5, 0.25, 0.25])
    assert effective_rank(s, "entropy") == pytest.approx(np.exp(-(share * np.log(share)).sum()))
    assert effective_rank(s, "participation") == pytest.approx(24**2 / (256 + 16 + 16))
    assert effective_rank(s, "stable") == pytest.approx(24 / 16)
    assert effective_rank(np.zeros(3)) == 0
    assert effective_rank([1e-200, 1e-200], "participation") == pytest.approx(2)
    with pytest.raises(DomainError, match="the definitions are entropy, participation, stable"):
        effective_rank(s, "nuclear")
    u = np.random.default_rng(0).normal(size=(6, 2))
    found = principal_features(u @ u.T)
    assert found.numerical_rank == 2
    assert set(found.ranks) == {"numerical", "entropy", "participation", "stable"}
    assert principal_features(np.zeros((3, 2))).ranks["numerical"] == 0
    assert principal_features(u, 1).V.shape == (2, 1)
    with pytest.raises(DomainError, match="count=3: F is 6 × 2 and has 2 singular values"):
        principal_features(u, 3)


# Linearisation


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_halving_quarters_the_error(activation: str) -> None:
    """Row S23: within one activation pattern, for ReLU."""
    net = Network([3, 6, 1], activation)
    p = random_parameters([3, 6, 1])
    change = {name: 1e-3 * np.random.default_rng(1).normal(size=value.shape) for name, value in p.items()}
    line = net.linearize(data(12, 3), p)
    assert line.same_pattern(change)
    gaps = line.gaps(change, halvings=4)
    np.testing.assert_allclose(gaps[:-1] / gaps[1:], 4, rtol=0.02)
    np.testing.assert_allclose(line(change), line.exact(change), atol=2 * gaps[0])
    np.testing.assert_allclose(line(flatten(change, "column")), line(change), rtol=1e-14)


def test_a_change_that_switches_a_unit_is_seen() -> None:
    net = Network([1, 1, 1])
    line = net.linearize([[1.0]], {"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [0]})
    away = {"W1": [[-3]], "b1": [0], "W2": [[0]], "b2": [0]}
    assert not line.same_pattern(away)
    np.testing.assert_allclose(line(away), [[-2]])
    np.testing.assert_allclose(line.exact(away), [[0]])


@pytest.mark.parametrize("halvings", [-1, 2.5, True])
def test_halvings_are_counted(halvings: object) -> None:
    line = Network([1, 1]).linearize([[1.0]], {"W1": [[1]], "b1": [0]})
    with pytest.raises(DomainError, match="it is a whole number, 0 or more"):
        line.gaps([1, 1], halvings)  # type: ignore[arg-type]


def test_linearising_several_outputs() -> None:
    net = Network([2, 3, 2], "tanh")
    p = net.initialize(0)
    line = net.linearize(data(4, 2), p)
    gaps = line.gaps(1e-3 * np.ones(net.n_parameters), 2)
    assert line(np.zeros(net.n_parameters)).shape == (4, 2)
    np.testing.assert_allclose(gaps[:-1] / gaps[1:], 4, rtol=0.02)
