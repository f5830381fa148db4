"""The claim is a scalar multiple of the truth: the sign, a number, a size, or a scalar that the truth has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

from symjac.diagnose.bench import TOLERANCE, Bench, ratio
from symjac.diagnose.case import Case, Diagnosis
from symjac.diagnose.layouts import under
from symjac.diagnose.nonlinear import composes
from symjac.diagnose.words import shown
from symjac.errors import SymjacError
from symjac.evaluate import evaluate
from symjac.nodes.node import Node, Product, Sum, postorder
from symjac.points import Point

LARGEST = 64
"""A number with a larger numerator or denominator than this is no slip but another number."""

POWERS = (1, -1, 2, -2)
"""The powers of a size or a scalar that may have been forgotten."""

MOST_SCALARS = 12


def multiple(bench: Bench) -> tuple[Diagnosis, ...]:
    """Return what the claim has to be multiplied by, where one sign, number, size or scalar mends it."""
    for convention in bench.spoken:
        ratios = _ratios(bench, convention)
        found = ratios and (_sign(ratios) or _number(ratios) or _size(bench, ratios) or _scalar(bench, convention, ratios))
        if found:
            kind, sentence = found
            return (Diagnosis(kind, sentence + under(bench, convention) + "."),)
    return ()


def _ratios(bench: Bench, convention: int) -> list[float] | None:
    """Return truth over claim at every point, where the two are proportional at all."""
    found: list[float] = []
    for point in bench.general:
        truth, claim = bench.truth(convention, point), bench.claim(point)
        here = ratio(truth, claim) if truth is not None and claim is not None else None
        if here is None:
            return None
        found.append(here)
    return found


def _sign(ratios: Sequence[float]) -> tuple[str, str] | None:
    if all(abs(r + 1) < TOLERANCE for r in ratios):
        return "sign", "The sign is wrong: the whole has to be negated"
    return None


def _number(ratios: Sequence[float]) -> tuple[str, str] | None:
    factor = simple_fraction(ratios)
    if factor is None:
        return None
    also = ", and the sign is wrong" if factor < 0 else ""
    size = abs(factor)
    if size.numerator == 1:
        return "factor", f"The claim is {size.denominator} times too large{also}: a factor {fraction_text(factor)} is missing"
    return "factor", f"A factor {fraction_text(factor)} is missing{also}"


def simple_fraction(ratios: Sequence[float]) -> Fraction | None:
    """Return the one simple fraction that all ratios are."""
    fraction = Fraction(ratios[0]).limit_denominator(LARGEST)
    if not fraction or abs(fraction.numerator) > LARGEST:
        return None
    return fraction if all(abs(r / float(fraction) - 1) < TOLERANCE for r in ratios) else None


def fraction_text(value: Fraction) -> str:
    """Return a fraction as people write it: ½, −2, 3/5."""
    sign = "−" if value < 0 else ""
    return sign + ("½" if abs(value) == Fraction(1, 2) else str(abs(value)))


def _size(bench: Bench, ratios: Sequence[float]) -> tuple[str, str] | None:
    points = [bench.points[p] for p in bench.general]
    names = sorted({name for point in points for name in point.sizes})
    for powers in _monomials(names):
        values = [_monomial(powers, point) for point in points]
        if len({round(v, 12) for v in values}) == 1:
            continue
        rest = simple_fraction([r / v for r, v in zip(ratios, values, strict=True)])
        if rest is not None:
            return "factor", f"A factor {_monomial_text(rest, powers)} is missing"
    return None


def _monomials(names: Sequence[str]) -> Iterator[dict[str, int]]:
    for name, power in product(names, POWERS):
        yield {name: power}
    for pair in combinations(names, 2):
        yield from (dict(zip(pair, powers, strict=True)) for powers in product((1, -1), repeat=2))


def _monomial(powers: dict[str, int], point: Point) -> float:
    value = 1.0
    for name, power in powers.items():
        value *= float(point.sizes[name]) ** power
    return value


def _monomial_text(number: Fraction, powers: dict[str, int]) -> str:
    above = [name + ("²" if power == 2 else "") for name, power in powers.items() if power > 0]
    below = [name + ("²" if power == -2 else "") for name, power in powers.items() if power < 0]
    sign = "−" if number < 0 else ""
    top = ([] if abs(number.numerator) == 1 and above else [str(abs(number.numerator))]) + above
    bottom = ([] if number.denominator == 1 else [str(number.denominator)]) + below
    under_line = f"/({'·'.join(bottom)})" if len(bottom) > 1 else f"/{bottom[0]}" if bottom else ""
    return sign + "·".join(top) + under_line


def _scalar(bench: Bench, convention: int, ratios: Sequence[float]) -> tuple[str, str] | None:
    """Look for a scalar of the truth, of f or of the claim, to a power, that the claim lacks or has too much."""
    points = [bench.points[p] for p in bench.general]
    case = bench.case
    for node in scalars_of((case.conventions[convention].node, case.f, case.node)):
        values = scalar_values(node, points)
        if values is None or any(v == 0 for v in values):
            continue
        for power in POWERS:
            rest = simple_fraction([r / v**power for r, v in zip(ratios, values, strict=True)])
            if rest is not None:
                return _scalar_slip(case, convention, node, power, rest)
    return None


def _scalar_slip(case: Case, convention: int, node: Node, power: int, rest: Fraction) -> tuple[str, str]:
    """Say that a scalar is missing, one too many, or has the wrong exponent."""
    had, wanted = (exponent_of_scalar(root, node) for root in (case.node, case.conventions[convention].node))
    kind = "exponent" if had and wanted else _kind(case, node)
    if power > 0 and had < 0 and not wanted and rest == 1:
        return "factor", f"The factor {power_text(node, -power)} is one too many"
    if power < 0 and (had > 0 or not wanted):
        also = "" if rest == 1 else f", and a number {fraction_text(rest)} is missing"
        return kind, f"The factor {power_text(node, -power)} is one too many{also}"
    number = "" if rest == 1 else " and a minus sign" if rest == -1 else f" and a number {fraction_text(rest)}"
    sentence = f"factor {power_text(node, power)}{number} {'are' if number else 'is'} missing"
    return kind, f"The chain rule asks for the inner derivative: the {sentence}" if kind == "chain rule" else f"A {sentence}"


def exponent_of_scalar(root: Node | None, scalar: Node) -> Fraction:
    """Return the exponent with which a scalar stands in front of a product; 0 where it does not."""
    return dict(root.bag).get(scalar, Fraction(0)) if isinstance(root, Product) else Fraction(int(root is scalar))


def scalars_of(roots: Iterable[Node | None]) -> list[Node]:
    """Return the scalars below some formulas that depend on a variable, the smallest first."""
    found = dict.fromkeys(n for n in postorder(*(r for r in roots if r is not None)) if n.is_scalar and n.symbols)
    return list(found)[:MOST_SCALARS]


def scalar_values(node: Node, points: Sequence[Point]) -> list[float] | None:
    """Return the values of a scalar at some points, where it has them."""
    try:
        return [float(evaluate(node, point.values, point.sizes)[0, 0]) for point in points]
    except (SymjacError, ArithmeticError, ValueError, KeyError, TypeError):
        return None


def _kind(case: Case, node: Node) -> str:
    inner = case.variable is not None and case.variable.name in node.symbols
    return "chain rule" if inner or composes(case) else "factor"


def power_text(node: Node, power: int) -> str:
    """Return a power of a scalar as people write it: 1/‖x‖²."""
    body = shown(node)
    atom = f"({body})" if isinstance(node, Sum | Product) else body
    raised = atom + ("²" if abs(power) == 2 else "")
    return raised if power > 0 else f"1/{raised}"
