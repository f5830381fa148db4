"""Derivatives by components: reverse mode over the tensors of a form.

Every tensor T gets an adjoint ∂F/∂T with the indices of F in front of its own, made once and shared before it
is used; ∂X_ij/∂X_kl = δ_ik δ_jl at the leaves. All variables come out of one pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from symjac.components.algebra import Piece, add, atom, contract, derivative_of, pull_deltas, scale, size_form
from symjac.components.evaluation import postorder
from symjac.components.form import Form, Scope, Term
from symjac.components.labelling import Factor
from symjac.components.matrices import inverse
from symjac.components.reading import axis, read
from symjac.components.simplify import UNIT, Open
from symjac.components.substitution import rebuild
from symjac.components.tensor import (
    Applied,
    DeterminantOf,
    Entry,
    InverseOf,
    LogSumExpOf,
    Shared,
    SizePower,
    Sizes,
    SoftmaxOf,
    Tensor,
    delta,
)
from symjac.errors import UnsupportedError
from symjac.nodes.node import Node, Symbol


def differentiate(node: Node, symbols: Iterable[Symbol]) -> dict[Symbol, Form]:
    """Return ∂F_ij/∂X_kl for every symbol X, with the free indices (i, j, k, l).

    >>> from symjac.nodes.build import product, symbol
    >>> A, x = symbol("A", 3, 2), symbol("x", 2)
    >>> differentiate(product(A, x), [x])[x]
    1 Entry(A, ())[0, 1]^1

    An axis of size 1 has no index; an axis that is a Kronecker product of axes has one for each. Facts about a
    symbol do not change what is differentiated: they are used in the result.
    """
    wanted = list(symbols)
    form = read(node, plain=[symbol.name for symbol in wanted if symbol.facts]).form
    found = differentiate_form(form, [(symbol.name, (*axis(symbol.rows), *axis(symbol.cols))) for symbol in wanted])
    facts = {symbol.name: tuple(sorted(symbol.facts)) for symbol in wanted if symbol.facts}
    return {symbol: with_facts(result, facts) for symbol, result in zip(wanted, found, strict=True)}


def differentiate_form(form: Form, variables: Sequence[tuple[str, Sizes]]) -> list[Form]:
    """Return the derivative of a form by each of the symbols, given by name and index sizes.

    >>> from symjac.nodes.build import product, symbol, transpose
    >>> x, S = symbol("x", 3), symbol("S", 3, 3, ["symmetric"])
    >>> first, = differentiate_form(read(product(transpose(x), S, x)).form, [("x", (x.rows,))])
    >>> differentiate_form(first, [("x", (x.rows,))])
    [2 Entry(S, ('symmetric',))[0, 1]^1]

    The symbols should come without facts: `read(node, plain=…)`, and `with_facts` afterwards.
    """
    names = frozenset(name for name, _ in variables)
    collected: dict[Tensor, list[Form]] = {}
    _collect(form, _own_adjoint(form.sizes), len(form.sizes), names, collected)
    leaves: dict[str, list[Form]] = {}
    for tensor in reversed([tensor for tensor in postorder(form) if tensor.symbols & names]):
        if tensor not in collected:
            continue
        total = add(*collected.pop(tensor))
        if isinstance(tensor, Entry):
            leaves.setdefault(tensor.name, []).append(total)
            continue
        assert tensor.body is not None
        adjoint = _through(tensor, pull_deltas(total, share_products=True), form.sizes)
        _collect(tensor.body, adjoint, len(form.sizes), names, collected)
    return [add(Form((*form.sizes, *sizes), ()), *leaves.get(name, [])) for name, sizes in variables]


def _own_adjoint(sizes: Sizes) -> Form:
    """Return ∂F/∂F: a delta for every index."""
    scope = Scope()
    outer, inner = scope.fresh(*sizes), scope.fresh(*sizes)
    ties = [Factor(delta(size), (i, j), UNIT) for size, i, j in zip(sizes, outer, inner, strict=True)]
    return scope.close([Open(UNIT, ties, ())], (*outer, *inner))


def _collect(body: Form, adjoint: Form, rank: int, names: frozenset[str], collected: dict[Tensor, list[Form]]) -> None:
    """Add to every tensor in a body what the adjoint of the body says about it."""
    for term in body.terms:
        for position, factor in enumerate(term.factors):
            if factor.tensor.symbols & names:
                collected.setdefault(factor.tensor, []).append(_partial(body, term, position, adjoint, rank))


def _partial(body: Form, term: Term, position: int, adjoint: Form, rank: int) -> Form:
    """Return Σ_t F̄(o, t) ∂(term at t)/∂T(u), with the free indices (o, u)."""
    scope = Scope()
    outer = scope.fresh(*adjoint.sizes[:rank])
    inner = scope.fresh(*body.sizes)
    coefficient, factors, bound = scope.open_term(term, inner)
    tensor, indices, exponent = factors.pop(position)
    if exponent != 1:
        coefficient *= exponent
        factors.append(Factor(tensor, indices, exponent - 1))
    own = scope.fresh(*tensor.sizes)
    factors += [Factor(delta(scope.sizes[j]), (i, j), UNIT) for i, j in zip(indices, own, strict=True)]
    terms = (Open(coefficient * c, [*factors, *fs], (*bound, *inner, *b)) for c, fs, b in scope.open(adjoint, (*outer, *inner)))
    return scope.close(terms, (*outer, *own))


# Through a tensor: the adjoint of its body


def _through(tensor: Tensor, adjoint: Form, outer: Sizes) -> Form:
    if type(tensor) not in _RULES:
        raise UnsupportedError(f"no derivative by components is known for {type(tensor).__name__}")
    return _RULES[type(tensor)](tensor, adjoint, outer)


def _applied(tensor: Tensor, adjoint: Form, outer: Sizes) -> Form:
    """df(t) = f′(t) dt."""
    assert isinstance(tensor, Applied)
    assert tensor.body is not None
    scope = Scope()
    o, t = scope.fresh(*outer), scope.fresh(*tensor.sizes)
    return contract(scope, [(adjoint, (*o, *t)), (derivative_of(tensor.function, tensor.body), t)], (*o, *t))


def _inverse(tensor: Tensor, adjoint: Form, outer: Sizes) -> Form:
    """d(P⁻¹) = −P⁻¹ (dP) P⁻¹."""
    assert tensor.body is not None
    rows = tensor.data[0]
    scope = Scope()
    o = scope.fresh(*outer)
    a, b = scope.fresh(*tensor.body.sizes[rows:]), scope.fresh(*tensor.body.sizes[:rows])
    c, d = scope.fresh(*tensor.body.sizes[:rows]), scope.fresh(*tensor.body.sizes[rows:])
    inverted = atom(tensor)
    pieces: list[Piece] = [(adjoint, (*o, *a, *b)), (inverted, (*a, *c)), (inverted, (*d, *b))]
    return scale(-1, contract(scope, pieces, (*o, *c, *d), (*a, *b)))


def _determinant(tensor: Tensor, adjoint: Form, outer: Sizes) -> Form:
    """d det P = det(P) tr(P⁻¹ dP)."""
    assert tensor.body is not None
    rows = tensor.data[0]
    scope = Scope()
    o = scope.fresh(*outer)
    c, d = scope.fresh(*tensor.body.sizes[:rows]), scope.fresh(*tensor.body.sizes[rows:])
    pieces: list[Piece] = [(adjoint, o), (atom(tensor), ()), (inverse(tensor.body, rows), (*d, *c))]
    return contract(scope, pieces, (*o, *c, *d))


def _softmax(tensor: Tensor, adjoint: Form, outer: Sizes) -> Form:
    """ds_i = s_i (dx_i − Σ_j s_j dx_j)."""
    scope = Scope()
    o, i, j = scope.fresh(*outer), scope.fresh(*tensor.sizes), scope.fresh(*tensor.sizes)
    s = atom(tensor)
    direct = contract(scope, [(adjoint, (*o, *j)), (s, j)], (*o, *j))
    mean = contract(scope, [(adjoint, (*o, *i)), (s, i), (s, j)], (*o, *j), i)
    return add(direct, scale(-1, mean))


def _logsumexp(tensor: Tensor, adjoint: Form, outer: Sizes) -> Form:
    """d log Σ exp x = Σ_j softmax(x)_j dx_j."""
    assert tensor.body is not None
    scope = Scope()
    o, j = scope.fresh(*outer), scope.fresh(*tensor.body.sizes)
    weights = atom(SoftmaxOf(tensor.body.sizes, (), tensor.body))
    return contract(scope, [(adjoint, o), (weights, j)], (*o, *j))


def _size_power(tensor: Tensor, adjoint: Form, outer: Sizes) -> Form:
    """d(c^n) = n c^n c⁻¹ dc."""
    assert tensor.body is not None
    scope = Scope()
    o = scope.fresh(*outer)
    ((_, (factor,), _),) = tensor.body.terms
    raised = contract(scope, [(atom(tensor), ()), (atom(factor.tensor, Fraction(-1)), ())], ())
    return contract(scope, [(adjoint, o), (size_form(tensor.data[0]), ()), (raised, ())], o)


_RULES: dict[type[Tensor], Callable[[Tensor, Form, Sizes], Form]] = {
    Applied: _applied,
    DeterminantOf: _determinant,
    InverseOf: _inverse,
    LogSumExpOf: _logsumexp,
    Shared: lambda tensor, adjoint, outer: adjoint,
    SizePower: _size_power,
    SoftmaxOf: _softmax,
}


# Facts


def with_facts(form: Form, facts: dict[str, tuple[str, ...]]) -> Form:
    """Return the form with facts said about the symbols of these names, and used."""
    if not facts:
        return form
    entries = (tensor for tensor in postorder(form) if isinstance(tensor, Entry) and tensor.name in facts)
    return rebuild(form, {entry: Entry(entry.sizes, (entry.name, facts[entry.name])) for entry in entries})
