"""Letters: entries, deltas, sums, cases, Einstein's convention; every value is compared with loops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product as cartesian
from typing import Any

import numpy as np
import pytest

from symjac.evaluate import Array
from symjac.meaning import Expected, Meaning, NotConforming, Reading, RefusedError, World, readings
from symjac.meaning.einstein import free_letters
from symjac.read.declare import read_declarations
from symjac.read.latex import Names, parse
from tests.meaning.trees import SIZES, point, shape, value

DECLARED = "A: M x N, B: N x P, S: N x N, R: N x N, x: N, y: N, u: M, c: scalar"
VALUES = point(DECLARED)
A, B, S, R, C = (VALUES[name] for name in ("A", "B", "S", "R", "c"))
x, y, u = (VALUES[name][:, 0] for name in "xyu")
c = float(C[0, 0])
SIGMA = 1 / (1 + np.exp(-S @ x))
m, n, p = (SIZES[name] for name in "MNP")


def said(text: str, letters: Sequence[str] | None = None, expected: Sequence[Expected] | None = None) -> Reading:
    """Read a formula in LaTeX that has one reading."""
    symbols = read_declarations(DECLARED)
    tree = parse(text, Names.of(symbols)).sides[-1]
    (reading,) = readings(tree, World.of(symbols), expected, letters)
    return reading


def filled(sizes: Sequence[int], entry: Callable[..., Any]) -> Array:
    """Return the array of these entries."""
    return np.array([entry(*place) for place in cartesian(*map(range, sizes))]).reshape(sizes)


def entries(meaning: Meaning) -> Array:
    """Return a meaning's value without axes of size 1."""
    return value(meaning, VALUES).squeeze()


def d(i: int, j: int) -> int:
    return int(i == j)


FORMULAS: list[tuple[str, str, Any]] = [
    (r"x_i", "i", x),
    (r"A_{ij}", "ij", A),
    (r"A_{ij}", "ji", A.T),
    (r"x_i y_j", "ij", np.outer(x, y)),
    (r"x_i^2", "i", x**2),
    (r"(A^T)_{ij}", "ij", A.T),
    (r"(AB)_{ij}", "ij", A @ B),
    (r"(S^{-1})_{ij}", "ij", np.linalg.inv(S)),
    (r"[Ax]_i u_j", "ij", np.outer(A @ x, u)),
    (r"\delta_{ij}", "ij", np.eye(n)),
    (r"x_j(\delta_{ij} - x_i)", "ij", filled((n, n), lambda i, j: x[j] * (d(i, j) - x[i]))),
    (r"\delta_{ik}A_{jl}", "ijkl", filled((m, m, m, n), lambda i, j, k, q: d(i, k) * A[j, q])),
    (r"\sum_k A_{ik}B_{kj}", "ij", A @ B),
    (r"\sum_{k=1}^{N} A_{ik}x_k", "i", A @ x),
    (r"\sum_{i,j} A_{ij}u_ix_j", "", u @ A @ x),
    (r"\sum_i x_i^2", "", x @ x),
    (r"\sum_{i=1}^N\log(1+e^{-y_ix_i})", "", np.log(1 + np.exp(-y * x)).sum()),
    (r"\sum_{i=0}^{N-1} x_i", "", x.sum()),
    (r"\sum_{i=1}^N c", "", n * c),
    (r"\frac{1}{N}\sum_{i=1}^N x_i", "", x.mean()),
    (r"\frac{e^{x_i}}{\sum_j e^{x_j}}", "i", np.exp(x) / np.exp(x).sum()),
    (r"\log\sum_i e^{x_i}", "", np.log(np.exp(x).sum())),
    (r"\sigma(Sx)_i(1-\sigma(Sx)_i)S_{ij}", "ij", (SIGMA * (1 - SIGMA))[:, None] * S),
    (r"A_i^Tx", "i", A @ x),
    (r"\sum_i u_i A_i", "", u @ A),
    (r"\sum_i A_iA_i^T", "", A.T @ A),
    (r"A_{i\cdot}", "i", A),
    (r"A_{\cdot j}", "j", A.T),
    (r"E_{ij}", "ij", filled((m, n, m, n), lambda i, j, k, q: d(i, k) * d(j, q))),
    (r"\mathbf{e}_i", "i", np.eye(n)),
    (r"\operatorname{tr}(E_{ij}A^T)", "ij", A),
    (r"\operatorname{tr}(SE_{ij})", "ij", S.T),
    (r"\operatorname{diag}(x)_{ij}", "ij", np.diag(x)),
    (r"\operatorname{diag}(S)_i", "i", np.diag(S)),
    (r"\|x\|x_i", "i", np.linalg.norm(x) * x),
    (r"\|A_i\|", "i", np.linalg.norm(A, axis=1)),
    (r"x_i\mathbf{e}_j^T", "ij", filled((n, n, n), lambda i, j, k: x[i] * d(j, k))),
    (r"A_{i1} + x_2", "i", A[:, 0] + x[1]),
    (r"\begin{cases} x_i & i = j \\ 0 & \text{otherwise}\end{cases}", "ij", np.diag(x)),
    (
        r"\begin{cases} x_i & \text{if } i = j, \\ -x_ix_j & i \neq j\end{cases}",
        "ij",
        filled((n, n), lambda i, j: x[i] if i == j else -x[i] * x[j]),
    ),
    (
        r"\begin{cases} 2x_i & i=j=k \\ x_k & i = j \\ x_j & i = k \neq j \\ 0 & \text{else}\end{cases}",
        "ijk",
        filled((n, n, n), lambda i, j, k: 2 * x[i] if i == j == k else x[k] if i == j else x[j] if i == k else 0),
    ),
    (
        r"\begin{cases} 1 & i=j \text{ or } j=k \\ 0 & \text{otherwise}\end{cases}",
        "ijk",
        filled((n, n, n), lambda i, j, k: float(i == j or j == k)),
    ),
    (
        r"\begin{cases} 1 & i=j \text{ and } j=k \\ c\end{cases}",
        "ijk",
        filled((n, n, n), lambda i, j, k: 1 if i == j == k else c),
    ),
    (r"\begin{cases} c & i = 1 \\ x_i & i \ne 1\end{cases}", "i", np.array([c, *x[1:]])),
]  # fmt: skip

