"""Tidying what was read off: each law leaves an equal expression that people find shorter or more familiar.

Here transposes, inverses and powers; Kronecker products and diagonal matrices have rooms of their own.
Magnus & Neudecker, chapters 1 and 2; Lütkepohl, *Handbook of Matrices*, chapters 2 and 3.
"""

from __future__ import annotations

from collections.abc import Callable

from symjac.nodes.build import (
    add,
    coefficient,
    hadamard,
    identity,
    inverse,
    kron,
    matrix_power,
    product,
    subtract,
    transpose,
)
from symjac.nodes.node import (
    Hadamard,
    HadamardPower,
    Identity,
    Inverse,
    Kronecker,
    MatrixPower,
    Node,
    Product,
    Sum,
    Symbol,
    Transpose,
)
from symjac.nodes.sizes import ONE
from symjac.rules.collect import weight
from symjac.rules.examples import A, B, C, N, S, T, X, b, x
from symjac.rules.push import scalars
from symjac.rules.rule import TIDY, rule


def turned(node: Node) -> Node:
    """Return the transpose with ᵀ as far inside as a reader wants it: through products and ⊗, not through ∘."""
    if isinstance(node, Product) and node.chain:
        return product(scalars(node), *(turned(factor) for factor in reversed(node.chain)))
    if isinstance(node, Kronecker):
        return kron(*map(turned, node.args))
    if isinstance(node, Symbol) and "symmetric" in node.facts:
        return node
    if isinstance(node, Inverse | MatrixPower):
        return node if turned(node.args[0]) is node.args[0] else transpose(node)
    if isinstance(node, Sum):
        terms = [turned(arg) for arg in node.args]
        if set(terms) == set(node.args):
            return node
        opened = add(*terms)
        turned_whole = transpose(node)
        return opened if weight(opened) <= weight(turned_whole) else turned_whole
    if isinstance(node, Hadamard | HadamardPower):
        return node if all(turned(arg) is arg for arg in node.args) else transpose(node)
    return transpose(node)


def pairwise(node: Node, join: Callable[[Node, Node], Node | None]) -> Node | None:
    """Join the first two neighbours of a product's chain for which `join` has an answer."""
    assert isinstance(node, Product)
    chain = node.chain
    for i in range(len(chain) - 1):
        joined = join(chain[i], chain[i + 1])
        if joined is not None:
            return product(scalars(node), *chain[:i], joined, *chain[i + 2 :])
    return None


@rule(
    "transpose of a product",
    phase=TIDY,
    on=Transpose,
    statement=r"(AB)^{\mathsf T} = B^{\mathsf T}A^{\mathsf T}",
    example=transpose(product(A, B)),
)
def transpose_product(node: Node) -> Node | None:
    """(AB)ᵀ = BᵀAᵀ, (A ⊗ B)ᵀ = Aᵀ ⊗ Bᵀ, and a symmetric matrix is its own transpose"""
    result = turned(node.args[0])
    return None if result is node else result


@rule(
    "transpose of a sum",
    phase=TIDY,
    on=Sum,
    statement=r"A + (B - C)^{\mathsf T} = A + B^{\mathsf T} - C^{\mathsf T}",
    example=add(A, transpose(subtract(transpose(A), transpose(product(C, S))))),
)
def transpose_sum(node: Node) -> Node | None:
    """A + (B − C)ᵀ = A + Bᵀ − Cᵀ: inside a sum, a transposed sum is opened"""
    if not any(isinstance(arg, Transpose) and isinstance(arg.args[0], Sum) for arg in node.args):
        return None
    opened = [
        map(turned, arg.args[0].args) if isinstance(arg, Transpose) and isinstance(arg.args[0], Sum) else (arg,)
        for arg in node.args
    ]
    return add(*(term for terms in opened for term in terms))


@rule(
    "transpose inside an entrywise product",
    phase=TIDY,
    on=Hadamard,
    statement=r"A^{\mathsf T} \circ B^{\mathsf T} = (A \circ B)^{\mathsf T}",
    example=hadamard(transpose(A), transpose(C)),
)
def transpose_hadamard(node: Node) -> Node | None:
    """Aᵀ ∘ Bᵀ = (A ∘ B)ᵀ"""
    turned_args = [turned(arg) for arg in node.args]
    if not any(isinstance(arg, Transpose) for arg in node.args) or any(isinstance(arg, Transpose) for arg in turned_args):
        return None
    return transpose(hadamard(*turned_args))


@rule(
    "identity plus outer products, times a column",
    phase=TIDY,
    on=Product,
    statement=r"(I - a b^{\mathsf T})\,c = c - (b^{\mathsf T}c)\,a",
    example=product(S, subtract(identity(N), product(x, transpose(b))), T, b),
)
def identity_times_column(node: Node) -> Node | None:
    """(I − abᵀ) c = c − (bᵀc) a for a column c, and the same for a row: what is left is shorter to compute"""
    assert isinstance(node, Product)
    chain = node.chain
    for i, factor in enumerate(chain):
        if not _is_identity_and_outer(factor):
            continue
        end = next((j + 1 for j in range(i + 1, len(chain)) if chain[j].cols is ONE), None)
        if end is not None:
            opened = add(*(product(term, *chain[i + 1 : end]) for term in factor.args))
            return product(scalars(node), *chain[:i], opened, *chain[end:])
        start = next((j for j in range(i - 1, -1, -1) if chain[j].rows is ONE), None)
        if start is not None:
            opened = add(*(product(*chain[start:i], term) for term in factor.args))
            return product(scalars(node), *chain[:start], opened, *chain[i + 1 :])
    return None


