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
    """W = Φ·back, centred and scaled: θ = back·φ where φ fits y by W.

    `size` is the largest entry of each column of Φ, `noise` how much rounding errors in Φ have been magnified.
    """

    matrix: Floats
    back: Floats
    size: Floats
    noise: float


def _prepared(matrix: Floats) -> _Prepared:
    columns = matrix.shape[1]
    work, back = matrix.copy(), np.eye(columns)
    size = np.abs(matrix).max(axis=0)
    constant = next((j for j in range(columns) if matrix[0, j] and (matrix[:, j] == matrix[0, j]).all()), None)
    if constant is not None:
        for j in (j for j in range(columns) if j != constant):
            mean = fsum(matrix[:, j]) / len(matrix)
            work[:, j] -= mean
            back[constant, j] = -mean / matrix[0, constant]
    left = np.abs(work).max(axis=0)
    lost = left <= len(matrix) * EPS * size
    work[:, lost] = 0
    scale = np.where(lost, 1.0, 2.0 ** -np.frexp(left)[1].astype(np.float64))
    noise = float(np.max(np.where(lost, 1.0, size / np.where(lost, 1.0, left))))
    return _Prepared(work * scale, back * scale, np.where(size == 0, 1.0, size), noise)


def solve_orthogonally(matrix: Floats, target: Floats, method: str) -> Solution:
    """Solve by QR or SVD of the centred and scaled matrix; the shortest minimiser where columns are dependent."""
    ready = _prepared(matrix)
    u, values, vt = np.linalg.svd(ready.matrix, full_matrices=False)
    rank = int(np.sum(values > max(matrix.shape) * EPS * ready.noise * values[0]))
    if rank < matrix.shape[1]:
        return _shortest(ready, target, rank)
    if method == "qr":
        q, triangle = np.linalg.qr(ready.matrix)
        inner = np.linalg.solve(triangle, q.T @ target)
        spread = ready.back @ np.linalg.inv(triangle)
    else:
        inner = vt.T @ ((u.T @ target) / values)
        spread = ready.back @ (vt.T / values)
    return Solution(ready.back @ inner, target - ready.matrix @ inner, rank, np.linalg.norm(spread, axis=1))


def _shortest(ready: _Prepared, target: Floats, rank: int) -> Solution:
    """Take any minimiser, and remove its part along the kernel of Φ."""
    u, values, vt = np.linalg.svd(ready.matrix, full_matrices=True)
    inner = vt[:rank].T @ ((u[:, :rank].T @ target) / values[:rank])
    kernel, _ = np.linalg.qr(ready.back @ vt[rank:].T)
    theta = ready.back @ inner
    theta = theta - kernel @ (kernel.T @ theta)
    share = np.abs(kernel).max(axis=1) * ready.size
    dependent = tuple(int(j) for j in np.flatnonzero(share > np.sqrt(EPS) * share.max()))
    return Solution(theta, target - ready.matrix @ inner, rank, np.full(len(theta), np.nan), dependent)


def solve_normal(matrix: Floats, target: Floats) -> Solution:
    """Solve ΦᵀΦθ = Φᵀy as it stands; raise DomainError where floats see no inverse of ΦᵀΦ."""
    gram = matrix.T @ matrix
    try:
        theta = np.linalg.solve(gram, matrix.T @ target)
        spread = np.sqrt(np.abs(np.diag(np.linalg.inv(gram))))
    except np.linalg.LinAlgError:
        raise DomainError("in floating point ΦᵀΦ is singular, though Φ has full rank; method='qr' solves it") from None
    if not np.isfinite(theta).all():
        raise DomainError("ΦᵀΦ is beyond floating point; method='qr' does not form it")
    return Solution(theta, target - matrix @ theta, matrix.shape[1], spread)
