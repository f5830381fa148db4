"""Reading off: the first identification theorem (Magnus & Neudecker, chapter 5, section 6; chapter 9, table 2)."""

from __future__ import annotations

from symjac.nodes.build import differential, product, trace, transpose, vec
from symjac.nodes.node import Node, Product, Trace, Vec
from symjac.rules.examples import A, C, S
from symjac.rules.push import scalars, transposed
from symjac.rules.rule import READ, rule

d = differential


@rule(
    "read off what multiplies d",
    phase=READ,
    on=Product,
    statement=r"\operatorname{vec}\mathrm dF = J\operatorname{vec}\mathrm dX"
    r" \implies \frac{\partial\operatorname{vec}F}{\partial(\operatorname{vec}X)^{\mathsf T}} = J",
    example=product(transpose(vec(A)), vec(d(C))),
)
def read_jacobian(node: Node) -> Node | None:
    """vec dF = J vec dX has the Jacobian J"""
    assert isinstance(node, Product)
    return product(scalars(node), *node.chain[:-1]) if isinstance(node.chain[-1], Vec) else None


@rule(
    "read off the gradient",
    phase=READ,
    on=Trace,
    statement=r"\mathrm df = \operatorname{tr}(G^{\mathsf T}\,\mathrm dX) \implies \nabla_X f = G",
    example=trace(product(transpose(A), d(C))),
)
def read_gradient(node: Node) -> Node | None:
    """df = tr(Gᵀ dX) has the gradient G"""
    inner = node.args[0]
    return transposed(product(scalars(inner), *inner.chain[:-1])) if isinstance(inner, Product) else None


@rule(
    "gradient as a row",
    phase=READ,
    on=Vec,
    statement=r"\frac{\partial f}{\partial(\operatorname{vec}X)^{\mathsf T}} = (\operatorname{vec}\nabla_X f)^{\mathsf T}",
    example=vec(A),
)
def gradient_row(node: Node) -> Node | None:
    """the Jacobian of a scalar is vec(G)ᵀ"""
    return transpose(node)


@rule(
    "chain rule",
    phase=READ,
    on=Product,
    statement=r"\frac{\partial F}{\partial X} = \frac{\partial F}{\partial Z}\,\frac{\partial Z}{\partial X}",
    example=product(S, S),
)
def chain_rule(node: Node) -> Node | None:
    """the Jacobian through an intermediate is the product of Jacobians"""
    return node
