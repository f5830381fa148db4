"""Compiled functions give the Jacobian's numbers in every form, order, layout and type, and refuse what does not fit."""

from __future__ import annotations

import gc
import itertools
from typing import Any

import numpy as np
import pytest

from symjac.arrange import arranged
from symjac.compile import Compiled, compile_record
from symjac.derivation import jacobian
from symjac.derive import derive
from symjac.errors import DomainError, ShapeError, UnsupportedError
from symjac.evaluate import evaluate, size_value
from symjac.layout import Layout
from symjac.nodes import build as b
from symjac.nodes.functions import RELU, TANH
from symjac.nodes.node import Node, Symbol, symbols
from symjac.nodes.sizes import size_symbol
from tests.components.expressions import EXPRESSIONS, SIZES, point

LAYOUTS = [Layout(*choice) for choice in itertools.product(("column", "row"), ("column", "row"), ("numerator", "denominator"))]

UNREADABLE = ("crossed", "trace of identity")
"""Expressions with a size that no argument shows."""

CASES = [(name, node, s) for name, node in EXPRESSIONS.items() if name not in UNREADABLE for s in symbols([node])]


def compiled(node: Node, symbol: Symbol, layout: Layout | None = None, **settings: Any) -> Compiled:
    names = [s.name for s in symbols([node])]
    return compile_record(derive(node, [symbol]), names, layout or Layout(), **settings)


@pytest.mark.parametrize(("name", "node", "symbol"), CASES, ids=[f"{name} by {s.name}" for name, _, s in CASES])
def test_every_expression(name: str, node: Node, symbol: Symbol) -> None:
    record, values = derive(node, [symbol]), point(node)
    layout = LAYOUTS[len(name) % len(LAYOUTS)]
    names = [s.name for s in symbols([node])]
    expected = evaluate(arranged(record, 0, layout)[0], values, SIZES)
    for order in ("C", "F"):
        function = compile_record(record, names, layout, order=order)
        found = function(**values)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(function(**{k: v.tolist() for k, v in values.items()}), expected, rtol=1e-9, atol=1e-11)
        assert found.flags[f"{order}_CONTIGUOUS"]
        assert function(**{k: v.astype(np.float32) for k, v in values.items()}).dtype == np.float32
        if function.has_plan:
            buffer, bound = function.empty(values), function.bind(**values)
            for _ in range(2):
                np.testing.assert_allclose(function(**values, out=buffer), expected, rtol=1e-9, atol=1e-11)
                np.testing.assert_allclose(bound(*values.values()), expected, rtol=1e-9, atol=1e-11)
    m, n, p, q = (size_value(size, SIZES) for size in (*node.shape, *symbol.shape))
    tensor = evaluate(record.jacobians[0], values, SIZES).reshape(n, m, q, p).transpose(1, 0, 3, 2)
    np.testing.assert_allclose(compile_record(record, names, layout, "tensor")(**values), tensor, rtol=1e-9, atol=1e-11)


def test_few_expressions_need_the_matrix_form() -> None:
    planned = [compiled(node, symbol).has_plan for _, node, symbol in CASES]
    assert sum(planned) > 0.9 * len(planned)


NETWORK = "W2*tanh(W1*x + b1) + b2"
SHAPES = "W1: 5 x 3, b1: 5, W2: 2 x 5, b2: 2, x: 3"


