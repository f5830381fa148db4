"""Networks as mathematics: backpropagation is derived, the batch form is proved, deep networks stay short and quick."""

from __future__ import annotations

import time

import pytest

from symjac import hadamard, ones, vec
from symjac.cli.judge import judge
from symjac.components import Matrix, prove_equal, read
from symjac.errors import DomainError
from symjac.networks import LOSSES, Network
from symjac.networks.graph import batch, single
from symjac.networks.samples import _per_sample
from symjac.nodes.build import add, elementwise, let, product, symbol
from symjac.nodes.functions import TANH
from symjac.read.from_sympy import from_sympy

DEEP = Network(["n0", "n1", "n2", "n3"], activation="tanh")
OUTPUT = {"squared error": "identity", "cross-entropy": "softmax", "logistic": "sigmoid"}


def test_backpropagation_is_told_in_its_own_words() -> None:
    text = DEEP.gradient().text()
    for line in (
        "∇_z₂ L = tanh′(z₂) ∘ W₃ᵀδ_y\u0302 =: δ_z₂",
        "∇_z₁ L = tanh′(z₁) ∘ W₂ᵀδ_z₂ =: δ_z₁",
        "∂L/∂W₁ = δ_z₁ xᵀ",
        "∂L/∂W₂ = δ_z₂ h₁ᵀ",
        "∂L/∂b₂ = δ_z₂",
    ):
        assert line in text, text
    assert r"\delta_{\hat{y}}" in DEEP.gradient().latex()


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("together", [False, True])
def test_gradients_are_proved(loss: str, together: bool) -> None:
    report = Network(["n0", "n1", "k"], "tanh", OUTPUT[loss]).gradient(loss, batch=together).check()
    assert report
    assert report.proved


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "softplus"])
def test_the_rule_of_backpropagation(activation: str) -> None:
    """δ₂ = 2(ŷ − y), δ₁ = σ′(z₁) ∘ W₂ᵀδ₂, ∂L/∂W₁ = δ₁xᵀ: written by hand, proved for all sizes."""
    net = Network(["n0", "n1", "n2"], activation)
    x, y, W2 = (net.symbols[name] for name in ("x", "y", "W2"))
    delta2 = 2 * (net.values["y_hat"] - y)
    delta1 = hadamard(net.slopes["z1"], W2.T * delta2)
    by_hand = {"W1": delta1 * x.T, "b1": delta1, "W2": delta2 * net.values["h1"].T, "b2": delta2}
    found = net.gradient().blocks
    assert set(found) == set(by_hand)
    for name, claim in by_hand.items():
        assert judge(from_sympy(claim), from_sympy(found[name])).words == "proved equal for all sizes"
    assert not judge(from_sympy(2 * delta1), from_sympy(found["b1"]))


def test_a_weight_reaches_its_own_unit_alone() -> None:
    """Row S24: ∂ŷ/∂W₁_ij = ∂ŷ/∂h_i · ∂h_i/∂W₁_ij; with h_j in the place of h_i it would be another thing."""
    net = Network(["n", "n", 1])
    x, W2, slope = net.symbols["x"], net.symbols["W2"], net.slopes["z1"]
    found = from_sympy(net.jacobian("W1").gradient)
    assert judge(from_sympy(hadamard(slope, W2.T) * x.T), found).words == "proved equal for all sizes"
    assert not judge(from_sympy(slope * hadamard(W2.T, x).T), found)


def test_output_by_input_and_parameters() -> None:
    net = Network(["n", "m", "k"])
    assert net.jacobian("x").shape == net.jacobian("x").matrix.shape
    assert net.jacobian(["W1", "x"]).variables == ("W1", "x")
    assert net.jacobian().variables == ("W1", "b1", "W2", "b2")
    assert net.jacobian("b2", batch=True).check().proved
    with pytest.raises(DomainError, match="'W7' is no parameter; there are x, W1, b1, W2, b2"):
        net.jacobian("W7")
    with pytest.raises(DomainError, match="the loss 'hinge' is unknown; the losses are squared error"):
        net.gradient("hinge")
    with pytest.raises(DomainError, match="W1 is a parameter: the loss comes first"):
        net.gradient("W1")
    with pytest.raises(DomainError, match="goes with output='softmax'"):
        Network([2, 2], output="tanh").gradient("cross-entropy")


def test_one_hidden_layer_by_hand() -> None:
    """Row S15."""
    net = Network(["p", "w", 1])
    x, W2 = net.symbols["x"], net.symbols["W2"]
    delta = hadamard(net.slopes["z1"], W2.T)
    blocks = net.jacobian().blocks
    for name, claim in {"W1": vec(delta * x.T).T, "b1": delta.T, "W2": net.values["h1"].T, "b2": ones(1)}.items():
        assert judge(from_sympy(claim), from_sympy(blocks[name])).words == "proved equal for all sizes"


@pytest.mark.parametrize("sizes", [["n0", 1], ["n0", "n1", 1], ["n0", "n1", "n2", "k"], [1, 3, 1], [1, 1]])
@pytest.mark.parametrize(("activation", "output"), [("relu", "identity"), ("tanh", "sigmoid"), ("sigmoid", "softmax")])
def test_a_batch_is_its_samples(sizes: list[object], activation: str, output: str) -> None:
    """Row S17."""
    assert Network(sizes, activation, output).prove_batch()


def test_a_batch_that_is_not_its_samples_is_not_proved() -> None:
    architecture = Network(["n0", "n1"], output="tanh").architecture
    lifted = Matrix(_per_sample(read(single(architecture).output).form, architecture.samples), 1)
    together = batch(architecture)
    X, W = together.input, architecture.parameters["W1"]
    assert prove_equal(lifted, read(together.output))
    forgotten = elementwise(TANH, let("Z1", product(X, symbol("V", *reversed(W.shape)))))
    assert not prove_equal(lifted, read(forgotten))
    assert not prove_equal(lifted, read(add(together.output, together.output)))


def test_equations() -> None:
    net = Network(["n0", "n1", 1], activation="tanh")
    assert list(net.equations().values())[:2] == ["z₁ = W₁x + b₁", "h₁ = tanh(z₁)"]
    assert list(net.equations(batch=True)) == ["Z1", "H1", "Y_hat"]
    assert r"H_{1} &= \tanh(Z_{1})" in net.latex(batch=True)
    assert judge(from_sympy(net.expression), net.graph.output).words == "proved equal for all sizes"


def test_a_deep_network_is_derived_quickly_and_printed_shortly() -> None:
    """The length of the LaTeX grows with the depth, not with its square; 32 layers take well under a second."""

    def gradient(depth: int) -> tuple[float, int]:
        net = Network([f"n{k}" for k in range(depth + 1)], activation="tanh")
        start = time.perf_counter()
        derivation = net.gradient()
        return time.perf_counter() - start, len(derivation.latex())

    gradient(2)
    (_, short), (_, middle), (seconds, long) = (gradient(depth) for depth in (8, 16, 32))
    assert (long - middle) == pytest.approx(2 * (middle - short), rel=0.1)
    assert long < 60_000
    assert seconds < 1
