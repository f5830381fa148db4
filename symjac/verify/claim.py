"""What is claimed: a formula in index form, or a matrix given entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import sympy

from symjac.components import Form, Matrix
from symjac.components.evaluation import postorder
from symjac.components.tensor import SizeName
from symjac.errors import DomainError
from symjac.evaluate import Array, size_value
from symjac.nodes.node import Node
from symjac.nodes.sizes import Shape, Size, size
from symjac.read.latex.tree import Tree
from symjac.verify.values import Evaluation

MAX_ENTRIES = 20_000
"""A matrix of entries may have so many."""


@dataclass(frozen=True)
class Rounded:
    """A decimal that was typed, as the range of all numbers that round to it."""

    name: str
    value: Fraction
    margin: Fraction


@dataclass(frozen=True, eq=False)
class Formula:
    """A formula for all sizes: the indices of its matrix are free letters first, then rows, then columns.

    `rounded` are the decimals in it, which `loose` has as symbols of their own.
    """

    matrix: Matrix
    letters: tuple[tuple[str, Size], ...]
    shape: Shape
    reading: str
    remarks: tuple[str, ...] = ()
    node: Node | None = None
    tree: Tree | None = None
    rounded: tuple[Rounded, ...] = ()
    loose: Formula | None = None
    tolerance: Fraction = Fraction(0)

    @property
    def form(self) -> Form:
        """The index form alone."""
        return self.matrix.form

    def values(self, at: Evaluation) -> Array:
        """Return the claim's entries: an axis for every letter, then rows and columns."""
        found = at.value(self.form)
        shape = [size_value(n, at.sizes) for n in (*(n for _, n in self.letters), *self.shape)]
        return found.reshape(shape)

    @cached_property
    def size_names(self) -> tuple[str, ...]:
        """The names of all sizes that the formula depends on."""
        tensors = tuple(postorder(self.form))
        sizes = [*self.form.sizes, *self.shape, *(n for tensor in tensors for n in tensor.sizes)]
        sizes += [n for term in self.form.terms for n in term.bound]
        counted = [str(tensor.data[0]) for tensor in tensors if isinstance(tensor, SizeName)]
        return tuple(sorted({*counted, *(s.name for n in sizes for s in n.free_symbols)}))


@dataclass(frozen=True, eq=False)
class Entries:
    """A matrix of SymPy scalars, or of numbers."""

    entries: Array
    reading: str = ""
    remarks: tuple[str, ...] = ()
    letters: tuple[tuple[str, Size], ...] = ()
    form: None = None
    node: None = None
    tree: None = None
    tolerance: Fraction = Fraction(0)
    """How far floats among the entries may lie off, relative to the truth."""

    @property
    def shape(self) -> Shape:
        return size(int(self.entries.shape[0])), size(int(self.entries.shape[1]))

    @property
    def size_names(self) -> tuple[str, ...]:
        return ()

    def values(self, at: Evaluation) -> Array:
        """Return the entries at a point."""

        def leaf(expr: Any) -> Any:
            if isinstance(expr, sympy.matrices.expressions.matexpr.MatrixElement):
                name, i, j = expr.args[0].name, int(expr.args[1]), int(expr.args[2])
                return _entry(at.entry(name), i, j, name)
            if isinstance(expr, sympy.Symbol):
                if expr.name in at.sizes:
                    return at.domain.number(Fraction(at.sizes[expr.name]))
                return _entry(at.entry(expr.name), 0, 0, expr.name)
            return None

        found = np.empty(self.entries.shape, dtype=object)
        memo: dict[Any, Any] = {}
        for place in np.ndindex(*self.entries.shape):
            at.deadline.check()
            found[place] = at.domain.symbolic(self.entries[place], leaf, memo)
        return found


Claim = Formula | Entries


def _entry(value: Array | None, i: int, j: int, name: str) -> Any:
    if value is None:
        raise DomainError(f"{name} stands in an entry of the claim, and is not declared")
    if i >= value.shape[0] or j >= value.shape[1]:
        raise DomainError(f"{name}[{i}, {j}] stands in an entry of the claim; {name} is {value.shape[0]} × {value.shape[1]}")
    return value[i, j]


def entries_of(matrix: Any) -> Array:
    """Return the entries of an explicit matrix as SymPy scalars; a vector of numbers is a column.

    >>> entries_of([[1, 0.5]]).tolist()
    [[1, 1/2]]
    """
    if isinstance(matrix, sympy.MatrixBase | sympy.NDimArray):
        rows = np.array(matrix.tolist(), dtype=object)
    else:
        rows = np.asarray(matrix, dtype=object)
    if rows.ndim == 1:
        rows = rows.reshape(-1, 1)
    if rows.ndim != 2 or not rows.size:
        raise DomainError(f"a claim is a matrix with rows and columns; this one has {rows.ndim} axes")
    if rows.size > MAX_ENTRIES:
        raise DomainError(f"a claim may have {MAX_ENTRIES} entries, not {rows.size}")
    found = np.empty(rows.shape, dtype=object)
    for place in np.ndindex(*rows.shape):
        found[place] = _scalar(rows[place])
    return found


def _scalar(value: Any) -> Any:
    if isinstance(value, sympy.Expr):
        if value.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo, sympy.I):
            raise DomainError(f"{value} is no real number")
        return value
    if isinstance(value, bool | str) or value is None:
        raise DomainError(f"{value!r} is no number and no SymPy expression")
    try:
        return sympy.Rational(Fraction(str(value)))
    except (ValueError, TypeError, ZeroDivisionError):
        raise DomainError(f"{str(value)[:40]!r} is no number and no SymPy expression") from None
