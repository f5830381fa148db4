"""The chain rule as a product of Jacobians.

    w = f(x₁, x₂, x₃),  x = h(u₁, u₂):    ∇_u w = ∇_x w · ∇_u h,    1 × 2 = 1 × 3 · 3 × 2

Gradients are rows. Here w = x₁x₂ + x₃² with x = (u₁u₂, u₁ + u₂, sin u₁); the product equals the derivative of f(h(u)).
"""

from sympy import Matrix, cos, sin, symbols

from symjac.explicit import chain_rule

x1, x2, x3, u1, u2 = symbols("x1 x2 x3 u1 u2", real=True)

outer = Matrix([[x2, x1, 2 * x3]])
inner = Matrix([[u2, u1], [1, 1], [cos(u1), 0]])
product = Matrix([[u2 * (u1 + u2) + u1 * u2 + 2 * sin(u1) * cos(u1), u1 * (u1 + u2) + u1 * u2]])

by_hand = {"outer": outer, "inner": inner, "product": product}
derivation = chain_rule(x1 * x2 + x3**2, [u1 * u2, u1 + u2, sin(u1)], [x1, x2, x3], [u1, u2])
evaluate = derivation.direct.lambdify()
