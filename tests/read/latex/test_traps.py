"""What has been misread silently before, or may be: each has one stated reading, or is refused."""

from __future__ import annotations

from typing import cast

import pytest

from symjac.errors import ParseError
from symjac.read.latex import parse, written
from symjac.read.latex.tree import (
    Apply,
    Bars,
    Differential,
    Dots,
    Group,
    Indexed,
    Infix,
    Name,
    Number,
    Over,
    Plus,
    Power,
    Product,
    Special,
    Summation,
    Transposed,
    Tree,
)
from tests.read.latex.reading import A, B, N, W, X, Z, b, i, j, names, number, s, statement, t, tree, x, y, z


def product(*factors: Tree) -> Product:
    return Product(factors, ("",) * (len(factors) - 1))


def together(*terms: Tree) -> Plus:
    return Plus(terms, (1,) * len(terms))


TRAPS = {
    r"{AB}^T": Transposed(Group(product(A, B), "{"), "T"),
    r"\mathbf{AB}^T": product(A, Transposed(B, "T")),
    r"{\bf AB}^T": product(A, Transposed(B, "T")),
    r"(AB)^T": Transposed(Group(product(A, B)), "T"),
    r"\det AB": Apply("det", (product(A, B),), bracketed=False),
    r"\det A \det B": product(Apply("det", (A,), bracketed=False), Apply("det", (B,), bracketed=False)),
    r"\log s t": Apply("log", (product(s, t),), bracketed=False),
    r"\log|X| s": product(Apply("log", (Bars(X, False),), bracketed=False), s),
    r"\log{2\pi}s": product(Apply("log", (product(number(2), Special("pi")),), bracketed=False), s),
    r"X+1": together(X, number(1)),
    r"x/y": Over(x, y, "slash"),
    r"1/2s": product(Over(number(1), number(2), "slash"), s),
    r"\exp(X)": Apply("exp", (X,)),
    r"e^X": Apply("exp", (X,)),
    r"\sqrt X": Apply("sqrt", (X,)),
    r"\text{diag}(X)x": product(Apply("diag", (X,)), x),
    r"\tanh(Z)^2": Power(Apply("tanh", (Z,)), number(2)),
    r"\tanh^2(Z)": Apply("tanh", (Z,), power=number(2)),
    r"x_0": Indexed(x, (number(0),)),
    r"x^T 1": product(Transposed(x, "T"), number(1)),
    r"y_j(\delta_{ij}-y_i)": product(
        Indexed(y, (j,)), Group(Plus((Special("delta", indices=(i, j)), Indexed(y, (i,))), (1, -1)))
    ),
    r"|x||y|": product(Bars(x, False), Bars(y, False)),
    r"||x|| ||y||": product(Bars(x, True), Bars(y, True)),
    r"||x||||y||": product(Bars(x, True), Bars(y, True)),
    r"||X|-|B||": Bars(Plus((Bars(X, False), Bars(B, False)), (1, -1)), False),
    r"||x||^2_2": Power(Bars(x, True, "2"), number(2)),
    r"f'(x)": Apply("f", (x,), primes=1),
    r"A'B'": product(Transposed(A, "prime"), Transposed(B, "prime")),
    r"x'Bx": product(Transposed(x, "prime"), B, x),
    r"2x'B": product(number(2), Transposed(x, "prime"), B),
    r"\frac{x'Bx}{x'x}": Over(product(Transposed(x, "prime"), B, x), product(Transposed(x, "prime"), x)),
    r"\sigma(Wx+b)_i": Indexed(Apply("sigma", (together(product(W, x), b),)), (i,)),
    r"W^TW^{-1}": product(Transposed(W, "T"), Power(W, number(-1))),
    r"W^{-1}W^T": product(Power(W, number(-1)), Transposed(W, "T")),
    r"-X^{-2T}": Plus((Transposed(Power(X, number(-2)), "T"),), (-1,)),
    r"X^{-\top}": Transposed(Power(X, number(-1)), "top"),
    r"X^{T-1}": Power(Transposed(X, "T"), number(-1)),
    r"dX^TX": product(Transposed(Differential(X), "T"), X),
    r"\mathrm{d}X^{-1}": Differential(Power(X, number(-1))),
    r"x^2_i": Power(Indexed(x, (i,)), number(2)),
    r"X^T_{ij}": Indexed(Transposed(X, "T"), (i, j)),
    r"X^{\circ 2}": Power(X, number(2), entrywise=True),
    r"\left(\sum_{i=1}^N x_i I\right)": Group(
        Summation(i, product(Indexed(x, (i,)), Special("identity")), number(1), N),
    ),
    r"x_{12}": Indexed(x, (number(12),)),
    r"X_{12}": Indexed(X, (number(1), number(2))),
    r"X_{i\cdot}": Indexed(X, (i, Dots(":"))),
    r"\frac12x": product(Over(number(1), number(2)), x),
    r"\frac1{2}x": product(Over(number(1), number(2)), x),
    r"{1 \over 2}x": product(Over(number(1), number(2)), x),
    r"x^23": product(Power(x, number(2)), number(3)),
    r"1_N": Special("ones", (N,)),
    r"\mathbf 1": Special("ones"),
    r"I_{N\times N}": Special("identity", (N,)),
    r"I_{N^2}": Special("identity", (Power(N, number(2)),)),
    r"\mathbb{1}[i=j]": Special("delta", indices=(i, j)),
    r"A \otimes B x": Infix("otimes", A, product(B, x)),
    r"x \otimes y \odot z": Infix("odot", Infix("otimes", x, y), z),
    r"x \cdot -y": Product((x, Plus((y,), (-1,))), ("cdot",)),
    r"s^{p/2}": Power(s, Over(Name("p"), number(2), "slash")),
}


