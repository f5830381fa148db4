"""One way to share: products inlined, sums of sums flat, every other sum an anonymous intermediate.

Two networks' adjoints that were built in different bites come out as the same objects, without ever being multiplied out.
"""

from __future__ import annotations

from symjac.components.algebra import multiplied, power, pull_deltas
from symjac.components.evaluation import postorder
from symjac.components.form import Form, Scope
from symjac.components.labelling import Factor
from symjac.components.simplify import Open
from symjac.components.substitution import remake
from symjac.components.tensor import Delta, Shared, Tensor


class Sharing:
    """Rewrites forms to that one way; what was rewritten once is remembered.

    >>> from symjac.nodes.build import add, let, product, symbol
    >>> from symjac.components.reading import read
    >>> A, x, y = symbol("A", 3, 2), symbol("x", 2), symbol("y", 2)
    >>> named = read(product(A, let("u", add(x, y)))).form
    >>> plain = read(product(A, add(x, y))).form
    >>> Sharing(drop_names=True).rewritten(named) is Sharing(drop_names=True).rewritten(plain)
    True
    """

    def __init__(self, drop_names: bool) -> None:
        self.drop_names = drop_names
        self.values: dict[Tensor, Form] = {}
        self.sums: dict[Tensor, Form] = {}

    def _stays(self, tensor: Tensor) -> bool:
        return tensor.body is None or (isinstance(tensor, Shared) and tensor.name is not None and not self.drop_names)

    def rewritten(self, form: Form) -> Form:
        for tensor in postorder(form, closed=lambda tensor: self._stays(tensor) or tensor in self.values):
            if self._stays(tensor) or tensor in self.values:
                continue
            assert tensor.body is not None
            body = self._inlined(tensor.body)
            if isinstance(tensor, Shared):
                self.sums[tensor] = body
                self.values[tensor] = pull_deltas(body)
            else:
                self.values[tensor] = remake(tensor, body)
        return self._inlined(form)

    def _inlined(self, form: Form) -> Form:
        scope = Scope()
        free = scope.fresh(*form.sizes)
        terms: list[Open] = []
        for term in form.terms:
            coefficient, factors, bound = scope.open_term(term, free)
            values = self.sums if _is_lone(factors) else self.values
            kept = [factor for factor in factors if factor.tensor not in values]
            pieces = [(power(values[t], exponent), indices) for t, indices, exponent in factors if t in values]
            terms.extend(Open(coefficient * c, [*kept, *fs], b) for c, fs, b in multiplied(scope, pieces, bound))
        return scope.close(terms, free)


def _is_lone(factors: list[Factor]) -> bool:
    """Whether a term is an intermediate and nothing else but deltas."""
    others = [factor for factor in factors if not isinstance(factor.tensor, Delta)]
    return len(others) == 1 and isinstance(others[0].tensor, Shared) and others[0].exponent == 1
