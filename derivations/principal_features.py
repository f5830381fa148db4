"""Principal features: how many functions of the input a network has at hand, before and after training.

    F = [(X ⊗ 1ᵀ) ∘ (1ᵀ ⊗ Δ),  Δ,  H,  1],    H = tanh(XW₁ᵀ + 1b₁ᵀ),    Δ = (1 − H ∘ H) ∘ 1W₂

is the feature matrix of a network with one hidden layer: the columns of W₁, b₁, W₂, b₂. Its singular values say how much of
each principal feature, a column of UΣ, there is. ReLU units start with bias 0, and all of them switch at x = 0: then F has
rank 4, whatever the width (dashed). Gradient descent on sin 2x moves them apart. Then the principal features of 16 units.
"""

import numpy as np

from symjac import Network, hadamard, kron, ones, plots, tanh

net = Network(["n_features", "width", 1], activation="tanh")
X, W1, b1, W2 = (net.symbols[name] for name in ("X", "W1", "b1", "W2"))
(n, n_features), width = X.shape, W1.shape[0]

H = tanh(X * W1.T + ones(n) * b1.T)
Delta = hadamard(ones(n, width) - hadamard(H, H), ones(n) * W2)
by_hand = {"W1": hadamard(kron(X, ones(width).T), kron(ones(n_features).T, Delta)), "b1": Delta, "W2": H, "b2": ones(n)}
derivation = net.jacobian(batch=True)

x = np.linspace(-2, 2, 80)[:, None]
found = {}
for units in (4, 16, 64):
    relu = Network([1, units, 1])
    training = relu.fit(x, np.sin(2 * x), rate=0.05, steps=500)
    thetas = training.initial, training.parameters
    found[f"width {units}"] = tuple(relu.principal_features(x, theta) for theta in thetas)
numbers = {f"rank of F at the start, {words}": (start.numerical_rank, 4) for words, (start, _) in found.items()}
numbers |= {f"rank of F, trained, {words}": (trained.numerical_rank, None) for words, (_, trained) in found.items()}


def figure():
    return plots.singular_values(found), plots.principal_feature_curves(found["width 16"][1], x)