def _is_identity_and_outer(node: Node) -> bool:
    """Whether a matrix is a sum of identities and outer products."""
    if not isinstance(node, Sum):
        return False
    chains = [term.chain if isinstance(term, Product) else (term,) for term in node.args]
    outer = [len(chain) > 1 and any(factor.cols is ONE for factor in chain[:-1]) for chain in chains]
    identities = [len(chain) == 1 and isinstance(chain[0], Identity) for chain in chains]
    return any(outer) and any(identities) and all(p or q for p, q in zip(outer, identities, strict=True))


@rule(
    "minus a difference",
    phase=TIDY,
    on=Product,
    statement=r"-(A - B) = B - A",
    example=product(-1, subtract(A, C)),
)
def minus_difference(node: Node) -> Node | None:
    """−(A − B) = B − A"""
    assert isinstance(node, Product)
    if node.coefficient != -1 or node.bag or len(node.chain) != 1 or not isinstance(node.chain[0], Sum):
        return None
    terms = node.chain[0].args
    return add(*(product(-1, term) for term in terms)) if any(coefficient(term) < 0 for term in terms) else None


@rule(
    "inverse cancels",
    phase=TIDY,
    on=Product,
    statement=r"A^{-1}A = I",
    example=product(inverse(product(transpose(A), A)), transpose(A), A, S),
)
def inverse_cancels(node: Node) -> Node | None:
    """A⁻¹A = AA⁻¹ = I, also where A is a product"""
    assert isinstance(node, Product)
    chain = node.chain
    for i, factor in enumerate(chain):
        body = _inverted(factor)
        if body is None:
            continue
        n = len(body)
        for start in (i + 1, i - n):
            if start >= 0 and chain[start : start + n] == body:
                low, high = min(i, start), max(i + 1, start + n)
                return product(scalars(node), *chain[:low], identity(factor.rows), *chain[high:])
    return None


def _inverted(factor: Node) -> tuple[Node, ...] | None:
    """Return the chain whose inverse this factor is."""
    if isinstance(factor, Transpose) and isinstance(factor.args[0], Inverse):
        inner = turned(factor.args[0].args[0])
    elif isinstance(factor, Inverse):
        inner = factor.args[0]
    else:
        return None
    if isinstance(inner, Product):
        return inner.chain if scalars(inner) is product(1) else None
    return (inner,)


@rule(
    "inverse absorbs a factor",
    phase=TIDY,
    on=Product,
    statement=r"(AB)^{-1}A = B^{-1}",
    example=product(T, inverse(product(X, S, T)), X, B),
)
def inverse_absorbs(node: Node) -> Node | None:
    """(AB)⁻¹A = B⁻¹ and B(AB)⁻¹ = A⁻¹, where the factors are square"""
    assert isinstance(node, Product)
    chain = node.chain
    for i, factor in enumerate(chain):
        body = _inverted(factor)
        if body is None or len(body) < 2:
            continue
        if i + 1 < len(chain) and chain[i + 1] is body[0] and body[0].is_square:
            return product(scalars(node), *chain[:i], _inverse_of(body[1:], factor), *chain[i + 2 :])
        if i and chain[i - 1] is body[-1] and body[-1].is_square:
            return product(scalars(node), *chain[: i - 1], _inverse_of(body[:-1], factor), *chain[i + 1 :])
    return None


def _inverse_of(chain: tuple[Node, ...], like: Node) -> Node:
    """Return the inverse of a chain, as X⁻ᵀ where it was written so."""
    body = product(*chain)
    return transpose(inverse(turned(body))) if isinstance(like, Transpose) else inverse(body)


@rule(
    "powers of one matrix",
    phase=TIDY,
    on=Product,
    statement=r"A^m A^n = A^{m+n}",
    example=product(matrix_power(X, 2), X),
)
def powers_meet(node: Node) -> Node | None:
    """AᵐAⁿ = Aᵐ⁺ⁿ"""

    def join(left: Node, right: Node) -> Node | None:
        (base, m), (other, n) = _as_power(left), _as_power(right)
        return matrix_power(base, m + n) if base is other and base.is_square else None

    return pairwise(node, join)


def _as_power(node: Node) -> tuple[Node, int]:
    if isinstance(node, MatrixPower):
        return node.args[0], node.exponent
    if isinstance(node, Inverse):
        return node.args[0], -1
    if isinstance(node, Transpose) and isinstance(node.args[0], Inverse | MatrixPower):
        base, exponent = _as_power(node.args[0])
        return transpose(base), exponent
    return node, 1
