"""Training: losses fall along derived gradients, least squares finds the last layer, mistakes are told."""

from __future__ import annotations

import numpy as np
import pytest

from symjac.errors import DomainError, ShapeError
from symjac.evaluate import evaluate
from symjac.networks import LOSSES, Network
from symjac.networks.data import flatten, unflatten
from symjac.networks.functions import Functions
from symjac.networks.losses import targets
from symjac.nodes.build import symbol
from tests.networks.tools import random_parameters

RNG = np.random.default_rng(0)
X = RNG.normal(size=(30, 2))
CLASSES = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0)
CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]]


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_values_of_losses(loss) -> None:  # type: ignore[no-untyped-def]
    o, y = RNG.normal(size=(4, 3)), RNG.dirichlet(np.ones(3), size=4)
    alone = loss.sample(symbol("o", 3), symbol("y", 3))
    together = loss.batch(symbol("O", 4, 3), symbol("Y", 4, 3))
    one_by_one = [evaluate(alone, {"o": o[j][:, None], "y": y[j][:, None]}, {})[0, 0] for j in range(4)]
    np.testing.assert_allclose(loss.values(o, y), one_by_one, rtol=1e-12)
    np.testing.assert_allclose(evaluate(together, {"O": o, "Y": y}, {})[0, 0], sum(one_by_one), rtol=1e-12)


def test_logarithmic_losses_are_what_they_are_called() -> None:
    o, y = RNG.normal(size=(4, 3)), RNG.dirichlet(np.ones(3), size=4)
    soft = np.exp(o) / np.exp(o).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(LOSSES["cross-entropy"].values(o, y), -(y * np.log(soft)).sum(axis=1))
    s = 1 / (1 + np.exp(-o))
    np.testing.assert_allclose(LOSSES["logistic"].values(o, y), -(y * np.log(s) + (1 - y) * np.log(1 - s)).sum(axis=1))
    assert np.isfinite(LOSSES["cross-entropy"].values(np.array([[1e4, -1e4]]), np.array([[0.0, 1.0]]))).all()


@pytest.mark.parametrize(("loss", "output"), [("squared error", "tanh"), ("cross-entropy", "softmax"), ("logistic", "sigmoid")])
@pytest.mark.parametrize("wrt", ["column", "row"])
def test_gradients_agree_with_differences(loss: str, output: str, wrt: str) -> None:
    net = Network([2, 4, 3], "tanh", output)
    p, y = random_parameters([2, 4, 3]), targets(RNG.dirichlet(np.ones(3), size=30), 30, 3, LOSSES[loss])
    functions = Functions(net.architecture, wrt)
    _, slope = functions.loss_and_gradient(LOSSES[loss], X, y, p)
    theta = flatten(p, wrt)

    def value(theta: np.ndarray) -> float:
        return functions.loss_and_gradient(LOSSES[loss], X, y, unflatten(theta, p, wrt))[0]

    steps = np.eye(len(theta)) * 1e-6
    expected = [(value(theta + step) - value(theta - step)) / 2e-6 for step in steps]
    np.testing.assert_allclose(slope, expected, atol=1e-6)


def test_descent_takes_the_steps_it_says() -> None:
    """θ ← θ − rate · ∇(mean loss), against the same by hand for a linear network."""
    y = X @ [1.0, -2.0] + 0.5
    found = Network([2, 1]).fit(X, y, rate=0.1, steps=3, seed=4)
    W, b = found.initial["W1"].copy(), found.initial["b1"].copy()
    losses = []
    for _ in range(4):
        e = X @ W[0] + b[0] - y
        losses.append((e**2).mean())
        W, b = W - 0.2 * (e @ X)[None] / 30, b - 0.2 * e.mean()
    np.testing.assert_allclose(found.losses, losses)
    assert not np.allclose(found.initial["W1"], found.parameters["W1"])


def test_training_changes_the_features() -> None:
    """Row S22: F at initialisation and after training, for several widths."""
    x = np.linspace(-1, 1, 40)[:, None]
    y = np.sin(3 * x[:, 0])
    for width in (5, 20):
        net = Network([1, width, 1], "tanh")
        found = net.fit(x, y, rate=0.1, steps=300)
        assert found.losses[-1] < 0.4 * found.losses[0]
        assert (np.diff(found.losses) < 1e-12).all()
        before, after = (net.principal_features(x, p).singular_values for p in (found.initial, found.parameters))
        assert not np.allclose(before, after, rtol=0.01)


