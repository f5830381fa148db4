"""Wrong claims over the classic slips, and the kind that has to be among the diagnoses."""

from __future__ import annotations

from typing import NamedTuple

from symjac.layout import Layout

N, D = Layout(), Layout(orientation="denominator")


class Slip(NamedTuple):
    """A wrong claim: what is differentiated by what, what is claimed, and what is wrong."""

    kind: str
    f: str
    wrt: str
    claim: str
    given: str
    layout: Layout = N


LEAST_SQUARES = "A: M x N, x: N, b: M"
SQUARE = "A: N x N, x: N"
INVERSE = "X: N x N, A: N x N, B: N x N, a: N, b: N"

TEXT = (
    Slip("transpose", "A*x", "x", "A.T", "A: M x N, x: N"),
    Slip("transpose", "A*x", "x", "A", "A: M x N, x: N", D),
    Slip("row-first", "A*x", "A", "kron(eye(M), x.T)", "A: M x N, x: N"),
    Slip("row-first", "A*X*B", "X", "kron(A, B.T)", "A: P x M, X: M x N, B: N x Q"),
    Slip("column-first", "A*x", "A", "kron(x.T, eye(M))", "A: M x N, x: N", Layout(wrt="row")),
    Slip("sign", "norm(y-P*t)**2", "t", "2*(y-P*t).T*P", "y: N, P: N x D, t: D"),
    Slip("sign", "inv(X)", "X", "kron(inv(X).T, inv(X))", INVERSE),
    Slip("sign", "norm(A*x-b)**2", "x", "2*A.T*(A*x+b)", LEAST_SQUARES, D),
    Slip("sign", "norm(A*x-b)**2", "x", "2*A.T*A*x+2*A.T*b", LEAST_SQUARES, D),
    Slip("sign", "x/norm(x)", "x", "eye(N)/norm(x) + x*x.T/norm(x)**3", "x: N"),
    Slip("sign", "sigmoid(a.T*x)", "x", "sigmoid(a.T*x)*(1+sigmoid(a.T*x))*a", "a: N, x: N", D),
    Slip("sign", "1/(1+exp(-a.T*x))", "x", "-exp(-a.T*x)/(1+exp(-a.T*x))**2*a", "a: N, x: N", D),
    Slip("factor", "norm(y-P*t)**2", "t", "-(y-P*t).T*P", "y: N, P: N x D, t: D"),
    Slip("factor", "norm(A*x-b)**2", "x", "2*A.T*A*x-A.T*b", LEAST_SQUARES, D),
    Slip("factor", "norm(y-P*t)**2+l*t.T*t", "t", "-2*(y-P*t).T*P + l*t.T", "y: N, P: N x D, t: D, l: scalar"),
    Slip("factor", "sum(x)/N", "x", "ones(N, 1).T", "x: N"),
    Slip("factor", "norm(A*x-b)**2/M", "x", "2*(A*x-b).T*A", LEAST_SQUARES),
    Slip("factor", "norm(A*x-b)**2/(2*M)", "x", "(A*x-b).T*A/(2*M)", LEAST_SQUARES),
    Slip("symmetry", "x.T*A*x", "x", "2*A*x", SQUARE, D),
    Slip("symmetry", "exp(x.T*A*x)", "x", "2*exp(x.T*A*x)*x.T*A", SQUARE),
    Slip("symmetry", "inv(X)", "X", "-kron(inv(X), inv(X))", INVERSE),
    Slip("product rule", "trace(X.T*A*X)", "X", "A*X", "X: N x M, A: N x N", D),
    Slip("trace", "X.T*B*X", "X", "(B+B.T)*X", "X: M x N, B: M x M", D),
    Slip("trace", "A*X", "X", "A.T", INVERSE, D),
    Slip("product rule", "x.T*A*x", "x", "A*x", SQUARE, D),
    Slip("product rule", "x.T*A*x", "x", "x.T*A", SQUARE),
    Slip("product rule", "A*A", "A", "kron(eye(N), A)", "A: N x N"),
    Slip("product rule", "a.T*X*X.T*b", "X", "a*b.T*X", "X: M x N, a: M, b: M", D),
    Slip("product rule", "hadamard(x, A*x)", "x", "diag(A*x)", SQUARE),
    Slip("product rule", "x*x.T", "x", "kron(x, eye(N))", "x: N"),
    Slip("product rule", "X*A*X", "X", "kron(eye(N), X*A)", INVERSE),
    Slip("term", "norm(y-P*t)**2+l*t.T*t", "t", "-2*(y-P*t).T*P", "y: N, P: N x D, t: D, l: scalar"),
    Slip("term", "x.T*A*x+b.T*x+c", "x", "(A+A.T)*x", "A: N x N, x: N, b: N, c: scalar", D),
    Slip("commutation", "A.T*A", "A", "kron(eye(N), A.T)", "A: M x N"),
    Slip("commutation", "A.T*A", "A", "2*kron(eye(N), A.T)", "A: M x N"),
    Slip("commutation", "X*X.T", "X", "kron(X, eye(M))", "X: M x N"),
    Slip("commutation", "X*X.T", "X", "2*kron(X, eye(M))", "X: M x N"),
    Slip("chain rule", "norm(y-P*t)**2", "t", "2*(y-P*t).T", "y: N, P: N x D, t: D"),
    Slip("chain rule", "sigmoid(A*x)", "x", "diag(sigmoid(A*x))*A", "A: M x N, x: N"),
    Slip("chain rule", "exp(x.T*A*x)", "x", "x.T*(A+A.T)", SQUARE),
    Slip("chain rule", "W2*tanh(W1*x)", "x", "W2*W1", "W1: H x N, W2: M x H, x: N"),
    Slip("chain rule", "W2*tanh(W1*x)", "x", "W2*diag(tanh(W1*x))*W1", "W1: H x N, W2: M x H, x: N"),
    Slip("chain rule", "norm(x)", "x", "x.T", "x: N"),
    Slip("chain rule", "det(X)", "X", "inv(X).T", "X: N x N", D),
    Slip("chain rule", "log(sum(exp(A*x)))", "x", "softmax(A*x).T", "A: M x N, x: N"),
    Slip("chain rule", "sigmoid(a.T*x)", "x", "sigmoid(a.T*x)*(1-sigmoid(a.T*x))", "a: N, x: N", D),
    Slip("exponent", "x/norm(x)", "x", "eye(N)/norm(x) - x*x.T/norm(x)**2", "x: N"),
    Slip("exponent", "norm(x)**3", "x", "3*norm(x)**2*x", "x: N", D),
    Slip("exponent", "1/norm(x)", "x", "-x/norm(x)**2", "x: N", D),
    Slip("inverse", "log(det(X))", "X", "X.T", "X: N x N", D),
    Slip("inverse", "inv(A)", "A", "-kron(A.T, inv(A))", "A: N x N"),
    Slip("order", "log(det(X.T*X))", "X", "2*inv(X.T*X)*X", "X: M x N", D),
    Slip("order", "trace(A*X*B)", "X", "B.T*A.T", "A: P x M, X: M x N, B: N x P", D),
    Slip("order", "a.T*inv(X)*b", "X", "-(inv(X).T)**2*a*b.T", INVERSE, D),
    Slip("transpose", "norm(A*x-b)**2", "x", "2*A*(A*x-b)", LEAST_SQUARES, D),
    Slip("transpose", "norm(A*x-b)**2", "x", "2*A.T*A*x-2*A*b", LEAST_SQUARES, D),
    Slip("transpose", "A.T*A", "A", "(eye(N*N)+commutation(N,N))*kron(eye(N),A)", "A: M x N"),
    Slip("transpose", "A*X*B", "X", "kron(B, A)", "A: P x M, X: M x N, B: N x Q"),
    Slip("transpose", "trace(A*X*B)", "X", "A.T*B", "A: P x M, X: M x N, B: N x P", D),
    Slip("shape", "log(sum(exp(A*x)))", "x", "A*softmax(A*x)", "A: M x N, x: N", D),
    Slip("shape", "x.T*A*x", "x", "A+A.T", SQUARE),
    Slip("shape", "trace(A*X*B)", "X", "A*B", "A: P x M, X: M x N, B: N x P", D),
)

