"""Whatever is typed: an answer or a clean error, soon, however long or deep."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symjac.errors import ParseError, SymjacError
from symjac.read.latex import lines, parse, written
from symjac.read.latex.vocabulary import ACCENTS, CHARACTERS, COMMANDS, FONTS, LETTERS, REFUSED
from tests.read.latex.corpus import SOURCES
from tests.read.latex.reading import names

KNOWN = names(written={"B": "b_{ij}"}, defined=(r"\hat y", r"z^{(l)}"))
MACROS = sorted({*COMMANDS, *FONTS, *ACCENTS, *LETTERS, *REFUSED})
LETTERS_TYPED = "ABXxyzsijkdeIKEfJ0123456789"
OPENERS = [
    r"\left(",
    r"\right)",
    r"\left|",
    r"\right|",
    r"\left\{",
    r"\right.",
    r"\frac{",
    "}{",
    r"\sqrt[",
    r"\hat{",
    r"\text{",
]
SCRIPTS = ["^{", "_{", "}", "^T", "^{-1}", r"\|", "||", r"\mathrm{d}"]
NAMED = ("bmatrix", "cases", "array", "align", "vmatrix")
ENVIRONMENTS = [rf"\{side}{{{name}}}" for side in ("begin", "end") for name in NAMED]
ODD = ["\\\\", "\\text{if }", "$", "²", "ᵀ", "₁", "x̂", "𝐀", "θ", "1.5", "...", "%", "\\", " ", "\n", "\x00", "\ud800", "{c|c}"]
LARGER = [r"\sum_{i=1}^N ", r"\nabla_x ", r"{\rm tr}", r"\frac{\partial f}{\partial x}", r"\left\{\begin{array}"]
PIECES = [*(f"\\{macro} " for macro in MACROS), *CHARACTERS, *LETTERS_TYPED, *OPENERS, *SCRIPTS, *ENVIRONMENTS, *ODD, *LARGER]
FORMULAS = [typed for source in SOURCES for typed, _ in source.formulas]


def answered(text: str) -> None:
    """Read a text, and print it where it can be read; only a clean error may leave."""
    with suppress(SymjacError):
        written(parse(text, KNOWN), KNOWN)
    with suppress(SymjacError):
        lines(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_soups_of_tokens(text: str) -> None:
    answered(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    answered(text)


SLIPS = st.lists(st.tuples(st.integers(0, 150), st.integers(0, 4), st.sampled_from(["", *PIECES])), max_size=3)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FORMULAS), SLIPS)
def test_formulas_with_slips(text: str, slips: list[tuple[int, int, str]]) -> None:
    for place, length, piece in slips:
        text = text[:place] + piece + text[place + length :]
    answered(text)


LONG = {
    "brackets": "(" * 9_000,
    "balanced brackets": "(" * 400 + "x" + ")" * 400,
    "braces": "{" * 9_000,
    "fractions": "\\frac{1}{" * 2_000,
    "roots": "\\sqrt{" * 3_000,
    "roots without braces": "\\sqrt" * 3_900,
    "functions": "\\log" * 4_900,
    "accents": "\\hat" * 4_900,
    "fonts": "\\mathbf" * 2_800,
    "bars": "|" * 19_000,
    "spaced bars": "| " * 9_000,
    "double bars": "\\|" * 9_000,
    "left bars": "\\left|" * 3_000,
    "scripts": "x" + "^T" * 7_000,
    "scripts on scripts": "x" + "^{x" * 5_000,
    "primes": "x" + "'" * 15_000,
    "signs": "-" * 19_000 + "x",
    "slashes": "x/" * 9_000 + "x",
    "letters": "ABxy" * 4_500,
    "unknown letters": "q" * 19_000,
    "digits": "1" * 19_000,
    "sums": "\\sum_i" * 3_000 + "x_i",
    "products": "x \\otimes " * 1_900 + "x",
    "differentials": "d" * 15_000 + "x",
    "matrices": "\\begin{bmatrix}" * 1_300,
    "a large matrix": "\\begin{bmatrix}" + "1&" * 9_000 + "\\end{bmatrix}",
    "cases": "\\begin{cases}" * 1_500,
    "spaces": " " * 19_999 + "x",
    "text": "\\text{" * 3_000,
    "superscripts": "x" + "²" * 15_000,
    "too long": "x" * 30_000,
    "nabla": "\\nabla" * 3_000,
    "partial": "\\partial" * 2_400,
    "equals": "x=" * 9_000 + "x",
    "pairings": "\\langle" * 2_800,
    "commas": "(" + "x," * 9_000 + "x)",
    "labels": "x^{(" * 4_000,
    "dollars": "$ " * 9_000,
    "comments": "%\n" * 9_000,
}


@pytest.mark.parametrize("kind", LONG)
def test_long_and_deep_texts_are_answered_soon(kind: str) -> None:
    start = time.process_time()
    answered(LONG[kind])
    assert time.process_time() - start < 3


PAYLOADS = ["__import__('os').system('true')", r"\input{/etc/passwd}", r"\def\x{y}", r"\write18{ls}", "${7*7}"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_typed_is_run(payload: str) -> None:
    with pytest.raises(ParseError):
        parse(payload, names("x: N"))
