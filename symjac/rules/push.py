"""Moving vec, and scalars that hold d, until vec dX stands last.

Each rule takes a node that holds one differential and brings that differential one step closer to standing alone on
the right. Magnus & Neudecker, chapter 2 (vec and Kronecker: Theorems 2.2 and 2.3) and chapter 3 (commutation:
Theorems 3.9 and 3.10).
"""

from __future__ import annotations

from symjac.nodes.build import (
    add,
    commutation,
    diag,
    diagonal,
    differential,
    hadamard,
    identity,
    khatri_rao,
    kron,
    ones,
    power,
    product,
    rebuild,
    trace,
    transpose,
    vec,
)
from symjac.nodes.node import (
    Diag,
    Diagonal,
    Hadamard,
    KhatriRao,
    Kronecker,
    Node,
    Product,
    Sum,
    Trace,
    Transpose,
    Vec,
)
from symjac.nodes.sizes import ONE, times
from symjac.rules.examples import A, B, C, S, X, Y, a, b, c, x
from symjac.rules.rule import PUSH, rule

d = differential


def moving(node: Product) -> int | None:
    """Return the place in the chain of the factor that holds d, if it is in the chain."""
    return next((i for i, factor in enumerate(node.chain) if factor.has_differential), None)


def scalars(node: Product) -> Node:
    """Return what stands in front of the chain."""
    return product(node.coefficient, *(power(base, exponent) for base, exponent in node.bag))


def around(node: Product, i: int) -> tuple[Node, Node]:
    """Return what stands left and right of the chain's factor i; where nothing does, an identity."""
    chain = node.chain
    left = product(*chain[:i]) if i else identity(chain[i].rows)
    right = product(*chain[i + 1 :]) if i + 1 < len(chain) else identity(chain[i].cols)
    return left, right


def last_stretch(node: Product) -> int:
    """Return where the last 1×1 stretch of a chain begins (0 if the chain does not break into stretches)."""
    return max((i + 1 for i, factor in enumerate(node.chain[:-1]) if factor.cols is ONE), default=0)


# Linear: any operation passes a sum


LINEAR = (Product, Hadamard, Kronecker, KhatriRao, Transpose, Trace, Diag, Diagonal, Vec)


@rule(
    "linearity",
    phase=PUSH,
    on=LINEAR,
    statement=r"A(\mathrm dX + \mathrm dY)B = A\,(\mathrm dX)\,B + A\,(\mathrm dY)\,B",
    example=product(A, add(d(S), transpose(d(X)))),
)
def linearity(node: Node) -> Node | None:
    """An operation that is linear in d passes a sum, term by term"""
    for i, arg in enumerate(node.args):
        if isinstance(arg, Sum) and arg.has_differential:
            return add(*(rebuild(node, (*node.args[:i], term, *node.args[i + 1 :])) for term in arg.args))
    return None


# Scalars


@rule(
    "scalar moves right",
    phase=PUSH,
    on=Product,
    statement=r"(\mathrm ds)\,v = v\,\mathrm ds",
    example=product(product(transpose(x), d(b)), a),
)
def scalar_moves_right(node: Node) -> Node | None:
    """(ds) v = v ds, for a column v"""
    assert isinstance(node, Product)
    moved = next((base for base, _ in node.bag if base.has_differential), None)
    if moved is None or not node.chain or node.chain[-1].cols is not ONE or node.chain[0].rows is ONE:
        return None
    rest = product(node.coefficient, *(power(base, e) for base, e in node.bag if base is not moved))
    return product(rest, *node.chain, moved)


@rule(
    "a scalar is its own transpose",
    phase=PUSH,
    on=Product,
    statement=r"(\mathrm dx)^{\mathsf T} a = a^{\mathsf T}\,\mathrm dx",
    example=product(transpose(d(x)), b),
)
def scalar_transposed(node: Node) -> Node | None:
    """(dx)ᵀ a = aᵀ dx"""
    assert isinstance(node, Product)
    start, i = last_stretch(node), moving(node)
    if node.cols is not ONE or i is None or i != start or i == len(node.chain) - 1:
        return None
    stretch = node.chain[start:]
    if stretch[0].rows is not ONE or stretch[0].cols is ONE:
        return None
    return product(scalars(node), *node.chain[:start], transposed(product(*stretch)))


def transposed(node: Node) -> Node:
    """Return the transpose, moved inward over sums, products and entrywise products."""
    if isinstance(node, Product) and node.chain:
        return product(scalars(node), *(transposed(factor) for factor in reversed(node.chain)))
    if isinstance(node, Kronecker):
        return kron(*map(transposed, node.args))
    if isinstance(node, Hadamard):
        return hadamard(*map(transposed, node.args))
    if isinstance(node, Sum) and node.has_differential:
        return add(*map(transposed, node.args))
    return transpose(node)


