"""The Jacobians of an affine map: a layer of a network, before its activation.

    f = Ax + b:    ∂f/∂xᵀ = A,    ∂f/∂bᵀ = I,    ∂f/∂(vec A)ᵀ = xᵀ ⊗ I

A constant b does not change the Jacobian by x.
"""

from symjac import declare, eye, jacobian, kron

A, x, b = declare("A: M x N, x: N, b: M")
M, N = A.shape

by_hand = (A, eye(M), kron(x.T, eye(M)))
derivation = jacobian(A * x + b, [x, b, A])
evaluate = derivation.lambdify()
