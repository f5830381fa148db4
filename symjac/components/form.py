"""Forms: sums of products of tensors with indices, in one normal form.

A form is immutable and interned. Its free indices are 0, 1, … by position; the bound indices of a term
follow. A `Scope` hands out fresh indices: `open` a form on them, work, and `close`; closing is the only way
to make a form, and normalises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from hashlib import blake2b
from typing import ClassVar, NamedTuple
from weakref import WeakValueDictionary

from symjac.components.labelling import Factor, factor_key, label
from symjac.components.simplify import Open, simplify
from symjac.components.tensor import Sizes, Tensor
from symjac.nodes.sizes import Size, size_text


class Term(NamedTuple):
    """A rational number times factors, summed over bound indices of these sizes."""

    coefficient: Fraction
    factors: tuple[Factor, ...]
    bound: Sizes


class Form:
    """A sum of terms over free indices of given sizes; made by `Scope.close` alone."""

    __slots__ = ("__weakref__", "_symmetric", "digest", "height", "sizes", "symbols", "terms")

    sizes: Sizes
    terms: tuple[Term, ...]
    digest: bytes
    symbols: frozenset[str]
    height: int
    _symmetric: bool | None

    _table: ClassVar[WeakValueDictionary[tuple[Sizes, tuple[Term, ...]], Form]] = WeakValueDictionary()

    def __new__(cls, sizes: Sizes, terms: tuple[Term, ...]) -> Form:
        known = Form._table.get((sizes, terms))
        if known is not None:
            return known
        self = object.__new__(cls)
        self.sizes, self.terms = sizes, terms
        digest = blake2b("\x1f".join(map(size_text, sizes)).encode(), digest_size=12)
        for coefficient, factors, bound in terms:
            digest.update(f"\n{coefficient}|{[size_text(s) for s in bound]}".encode())
            for tensor, indices, exponent in factors:
                digest.update(tensor.digest)
                digest.update(f"{indices}^{exponent}".encode())
        self.digest = digest.digest()
        tensors = self.tensors
        self.symbols = frozenset().union(*(tensor.symbols for tensor in tensors))
        self.height = max((tensor.height for tensor in tensors), default=0)
        self._symmetric = None
        Form._table[(sizes, terms)] = self
        return self

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """The tensors that stand in the terms, each once, in order."""
        return tuple(dict.fromkeys(factor.tensor for term in self.terms for factor in term.factors))

    @property
    def is_zero(self) -> bool:
        return not self.terms

    @property
    def symmetric(self) -> bool:
        """Whether swapping two free indices changes nothing."""
        if self._symmetric is None:
            self._symmetric = len(self.sizes) == 2 and self.sizes[0] == self.sizes[1] and permute(self, (1, 0)) is self
        return self._symmetric

    @property
    def positive(self) -> bool:
        """Whether every entry is known to be nonnegative: a sum of products of nonnegative factors and even powers."""
        return all(term.coefficient > 0 and all(map(_is_positive, term.factors)) for term in self.terms)

    @property
    def constant(self) -> Fraction | None:
        """The rational number that every entry is, if it is one."""
        if not self.terms:
            return Fraction(0)
        (coefficient, factors, bound), *others = self.terms
        return None if others or factors or bound else coefficient

    def __repr__(self) -> str:
        return " + ".join(map(_term_text, self.terms)) or "0"

    def __reduce__(self) -> tuple[type[Form], tuple[Sizes, tuple[Term, ...]]]:
        return (Form, (self.sizes, self.terms))


def _is_positive(factor: Factor) -> bool:
    even_root = factor.exponent.denominator % 2 == 0
    return factor.tensor.positive or even_root or factor.exponent.numerator % 2 == 0


def _term_text(term: Term) -> str:
    factors = [f"{tensor!r}{list(indices)}^{exponent}" for tensor, indices, exponent in term.factors]
    return " ".join([str(term.coefficient), *factors])


class Scope:
    """A supply of indices, each with its size, shared by the terms that are being built."""

    __slots__ = ("sizes",)

    def __init__(self) -> None:
        self.sizes: dict[int, Size] = {}

    def fresh(self, *sizes: Size) -> tuple[int, ...]:
        """Return one new index for every size."""
        start = len(self.sizes)
        indices = tuple(range(start, start + len(sizes)))
        self.sizes.update(zip(indices, sizes, strict=True))
        return indices

    def open(self, form: Form, indices: Sequence[int]) -> Iterator[Open]:
        """Yield the terms of a form with these indices for its free ones, and new bound ones."""
        for term in form.terms:
            yield self.open_term(term, indices)

    def open_term(self, term: Term, indices: Sequence[int]) -> Open:
        coefficient, factors, bound = term
        fresh = self.fresh(*bound)
        names = (*indices, *fresh)
        opened = [Factor(tensor, tuple([names[i] for i in inner]), exponent) for tensor, inner, exponent in factors]
        return Open(coefficient, opened, fresh)

    def close(self, terms: Iterable[Open], free: Sequence[int]) -> Form:
        """Return the normal form of a sum of terms whose free indices are these, in this order."""
        positions = {index: position for position, index in enumerate(free)}
        merged: dict[tuple[tuple[Factor, ...], Sizes], Fraction] = {}
        for term in terms:
            for coefficient, factors, bound in simplify(term, positions, self.sizes):
                key = label(factors, positions, bound, self.sizes)
                merged[key] = merged.get(key, Fraction(0)) + coefficient
        kept = [Term(coefficient, *key) for key, coefficient in merged.items() if coefficient]
        if len(kept) > 1:
            kept.sort(key=_term_key)
        return Form(tuple([self.sizes[index] for index in free]), tuple(kept))


def _term_key(term: Term) -> tuple[object, ...]:
    return (-len(term.factors), [factor_key(factor) for factor in term.factors], [size_text(s) for s in term.bound])


def permute(form: Form, order: Sequence[int]) -> Form:
    """Return the form whose free index k is the old free index order[k]."""
    if list(order) == list(range(len(form.sizes))):
        return form
    scope = Scope()
    indices = scope.fresh(*form.sizes)
    return scope.close(scope.open(form, indices), [indices[k] for k in order])
