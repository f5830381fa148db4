"""What SymPy says, understood: shapes checked again, brackets found again, values equal to SymPy's own."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import (
    Determinant,
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    OneMatrix,
    Rational,
    S,
    Trace,
    ZeroMatrix,
    symbols,
)
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.dotproduct import DotProduct
from sympy.matrices.expressions.hadamard import hadamard_power, hadamard_product

import symjac.functions as sj
from symjac.errors import DomainError, ShapeError, SymjacError, UnsupportedError
from symjac.evaluate import evaluate
from symjac.nodes import build
from symjac.nodes.node import Let, Product, lets, postorder
from symjac.read.declare import declare, read_declarations
from symjac.read.from_sympy import from_sympy, originals
from symjac.read.text import read_text
from tests.sympy_values import SIZES, sample, value_by_tree

M, N = symbols("M N")
X, A, B, C, D = (MatrixSymbol(name, N, N) for name in "XABCD")
x, y, a, b, c, d = (MatrixSymbol(name, N, 1) for name in "xyabcd")
R = MatrixSymbol("R", M, N)
k, t = symbols("k t")

# The kinds of expression that SymPy's own tests of matrix derivatives walk through.
EXPRESSIONS = [
    2 * k * x,
    a.T * Inverse(X) * b,
    Determinant(Inverse(X)),
    Trace(A * Inverse(X) * B),
    Trace(Inverse(X + A)),
    Trace(Inverse(X.T * C * X) * A),
    Trace((A + X.T * C * X).inv() * (X.T * B * X)),
    a.T * X.T * b,
    (B * x + b).T * C * (D * x + d),
    (X * b + c).T * D * (X * b + c),
    b.T * X.T * D * X * c,
    x * x.T * x,
    x.T * x * x,
    Trace(A) * A,
    3 * Trace(A),
    Trace(A) ** 2,
    Trace(Trace(Trace(A) * A) * A),
    Trace(X**2 * B),
    Trace(MatMul(X, X, B)),
    Trace((A * X * B + C) * (A * X * B + C).T),
    Trace(B.T * X.T * C * X * X.T * C * X * B),
    a.T * (A * X * (X.T * B + X * A) + 42 * B * X * B * X.T * (X + X.T) - 3 * X * D) * b,
    (x.T * y) ** S.Half * x,
    (x.T * x) ** S.Half,
    (x.T * x) ** Rational(-1, 2) * x,
    (c.T * a * x.T * b) ** 2,
    d.T * x * (x.T * x) ** S.Half * y.T * c,
    x.applyfunc(sympy.tan),
    (k**2 * x).applyfunc(sympy.sin),
    A * x.applyfunc(sympy.exp),
    x.T * A * x + k * y.applyfunc(sympy.sin).T * x,
    a.T * X.applyfunc(sympy.sin) * b,
    a.T * (A * X.applyfunc(sympy.sin) * B).applyfunc(sympy.atan) * b,
    a.T * (X.applyfunc(sympy.sin)).applyfunc(sympy.cosh) * b,
    (a.T * X * b).applyfunc(sympy.sin),
    hadamard_product(a, x, b),
    a.T * hadamard_product(A, X, B) * b,
    hadamard_power(x, 2),
    hadamard_power(x.T, 2),
    hadamard_power(a.T * X * b, 2),
    HadamardPower(A, -1),
    KroneckerProduct(A, x),
    KroneckerProduct(A, R) * KroneckerProduct(x, y),
    Identity(N) + A,
    MatAdd(A, ZeroMatrix(N, N)),
    OneMatrix(1, N) * x,
    DiagMatrix(x) * A,
    DiagMatrix(x.T),
    DiagonalMatrix(A) * x,
    DiagonalOf(A),
    DotProduct(x, y),
    DotProduct(x.T, y),
    A[0, 1] * A,
    (A.T)[0, 1],
    x[1, 0] ** 2 * x,
    Inverse(A)[1, 0],
    sympy.sin(Trace(A)) * A,
    sympy.exp(x.T * x),
    sympy.Abs(k) * x,
    sympy.sqrt(2) * x,
    sympy.pi * x,
    sympy.E * x,
    0.1 * x,
    N * x,
    x / (N + M) * (OneMatrix(1, M) * R * x),
    A.applyfunc(lambda entry: entry**2 + 1),
    A.applyfunc(lambda entry: k * entry / (1 + sympy.exp(-entry))),
    A.applyfunc(lambda entry: sympy.Max(0, entry)),
    A.applyfunc(lambda entry: sympy.S(3)),
    A.applyfunc(lambda entry: entry),
    MatPow(A, -2),
    MatPow(A, 0),
    A * (x.T * x) * B,
    R * (x.T * (A * (y.T * y)) * x) * B,
    (x.T * x)[0, 0] * x,
    sympy.exp((x.T * x)[0, 0]),
    (x.T * A * y)[0, 0],
    (x.T * A * y + x.T * y)[0, 0] ** 2,
    (A * B)[0, 1],
    (A * B * C)[1, 0],
    (OneMatrix(1, N) * A * x)[0, 0],
    sympy.Add(2, x.T * x),
]


@pytest.mark.parametrize("expr", EXPRESSIONS, ids=str)
def test_the_value_is_sympys(expr: Any) -> None:
    node = from_sympy(expr)
    point = sample(node, seed=3)
    with np.errstate(invalid="ignore"):
        assert np.allclose(evaluate(node, point, SIZES), value_by_tree(expr, point))


@pytest.mark.parametrize("name", ["exp", "log", "sin", "tanh", "sigmoid", "softplus", "softmax", "vec", "diag", "norm"])
def test_our_functions_are_the_texts_functions(name: str) -> None:
    assert from_sympy(getattr(sj, name)(x)) is read_text(f"{name}(x)", "x: N")


def test_two_doors_lead_to_one_node() -> None:
    given = "W: M x N, x: N, b: M, c: scalar, S: N x N posdef, s: scalar positive"
    W, v, u, scale, sym, s = declare(given)
    pairs = {
        "tanh(W*x + b)": sj.tanh(W * v + u),
        "c*K(M, N)*vec(W)": scale * sj.commutation(W.rows, W.cols) * sj.vec(W),
        "S*x/norm(x)": sym * v / sj.norm(v),
        "log(s)*W": sj.log(s) * W,
        "0.1*W": 0.1 * W,
        "trace(S)*W": sj.trace(sym) * W,
        "norm(b)**2": sj.norm(u) ** 2,
        "sum(W)*x": sj.sum_entries(W) * v,
        "1/N*x": v / W.cols,
    }
    for text, expr in pairs.items():
        left, right = from_sympy(expr), read_text(text, given)
        point = sample(right)
        assert left.shape == right.shape
        assert left is right or np.allclose(evaluate(left, point, SIZES), evaluate(right, point, SIZES)), text
    assert {n: from_sympy(s) for n, s in zip("WxbcSs", (W, v, u, scale, sym, s), strict=True)} == read_declarations(given)


def test_size_names_are_one_whatever_is_assumed_of_them() -> None:
    plain, positive = symbols("N"), symbols("N", integer=True, positive=True)
    assert from_sympy(MatrixSymbol("u", plain, 1) + MatrixSymbol("v", positive, 1)).shape == (positive, 1)
    assert from_sympy(MatrixSymbol("u", plain * (plain + 1), 1)).rows == positive**2 + positive


def test_floats_are_read_as_they_were_typed() -> None:
    node = from_sympy(0.1 * x)
    assert isinstance(node, Product)
    assert node.coefficient == Fraction(1, 10)
    assert from_sympy(2.5) is build.number(Fraction(5, 2))


def test_names_of_intermediates_are_kept() -> None:
    z = sj.let("z", A * x)
    node = from_sympy(sj.tanh(z) + z)
    assert [part.name for part in lets([node])] == ["z"]
    scalar = from_sympy(sj.let("s", sj.norm(x)) * x)
    assert any(isinstance(part, Let) and part.name == "s" for part in postorder(scalar))


def test_a_deep_residual_network_with_names() -> None:
    h = x
    for layer in range(64):
        h = sj.let(f"h{layer}", sj.tanh(A * h + b) + h)
    node = from_sympy(h)
    assert len(lets([node])) == 64


@pytest.mark.parametrize(
    ("expr", "error", "word"),
    [
        (MatAdd(R, R.T), ShapeError, "cannot add"),
        (MatMul(R, R), ShapeError, "cannot multiply"),
        (Inverse(R), ShapeError, "inverse"),
        (x**2, ShapeError, "square"),
        (sympy.exp(A), UnsupportedError, "entrywise"),
        (A**N, UnsupportedError, "exponent"),
        (A**S.Half, UnsupportedError, "hadamard_power"),
        (sympy.Function("f")(k) * x, UnsupportedError, "not defined"),
        (A[:1, :], UnsupportedError, "MatrixSlice"),
        (sympy.BlockMatrix([[A, R.T * R], [B, A]]).T, UnsupportedError, "BlockMatrix"),
        (sympy.Matrix([[1, 2]]), UnsupportedError, "numbers at the end"),
        (A.diff(A), UnsupportedError, "not understood"),
        (A[symbols("i"), 0], UnsupportedError, "index"),
        (sympy.I * x, UnsupportedError, "ImaginaryUnit"),
        (sympy.oo * k, UnsupportedError, "finite"),
        (sympy.sign(k) * x, UnsupportedError, "differentiable"),
        (sympy.Sum(k**t, (t, 0, 3)), UnsupportedError, "sum"),
        (sympy.Sum(A[t, 0] ** 3, (t, 0, N - 1)), UnsupportedError, "twice"),
        (sympy.Sum(A[t, 0], (t, 1, N - 1)), UnsupportedError, "from 0"),
        (MatrixSymbol("z", 3, 1).T * MatrixSymbol("z", 3, 2), DomainError, "two different"),
        (MatrixSymbol("N", N, 1), DomainError, "size"),
        ("A*x", DomainError, "given"),
        pytest.param(object(), DomainError, "SymPy expression", id="no SymPy object"),
    ],
    ids=str,
)
def test_refusals_say_why(expr: Any, error: type[Exception], word: str) -> None:
    with pytest.raises(error, match=word) as caught:
        from_sympy(expr)
    assert isinstance(caught.value, SymjacError)


def test_originals() -> None:
    assert originals(R * x) == {"M": M, "N": N, "R": R, "x": x}


LEAVES = st.sampled_from([A, B, X, Identity(N), x * y.T])


def _deeper(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] * pair[1]),
        st.tuples(inner, inner).map(lambda pair: HadamardProduct(*pair)),
        inner.map(lambda one: one.T),
        inner.map(lambda one: Trace(one) * one),
        inner.map(lambda one: (x.T * one * y) * one),
        inner.map(lambda one: one * (x.T * one * y)),
        inner.map(lambda one: HadamardPower(one, 2)),
    )


@settings(max_examples=40, deadline=None)
@given(st.recursive(LEAVES, _deeper, max_leaves=4))
def test_random_expressions_keep_their_value(expr: Any) -> None:
    try:
        node = from_sympy(expr)
    except ShapeError:
        # SymPy drops the identity of (xᵀIy)I, and adds the 1×1 that is left to a matrix: that is rightly refused.
        assume(False)
    point = sample(node, seed=5)
    assert np.allclose(evaluate(node, point, SIZES), value_by_tree(expr, point))
