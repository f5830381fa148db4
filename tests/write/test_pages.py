"""Derivations on pages: lines, documents that compile, pages that stay within their margins."""

from __future__ import annotations

import re
import warnings
import xml.etree.ElementTree as ElementTree
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from symjac.derive import derive
from symjac.errors import DomainError
from symjac.evaluate import evaluate
from symjac.layout import Layout
from symjac.nodes.build import add, commutation, elementwise, let, norm, power, product, subtract, symbol, transpose
from symjac.nodes.functions import RELU, TANH, Function, T
from symjac.nodes.node import Differential, Let, Node, Symbol, surface
from symjac.record import Record
from symjac.write.alphabet import BREAK
from symjac.write.html import html_document, mathml
from symjac.write.latex import Latex, latex
from symjac.write.lines import Line, lines, record_scope
from symjac.write.page import Chain, Code, Math, Prose, Section, prose
from symjac.write.printer import Printer
from symjac.write.telling import record_section, relaid
from symjac.write.terminal import derivation_text, text_document
from symjac.write.tex import aligned, derivation_latex, tex_document
from symjac.write.text import Text
from symjac.write.width import broken, latex_width, text_width
from symjac.write.words import tex_words
from tests.corpus import ALL, reading
from tests.strategies import LEAVES, M, N, P
from tests.write.printed import SIZES, read_back, speeds, values
from tests.write.tools import compiled, katex_errors, words_beyond_the_margin

A, B, W, X, Z, V, H, x, y, u, r, c, k = LEAVES
t = transpose


@lru_cache
def corpus() -> tuple[Record, ...]:
    return tuple(derive(*reading(expression, variables)) for expression, variables in ALL[::4])


def network() -> Record:
    w1, b1, w2, b2 = symbol("W1", M, N), symbol("b1", M), symbol("W2", P, M), symbol("b2", P)
    h = let("h", elementwise(RELU, add(product(w1, x), b1)))
    o = let("o", add(product(w2, h), b2))
    return derive(power(norm(subtract(o, u)), 2), [w1, b1, w2, b2], name="L")


def long_record() -> Record:
    """A derivation whose lines are wider than a page."""
    terms = [product(t(symbol(f"A{i}", N, N)), X, symbol(f"loss{i}", N, N)) for i in range(9)]
    return derive(add(*terms), [X])


def told_in_latex(record: Record) -> tuple[Line, ...]:
    return lines(record, "short", Printer(Latex(), record_scope(record)))


CODE = "def f(x_1):\n    return x_1 ** 2  # 100 % \\ {~^}\n" + "word " * 60


@lru_cache
def sections() -> list[Section]:
    records = [*corpus(), network(), long_record()]
    turned = record_section(network(), layout=Layout(wrt="row", orientation="denominator"))
    code = Section(prose("Code ", Math("x^{2}", "x²")), (Code(CODE),))
    return [*(record_section(record, detail) for record in records for detail in ("short", "full")), turned, code]


# Lines


def test_a_short_derivation_has_a_line_for_each_kind() -> None:
    record = derive(product(t(A), A), [A], name="F")
    assert derivation_text(record).splitlines() == [
        "              dF = (dA)ᵀA + Aᵀ dA                               product, transpose",
        "          vec dF = (Aᵀ ⊗ I_N)K_MN vec dA + (I_N ⊗ Aᵀ) vec dA",
        "                       [linearity, vec of a product, vec of a transpose]",
        "∂vec F/∂(vec A)ᵀ = (I_{N²} + K_NN)(I_N ⊗ Aᵀ)       read off what multiplies dA, commutation, collect",
    ]


def test_a_full_derivation_has_a_line_for_each_rule() -> None:
    record = derive(product(t(A), A), [A], name="F")
    told = lines(record, "full", Printer(Latex(), record_scope(record)))
    assert len(told) == len(record.steps)
    assert [line.reason for line in told[:2]] == ["product", "transpose"]
    assert [bool(line.left) for line in told] == [True, False, True, False, False, True, False, False]


def test_a_column_needs_no_vec() -> None:
    told = derivation_text(derive(product(A, x), [x]))
    assert "vec" not in told
    assert "∂f/∂xᵀ = A" in told


def test_gradients_of_named_parts_are_named_in_their_line() -> None:
    told = derivation_text(network())
    assert "∇_o L = 2o − 2u =: δ_o" in told
    assert "δ_oᵀ do = " in told
    assert "∇_W₂ L = δ_o hᵀ" in told


