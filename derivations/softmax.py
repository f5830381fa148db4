"""The Jacobian of softmax, and of the logarithm of a sum of exponentials, whose gradient softmax is.

s = softmax(x):    ∂s/∂xᵀ = diag(s) − ssᵀ
f = log Σ exp x:   ∂f/∂xᵀ = sᵀ
"""

from symjac import declare, diag, jacobian, logsumexp, softmax

x = declare("x: N")
s = softmax(x)

by_hand = (diag(s) - s * s.T, s.T)
derivation = (jacobian(s, x), jacobian(logsumexp(x), x))
evaluate = derivation[0].lambdify()