@pytest.mark.parametrize("text", TRAPS)
def test_each_trap_has_its_stated_reading(text: str) -> None:
    assert tree(text) == TRAPS[text]
    assert tree(written(tree(text))) == TRAPS[text]


def test_d_is_a_name_where_it_is_declared() -> None:
    known = names("d: N, X: N x N")
    assert written(tree("d^Td", known)) == "d^{T} d"
    assert written(tree("dX", known)) == "d X"
    assert tree(r"\mathrm{d}X", known) == Differential(X)
    with pytest.raises(ParseError, match=r"column 1: d is not declared"):
        tree("d^Td")


def test_a_size_called_d_is_a_differential_only_when_glued_to_a_name() -> None:
    known = names("X: n x d, Y: n x d")
    assert written(tree(r"\frac{1}{d} X", known)) == r"\frac{1}{d} X"
    assert tree("dX", known) == Differential(X)


def test_a_name_that_looks_like_a_differential_is_a_name() -> None:
    assert written(tree("dZ^T Z", names("dZ: M x N, Z: M x N"))) == "dZ^{T} Z"


def test_d_before_a_gap_takes_the_whole_left_side() -> None:
    left, _ = statement(r"d\,x'Bx = 2x'B\,dx").sides
    assert left == Differential(Group(product(Transposed(x, "prime"), B, x)))
    left, _ = statement("dX^TX = X").sides
    assert left == product(Transposed(Differential(X), "T"), X)


def test_letters_split_into_names_and_words() -> None:
    known = names("D: N x N, v: N, x: N, A: N x N")
    assert written(tree("Ddiag(v)x", known)) == r"D \operatorname{diag}(v) x"
    assert written(tree("Ax", known)) == "A x"
    assert written(tree("trAD", known)) == r"\operatorname{tr} A D"
    assert written(tree("trace(AD)", known)) == r"\operatorname{tr}(A D)"


