"""The derivative of a sum of squares, through its residuals.

    L = ‖y − Φθ‖²:    ∂L/∂θᵀ = −2(y − Φθ)ᵀΦ

With e = y − Φθ the chain rule multiplies a 1 × N row by an N × D matrix:

    ∂L/∂eᵀ = 2eᵀ,    ∂e/∂θᵀ = −Φ,    ∂L/∂θᵀ = 2eᵀ · (−Φ) = −2(yᵀ − θᵀΦᵀ)Φ
"""

from symjac import declare, jacobian, norm

y, Phi, theta, e = declare("y: N, Phi: N x D, theta: D, e: N")

outer = 2 * e.T
inner = -Phi
whole = -2 * (y.T - theta.T * Phi.T) * Phi

by_hand = (outer, inner, whole)
derivation = (
    jacobian(norm(e) ** 2, e),
    jacobian(y - Phi * theta, theta),
    jacobian(norm(y - Phi * theta) ** 2, theta),
)
evaluate = derivation[-1].lambdify()
