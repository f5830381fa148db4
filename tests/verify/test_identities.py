"""Identities: true ones, false ones that hold at small sizes, and those that hold at one size alone."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest

from symjac.verify import verify_identity


def standard(names: str) -> str:
    """Return the standard polynomial: it vanishes for n × n matrices where it has 2n of them, and not beyond."""
    terms = []
    for order in permutations(range(len(names))):
        sign = "-" if sum(a > b for a, b in combinations(order, 2)) % 2 else "+"
        terms.append(sign + "*".join(names[k] for k in order))
    return "".join(terms).removeprefix("+")


INVERSES = "A: N x N, U: N x M, C: M x M, V: M x N"
PAIR = "A, B: N x N"

TRUE = [
    ("inv(A*B)", "inv(B)*inv(A)", PAIR),
    ("inv(A + U*C*V)", "inv(A) - inv(A)*U*inv(inv(C) + V*inv(A)*U)*V*inv(A)", INVERSES),
    ("inv(eye(M) + A*B)*A", "A*inv(eye(N) + B*A)", "A: M x N, B: N x M"),
    ("det(A + u*v.T)", "(1 + v.T*inv(A)*u)*det(A)", "A: N x N, u, v: N"),
    ("det(eye(M) + A*B)", "det(eye(N) + B*A)", "A: M x N, B: N x M"),
    ("trace(A*B*C)", "trace(C*A*B)", "A: M x N, B: N x P, C: P x M"),
    ("vec(A*X*B)", "kron(B.T, A)*vec(X)", "A: P x M, X: M x N, B: N x P"),
    ("K(M, N)*vec(A)", "vec(A.T)", "A: M x N"),
    ("A*(B*C - C*B) - (B*C - C*B)*A + B*(C*A - A*C) - (C*A - A*C)*B + C*(A*B - B*A) - (A*B - B*A)*C", "0", "A, B, C: N x N"),
    ("X.T*inv(X)", "eye(N)", "X: N x N symmetric"),
    ("log(exp(x))", "x", "x: N"),
    ("exp(log(x))", "x", "x: N"),
    ("tanh(x)", "2*sigmoid(2*x) - ones(N)", "x: N"),
    ("softplus(x) - softplus(-x)", "x", "x: N"),
    ("relu(x) - relu(-x)", "x", "x: N"),
    ("sin(2*x)", "2*hadamard(sin(x), cos(x))", "x: N"),
    ("x.T*A*x", "x.T*A.T*x", "A: N x N, x: N"),
    (r"\|Ax-b\|^2", r"x^TA^TAx - 2b^TAx + b^Tb", "A: M x N, x: N, b: M"),
    (r"\sum_{i} x_i^2", "x^Tx", "x: N"),
    (r"A_{ij} - A_{ij}", "0", "A: M x N"),
    (r"A_{ij}", r"(A^T)_{ji}", "A: M x N"),
    (r"[AB]_{ij}", r"\sum_k A_{ik}B_{kj}", "A: M x N, B: N x P"),
]

FALSE = [
    ("A*B", "B*A", PAIR),
    ("det(A + B)", "det(A) + det(B)", PAIR),
    ("inv(A + U*C*V)", "inv(A) - inv(A)*U*inv(C + V*inv(A)*U)*V*inv(A)", INVERSES),
    ("det(A + u*v.T)", "(1 + u.T*inv(A)*v)*det(A)", "A: N x N, u, v: N"),
    ("X.T*inv(X)", "eye(N)", "X: N x N"),
    ("(A - A.T)*(B - B.T)", "(B - B.T)*(A - A.T)", PAIR),
    ("A*A - trace(A)*A + det(A)*eye(N)", "0", "A: N x N"),
    ("(A*B - B*A)*(A*B - B*A)*C", "C*(A*B - B*A)*(A*B - B*A)", "A, B, C: N x N"),
    (standard("ABCD"), "0", "A, B, C, D: N x N"),
    (standard("ABCD"), "0", "A, B, C, D: 3 x 3"),
    ("relu(x)", "x", "x: N"),
    ("norm(x + y)", "norm(x) + norm(y)", "x, y: N"),
    ("sqrt(hadamard(x, x))", "x", "x: N"),
    ("log(x + y)", "log(x) + log(y)", "x, y: N positive"),
    ("tanh(x)", "x", "x: N"),
    ("eye(M*N)", "K(M, N)", "A: M x N"),
    (r"A_{ij}", r"A_{ji}", "A: N x N"),
    (r"[AB]_{ij}", r"\sum_k A_{ik}B_{jk}", "A, B: N x N"),
]

AT_ONE_SIZE = [
    (standard("ABCD"), "0", "A, B, C, D: 2 x 2"),
    ("(A - A.T)*(B - B.T)", "(B - B.T)*(A - A.T)", "A, B: 2 x 2"),
    ("A*A - trace(A)*A + det(A)*eye(2)", "0", "A: 2 x 2"),
    ("(A*B - B*A)*(A*B - B*A)*C", "C*(A*B - B*A)*(A*B - B*A)", "A, B, C: 2 x 2"),
    ("det(A)*inv(A) + A", "trace(A)*eye(2)", "A: 2 x 2"),
]


@pytest.mark.parametrize(("left", "right", "given"), TRUE)
def test_true(left: str, right: str, given: str) -> None:
    verdict = verify_identity(left, right, given=given)
    assert verdict.status == "correct", str(verdict)
    assert verdict.evidence in ("proved for all sizes", "sampled")


@pytest.mark.parametrize(("left", "right", "given"), FALSE)
def test_false(left: str, right: str, given: str) -> None:
    verdict = verify_identity(left, right, given=given)
    assert (verdict.status, verdict.evidence) == ("wrong", "refuted")
    assert verdict.counterexample is not None


@pytest.mark.parametrize(("left", "right", "given"), AT_ONE_SIZE)
def test_at_one_size(left: str, right: str, given: str) -> None:
    verdict = verify_identity(left, right, given=given)
    assert (verdict.status, verdict.evidence) == ("correct", "proved at this size")


def test_a_proof_is_told_from_a_sample() -> None:
    assert verify_identity("inv(A*B)", "inv(B)*inv(A)", given=PAIR).evidence == "proved for all sizes"
    sampled = verify_identity("exp(log(x))", "x", given="x: N")
    assert sampled.evidence == "sampled"
    assert "5 random points" in sampled.remarks[-1]


def test_shapes_that_differ() -> None:
    verdict = verify_identity("A*x", "x", given="A: M x N, x: N")
    assert verdict.status == "wrong"
    assert verdict.diagnosis[0].kind == "shape"


def test_no_point_is_undecided() -> None:
    verdict = verify_identity("log(-exp(x))", "x", given="x: N")
    assert (verdict.status, verdict.evidence) == ("undecided", "none")
    assert "no point was found" in verdict.remarks[-1]


def test_sums_of_identity_and_commutation() -> None:
    """I and K(M, N) split the columns of their sum in two ways."""
    assert verify_identity("(eye(M*N) + K(M, N))*vec(A)", "vec(A) + vec(A.T)", given="A: M x N")
    assert verify_identity("(eye(M*N) + K(M, N))*vec(A)", "2*vec(A)", given="A: M x N").status == "wrong"
    assert verify_identity("(eye(M*N) + K(N, M))*K(M, N)", "K(M, N) + eye(M*N)", given="A: M x N")
    assert not verify_identity("eye(M*N) + K(M, N)", "eye(M*N) + K(N, M)", given="A: M x N")
