"""Backpropagation: the gradient of a loss, from the last layer back to the first.

    L = ‖ŷ − y‖²:    δ₃ = 2(ŷ − y),    δ_l = σ′(z_l) ∘ W_{l+1}ᵀδ_{l+1},    ∂L/∂W_l = δ_l h_{l−1}ᵀ,    ∂L/∂b_l = δ_l

with h₀ = x. Cross-entropy with softmax, and the logistic loss with a sigmoid, change the first δ alone: it is
softmax(z) − y, and σ(z) − y.

The pictures are of a network with sizes 2, 4, 3, 2: its weights, the negative ones dashed, and in the same
way ∂L/∂W_l for one input. A weight from a unit with small h, or to one with small δ, hardly counts.
"""

from symjac import Network, hadamard, plots, sigmoid, softmax

net = Network(["n_0", "n_1", "n_2", "n_3"], activation="tanh")
x, y, W2, W3 = (net.symbols[name] for name in ("x", "y", "W2", "W3"))
h1, h2, out = (net.values[name] for name in ("h1", "h2", "y_hat"))

delta3 = 2 * (out - y)
delta2 = hadamard(net.slopes["z2"], W3.T * delta3)
delta1 = hadamard(net.slopes["z1"], W2.T * delta2)

by_hand = (
    {"W1": delta1 * x.T, "b1": delta1, "W2": delta2 * h1.T, "b2": delta2, "W3": delta3 * h2.T, "b3": delta3},
    {"b3": softmax(out) - y},
    {"b3": sigmoid(out) - y},
)
derivation = (net.gradient("squared error"), net.gradient("cross-entropy", "b3"), net.gradient("logistic", "b3"))
evaluate = net.gradient("squared error", "W1").lambdify()


def figure():
    small = Network([2, 4, 3, 2], activation="tanh")
    weights = small.initialize(seed=4)
    slopes = {name: small.gradient(wrt=name).lambdify()(x=[1, -0.5], y=[1, 0], **weights) for name in weights}
    return plots.network_diagram(small, weights, "weights"), plots.network_diagram(small, slopes, "the gradient of one input")
