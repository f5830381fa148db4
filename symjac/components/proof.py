"""Equality for all sizes: two forms are proved equal, or not decided here."""

from __future__ import annotations

from enum import Enum

from symjac.components.algebra import add, scale
from symjac.components.axes import Matrix, fit_alike, meet
from symjac.components.cancelling import vanishes
from symjac.components.evaluation import postorder
from symjac.components.form import Form
from symjac.components.normal import BudgetError, Expansion
from symjac.components.sharing import Sharing
from symjac.components.tensor import Shared
from symjac.errors import DomainError


class Proof(Enum):
    """What a proof attempt found; true where it is a proof.

    >>> bool(Proof.PROVED), bool(Proof.UNDECIDED)
    (True, False)
    """

    PROVED = "proved"
    UNDECIDED = "undecided"

    def __bool__(self) -> bool:
        return self is Proof.PROVED


def prove_equal(left: Matrix | Form, right: Matrix | Form, budget: int = 4000) -> Proof:
    """Try to prove that two forms are equal for all sizes and all values.

    >>> from symjac.nodes.build import add, product, symbol, transpose
    >>> from symjac.components.reading import read
    >>> X, Y = symbol("X", 3, 3), symbol("Y", 3, 3)
    >>> prove_equal(read(product(X, add(X, Y))), read(add(product(X, X), product(X, Y))))
    <Proof.PROVED: 'proved'>
    >>> prove_equal(read(product(X, Y)), read(product(Y, X)))
    <Proof.UNDECIDED: 'undecided'>

    Forms of different total size raise ShapeError. `budget` is the number of terms a proof may make.
    """
    return Prover(budget).equal(left, right)


class Prover:
    """Proves equalities that share parts: what was rewritten for one is remembered for the next.

    >>> from symjac.nodes.build import let, norm, power, product, symbol, transpose
    >>> from symjac.components.reading import read
    >>> z = let("z", product(symbol("A", 3, 2), symbol("x", 2)))
    >>> Prover().equal(read(product(transpose(z), z)), read(power(norm(z), 2)))
    <Proof.PROVED: 'proved'>
    """

    def __init__(self, budget: int = 4000) -> None:
        self.budget = budget
        self._sharings = (Sharing(drop_names=False), Sharing(drop_names=True))

    def equal(self, left: Matrix | Form, right: Matrix | Form) -> Proof:
        """Try to prove that two forms are equal; see `prove_equal`."""
        first, second = _alike(left, right)
        try:
            equal = first is second or self._is_zero(add(first, scale(-1, second)))
        except DomainError:
            equal = False
        return Proof.PROVED if equal else Proof.UNDECIDED

    def _is_zero(self, difference: Form) -> bool:
        """Try the cheap things first: as it is, shared in one way, then everything multiplied out."""
        if difference.is_zero:
            return True
        lets = [tensor for tensor in postorder(difference) if isinstance(tensor, Shared)]
        names = any(tensor.name is not None for tensor in lets)
        for sharing in self._sharings[: 2 if names else 1] if lets else ():
            if sharing.rewritten(difference).is_zero:
                return True
        return any(self._is_zero_expanded(difference, keep_names) for keep_names in ((True, False) if names else (False,)))

    def _is_zero_expanded(self, difference: Form, keep_names: bool) -> bool:
        work = Expansion(self.budget, keep_names)
        try:
            return vanishes(work.expand(difference), work)
        except BudgetError:
            return False


def _alike(left: Matrix | Form, right: Matrix | Form) -> tuple[Form, Form]:
    """Return two forms with their axes split alike."""
    if isinstance(left, Matrix) and isinstance(right, Matrix):
        left, right = fit_alike(left, right)
        return left.form, right.form
    first, second = (Matrix(m if isinstance(m, Form) else m.form, _rank(m)) for m in (left, right))
    first, second = meet(first, 0, second, 0)
    return first.form, second.form


def _rank(value: Matrix | Form) -> int:
    return len((value if isinstance(value, Form) else value.form).sizes)
