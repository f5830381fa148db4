"""Every head says the entries that the plain evaluation computes."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

from symjac.components import evaluate_form, jacobian_form, read
from symjac.components.axes import refine
from symjac.errors import ShapeError, UnsupportedError
from symjac.evaluate import evaluate
from symjac.nodes import build as b
from symjac.nodes import node as nodes
from symjac.nodes.node import Node, postorder
from symjac.nodes.sizes import Size
from tests.components.expressions import EXPRESSIONS, SIZES, A, B, M, N, X, mul, point, t, x


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_a_form_has_the_value_of_its_node(name: str) -> None:
    node = EXPRESSIONS[name]
    values = point(node)
    truth = evaluate(node, values, SIZES)
    found = evaluate_form(read(node).form, values, SIZES)
    assert np.allclose(found.reshape(truth.shape), truth, rtol=1e-9, atol=1e-9)


def test_every_head_is_read() -> None:
    heads = {type(below) for node in EXPRESSIONS.values() for below in postorder(node)}
    constants = {nodes.Zero, nodes.Identity, nodes.Dimension, nodes.Differential, nodes.LogSumExp, nodes.Norm}
    declared = {head for head in Node.__subclasses__() if head.__module__ == nodes.__name__}
    assert declared <= heads | constants


def test_the_differential_of_a_symbol_is_a_symbol_of_its_own() -> None:
    form = read(mul(A, b.differential(X))).form
    assert form.symbols == {"A", "d·X"}
    with pytest.raises(UnsupportedError):
        read(b.differential(mul(A, X)))


def test_identity_meets_kronecker_and_becomes_deltas() -> None:
    """(I + K)(I ⊗ Aᵀ) is δ_ik a_j + δ_jk a_i, in one pass."""
    collected = read(mul(b.add(b.identity(N**2), b.commutation(N, N)), b.kron(b.identity(N), t(A)))).form
    assert [len(term.factors) for term in collected.terms] == [2, 2]
    assert not any(term.bound for term in collected.terms)


def test_the_identity_of_a_product_of_sizes_does_not_know_the_order() -> None:
    left = read(b.kron(b.identity(M), b.identity(N))).form
    assert left is read(b.kron(b.identity(N), b.identity(M))).form


def test_vec_stacks_columns() -> None:
    matrix = read(b.vec(A))
    assert matrix.row_sizes == (N, M)
    assert read(mul(b.commutation(M, N), b.vec(A))) == read(b.vec(t(A)))
    assert read(mul(b.kron(t(B), b.identity(M)), b.vec(A))).form is read(b.vec(mul(A, B))).form


@pytest.mark.parametrize(
    ("left", "right", "fine"),
    [
        ((M * N,), (M, N), (M, N)),
        ((N**2, M), (N, M * N), (N, N, M)),
        ((M, N), (N, M), None),
        ((sympy.Integer(6),), (sympy.Integer(2), sympy.Integer(3)), (2, 3)),
        ((sympy.Integer(4), sympy.Integer(3)), (sympy.Integer(2), sympy.Integer(6)), (2, 2, 3)),
        ((), (), ()),
    ],
)
def test_refining(left: tuple[Size, ...], right: tuple[Size, ...], fine: tuple[Size, ...] | None) -> None:
    assert refine(left, right) == fine


def test_a_jacobian_of_the_wrong_size_is_a_shape_error() -> None:
    with pytest.raises(ShapeError):
        jacobian_form(read(A), of=(N, N), wrt=x.shape)


def test_deep_expressions_are_read_without_recursion() -> None:
    node: Node = x
    for depth in range(1500):
        node = b.let(f"u{depth}", mul(X, node))
    assert read(node).form.height > 1000
