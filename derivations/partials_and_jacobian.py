"""Partial derivatives and the Jacobian of functions given explicitly.

    f(x₁, x₂) = (x₁x₂, sin x₁):    ∂f/∂x₁ = (x₂, cos x₁)ᵀ,    ∂f/∂x₂ = (x₁, 0)ᵀ

The partial derivatives are the columns of the Jacobian [∂f_i/∂x_j]; at the point (0, 5) it is [[5, 0], [1, 0]].
"""

from sympy import Matrix, cos, sin, symbols

from symjac.explicit import explicit_jacobian

x1, x2 = symbols("x1 x2", real=True)

by_hand = Matrix([[x2, x1], [cos(x1), 0]])
derivation = explicit_jacobian([x1 * x2, sin(x1)], [x1, x2])
at_a_point = derivation.at({x1: 0, x2: 5})
evaluate = derivation.lambdify()
