"""Claims in text: every status, against an oracle that differentiates by numbers alone."""

from __future__ import annotations

import pytest

from symjac.layout import Layout
from symjac.read.declare import read_declarations
from symjac.read.text import read_text
from symjac.verify import verify
from tests.verify import oracle
from tests.verify.claims import CLAIMS, LENIENT

LAYOUTS = {"N": Layout(), "D": Layout(orientation="denominator")}


@pytest.mark.parametrize(("claim", "f", "wrt", "given", "layout", "status"), [*CLAIMS, *LENIENT])
def test_status(claim: str, f: str, wrt: str, given: str, layout: str, status: str) -> None:
    verdict = verify(claim, f, wrt, given=given, layout=LAYOUTS[layout])
    assert verdict.status == status, str(verdict)
    assert bool(verdict) is (status == "correct")
    if status == "wrong":
        assert verdict.evidence == "refuted"
        assert verdict.diagnosis
        assert verdict.counterexample is not None or "shape" in {diagnosis.kind for diagnosis in verdict.diagnosis}
    else:
        assert verdict.evidence in ("proved for all sizes", "sampled")
        assert verdict.layout is not None


@pytest.mark.parametrize(("claim", "f", "wrt", "given", "layout", "status"), CLAIMS)
def test_oracle_agrees(claim: str, f: str, wrt: str, given: str, layout: str, status: str) -> None:
    declared = read_declarations(given)
    found = oracle.status(read_text(claim, declared), read_text(f, declared), declared[wrt], LAYOUTS[layout])
    assert found == status
