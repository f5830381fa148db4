"""The gradient and the Hessian of the logarithm of a determinant.

f = log det X:    ∇f = X⁻ᵀ,    ∂f/∂(vec X)ᵀ = vec(X⁻ᵀ)ᵀ,    ∇²f = −K(X⁻ᵀ ⊗ X⁻¹)
"""

from symjac import commutation, declare, det, hessian, inv, jacobian, kron, log, vec

X = declare("X: N x N invertible")
N = X.shape[0]
f = log(det(X))

by_hand = (vec(inv(X).T).T, -commutation(N, N) * kron(inv(X).T, inv(X)))
derivation = (jacobian(f, X), hessian(f, X))
evaluate = derivation[1].lambdify()
