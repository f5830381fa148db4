"""Sums, products and powers of scalars, in one normal form.

Numbers move to the front, scalars into the bag, brackets flatten, identities and zeros vanish.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import isqrt

from symjac.errors import DomainError, ShapeError
from symjac.nodes.functions import EXP
from symjac.nodes.leaves import Number, number, ones
from symjac.nodes.node import (
    Determinant,
    Dimension,
    Elementwise,
    Identity,
    Let,
    Node,
    Norm,
    Ones,
    Product,
    Sum,
    Symbol,
    Zero,
)
from symjac.nodes.sizes import ONE, Shape, shape_text

# Sums and products


def add(*terms: Node) -> Node:
    """Return a sum: flat, like terms merged, zeros dropped."""
    shape = terms[0].shape
    coefficients: dict[Node, Fraction] = {}
    pending: list[tuple[Node, Fraction]] = [(term, Fraction(1)) for term in reversed(terms)]
    while pending:
        term, factor = pending.pop()
        if term.shape != shape:
            raise ShapeError(_sum_message(terms[0], term))
        if isinstance(term, Zero):
            continue
        if isinstance(term, Product):
            factor *= term.coefficient
            term = unit(term)
        if isinstance(term, Sum):
            pending.extend((arg, factor) for arg in reversed(term.args))
            continue
        coefficients[term] = coefficients.get(term, Fraction(0)) + factor
    kept = [product(c, term) for term, c in coefficients.items() if c]
    if not kept:
        return Zero(shape)
    return kept[0] if len(kept) == 1 else Sum(shape, (), tuple(kept))


def _sum_message(first: Node, second: Node) -> str:
    hint = ""
    if first.is_scalar != second.is_scalar:
        m, n = (second if first.is_scalar else first).shape
        hint = f"; to add a number to every entry, multiply it by ones({m}, {n}), to every diagonal entry, by eye"
    return f"cannot add {shape_text(first.shape)} and {shape_text(second.shape)}{hint}"


def coefficient(node: Node) -> Fraction:
    """Return the number in front of a node."""
    return node.coefficient if isinstance(node, Product) else Fraction(1)


def unit(node: Node) -> Node:
    """Return a node without the number in front of it."""
    if not isinstance(node, Product) or node.coefficient == 1:
        return node
    return _product(Fraction(1), dict(node.bag), list(node.chain))


def product(*args: Node | Number) -> Node:
    """Return a product: numbers in front, 1×1 factors in the bag, the rest a chain that fits."""
    coef = Fraction(1)
    bag: dict[Node, Fraction] = {}
    chain: list[Node] = []
    vanishes = False
    for arg in args:
        if not isinstance(arg, Node):
            coef *= arg
        elif isinstance(arg, Zero):
            vanishes = True
            if not arg.is_scalar:
                chain.append(arg)
        elif arg.is_scalar and arg.has_differential and chain and chain[-1].cols is ONE:
            # v ds, as written: here d stands where it can be read off.
            coef *= _append_scalar(arg, bag, chain)
        elif isinstance(arg, Product):
            coef *= arg.coefficient
            for base, exponent in arg.bag:
                _put(bag, base, exponent)
            if arg.is_scalar and arg.chain:
                _put(bag, _product(Fraction(1), {}, list(arg.chain)), Fraction(1))
            else:
                chain.extend(arg.chain)
        elif arg.is_scalar:
            _put(bag, arg, Fraction(1))
        else:
            chain.append(arg)
    if vanishes or coef == 0:
        shape = _chain_shape(chain)
        return Zero(shape)
    return _product(coef, bag, chain)


def _append_scalar(scalar: Node, bag: dict[Node, Fraction], chain: list[Node]) -> Fraction:
    """Put a scalar that holds d at the end of a chain of matrices, what stands still of it into the bag."""
    if not isinstance(scalar, Product):
        chain.append(scalar)
        return Fraction(1)
    number_in_front = scalar.coefficient
    for base, exponent in scalar.bag:
        if base.has_differential and exponent == 1:
            number_in_front *= _append_scalar(base, bag, chain)
        else:
            _put(bag, base, exponent)
    chain.extend(scalar.chain)
    return number_in_front


def _put(bag: dict[Node, Fraction], base: Node, exponent: Fraction) -> None:
    total = bag.get(base, Fraction(0)) + exponent
    if total:
        bag[base] = total
    else:
        bag.pop(base, None)


def _chain_shape(chain: Sequence[Node]) -> Shape:
    if not chain:
        return (ONE, ONE)
    for left, right in pairwise(chain):
        if left.cols != right.rows:
            raise ShapeError(f"cannot multiply {shape_text(left.shape)} by {shape_text(right.shape)}")
    return (chain[0].rows, chain[-1].cols)


def _product(coef: Fraction, bag: dict[Node, Fraction], chain: list[Node]) -> Node:
    shape = _chain_shape(chain)
    chain = _without_identities(chain)
    if len(chain) > 1 or bag:
        chain = _pull_scalars(coef, bag, chain)
    # Integer powers of numbers left in the bag belong to the coefficient.
    for value in [b for b, e in bag.items() if isinstance(b, Product) and not b.args and e.denominator == 1]:
        coef *= value.coefficient ** int(bag.pop(value))
    if not chain:
        inner = [b for b, e in bag.items() if e == 1 and isinstance(b, Product) and b.chain]
        inner = [b for b in inner if b.has_differential] or inner
        if len(inner) == 1:
            del bag[inner[0]]
            for base, exponent in inner[0].bag:
                _put(bag, base, exponent)
            chain = list(inner[0].chain)
    if coef == 1 and not bag and len(chain) == 1:
        return chain[0]
    if coef == 1 and not chain and len(bag) == 1:
        ((base, exponent),) = bag.items()
        if exponent == 1:
            return base
    bases = sorted(bag, key=lambda base: base.digest)
    return Product(shape, (coef, tuple(bag[base] for base in bases)), (*bases, *chain))


def _without_identities(chain: list[Node]) -> list[Node]:
    kept = [node for node in chain if not isinstance(node, Identity)]
    merged: list[Node] = []
    for node in kept:
        if isinstance(node, Ones) and merged and isinstance(merged[-1], Ones) and node.rows is ONE is merged[-1].cols:
            merged[-1] = ones(merged[-1].rows, node.cols)
        else:
            merged.append(node)
    return merged or chain[:1]


def _pull_scalars(coef: Fraction, bag: dict[Node, Fraction], chain: list[Node]) -> list[Node]:
    """Move every 1×1 stretch of the chain into the bag, unless it is differential or all there is."""
    stretches: list[list[Node]] = [[]]
    for node in chain:
        if stretches[-1] and stretches[-1][-1].cols is ONE:
            stretches.append([])
        stretches[-1].append(node)
    if len(stretches) == 1 and not bag:
        return chain
    kept: list[Node] = []
    for stretch in stretches:
        closed = bool(stretch) and stretch[0].rows is ONE and stretch[-1].cols is ONE
        if closed and not any(node.has_differential for node in stretch):
            _put(bag, _product(Fraction(1), {}, stretch), Fraction(1))
        else:
            kept.extend(stretch)
    return kept


def subtract(left: Node, right: Node) -> Node:
    return add(left, product(-1, right))


# Powers, functions of scalars


def is_positive(node: Node) -> bool:
    """Whether a scalar is known to be nonnegative, so that powers of it multiply."""
    if isinstance(node, Symbol):
        return "positive" in node.facts
    if isinstance(node, Let):
        return is_positive(node.value)
    if isinstance(node, Elementwise):
        return node.function == EXP
    if isinstance(node, Product):
        return node.coefficient > 0 and not node.chain and all(is_positive(b) or e % 2 == 0 for b, e in node.bag)
    if isinstance(node, Determinant):
        arg = node.args[0]
        return isinstance(arg, Symbol) and "posdef" in arg.facts
    return isinstance(node, Norm | Dimension)


def power(base: Node, exponent: Number) -> Node:
    """Return a scalar to a rational power."""
    exponent = Fraction(exponent)
    if not base.is_scalar:
        raise ShapeError(f"a scalar power of {shape_text(base.shape)}: use hadamard_power, or an integer matrix power")
    if exponent == 0:
        return number(1)
    if exponent == 1:
        return base
    if isinstance(base, Zero):
        if exponent < 0:
            raise DomainError("division by zero")
        return base
    if not isinstance(base, Product):
        return _product(Fraction(1), {base: exponent}, [])
    if exponent.denominator == 1:
        bag = {b: e * exponent for b, e in base.bag}
        if base.chain:
            _put(bag, _product(Fraction(1), {}, list(base.chain)), exponent)
        return _product(base.coefficient ** int(exponent), bag, [])
    if not base.args:
        root = _exact_root(base.coefficient, exponent)
        return number(root) if root is not None else Product((ONE, ONE), (Fraction(1), (exponent,)), (base,))
    if base.coefficient > 0 and base.coefficient != 1:
        return product(power(number(base.coefficient), exponent), power(unit(base), exponent))
    if base.coefficient == 1 and not base.chain and all(is_positive(b) for b, _ in base.bag):
        return _product(Fraction(1), {b: e * exponent for b, e in base.bag}, [])
    return _product(Fraction(1), {base: exponent}, [])


def _exact_root(value: Fraction, exponent: Fraction) -> Fraction | None:
    """Return value**exponent where the exponent is a half and the root is rational."""
    if exponent.denominator != 2 or value < 0:
        return None
    top, bottom = isqrt(value.numerator), isqrt(value.denominator)
    if top * top != value.numerator or bottom * bottom != value.denominator:
        return None
    return Fraction(top, bottom) ** exponent.numerator


def split_scalar(node: Node) -> tuple[Node, Node]:
    """Split a matrix into the scalar in front and the rest; differential scalars stay."""
    if not isinstance(node, Product) or node.is_scalar:
        return number(1), node
    outer = {b: e for b, e in node.bag if not b.has_differential}
    inner = {b: e for b, e in node.bag if b.has_differential}
    if node.coefficient == 1 and not outer:
        return number(1), node
    return _product(node.coefficient, outer, []), _product(Fraction(1), inner, list(node.chain))
