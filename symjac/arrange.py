"""Layouts: the same derivative, stacked and turned as a reader wants it."""

from __future__ import annotations

from symjac.layout import Layout
from symjac.nodes.build import commutation, identity, kron, product, transpose, vec
from symjac.nodes.node import Node
from symjac.nodes.sizes import ONE
from symjac.record import JACOBIAN, Record, Step
from symjac.rules import reading
from symjac.rules.rule import Law
from symjac.rules.tidy import turned
from symjac.tidying import tidied


def arranged(record: Record, index: int, layout: Layout) -> tuple[Node, tuple[Step, ...]]:
    """Return one Jacobian of a record in a layout, and the steps that lead there from the column-first numerator form."""
    variable, jacobian, of = record.variables[index], record.jacobians[index], record.expression
    steps: list[Step] = []

    def pass_to(after: Node, law: Law) -> Node:
        after = tidied(after)
        steps.append(Step(record.expression, JACOBIAN, jacobian, after, law, variable))
        return after

    if layout.orientation == "denominator" and of.is_scalar:
        gradient = gradient_matrix(record, index)
        return pass_to(gradient, reading.denominator_layout), tuple(steps)
    if layout.wrt == "row" and ONE not in variable.shape:
        jacobian = pass_to(product(jacobian, commutation(variable.cols, variable.rows)), reading.inputs_row_first)
    if layout.of == "row" and ONE not in of.shape:
        jacobian = pass_to(product(commutation(of.rows, of.cols), jacobian), reading.outputs_row_first)
    if layout.orientation == "denominator":
        jacobian = pass_to(turned(jacobian), reading.denominator_layout)
    return jacobian, tuple(steps)


def gradient_matrix(record: Record, index: int) -> Node:
    """Return a scalar's gradient in the shape of the variable, from the row where no matrix form was found."""
    gradient, variable = record.gradients[index], record.variables[index]
    if gradient is not None:
        return gradient
    column = turned(record.jacobians[index])
    if variable.cols is ONE:
        return tidied(column)
    if variable.rows is ONE:
        return tidied(transpose(column))
    # unvec: (vec(I)ᵀ ⊗ I)(I ⊗ g) is the p×q matrix whose vec is g.
    p, q = variable.shape
    return product(kron(transpose(vec(identity(q))), identity(p)), kron(identity(q), column))
