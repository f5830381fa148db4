"""Wrong claims through the front door: the right kind, a sentence without floats, mends that are proved, in no time."""

from __future__ import annotations

import re
from time import perf_counter

import pytest

from symjac.diagnose import Case, Diagnosis, diagnose
from symjac.read.latex import written
from symjac.verify import question as questions
from symjac.verify import verify, verify_identity
from tests.diagnose.wrong import CHAIN_RULE, CLASSIC, COMMUTATION, MORE, D, Wrong

FLOAT = re.compile(r"\d\.\d{3}")


@pytest.mark.parametrize("wrong", [*COMMUTATION, *CHAIN_RULE, *CLASSIC, *MORE], ids=lambda wrong: f"{wrong.f} -> {wrong.claim}")
def test_a_slip_is_named(wrong: Wrong) -> None:
    verdict = verify(
        wrong.claim, wrong.f, wrong.wrt, given=wrong.given, layout=wrong.layout, definitions=wrong.definitions or None
    )
    assert verdict.status in ("wrong", "convention")
    assert set(wrong.kind.split("|")) & {diagnosis.kind for diagnosis in verdict.diagnosis}, verdict
    assert not any(FLOAT.search(diagnosis.message) for diagnosis in verdict.diagnosis)


def told(claim: str, f: str, wrt: str, given: str, **more: object) -> list[str]:
    return [diagnosis.message for diagnosis in verify(claim, f, wrt, given=given, **more).diagnosis]  # type: ignore[arg-type]


def test_a_commutation_matrix_is_missing() -> None:
    (found,) = told(r"(A^T\otimes I_N) + I_N\otimes A^T", r"A^TA", "A", "A: M x N")
    assert found == "The commutation matrix K_MN is missing behind Aᵀ ⊗ I_N in the first term (proved)."


def test_another_convention_that_lacks_the_commutation_matrix() -> None:
    layout, besides = told("I", "X^T", "X", "X: M x N")
    assert "row-first" in layout
    assert besides == "In the layout that was asked for, it should be K_MN, not I (proved)."


def test_an_inner_derivative_is_missing() -> None:
    f, given = r"\frac12\|W_2\tanh(W_1x)-y\|^2", "W1: H x D, W2: C x H, x: D, y: C"
    (found,) = told(r"(W_2^T(W_2h-y))x^T", f, "W1", given, layout=D, definitions=[r"h = \tanh(W_1x)"])
    assert found == "The chain rule asks for the inner derivative: the factor tanh′(W₁x) is missing."


def test_entries_have_names_as_people_write_them() -> None:
    f = r"\begin{bmatrix} x_1^2 + x_2\\ x_1x_2\end{bmatrix}"
    (found,) = told(r"\begin{bmatrix} 2x_1 & 1\\ x_1& x_2\end{bmatrix}", f, "x", "x: 2")
    assert found == "Entries (2, 1) and (2, 2) are swapped: entry (2, 1) is x₁, it should be x₂."
    (found,) = told(r"\begin{bmatrix} 2x_1 & 1\\ x_2& -x_1\end{bmatrix}", f, "x", "x: 2")
    assert found == "Entry (2, 2) is −x₁, it should be x₁. The sign is wrong."


def test_two_terms_of_a_differential_are_not_equal() -> None:
    verdict = verify(r"2A^T dA", "A.T*A", "A", given="A: M x N")
    assert [diagnosis.kind for diagnosis in verdict.diagnosis] == ["product rule"]
    assert "transposes of each other, not equal" in str(verdict)


@pytest.mark.parametrize("wrong", [w for w in (*COMMUTATION, *MORE) if not w.definitions], ids=lambda w: f"{w.f} -> {w.claim}")
def test_what_is_proved_of_a_mend_is_true(wrong: Wrong) -> None:
    for diagnosis in verify(wrong.claim, wrong.f, wrong.wrt, given=wrong.given, layout=wrong.layout).diagnosis:
        if diagnosis.proved and diagnosis.mend is not None:
            again = verify(written(diagnosis.mend), wrong.f, wrong.wrt, given=wrong.given, layout=wrong.layout)
            assert again.status in ("correct", "convention"), diagnosis
            assert again.evidence.startswith("proved"), diagnosis


def test_a_mend_that_needs_more_is_not_proved() -> None:
    verdict = verify(r"-X^{-1}A^TX^{-1}", r"\mathrm{tr}(X^{-1}A)", "X", given="X: N x N, A: N x N", layout=D)
    assert not any(diagnosis.proved for diagnosis in verdict.diagnosis)


def test_a_claim_is_diagnosed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0

    def counting(case: Case) -> tuple[Diagnosis, ...]:
        nonlocal count
        count += 1
        return diagnose(case)

    monkeypatch.setattr(questions, "diagnose", counting)
    for claim in (r"K(I\otimes A)", r"x^T\sigma(A)", "2Ax"):
        count = 0
        verify(claim, "x.T*A*x", "x", given="A: N x N, x: N")
        assert count <= 1, claim


@pytest.mark.parametrize(
    ("claim", "f"),
    [
        (r"A\sigma(Ax)x^TA^T + I", r"e^{Ax}\odot\sigma(Bx)"),
        (r"2A^TBxx^TA + B - (A+B)^{-1}", r"e^{Ax}\odot\sigma(Bx)"),
        (r"(A+B)(A-B)^Tx\odot\tanh(x)", r"\log(1 + x^TABx)"),
    ],
)
def test_what_nothing_explains_takes_no_more_than_a_second(claim: str, f: str) -> None:
    start = perf_counter()
    verdict = verify(claim, f, "x", given="A: N x N, B: N x N, x: N")
    assert perf_counter() - start < 2
    assert {diagnosis.kind for diagnosis in verdict.diagnosis} <= {"entry", "shape"}, verdict


def test_one_wrong_entry_of_many_is_found_at_once() -> None:
    rows = [
        "2A_{11}&2A_{21}&2A_{31}&0&0&0",
        *2 * ["A_{12}&A_{22}&A_{32}&A_{11}&A_{21}&A_{31}"],
        "0&0&0&2A_{12}&2A_{22}&-2A_{32}",
    ]
    start = perf_counter()
    verdict = verify(r"\begin{bmatrix}" + r"\\".join(rows) + r"\end{bmatrix}", "A.T*A", "A", given="A: 3 x 2")
    assert perf_counter() - start < 1
    assert verdict.diagnosis[0].entries == ((4, 6),)


def test_right_claims_are_left_alone() -> None:
    assert verify(r"(A^T\otimes I)K_{MN} + I\otimes A^T", r"A^TA", "A", given="A: M x N").diagnosis == ()
    assert verify_identity("(A*B).T", "B.T*A.T", given="A, B: N x N").diagnosis == ()
