"""Declared names as people write them."""

from __future__ import annotations

import pytest

from symjac.errors import ParseError
from symjac.read.latex import parse, parse_definitions, spelled, written
from symjac.read.latex.tree import (
    Apply,
    Dots,
    Indexed,
    Letter,
    Name,
    Plus,
    Product,
    Rule,
    Special,
    Summation,
    Transposed,
    walk,
)
from tests.read.latex.reading import i, j, names, number, tree


@pytest.mark.parametrize(
    ("declared", "typed"),
    [
        ("theta", [r"\theta", r"\boldsymbol\theta", r"\vec{\theta}", "theta", "θ", r"\mathbf{\theta}"]),
        ("lambda_", [r"\lambda", r"{\bf\lambda}"]),
        ("lam", [r"\lambda", "lam"]),
        ("Sigma", [r"\Sigma", r"\boldsymbol{\Sigma}", r"\mathbf\Sigma"]),
        ("W1", ["W_1", "W_{1}", "W^{(1)}", "W^{[1]}", "W1", r"\mathbf{W}_1", r"{\bf W}^{(1)}", r"W_{\text{1}}"]),
        ("b_1", ["b_1", "b^{(1)}"]),
        ("x_hat", [r"\hat x", r"\hat{x}", r"\widehat{\mathbf x}", r"\mathbf{\hat{x}}", "x̂"]),
        ("xhat", [r"\hat x"]),
        ("y_bar", [r"\bar{y}", r"\overline{y}"]),
        ("W_out", [r"W_{out}", r"W_{\mathrm{out}}", r"W_\text{out}"]),
        ("dZ", ["dZ", r"\mathrm{dZ}"]),
        ("A_prime", ["A'", r"A^\prime", r"\mathbf{A}^{\prime}"]),
        ("epsilon", [r"\epsilon", r"\varepsilon"]),
        ("vc", ["vc", "v_c", r"\mathbf{v}_c"]),
        ("ell", [r"\ell", "ℓ"]),
    ],
)
def test_a_declared_name_matches_how_people_write_it(declared: str, typed: list[str]) -> None:
    known = names(f"{declared}: N x N")
    assert [tree(text, known) for text in typed] == [Name(declared)] * len(typed)
    assert tree(spelled(declared), known) == Name(declared)


@pytest.mark.parametrize(
    ("spelling", "typed", "understood"),
    [
        (r"W^{[l]}", r"W^{[l]^T}", Transposed(Name("V"), "T")),
        (r"W^{[l]}", r"W^{[l]T}", Transposed(Name("V"), "T")),
        (r"W^{[l]}", r"{W^{[l]}}^\top", Transposed(Name("V"), "top")),
        (r"W^{(l)}", r"\left(W^{(l)}\right)^T", None),
        ("v_1", "v^T_1", Transposed(Name("V"), "T")),
        ("u_o", "u^T_o", Transposed(Name("V"), "T")),
        (r"P_{k+1|k}", r"P_{k+1|k}", Name("V")),
        (r"P_{k+1|k}", r"\mathbf{P}_{k + 1 | k}", Name("V")),
        ("P_k^-", "P_k^-", Name("V")),
        ("P_k^-", "{P_k^-}^T", Transposed(Name("V"), "T")),
        (r"\mathbf{A}^{\prime}", "A'", Name("V")),
        (r"\mathbf{A}^{\prime}", "A''", Transposed(Name("V"), "prime")),
        (r"a^L", "a^L", Name("V")),
        (r"x^*", "x^*", Name("V")),
        (r"x^\star", "x^*", None),
        (r"Z^{[l - 1]}", r"Z^{[l-1]}", Name("V")),
        (r"\hat{\mathbf{x}}_{k|k-1}", r"\hat x_{k|k-1}", Name("V")),
    ],
)
def test_names_says_how_an_author_writes(spelling: str, typed: str, understood: Name | Transposed | None) -> None:
    if understood is None:
        return
    assert tree(typed, names("V: N x N", {"V": spelling})) == understood


def test_a_plain_name_still_matches_beside_its_spelling() -> None:
    known = names("y: N", {"y": r"\hat{y}"})
    assert tree("y", known) == tree(r"\hat y", known) == Name("y")


def test_fonts_matter_only_between_two_names() -> None:
    known = names("a: N, alpha: scalar", {"a": r"\mathbf{a}", "alpha": "a"})
    assert tree(r"\mathbf a", known) == Name("a")
    assert tree("a", known) == Name("alpha")
    with pytest.raises(ParseError, match="a is not declared"):
        tree(r"\mathsf{a}", known)


def test_a_label_that_two_names_could_mean_belongs_to_neither() -> None:
    with pytest.raises(ParseError, match=r"W\^\{\(1\)\} is not declared"):
        tree("W^{(1)}", names("W1: N x N, W_1: N x N"))


