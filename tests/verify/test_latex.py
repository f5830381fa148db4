"""Claims in LaTeX: left sides, letters, unsized constants, definitions, arrays, decimals, and what is refused."""

from __future__ import annotations

import pytest

from symjac.errors import ParseError, SymjacError
from symjac.layout import Layout
from symjac.verify import verify

LINEAR = "A: M x N, x: N, b: M"
QUADRATIC = "A: N x N, x: N"
SQUARE = "X: N x N"
GRAM = "A: M x N"
NETWORK = "W: M x N, x: N"
D = Layout(orientation="denominator")
N = Layout()

CLAIMS = [
    (r"\frac{\partial f}{\partial x} = A", "A*x", "x", LINEAR, N, "correct"),
    (r"\frac{\partial f}{\partial x^\top} = A", "f(x) = Ax", "x", LINEAR, D, "correct"),
    (r"\frac{\partial f}{\partial x} = A", "Ax", "x", LINEAR, D, "convention"),
    (r"\nabla_x f = 2A^T(Ax-b)", r"\|Ax-b\|^2", "x", LINEAR, N, "correct"),
    (r"\nabla_x f = 2(Ax-b)^TA", r"\|Ax-b\|^2", "x", LINEAR, N, "convention"),
    (r"\nabla_x f = 2A^T(b-Ax)", r"\|Ax-b\|^2", "x", LINEAR, N, "wrong"),
    (r"\nabla^2 f = 2A^TA", r"\|Ax-b\|_2^2", "x", LINEAR, N, "correct"),
    (r"\nabla^2 f = A^TA", r"\|Ax-b\|_2^2", "x", LINEAR, N, "wrong"),
    (r"\frac{\partial^2 f}{\partial x\partial x^T} = 2A^TA", r"\|Ax-b\|_2^2", "x", LINEAR, N, "correct"),
    (r"2 A' (A x - b)", "(Ax-b)'(Ax-b)", "x", LINEAR, D, "correct"),
    (r"J = A", "A*x", "x", LINEAR, N, "correct"),
    (r"J_{ij} = A_{ij}", "A*x", "x", QUADRATIC, N, "correct"),
    (r"J_{ji} = A_{ij}", "A*x", "x", QUADRATIC, N, "wrong"),
    (r"\delta^L = 2A^T(Ax-b)", r"\|Ax-b\|^2", "x", LINEAR, D, "correct"),
    (r"f'(x) = 2(Ax-b)^TA", r"\|Ax-b\|^2", "x", LINEAR, N, "correct"),
    (r"\nabla_x \text{RSS} = 2A^T(Ax-b)", r"\|Ax-b\|^2", "x", LINEAR, N, "correct"),
    (r"\frac{\partial \ln L}{\partial x} = 2A^T(b-Ax)", r"\|Ax-b\|^2", "x", LINEAR, D, "wrong"),
    (
        r"\therefore 2\mathbf{A}^{\top}(\mathbf{Ax}-\mathbf{b})",
        r"\lVert\mathbf{Ax}-\mathbf{b}\rVert^2",
        "x",
        LINEAR,
        D,
        "correct",
    ),
    (r"\frac{A^T(Ax-b)}{\|Ax-b\|}", r"\|Ax-b\|", "x", LINEAR, D, "correct"),
    (r"\frac{A^T(Ax-b)}{\|Ax-b\|^2}", r"\|Ax-b\|", "x", LINEAR, D, "wrong"),
    (r"\frac{\partial f_i}{\partial x_j} = A_{ij}", "A*x", "x", LINEAR, N, "correct"),
    (r"\frac{\partial f_i}{\partial x_j} = A_{ji}", "A*x", "x", QUADRATIC, N, "wrong"),
    (r"\frac{\partial f_i}{\partial A_{kj}} = \delta_{ik} x_j", "A*x", "A", LINEAR, N, "correct"),
    (r"\frac{\partial f_i}{\partial A_{jk}} = \delta_{ik} x_j", "A*x", "A", QUADRATIC, N, "wrong"),
    (
        r"\frac{\partial f_i}{\partial A_{kj}} = \begin{cases} x_j & i=k \\ 0 & \text{otherwise}\end{cases}",
        "A*x",
        "A",
        LINEAR,
        N,
        "correct",
    ),
    (
        r"\frac{\partial f_i}{\partial A_{kj}} = \begin{cases} x_k & i=k \\ 0 & \text{otherwise}\end{cases}",
        "A*x",
        "A",
        QUADRATIC,
        N,
        "wrong",
    ),
    (r"\frac{\partial K_{pq}}{\partial A_{ij}} = \delta_{pj} A_{iq} + \delta_{qj} A_{ip}", "A.T*A", "A", GRAM, N, "correct"),
    (r"\frac{\partial K_{pq}}{\partial A_{ij}} = \delta_{pj} A_{iq} + \delta_{qi} A_{ip}", "A^TA", "A", "A: N x N", N, "wrong"),
    (r"(I + K)(I \otimes A^T)", "A^TA", "A", GRAM, N, "correct"),
    (r"(I_{N^2} + K_{NN})(I_N \otimes A^T)", "A^TA", "A", GRAM, N, "correct"),
    (r"(I + K_{N,N})(A^T \otimes I)", "A^TA", "A", GRAM, N, "convention"),
    (r"I \otimes A^T", "A^TA", "A", GRAM, N, "wrong"),
    (r"\frac{\partial X^{-1}}{\partial X_{ij}} = -X^{-1}E_{ij}X^{-1}", "X^{-1}", "X", SQUARE, N, "correct"),
    (r"\frac{\partial X^{-1}}{\partial X_{ij}} = -X^{-1}E_{ji}X^{-1}", "X^{-1}", "X", SQUARE, N, "wrong"),
    (r"-X^{-T} \otimes X^{-1}", "X^{-1}", "X", SQUARE, N, "correct"),
    (r"-X^{-1} \otimes X^{-1}", "X^{-1}", "X", SQUARE, N, "wrong"),
    (r"\frac{\partial f}{\partial X_{ij}} = (X^{-1})_{ji}", r"\log\det X", "X", SQUARE, N, "correct"),
    (r"\frac{\partial f}{\partial X_{ij}} = (X^{-1})_{ij}", r"\log\det X", "X", SQUARE, N, "wrong"),
    (r"(X^{-1})^T", r"\log|X|", "X", SQUARE, D, "correct"),
    (r"X^{-1}", r"\log|X|", "X", SQUARE, D, "convention"),
    (r"\det(X) X^{-1}", r"\det(X)", "X", SQUARE, N, "correct"),
    (r"\operatorname{diag}(\sigma'(Wx))W", r"\sigma(Wx)", "x", NETWORK, N, "correct"),
    (r"\operatorname{diag}(\sigma(Wx)\odot(1-\sigma(Wx)))W", r"\sigma(Wx)", "x", NETWORK, N, "correct"),
    (r"\operatorname{diag}(\sigma(Wx)\odot(1+\sigma(Wx)))W", r"\sigma(Wx)", "x", NETWORK, N, "wrong"),
    (r"\operatorname{diag}(1-\tanh^2(Wx))W", r"\tanh(Wx)", "x", NETWORK, N, "correct"),
    (r"2\sum_j A_{ij}x_j", "x^TAx", "x", "A: N x N symmetric, x: N", D, "correct"),
    (r"\sum_j (A_{ij}+A_{ji})x_j", "x^TAx", "x", QUADRATIC, D, "correct"),
    (r"2A_{ij}x_j", "x^TAx", "x", QUADRATIC, D, "wrong"),
    (r"\begin{bmatrix} 2x_1 & 2x_2 \end{bmatrix}", "x^Tx", "x", "x: 2", N, "correct"),
    (r"\begin{bmatrix} 2x_1 \\ 2x_2 \end{bmatrix}", "x^Tx", "x", "x: 2", N, "convention"),
    (r"\begin{bmatrix} 2x_1 & x_2 \end{bmatrix}", "x^Tx", "x", "x: 2", N, "wrong"),
    (r"\begin{bmatrix} 2x_1 & 2x_2 & 1 \end{bmatrix}", "x^Tx", "x", "x: 2", N, "wrong"),
    (r"0.33 x", r"\frac{x^Tx}{6}", "x", "x: N", D, "correct"),
    (r"0.34 x", r"\frac{x^Tx}{6}", "x", "x: N", D, "wrong"),
    (r"2x = x + x", "x^Tx", "x", "x: N", D, "correct"),
    (r"2x = x - x", "x^Tx", "x", "x: N", D, "wrong"),
]


