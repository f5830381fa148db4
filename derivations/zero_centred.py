"""tanh against ReLU: which activations are centred at zero, and what that does to gradients.

    a = Wh + b:    ∂L/∂W = δhᵀ

Every entry of row i has the sign of δ_i times that of an entry of h. Where h = ReLU(z) ≥ 0, all weights of a unit grow
together or shrink together, for each sample; tanh is odd, its values are as often negative as positive. The numbers are of
three layers of 64 units on 2000 normal inputs.
"""

import numpy as np

from symjac import Network, plots

unit = Network(["n_h", "n_a"])
x, y, out = unit.symbols["x"], unit.symbols["y"], unit.values["y_hat"]

by_hand = {"W1": 2 * (out - y) * x.T}
derivation = unit.gradient("squared error", "W1")

X = np.random.default_rng(0).normal(size=(2000, 10))
tanh, relu = (Network([10, 64, 64, 64], name, name) for name in ("tanh", "relu"))
weights = tanh.initialize(seed=1)
h_tanh, h_relu = tanh.forward(X, weights), relu.forward(X, weights)
delta = np.array([[1.0], [-1.0]])
rows = [np.sign(delta @ h[:1]) for h in (h_tanh, h_relu)]
numbers = {
    "mean of tanh activations, by their spread": (round(float(h_tanh.mean() / h_tanh.std()), 3), None),
    "mean of ReLU activations, by their spread": (round(float(h_relu.mean() / h_relu.std()), 3), None),
    "tanh is nearer to zero": (bool(abs(h_tanh.mean()) < 0.05 * h_relu.mean()), True),
    "signs in a row of δhᵀ, tanh": (sorted(map(int, set(rows[0][0]))), [-1, 1]),
    "signs in a row of δhᵀ, ReLU": (sorted(map(int, set(rows[1][0]))), [0, 1]),
}
evaluate = derivation.lambdify()


def figure():
    return plots.activation_distributions({"tanh": tanh, "ReLU": relu}, weights, X, layer=2)