def test_an_index_that_is_raised_in_brackets_is_no_power() -> None:
    known = names("X: m x n, y: m, theta: n", {"X": "x^{(i)} (rows)"})
    read = tree(r"\sum_i (\theta^T x^{(i)} - y^{(i)})^2", known)
    assert written(read) == r"\sum_{i} (\theta^{T} X_{i, :}^{T} - y_{i})^{2}"
    with pytest.raises(ParseError, match=r"X\^\{\(1\)\} is not declared"):
        tree("X^{(1)}")


def test_decimals_are_kept() -> None:
    assert tree("0.50x") == product(Number(number(1).value / 2, 2), x)
    assert written(tree("0.50 x")) == "0.50 x"
    assert tree("x + 2.") == together(x, number(2))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (r"X^*", r"column 2: the conjugate transpose"),
        (r"X^\dagger", r"column 3: .*conjugate transpose"),
        (r"X^H", r"column 2: the conjugate transpose"),
        (r"X^+", r"column 2: the pseudo-inverse"),
        (r"\foo x", r"column 1: the macro \\foo is not known here"),
        (r"\lamda x", r"did you mean \\lambda\?"),
        (r"2 3", r"two numbers side by side"),
        (r"(x", r"column 1: this bracket is never closed"),
        (r"x)", r"column 2: this bracket closes nothing"),
        (r"\frac{x", r"column 6: this \{ is never closed"),
        (r"\mathbf{x", r"a brace is never closed"),
        (r"x}", r"column 2: this \} closes no brace"),
        (r"(x]", r"column 3: \] closes a \("),
        (r"|x", r"column 1: this bar is never closed"),
        (r"x +", r"column 4: expected a factor, found the end of the formula"),
        (r"x^", r"an argument is missing"),
        (r"x_", r"an argument is missing"),
        (r"", r"this formula is empty"),
        (r"\log_2 s", r"_2 cannot stand at log"),
        (r"\sin^{-1} s", r"inverse function or a quotient"),
        (r"x \le y", r"inequalities are not read"),
        (r"A = x \Rightarrow y = z", r"two statements on one line"),
        (r"\prod_i x_i", r"products over an index are not read"),
        (r"\max(x)", r"maxima are not read"),
        (r"X_{123}", r"where does the row end in 123"),
        (r"x_{new}", r"x_\{new\} is not declared"),
        (r"\mathrm{sym}(X)", r"the function sym is not known"),
        (r"\sum x_i", r"a sum wants its index"),
        (r"x \text{ and so } y", r"the text “and so” is not understood"),
        (r"x^0.5", r"TeX takes the 0 alone here; write {0.5}"),
        (r"\frac{1}23", r"TeX takes the 2 alone here"),
        (r"\begin{bmatrix} 1 & 2 \\ 3 \end{bmatrix}", r"row 2 has 1 entries"),
        (r"\begin{bmatrix} 1 & \\ 3 & 4 \end{bmatrix}", r"an entry is missing"),
        (r"\begin{bmatrix} 1 \end{pmatrix}", r"ends no"),
        (r"\left. x \right|_{x=0}", r"evaluation bars are not read"),
        (r"\frac{\partial^3 f}{\partial x^3}", r"up to the second"),
        (r"x1", r"two factors, or the name x_1\?"),
        (r"\$", r"not known here"),
        ("x\x00", r"U\+0000 cannot be read"),
    ],
)
def test_what_is_refused_says_why_and_where(text: str, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        tree(text)


def test_an_undeclared_name_is_refused_with_a_column_and_a_suggestion() -> None:
    known = names("x: N, y: N", defined=(r"\hat p",))
    with pytest.raises(ParseError, match=r"column 7: p is not declared; did you mean \\hat p\?"):
        tree("x^T y p", known)


def test_a_word_that_is_no_text_is_refused() -> None:
    with pytest.raises(ParseError, match="has to be a text, not int"):
        parse(cast(str, 3), names())
