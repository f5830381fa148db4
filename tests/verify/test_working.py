"""Workings, line by line: what is right passes, the first wrong line is found, and what follows from it is said to."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symjac.errors import SymjacError
from symjac.read.exercise import Exercise, Formula
from symjac.read.header import read_task, read_toml
from symjac.verify.exercises import marks
from symjac.verify.lines import MAX_LINES, statements
from symjac.verify.marks import Mark, Marked, marked
from symjac.verify.working import MAX_LINE

QUADRATIC = "given = 'A: N x N, x: N'\nf = 'x.T*A*x'\nwrt = 'x'\n"
REGRESSION = "given = 'y: N, Phi: N x D, theta: D'\nf = 'L = norm(y - Phi*theta)**2'\nwrt = 'theta'\n"
GRAM = "given = 'A: M x N'\nf = 'K = A.T*A'\nwrt = 'A'\n"
MAP = "given = 'A: M x N, x: N'\nf = 'A*x'\nwrt = 'x'\n"
LAYER = "given = 'W: m x n, x: n, b: m'\nf = '''h = \\tanh(Wx+b)'''\nwrt = 'x'\n"
IDENTITY = "kind = 'identity'\ngiven = 'A: M x N, B: N x P, X: N x N'\n"
NUMBERS = """kind = 'value'
definitions = ['''z = W a + b''', '''h = \\tanh(z)''']
[values]
W = [[-2, 4, -1], [6, 0, -3]]
b = [0.1, 0.25]
a = [0.3, 0.4, 0.1]
"""


def work(header: str, *lines: str) -> Marked:
    exercise = Exercise("t", 1, read_task(read_toml(header)), tuple(Formula(line, k, 1) for k, line in enumerate(lines, 1)))
    return marked(exercise, list(marks(exercise)))


def statuses(result: Marked) -> list[str]:
    return [mark.status for mark in result.marks]


def only(header: str, line: str) -> Mark:
    (mark,) = work(header, line).marks
    return mark


# Right workings


@pytest.mark.parametrize(
    ("header", "lines"),
    [
        (QUADRATIC, [r"\nabla f = (A + A^T)x", r"\nabla^2 f = A + A^T", r"\frac{\partial f}{\partial x^T} = x^T(A+A^T)"]),
        (QUADRATIC, [r"\mathrm{d}f = (dx)^T A x + x^T A dx = x^T(A^T + A) dx \Rightarrow \nabla f = (A + A^T)x"]),
        (
            QUADRATIC,
            [r"f = \sum_{i,j} x_i A_{ij} x_j \\ \frac{\partial f}{\partial x_k} = \sum_j A_{kj}x_j + \sum_i x_i A_{ik}"],
        ),
        (QUADRATIC, [r"\begin{align} \nabla f &= Ax + A^Tx \\ &= (A + A^T)x \end{align}"]),
        (
            REGRESSION,
            [r"e = y - \Phi\theta", "L = e^T e", r"dL = 2 e^T de = -2 e^T \Phi d\theta", r"\nabla_\theta L = -2\Phi^T e"],
        ),
        (
            GRAM,
            [
                r"\mathrm{d}K = (\mathrm{d}A)^T A + A^T \mathrm{d}A",
                r"\frac{\partial K}{\partial A} = (I + K_{NN})(I \otimes A^T)",
            ],
        ),
        (GRAM, [r"G = A^TA", r"\frac{\partial G_{pq}}{\partial A_{ij}} = \delta_{pj} A_{iq} + \delta_{qj} A_{ip}"]),
        (
            LAYER,
            [
                "z = Wx + b",
                r"h = \tanh(z)",
                r"\frac{\partial h}{\partial z} = \operatorname{diag}(1 - h \odot h)",
                r"\frac{\partial h}{\partial x} = \frac{\partial h}{\partial z} \frac{\partial z}{\partial x}",
                r"= \operatorname{diag}(1 - h \odot h) W",
            ],
        ),
        (MAP, [r"\frac{\partial f_i}{\partial x_j} = \frac{\partial (Ax)_i}{\partial x_j} = A_{ij}"]),
        (MAP, [r"f \in \mathbb{R}^M \\ \nabla_x f = A"]),
        (MAP, ["A"]),
        (MAP + "answer = 'A'\n", []),
        (IDENTITY, [r"(AB)^T = B^T A^T, \quad \operatorname{tr}(AB(AB)^T) = \operatorname{tr}(B^T A^T A B)"]),
        (NUMBERS, [r"W a = (0.9, 1.5)", r"z = \begin{bmatrix}1.0 \\ 1.75\end{bmatrix}", r"h = (0.76, 0.94)^T"]),
        (
            NUMBERS,
            [r"h = \begin{bmatrix}\tanh(1.0) \\ \tanh(1.75)\end{bmatrix} = \begin{bmatrix}0.7616 \\ 0.9414\end{bmatrix}"],
        ),
    ],
)
def test_right(header: str, lines: list[str]) -> None:
    result = work(header, *lines)
    assert result.right, [(mark.source, mark.status, mark.message) for mark in result.marks]
    assert set(statuses(result)) <= {"correct", "noted"}


def test_a_convention_is_right_where_nobody_named_a_layout() -> None:
    line = r"\frac{\partial f}{\partial x} = (A + A^T)x"
    assert (work(QUADRATIC, line).status, work(QUADRATIC, line).right) == ("convention", True)
    asked = work(QUADRATIC + "layout = 'numerator'\n", line)
    assert (asked.status, asked.right) == ("convention", False)
    assert asked.marks[0].message == "This is right in denominator layout; the exercise asks for numerator layout."


# Wrong ones


@pytest.mark.parametrize(
    ("header", "line", "kind"),
    [
        (QUADRATIC, r"\nabla f = 2Ax", "symmetry"),
        (QUADRATIC, r"\nabla f = Ax", "product rule"),
        (QUADRATIC, r"\mathrm{d}f = 2x^T A\,\mathrm{d}x", "symmetry"),
        (REGRESSION, r"\nabla_\theta L = 2\Phi^T(y - \Phi\theta)", "sign"),
        (REGRESSION, r"\nabla_\theta L = -\Phi^T(y - \Phi\theta)", "factor"),
        (REGRESSION, r"\nabla_\theta L = \Phi(y - \Phi\theta)", "transpose"),
        (GRAM, r"\frac{\partial K}{\partial A} = (I + K_{NN})(I \otimes A)", "transpose"),
        (GRAM, r"K_{pq} = \sum_m A_{pm} A_{mq}", "indices"),
        (GRAM, r"K \in \mathbb{R}^{M \times M}", "shape"),
        (MAP, r"\frac{\partial f_i}{\partial x_j} = A_{ji}", "indices"),
        (IDENTITY, r"(AB)^T = A^T B^T", "order"),
        (IDENTITY, r"(AX)X = X A X", "order"),
        (NUMBERS, r"z = \begin{bmatrix}1.0 \\ -1.0\end{bmatrix}", "value"),
        (NUMBERS, r"h = (0.76, 0.95)", "value"),
        (NUMBERS, r"W a = \begin{bmatrix}-0.6 + 1.5 - 0.1 \\ 1.5\end{bmatrix}", "value"),
        (NUMBERS, r"W a = \begin{bmatrix}0.9 & 1.5 & 0\end{bmatrix}", "shape"),
    ],
)
def test_wrong(header: str, line: str, kind: str) -> None:
    mark = only(header, line)
    assert (mark.status, mark.kind) == ("wrong", kind), mark.message
    assert mark.message


def test_the_place_and_the_mend_are_told() -> None:
    line = r"\nabla_\theta L = -2\Phi^T y - 2\Phi^T \Phi\theta"
    mark = only(REGRESSION, line)
    assert mark.place is not None
    assert r"2\Phi^T \Phi\theta" in line[slice(*mark.place)]
    assert mark.mend == r"-2 \Phi^{T} y + 2 \Phi^{T} \Phi \theta"
    assert "For instance" in mark.counterexample


def test_what_follows_from_a_wrong_line_is_said_to() -> None:
    result = work(
        REGRESSION,
        r"\nabla_\theta L = -2\Phi^T y - 2\Phi^T\Phi\theta",
        r"= -2\Phi^T(y + \Phi\theta)",
        r"= 2\Phi^T(\Phi\theta - y)",
        r"= \Phi^T(\Phi\theta - y)",
    )
    assert statuses(result) == ["wrong", "wrong", "correct", "wrong"]
    assert [mark.follows for mark in result.marks] == [False, True, False, False]


def test_consequences_in_numbers() -> None:
    result = work(NUMBERS, r"z = (1.0, -1.0)", r"h = (0.76, -0.76)", r"h = (0.76, -0.77)")
    assert statuses(result) == ["wrong"] * 3
    assert [mark.follows for mark in result.marks] == [False, True, False]
    assert result.marks[0].message == "Entry 2 should be 1.75, not −1; b₂ = −2.5 would explain it."


def test_another_function_is_no_answer() -> None:
    """A line that is true but about something else does not make the exercise right."""
    result = work(MAP, "y = 2Ax", r"\frac{\partial y}{\partial x} = 2A")
    assert statuses(result) == ["noted", "correct"]
    assert not result.right
    assert "no line says what the derivative by x is" in result.message
    assert not work(MAP, r"\frac{\partial (2Ax)}{\partial x} = 2A").right
    assert not work(MAP).right


@pytest.mark.parametrize(
    ("header", "line"),
    [(MAP, r"\nabla_x f = \nabla_x f"), (MAP, r"\nabla_x f = \nabla_x (Ax)"), (GRAM, r"\mathrm{d}K = \mathrm{d}K")],
)
def test_a_line_that_says_nothing_is_no_answer(header: str, line: str) -> None:
    result = work(header, line)
    assert (result.status, result.right) == ("correct", False)


def test_a_derivative_that_is_set_to_zero() -> None:
    result = work(
        REGRESSION,
        r"\nabla L = -2\Phi^T(y - \Phi\theta) = 0 \Rightarrow \Phi^T\Phi\theta = \Phi^T y",
        r"y^T\Phi = \theta^T\Phi^T\Phi",
        r"\therefore \theta = (\Phi^T\Phi)^{-1}\Phi^T y",
        r"\theta = (\Phi^T\Phi)^{-1}\Phi^T y + \theta",
        r"\theta = 2(\Phi^T\Phi)^{-1}\Phi^T y",
        r"\Phi\theta = y",
    )
    assert statuses(result) == ["correct", "correct", "correct", "correct", "undecided", "wrong", "undecided"]
    assert [mark.evidence for mark in result.marks[1:4]] == ["follows from the equation"] * 3
    assert result.marks[5].message == "Put in, it does not make the derivative zero."


def test_zero_is_a_claim_where_nothing_was_found_before() -> None:
    assert only(QUADRATIC, r"\nabla f = 0").status == "wrong"


def test_single_entries() -> None:
    result = work(
        GRAM.replace("M x N", "3 x 2"),
        r"\frac{\partial K_{11}}{\partial A_{21}} = 2A_{21}",
        r"\frac{\partial K_{12}}{\partial A_{21}} = A_{21}",
        r"\frac{\partial K_{pp}}{\partial A_{ij}} = 2\delta_{pj} A_{ip}",
        r"\frac{\partial K_{11}}{\partial A} = \begin{bmatrix} 2A_{11} & 2A_{21} & 2A_{31} \\ 0 & 0 & 0 \end{bmatrix}",
    )
    assert statuses(result) == ["correct", "wrong", "correct", "correct"]


def test_the_start_of_a_chain_claims_nothing() -> None:
    result = work(QUADRATIC, r"x^T A x \\ = \sum_{i,j} x_i A_{ij} x_j \\ \nabla f = (A + A^T) x")
    assert statuses(result) == ["noted", "correct", "correct"]
    assert result.right


@pytest.mark.parametrize("line", ["N = 2", "i = 1", "M = N"])
def test_letters_and_sizes_are_not_defined(line: str) -> None:
    result = work(MAP, line, r"\frac{\partial f_i}{\partial x_j} = A_{ij}")
    assert statuses(result) == ["noted", "correct"]


def test_f_may_be_an_activation() -> None:
    header = "given = 'z: N'\nf = 'sum(tanh(z))'\nwrt = 'z'\nlayout = 'denominator'\n"
    assert only(header + 'definitions = ["f = \\\\tanh"]\n', "f'(z)").status == "correct"
    assert only(header, "f'(z)").status == "unread"


def test_how_one_name_depends_on_another_has_to_be_said() -> None:
    result = work(LAYER, "z = Wx + b", r"\frac{\partial h}{\partial z} = \operatorname{diag}(1 - h \odot h)")
    assert statuses(result) == ["noted", "undecided"]
    assert "how h depends on z" in result.marks[1].message


# Lines that cannot be read


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (r"\foo = A", r"\foo"),
        (r"A + p = A", "p is not declared"),
        (r"A \cdots = A", "leaves open"),
        (r"A = (", ""),
        (r"A^* = A", ""),
        (r"x \in \mathbb{C}^N", "is no space"),
        (r"x \in \mathbb{R}^{q}", "q is no size here"),
        ("x" * (MAX_LINE + 1), "at most"),
    ],
)
def test_unread(line: str, words: str) -> None:
    mark = only(IDENTITY.replace("A: M", "x: N, A: M"), line)
    assert mark.status == "unread"
    assert words in mark.message


def test_what_cannot_be_read_has_its_place() -> None:
    mark = only(IDENTITY, r"A X = A \foo X")
    assert mark.place is not None
    assert mark.source[mark.place[0] :].startswith(r"\foo")


def test_a_broken_declaration_is_an_error_of_the_whole_exercise() -> None:
    with pytest.raises(SymjacError, match="colon"):
        work("given = 'A'\nf = 'A'\nwrt = 'A'\n", "A")


# Cutting into lines


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (r"a = b \\ c = d", ["a = b", "c = d"]),
        (r"\begin{bmatrix} 1 \\ 2 \end{bmatrix} = b", [r"\begin{bmatrix} 1 \\ 2 \end{bmatrix} = b"]),
        (r"a = b \Rightarrow c = d \therefore e = f", ["a = b", r"\Rightarrow c = d", r"\therefore e = f"]),
        (r"\begin{cases} a, \quad b \\ c \end{cases} = x", [r"\begin{cases} a, \quad b \\ c \end{cases} = x"]),
        (r"a = b, \quad c = d", ["a = b", "c = d"]),
        (r"a \qquad b", ["a", "b"]),
        ("a % c = d\n= b", ["a        \n= b"]),
        (r"a = b \\ \\ . \\", ["a = b"]),
    ],
)
def test_statements(text: str, parts: list[str]) -> None:
    found = [line.strip() for _, line in statements(text)]
    assert found == parts


def test_places_of_statements() -> None:
    text = "\\begin{align}\n a &= b \\\\\n &= c \\Rightarrow d = e\n\\end{align}"
    for start, line in statements(text):
        assert len(line) <= len(text) - start
        for k, char in enumerate(line):
            assert char in (text[start + k], " ")


def test_too_many_lines() -> None:
    result = work(IDENTITY, r"A = A \\" * (MAX_LINES + 5))
    assert result.marks[-1].status == "unread"
    assert len(result.marks) == MAX_LINES + 1


# Anything at all

# fmt: off
PIECES = st.sampled_from([
    "A", "x", "K", "f", "=", "+", "-", "^T", "_{ij}", "_i", "(", ")", "{", "}", r"\frac", r"\partial", r"\nabla",
    r"\mathrm{d}", "d", r"\in", r"\mathbb{R}^N", r"\\", "&", r"\begin{cases}", r"\end{cases}", r"\sum_{i=1}^N",
    r"\Rightarrow", "1", "0.5", "^{-1}", "N", r"\text{if }", r"\otimes", "|", r"\|", "'", "é", "\x00", "%", r"\tanh",
    "M", "B", ",",
])
# fmt: on


@settings(max_examples=120, deadline=None)
@given(st.sampled_from([QUADRATIC, GRAM, IDENTITY, LAYER]), st.lists(PIECES, max_size=14).map(" ".join))
def test_any_soup_is_answered(header: str, line: str) -> None:
    try:
        result = work(header, line)
    except SymjacError:
        return
    assert all(mark.status in ("correct", "convention", "wrong", "undecided", "unread", "noted") for mark in result.marks)