SIZES_GIVEN = {
    r"\delta_{ij}": ("1 x 1", "NN"),
    r"\delta_{ik}A_{jl}": ("1 x 1", "MMMN"),
    r"E_{ij}": ("M x N", "MN"),
    r"\mathbf{e}_i": ("N", "N"),
    r"x_i\mathbf{e}_j^T": ("1 x N", "NN"),
}
"""What the letters count where the formula alone does not say it."""


@pytest.mark.parametrize(("text", "letters", "expected"), FORMULAS, ids=[f"{row[0]} {row[1]}" for row in FORMULAS])
def test_formulas_with_letters(text: str, letters: str, expected: Array) -> None:
    given = SIZES_GIVEN.get(text, ("1 x 1", "NNN") if text.startswith(r"\begin{cases} 1") else None)
    known = [Expected(shape(given[0]), tuple(shape(name)[0] for name in given[1]))] if given else None
    assert np.allclose(entries(said(text, list(letters), known).meaning), expected)


EINSTEIN = [
    (r"A_{ij}x_j", "i", A @ x),
    (r"A_{ij}B_{jk}", "ik", A @ B),
    (r"A_{ik}B_{kj}", "ji", (A @ B).T),
    (r"u_iA_{ij}x_j", "", u @ A @ x),
    (r"S_{ii}", "", np.trace(S)),
    (r"x_iS_{ij}x_j + c", "", x @ S @ x + c),
    (r"A_{ij}x_j + u_i", "i", A @ x + u),
    (r"2(A_{ij}x_j)A_{ik}", "k", 2 * A.T @ A @ x),
    (r"\delta_{ij}x_j", "i", x),
    (r"y_j(\delta_{ij} - y_i)", "ij", filled((n, n), lambda i, j: y[j] * (d(i, j) - y[i]))),
]


