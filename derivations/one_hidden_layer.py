"""A network with one hidden layer, by each of its parameters.

    ŷ = W₂h₁ + b₂,  h₁ = ReLU(z₁),  z₁ = W₁x + b₁,    W₁ ∈ ℝ^{width × n_features},  W₂ ∈ ℝ^{1 × width}

Row i of W₁, with the entry i of b₁, is what unit i looks for in x; column i of W₂ is what unit i adds to ŷ. With
δ = ReLU′(z₁) ∘ W₂ᵀ the derivatives are δxᵀ, δ, h₁ᵀ and 1. By components

    ∂ŷ/∂W₁_ij = ∂ŷ/∂h₁_i · ∂h₁_i/∂W₁_ij = W₂_i ReLU′(z₁_i) x_j

with the unit i in both factors: a weight in row i reaches no other unit.
"""

from symjac import Network, hadamard, ones, plots, vec

net = Network(["n_features", "width", 1])
x, W2 = net.symbols["x"], net.symbols["W2"]
delta = hadamard(net.slopes["z1"], W2.T)

by_hand = {"W1": vec(delta * x.T).T, "b1": delta.T, "W2": net.values["h1"].T, "b2": ones(1)}
derivation = net.jacobian()
evaluate = derivation.lambdify()


def figure():
    return plots.network_diagram(net)
