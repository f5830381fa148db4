"""The claim is the truth without one of its factors: an inner derivative was forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from symjac.diagnose.bench import Bench, ratio
from symjac.diagnose.case import Diagnosis
from symjac.diagnose.factors import fraction_text, simple_fraction
from symjac.diagnose.layouts import under
from symjac.diagnose.nonlinear import bends
from symjac.diagnose.words import shown
from symjac.errors import SymjacError
from symjac.evaluate import evaluate
from symjac.nodes.build import product, rebuild
from symjac.nodes.node import Diag, Hadamard, Kronecker, Node, Product

MILD = (Fraction(1), Fraction(-1), Fraction(2), Fraction(1, 2), Fraction(-2))
"""Numbers that may go with a factor, as the minus of −Φ in d(y − Φθ)."""


def missing_factor(bench: Bench) -> tuple[Diagnosis, ...]:
    """Return the factor of the truth without which one gets the claim."""
    if bench.case.claim is None:
        return ()
    for convention in bench.spoken:
        node = bench.case.conventions[convention].node
        for lost, left in _without(node) if node is not None else ():
            number = _number(bench, left)
            if number in MILD:
                return (_said(bench, convention, lost, number),)
    return ()


def _without(node: Node) -> Iterator[tuple[tuple[Node, ...], Node]]:
    """Yield each factor of a product, and all slopes diag(σ′) of a network, with what is left where that still conforms."""
    first = len(node.data[1]) if isinstance(node, Product) else 0
    if not isinstance(node, Product | Hadamard | Kronecker) or len(node.args) - first < 2:
        return
    slopes = [k for k in range(first, len(node.args)) if isinstance(node.args[k], Diag)]
    every = [(k,) for k in range(first, len(node.args))] + ([tuple(slopes)] if len(slopes) > 1 else [])
    for places in every:
        rest = [arg for j, arg in enumerate(node.args) if j not in places]
        try:
            if len(rest) > first:
                yield tuple(node.args[k] for k in places), _joined(node, rest)
        except SymjacError:
            continue


def _joined(node: Node, rest: list[Node]) -> Node:
    if len(rest) == 1:
        return product(node.coefficient, rest[0]) if isinstance(node, Product) else rest[0]
    return rebuild(node, rest)


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
    case = bench.case
    besides = "" if number == 1 else " and a minus sign" if number == -1 else f" and a number {fraction_text(number)}"
    factors = ("the factors " if len(lost) > 1 else "the factor ") + ", ".join(map(shown, lost))
    sentence = f"{factors}{besides} {'are' if besides or len(lost) > 1 else 'is'} missing{under(bench, convention)}."
    if bends(case.f):
        return Diagnosis("chain rule", f"The chain rule asks for the inner derivative: {sentence}")
    return Diagnosis("factor", sentence[0].upper() + sentence[1:])
