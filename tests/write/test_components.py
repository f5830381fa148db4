"""The telling by components: what lecture notes write, and LaTeX that compiles."""

from __future__ import annotations

from pathlib import Path

from symjac.layout import Layout
from symjac.nodes import build as b
from symjac.nodes.node import Node, Symbol, symbols
from symjac.write.components import components_latex
from symjac.write.tex import PREAMBLE
from tests.components.expressions import EXPRESSIONS, A, D, N, S, X, a, mul, t, x
from tests.components.test_derivative import network
from tests.write.tools import compiled, katex_errors, words_beyond_the_margin


def told(node: Node, *variables: Symbol, layout: Layout | None = None, name: str = "F") -> str:
    return "\n".join(components_latex(node, variables, layout or Layout(), name))


def fragments() -> list[str]:
    every = [block for node in EXPRESSIONS.values() for block in components_latex(node, symbols([node]), Layout(), "F")]
    node, variables = network(3, residual=True)
    return [*every, *components_latex(node, variables, Layout(of="row", wrt="row", orientation="denominator"), "loss")]


def test_a_matrix_times_a_vector_as_lecture_notes_have_it() -> None:
    page = told(mul(A, x), A, x, name="f")
    assert r"f_{i} &= \sum_{j=1}^{N} A_{ij} x_{j}" in page
    assert r"\frac{\partial f_{i}}{\partial A_{kl}} &= \sum_{j=1}^{N} \delta_{ik} \delta_{jl} x_{j} \\" in page
    assert r"&= \delta_{ik} x_{l}" in page
    assert r"x_{l} & \text{if } k = i \\" in page
    assert r"\frac{\partial f_{i}}{\partial x_{k}}" in page
    assert r"&= A_{ik}" in page


def test_the_gram_matrix_has_four_cases() -> None:
    page = told(mul(t(A), A), A, name="K")
    assert r"K_{ij} &= \sum_{m=1}^{M} A_{mi} A_{mj}" in page
    for case in (r"2 A_{ki} & \text{if } i = j = l", r"A_{kj} & \text{if } l = i \ne j", r"A_{ki} & \text{if } l = j \ne i"):
        assert case in page
    assert r"0 & \text{otherwise}" in page
    assert r"\mathbb{R}^{N^{2} \times MN}" in page
    assert r"row } (j-1)N+i \text{ belongs to } K_{ij}" in page
    assert r"column } (l-1)M+k \text{ belongs to } A_{kl}" in page


def test_layouts_move_places_and_not_entries() -> None:
    rows = told(mul(t(A), A), A, layout=Layout(of="row", wrt="row"))
    assert r"row } (i-1)N+j" in rows
    assert r"column } (k-1)N+l" in rows
    turned = told(mul(t(A), A), A, layout=Layout(orientation="denominator"))
    assert r"row } (l-1)M+k \text{ belongs to } A_{kl}" in turned
    gradient = told(mul(t(x), X, x), X, layout=Layout(orientation="denominator"), name="f")
    assert r"the shape of } X" in gradient
    assert r"at place } (k,l)" in gradient


def test_named_intermediates_have_lines_of_their_own() -> None:
    page = told(EXPRESSIONS["let"], A)
    assert r"z_{i} &= \sum_{j=1}^{N} A_{ij} x_{j} + a_{i}" in page
    assert r"h_{i} &= \tanh(z_{i})" in page
    assert r"2 h_{k} \tanh'(z_{k}) x_{l}" in page


def test_index_names_keep_away_from_declared_names() -> None:
    i, k = b.symbol("i", N), b.symbol("k", N, N)
    page = told(mul(k, i), i, k, name="j")
    assert r"j_{l} &= \sum_{m=1}^{N} k_{lm} i_{m}" in page


def test_a_subscript_and_indices_share_a_place() -> None:
    W = b.symbol("W1", N, N)
    assert r"W_{1,ij} x_{j}" in told(mul(W, x), x)


def test_norms_and_inverses_keep_their_signs() -> None:
    assert r"\frac{x_{k}}{\lVert x \rVert}" in told(b.norm(x), x)
    assert r"-(X^{-1})_{ik} (X^{-1})_{lj}" in told(b.inverse(X), X)
    assert r"\bigl((X + Y)^{-1}\bigr)_{ik}" in told(EXPRESSIONS["inverse of sum"], X)
    assert r"\det(X) (X^{-1})_{lk}" in told(b.determinant(X), X)


def test_facts_do_not_change_the_deltas() -> None:
    assert r"\delta_{ik} \delta_{jl}" in told(S, S)
    assert r"\delta_{ik} \delta_{jl}" in told(D, D)


def test_a_scalar_by_a_scalar_needs_no_matrix() -> None:
    c = b.symbol("c")
    assert "matrix" not in told(b.power(c, 3), c)
    assert r"3 c^{2}" in told(b.power(c, 3), c)


def test_deep_networks_are_told_in_time() -> None:
    node, variables = network(32)
    assert len(told(node, *variables)) < 60_000


def test_every_block_passes_katex() -> None:
    assert katex_errors(fragments()) == []


def test_every_block_compiles_and_stays_on_the_page(tmp_path: Path) -> None:
    body = "\n".join(f"\\[{block}\\]" for block in fragments())
    pdf = compiled(f"{PREAMBLE}\\begin{{document}}\n{body}\n\\end{{document}}\n", tmp_path)
    assert words_beyond_the_margin(pdf) == []


def test_an_affine_map() -> None:
    assert r"\delta_{ik}" in told(b.add(mul(A, x), a), a)
