"""Neurons, and layers of them.

    a = σ(wᵀx + b)  one neuron,    a = σ(Wx + b)  a layer of m neurons on n inputs

Neuron i weighs the inputs by row i of W. With z = Wx + b, and σ′(z) in the diagonal of a matrix D,

    ∂a/∂xᵀ = DW,    ∂a/∂bᵀ = D,    ∂a/∂(vec W)ᵀ = xᵀ ⊗ D

A network is a chain of such layers: the outputs of one are the inputs of the next.
"""

from symjac import Network, diag, kron, plots

layer = Network(["n", "m"], output="sigmoid")
x, W = layer.symbols["x"], layer.symbols["W1"]
D = diag(layer.slopes["z1"])

by_hand = {"x": D * W, "b1": D, "W1": kron(x.T, D)}
derivation = layer.jacobian(["x", "b1", "W1"])

one, two = Network([1, 1], output="tanh"), Network([2, 1], output="tanh")
numbers = {
    "tanh(2 · 0.5 − 1)": (one.forward([0.5], {"W1": [[2]], "b1": [-1]}), [0]),
    "tanh(2 · 0.5 − 1 · 0.25 − 0.75)": (two.forward([0.5, 0.25], {"W1": [[2, -1]], "b1": [-0.75]}), [0]),
    "tanh 1": (one.forward([1], {"W1": [[1]], "b1": [0]}), ["0.7616"]),
}
evaluate = derivation.lambdify()


def figure():
    return plots.network_diagrams([Network(sizes) for sizes in ([1, 1], [2, 1], [3, 2], ["n", "m"])])
