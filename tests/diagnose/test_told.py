"""Diagnoses of whole claims, as a reader is told them: entry by entry, under assumptions, of another function."""

from __future__ import annotations

import pytest

from symjac.diagnose import diagnose
from symjac.read.latex import written
from symjac.verify import verify, verify_identity
from tests.diagnose.cases import latex_case
from tests.diagnose.slips import LATEX, Slip

GRAM = r"\frac{\partial f_{pq}}{\partial A_{ij}} = "
CASES = r"\begin{cases}FIRST&p=q=j\\SECOND&j=p\neq q\\A_{ip}&j=q\neq p\\0&\text{else}\end{cases}"

TOLD = (
    ("sign", GRAM + CASES.replace("FIRST", "2A_{ip}").replace("SECOND", "-A_{iq}"), "A.T*A", "A", "A: M x N"),
    ("factor", GRAM + CASES.replace("FIRST", "A_{ip}").replace("SECOND", "A_{iq}"), "A.T*A", "A", "A: M x N"),
    ("product rule", GRAM + r"\delta_{pj}A_{iq}", "A.T*A", "A", "A: M x N"),
    ("sign", GRAM + r"\delta_{pj}A_{iq}-\delta_{qj}A_{ip}", "A.T*A", "A", "A: M x N"),
    ("indices", GRAM + r"\delta_{pj}A_{iq}+\delta_{qj}A_{pi}", "A.T*A", "A", "A: M x N"),
    ("indices", r"\frac{\partial f_i}{\partial x_j} = A_{ji}", "A*x", "x", "A: M x N, x: N"),
    ("indices", r"\frac{\partial f_i}{\partial x_j} = A_{ji}", "A*x", "x", "A: N x N, x: N"),
    ("indices", r"\frac{\partial f_i}{\partial A_{kj}} = x_k\delta_{ij}", "A*x", "A", "A: M x N, x: N"),
    ("indices", r"\frac{\partial f_i}{\partial A_{kj}} = x_j", "A*x", "A", "A: M x N, x: N"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "claim", "f", "wrt", "given"), TOLD)
def test_slips_in_entries(kind: str, claim: str, f: str, wrt: str, given: str) -> None:
    verdict = verify(claim, f, wrt, given=given)
    assert verdict.status == "wrong"
    assert kind in [diagnosis.kind for diagnosis in verdict.diagnosis], verdict


def test_targets_that_do_not_add_up_to_one() -> None:
    verdict = verify("softmax(z) - y", "-sum(hadamard(y, log(softmax(z))))", "z", given="z: N, y: N")
    assert [diagnosis.kind for diagnosis in verdict.diagnosis] == ["sum"], verdict


@pytest.mark.parametrize(("left", "right"), [("(A + B)**2", "A**2 + 2*A*B + B**2"), ("(A*B)**2", "A**2*B**2")])
def test_matrices_do_not_commute(left: str, right: str) -> None:
    verdict = verify_identity(left, right, given="A, B: N x N")
    assert [diagnosis.kind for diagnosis in verdict.diagnosis] == ["order"]


def test_a_term_of_an_identity_is_missing() -> None:
    verdict = verify_identity("(A + B)**2", "A**2 + A*B + B**2", given="A, B: N x N")
    assert "BA" in verdict.diagnosis[0].message


@pytest.mark.parametrize("slip", LATEX, ids=lambda slip: f"{slip.f} -> {slip.claim}")
def test_a_mended_claim_is_right(slip: Slip) -> None:
    """What a diagnosis says would be right is right: printed, read again and judged."""
    for diagnosis in diagnose(latex_case(slip.f, slip.wrt, slip.claim, slip.given, slip.layout)):
        needs_more = "still need" in diagnosis.message
        if diagnosis.mend is not None and not needs_more:
            verdict = verify(written(diagnosis.mend), slip.f, slip.wrt, given=slip.given, layout=slip.layout)
            assert verdict.status in ("correct", "convention"), (written(diagnosis.mend), verdict)
