"""Numbers, names and constant matrices."""

from __future__ import annotations

import sympy

from symjac.meaning.indices import letter_dim, spot
from symjac.meaning.subscripts import dim_of
from symjac.meaning.typed import PLAIN, Candidate, Side, Typed, Typer, refused
from symjac.meaning.unify import Dim, multiply, variable
from symjac.nodes import build
from symjac.nodes.functions import Function
from symjac.nodes.node import Elementwise, Hadamard, HadamardPower, Node
from symjac.nodes.sizes import ONE
from symjac.read.latex.tree import Dots, Group, Letter, Name, Number, Special, Tree


def number(typer: Typer, tree: Number) -> list[Candidate]:
    return [Candidate(Typed("number", ONE, ONE, data=tree.value))]


def matrix_of_zeros(typer: Typer, tree: Tree) -> Candidate:
    """Type a 0 that stands alone as a zero matrix."""
    rows, cols = variable(next(typer.fresh)), variable(next(typer.fresh))
    return Candidate(Typed("zero", rows, cols, data=tree.span), PLAIN.taking("zero-matrix"))


def name(typer: Typer, tree: Name) -> list[Candidate]:
    """Type a declared symbol, a definition, or a size used as a number."""
    world = typer.world
    if tree.name in world.definitions:
        return typer.definition(tree)
    if tree.name in world.symbols:
        return [leaf(world.symbols[tree.name])]
    if tree.name in world.sizes:
        return [_dimension(world.sizes[tree.name])]
    if tree.name in world.functions:
        raise refused(tree, f"{tree.name} is a function: it needs an argument")
    raise refused(tree, f"{tree.name} is not declared")


def leaf(node: Node) -> Candidate:
    """Return a node as it is."""
    entrywise = isinstance(node, Elementwise | Hadamard | HadamardPower)
    return Candidate(Typed("node", node.rows, node.cols, data=node, entrywise=entrywise))


def _dimension(dim: Dim) -> Candidate:
    return Candidate(Typed("dimension", ONE, ONE, data=dim))


def letter(typer: Typer, tree: Letter) -> list[Candidate]:
    """Type a letter that stands alone: it can only be a size used as a number."""
    if tree.letter in typer.world.sizes:
        return [_dimension(typer.world.sizes[tree.letter])]
    raise refused(tree, f"{tree.letter} is not declared")


def dots(typer: Typer, tree: Dots) -> list[Candidate]:
    raise refused(tree, f"{tree.text} leaves open what stands there: write the entries out, or use a sum")


def group(typer: Typer, tree: Group) -> list[Candidate]:
    return typer.of(tree.inner)


# Constant matrices

PI = Function("pi", sympy.pi)
"""The number π, as a function that does not depend on its argument."""


def special(typer: Typer, tree: Special) -> list[Candidate]:
    """Type I, 1, 0, K, E_ij, e_i and δ_ij."""
    if tree.kind in ("delta", "single", "unit"):
        return [_pointed(typer, tree)]
    sizes = [dim_of(typer, part) for part in tree.sizes]
    if tree.kind == "commutation":
        return [_commutation(typer, tree, sizes)]
    if tree.kind == "pi":
        return [leaf(build.elementwise(PI, build.number(1)))]
    if tree.kind not in ("identity", "ones", "zeros"):
        raise refused(tree, f"{tree.kind} is not read here")
    if tree.kind == "identity":
        if len(sizes) > 1 and sizes[0] != sizes[1]:
            raise refused(tree, "an identity matrix is square")
        rows = sizes[0] if sizes else variable(next(typer.fresh))
        return [Candidate(Typed("identity", rows, rows, data=tree.span))]
    head = "ones" if tree.kind == "ones" else "zero"
    if sizes:
        return [Candidate(Typed(head, sizes[0], sizes[1] if len(sizes) > 1 else ONE))]
    rows, cols = variable(next(typer.fresh)), variable(next(typer.fresh))
    matrix = Typed(head, rows, cols, data=tree.span)
    if head == "zero":
        return [Candidate(matrix)]
    column = Typed(head, variable(next(typer.fresh)), ONE, data=tree.span)
    return [Candidate(column), Candidate(matrix, PLAIN.taking("ones-matrix"))]


def _commutation(typer: Typer, tree: Special, sizes: list[Dim]) -> Candidate:
    if not sizes:
        total: Dim = variable(next(typer.fresh))
        return Candidate(Typed("commutation", total, total))
    if len(sizes) == 1:
        sizes = [sizes[0], sizes[0]]
    total = multiply(sizes[0], sizes[1])
    return Candidate(Typed("commutation", total, total, data=(sizes[0], sizes[1])))


def _pointed(typer: Typer, tree: Special) -> Candidate:
    """Type what letters or numbers point at: δ_ij, E_ij, e_i."""
    spots = tuple(spot(typer, index) for index in tree.indices)
    wanted = 1 if tree.kind == "unit" else 2
    if len(spots) != wanted:
        raise refused(tree, f"{'one index' if wanted == 1 else 'two indices'} expected here")
    dims = [letter_dim(typer) for _ in spots]
    sized = [dim_of(typer, part) for part in tree.sizes]
    letters: dict[str, Dim] = {}
    side: Side | None = PLAIN
    pairs = list(zip(spots, dims, strict=True)) if tree.kind != "delta" else [(place, dims[0]) for place in spots]
    for place, dim in pairs:
        if isinstance(place, str):
            known = letters.setdefault(place, dim)
            side = side.unify(known, dim) if side is not None else None
    for dim, wanted_size in zip(dims, [*sized, *sized[-1:]], strict=False):
        side = side.unify(dim, wanted_size) if side is not None else None
    if side is None:
        raise refused(tree, "one letter counts two different sizes here")
    side = side._replace(letters=tuple(letters.items()))
    rows = ONE if tree.kind == "delta" else dims[0]
    cols = dims[1] if tree.kind == "single" else ONE
    data = (spots, tuple(dims) if tree.kind != "delta" else (dims[0], dims[0]))
    return Candidate(Typed(tree.kind, rows, cols, data=data, indexed=bool(letters)), side).settled()
