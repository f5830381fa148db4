"""Shapes of layers, counts of parameters, choices: right ones pass, and the usual slips are named."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symjac.errors import DomainError, ParseError
from symjac.nodes.sizes import ONE, size_symbol
from symjac.read.header import Task
from symjac.verify.kinds import choice_marks, count_marks, layer_marks
from symjac.verify.marks import Mark
from symjac.verify.spaces import axes_text, read_axes, read_space

M, N = size_symbol("M"), size_symbol("N")


def only(marks: object) -> Mark:
    (mark,) = marks  # type: ignore[misc]
    assert isinstance(mark, Mark)
    return mark


def counted(layers: tuple[int, ...], answer: str, what: str = "parameters") -> Mark:
    return only(count_marks(Task("parameter count", layers=layers, answer=answer, counted=what)))


# Counts (mission row S27)


@pytest.mark.parametrize(
    ("layers", "answer", "what"),
    [
        ((784, 256, 128, 10), "235146", "parameters"),
        ((784, 256, 128, 10), "235,146", "parameters"),
        ((2, 16, 16, 1), "337", "parameters"),
        ((784, 256), "200704", "multiplications"),
    ],
)
def test_right_counts(layers: tuple[int, ...], answer: str, what: str) -> None:
    assert counted(layers, answer, what).status == "correct"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("234752", "Without the biases"),
        ("234755", "one bias a layer"),
        ("235930", "biases for the inputs"),
        ("233856", "Without the last layer"),
        ("7", "There are 235,146 parameters: (784·256 + 256) + (256·128 + 128) + (128·10 + 10)."),
    ],
)
def test_wrong_counts_are_explained(answer: str, words: str) -> None:
    mark = counted((784, 256, 128, 10), answer)
    assert (mark.status, mark.kind) == ("wrong", "value")
    assert words in mark.message


def test_a_count_is_a_number() -> None:
    assert counted((2, 3), "many").status == "unread"


# Shapes (mission row S25)


def shaped(**shapes: str) -> list[Mark]:
    return list(layer_marks(Task("shape", layers=(4, 8, 4, 2), shapes=shapes)))


def test_right_shapes() -> None:
    marks = shaped(W1="8 x 4", b1="8", W_2=r"4 \times 8", b2="4 x 1", W3="2×4", b3="2", h1="8", z3="2")
    assert {mark.status for mark in marks} == {"correct"}


@pytest.mark.parametrize(("claim", "kind"), [("4 x 8", "transpose"), ("8 x 8", "shape"), ("8", "shape")])
def test_wrong_shapes(claim: str, kind: str) -> None:
    mark = only(shaped(W1=claim))
    assert (mark.status, mark.kind) == ("wrong", kind)
    assert "It is 8 × 4" in mark.message
    assert "8 outputs of 4 inputs" in mark.message


@pytest.mark.parametrize("shapes", [{"W4": "2 x 2"}, {"W1": "big"}, {"W1": ""}])
def test_unread_shapes(shapes: dict[str, str]) -> None:
    assert only(shaped(**shapes)).status == "unread"


@pytest.mark.parametrize(
    ("text", "axes"),
    [
        (r"\mathbb{R}^N", (N,)),
        (r"\mathbb R^{M \times N}", (M, N)),
        (r"ℝ^{N}", (N,)),
        (r"\mathbb{R}", (ONE,)),
        (r"R^{(N \times N) \times (M \times N)}", (N**2, M * N)),
        (r"{\bf R}^{N^2 \times MN}", (N**2, M * N)),
        (r"M_{M \times N}(\mathbb{R})", (M, N)),
        (r"\mathbb{R}^{2N+1}", (2 * N + 1,)),
        (r"\mathbb{R}^{3x2}.", (3, 2)),
    ],
)
def test_spaces(text: str, axes: tuple[object, ...]) -> None:
    assert read_space(text, ["M", "N"]) == axes


@pytest.mark.parametrize(
    "text",
    [
        r"\mathbb{C}^N",
        r"\mathbb{R}^{n}",
        r"\mathbb{R}^{N",
        "R^{N^99}",
        "R^{" + "(" * 50 + "}",
        "x" * 300,
        "",
        r"R^{N \times}",
        "R^{0}",
    ],
)
def test_no_spaces(text: str) -> None:
    with pytest.raises((ParseError, ValueError)):
        read_space(text, ["M", "N"])


def test_axes_are_said() -> None:
    assert [axes_text(read_axes(text, ["N"])) for text in ("N", "2 x N", "N x 1")] == ["N × 1", "2 × N", "N × 1"]


# Choices (mission row S12)

OPTIONS = {
    name: {"w": Fraction(w), "b": Fraction(b)}
    for name, w, b in [("a", 10, 0), ("b", -3, 0), ("c", 3, 1), ("d", -5, 5), ("e", 0, 5)]
}


def chosen(answer: str, f: str = "tanh(w*x + b)") -> list[Mark]:
    task = Task(
        "choice",
        f=f,
        wrt="x",
        options=OPTIONS,
        inputs=(Fraction(1), Fraction(0)),
        targets=(Fraction(0), Fraction(1)),
        answer=answer,
    )
    return list(choice_marks(task))


def test_the_not_gate() -> None:
    *options, answer = chosen("d")
    assert [mark.kind for mark in options] == ["loss 2", "loss 1.99", "loss 1.055", "loss 8.244e-09", "loss 0.9998"]
    assert (answer.status, answer.evidence) == ("correct", "computed")


@pytest.mark.parametrize("answer", ["a", "b", "c", "(e)"])
def test_the_other_options_are_wrong(answer: str) -> None:
    mark = chosen(answer)[-1]
    assert mark.status == "wrong"
    assert "d has 8.244e-09" in mark.message


def test_ties_are_both_right() -> None:
    assert chosen("a", "0*w*x")[-1].status == "correct"
    assert "as good as" in chosen("a", "0*w*x")[-1].message


def test_choices_that_are_none() -> None:
    assert chosen("f")[-1].status == "unread"
    with pytest.raises(DomainError, match="no finite number"):
        chosen("a", "log(w*x - 10)")
    with pytest.raises(ParseError):
        chosen("a", "__import__('os')")