def test_jacobians_named_on_the_way_are_said_before_they_are_used() -> None:
    inner = let("Z", elementwise(TANH, product(W, A)))
    record = derive(product(inner, X, t(inner)), [W, A])
    told = lines(record, "short", Printer(Text(), record_scope(record)))
    lefts = [line.left for line in told]
    for named in record.definitions:
        if named.name.startswith("J_"):
            first = next(i for i, line in enumerate(told) if f"J_{named.name[2:]}" in line.right)
            assert lefts.index(f"J_{named.name[2:]}") < first


def test_the_last_line_is_the_result() -> None:
    for record in corpus():
        told = told_in_latex(record)
        result = Printer(Latex(), record_scope(record)).body(record.jacobians[-1])
        assert told[-1].right == result


def test_an_unknown_detail_is_refused() -> None:
    with pytest.raises(DomainError, match="long"):
        derivation_latex(network(), "long")


def plainly_moving(node: Node) -> bool:
    """Whether d stands before symbols of LEAVES only, so that a point gives it a value."""
    known = {leaf.name for leaf in LEAVES}
    return all(isinstance(one.args[0], Symbol) for one in surface(node) if isinstance(one, Differential)) and not any(
        isinstance(one, Let) or (isinstance(one, Symbol) and one.name not in known) for one in surface(node)
    )


@pytest.mark.parametrize("alphabet", ["latex", "text"])
def test_lines_with_differentials_read_back(alphabet: str) -> None:
    expressions = [product(t(A), A), product(A, X, t(A)), elementwise(TANH, product(A, X))]
    steps = [step for expression in expressions for step in derive(expression, [A, X]).steps if plainly_moving(step.after)]
    assert len(steps) > 8
    for step in steps:
        printed = latex(step.after) if alphabet == "latex" else Printer(Text(), step.after.symbols).plain(step.after)
        found = read_back(printed, step.after, alphabet)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert np.allclose(found, evaluate(step.after, values(), SIZES, speeds()))


# What stands around the lines


def plain(block: Prose) -> str:
    return "".join(part if isinstance(part, str) else part.plain for part in block.parts)


def test_a_section_says_shapes_names_functions_and_layout() -> None:
    section = record_section(network())
    told = [plain(block) for block in section.blocks if isinstance(block, Prose)]
    assert plain(section.title) == "L = ‖o − u‖² by W₁, b₁, W₂, b₂"
    assert "W₁ ∈ ℝ^(M×N)" in told[0]
    assert "x ∈ ℝ^N" in told[0]
    assert told[1].startswith("where z = W₁x + b₁ ∈ ℝ^M, h = relu(z) ∈ ℝ^M")
    assert "o = W₂h + b₂ ∈ ℝ^P" in told[1]
    assert "relu′(t) = 1 for t > 0 and 0 for t ≤ 0" in told[2]
    assert told[-1].endswith("outputs column-first, inputs column-first, numerator layout.")
    assert "1 × MN by W₁" in told[-1]


def test_facts_are_said() -> None:
    S = symbol("S", N, N, ["posdef"])
    (shapes, *_) = record_section(derive(product(S, x), [x])).blocks
    assert isinstance(shapes, Prose)
    assert plain(shapes) == "S ∈ ℝ^(N×N) positive definite, x ∈ ℝ^N"


def test_a_custom_function_is_defined() -> None:
    swish = Function("cube", T**3)
    told = [plain(block) for block in record_section(derive(elementwise(swish, x), [x])).blocks if isinstance(block, Prose)]
    assert "with cube(t) = t**3, cube′(t) = 3*t**2" in told


@pytest.mark.parametrize(
    "layout", [Layout(wrt="row"), Layout(of="row"), Layout(of="row", wrt="row", orientation="denominator")]
)
def test_other_layouts_are_told_and_true(layout: Layout) -> None:
    record = derive(product(A, X), [X])
    (jacobian,) = record.jacobians
    found = evaluate(relaid(jacobian, record.expression.shape, X.shape, layout), values(), SIZES)
    rows = evaluate(commutation(M, N), {}, SIZES) if layout.of == "row" else np.eye(SIZES["M"] * SIZES["N"])
    cols = evaluate(commutation(N, N), {}, SIZES) if layout.wrt == "row" else np.eye(SIZES["N"] ** 2)
    truth = rows @ evaluate(jacobian, values(), SIZES) @ cols.T
    assert np.allclose(found, truth if layout.orientation == "numerator" else truth.T)
    assert layout.words in derivation_text(record, layout=layout)


