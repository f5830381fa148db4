"""A batch of samples in the rows of X, and the gradient of its mean loss.

    Z₁ = XW₁ᵀ + 1b₁ᵀ,  H₁ = tanh(Z₁),  Ŷ = H₁W₂ᵀ + 1b₂ᵀ,    (n, n_0) → (n, width) → (n, n_out)

NumPy writes X @ W1.T + b1. Row j is the network of one input at x = row j of X: in index form both are the same function
of j. The δ of all samples stand in the rows of

    Δ₂ = (2/n)(Ŷ − Y),    Δ₁ = Δ₂W₂ ∘ tanh′(Z₁),    ∂L/∂W₁ = Δ₁ᵀX,    ∂L/∂b₁ = Δ₁ᵀ1
"""

from symjac import Network, hadamard, ones, tanh

net = Network(["n_0", "width", "n_out"], activation="tanh")
X, Y, W1, b1, W2, b2 = (net.symbols[name] for name in ("X", "Y", "W1", "b1", "W2", "b2"))
n = X.shape[0]

Z1 = X * W1.T + ones(n) * b1.T
Delta2 = 2 * (tanh(Z1) * W2.T + ones(n) * b2.T - Y) / n
Delta1 = hadamard(Delta2 * W2, ones(n, W1.shape[0]) - hadamard(tanh(Z1), tanh(Z1)))

by_hand = {"W1": Delta1.T * X, "b1": Delta1.T * ones(n), "W2": Delta2.T * tanh(Z1), "b2": Delta2.T * ones(n)}
derivation = net.gradient("squared error", batch=True)
numbers = {"row j of the batch is the network at row j, proved for all sizes": (net.prove_batch(), True)}
evaluate = net.gradient("squared error", "W1", batch=True).lambdify()
