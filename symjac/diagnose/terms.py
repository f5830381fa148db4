"""The claim is made of the truth's terms, but one is missing, or has the wrong sign or number in front."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from symjac.diagnose.bench import TOLERANCE, Bench, close
from symjac.diagnose.case import Diagnosis
from symjac.diagnose.factors import LARGEST, fraction_text
from symjac.diagnose.layouts import under
from symjac.diagnose.nonlinear import multiplies
from symjac.diagnose.words import shown
from symjac.errors import SymjacError
from symjac.evaluate import Array, evaluate
from symjac.nodes.build import identity, matrix_power, product, rebuild, replace
from symjac.nodes.node import (
    Commutation,
    Diag,
    Diagonal,
    Hadamard,
    KhatriRao,
    Kronecker,
    MatrixPower,
    Node,
    Product,
    Sum,
    Trace,
    Transpose,
    Vec,
    postorder,
)
from symjac.numerical import numerical_jacobian

MOST_TERMS = 12
MOST_POWER = 3
MOST_WRONG = 2
"""More wrong terms than this are no slip but another formula."""

_LINEAR = (Transpose, Vec, Kronecker, Hadamard, Diag, Diagonal, Trace, KhatriRao)


def expanded(root: Node) -> tuple[Node, ...]:
    """Return a formula as a sum, brackets multiplied out as far as `MOST_TERMS` allows.

    >>> from symjac.nodes.build import add, product, symbol, transpose
    >>> A, x = symbol("A", 3, 3), symbol("x", 3, 1)
    >>> [shown(term) for term in expanded(product(add(A, transpose(A)), x))]
    ['Ax', 'Aᵀx']
    """
    done: list[Node] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        parts = _parted(node)
        if len(parts) == 1 or len(done) + len(waiting) + len(parts) > MOST_TERMS:
            done.append(node)
        else:
            waiting.extend(reversed(parts))
    return tuple(done)


def _parted(root: Node) -> tuple[Node, ...]:
    """Return a formula with the outermost bracket multiplied out; the formula alone where there is none."""
    stack: list[tuple[Node, Callable[[Node], Node]]] = [(root, lambda node: node)]
    while stack:
        node, put = stack.pop(0)
        if isinstance(node, Sum):
            return tuple(put(term) for term in node.args)
        if isinstance(node, MatrixPower) and isinstance(node.args[0], Sum) and 1 < node.exponent <= MOST_POWER:
            rest = matrix_power(node.args[0], node.exponent - 1)
            return tuple(put(product(term, rest)) for term in node.args[0].args)
        for k in _linear_places(node):
            stack.append((node.args[k], _putting(node, k, put)))
    return (root,)


def _linear_places(node: Node) -> Sequence[int]:
    if isinstance(node, Product):
        exponents = node.data[1]
        return [k for k in range(len(node.args)) if k >= len(exponents) or exponents[k] == 1]
    return range(len(node.args)) if isinstance(node, _LINEAR) else ()


def _putting(node: Node, place: int, put: Callable[[Node], Node]) -> Callable[[Node], Node]:
    return lambda part: put(rebuild(node, [part if k == place else arg for k, arg in enumerate(node.args)]))


def missing_term(bench: Bench) -> tuple[Diagnosis, ...]:
    """Return the terms of the truth that the claim has forgotten."""
    return _first(bench, _missing)


def wrong_number(bench: Bench) -> tuple[Diagnosis, ...]:
    """Return the terms of the truth whose sign or number the claim has wrong."""
    return _first(bench, _wrong_number)


Sentence = tuple[str, str]
"""The kind and the sentence."""

Judge = Callable[[Bench, int, Sequence[Node], Sequence[Fraction]], Sentence | None]
"""What the numbers in front of the terms of a convention's truth say."""


def _first(bench: Bench, judge: Judge) -> tuple[Diagnosis, ...]:
    if bench.case.claim is None:
        return ()
    for convention in bench.spoken:
        terms = _terms(bench, convention)
        numbers = _numbers(bench, terms)
        found = judge(bench, convention, terms, numbers) if numbers else None
        if found:
            return (Diagnosis(found[0], found[1] + under(bench, convention) + "."),)
    return ()


def _terms(bench: Bench, convention: int) -> tuple[Node, ...]:
    """Return the truth's terms, and each with a commutation matrix once more without it."""
    node = bench.case.conventions[convention].node
    if node is None:
        return ()
    terms = expanded(node)
    if len(terms) < 2:
        return ()
    return tuple(dict.fromkeys((*terms, *(plain for t in terms if (plain := _uncommuted(t)) is not t))))


def _uncommuted(term: Node) -> Node:
    return replace(term, {k: identity(k.rows) for k in postorder(term) if isinstance(k, Commutation)})