@rule(
    "transpose of a product",
    phase=PUSH,
    on=Transpose,
    statement=r"(AB)^{\mathsf T} = B^{\mathsf T} A^{\mathsf T}",
    example=transpose(product(A, d(B))),
)
def transpose_inward(node: Node) -> Node | None:
    """(AB)ᵀ = BᵀAᵀ, (A ⊗ B)ᵀ = Aᵀ ⊗ Bᵀ, (A ∘ B)ᵀ = Aᵀ ∘ Bᵀ"""
    inner = node.args[0]
    return transposed(inner) if isinstance(inner, Product | Kronecker | Hadamard) else None


# Columns


@rule(
    "diagonal matrix times a column",
    phase=PUSH,
    on=Product,
    statement=r"\operatorname{diag}(\mathrm dx)\,b = \operatorname{diag}(b)\,\mathrm dx",
    example=product(diag(d(x)), b),
)
def diag_swap(node: Node) -> Node | None:
    """diag(dx) b = diag(b) dx"""
    assert isinstance(node, Product)
    i = moving(node)
    if i is None or not isinstance(node.chain[i], Diag) or i + 1 == len(node.chain):
        return None
    right = product(*node.chain[i + 1 :])
    if right.cols is not ONE:
        return None
    return product(scalars(node), *node.chain[:i], diag(right), node.chain[i].args[0])


@rule(
    "entrywise product of columns",
    phase=PUSH,
    on=Hadamard,
    statement=r"a \circ \mathrm dx = \operatorname{diag}(a)\,\mathrm dx",
    example=hadamard(b, d(x)),
)
def hadamard_columns(node: Node) -> Node | None:
    """a ∘ dx = diag(a) dx, for columns"""
    if node.cols is not ONE:
        return None
    still = hadamard(*(arg for arg in node.args if not arg.has_differential))
    return product(diag(still), next(arg for arg in node.args if arg.has_differential))


@rule(
    "Kronecker product of columns",
    phase=PUSH,
    on=Kronecker,
    statement=r"a \otimes \mathrm dx = (a \otimes I)\,\mathrm dx",
    example=kron(a, d(x)),
)
def kronecker_columns(node: Node) -> Node | None:
    """a ⊗ dx = (a ⊗ I) dx and dx ⊗ b = (I ⊗ b) dx, for columns"""
    if node.cols is not ONE:
        return None
    moved = next(arg for arg in node.args if arg.has_differential)
    return product(kron(*(identity(arg.rows) if arg is moved else arg for arg in node.args)), moved)


@rule(
    "diagonal by vec",
    phase=PUSH,
    on=Diagonal,
    statement=r"\operatorname{diag}(\mathrm dX) = (I \ast I)^{\mathsf T} \operatorname{vec}(\mathrm dX)",
    example=diagonal(d(S)),
)
def diagonal_by_vec(node: Node) -> Node | None:
    """diag(dX) = (I ∗ I)ᵀ vec(dX), with the Khatri–Rao product ∗"""
    n = node.rows
    return product(transpose(khatri_rao(identity(n), identity(n))), vec(node.args[0]))


@rule(
    "trace by vec",
    phase=PUSH,
    on=Trace,
    statement=r"\operatorname{tr}(A\,\mathrm dX)"
    r" = (\operatorname{vec} A^{\mathsf T})^{\mathsf T} \operatorname{vec}(\mathrm dX)",
    example=trace(product(X, d(S))),
)
def trace_by_vec(node: Node) -> Node | None:
    """tr(A (dX) B) = vec((BA)ᵀ)ᵀ vec(dX)"""
    inner = node.args[0]
    if not isinstance(inner, Product) or (i := moving(inner)) is None:
        if isinstance(inner, Product):
            return None
        return product(transpose(vec(identity(inner.rows))), vec(inner))
    left, right = around(inner, i)
    factor = inner.chain[i]
    if factor.rows is ONE or factor.cols is ONE:
        return (
            product(scalars(inner), right, left, factor) if factor.cols is ONE else product(scalars(inner), factor, right, left)
        )
    return product(scalars(inner), transpose(vec(transposed(product(right, left)))), vec(factor))


@rule(
    "trace of a scaled matrix",
    phase=PUSH,
    on=Trace,
    statement=r"\operatorname{tr}((\mathrm ds) A) = \operatorname{tr}(A)\,\mathrm ds",
    example=trace(product(product(transpose(x), d(b)), S)),
)
def trace_scaled(node: Node) -> Node | None:
    """tr((ds) A) = tr(A) ds"""
    inner = node.args[0]
    if not isinstance(inner, Product) or moving(inner) is not None:
        return None
    return product(scalars(inner), trace(product(*inner.chain)))


# vec


@rule(
    "vec of a product",
    phase=PUSH,
    on=(Vec, Product),
    statement=r"\operatorname{vec}(A\,(\mathrm dX)\,B) = (B^{\mathsf T} \otimes A)\operatorname{vec}(\mathrm dX)",
    example=vec(product(A, d(S), B)),
)
def vec_product(node: Node) -> Node | None:
    """vec(A (dX) B) = (Bᵀ ⊗ A) vec(dX); where A (dX) b is a column, vec is not written"""
    inner = node.args[0] if isinstance(node, Vec) else node
    if not isinstance(inner, Product) or (i := moving(inner)) is None:
        return None
    factor = inner.chain[i]
    if not isinstance(node, Vec) and (inner.cols is not ONE or factor.cols is ONE):
        return None
    if inner.rows is ONE and factor.rows is ONE:
        return None
    left, right = around(inner, i)
    return product(scalars(inner), kron(transposed(right), left), vec(factor))


