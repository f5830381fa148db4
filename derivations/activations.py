"""A layer with an activation: the logistic sigmoid and the hyperbolic tangent, with their derivatives.

    a = σ(Wx + b):    ∂a/∂xᵀ = diag(σ′(Wx + b)) W

with σ′ = σ(1 − σ) for the sigmoid, and tanh′ = 1 − tanh² for the hyperbolic tangent.
"""

from symjac import declare, diag, hadamard, hadamard_power, jacobian, ones, sigmoid, tanh

W, x, b = declare("W: M x N, x: N, b: M")
z, one = W * x + b, ones(b.shape[0])
s, t = sigmoid(z), tanh(z)

by_hand = (diag(hadamard(s, one - s)) * W, diag(one - hadamard_power(t, 2)) * W)
derivation = (jacobian(s, x), jacobian(t, x))
evaluate = derivation[0].lambdify()
