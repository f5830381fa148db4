"""The feature matrix: one row for each sample, one column for each parameter.

    F ∈ ℝ^{n×d},    F_ji = ∂ŷ/∂θ_i(x_j),    θ = (vec W₁, b₁, vec W₂, b₂)

Row j is the Jacobian of ŷ at x_j. The thin singular value decomposition F = UΣVᵀ has r = min(n, d) singular values: U is
n × r, Σ is r × r, V is d × r. (n × d and d × d are right for n ≥ d alone.) Column k of UΣ is a function of the input, the
principal feature k; V holds the directions among the parameters that make it.

The example has two ReLU units on opposite sides: its seven columns span four functions, max(0, x), max(0, −x), and the
steps of both. Where a unit switches, here at 0, a column jumps or bends.
"""

import numpy as np

from symjac import Network, hadamard, ones, plots, vec

net = Network(["n_features", "width", 1])
x, W2 = net.symbols["x"], net.symbols["W2"]
delta = hadamard(net.slopes["z1"], W2.T)

by_hand = {"W1": vec(delta * x.T).T, "b1": delta.T, "W2": net.values["h1"].T, "b2": ones(1)}
derivation = net.jacobian()

theta = {"W1": [[1], [-1]], "b1": [0, 0], "W2": [[3, 4]], "b2": [0]}
X = np.array([[-2.0], [-1.0], [1.0], [2.0]])
F = net.feature_matrix(X, theta)
found = net.principal_features(X, theta)
by_rows = [[0, -8, 0, 4, 0, 2, 1], [0, -4, 0, 4, 0, 1, 1], [3, 0, 3, 0, 1, 0, 1], [6, 0, 3, 0, 2, 0, 1]]
numbers = {
    "F at x = −2, −1, 1, 2": (F, by_rows),
    "UΣVᵀ": (found.features @ found.V.T, by_rows),
    "singular values": (found.singular_values, None),
    "rank of F": (found.numerical_rank, 4),
    "effective rank, exp of the entropy of σ/Σσ": (found.effective_rank("entropy"), None),
}
evaluate = derivation.lambdify()


def figure():
    return plots.parameter_derivatives(net, theta, np.linspace(-2, 2, 401))
