"""Derivatives by components, against differences of the plain evaluation."""

from __future__ import annotations

import time

import numpy as np
import pytest

from symjac.components import differentiate, differentiate_form, evaluate_form, read
from symjac.components.derivative import with_facts
from symjac.components.evaluation import postorder
from symjac.nodes import build as b
from symjac.nodes.functions import RELU, TANH
from symjac.nodes.node import Node, Symbol, symbols
from tests.components.expressions import EXPRESSIONS, SIZES, A, D, N, S, X, Z, difference, f, mul, point, t, x, y


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_derivatives_agree_with_differences(name: str) -> None:
    node = EXPRESSIONS[name]
    values = point(node)
    found = differentiate(node, symbols([node]))
    for symbol, form in found.items():
        truth = difference(node, symbol, values)
        entries = evaluate_form(form, values, SIZES).reshape(truth.shape)
        assert np.allclose(entries, truth, rtol=1e-5, atol=1e-5 * (1 + abs(truth).max())), symbol.name


def test_the_gram_matrix_as_lecture_notes_have_it() -> None:
    form = differentiate(mul(t(A), A), [A])[A]
    assert repr(form) == "1 Delta()[0, 3]^1 Entry(A, ())[2, 1]^1 + 1 Delta()[1, 3]^1 Entry(A, ())[2, 0]^1"


def test_facts_do_not_change_what_is_differentiated() -> None:
    assert differentiate(S, [S])[S] is differentiate(X, [X])[X]
    assert differentiate(D, [D])[D] is differentiate(X, [X])[X]
    assert differentiate(mul(t(x), S, x), [x])[x] is read(mul(2, S, x)).form


def test_facts_are_used_in_the_result() -> None:
    plain = b.symbol("S", N, N)
    form = differentiate(mul(t(x), b.inverse(plain), x), [x])[x]
    assert len(form.terms) == 2
    assert len(with_facts(form, {"S": ("symmetric",)}).terms) == 1


def test_a_second_derivative_is_the_same_call_again() -> None:
    node = mul(t(x), X, x)
    (first,) = differentiate_form(read(node).form, [("x", (N,))])
    (second,) = differentiate_form(first, [("x", (N,))])
    assert second is read(b.add(X, t(X))).form


def test_relu_has_slope_zero_at_zero() -> None:
    form = differentiate(f(RELU, x), [x])[x]
    assert not evaluate_form(form, {"x": np.zeros(3)}, SIZES).any()


def test_what_does_not_depend_on_a_variable_has_derivative_zero() -> None:
    form = differentiate(mul(A, x), [y])[y]
    assert form.is_zero
    assert len(form.sizes) == 2


def network(layers: int, residual: bool = False) -> tuple[Node, list[Symbol]]:
    variables: list[Symbol] = []
    inner: Node = x
    for k in range(1, layers + 1):
        W, bias = b.symbol(f"W{k}", N, N), b.symbol(f"b{k}", N)
        variables += [W, bias]
        activated = f(TANH, b.let(f"z{k}", b.add(mul(W, inner), bias)))
        inner = b.let(f"h{k}", b.add(inner, activated) if residual else activated)
    return inner, variables


@pytest.mark.parametrize("residual", [False, True])
def test_deep_networks_grow_linearly(residual: bool) -> None:
    counts, seconds = [], []
    for layers in (16, 32, 64):
        node, variables = network(layers, residual)
        start = time.perf_counter()
        found = differentiate(node, variables)
        seconds.append(time.perf_counter() - start)
        counts.append(len(list(postorder(*found.values()))))
    assert counts[2] - counts[1] == 2 * (counts[1] - counts[0])
    assert seconds[2] < 3


def test_a_network_has_the_right_derivatives() -> None:
    node, variables = network(3, residual=True)
    values = point(node)
    found = differentiate(node, variables)
    for symbol in variables:
        truth = difference(node, symbol, values)
        assert np.allclose(evaluate_form(found[symbol], values, SIZES).reshape(truth.shape), truth, atol=1e-7)


def test_outer_products_of_adjoints_are_not_shared() -> None:
    """∂(AXB)/∂X is A ⊗ B without a four-index intermediate."""
    form = differentiate(mul(A, f(TANH, mul(X, Z))), [X])[X]
    assert max(len(tensor.sizes) for tensor in postorder(form)) <= 3
