"""The Jacobians as a specialist writes them in NumPy: strided views, no zero ever multiplied, blocks of rows.

Each function makes its result. Vectors are columns.
"""

from __future__ import annotations

import numpy as np

from benchmarks.rows import Array


def linear(A: Array, x: Array) -> Array:
    """∂vec(Ax)/∂(vec A)ᵀ = xᵀ ⊗ I."""
    m, n = A.shape
    J = np.zeros((m, m * n))
    row, col = J.strides
    np.ndarray((m, n), J.dtype, J, 0, (row + col, m * col))[...] = x.T
    return J


def gram(A: Array) -> Array:
    """∂vec(AᵀA)/∂(vec A)ᵀ = (I + K)(I ⊗ Aᵀ)."""
    m, n = A.shape
    J = np.zeros((n * n, m * n))
    row, col = J.strides
    np.ndarray((n, n, m), J.dtype, J, 0, (n * row + m * col, row, col))[...] = A.T
    np.ndarray((n, n, m), J.dtype, J, 0, (row + m * col, n * row, col))[...] = A.T
    np.multiply(A.T, 2, out=np.ndarray((n, m), J.dtype, J, 0, (row + n * row + m * col, col)))
    return J


def regression(y: Array, Phi: Array, theta: Array) -> Array:
    """−2(y − Φθ)ᵀΦ."""
    residual = Phi.dot(theta[:, 0])
    residual -= y[:, 0]
    J = residual.dot(Phi)
    J *= 2
    return np.asarray(J[None])


def normal_solution(Phi: Array, y: Array) -> Array:
    """(ΦᵀΦ)⁻¹Φᵀy."""
    return np.linalg.solve(Phi.T @ Phi, Phi.T @ y)


def slices(n: int, width: int, least: int) -> list[slice]:
    """Return blocks of samples whose intermediate results stay in the cache."""
    step = max(least, 100_000 // width)
    return [slice(start, min(start + step, n)) for start in range(0, n, step)]


def one_hidden(X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    """The gradients of one hidden layer's output by all parameters, a row for each sample."""
    (n, p), h = X.shape, len(b1)
    J = np.empty((n, h * p + 2 * h + 1))
    for rows in slices(n, 2 * h, 64):
        z = X[rows] @ W1.T
        z += b1.T
        np.tanh(z, out=z)
        J[rows, h * p + h : -1] = z
        np.multiply(z, z, out=z)
        np.subtract(1, z, out=z)
        z *= W2
        J[rows, h * p : h * p + h] = z
        np.multiply(X[rows, :, None], z[:, None, :], out=J[rows, : h * p].reshape(-1, p, h))
    J[:, -1] = 1
    return J


def one_hidden_by_columns(X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    """The same, where samples run fastest in memory."""
    (n, p), h = X.shape, len(b1)
    J = np.empty((h * p + 2 * h + 1, n))
    turned = np.ascontiguousarray(X.T)
    for rows in slices(n, 2 * h, 1024):
        z = W1 @ turned[:, rows]
        z += b1
        H, D = J[h * p + h : -1, rows], J[h * p : h * p + h, rows]
        np.tanh(z, out=H)
        np.multiply(H, H, out=z)
        np.subtract(1, z, out=z)
        np.multiply(z, W2.T, out=D)
        np.multiply(turned[:, None, rows], D[None], out=J[: h * p].reshape(p, h, n)[:, :, rows])
    J[-1] = 1
    return J.T


def two_hidden(X: Array, W1: Array, b1: Array, W2: Array, b2: Array, W3: Array, b3: Array) -> Array:
    """The gradients of two hidden layers' output by all parameters, a row for each sample."""
    (n, p), h, k = X.shape, len(b1), len(b2)
    ends = np.cumsum([h * p, h, k * h, k, k, 1])
    J = np.empty((n, ends[-1]))
    for rows in slices(n, 2 * (h + k), 64):
        x = X[rows]
        first = x @ W1.T
        first += b1.T
        np.tanh(first, out=first)
        second = first @ W2.T
        second += b2.T
        np.tanh(second, out=second)
        J[rows, ends[3] : ends[4]] = second
        second *= second
        outer = np.subtract(1, second, out=second)
        outer *= W3
        inner = outer @ W2
        slope = first * first
        np.subtract(1, slope, out=slope)
        inner *= slope
        np.multiply(x[:, :, None], inner[:, None, :], out=J[rows, : ends[0]].reshape(-1, p, h))
        J[rows, ends[0] : ends[1]] = inner
        np.multiply(first[:, :, None], outer[:, None, :], out=J[rows, ends[1] : ends[2]].reshape(-1, h, k))
        J[rows, ends[2] : ends[3]] = outer
    J[:, -1] = 1
    return J


def layer(X: Array, W: Array, b: Array) -> Array:
    """∂vec tanh(XWᵀ + 1bᵀ)/∂(vec W)ᵀ."""
    (n, p), h = X.shape, len(b)
    z = X @ W.T
    z += b.T
    np.tanh(z, out=z)
    z *= z
    np.subtract(1, z, out=z)
    J = np.zeros((n * h, h * p))
    row, col = J.strides
    np.multiply(X, z.T[:, :, None], out=np.ndarray((h, n, p), J.dtype, J, 0, (n * row + col, row, h * col)))
    return J


def neuron(W: Array, x: Array, b: Array) -> Array:
    """∂tanh(Wx + b)/∂(vec W)ᵀ = xᵀ ⊗ diag(tanh′)."""
    m, n = W.shape
    z = W @ x
    z += b
    np.tanh(z, out=z)
    z *= z
    np.subtract(1, z, out=z)
    J = np.zeros((m, m * n))
    row, col = J.strides
    np.multiply(z, x.T, out=np.ndarray((m, n), J.dtype, J, 0, (row + col, m * col)))
    return J
