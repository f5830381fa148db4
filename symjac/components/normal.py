"""The proof form: everything that has a definition is replaced by it, and every bracket multiplied out.

Intermediates and integer powers are inlined, functions are written in exp, log, sin, tanh and sigmoid, softmax
is exp over sum. What is left are symbols, those functions, inverses, and sums to powers that are no positive integer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import floor

from symjac.components.algebra import Piece, multiplied, over_body, power
from symjac.components.definitions import define, exponential, logarithm, reduce_functions, sigmoid_power
from symjac.components.evaluation import postorder
from symjac.components.factoring import primitive
from symjac.components.form import Form, Scope
from symjac.components.labelling import Factor
from symjac.components.simplify import Open
from symjac.components.substitution import remake
from symjac.components.tensor import Applied, LogSumExpOf, Shared, SoftmaxOf, Tensor


class BudgetError(Exception):
    """The proof form has more terms than anybody asked for."""


class Expansion:
    """One expansion: its memory of tensors, and how many terms it may still make.

    >>> from symjac.nodes.build import add, product, symbol, transpose
    >>> from symjac.components.reading import read
    >>> X, Y = symbol("X", 3, 3), symbol("Y", 3, 3)
    >>> form = read(product(X, add(X, Y))).form
    >>> len(form.terms), len(Expansion().expand(form).terms)
    (1, 2)
    """

    def __init__(self, budget: int = 4000, keep_names: bool = False) -> None:
        self.budget = budget
        self.keep_names = keep_names
        self.values: dict[Tensor, Form] = {}

    def expand(self, form: Form) -> Form:
        """Return the proof form."""
        for tensor in postorder(form, closed=self._stays):
            if tensor not in self.values and not self._stays(tensor):
                self.values[tensor] = self._value(tensor)
        return self.substituted(form)

    def _stays(self, tensor: Tensor) -> bool:
        return tensor.body is None or (self.keep_names and isinstance(tensor, Shared) and tensor.name is not None)

    def _value(self, tensor: Tensor) -> Form:
        assert tensor.body is not None
        body = self.substituted(tensor.body)
        if isinstance(tensor, Shared):
            return body
        if isinstance(tensor, Applied):
            return define(self, tensor.function, body)
        if isinstance(tensor, SoftmaxOf):
            top = exponential(body)
            return self.product(top, self.raised(self.total(top), Fraction(-1)))
        if isinstance(tensor, LogSumExpOf):
            return logarithm(self.total(exponential(body)))
        return remake(tensor, body)

    def substituted(self, form: Form) -> Form:
        """Return a form with the values of its tensors multiplied out."""
        scope = Scope()
        free = scope.fresh(*form.sizes)
        terms: list[Open] = []
        for term in form.terms:
            coefficient, factors, bound = scope.open_term(term, free)
            kept = [factor for factor in factors if factor.tensor not in self.values]
            pieces = [piece for factor in factors if factor.tensor in self.values for piece in self._pieces(factor)]
            terms.extend(Open(coefficient * c, [*kept, *fs], b) for c, fs, b in self.multiply(scope, pieces, bound))
        return reduce_functions(scope.close(terms, free))

    def _pieces(self, factor: Factor) -> Sequence[Piece]:
        """Return a power as factors: the whole part multiplied out, the rest of it opaque."""
        tensor, indices, exponent = factor
        value = self.values[tensor]
        if value.is_zero and exponent > 0:
            return [(value, indices)]
        if len(value.terms) == 1 and not value.terms[0].bound and exponent.denominator == 1:
            return [(power(value, exponent), indices)]
        whole = max(floor(exponent), 0)
        rest = exponent - whole
        return [(value, indices)] * whole + ([(self.raised(value, rest), indices)] if rest else [])

    def multiply(self, scope: Scope, pieces: Sequence[Piece], bound: Sequence[int]) -> Iterator[Open]:
        """Multiply out, within the budget."""
        for term in multiplied(scope, pieces, bound):
            self.budget -= 1
            if self.budget < 0:
                raise BudgetError
            yield term

    # Operations entry by entry, for definitions

    def product(self, *forms: Form) -> Form:
        """Return the entrywise product, multiplied out."""
        sizes = max((form.sizes for form in forms), key=len)
        scope = Scope()
        indices = scope.fresh(*sizes)
        pieces = [(form, indices if form.sizes else ()) for form in forms]
        return reduce_functions(scope.close(self.multiply(scope, pieces, ()), indices))

    def total(self, form: Form) -> Form:
        """Return the sum of all entries."""
        scope = Scope()
        indices = scope.fresh(*form.sizes)
        return scope.close((Open(c, fs, (*b, *indices)) for c, fs, b in scope.open(form, indices)), ())

    def raised(self, form: Form, exponent: Fraction) -> Form:
        """Return an entrywise power: multiplied out if it is a positive integer, otherwise in one normal form."""
        if exponent.denominator == 1 and exponent > 0:
            return self.product(*[form] * int(exponent))
        if form.constant is not None or (len(form.terms) == 1 and not form.terms[0].bound):
            return reduce_functions(power(form, exponent))
        front, rest = primitive(form, exponent)
        raised = sigmoid_power(rest, exponent)
        if raised is None:
            raised = power(over_body(rest, Shared), exponent)
        return self.product(power(front, exponent), raised)
