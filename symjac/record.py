"""What the road of differentials found, as frozen data: printers and checkers read it, rules do not know it."""

from __future__ import annotations

from dataclasses import dataclass

from symjac.nodes.node import Let, Node, Symbol
from symjac.rules.rule import Law

DIFFERENTIAL, VEC, PART, GRADIENT, JACOBIAN = "differential", "vec", "part", "gradient", "jacobian"
"""What stands on the left of a line: dF; vec dF; the line's own `before` (a part of df, through one named
intermediate); ∇_X F; ∂ vec F / ∂(vec X)ᵀ."""


@dataclass(frozen=True)
class Step:
    """One rewriting: the line `left(subject) = before` becomes `left(subject) = after` by `rule`, at all its places.

    `subject` is the expression or a named intermediate (for PART, the intermediate that df passes through). Where `left`
    is GRADIENT or JACOBIAN, `variable` says of what.
    Where `left` differs from the step before, the step passes from one kind of line to the next: reading a Jacobian
    off means before = after · vec(d variable); reading a gradient off means before = tr(afterᵀ d variable).
    """

    subject: Node
    left: str
    before: Node
    after: Node
    rule: Law
    variable: Node | None = None


@dataclass(frozen=True)
class Record:
    """A derivation: the expression, the variables, one Jacobian (vec F by vec X, column-first) and one gradient each.

    `gradients[i]` is a matrix of the variable's shape for a scalar expression, None otherwise (or where the Jacobian
    row is not the vec of a matrix expression). `definitions` are the named intermediates the lines use, in the order
    in which a reader needs them: the user's, and those the engine introduced (δ).
    """

    name: str
    expression: Node
    variables: tuple[Symbol, ...]
    jacobians: tuple[Node, ...]
    gradients: tuple[Node | None, ...]
    steps: tuple[Step, ...]
    definitions: tuple[Let, ...]
