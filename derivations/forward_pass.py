"""One layer of two neurons on three inputs, computed through.

    a₁ = tanh(Wa₀ + b),    W = [[−2, 4, −1], [6, 0, −3]],  b = (0.1, 0.25),  a₀ = (0.3, 0.4, 0.1)

Wa₀ = (0.9, 1.5), Wa₀ + b = (1.0, 1.75), a₁ = (0.76, 0.94). (With b₂ = −2.5 it would be (1.0, −1.0) and (0.76, −0.76).)
How the outputs depend on the inputs is diag(1 − a₁²)W.

The pictures are of this layer, and of a cloud of points on its way through a layer of two ReLU units.
"""

import numpy as np

from symjac import Network, diag, hadamard_power, ones, plots, tanh

net = Network([3, 2], output="tanh")
x, W, b = (net.symbols[name] for name in ("x", "W1", "b1"))

by_hand = diag(ones(2) - hadamard_power(tanh(W * x + b), 2)) * W
derivation = net.jacobian("x")

a0 = [0.3, 0.4, 0.1]
given = {"W1": [[-2, 4, -1], [6, 0, -3]], "b1": [0.1, 0.25]}
a1, parts = net.forward(a0, given, return_intermediates=True)
misread, _ = net.forward(a0, {**given, "b1": [0.1, -2.5]}, return_intermediates=True)
numbers = {
    "W a₀": (np.array(given["W1"]) @ a0, ["0.9", "1.5"]),
    "W a₀ + b": (parts["z1"], ["1.00", "1.75"]),
    "a₁": (a1, ["0.76", "0.94"]),
    "a₁ if b₂ were −2.5": (misread, ["0.76", "-0.76"]),
}
evaluate = derivation.lambdify()


def figure():
    cloud = np.random.default_rng(0).normal(size=(300, 2))
    turned = {"W1": [[1, -1], [1, 1]], "b1": [0.5, 0], "W2": [[1, 1]], "b2": [0]}
    classes = np.where(cloud[:, 0] > cloud[:, 1], "below", "above")
    return plots.network_diagram(net, given), plots.layer_cloud(Network([2, 2, 1]), turned, cloud, classes)
