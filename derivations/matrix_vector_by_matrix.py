"""A product of a matrix and a vector, by the matrix.

    f = Ax:    ∂f_i/∂A_kj = x_j where k = i, else 0

The M × MN Jacobian depends on the order in which the entries of A are counted. Column-first, A₁₁, A₂₁, …, it is
xᵀ ⊗ I_M; row-first, A₁₁, A₁₂, …, it is I_M ⊗ xᵀ. The two differ by the commutation matrix: I_M ⊗ xᵀ = (xᵀ ⊗ I_M) K_NM.
"""

from symjac import Layout, commutation, declare, eye, jacobian, kron, plots

A, x = declare("A: M x N, x: N")
M, N = A.shape

column_first, row_first = kron(x.T, eye(M)), kron(eye(M), x.T)
identity = (row_first, column_first * commutation(N, M))

by_hand = (column_first, row_first)
derivation = (jacobian(A * x, A), jacobian(A * x, A, layout=Layout(wrt="row")))
evaluate = derivation[1].lambdify()


def figure():
    return tuple(plots.jacobian_structure(layout, {"M": 2, "N": 3}) for layout in derivation)
