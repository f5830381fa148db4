"""A NOT gate from one neuron: which weight and bias?

    a = tanh(wx + b),  1 ↦ 0,  0 ↦ 1,    (w, b) one of (10, 0), (−3, 0), (3, 1), (−5, 5), (0, 5)

With the loss L = Σ (a − y)² over both inputs the best is (−5, 5): at 1 its pre-activation is exactly 0, at 0 it is 5, and
tanh 5 = 0.99991. The gradient ∂L/∂w = 2(a − y)(1 − a²)x says how each of them would be mended.
"""

import numpy as np

from symjac import Network, plots, tanh

net = Network([1, 1], activation="identity", output="tanh")
x, y, w, b = (net.symbols[name] for name in ("x", "y", "W1", "b1"))
a = tanh(w * x + b)

by_hand = {"W1": 2 * (a - y) * (1 - a**2) * x, "b1": 2 * (a - y) * (1 - a**2)}
derivation = net.gradient("squared error")

options = [(10, 0), (-3, 0), (3, 1), (-5, 5), (0, 5)]
inputs, wanted = np.array([[1], [0]]), np.array([[0], [1]])
outputs = [net.forward(inputs, {"W1": [[weight]], "b1": [bias]}) for weight, bias in options]
losses = [float(((found - wanted) ** 2).sum()) for found in outputs]
numbers = {
    **{f"loss of {option}": (loss, None) for option, loss in zip(options, losses, strict=True)},
    "best": (options[int(np.argmin(losses))], (-5, 5)),
    "outputs of the best at 1 and 0": (outputs[int(np.argmin(losses))].ravel(), ["0.0000", "0.9999"]),
}
evaluate = net.gradient("squared error", "W1").lambdify()


def figure():
    candidates = {f"$w = {w}$, $b = {b}$": {"W1": [[w]], "b1": [b]} for w, b in options}
    return plots.output_curves(net, candidates, np.linspace(-0.5, 1.5, 401), inputs, wanted)
