"""A layer with an activation: the logistic sigmoid and the hyperbolic tangent, with their derivatives.

    a = σ(Wx + b):    ∂a/∂xᵀ = diag(σ′(Wx + b)) W

with σ′ = σ(1 − σ) for the sigmoid, and tanh′ = 1 − tanh² for the hyperbolic tangent. The sigmoid runs from 0 to 1, the
hyperbolic tangent from −1 to 1.
"""

import sympy

from symjac import declare, diag, hadamard, hadamard_power, jacobian, ones, plots, sigmoid, tanh

W, x, b = declare("W: M x N, x: N, b: M")
z, one = W * x + b, ones(b.shape[0])
s, t = sigmoid(z), tanh(z)

by_hand = (diag(hadamard(s, one - s)) * W, diag(one - hadamard_power(t, 2)) * W)
derivation = (jacobian(s, x), jacobian(t, x))
evaluate = derivation[0].lambdify()

u = sympy.Symbol("u", real=True)
logistic, ends = 1 / (1 + sympy.exp(-u)), (-sympy.oo, sympy.oo)
numbers = {
    "limits of the sigmoid": ([sympy.limit(logistic, u, end) for end in ends], [0, 1]),
    "limits of tanh": ([sympy.limit(sympy.tanh(u), u, end) for end in ends], [-1, 1]),
    "tanh u − (2σ(2u) − 1)": (sympy.simplify((sympy.tanh(u) - 2 * logistic.subs({u: 2 * u}) + 1).rewrite(sympy.exp)), 0),
}


def figure():
    return plots.activations(("sigmoid", "tanh"))
