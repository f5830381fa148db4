"""`symjac export`: modules that need NumPy alone, from expressions and files, and refusals in one sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from symjac.check import Failure
from symjac.cli import main
from symjac.derivation import Derivation, hessian, jacobian

ROOT = Path(__file__).parents[1]
MATRIX = ["--wrt", "A", "--given", "A: M x N"]


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["export", *args])


def made(source: str) -> dict[str, Any]:
    """Return the names that an exported module defines; the source is ours."""
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    return namespace


def derivation(name: str) -> str:
    return str(ROOT / "derivations" / f"{name}.py")


def test_an_expression_is_the_function_jacobian() -> None:
    result = run("A.T*A", *MATRIX)
    assert result.exit_code == 0
    A = np.arange(6.0).reshape(3, 2)
    np.testing.assert_array_equal(made(result.stdout)["jacobian"](A), jacobian("A.T*A", "A", given="A: M x N").lambdify()(A))


def test_several_expressions_have_names() -> None:
    module = made(run("A.T*A", "-A", *MATRIX, "--name", "gram", "--name", "negative").stdout)
    assert module["gram"](np.ones((2, 2))).shape == module["negative"](np.ones((2, 2))).shape == (4, 4)
    assert run("A.T*A", "-A", *MATRIX, "--name", "gram, negative").stdout.count("def read") == 1


def test_the_kind_of_function() -> None:
    tensor = made(run("A.T*A", *MATRIX, "--form", "tensor").stdout)["jacobian"]
    assert tensor(np.ones((3, 2))).shape == (2, 2, 3, 2)
    assert made(run("A.T*A", *MATRIX, "--order", "F").stdout)["jacobian"](np.ones((3, 2))).flags.f_contiguous
    layer = ["tanh(A*x)", "--wrt", "A", "--given", "A: M x N, x: N"]
    assert made(run(*layer, "--batch", "x").stdout)["jacobian"](np.ones((2, 3)), np.ones((5, 3))).shape == (5, 2, 6)
    turned = made(run(*layer, "--layout", "denominator").stdout)["jacobian"]
    assert turned(np.ones((2, 3)), np.ones(3)).shape == (6, 2)


def test_several_variables_and_hessians() -> None:
    both = made(run("A*x", "--wrt", "A,x", "--given", "A: M x N, x: N").stdout)["jacobian"]
    assert both(np.ones((2, 3)), np.ones(3)).shape == (2, 9)
    second = made(run("sum(exp(x))", "--wrt", "x", "--given", "x: N", "--hessian").stdout)["jacobian"]
    x = np.arange(3.0)
    np.testing.assert_array_equal(second(x), hessian("sum(exp(x))", "x", given="x: N").lambdify()(x))


def test_files_give_their_names(tmp_path: Path) -> None:
    target = tmp_path / "made.py"
    result = run(derivation("gram_matrix"), derivation("activations"), derivation("chain_rule"), "-o", str(target))
    assert result.stdout == f"wrote {target}\n"
    code = """
import sys, numpy as np, made
print(made.gram_matrix(np.ones((3, 2))).shape, made.activations_2(np.ones((2, 3)), np.ones(3), np.ones(2)).shape)
print(made.chain_rule(1.0, 2.0).shape, sorted({"sympy", "symjac", "scipy"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "(4, 6) (2, 3)\n(1, 2) []\n"


def test_one_module_from_files_and_names() -> None:
    module = made(run(derivation("gram_matrix"), derivation("softmax"), "--name", "gram,p,q").stdout)
    assert {"gram", "p", "q"} <= set(module)


def test_what_is_no_function_is_left_out() -> None:
    result = run(derivation("normal_equations"), derivation("inverse"))
    assert result.exit_code == 0
    assert "def inverse(" in result.stdout
    assert result.stderr.endswith("normal_equations.py derives no function, and is left out\n")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["A.T*A"], "A.T*A is an expression, and needs --wrt and --given; the name of a file ends in .py"),
        (["A.T*A", "-A", *MATRIX], "2 functions need 2 names: --name first,second"),
        (["A.T*A", *MATRIX, "--name", "a,b"], "there are 2 names for 1 functions: a, b"),
        (["A", "-A", *MATRIX, "--name", "a,a"], "two functions are called a: --name gives each its own"),
        (["A", *MATRIX, "--name", "x); evil("], "'x); evil(' cannot be the name of a function in the module"),
        (["A", *MATRIX, "--name", "read"], "'read' cannot be the name"),
        (["A", *MATRIX, "--name", "len"], "'len' cannot be the name"),
        (["A", *MATRIX, "--name", "class"], "'class' cannot be the name"),
        (["A*A", *MATRIX], "column 1"),
        (["A", *MATRIX, "--batch", "B"], "batch names B; the arguments are A"),
        (["A", *MATRIX, "--form", "operator"], "'operator' is not one of"),
        (["none.py"], "none.py: No such file or directory"),
        ([derivation("inverse"), "--wrt", "A"], "a file says these itself"),
        ([derivation("normal_equations")], "no function is derived there"),
        ([derivation("partials_and_jacobian"), "--order", "F"], "--form, --order and --batch are for matrix expressions"),
        ([], "Missing argument 'SOURCE...'"),
    ],
)
def test_refusals(args: list[str], words: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_is_not_written_over_itself(tmp_path: Path) -> None:
    path = tmp_path / "file.py"
    source = "from symjac import declare, jacobian\nA, x = declare('A: M x N, x: N')\nderivation = jacobian(A*x, x)\n"
    path.write_text(source)
    result = run(str(path), "-o", str(path))
    assert result.exit_code == 2
    assert "is read from: write to another file" in result.stderr
    assert path.read_text() == source


def test_what_is_refuted_is_not_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sound = Derivation.check

    def refuted(self: Derivation, points: int = 2, seed: int = 0) -> Any:
        report = sound(self, points, seed)
        object.__setattr__(report, "failures", (Failure("line 2", "product", 0.5),))
        return report

    monkeypatch.setattr(Derivation, "check", refuted)
    target = tmp_path / "made.py"
    result = run("A.T*A", *MATRIX, "-o", str(target))
    assert result.exit_code == 1
    assert "jacobian: " in result.stderr
    assert not target.exists()
    assert run("A.T*A", *MATRIX, "-o", str(target), "--no-check").exit_code == 0
    assert target.exists()
