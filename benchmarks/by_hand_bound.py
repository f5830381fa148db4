"""The same by hand for arrays of known shapes: views and buffers are made once, a call only fills them.

Each function takes arrays of the shapes and returns a function of such arrays. Vectors have one axis.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.rows import Array

Fill = Callable[..., Array]


def linear(A: Array, x: Array) -> Fill:
    """∂vec(Ax)/∂(vec A)ᵀ: only the diagonals are written."""
    m, n = A.shape
    J = np.zeros((m, m * n))
    row, col = J.strides
    diagonals = np.ndarray((m, n), J.dtype, J, 0, (row + col, m * col))

    def fill(A: Array, x: Array) -> Array:
        diagonals[...] = x
        return J

    return fill


def gram(A: Array) -> Fill:
    """∂vec(AᵀA)/∂(vec A)ᵀ: only what is not zero is written."""
    m, n = A.shape
    J = np.zeros((n * n, m * n))
    row, col = J.strides
    left = np.ndarray((n, n, m), J.dtype, J, 0, (n * row + m * col, row, col))
    right = np.ndarray((n, n, m), J.dtype, J, 0, (row + m * col, n * row, col))
    both = np.ndarray((n, m), J.dtype, J, 0, (row + n * row + m * col, col))
    add = np.add

    def fill(A: Array) -> Array:
        turned = A.T
        left[...] = turned
        right[...] = turned
        add(turned, turned, both)
        return J

    return fill


def regression(y: Array, Phi: Array, theta: Array) -> Fill:
    """−2(y − Φθ)ᵀΦ."""
    residual, J = np.empty(len(y)), np.empty((1, len(theta)))
    row = J[0]
    dot, subtract, multiply = np.dot, np.subtract, np.multiply

    def fill(y: Array, Phi: Array, theta: Array) -> Array:
        dot(Phi, theta, residual)
        subtract(residual, y, residual)
        dot(residual, Phi, row)
        multiply(row, 2, row)
        return J

    return fill


def layer(X: Array, W: Array, b: Array) -> Fill:
    """∂vec tanh(XWᵀ + 1bᵀ)/∂(vec W)ᵀ."""
    (n, p), h = X.shape, len(b)
    z = np.empty((n, h))
    J = np.zeros((n * h, h * p))
    row, col = J.strides
    blocks = np.ndarray((h, n, p), J.dtype, J, 0, (n * row + col, row, h * col))
    slopes = z.T[:, :, None]
    dot, add, tanh, subtract, multiply = np.dot, np.add, np.tanh, np.subtract, np.multiply

    def fill(X: Array, W: Array, b: Array) -> Array:
        dot(X, W.T, z)
        add(z, b, z)
        tanh(z, z)
        multiply(z, z, z)
        subtract(1, z, z)
        multiply(X, slopes, blocks)
        return J

    return fill


def neuron(W: Array, x: Array, b: Array) -> Fill:
    """∂tanh(Wx + b)/∂(vec W)ᵀ."""
    m, n = W.shape
    z = np.empty(m)
    J = np.zeros((m, m * n))
    row, col = J.strides
    diagonals = np.ndarray((m, n), J.dtype, J, 0, (row + col, m * col))
    slopes = z[:, None]
    dot, add, tanh, subtract, multiply = np.dot, np.add, np.tanh, np.subtract, np.multiply

    def fill(W: Array, x: Array, b: Array) -> Array:
        dot(W, x, z)
        add(z, b, z)
        tanh(z, z)
        multiply(z, z, z)
        subtract(1, z, z)
        multiply(slopes, x, diagonals)
        return J

    return fill
