"""The normal equations, derived: from ‖y − Φθ‖² to θ̂ = (ΦᵀΦ)⁻¹Φᵀy, for all sizes.

Nothing here is typed in. The engine differentiates the loss; its gradient is seen to be affine in θ because its own
Jacobian does not contain θ; a gradient Hθ + c that vanishes says Hθ = −c; and H is positive definite where the sum of
squares whose Hessian it is vanishes at 0 alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, count
from math import gcd, lcm
from typing import Any

import sympy

from symjac.derive import derive
from symjac.errors import DomainError, SymjacError, UnsupportedError
from symjac.nodes.build import add, coefficient, dimension, inverse, norm, power, product, replace, subtract, symbol, zero
from symjac.nodes.node import Node, Sum, Symbol
from symjac.nodes.sizes import size_text
from symjac.read.declare import read_declarations
from symjac.read.from_sympy import from_sympy, originals
from symjac.record import Record
from symjac.rules.tidy import turned
from symjac.write.latex import latex
from symjac.write.names import symbol_latex, symbol_text
from symjac.write.text import text
from symjac.write.to_sympy import to_sympy

Left = Node | str | tuple[Node | str, Node]


@dataclass(frozen=True)
class Line:
    """One line of the argument: `left = right`, and why.

    `left` is an expression; or a pair (top, bottom) for ∂top/∂bottom; or one of the words "loss", "jacobian", "gradient",
    "hessian", "solution" for what they mean of the loss. A reason is made of words and expressions.
    """

    left: Left
    right: Node
    reason: tuple[str | Node, ...]


@dataclass(frozen=True)
class NormalEquations:
    """What minimises ‖y − Φθ‖² (+ λ‖θ‖²), with the argument line by line.

    `jacobian` is the row ∂L/∂θ, `gradient` the same as a column, `hessian` its Jacobian, `normal` the pair of sides of
    the normal equations and `solution` their solution, all as SymPy expressions. `condition` says when it is the only one.
    `record` is the engine's own derivation of the loss.
    """

    jacobian: Any
    gradient: Any
    hessian: Any
    normal: tuple[Any, Any]
    solution: Any
    condition: str
    lines: tuple[Line, ...]
    record: Record

    def text(self) -> str:
        """Return the argument in Unicode, a line each, with the reasons at the margin."""
        rows = [(f"{_left_text(line.left, self.record)} = {text(line.right)}", _words(line.reason)) for line in self.lines]
        width = max(len(row) for row, _ in rows)
        return "\n".join(f"{row:<{width}}   {reason}" for row, reason in rows)

    def latex(self) -> str:
        r"""Return the argument as one LaTeX fragment, to stand between \[ and \]."""
        rows = [
            rf"{_left_latex(line.left, self.record)} &= {latex(line.right)} && \text{{{_prose(line.reason)}}}"
            for line in self.lines
        ]
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def normal_equations(
    Phi: str | sympy.MatrixSymbol = "Phi: N x D", y: str = "y", theta: str = "theta", ridge: str | None = None
) -> NormalEquations:
    """Derive what minimises ‖y − Φθ‖², or with `ridge` ‖y − Φθ‖² + λ‖θ‖², λ > 0.

    >>> found = normal_equations("Phi: N x D")
    >>> found.jacobian, found.normal
    (-2*(-Phi*theta + y).T*Phi, (Phi.T*Phi*theta, Phi.T*y))
    >>> found.solution
    (Phi.T*Phi)**(-1)*Phi.T*y
    >>> normal_equations("X: 9 x 3", theta="beta", ridge="lam").solution
    (lam*I + X.T*X)**(-1)*X.T*y

    `Phi` is N × D, declared by text or a MatrixSymbol; `y` is N × 1 and `theta` D × 1. Raises DomainError where numbers
    for the sizes already forbid rank Φ = D. Source: Magnus & Neudecker, Matrix Differential Calculus, chapter 13.
    """
    matrix = _matrix(Phi)
    target, variable = symbol(y, matrix.rows), symbol(theta, matrix.cols)
    weight = symbol(ridge, facts=["positive"]) if ridge else None
    _names_differ(matrix, target, variable, weight)
    if weight is None and sympy.expand(matrix.rows - matrix.cols).is_negative:
        rows, cols = map(size_text, matrix.shape)
        raise DomainError(f"rank {matrix.name} is at most {rows}, less than {cols}: no unique minimum; a ridge helps")
    return _Argument(matrix, target, variable, weight).result(originals(Phi) if not isinstance(Phi, str) else {})


def _matrix(Phi: str | sympy.MatrixSymbol) -> Symbol:
    if isinstance(Phi, str):
        declared = read_declarations(Phi)
        if len(declared) != 1:
            raise DomainError(f"declare one matrix, such as Phi: N x D, not {', '.join(declared) or 'none'}")
        return next(iter(declared.values()))
    node = from_sympy(Phi)
    if not isinstance(node, Symbol):
        raise DomainError(f"Φ has to be a single matrix symbol, not {Phi}")
    return node


def _names_differ(matrix: Symbol, *others: Symbol | None) -> None:
    names = [matrix.name, *(other.name for other in others if other is not None)]
    taken = [*names, *(s.name for n in matrix.shape for s in n.free_symbols)]
    doubled = next((name for name in taken if taken.count(name) > 1), None)
    if doubled:
        raise DomainError(f"{doubled} names two things; give one of them another name")


def affine_parts(node: Node, variable: Symbol) -> tuple[Node, Node]:
    """Return H and c where node = Hx + c: the Jacobian by the vector x, which must not contain x, and the value at x = 0.

    >>> A, x, b = symbol("A", 2, 2), symbol("x", 2), symbol("b", 2)
    >>> [text(part) for part in affine_parts(add(product(A, add(x, b)), x), x)]
    ['A + I₂', 'Ab']

    Raises UnsupportedError where the node is not affine in the variable.
    """
    (slope,) = derive(node, [variable]).jacobians
    if variable.name in slope.symbols:
        raise UnsupportedError(f"{text(node)} is not affine in {text(variable)}: its derivative is {text(slope)}")
    return slope, replace(node, {variable: zero(*variable.shape)})


class _Argument:
    """The argument under way: the loss, its derivatives, and the lines so far."""

    def __init__(self, matrix: Symbol, target: Symbol, variable: Symbol, weight: Symbol | None) -> None:
        self.matrix, self.variable, self.weight = matrix, variable, weight
        self.names = {node.name for node in (matrix, target, variable, weight) if node is not None}
        self.names |= {s.name for n in matrix.shape for s in n.free_symbols}
        self.error = subtract(target, product(matrix, variable))
        self.record = derive(self.loss(self.error), [variable], name=self.fresh("L"))
        self.jacobian = self.record.jacobians[0]
        self.gradient = column(self.jacobian)
        self.hessian, self.constant = affine_parts(self.gradient, variable)
        common = _common_factor(self.hessian, self.constant)
        self.left, self.right = _divided(self.hessian, common), _divided(self.constant, -common)
        self.solution = product(inverse(self.left), self.right)

    def fresh(self, name: str) -> str:
        """Return a name that nothing else bears: L, else L1, L2, …"""
        return next(free for free in chain([name], (f"{name}{i}" for i in count(1))) if free not in self.names)

    def loss(self, error: Node) -> Node:
        return self.squares(error, self.variable)

    def squares(self, error: Node, parameters: Node) -> Node:
        """Return ‖error‖² (+ λ‖parameters‖²)."""
        fit = power(norm(error), 2)
        return fit if self.weight is None else add(fit, product(self.weight, power(norm(parameters), 2)))

    @property
    def condition(self) -> tuple[str | Node, ...]:
        if self.weight is not None:
            return (self.weight, " is positive")
        return ("rank ", self.matrix, " = ", dimension(self.matrix.cols))

    def result(self, known: dict[str, Any]) -> NormalEquations:
        lines = (*self.chain_lines(), *self.stationary_lines(), *self.minimum_lines())
        return NormalEquations(
            jacobian=to_sympy(self.jacobian, known),
            gradient=to_sympy(self.gradient, known),
            hessian=to_sympy(self.hessian, known),
            normal=(to_sympy(product(self.left, self.variable), known), to_sympy(self.right, known)),
            solution=to_sympy(self.solution, known),
            condition=_words(self.condition),
            lines=lines,
            record=self.record,
        )

    def chain_lines(self) -> tuple[Line, ...]:
        """The row ∂L/∂θ through e(θ) = y − Φθ, as the lecturer does it, next to what the engine found in one go."""
        error = symbol(self.fresh("e"), self.matrix.rows)
        in_error = self.loss(error)
        outer, partial = derive(in_error, [error, self.variable]).jacobians
        (inner,) = derive(self.error, [self.variable]).jacobians
        chained = add(product(outer, inner), partial)
        if replace(chained, {error: self.error}) not in (self.jacobian, _reordered(self.jacobian)):
            raise SymjacError(f"the chain rule gave {text(chained)}, the direct derivation {text(self.jacobian)}")
        return (
            Line("loss", in_error, ("with ", error, " = ", self.error)),
            Line((self.record.name, error), outer, ("derivative of a square",)),
            Line((error, self.variable), inner, ("affine in ", self.variable)),
            Line("jacobian", chained, ("chain rule",)),
            Line("jacobian", self.jacobian, (error, " inserted")),
        )

    def stationary_lines(self) -> tuple[Line, ...]:
        theta = self.variable
        expanded = add(product(self.hessian, theta), self.constant)
        return (
            Line("gradient", self.gradient, ("the row as a column",)),
            Line("hessian", self.hessian, ("free of ", theta, ", so the gradient is affine")),
            Line("gradient", expanded, ("slope times ", theta, ", plus the value at zero")),
            Line(product(self.left, theta), self.right, ("where the gradient is zero",)),
        )

    def minimum_lines(self) -> tuple[Line, ...]:
        """H is positive definite: vᵀHv is twice a sum of squares, which vanishes for v = 0 alone."""
        direction = symbol(self.fresh("v"), self.matrix.cols)
        squares = self.squares(product(self.matrix, direction), direction)
        self.check_quadratic(squares, direction)
        form = product(turned(direction), self.hessian, direction)
        return (
            Line(form, product(2, squares), ("positive for nonzero ", direction, ", if ", *self.condition)),
            Line("solution", self.solution, ("then the one minimum",)),
        )

    def check_quadratic(self, squares: Node, direction: Symbol) -> None:
        """q(0) = 0, ∇q(0) = 0 and the constant Hessian H make q(v) = ½ vᵀHv."""
        slope, at_zero = affine_parts(column(derive(squares, [direction]).jacobians[0]), direction)
        origin = zero(*direction.shape)
        vanish = at_zero is origin and replace(squares, {direction: origin}) is zero(1, 1)
        if not vanish or slope not in (self.hessian, _reordered(self.hessian)):
            raise SymjacError(f"{text(squares)} has the Hessian {text(slope)}, not {text(self.hessian)}")


def column(row: Node) -> Node:
    """Return the transpose of a row, term by term."""
    return add(*(turned(term) for term in _terms(row)))


def _terms(node: Node) -> Sequence[Node]:
    return node.args if isinstance(node, Sum) else (node,)


def _reordered(node: Node) -> Node:
    return add(*reversed(_terms(node)))


def _divided(node: Node, number: Fraction) -> Node:
    return add(*(product(1 / number, term) for term in _terms(node)))


def _common_factor(*nodes: Node) -> Fraction:
    """Return the largest rational number by which all terms can be divided to whole multiples."""
    numbers = [abs(coefficient(term)) for node in nodes for term in _terms(node)]
    return Fraction(gcd(*(n.numerator for n in numbers)), lcm(*(n.denominator for n in numbers)))


# Printing


def _words(reason: Sequence[str | Node]) -> str:
    return "".join(part if isinstance(part, str) else text(part) for part in reason)


def _prose(reason: Sequence[str | Node]) -> str:
    return "".join(part if isinstance(part, str) else f"${latex(part)}$" for part in reason)


def _left_text(left: Left, record: Record) -> str:
    loss, (variable,) = symbol_text(record.name), map(text, record.variables)
    if isinstance(left, Node):
        return text(left)
    if isinstance(left, tuple):
        top = symbol_text(left[0]) if isinstance(left[0], str) else text(left[0])
        return f"∂{top}/∂{text(left[1])}"
    words = {
        "loss": f"{loss}({variable})",
        "jacobian": f"∂{loss}/∂{variable}",
        "gradient": f"∇{loss}",
        "hessian": f"∂∇{loss}/∂{variable}",
        "solution": f"{variable}\u0302" if len(variable) == 1 else f"{variable}_hat",
    }
    return words[left]


def _left_latex(left: Left, record: Record) -> str:
    loss, (variable,) = symbol_latex(record.name), map(latex, record.variables)
    if isinstance(left, Node):
        return latex(left)
    if isinstance(left, tuple):
        top = symbol_latex(left[0]) if isinstance(left[0], str) else latex(left[0])
        return rf"\frac{{\partial {top}}}{{\partial {latex(left[1])}}}"
    words = {
        "loss": f"{loss}({variable})",
        "jacobian": rf"\frac{{\partial {loss}}}{{\partial {variable}}}",
        "gradient": rf"\nabla {loss}",
        "hessian": rf"\frac{{\partial \nabla {loss}}}{{\partial {variable}}}",
        "solution": rf"\hat{{{variable}}}",
    }
    return words[left]
