"""A layer applied to a batch, with the samples as rows or as columns.

    XWᵀ + 1bᵀ = (WXᵀ + b1ᵀ)ᵀ,  X ∈ ℝ^{n×P},  W ∈ ℝ^{Q×P},  b ∈ ℝ^Q

NumPy writes the left side X @ W.T + b: adding b to every row is adding 1bᵀ.
"""

from sympy import Transpose

from symjac import commutation, declare, eye, jacobian, kron, ones

X, W, b = declare("X: n x P, W: Q x P, b: Q")
(n, P), Q = X.shape, b.shape[0]

samples_as_rows = X * W.T + ones(n) * b.T
samples_as_columns = W * X.T + b * ones(n).T
identity = (samples_as_rows, Transpose(samples_as_columns))

by_hand = (kron(eye(Q), X) * commutation(Q, P), kron(eye(Q), ones(n)), kron(W, eye(n)))
derivation = jacobian(samples_as_rows, [W, b, X])
evaluate = derivation.lambdify()
