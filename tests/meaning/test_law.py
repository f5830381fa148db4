"""What symjac prints in LaTeX is read back as what it was, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from symjac.components import prove_equal, read
from symjac.errors import DomainError
from symjac.meaning import NotConforming, Reading, World, readings
from symjac.nodes.build import elementwise, khatri_rao, matrix_power, product, symbol
from symjac.nodes.functions import FUNCTIONS
from symjac.nodes.node import Let, Node, Zero, postorder
from symjac.nodes.sizes import Shape, size_symbol
from symjac.read.latex import Names, parse
from symjac.write.latex import latex
from tests.strategies import LEAVES, expressions


@st.composite
def written(draw: st.DrawFn) -> Node:
    """Draw an expression; one that inverts a zero matrix does not count."""
    try:
        return draw(expressions())
    except DomainError:
        reject()


WORLD = World.of(LEAVES)
NAMES = Names.of(WORLD.symbols)


def read_back(node: Node, expected: Shape) -> list[Reading]:
    return readings(parse(latex(node), NAMES).sides[0], WORLD, [expected])


def is_plain(node: Node) -> bool:
    """Whether an expression has no names of its own, and is not a bare 0."""
    return not isinstance(node, Zero) and not any(isinstance(part, Let) for part in postorder(node))


@settings(max_examples=150, deadline=None)
@given(written())
def test_printed_expressions_are_read_back(node: Node) -> None:
    assume(is_plain(node))
    found = read_back(node, node.shape)
    assert any(prove_equal(reading.meaning.matrix, read(node)) for reading in found)
    remarks = [remark for reading in found for remark in reading.remarks]
    known = ("entry by entry", "matrix power", "column by column", "Hadamard")
    assert all(any(words in remark for words in known) for remark in remarks)


@settings(max_examples=100)
@given(written())
def test_wrong_shapes_never_pass(node: Node) -> None:
    assume(is_plain(node))
    odd = size_symbol("odd")
    with pytest.raises(NotConforming):
        read_back(node, (odd, node.cols))


@settings(max_examples=30)
@given(written())
def test_twice_is_not_once(node: Node) -> None:
    twice = product(2, node)
    # 2X = X where X is 0, as |z|² − zᵀz is.
    assume(is_plain(node) and not prove_equal(read(twice), read(node), budget=50))
    for reading in read_back(twice, node.shape):
        assert not prove_equal(reading.meaning.matrix, read(node), budget=50)


SQUARE, TANH = symbol("B", 3, 3), FUNCTIONS["tanh"]


@pytest.mark.parametrize(
    "node",
    [
        matrix_power(elementwise(TANH, SQUARE), 2),
        matrix_power(elementwise(TANH, SQUARE), -2),
        product(symbol("A", 3, 3), matrix_power(elementwise(TANH, SQUARE), 3)),
        khatri_rao(symbol("A", 3, 3), SQUARE),
    ],
    ids=latex,
)
def test_what_looks_like_an_entrywise_operation_reads_back_alone(node: Node) -> None:
    world = World.of([symbol("A", 3, 3), SQUARE])
    (reading,) = readings(parse(latex(node), Names.of(world.symbols)).sides[0], world, [node.shape])
    assert prove_equal(reading.meaning.matrix, read(node))
