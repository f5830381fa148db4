"""Exported modules need NumPy alone, hold several functions, and take no name that could run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symjac.compile import export, export_source
from symjac.derivation import jacobian
from symjac.errors import DomainError, UnsupportedError
from symjac.nodes.node import symbols
from tests.components.expressions import EXPRESSIONS

GRAM = jacobian("A.T*A", "A", given="A: M x N")
LAYER = jacobian("tanh(X*W.T + ones(n, 1)*b.T)", ["W", "b"], given="X: n x p, W: h x p, b: h")


def test_a_module_holds_several_functions(tmp_path: Path) -> None:
    path = export(tmp_path / "made.py", {"gram": GRAM, "layer": LAYER})
    code = """
import sys, made, numpy as np
print(made.gram(np.ones((2, 2))).sum(), made.layer(np.ones((3, 2)), np.ones((2, 2)), [0, 0]).shape, 'sympy' in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["16.0", "(6,", "6)", "False"]
    assert path.read_text().count("def read") == 1


def test_the_module_says_the_same_as_the_function() -> None:
    namespace: dict[str, object] = {}
    source = export_source({"gram": GRAM})
    assert "import numpy as np" in source
    A = np.arange(6.0).reshape(3, 2)
    compiled = GRAM.lambdify()
    assert compiled.source.split("def jacobian")[1] == source.split("def gram")[1]
    np.testing.assert_array_equal(compiled(A), np.asarray(compiled(A=A)))
    assert not namespace


@pytest.mark.parametrize("name", ["a b", "import", "read", "np", "float", "x); evil(", ""])
def test_names_of_functions_are_checked(name: str) -> None:
    with pytest.raises(DomainError, match="cannot be the name"):
        export_source({name: GRAM})


def test_what_has_no_plan_stands_beside_the_rest() -> None:
    node = EXPRESSIONS["crossed axes"]
    crossed = jacobian(node, symbols([node])[0])
    namespace: dict[str, Any] = {}
    exec(export_source({"crossed": crossed, "gram": GRAM}), namespace)
    rng = np.random.default_rng(0)
    values = [rng.normal(size=(2, 3)), rng.normal(size=2), rng.normal(size=3)]
    np.testing.assert_array_equal(namespace["crossed"](*values), crossed.lambdify()(*values))
    assert namespace["gram"](np.ones((3, 2))).shape == (4, 6)


def test_what_is_no_function_of_numpy_is_refused() -> None:
    class Numbers:
        def lambdify(self) -> object:
            return None

    with pytest.raises(UnsupportedError, match="numbers is no function of NumPy alone"):
        export_source({"numbers": Numbers()})
