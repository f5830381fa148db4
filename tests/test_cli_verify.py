"""`symjac verify`: what is printed, the JSON that graders read, exit statuses, and files from people who mean harm."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from symjac.cli import main
from symjac.cli.marks import plain
from symjac.read.exercise import MAX_BYTES

EXERCISES = Path(__file__).parents[1] / "derivations" / "exercises"
HEADER = "```toml\ngiven = 'A: M x N, x: N'\nf = 'A*x'\nwrt = 'x'\n```\n"
RIGHT = f"# The map\n{HEADER}\n$$ \\nabla_x f = A $$\n"
WRONG = f"# The map\n{HEADER}\n$$ \\nabla_x f = 2A $$\n"


def run(*args: str | Path, text: str | None = None) -> Result:
    return CliRunner().invoke(main, ["verify", *map(str, args)], input=text)


def written(folder: Path, **files: str | bytes) -> list[Path]:
    paths = []
    for name, content in files.items():
        paths.append(folder / f"{name}.md")
        paths[-1].write_bytes(content if isinstance(content, bytes) else content.encode())
    return paths


def as_json(*args: str | Path) -> dict[str, Any]:
    result = run("--json", *args)
    assert result.exit_code in (0, 1)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


# What is printed


def test_a_right_file(tmp_path: Path) -> None:
    (path,) = written(tmp_path, a=RIGHT)
    result = run(path)
    assert result.exit_code == 0
    assert "✓ 1. The map" in result.stdout
    assert "8 ✓ \\nabla_x f = A" in result.stdout
    assert "proved for all sizes" in result.stdout
    assert result.stdout.endswith("1 exercise: right\n")


def test_a_wrong_file_says_how(tmp_path: Path) -> None:
    (path,) = written(tmp_path, a=WRONG)
    result = run(path)
    assert result.exit_code == 1
    assert "✗ \\nabla_x f = 2A" in result.stdout
    assert "wrong: factor" in result.stdout
    assert "For instance" in result.stdout
    assert "1 exercise: 0 right, 1 wrong" in result.stdout


def test_the_caret_stands_under_the_place(tmp_path: Path) -> None:
    (path,) = written(tmp_path, a=f"# a\n{HEADER}\n$$ \\nabla_x f = A \\foo $$\n")
    rows = run(path).stdout.splitlines()
    row = next(k for k, line in enumerate(rows) if "\\foo" in line)
    assert rows[row].index("\\foo") == rows[row + 1].index("^")


def test_a_caret_in_a_line_of_many_rows(tmp_path: Path) -> None:
    terms = " + ".join(["A"] * 60)
    (path,) = written(tmp_path, a=f"# a\n{HEADER}\n$$ \\nabla_x f = {terms} + \\foo + {terms} $$\n")
    rows = run(path).stdout.splitlines()
    row = next(k for k, line in enumerate(rows) if "\\foo" in line)
    assert rows[row].index("\\foo") == rows[row + 1].index("^")
    assert max(map(len, rows)) <= 110


def test_quiet_shows_what_is_not_right(tmp_path: Path) -> None:
    paths = written(tmp_path, a=RIGHT, b=WRONG)
    result = run("-q", *paths)
    assert "a.md" not in result.stdout
    assert "b.md" in result.stdout
    assert "2 exercises in 2 files: 1 right, 1 wrong" in result.stdout
    assert run("-q", paths[0]).stdout == "1 exercise: right\n"


def test_a_slip_on_purpose_is_right() -> None:
    result = run(EXERCISES / "slips.md")
    assert result.exit_code == 0
    assert "the slip that this exercise holds on purpose is found" in result.stdout
    assert "b₂ = −2.5 would explain it" in result.stdout


def test_an_expected_slip_that_is_not_there(tmp_path: Path) -> None:
    (path,) = written(tmp_path, a=RIGHT.replace("wrt = 'x'", "wrt = 'x'\nexpect = 'wrong'"))
    result = run(path)
    assert result.exit_code == 1
    assert "a slip is expected here, and none was found" in result.stdout


def test_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    written(tmp_path / "deep", a=RIGHT)
    written(tmp_path, b=RIGHT)
    (tmp_path / "c.txt").write_text("no exercise")
    result = run(tmp_path)
    assert result.exit_code == 0
    assert "2 exercises in 2 files: all right" in result.stdout


def test_standard_input() -> None:
    assert run("-", text=RIGHT).exit_code == 0


def test_jobs_keep_the_order(tmp_path: Path) -> None:
    paths = written(tmp_path, **{f"f{k:02}": RIGHT if k % 3 else WRONG for k in range(12)})
    found = as_json("--jobs", "3", *paths)
    assert [Path(file["file"]).stem for file in found["files"]] == [path.stem for path in paths]
    assert [file["right"] for file in found["files"]] == [k % 3 != 0 for k in range(12)]


# JSON


def test_the_schema(tmp_path: Path) -> None:
    found = as_json(*written(tmp_path, a=WRONG))
    assert set(found) == {"schema", "files", "summary"}
    assert found["schema"] == 1
    (file,) = found["files"]
    assert set(file) == {"file", "right", "exercises"}
    (exercise,) = file["exercises"]
    assert set(exercise) == {"title", "line", "kind", "status", "right", "message", "marks"}
    (mark,) = exercise["marks"]
    assert set(mark) == {
        "status", "source", "line", "column", "message", "kind", "evidence", "reading", "place", "counterexample", "mend",
        "remarks", "follows", "answers", "label",
    }  # fmt: skip
    assert (mark["status"], mark["kind"], mark["line"], mark["column"]) == ("wrong", "factor", 8, 4)
    assert found["summary"] == {
        "files": 1,
        "exercises": 1,
        "right": 0,
        "statuses": {"correct": 0, "convention": 0, "wrong": 1, "undecided": 0, "unread": 0},
    }


# Usage


@pytest.mark.parametrize("args", [[], ["nowhere.md"], ["--jobs", "0", "."], ["--seconds", "-1", "."], ["--wrong"]])
def test_usage(args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert result.stdout == ""


# Files from people who mean harm

LETTERS = "abcdeghijklmnopqrst"
TOUCH = "touch /tmp/symjac_was_here"
SUMS = "".join(rf"\sum_{{{letter}=1}}^N " for letter in LETTERS)
DEFINITIONS = ", ".join(f"'y_{{{k + 1}}} = y_{{{k}}} + y_{{{k}}}'" for k in range(60))
FACES = ", ".join(f"A{k}: N{k} x M{k}" for k in range(150))


def line(math: str) -> str:
    return f"{HEADER}\n$$ {math} $$"


def header(toml: str, math: str = "x") -> str:
    return f"```toml\n{toml}\n```\n$$ {math} $$"


HOSTILE: dict[str, str | bytes] = {
    "empty": "",
    "binary": b"\x00\xff\xfe",
    "zeros": b"\x00" * 1000,
    "long": b"x" * (MAX_BYTES + 1),
    "no_exercise": "# a\n$$ A = A $$",
    "toml_depth": header(f"a = {'[' * 3000}"),
    "toml_digits": header(f"layers = [1, {'9' * 5000}]"),
    "toml_code": header(f"""given = '__import__("os").system("{TOUCH}")'\nf = 'x'\nwrt = 'x'"""),
    "f_code": header(f"""given = 'x: N'\nf = '__import__("os").system("{TOUCH}")'\nwrt = 'x'"""),
    "math_code": line(rf"\nabla f = __import__('os').system('{TOUCH}')"),
    "write18": line(rf"\immediate\write18{{{TOUCH}}} = A"),
    "input": line(r"\input{/etc/passwd} = A"),
    "def": line(r"\def\x{\x\x} \x = A"),
    "tower": line(r"\nabla f = A" + "^{" * 90 + "2" + "}" * 90),
    "brackets": line(rf"\nabla f = {'(' * 3000}A{')' * 3000}"),
    "power": line(r"\nabla f = 9^{9^{9^{9}}} A"),
    "digits": line(rf"\nabla f = {'9' * 7000} A"),
    "product": line(rf"\nabla f = {'A A^T ' * 500} A"),
    "sum": line(rf"\nabla f = {' + '.join(['A'] * 1500)}"),
    "kron": line(r"\nabla f = " + r" \otimes ".join(["A"] * 200)),
    "letters": line(rf"\nabla f = \sum_{{{','.join(LETTERS)}}} A_{{ab}} A_{{cd}}"),
    "nested_sums": line(rf"f = {SUMS} x_a x_b x_c"),
    "cases": line(r"\nabla f = \begin{cases}" + r"A & i = j \\ " * 300 + r"\end{cases}"),
    "matrix": line(r"\nabla f = \begin{bmatrix}" + " & ".join(["x_1"] * 1500) + r"\end{bmatrix}"),
    "big_sizes": header("given = 'A: 1000000 x 1000000'\nf = 'A.T*A'\nwrt = 'A'", r"\nabla f = A"),
    "many_sizes": header(f"given = '{FACES}'\nf = 'A1'\nwrt = 'A1'", "A_1 = A_2"),
    "deep_f": header(f"given = 'x: N'\nf = '{'tanh(' * 90}x{')' * 90}'\nwrt = 'x'", r"\nabla f = x"),
    "definitions": header(f"given = 'x: N'\nf = 'x'\nwrt = 'x'\ndefinitions = ['y_{{0}} = x', {DEFINITIONS}]", "y_{60} = x"),
    "self_definition": header("given = 'x: N'\nf = 'x'\nwrt = 'x'\ndefinitions = ['y = y + x']", "y = x"),
    "values": header("kind = 'value'\n[values]\nA = [[1, 2], [3, 4]]", "A^{900} A^{900} = A"),
    "exp_values": header("kind = 'value'\n[values]\nc = 99999999", r"\exp(\exp(\exp(c))) = 1"),
    "exercises": HEADER * 201,
    "lines": line(r"A = A \\ " * 5000),
    "comment": f"{HEADER}\n<!-- $$ {'x' * 1000}",
    "escapes": "# \x1b[2J\x1b]0;title\x07\u202e\n" + line("\x1b[31m A \x9b = A \u202e"),
    "html": f"# <script>alert(1)</script>\n{line('<script> = A')}",
    "dollar": "$" * 50_000,
    "choice": header(
        "kind = 'choice'\nf = 'x**1000**1000'\ninputs = [1]\ntargets = [1]\nanswer = 'a'\noptions = {a = {w = 1}}"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_every_hostile_file_is_answered(name: str, tmp_path: Path) -> None:
    (path,) = written(tmp_path, **{name: HOSTILE[name]})
    start = time.perf_counter()
    result = run("--json", path)
    assert time.perf_counter() - start < 6
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    found = json.loads(result.stdout)
    assert not found["files"][0]["right"]
    assert not Path("/tmp/symjac_was_here").exists()
    assert result.stdout.isascii()


def test_hostile_files_do_not_stop_the_others(tmp_path: Path) -> None:
    names = ["escapes", "tower", "binary", "toml_depth", "html"]
    paths = written(tmp_path, **{name: HOSTILE[name] for name in names}, z=RIGHT)
    result = run("--jobs", "2", *paths)
    assert result.exit_code == 1
    assert "1 right" in result.stdout
    assert not any(char in result.stdout for char in "\x1b\x07\x9b\u202e")


def test_nothing_of_theirs_moves_the_cursor() -> None:
    assert plain("a\x1b[2J\tb\x9b\u202e\u2028c\x7f") == "a␛[2J b���c�"
    assert plain("θ ᵀ ½ 漢 é") == "θ ᵀ ½ 漢 é"
