"""A network written once more, with nothing of ours in it, and its derivatives by complex steps and by differences."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

Array = np.ndarray
Parameters = dict[str, Array]

PLAIN: dict[str, Callable[[Array], Array]] = {
    "identity": lambda z: z,
    "relu": lambda z: np.where(z.real > 0, z, 0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "sin": np.sin,
    "cos": np.cos,
    "exp": np.exp,
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True),
}


def plain_forward(X: Array, p: Parameters, activation: str, output: str) -> Array:
    h = X
    depth = len(p) // 2
    for k in range(1, depth + 1):
        h = PLAIN[output if k == depth else activation](h @ p[f"W{k}"].T + p[f"b{k}"])
    return h


def plain_features(X: Array, p: Parameters, activation: str, output: str, order: str = "F") -> Array:
    """Return n·n_out × d by complex steps, which are exact to rounding."""
    columns = []
    for name in p:
        for index in np.ndindex(*reversed(p[name].shape)) if order == "F" else np.ndindex(*p[name].shape):
            moved = {key: value.astype(complex) for key, value in p.items()}
            moved[name][tuple(reversed(index)) if order == "F" else index] += 1e-30j
            columns.append(plain_forward(X.astype(complex), moved, activation, output).imag.ravel() / 1e-30)
    return np.array(columns).T


def random_parameters(sizes: list[int], seed: int = 0) -> Parameters:
    rng = np.random.default_rng(seed)
    found: Parameters = {}
    for k, (n, m) in enumerate(pairwise(sizes), start=1):
        found |= {f"W{k}": rng.normal(size=(m, n)) / np.sqrt(n), f"b{k}": rng.normal(size=m)}
    return found
