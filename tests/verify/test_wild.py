"""Statements as their authors typed them in public notes and books, with the truth as it was measured."""

from __future__ import annotations

import re
from typing import Any

import pytest

from symjac.layout import Layout
from symjac.verify import Verdict, verify
from tests.verify.wild import CLAIMS

FACTS = {"sym": "symmetric", "spd": "posdef"}


def judged(row: dict[str, Any]) -> Verdict:
    """Ask about one row as a careful user would."""
    given = row["given"]
    for name, fact in (part.split() for part in filter(None, map(str.strip, row.get("assume", "").split(";")))):
        if fact in FACTS:
            given = re.sub(rf"(^|, ){name}: ([^,]*)", rf"\1{name}: \2 {FACTS[fact]}", given)
    layout = row.get("sub", row["layout_as_written"])
    definitions = [f"{left} = {right}" for left, right in row.get("defs", []) if not left.startswith("E_")]
    return verify(
        row["claim_latex"],
        row["f_latex"],
        row["wrt"],
        given=given,
        layout=Layout(orientation="denominator") if layout == "denominator" else Layout(),
        names=row.get("names"),
        definitions=[*definitions, *row.get("functions", [])],
        order=row["order"],
    )


@pytest.mark.parametrize("row", CLAIMS, ids=[str(row["id"]) for row in CLAIMS])
def test_status(row: dict[str, Any]) -> None:
    verdict = judged(row)
    assert verdict.status == row["truth"], str(verdict)
    assert verdict.reading
    if row["truth"] == "wrong":
        assert verdict.diagnosis
        assert verdict.counterexample is not None or verdict.diagnosis[0].kind == "shape"


def test_there_are_all_of_them() -> None:
    assert len(CLAIMS) == 38
    assert {row["truth"] for row in CLAIMS} == {"correct", "wrong"}
