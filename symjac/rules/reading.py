"""Reading off: how a line with d becomes a gradient or a Jacobian, and one layout another.

The first identification theorem: Magnus & Neudecker, chapter 5, section 6; chapter 9, table 2.
"""

from __future__ import annotations

from symjac.rules.rule import READ, Law

read_jacobian = Law(
    "read_jacobian",
    "read off what multiplies d",
    READ,
    r"\operatorname{vec}\mathrm dF = J\operatorname{vec}\mathrm dX \implies"
    r" \frac{\partial\operatorname{vec}F}{\partial(\operatorname{vec}X)^{\mathsf T}} = J",
    "vec dF = J vec dX has the Jacobian J",
)

read_gradient = Law(
    "read_gradient",
    "read off the gradient",
    READ,
    r"\mathrm df = \operatorname{tr}(G^{\mathsf T}\,\mathrm dX) \implies \nabla_X f = G",
    "df = tr(Gᵀ dX) has the gradient G",
)

gradient_row = Law(
    "gradient_row",
    "gradient as a row",
    READ,
    r"\frac{\partial f}{\partial(\operatorname{vec}X)^{\mathsf T}} = (\operatorname{vec}\nabla_X f)^{\mathsf T}",
    "the Jacobian of a scalar is the row vec(G)ᵀ",
)

chain_rule = Law(
    "chain_rule",
    "chain rule",
    READ,
    r"\frac{\partial F}{\partial X} = \frac{\partial F}{\partial Z}\,\frac{\partial Z}{\partial X}",
    "the Jacobian through an intermediate is the product of the Jacobians",
)

inputs_row_first = Law(
    "inputs_row_first",
    "inputs row-first",
    READ,
    r"\operatorname{vec}X = K_{q,p}\operatorname{vec}(X^{\mathsf T})",
    "vec(X) = K vec(Xᵀ), so that JK is the Jacobian by the rows of X",
)

outputs_row_first = Law(
    "outputs_row_first",
    "outputs row-first",
    READ,
    r"\operatorname{vec}(F^{\mathsf T}) = K_{m,n}\operatorname{vec}F",
    "vec(Fᵀ) = K vec(F), so that KJ is the Jacobian of the rows of F",
)

denominator_layout = Law(
    "denominator_layout",
    "denominator layout",
    READ,
    r"\frac{\partial F^{\mathsf T}}{\partial X} = \left(\frac{\partial F}{\partial X^{\mathsf T}}\right)^{\mathsf T}",
    "in denominator layout the Jacobian is transposed, and a scalar's derivative has the shape of the variable",
)