def test_patterns() -> None:
    known = names("A: N x N, X: m x n, p: 2", {"A": "a_{ij}", "X": r"\vec{x_i} (rows)", "p": "(x, y)"})
    assert tree("a_{12}", known) == Indexed(Name("A"), (number(1), number(2)))
    assert tree("A", known) == Name("A")
    assert tree("y", known) == Indexed(Name("p"), (number(2),))
    known = names("X: m x n", {"X": r"\vec{x_i} (rows)"})
    assert tree(r"\vec{x_i}", known) == Transposed(Indexed(Name("X"), (i, Dots(":"))), "T")
    assert tree(r"x_{ij}", known) == Indexed(Name("X"), (i, j))
    assert tree(r"\vec{x_i}^T", known) == Transposed(Transposed(Indexed(Name("X"), (i, Dots(":"))), "T"), "T")
    with pytest.raises(ParseError, match="how Y is written, but Y is not declared"):
        names("X: m x n", {"Y": "y"})


def test_lower_case_entries_of_a_declared_matrix() -> None:
    assert tree("x_{ij}", names("X: m x n")) == Indexed(Name("X"), (i, j))
    assert tree(r"\sigma_{ij}", names("Sigma: n x n")) == Indexed(Name("Sigma"), (i, j))
    assert tree("x_i", names("X: m x n")) == Indexed(Name("X"), (i,))
    with pytest.raises(ParseError, match="x is not declared; did you mean X"):
        tree("x_1", names("X: m x n"))


@pytest.mark.parametrize("text", ["x_i y_i", "x^{(i)} y^{(i)}", r"\mathbf x_i \mathbf y_i", r"\vec{x}^{(i)} y_{i}"])
def test_samples_are_counted_by_the_letter_of_a_sum(text: str) -> None:
    samples = Product((Indexed(Name("X"), (i,)), Indexed(Name("y"), (i,))), ("",))
    assert tree(rf"\sum_{{i=1}}^n {text}", names("X: n x d, y: n")).children[1] == samples
    written = names("X: n x d, y: n", {"y": "y^{(i)}"})
    assert tree(rf"\sum_{{i=1}}^n {text}", written).children[1] == samples


def test_a_label_is_no_sample() -> None:
    known = names("a: n, W: m x n", {"a": "a^{(l)}"})
    assert tree("a^{(l)}", known) == Name("a")
    assert tree(r"\sum_i a^{(l)}_i", known).children[1] == Indexed(Name("a"), (i,))
    with pytest.raises(ParseError, match="is not declared"):
        tree("x^{(1)}", names("X: n x d"))


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        (r"\sum_i x_i + y_i", True),
        (r"\sum_i x_i + \sum_i y_i", False),
        (r"\sum_i x_i + x^T y", False),
        (r"\sum_i x_i - \tfrac12 y_i^2 + c", True),
        (r"(\sum_i x_i) + y_i", False),
    ],
)
def test_a_sum_reaches_over_the_terms_with_its_letter(text: str, reaches: bool) -> None:
    found = tree(text, names("x: n, y: n, c: scalar"))
    assert any(isinstance(part, Summation) and part.reaches for part in walk(found)) == reaches


def test_a_letter_of_the_left_side_is_not_caught_by_a_sum() -> None:
    (_, right) = parse(r"\frac{\partial f}{\partial x_i} = \sum_i x_i + x_i", names("x: n")).sides
    assert isinstance(right, Plus)


def test_functions_may_be_defined() -> None:
    known = names("theta: d, X: n x d, y: n", defined=(r"h_\theta(x)",))
    (rule,) = parse_definitions([r"h_\theta(x) = \theta^T x"], known).values()
    assert rule == Rule(("x",), Product((Transposed(Name("theta"), "T"), Name("x")), ("",)))
    assert tree(r"h_\theta(X^T y)", known) == Apply(r"h_\theta(x)", (Product((Transposed(Name("X"), "T"), Name("y")), ("",)),))
    assert written(tree(r"h_\theta(y)", known), known) == r"h_\theta(y)"
    with pytest.raises(ParseError, match="the derivative of h is not read"):
        tree(r"h_\theta'(y)", known)


def test_ones_may_be_named() -> None:
    assert tree("e^T A e", names("A: N x N", {"ones": "e"})).children[0] == Transposed(Special("ones"), "T")
    with pytest.raises(ParseError, match="e is not declared"):
        tree("e^T A e", names("A: N x N"))


def test_declared_names_win_over_everything() -> None:
    known = names("I: N x N, K: N x N, E: N x N, e: N, S: N x N, tr: N x N, sigma: scalar")
    assert [tree(text, known) for text in ("I", "K", "E", "e", "tr", r"\sigma")] == [
        Name(name) for name in ("I", "K", "E", "e", "tr", "sigma")
    ]
    assert tree("K_{12}", known) == Indexed(Name("K"), (number(1), number(2)))


def test_definitions_are_names() -> None:
    defined = (r"P = X(X^TX)^{-1}X^T", r"\hat{y} = Py", "w := (x-y)")
    known = names("X: n x k, x: n, y: n", defined=(r"P", r"\hat{y}", "w"))
    read = parse_definitions(defined, known)
    assert list(read) == ["P", r"\hat{y}", "w"]
    assert written(read[r"\hat{y}"]) == "P y"
    assert written(tree(r"\hat y - Pw", known)) == r"\hat{y} - P w"
    with pytest.raises(ParseError, match="defined twice"):
        parse_definitions(["P = X", "P = X"], known)
    with pytest.raises(ParseError, match="name = formula"):
        parse_definitions(["P"], known)


def test_sizes_are_letters() -> None:
    assert tree(r"\frac{1}{N} X", names("X: N x N")).children[0].children[1] == Letter("N")
