"""Our SymPy classes beside SymPy's own: printing, substitution, entries, hashing, NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy
from sympy import ImmutableMatrix, MatrixSymbol, symbols

from symjac.nodes.functions import RELU, SIGMOID, TANH
from symjac.sympy_nodes import (
    BasisVector,
    CommutationMatrix,
    DeclaredMatrix,
    DiagOf,
    DiagonalPart,
    ElementwiseFunction,
    HadamardPowerOf,
    IdentityOf,
    KhatriRao,
    KroneckerOf,
    Named,
    SoftmaxOf,
    VecOf,
)
from symjac.sympy_scalars import (
    DeterminantOf,
    FrobeniusNorm,
    LogSumExp,
    NamedScalar,
    ScalarFunction,
    ScalarOf,
    SumOfEntries,
    TraceOf,
)

N = symbols("N", integer=True, positive=True)
A = MatrixSymbol("A", N, N)
x = MatrixSymbol("x", N, 1)
NUMBERS = {"A": ImmutableMatrix([[1, 2], [-3, 5]]), "x": ImmutableMatrix([2, -1])}
a, v = (np.array(NUMBERS[name].tolist(), dtype=float) for name in "Ax")

CASES: list[tuple[Any, str, Any]] = [
    (VecOf(A), "vec(A)", a.reshape(-1, 1, order="F")),
    (BasisVector(N, 1), "basis(N, 1)", [[0], [1]]),
    (IdentityOf(N), "I", np.eye(2)),
    (ElementwiseFunction.of(TANH, A), "tanh(A)", np.tanh(a)),
    (ElementwiseFunction.of(TANH.derivative, A), "tanh′(A)", 1 - np.tanh(a) ** 2),
    (ElementwiseFunction.of(RELU.derivative, A), "relu′(A)", (a > 0).astype(float)),
    (ElementwiseFunction.of(RELU.derivative.derivative, A), "relu′′(A)", np.zeros((2, 2))),
    (SoftmaxOf(x), "softmax(x)", np.exp(v) / np.sum(np.exp(v))),
    (KhatriRao(A, A), "khatri_rao(A, A)", np.vstack([a[0] * a, a[1] * a])),
    (Named("G", A.T * A), "G", a.T @ a),
    (KroneckerOf(A, x), "kron(A, x)", np.kron(a, v)),
    (HadamardPowerOf(A, -2), "hadamard_power(A, -2)", a**-2.0),
    (DiagOf(x), "diag(x)", np.diag(v[:, 0])),
    (DiagOf(x.T), "diag(x.T)", np.diag(v[:, 0])),
    (DiagonalPart(A), "diag(A)", np.diag(a)[:, None]),
    (TraceOf(A), "trace(A)", np.trace(a)),
    (DeterminantOf(A), "det(A)", np.linalg.det(a)),
    (FrobeniusNorm(A), "norm(A)", np.linalg.norm(a)),
    (LogSumExp(x), "logsumexp(x)", np.log(np.sum(np.exp(v)))),
    (SumOfEntries(A), "sum(A)", a.sum()),
    (ScalarOf(x.T * A * x), "(x.T*A*x)", (v.T @ a @ v)[0, 0]),
    (ScalarFunction.of(SIGMOID, TraceOf(A)), "sigmoid(trace(A))", 1 / (1 + np.exp(-np.trace(a)))),
    (NamedScalar("s", FrobeniusNorm(x)), "s", np.linalg.norm(v)),
]


@pytest.mark.parametrize(("expr", "text", "value"), CASES, ids=lambda case: str(case)[:30])
def test_one_class(expr: Any, text: str, value: Any) -> None:
    assert str(expr) == text
    assert sympy.latex(expr)
    assert sympy.pretty(expr)
    assert expr.func(*expr.args) == expr
    assert hash(expr.func(*expr.args)) == hash(expr)
    sized = expr.subs({N: 2})
    assert sized == expr.xreplace({N: sympy.Integer(2)})
    given = sized.subs({MatrixSymbol(name, *number.shape): number for name, number in NUMBERS.items()})
    assert np.allclose(_numbers(given.doit()), value)
    run = sympy.lambdify([N, A, x], expr, "numpy")
    assert np.allclose(run(2, a, v), value)
    run = sympy.lambdify([MatrixSymbol("A", 2, 2), MatrixSymbol("x", 2, 1)], sized, "numpy")
    assert np.allclose(run(a, v), value)
    if expr.is_Matrix:
        entries = sized.as_explicit()
        assert entries.shape == sized.shape
        assert np.allclose(_numbers(entries.subs({MatrixSymbol(n, *k.shape): k for n, k in NUMBERS.items()}).doit()), value)


def _numbers(done: Any) -> Any:
    rows = done.as_explicit().tolist() if getattr(done, "is_Matrix", False) else done
    return np.array(sympy.Matrix(rows).evalf().tolist(), dtype=float) if isinstance(rows, list) else float(rows)


def test_commutation_for_unequal_sizes() -> None:
    B = MatrixSymbol("B", 2, 3)
    swapped = CommutationMatrix(2, 3) * VecOf(B)
    assert swapped.as_explicit() == B.as_explicit().T.vec()
    m, n = symbols("m n")
    assert CommutationMatrix(n, m) == CommutationMatrix(m, n).T
    run = sympy.lambdify([m, n], CommutationMatrix(m, n), "numpy")
    assert np.array_equal(run(2, 3), np.array(CommutationMatrix(2, 3).as_explicit().tolist(), dtype=float))
    assert not np.array_equal(run(2, 3), run(3, 2))


def test_declared_matrix() -> None:
    S = DeclaredMatrix("S", N, N, ("symmetric",))
    assert (S + A).subs({N: 3}).has(DeclaredMatrix)
    assert MatrixSymbol("S", N, N) != S
    assert S.func(*S.args) == S
    assert (S * x).subs({S: A}) == A * x
    assert sympy.lambdify([S], S + S, "numpy")(a).tolist() == (2 * a).tolist()


def test_sizes_of_products_are_expanded() -> None:
    left = KroneckerOf(MatrixSymbol("U", N + 1, 1), MatrixSymbol("V", N, 1))
    assert left.shape == (N**2 + N, 1)
    assert VecOf(MatrixSymbol("U", N + 1, N)).shape == (N**2 + N, 1)


@pytest.mark.parametrize("sign", [-1, -2, sympy.Symbol("c", negative=True), 2])
def test_a_kronecker_product_keeps_its_brackets(sign: Any) -> None:
    text = sympy.latex(sympy.MatMul(sign, KroneckerOf(A, A), VecOf(A)))
    assert r"\left(A \otimes A\right)" in text
    assert r"\left(A \otimes A\right)^{T}" in sympy.latex(sympy.Transpose(KroneckerOf(A, A)))


def test_named_intermediates_stay_named_in_products() -> None:
    z = Named("z", A * x)
    assert (2 * z + x).atoms(Named) == {z}
    assert (A.T * z).doit().has(Named)
    assert z.subs({A: NUMBERS["A"], x: NUMBERS["x"]}) is not z
