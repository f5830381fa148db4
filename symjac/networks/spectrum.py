"""Principal features: the singular value decomposition of a feature matrix, and how many directions it really has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from symjac.compile.chunked import is_dask
from symjac.errors import DomainError
from symjac.evaluate import Array
from symjac.networks import chunked


def _entropy(s: Array) -> float:
    """exp of the entropy of σ/Σσ (Roy & Vetterli, EUSIPCO 2007): r for r equal singular values."""
    p = s[s > 0] / s.sum()
    return float(np.exp(-(p * np.log(p)).sum()))


def _participation(s: Array) -> float:
    """(Σσ²)² / Σσ⁴, the participation ratio of the variances."""
    share = (s / s[0]) ** 2
    return float(share.sum() ** 2 / (share**2).sum())


def _stable(s: Array) -> float:
    """‖F‖_F² / ‖F‖₂² (Rudelson & Vershynin, 2007): at most the rank, and stable under small changes."""
    return float(((s / s[0]) ** 2).sum())


DEFINITIONS: dict[str, Callable[[Array], float]] = {"entropy": _entropy, "participation": _participation, "stable": _stable}
"""What an effective rank may mean."""


def effective_rank(singular_values: Any, definition: str = "entropy") -> float:
    """Return how many directions singular values amount to.

    >>> [round(effective_rank([1, 1, 1, 0], name), 12) for name in DEFINITIONS]
    [3.0, 3.0, 3.0]
    >>> round(effective_rank([2, 1], "stable"), 12)
    1.25

    "entropy" is exp of the entropy of σ/Σσ (Roy & Vetterli 2007), "participation" (Σσ²)²/Σσ⁴, "stable" Σσ²/σ₁². No
    direction at all counts 0.
    """
    if definition not in DEFINITIONS:
        raise DomainError(f"the effective rank {definition!r} is unknown; the definitions are {', '.join(DEFINITIONS)}")
    s = np.sort(np.asarray(singular_values, float).ravel())[::-1]
    if not s.size or s[0] == 0:
        return 0.0
    return DEFINITIONS[definition](s / s[0])


@dataclass(frozen=True, eq=False)
class PrincipalFeatures:
    """The thin decomposition F = U diag(σ) Vᵀ of an n × d feature matrix, with r = min(n, d) columns in U and V.

    >>> found = principal_features(np.array([[3.0, 0.0], [0.0, 4.0], [0.0, 0.0]]))
    >>> found.singular_values, found.numerical_rank
    (array([4., 3.]), 2)

    Column k of `features` = U diag(σ) is the function of the input along direction k; V holds directions among the
    parameters. The entry of largest magnitude in every column of V is positive, which fixes the signs.
    """

    U: Any
    singular_values: Array
    V: Array
    shape: tuple[int, int]

    @property
    def features(self) -> Any:
        """The principal features UΣ, n × r."""
        return self.U * self.singular_values

    @property
    def numerical_rank(self) -> int:
        """The number of singular values above σ₁ · max(n, d) · ε."""
        s = self.singular_values
        return int((s > s[:1].sum() * max(self.shape) * np.finfo(s.dtype).eps).sum())

    def effective_rank(self, definition: str = "entropy") -> float:
        """Return how many directions there really are; see `effective_rank`."""
        return effective_rank(self.singular_values, definition)

    @property
    def ranks(self) -> dict[str, float]:
        """The numerical rank, and the effective rank by every definition."""
        return {"numerical": self.numerical_rank, **{name: self.effective_rank(name) for name in DEFINITIONS}}


def principal_features(F: Any, count: int | None = None) -> PrincipalFeatures:
    """Decompose a feature matrix; of a Dask array, U stays one. `count` keeps the largest singular values alone.

    >>> principal_features(np.eye(3), count=2).V.shape
    (3, 2)
    """
    if count is not None and (isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= min(F.shape)):
        raise DomainError(f"count={count!r}: F is {F.shape[0]} × {F.shape[1]} and has {min(F.shape)} singular values")
    U, s, Vt = chunked.svd(F, count) if is_dask(F) else np.linalg.svd(F, full_matrices=False)
    U, s, V = U[:, :count], s[:count], Vt[:count].T
    largest = V[np.abs(V).argmax(axis=0), np.arange(V.shape[1])]
    sign = np.where(largest < 0, -1.0, 1.0)
    return PrincipalFeatures(U * sign, s, V * sign, F.shape)