def test_classification() -> None:
    soft = Network([2, 8, 3], output="softmax")
    found = soft.fit(X, CLASSES, loss="cross-entropy", rate=0.5, steps=400)
    assert (soft.forward(X, found.parameters).argmax(axis=1) == CLASSES).mean() > 0.95
    two = Network([2, 1], output="sigmoid")
    found = two.fit(X, CLASSES > 0, loss="logistic", rate=0.5, steps=400)
    assert ((two.forward(X, found.parameters)[:, 0] > 0.5) == (CLASSES > 0)).mean() >= 0.9


def test_the_linear_fit_of_xor_is_one_half() -> None:
    """Row S31."""
    net = Network([2, 1])
    found = net.fit(CORNERS, [0, 1, 1, 0], method="least squares")
    np.testing.assert_allclose(net.forward(CORNERS, found.parameters), 0.5)
    assert found.losses[-1] == pytest.approx(0.25)
    descended = net.fit(CORNERS, [0, 1, 1, 0], rate=0.3, steps=500)
    np.testing.assert_allclose(net.forward(CORNERS, descended.parameters), 0.5, atol=1e-6)


def test_the_last_layer_by_least_squares() -> None:
    net = Network([2, 6, 2], "tanh")
    y = RNG.normal(size=(30, 2))
    found = net.fit(X, y, method="least squares", seed=2)
    _, kept = net.forward(X, found.initial, return_intermediates=True)
    H = np.column_stack([kept["h1"], np.ones(30)])
    theta = np.linalg.lstsq(H, y, rcond=None)[0]
    np.testing.assert_allclose(found.parameters["W2"], theta[:-1].T, atol=1e-10)
    np.testing.assert_allclose(found.parameters["b2"], theta[-1], atol=1e-10)
    assert (found.parameters["W1"] == found.initial["W1"]).all()
    assert found.losses[1] < found.losses[0]
    # Two units that are alike leave the weights open: those of smallest norm are taken.
    doubled = Network([1, 2, 1]).fit(
        [[1.0], [2.0]], [1, 2], {"W1": [[1], [1]], "b1": [0, 0], "W2": [[0, 0]], "b2": [0]}, method="least squares"
    )
    np.testing.assert_allclose(doubled.parameters["W2"], [[0.5, 0.5]], atol=1e-12)


def test_progress_goes_to_the_error_stream(capsys: pytest.CaptureFixture[str]) -> None:
    Network([2, 1]).fit(X, X[:, 0], steps=3)
    assert capsys.readouterr() == ("", "")
    found = Network([2, 1]).fit(X, X[:, 0], steps=3, progress=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "training" in shown.err
    assert repr(found).startswith("<Training by gradient descent: squared error from ")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"y": np.ones(5)}, "y is (5,); 30 samples with 3 outputs each need (30, 3)"),
        ({"y": np.full((30, 3), np.nan)}, "y has an entry that is no finite number, in sample 0"),
        ({"y": ["a"] * 30}, "y is an array of real numbers"),
        ({"loss": "hinge"}, "the loss 'hinge' is unknown"),
        ({"method": "adam"}, "the methods are gradient descent, least squares"),
        ({"rate": 1e8}, "the loss is no longer finite after step"),
        ({"rate": -1}, "rate=-1: it is a positive number"),
        ({"X": np.ones((0, 2)), "y": np.ones((0, 3))}, "X has no rows"),
        ({"steps": 1.5}, "steps=1.5: it is a whole number"),
        ({"loss": "cross-entropy"}, "the targets of a sample are probabilities, and sum to 1"),
        ({"loss": "cross-entropy", "y": [7] * 30}, "classes 0 to 2"),
        ({"loss": "cross-entropy", "y": [0.5] * 30}, "classes 0 to 2"),
        ({"loss": "logistic", "y": np.full((30, 3), 2)}, "targets lie between 0 and 1"),
        ({"loss": "logistic", "method": "least squares", "y": np.ones((30, 3))}, "least squares fits the last layer where"),
    ],
)
def test_mistakes(changes: dict[str, object], words: str) -> None:
    given = {"X": X, "y": np.ones((30, 3)) * [1.0, 2.0, 3.0], "rate": 0.01, "steps": 200, **changes}
    with pytest.raises((DomainError, ShapeError)) as caught:
        Network([2, 5, 3]).fit(**given)  # type: ignore[arg-type]
    assert words in str(caught.value)
