"""Layers without activations collapse to one layer.

    W₃(W₂(W₁x + b₁) + b₂) + b₃ = Wx + b

with W = W₃W₂W₁ and b = W₃W₂b₁ + W₃b₂ + b₃, for any widths; L layers collapse by the same step, L − 1 times.

The picture shows four layers of the same weights, without and with ReLU between them.
"""

from symjac import declare, jacobian, kron, plots

W1, W2, W3, b1, b2, b3, x = declare("W1: P x N, W2: Q x P, W3: M x Q, b1: P, b2: Q, b3: M, x: N")

layers = W3 * (W2 * (W1 * x + b1) + b2) + b3
W, b = W3 * W2 * W1, W3 * W2 * b1 + W3 * b2 + b3
identity = (layers, W * x + b)

by_hand = (W, kron(x.T, W3 * W2))
derivation = jacobian(layers, [x, W1])
evaluate = derivation.lambdify()


def figure():
    return plots.linear_against_relu(seed=4)
