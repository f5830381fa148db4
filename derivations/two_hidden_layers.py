"""A network with two hidden layers, by each of its parameters.

    ŷ = W₃ReLU(W₂ReLU(W₁x + b₁) + b₂) + b₃

W₁ is width × n_features, and W₂ is width × width; the two have one shape only where n_features = width. What reaches
the second and the first hidden layer from above is

    δ₂ = ReLU′(z₂) ∘ W₃ᵀ,    δ₁ = ReLU′(z₁) ∘ W₂ᵀδ₂
"""

from symjac import Network, hadamard, ones, plots, vec

net = Network(["n_features", "width", "width", 1])
x, W2, W3 = (net.symbols[name] for name in ("x", "W2", "W3"))
h1, h2 = net.values["h1"], net.values["h2"]
delta2 = hadamard(net.slopes["z2"], W3.T)
delta1 = hadamard(net.slopes["z1"], W2.T * delta2)

by_hand = {
    **{"W1": vec(delta1 * x.T).T, "b1": delta1.T, "W2": vec(delta2 * h1.T).T, "b2": delta2.T},
    **{"W3": h2.T, "b3": ones(1)},
}
derivation = net.jacobian()
evaluate = derivation.lambdify()


def figure():
    return plots.network_diagram(net)
