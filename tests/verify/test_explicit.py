"""Claims given entry by entry: SymPy matrices, numbers, lists."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np
import pytest
import sympy
from sympy import MatrixSymbol, Symbol, cosh, exp, kronecker_product, sqrt, symbols, tanh

from symjac.errors import DomainError
from symjac.functions import trace
from symjac.layout import Layout
from symjac.verify import verify

X2, x2 = MatrixSymbol("X", 2, 2), MatrixSymbol("x", 2, 1)


def gram_jacobian(size: int) -> Any:
    """Return the Jacobian of AᵀA by SymPy alone, both column-first."""
    a = sympy.Matrix(MatrixSymbol("A", size, size))
    gram = a.T * a
    columns = [(i, j) for j in range(size) for i in range(size)]
    return sympy.Matrix([gram[i, j] for i, j in columns]).jacobian([a[i, j] for i, j in columns])


J6 = gram_jacobian(6)


@pytest.mark.parametrize(("row", "col"), [(7, 13), (0, 0), (35, 35), (20, 3)])
def test_one_wrong_entry_of_1296_is_found(row: int, col: int) -> None:
    claim = J6.as_mutable()
    claim[row, col] += MatrixSymbol("A", 6, 6)[0, 1]
    start = perf_counter()
    verdict = verify(claim, "A.T*A", "A", given="A: 6 x 6")
    assert perf_counter() - start < 2
    assert verdict.status == "wrong"
    assert verdict.counterexample is not None
    assert verdict.counterexample.place == (row + 1, col + 1)
    assert any((row + 1, col + 1) in diagnosis.entries for diagnosis in verdict.diagnosis)


def test_all_right_is_proved() -> None:
    assert verify(J6, "A.T*A", "A", given="A: 6 x 6").evidence == "proved at this size"
    assert verify(J6.T, "A.T*A", "A", given="A: 6 x 6").status == "convention"
    assert verify(J6.T, "A.T*A", "A", given="A: 6 x 6", layout=Layout(orientation="denominator"))


RIGHT = [
    (kronecker_product(-sympy.Matrix(X2).inv().T, sympy.Matrix(X2).inv()), "inv(X)", "X", "X: 2 x 2"),
    (sympy.diag(*(1 - tanh(x2[i, 0]) ** 2 for i in range(2))), "tanh(x)", "x", "x: 2"),
    (sympy.Matrix(1, 2, lambda _, j: x2[j, 0] / sqrt(x2[0, 0] ** 2 + x2[1, 0] ** 2)), "norm(x)", "x", "x: 2"),
    (sympy.diag(*(exp(x2[i, 0]) for i in range(2))), "exp(x)", "x", "x: 2"),
    (sympy.diag(*(1 / cosh(x2[i, 0]) ** 2 for i in range(2))), "tanh(x)", "x", "x: 2"),
    (sympy.Matrix([[2 * Symbol("c")]]), "c**2", "c", "c: scalar"),
    (np.eye(3), "x", "x", "x: 3"),
    (np.eye(3) / 3, "x/3", "x", "x: 3"),
    ([[0.25, 0.0], [0.0, 0.25]], "x/4", "x", "x: 2"),
]


@pytest.mark.parametrize(("claim", "f", "wrt", "given"), RIGHT)
def test_right(claim: Any, f: str, wrt: str, given: str) -> None:
    assert verify(claim, f, wrt, given=given).status == "correct"


WRONG = [
    (np.eye(3) * 2, "x", "x", "x: 3", "entry"),
    (np.eye(3)[:2], "x", "x", "x: 3", "shape"),
    (np.eye(3) * (1 + 1e-6), "x", "x", "x: 3", "entry"),
    (sympy.diag(*(1 - tanh(x2[i, 0]) for i in range(2))), "tanh(x)", "x", "x: 2", "entry"),
    (sympy.Matrix([[x2[0, 0], x2[1, 0]]]), "x.T*x", "x", "x: 2", "factor"),
]


@pytest.mark.parametrize(("claim", "f", "wrt", "given", "kind"), WRONG)
def test_wrong(claim: Any, f: str, wrt: str, given: str, kind: str) -> None:
    verdict = verify(claim, f, wrt, given=given)
    assert (verdict.status, verdict.evidence) == ("wrong", "refuted")
    if kind == "shape":
        assert verdict.diagnosis[0].kind == "shape"
    else:
        assert verdict.counterexample is not None


@pytest.mark.parametrize(
    "claim",
    [
        [["__import__('os').system('false')"]],
        [[float("nan")]],
        [[None]],
        [[True]],
        [[[1]]],
        [],
        sympy.Matrix([[Symbol("undeclared")]]),
        sympy.Matrix([[MatrixSymbol("x", 9, 1)[8, 0]]]),
        sympy.Matrix([[sympy.zoo]]),
    ],
)
def test_what_is_no_matrix_of_entries(claim: Any) -> None:
    with pytest.raises(DomainError):
        verify(claim, "x", "x", given="x: scalar")


def test_sympy_in_sympy_out() -> None:
    n, m = symbols("N M", integer=True, positive=True)
    A, x = MatrixSymbol("A", m, n), MatrixSymbol("x", n, 1)
    assert verify(A, A * x, x).evidence == "proved for all sizes"
    assert verify(A.T, A * x, x).status == "convention"
    assert verify(2 * x.T * A.T * A, x.T * A.T * A * x, x).evidence == "proved for all sizes"
    assert verify("2*x.T*A.T*A", x.T * A.T * A * x, "x")
    S = MatrixSymbol("S", n, n)
    assert verify(S + S.T, trace(S * S), S).status == "wrong"


def test_decimals_among_sympy_expressions() -> None:
    x = MatrixSymbol("x", symbols("N"), 1)
    assert verify(sympy.Float("0.33", 2) * x.T, x.T * x / 6, x).status == "correct"
    assert verify(0.34 * x.T, x.T * x / 6, x).status == "wrong"
