"""Left sides, derivatives, leads, and pages cut into lines."""

from __future__ import annotations

import pytest

from symjac.errors import ParseError
from symjac.read.latex import lines
from symjac.read.latex.tree import (
    Apply,
    Cases,
    Conditions,
    Derivative,
    Differential,
    Indexed,
    Letter,
    Name,
    Power,
    Relation,
    Summation,
    Tree,
)
from tests.read.latex.reading import A, X, i, j, k, names, number, statement, tree, x

f = Letter("f")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (r"\frac{\partial f}{\partial x} = x", Derivative(f, x)),
        (r"\frac{\partial f}{\partial x^\top} = x", Derivative(f, x, transposed=True)),
        (r"\partial f/\partial x = x", Derivative(f, x)),
        (r"\dfrac{df}{dx} = x", Derivative(f, x, "d")),
        (r"\frac{\mathrm df}{\mathrm dx} = x", Derivative(f, x, "d")),
        (r"\pdv{f}{x} = x", Derivative(f, x)),
        (r"{\partial f \over \partial x} = x", Derivative(f, x)),
        (r"\frac{\partial^2 f}{\partial x\partial x^\top} = X", Derivative(f, x, order=2)),
        (r"\frac{\partial^2 f}{\partial x^2} = X", Derivative(f, x, order=2)),
        (r"\nabla_x f = x", Derivative(f, x, "nabla")),
        (r"\nabla f = x", Derivative(f, None, "nabla")),
        (r"\nabla^2 f = X", Derivative(f, None, "nabla", order=2)),
        (r"\nabla_{xx} f = X", Derivative(f, x, "nabla", order=2)),
        (r"\nabla_X \mathrm{tr} X = I", Derivative(Apply("tr", (X,), bracketed=False), X, "nabla")),
        (r"\frac{\partial}{\partial x} f(x) = x", Derivative(Apply("f", (x,)), x)),
        (r"\frac{\partial f_i}{\partial A_{kj}} = x_j", Derivative(Indexed(f, (i,)), Indexed(A, (k, j)))),
        (r"\frac{\partial \mathcal{L}}{\partial x} = x", Derivative(Letter("L"), x)),
        (r"Df(x) = X", Derivative(f, x, "D")),
        (r"J_f = X", Derivative(f, None, "J")),
        (r"H_f(x) = X", Derivative(f, x, "H", order=2)),
        (r"\mathrm{d}f = x", Differential(f)),
        (r"df = x", Differential(f)),
        (r"f(x) = x", Apply("f", (x,))),
        (r"f'(x) = x", Apply("f", (x,), primes=1)),
        (r"f_i(x) = x_i", Indexed(Apply("f", (x,)), (i,))),
        (r"f_i = x_i", Indexed(f, (i,))),
        (r"K_{ij} = X_{ij}", Indexed(Letter("K"), (i, j))),
        (r"J_{ij} = X_{ij}", Indexed(Letter("J"), (i, j))),
        (r"\delta^{(1)} = x", Letter(r"\delta^{(1)}")),
        (r"\delta^L = x", Letter(r"\delta^L")),
        (r"\hat\beta = x", Letter(r"\hat\beta")),
        (r"\mathsf{H}\phi(x) = X", Derivative(Letter("phi"), x, "H", order=2)),
        (r"\nabla_{\mathbf x} \text{MSE} = x", Derivative(None, x, "nabla")),
        (r"\frac{\partial\ln L}{\partial x} = x", Derivative(None, x)),
        (r"\frac{\partial}{\partial x}\ln p(x) = x", Derivative(None, x)),
        (r"\frac{\partial^2 \text{RSS}}{\partial x\partial x^T} = X", Derivative(None, x, order=2)),
        (r"\eqalign{ \frac{\partial f}{\partial x} &= x \cr }", Derivative(f, x)),
        (r"f := x", f),
        (r"f \equiv x", f),
        (r"f \triangleq x", f),
    ],
)
def test_left_sides(text: str, left: Tree) -> None:
    found, _ = statement(text, names("A: M x N, X: N x N, x: N")).sides
    assert found == left


def test_second_derivatives_by_entries_are_nested() -> None:
    found = tree(r"\frac{\partial^2 f}{\partial x_i \partial x_j}")
    assert found == Derivative(Derivative(f, Indexed(x, (j,))), Indexed(x, (i,)))


@pytest.mark.parametrize(
    ("text", "lead", "count"),
    [
        ("= x", "=", 1), (r"&= x", "=", 1), (r"\therefore x = y", "therefore", 2), (r"\Rightarrow x", "implies", 1),
        (r"\implies f = x = y", "implies", 3), (r"\iff x", "implies", 1), ("$x$", "", 1), ("$$ x = y $$", "", 2),
        (r"\[ x = y. \]", "", 2), (r"x = y \quad \text{by symmetry}", "", 2), (r"2x, \text{if } X \text{ is symmetric}", "", 1),
        (r"\begin{align} f &= x \\ &= y \label{a} \end{align}", "", 3), (r"x \approx y", "", 2),
    ],
)  # fmt: skip
def test_leads_and_sides(text: str, lead: str, count: int) -> None:
    found = statement(text)
    assert (found.lead, len(found.sides)) == (lead, count)


