"""What people write beyond the standard is read as they mean it, and the verdict says so; nothing wrong passes that way."""

from __future__ import annotations

from typing import Any

import pytest

from symjac.errors import ParseError
from symjac.layout import Layout
from symjac.verify import verify

D, N = Layout(orientation="denominator"), Layout()
GRAM, ROW = "X: m x n", "X: M x N"
LAYER = "W: m x n, X: k x n, b: m, Y: k x m"
COLUMNS = "W: m x n, X: n x k, b: m, Y: m x k"
OUTER = "W: m x n, x: n, v: m"
SAMPLES = "X: n x d, theta: d, y: n"
GAUSS = "X: N x D, mu: D, Sigma: D x D symmetric"
LOSS = r"\frac{1}{2} \sum_{i=1}^{n} \left(\theta^Tx^{(i)} - y^{(i)}\right)^{2}"
NORMAL = r"-\frac12\sum_{n=1}^N (\mathbf x_n-\boldsymbol\mu)^T\Sigma^{-1}(\mathbf x_n-\boldsymbol\mu)"
LOGISTIC = r"-\sum_{i=1}^n y^{(i)}\log\sigma(\theta^Tx^{(i)})+(1-y^{(i)})\log(1-\sigma(\theta^Tx^{(i)}))"
RULE = {"definitions": [r"h_\theta(x) = \theta^T x"]}
WRITTEN = {"names": {"X": "x^{(i)} (rows)", "y": "y^{(i)}"}}
QUADRATIC, VECTOR = "A: n x n, x: n", "x: n"
UNIT = r"\frac{x_i}{\sqrt{x_kx_k}}"

Row = tuple[str, str, str, str, Layout, str, str, dict[str, Any]]

