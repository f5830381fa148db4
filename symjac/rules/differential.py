"""d of every operation, in terms of d of its arguments.

Magnus & Neudecker, *Matrix Differential Calculus*, 3rd ed., chapters 8 and 9; Petersen & Pedersen, *The Matrix
Cookbook* (2012), equations (33)–(46). A rule takes the node under d and returns d of it; `d` of a constant is
dropped by the engine, and d of a symbol stays.
"""

from __future__ import annotations

from symjac.nodes.build import (
    add,
    diag,
    diagonal,
    differential,
    elementwise,
    hadamard,
    hadamard_power,
    identity,
    inverse,
    khatri_rao,
    kron,
    logsumexp,
    matrix_power,
    norm,
    ones,
    power,
    product,
    softmax,
    subtract,
    trace,
    transpose,
    vec,
)
from symjac.nodes.build import determinant as det
from symjac.nodes.functions import COS, EXP, LOG, SIGMOID, SIN, SOFTPLUS, TANH, Function
from symjac.nodes.node import (
    Determinant,
    Diag,
    Diagonal,
    Elementwise,
    Hadamard,
    HadamardPower,
    Inverse,
    KhatriRao,
    Kronecker,
    Let,
    LogSumExp,
    MatrixPower,
    Node,
    Norm,
    Product,
    Softmax,
    Sum,
    Trace,
    Transpose,
    Vec,
)
from symjac.nodes.sizes import ONE
from symjac.rules.examples import A, B, C, S, X, a, b, c, x
from symjac.rules.rule import DIFFERENTIAL, rule

d = differential


@rule("sum", phase=DIFFERENTIAL, on=Sum, statement=r"\mathrm d(A + B) = \mathrm dA + \mathrm dB", example=add(A, C))
def sum_(node: Node) -> Node | None:
    """d(A + B) = dA + dB"""
    return add(*map(d, node.args))


@rule(
    "squared norm",
    phase=DIFFERENTIAL,
    on=Product,
    statement=r"\mathrm d\lVert A\rVert^2 = 2\operatorname{tr}(A^{\mathsf T}\,\mathrm dA)",
    example=power(norm(A), 2),
)
def squared_norm(node: Node) -> Node | None:
    """d‖A‖² = 2 tr(Aᵀ dA)"""
    assert isinstance(node, Product)
    if node.chain or node.coefficient != 1 or len(node.bag) != 1 or node.bag[0][1] != 2 or not isinstance(node.bag[0][0], Norm):
        return None
    (inner,) = node.bag[0][0].args
    return product(2, trace(product(transpose(inner), d(inner))))


@rule(
    "power of a scalar",
    phase=DIFFERENTIAL,
    on=Product,
    statement=r"\mathrm d(s^p) = p\,s^{p-1}\,\mathrm ds",
    example=power(add(product(transpose(x), b), c), 3),
)
def scalar_power(node: Node) -> Node | None:
    """d(sᵖ) = p sᵖ⁻¹ ds"""
    assert isinstance(node, Product)
    if node.chain or len(node.bag) != 1:
        return None
    ((base, exponent),) = node.bag
    return product(node.coefficient, exponent, power(base, exponent - 1), d(base)) if exponent != 1 else None


@rule(
    "product",
    phase=DIFFERENTIAL,
    on=Product,
    statement=r"\mathrm d(AB) = (\mathrm dA)B + A\,\mathrm dB",
    example=product(c, A, B),
)
def product_(node: Node) -> Node | None:
    """d(AB) = (dA) B + A dB, for numbers, scalars and matrices alike"""
    assert isinstance(node, Product)
    factors = [power(base, exponent) for base, exponent in node.bag] + list(node.chain)
    terms = [product(node.coefficient, *factors[:i], d(factor), *factors[i + 1 :]) for i, factor in enumerate(factors)]
    return add(*terms)


@rule(
    "transpose",
    phase=DIFFERENTIAL,
    on=Transpose,
    statement=r"\mathrm d(A^{\mathsf T}) = (\mathrm dA)^{\mathsf T}",
    example=transpose(A),
)
def transpose_(node: Node) -> Node | None:
    """d(Aᵀ) = (dA)ᵀ"""
    return transpose(d(node.args[0]))


@rule(
    "inverse",
    phase=DIFFERENTIAL,
    on=Inverse,
    statement=r"\mathrm d(A^{-1}) = -A^{-1}\,(\mathrm dA)\,A^{-1}",
    example=inverse(X),
)
def inverse_(node: Node) -> Node | None:
    """d(A⁻¹) = −A⁻¹ (dA) A⁻¹, wherever A is invertible"""
    return product(-1, node, d(node.args[0]), node)