LATEX = (
    Slip("sign", r"\mathrm{tr}(X^{-1}A)", "X", r"(X^{-1}AX^{-1})^\top", INVERSE, D),
    Slip("symmetry", r"\mathrm{tr}(X^{-1}A)", "X", r"-X^{-1}A^TX^{-1}", INVERSE, D),
    Slip("order", r"\mathbf a^TX^{-1}\mathbf b", "X", r"-X^{-2T}ab^T", INVERSE, D),
    Slip("transpose", r"\frac12\|Ax-b\|^2", "x", r"A(Ax-b)", LEAST_SQUARES, D),
    Slip("factor", r"\|Ax-b\|_2^2", "x", r"A^\top(Ax-b)", LEAST_SQUARES, D),
    Slip("factor", r"\frac12\|Ax-b\|^2", "x", r"2A^\top(Ax-b)", LEAST_SQUARES, D),
    Slip("product rule", r"\frac 12 x^TQx-b^Tx", "x", r"\frac12 Qx-b", "Q: N x N, x: N, b: N", D),
    Slip("symmetry", r"\frac 12 x^TQx-b^Tx", "x", r"Qx-b", "Q: N x N, x: N, b: N", D),
    Slip(
        "transpose",
        r"\frac 12 x^TQx-\lambda^T(Ax-b)",
        "x",
        r"\frac12(Q+Q^T)x-\lambda^TA",
        "Q: N x N, A: M x N, x: N, b: M, lambda_: M",
        D,
    ),
    Slip(
        "transpose",
        r"\frac 12 x^TQx-\lambda^T(Ax-b)",
        "x",
        r"\frac 12 Qx-\lambda^TA",
        "Q: N x N, A: M x N, x: N, b: M, lambda_: M",
        D,
    ),
    Slip("sign", r"\frac1{1+e^{-w^Tx}}", "w", r"-\frac{e^{-w^Tx}}{(1+e^{-w^Tx})^2}x", "w: N, x: N", D),
    Slip("chain rule", r"\log(1+e^{w^Tx})", "w", r"\frac{1}{1+e^{w^Tx}}x", "w: N, x: N", D),
    Slip("chain rule", r"\sin(a^Tx)", "x", r"\cos(a^Tx)", "a: N, x: N", D),
    Slip("sign", r"\cos(a^Tx)", "x", r"\sin(a^Tx)a", "a: N, x: N", D),
    Slip("order", r"\frac12\|\sigma(Wa+b)-y\|^2", "W", r"(\sigma(Wa+b)-y)\odot\sigma'(Wa+b)a", "W: M x N, a: N, b: M, y: M", D),
    Slip("chain rule", r"\frac12\|\sigma(Wa+b)-y\|^2", "b", r"\sigma(Wa+b)-y", "W: M x N, a: N, b: M, y: M", D),
    Slip(
        "chain rule", r"\frac12\|\sigma(Wa+b)-y\|^2", "b", r"(\sigma(Wa+b)-y)\odot\sigma(Wa+b)", "W: M x N, a: N, b: M, y: M", D
    ),
    Slip(
        "product", r"\frac12\|\sigma(Wa+b)-y\|^2", "b", r"(\sigma(Wa+b)-y)\otimes\sigma'(Wa+b)", "W: M x N, a: N, b: M, y: M", D
    ),
    Slip("factor", r"(x^Tx)^{p/2}", "x", r"2p(x^Tx)^{(p-2)/2}x", "x: N, p: scalar", D),
    Slip("sign", r"\|Y-XUV^\top\|_F^2", "U", r"2X^\top YV+2X^\top XUV^\top V", "Y: n x q, X: n x p, U: p x r, V: q x r", D),
    Slip("trace", r"X^\top BX", "X", r"(B+B^\top)X", "X: M x N, B: M x M", D),
    Slip("commutation", r"X^\top X", "X", r"I\otimes X^\top", "X: M x N"),
    Slip("term", r"\log\det X+\mathrm{tr}(A^TX)", "X", r"X^{-T}A", INVERSE, D),
    Slip("term", r"x^tAx", "x", r"(AxA^t)x", SQUARE, D),
    Slip("exponent", r"\|x\|^4", "x", r"4\|x\|^3x", "x: N", D),
    Slip("factor", r"\mathrm{tr}(X^3)", "X", r"3X^TX^TX^T", "X: N x N", D),
)

RIGHT = (
    Slip("", "A*x", "x", "A", "A: M x N, x: N"),
    Slip("", "x.T*A*x", "x", "(A+A.T)*x", SQUARE, D),
    Slip("", "x.T*A*x", "x", "x.T*(A.T+A)", SQUARE),
    Slip("", "A.T*A", "A", "(eye(N*N)+commutation(N,N))*kron(eye(N),A.T)", "A: M x N"),
    Slip("", "log(det(X))", "X", "inv(X.T)", "X: N x N", D),
    Slip("", "log(det(X))", "X", "inv(X)", "X: N x N"),
    Slip("", "norm(x)", "x", "x.T/norm(x)", "x: N"),
    Slip("", "norm(A*x-b)**2", "x", "2*A.T*A*x-2*A.T*b", LEAST_SQUARES, D),
)
