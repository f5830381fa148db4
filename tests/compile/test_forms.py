"""Directions, operators, sparse and structured matrices say the same as the dense Jacobian."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symjac.compile import Structured, compile_record
from symjac.derivation import Derivation, jacobian
from symjac.derive import derive
from symjac.errors import DomainError, ShapeError
from symjac.layout import Layout
from symjac.nodes.node import symbols
from tests.components.expressions import EXPRESSIONS, point

NAMES = [
    "Ax+a", "gram", "AXB", "symmetric quadratic", "trace of inverse", "logdet", "inverse of sum", "cube", "normalised",
    "softmax", "logsumexp", "tanh", "relu", "hadamard", "kron", "khatri rao", "commuted kron", "diag", "mean", "let twice",
    "minimum", "zero", "inverse of diagonal", "hadamard power",
]  # fmt: skip

CASES = [(name, s.name) for name in NAMES for s in symbols([EXPRESSIONS[name]])]


@pytest.mark.parametrize(("name", "wrt"), CASES)
def test_every_form_agrees_with_the_dense_one(name: str, wrt: str) -> None:
    node = EXPRESSIONS[name]
    names = [s.name for s in symbols([node])]
    record = derive(node, [s for s in symbols([node]) if s.name == wrt])
    layout = Layout("row", "column") if len(wrt + name) % 2 else Layout("column", "row")
    values = [point(node)[n] for n in names]

    def function(form: str) -> Any:
        return compile_record(record, names, layout, form)(*values)

    dense = function("dense")
    rng = np.random.default_rng(4)
    u, v = rng.normal(size=dense.shape[0]), rng.normal(size=dense.shape[1])
    close = {"rtol": 1e-9, "atol": 1e-10}
    np.testing.assert_allclose(compile_record(record, names, layout, "jvp")(*values, v), dense @ v, **close)
    np.testing.assert_allclose(compile_record(record, names, layout, "vjp")(*values, u), u @ dense, **close)
    structured = function("structured")
    assert isinstance(structured, Structured)
    np.testing.assert_allclose(structured.todense(), dense, **close)
    np.testing.assert_allclose(structured._apply(v), dense @ v, **close)
    np.testing.assert_allclose(structured.T._apply(u), u @ dense, **close)
    np.testing.assert_allclose(structured.gram(), dense @ dense.T, **close)
    np.testing.assert_allclose(structured.T.gram(), dense.T @ dense, **close)


@pytest.mark.parametrize("name", ["gram", "tanh", "softmax", "inverse of sum"])
@pytest.mark.parametrize("orientation", ["numerator", "denominator"])
def test_scipy_forms(name: str, orientation: str) -> None:
    pytest.importorskip("scipy")
    node = EXPRESSIONS[name]
    wrt = symbols([node])[0]
    record, names, layout = derive(node, [wrt]), [s.name for s in symbols([node])], Layout(orientation=orientation)
    values = [point(node)[n] for n in names]
    dense = compile_record(record, names, layout)(*values)
    sparse = compile_record(record, names, layout, "sparse")(*values)
    np.testing.assert_allclose(sparse.toarray(), dense, rtol=1e-10, atol=1e-12)
    operator = compile_record(record, names, layout, "operator")(*values)
    assert operator.shape == dense.shape
    np.testing.assert_allclose(operator @ np.eye(dense.shape[1]), dense, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(operator.T @ np.eye(dense.shape[0]), dense.T, rtol=1e-9, atol=1e-11)


def test_a_feature_matrix_keeps_its_structure() -> None:
    text = "tanh(X*W1.T + ones(n, 1)*b1.T)*W2.T + b2*ones(n, 1)"
    given = "X: n x p, W1: h x p, b1: h, W2: 1 x h, b2: scalar"
    derivation = jacobian(text, ["W1", "b1", "W2", "b2"], given=given)
    rng = np.random.default_rng(5)
    shapes = {"X": (200, 20), "W1": (50, 20), "b1": (50,), "W2": (1, 50), "b2": ()}
    values = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    dense, structured = derivation.lambdify()(**values), derivation.lambdify(form="structured")(**values)
    assert structured.shape == dense.shape
    assert sum(array.size for piece in structured.pieces for array, _ in piece.factors) < dense.size / 5
    v, u = rng.normal(size=dense.shape[1]), rng.normal(size=(200, 2))
    np.testing.assert_allclose(structured @ v, dense @ v, rtol=1e-9)
    np.testing.assert_allclose(structured.T @ u, dense.T @ u, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(structured.gram(), dense @ dense.T, rtol=1e-9, atol=1e-9)


def test_the_gram_matrix_of_rows_that_are_few_among_zeros() -> None:
    """diag(f) has a row for each of its entries, of which only those on the diagonal are not zero."""
    derivation = jacobian("diag(diag(X*W*Z.T))", "W", given="X: n x p, W: p x q, Z: n x q")
    rng = np.random.default_rng(5)
    X, W, Z = rng.normal(size=(3, 20)), rng.normal(size=(20, 30)), rng.normal(size=(3, 30))
    dense, structured = derivation.lambdify()(X, W, Z), derivation.lambdify(form="structured")(X, W, Z)
    np.testing.assert_allclose(structured.gram(), dense @ dense.T, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(structured.T.gram(), dense.T @ dense, rtol=1e-9, atol=1e-9)


def test_a_sparse_matrix_holds_what_is_not_zero() -> None:
    pytest.importorskip("scipy")
    sparse = jacobian("A*x", "A", given="A: M x N, x: N").lambdify(form="sparse")(np.ones((30, 20)), np.arange(1.0, 21))
    assert (sparse.shape, sparse.nnz) == ((30, 600), 600)


def test_a_direction_comes_in_the_shape_of_its_matrix_too() -> None:
    derivation = jacobian("A.T*A", "A", given="A: M x N")
    A, V = np.arange(6.0).reshape(3, 2), np.array([[1.0, 2], [0, -1], [3, 1]])
    moved = V.T @ A + A.T @ V
    np.testing.assert_allclose(derivation.lambdify(form="jvp")(A, V), moved.ravel(order="F"))
    np.testing.assert_allclose(derivation.lambdify(form="jvp")(A=A, v=V.ravel(order="F")), moved.ravel(order="F"))


def test_several_variables_share_one_direction() -> None:
    derivation = jacobian("W*x + b", ["W", "b"], given="W: 2 x 3, x: 3, b: 2")
    values = {"W": np.ones((2, 3)), "x": np.arange(3.0), "b": np.zeros(2)}
    dense, v, u = derivation.lambdify()(**values), np.arange(8.0), np.array([1.0, -2])
    np.testing.assert_allclose(derivation.lambdify(form="jvp")(**values, v=v), dense @ v)
    np.testing.assert_allclose(derivation.lambdify(form="vjp")(**values, u=u), u @ dense)


def test_directions_are_checked() -> None:
    jvp = jacobian("A*x", "A", given="A: M x N, x: N").lambdify(form="jvp")
    with pytest.raises(DomainError, match="a value for v is missing"):
        jvp(np.ones((2, 3)), np.ones(3))
    with pytest.raises(ShapeError, match="the direction has 6 entries"):
        jvp(np.ones((2, 3)), np.ones(3), np.ones(5))


@pytest.mark.parametrize("settings", [{"order": "F"}, {"batch": ["x"]}])
def test_what_only_dense_forms_have(settings: dict[str, Any]) -> None:
    with pytest.raises(DomainError, match="dense"):
        jacobian("A*x", "A", given="A: M x N, x: N").lambdify(form="structured", **settings)


@pytest.mark.parametrize("text", ["kron(A, B)", "tanh(kron(A, B))", "kron(A, A)", "kron(B, A) + 2*kron(B, A)"])
@pytest.mark.parametrize("layout", [Layout(), Layout("row", "column"), Layout("column", "row")])
def test_directions_of_products_of_axes(text: str, layout: Layout) -> None:
    derivation = Derivation(jacobian(text, "A", given="A: 2 x 3, B: 3 x 2").record, layout)
    rng = np.random.default_rng(1)
    shapes = {"A": (2, 3), "B": (3, 2)}
    one = {name: rng.normal(size=shapes[name]) for name in derivation.arguments}
    many = one | {"A": rng.normal(size=(4, 2, 3))}
    J, every = derivation.lambdify()(**one), derivation.lambdify(batch=["A"])(**many)
    v, u = rng.normal(size=J.shape[1]), rng.normal(size=J.shape[0])
    for form, direction, expected, all_expected in (("jvp", v, J @ v, every @ v), ("vjp", u, u @ J, u @ every)):
        np.testing.assert_allclose(derivation.lambdify(form=form)(*one.values(), direction), expected, rtol=1e-9)
        batched = derivation.lambdify(form=form, batch=["A"])
        np.testing.assert_allclose(batched(*many.values(), direction), all_expected, rtol=1e-9)
        np.testing.assert_allclose(batched(*many.values(), np.tile(direction, (4, 1))), all_expected, rtol=1e-9)