def test_results_in_another_layout_may_be_handed_in() -> None:
    told = derivation_text(derive(product(A, x), [x]), layout=Layout(orientation="denominator"), results=[t(A)])
    assert re.search("∂fᵀ/∂x = Aᵀ +outputs column-first, inputs column-first, denominator layout", told)


# Widths


def test_a_long_sum_is_broken_at_its_signs() -> None:
    rows = aligned(told_in_latex(long_record())).splitlines()
    assert sum(row.startswith("&\\qquad +") for row in rows) >= 3
    assert BREAK not in "".join(rows)


def test_breaking_loses_nothing_and_keeps_within_room() -> None:
    body = Printer(Text(), ["X"]).body(long_record().steps[-1].after)
    parts = broken(body, 40, text_width)
    assert "".join("".join(parts).split()) == "".join(body.replace(BREAK, "").split())
    assert max(map(len, parts)) <= 40


def test_pages_for_terminals_keep_within_their_columns() -> None:
    page = text_document("Derivations", sections()[:-1])
    assert max(map(len, page.splitlines())) <= 100


# Documents


def test_the_tex_document_compiles_and_stays_within_its_margins(tmp_path: Path) -> None:
    pdf = compiled(tex_document("100 % of W₁ & ∂f/∂x, β\u0302 {\\input} ☃", sections()), tmp_path)
    assert not words_beyond_the_margin(pdf)


def test_the_margin_is_watched(tmp_path: Path) -> None:
    wide = Section(prose("Wide"), (Math(" + ".join(["A_{1}"] * 40)),))
    assert words_beyond_the_margin(compiled(tex_document("", [wide]), tmp_path))


def test_estimated_widths_are_near_the_printed_ones(tmp_path: Path) -> None:
    formulas = [line.right.replace(BREAK, "") for record in corpus() for line in told_in_latex(record)]
    boxes = (rf"\sbox0{{$\displaystyle {formula}$}}\typeout{{width \the\wd0}}" for formula in formulas)
    compiled(tex_document("", []).replace(r"\end{document}", "\n".join([*boxes, r"x\end{document}"])), tmp_path)
    log = (tmp_path / "page.log").read_text(errors="replace")
    printed = [float(width) / 10 for width in re.findall(r"^width ([\d.]+)pt", log, re.MULTILINE)]
    assert len(printed) == len(formulas)
    pairs = zip(formulas, printed, strict=True)
    assert [(one, em) for one, em in pairs if not 0.8 * em - 0.3 < latex_width(one) < 1.25 * em + 0.5] == []


def test_katex_renders_every_fragment_in_strict_mode() -> None:
    records = (*corpus(), network(), long_record())
    displayed = [derivation_latex(record, detail) for record in records for detail in ("short", "full")]
    paragraphs = [block for one in sections() for block in (one.title, *one.blocks) if isinstance(block, Prose)]
    inline = [part.latex for block in paragraphs for part in block.parts if isinstance(part, Math)]
    assert katex_errors([*displayed, *inline]) == []


def test_katex_is_strict() -> None:
    assert len(katex_errors([r"\undefined{x}", "x^2^3", "x"])) == 2


def test_the_html_page_is_well_formed_and_fetches_nothing() -> None:
    page = html_document("<Jacobians> & more", sections())
    root = ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>").replace('<meta charset="utf-8">', "").replace(META, ""))
    assert root.findtext(".//h1") == "<Jacobians> & more"
    assert not re.search(r"\b(src|href)=|url\(|@import", page)
    leftovers = [text for text in root.itertext() if "\\" in text and "100 %" not in text]
    assert leftovers == []


META = '<meta name="viewport" content="width=device-width, initial-scale=1">'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\mathrm{d}A", '<mi mathvariant="normal">&#x00064;</mi>'),
        (r"\bigl\lVert x\bigr\rVert", "&#x02016;"),
        (r"\mathbf{1}_{N}", "&#x1D7CF;"),
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "<mtable"),
        ("f =: g", "&#x2255;"),
    ],
)
def test_mathml_is_repaired(source: str, expected: str) -> None:
    assert expected in mathml(source)
    ElementTree.fromstring(mathml(source))


def test_words_are_escaped() -> None:
    assert tex_words("a_b & 50% {x} \\y #1 ~ ^ θᵀ") == (
        r"a\_b \& 50\% \{x\} \textbackslash{}y \#1 \textasciitilde{} \textasciicircum{} $\theta^{\mathsf{T}}$"
    )


def test_one_chain_is_told_in_both_alphabets() -> None:
    (chain,) = (block for block in record_section(network()).blocks if isinstance(block, Chain))
    assert len(chain.latex) == len(chain.text)