ROWS: list[Row] = [
    (r"(X^T\otimes I)K + (I\otimes X^T)", "X^TX", "X", GRAM, N, "correct", "K(m, n)", {}),
    (r"2(X^T\otimes I)K + (I\otimes X^T)", "X^TX", "X", GRAM, N, "wrong", "K(", {}),
    ("K", "X^T", "X", ROW, N, "correct", "K(M, N)", {}),
    ("K_{mn}", "X^T", "X", ROW, N, "correct", "m is read as the size M", {}),
    ("K_{nm}", "X^T", "X", ROW, N, "convention", "n is read as the size N", {}),
    (r"(XW^T + b - Y)^T\mathbf 1", r"\frac12\|XW^T + b - Y\|^2", "b", LAYER, D, "correct", "every row", {}),
    (r"(XW^T + b - Y)^TX", r"\frac12\|XW^T + b - Y\|^2", "W", LAYER, D, "correct", "every row", {}),
    ("XW^T + b - Y", r"\frac12\|XW^T + b - Y\|^2", "b", LAYER, D, "wrong", "every row", {}),
    (r"(WX + b - Y)\mathbf 1", r"\frac12\|WX + b - Y\|^2", "b", COLUMNS, D, "correct", "every column", {}),
    (r"W^T(f'(Wx)\circ v)", r"v^T\tanh(Wx)", "x", OUTER, D, "correct", "f′ is taken to be tanh′", {}),
    (r"W^T((1-\phi(Wx)^2)\circ v)", r"v^T\tanh(Wx)", "x", OUTER, D, "correct", "is taken to be tanh,", {}),
    (r"W^T(\phi(Wx)\circ v)", r"v^T\tanh(Wx)", "x", OUTER, D, "wrong", "is taken to be tanh,", {}),
    (r"\sum_{i=1}^n (\theta^Tx^{(i)} - y^{(i)})x^{(i)}", LOSS, "theta", SAMPLES, D, "correct", "that row", {}),
    (r"\sum_{i=1}^n (\theta^Tx^{(i)} - y^{(i)})x^{(i)}", LOSS, "theta", SAMPLES, D, "correct", "", WRITTEN),
    (r"\sum_{i=1}^n (y^{(i)} - \theta^Tx^{(i)})x^{(i)}", LOSS, "theta", SAMPLES, D, "wrong", "that row", {}),
    (r"\sum_i (\theta^Tx_i - y_i)x_i^T", LOSS, "theta", SAMPLES, D, "convention", "that row", {}),
    (r"\sum_i (\theta^T\mathbf x_i - y_i)x_{ij}", LOSS, "theta", SAMPLES, D, "correct", "that row", {}),
    (r"\sum_i (h_\theta(x_i) - y_i)x_i", LOSS, "theta", SAMPLES, D, "correct", "that row", RULE),
    (r"\sum_i (y_i - h_\theta(x_i))x_i", LOSS, "theta", SAMPLES, D, "wrong", "that row", RULE),
    (r"\Sigma^{-1}\sum_{n=1}^N(\mathbf x_n-\mu)", NORMAL, "mu", GAUSS, D, "correct", "that row", {}),
    (r"-\Sigma^{-1}\sum_{n=1}^N(\mathbf x_n-\mu)", NORMAL, "mu", GAUSS, D, "wrong", "that row", {}),
    (r"\sum_i (\sigma(\theta^T x_i)-y_i)x_i", LOGISTIC, "theta", SAMPLES, D, "correct", "that row", {}),
    (r"\frac{\partial f}{\partial x_i} = \sum_j A_{ij}x_j + A_{ji}x_j", "x^TAx", "x", QUADRATIC, N, "correct", "reach", {}),
    (r"\frac{\partial f}{\partial x_k} = A_{kj}x_j+A_{ik}x_i", "A_{ij}x_ix_j", "x", QUADRATIC, N, "correct", "summed", {}),
    (r"\frac{1}{\sqrt{x_kx_k}}\left(\delta_{ij}-\frac{x_ix_j}{x_kx_k}\right)", UNIT, "x", VECTOR, N, "correct", "d: k", {}),
    (r"\frac{1}{\sqrt{x_kx_k}}\left(\delta_{ij}+\frac{x_ix_j}{x_kx_k}\right)", UNIT, "x", VECTOR, N, "wrong", "d: k", {}),
    (r"|X|(\operatorname{vec}(X^{-1})')'", "|X|", "X", "X: n x n", N, "correct", "vec of a transpose", {}),
    (r"\lambda\ln J\,F^{-T}", r"\frac\lambda2(\ln J)^2", "F", "F: n x n invertible, lambda: scalar", D, "correct",
     "applied to the scalars", {"definitions": [r"J = \det F"]}),
    (r"\sigma(x)", r"\sum_i \zeta(x_i)", "x", "x: n", D, "correct", "", {"definitions": [r"\zeta(x) = \log(1+\exp(x))"]}),
    (r"2\sigma(x)", r"\sum_i \zeta(x_i)", "x", "x: n", D, "wrong", "", {"definitions": [r"\zeta(x) = \log(1+\exp(x))"]}),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "f", "wrt", "given", "layout", "status", "said", "beside"), ROWS)
def test_liberties(
    claim: str, f: str, wrt: str, given: str, layout: Layout, status: str, said: str, beside: dict[str, Any]
) -> None:
    verdict = verify(claim, f, wrt, given=given, layout=layout, **beside)
    assert verdict.status == status, str(verdict)
    assert said in "; ".join(verdict.remarks)


def test_a_vector_that_fits_rows_and_columns_says_two_things() -> None:
    with pytest.raises(ParseError, match=r"every column of it.*every row of it"):
        verify(r"(WX + b)\mathbf 1", r"\frac12\|WX + b\|_F^2", "b", given="W: m x n, X: n x m, b: m")


def test_a_letter_for_two_sizes_is_named() -> None:
    claim = r"\frac{\partial K_{pq}}{\partial A_{ij}} = \delta_{pi}A_{jq}+\delta_{qj}A_{ip}"
    assert "j runs to M and to N" in str(verify(claim, "A^TA", "A", given="A: M x N"))


def test_a_function_that_is_defined_by_itself_is_refused() -> None:
    with pytest.raises(ParseError, match="defined by itself"):
        verify("A^T h(Ax)", r"\|Ax\|^2", "x", given="A: m x n, x: n", definitions=["h(z) = 2 h(z)"])
