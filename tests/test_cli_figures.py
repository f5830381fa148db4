"""Files of mathematics with figures and numbers: pages show them, LaTeX finds them beside the page."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import sympy
from click.testing import CliRunner, Result

from symjac.cli import main
from symjac.cli.exhibit import load
from symjac.cli.figures import pictures
from symjac.cli.numbers import judge_number, read_numbers
from symjac.cli.pages import page, terminal_page
from symjac.errors import DomainError, SymjacError

pytest.importorskip("matplotlib")

LINE = '''"""A line, drawn."""

from symjac import declare, jacobian

A, x = declare("A: 2 x 2, x: 2")

derivation = jacobian(A * x, x)
by_hand = A
'''

DRAWN = """

def figure():
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(figsize=(3, 2))
    axes.plot([0, 1])
    axes.set_title("A rising line")
    return axes
"""


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    path = tmp_path / "line.py"
    path.write_text(LINE + DRAWN, encoding="utf-8")
    return path


def show(path: Path, *args: str) -> Result:
    return CliRunner().invoke(main, [str(path), *args])


def test_html_holds_the_figure(drawn: Path, tmp_path: Path) -> None:
    result = show(drawn, "-o", str(tmp_path / "page.html"))
    assert result.exit_code == 0, result.output
    assert "[picture: A rising line]" in result.stdout
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert html.count("<svg") == 1
    assert 'aria-label="A rising line"' in html
    assert "<?xml" not in html
    assert "http://www.w3.org/2000/svg" in html
    assert sorted(path.name for path in tmp_path.iterdir()) == ["line.py", "page.html"]


def test_the_same_figure_gives_the_same_page(drawn: Path) -> None:
    first, second = (page(exhibit, exhibit.verdict(), "html") for exhibit in (load(drawn), load(drawn)))
    assert first == second


def test_latex_finds_the_figure_beside_the_page(drawn: Path, tmp_path: Path) -> None:
    result = show(drawn, "--to", "tex", "-o", str(tmp_path / "page.tex"))
    assert result.exit_code == 0, result.output
    assert (tmp_path / "line-figure-1.pdf").read_bytes().startswith(b"%PDF")
    tex = (tmp_path / "page.tex").read_text(encoding="utf-8")
    assert r"\includegraphics{line-figure-1.pdf}" in tex
    if shutil.which("pdflatex"):
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:]


def test_pages_without_figures_load_no_graphics(tmp_path: Path) -> None:
    path = tmp_path / "line.py"
    path.write_text(LINE, encoding="utf-8")
    exhibit = load(path)
    assert "graphicx" not in page(exhibit, exhibit.verdict(), "tex")


def test_figures_axes_functions_and_tuples_of_them() -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    found = pictures((figure, axes, lambda: figure, lambda: (figure, axes)), "x")
    assert [picture.name for picture in found] == [f"x-figure-{i}.pdf" for i in range(1, 6)]
    assert pictures(None, "x") == ()
    with pytest.raises(DomainError, match="`figure` is a Matplotlib figure, or a function that draws one, not int"):
        pictures(3, "x")


def test_a_file_of_numbers_alone(tmp_path: Path) -> None:
    path = tmp_path / "sum.py"
    path.write_text('"""A sum."""\n\nnumbers = {"one and one": (1 + 1, 2), "a half": (0.5, None)}\n', encoding="utf-8")
    exhibit = load(path)
    told = terminal_page(exhibit, exhibit.verdict())
    assert "one and one: 2    (as by hand)\n    a half: 0.5" in told
    path.write_text('"""A sum."""\n\nnumbers = {"one and one": (1 + 1, 3)}\n', encoding="utf-8")
    result = show(path, "-o", str(tmp_path / "sum.html"))
    assert result.exit_code == 1
    assert "one and one: not equal: by hand it is 3" in result.stderr


def test_a_file_of_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nothing.py"
    path.write_text('"""Nothing."""\n', encoding="utf-8")
    with pytest.raises(SymjacError, match="has no name `derivation`"):
        load(path).verdict()


n = sympy.Symbol("n")


@pytest.mark.parametrize(
    ("found", "claim", "equal"),
    [
        (0.7616, "0.76", True),
        (0.7616, "0.77", False),
        (np.array([[0.7616], [-0.1]]), ["0.76", "-0.1"], True),
        (np.array([1.0, 2.0]), [1, 2], True),
        (np.array([1.0, 2.0]), [1, 3], False),
        (np.array([1.0, 2.0]), [[1, 2]], False),
        (1 + 1e-12, 1, True),
        (float("nan"), 1, False),
        ((2, 3), (2, 3), True),
        (True, True, True),
        (n * (n + 1), n**2 + n, True),
        (n, n + 1, False),
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
    ],
)
def test_numbers_by_hand(found: object, claim: object, equal: bool) -> None:
    judgement = judge_number(found, claim)
    assert judgement is not None
    assert judgement.ok is equal


def test_numbers_are_pairs() -> None:
    with pytest.raises(DomainError, match=r"numbers\['a'\] is a pair"):
        read_numbers({"a": 3})
    with pytest.raises(DomainError, match="`numbers` is a dictionary"):
        read_numbers([1])
