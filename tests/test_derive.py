"""Derivatives against complex steps, and every line of every derivation against the line before."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symjac.derive import derive
from symjac.errors import DomainError, UnsupportedError
from symjac.nodes.build import add, elementwise, inverse, let, norm, power, product, subtract, symbol
from symjac.nodes.functions import RELU, TANH, Function
from symjac.nodes.node import Node, Symbol, Zero, postorder
from symjac.nodes.sizes import size_symbol, times
from symjac.record import GRADIENT, Record
from symjac.rules.rule import READ
from tests.corpus import ALL, SYMBOLS, reading
from tests.judge import agree, broken_chains, faults, sample, unequal_sizes
from tests.strategies import expressions_and_variables

ROOT = Path(__file__).parent.parent


def assert_right(record: Record, seed: int = 0) -> None:
    """Compare each Jacobian and gradient with complex steps at a random point."""
    point = sample(record.expression, *record.variables, *record.jacobians, seed=seed)
    for variable, jacobian, gradient in zip(record.variables, record.jacobians, record.gradients, strict=True):
        wanted = point.jacobian(record.expression, variable)
        assert jacobian.shape == (times(*record.expression.shape), times(*variable.shape))
        assert agree(point.value(jacobian), wanted), f"wrong by {variable.name}: {jacobian!r}"
        if gradient is not None:
            assert gradient.shape == variable.shape
            assert agree(point.value(gradient).reshape(1, -1, order="F"), wanted)


@pytest.mark.parametrize(("expression", "variables"), ALL, ids=lambda text: text)
def test_derivatives_are_right_line_by_line(expression: str, variables: str) -> None:
    record = derive(*reading(expression, variables))
    assert_right(record)
    assert faults(record) == []
    assert broken_chains(record) == []


def test_every_scalar_has_a_gradient() -> None:
    scalars = [reading(*entry) for entry in ALL if reading(*entry)[0].is_scalar]
    assert len(scalars) > 70
    missing = [node for node, variables in scalars if None in derive(node, variables).gradients]
    assert missing == []


def test_what_is_no_scalar_has_no_gradient() -> None:
    assert derive(*reading("A*x", "x")).gradients == (None,)


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data(), depth=st.integers(2, 4))
def test_random_expressions_are_right_line_by_line(data: st.DataObject, depth: int) -> None:
    try:
        expression, variables = data.draw(expressions_and_variables(depth))
        record = derive(expression, variables)
        found = faults(record)
        point = sample(expression, *record.jacobians)
        wanted = [point.jacobian(expression, variable) for variable in variables]
    except (DomainError, UnsupportedError, np.linalg.LinAlgError):
        assume(False)
    assume(all(np.all(np.isfinite(j)) and np.max(np.abs(j), initial=0) < 1e8 for j in wanted))
    assert found == []
    assert broken_chains(record) == []
    for jacobian, numbers in zip(record.jacobians, wanted, strict=True):
        assert agree(point.value(jacobian), numbers, 1e-6)


# Variables


def test_by_a_variable_that_does_not_occur_the_derivative_is_zero() -> None:
    record = derive(*reading("A.T*A", "X"))
    assert isinstance(record.jacobians[0], Zero)
    assert record.steps == ()


def test_a_constant_scalar_has_a_gradient_of_zeros_in_the_shape_of_the_variable() -> None:
    record = derive(*reading("norm(A)", "X"))
    assert isinstance(record.gradients[0], Zero)
    assert record.gradients[0].shape == SYMBOLS["X"].shape


def test_variables_are_named_once_and_at_least_one() -> None:
    expression, _ = reading("A*x", "x")
    with pytest.raises(DomainError, match="x is named twice"):
        derive(expression, [SYMBOLS["x"], SYMBOLS["x"]])
    with pytest.raises(DomainError, match="at least one"):
        derive(expression, [])


def two_meanings() -> list[tuple[Node, Symbol]]:
    A, X, x = SYMBOLS["A"], SYMBOLS["X"], SYMBOLS["x"]
    symmetric = symbol("X", *X.shape, ["symmetric"])
    twice = add(elementwise(TANH, let("t", product(A, x))), let("t", product(2, A, x)))
    return [(product(symmetric, x), X), (twice, x), (elementwise(TANH, let("x", product(A, x))), x)]


@pytest.mark.parametrize(("expression", "variable"), two_meanings(), ids=["facts", "lets", "let and symbol"])
def test_a_name_stands_for_one_thing(expression: Node, variable: Symbol) -> None:
    """A second X with other facts would silently have the derivative zero."""
    with pytest.raises(DomainError, match="two things"):
        derive(expression, [variable])


def test_second_derivatives_are_the_same_call_again() -> None:
    for entry in [("x.T*X*x", "x"), ("logsumexp(A*x + b)", "x"), ("exp(x.T*X*x)", "x"), ("y.T*tanh(A*x + b)", "x")]:
        expression, (variable,) = reading(*entry)
        (gradient,) = derive(expression, [variable]).gradients
        assert gradient is not None
        record = derive(gradient, [variable])
        assert_right(record)
        assert faults(record) == []
        hessian = sample(expression, record.jacobians[0]).value(record.jacobians[0])
        assert agree(hessian, hessian.T)


def test_one_sweep_by_many_variables_finds_what_single_derivations_find() -> None:
    expression, variables = reading("norm(W*tanh(A*x + b) - u)**2", "W, A, b, x, u")
    together = derive(expression, variables)
    point = sample(expression)
    for variable, jacobian in zip(variables, together.jacobians, strict=True):
        (alone,) = derive(expression, [variable]).jacobians
        assert agree(point.value(jacobian), point.value(alone))


@pytest.mark.parametrize("sizes", [{"M": 1, "N": 3, "P": 1}, {"M": 3, "N": 1, "P": 2}, {"M": 1, "N": 1, "P": 1}], ids=str)
@pytest.mark.parametrize(("expression", "variables"), ALL[::9], ids=lambda text: text)
def test_what_holds_for_all_sizes_holds_at_size_one(expression: str, variables: str, sizes: dict[str, int]) -> None:
    record = derive(*reading(expression, variables))
    point = sample(record.expression, *record.variables, *record.jacobians, sizes=sizes)
    try:
        wanted = [point.jacobian(record.expression, variable) for variable in record.variables]
    except np.linalg.LinAlgError:
        pytest.fail("the point is singular")
    for jacobian, numbers in zip(record.jacobians, wanted, strict=True):
        assert agree(point.value(jacobian), numbers)


def test_the_derivative_of_relu_at_zero_is_zero() -> None:
    x = symbol("x", 3)
    (jacobian,) = derive(elementwise(RELU, x), [x]).jacobians
    point = sample(x)
    point.values["x"][:] = [[-1], [0], [2]]
    assert np.array_equal(point.value(jacobian), np.diag([0.0, 0, 1]))


def test_a_function_of_ones_own_keeps_its_derivative_opaque() -> None:
    t = TANH.definition.args[0]
    cube = Function("cube", t**3 + t)
    x = symbol("x", 3)
    record = derive(elementwise(cube, product(2, x)), [x])
    assert_right(record)
    assert faults(record) == []


# Networks


def network(layers: int, *, named: bool, residual: bool = False, loss: bool = True) -> tuple[Node, list[Symbol]]:
    """A network of tanh layers, hₗ = tanh(Wₗ hₗ₋₁ + bₗ), with a squared loss."""
    sizes = [size_symbol("n" if residual else f"n{i}") for i in range(layers + 1)]
    h: Node = symbol("x", sizes[0])
    parameters = []
    for i in range(1, layers + 1):
        weights, bias = symbol(f"W{i}", sizes[i], sizes[i - 1]), symbol(f"b{i}", sizes[i])
        parameters += [weights, bias]
        z = add(product(weights, h), bias)
        out = elementwise(TANH, let(f"z{i}", z) if named else z)
        out = add(h, out) if residual else out
        h = let(f"h{i}", out) if named else out
    return (power(norm(subtract(h, symbol("y", sizes[layers]))), 2) if loss else h), parameters


@pytest.mark.parametrize("loss", [True, False], ids=["loss", "output"])
@pytest.mark.parametrize("residual", [True, False], ids=["residual", "plain"])
@pytest.mark.parametrize("named", [True, False], ids=["named", "unnamed"])
@pytest.mark.parametrize("layers", [1, 2, 4])
def test_networks_are_right_line_by_line(layers: int, named: bool, residual: bool, loss: bool) -> None:
    record = derive(*network(layers, named=named, residual=residual, loss=loss))
    assert_right(record)
    assert faults(record) == []
    assert broken_chains(record) == []


def size_of(record: Record) -> int:
    """How many different nodes a derivation is made of."""
    return sum(1 for _ in postorder(*record.jacobians, *(step.after for step in record.steps)))


@pytest.mark.parametrize("residual", [True, False], ids=["residual", "plain"])
@pytest.mark.parametrize("loss", [True, False], ids=["loss", "output"])
def test_the_work_grows_with_the_depth_and_not_with_the_unfolding(residual: bool, loss: bool) -> None:
    records = [derive(*network(layers, named=True, residual=residual, loss=loss)) for layers in (2, 8, 16)]
    few, some, many = (len(record.steps) for record in records)
    assert many - some == pytest.approx((some - few) * 8 / 6, abs=4)
    assert size_of(records[2]) < 2.5 * size_of(records[1])


@pytest.mark.parametrize("residual", [True, False], ids=["residual", "plain"])
def test_sixty_four_layers_are_derived_in_steps_that_grow_linearly(residual: bool) -> None:
    shallow = derive(*network(8, named=True, residual=residual))
    deep = derive(*network(64, named=True, residual=residual))
    assert len(deep.jacobians) == 128
    assert len(deep.steps) <= 8 * len(shallow.steps)
    assert size_of(deep) <= 10 * size_of(shallow)


def test_sixty_four_layers_are_right() -> None:
    expression, parameters = network(64, named=True, residual=True)
    record = derive(expression, [parameters[0], parameters[-1]])
    point = sample(expression, sizes={"n": 2})
    for variable, jacobian in zip(record.variables, record.jacobians, strict=True):
        assert agree(point.value(jacobian), point.jacobian(expression, variable))


def test_unnamed_layers_are_named_by_the_engine() -> None:
    record = derive(*network(3, named=False))
    assert {"z1", "z2"} <= {definition.name for definition in record.definitions}


# Intermediates


def test_an_intermediate_may_be_used_in_many_places() -> None:
    x, X = SYMBOLS["x"], SYMBOLS["X"]
    z = let("z", product(X, x))
    record = derive(add(product(z, power(norm(z), 2)), elementwise(TANH, z), x), [x, X])
    assert_right(record)
    assert faults(record) == []


def test_an_intermediate_that_does_not_depend_on_the_variable_is_left_alone() -> None:
    x, A = SYMBOLS["x"], SYMBOLS["A"]
    G = let("G", product(A, SYMBOLS["X"]))
    record = derive(product(G, x), [x])
    assert record.jacobians == (G,)


def test_reading_off_a_variable_that_stands_in_many_parts() -> None:
    """What is read off is the whole part of df that holds dX, through intermediates and beside them."""
    x, X = SYMBOLS["x"], SYMBOLS["X"]
    z = let("z", product(X, x))
    record = derive(add(power(norm(z), 2), product(SYMBOLS["r"], X, X, x)), [X])
    assert_right(record)
    assert faults(record) == []


# Determinism


PRINT_STEPS = "from tests.test_derive import some_steps; print(some_steps())"


def some_steps() -> str:
    """Every step of some derivations, as text."""
    records = [*(derive(*reading(*entry)) for entry in ALL[::4]), derive(*network(3, named=False, residual=True))]
    return "\n".join(
        repr((step.rule.id, step.before, step.after, record.jacobians, record.definitions))
        for record in records
        for step in record.steps
    )


def test_the_same_derivation_in_every_process() -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    elsewhere = subprocess.run([sys.executable, "-c", PRINT_STEPS], env=environment, capture_output=True, text=True, check=True)
    assert elsewhere.stdout.strip() == some_steps()


def test_the_same_derivation_the_second_time() -> None:
    for entry in ALL[::5]:
        assert derive(*reading(*entry)) == derive(*reading(*entry))


# The judge is not asleep


def test_a_step_that_is_changed_is_named() -> None:
    record = derive(*reading("norm(A*x - y)**2", "A"))
    for i, step in enumerate(record.steps):
        if step.before is step.after and step.rule.phase == READ:
            continue
        for factor in (2, -1):
            wrong = replace(step, after=product(factor, step.after))
            changed = replace(record, steps=(*record.steps[:i], wrong, *record.steps[i + 1 :]))
            assert [fault.rule for fault in faults(changed)] == [step.rule.id]


def test_lines_of_gradients_are_judged() -> None:
    record = derive(*reading("trace(A.T*A*X)", "A"))
    assert GRADIENT in {step.left for step in record.steps}
    assert unequal_sizes(record.expression) == {"M": 4, "N": 3}


def test_functions_may_nest_deeply() -> None:
    """Each layer gets a name, so that a hundred and fifty of them are only a long derivation."""
    x = SYMBOLS["x"]
    node: Node = x
    for _ in range(150):
        node = elementwise(TANH, product(Fraction(1, 2), node))
    assert_right(derive(product(node, power(norm(node), -1)), [x]))


def test_expressions_that_nest_too_deeply_ask_for_names() -> None:
    X = SYMBOLS["X"]
    node: Node = X
    for _ in range(400):
        node = product(X, add(X, inverse(node)))
    with pytest.raises(UnsupportedError, match="let"):
        derive(node, [X])
