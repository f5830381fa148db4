"""Exercise files: what is found in them, where it stands, and that any bytes at all are answered in one clean way."""

from __future__ import annotations

import time
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from symjac.errors import ParseError
from symjac.layout import Layout
from symjac.read.exercise import MAX_BYTES, MAX_EXERCISES, Exercise, decoded, read_exercises
from symjac.read.header import MAX_HEADER, Task, read_task, read_toml

HEADER = "```toml\ngiven = 'A: M x N, x: N'\nf = 'A*x'\nwrt = 'x'\n```\n"


def one(text: str) -> Exercise:
    (found,) = read_exercises(text)
    return found


def task(toml: str) -> Task:
    return read_task(read_toml(toml))


def formulas(text: str) -> list[str]:
    return [formula.text.strip() for formula in one(HEADER + text).working]


# Files


def test_an_exercise_has_the_title_above_it_and_the_working_below() -> None:
    found = one(f"# Week 3\n\nProse.\n\n## The linear map ##\n\n{HEADER}\nso\n\n$$ = A $$\n")
    assert found.title == "The linear map"
    assert found.task == Task(given="A: M x N, x: N", f="A*x", wrt="x")
    assert [(formula.text, formula.line, formula.column) for formula in found.working] == [(" = A ", 15, 3)]


@pytest.mark.parametrize(
    "text",
    [
        "$$ a = b $$",
        "$$\na = b\n$$",
        "\\[ a = b \\]",
        "```math\na = b\n```",
        "~~~~latex\na = b\n~~~~",
        "\\begin{align}a = b\\end{align}",
        "\\begin{equation*}\na = b\n\\end{equation*}",
        "words $$a = b$$ words",
    ],
)
def test_display_math_in_every_dress(text: str) -> None:
    assert formulas(text) == ["a = b"]


@pytest.mark.parametrize(
    "text",
    [
        "$a = b$ in the line",
        "`$$ a $$`",
        "```python\n$$ a $$\n```",
        "```\n$$ a $$\n```",
        "<!-- $$ a $$ -->",
        r"\$$ a and \$$ b",
        "~~~\n```math\na\n```\n~~~",
    ],
)
def test_what_is_no_working(text: str) -> None:
    assert formulas(text) == []


def test_places_of_a_formula_over_several_lines() -> None:
    found = one(HEADER + "$$\nf = Ax \\\\\n  = y\n$$")
    (formula,) = found.working
    assert formula.place(formula.text.index("f")) == (7, 1)
    assert formula.place(formula.text.index("= y")) == (8, 3)


def test_front_matter_is_shared() -> None:
    text = (
        "+++\ngiven = 'A: M x N, x: N'\n+++\n# a\n```toml\nf = 'A*x'\nwrt = 'x'\n```\n# b\n```toml\nf = 'x'\nwrt = 'x'\n```\n"
    )
    assert [(e.title, e.task.given, e.task.f) for e in read_exercises(text) if e.task] == [
        ("a", "A: M x N, x: N", "A*x"),
        ("b", "A: M x N, x: N", "x"),
    ]


def test_front_matter_alone_is_an_exercise() -> None:
    found = one("+++\ngiven = 'A: M x N, x: N'\nf = 'A*x'\nwrt = 'x'\n+++\n# The map\n$$ = A $$\n")
    assert (found.title, len(found.working)) == ("The map", 1)


def test_a_broken_header_spoils_its_exercise_only() -> None:
    first, second = read_exercises(f"# a\n```toml\nf = \n```\n$$ x $$\n# b\n{HEADER}")
    assert first.task is None
    assert "line 3" in first.problem
    assert second.task is not None


def test_what_is_never_closed_is_said_with_its_line() -> None:
    found = one(HEADER + "\n$$ a = b\n")
    assert found.problem == "line 7: this $$ is never closed"
    assert [formula.text for formula in found.working] == [" a = b\n"]


@pytest.mark.parametrize("text", ["", "# Nothing\n$$ a = b $$", "```toml", "```python\nf = 1\n```"])
def test_no_exercise(text: str) -> None:
    if text == "```toml":
        assert one(text).task is None
        return
    with pytest.raises(ParseError, match="there is no exercise"):
        read_exercises(text)


# Headers


@pytest.mark.parametrize(
    ("words", "layout"),
    [
        ("numerator", Layout()),
        ("denominator layout", Layout(orientation="denominator")),
        ("row-first inputs", Layout(wrt="row")),
        ("Outputs row-first, wrt = row", Layout(of="row", wrt="row")),
        ("row-first, denominator", Layout("row", "row", "denominator")),
    ],
)
def test_layouts_in_words(words: str, layout: Layout) -> None:
    assert task(f"given = 'x: N'\nf = 'x'\nwrt = 'x'\nlayout = '{words}'").layout == layout


