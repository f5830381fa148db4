"""The chain rule as a matrix product: ∂w/∂u = ∂w/∂x · ∂x/∂u, both sides written out and proved equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy
from sympy import ImmutableDenseMatrix as Matrix

from symjac.errors import DomainError, ShapeError, SymjacError
from symjac.explicit.check import Sampling, sample
from symjac.explicit.jacobian import ExplicitDerivation, explicit_jacobian
from symjac.explicit.printing import Row, Writer, block, derivative, grid, symbol_name
from symjac.explicit.reading import read_functions, read_variables
from symjac.write.page import Math, Section, prose
from symjac.write.width import latex_width

PROVED, SAMPLED = "proved", "sampled"

MOST_OPERATIONS = 2000
"""Beyond so many operations SymPy's simplify takes too long, and is not asked."""


@dataclass(frozen=True)
class ChainRule:
    """w = f(x), x = h(u): `outer` is ∂w/∂x, `inner` ∂x/∂u, `product` their product, `direct` the Jacobian of f(h(u)).

    `substituted` is ∂w/∂x with x = h(u) inserted, as it stands in the product. `evidence` is "proved" where SymPy shows that
    both sides agree, "sampled" where they agree at random points alone.
    """

    outer: ExplicitDerivation
    inner: ExplicitDerivation
    substituted: Matrix
    product: Matrix
    direct: ExplicitDerivation
    evidence: str
    sampling: Sampling

    @property
    def proved(self) -> bool:
        """Whether both sides are proved equal."""
        return self.evidence == PROVED

    @property
    def shapes(self) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
        """The shapes of the product and of its two factors."""
        return self.product.shape, self.outer.shape, self.inner.shape

    def latex(self) -> str:
        r"""Return the two factors, their product and the direct derivative in LaTeX, to stand within \[ and \]."""
        w, x, u = self._letters()
        write = Writer((*self.outer.variables, *self.inner.variables, *self.outer.parameters, *self.inner.parameters))
        of_x, of_u = (f"({', '.join(map(write, symbols))})" for symbols in (self.outer.variables, self.inner.variables))
        first, second, third = (rf"{rows} \times {cols}" for rows, cols in self.shapes)
        inner, wide = write.matrix(self.inner.matrix)
        inner = rf"\left({inner}\right)" if self.inner.shape == (1, 1) else inner
        outer, outer_width = write.matrix(self.outer.matrix)
        inserted, inserted_width = write.matrix(self.substituted)
        rule = f"{derivative(w, x)} {derivative(x, u)}"
        return block(
            [
                Row(f"{w}{of_x}", *write.function(self.outer.functions)),
                Row(f"{x}{of_u}", *write.function(self.inner.functions)),
                Row(derivative(w, u), rule, latex_width(rule), f"chain rule: ${first} = {second} \\cdot {third}$"),
                Row("", f"{outer} {inner}", outer_width + wide),
                Row("", f"{inserted} {inner}", inserted_width + wide, f"${x}{of_u}$ inserted"),
                Row("", *write.matrix(self.product), "multiplied"),
                Row(
                    rf"{derivative('', u)} {w}({x}{of_u})",
                    *write.matrix(self.direct.matrix),
                    f"directly; equal: {self.evidence}",
                ),
            ]
        )

    def text(self) -> str:
        """Return both sides as text for a terminal."""
        (m, n), (_, k), _ = self.shapes
        return "\n".join(
            [
                f"∂w/∂u = ∂w/∂x · ∂x/∂u    ({m} × {n} = {m} × {k} · {k} × {n})",
                grid("∂w/∂x = ", self.outer.matrix),
                grid("∂x/∂u = ", self.inner.matrix),
                grid("product, x = h(u): ", self.product),
                grid("directly: ", self.direct.matrix),
                f"equal: {self.evidence}",
            ]
        )

    def section(self) -> Section:
        """Return both sides as a section of a page."""
        return Section(prose("The chain rule as a product of matrices"), (Math(self.latex(), self.text()),))

    def _letters(self) -> tuple[str, str, str]:
        """Return names for w, x and u: a single variable's own, else letters that the functions do not use themselves."""
        xs, us = self.outer.variables, self.inner.variables
        taken = {symbol.name for symbol in (*xs, *us, *self.outer.parameters, *self.inner.parameters)}
        free = [next((name for name in names if name not in taken), f"{names[0]}'") for names in ("wfgy", "xhqz", "uvst")]
        x, u = (symbol_name(symbols[0]) if len(symbols) == 1 else name for symbols, name in ((xs, free[1]), (us, free[2])))
        return free[0], x, u


def chain_rule(outer: Any, inner: Any, outer_variables: Any, inner_variables: Any) -> ChainRule:
    """Derive ∂w/∂u for w = f(x), x = h(u) by the chain rule, and directly, and prove both equal.

    >>> found = chain_rule("x1*x2 + x3", ["u1*u2", "u1 + u2", "sin(u1)"], ["x1", "x2", "x3"], ["u1", "u2"])
    >>> found.shapes, found.evidence
    (((1, 2), (1, 3), (3, 2)), 'proved')
    >>> found.outer.matrix, found.product == found.substituted*found.inner.matrix
    (Matrix([[x2, x1, 1]]), True)

    `outer` is a function of the outer variables, or several; `inner` gives each outer variable as a function of the inner
    ones. Raises ShapeError where their numbers differ, DomainError where a name is used on both sides.
    """
    xs, us = read_variables(outer_variables), read_variables(inner_variables)
    f, h = read_functions(outer, xs), read_functions(inner, us)
    _check(f, h, xs, us)
    first, second = explicit_jacobian(f.vec(), list(xs)), explicit_jacobian(h.vec(), list(us))
    inserted = dict(zip(xs, second.functions, strict=True))
    direct = explicit_jacobian(first.functions.xreplace(inserted), list(us))
    substituted = first.matrix.xreplace(inserted)
    product = substituted * second.matrix
    sampling = sample(list(direct.functions), product, us, direct.parameters, points=5, seed=0)
    if sampling.points and not sampling:
        raise SymjacError(f"the chain rule failed: {sampling}")
    evidence = PROVED if all(map(_vanishes, product - direct.matrix)) else SAMPLED
    return ChainRule(first, second, substituted, product, direct, evidence, sampling)


def _check(f: Matrix, h: Matrix, xs: tuple[sympy.Symbol, ...], us: tuple[sympy.Symbol, ...]) -> None:
    if len(h) != len(xs):
        raise ShapeError(f"{len(xs)} outer variables, {', '.join(map(str, xs))}, need as many inner functions, not {len(h)}")
    inside, outside = ({symbol.name for symbol in matrix.free_symbols} for matrix in (h, f))
    for x in xs:
        if x.name in {u.name for u in us} | inside:
            raise DomainError(f"{x} is an outer variable, and used inside as well; give one of them another name")
    for u in us:
        if u.name in outside:
            raise DomainError(
                f"the outer function depends on {u} directly; make that an outer variable of its own, with {u} inside"
            )


def _vanishes(difference: Any) -> bool:
    if difference == 0 or sympy.expand(difference) == 0:
        return True
    return bool(sympy.count_ops(difference) <= MOST_OPERATIONS and sympy.simplify(difference) == 0)
