"""A Jacobian that keeps its structure: products of small arrays and deltas, multiplied out only on request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from symjac.evaluate import Array

SMALL = 40_000
"""A matrix with no more entries than this is multiplied as it is."""


@dataclass(frozen=True)
class Piece:
    """A sum's term: factors with labels, and how every label runs down the rows and along the columns.

    A label with a step in both is a diagonal. `sizes`, `rows` and `cols` are by label.
    """

    factors: tuple[tuple[Array, tuple[int, ...]], ...]
    sizes: dict[int, int]
    rows: dict[int, int]
    cols: dict[int, int]
    start: tuple[int, int]

    @property
    def count(self) -> int:
        """How many entries are not zero."""
        return prod(self.sizes.values())

    def values(self) -> Array:
        """Return the entries, one axis per label."""
        return self._product([*self.factors], list(self.sizes))

    def places(self, steps: dict[int, int], start: int) -> Array:
        """Return the row or the column of every entry."""
        found: Array = np.full([1] * len(self.sizes), start)
        for axis, (label, size) in enumerate(self.sizes.items()):
            run = np.arange(size) * steps.get(label, 0)
            found = found + run.reshape([-1 if k == axis else 1 for k in range(len(self.sizes))])
        return np.broadcast_to(found, tuple(self.sizes.values())).ravel()

    def apply(self, vector: Array, out: Array, forward: bool) -> None:
        """Add the product with a vector to `out`, from the columns to the rows or back."""
        near, far = (self.cols, self.rows) if forward else (self.rows, self.cols)
        read = _strided(vector, near, self.sizes, self.start[forward])
        write = _strided(out, far, self.sizes, self.start[not forward])
        write += self._product([*self.factors, (read, tuple(near))], list(far))

    def _product(self, operands: list[tuple[Array, tuple[int, ...]]], wanted: list[int]) -> Array:
        standing = {label for _, labels in operands for label in labels}
        ones = [(np.ones(self.sizes[k]), (k,)) for k in self.sizes if k not in standing]
        letters = {label: position for position, label in enumerate(self.sizes)}
        flat: list[Any] = []
        for array, labels in [*operands, *ones]:
            flat += [array, [letters[k] for k in labels]]
        return np.asarray(np.einsum(*flat, [letters[k] for k in wanted], optimize=len(operands) > 2))


def _strided(vector: Array, steps: dict[int, int], sizes: dict[int, int], start: int) -> Array:
    """Return a view of a vector with an axis for every label."""
    shape = tuple(sizes[k] for k in steps)
    strides = tuple(step * vector.strides[0] for step in steps.values())
    return np.ndarray(shape, vector.dtype, vector, start * vector.strides[0], strides)


@dataclass(frozen=True)
class Structured:
    """A Jacobian as a sum of structured pieces; `@`, `.T @`, `gram()`, `todense()`, `tosparse()`.

    >>> from symjac.derivation import jacobian
    >>> J = jacobian("A*x", "A", given="A: M x N, x: N").lambdify(form="structured")(np.ones((2, 3)), [1, 2, 3])
    >>> J @ np.ones(6)
    array([6., 6.])
    >>> J.T @ np.ones(2)
    array([1., 1., 2., 2., 3., 3.])
    >>> J.gram()
    array([[14.,  0.],
           [ 0., 14.]])
    """

    pieces: tuple[Piece, ...]
    shape: tuple[int, int]
    dtype: Any
    transposed: bool = False

    @property
    def T(self) -> Structured:
        """The transpose, with the same pieces."""
        return Structured(self.pieces, self.shape[::-1], self.dtype, not self.transposed)

    def __matmul__(self, other: Any) -> Array:
        other = np.asarray(other)
        if other.ndim not in (1, 2) or other.shape[0] != self.shape[1]:
            raise ValueError(f"{self.shape[0]} x {self.shape[1]} does not multiply an array of shape {other.shape}")
        if prod(self.shape) <= SMALL:
            return np.asarray(self.todense() @ other)
        if other.ndim == 1:
            return self._apply(other)
        return np.stack([self._apply(column) for column in other.T], axis=1)

    def _apply(self, vector: Array) -> Array:
        dtype = np.result_type(self.dtype, vector)
        read = np.ascontiguousarray(vector, dtype)
        found: Array = np.zeros(self.shape[0], dtype)
        for piece in self.pieces:
            piece.apply(read, found, not self.transposed)
        return found

    def todense(self) -> Array:
        """Return the matrix, entry by entry."""
        dense = self._dense
        return dense.T if self.transposed else dense

    @cached_property
    def _dense(self) -> Array:
        shape = self.shape[::-1] if self.transposed else self.shape
        found: Array = np.zeros(shape, self.dtype)
        row, col = found.strides
        for piece in self.pieces:
            strides = tuple(piece.rows.get(k, 0) * row + piece.cols.get(k, 0) * col for k in piece.sizes)
            view: Array = np.ndarray(
                tuple(piece.sizes.values()), self.dtype, found, piece.start[0] * row + piece.start[1] * col, strides
            )
            view += piece.values()
        return found

    def tosparse(self) -> Any:
        """Return a scipy.sparse array in compressed rows; SciPy is needed for this alone."""
        from scipy.sparse import coo_array

        shape = self.shape[::-1] if self.transposed else self.shape
        empty = [np.zeros(0, int)]
        rows = np.concatenate([*empty, *(piece.places(piece.rows, piece.start[0]) for piece in self.pieces)])
        cols = np.concatenate([*empty, *(piece.places(piece.cols, piece.start[1]) for piece in self.pieces)])
        data = np.concatenate([np.zeros(0, self.dtype), *(piece.values().ravel() for piece in self.pieces)])
        matrix = coo_array((data, (rows, cols)), shape=shape)
        return (matrix.T if self.transposed else matrix).tocsr()

    def gram(self) -> Array:
        """Return the matrix times its transpose; where every row is an outer product, without forming it.

        For complex numbers it is the plain transpose, not the conjugate one.
        """
        if not self.transposed and all(_is_row_by_row(piece, self.shape[0]) for piece in self.pieces):
            widths = sum(array.shape[1] for piece in self.pieces for array, _ in piece.factors if array.ndim == 2)
            if 8 * widths < self.shape[1]:
                return self._gram_by_rows()
        dense = self.todense()
        return np.asarray(dense @ dense.T)

    def _gram_by_rows(self) -> Array:
        """(XXᵀ) ∘ (DDᵀ) for every block whose rows are x ⊗ d."""
        total: Array = np.zeros((self.shape[0], self.shape[0]), self.dtype)
        for piece in self.pieces:
            found: Array | float = 1.0
            for array, _ in piece.factors:
                found = found * (array @ array.T if array.ndim == 2 else np.outer(array, array))
            standing = {label for _, labels in piece.factors for label in labels}
            total += found * prod(size for label, size in piece.sizes.items() if label not in standing)
        return total


def _is_row_by_row(piece: Piece, rows: int) -> bool:
    """Whether one label runs down all rows, stands first in every factor, and every other label in one factor at most."""
    if len(piece.rows) != 1:
        return False
    (row,) = piece.rows
    if piece.sizes[row] != rows:
        return False
    inner: Sequence[int] = [label for _, labels in piece.factors for label in labels[1:]]
    leading = all(labels[:1] == (row,) and array.ndim <= 2 for array, labels in piece.factors)
    return leading and row not in piece.cols and len(set(inner)) == len(inner) and row not in inner
