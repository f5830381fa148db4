"""Nodes and texts as untyped formulas: typed again, they say the same."""

from __future__ import annotations

import numpy as np
import pytest

from symjac.diagnose.places import places
from symjac.diagnose.trees import tree_of
from symjac.diagnose.untyped import untyped
from symjac.diagnose.words import formula
from symjac.errors import ParseError
from symjac.evaluate import evaluate
from symjac.meaning import World, readings
from symjac.nodes.node import Node
from symjac.points import random_point
from symjac.read.declare import read_declarations
from symjac.read.latex.tree import Tree
from symjac.read.text import read_text

GIVEN = "A: M x N, B: N x N, x: N, y: N, b: M, c: scalar"
SIZES = {"M": 4, "N": 3}
TEXTS = (
    "A*x - b",
    "2*A.T*(A*x - b)",
    "-x.T*(B + B.T)*x/norm(x)**3",
    "kron(B, eye(N)) + kron(eye(N), B.T)",
    "(eye(N*N) + commutation(N, N))*kron(eye(N), B)",
    "inv(B).T*x*y.T*inv(B)",
    "B**2 - 3*B**-2",
    "hadamard(x, tanh(B*y)) - exp(x)",
    "diag(x)*B - c*B/2",
    "trace(B)*det(B)*log(x.T*x)",
    "x.T*sigmoid(y)*ones(N).T",
    "softmax(B*x)*y.T",
    "hadamard_power(B, 2)*x/c",
    "vec(A)*x.T",
    "sqrt(x.T*x)*y",
)


def worth(node: Node) -> np.ndarray:  # type: ignore[type-arg]
    point = random_point(read_declarations(GIVEN).values(), 3, SIZES, positive=True)
    return evaluate(node, point.values, point.sizes)


def typed(tree: Tree, like: Node) -> Node:
    node = readings(tree, World.of(read_declarations(GIVEN)), [like.shape])[0].meaning.node
    assert node is not None
    return node


@pytest.mark.parametrize("text", TEXTS)
def test_a_node_as_a_formula_says_what_the_node_says(text: str) -> None:
    node = read_text(text, GIVEN)
    assert np.allclose(worth(typed(tree_of(node), node)), worth(node))


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_without_shapes_says_what_the_text_says(text: str) -> None:
    node = read_text(text, GIVEN)
    assert np.allclose(worth(typed(untyped(text), node)), worth(node))


@pytest.mark.parametrize("text", TEXTS)
def test_putting_back_what_stands_there_changes_nothing(text: str) -> None:
    tree = untyped(text)
    for place in places(tree):
        assert place.put(place.tree) == tree


@pytest.mark.parametrize("text", ["", "A*", "(A", "A)", "norm()", "kron(A", "A.x", "A**", "1e5", "(" * 200 + "A" + ")" * 200])
def test_what_is_no_text_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        untyped(text)


def test_spans_point_into_the_text() -> None:
    text = "2*A.T*(A*x + b)"
    spans = {text[slice(*place.tree.span)] for place in places(untyped(text))}
    assert {"A.T", "(A*x + b)", "A*x", "b", text} <= spans


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2*A.T*(A*x - b)", "2Aᵀ(Ax − b)"),
        ("inv(B).T*x", "B⁻ᵀx"),
        ("kron(eye(N), A.T)", "I_N ⊗ Aᵀ"),
        ("norm(x)**3/2", "(‖x‖³)/2"),
        ("-hadamard(x, y)", "−x ∘ y"),
    ],
)
def test_formulas_are_said_as_people_write_them(text: str, said: str) -> None:
    assert formula(untyped(text)) == said
