"""A network as a linear function of a change of its parameters.

    ŷ(x; θ + Δ) = ŷ(x; θ) + FΔ + O(‖Δ‖²)

The row of F at x is ∂ŷ/∂θ. Halving Δ quarters the error; with ReLU that holds while no pre-activation changes its sign,
within one activation pattern. Where Δ changes one layer alone, and the pattern stays, there is no error at all.
"""

import numpy as np

from symjac import Network, hadamard, ones, plots, vec

net = Network(["n_features", "width", 1])
x, W2 = net.symbols["x"], net.symbols["W2"]
delta = hadamard(net.slopes["z1"], W2.T)

by_hand = {"W1": vec(delta * x.T).T, "b1": delta.T, "W2": net.values["h1"].T, "b2": ones(1)}
derivation = net.jacobian()

theta = {"W1": [[1.0, 2.0], [-1.0, 1.0]], "b1": [0.5, 0.0], "W2": [[1.0, -2.0]], "b2": [0.0]}
X = np.array([[1.0, 0.5], [-1.0, 2.0], [0.5, -2.0]])
change = {"W1": [[0.04, -0.02], [0.01, 0.03]], "b1": [0.02, -0.04], "W2": [[0.05, 0.02]], "b2": [0.01]}
linear = net.linearize(X, theta)
gaps = linear.gaps(change, halvings=4)
last_layer = {**{name: np.zeros_like(theta[name]) for name in theta}, "W2": [[0.3, -0.1]]}
numbers = {
    "one activation pattern": (linear.same_pattern(change), True),
    "errors for Δ, Δ/2, Δ/4, Δ/8, Δ/16": (gaps, None),
    "each error by the next": (gaps[:-1] / gaps[1:], [4, 4, 4, 4]),
    "error where W₂ alone changes": (linear.gaps(last_layer, halvings=0), [0]),
}
evaluate = derivation.lambdify()


def figure():
    far = {name: 60 * np.array(step) for name, step in change.items()}
    return plots.linearization_error(linear, far, halvings=12)