@pytest.mark.parametrize(("claim", "f", "wrt", "given", "layout", "status"), CLAIMS)
def test_status(claim: str, f: str, wrt: str, given: str, layout: Layout, status: str) -> None:
    verdict = verify(claim, f, wrt, given=given, layout=layout)
    assert verdict.status == status, str(verdict)
    assert verdict.reading


def test_definitions_and_names() -> None:
    verdict = verify(
        r"-2X^T(y - \hat y)",
        r"\|y - \hat y\|^2",
        "w",
        given="X: N x P, y: N, w: P",
        layout=D,
        definitions=[r"\hat y = X\beta"],
        names={"w": r"\beta"},
    )
    assert verdict.evidence == "proved for all sizes"


def test_definitions_in_text() -> None:
    given = "X: N x P, y: N, w: P"
    assert verify("2*X.T*r", "r.T*r", "w", given=given, layout=D, definitions=["r = X*w - y"])


def test_remarks_say_what_was_assumed() -> None:
    remarks = verify(r"(I + K)(I \otimes A^T)", "A^TA", "A", given=GRAM).remarks
    assert any("K(N, N)" in remark for remark in remarks)


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (r"2 q", "q is not declared"),
        (r"A \cdots x", "cdots"),
        (r"\frac{\partial f}{\partial b} = A", "what is asked for is one by x"),
        (r"\frac{\partial f_{ij}}{\partial x_k} = A_{ij}x_k", "letters"),
        (r"\foo A", "foo"),
        ("A*(x", "clos"),
    ],
)
def test_what_cannot_be_read_is_an_error(claim: str, words: str) -> None:
    with pytest.raises(SymjacError, match=words):
        verify(claim, "A*x", "x", given=LINEAR)


def test_the_likelier_language_complains() -> None:
    with pytest.raises(ParseError, match="column 3: q is not declared"):
        verify("2 q", "A*x", "x", given=LINEAR)
    with pytest.raises(ParseError, match="no function foo"):
        verify("foo(x)", "A*x", "x", given=LINEAR)
