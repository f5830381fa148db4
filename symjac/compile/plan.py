"""From index forms to a plan: which arrays are computed, each once, and what is written where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import sympy

from symjac.compile.contraction import contracted
from symjac.compile.functions import mapped
from symjac.compile.patterns import Pattern, closure, covers, pattern_of
from symjac.compile.values import (
    ARGUMENT,
    ASSEMBLE,
    BATCH,
    CONTRACT,
    DETERMINANT,
    INVERSE,
    LEAVES,
    LOGSUMEXP,
    MULTIPLY,
    NUMBER,
    POWER,
    SIZE,
    SOFTMAX,
    SUM,
    UNIT,
    Operand,
    Value,
    Values,
    guesser,
)
from symjac.components.evaluation import postorder
from symjac.components.form import Form, Term
from symjac.components.tensor import (
    Applied,
    Delta,
    DeterminantOf,
    Entry,
    InverseOf,
    LogSumExpOf,
    Number,
    Shared,
    SizeName,
    SizePower,
    Sizes,
    SoftmaxOf,
    Tensor,
    Unit,
)
from symjac.errors import UnsupportedError

BATCH_SIZE = sympy.Symbol("batch", integer=True, positive=True)
"""How many points are evaluated in one call."""


class Write(NamedTuple):
    """One assignment: to the entries of a pattern, an operand over the pattern's indices, or a number."""

    pattern: Pattern
    value: Operand | Fraction
    add: bool
    terms: tuple[Term, ...]


class Block(NamedTuple):
    """A form as assignments to an array over its indices; where not `full`, the other entries stay zero."""

    sizes: Sizes
    writes: tuple[Write, ...]
    full: bool


