"""Nodes: one object for one structure, digests that outlive the process, walks without recursion."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import sympy

from symjac.nodes.build import add, elementwise, inverse, kron, let, norm, power, product, symbol, transpose
from symjac.nodes.functions import TANH, Function, T
from symjac.nodes.node import Let, Node, fold, lets, postorder, surface, symbols
from symjac.nodes.sizes import size_symbol
from tests.corpus import ALL, reading

M, N = size_symbol("M"), size_symbol("N")
A, X = symbol("A", M, N), symbol("X", N, N)
x, y = symbol("x", N), symbol("y", M)

ROOT = Path(__file__).parent.parent.parent


def deep(layers: int) -> Node:
    node: Node = x
    for i in range(layers):
        node = let(f"h{i}", elementwise(TANH, product(X, node)))
    return node


def test_one_structure_is_one_object() -> None:
    assert product(A, x) is product(A, x)
    assert add(product(A, x), y) is add(product(A, x), y)
    assert symbol("A", M, N) is A
    assert symbol("A", N, M) is not A


def test_digests_tell_structures_apart() -> None:
    nodes = [A, X, x, transpose(A), product(A, x), product(A, X), inverse(X), kron(A, X), kron(X, A), let("x", x), norm(A)]
    assert len({node.digest for node in nodes}) == len(nodes)


def test_digests_tell_functions_apart() -> None:
    cube, square = Function("f", T**3), Function("f", T**2)
    assert elementwise(cube, x).digest != elementwise(square, x).digest
    assert elementwise(TANH, x).digest != elementwise(TANH.derivative, x).digest


DIGESTS = """
from tests.corpus import ALL, reading
print(*(reading(*entry)[0].digest.hex() for entry in ALL))
"""


def test_digests_are_the_same_in_every_process() -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    elsewhere = subprocess.run([sys.executable, "-c", DIGESTS], env=environment, capture_output=True, text=True, check=True)
    assert elsewhere.stdout.split() == [reading(*entry)[0].digest.hex() for entry in ALL]


@pytest.mark.parametrize(
    "node", [A, product(A, x), elementwise(TANH, x), let("z", product(A, x)), power(norm(A), -1)], ids=repr
)
def test_a_pickled_node_comes_back_as_itself(node: Node) -> None:
    assert pickle.loads(pickle.dumps(node)) is node


def test_a_copied_node_is_itself() -> None:
    assert copy.deepcopy(product(A, x)) is product(A, x)


def test_names_below_a_node() -> None:
    z = let("z", product(A, x))
    node = add(elementwise(TANH, z), y)
    assert node.symbols == {"A", "x", "y", "z"}
    assert symbols([node]) == (A, x, y)
    assert lets([node]) == (z,)


def test_intermediates_come_after_those_they_need() -> None:
    assert [inner.name for inner in lets([deep(4)])] == ["h0", "h1", "h2", "h3"]


def test_walks_meet_every_node_once_and_arguments_first() -> None:
    node = add(product(X, x), product(transpose(X), x))
    met = list(postorder(node))
    assert len(met) == len(set(met))
    assert all(met.index(arg) < met.index(part) for part in met for arg in part.args)


def test_the_surface_does_not_enter_what_is_named() -> None:
    z = let("z", product(A, x))
    assert list(surface(add(z, y))) == [z, y, add(z, y)]


def test_walks_and_folds_do_not_recurse() -> None:
    node = deep(500)
    assert sum(isinstance(part, Let) for part in postorder(node)) == 500
    depth = fold(node, lambda part, args: 1 + max(args, default=0))
    assert depth == 1501
    assert len(list(surface(node))) == 1


def test_a_fold_uses_what_it_is_told() -> None:
    assert fold(product(A, x), lambda part, args: 1 + sum(args), {A: 10}) == 12


def test_functions_differentiate_and_remember_their_order() -> None:
    assert TANH.derivative.derivative.order == 2
    assert sympy.simplify(TANH.derivative.expression - (1 - sympy.tanh(T) ** 2)) == 0


def test_a_node_says_what_it_is() -> None:
    assert repr(product(A, x)) == "Product(1, (), Symbol(A, ()), Symbol(x, ()))"
