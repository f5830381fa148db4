"""XOR: no linear function, but two ReLU units.

    x₁ xor x₂ = max(0, x₁ + x₂) − 2 max(0, x₁ + x₂ − 1)    on the four corners of the square

The least-squares linear fit is ½ everywhere, for at w = 0, b = ½ the residuals ±½ are orthogonal to x₁, to x₂ and to 1:
the gradient Σ 2(ŷ − y)xᵀ vanishes. The line in the first picture is where the output of the ReLU network is ½.
"""

import numpy as np

from symjac import Network, plots

linear, relu = Network([2, 1]), Network([2, 2, 1])
x, y, out = linear.symbols["x"], linear.symbols["y"], linear.values["y_hat"]

by_hand = {"W1": 2 * (out - y) * x.T, "b1": 2 * (out - y)}
derivation = linear.gradient("squared error")

corners, wanted = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), [0, 1, 1, 0]
fit = linear.fit(corners, wanted, method="least squares")
units = {"W1": [[1, 1], [1, 1]], "b1": [0, -1], "W2": [[1, -2]], "b2": [0]}
numbers = {
    "the linear fit on the corners": (linear.forward(corners, fit.parameters).ravel(), [0.5] * 4),
    "its weights and bias": (np.append(fit.parameters["W1"], fit.parameters["b1"]), [0, 0, 0.5]),
    "its mean squared error": (fit.losses[-1], 0.25),
    "two ReLU units on the corners": (relu.forward(corners, units).ravel(), wanted),
}
evaluate = linear.gradient("squared error", "W1").lambdify()


def figure():
    both = {"two ReLU units": (relu, units), "the linear fit": (linear, fit.parameters)}
    surfaces = plots.decision_surfaces(both, (-0.5, 1.5), corners, wanted, level=0.5)
    return surfaces, plots.half_spaces(relu, units, (-0.5, 1.5))
