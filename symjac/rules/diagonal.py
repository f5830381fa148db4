"""Tidying diagonal matrices, entrywise products and softmax.

Magnus & Neudecker, chapters 2 and 3; Lütkepohl, *Handbook of Matrices*, chapters 2 and 9.
"""

from __future__ import annotations

from fractions import Fraction

from symjac.nodes.build import (
    diag,
    diagonal,
    hadamard,
    hadamard_power,
    identity,
    khatri_rao,
    ones,
    power,
    product,
    softmax,
    transpose,
)
from symjac.nodes.node import (
    Diag,
    Hadamard,
    HadamardPower,
    Identity,
    KhatriRao,
    Node,
    Ones,
    Product,
    Softmax,
)
from symjac.nodes.sizes import ONE
from symjac.rules.examples import A, C, N, S, a, b, x, y
from symjac.rules.push import scalars
from symjac.rules.rule import TIDY, rule
from symjac.rules.tidy import pairwise, turned


@rule(
    "diagonal matrices multiply",
    phase=TIDY,
    on=Product,
    statement=r"\operatorname{diag}(a)\operatorname{diag}(b) = \operatorname{diag}(a \circ b)",
    example=product(diag(b), diag(x)),
)
def diag_product(node: Node) -> Node | None:
    """diag(a) diag(b) = diag(a ∘ b); diag(a) b = a ∘ b; bᵀ diag(a) = (b ∘ a)ᵀ"""
    assert isinstance(node, Product)
    both = pairwise(
        node,
        lambda left, right: (
            diag(hadamard(left.args[0], right.args[0])) if isinstance(left, Diag) and isinstance(right, Diag) else None
        ),
    )
    return both or _diag_at_the_end(node)


def _diag_at_the_end(node: Product) -> Node | None:
    """A diagonal matrix that meets a whole row or column becomes an entrywise product."""
    chain = node.chain
    for i, factor in enumerate(chain):
        if not isinstance(factor, Diag):
            continue
        end = next((j + 1 for j in range(i + 1, len(chain)) if chain[j].cols is ONE), None)
        if end is not None:
            column = hadamard(factor.args[0], product(*chain[i + 1 : end]))
            return product(scalars(node), *chain[:i], column, *chain[end:])
        if i and chain[i - 1].rows is ONE:
            row = transpose(hadamard(turned(chain[i - 1]), factor.args[0]))
            return product(scalars(node), *chain[: i - 1], row, *chain[i + 1 :])
    return None


@rule(
    "Khatri–Rao product with a diagonal",
    phase=TIDY,
    on=KhatriRao,
    statement=r"b^{\mathsf T} \ast A = A \operatorname{diag}(b)",
    example=khatri_rao(transpose(b), A),
)
def khatri_rao_row(node: Node) -> Node | None:
    """bᵀ ∗ A = A ∗ bᵀ = A diag(b)"""
    left, right = node.args
    if left.rows is ONE:
        return product(right, diag(turned(left)))
    return product(left, diag(turned(right))) if right.rows is ONE else None


@rule(
    "entrywise powers meet",
    phase=TIDY,
    on=Hadamard,
    statement=r"A \circ A = A^{\circ 2}",
    example=hadamard(A, hadamard_power(A, 2), C),
)
def hadamard_powers(node: Node) -> Node | None:
    """A ∘ A = A^∘2, and A^∘p ∘ A^∘q = A^∘(p+q)"""
    exponents: dict[Node, Fraction] = {}
    for arg in node.args:
        base, p = (arg.args[0], arg.exponent) if isinstance(arg, HadamardPower) else (arg, Fraction(1))
        exponents[base] = exponents.get(base, Fraction(0)) + p
    if len(exponents) == len(node.args):
        return None
    return hadamard(*(hadamard_power(base, p) for base, p in exponents.items()))


@rule(
    "entrywise product with a diagonal matrix",
    phase=TIDY,
    on=Hadamard,
    statement=r"I \circ A = \operatorname{diag}(\operatorname{diag}(A))",
    example=hadamard(identity(N), S),
)
def hadamard_diagonal(node: Node) -> Node | None:
    """I ∘ A keeps the diagonal of A; diag(a) ∘ A = diag(a ∘ diagonal of A)"""
    kept = next((arg for arg in node.args if isinstance(arg, Identity | Diag)), None)
    if kept is None:
        return None
    rest = hadamard(*(arg for arg in node.args if arg is not kept))
    return diag(hadamard(diagonal(kept), diagonal(rest)))


@rule(
    "outer product entry by entry",
    phase=TIDY,
    on=Hadamard,
    statement=r"(a b^{\mathsf T}) \circ A = \operatorname{diag}(a)\,A\operatorname{diag}(b)",
    example=hadamard(product(a, transpose(b)), product(y, transpose(x))),
)
def hadamard_outer(node: Node) -> Node | None:
    """(abᵀ) ∘ (yxᵀ) = (a ∘ y)(b ∘ x)ᵀ"""
    pairs = []
    for arg in node.args:
        if not isinstance(arg, Product) or len(arg.chain) < 2 or scalars(arg) is not product(1):
            return None
        cut = next((i + 1 for i, factor in enumerate(arg.chain) if factor.cols is ONE), len(arg.chain))
        if cut == len(arg.chain):
            return None
        pairs.append((product(*arg.chain[:cut]), turned(product(*arg.chain[cut:]))))
    return product(hadamard(*(p for p, _ in pairs)), transpose(hadamard(*(q for _, q in pairs))))


@rule(
    "sum of a softmax",
    phase=TIDY,
    on=Product,
    statement=r"\mathbf 1^{\mathsf T}\operatorname{softmax}(x) = 1",
    example=product(ones(1, N), softmax(x), transpose(b)),
)
def softmax_sums_to_one(node: Node) -> Node | None:
    """1ᵀ softmax(x) = 1"""
    assert isinstance(node, Product)
    if node.is_scalar and node.chain:
        return scalars(node) if _sums_softmax(node.chain) else None
    kept = [(base, e) for base, e in node.bag if not (isinstance(base, Product) and _sums_softmax(base.chain))]
    if len(kept) == len(node.bag):
        return None
    return product(node.coefficient, *(power(base, e) for base, e in kept), *node.chain)


def _sums_softmax(chain: tuple[Node, ...]) -> bool:
    return len(chain) == 2 and isinstance(chain[0], Ones) and isinstance(chain[1], Softmax)
