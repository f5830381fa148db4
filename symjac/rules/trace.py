"""Scalars: stay in the trace, and cycle d to its end, so that df = tr(Gᵀ dX) shows the gradient G.

Magnus & Neudecker, chapter 9 (the first identification theorem for scalar functions of a matrix).
"""

from __future__ import annotations

from collections.abc import Sequence

from symjac.nodes.build import diag, diagonal, differential, hadamard, kron, ones, product, trace, transpose, vec
from symjac.nodes.node import Diag, Diagonal, Hadamard, Kronecker, Node, Ones, Product, Trace, Transpose, Vec
from symjac.nodes.sizes import ONE, Size
from symjac.rules.examples import A, B, C, S, X, a, b, x, y
from symjac.rules.push import around, moving, scalars, transposed
from symjac.rules.rule import PUSH, rule

d = differential


def split_trace(node: Node) -> tuple[Node, Node | None, Node] | None:
    """Return (s, P, Y) with node = tr(s P Y) and Y the factor that holds d, last; P is None where nothing precedes."""
    if not isinstance(node, Trace):
        return None
    inner = node.args[0]
    if not isinstance(inner, Product):
        return product(1), None, inner
    i = moving(inner)
    if i is None or i + 1 != len(inner.chain):
        return None
    left = product(*inner.chain[:-1]) if i else None
    return scalars(inner), left, inner.chain[-1]


@rule(
    "a scalar is its trace",
    phase=PUSH,
    on=Product,
    statement=r"a^{\mathsf T}(\mathrm dX)\,b = \operatorname{tr}(b\,a^{\mathsf T}\,\mathrm dX)",
    example=product(transpose(y), d(A), x),
)
def scalar_is_trace(node: Node) -> Node | None:
    """aᵀ (dX) b = tr(b aᵀ dX)"""
    assert isinstance(node, Product)
    i = moving(node)
    if not node.is_scalar or i is None or ONE in node.chain[i].shape:
        return None
    left, right = around(node, i)
    return product(scalars(node), trace(product(right, left, node.chain[i])))


@rule(
    "trace is cyclic",
    phase=PUSH,
    on=Trace,
    statement=r"\operatorname{tr}(A\,(\mathrm dX)\,B) = \operatorname{tr}(BA\,\mathrm dX)",
    example=trace(product(A, d(B), transpose(B), transpose(A))),
)
def trace_cyclic(node: Node) -> Node | None:
    """tr(A (dX) B) = tr(BA dX); for a column, tr(a (dx)ᵀ B) = (dx)ᵀ B a"""
    inner = node.args[0]
    if not isinstance(inner, Product) or (i := moving(inner)) is None:
        return None
    factor, (left, right) = inner.chain[i], around(inner, i)
    if factor.cols is ONE:
        return product(scalars(inner), right, left, factor)
    if factor.rows is ONE:
        return product(scalars(inner), factor, right, left)
    return None if i + 1 == len(inner.chain) else trace(product(scalars(inner), right, left, factor))


@rule(
    "trace of a transpose",
    phase=PUSH,
    on=Trace,
    statement=r"\operatorname{tr}(A\,(\mathrm dX)^{\mathsf T}) = \operatorname{tr}(A^{\mathsf T}\,\mathrm dX)",
    example=trace(product(A, transpose(d(C)))),
)
def trace_transpose(node: Node) -> Node | None:
    """tr(A (dX)ᵀ) = tr(Aᵀ dX)"""
    parts = split_trace(node)
    if parts is None or not isinstance(parts[2], Transpose):
        return None
    s, left, factor = parts
    return product(s, trace(product(transposed(left), factor.args[0]) if left else factor.args[0]))


@rule(
    "trace of an entrywise product",
    phase=PUSH,
    on=Trace,
    statement=r"\operatorname{tr}(A^{\mathsf T}(B \circ \mathrm dX)) = \operatorname{tr}((A \circ B)^{\mathsf T}\,\mathrm dX)",
    example=trace(product(transpose(A), hadamard(C, d(C)))),
)
def trace_hadamard(node: Node) -> Node | None:
    """tr(Aᵀ (B ∘ dX)) = tr((A ∘ B)ᵀ dX)"""
    parts = split_trace(node)
    if parts is None or not isinstance(parts[2], Hadamard):
        return None
    s, left, factor = parts
    still = hadamard(*(arg for arg in factor.args if not arg.has_differential))
    moved = next(arg for arg in factor.args if arg.has_differential)
    weight = hadamard(transposed(left), still) if left else diag(diagonal(still))
    return product(s, trace(product(transpose(weight), moved)))


@rule(
    "trace against a diagonal matrix",
    phase=PUSH,
    on=Trace,
    statement=r"\operatorname{tr}(A\operatorname{diag}(\mathrm dx)) = \operatorname{diag}(A)^{\mathsf T}\,\mathrm dx",
    example=trace(product(S, diag(d(x)))),
)
def trace_diag(node: Node) -> Node | None:
    """tr(A diag(dx)) = diag(A)ᵀ dx"""
    parts = split_trace(node)
    if parts is None or not isinstance(parts[2], Diag):
        return None
    s, left, factor = parts
    weight = transpose(diagonal(left)) if left else ones(1, factor.rows)
    return product(s, weight, factor.args[0])


