"""Names in print."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symjac.write.names import distinct, name_latex, symbol_latex, symbol_text


@pytest.mark.parametrize(
    ("name", "latex", "text"),
    [
        ("A", "A", "A"),
        ("W1", "W_{1}", "W₁"),
        ("W_12", "W_{12}", "W₁₂"),
        ("theta", r"\theta", "θ"),
        ("Phi", r"\Phi", "Φ"),
        ("lam", r"\lambda", "λ"),
        ("beta_hat", r"\hat{\beta}", "β\u0302"),
        ("x_bar_1", r"\bar{x}_{1}", "x\u0304₁"),
        ("x_new", r"x_{\mathrm{new}}", "x_new"),
        ("delta_W1", r"\delta_{W_{1}}", "δ_W₁"),
        ("delta_y_hat", r"\delta_{\hat{y}}", "δ_y\u0302"),
        ("A_new_hat", r"A_{\hat{\mathrm{new}}}", "A_new_hat"),
        ("P_k_i", "P_{k,i}", "P_k_i"),
        ("loss", r"\mathrm{loss}", "loss"),
        ("dZ", r"\mathit{dZ}", "dZ"),
        ("a__b", r"\mathtt{a\_\_b}", "a__b"),
        ("a_", r"\mathtt{a\_}", "a_"),
        ("hat", r"\mathrm{hat}", "hat"),
    ],
)
def test_names_are_printed_as_people_write_them(name: str, latex: str, text: str) -> None:
    assert symbol_latex(name) == latex
    assert symbol_text(name) == text


IDENTIFIERS = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,12}", fullmatch=True)


@given(IDENTIFIERS)
def test_every_identifier_is_safe(name: str) -> None:
    printed = symbol_latex(name)
    assert printed.count("{") == printed.count("}")
    assert not re.search(r"(?<!\\)[&#%$~^]", printed)
    assert symbol_text(name).isprintable()


@given(st.sets(IDENTIFIERS, min_size=2, max_size=8))
def test_names_never_print_alike(names: set[str]) -> None:
    printed = [name_latex(known) for known in distinct([*names, "W1", "W_1", "lam", "lambda"]).values()]
    assert len(printed) == len(set(printed))
