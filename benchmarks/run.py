"""Everything side by side in one run: `python -m benchmarks.run` writes RESULTS.md beside this file.

Every side runs in a process of its own, and a time counts only if the result is the one found by hand. The processes take
turns, so that a busy moment of the machine spares none of them. `--only "E4 AᵀA"` prints the rows with these words, and
writes nothing.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import by_hand, compiling, derive, sides
from benchmarks.measuring import (
    CAP,
    READY,
    GapError,
    Process,
    alone,
    peak_memory,
    quickest,
    ratio,
    reset_peak,
    resident,
    spelled,
    table,
)
from benchmarks.workloads import LARGE, SOLUTION, WORKLOADS, Workload, features

RESULTS = Path(__file__).with_name("RESULTS.md")

ROUNDS, TURN = 5, 0.06
"""How often each process has its turn, and for how many seconds."""

LONG, LARGE_CAP = 0.3, 180.0
"""A call of so many seconds is not repeated; and the cap of what is measured in memory, and of imports."""

SIDES: dict[str, tuple[str, Callable[[Workload], sides.Call]]] = {
    "symjac": ("numpy", sides.symjac),
    "HAND": ("numpy", sides.hand),
    "JAX": ("jax", sides.jax),
    "PyTorch": ("torch", sides.torch),
    "CasADi": ("casadi", sides.casadi),
    "autograd": ("autograd", sides.autograd),
    "SymEngine": ("symengine", sides.symengine),
    "SymPy lambdify": ("sympy", sides.sympy),
    "floor": ("numpy", sides.floor),
    "symjac, numba": ("numba", partial(sides.symjac, backend="numba")),
    "numba by hand": ("numba", sides.numba_by_hand),
    "symjac, bound": ("numpy", sides.symjac_bound),
    "HAND, bound": ("numpy", sides.hand_bound),
    "symjac, numba, bound": ("numba", partial(sides.symjac_bound, backend="numba")),
    "numba by hand, bound": ("numba", partial(sides.numba_by_hand, bound=True)),
    "CasADi, buffer": ("casadi", sides.casadi_bound),
}
"""Whom to measure: the package that is needed, and what prepares a workload."""

FRESH = ("symjac", "HAND", "JAX", "PyTorch", "CasADi", "autograd", "SymEngine", "SymPy lambdify", "floor")
JITTED = ("symjac, numba", "numba by hand")
BOUND = ("symjac, bound", "HAND, bound", "CasADi, buffer")
BOUND_JITTED = ("symjac, numba, bound", "numba by hand, bound")
IN_MEMORY = ("symjac", "HAND", "symjac, numba", "numba by hand", "JAX", "PyTorch")

Found = Mapping[str, float | str]


def installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


KNOWN = tuple(side for side, (package, _) in SIDES.items() if installed(package))


# What each process does


class Bench:
    """What a side's process does: it prepares one workload after another, and times each when its turn comes."""

    def __init__(self, side: str) -> None:
        self.side = side
        self.call: sides.Call | None = None

    def __call__(self, index: int, budget: float) -> float | str:
        """Time a workload; with no budget, prepare it and compare its result with that by hand."""
        if budget:
            assert self.call is not None
            return quickest(self.call, budget)
        self.call = None
        try:
            self.call = SIDES[self.side][1](WORKLOADS[index])
        except GapError as gap:
            return str(gap)
        if self.side != "floor":
            compare(self.call(), WORKLOADS[index], self.side)
        return READY


def compare(found: Any, work: Workload, side: str) -> None:
    expected = work.hand(**work.point())
    result = np.reshape(found, expected.shape) if work.kind == SOLUTION else np.asarray(found)
    np.testing.assert_allclose(result, expected, rtol=1e-9, atol=1e-10, err_msg=f"{side}: {work.name}")


def large_call(side: str, order: str) -> tuple[float, float]:
    """Return the seconds of a call on the largest workload, and its peak memory in units of the result."""
    hand = by_hand.one_hidden if order == "C" else by_hand.one_hidden_by_columns
    work = replace(LARGE, order=order, hand=hand)
    SIDES[side][1](features(64, *work.shapes["W1"][::-1], order=order))()
    call = SIDES[side][1](work)
    base = resident()
    reset_peak()
    result = call()
    peak = peak_memory()
    found = np.asarray(result)
    size = found.nbytes
    some = slice(None, None, 997)
    point = work.point()
    expected = by_hand.one_hidden(**{**point, "X": point["X"][some]})
    np.testing.assert_allclose(found[some], expected, rtol=1e-9, atol=1e-10, err_msg=f"{side}: {work.name}")
    del result, found
    return min(quickest(call, TURN) for _ in range(ROUNDS)), (peak - base) / size


# Rows


