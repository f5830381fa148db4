"""The normal equations, derived: from ‖y − Φθ‖² to θ̂ = (ΦᵀΦ)⁻¹Φᵀy, for all sizes.

Nothing here is typed in. The engine differentiates the loss; its gradient is seen to be affine in θ because its own
Jacobian does not contain θ; a gradient Hθ + c that vanishes says Hθ = −c; and H is positive definite because vᵀHv is proved
to be a sum of squares that vanishes at v = 0 alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, count
from math import gcd, lcm
from typing import Any

import sympy

from symjac.components import prove_equal, read
from symjac.derive import derive
from symjac.errors import DomainError, SymjacError, UnsupportedError
from symjac.nodes.build import (
    add,
    coefficient,
    inverse,
    norm,
    power,
    product,
    rebuild,
    replace,
    subtract,
    symbol,
    transpose,
    zero,
)
from symjac.nodes.node import Let, Node, Sum, Symbol, fold
from symjac.nodes.sizes import size_text
from symjac.read.declare import read_declarations
from symjac.read.from_sympy import from_sympy, originals
from symjac.record import Record
from symjac.rules.tidy import turned
from symjac.write import lines as written
from symjac.write.latex import latex
from symjac.write.page import Chain, Math, Section, prose
from symjac.write.terminal import chain_text
from symjac.write.tex import aligned
from symjac.write.text import text
from symjac.write.to_sympy import to_sympy
from symjac.write.words import tex_words

Left = Node | str | tuple[Node, Node]

WORDS = {
    "loss": (r"{L}({x})", "{L}({x})"),
    "jacobian": (r"\frac{{\partial {L}}}{{\partial {x}}}", "∂{L}/∂{x}"),
    "gradient": (r"\nabla {L}", "∇{L}"),
    "hessian": (r"\frac{{\partial \nabla {L}}}{{\partial {x}}}", "∂∇{L}/∂{x}"),
    "solution": (r"\hat{{{x}}}", "{x}\u0302"),
}
"""What stands on the left of a line about the loss L(x), in LaTeX and in Unicode."""


@dataclass(frozen=True)
class Line:
    """One line of the argument: `left = right`, and why.

    `left` is an expression; or a pair (top, bottom) for ∂top/∂bottom; or one of the words "loss", "jacobian", "gradient",
    "hessian", "solution" for what they mean of the loss.
    """

    left: Left
    right: Node
    reason: str


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

    def section(self) -> Section:
        """Return the argument as a section of a page."""
        loss = Math(latex(self.record.expression), text(self.record.expression))
        return Section(prose("The least value of ", loss), (Chain(self._lines(0, latex), self._lines(1, text)),))

    def latex(self) -> str:
        r"""Return the argument in LaTeX, to stand between \[ and \]."""
        return aligned(self._lines(0, latex))

    def text(self) -> str:
        """Return the argument as text for a terminal."""
        return chain_text(self._lines(1, text))

    def _lines(self, alphabet: int, write: Callable[[Node], str]) -> tuple[written.Line, ...]:
        reasons = tex_words if write is latex else str
        return tuple(
            written.Line(self._left(line.left, alphabet, write), write(line.right), reasons(line.reason)) for line in self.lines
        )

    def _left(self, left: Left, alphabet: int, write: Callable[[Node], str]) -> str:
        if isinstance(left, Node):
            return write(left)
        if isinstance(left, tuple):
            top, bottom = map(write, left)
            return WORDS["jacobian"][alphabet].format(L=top, x=bottom)
        loss = write(symbol(self.record.name))
        return WORDS[left][alphabet].format(L=loss, x=write(self.record.variables[0]))


def normal_equations(
    Phi: str | sympy.MatrixSymbol = "Phi: N x D", y: str = "y", theta: str = "theta", ridge: str | None = None
) -> NormalEquations:
    """Derive what minimises ‖y − Φθ‖², or with `ridge` ‖y − Φθ‖² + λ‖θ‖², λ > 0.

    >>> found = normal_equations("Phi: N x D")
    >>> found.jacobian, found.normal
    (-2*(-Phi*theta + y).T*Phi, (Phi.T*Phi*theta, Phi.T*y))
    >>> found.solution, found.condition
    ((Phi.T*Phi)**(-1)*Phi.T*y, 'rank Φ = D')
    >>> normal_equations("X: 9 x 3", theta="beta", ridge="lam").solution
    (lam*I + X.T*X)**(-1)*X.T*y

    `Phi` is N × D, declared by text or a MatrixSymbol; `y` is N × 1 and `theta` D × 1. Without the condition the normal
    equations still hold for every minimiser, but there are many. Raises DomainError where numbers for the sizes already
    forbid rank Φ = D. Source: Magnus & Neudecker, Matrix Differential Calculus, chapter 13.
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
    taken = [*names, *sorted({s.name for n in matrix.shape for s in n.free_symbols})]
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
    plain = fold(node, _inlined)
    (slope,) = derive(plain, [variable]).jacobians
    if variable.name in slope.symbols:
        raise UnsupportedError(f"{text(node)} is not affine in {text(variable)}: its derivative is {text(slope)}")
    return slope, replace(plain, {variable: zero(*variable.shape)})


