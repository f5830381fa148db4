"""Factoring, once and last, and only where it makes an expression shorter."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, takewhile

from symjac.nodes.build import add, identity, power, product, transpose
from symjac.nodes.node import Commutation, Identity, Let, Node, Product, Sum, Transpose, surface
from symjac.rules.examples import S, x
from symjac.rules.push import scalars
from symjac.rules.rule import TIDY, rule


def weight(node: Node) -> int:
    """Return how much there is to read: every leaf, name and operation, as often as it is printed."""
    memo: dict[Node, int] = {}
    for part in surface(node):
        memo[part] = 1 if isinstance(part, Let) else 1 + sum(memo[arg] for arg in part.args)
    return memo[node]


@rule(
    "collect",
    phase=TIDY,
    on=Sum,
    statement=r"AX + BX = (A + B)X",
    example=add(product(transpose(x), S), product(transpose(x), transpose(S))),
)
def collect(node: Node) -> Node | None:
    """AX + BX = (A + B) X, also for factors on the left, for scalars in front, and for two terms of many"""
    factored = _common_scalars(node)
    if factored is not None and weight(factored) <= weight(node):
        return factored
    for terms in (node.args, *combinations(node.args, 2)):
        for left in (True, False):
            factored = _common_end(add(*terms), left)
            if factored is not None and weight(factored) <= weight(add(*terms)):
                return add(
                    *(factored if term is terms[0] else term for term in node.args if term is terms[0] or term not in terms)
                )
    return None


def _split(term: Node) -> tuple[Fraction, dict[Node, Fraction], tuple[Node, ...]]:
    if isinstance(term, Product):
        return term.coefficient, dict(term.bag), term.chain
    return Fraction(1), {}, (term,)


def _common_scalars(node: Node) -> Node | None:
    """Take the powers of scalars that all terms share out in front."""
    bags = [_split(term)[1] for term in node.args]
    shared = {
        base: (min if exponent > 0 else max)(bag[base] for bag in bags)
        for base, exponent in bags[0].items()
        if all(base in bag and (bag[base] > 0) == (exponent > 0) for bag in bags)
    }
    if not shared:
        return None
    front = [power(base, exponent) for base, exponent in shared.items()]
    back = [power(base, -exponent) for base, exponent in shared.items()]
    return product(*front, add(*(product(*back, term) for term in node.args)))


def _common_end(node: Node, left: bool) -> Node | None:
    """Take the matrices with which all chains begin (or end) out of a sum."""
    parts = [_split(term) for term in node.args]
    chains = [chain if left else chain[::-1] for _, _, chain in parts]
    shared = [column[0] for column in takewhile(lambda column: len(set(column)) == 1, zip(*chains, strict=False))]
    while shared and not _fits(chains, len(shared)):
        shared.pop()
    if not shared:
        return None
    sign = -1 if all(coefficient < 0 for coefficient, _, _ in parts) else 1
    rest = []
    for term, chain in zip(node.args, chains, strict=True):
        kept = chain[len(shared) :] if left else chain[len(shared) :][::-1]
        n = shared[-1].cols if left else shared[-1].rows
        rest.append(product(sign, scalars(term) if isinstance(term, Product) else 1, *(kept or (identity(n),))))
    common = product(*(shared if left else shared[::-1]))
    inner = add(*sorted(rest, key=_plainness))
    return product(sign, common, inner) if left else product(sign, inner, common)


def _plainness(term: Node) -> int:
    """Order what is left: I before A before Aᵀ before K, as people write I + K and A + Aᵀ."""
    if isinstance(term, Identity):
        return 0
    return 3 if isinstance(term, Commutation) else 2 if isinstance(term, Transpose) else 1


def _fits(chains: list[tuple[Node, ...]], n: int) -> bool:
    """Whether something is left of every term; an identity is put there only beside a commutation matrix."""
    rests = [chain[n:] for chain in chains]
    bare = sum(not rest for rest in rests)
    return not bare or all(not rest or (len(rest) == 1 and isinstance(rest[0], Commutation)) for rest in rests)