class Benches:
    """A process for every side; one that takes too long is ended, and begun anew for the next workload."""

    def __init__(self) -> None:
        self.processes: dict[str, Process] = {}

    def ask(self, side: str, index: int, budget: float) -> float | str:
        if side not in self.processes:
            self.processes[side] = Process(Bench, side)
            assert self.processes[side].answer(LARGE_CAP) == READY
        found: float | str = self.processes[side].ask(index, budget)
        if not self.processes[side].has_answered:
            self.processes.pop(side).end()
        return found

    def in_turns(self, index: int) -> Found:
        """Measure all sides on one workload."""
        answers = {side: self.ask(side, index, 0) for side in KNOWN}
        found = {side: answer for side, answer in answers.items() if answer != READY}
        for _ in range(ROUNDS):
            for side in KNOWN:
                best = found.get(side)
                if best is None or (isinstance(best, float) and best < LONG):
                    now = self.ask(side, index, TURN)
                    found[side] = min(best, now) if isinstance(best, float) and isinstance(now, float) else now
        return found

    def end(self) -> None:
        for process in self.processes.values():
            process.end()


def cells(found: Found, columns: Sequence[str]) -> list[str]:
    """Return the times of some sides, with their ratios to the first."""
    first = found.get(columns[0], "not installed")
    return [
        cell(found.get(side, "not installed"), first if k and isinstance(first, float) else None)
        for k, side in enumerate(columns)
    ]


def cell(value: float | str, ours: float | None) -> str:
    if isinstance(value, str):
        return value
    return spelled(value) + (f" ({ratio(value / ours)})" if ours else "")


def memory_rows() -> list[list[str]]:
    rows = []
    for order in ("C", "F"):
        for side in IN_MEMORY:
            if side not in KNOWN or (order == "F" and side in ("JAX", "PyTorch")):
                continue
            found = alone(large_call, side, order, cap=LARGE_CAP)
            rows.append([side, order, *((found, "") if isinstance(found, str) else (spelled(found[0]), f"{found[1]:.2f}"))])
            print(" | ".join(rows[-1]), flush=True)
    return rows


# The page


def evaluating(indices: Sequence[int]) -> str:
    rows: dict[str, Found] = {}
    benches = Benches()
    for index in indices:
        name = WORKLOADS[index].name
        rows[name] = benches.in_turns(index)
        print(" | ".join([name, *(f"{side} {cell(value, None)}" for side, value in rows[name].items())]), flush=True)
    benches.end()

    def tabled(*groups: Sequence[str]) -> str:
        shown = [[side for side in group if side in KNOWN] for group in groups]
        lines = [(name, *(cell for group in shown if group for cell in cells(found, group))) for name, found in rows.items()]
        return table(("", *(side for group in shown for side in group)), lines)

    return f"""## A call that makes its result

{tabled(FRESH)}

## In loops: numba

{tabled(JITTED)}

## Bound to shapes: a call that fills one buffer again and again

{tabled(BOUND, BOUND_JITTED)}
"""


def remembering() -> str:
    megabytes = 8 * np.prod(LARGE.result_shape, dtype=float) / 1e6
    return f"""## Peak memory

{LARGE.name}: {megabytes:,.0f} MB of result. The peak is what a process holds at
most above what it held before the first call, in units of the result.

{table(("", "order", "time", "peak"), memory_rows())}
"""


def page() -> str:
    packages = dict.fromkeys(package for package, _ in SIDES.values())
    known = [f"{package} {number}" for package in packages if (number := installed(package))]
    gaps = [side for side in SIDES if side not in KNOWN]
    missing = f"\n\nNot installed, and so not in the tables: {', '.join(gaps)}." if gaps else ""
    before, memory, derivation = compiling.section(), remembering(), derive.section()
    return f"""# Side by side

Written by `python -m benchmarks.run`, {os.cpu_count()} cores, {platform.machine()}. Python {platform.python_version()},
{", ".join(known)}.{missing}

Quickest calls, each side in a process of its own, all of a row in turns; float64; every result equal to that by hand.
Numbers in brackets are times the first of the table, or of its kind: above 1, symjac is quicker. HAND is careful hand-written
NumPy with strided views and blocks of rows; where it is bound, views and buffers were made beforehand. JAX, PyTorch and CasADi
hold their data in arrays of their own. The floor fills fresh memory once, and multiplies what has to be multiplied; a Jacobian
that is mostly zeros can be below it. Processes are ended after {CAP:.0f} s. E3n is the solution itself: symjac computes it as
the derivative of a linear map in the direction of its variable.

{evaluating(range(len(WORKLOADS)))}
{memory}
{before}
{derivation}"""


def main() -> None:
    # An older kernel of OpenBLAS is forced on some machines; the processes started here use the one that fits.
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        os.environ.pop(name, None)
    parser = argparse.ArgumentParser(description="Measure symjac beside its peers, and write RESULTS.md.")
    parser.add_argument("--only", metavar="WORDS", help="print the rows that have one of these words; write nothing")
    words = parser.parse_args().only
    if words:
        print(evaluating([k for k, work in enumerate(WORKLOADS) if any(word in work.name for word in words.split())]))
        return
    written = page()
    RESULTS.write_text(written)
    print(f"wrote {RESULTS.name}")


if __name__ == "__main__":
    main()