@pytest.mark.parametrize("orientation", ["numerator", "denominator"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_several_variables_stand_side_by_side(order: str, orientation: str) -> None:
    layout = Layout(orientation=orientation)
    whole = jacobian(NETWORK, ["W1", "b1", "W2", "b2"], given=SHAPES, layout=layout)
    function = whole.lambdify(order=order)
    values = {
        s.name: np.random.default_rng(1).normal(size=[int(n) for n in s.shape]) for s in symbols([whole.record.expression])
    }
    parts = [whole[name].lambdify()(*(values[a] for a in whole[name].arguments)) for name in whole.variables]
    joined = np.hstack(parts) if orientation == "numerator" else np.vstack(parts)
    np.testing.assert_allclose(function(**values), joined)


# Batches


@pytest.mark.parametrize("text", ["tanh(A*x + b)", "inv(A)*x", "det(A)*x", "softmax(A*x)", "log(sum(exp(A*x)))", "A*A.T*x"])
@pytest.mark.parametrize("wrt", ["A", "x"])
@pytest.mark.parametrize("batch", [["x"], ["A"], ["A", "x"]])
def test_a_batch_is_a_stack_of_points(text: str, wrt: str, batch: list[str]) -> None:
    derivation = jacobian(text, wrt, given="A: 3 x 3, x: 3, b: 3")
    rng = np.random.default_rng(2)
    values = {"A": rng.normal(size=(4, 3, 3)), "x": rng.normal(size=(4, 3)), "b": rng.normal(size=3)}
    values = {name: values[name] if name in batch or name == "b" else values[name][0] for name in derivation.arguments}
    one, many = derivation.lambdify(), derivation.lambdify(batch=batch)
    points = ({name: v[k] if name in batch else v for name, v in values.items()} for k in range(4))
    expected = np.stack([one(**values_at) for values_at in points])
    np.testing.assert_allclose(many(**values), expected, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(many.bind(**values)(*values.values()), expected, rtol=1e-10, atol=1e-12)


def test_a_batch_names_arguments() -> None:
    with pytest.raises(DomainError, match="batch names y"):
        jacobian("A*x", "A", given="A: 3 x 3, x: 3").lambdify(batch=["y"])


# Types of numbers


@pytest.mark.parametrize(
    ("dtype", "result"), [("float32", "float32"), ("int64", "float64"), ("bool", "float64"), ("complex128", "complex128")]
)
def test_types_follow_the_inputs(dtype: str, result: str) -> None:
    function = jacobian("tanh(A*x)", "A", given="A: 2 x 3, x: 3").lambdify()
    found = function(np.ones((2, 3), dtype), np.ones(3, dtype))
    assert found.dtype == result
    np.testing.assert_allclose(found, np.kron(np.ones((1, 3)), np.eye(2)) * (1 - np.tanh(3) ** 2), atol=1e-6)


@pytest.mark.parametrize("order", ["C", "F"])
def test_functions_of_numbers_and_sizes_have_the_type_of_the_arrays(order: str) -> None:
    function = jacobian("tanh(3)*log(N)*x*y.T*A", "A", given="x: N, y: M, A: M x P").lambdify(order=order)
    arrays = [np.ones(shape, np.float32) for shape in ((50,), (40,), (40, 3))]
    found = function(*arrays)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.max(), np.tanh(3) * np.log(50), rtol=1e-6)
    assert "dtype.type(3)" in function.source


def test_mixed_types_meet_at_the_wider() -> None:
    function = jacobian("A*x", "A", given="A: 2 x 3, x: 3").lambdify()
    assert function(np.ones((2, 3), np.float32), np.ones(3)).dtype == np.float64


def test_plain_numbers_take_the_type_of_the_arrays() -> None:
    function = jacobian("c*A*x", "A", given="A: 2 x 3, x: 3, c: scalar").lambdify()
    A, x = np.ones((2, 3), np.float32), np.ones(3, np.float32)
    assert [function(A=A, x=x, c=c).dtype for c in (2, 0.5, 1j)] == [np.float32, np.float32, np.complex64]
    assert function(A=A, x=x, c=np.float64(0.5)).dtype == np.float64


def test_softplus_is_analytic() -> None:
    function = jacobian("hadamard_power(softplus(x), 2)", "x", given="x: 2").lambdify()
    x, step = np.array([-1.0, 2.0]), 1e-20
    second = function(x + 1j * step).imag.diagonal() / step
    s = 1 / (1 + np.exp(-x))
    np.testing.assert_allclose(second, 2 * s * s + 2 * np.logaddexp(0, x) * s * (1 - s), rtol=1e-12)


def test_a_complex_step_goes_through() -> None:
    function = jacobian("x.T*A*x", "x", given="A: 3 x 3, x: 3").lambdify()
    A, x, step = np.arange(9.0).reshape(3, 3), np.array([1.0, -2, 3]), 1e-20
    second = [function(A=A, x=x + 1j * step * e).imag.ravel() / step for e in np.eye(3)]
    np.testing.assert_allclose(second, A + A.T)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_passes_through(value: float) -> None:
    found = jacobian("A*x", "A", given="A: 2 x 2, x: 2").lambdify()(np.eye(2), [1, value])
    np.testing.assert_array_equal(found, [[1, 0, value, 0], [0, 1, 0, value]])


# Shapes


@pytest.mark.parametrize("x", [np.ones(3), np.ones((3, 1)), [1, 1, 1]])
def test_vectors_come_as_rows_of_numbers_or_as_columns(x: Any) -> None:
    assert jacobian("A*x", "A", given="A: M x N, x: N").lambdify()(np.ones((2, 3)), x).shape == (2, 6)


@pytest.mark.parametrize(
    ("text", "given", "values", "message"),
    [
        ("A*x", "A: M x N, x: N", {"A": np.ones((2, 3)), "x": np.ones(4)}, r"x is N x 1, with N = 3: a 4 array"),
        ("A*x", "A: M x N, x: N", {"A": np.ones((2, 3)), "x": np.ones((1, 3))}, r"x is N x 1: a 1 x 3 array"),
        ("A*x", "A: M x N, x: N", {"A": np.ones((2, 3, 1)), "x": np.ones(3)}, r"A is M x N: a 2 x 3 x 1 array"),
        ("A*x", "A: 2 x 3, x: 3", {"A": np.ones((3, 2)), "x": np.ones(3)}, r"A is 2 x 3: a 3 x 2 array"),
        ("A*x", "A: N x N, x: N", {"A": np.ones((3, 2)), "x": np.ones(3)}, r"A is N x N, with N = 3: a 3 x 2 array"),
        ("c*x", "c: scalar, x: N", {"c": np.ones(2), "x": np.ones(3)}, r"c is 1 x 1: a 2 array"),
    ],
)
def test_a_wrong_shape_names_the_symbol(text: str, given: str, values: dict[str, Any], message: str) -> None:
    derivation = jacobian(text, "x", given=given)
    with pytest.raises(ShapeError, match=message):
        derivation.lambdify()(**values)
    with pytest.raises(ShapeError, match=message):
        derivation.lambdify().empty(values)


@pytest.mark.parametrize(
    ("args", "kwargs", "message"),
    [
        ((np.eye(2),), {}, "a value for x is missing"),
        ((np.eye(2), np.ones(2), 1), {}, "3 arguments were given"),
        ((np.eye(2), np.ones(2)), {"A": 1}, "A is given twice"),
        ((np.eye(2),), {"y": 1}, "y is no argument"),
        ((np.eye(2), np.ones(2)), {"out": np.zeros((2, 4))}, "a buffer that this function made"),
    ],
)
def test_wrong_arguments_are_named(args: tuple[Any, ...], kwargs: dict[str, Any], message: str) -> None:
    with pytest.raises(DomainError, match=message):
        jacobian("A*x", "A", given="A: M x N, x: N").lambdify()(*args, **kwargs)


def test_options_are_checked() -> None:
    derivation = jacobian("A*x", "A", given="A: M x N, x: N")
    with pytest.raises(DomainError, match="the forms are dense"):
        derivation.lambdify(form="thick")
    with pytest.raises(DomainError, match="the orders are C, F"):
        derivation.lambdify(order="K")


def test_a_size_that_no_argument_shows_is_given_by_name() -> None:
    derivation = jacobian("sum(x)/M*x", "x", given="x: N, A: M x N")
    function, x = derivation.lambdify(), np.array([1.0, 2.0])
    expected = [[1, 0.25], [0.5, 1.25]]
    np.testing.assert_allclose(function(x, M=4), expected)
    np.testing.assert_allclose(function(x=x, M=4, out=function.empty(x=x, M=4)), expected)
    np.testing.assert_allclose(function.bind(x=x, M=4)(x), expected)
    assert derivation.check()
    with pytest.raises(DomainError, match="as in M=3"):
        function(x)
    with pytest.raises(DomainError, match="M=0: a size is a whole number"):
        function(x, M=0)
    with pytest.raises(UnsupportedError, match="no argument has M rows"):
        derivation.lambdify(form="jvp")


# Buffers and bound functions


def test_a_buffer_keeps_its_zeros() -> None:
    function = jacobian("A.T*A", "A", given="A: M x N").lambdify()
    rng = np.random.default_rng(3)
    buffer = function.empty(A=(4, 3))
    for _ in range(3):
        A = rng.normal(size=(4, 3))
        assert function(A=A, out=buffer) is buffer
        np.testing.assert_array_equal(buffer, function(A))


def test_a_buffer_of_another_shape_or_type_is_refused() -> None:
    function = jacobian("A.T*A", "A", given="A: M x N").lambdify()
    with pytest.raises(ShapeError, match="out is"):
        function(np.ones((3, 3)), out=function.empty(A=(4, 3)))
    with pytest.raises(ShapeError, match="out is"):
        function(np.ones((4, 3), np.float32), out=function.empty(A=(4, 3)))


def test_buffers_are_forgotten_with_their_memory() -> None:
    function = jacobian("A.T*A", "A", given="A: M x N").lambdify()
    function.empty(A=(4, 3))
    gc.collect()
    assert not function._buffers


def test_a_bound_function_refuses_other_shapes_and_types() -> None:
    bound = jacobian("A*x", "A", given="A: M x N, x: N").lambdify().bind(A=(2, 3), x=(3,))
    np.testing.assert_array_equal(bound([[1, 2, 3], [4, 5, 6]], np.ones((3, 1))), np.kron(np.ones((1, 3)), np.eye(2)))
    with pytest.raises(ShapeError, match="A is bound to 2 x 3: a 1 x 3 array"):
        bound(np.ones((1, 3)), np.ones(3))
    with pytest.raises(DomainError, match="bound to float64"):
        bound(np.ones((2, 3), complex), np.ones(3))


def test_a_singular_matrix_has_no_inverse() -> None:
    function = jacobian("inv(X)", "X", given="X: N x N").lambdify()
    for call in (function, function.bind(X=(2, 2))):
        with pytest.raises(DomainError, match="no value here"):
            call(np.zeros((2, 2)))


def test_the_matrix_form_has_no_buffers() -> None:
    node = EXPRESSIONS["crossed axes"]
    function = compiled(node, symbols([node])[0])
    assert not function.has_plan
    with pytest.raises(UnsupportedError, match="no plan"):
        function.bind()


# The source


def test_the_source_is_written_as_a_person_would() -> None:
    source = jacobian("A.T*A", "A", given="A: M x N").lambdify().source
    body = source[source.index("def jacobian") :]
    for part in ("np.kron", "np.eye", "identity", "commutation"):
        assert part not in body
    assert "∂F_ij/∂A_kl = δ_jl A_ki" in body
    assert body.count("np.zeros") == 1


def test_products_are_written_in_place() -> None:
    source = jacobian("A*B*x", "x", given="A: M x N, B: N x P, x: P").lambdify().source
    assert "np.matmul(A, B, out=dJ)" in source
    given = "X: n x p, W: h x p, v: h"
    assert "np.einsum(" in jacobian("tanh(X*W.T)*v", "W", given=given).lambdify().source
    columns = jacobian("tanh(X*W.T)*v", ["W", "v"], given=given).lambdify(order="F").source
    assert "np.einsum(" not in columns
    assert "out=t1)" in columns


def test_names_of_users_cannot_run() -> None:
    hostile = "x\\n\"\"\"\n__import__('os').system('echo')"
    node = b.product(b.symbol("lambda", 2, 2), b.let(hostile, b.product(b.symbol("np", 2, 2), b.symbol("J", 2))))
    derivation = compile_record(derive(node, [symbols([node])[1]]), [s.name for s in symbols([node])], Layout())
    assert "__import__" not in derivation.source
    values = [np.arange(4.0).reshape(2, 2), np.eye(2), np.array([2.0, 3.0])]
    assert np.isfinite(derivation(*values[: len(derivation.arguments)])).all()


def test_shared_parts_are_computed_once() -> None:
    source = jacobian(NETWORK, ["W1", "b1", "W2", "b2"], given=SHAPES).lambdify().source
    assert source.count("np.tanh") == 1


def test_a_deep_network_compiles_in_a_moment() -> None:
    n = size_symbol("N")
    h: Node = b.symbol("x", n)
    weights = []
    for k in range(40):
        weights.append(b.symbol(f"W{k}", n, n))
        z = b.let(f"z{k}", b.product(weights[-1], h))
        h = b.let(f"h{k}", b.elementwise(RELU if k % 2 else TANH, z))
    loss = b.product(b.transpose(b.symbol("v", n)), h)
    names = [s.name for s in symbols([loss])]
    function = compile_record(derive(loss, weights), names, Layout())
    assert function.source.count("np.tanh") == 20
    rng = np.random.default_rng(0)
    values = {name: rng.normal(size=(3, 3) if name[0] == "W" else 3) for name in names}
    found = function(**values)
    step = 1e-6
    for k in (0, 39):
        moved = []
        for sign in (1, -1):
            shifted = values | {f"W{k}": values[f"W{k}"] + sign * step * np.eye(3)}
            moved.append(evaluate(loss, shifted, {"N": 3})[0, 0])
        slope = found[0, 9 * k : 9 * k + 9].reshape(3, 3).trace()
        assert slope == pytest.approx((moved[0] - moved[1]) / (2 * step), rel=1e-4, abs=1e-8)


def test_a_size_is_read_off_twice_itself() -> None:
    derivation = jacobian("x.T*S*x", "x", given="S: 2*N x 2*N, x: 2*N")
    np.testing.assert_allclose(derivation.lambdify()(S=np.eye(4), x=np.ones(4)), [[2, 2, 2, 2]])
    with pytest.raises(ShapeError, match="a size is not"):
        derivation.lambdify()(S=np.eye(3), x=np.ones(3))


@pytest.mark.parametrize("order", ["C", "F"])
def test_shapes_that_come_again_leave_the_same_digits(order: str) -> None:
    text = "tanh(X*W1.T + ones(n, 1)*b1.T)*W2.T"
    function = jacobian(text, ["X", "W1", "b1"], given="X: n x p, W1: h x p, b1: h, W2: 1 x h").lambdify(order=order)
    rng = np.random.default_rng(0)
    for n in (3, 400):
        values = {"X": rng.normal(size=(n, 2)), "W1": rng.normal(size=(5, 2)), "b1": rng.normal(size=(5, 1))}
        values["W2"] = rng.normal(size=(1, 5))
        first = function(**values)
        for _ in range(2):
            again = function(**values)
            np.testing.assert_array_equal(again, first)
            assert again is not first
            assert again.flags[f"{order}_CONTIGUOUS"]


def test_what_comes_again_is_still_checked() -> None:
    function = jacobian("inv(A)*x", "A", given="A: N x N, x: N").lambdify()
    good = (np.eye(2), np.ones(2))
    for _ in range(3):
        np.testing.assert_array_equal(function(*good), function(A=good[0], x=good[1]))
        with pytest.raises(ShapeError, match="x is N x 1"):
            function(np.eye(2), np.ones(3))
        with pytest.raises(DomainError, match="no value here"):
            function(np.zeros((2, 2)), np.ones(2))
        assert function(*(a.astype(np.float32) for a in good)).dtype == np.float32
        assert function(np.eye(2, dtype=int), [1, 1]).dtype == float
