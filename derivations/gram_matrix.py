"""The Jacobian of the Gram matrix.

    G = AᵀA,  A ∈ ℝ^{M×N}:    ∂vec G / ∂(vec A)ᵀ = (I + K)(I ⊗ Aᵀ)

By components: G_pq = Σ_m A_mp A_mq, so ∂G_pq/∂A_ij is 2A_ip where p = q = j, A_iq where j = p ≠ q, A_ip where
j = q ≠ p, and 0 elsewhere.
"""

from symjac import commutation, declare, eye, jacobian, kron, plots

A = declare("A: M x N")
M, N = A.shape

by_hand = (eye(N**2) + commutation(N, N)) * kron(eye(N), A.T)
derivation = jacobian(A.T * A, A)
evaluate = derivation.lambdify()


def figure():
    return plots.jacobian_structure(derivation, {"M": 3, "N": 2})
