"""The claim is the truth without one of its factors: an inner derivative was forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice

from symjac.diagnose.bench import Bench, ratio
from symjac.diagnose.case import Diagnosis
from symjac.diagnose.factors import fraction_text, simple_fraction
from symjac.diagnose.layouts import under
from symjac.diagnose.nonlinear import composes
from symjac.diagnose.words import shown
from symjac.errors import SymjacError
from symjac.evaluate import evaluate
from symjac.nodes.build import ones, power, product, rebuild
from symjac.nodes.node import Diag, Elementwise, Hadamard, Kronecker, Node, Product, Sum, Transpose

MILD = (Fraction(1), Fraction(-1), Fraction(2), Fraction(1, 2), Fraction(-2))
"""Numbers that may go with a factor, as the minus of −Φ in d(y − Φθ)."""

MOST_LOSSES = 60
DEEPEST = 6
MOST_SCALARS = 3
LONGEST_RUN = 3

Loss = tuple[tuple[Node, ...], Node]
"""Factors, and what the truth is without them."""


def missing_factor(bench: Bench) -> tuple[Diagnosis, ...]:
    """Return the factor of the truth without which one gets the claim."""
    if bench.case.claim is None:
        return ()
    for convention in bench.spoken:
        node = bench.case.conventions[convention].node
        for lost, left in islice(_losses(node), MOST_LOSSES) if node is not None else ():
            number = _number(bench, left)
            if number in MILD:
                return (_said(bench, convention, lost, number),)
    return ()


def _losses(root: Node) -> Iterator[Loss]:
    """Yield what may be lost, the outermost first, with what is left where that still conforms."""
    waiting: list[tuple[Node, Callable[[Node], Node], int]] = [(root, lambda node: node, 0)]
    while waiting:
        node, put, depth = waiting.pop(0)
        for lost, left in _without(node):
            try:
                yield lost, put(left)
            except SymjacError:
                continue
        if depth < DEEPEST and isinstance(node, Product | Hadamard | Kronecker | Transpose | Diag | Sum):
            waiting += [(arg, _putting(node, k, put), depth + 1) for k, arg in enumerate(node.args)]


def _putting(node: Node, place: int, put: Callable[[Node], Node]) -> Callable[[Node], Node]:
    return lambda part: put(rebuild(node, [part if k == place else arg for k, arg in enumerate(node.args)]))


def _without(node: Node) -> Iterator[Loss]:
    """Yield each factor of a product, and all slopes diag(σ′) of a network, with what is left; σ′(z) may have become 1."""
    if isinstance(node, Elementwise) and not node.is_scalar:
        yield (node,), ones(*node.shape)
    if not isinstance(node, Product | Hadamard | Kronecker):
        return
    scalars = len(node.data[1]) if isinstance(node, Product) else 0
    for places in _runs(node, scalars):
        rest = [arg for k, arg in enumerate(node.args) if k not in places]
        try:
            if rest:
                yield tuple(node.args[k] for k in places), _joined(node, rest, [k for k in range(scalars) if k not in places])
        except SymjacError:
            continue


def _runs(node: Node, scalars: int) -> Iterator[tuple[int, ...]]:
    """Yield which factors may be lost together: neighbours, all slopes, and neighbours with one scalar."""
    matrices = range(scalars, len(node.args))
    found = [tuple(matrices[k : k + n]) for n in range(1, LONGEST_RUN + 1) for k in range(len(matrices) - n + 1)]
    slopes = tuple(k for k in matrices if isinstance(node.args[k], Diag))
    yield from found
    if len(slopes) > 1 and slopes not in found:
        yield slopes
    for scalar in range(min(scalars, MOST_SCALARS)) if scalars > 1 or len(matrices) > 1 else ():
        yield from ((scalar, *run) for run in found)


def _joined(node: Node, rest: list[Node], scalars: list[int]) -> Node:
    if not isinstance(node, Product):
        return rest[0] if len(rest) == 1 else rebuild(node, rest)
    powers = [power(base, node.data[1][k]) for base, k in zip(rest, scalars, strict=False)]
    return product(node.coefficient, *powers, *rest[len(scalars) :])


def _number(bench: Bench, left: Node) -> Fraction | None:
    """Return the number by which the truth without a factor is the claim."""
    ratios: list[float] = []
    for p in bench.general:
        claim, point = bench.claim(p), bench.points[p]
        try:
            value = evaluate(left, point.values, point.sizes)
        except (SymjacError, ArithmeticError, ValueError, KeyError):
            return None
        here = ratio(value, claim) if claim is not None else None
        if here is None:
            return None
        ratios.append(here)
    return simple_fraction(ratios)


def _said(bench: Bench, convention: int, lost: tuple[Node, ...], number: Fraction) -> Diagnosis:
    besides = "" if number == 1 else " and a minus sign" if number == -1 else f" and a number {fraction_text(number)}"
    factors = ("the factors " if len(lost) > 1 else "the factor ") + " and ".join(map(shown, lost))
    sentence = f"{factors}{besides} {'are' if besides or len(lost) > 1 else 'is'} missing{under(bench, convention)}."
    if composes(bench.case):
        return Diagnosis("chain rule", f"The chain rule asks for the inner derivative: {sentence}")
    return Diagnosis("factor", sentence[0].upper() + sentence[1:])
