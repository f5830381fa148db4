"""Shapes and counts: what a list of sizes says about a network.

A layer from n_in to n_out has weights W of shape (n_out, n_in) and a bias b of shape (n_out,): n_out(n_in + 1) parameters,
and n_out · n_in multiplications for one input. By its weights the layer has the Jacobian xᵀ ⊗ I, n_out × n_out n_in.
"""

from symjac import Network, eye, kron, plots

layer = Network(["n_in", "n_out"])
x, n_out = layer.symbols["x"], layer.symbols["b1"].shape[0]

by_hand = {"W1": kron(x.T, eye(n_out)), "b1": eye(n_out)}
derivation = layer.jacobian()

digits = Network([784, 256, 128, 10])
numbers = {
    "[4, 8, 4, 2], layer by layer": (Network([4, 8, 4, 2]).shapes(), None),
    "parameters of [784, 256, 128, 10]": (digits.n_parameters, 235_146),
    "multiplications of its first layer": (digits.shapes()[0].multiplications, 200_704),
    "parameters of [2, 16, 16, 1]": (Network([2, 16, 16, 1]).n_parameters, 337),
    "parameters of [n_in, n_out]": (layer.n_parameters, n_out * (x.shape[0] + 1)),
}
evaluate = derivation.lambdify()


def figure():
    return plots.network_diagram(Network([4, 8, 4, 2]))