@rule(
    "matrix power",
    phase=DIFFERENTIAL,
    on=MatrixPower,
    statement=r"\mathrm d(A^n) = \sum_{k=0}^{n-1} A^k\,(\mathrm dA)\,A^{n-1-k}",
    example=matrix_power(X, 3),
)
def matrix_power_(node: Node) -> Node | None:
    """d(Aⁿ) = Σ Aᵏ (dA) Aⁿ⁻¹⁻ᵏ, and d(A⁻ⁿ) = −Σ Aᵏ⁻ⁿ (dA) A⁻¹⁻ᵏ, for k = 0, …, n − 1"""
    assert isinstance(node, MatrixPower)
    (base,), n = node.args, abs(node.exponent)
    if node.exponent > 0:
        return add(*(product(matrix_power(base, k), d(base), matrix_power(base, n - 1 - k)) for k in range(n)))
    return add(*(product(-1, matrix_power(base, k - n), d(base), matrix_power(base, -1 - k)) for k in range(n)))


@rule(
    "trace",
    phase=DIFFERENTIAL,
    on=Trace,
    statement=r"\mathrm d\operatorname{tr}(A) = \operatorname{tr}(\mathrm dA)",
    example=trace(X),
)
def trace_(node: Node) -> Node | None:
    """d tr(A) = tr(dA)"""
    return trace(d(node.args[0]))


@rule(
    "determinant",
    phase=DIFFERENTIAL,
    on=Determinant,
    statement=r"\mathrm d\det(A) = \det(A)\operatorname{tr}(A^{-1}\,\mathrm dA)",
    example=det(X),
)
def determinant(node: Node) -> Node | None:
    """d det(A) = det(A) tr(A⁻¹ dA), wherever A is invertible"""
    return product(node, trace(product(inverse(node.args[0]), d(node.args[0]))))


@rule(
    "log-determinant",
    phase=DIFFERENTIAL,
    on=Elementwise,
    statement=r"\mathrm d\log\det(A) = \operatorname{tr}(A^{-1}\,\mathrm dA)",
    example=elementwise(LOG, det(S)),
)
def log_determinant(node: Node) -> Node | None:
    """d log det(A) = tr(A⁻¹ dA), wherever det(A) > 0"""
    assert isinstance(node, Elementwise)
    if node.function != LOG or not isinstance(node.args[0], Determinant):
        return None
    (inner,) = node.args[0].args
    return trace(product(inverse(inner), d(inner)))


@rule(
    "norm",
    phase=DIFFERENTIAL,
    on=Norm,
    statement=r"\mathrm d\lVert A\rVert = \frac{1}{\lVert A\rVert}\operatorname{tr}(A^{\mathsf T}\,\mathrm dA)",
    example=norm(A),
)
def norm_(node: Node) -> Node | None:
    """d‖A‖ = tr(Aᵀ dA) / ‖A‖, wherever A is not zero"""
    (inner,) = node.args
    return product(power(node, -1), trace(product(transpose(inner), d(inner))))


@rule(
    "log of softmax",
    phase=DIFFERENTIAL,
    on=Elementwise,
    statement=r"\mathrm d\log(\operatorname{softmax}(x)) = (I - \mathbf 1 s^{\mathsf T})\,\mathrm dx,\quad s"
    r" = \operatorname{softmax}(x)",
    example=elementwise(LOG, softmax(x)),
)
def log_softmax(node: Node) -> Node | None:
    """d log(softmax(x)) = (I − 1sᵀ) dx, with s = softmax(x)"""
    assert isinstance(node, Elementwise)
    s = node.args[0]
    value = s.value if isinstance(s, Let) else s
    if node.function != LOG or not isinstance(value, Softmax):
        return None
    (inner,) = value.args
    if inner.cols is ONE:
        return product(subtract(identity(s.rows), product(ones(s.rows), transpose(s))), d(inner))
    return product(d(inner), subtract(identity(s.cols), product(transpose(s), ones(1, s.cols))))


@rule(
    "log of sigmoid",
    phase=DIFFERENTIAL,
    on=Elementwise,
    statement=r"\mathrm d\log(\sigma(A)) = \sigma(-A) \circ \mathrm dA",
    example=elementwise(LOG, elementwise(SIGMOID, A)),
)
def log_sigmoid(node: Node) -> Node | None:
    """d log(σ(A)) = σ(−A) ∘ dA, for 1 − σ(t) = σ(−t); for a column, diag(σ(−x)) dx"""
    assert isinstance(node, Elementwise)
    inside = node.args[0]
    if node.function != LOG or not isinstance(inside, Elementwise) or inside.function != SIGMOID:
        return None
    (inner,) = inside.args
    return _scale_entries(elementwise(SIGMOID, product(-1, inner)), d(inner))


def derivative_at(function: Function, arg: Node) -> Node:
    """Return f′ at every entry of `arg`; where f′ has a familiar name it is used, else f′ stays opaque."""
    if function == LOG:
        return hadamard_power(arg, -1)
    if function == COS:
        return product(-1, elementwise(SIN, arg))
    familiar = {EXP: EXP, SIN: COS, SOFTPLUS: SIGMOID}
    return elementwise(familiar.get(function, function.derivative), arg)


