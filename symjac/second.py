"""The second derivative of a scalar: the Jacobian of its gradient.

Magnus & Neudecker, chapter 6 (the second identification theorem).
"""

from __future__ import annotations

from dataclasses import replace

from symjac.arrange import gradient_matrix
from symjac.derive import derive, free_name
from symjac.nodes.build import substitute, symbol
from symjac.nodes.node import Let, Node, Symbol
from symjac.record import JACOBIAN, Record, Step
from symjac.rules.rule import Law
from symjac.tidying import Tidier


def derive_twice(expression: Node, variable: Symbol) -> tuple[Record, Record]:
    """Return the records of the gradient and of the Hessian of a scalar expression.

    Both are derived for a variable without facts: X⁻ᵀ must not become X⁻¹ before it is differentiated again, though at a
    symmetric X the two are equal. The facts simplify the results.
    """
    free = symbol(variable.name, *variable.shape)
    (plain,) = substitute([expression], {variable: free})
    first = derive(plain, [free])
    gradient = gradient_matrix(first, 0)
    second = derive(gradient, [free], free_name(gradient, [free], "ghpqr"))
    return (first, second) if variable is free else (with_facts(first, free, variable), with_facts(second, free, variable))


def with_facts(record: Record, free: Symbol, variable: Symbol) -> Record:
    """Return a record in which the variable has its facts, its results tidied once more."""

    def known(node: Node) -> Node:
        return substitute([node], {free: variable})[0]

    steps = [
        replace(
            step,
            subject=known(step.subject),
            before=known(step.before),
            after=known(step.after),
            variable=None if step.variable is None else known(step.variable),
        )
        for step in record.steps
    ]
    expression = known(record.expression)

    def watch(before: Node, after: Node, rule: Law) -> None:
        steps.append(Step(expression, JACOBIAN, before, after, rule, variable))

    jacobian = Tidier().run(known(record.jacobians[0]), watch)
    gradient = record.gradients[0]
    tidied_gradient = None if gradient is None else Tidier().run(known(gradient), lambda before, after, rule: None)
    definitions = tuple(node for node in map(known, record.definitions) if isinstance(node, Let))
    return Record(record.name, expression, (variable,), (jacobian,), (tidied_gradient,), tuple(steps), definitions)