class Plan:
    """The values of several forms and their blocks; the first `outputs` indices of each form are those of F.

    Where `added`, the assignments of a block are terms of a sum, each with a pattern of its own.
    """

    def __init__(
        self,
        forms: Sequence[Form],
        outputs: int,
        batch: Iterable[str] = (),
        sizes: Mapping[str, int] | None = None,
        added: bool = False,
    ) -> None:
        self.added = added
        self.outputs = outputs
        self.values = Values(guesser(dict(sizes or {})))
        self.batch = frozenset(batch)
        self.tensors: dict[Tensor, Operand] = {}
        self._single = _used_once(forms)
        self._next = 1_000_000
        self._inner = False
        for tensor in postorder(*forms):
            if tensor not in self._single and not isinstance(tensor, Delta):
                self.tensors[tensor] = self._tensor(tensor)
        self.blocks = [self._block(form) for form in forms]

    # Tensors

    def _tensor(self, tensor: Tensor) -> Operand:
        """Return a tensor as an operand; its labels are the positions of the tensor's indices."""
        places = tuple(range(len(tensor.sizes)))
        if isinstance(tensor, Entry):
            batched = tensor.name in self.batch
            value = self.values.leaf(ARGUMENT, (tensor.name,), ((BATCH_SIZE,) if batched else ()) + tensor.sizes, batched)
            value.name = tensor.name
            return Operand(value, value.axes)
        if isinstance(tensor, Unit):
            return Operand(self.values.leaf(UNIT, tensor.data, tensor.sizes), places)
        if isinstance(tensor, Number):
            return Operand(self.values.leaf(NUMBER, (tensor.data[0], Fraction(1))), ())
        if isinstance(tensor, SizeName):
            return Operand(self.values.leaf(SIZE, tensor.data), ())
        if tensor.body is None:
            raise UnsupportedError(f"no NumPy code for {type(tensor).__name__}")
        if isinstance(tensor, Applied):
            return mapped(self.values, tensor.function, self._value(tensor.body))
        if isinstance(tensor, Shared):
            found = self._value(tensor.body)
            if tensor.name is not None and not found.value.name and found.value.kind not in LEAVES:
                found.value.name = tensor.name
            return found
        if isinstance(tensor, SizePower):
            return self.values.apply(POWER, (tensor.data[0],), self._value(tensor.body))
        return self._whole(tensor)

    def _whole(self, tensor: Tensor) -> Operand:
        """Return an operation on all entries at once; the labels of its operand are those of its result."""
        assert tensor.body is not None
        value, labels = self._value(tensor.body, whole=True)
        count = len(tensor.body.sizes)
        axes = tuple(range(count)) if tensor.sizes else ()
        if isinstance(tensor, InverseOf):
            rows = tensor.data[0]
            turned = {place: place + count - rows if place < rows else place - rows for place in range(count)}
            labels = tuple(turned.get(label, label) for label in labels)
            kind = INVERSE
        else:
            kind = {DeterminantOf: DETERMINANT, SoftmaxOf: SOFTMAX, LogSumExpOf: LOGSUMEXP}[type(tensor)]
        sizes = tensor.sizes
        if BATCH in labels:
            axes, sizes = (BATCH, *axes), (BATCH_SIZE, *sizes)
        return Operand(self.values.make(kind, tensor.data, [Operand(value, labels)], axes, sizes), axes)

    # Forms

    def _value(self, form: Form, whole: bool = False) -> Operand:
        """Return a form as an operand; its labels are the form's free indices."""
        rank = len(form.sizes)
        plain = tuple(range(rank))
        if all(pattern_of(term, rank) == plain for term in form.terms):
            found = self._sum(form.terms, plain, form.sizes)
            if isinstance(found, Operand) and not (whole and set(plain) - set(found.labels)):
                return found
            if isinstance(found, Fraction) and not rank:
                return Operand(self.values.leaf(NUMBER, (found, Fraction(1))), ())
        self._inner = True
        block = self._block(form)
        self._inner = False
        operands = [write.value for write in block.writes if isinstance(write.value, Operand)]
        batched = any(BATCH in operand.labels for operand in operands)
        axes, sizes = (BATCH, *plain) if batched else plain, (BATCH_SIZE, *form.sizes) if batched else form.sizes
        value = self.values.make(ASSEMBLE, (form.digest,), operands, axes, sizes)
        value.fills[:] = [block]
        return Operand(value, axes)

    def _block(self, form: Form) -> Block:
        """Return a form as assignments: where patterns overlap, the sum is found beforehand."""
        rank = len(form.sizes)
        groups: dict[Pattern, list[Term]] = {}
        for term in form.terms:
            groups.setdefault(pattern_of(term, rank), []).append(term)
        everywhere = tuple(range(rank))
        full = everywhere in groups
        if self.added and not self._inner:
            return Block(
                form.sizes, tuple(w for p, terms in groups.items() for w in self._writes(terms, p, form.sizes, False)), full
            )
        patterns = None if full else closure(groups)
        writes: list[Write] = []
        if patterns is not None:
            for pattern in patterns:
                inside = [term for known, terms in groups.items() if covers(known, pattern) for term in terms]
                writes += self._writes(inside, pattern, form.sizes, add=False)
            return Block(form.sizes, tuple(writes), full)
        ordered = sorted(groups, key=lambda pattern: (-len(set(pattern)), pattern))
        if not full:
            writes += [Write(pattern, Fraction(0), False, ()) for pattern in ordered]
        for pattern in ordered:
            writes += self._writes(groups[pattern], pattern, form.sizes, add=pattern != everywhere)
        return Block(form.sizes, tuple(writes), full)

    def _writes(self, terms: Sequence[Term], pattern: Pattern, sizes: Sizes, add: bool) -> list[Write]:
        """Return the assignment of a sum; a sum of large products is added up in place."""
        parts = self._parts(terms, pattern, sizes)
        rank = len(set(pattern))
        large = [operand for operand in parts if operand is not None and _is_outer(operand.value, rank)]
        if len(parts) > 1 and large:
            rest = {operand: c for operand, c in parts.items() if operand not in large}
            found = [self.values.scale(parts[operand], operand) for operand in large if operand is not None]
            last = self._total(rest)
            pieces: list[Operand | Fraction] = [*found, *([last] if rest else [])]
            return [Write(pattern, piece, add or k > 0, tuple(terms) if not k else ()) for k, piece in enumerate(pieces)]
        return [Write(pattern, self._total(parts), add, tuple(terms))]

    def _sum(self, terms: Sequence[Term], pattern: Pattern, sizes: Sizes) -> Operand | Fraction:
        return self._total(self._parts(terms, pattern, sizes))

    def _parts(self, terms: Sequence[Term], pattern: Pattern, sizes: Sizes) -> dict[Operand | None, Fraction]:
        """Return the different products in a sum, and how often each stands there; None is the number 1."""
        found: dict[Operand | None, Fraction] = {}
        for term in terms:
            number, operand = self._term(term, pattern, sizes)
            found[operand] = found.get(operand, Fraction(0)) + number
        return {operand: number for operand, number in found.items() if number}

    def _total(self, parts: dict[Operand | None, Fraction]) -> Operand | Fraction:
        constant = parts.get(None, Fraction(0))
        arrays = [(operand, number) for operand, number in parts.items() if operand is not None]
        if not arrays:
            return constant
        if len(arrays) == 1 and not constant:
            return self.values.scale(arrays[0][1], arrays[0][0])
        arrays.sort(key=lambda part: (part[1] < 0, -len(part[0].labels), part[0].value.kind != CONTRACT))
        signs = [1 if number > 0 else -1 for _, number in arrays]
        operands = [self.values.scale(abs(number), operand) for operand, number in arrays]
        sizes = {k: s for operand in operands for k, s in zip(operand.labels, operand.value.sizes, strict=True)}
        return self.values.combine(SUM, (constant, *signs), operands, sizes, sizes)

    # Terms

    def _term(self, term: Term, pattern: Pattern, sizes: Sizes) -> tuple[Fraction, Operand | None]:
        """Return a product as a number and an operand over the pattern's indices."""
        number = Fraction(1)
        operands: list[Operand] = []
        bound_sizes: dict[int, sympy.Expr] = {}
        pending: list[tuple[Term, Sequence[int]]] = [(term, pattern)]
        while pending:
            (coefficient, factors, bound), free = pending.pop()
            number *= coefficient
            fresh = range(self._next, self._next + len(bound))
            self._next += len(bound)
            bound_sizes.update(zip(fresh, bound, strict=True))
            names = (*free, *fresh)
            for tensor, indices, exponent in factors:
                if isinstance(tensor, Delta):
                    continue
                labels = tuple([names[index] for index in indices])
                if tensor in self._single:
                    assert tensor.body is not None
                    pending.append((tensor.body.terms[0], labels))
                else:
                    operands.append(self._factor(tensor, labels, exponent))
        standing = {label for operand in operands for label in operand.labels}
        for label, size in bound_sizes.items():
            if label not in standing:
                operands.append(Operand(self.values.leaf(SIZE, (size,)), ()))
        if not operands:
            return number, None
        kept = {*pattern, BATCH}
        return number, contracted(self.values, operands, kept)

    def _factor(self, tensor: Tensor, labels: Sequence[int], exponent: Fraction) -> Operand:
        value, places = self.tensors[tensor]
        operand = self.values.diagonal(Operand(value, tuple(BATCH if place == BATCH else labels[place] for place in places)))
        if exponent == 1:
            return operand
        if value.kind == NUMBER:
            return Operand(self.values.leaf(NUMBER, (value.data[0], value.data[1] * exponent)), ())
        return self.values.apply(POWER, (exponent,), operand)


def _is_outer(value: Value, rank: int) -> bool:
    """Whether a value fills a pattern and is larger than what it is made of."""
    if value.rank < rank or value.kind not in (MULTIPLY, CONTRACT) or rank < 2:
        return False
    return value.kind == CONTRACT or max(operand.value.rank for operand in value.operands) < rank


def _used_once(forms: Sequence[Form]) -> frozenset[Tensor]:
    """Return the anonymous products that stand at one place only: there they are multiplied in whatever order is best."""
    uses: Counter[Tensor] = Counter()
    seen: list[Any] = [*forms, *(tensor.body for tensor in postorder(*forms) if tensor.body is not None)]
    for form in seen:
        for term in form.terms:
            for tensor, _, exponent in term.factors:
                uses[tensor] += 1 if exponent == 1 else 2
    return frozenset(
        tensor
        for tensor, count in uses.items()
        if count == 1
        and isinstance(tensor, Shared)
        and tensor.name is None
        and tensor.body is not None
        and len(tensor.body.terms) == 1
        and not any(isinstance(factor.tensor, Delta) for factor in tensor.body.terms[0].factors)
    )
