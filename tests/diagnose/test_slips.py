"""Every classic slip is named, what is right is left alone, and nonsense is not explained."""

from __future__ import annotations

from itertools import permutations

import pytest

from symjac.arrange import arranged
from symjac.derive import derive
from symjac.diagnose import diagnose
from symjac.layout import Layout
from symjac.read.declare import read_declarations
from symjac.read.text import read_text
from tests.diagnose.cases import case_of, latex_case, node_case
from tests.diagnose.slips import LATEX, RIGHT, TEXT, Slip


@pytest.mark.parametrize("slip", TEXT, ids=lambda slip: f"{slip.f} -> {slip.claim}")
def test_a_slip_in_text_is_named(slip: Slip) -> None:
    found = diagnose(case_of(slip.f, slip.wrt, slip.claim, slip.given, slip.layout))
    assert slip.kind in [diagnosis.kind for diagnosis in found], found


@pytest.mark.parametrize("slip", LATEX, ids=lambda slip: f"{slip.f} -> {slip.claim}")
def test_a_slip_in_latex_is_named(slip: Slip) -> None:
    found = diagnose(latex_case(slip.f, slip.wrt, slip.claim, slip.given, slip.layout))
    assert slip.kind in [diagnosis.kind for diagnosis in found], found


@pytest.mark.parametrize("slip", RIGHT, ids=lambda slip: f"{slip.f} -> {slip.claim}")
def test_what_is_right_has_no_diagnosis(slip: Slip) -> None:
    assert diagnose(case_of(slip.f, slip.wrt, slip.claim, slip.given, slip.layout)) == ()


UNRELATED = ("x.T*A*x", "b.T*x", "sum(tanh(A*x))", "log(1 + x.T*x)", "x.T*x*b.T*x")


@pytest.mark.parametrize(("f", "other"), [*permutations(UNRELATED, 2)])
def test_the_derivative_of_another_function_is_not_explained(f: str, other: str) -> None:
    names = read_declarations("A: N x N, x: N, b: N")
    layout = Layout(orientation="denominator")
    claim = arranged(derive(read_text(other, names), [names["x"]]), 0, layout)[0]
    found = diagnose(node_case(read_text(f, names), names["x"], claim, names, layout))
    assert [diagnosis.kind for diagnosis in found] == ["entry"], found
