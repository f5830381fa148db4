"""The text language: shapes and values, precedence, every function, and every way to be refused."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symjac.errors import DomainError, ParseError, ShapeError, SymjacError, UnsupportedError
from symjac.evaluate import evaluate
from symjac.nodes import build
from symjac.nodes.sizes import size_symbol
from symjac.read.declare import read_declarations
from symjac.read.language import FUNCTIONS
from symjac.read.text import MAX_DEPTH, read_text
from tests.sympy_values import SIZES, sample

GIVEN = "A, C: M x N, B: N x N, x, y: N, b: M, c: scalar, p: scalar positive"
NAMES = read_declarations(GIVEN)
POINT = sample(build.product(*(build.norm(node) for node in NAMES.values())))
A, B, C, X, Y, b, c = (POINT[name] for name in ("A", "B", "C", "x", "y", "b", "c"))


def kron(m: int, n: int) -> Any:
    return np.eye(m * n)[np.arange(m * n).reshape(n, m).T.ravel()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A*x - b", A @ X - b),
        ("A@x", A @ X),
        ("A.T*b + 2*x", A.T @ b + 2 * X),
        ("A'*A", A.T @ A),
        ("A''*x", A @ X),
        ("(A*x)'", (A @ X).T),
        ("B'**2", np.linalg.matrix_power(B.T, 2)),
        ("B**-1*x", np.linalg.inv(B) @ X),
        ("B**3", B @ B @ B),
        ("-c**2", -(c**2)),
        ("2**-1*x", X / 2),
        ("-2**2", [[-4.0]]),
        ("2**3**2", [[512.0]]),
        ("2*-c", -2 * c),
        ("--c", c),
        ("+c - -c", 2 * c),
        ("1 - 2 - 3", [[-4.0]]),
        ("8/4/2", [[1.0]]),
        ("x/2*c", X * c / 2),
        (".5*x + 1.*x + 2e-1*x", 1.7 * X),
        ("1/3*x", X / 3),
        ("1/N*sum(x)", np.sum(X) / 2 * np.ones((1, 1))),
        ("(N + M)*x", 5 * X),
        ("(x.T*x)*A*x", np.sum(X * X) * A @ X),
        ("x.T*x*A*x", np.sum(X * X) * A @ X),
        ("x*x.T*x", X @ X.T @ X),
        ("A*(x.T*x)", np.sum(X * X) * A),
        ("A*(x.T*B*x)*(x.T*y)", A * (X.T @ B @ X) * (X.T @ Y)),
        ("(x.T*x)**0.5", [[np.linalg.norm(X)]]),
        ("(x.T*x)**(-1/2)*x", X / np.linalg.norm(X)),
        ("x.T*x + 1", X.T @ X + 1),
        ("c**3", c**3),
        ("vec(A)", A.reshape(-1, 1, order="F")),
        ("commutation(M, N)*vec(A)", A.reshape(-1, 1)),
        ("K(M, N)", kron(3, 2)),
        ("kron(A, x)", np.kron(A, X)),
        ("kron(x, y, b)", np.kron(np.kron(X, Y), b)),
        ("hadamard(A, C, A)", A * C * A),
        ("hadamard_power(A, -1)", 1 / A),
        ("diag(x)", np.diag(X[:, 0])),
        ("diag(B)", np.diag(B)[:, None]),
        ("trace(B) + tr(B)", [[2 * np.trace(B)]]),
        ("det(B)", [[np.linalg.det(B)]]),
        ("inv(B)", np.linalg.inv(B)),
        ("norm(A)", [[np.linalg.norm(A)]]),
        ("sum(A) - sum_entries(A)", [[0.0]]),
        ("sum(c)", c),
        ("ones(M, N) + zeros(M, N) - A", 1 - A),
        ("ones(N) + zeros(N)", np.ones((2, 1))),
        ("eye(N) + eye(2*N - N)", 2 * np.eye(2)),
        ("eye(N**2)", np.eye(4)),
        ("exp(A)", np.exp(A)),
        ("log(exp(A)) + sin(A) + cos(A) + tanh(A)", A + np.sin(A) + np.cos(A) + np.tanh(A)),
        ("sqrt(hadamard(x, x))", np.abs(X)),
        ("sqrt(p)", np.sqrt(POINT["p"])),
        ("sigmoid(x)", 1 / (1 + np.exp(-X))),
        ("relu(A)", np.maximum(A, 0)),
        ("softplus(x)", np.log1p(np.exp(X))),
        ("softmax(x)", np.exp(X) / np.sum(np.exp(X))),
        ("logsumexp(x)", [[np.log(np.sum(np.exp(X)))]]),
        ("\n A * x\n  - b ", A @ X - b),
    ],
)
def test_value(text: str, expected: Any) -> None:
    assert np.allclose(evaluate(read_text(text, NAMES), POINT, SIZES), expected)


def test_decimals_are_exact() -> None:
    assert read_text("0.1", NAMES) is read_text("1/10", NAMES)
    assert read_text("0.1 + 0.2", NAMES) is read_text("3/10", NAMES)
    assert read_text("1e-3*c", NAMES) is read_text("c/1000", NAMES)


def test_declared_names_win() -> None:
    names = "S, N, Q, I, E: 2 x 2, beta, lam, exp, K, sum, lambda, T: 2"
    for name in read_declarations(names):
        assert read_text(name, names) is read_declarations(names)[name]
    assert read_text("I*S*T.T.T", names).shape == (2, 1)
    with pytest.raises(ParseError, match="declared name"):
        read_text("exp(S)", names)


def test_names_may_stand_for_any_node() -> None:
    z = build.let("z", build.product(NAMES["A"], NAMES["x"]))
    assert read_text("z.T*z", {"z": z}) is build.product(build.transpose(z), z)


def test_sizes_count_as_numbers() -> None:
    assert read_text("N", "x: N") is build.dimension(size_symbol("N"))
    assert read_text("eye(N)*x", "x: N") is NAMES["x"]


@pytest.mark.parametrize(
    ("text", "column", "word"),
    [
        ("", 1, "empty"),
        ("A*", 3, "expected a name"),
        ("(A*x", 5, "closing bracket"),
        ("A*x)", 4, "expected an operator"),
        ("A x", 3, r"write \*"),
        ("2A", 2, r"write \*"),
        ("x(2)", 1, "declared name"),
        ("A^T", 2, r"\*\* for a power"),
        ("^A", 1, r"\*\* for a power"),
        ("A**T", 4, "T is not declared"),
        ("A.I", 3, "T after the point"),
        ("A.__class__", 3, "starts with a letter"),
        ("A.T.mro", 5, "T after the point"),
        ("().__class__", 4, "starts with a letter"),
        ("().T", 2, "expected a name"),
        ("(lambda: 1)()", 2, "lambda is not declared"),
        ("[A for A in x]", 1, r"write \("),
        ('f"{A}"', 2, "cannot be read"),
        ("(y := x)", 4, "expected an operator"),
        ("norm(*x)", 6, "expected a name"),
        ("norm(x=y)", 7, "expected an operator"),
        ("norm(x, y)", 1, "takes one argument"),
        ("K(N)", 1, "takes 2 arguments"),
        ("kron(A)", 1, "2 or more"),
        ("norm()", 1, "takes one argument"),
        ("norm", 1, "norm is a function"),
        ("tahn(x)", 1, "did you mean tanh"),
        ("A*xx", 3, "did you mean x"),
        ("I + B", 1, r"eye\(N\)"),
        ("θ*x", 1, "write theta"),
        ("A ⊗ C", 3, "kron"),
        ("x − y", 3, "write -"),
        ("Aᵀ", 2, r"write \.T"),
        ("x\0", 2, "U\\+0000"),
        ("1" * 500, 1, "digits"),
        ("1e999", 1, "digits"),
        ("x if x else y", 3, "operator is missing"),
        ("import os", 1, "import is not declared"),
        ("x; y", 2, "expected an operator"),
    ],
)
def test_errors_name_the_column(text: str, column: int, word: str) -> None:
    with pytest.raises(ParseError, match=word) as caught:
        read_text(text, NAMES)
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("text", "error", "word"),
    [
        ("b + A*x + x", ShapeError, r"column 1: cannot add M × 1 and N × 1, in `b \+ A\*x \+ x`"),
        ("x*x*x", ShapeError, r"column 1: cannot multiply N × 1 by N × 1, in `x\*x`"),
        ("c + 2*A*x.T", ShapeError, r"column 5: cannot multiply M × N by 1 × N"),
        ("A**2", ShapeError, "only a square matrix has powers"),
        ("inv(A)", ShapeError, "column 1.*inverse"),
        ("x/A", ShapeError, "column 3.*hadamard_power"),
        ("A + 1", ShapeError, "ones"),
        ("diag(A)", ShapeError, "vector or a square matrix"),
        ("softmax(A)", ShapeError, "vector"),
        ("hadamard(A, A.T)", ShapeError, "one shape"),
        ("eye(1/2)", ShapeError, "size"),
        ("eye(N - N)", ShapeError, "size"),
        ("eye(x)", ShapeError, "size names"),
        ("eye(N**7)", ShapeError, "up to"),
        ("eye(9**9)", ShapeError, "at most"),
        ("B**0.5", UnsupportedError, "integer powers"),
        ("B**c", DomainError, "has to be a number"),
        ("9**9**9", DomainError, "at most"),
        ("hadamard_power(2, 10**9)", DomainError, "at most"),
        ("c**1001", DomainError, "at most"),
        ("(B**900)**900", DomainError, "at most"),
        ("(((c + 10**100)*10**300)/10**-300)", DomainError, "digits"),
        ("1/0", DomainError, "zero"),
        ("1/(N - N)", DomainError, "zero"),
        ("0*B**-1 + (0*B)**-1", DomainError, "zero matrix"),
    ],
)
def test_what_does_not_fit(text: str, error: type[Exception], word: str) -> None:
    with pytest.raises(error, match=word):
        read_text(text, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "c" + ")" * 5000,
        "-" * 5000 + "(" * 200 + "c",
        "norm(" * 5000,
        "2**" * 5000 + "2",
        "9**9**9**9**9**9",
        "(9**300)*" * 2000 + "1",
        "x+" * 1_000_000 + "x",
        "eye(" + "(N+M+1)*" * 2000 + "1)",
        "eye((N+M+1)**6*(N+M+2)**6)",
        "kron(" + "eye(N+M+1)," * 1000 + "eye(N))",
    ],
    ids=lambda text: text[:20],
)
def test_bombs_are_defused_in_a_second(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(SymjacError):
        read_text(text, NAMES)
    assert time.perf_counter() - start < 1.5


def test_long_and_deep_texts_that_are_fine() -> None:
    assert read_text("+".join(["x"] * 5000), NAMES) is build.product(5000, NAMES["x"])
    assert read_text("*".join(["B"] * 3000) + "*x", NAMES).shape == NAMES["x"].shape
    deep = MAX_DEPTH - 1
    assert read_text("(" * deep + "c" + ")" * deep, NAMES) is NAMES["c"]


def test_the_functions_are_exactly_these() -> None:
    listed = (
        "vec commutation K kron hadamard hadamard_power diag trace tr det inv norm sum sum_entries ones zeros eye exp log "
        "sqrt sin cos tanh sigmoid relu softplus softmax logsumexp"
    )
    assert set(FUNCTIONS) == set(listed.split())


FRAGMENTS = ["A", "B", "x", "c", "N", "(", ")", "+", "-", "*", "**", "/", "'", ".T", "2", "0.5", ",", " ", "^", "θ", "."]


@settings(max_examples=300, deadline=1000)
@given(st.lists(st.sampled_from(FRAGMENTS + [f"{name}(" for name in FUNCTIONS]), max_size=20).map("".join))
def test_whatever_is_typed_ends_in_a_node_or_in_our_error(text: str) -> None:
    try:
        node = read_text(text, NAMES)
    except SymjacError as error:
        message = str(error)
    else:
        message = f"column 1: {node.shape}"
    assert message.startswith("column ")


@settings(max_examples=100, deadline=1000)
@given(st.text(max_size=30))
def test_any_unicode_ends_in_our_error(text: str) -> None:
    try:
        read_text(text, NAMES)
    except SymjacError:
        return
