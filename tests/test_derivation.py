"""The public face: what is refused, what the facts may do, what the NumPy function must not lose."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy

import symjac as sj
from symjac.evaluate import evaluate

n = sympy.Symbol("n")
x = sympy.MatrixSymbol("x", n, 1)
c, real_c = sympy.Symbol("c"), sympy.Symbol("c", real=True)


@pytest.mark.parametrize(
    ("f", "wrt", "words"),
    [
        (n * x, n, "n is a size"),
        (c * real_c * x, c, "two different SymPy symbols"),
        (c * x, real_c, "different SymPy symbols"),
        (None, x, "NoneType"),
        (x, None, "NoneType"),
        (x, [x, x], "named twice"),
    ],
)
def test_refusals(f: Any, wrt: Any, words: str) -> None:
    with pytest.raises(sj.DomainError, match=words):
        sj.jacobian(f, wrt)


def test_a_layout_is_a_layout() -> None:
    with pytest.raises(sj.DomainError, match="it is a Layout"):
        sj.jacobian(x, x, layout="row")  # type: ignore[call-overload]


def test_lists_hold_functions_of_scalars() -> None:
    with pytest.raises(sj.DomainError, match="a list holds functions of scalars"):
        sj.jacobian(["A*x"], "x", given="A: 2 x 2, x: 2")


def test_facts_wait_for_the_second_derivative() -> None:
    found = sj.hessian("tr(S*S)", "S", given="S: N x N symmetric")
    assert np.array_equal(np.array(found.explicit({"N": 2})).astype(int), 2 * np.eye(4, dtype=int)[[0, 2, 1, 3]])


def test_relu_of_a_sympy_scalar() -> None:
    assert sj.jacobian(sj.relu(c) * x, c).check().proved


def test_a_user_may_call_a_symbol_t() -> None:
    W, v, t = sj.declare("W: H x N, v: N, t: H")
    found = sj.jacobian(sj.norm(sj.sigmoid(W * v) - t) ** 2, W)
    assert {"W", "v", "t"} <= {symbol.name for symbol in found.matrix.atoms(sympy.MatrixSymbol)}


def test_a_size_as_a_number() -> None:
    mean = sj.jacobian("sum(x)/M", "x", given="A: M x N, x: N")
    assert mean.explicit({"M": 3, "N": 2}) == sympy.Matrix([[1, 1]]) / 3
    assert mean.check().proved
    assert mean.lambdify()(x=[1, 2], M=4).tolist() == [[0.25, 0.25]]


def test_special_functions_are_checked_by_mpmath() -> None:
    assert sj.jacobian(sympy.erf(c) * x, c).check().proved


def test_signs_of_powers_of_sizes() -> None:
    """(−1)^P in det(−X) is not −(1^P)."""
    derivation = sj.jacobian("det(B.T*B - hadamard(u*u.T, u*u.T))", "u", given="B: N x P, u: P")
    rng = np.random.default_rng(0)
    B, u = rng.normal(size=(3, 4)), rng.normal(size=(4, 1))
    wanted = evaluate(derivation.node, {"B": B, "u": u}, {"N": 3, "P": 4})
    np.testing.assert_allclose(derivation.lambdify()(B=B, u=u), wanted, rtol=1e-10)


def test_several_gradients_have_several_shapes() -> None:
    both = sj.gradient("norm(X*w - y)**2", ["w", "X"], given="X: M x N, w: N, y: M")
    assert {name: block.shape[1] for name, block in both.blocks.items()}["w"] == 1
    with pytest.raises(sj.DomainError, match="have a shape each"):
        both.lambdify()


def test_large_fixed_sizes_are_proved_and_not_compared() -> None:
    report = sj.jacobian("A.T*A", "A", given="A: 60 x 60").check()
    assert report.proved
    assert "not compared" in str(report)
