"""Declarations: what people type, and what is refused, with the column."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symjac.errors import ParseError, ShapeError, SymjacError
from symjac.nodes.sizes import size_symbol
from symjac.read.declare import declare, read_declarations
from symjac.read.tokens import MAX_LENGTH
from symjac.sympy_nodes import DeclaredMatrix

M, N = size_symbol("M"), size_symbol("N")


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("A: M x N, x: N, b: M", {"A": (M, N), "x": (N, 1), "b": (M, 1)}),
        ("A:M x N,x:N", {"A": (M, N), "x": (N, 1)}),
        ("A: M × N; x : 3\n y: 1", None),
        ("A: M×N; x : 3,\n y: 1", {"A": (M, N), "x": (3, 1), "y": (1, 1)}),
        ("A: 3x2, B: NxN, C: 2 x N,", {"A": (3, 2), "B": (N, N), "C": (2, N)}),
        ("x, y: N, c: scalar", {"x": (N, 1), "y": (N, 1), "c": (1, 1)}),
        ("A: 2*N x N+1, B: N^2 x (N - 1 + 2)*M", {"A": (2 * N, N + 1), "B": (N**2, M * N + M)}),
        ("S: N x N symmetric posdef, x: N", {"S": (N, N), "x": (N, 1)}),
        ("S: N x N, symmetric, x: N", {"S": (N, N), "x": (N, 1)}),
        (
            "I: 2 x 2, E: 2, beta, lam, Q, exp, lambda: 2",
            {n: (2, 2 if n == "I" else 1) for n in ["I", "E", "beta", "lam", "Q", "exp", "lambda"]},
        ),
    ],
)
def test_shapes(text: str, shapes: dict[str, Any] | None) -> None:
    if shapes is None:
        with pytest.raises(ParseError):
            read_declarations(text)
        return
    assert {name: node.shape for name, node in read_declarations(text).items()} == shapes


def test_what_declare_returns() -> None:
    A, x, c, one = declare("A: M x N, x: N, c: scalar positive, s: 1")
    assert (type(A), A.shape) == (sympy.MatrixSymbol, (M, N))
    assert (A * x).shape == (M, 1)
    assert c == sympy.Symbol("c", positive=True)
    assert one == sympy.MatrixSymbol("s", 1, 1)
    assert declare("A: 2 x 3") == sympy.MatrixSymbol("A", 2, 3)


def test_facts() -> None:
    S = declare("S: N x N posdef")
    assert isinstance(S, DeclaredMatrix)
    assert set(S.facts) == {"symmetric", "posdef", "invertible"}
    assert declare("D: 3 x 3 diagonal positive").facts == ("diagonal", "positive", "symmetric")
    assert S.subs(N, 3).facts == S.facts


@pytest.mark.parametrize(
    ("text", "column", "word"),
    [
        ("", 1, "empty"),
        ("  ", 1, "empty"),
        ("A", 2, "colon"),
        ("A: ", 3, "a size"),
        ("A: M x", 7, "a size"),
        ("A: M x N x P", 10, "fact"),
        ("A: M x N, A: N", 11, "declared twice"),
        ("A: M x N, M: N", 11, "as a size too"),
        ("θ: N", 1, "write theta"),
        ("Λ: N", 1, "write Lambda"),
        ("x: N, 𝐀: N x N", 7, "write A"),
        ("x: N, А: N", 7, "cannot be read"),
        ("S: N x N symetric", 10, "did you mean symmetric"),
        ("x: 2.5", 4, "whole number"),
        ("x: 99999999999", 4, "at most"),
        ("x: N^9", 6, "exponent"),
        ("x: (N", 6, "closing bracket"),
        ("2x: N", 1, "a name"),
        ("_a: N", 1, "starts with a letter"),
        ("x: " + "(" * 5000, None, "a size"),
        ("x: N" * MAX_LENGTH, None, "characters"),
    ],
)
def test_errors_name_the_column(text: str, column: int | None, word: str) -> None:
    with pytest.raises(ParseError, match=word) as caught:
        read_declarations(text)
    if column is not None:
        assert caught.value.column == column


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("S: M x N symmetric", "column 4.*only a square matrix"),
        ("x: 0", "positive"),
        ("x: 3 - 5", "positive"),
        ("x: (a+b+c+d)^6*(e+f+g+h)^6", "terms"),
    ],
)
def test_shapes_that_cannot_be(text: str, word: str) -> None:
    with pytest.raises(ShapeError, match=word):
        declare(text)


def test_a_text_is_needed() -> None:
    with pytest.raises(ParseError, match="has to be a text"):
        declare(3)  # type: ignore[arg-type]


@settings(max_examples=200, deadline=1000)
@given(st.text(alphabet="AxMN23 :,;*+-^()×θscalrymetic\n", max_size=40))
def test_whatever_is_typed_ends_in_nodes_or_in_our_error(text: str) -> None:
    try:
        found = read_declarations(text)
    except SymjacError:
        return
    assert found
