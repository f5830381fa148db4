"""A node as an untyped formula, so that a claim in text or SymPy can be edited as one in LaTeX is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from symjac.diagnose.places import bare, fitted, negative, product_of
from symjac.errors import UnsupportedError
from symjac.nodes import node as heads
from symjac.nodes.node import Node, fold
from symjac.nodes.sizes import ONE, Size
from symjac.read.latex.tree import (
    Apply,
    Bars,
    Infix,
    Name,
    Number,
    Over,
    Plus,
    Power,
    Product,
    Special,
    Transposed,
    Tree,
)
from symjac.write.sizes import size_terms


def tree_of(node: Node) -> Tree:
    """Return a formula that says what a node says; constant matrices are left to take their sizes from where they stand.

    Raises UnsupportedError for a node that LaTeX has no words for.
    """
    return fold(node, _tree)


def _tree(node: Node, args: tuple[Tree, ...]) -> Tree:
    row = _ROWS.get(type(node))
    if row is None:
        raise UnsupportedError(f"{type(node).__name__} has no untyped form")
    return row(node, args)


def number_tree(value: Fraction) -> Tree:
    """Return a fraction as people type it: −1/2 is −\\frac12."""
    size = abs(value)
    tree: Tree = Number(Fraction(size.numerator))
    if size.denominator != 1:
        tree = Over(tree, Number(Fraction(size.denominator)))
    return negative(tree) if value < 0 else tree


def size_tree(size: Size) -> Tree:
    """Return a size: N, 3, M N, N + 1."""
    terms = []
    for coefficient, powers in size_terms(size):
        factors: list[Tree] = [] if abs(coefficient) == 1 and powers else [Number(Fraction(abs(coefficient)))]
        factors += [Name(name) if power == 1 else Power(Name(name), Number(Fraction(power))) for name, power in powers]
        terms.append((multiplied(factors), 1 if coefficient > 0 else -1))
    if len(terms) == 1:
        return terms[0][0]
    return Plus(tuple(term for term, _ in terms), tuple(sign for _, sign in terms))


def multiplied(factors: Sequence[Tree]) -> Tree:
    """Return factors side by side, bracketed as a product wants them."""
    if len(factors) == 1:
        return factors[0]
    whole = Product((), ())
    parts = [factor if isinstance(factor, Product) else fitted(factor, whole) for factor in factors]
    return product_of(tuple(parts), ("",) * (len(parts) - 1), whole)


def powered(base: Tree, exponent: Fraction, entrywise: bool = False) -> Tree:
    """Return a power."""
    holder = Power(base, base)
    return Power(fitted(base, holder), exponent_tree(exponent), entrywise)


def exponent_tree(value: Fraction) -> Tree:
    """Return a number as it is typed in an exponent: −1 is one number there."""
    return Number(value) if value.denominator == 1 else number_tree(value)


def transposed(tree: Tree) -> Tree:
    """Return a transpose; that of a transpose is the thing itself."""
    inner = bare(tree)
    return inner.base if isinstance(inner, Transposed) else Transposed(fitted(tree, Transposed(tree)))


def _sum(node: Node, args: tuple[Tree, ...]) -> Tree:
    terms: list[Tree] = []
    signs: list[int] = []
    for arg in args:
        inner = arg if isinstance(arg, Plus) else Plus((arg,), (1,))
        terms += inner.terms
        signs += inner.signs
    return Plus(tuple(terms), tuple(signs))


def _product(node: Node, args: tuple[Tree, ...]) -> Tree:
    assert isinstance(node, heads.Product)
    exponents = node.data[1]
    above: list[Tree] = []
    below: list[Tree] = []
    for base, exponent in zip(args, exponents, strict=False):
        side = above if exponent > 0 else below
        side.append(base if abs(exponent) == 1 else powered(base, abs(exponent)))
    size = abs(node.coefficient)
    above += args[len(exponents) :]
    if below:
        top = multiplied([*_unit(Fraction(size.numerator), above), *above])
        tree: Tree = Over(top, multiplied([*_unit(Fraction(size.denominator), below), *below]))
    else:
        tree = multiplied([*_unit(size, above), *above])
    return negative(tree) if node.coefficient < 0 else tree


def _unit(value: Fraction, others: Sequence[Tree]) -> list[Tree]:
    return [] if value == 1 and others else [number_tree(value)]


def _infix(sign: str) -> Callable[[Node, tuple[Tree, ...]], Tree]:
    def row(node: Node, args: tuple[Tree, ...]) -> Tree:
        tree = args[0]
        for arg in args[1:]:
            holder = Infix(sign, tree, arg)
            tree = Infix(sign, fitted(tree, holder), fitted(arg, holder))
        return tree

    return row


def _applied(word: str) -> Callable[[Node, tuple[Tree, ...]], Tree]:
    return lambda node, args: Apply(word, args)


def _elementwise(node: Node, args: tuple[Tree, ...]) -> Tree:
    assert isinstance(node, heads.Elementwise)
    return Apply(node.function.name, args, primes=node.function.order)


def _basis(node: Node, args: tuple[Tree, ...]) -> Tree:
    return Special("unit", (size_tree(node.rows),), (Number(Fraction(node.data[0] + 1)),))


def _dimension(node: Node, args: tuple[Tree, ...]) -> Tree:
    return size_tree(node.data[0])


def _ones(node: Node, args: tuple[Tree, ...]) -> Tree:
    if node.rows is ONE:
        return Transposed(Special("ones", (size_tree(node.cols),)))
    sizes = (node.rows,) if node.cols is ONE else node.shape
    return Special("ones", tuple(map(size_tree, sizes)))


def _zero(node: Node, args: tuple[Tree, ...]) -> Tree:
    return Number(Fraction(0)) if node.is_scalar else Special("zeros", tuple(map(size_tree, node.shape)))


_ROWS: dict[type[Node], Callable[[Node, tuple[Tree, ...]], Tree]] = {
    heads.Symbol: lambda node, args: Name(str(node.data[0])),
    heads.Let: lambda node, args: args[0],
    heads.Dimension: _dimension,
    heads.Identity: lambda node, args: Special("identity"),
    heads.Zero: _zero,
    heads.Ones: _ones,
    heads.Basis: _basis,
    heads.Commutation: lambda node, args: Special("commutation", (size_tree(node.data[0]), size_tree(node.data[1]))),
    heads.Sum: _sum,
    heads.Product: _product,
    heads.Hadamard: _infix("odot"),
    heads.HadamardPower: lambda node, args: powered(args[0], node.data[0], entrywise=True),
    heads.Kronecker: _infix("otimes"),
    heads.KhatriRao: _infix("khatri"),
    heads.Transpose: lambda node, args: transposed(args[0]),
    heads.Inverse: lambda node, args: powered(args[0], Fraction(-1)),
    heads.MatrixPower: lambda node, args: powered(args[0], Fraction(node.data[0])),
    heads.Trace: _applied("tr"),
    heads.Determinant: _applied("det"),
    heads.Norm: lambda node, args: Bars(args[0], True, "F" if node.args[0].cols is not ONE else ""),
    heads.Elementwise: _elementwise,
    heads.Softmax: _applied("softmax"),
    heads.LogSumExp: _applied("logsumexp"),
    heads.Vec: _applied("vec"),
    heads.Diag: _applied("diag"),
    heads.Diagonal: _applied("diag"),
}
