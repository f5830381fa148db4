"""Typed formulas with letters as index forms: the letters are free indices, before the row and the column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import reduce
from typing import NamedTuple

from symjac.components import algebra
from symjac.components.axes import joined, stack
from symjac.components.form import Form, Scope, permute
from symjac.components.reading import read
from symjac.components.simplify import Open
from symjac.components.tensor import Unit, delta
from symjac.errors import UnsupportedError
from symjac.meaning.matrices import MAX_FACTORS, check_power, to_node
from symjac.meaning.solving import Sizes
from symjac.meaning.typed import Typed
from symjac.nodes.functions import EXP, LOG
from symjac.nodes.node import Node
from symjac.nodes.sizes import ONE, Size

HALF = Fraction(1, 2)


class Lettered(NamedTuple):
    """A form whose free indices are letters, then the row and the column where they are not of size 1."""

    form: Form
    letters: tuple[str, ...] = ()
    row: bool = False
    col: bool = False

    @property
    def row_size(self) -> Size:
        return self.form.sizes[len(self.letters)] if self.row else ONE

    @property
    def col_size(self) -> Size:
        return self.form.sizes[-1] if self.col else ONE


class Table:
    """The indices of one operation: one for every letter."""

    def __init__(self, values: Iterable[Lettered]) -> None:
        self.scope = Scope()
        self.letters: dict[str, int] = {}
        for value in values:
            for letter, size in zip(value.letters, value.form.sizes, strict=False):
                self.count(letter, size)

    def count(self, letter: str, size: Size) -> int:
        """Return the index of a letter."""
        if letter not in self.letters:
            (self.letters[letter],) = self.scope.fresh(size)
        return self.letters[letter]

    def fresh(self, size: Size) -> int | None:
        """Return a new index, none for an axis of size 1."""
        return None if size is ONE else self.scope.fresh(size)[0]

    def on(self, value: Lettered, row: int | None, col: int | None) -> list[int]:
        """Return the indices of a value whose row and column have these."""
        indices = [self.letters[letter] for letter in value.letters]
        return [*indices, *(index for index, present in ((row, value.row), (col, value.col)) if present and index is not None)]

    def contracted(
        self, pieces: Sequence[algebra.Piece], row: int | None, col: int | None, bound: Sequence[int] = (), drop: str = ""
    ) -> Lettered:
        """Return a product of forms, with all letters free but one that is dropped."""
        return self.closed(algebra.multiplied(self.scope, algebra.gathered(pieces), bound), row, col, drop)

    def closed(self, terms: Iterable[Open], row: int | None, col: int | None, drop: str = "") -> Lettered:
        letters = tuple([letter for letter in self.letters if letter != drop])
        axes = [index for index in (row, col) if index is not None]
        form = self.scope.close(terms, [*(self.letters[letter] for letter in letters), *axes])
        return Lettered(form, letters, row is not None, col is not None)


def to_entries(typed: Typed, sizes: Sizes) -> Lettered:
    """Return a typed formula in index form."""
    if not typed.indexed:
        return of_node(to_node(typed, sizes))
    if typed.head not in _MAKERS:
        words = {"power": "an inverse or a negative power", "det": "a determinant"}.get(typed.head, typed.head)
        raise UnsupportedError(f"{words} of a matrix with free letters inside is not read")
    if len(typed.args) > MAX_FACTORS and typed.head == "product":
        raise UnsupportedError(f"a product has at most {MAX_FACTORS} factors")
    args = [to_entries(arg, sizes) for arg in typed.args]
    return _MAKERS[typed.head](typed, args, sizes)


def of_node(node: Node) -> Lettered:
    """Return a node in index form, with one index for an axis."""
    matrix = read(node)
    for axis, size in ((0, node.rows), (1, node.cols)):
        if size is not ONE and len(matrix.col_sizes if axis else matrix.row_sizes) > 1:
            matrix = stack(matrix, axis)
    return Lettered(matrix.form, (), node.rows is not ONE, node.cols is not ONE)


# Sums and products


def _sum(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    signed = [
        arg if sign > 0 else arg._replace(form=algebra.scale(-1, arg.form)) for sign, arg in zip(typed.data, args, strict=True)
    ]
    return added(signed)


def added(values: Sequence[Lettered]) -> Lettered:
    """Return a sum; a term without a letter is the same for all its values."""
    table = Table(values)
    model = next((value for value in values if value.row or value.col), values[0])
    row, col = table.fresh(model.row_size), table.fresh(model.col_size)
    terms = [term for value in values for term in table.scope.open(value.form, table.on(value, row, col))]
    return table.closed(terms, row, col)


def _product(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    return reduce(multiplied, args)


def multiplied(left: Lettered, right: Lettered) -> Lettered:
    """Return a matrix product; a 1×1 factor scales."""
    table = Table((left, right))
    if not (left.row or left.col) or not (right.row or right.col):
        whole = right if not (left.row or left.col) else left
        row, col = table.fresh(whole.row_size), table.fresh(whole.col_size)
        return table.contracted([(v.form, table.on(v, row, col)) for v in (left, right)], row, col)
    row, middle, col = table.fresh(left.row_size), table.fresh(left.col_size), table.fresh(right.col_size)
    pieces = [(left.form, table.on(left, row, middle)), (right.form, table.on(right, middle, col))]
    return table.contracted(pieces, row, col, () if middle is None else (middle,))


def _hadamard(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    table = Table(args)
    row, col = table.fresh(args[0].row_size), table.fresh(args[0].col_size)
    return table.contracted([(value.form, table.on(value, row, col)) for value in args], row, col)


def _kronecker(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    table = Table(args)
    rows = [table.fresh(value.row_size) for value in args]
    cols = [table.fresh(value.col_size) for value in args]
    pieces = [(value.form, table.on(value, row, col)) for value, row, col in zip(args, rows, cols, strict=True)]
    axes = [[index for index in part if index is not None] for part in (rows, cols)]
    letters = tuple(table.letters)
    form = algebra.contract(table.scope, pieces, [*table.letters.values(), *axes[0], *axes[1]])
    for start, part in ((len(letters) + len(axes[0]), axes[1]), (len(letters), axes[0])):
        form = joined(form, start, 2) if len(part) == 2 else form
    return Lettered(form, letters, bool(axes[0]), bool(axes[1]))


def _power(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    if not 1 <= typed.data <= 16:
        raise UnsupportedError("an inverse or a large power of a matrix with free letters inside is not read")
    return reduce(multiplied, [args[0]] * typed.data)


# Rearrangements


def _transpose(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    (value,) = args
    form = value.form
    if value.row and value.col:
        rank = len(form.sizes)
        form = permute(form, [*range(rank - 2), rank - 1, rank - 2])
    return Lettered(form, value.letters, value.col, value.row)


def _trace(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    return _on_diagonal(args[0], keep=False)


def _diagonal(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    return _on_diagonal(args[0], keep=True)


def _on_diagonal(value: Lettered, keep: bool) -> Lettered:
    table = Table((value,))
    index = table.fresh(value.row_size)
    summed = () if keep or index is None else (index,)
    return table.contracted([(value.form, table.on(value, index, index))], index if keep else None, None, summed)


def _diag(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    (value,) = args
    table = Table((value,))
    size = value.row_size if value.row else value.col_size
    row, col = table.scope.fresh(size, size)
    tie = (algebra.atom(delta(size)), (row, col))
    return table.contracted([(value.form, table.on(value, row, row)), tie], row, col)


def _vec(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    turned = _transpose(typed, args, sizes)
    rank = len(turned.letters)
    form = joined(turned.form, rank, 2) if turned.row and turned.col else turned.form
    return Lettered(form, turned.letters, turned.row or turned.col)


def _entry(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    """Rows and columns become letters, or are taken at a number."""
    (value,) = args
    table = Table((value,))
    pieces: list[algebra.Piece] = []
    bound: list[int] = []
    axes: list[int | None] = []
    free: list[int | None] = []
    for place, size in zip(typed.data, (value.row_size, value.col_size), strict=True):
        if size is ONE:
            index = None
        elif isinstance(place, str):
            index = table.count(place, size)
        else:
            index = table.fresh(size)
        axes.append(index)
        free.append(index if place is None else None)
        if isinstance(place, int) and index is not None:
            pieces.append((algebra.atom(Unit((size,), (place,))), (index,)))
            bound.append(index)
    return table.contracted([(value.form, table.on(value, *axes)), *pieces], free[0], free[1], bound)


# Functions


def _function(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    return args[0]._replace(form=algebra.apply(typed.data, args[0].form))


def _entry_power(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    for term in args[0].form.terms:
        check_power(term.coefficient, Fraction(typed.data))
    return args[0]._replace(form=algebra.power(args[0].form, Fraction(typed.data)))


def _norm(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    (value,) = args
    table = Table(args)
    row, col = table.fresh(value.row_size), table.fresh(value.col_size)
    bound = [index for index in (row, col) if index is not None]
    squares = table.contracted([(value.form, table.on(value, row, col))] * 2, None, None, bound)
    return squares._replace(form=algebra.power(squares.form, HALF))


def _total(value: Lettered) -> Lettered:
    """Return the sum of all entries, letter by letter."""
    table = Table((value,))
    row, col = table.fresh(value.row_size), table.fresh(value.col_size)
    bound = [index for index in (row, col) if index is not None]
    return table.contracted([(value.form, table.on(value, row, col))], None, None, bound)


def _softmax(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    grown = args[0]._replace(form=algebra.apply(EXP, args[0].form))
    total = _total(grown)
    return multiplied(grown, total._replace(form=algebra.power(total.form, Fraction(-1))))


def _logsumexp(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    total = _total(args[0]._replace(form=algebra.apply(EXP, args[0].form)))
    return total._replace(form=algebra.apply(LOG, total.form))


# Letters


def _delta(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    places, dims = typed.data
    return tied(places[0], places[1], sizes(dims[0], "δ"))


def tied(left: str | int, right: str | int, size: Size) -> Lettered:
    """Return 1 where two indices are equal, 0 elsewhere."""
    if left == right or size is ONE:
        return Lettered(algebra.constant(1))
    if isinstance(left, int) and isinstance(right, int):
        return Lettered(algebra.constant(0))
    if isinstance(left, str) and isinstance(right, str):
        return Lettered(algebra.atom(delta(size)), (left, right))
    letter, place = (left, right) if isinstance(left, str) else (right, left)
    return Lettered(algebra.atom(Unit((size,), (place,))), (str(letter),))


def _single(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    """E_ij = e_i e_jᵀ."""
    (row, col), (rows, cols) = typed.data
    return multiplied(_column(row, sizes(rows, "E")), _turned(_column(col, sizes(cols, "E"))))


def _unit(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    return _column(typed.data[0][0], sizes(typed.rows, "e"))


def _column(place: str | int, size: Size) -> Lettered:
    """Return the unit column that a letter or a number points at."""
    if size is ONE:
        return Lettered(algebra.constant(1))
    if isinstance(place, int):
        return Lettered(algebra.atom(Unit((size,), (place,))), (), True)
    return Lettered(algebra.atom(delta(size)), (place,), True)


def _turned(value: Lettered) -> Lettered:
    return Lettered(value.form, value.letters, value.col, value.row)


def _array(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    rows, cols = sizes(typed.rows), sizes(typed.cols)
    terms = []
    for place, entry in enumerate(args):
        row, col = divmod(place, int(cols))
        terms.append(reduce(multiplied, (entry, _column(row, rows), _turned(_column(col, cols)))))
    return added(terms)


def _sigma(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    """Sum over a letter; what does not depend on it is counted."""
    (value,) = args
    letter, dim, _ = typed.data
    if letter not in value.letters:
        count = algebra.size_form(sizes(dim, f"what {letter} counts"))
        return multiplied(Lettered(count), value)
    table = Table(args)
    row, col = table.fresh(value.row_size), table.fresh(value.col_size)
    pieces = [(value.form, table.on(value, row, col))]
    return table.contracted(pieces, row, col, (table.letters[letter],), drop=letter)


def _cases(typed: Typed, args: list[Lettered], sizes: Sizes) -> Lettered:
    """The first condition that holds: every value times its condition, and times "not" of those before."""
    one = Lettered(algebra.constant(1))
    remaining, terms = one, []
    for value, (join, comparisons) in zip(args, typed.data, strict=True):
        holds = one
        if comparisons:
            holds = reduce(multiplied if join == "and" else _either, [_compared(c, sizes) for c in comparisons])
        terms.append(reduce(multiplied, (remaining, holds, value)))
        remaining = multiplied(remaining, _not(holds))
    return added(terms)


def _compared(comparison: tuple[bool, str | int, str | int, object], sizes: Sizes) -> Lettered:
    equal, left, right, dim = comparison
    holds = tied(left, right, sizes(dim, "a condition"))
    return holds if equal else _not(holds)


def _not(value: Lettered) -> Lettered:
    return added((Lettered(algebra.constant(1)), value._replace(form=algebra.scale(-1, value.form))))


def _either(left: Lettered, right: Lettered) -> Lettered:
    return _not(multiplied(_not(left), _not(right)))


_MAKERS: dict[str, Callable[[Typed, list[Lettered], Sizes], Lettered]] = {
    "array": _array,
    "cases": _cases,
    "delta": _delta,
    "diag": _diag,
    "diagonal": _diagonal,
    "entry": _entry,
    "entrypower": _entry_power,
    "function": _function,
    "hadamard": _hadamard,
    "kron": _kronecker,
    "logsumexp": _logsumexp,
    "norm": _norm,
    "power": _power,
    "product": _product,
    "sigma": _sigma,
    "single": _single,
    "softmax": _softmax,
    "sum": _sum,
    "trace": _trace,
    "transpose": _transpose,
    "unit": _unit,
    "vec": _vec,
}
