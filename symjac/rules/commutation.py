"""Tidying Kronecker products, commutation matrices and vec.

Magnus & Neudecker, chapters 2 and 3; Lütkepohl, *Handbook of Matrices*, chapters 2, 7 and 9.
"""

from __future__ import annotations

from symjac.nodes.build import (
    add,
    commutation,
    identity,
    khatri_rao,
    kron,
    product,
    transpose,
    vec,
)
from symjac.nodes.node import (
    Commutation,
    Identity,
    KhatriRao,
    Kronecker,
    Node,
    Ones,
    Product,
    Sum,
    Transpose,
    Vec,
)
from symjac.nodes.sizes import ONE, times
from symjac.rules.examples import A, B, M, N, Q, S, T, Y
from symjac.rules.push import scalars
from symjac.rules.rule import TIDY, rule
from symjac.rules.tidy import pairwise, turned


@rule(
    "mixed product",
    phase=TIDY,
    on=Product,
    statement=r"(A \otimes B)(C \otimes D) = AC \otimes BD",
    example=product(kron(A, Y), kron(B, transpose(Y))),
)
def mixed_product(node: Node) -> Node | None:
    """(A ⊗ B)(C ⊗ D) = AC ⊗ BD; a vector is its own Kronecker product with 1"""
    return pairwise(node, _mix)


def _mix(left: Node, right: Node) -> Node | None:
    if isinstance(left, Kronecker) and isinstance(right, Kronecker):
        if len(left.args) == len(right.args) and all(p.cols == q.rows for p, q in zip(left.args, right.args, strict=True)):
            return kron(*(product(p, q) for p, q in zip(left.args, right.args, strict=True)))
        if len(left.args) == 2 == len(right.args):
            return None
    if isinstance(left, Kronecker) and not isinstance(right, Commutation) and not isinstance(right, Vec):
        return _pad_right(left, right)
    if isinstance(right, Kronecker) and not isinstance(left, Commutation) and not _is_vec_row(left):
        return _pad_left(left, right)
    return None


def _pad_right(left: Kronecker, right: Node) -> Node | None:
    """(a ⊗ B) C = a ⊗ BC and (B ⊗ a) C = BC ⊗ a, for a column a"""
    first, last = left.args[0], left.args[-1]
    if first.cols is ONE:
        rest = kron(*left.args[1:])
        return kron(first, product(rest, right))
    if last.cols is ONE:
        rest = kron(*left.args[:-1])
        return kron(product(rest, right), last)
    return None


def _pad_left(left: Node, right: Kronecker) -> Node | None:
    """C (aᵀ ⊗ B) = aᵀ ⊗ CB and C (B ⊗ aᵀ) = CB ⊗ aᵀ, for a row aᵀ"""
    first, last = right.args[0], right.args[-1]
    if first.rows is ONE:
        return kron(first, product(left, kron(*right.args[1:])))
    if last.rows is ONE:
        return kron(product(left, kron(*right.args[:-1])), last)
    return None


def _is_vec_row(node: Node) -> bool:
    return isinstance(node, Transpose) and isinstance(node.args[0], Vec)


@rule(
    "symmetriser",
    phase=TIDY,
    on=Product,
    statement=r"(I + K)K = I + K",
    example=product(add(identity(times(N, N)), commutation(N, N)), commutation(N, N), kron(S, T)),
)
def symmetriser_absorbs(node: Node) -> Node | None:
    """(I + K) K = K (I + K) = I + K, also through K (A ⊗ B) (I + K) = (B ⊗ A) K (I + K)"""
    assert isinstance(node, Product)
    chain = node.chain
    for i, factor in enumerate(chain):
        if not _is_symmetriser(factor):
            continue
        k = next(arg for arg in factor.args if isinstance(arg, Commutation))
        if i + 1 < len(chain) and chain[i + 1] is k:
            return product(scalars(node), *chain[: i + 1], *chain[i + 2 :])
        if i and chain[i - 1] is k:
            return product(scalars(node), *chain[: i - 1], *chain[i:])
        if i > 1 and isinstance(chain[i - 2], Commutation) and isinstance(chain[i - 1], Kronecker):
            flipped = _commute(kron(*reversed(chain[i - 1].args)), k)
            if flipped is product(chain[i - 2], chain[i - 1]):
                return product(scalars(node), *chain[: i - 2], kron(*reversed(chain[i - 1].args)), *chain[i:])
    return None


def _is_symmetriser(node: Node) -> bool:
    """Whether a sum is I + K, with K(n, n)."""
    if not isinstance(node, Sum) or len(node.args) != 2:
        return False
    kinds = {type(arg) for arg in node.args}
    return kinds == {Identity, Commutation} and all(
        len(set(arg.data)) == 1 for arg in node.args if isinstance(arg, Commutation)
    )


