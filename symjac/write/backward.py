"""From a form with one or two free indices back to a matrix expression, where it is one: Σ_m A_mi A_mj is AᵀA."""

from __future__ import annotations

from symjac.components.form import Form, Term
from symjac.components.labelling import Factor
from symjac.components.tensor import Applied, Delta, Entry, InverseOf, Shared, Tensor
from symjac.nodes.build import (
    add,
    elementwise,
    hadamard_power,
    identity,
    inverse,
    number,
    power,
    product,
    symbol,
    transpose,
)
from symjac.nodes.node import Node
from symjac.nodes.sizes import ONE


def as_node(form: Form) -> Node | None:
    """Return a node whose entries are the form, the first index its rows; None where there is no short one.

    >>> from symjac.components.reading import read
    >>> from symjac.write.text import text
    >>> A = symbol("A", 3, 2)
    >>> text(as_node(read(product(transpose(A), A)).form))
    'AᵀA'
    """
    if len(form.sizes) > 2 or not form.terms:
        return None
    terms = [_term(term, len(form.sizes)) for term in form.terms]
    known = [term for term in terms if term is not None]
    if len(known) < len(terms):
        return None
    # A positive term first reads better.
    known.sort(key=lambda term: getattr(term, "coefficient", 1) < 0)
    return add(*known)


def _term(term: Term, rank: int) -> Node | None:
    scalars: list[Node] = [number(term.coefficient)]
    remaining = []
    for factor in term.factors:
        if factor.indices:
            remaining.append(factor)
            continue
        base = _node(factor.tensor)
        if base is None:
            return None
        scalars.append(power(base, factor.exponent))
    if rank == 0:
        return product(*scalars) if not remaining else None
    chain = _chain(remaining, rank)
    return None if chain is None else product(*scalars, *chain)


def _chain(factors: list[Factor], rank: int) -> list[Node] | None:
    """Walk from index 0 along the factors to index 1, or to a vector at the end."""
    chain: list[Node] = []
    index, remaining = 0, list(factors)
    while remaining:
        meeting = [factor for factor in remaining if index in factor.indices]
        if len(meeting) != 1 or len(set(meeting[0].indices)) != len(meeting[0].indices):
            return None
        factor = meeting[0]
        remaining.remove(factor)
        node = _node(factor.tensor)
        if node is not None and factor.exponent != 1:
            node = hadamard_power(node, factor.exponent) if factor.exponent > 0 else None
        if node is None:
            return None
        if len(factor.indices) == 1:
            chain.append(node)
            return chain if not remaining and rank == 1 else None
        first, second = factor.indices
        chain.append(node if first == index else transpose(node))
        index = second if first == index else first
    return chain if rank == 2 and index == 1 else None


def _node(tensor: Tensor) -> Node | None:
    """Return a tensor as a node with its first index as rows."""
    rows, cols = (*tensor.sizes, ONE, ONE)[:2]
    if isinstance(tensor, Entry):
        return symbol(tensor.name, rows, cols, tensor.facts)
    if isinstance(tensor, Delta):
        return identity(rows)
    body = tensor.body
    if isinstance(tensor, Shared) and tensor.name is not None and len(tensor.sizes) <= 2:
        return symbol(tensor.name, rows, cols)
    if body is None or tensor.height > 4 or not isinstance(tensor, Shared | InverseOf | Applied):
        return None
    inner = as_node(body)
    if inner is None or isinstance(tensor, Shared):
        return inner
    return inverse(inner) if isinstance(tensor, InverseOf) else elementwise(tensor.function, inner)