def _numbers(bench: Bench, terms: Sequence[Node]) -> list[Fraction] | None:
    """Return the simple numbers with which the terms add up to the claim at all points, where they are determined."""
    if not terms:
        return None
    columns, claims = [], []
    for p in bench.general:
        claim = bench.claim(p)
        if claim is None:
            return None
        values = term_values(bench, terms, p)
        if values is None or any(v.shape != claim.shape for v in values):
            return None
        columns.append(np.column_stack([v.ravel() for v in values]))
        claims.append(claim.ravel())
    matrix, right = np.vstack(columns), np.concatenate(claims)
    if matrix.shape[0] <= matrix.shape[1] or not (np.isfinite(matrix).all() and np.isfinite(right).all()):
        return None
    solution, _, rank, _ = np.linalg.lstsq(matrix, right, rcond=None)
    if rank < matrix.shape[1] or not close(matrix @ solution, right):
        return None
    numbers = [Fraction(float(c)).limit_denominator(LARGEST) for c in solution]
    return numbers if all(abs(float(n) - c) < TOLERANCE * 100 for n, c in zip(numbers, solution, strict=True)) else None


def term_values(bench: Bench, terms: Sequence[Node], point: int) -> list[Array] | None:
    """Return the values of terms at a point, where all have one."""
    here = bench.points[point]
    try:
        return [evaluate(term, here.values, here.sizes) for term in terms]
    except (SymjacError, ArithmeticError, KeyError, ValueError):
        return None


def _missing(bench: Bench, convention: int, terms: Sequence[Node], numbers: Sequence[Fraction]) -> Sentence | None:
    node = bench.case.conventions[convention].node
    count = len(expanded(node)) if node is not None else 0
    own, plain = numbers[:count], numbers[count:]
    lost = [term for term, number in zip(terms, own, strict=False) if not number]
    kept = [number for number in own if number]
    present = {term for term, number in zip(terms, numbers, strict=True) if number}
    if lost and all(_uncommuted(term) is not term and _uncommuted(term) in present for term in lost):
        return "commutation", f"The commutation matrix has been forgotten: {_sum_text(lost)} is missing"
    if any(plain) or not lost or len(lost) > MOST_WRONG or not kept or any(n not in (1, 2) for n in kept):
        return None
    if any(n == 2 for n in kept):
        return _doubled(bench, terms, own, lost)
    said = _sum_text(lost)
    f, variable = bench.case.f, bench.case.variable
    if bench.case.subject == "differential":
        return "product rule", f"The product rule gives one term for each factor: {said} is missing"
    if f is None or variable is None:
        return "term", f"A term is missing: {said}"
    if _whole_terms(bench, lost):
        return "term", f"A term of the function has been left out: {said} is missing"
    if not multiplies(f, variable.name):
        return "term", f"The derivative has another term: {said} is missing"
    return "product rule", f"The product rule gives one term for each factor: {said} is missing"


def _doubled(bench: Bench, terms: Sequence[Node], numbers: Sequence[Fraction], lost: Sequence[Node]) -> Sentence | None:
    twice = [term for term, number in zip(terms, numbers, strict=False) if number == 2]
    if len(twice) != len(lost):
        return None
    sentence = f"{_sum_text(twice)} counts twice, and {_sum_text(lost)} is missing"
    if _are_transposes(bench, twice, lost):
        return "product rule", f"{_sum_text(lost)} and {_sum_text(twice)} are transposes of each other, not equal: {sentence}"
    return "product rule", f"The two terms of the product rule are not equal: {sentence}"


def _are_transposes(bench: Bench, left: Sequence[Node], right: Sequence[Node]) -> bool:
    """Whether two sums are the transposes of each other, at a point."""
    values = [term_values(bench, terms, bench.general[0]) for terms in (left, right)]
    first, second = (sum(found[1:], found[0]) if found else None for found in values)
    return first is not None and second is not None and close(first, second.T)


def _sum_text(terms: Sequence[Node]) -> str:
    body = shown(terms[0])
    for term in terms[1:]:
        more = shown(term)
        body += f" − {more[1:]}" if more.startswith("−") else f" + {more}"
    return body


def _whole_terms(bench: Bench, lost: Sequence[Node]) -> bool:
    """Whether what is lost is the derivative of terms of f, whole: the same numbers in some order."""
    f, variable = bench.case.f, bench.case.variable
    if not isinstance(f, Sum) or variable is None:
        return False
    point = bench.points[0]
    gone = _sorted(sum((evaluate(term, point.values, point.sizes) for term in lost), np.zeros(())))
    pieces = [_sorted(numerical_jacobian(term, variable, point).value) for term in f.args if variable.name in term.symbols]
    return any(gone.shape == piece.shape and np.allclose(gone, piece, rtol=1e-5, atol=1e-7) for piece in pieces)


def _sorted(values: Array) -> Array:
    return np.sort(np.asarray(values).ravel())


def _wrong_number(bench: Bench, convention: int, terms: Sequence[Node], numbers: Sequence[Fraction]) -> Sentence | None:
    node = bench.case.conventions[convention].node
    count = len(expanded(node)) if node is not None else 0
    wrong = [(t, n) for t, n in zip(terms[:count], numbers, strict=False) if n != 1]
    if any(numbers[count:]) or not 0 < len(wrong) <= MOST_WRONG or len(wrong) == count or any(not n for _, n in wrong):
        return None
    if all(n == -1 for _, n in wrong):
        said = " and ".join(shown(t) for t, _ in wrong)
        return "sign", f"The sign is wrong in one place: it should be {said}"
    said = " and ".join(f"{shown(t)}, not {fraction_text(n)} times that" for t, n in wrong)
    return "factor", f"The number in front is wrong in one term: it should be {said}"
