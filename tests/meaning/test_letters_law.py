"""A formula with rows of a matrix put in for its vectors is the formula at every row; and nothing breaks typing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symjac.components import evaluate_form
from symjac.errors import SymjacError, UnsupportedError
from symjac.evaluate import evaluate, size_value
from symjac.meaning import Expected, World, readings
from symjac.nodes.node import KhatriRao, Let, Node, Symbol, postorder
from symjac.nodes.sizes import size_symbol
from symjac.read.declare import read_declarations
from symjac.read.latex import Names, parse
from symjac.read.latex.tree import Dots, Indexed, Letter, Name, Number, Tree
from symjac.write.latex import latex
from tests.meaning.test_law import written
from tests.read.latex.test_printing import DECLARED, TREES
from tests.strategies import LEAVES

SIZES = {"M": 3, "N": 2, "P": 4}
WORLD = World.of(LEAVES)
NAMES = Names.of(WORLD.symbols)
RANDOM = np.random.default_rng(5)
VALUES = {leaf.name: RANDOM.uniform(0.2, 1.0, [size_value(size, SIZES) for size in leaf.shape]) for leaf in LEAVES}
VALUES["H"] = VALUES["H"] + VALUES["H"].T


ROW = Letter("i")
LETTERED: dict[str, Tree] = {
    "x": Indexed(Name("A"), (ROW,)),
    "r": Indexed(Name("A"), (ROW, Dots("\\cdot"))),
    "c": Indexed(Name("y"), (ROW,)),
    "k": Indexed(Name("Z"), (ROW, Number(Fraction(2)))),
}
"""What depends on a row, in the place of what does not."""


def with_rows(tree: Tree) -> Tree:
    """Return a formula with row i of A, as a column, in the place of x, and so on."""
    if isinstance(tree, Name) and tree.name in LETTERED:
        return LETTERED[tree.name]
    return tree.with_children(with_rows)


def parts(node: Node) -> Iterator[Node]:
    return (part for part in postorder(node) if isinstance(part, Let | KhatriRao | Symbol))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(written())
def test_a_formula_of_rows_is_the_formula_at_every_row(node: Node) -> None:
    names = {part.name for part in parts(node) if isinstance(part, Symbol)}
    assume(names & LETTERED.keys() and all(isinstance(part, Symbol) for part in parts(node)))
    tree = parse(latex(node), NAMES).sides[0]
    plain = readings(tree, WORLD, [node.shape])[0].meaning.node
    assert plain is not None
    try:
        reading = readings(with_rows(tree), WORLD, [Expected(node.shape, (size_symbol("M"),))])[0]
    except UnsupportedError:
        return
    assert reading.meaning.letters == (("i", size_symbol("M")),)
    shape = [size_value(size, SIZES) for size in node.shape]
    found = evaluate_form(reading.meaning.form, VALUES, SIZES).reshape(3, *shape)
    for i, value in enumerate(found):
        row = {"x": VALUES["A"][i], "r": VALUES["A"][i], "c": VALUES["y"][i], "k": VALUES["Z"][i, 1]}
        expected = evaluate(plain, {**VALUES, **row}, SIZES)
        singular = np.any(np.abs(expected) > 1e12)
        assert singular or np.allclose(value, expected, rtol=1e-6, equal_nan=True)


MIXED = World.of(read_declarations(DECLARED), definitions={r"z^{(l)}": Name("x")})


@settings(max_examples=300, deadline=500)
@given(TREES, st.booleans())
def test_whatever_is_typed_ends_in_readings_or_in_our_errors(tree: Tree, shaped: bool) -> None:
    expected = [(size_symbol("N"), size_symbol("N")), Expected((size_symbol("N"), size_symbol("M")))] if shaped else None
    try:
        found = readings(tree, MIXED, expected)
    except SymjacError:
        return
    assert found
    assert all(reading.cost == found[0].cost for reading in found)
    for reading in found:
        assert (reading.meaning.node is None) == (reading.meaning.entries is not None)
