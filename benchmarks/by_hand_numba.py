"""The same by hand in numba: loops in the order of memory, BLAS for large products, NumPy's own tanh, which is vectorized.

Each function fills a result that is there already; what `made` says is zero, it leaves alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from benchmarks.by_hand import slices
from benchmarks.rows import Array

loops: Callable[[Any], Any] = numba.njit(fastmath=True, error_model="numpy")


@loops
def linear(J: Array, A: Array, x: Array) -> None:
    m, n = A.shape
    for i in range(m):
        for k in range(n):
            J[i, m * k + i] = x[k]


@loops
def gram(J: Array, A: Array) -> None:
    m, n = A.shape
    for j in range(n):
        for i in range(n):
            row = j * n + i
            if i == j:
                for k in range(m):
                    J[row, i * m + k] = 2 * A[k, i]
            else:
                for k in range(m):
                    J[row, i * m + k] = A[k, j]
                    J[row, j * m + k] = A[k, i]


@loops
def regression(J: Array, y: Array, Phi: Array, theta: Array) -> None:
    n, d = Phi.shape
    J[0, :] = 0
    for i in range(n):
        residual = -y[i]
        for k in range(d):
            residual += Phi[i, k] * theta[k]
        residual *= 2
        for k in range(d):
            J[0, k] += residual * Phi[i, k]


def normal_solution(J: Array, Phi: Array, y: Array) -> None:
    J[:, 0] = _solution(Phi, y)


@loops
def _solution(Phi: Array, y: Array) -> Any:
    return np.linalg.solve(Phi.T @ Phi, Phi.T @ y)


def one_hidden(J: Array, X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> None:
    for rows in slices(len(X), 2 * len(b1), 64):
        z = X[rows] @ W1.T
        z += b1
        _one_hidden(J[rows], X[rows], np.tanh(z, out=z), W2)


@loops
def _one_hidden(J: Array, X: Array, t: Array, w: Array) -> None:
    (n, p), h = X.shape, len(w)
    for s in range(n):
        for j in range(h):
            J[s, h * p + h + j] = t[s, j]
            t[s, j] = (1 - t[s, j] * t[s, j]) * w[j]
        for q in range(p):
            for j in range(h):
                J[s, q * h + j] = X[s, q] * t[s, j]
        for j in range(h):
            J[s, h * p + j] = t[s, j]
        J[s, h * p + 2 * h] = 1


def one_hidden_by_columns(J: Array, X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> None:
    turned = np.ascontiguousarray(X.T)
    for rows in slices(len(X), 2 * len(b1), 1024):
        x = turned[:, rows]
        z = W1 @ x
        z += b1[:, None]
        _one_hidden_by_columns(J.T[:, rows], x, np.tanh(z, out=z), W2)


@loops
def _one_hidden_by_columns(J: Array, x: Array, t: Array, w: Array) -> None:
    (p, n), h = x.shape, len(w)
    for j in range(h):
        for s in range(n):
            J[h * p + h + j, s] = t[j, s]
            t[j, s] = (1 - t[j, s] * t[j, s]) * w[j]
            J[h * p + j, s] = t[j, s]
    for q in range(p):
        for j in range(h):
            for s in range(n):
                J[q * h + j, s] = x[q, s] * t[j, s]
    J[h * p + 2 * h, :] = 1


def two_hidden(J: Array, X: Array, W1: Array, b1: Array, W2: Array, b2: Array, W3: Array, b3: Array) -> None:
    for rows in slices(len(X), 2 * (len(b1) + len(b2)), 64):
        first = X[rows] @ W1.T
        first += b1
        np.tanh(first, out=first)
        second = first @ W2.T
        second += b2
        np.tanh(second, out=second)
        outer = (1 - second * second) * W3
        _two_hidden(J[rows], X[rows], first, second, outer, outer @ W2)


@loops
def _two_hidden(J: Array, X: Array, first: Array, second: Array, outer: Array, inner: Array) -> None:
    (n, p), h, k = X.shape, first.shape[1], second.shape[1]
    a = h * p
    b = a + h
    c = b + h * k
    for s in range(n):
        for j in range(h):
            inner[s, j] *= 1 - first[s, j] * first[s, j]
        for q in range(p):
            for j in range(h):
                J[s, q * h + j] = X[s, q] * inner[s, j]
        for j in range(h):
            J[s, a + j] = inner[s, j]
        for j in range(h):
            for i in range(k):
                J[s, b + j * k + i] = first[s, j] * outer[s, i]
        for i in range(k):
            J[s, c + i] = outer[s, i]
            J[s, c + k + i] = second[s, i]
        J[s, c + 2 * k] = 1


@loops
def layer(J: Array, X: Array, W: Array, b: Array) -> None:
    (n, p), h = X.shape, len(b)
    for j in range(h):
        for s in range(n):
            z = b[j]
            for q in range(p):
                z += W[j, q] * X[s, q]
            t = np.tanh(z)
            slope = 1 - t * t
            for q in range(p):
                J[j * n + s, q * h + j] = slope * X[s, q]


@loops
def neuron(J: Array, W: Array, x: Array, b: Array) -> None:
    m, n = W.shape
    for i in range(m):
        z = b[i]
        for k in range(n):
            z += W[i, k] * x[k]
        t = np.tanh(z)
        slope = 1 - t * t
        for k in range(n):
            J[i, k * m + i] = slope * x[k]


def made(name: str, shape: tuple[int, ...]) -> Array:
    """Return a result to be filled by the function of that name."""
    if name == one_hidden_by_columns.__name__:
        return np.empty(shape, order="F")
    return np.zeros(shape) if name in ("linear", "gram", "layer", "neuron") else np.empty(shape)
