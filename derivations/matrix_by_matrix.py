"""A matrix by a matrix: four indices, or two after stacking.

    F = AXB,  A ∈ ℝ^{M×P},  X ∈ ℝ^{P×Q},  B ∈ ℝ^{Q×N}

As a tensor J_ijkl = ∂F_ij/∂X_kl = A_ik B_lj; as a map ℝ^{PQ} → ℝ^{MN} between stacked columns Bᵀ ⊗ A.

One component uᵀFv (u and v pick a row and a column) has a gradient of the shape of X, AᵀuvᵀBᵀ, or, as a row,
one row of the Jacobian.
"""

from symjac import declare, jacobian, kron, vec

A, X, B, u, v = declare("A: M x P, X: P x Q, B: Q x N, u: M, v: N")

gradient = A.T * u * v.T * B.T

by_hand = (kron(B.T, A), vec(gradient).T)
derivation = (jacobian(A * X * B, X), jacobian(u.T * A * X * B * v, X))
evaluate = derivation[0].lambdify(form="tensor")