@pytest.mark.parametrize(("text", "letters", "expected"), EINSTEIN, ids=[f"{row[0]} {row[1]}" for row in EINSTEIN])
def test_repeated_letters_are_summed_down_to_the_free_ones(text: str, letters: str, expected: Array) -> None:
    reading = said(text, list(letters))
    assert np.allclose(entries(reading.meaning), expected)
    assert any("summed" in remark for remark in reading.remarks) == (len(free_letters_of(text)) > len(letters))


def free_letters_of(text: str) -> tuple[str, ...]:
    return free_letters(parse(text, Names.of(read_declarations(DECLARED))).sides[-1])


def test_the_number_of_free_letters_says_what_is_summed() -> None:
    vector, matrix = (Expected((shape("1 x 1")), tuple(shape(name)[0] for name in axes)) for axes in ("M", "MP"))
    assert np.allclose(entries(said(r"A_{ij}x_j", None, [vector]).meaning), A @ x)
    assert np.allclose(entries(said(r"A_{ij}B_{jk}", None, [matrix]).meaning), A @ B)


def test_letters_that_stand_twice_in_a_function_are_summed() -> None:
    def letters(text: str) -> list[str]:
        tree = parse(text, Names.of(read_declarations(DECLARED))).sides[-1]
        (reading,) = readings(tree, World.of(read_declarations(DECLARED)), summing=True)
        return [letter for letter, _ in reading.meaning.letters]

    assert letters("x_iA_{ji}") == ["j"]
    assert letters("A_{ji}x_iA_{jk}x_k") == []
    assert letters("x_i^2") == ["i"]


def test_the_default_order_of_letters_is_said() -> None:
    reading = said("x_iA_{ji}", None, [Expected(shape("1 x 1"), (shape("N")[0], shape("M")[0]))])
    assert reading.meaning.letters == (("i", shape("N")[0]), ("j", shape("M")[0]))
    assert any("i, j are taken in this order" in remark for remark in reading.remarks)


def test_a_letter_that_nothing_depends_on_still_counts() -> None:
    known = [Expected(shape("1 x 1"), (shape("N")[0], shape("M")[0]))]
    assert np.allclose(entries(said("x_i", ["i", "k"], known).meaning), np.outer(x, np.ones(m)))


@pytest.mark.parametrize(
    ("text", "letters"),
    [("x_i^2", ""), ("x_i + y_i", ""), ("x_iy_j", "i"), ("A_{ij}u_j", "i"), ("(x_i)^2", ""), (r"\log x_i", "")],
)
def test_what_is_not_repeated_is_not_summed(text: str, letters: str) -> None:
    with pytest.raises(NotConforming):
        said(text, list(letters))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x_N", "N is a size"),
        ("x_0", "counted from 1"),
        (r"\sum_{i=2}^N x_i", "does not run over all"),
        (r"\sum_i c", "what i counts"),
        (r"\begin{cases} x_i & i < j \\ 0 & \text{else}\end{cases}", "by = and ≠ only"),
        ("x_{i+1}", "a letter or a number"),
    ],
)
def test_refusals(text: str, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        said(text)


@pytest.mark.parametrize("text", ["x_iA_{ij} + u_j", "x_4", "S_{1,4}", r"\delta_{ij}x_iu_j", r"\sum_{i=1}^{M} x_i"])
def test_letters_that_count_two_sizes_do_not_conform(text: str) -> None:
    symbols = read_declarations(DECLARED.replace("x: N", "x: 3").replace("S: N x N", "S: 3 x 3"))
    tree = parse(text, Names.of(symbols)).sides[-1]
    with pytest.raises(NotConforming):
        readings(tree, World.of(symbols))


def test_a_swapped_index_is_another_meaning() -> None:
    right = said(r"\delta_{ij}x_k", list("ijk"), [Expected(shape("1 x 1"), (shape("N")[0],) * 3)])
    wrong = said(r"\delta_{ik}x_j", list("ijk"), [Expected(shape("1 x 1"), (shape("N")[0],) * 3)])
    assert right.meaning != wrong.meaning