@rule(
    "commutation",
    phase=TIDY,
    on=Product,
    statement=r"(A \otimes B)K_{q,n} = K_{p,m}(B \otimes A)",
    example=product(kron(transpose(A), Y), commutation(M, Q)),
)
def commutation_moves(node: Node) -> Node | None:
    """(A ⊗ B) K = K (B ⊗ A); K K = I; K vec(A) = vec(Aᵀ); K (a ⊗ b) = b ⊗ a"""
    return pairwise(node, _commute)


def _commute(left: Node, right: Node) -> Node | None:
    if isinstance(right, Commutation):
        m, n = right.data
        if isinstance(left, Commutation) and left.data == (n, m):
            return identity(left.rows)
        if isinstance(left, Kronecker) and len(left.args) == 2 and (left.args[0].cols, left.args[1].cols) == (m, n):
            p, q = left.args
            return product(commutation(p.rows, q.rows), kron(q, p))
        if _is_vec_row(left) and left.args[0].args[0].shape == (n, m):
            return transpose(vec(transpose(left.args[0].args[0])))
        if isinstance(left, Transpose) and isinstance(left.args[0], KhatriRao):
            flipped = _commute(commutation(n, m), left.args[0])
            return None if flipped is None else transpose(flipped)
        if isinstance(left, Ones) and left.rows is ONE:
            return left
        return None
    if isinstance(left, Commutation):
        m, n = left.data
        if isinstance(right, Vec) and right.args[0].shape == (m, n):
            return vec(transpose(right.args[0]))
        if isinstance(right, Kronecker) and len(right.args) == 2 and right.cols is ONE:
            p, q = right.args
            return kron(q, p) if (p.rows, q.rows) == (n, m) else None
        if isinstance(right, KhatriRao) and (right.args[0].rows, right.args[1].rows) == (n, m):
            return khatri_rao(right.args[1], right.args[0])
        if isinstance(right, Ones) and right.cols is ONE:
            return right
    return None


@rule(
    "Kronecker product times vec",
    phase=TIDY,
    on=Product,
    statement=r"(B^{\mathsf T} \otimes A)\operatorname{vec}(X) = \operatorname{vec}(AXB)",
    example=product(kron(transpose(B), A), vec(S)),
)
def kronecker_vec(node: Node) -> Node | None:
    """(Bᵀ ⊗ A) vec(X) = vec(AXB), and the same for the row vec(X)ᵀ (A ⊗ B) = vec(BᵀXA)ᵀ"""
    return pairwise(node, _kronecker_vec)


def _kronecker_vec(left: Node, right: Node) -> Node | None:
    if isinstance(left, Kronecker) and len(left.args) == 2 and isinstance(right, Vec):
        (outer, inner), matrix = left.args, right.args[0]
        if (matrix.rows, matrix.cols) == (inner.cols, outer.cols):
            return vec(product(inner, matrix, turned(outer)))
    if isinstance(right, Kronecker) and len(right.args) == 2 and _is_vec_row(left):
        (outer, inner), matrix = right.args, left.args[0].args[0]
        if (matrix.rows, matrix.cols) == (inner.rows, outer.rows):
            return transpose(vec(product(turned(inner), matrix, outer)))
    return None


@rule(
    "Kronecker times Khatri–Rao product",
    phase=TIDY,
    on=Product,
    statement=r"(A \otimes B)(C \ast D) = AC \ast BD",
    example=product(kron(A, T), khatri_rao(B, product(S, B))),
)
def kronecker_khatri_rao(node: Node) -> Node | None:
    """(A ⊗ B)(C ∗ D) = AC ∗ BD, and (C ∗ D)ᵀ(A ⊗ B) = (AᵀC ∗ BᵀD)ᵀ"""
    return pairwise(node, _kronecker_khatri_rao)


def _kronecker_khatri_rao(left: Node, right: Node) -> Node | None:
    if isinstance(left, Kronecker) and len(left.args) == 2 and isinstance(right, KhatriRao):
        if all(p.cols == q.rows for p, q in zip(left.args, right.args, strict=True)):
            return khatri_rao(product(left.args[0], right.args[0]), product(left.args[1], right.args[1]))
    elif (
        isinstance(left, Transpose)
        and isinstance(left.args[0], KhatriRao)
        and isinstance(right, Kronecker)
        and len(right.args) == 2
    ):
        flipped = _kronecker_khatri_rao(turned(right), left.args[0])
        return None if flipped is None else transpose(flipped)
    return None