def _inlined(node: Node, args: tuple[Node, ...]) -> Node:
    return args[0] if isinstance(node, Let) else rebuild(node, args)


class _Argument:
    """The argument under way: the loss, its derivatives, and what follows from them."""

    def __init__(self, matrix: Symbol, target: Symbol, variable: Symbol, weight: Symbol | None) -> None:
        self.matrix, self.variable, self.weight = matrix, variable, weight
        self.names = {node.name for node in (matrix, target, variable, weight) if node is not None}
        self.names |= {s.name for n in matrix.shape for s in n.free_symbols}
        self.error = subtract(target, product(matrix, variable))
        self.record = derive(self.squares(self.error, variable), [variable], name=self.fresh("L"))
        self.jacobian = self.record.jacobians[0]
        self.gradient = add(*map(turned, _terms(self.jacobian)))
        self.hessian, self.constant = affine_parts(self.gradient, variable)
        common = _common_factor(self.hessian, self.constant)
        self.left, self.right = _divided(self.hessian, common), _divided(self.constant, -common)
        self.solution = product(inverse(self.left), self.right)

    def fresh(self, name: str) -> str:
        """Return a name that nothing else bears: L, else L1, L2, …"""
        return next(free for free in chain([name], (f"{name}{i}" for i in count(1))) if free not in self.names)

    def squares(self, error: Node, parameters: Node) -> Node:
        """Return ‖error‖² (+ λ‖parameters‖²)."""
        fit = power(norm(error), 2)
        return fit if self.weight is None else add(fit, product(self.weight, power(norm(parameters), 2)))

    @property
    def condition(self) -> str:
        if self.weight is not None:
            return f"{text(self.weight)} > 0"
        return f"rank {text(self.matrix)} = {size_text(self.matrix.cols)}"

    def result(self, known: Mapping[str, Any]) -> NormalEquations:
        return NormalEquations(
            jacobian=to_sympy(self.jacobian, known),
            gradient=to_sympy(self.gradient, known),
            hessian=to_sympy(self.hessian, known),
            normal=(to_sympy(product(self.left, self.variable), known), to_sympy(self.right, known)),
            solution=to_sympy(self.solution, known),
            condition=self.condition,
            lines=(*self.chain_lines(), *self.stationary_lines(), *self.minimum_lines()),
            record=self.record,
        )

    def chain_lines(self) -> tuple[Line, ...]:
        """The row ∂L/∂θ through e(θ) = y − Φθ, as the lecturer does it, next to what the engine found in one go."""
        error = symbol(self.fresh("e"), self.matrix.rows)
        in_error = self.squares(error, self.variable)
        loss = symbol(self.record.name)
        outer, partial = derive(in_error, [error, self.variable]).jacobians
        (inner,) = derive(self.error, [self.variable]).jacobians
        chained = add(product(outer, inner), partial)
        _agree(replace(chained, {error: self.error}), self.jacobian)
        return (
            Line("loss", in_error, f"with {text(error)} = {text(self.error)}"),
            Line((loss, error), outer, "derivative of a square"),
            Line((error, self.variable), inner, f"affine in {text(self.variable)}"),
            Line("jacobian", chained, "chain rule"),
            Line("jacobian", self.jacobian, f"{text(error)} inserted"),
        )

    def stationary_lines(self) -> tuple[Line, ...]:
        theta = text(self.variable)
        expanded = add(product(self.hessian, self.variable), self.constant)
        return (
            Line("gradient", self.gradient, "the row as a column"),
            Line("hessian", self.hessian, f"free of {theta}, so the gradient is affine in {theta}"),
            Line("gradient", expanded, f"slope times {theta}, plus the value at {theta} = 0"),
            Line(product(self.left, self.variable), self.right, "where the gradient is zero"),
        )

    def minimum_lines(self) -> tuple[Line, ...]:
        """H is positive definite: vᵀHv is twice a sum of squares, which vanishes for v = 0 alone."""
        direction = symbol(self.fresh("v"), self.matrix.cols)
        form = product(transpose(direction), self.hessian, direction)
        squares = product(2, self.squares(product(self.matrix, direction), direction))
        _agree(form, squares)
        return (
            Line(form, squares, f"positive for {text(direction)} ≠ 0, if {self.condition}"),
            Line("solution", self.solution, "then the only minimum"),
        )


def _agree(left: Node, right: Node) -> None:
    if not prove_equal(read(left), read(right)):
        raise SymjacError(f"{text(left)} is not proved equal to {text(right)}")


def _terms(node: Node) -> Sequence[Node]:
    return node.args if isinstance(node, Sum) else (node,)


def _divided(node: Node, number: Fraction) -> Node:
    return add(*(product(1 / number, term) for term in _terms(node)))


def _common_factor(*nodes: Node) -> Fraction:
    """Return the largest rational number by which all terms can be divided to whole multiples."""
    numbers = [abs(coefficient(term)) for node in nodes for term in _terms(node)]
    return Fraction(gcd(*(n.numerator for n in numbers)), lcm(*(n.denominator for n in numbers)))
