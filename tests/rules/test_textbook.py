"""Results as books print them.

Cookbook: Petersen & Pedersen, *The Matrix Cookbook*, version of 15 November 2012, by equation number. Magnus & Neudecker:
*Matrix Differential Calculus with Applications in Statistics and Econometrics*, 3rd ed., by chapter. Where a book
transposes a whole product we transpose its factors, (XB + BX)ᵀ = BᵀXᵀ + XᵀBᵀ: that is how results are always printed here.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from symjac.derive import derive
from symjac.read.declare import read_declarations
from symjac.read.text import read_text
from symjac.write.text import text
from tests.judge import agree, sample


class Row(NamedTuple):
    """One result: the source, the declarations, the expression, the variable, and what the book prints."""

    source: str
    given: str
    expression: str
    variable: str
    printed: str


NOTES = "the lecture notes"
COOKBOOK = "Cookbook"
MAGNUS = "Magnus & Neudecker, chapter"

JACOBIANS = [
    Row("softmax", "x: N", "softmax(x)", "x", "diag(s) − ssᵀ"),
    Row("cross-entropy", "y: N, x: N", "-y.T*log(softmax(x))", "x", "(yᵀ 𝟏_N)sᵀ − yᵀ"),
    Row(NOTES, "A: M x N, x: N", "A*x", "x", "A"),
    Row(NOTES, "A: M x N, x: N, b: M", "A*x + b", "x", "A"),
    Row(NOTES, "Phi: N x D, theta: D, y: N", "norm(y - Phi*theta)**2", "theta", "−2(y − Φθ)ᵀΦ"),
    Row(
        NOTES,
        "Phi: N x D, theta: D, y: N, lam: scalar",
        "norm(y - Phi*theta)**2 + lam*norm(theta)**2",
        "theta",
        "2λθᵀ − 2(y − Φθ)ᵀΦ",
    ),
    Row(NOTES, "A: M x N, x: N", "A*x", "A", "xᵀ ⊗ I_M"),
    Row(NOTES, "A: M x N", "A.T*A", "A", "(I_{N²} + K_NN)(I_N ⊗ Aᵀ)"),
    Row(f"{MAGNUS} 9", "X: M x N", "X*X.T", "X", "(I_{M²} + K_MM)(X ⊗ I_M)"),
    Row(f"{MAGNUS} 9", "A: M x N, X: N x P, B: P x Q", "A*X*B", "X", "Bᵀ ⊗ A"),
    Row(f"{MAGNUS} 9", "X: N x N", "inv(X)", "X", "−(X⁻ᵀ ⊗ X⁻¹)"),
    Row(f"{MAGNUS} 9", "X: M x N", "X.T", "X", "K_MN"),
    Row(f"{MAGNUS} 9", "X: N x N", "X**2", "X", "Xᵀ ⊗ I_N + I_N ⊗ X"),
    Row(f"{MAGNUS} 9", "A: M x N, X: N x N, B: N x M", "A*inv(X)*B", "X", "−(BᵀX⁻ᵀ ⊗ AX⁻¹)"),
    Row(f"{MAGNUS} 9", "x: N", "x*x.T", "x", "x ⊗ I_N + I_N ⊗ x"),
    Row(f"{MAGNUS} 9", "x: N, y: M", "x*y.T", "x", "y ⊗ I_N"),
    Row(f"{MAGNUS} 9", "X: N x N, Z: N x N", "X*Z - Z*X", "X", "Zᵀ ⊗ I_N − I_N ⊗ Z"),
    Row(f"{MAGNUS} 3", "A: N x N, B: M x M", "kron(A, B)", "A", "(I_N ⊗ K_MN ⊗ I_M)(I_{N²} ⊗ vec B)"),
    Row(f"{MAGNUS} 9", "A: N x N, x: N", "x.T*A*x", "x", "xᵀ(A + Aᵀ)"),
    Row(f"{MAGNUS} 9", "A: N x N symmetric, x: N", "x.T*A*x", "x", "2xᵀA"),
    Row(f"{MAGNUS} 9", "A: M x N, X: N x M", "trace(A*X)", "X", "vec(Aᵀ)ᵀ"),
    Row(f"{MAGNUS} 9", "A: N x N, X: N x P", "trace(X.T*A*X)", "X", "vec((A + Aᵀ)X)ᵀ"),
    Row(f"{MAGNUS} 9", "X: N x N", "det(X)", "X", "det(X) vec(X⁻ᵀ)ᵀ"),
    Row(f"{MAGNUS} 9", "X: N x N", "trace(X)", "X", "(vec I_N)ᵀ"),
    Row("Hadamard", "A: M x N, X: M x N", "hadamard(A, X)", "X", "diag(vec A)"),
    Row("Hadamard", "X: M x N", "hadamard(X, X)", "X", "2 diag(vec X)"),
    Row("entry by entry", "X: M x N", "exp(X)", "X", "diag(vec exp(X))"),
    Row("a layer", "W: M x N, x: N, b: M", "tanh(W*x + b)", "x", "diag(tanh′(Wx + b))W"),
    Row("a layer", "W: M x N, x: N, b: M", "sigmoid(W*x + b)", "W", "xᵀ ⊗ diag(σ′(Wx + b))"),
    Row("a layer", "W: M x N, x: N, b: M", "relu(W*x + b)", "b", "diag(relu′(Wx + b))"),
    Row("a batch", "X: M x N, W: P x N", "sigmoid(X*W.T)", "W", "diag(vec σ′(XWᵀ))K_PM (X ⊗ I_P)"),
    Row(
        "three layers",
        "W1: n1 x n0, W2: n2 x n1, W3: n3 x n2, x: n0",
        "W3*sigmoid(W2*sigmoid(W1*x))",
        "W1",
        "xᵀ ⊗ W₃ diag(σ′(z₂))W₂ diag(σ′(z₁))",
    ),
    Row(f"{COOKBOOK} (129)", "x: N", "norm(x)", "x", "xᵀ/‖x‖"),
    Row(f"{COOKBOOK} (130)", "x: N", "x/norm(x)", "x", "(1/‖x‖)(I_N − xxᵀ/‖x‖²)"),
    Row(f"{COOKBOOK} (130)", "x: N, a: N", "(x - a)/norm(x - a)", "x", "(1/‖x − a‖)(I_N − (1/‖x − a‖²)(x − a)(x − a)ᵀ)"),
    Row("softmax in a layer", "x: N, A: M x N", "A*softmax(x)", "x", "A(diag(s) − ssᵀ)"),
    Row("log of softmax", "x: N", "log(softmax(x))", "x", "I_N − 𝟏_N sᵀ"),
    Row("log-sum-exp", "x: N", "logsumexp(x)", "x", "softmax(x)ᵀ"),
    Row("least squares", "X: M x N, y: M", "inv(X.T*X)*X.T*y", "y", "(XᵀX)⁻¹Xᵀ"),
    Row(
        "projector",
        "X: M x N",
        "X*inv(X.T*X)*X.T",
        "X",
        "(I_{M²} + K_MM)(X(XᵀX)⁻¹ ⊗ I_M − X(XᵀX)⁻¹ ⊗ X(XᵀX)⁻¹Xᵀ)",
    ),
    Row("Kalman filter", "H: N x N, P: N x N symmetric, S: N x N", "H*P*H.T + S", "H", "(I_{N²} + K_NN)(HP ⊗ I_N)"),
]

GRADIENTS = [
    Row(f"{COOKBOOK} (77)", "X: M x N, b: N, c: N", "b.T*X.T*X*c", "X", "X(cbᵀ + bcᵀ)"),
    Row(f"{COOKBOOK} (49)", "X: N x N", "det(X)", "X", "det(X)X⁻ᵀ"),
    Row(f"{COOKBOOK} (51)", "A: N x N, X: N x N, B: N x N", "det(A*X*B)", "X", "det(AXB)X⁻ᵀ"),
    Row(f"{COOKBOOK} (52)", "A: N x N, X: N x N", "det(X.T*A*X)", "X", "2 det(XᵀAX)X⁻ᵀ"),
    Row(f"{COOKBOOK} (53)", "A: M x M symmetric, X: M x N", "det(X.T*A*X)", "X", "2 det(XᵀAX)AX(XᵀAX)⁻¹"),
    Row(f"{COOKBOOK} (54)", "A: M x M, X: M x N", "det(X.T*A*X)", "X", "det(XᵀAX) (AX(XᵀAX)⁻¹ + AᵀX(XᵀAX)⁻ᵀ)"),
    Row(f"{COOKBOOK} (55)", "X: M x N", "log(det(X.T*X))", "X", "2X(XᵀX)⁻¹"),
    Row(f"{COOKBOOK} (57)", "X: N x N", "log(det(X))", "X", "X⁻ᵀ"),
    Row(f"{COOKBOOK} (57), with a factor", "A: N x N, X: N x N", "log(det(A*X))", "X", "X⁻ᵀ"),
    Row(f"{COOKBOOK} (58)", "X: N x N", "det(X**3)", "X", "3 det(X³)X⁻ᵀ"),
    Row(f"{COOKBOOK} (61)", "X: N x N, a: N, b: N", "a.T*inv(X)*b", "X", "−X⁻ᵀabᵀX⁻ᵀ"),
    Row(f"{COOKBOOK} (62)", "X: N x N", "det(inv(X))", "X", "−det(X⁻¹)X⁻ᵀ"),
    Row(f"{COOKBOOK} (63)", "X: N x N, A: M x N, B: N x M", "trace(A*inv(X)*B)", "X", "−X⁻ᵀAᵀBᵀX⁻ᵀ"),
    Row(f"{COOKBOOK} (64)", "X: N x N, A: N x N", "trace(inv(X + A))", "X", "−((X + A)⁻²)ᵀ"),
    Row(f"{COOKBOOK} (69)", "x: N, a: N", "x.T*a", "x", "a"),
    Row(f"{COOKBOOK} (69)", "x: N, a: N", "a.T*x", "x", "a"),
    Row(f"{COOKBOOK} (70)", "X: M x N, a: M, b: N", "a.T*X*b", "X", "abᵀ"),
    Row(f"{COOKBOOK} (71)", "X: N x M, a: M, b: N", "a.T*X.T*b", "X", "baᵀ"),
    Row(f"{COOKBOOK} (72)", "X: N x N, a: N", "a.T*X*a", "X", "aaᵀ"),
    Row(
        f"{COOKBOOK} (78)",
        "B: N x N, b: N, C: N x N, D: N x N, d: N, x: N",
        "(B*x + b).T*C*(D*x + d)",
        "x",
        "BᵀC(Dx + d) + DᵀCᵀ(Bx + b)",
    ),
    Row(f"{COOKBOOK} (81)", "B: N x N, x: N", "x.T*B*x", "x", "(B + Bᵀ)x"),
    Row(f"{COOKBOOK} (82)", "X: N x N, D: N x N, b: N, c: N", "b.T*X.T*D*X*c", "X", "DXcbᵀ + DᵀXbcᵀ"),
    Row(f"{COOKBOOK} (83)", "X: N x N, D: N x N, b: N, c: N", "(X*b + c).T*D*(X*b + c)", "X", "(D + Dᵀ)(Xb + c)bᵀ"),
    Row(f"{COOKBOOK} (84)", "x: N, s: D, A: N x D, W: N x N symmetric", "(x - A*s).T*W*(x - A*s)", "s", "−2AᵀW(x − As)"),
    Row(f"{COOKBOOK} (85)", "x: N, s: N, W: N x N symmetric", "(x - s).T*W*(x - s)", "x", "2W(x − s)"),
    Row(f"{COOKBOOK} (86)", "x: N, s: N, W: N x N symmetric", "(x - s).T*W*(x - s)", "s", "−2W(x − s)"),
    Row(f"{COOKBOOK} (87)", "x: N, s: D, A: N x D, W: N x N symmetric", "(x - A*s).T*W*(x - A*s)", "x", "2W(x − As)"),
    Row(f"{COOKBOOK} (88)", "x: N, s: D, A: N x D, W: N x N symmetric", "(x - A*s).T*W*(x - A*s)", "A", "−2W(x − As)sᵀ"),
    Row(f"{COOKBOOK} (91)", "X: N x N, a: N, b: N", "a.T*X**3*b", "X", "abᵀ(X²)ᵀ + XᵀabᵀXᵀ + (X²)ᵀabᵀ"),
    Row(f"{COOKBOOK} section 2.4.4", "A: N x N, b: N, x: N", "x.T*A*x + b.T*x", "x", "(A + Aᵀ)x + b"),
    Row(f"{COOKBOOK} (99)", "X: N x N", "trace(X)", "X", "I_N"),
    Row(f"{COOKBOOK} (100)", "X: M x N, A: N x M", "trace(X*A)", "X", "Aᵀ"),
    Row(f"{COOKBOOK} (101)", "X: N x P, A: M x N, B: P x M", "trace(A*X*B)", "X", "AᵀBᵀ"),
    Row(f"{COOKBOOK} (102)", "X: N x P, A: M x P, B: N x M", "trace(A*X.T*B)", "X", "BA"),
    Row(f"{COOKBOOK} (103)", "X: N x M, A: N x M", "trace(X.T*A)", "X", "A"),
    Row(f"{COOKBOOK} (104)", "X: N x M, A: N x M", "trace(A*X.T)", "X", "A"),
    Row(f"{COOKBOOK} (105)", "A: M x M, X: N x N", "trace(kron(A, X))", "X", "tr(A)I_N"),
    Row(f"{COOKBOOK} (106)", "X: N x N", "trace(X**2)", "X", "2Xᵀ"),
    Row(f"{COOKBOOK} (107)", "X: N x N, B: N x N", "trace(X**2*B)", "X", "BᵀXᵀ + XᵀBᵀ"),
    Row(f"{COOKBOOK} (108)", "X: N x M, B: N x N", "trace(X.T*B*X)", "X", "(B + Bᵀ)X"),
    Row(f"{COOKBOOK} (109)", "X: N x M, B: N x N", "trace(B*X*X.T)", "X", "(B + Bᵀ)X"),
    Row(f"{COOKBOOK} (110)", "X: N x M, B: N x N", "trace(X*X.T*B)", "X", "(B + Bᵀ)X"),
    Row(f"{COOKBOOK} (111)", "X: M x N, B: N x N", "trace(X*B*X.T)", "X", "X(B + Bᵀ)"),
    Row(f"{COOKBOOK} (112)", "X: M x N, B: N x N", "trace(B*X.T*X)", "X", "X(B + Bᵀ)"),
    Row(f"{COOKBOOK} (113)", "X: M x N, B: N x N", "trace(X.T*X*B)", "X", "X(B + Bᵀ)"),
    Row(f"{COOKBOOK} (114)", "A: N x M, X: M x N, B: N x M", "trace(A*X*B*X)", "X", "AᵀXᵀBᵀ + BᵀXᵀAᵀ"),
    Row(f"{COOKBOOK} (115)", "X: N x M", "trace(X.T*X)", "X", "2X"),
    Row(f"{COOKBOOK} (116)", "X: M x P, B: P x N, C: M x M", "trace(B.T*X.T*C*X*B)", "X", "(C + Cᵀ)XBBᵀ"),
    Row(f"{COOKBOOK} (117)", "X: N x M, B: N x N, C: M x M", "trace(X.T*B*X*C)", "X", "BXC + BᵀXCᵀ"),
    Row(f"{COOKBOOK} (118)", "X: P x N, A: Q x P, B: N x N, C: P x Q", "trace(A*X*B*X.T*C)", "X", "AᵀCᵀXBᵀ + CAXB"),
    Row(
        f"{COOKBOOK} (119)",
        "A: P x M, X: M x N, B: N x Q, C: P x Q",
        "trace((A*X*B + C)*(A*X*B + C).T)",
        "X",
        "2Aᵀ(AXB + C)Bᵀ",
    ),
    Row(f"{COOKBOOK} (120)", "X: N x N", "trace(kron(X, X))", "X", "2 tr(X)I_N"),
    Row(f"{COOKBOOK} (121)", "X: N x N", "trace(X**4)", "X", "4(X³)ᵀ"),
    Row(f"{COOKBOOK} (122)", "X: N x N, A: N x N", "trace(A*X**3)", "X", "Aᵀ(X²)ᵀ + XᵀAᵀXᵀ + (X²)ᵀAᵀ"),
    Row(
        f"{COOKBOOK} (125)",
        "X: M x N, C: M x M symmetric, A: N x N",
        "trace(inv(X.T*C*X)*A)",
        "X",
        "−CX(XᵀCX)⁻¹(A + Aᵀ)(XᵀCX)⁻¹",
    ),
    Row(f"{COOKBOOK} (129)", "x: N, a: N", "norm(x - a)", "x", "(1/‖x − a‖)(x − a)"),
    Row(f"{COOKBOOK} (131)", "x: N", "norm(x)**2", "x", "2x"),
    Row(f"{COOKBOOK} (132)", "X: M x N", "norm(X)**2", "X", "2X"),
    Row(
        f"{MAGNUS} 15",
        "Sigma: N x N posdef, x: N, mu: N",
        "log(det(Sigma)) + (x - mu).T*inv(Sigma)*(x - mu)",
        "Sigma",
        "Σ⁻¹ − Σ⁻¹(x − μ)(x − μ)ᵀΣ⁻¹",
    ),
    Row(
        f"{MAGNUS} 15",
        "Sigma: N x N posdef, x: N, mu: N",
        "log(det(Sigma)) + (x - mu).T*inv(Sigma)*(x - mu)",
        "mu",
        "−2Σ⁻¹(x − μ)",
    ),
    Row("Rayleigh quotient", "x: N, A: N x N", "(x.T*A*x)/(x.T*x)", "x", "(1/(xᵀx))((A + Aᵀ)x − 2(xᵀAx)x/(xᵀx))"),
    Row("Gauss", "x: N, A: N x N", "exp(-x.T*A*x)", "x", "−exp(−xᵀAx) (A + Aᵀ)x"),
    Row("logistic loss", "x: N, y: N", "-log(sigmoid(x.T*y))", "x", "−σ(−xᵀy)y"),
    Row("multinomial loss", "X: M x N, w: N", "logsumexp(X*w)", "w", "Xᵀ softmax(Xw)"),
    Row("entropy", "p: N positive", "sum(hadamard(p, log(p)))", "p", "log(p) + 𝟏_N"),
    Row("squared error", "x: N, w: N, y: scalar", "(y - w.T*x)**2", "w", "−2(y − wᵀx)x"),
    Row("squared error", "X: M x N, a: N, b: M", "norm(X*a - b)**2", "X", "2(Xa − b)aᵀ"),
    Row("factorisation", "X: N x N", "norm(X*X.T)**2", "X", "4XXᵀX"),
    Row("sum", "X: M x N", "sum(X)", "X", "𝟏_{M×N}"),
    Row("Frobenius norm", "X: M x N", "norm(X)", "X", "X/‖X‖_F"),
]


SIZES = {"M": 4, "N": 3, "P": 2, "Q": 5, "D": 2, "n0": 2, "n1": 3, "n2": 4, "n3": 2}


def printed(row: Row, gradient: bool) -> str:
    """Derive, compare with a complex step, and print."""
    names = read_declarations(row.given)
    variable = names[row.variable]
    record = derive(read_text(row.expression, names), [variable])
    found = record.gradients[0] if gradient else record.jacobians[0]
    assert found is not None
    point = sample(record.expression, found, variable, sizes=SIZES)
    wanted = point.jacobian(record.expression, variable)
    value = point.value(found)
    assert agree(value.reshape(1, -1, order="F") if gradient else value, wanted)
    return text(found)


@pytest.mark.parametrize("row", JACOBIANS, ids=lambda row: f"{row.source}: {row.expression} by {row.variable}")
def test_jacobians_as_printed(row: Row) -> None:
    assert printed(row, gradient=False) == row.printed


@pytest.mark.parametrize("row", GRADIENTS, ids=lambda row: f"{row.source}: {row.expression} by {row.variable}")
def test_gradients_as_printed(row: Row) -> None:
    assert printed(row, gradient=True) == row.printed
