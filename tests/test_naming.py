"""Names that the engine gives: inner layers, softmax values, long parts that repeat."""

from __future__ import annotations

from symjac.naming import LONG, name_parts
from symjac.nodes.build import add, elementwise, hadamard, inverse, let, power, product, softmax, symbol, trace, transpose
from symjac.nodes.functions import SIGMOID, TANH
from symjac.nodes.node import Node, lets
from symjac.nodes.sizes import size_symbol
from symjac.rules.collect import weight
from tests.corpus import ALL, SYMBOLS, reading
from tests.judge import agree, sample

A, X, S, x, y, b = (SYMBOLS[name] for name in ("A", "X", "S", "x", "y", "b"))


def names(node: Node, *variables: str) -> dict[str, Node]:
    return {inner.name: inner.value for inner in lets([name_parts(node, frozenset(variables))])}


def test_short_expressions_are_left_alone() -> None:
    node = elementwise(TANH, add(product(A, x), b))
    assert name_parts(node, frozenset("x")) is node


def test_the_layers_of_a_network_are_named() -> None:
    inner = product(X, x)
    node = elementwise(TANH, product(A, elementwise(SIGMOID, inner)))
    found = names(node, "x")
    assert list(found) == ["z1", "z2"]
    assert found["z1"] is inner


def test_softmax_values_are_named() -> None:
    assert names(product(A, softmax(x)), "x") == {"s": softmax(x)}


def test_long_parts_that_repeat_are_named() -> None:
    long = inverse(add(product(transpose(X), S, X), product(X, S, transpose(X))))
    assert weight(long) >= LONG
    assert names(product(power(trace(long), 1), long), "X") == {"u": long}


def test_what_does_not_depend_on_the_variables_is_not_named() -> None:
    assert names(product(A, softmax(x)), "A") == {}


def test_names_in_use_are_passed_over() -> None:
    s = symbol("s", size_symbol("N"))
    found = names(product(A, softmax(hadamard(x, s))), "x")
    assert list(found) == ["s1"]
    z = symbol("q", size_symbol("z"), size_symbol("N"))
    layered = elementwise(TANH, product(z, elementwise(TANH, product(X, x))))
    assert "z" not in names(layered, "x")


def test_names_given_by_the_user_are_kept() -> None:
    z = let("hidden", product(X, x))
    found = names(elementwise(TANH, product(A, elementwise(TANH, z))), "x")
    assert found["hidden"] is z.args[0]
    assert all(value is not z for value in found.values())


def test_naming_keeps_values() -> None:
    for entry in ALL:
        node, variables = reading(*entry)
        named = name_parts(node, frozenset(variable.name for variable in variables))
        point = sample(node)
        assert agree(point.value(named), point.value(node))


def test_weight_counts_what_is_read() -> None:
    assert weight(x) == 1
    assert weight(transpose(x)) == 2
    assert weight(let("z", product(A, X, x))) == 1
