"""The Jacobian of a linear map by its argument.

    f = Ax,  A ∈ ℝ^{M×N},  x ∈ ℝ^N:    ∂f/∂xᵀ = A

By components: f_i = Σ_j A_ij x_j, so ∂f_i/∂x_l = A_il.
"""

from symjac import declare, jacobian

A, x = declare("A: M x N, x: N")

by_hand = A
derivation = jacobian(A * x, x)
evaluate = derivation.lambdify()
