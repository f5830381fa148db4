"""Least squares in floating point: by orthogonal factors, and by the normal equations to see what those cost.

Longley's columns are years and sums of money that hardly vary: κ(Φ) = 5·10⁹. Most of that is scale and a common mean, which
cost nothing to remove: scaling by powers of two is exact, and centring is the first orthogonal step, done with exactly
rounded means. What is left has κ in the hundreds.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np

from symjac.errors import DomainError
from symjac.least_squares.numbers import Floats
from symjac.least_squares.solution import Solution

EPS = float(np.finfo(np.float64).eps)


def condition_number(matrix: Floats) -> float:
    """Return the ratio of the largest to the smallest singular value, κ₂; NaN where an entry is beyond floating point."""
    if not np.isfinite(matrix).all():
        return float("nan")
    values = np.linalg.svd(matrix, compute_uv=False)
    wide = matrix.shape[0] < matrix.shape[1]
    return float(values[0] / values[-1]) if values[-1] and not wide else float("inf")


@dataclass(frozen=True)
class _Prepared:
    """The problem, centred and scaled: where φ fits y − Φ·origin by W = Φ·back, θ = origin + back·φ fits y by Φ.

    `size` is the largest entry of each column of Φ, `noise` how much rounding errors in Φ have been magnified.
    """

    matrix: Floats
    target: Floats
    back: Floats
    origin: Floats
    size: Floats
    noise: float

    def theta(self, inner: Floats) -> Floats:
        return self.origin + self.back @ inner

    def solution(self, inner: Floats, spread: Floats) -> Solution:
        errors = np.asarray(np.linalg.norm(self.back @ spread, axis=1), dtype=np.float64)
        return Solution(self.theta(inner), self.target - self.matrix @ inner, len(inner), errors)


def constant_column(matrix: Floats) -> int | None:
    """Return the first column whose entries are all the same number, not 0."""
    same = (matrix == matrix[0]).all(axis=0) & (matrix[0] != 0)
    return int(np.flatnonzero(same)[0]) if same.any() else None


def _prepared(matrix: Floats, target: Floats) -> _Prepared:
    columns = matrix.shape[1]
    work, back, origin = matrix.copy(), np.eye(columns), np.zeros(columns)
    size = np.abs(matrix).max(axis=0)
    constant = constant_column(matrix)
    if constant is not None:
        means = np.array([fsum(column) / len(matrix) for column in matrix.T])
        means[constant] = 0
        middle = fsum(target) / len(matrix)
        work, target = work - means, target - middle
        back[constant] -= means / matrix[0, constant]
        origin[constant] = middle / matrix[0, constant]
    left = np.abs(work).max(axis=0)
    lost = left <= len(matrix) * EPS * size
    work[:, lost] = 0
    scale = np.where(lost, 1.0, 2.0 ** -np.frexp(left)[1].astype(np.float64))
    noise = float(np.max(np.where(lost, 1.0, size / np.where(lost, 1.0, left))))
    return _Prepared(work * scale, target, back * scale, origin, np.where(size == 0, 1.0, size), noise)


def solve_orthogonally(matrix: Floats, target: Floats, method: str) -> Solution:
    """Solve by QR or SVD of the centred and scaled matrix; the shortest minimiser where columns are dependent."""
    ready = _prepared(matrix, target)
    u, values, vt = np.linalg.svd(ready.matrix, full_matrices=False)
    rank = int(np.sum(values > max(matrix.shape) * EPS * ready.noise * values[0]))
    if rank < matrix.shape[1]:
        return _shortest(ready, rank)
    if method == "qr":
        q, triangle = np.linalg.qr(ready.matrix)
        return ready.solution(np.linalg.solve(triangle, q.T @ ready.target), np.linalg.inv(triangle))
    return ready.solution(vt.T @ ((u.T @ ready.target) / values), vt.T / values)


def _shortest(ready: _Prepared, rank: int) -> Solution:
    """Take any minimiser, and remove its part along the kernel of Φ."""
    u, values, vt = np.linalg.svd(ready.matrix, full_matrices=True)
    inner = vt[:rank].T @ ((u[:, :rank].T @ ready.target) / values[:rank])
    kernel, _ = np.linalg.qr(ready.back @ vt[rank:].T)
    start = ready.theta(inner)
    theta = np.asarray(start - kernel @ (kernel.T @ start), dtype=np.float64)
    share = np.abs(kernel).max(axis=1) * ready.size
    dependent = tuple(int(j) for j in np.flatnonzero(share > np.sqrt(EPS) * share.max()))
    return Solution(theta, ready.target - ready.matrix @ inner, rank, np.full(len(theta), np.nan), dependent)


def solve_normal(matrix: Floats, target: Floats) -> Solution:
    """Solve ΦᵀΦθ = Φᵀy as it stands; raise DomainError where floats see no inverse of ΦᵀΦ."""
    gram = matrix.T @ matrix
    try:
        theta = np.asarray(np.linalg.solve(gram, matrix.T @ target), dtype=np.float64)
        spread = np.sqrt(np.abs(np.diag(np.linalg.inv(gram))))
    except np.linalg.LinAlgError:
        raise DomainError("in floating point ΦᵀΦ is singular, though Φ has full rank; method='qr' solves it") from None
    if not np.isfinite(theta).all():
        raise DomainError("ΦᵀΦ is beyond floating point; method='qr' does not form it")
    return Solution(theta, target - matrix @ theta, matrix.shape[1], spread)
