"""Activations and forward passes, against the same written plainly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy

import symjac as sj
from symjac.errors import DomainError
from symjac.networks import NAMED, Network
from symjac.networks.activations import SOFTMAX, activate, read_activation
from symjac.nodes.functions import RELU, TANH
from tests.networks.tools import PLAIN, plain_forward, random_parameters

T = sympy.Symbol("t", real=True)
Z = np.random.default_rng(0).normal(size=(4, 5))


@pytest.mark.parametrize("name", [*NAMED, SOFTMAX])
def test_activations(name: str) -> None:
    function = SOFTMAX if name == SOFTMAX else read_activation(name)
    np.testing.assert_allclose(activate(function, Z), PLAIN[name](Z), rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("name", ["relu", "sigmoid", "softplus", "tanh", SOFTMAX])
def test_large_arguments_neither_overflow_nor_warn(name: str) -> None:
    function = SOFTMAX if name == SOFTMAX else read_activation(name)
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(activate(function, np.array([[-1e4, 1e4]]))).all()


@pytest.mark.parametrize(
    ("given", "at"),
    [
        (T / (1 + sympy.exp(-T)), lambda z: z / (1 + np.exp(-z))),
        (("cubic", T**3), lambda z: z**3),
        (sympy.Lambda(T, sympy.atan(T)), np.arctan),
        (lambda t: t**2, np.square),
        (sympy.Max(0, T), lambda z: np.maximum(0, z)),
        (sympy.Max(T, T / 10), lambda z: np.maximum(z, z / 10)),
        (sj.softplus, lambda z: np.log(1 + np.exp(z))),
    ],
)
def test_custom_activations(given: Any, at: Any) -> None:
    np.testing.assert_allclose(activate(read_activation(given), Z), at(Z), rtol=1e-13)


def test_known_functions_are_recognised() -> None:
    assert read_activation(sympy.tanh) == TANH
    assert read_activation(sj.relu) == RELU
    assert read_activation(None) is None
    assert read_activation(("cubic", T**3)).name == "cubic"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("rleu", "the activation 'rleu' is unknown; did you mean relu?; there are identity, relu, tanh"),
        ("ReLU", "did you mean relu?"),
        ("softmax", "softmax is no activation of hidden layers"),
        (np.tanh, "a function of a SymPy symbol, as sympy.tanh is"),
        (T * sympy.Symbol("s"), "a function of one symbol"),
        (sympy.Integer(3), "a function of one symbol"),
        (5, "a name or a SymPy expression"),
        (("a b", T), "an activation's name"),
        (sympy.Function("g")(T), "no derivative that SymPy knows"),
    ],
)
def test_wrong_activations(given: Any, words: str) -> None:
    with pytest.raises(DomainError) as caught:
        Network([2, 3, 1], activation=given)
    assert words in str(caught.value)


def test_shapes_of_a_forward_pass() -> None:
    """Row S26: [4, 8, 4, 1], (4,) → (1,) and (16, 4) → (16, 1), with every z and h kept."""
    net = Network([4, 8, 4, 1], output="sigmoid")
    p = net.initialize(seed=0)
    X = np.random.default_rng(0).normal(size=(16, 4))
    assert net.forward(X[0], p).shape == (1,)
    outputs, kept = net.forward(X, p, return_intermediates=True)
    assert outputs.shape == (16, 1)
    assert ((outputs > 0) & (outputs < 1)).all()
    assert {name: value.shape for name, value in kept.items()} == {
        **{"z1": (16, 8), "h1": (16, 8), "z2": (16, 4), "h2": (16, 4), "z3": (16, 1), "h3": (16, 1)}
    }
    alone, one = net.forward(X[3], p, return_intermediates=True)
    np.testing.assert_allclose(alone, outputs[3], rtol=1e-14)
    assert all(np.allclose(one[name], kept[name][3]) for name in kept)
    np.testing.assert_array_equal(kept["h1"], np.maximum(kept["z1"], 0))


@pytest.mark.parametrize(("activation", "output"), [("relu", "identity"), ("tanh", "softmax"), ("sigmoid", "tanh")])
def test_forward_as_written_plainly(activation: str, output: str) -> None:
    sizes = [3, 6, 5, 4]
    p, X = random_parameters(sizes), np.random.default_rng(1).normal(size=(9, 3))
    found = Network(sizes, activation, output).forward(X, p)
    np.testing.assert_allclose(found, plain_forward(X, p, activation, output), rtol=1e-13)


def test_a_layer_of_two_neurons() -> None:
    """Row S13: what the notes compute, and that b₂ = −2.5 would explain what they write."""
    net = Network([3, 2], output="tanh")
    p = {"W1": [[-2, 4, -1], [6, 0, -3]], "b1": [0.1, 0.25]}
    a, kept = net.forward([0.3, 0.4, 0.1], p, return_intermediates=True)
    np.testing.assert_allclose(kept["z1"], [1.0, 1.75])
    np.testing.assert_allclose(a, [0.7616, 0.9414], atol=5e-5)
    np.testing.assert_allclose(net.forward([0.3, 0.4, 0.1], {**p, "b1": [0.1, -2.5]}), [0.7616, -0.7616], atol=5e-5)


@pytest.mark.parametrize("sizes", [[1, 1], [2, 1], [3, 2], [4, 3, 2]])
def test_neurons_one_by_one(sizes: list[int]) -> None:
    """Row S10: every neuron is σ(Σ w a + b), written with loops."""
    p, a = random_parameters(sizes), np.random.default_rng(2).normal(size=sizes[0])
    values = list(a)
    for k in range(1, len(sizes)):
        W, b = p[f"W{k}"], p[f"b{k}"]
        values = [np.tanh(sum(W[i, j] * values[j] for j in range(len(values))) + b[i]) for i in range(len(b))]
    np.testing.assert_allclose(Network(sizes, "tanh", "tanh").forward(a, p), values, rtol=1e-14)


def test_not_gate() -> None:
    """Row S12: 1 ↦ 0 and 0 ↦ 1 is best by (−5, 5)."""
    net = Network([1, 1], output="tanh")
    options = [(10, 0), (-3, 0), (3, 1), (-5, 5), (0, 5)]
    outputs = [net.forward([[1], [0]], {"W1": [[w]], "b1": [b]}).ravel() for w, b in options]
    losses = [float(((a - [0, 1]) ** 2).sum()) for a in outputs]
    assert options[int(np.argmin(losses))] == (-5, 5)
    np.testing.assert_allclose(losses, [2.0, 1.9901, 1.0555, 0.0, 0.9998], atol=5e-5)


def test_two_units_are_xor() -> None:
    """Row S31: the other half, the linear fit, is in test_training."""
    p = {"W1": [[1, 1], [1, 1]], "b1": [0, -1], "W2": [[1, -2]], "b2": [0]}
    assert Network([2, 2, 1]).forward([[0, 0], [0, 1], [1, 0], [1, 1]], p).ravel().tolist() == [0, 1, 1, 0]


def test_tanh_is_nearer_to_zero_than_relu() -> None:
    """Row S30: with the same weights and inputs; and all gradients of a ReLU unit's weights have one sign."""
    X = np.random.default_rng(0).normal(size=(2000, 10))
    tanh, relu = (Network([10, 64, 64, 64], name, name) for name in ("tanh", "relu"))
    p = tanh.initialize(1)
    h_tanh, h_relu = tanh.forward(X, p), relu.forward(X, p)
    assert abs(h_tanh.mean()) < 0.05 * h_tanh.std()
    assert h_relu.mean() > 0.5 * h_relu.std()
    unit = Network([64, 2]).gradient(wrt="W1").lambdify()
    rows = unit(x=h_relu[0], W1=np.zeros((2, 64)), b1=[0, 0], y=[1, -1])
    assert (rows[0] <= 0).all()
    assert (rows[1] >= 0).all()
    mixed = unit(x=h_tanh[0], W1=np.zeros((2, 64)), b1=[0, 0], y=[1, -1])
    assert (mixed[0] < 0).any()
    assert (mixed[0] > 0).any()
