"""Tidying what was read off: each law leaves an equal expression that people find shorter or more familiar.

Magnus & Neudecker, chapters 2 and 3; Lütkepohl, *Handbook of Matrices*, chapters 2, 7 and 9.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symjac.nodes.build import (
    add,
    commutation,
    diag,
    diagonal,
    hadamard,
    hadamard_power,
    identity,
    inverse,
    khatri_rao,
    kron,
    matrix_power,
    ones,
    power,
    product,
    softmax,
    subtract,
    transpose,
    vec,
)
from symjac.nodes.node import (
    Commutation,
    Diag,
    Hadamard,
    HadamardPower,
    Identity,
    Inverse,
    KhatriRao,
    Kronecker,
    MatrixPower,
    Node,
    Ones,
    Product,
    Softmax,
    Sum,
    Symbol,
    Transpose,
    Vec,
)
from symjac.nodes.sizes import ONE
from symjac.rules.collect import weight
from symjac.rules.examples import A, B, C, M, N, Q, S, T, X, Y, a, b, x, y
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


# Transposes and inverses


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


# Kronecker products and commutation


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


# Diagonal matrices


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