@rule(
    "elementwise function",
    phase=DIFFERENTIAL,
    on=Elementwise,
    statement=r"\mathrm df(A) = f'(A) \circ \mathrm dA",
    example=elementwise(TANH, A),
)
def elementwise_(node: Node) -> Node | None:
    """d f(A) = f′(A) ∘ dA; for a column, diag(f′(x)) dx"""
    assert isinstance(node, Elementwise)
    (inner,) = node.args
    return _scale_entries(derivative_at(node.function, inner), d(inner))


@rule(
    "entrywise power",
    phase=DIFFERENTIAL,
    on=HadamardPower,
    statement=r"\mathrm d(A^{\circ p}) = p\,A^{\circ (p-1)} \circ \mathrm dA",
    example=hadamard_power(A, 3),
)
def hadamard_power_(node: Node) -> Node | None:
    """d(A^∘p) = p A^∘(p−1) ∘ dA"""
    assert isinstance(node, HadamardPower)
    (inner,) = node.args
    return product(node.exponent, _scale_entries(hadamard_power(inner, node.exponent - 1), d(inner)))


def _scale_entries(slopes: Node, moved: Node) -> Node:
    return product(diag(slopes), moved) if moved.cols is ONE else hadamard(slopes, moved)


@rule(
    "softmax",
    phase=DIFFERENTIAL,
    on=Softmax,
    statement=r"\mathrm ds = (\operatorname{diag}(s) - s s^{\mathsf T})\,\mathrm dx,\quad s = \operatorname{softmax}(x)",
    example=softmax(x),
)
def softmax_(node: Node) -> Node | None:
    """ds = (diag(s) − ssᵀ) dx, with s = softmax(x)"""
    (inner,) = node.args
    if inner.cols is ONE:
        return product(subtract(diag(node), product(node, transpose(node))), d(inner))
    return product(d(inner), subtract(diag(node), product(transpose(node), node)))


@rule(
    "log-sum-exp",
    phase=DIFFERENTIAL,
    on=LogSumExp,
    statement=r"\mathrm d\operatorname{logsumexp}(x) = \operatorname{softmax}(x)^{\mathsf T}\,\mathrm dx",
    example=logsumexp(x),
)
def logsumexp_(node: Node) -> Node | None:
    """d logsumexp(x) = softmax(x)ᵀ dx"""
    (inner,) = node.args
    s = softmax(inner)
    return product(transpose(s), d(inner)) if inner.cols is ONE else product(d(inner), transpose(s))


@rule(
    "Hadamard product",
    phase=DIFFERENTIAL,
    on=Hadamard,
    statement=r"\mathrm d(A \circ B) = (\mathrm dA) \circ B + A \circ \mathrm dB",
    example=hadamard(A, C),
)
def hadamard_(node: Node) -> Node | None:
    """d(A ∘ B) = (dA) ∘ B + A ∘ dB"""
    return add(*(hadamard(*node.args[:i], d(arg), *node.args[i + 1 :]) for i, arg in enumerate(node.args)))


@rule(
    "Kronecker product",
    phase=DIFFERENTIAL,
    on=Kronecker,
    statement=r"\mathrm d(A \otimes B) = (\mathrm dA) \otimes B + A \otimes \mathrm dB",
    example=kron(A, B),
)
def kronecker(node: Node) -> Node | None:
    """d(A ⊗ B) = (dA) ⊗ B + A ⊗ dB"""
    return add(*(kron(*node.args[:i], d(arg), *node.args[i + 1 :]) for i, arg in enumerate(node.args)))


@rule(
    "Khatri–Rao product",
    phase=DIFFERENTIAL,
    on=KhatriRao,
    statement=r"\mathrm d(A \ast B) = (\mathrm dA) \ast B + A \ast \mathrm dB",
    example=khatri_rao(A, S),
)
def khatri_rao_(node: Node) -> Node | None:
    """d(A ∗ B) = (dA) ∗ B + A ∗ dB"""
    left, right = node.args
    return add(khatri_rao(d(left), right), khatri_rao(left, d(right)))


@rule(
    "vec",
    phase=DIFFERENTIAL,
    on=Vec,
    statement=r"\mathrm d\operatorname{vec}(A) = \operatorname{vec}(\mathrm dA)",
    example=vec(A),
)
def vec_(node: Node) -> Node | None:
    """d vec(A) = vec(dA)"""
    return vec(d(node.args[0]))


@rule(
    "diagonal matrix",
    phase=DIFFERENTIAL,
    on=Diag,
    statement=r"\mathrm d\operatorname{diag}(x) = \operatorname{diag}(\mathrm dx)",
    example=diag(a),
)
def diag_(node: Node) -> Node | None:
    """d diag(x) = diag(dx)"""
    return diag(d(node.args[0]))


@rule(
    "diagonal",
    phase=DIFFERENTIAL,
    on=Diagonal,
    statement=r"\mathrm d\operatorname{diag}(A) = \operatorname{diag}(\mathrm dA)",
    example=diagonal(S),
)
def diagonal_(node: Node) -> Node | None:
    """d of the diagonal of A is the diagonal of dA"""
    return diagonal(d(node.args[0]))