@rule(
    "vec of a scaled matrix",
    phase=PUSH,
    on=Vec,
    statement=r"\operatorname{vec}((\mathrm ds) A) = \operatorname{vec}(A)\,\mathrm ds",
    example=vec(product(d(c), A)),
)
def vec_scaled(node: Node) -> Node | None:
    """vec((ds) A) = vec(A) ds"""
    inner = node.args[0]
    if not isinstance(inner, Product) or moving(inner) is not None:
        return None
    moved = next(base for base, _ in inner.bag if base.has_differential)
    rest = product(inner.coefficient, *(power(base, e) for base, e in inner.bag if base is not moved))
    return product(rest, vec(product(*inner.chain)), moved)


@rule(
    "vec of a transpose",
    phase=PUSH,
    on=Vec,
    statement=r"\operatorname{vec}((\mathrm dX)^{\mathsf T}) = K \operatorname{vec}(\mathrm dX)",
    example=vec(transpose(d(A))),
)
def vec_transpose(node: Node) -> Node | None:
    """vec((dX)ᵀ) = K vec(dX), with the commutation matrix K"""
    if not isinstance(node.args[0], Transpose):
        return None
    (inner,) = node.args[0].args
    return product(commutation(*inner.shape), vec(inner))


@rule(
    "vec of an entrywise product",
    phase=PUSH,
    on=Vec,
    statement=r"\operatorname{vec}(A \circ \mathrm dX)"
    r" = \operatorname{diag}(\operatorname{vec} A)\operatorname{vec}(\mathrm dX)",
    example=vec(hadamard(A, d(C))),
)
def vec_hadamard(node: Node) -> Node | None:
    """vec(A ∘ dX) = diag(vec A) vec(dX)"""
    inner = node.args[0]
    if not isinstance(inner, Hadamard):
        return None
    still = hadamard(*(arg for arg in inner.args if not arg.has_differential))
    return product(diag(vec(still)), vec(next(arg for arg in inner.args if arg.has_differential)))


@rule(
    "vec of a Kronecker product",
    phase=PUSH,
    on=Vec,
    statement=r"\operatorname{vec}(A \otimes B)"
    r" = (I_n \otimes K_{q,m} \otimes I_p)(\operatorname{vec} A \otimes \operatorname{vec} B)",
    example=vec(kron(A, d(Y))),
)
def vec_kronecker(node: Node) -> Node | None:
    """vec(A ⊗ B) = (I ⊗ K ⊗ I)(vec A ⊗ vec B), for A of m×n, B of p×q, with K(q, m) in the middle"""
    inner = node.args[0]
    if not isinstance(inner, Kronecker):
        return None
    place = next(i for i, arg in enumerate(inner.args) if arg.has_differential)
    # Two factors at a time: the one that holds d, and its neighbours taken together.
    left, right = (
        (inner.args[0], kron(*inner.args[1:])) if place == 0 else (kron(*inner.args[:place]), kron(*inner.args[place:]))
    )
    (m, n), (p, q) = left.shape, right.shape
    shuffle = kron(identity(n), commutation(q, m), identity(p))
    if left.has_differential:
        return product(shuffle, kron(identity(times(m, n)), vec(right)), vec(left))
    return product(shuffle, kron(vec(left), identity(times(p, q))), vec(right))


@rule(
    "vec of a diagonal matrix",
    phase=PUSH,
    on=Vec,
    statement=r"\operatorname{vec}(\operatorname{diag}(\mathrm dx)) = (I \ast I)\,\mathrm dx",
    example=vec(diag(d(x))),
)
def vec_diag(node: Node) -> Node | None:
    """vec(diag(dx)) = (I ∗ I) dx, with the Khatri–Rao product ∗"""
    if not isinstance(node.args[0], Diag):
        return None
    (inner,) = node.args[0].args
    return product(khatri_rao(identity(inner.rows), identity(inner.rows)), inner)


@rule(
    "vec of a Khatri–Rao product",
    phase=PUSH,
    on=Vec,
    statement=r"\operatorname{vec}(A \ast B)"
    r" = \operatorname{diag}(\operatorname{vec}(A \otimes \mathbf 1) )\operatorname{vec}(\mathbf 1 \otimes B)",
    example=vec(khatri_rao(A, d(S))),
)
def vec_khatri_rao(node: Node) -> Node | None:
    """A ∗ B = (A ⊗ 1) ∘ (1 ⊗ B), with columns of ones, entry by entry"""
    inner = node.args[0]
    if not isinstance(inner, KhatriRao):
        return None
    left, right = inner.args
    return vec(hadamard(kron(left, ones(right.rows)), kron(ones(left.rows), right)))
