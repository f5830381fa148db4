"""The command line: every form of answer, every refusal in one message, and exit statuses that scripts can trust."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from symjac.check import Failure
from symjac.cli import main
from symjac.cli.answer import as_object
from symjac.derivation import Derivation, jacobian

ROOT = Path(__file__).parents[1]
GRAM = ["derive", "A.T*A", "--wrt", "A", "--given", "A: M x N"]


def run(*args: str) -> Result:
    return CliRunner().invoke(main, args)


def refused(result: Result, *words: str) -> None:
    """One message on standard error, exit status 2, nothing on standard output, no traceback."""
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr


def subprocess_of(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    return subprocess.run(
        [sys.executable, *args], capture_output=True, text=True, encoding="utf-8", env=environment, check=False
    )


# Forms of the answer


def test_text_is_the_default() -> None:
    result = run(*GRAM, "--sizes", "M=3,N=2")
    assert result.exit_code == 0
    assert "= (I_{N²} + K_NN)(I_N ⊗ Aᵀ)" in result.stdout
    assert "The entries at M = 3, N = 2" in result.stdout
    assert "⎡2⋅A₁₁  2⋅A₂₁  2⋅A₃₁    0      0      0  ⎤" in result.stdout
    assert "A: proved for all sizes" in result.stdout


def test_no_check_checks_nothing() -> None:
    result = run(*GRAM, "--no-check")
    assert result.exit_code == 0
    assert "proved" not in result.stdout


def test_latex_is_the_fragment() -> None:
    result = run("derive", "A*x", "--wrt", "x", "--given", "A: M x N, x: N", "--to", "latex", "--detail", "full")
    expected = jacobian("A*x", "x", given="A: M x N, x: N").latex(detail="full")
    assert result.stdout == expected + "\n"


def test_tex_and_html_are_whole_documents() -> None:
    tex, html = run(*GRAM, "--to", "tex").stdout, run(*GRAM, "--to", "html").stdout
    assert tex.startswith(r"\documentclass")
    assert tex.endswith("\\end{document}\n")
    assert html.startswith("<!DOCTYPE html>")
    assert "<title>The Jacobian of A.T*A by A</title>" in html
    assert "import numpy as np" in html


def test_python_needs_numpy_alone(tmp_path: Path) -> None:
    result = run(*GRAM, "--to", "python", "-o", str(tmp_path / "gram.py"))
    assert result.stdout == f"wrote {tmp_path / 'gram.py'}\n"
    program = "import gram, numpy, sys; print(gram.jacobian(numpy.ones((3, 2))).shape, 'sympy' in sys.modules)"
    found = subprocess_of("-c", program, PYTHONPATH=str(tmp_path))
    assert found.stdout == "(4, 6) False\n"


def test_json_has_its_schema() -> None:
    result = run(*GRAM, "--to", "json", "--sizes", "M=1,N=2", "--layout", "wrt=row")
    found = json.loads(result.stdout)
    assert list(found) == SCHEMA
    assert found["variables"] == found["arguments"] == ["A"]
    assert found["layout"] == {"of": "column", "wrt": "row", "orientation": "numerator"}
    assert found["shape"] == found["jacobians"]["A"]["shape"] == ["N**2", "M*N"]
    assert found["jacobians"]["A"]["matrix"].endswith("(Aᵀ ⊗ I_N)")
    assert found["entries"][0] == ["2*A[0, 0]", "0"]
    assert found["check"]["ok"] is True
    assert found["check"]["proofs"] == {"A": "proved for all sizes"}
    assert found["check"]["failures"] == []
    for step in found["steps"]:
        assert list(step) == ["left", "subject", "variable", "before", "after", "rule"]


SCHEMA = [
    *("expression", "name", "variables", "arguments", "layout", "shape", "jacobians", "definitions", "steps"),
    *("sizes", "entries", "check"),
]


def test_json_without_a_check() -> None:
    found = json.loads(run(*GRAM, "--to", "json", "--no-check").stdout)
    assert found["check"] is None
    assert found["entries"] is None


def test_json_writes_no_infinity() -> None:
    derivation = jacobian("A*x", "x", given="A: M x N, x: N")
    report = derivation.check()
    object.__setattr__(report, "gap", float("inf"))
    assert as_object(derivation, report)["check"]["gap"] is None


def test_several_variables() -> None:
    given = ["--given", "A: M x N, x: N, b: M"]
    result = run("derive", "A*x + b", "--wrt", "x", "--wrt", "b", *given)
    assert result.exit_code == 0
    assert result.stdout == run("derive", "A*x + b", "--wrt", "x, b", *given).stdout
    assert "∂f/∂xᵀ = A" in result.stdout


def test_hessian() -> None:
    result = run("derive", "norm(A*x)**2", "--wrt", "x", "--given", "A: M x N, x: N", "--hessian")
    assert result.exit_code == 0
    assert "= 2AᵀA" in result.stdout


@pytest.mark.parametrize("args", [["-A*x"], ["--", "-A*x"]])
def test_an_expression_may_start_with_a_minus(args: list[str]) -> None:
    result = run("derive", "--wrt", "x", "--given", "A: M x N, x: N", *args)
    assert result.exit_code == 0
    assert "= −A" in result.stdout


def test_columns_are_those_of_the_text() -> None:
    refused(run("derive", "-z", "--wrt", "x", "--given", "x: N"), "column 2: z is not declared", "  -z\n   ^")


def test_wide_entries_are_listed() -> None:
    result = run("derive", "softmax(A*x)", "--wrt", "x", "--given", "A: 2 x 2, x: 2", "--no-check")
    assert "    (1, 1) = " in result.stdout
    listed = run("derive", "exp(x)", "--wrt", "x", "--given", "x: N", "--no-check", "--sizes", "N=30").stdout
    assert "    (30, 30) = exp(x₃₀)\n    all others are 0" in listed


def test_many_entries_come_only_when_asked_for() -> None:
    args = ["derive", "x", "--wrt", "x", "--given", "x: 30", "--no-check"]
    assert "The entries" not in run(*args).stdout
    assert "The entries" in run(*args, "--sizes", "").stdout


@pytest.mark.parametrize(
    ("words", "layout"),
    [
        ("denominator", "outputs column-first, inputs column-first, denominator layout"),
        ("row", "outputs row-first, inputs row-first, numerator layout"),
        ("of=row", "outputs row-first, inputs column-first, numerator layout"),
        ("wrt=row,orientation=denominator", "outputs column-first, inputs row-first, denominator layout"),
        ("numerator", "outputs column-first, inputs column-first, numerator layout"),
    ],
)
def test_layouts(words: str, layout: str) -> None:
    result = run(*GRAM, "--layout", words, "--no-check")
    assert layout in " ".join(result.stdout.split())


def test_entries_of_fixed_sizes_come_unasked() -> None:
    result = run("derive", "A*x", "--wrt", "A", "--given", "A: 2 x 2, x: 2")
    assert "[x₁  0   x₂  0 ]" in result.stdout or "⎡x₁  0   x₂  0 ⎤" in result.stdout


# Refusals


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["A*z", "--wrt", "A", "--given", "A: M x N"], ["column 3: z is not declared", "  A*z\n    ^"]),
        (["(" * 5000 + "A" + ")" * 5000, "--wrt", "A", "--given", "A: M x N"], ["nest at most", "column 102"]),
        (["A*A", "--wrt", "A", "--given", "A: M x N"], ["column 1", "M × N"]),
        (["A*x", "--wrt", "A"], ["Missing option '--given'"]),
        (["A*x", "--given", "A: M x N, x: N"], ["Missing option '--wrt'"]),
        (["A*x", "--wrt", "B", "--given", "A: M x N, x: N"], ["'B' is no declared symbol"]),
        (["A*x", "--wrt", "x", "--given", "A: M x, x: N"], ["column"]),
        (["A", "--wrt", "A", "--given", "A: M x N", "--sizes", "M=two"], ["'M=two' is no size; say M=3,N=2"]),
        (["A", "--wrt", "A", "--given", "A: M x N", "--sizes", "M=1,M=2"], ["M is given twice"]),
        (["A", "--wrt", "A", "--given", "A: M x N", "--sizes", "M=2"], ["N"]),
        (["A", "--wrt", "A", "--given", "A: M x N", "--sizes", "M=2,N=2,P=3"], ["P is no size"]),
        (["A", "--wrt", "A", "--given", "A: M x N", "--sizes", "M=2,N=99999999"], ["N=99999999"]),
        (["A", "--wrt", "A", "--given", "A: M x N", "--sizes", "M=2,N=0"], ["N=0"]),
        (["A", "--wrt", "A", "--given", "A: M x N", "--layout", "sideways"], ["'sideways' is no layout"]),
        (["A", "--wrt", "A", "--given", "A: M x N", "--layout", "wrt=diagonal"], ["wrt is one of"]),
        (["A", "--wrt", "A", "--given", "A: M x N", "--layout", "wrt=row,wrt=column"], ["chosen twice"]),
        (["A", "--wrt", "A", "--given", "A: M x N", "--to", "word"], ["'word'"]),
        (["A", "--wrt", "A", "--given", "A: M x N", "--hessian"], ["only a scalar has a Hessian"]),
        (["__import__('os')", "--wrt", "A", "--given", "A: M x N"], ["column"]),
    ],
)
def test_refusals(args: list[str], words: list[str]) -> None:
    refused(run("derive", *args), *words)


def test_an_unwritable_file_is_said(tmp_path: Path) -> None:
    refused(run(*GRAM, "-o", str(tmp_path / "none" / "x.txt")), "No such file or directory", "x.txt")
    refused(run(*GRAM, "-o", str(tmp_path)), "Is a directory")


def test_a_refuted_derivation_exits_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = Derivation.check

    def refuted(self: Derivation, points: int = 2, seed: int = 0) -> Any:
        report = sound(self, points, seed)
        object.__setattr__(report, "failures", (Failure("line 2", "product", 0.5),))
        return report

    monkeypatch.setattr(Derivation, "check", refuted)
    result = run(*GRAM)
    assert result.exit_code == 1
    assert "wrong: line 2: product" in result.stderr
    assert run(*GRAM, "--no-check").exit_code == 0


def test_a_terminal_without_unicode_is_said() -> None:
    found = subprocess_of("-m", "symjac", *GRAM, PYTHONIOENCODING="latin-1")
    assert found.returncode == 2
    assert found.stderr == "Error: the terminal cannot show Unicode in latin-1: write to a file with -o\n"


# Files of mathematics


def write(tmp_path: Path, source: str) -> str:
    path = tmp_path / "file.py"
    path.write_text(source, encoding="utf-8")
    return str(path)


def test_a_file_is_shown_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(str(ROOT / "derivations" / "gram_matrix.py"))
    assert result.exit_code == 0
    assert "The Jacobian of the Gram matrix" in result.stdout
    assert "Proved equal for all sizes." in result.stdout
    assert result.stdout.endswith("wrote gram_matrix.html\n")
    assert [path.name for path in tmp_path.iterdir()] == ["gram_matrix.html"]
    page = (tmp_path / "gram_matrix.html").read_text(encoding="utf-8")
    for words in ("(differentials)", "By hand", "Checked", "The entries at M = 3, N = 2", "def jacobian(A"):
        assert words in page


def test_a_page_in_tex_under_a_name(tmp_path: Path) -> None:
    target = tmp_path / "page.tex"
    result = run(str(ROOT / "derivations" / "linear_map.py"), "--to", "tex", "-o", str(target))
    assert result.exit_code == 0
    assert target.read_text(encoding="utf-8").startswith(r"\documentclass")


LINEAR = "from symjac import declare, jacobian, zeros\nA, x = declare('A: M x N, x: N')\nderivation = jacobian(A*x, x)\n"


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("by_hand = 2*A", "not equal: entry (1, 3) is 1.281 and not 0.6404, for M = 2, N = 3"),
        ("by_hand = A.T", "not equal: it is N × M, the derived one M × N"),
        ("identity = (A*x, 2*A*x)", "not equal: entry"),
    ],
)
def test_a_wrong_result_by_hand_exits_with_1(claim: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(write(tmp_path, LINEAR + claim))
    assert result.exit_code == 1
    assert f"by hand: {words}" in result.stderr
    assert (tmp_path / "file.html").exists()


def test_a_result_by_hand_may_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(write(tmp_path, LINEAR)).exit_code == 0


def test_results_by_hand_go_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    several = LINEAR.replace("jacobian(A*x, x)", "jacobian(A*x, [x, A])")
    assert run(write(tmp_path, several + "by_hand = {'x': A}")).exit_code == 0
    result = run(write(tmp_path, several + "by_hand = {'x': 3*A}"))
    assert result.exit_code == 1
    assert "by hand, x: not equal" in result.stderr


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("by_hand = 1", "has no name `derivation`"),
        ("derivation = 3", "not int"),
        ("x = 1\nderivation = y", "file.py, line 2: NameError: name 'y' is not defined"),
        ("x = (1\n", "file.py, line 1: SyntaxError"),
        ("raise SystemExit(0)", "file.py, line 1: SystemExit"),
        ("import numpy as np\nnp.linalg.inv(np.zeros((2, 2)))", "file.py, line 2: LinAlgError: Singular matrix"),
        ("from symjac import declare\ndeclare('A: M x')", "file.py, line 2: column"),
        (LINEAR + "by_hand = (A, A)", "there are 2 results for 1 variables"),
        (LINEAR + "by_hand = {'y': A}", "'y' is claimed"),
        (LINEAR + "derivation = (derivation, derivation)\nby_hand = (A,)", "tuples of one length"),
        (LINEAR + "identity = A", "`identity` is a pair"),
    ],
)
def test_a_file_that_cannot_be_shown(source: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    refused(run(write(tmp_path, source)), words)
    assert [path.name for path in tmp_path.iterdir()] == ["file.py"]


def test_a_file_of_another_kind() -> None:
    refused(run(str(ROOT / "README.md")), "README.md is no file of mathematics: its name has to end in .py")
    refused(run("nosuch"), "No such command 'nosuch'")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    refused(run(str(tmp_path / "none.py")), "none.py: No such file or directory")
