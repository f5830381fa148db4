"""Entries at given sizes: which sizes, what the entries of a symbol are called, matrices as tensors."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import Any

import sympy

from symjac.errors import DomainError
from symjac.evaluate import size_value
from symjac.nodes.node import Determinant, Elementwise, Inverse, LogSumExp, MatrixPower, Softmax, Symbol, postorder, symbols
from symjac.points import size_names
from symjac.record import Record
from symjac.sympy_nodes import scalar_symbol

MAX_SIZE = 64
"""The largest size at which entries are written out one by one."""

MAX_EXAMPLE_CURVED = 1
"""An example is of an expression with at most so many nonlinear functions and inverses."""


def checked_sizes(record: Record, sizes: Mapping[str, int], declared: frozenset[str] = frozenset()) -> dict[str, int]:
    """Return values for all size names; SymPy symbols and names are both accepted as keys."""
    if not isinstance(sizes, Mapping):
        raise DomainError(f"sizes are given by name, as in {{'N': 2}}, not as {sizes!r}")
    names = size_names([record.expression, *record.variables])
    given = {str(key): value for key, value in sizes.items()}
    for name, value in given.items():
        if name not in names and name not in declared:
            raise DomainError(f"{name} is no size here; the sizes are {', '.join(names) or 'all given as numbers'}")
        whole = isinstance(value, Integral | sympy.Integer) and not isinstance(value, bool)
        if not whole or not 1 <= value <= MAX_SIZE:
            raise DomainError(f"{name}={value!r}: a size for entries is a whole number from 1 to {MAX_SIZE}")
    missing = [name for name in names if name not in given]
    if missing:
        raise DomainError(f"entries need a number for {', '.join(missing)}, as in explicit({{{missing[0]!r}: 2}})")
    return {name: int(given[name]) for name in names}


def symbol_entries(node: Symbol, sizes: Mapping[str, int], original: Any = None) -> Any:
    """Return the entries of a symbol, A[0, 0] and so on, as SymPy writes them."""
    if node.is_scalar:
        scalar = original if original is not None else scalar_symbol(node.name, sorted(node.facts))
        return sympy.ImmutableDenseMatrix([[scalar]])
    return sympy.MatrixSymbol(node.name, *(size_value(n, sizes) for n in node.shape)).as_explicit()


def as_tensor(matrix: Any, record: Record, sizes: Mapping[str, int]) -> Any:
    """Return J[i, j, k, l] = ∂F_ij/∂X_kl from the column-first Jacobian."""
    m, n, p, q = (size_value(s, sizes) for s in (*record.expression.shape, *record.variables[0].shape))
    entries = [matrix[j * m + i, c * p + r] for i in range(m) for j in range(n) for r in range(p) for c in range(q)]
    return sympy.ImmutableDenseNDimArray(entries, (m, n, p, q))


def example_sizes(record: Record) -> dict[str, int] | None:
    """Return small sizes, the first of several larger than the others; None where the entries would be long."""
    nodes = list(postorder(record.expression))
    inverted = [node for node in nodes if isinstance(node, Inverse | MatrixPower | Determinant)]
    composed = any(not isinstance(node.args[0], Symbol) for node in inverted)
    curved = sum(isinstance(node, Elementwise | Softmax | LogSumExp) for node in nodes) + len(inverted)
    if len(record.variables) > 1 or composed or curved > MAX_EXAMPLE_CURVED:
        return None
    known = [*record.variables, record.expression, *symbols([record.expression])]
    met = [s.name for node in known for n in node.shape for s in sorted(n.free_symbols, key=str)]
    names = list(dict.fromkeys((*met, *size_names([record.expression, *record.variables]))))
    large = 2 if inverted or len(names) == 1 else 3
    return {name: large if i == 0 else 2 for i, name in enumerate(names)}
