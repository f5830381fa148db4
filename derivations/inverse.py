"""The Jacobian of the inverse.

    F = X⁻¹:    ∂vec F / ∂(vec X)ᵀ = −(X⁻ᵀ ⊗ X⁻¹)

From XX⁻¹ = I: (dX)X⁻¹ + X d(X⁻¹) = 0, so d(X⁻¹) = −X⁻¹(dX)X⁻¹.
"""

from symjac import declare, inv, jacobian, kron

X = declare("X: N x N invertible")

by_hand = -kron(inv(X).T, inv(X))
derivation = jacobian(inv(X), X)
evaluate = derivation.lambdify()
