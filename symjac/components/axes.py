"""Matrices over forms: an axis is a tuple of indices, major first; an axis of size 1 is the empty tuple.

Where two axes meet, the coarser is split as the finer demands. A delta splits with its index, so that I of
N² × N² meeting an axis (N, N) becomes δδ; where nothing else helps, a `Join` ties a stacked index to its parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from symjac.components.form import Form, Scope, permute
from symjac.components.labelling import Factor
from symjac.components.matrices import quotient
from symjac.components.simplify import UNIT, Open
from symjac.components.tensor import Delta, Join, Sizes, Unit
from symjac.errors import ShapeError
from symjac.nodes.sizes import ONE, Shape, Size, size_text, times

Axes = tuple[tuple[int, ...], ...]
"""Free positions of a form, axis by axis."""


@dataclass(frozen=True)
class Matrix:
    """A form whose first `rows` free indices are the row axis; the others are the column axis."""

    form: Form
    rows: int

    @property
    def row_sizes(self) -> Sizes:
        return self.form.sizes[: self.rows]

    @property
    def col_sizes(self) -> Sizes:
        return self.form.sizes[self.rows :]

    @property
    def transposed(self) -> Matrix:
        """The transpose: the two axes exchanged."""
        count = len(self.form.sizes)
        return Matrix(permute(self.form, [*range(self.rows, count), *range(self.rows)]), count - self.rows)


cached_quotient = lru_cache(maxsize=4096)(quotient)


@lru_cache(maxsize=4096)
def refine(left: Sizes, right: Sizes) -> Sizes | None:
    """Return the coarsest splitting finer than both, None where an index would have to be cut across.

    >>> from sympy import Integer
    >>> refine((Integer(6),), (Integer(2), Integer(3)))
    (2, 3)
    >>> refine((Integer(3), Integer(2)), (Integer(2), Integer(3))) is None
    True
    """
    a, b = list(reversed(left)), list(reversed(right))
    found: list[Size] = []
    while a and b:
        first, second = a.pop(), b.pop()
        part, rest = first, cached_quotient(second, first)
        if rest is not None:
            if rest is not ONE:
                b.append(rest)
        else:
            part, rest = second, cached_quotient(first, second)
            if rest is None:
                return None
            a.append(rest)
        found.append(part)
    return tuple(found) if not a and not b else None


def parts_of(coarse: Sizes, fine: Sizes) -> list[Sizes]:
    """Return, for every coarse size, the fine sizes it splits into."""
    pending = list(reversed(fine))
    found = []
    for size in coarse:
        parts: list[Size] = []
        while size is not ONE and times(ONE, *parts) != size:
            parts.append(pending.pop())
        found.append(tuple(parts))
    return found


def split(form: Form, wanted: dict[int, Sizes]) -> tuple[Form, list[int]]:
    """Split free indices into parts; return the form and how many indices each old one became."""
    wanted = {position: parts for position, parts in wanted.items() if len(parts) != 1}
    counts = [1] * len(form.sizes)
    if not wanted:
        return form, counts
    _spread(form, wanted)
    scope = Scope()
    indices = scope.fresh(*form.sizes)
    pieces = {indices[position]: scope.fresh(*parts) for position, parts in wanted.items()}
    free = [piece for index in indices for piece in pieces.get(index, (index,))]
    terms = [_split_term(scope, term, pieces) for term in scope.open(form, indices)]
    for position, parts in wanted.items():
        counts[position] = len(parts)
    return scope.close(terms, free), counts


def _spread(form: Form, wanted: dict[int, Sizes]) -> None:
    """Let deltas between free indices carry a split from one to the other."""
    ties = [f.indices for term in form.terms for f in term.factors if isinstance(f.tensor, Delta)]
    changed = True
    while changed:
        changed = False
        for first, second in ties:
            for known, other in ((first, second), (second, first)):
                if known in wanted and other not in wanted:
                    wanted[other] = wanted[known]
                    changed = True


def _split_term(scope: Scope, term: Open, pieces: dict[int, tuple[int, ...]]) -> Open:
    factors: list[Factor] = []
    bound = list(term.bound)
    inner: dict[int, int] = {}
    for tensor, indices, exponent in term.factors:
        touched = [index for index in indices if index in pieces]
        if isinstance(tensor, Delta) and len(touched) == 2 and _same_parts(scope, *(pieces[i] for i in indices)):
            pairs = zip(*(pieces[i] for i in indices), strict=True)
            factors.extend(Factor(Delta((scope.sizes[i], scope.sizes[i])), (i, j), UNIT) for i, j in pairs)
            continue
        if isinstance(tensor, Unit) and touched and all(scope.sizes[i].is_Integer for i in pieces[touched[0]]):
            factors.extend(_split_unit(scope, int(tensor.data[0]), pieces[touched[0]]))
            continue
        for index in touched:
            if index not in inner:
                (inner[index],) = scope.fresh(scope.sizes[index])
                bound.append(inner[index])
                factors.append(_join(scope, inner[index], pieces[index]))
        factors.append(Factor(tensor, tuple([inner.get(index, index) for index in indices]), exponent))
    return Open(term.coefficient, factors, tuple(bound))


def _same_parts(scope: Scope, first: Sequence[int], second: Sequence[int]) -> bool:
    return [scope.sizes[i] for i in first] == [scope.sizes[j] for j in second]


def _split_unit(scope: Scope, entry: int, parts: Sequence[int]) -> list[Factor]:
    """Return e_k of 6 as e_{k div 3} of 2 and e_{k mod 3} of 3."""
    found = []
    for index in reversed(parts):
        size = scope.sizes[index]
        entry, digit = divmod(entry, int(size))
        found.append(Factor(Unit((size,), (digit,)), (index,), UNIT))
    return found


def _join(scope: Scope, whole: int, parts: Sequence[int]) -> Factor:
    sizes = tuple([scope.sizes[index] for index in parts])
    return Factor(Join((scope.sizes[whole], *sizes)), (whole, *parts), UNIT)


def joined(form: Form, start: int, count: int) -> Form:
    """Return the form with `count` indices from `start` on stacked into one."""
    if count == 1:
        return form
    scope = Scope()
    indices = scope.fresh(*form.sizes)
    parts = indices[start : start + count]
    (whole,) = scope.fresh(times(*(scope.sizes[i] for i in parts)))
    factor = _join(scope, whole, parts)
    terms = [Open(c, [*fs, factor], (*bound, *parts)) for c, fs, bound in scope.open(form, indices)]
    return scope.close(terms, [*indices[:start], whole, *indices[start + count :]])


def fit(matrix: Matrix, axis: int, sizes: Sizes) -> Matrix:
    """Return the matrix with its row axis (0) or column axis (1) split as `sizes`, which refine it."""
    start = matrix.rows if axis else 0
    present = matrix.col_sizes if axis else matrix.row_sizes
    if present == sizes:
        return matrix
    wanted = {start + k: parts for k, parts in enumerate(parts_of(present, sizes))}
    form, counts = split(matrix.form, wanted)
    return Matrix(form, sum(counts[: matrix.rows]))


def stack(matrix: Matrix, axis: int) -> Matrix:
    """Return the matrix with a whole axis stacked into one index."""
    if axis:
        return Matrix(joined(matrix.form, matrix.rows, len(matrix.col_sizes)), matrix.rows)
    return Matrix(joined(matrix.form, 0, matrix.rows), 1)


def meet(left: Matrix, left_axis: int, right: Matrix, right_axis: int) -> tuple[Matrix, Matrix]:
    """Split an axis of two matrices until both are split alike."""
    while True:
        a = left.col_sizes if left_axis else left.row_sizes
        b = right.col_sizes if right_axis else right.row_sizes
        if a == b:
            return left, right
        if times(ONE, *a) != times(ONE, *b):
            raise ShapeError(f"an axis of {_axis_text(a)} meets an axis of {_axis_text(b)}")
        finer = refine(a, b)
        if finer is None:
            left, right = stack(left, left_axis), stack(right, right_axis)
        else:
            left, right = fit(left, left_axis, finer), fit(right, right_axis, finer)


def fit_alike(left: Matrix, right: Matrix) -> tuple[Matrix, Matrix]:
    """Split both axes of two matrices alike; a split of the rows may split the columns too, through deltas."""
    while left.row_sizes != right.row_sizes or left.col_sizes != right.col_sizes:
        left, right = meet(left, 0, right, 0)
        left, right = meet(left, 1, right, 1)
    return left, right


def squared(matrix: Matrix) -> Matrix:
    """Return a square matrix with its rows split like its columns."""
    while matrix.row_sizes != matrix.col_sizes:
        finer = refine(matrix.row_sizes, matrix.col_sizes)
        matrix = stack(stack(matrix, 1), 0) if finer is None else fit(fit(matrix, 0, finer), 1, finer)
    return matrix


def _axis_text(sizes: Sizes) -> str:
    return size_text(times(ONE, *sizes))


def jacobian_form(matrix: Matrix, of: Shape, wrt: Shape) -> Form:
    """Return a Jacobian ∂ vec F / ∂(vec X)ᵀ, both column-first, as the form ∂F_ij/∂X_kl over (i, j, k, l).

    >>> from symjac.nodes.build import kron, identity, symbol, transpose
    >>> from symjac.components.reading import read
    >>> A = symbol("A", 2, 3)
    >>> jacobian_form(read(kron(identity(4), A)), of=(A.rows, identity(4).rows), wrt=(A.cols, identity(4).rows))
    1 Entry(A, ())[0, 2]^1 Delta()[1, 3]^1

    `of` and `wrt` are the shapes of F and X; an axis of size 1 has no index.
    """
    for axis, (rows, cols) in ((0, of), (1, wrt)):
        wanted = tuple([size for size in (cols, rows) if size is not ONE])
        matrix = _cut(matrix, axis, wanted)
    order: list[int] = []
    start = 0
    for sizes, (rows, cols) in ((matrix.row_sizes, of), (matrix.col_sizes, wrt)):
        col_part, _ = parts_of((cols, rows), sizes)
        end, middle = start + len(sizes), start + len(col_part)
        order += [*range(middle, end), *range(start, middle)]
        start = end
    return permute(matrix.form, order)


def _cut(matrix: Matrix, axis: int, wanted: Sizes) -> Matrix:
    """Split an axis until it falls into these sizes."""
    present = matrix.col_sizes if axis else matrix.row_sizes
    if times(ONE, *present) != times(ONE, *wanted):
        raise ShapeError(f"an axis of {_axis_text(present)} meets an axis of {_axis_text(wanted)}")
    finer = refine(present, wanted)
    if finer is None:
        matrix, finer = stack(matrix, axis), wanted
    return fit(matrix, axis, finer)