def test_sums() -> None:
    entry = Indexed(x, (i,))
    assert tree(r"\sum_i x_i") == Summation(i, entry)
    assert tree(r"\sum_{1 \le i \le N} x_i") == tree(r"\sum_{i=1}^N x_i") == tree(r"\sum\limits_{i=1}^{N} x_i")
    assert tree(r"\sum_{i,j} X_{ij}") == tree(r"\sum_{ij} X_{ij}") == Summation(i, Summation(j, Indexed(X, (i, j))))
    assert tree(r"∑_i x_i") == Summation(i, entry)
    with pytest.raises(ParseError, match="this condition is not read"):
        tree(r"\sum_{i \ne j} X_{ij}")


@pytest.mark.parametrize(
    "text",
    [
        r"\begin{cases} x_i & \text{if } i = j \\ 0 & \text{otherwise} \end{cases}",
        r"\begin{cases} x_i, & \text{if $i = j$}, \\ 0, & \text{else.} \end{cases}",
        r"\left\{ \begin{array}{ll} x_i & i = j \\ 0 & \mbox{otherwise} \end{array} \right.",
        r"\begin{cases} x_i & \mathrm{if}\ i = j \\ 0 & \end{cases}",
        r"\begin{dcases} x_i & \text{for } i = j \\ 0 & \text{otherwise.} \end{dcases}",
    ],
)
def test_cases(text: str) -> None:
    entry, nothing = Indexed(x, (i,)), tree("0")
    assert tree(text) == Cases((entry, nothing), (Conditions((Relation((i, j), ("=",)),)), Conditions(())))


def test_conditions() -> None:
    read = tree(r"\begin{cases} 1 & i = j = k \\ 2 & i = j, j \ne k \\ 3 & i=j \text{ or } j=k \end{cases}")
    assert isinstance(read, Cases)
    chain, both, either = read.conditions
    assert chain.relations == (Relation((i, j, k), ("=", "=")),)
    assert (both.join, len(both.relations)) == ("and", 2)
    assert (either.join, len(either.relations)) == ("or", 2)
    with pytest.raises(ParseError, match="is not understood"):
        tree(r"\begin{cases} 1 & \text{on Sundays} \end{cases}")


def test_letters_need_an_index_to_be_indices() -> None:
    assert tree("i x_i").children[0] == i
    with pytest.raises(ParseError, match="i is not declared"):
        tree("i x")


def test_a_working_is_cut_into_lines() -> None:
    text = r"""
\begin{align*}
\mathrm{d}K &= (\mathrm{d}A)^T A && \text{product rule} \\
 &= \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} \label{eq:1} \\[4pt]
 &= x. \quad \text{(done)} \tag{3} % a comment
\end{align*}
and $$ x^T x $$ \[ \|x\|_{\text{F}} \]
"""
    found = lines(text)
    assert [" ".join(line.split()) for _, line in found] == [
        r"\mathrm{d}K = (\mathrm{d}A)^T A",
        r"= \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}",
        r"= x. \quad",
        "and",
        "x^T x",
        r"\|x\|_{\text{F}}",
    ]
    for start, line in found:
        place = start + len(line) - len(line.lstrip())
        assert text[place] == line.lstrip()[0] or text[place] == "&"


def test_a_working_that_does_not_end_is_refused() -> None:
    with pytest.raises(ParseError, match="never ended"):
        lines(r"\begin{bmatrix} 1 & 2")


def test_a_name_keeps_its_place() -> None:
    found = tree(r"2\mathbf{x}^T X")
    spans = {
        vertex.name: vertex.span for vertex in (found.children[1].children[0], found.children[2]) if isinstance(vertex, Name)
    }
    assert spans == {"x": (9, 10), "X": (14, 15)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"\frac{\partial \text{Loss}}{\partial q} = x", "q is not declared"),
        (r"\nabla_q \text{MSE} = x", "q is not declared"),
        (r"g^T = x^T", "g is not declared"),
        (r"f^2 = s", "f is not declared"),
        (r"\max(x, y)", "maxima are not read"),
    ],
)
def test_what_is_differentiated_by_has_to_be_known(text: str, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        statement(text)


def test_positive_part_and_entrywise_dot() -> None:
    assert tree(r"\max(0, x)") == tree(r"\max\{0, x\}") == Apply("relu", (x,))
    assert tree("x .* y") == tree(r"x \odot y")


def test_a_font_around_several_names_behind_a_transpose() -> None:
    assert tree(r"\mathbf X^\top\mathbf{X x z}^\top") == tree(r"X^\top Xxz^\top")


def test_powers_of_a_square_that_is_a_name() -> None:
    known = names("v: scalar, w: scalar", {"v": r"\sigma^2", "w": r"\sigma_n^2"})
    assert tree(r"\sigma^4", known) == Power(Name("v"), number(2))
    assert tree(r"\sigma_n^{-2}", known) == Power(Name("w"), number(-1))
    with pytest.raises(ParseError, match="not declared"):
        tree(r"\sigma^3", known)
