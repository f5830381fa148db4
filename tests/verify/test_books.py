"""Formulas of books and lecture notes are read and judged rightly."""

from __future__ import annotations

import pytest

from symjac.verify import verify
from tests.verify.books import FORMULAS, Formula


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.claim)
def test_formulas_of_books(formula: Formula) -> None:
    verdict = verify(formula.claim, formula.f, formula.wrt, given=formula.given, layout=formula.layout, **formula.beside)
    assert verdict.status == formula.status, str(verdict)