@rule(
    "trace of a Kronecker product",
    phase=PUSH,
    on=Trace,
    statement=r"\operatorname{tr}((A \otimes B)(C \otimes \mathrm dX)) = \operatorname{tr}(AC)\operatorname{tr}(B\,\mathrm dX)",
    example=trace(kron(S, d(X))),
)
def trace_kronecker(node: Node) -> Node | None:
    """tr(A ⊗ B) = tr(A) tr(B), also behind another Kronecker product of the same shapes"""
    parts = split_trace(node)
    if parts is None or not isinstance(parts[2], Kronecker):
        return None
    s, left, factor = parts
    if left is None:
        return product(s, *map(trace, factor.args)) if all(arg.is_square for arg in factor.args) else None
    scale, kernel = (scalars(left), product(*left.chain)) if isinstance(left, Product) else (product(1), left)
    pairs = _matched(kernel, factor.args)
    return product(s, scale, *(trace(product(p, f)) for p, f in pairs)) if pairs else None


def _matched(kernel: Node, factors: Sequence[Node]) -> list[tuple[Node, Node]] | None:
    """Pair the factors of two Kronecker products (a matrix of ones counts as one) where each pair has a trace."""
    kernel = transposed(kernel.args[0]) if isinstance(kernel, Transpose) else kernel
    if isinstance(kernel, Ones):
        parts: tuple[Node, ...] = tuple(ones(arg.cols, arg.rows) for arg in factors)
    elif isinstance(kernel, Kronecker) and len(kernel.args) == len(factors):
        parts = kernel.args
    else:
        return None
    pairs = list(zip(parts, factors, strict=True))
    return pairs if all(p.shape == (f.cols, f.rows) for p, f in pairs) else None


@rule(
    "sum over a Kronecker product",
    phase=PUSH,
    on=Product,
    statement=r"(a \otimes b)^{\mathsf T}(A \otimes \mathrm dX)(c \otimes e)"
    r" = (a^{\mathsf T}A c)(b^{\mathsf T}(\mathrm dX)\,e)",
    example=product(kron(transpose(a), transpose(y)), kron(A, d(A)), kron(b, x)),
)
def scalar_kronecker(node: Node) -> Node | None:
    """(a ⊗ b)ᵀ (A ⊗ dX) (c ⊗ e) = (aᵀAc)(bᵀ (dX) e), a row of ones being a Kronecker product of such rows"""
    assert isinstance(node, Product)
    i = moving(node)
    if not node.is_scalar or i is None or len(node.chain) != 3 or i != 1 or not isinstance(node.chain[1], Kronecker):
        return None
    row, factor, column = node.chain
    rows = _split_like(row, [arg.rows for arg in factor.args], column=False)
    columns = _split_like(column, [arg.cols for arg in factor.args], column=True)
    if rows is None or columns is None:
        return None
    return product(scalars(node), *(product(r, f, c) for r, f, c in zip(rows, factor.args, columns, strict=True)))


def _split_like(vector: Node, sizes: list[Size], column: bool) -> list[Node] | None:
    if isinstance(vector, Ones):
        return [ones(n, 1) if column else ones(1, n) for n in sizes]
    inner = vector.args[0] if isinstance(vector, Transpose) else vector
    if not isinstance(inner, Kronecker) or len(inner.args) != len(sizes):
        return None
    parts = [transpose(arg) for arg in inner.args] if inner is not vector else list(inner.args)
    return parts if [part.rows if column else part.cols for part in parts] == sizes else None


@rule(
    "inner product with a diagonal",
    phase=PUSH,
    on=Product,
    statement=r"a^{\mathsf T}\operatorname{diag}(\mathrm dX) = \operatorname{tr}(\operatorname{diag}(a)\,\mathrm dX)",
    example=product(transpose(b), diagonal(d(S))),
)
def scalar_diagonal(node: Node) -> Node | None:
    """aᵀ diag(dX) = tr(diag(a) dX)"""
    assert isinstance(node, Product)
    if (
        not node.is_scalar
        or len(node.chain) < 2
        or not isinstance(node.chain[-1], Diagonal)
        or not node.chain[-1].has_differential
    ):
        return None
    weight = transposed(product(*node.chain[:-1]))
    return product(scalars(node), trace(product(diag(weight), node.chain[-1].args[0])))


@rule(
    "inner product of vecs",
    phase=PUSH,
    on=Product,
    statement=r"(\operatorname{vec} A)^{\mathsf T}\operatorname{vec}(\mathrm dX)"
    r" = \operatorname{tr}(A^{\mathsf T}\,\mathrm dX)",
    example=product(transpose(vec(A)), vec(d(C))),
)
def scalar_vec(node: Node) -> Node | None:
    """vec(A)ᵀ vec(dX) = tr(Aᵀ dX); (b ⊗ a)ᵀ vec(dX) = aᵀ (dX) b"""
    assert isinstance(node, Product)
    if not node.is_scalar or not node.chain or not isinstance(node.chain[-1], Vec) or moving(node) != len(node.chain) - 1:
        return None
    moved = node.chain[-1].args[0]
    row = product(*node.chain[:-1])
    scale, kernel = (scalars(row), product(*row.chain)) if isinstance(row, Product) else (product(1), row)
    if isinstance(kernel, Ones):
        return product(scalars(node), ones(1, moved.rows), moved, ones(moved.cols, 1))
    column = transposed(kernel)
    if isinstance(column, Vec) and column.args[0].shape == moved.shape:
        return product(scalars(node), scale, trace(product(transpose(column.args[0]), moved)))
    if isinstance(column, Kronecker) and [arg.rows for arg in column.args] == [moved.cols, moved.rows]:
        right, left = column.args
        return product(scalars(node), scale, transpose(left), moved, right)
    return None