@pytest.mark.parametrize(
    ("f", "named", "body"),
    [
        ("K = A'*A", "K", "A'*A"),
        ("f(x) = A*x", "f", "A*x"),
        (r"a^{(1)} = Wx", r"a^{(1)}", "Wx"),
        ("A*x", "", "A*x"),
        (r"\sum_{i=1}^N x_i", "", r"\sum_{i=1}^N x_i"),
    ],
)
def test_a_function_may_have_a_name(f: str, named: str, body: str) -> None:
    found = task(f"given = 'x: N'\nwrt = 'x'\nf = \"{f}\"".replace("\\", "\\\\"))
    assert (found.named, found.f) == (named, body)


def test_values_are_exact() -> None:
    found = task("kind = 'value'\n[values]\nW = [[1, 0.1], [2, -3]]\nb = [0.25, 1]\nc = 2")
    assert found.values["W"] == ((1, Fraction(1, 10)), (2, -3))
    assert found.values["b"] == ((Fraction(1, 4),), (1,))
    assert found.values["c"] == ((2,),)


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("layuot = 'row'", "did you mean layout"),
        ("kind = 'proof'", "kind is 'derivative' or"),
        ("given = 3", "given is a text"),
        ("f = 'x'", "lacks given and wrt"),
        ("given = 'x: N'\nf = 'x'\nwrt = 'x'\nlayout = 'sideways'", "'sideways' is no layout"),
        ("given = 'x: N'\nf = 'x'\nwrt = 'x'\nlayout = 'numerator, denominator'", "both numerator and denominator"),
        ("given = 'x: N'\nf = 'x'\nwrt = 'x'\nslip = 'sign'", 'belong to expect = "wrong"'),
        ("kind = 'value'\n[values]\nW = [[1, 2], [3]]", "rows of one length"),
        ("kind = 'value'\n[values]\nW = [[]]", "a list of numbers"),
        ("kind = 'value'\n[values]\nW = [true]", "holds numbers"),
        ("kind = 'value'\n[values]\nW = inf", "numbers are finite"),
        ("kind = 'value'\n[values]\nW = 1e99", "at most"),
        ("kind = 'parameter count'\nlayers = [0, 1]", "whole number from 1"),
        ("kind = 'parameter count'\nlayers = [2]", "2 to 100 widths"),
        ("order = 3", "from 1 to 2"),
        ("f = 1979-05-27", "is a text"),
        ("f = ", "not TOML"),
        ("f = 'x'\nf = 'y'", "not TOML"),
        ("names = 'x'", "a table"),
    ],
)
def test_headers_that_are_refused(toml: str, words: str) -> None:
    with pytest.raises(ParseError, match=words.replace("(", r"\(")):
        task(toml)


# Caps, and anything at all


def test_caps() -> None:
    with pytest.raises(ParseError, match="at most"):
        decoded(b"x" * (MAX_BYTES + 1))
    with pytest.raises(ParseError, match="UTF-8"):
        decoded(b"# a\xff")
    with pytest.raises(ParseError, match="at most"):
        read_toml("#" * (MAX_HEADER + 1))
    with pytest.raises(ParseError, match=r"nests too deep|not TOML"):
        read_toml(f"a = {'[' * 3000}")
    with pytest.raises(ParseError, match=f"at most {MAX_EXERCISES}"):
        read_exercises(HEADER * (MAX_EXERCISES + 1))


@pytest.mark.parametrize(
    "piece", ["$$", "\\[", "```math\n", "<!--", "`", "\\begin{align}", "# a\n", "\\$", "+++\n", "~~~", "    ", "$"]
)
def test_a_long_file_of_one_thing_is_read_quickly(piece: str) -> None:
    text = HEADER + piece * (200_000 // len(piece))
    start = time.perf_counter()
    read_exercises(text)
    assert time.perf_counter() - start < 2


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
@example(b"+++\n+++")
@example(b"\xef\xbb\xbf```toml\r\n```")
def test_any_bytes_are_answered(data: bytes) -> None:
    with suppress(ParseError):
        read_exercises(decoded(data))


# fmt: off
PIECES = st.sampled_from([
    "```toml\n", "```\n", "```math\n", "+++\n", "$$", "$", "\\[", "\\]", "`", "<!--", "-->", "# t\n", "f = 'x'\n",
    "\n", "given", "=", "\\begin{align}", "\\end{align}", "kind = 'value'\n", "[values]\nW = [1]\n", "\\\\", "\x00",
    "é", "[[a]]\n", "'''", "~~~\n",
])
# fmt: on


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_soup_of_delimiters_is_answered(text: str) -> None:
    try:
        found = read_exercises(text)
    except ParseError:
        return
    for exercise in found:
        assert exercise.task is not None or exercise.problem
        lines = text.split("\n")
        for formula in exercise.working:
            line, column = formula.place(0)
            assert formula.text == "" or "\n".join(lines[line - 1 :])[column - 1 :].startswith(formula.text)
