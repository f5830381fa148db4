"""Formulas of books and lecture notes, as their authors write them: declarations, function, variable, claim, layout, truth."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from symjac.layout import Layout

D, N = Layout(orientation="denominator"), Layout()


class Formula(NamedTuple):
    """A claim, with what its author says beside it."""

    given: str
    f: str
    wrt: str
    claim: str
    layout: Layout
    status: str
    beside: Mapping[str, Any] = MappingProxyType({})


FORMULAS = [
    Formula("A: n x n, x: n", r"\phi(x) = x'Ax", "x", "x'(A+A')", N, "correct"),
    Formula("A: m x n, X: n x p, B: p x q", "F(X) = AXB", "X", r"B'\otimes A", N, "correct"),
    Formula("X: m x n, A: n x m", r"\operatorname{tr} AX", "X", r"(\operatorname{vec} A')'", N, "correct"),
    Formula("X: n x q", "XX'", "X", r"(I_{n^2}+K_{nn})(X\otimes I_n)", N, "correct"),
    Formula("X: n x q", "X'X", "X", r"(I_{q^2}+K_{qq})(I_q\otimes X')", N, "correct"),
    Formula("X: n x n", "X^{-1}", "X", r"-(X')^{-1}\otimes X^{-1}", N, "correct"),
    Formula("X: n x n", "X^{-1}", "X", r"-\left(X^{-1}\otimes X^{-1}\right)", N, "wrong"),
    Formula("X: n x n", "|X|", "X", r"|X|\,(\operatorname{vec}(X^{-1})')'", N, "correct"),
    Formula("X: n x q", "X'", "X", "K_{nq}", N, "correct"),
    Formula("X: n x n", "X^2", "X", r"X'\otimes I_n + I_n\otimes X", N, "correct"),
    Formula("X: n x n", "X^3", "X", r"(X')^2\otimes I+X'\otimes X+I\otimes X^2", N, "correct"),
    Formula("A: m x n, x: n", "(x'A'Ax)^{1/2}", "x", r"\frac{x'A'A}{(x'A'Ax)^{1/2}}", N, "correct"),
    Formula("X: n x n", r"\log|X|", "X", r"(\operatorname{vec}(X^{-1})')'", N, "correct"),
    Formula("X: n x q, A: n x n symmetric", r"\operatorname{tr} X'AX", "X", r"2(\operatorname{vec} AX)'", N, "correct"),
    Formula(
        "t: N, Phi: N x M, w: M, beta: scalar",
        r"\frac{\beta}{2}\sum_{n=1}^N\{t_n-\mathbf w^{\rm T}\boldsymbol\phi_n\}^2",
        "w",
        r"-\beta\sum_{n=1}^N\{t_n-\mathbf w^{\rm T}\phi_n\}\phi_n",
        D,
        "correct",
        {"names": {"Phi": r"\phi_n (rows)"}},
    ),
    Formula(
        "t: N, Phi: N x M, w: M",
        r"-\sum_{n=1}^N\{t_n\ln y_n+(1-t_n)\ln(1-y_n)\}",
        "w",
        r"\sum_{n=1}^N(y_n-t_n)\phi_n",
        D,
        "correct",
        {"names": {"Phi": r"\phi_n (rows)"}, "definitions": [r"y_n=\sigma(\mathbf w^T\phi_n)"]},
    ),
    Formula(
        "t: N, Phi: N x M, w: M",
        r"-\sum_{n=1}^N\{t_n\ln y_n+(1-t_n)\ln(1-y_n)\}",
        "w",
        r"\mathbf\Phi^T(\mathbf y-\mathbf t)",
        D,
        "correct",
        {"definitions": [r"y_n=\sigma(\mathbf w^T\phi_n)", r"\mathbf y=\sigma(\Phi w)"], "names": {"Phi": r"\phi_n (rows)"}},
    ),
    Formula(
        "t: N, Phi: N x M, w: M",
        r"-\sum_{n=1}^N\{t_n\ln y_n+(1-t_n)\ln(1-y_n)\}",
        "w",
        r"\sum_{n=1}^N(y_n-t_n)\phi_n^T",
        D,
        "convention",
        {"names": {"Phi": r"\phi_n (rows)"}, "definitions": [r"y_n=\sigma(\mathbf w^T\phi_n)"]},
    ),
    Formula(
        "x: D, mu: D, Sigma: D x D symmetric posdef",
        r"-\frac12(\mathbf x-\boldsymbol\mu)^{\rm T}\boldsymbol\Sigma^{-1}(\mathbf x-\boldsymbol\mu)",
        "mu",
        r"\boldsymbol\Sigma^{-1}(\mathbf x-\boldsymbol\mu)",
        D,
        "correct",
    ),
    Formula("A: M x M invertible", r"\ln|\mathbf A|", "A", r"(\mathbf A^{-1})^{\rm T}", D, "correct"),
    Formula("A: M x N, B: N x M", r"\mathrm{Tr}(\mathbf{AB})", "A", r"\mathbf B^{\mathrm T}", D, "correct"),
    Formula(
        "A: M x N, B: N x N", r"\mathrm{Tr}(\mathbf{ABA}^{\rm T})", "A", r"\mathbf A(\mathbf B+\mathbf B^{\rm T})", D, "correct"
    ),
    Formula(
        "Phi: N x M, w: M, t: N, lambda_: scalar",
        r"\frac12(\mathbf t-\Phi\mathbf w)^T(\mathbf t-\Phi\mathbf w)+\frac\lambda2\mathbf w^T\mathbf w",
        "w",
        r"-\Phi^T(\mathbf t-\Phi\mathbf w)+\lambda\mathbf w",
        D,
        "correct",
    ),
    Formula("a: K", r"\ln\sum_j\exp(a_j)", "a", r"\frac{\exp(a_k)}{\sum_j\exp(a_j)}", N, "correct"),
    Formula(
        "y: N, X: N x D, w: D",
        r"\mathrm{RSS}(\mathbf w)=\frac12\|\mathbf{Xw}-\mathbf y\|_2^2",
        "w",
        r"\mathbf X^\top\mathbf X\mathbf w-\mathbf X^\top\mathbf y",
        D,
        "correct",
    ),
    Formula("X: N x D, w: D", r"\frac12\|Xw\|_2^2", "w", r"X^\top X", D, "correct", {"order": 2}),
    Formula("a: N, x: N", r"\mathbf a^{\mathsf T}\mathbf x", "x", r"\mathbf a", D, "correct"),
    Formula(
        "b: N, A: M x N, x: N, c: M",
        r"\mathbf c^{\mathsf T}\mathbf A\mathbf x",
        "A",
        r"\mathbf c\mathbf x^{\mathsf T}",
        D,
        "correct",
    ),
    Formula("X: n x n symmetric posdef", r"\log\det X", "X", "X^{-1}", D, "correct"),
    Formula(
        "A: m x n, x: n, b: m",
        r"f(\boldsymbol x)=\frac12\|\boldsymbol{Ax}-\boldsymbol b\|_2^2",
        "x",
        r"\nabla_{\boldsymbol x}f(\boldsymbol x)=\boldsymbol A^\top(\boldsymbol{Ax}-\boldsymbol b)",
        D,
        "correct",
    ),
    Formula(
        "H: n x n, w: n, u: n",
        r"\hat J(w)=\frac12(\boldsymbol w-\boldsymbol u)^\top\boldsymbol H(\boldsymbol w-\boldsymbol u)",
        "w",
        r"\boldsymbol H(\boldsymbol w-\boldsymbol u)",
        D,
        "wrong",
    ),
    Formula(
        "H: n x n symmetric, w: n, u: n",
        r"\hat J(w)=\frac12(\boldsymbol w-\boldsymbol u)^\top\boldsymbol H(\boldsymbol w-\boldsymbol u)",
        "w",
        r"\boldsymbol H(\boldsymbol w-\boldsymbol u)",
        D,
        "correct",
    ),
    Formula(
        "X: n x l, d: l",
        r"-\operatorname{Tr}(\boldsymbol d^\top\boldsymbol X^\top\boldsymbol X\boldsymbol d)",
        "d",
        r"-2\boldsymbol X^\top\boldsymbol X\boldsymbol d",
        D,
        "correct",
    ),
    Formula("A: m x n, b: m, x: n", r"\|Ax-b\|_2^2", "x", "2A^T(Ax-b)", D, "correct"),
    Formula("A: m x n, b: m, x: n", r"\|Ax-b\|_2", "x", r"A^T(Ax-b)/\|Ax-b\|_2", D, "correct"),
    Formula(
        "A: m x n, b: m, x: n",
        r"-\sum_{i=1}^m\log(b_i-a_i^Tx)",
        "x",
        r"\sum_{i=1}^m\frac{1}{b_i-a_i^Tx}a_i",
        D,
        "correct",
        {"names": {"A": "a_i^T (rows)"}},
    ),
    Formula(
        "A: m x n, b: m, x: n",
        r"-\sum_{i=1}^m\log(b_i-a_i^Tx)",
        "x",
        "A^Td",
        D,
        "correct",
        {"names": {"A": "a_i^T (rows)"}, "definitions": [r"d = \mathbf 1\oslash(b-Ax)"]},
    ),
    Formula(
        "A: m x n, b: m, x: n", r"-\sum_{i=1}^m\log(b_i-a_i^Tx)", "x", r"\sum_{i=1}^m\frac{1}{b_i-a_i^Tx}a_i", D, "correct"
    ),
    Formula("P: n x n symmetric, q: n, x: n, r: scalar", "(1/2)x^TPx+q^Tx+r", "x", "Px+q", D, "correct"),
    Formula("P: n x n, q: n, x: n, r: scalar", "(1/2)x^TPx+q^Tx+r", "x", "Px+q", D, "wrong"),
    Formula("X: n x n symmetric posdef", r"\log\det X", "X", "X^{-1}", D, "correct"),
    Formula(
        "x: n", r"\log\sum_{i=1}^n\exp x_i", "x", r"\frac{1}{\mathbf 1^Tz}z", D, "correct", {"definitions": [r"z=\exp(x)"]}
    ),
    Formula(
        "x: n",
        r"\log\sum_{i=1}^n\exp x_i",
        "x",
        r"\frac{1}{(\mathbf 1^Tz)^2}\left((\mathbf 1^Tz)\operatorname{diag}(z)-zz^T\right)",
        D,
        "correct",
        {"definitions": [r"z=\exp(x)"], "order": 2},
    ),
    Formula(
        "y: n, X: n x K, beta: K",
        r"S(\mathbf b)=\mathbf{y'y}-2\mathbf y'\mathbf X\boldsymbol\beta+\boldsymbol\beta'\mathbf{X'X}\boldsymbol\beta",
        "beta",
        r"-2\mathbf X'\mathbf y+2\mathbf X'\mathbf X\boldsymbol\beta",
        D,
        "correct",
    ),
    Formula(
        "y: n, X: n x K, beta: K",
        r"(\mathbf y-\mathbf X\beta)'(\mathbf y-\mathbf X\beta)",
        "beta",
        r"\frac{\partial S}{\partial\beta}=-2\mathbf X'\mathbf y+2\mathbf X'\mathbf X\beta=\mathbf 0",
        D,
        "correct",
    ),
    Formula(
        "y: n, X: n x K, beta: K, s: scalar positive",
        r"-\frac n2\ln(2\pi)-\frac n2\ln s-\frac{(y-X\beta)'(y-X\beta)}{2s}",
        "s",
        r"-\frac{n}{2s}+\frac{(y-X\beta)'(y-X\beta)}{2s^2}",
        D,
        "correct",
    ),
    Formula(
        "y: n, X: n x K, beta: K, sigma: scalar positive",
        r"-\frac n2\ln2\pi-\frac n2\ln\sigma^2-\frac1{2\sigma^2}(y-X\beta)'(y-X\beta)",
        "beta",
        r"\frac1{\sigma^2}X'(y-X\beta)",
        D,
        "correct",
    ),
    Formula(
        "y: n, X: n x K, beta: K, Omega: n x n symmetric invertible",
        r"(y-X\beta)'\Omega^{-1}(y-X\beta)",
        "beta",
        r"-2X'\Omega^{-1}(y-X\beta)",
        D,
        "correct",
    ),
    Formula(
        "y: n, X: n x K, beta: K",
        r"\sum_{i=1}^n(y_i-\mathbf x_i'\boldsymbol\beta)^2",
        "beta",
        r"-2\sum_{i=1}^n\mathbf x_i(y_i-\mathbf x_i'\boldsymbol\beta)",
        D,
        "correct",
    ),
    Formula(
        "y: n, X: n x K, beta: K",
        r"\sum_i\left[y_i\mathbf x_i'\beta-\ln(1+e^{\mathbf x_i'\beta})\right]",
        "beta",
        r"\sum_{i=1}^n(y_i-\Lambda_i)\mathbf x_i",
        D,
        "correct",
        {"definitions": [r"\Lambda_i = \frac{e^{x_i'\beta}}{1+e^{x_i'\beta}}"]},
    ),
    Formula(
        "y: n, X: n x K, beta: K",
        r"\sum_i\left[y_i\mathbf x_i'\beta-e^{\mathbf x_i'\beta}-\ln y_i\right]",
        "beta",
        r"\sum_{i=1}^n(y_i-\lambda_i)\mathbf x_i",
        D,
        "correct",
        {"definitions": [r"\lambda_i = \exp(x_i'\beta)"]},
    ),
    Formula(
        "y: n, X: n x K, beta: K",
        r"\sum_i\left[y_i\mathbf x_i'\beta-\ln(1+e^{\mathbf x_i'\beta})\right]",
        "beta",
        r"-\sum_{i=1}^n\Lambda_i(1-\Lambda_i)\mathbf x_i\mathbf x_i'",
        D,
        "correct",
        {"definitions": [r"\Lambda_i = \frac{e^{x_i'\beta}}{1+e^{x_i'\beta}}"], "order": 2},
    ),
    Formula(
        "W1: h x d, W2: k x h, x: d, y: k",
        r"\frac12\|W_2\sigma(W_1x)-y\|^2",
        "W2",
        r"\delta a^\top",
        D,
        "correct",
        {"definitions": [r"a=\sigma(W_1x)", r"\delta=W_2a-y"]},
    ),
    Formula(
        "W1: h x d, W2: k x h, x: d, y: k",
        r"\frac12\|W_2\sigma(W_1x)-y\|^2",
        "W1",
        r"(W_2^\top\delta\odot a\odot(1-a))x^\top",
        D,
        "correct",
        {"definitions": [r"a=\sigma(W_1x)", r"\delta=W_2a-y"]},
    ),
    Formula(
        "W1: h x d, W2: k x h, x: d, y: k",
        r"\frac12\|W_2\sigma(W_1x)-y\|^2",
        "W1",
        r"\left[(W_2^\top\delta)\odot\sigma'(z)\right]x^\top",
        D,
        "correct",
        {"definitions": ["z=W_1x", r"a=\sigma(z)", r"\delta=W_2a-y"]},
    ),
    Formula("X: n x d, W: d x k, b: k, Y: n x k", r"\frac{1}{2n}\|XW+b-Y\|_F^2", "W", r"\frac1nX^T(XW+b-Y)", D, "correct"),
    Formula(
        "X: n x d, W: d x k, b: k, Y: n x k", r"\frac{1}{2n}\|XW+b-Y\|_F^2", "b", r"\frac1n(XW+b-Y)^T\mathbf 1", D, "correct"
    ),
    Formula(
        "X: n x d, w: d, y: n, lambda_: scalar",
        r"\frac1n\sum_{i=1}^n\log(1+\exp(-y_iw^Tx_i))+\frac\lambda2\|w\|^2",
        "w",
        r"-\frac1n\sum_{i=1}^n\sigma(-y_iw^Tx_i)y_ix_i+\lambda w",
        D,
        "correct",
    ),
    Formula(
        "X: n x d, w: d, y: n, lambda_: scalar",
        r"\frac1n\sum_{i=1}^n\log(1+\exp(-y_iw^Tx_i))+\frac\lambda2\|w\|^2",
        "w",
        r"-\frac1n\sum_{i=1}^n\frac{y_ix_i}{1+\exp(y_iw^Tx_i)}+\lambda w",
        D,
        "correct",
    ),
    Formula("X: m x n, U: m x k, V: n x k", r"\sum_{i,j}(X_{ij}-u_i^Tv_j)^2", "U", "-2(X-UV^T)V", D, "correct"),
    Formula("X: m x n, U: m x k, V: n x k", r"\frac12\|X-UV^T\|_F^2", "V", "-(X-UV^T)^TU", D, "correct"),
    Formula("x: n, W: n x n", r"\log|\det W| + \sum_i\log\sigma(w_i^Tx)", "W", r"W^{-T}+(1-\sigma(Wx))x^T", D, "correct"),
    Formula(
        "K: n x n, y: n, theta: scalar, Sigma: n x n symmetric posdef",
        r"-\frac12y^T\Sigma^{-1}y-\frac12\log|\Sigma|",
        "Sigma",
        r"\frac12(\alpha\alpha^T-\Sigma^{-1})",
        D,
        "correct",
        {"definitions": [r"\alpha=\Sigma^{-1}y"]},
    ),
    Formula(
        "P: n x n symmetric, K: n x m, H: m x n, R: m x m symmetric",
        r"\operatorname{tr}\left[(I-KH)P(I-KH)^T+KRK^T\right]",
        "K",
        "-2(HP)^T+2K(HPH^T+R)",
        D,
        "correct",
    ),
    Formula(
        "w: n, Sigma: n x n symmetric, mu: n, lambda_: scalar, gamma: scalar",
        r"\frac12w^\top\Sigma w-\lambda(w^\top\mu-1)-\gamma(w^\top\mathbf 1-1)",
        "w",
        r"\Sigma w-\lambda\mu-\gamma\mathbf 1",
        D,
        "correct",
    ),
]
