"""The Jacobian of the Gram matrix as lecture notes print it: inputs row-first.

    G = AᵀA:    rows G₁₁, G₂₁, G₁₂, G₂₂ (column-first),  columns A₁₁, A₁₂, A₂₁, … (row-first)

Counting the entries of A along its rows multiplies the column-first Jacobian (I + K)(I ⊗ Aᵀ) by a commutation
matrix, which K(I ⊗ Aᵀ)K = Aᵀ ⊗ I absorbs: (I + K)(Aᵀ ⊗ I).
"""

from symjac import Layout, commutation, declare, eye, jacobian, kron, plots

A = declare("A: M x N")
M, N = A.shape

by_hand = (eye(N**2) + commutation(N, N)) * kron(A.T, eye(N))
derivation = jacobian(A.T * A, A, layout=Layout(wrt="row"))
evaluate = derivation.lambdify()


def figure():
    return plots.jacobian_structure(derivation, {"M": 3, "N": 2})
