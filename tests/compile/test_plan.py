"""Plans: where patterns overlap, in what order products are multiplied, what shares memory."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symjac.compile import Compiled, compile_record
from symjac.compile.patterns import closure, covers, join
from symjac.compile.steps import Step
from symjac.compile.values import CONTRACT, Value
from symjac.derivation import jacobian
from symjac.derive import derive
from symjac.errors import SymjacError, UnsupportedError
from symjac.evaluate import Array, evaluate, size_value
from symjac.layout import Layout
from symjac.nodes import build as b
from symjac.nodes.functions import SIN
from symjac.nodes.node import Node, symbols
from symjac.nodes.sizes import size_symbol
from symjac.points import random_point, size_names
from tests.strategies import expressions

# Patterns


def test_patterns_that_cross_have_their_common_entries() -> None:
    left, right = (0, 1, 2, 0), (0, 1, 2, 1)
    assert closure([left, right]) == [left, right, (0, 0, 2, 0)]
    assert covers(left, join(left, right))
    assert not covers(join(left, right), left)


def test_too_many_patterns_are_added_up_instead() -> None:
    assert closure([(0, 1, 2, 3, 4, k) for k in range(5)]) is None


def test_overlapping_diagonals_are_summed_beforehand() -> None:
    source = jacobian("A.T*A", "A", given="A: M x N").lambdify().source
    assert "np.multiply(2, A.T, out=dJ2)" in source
    assert "+=" not in source.split("def jacobian")[1].replace("∂", "")


def test_many_overlapping_diagonals() -> None:
    text, given_ = "kron(A, A) + kron(A', A)' + kron(A, A') + kron(A', A')'", "A: N x N"
    derivation = jacobian(text, "A", given=given_)
    A = np.random.default_rng(0).normal(size=(3, 3))
    expected = evaluate(derivation.node, {"A": A}, {"N": 3})
    function = derivation.lambdify()
    buffer = function.empty(A=A)
    for _ in range(2):
        np.testing.assert_allclose(function(A=A, out=buffer), expected)


# Order


def products(function: Compiled) -> list[Value]:
    """Return the sums of products in a plan."""
    assert function._program is not None
    return [value for value in function._program.plan().values.made if value.kind == CONTRACT]


def test_the_cheapest_product_comes_first() -> None:
    function = jacobian("A*B*C*D*x", "x", given="A: 2 x 50, B: 50 x 50, C: 50 x 50, D: 50 x 9, x: 9").lambdify()
    assert len(products(function)) == 3
    assert all(2 in value.sizes for value in products(function))


def test_the_order_follows_the_shapes() -> None:
    function = jacobian("A*B*C*x", "x", given="A: m x n, B: n x n, C: n x p, x: p").lambdify()
    rng = np.random.default_rng(1)
    for m, p in ((2, 30), (30, 2), (2, 30)):
        A, B, C = rng.normal(size=(m, 20)), rng.normal(size=(20, 20)), rng.normal(size=(20, p))
        np.testing.assert_allclose(function(A=A, B=B, C=C, x=np.ones(p)), A @ B @ C)
    assert len(function._by_shape) == 2


def test_a_scalar_by_a_deep_chain_multiplies_vectors_only() -> None:
    function = jacobian("v.T*A*B*C*x", "x", given="v: n, A: n x n, B: n x n, C: n x n, x: n").lambdify()
    assert [value.rank for value in products(function)] == [1, 1, 1]


# Steps


@pytest.mark.parametrize(
    ("step", "written", "placed"),
    [
        (Step("multiply", ("a", "b"), "c"), "c = a * b", "c = a * b"),
        (Step("add", ("z", "b"), "z", "z"), "z += b", "np.add(z, b, z)"),
        (Step("tanh", ("z",), "h", "z"), "h = np.tanh(z, out=z)", "np.tanh(z, z)"),
        (Step("multiply", ("h", "d"), "t", "h"), "t = np.multiply(h, d, out=h)", "np.multiply(h, d, h)"),
        (Step("copy", ("a",), "", "v"), "v[...] = a", "np.copyto(v, a)"),
        (Step("copy", ("a",), "", "v[rows]"), "v[rows] = a", "np.copyto(v[rows], a)"),
    ],
)
def test_steps_are_written_twice(step: Step, written: str, placed: str) -> None:
    assert (step.written(), step.placed()) == (written, placed)


# Random expressions


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_random_expressions(data: st.DataObject) -> None:
    try:
        node: Node = data.draw(expressions(3))
        found = symbols([node])
        assume(found)
        record = derive(node, found[:1])
        sizes = dict(zip(size_names([node]), (3, 2, 4, 5), strict=False))
        values = dict(random_point([node], 0, sizes, positive=True).values)
        expected = evaluate(record.jacobians[0], values, sizes)
    except (SymjacError, np.linalg.LinAlgError):
        assume(False)
    assume(np.isfinite(expected).all() and abs(expected).max() < 1e8)
    names = [s.name for s in found]
    for order in ("C", "F"):
        with suppress(UnsupportedError):
            function = compile_record(record, names, Layout(), order=order)
            check(function, [values[n] for n in names], expected)


def check(function: Compiled, values: list[Array], expected: Array) -> None:
    close = {"rtol": 1e-6, "atol": 1e-8 * max(1.0, abs(expected).max())}
    np.testing.assert_allclose(function(*values), expected, **close)
    np.testing.assert_allclose(function(*(value.tolist() for value in values)), expected, **close)
    if function.has_plan:
        bound = function.bind(**dict(zip(function.arguments, values, strict=True)))
        for _ in range(2):
            np.testing.assert_allclose(bound(*values), expected, **close)


@pytest.mark.parametrize("order", ["C", "F"])
def test_products_are_written_the_way_their_place_lies(order: str) -> None:
    """A sum over the last of three axes, written into a diagonal whose axes change places in F order."""
    y, u, c = b.symbol("y", size_symbol("M")), b.symbol("u", size_symbol("P")), b.symbol("c")
    left = b.add(b.product(y, b.transpose(u)), b.product(-2, c, y, b.transpose(u)))
    right = b.elementwise(SIN, b.hadamard_power(b.product(u, b.transpose(y)), 3))
    record = derive(b.product(left, right), [y, u])
    function = compile_record(record, ["y", "u", "c"], Layout(), order=order)
    rng = np.random.default_rng(3)
    for m, p in ((2, 3), (4, 4), (3, 1)):
        values = {"y": rng.normal(size=(m, 1)), "u": rng.normal(size=(p, 1)), "c": rng.normal(size=(1, 1))}
        expected = np.hstack([evaluate(jacobian, values, {"M": m, "P": p}) for jacobian in record.jacobians])
        check(function, list(values.values()), expected)


MADE_ANEW = [
    ("softmax(trace(A.T*B)*x)", "A: 3 x 2, B: 3 x 2, x: 4"),
    ("trace(A.T*B)**2*norm(A)*x", "A: 3 x 2, B: 3 x 2, x: 4"),
    ("sum(hadamard(A, B))*A", "A: 3 x 2, B: 3 x 2"),
    ("det(softplus(A/3))*A", "A: N x N"),
    *((f"tanh({function}(A)*A)*A*x", "A: N x N, x: N") for function in ("softplus", "relu", "sqrt")),
]


@pytest.mark.parametrize(("text", "given_"), MADE_ANEW, ids=[text for text, _ in MADE_ANEW])
def test_memory_that_is_made_anew_is_lent_to_nobody(text: str, given_: str) -> None:
    derivation = jacobian(text, "A", given=given_)
    rng = np.random.default_rng(7)
    found = symbols([derivation.record.expression])
    values = {s.name: rng.uniform(0.5, 1.5, size=[size_value(n, {"N": 4}) for n in s.shape]) for s in found}
    function = derivation.lambdify()
    kept = {name: value.copy() for name, value in values.items()}
    check(function, [values[name] for name in function.arguments], evaluate(derivation.node, values, {"N": 4}))
    assert all(np.array_equal(values[name], kept[name]) for name in values)
