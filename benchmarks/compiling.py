"""What comes before the first call: from a derivation to its function, by depth, and the import of an exported module."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.derive import network
from benchmarks.measuring import alone, ratio, spelled, table, timed
from benchmarks.rows import ROWS
from symjac.compile import export
from symjac.derivation import jacobian

DEPTHS = (8, 16, 32, 64)
IMPORTS, PATIENT = 20, 120.0


def lambdified(index: int) -> float:
    """Return the median time from a row's derivation to its function."""
    row = ROWS[index]
    derivation = jacobian(row.text, row.wrt, given=row.given)
    return timed(derivation.lambdify)[0].median


def deep(layers: int) -> float:
    """Return the time from a network's derivation to the function of the gradient by all its parameters."""
    expression, weights, biases = network(layers)
    derivation = jacobian(expression, [one for pair in zip(weights, biases, strict=True) for one in pair])
    return timed(derivation.lambdify)[0].median


def imported() -> tuple[float, float]:
    """Return the seconds that processes need to import numpy, and to import a module with a function for every row."""
    functions = {f"f{k}": jacobian(row.text, row.wrt, given=row.given) for k, row in enumerate(ROWS)}
    with tempfile.TemporaryDirectory() as folder:
        export(Path(folder) / "made.py", functions)
        imports = {module: run_import(module, folder) for module in ("numpy", "made")}
        best = dict.fromkeys(imports, float("inf"))
        for _ in range(IMPORTS):
            for module, call in imports.items():
                start = time.perf_counter()
                call()
                best[module] = min(best[module], time.perf_counter() - start)
    return best["numpy"], best["made"]


def run_import(module: str, folder: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, "-c", f"import {module}"], cwd=folder, check=True)


def section() -> str:
    """Return the tables, as Markdown."""
    found = [alone(lambdified, index) for index in range(len(ROWS))]
    times = [(row.name, spelled(seconds)) for row, seconds in zip(ROWS, found, strict=True)]
    numpy, made = alone(imported, cap=PATIENT)
    depths = [(str(layers), spelled(alone(deep, layers))) for layers in DEPTHS]
    return f"""## From a derivation to its function

The median of {len(ROWS)} expressions is {spelled(statistics.median(found))}.

{table(("", "`lambdify()`"), times)}

The Jacobian of vᵀh_L by all its weights and biases, h_k = tanh(W_k h_{{k−1}} + b_k):

{table(("layers", "`lambdify()`"), depths)}

A process that imports an exported module with {len(ROWS)} functions needs {spelled(made)}, one that imports NumPy
{spelled(numpy)} ({ratio(made / numpy)}).
"""
