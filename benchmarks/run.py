"""Numerical time side by side: `python -m benchmarks.run`.

Every function runs in a process of its own. Each result is compared with symjac's before its time counts. The table is
printed and written to RESULTS.md beside this file; a peer that is not installed is a gap in it.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import alone, ratio, table
from benchmarks.rows import Array
from benchmarks.workloads import WORKLOADS, Workload
from symjac.derivation import jacobian
from symjac.nodes.node import symbols
from symjac.nodes.sizes import ONE

RESULTS = Path(__file__).with_name("RESULTS.md")
BUDGET = 0.5

Call = Callable[[], Array]


def quickest(call: Call) -> float:
    """Return the seconds of the quickest call within the budget."""
    best, spent, repeat = float("inf"), 0.0, 1
    while spent < BUDGET:
        start = time.perf_counter()
        for _ in range(repeat):
            call()
        seconds = time.perf_counter() - start
        best, spent = min(best, seconds / repeat), spent + seconds
        repeat = min(10_000, max(1, int(0.01 / best)))
    return best


# Who is measured


def symjac_call(work: Workload) -> Call:
    function = jacobian(work.text, list(work.wrt), given=work.given).lambdify(order=work.order)
    point = work.point()
    values = [point[name] for name in function.arguments]
    return lambda: function(*values)


def symjac_bound(work: Workload) -> Call:
    """Bound to arrays without axes of size 1, as a loop would hold them."""
    derivation = jacobian(work.text, list(work.wrt), given=work.given)
    function, point = derivation.lambdify(order=work.order), work.point()
    for symbol in symbols([derivation.record.expression]):
        shape = [n for n, size in zip(point[symbol.name].shape, symbol.shape, strict=True) if size is not ONE]
        point[symbol.name] = point[symbol.name].reshape(shape)
    bound, values = function.bind(**point), [point[name] for name in function.arguments]
    return lambda: bound(*values)


def hand(work: Workload) -> Call:
    point = work.point()
    return lambda: work.hand(**point)


def stacked(work: Workload, o: Any, point: dict[str, Any]) -> tuple[Callable[..., Any], list[Any]]:
    """Return vec F as a function of the variables' vecs, column-first, so that its Jacobian is the matrix."""
    shapes = [work.shapes[name] for name in work.wrt]

    def vector(*vecs: Any) -> Any:
        moved = {name: v.reshape(q, p).T for name, v, (p, q) in zip(work.wrt, vecs, shapes, strict=True)}
        return work.value(o, **{**point, **moved}).T.reshape(-1)

    return vector, [point[name].T.reshape(-1) for name in work.wrt]


def jax_call(work: Workload) -> Call:
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", True)
    point = {name: jax.numpy.asarray(value) for name, value in work.point().items()}

    def blocks(given: dict[str, Any]) -> Any:
        vector, vecs = stacked(work, jax.numpy, given)
        return jax.numpy.concatenate(jax.jacrev(vector, tuple(range(len(vecs))))(*vecs), axis=1)

    def per_sample(given: dict[str, Any]) -> Any:
        def one(sample: Any, *vecs: Any) -> Any:
            vector, _ = stacked(work, jax.numpy, {**given, "X": sample[None]})
            return vector(*vecs)[0]

        _, vecs = stacked(work, jax.numpy, given)
        derivative = jax.vmap(jax.grad(one, tuple(range(1, len(vecs) + 1))), (0, *[None] * len(vecs)))
        return jax.numpy.concatenate(derivative(given["X"], *vecs), axis=1)

    compiled = jax.jit(per_sample if work.is_by_sample else blocks)
    return lambda: compiled(point).block_until_ready()  # type: ignore[no-any-return]


def autograd_call(work: Workload) -> Call:
    autograd = import_module("autograd")
    vector, vecs = stacked(work, import_module("autograd.numpy"), work.point())
    parts = [autograd.jacobian(vector, k) for k in range(len(vecs))]
    return lambda: np.hstack([part(*vecs) for part in parts])


def torch_call(work: Workload) -> Call:
    torch = import_module("torch")
    point = {name: torch.as_tensor(value) for name, value in work.point().items()}
    vector, vecs = stacked(work, _Torch(torch), point)
    derivative = torch.func.jacrev(vector, tuple(range(len(vecs))))
    return lambda: torch.cat(derivative(*vecs), dim=1).numpy()  # type: ignore[no-any-return]


class _Torch:
    def __init__(self, torch: Any) -> None:
        self.tanh = torch.tanh
        self.ones = lambda shape: torch.ones(shape, dtype=torch.float64)


class _CasADi:
    def __init__(self, casadi: Any) -> None:
        self.tanh = casadi.tanh
        self.ones = lambda shape: casadi.MX.ones(*shape)


def casadi_call(work: Workload) -> Call:
    casadi = import_module("casadi")
    point = work.point()
    symbols = {name: casadi.MX.sym(name, *shape) for name, shape in work.shapes.items()}
    value = work.value(_CasADi(casadi), **symbols)
    blocks = [casadi.jacobian(casadi.vec(value), casadi.vec(symbols[name])) for name in work.wrt]
    function = casadi.Function("J", list(symbols.values()), [casadi.densify(casadi.horzcat(*blocks))])
    values = [casadi.DM(point[name]) for name in symbols]
    return lambda: function(*values).full()  # type: ignore[no-any-return]


def sympy_call(work: Workload) -> Call:
    sympy = import_module("sympy")
    count = int(np.prod(work.hand(**work.point()).shape))
    if count > 400:
        raise NotImplementedError("minutes")
    symbols = {
        name: sympy.Matrix(p, q, lambda i, j, name=name: sympy.Symbol(f"{name}_{i}_{j}"))
        for name, (p, q) in work.shapes.items()
    }
    value = work.value(_SymPy(sympy), **symbols)
    inputs = sympy.Matrix.vstack(*(symbols[name].vec() for name in work.wrt))
    entries = [entry for matrix in symbols.values() for entry in matrix]
    function = sympy.lambdify(entries, value.vec().jacobian(inputs), "numpy", cse=True)
    point = work.point()
    numbers = [float(entry) for name in symbols for entry in point[name].ravel()]
    return lambda: function(*numbers)


class _SymPy:
    def __init__(self, sympy: Any) -> None:
        self.tanh = lambda matrix: matrix.applyfunc(sympy.tanh)
        self.ones = lambda shape: sympy.ones(*shape)


PEERS: dict[str, tuple[str, Callable[[Workload], Call]]] = {
    "HAND": ("numpy", hand),
    "symjac, bound": ("numpy", symjac_bound),
    "JAX": ("jax", jax_call),
    "CasADi": ("casadi", casadi_call),
    "PyTorch": ("torch", torch_call),
    "autograd": ("autograd", autograd_call),
    "SymPy lambdify": ("sympy", sympy_call),
}


def installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


# What each process does


def measure_ours(index: int) -> float:
    work = WORKLOADS[index]
    call = symjac_call(work)
    np.testing.assert_allclose(call(), work.hand(**work.point()), rtol=1e-9, atol=1e-10, err_msg=work.name)
    return quickest(call)


def measure_peer(peer: str, index: int) -> float:
    work = WORKLOADS[index]
    call = PEERS[peer][1](work)
    np.testing.assert_allclose(np.asarray(call()), symjac_call(work)(), rtol=1e-9, atol=1e-10, err_msg=f"{peer}: {work.name}")
    return quickest(call)


def measure_fill(index: int) -> float:
    """The floor: one fill of fresh memory of the result's size."""
    shape = WORKLOADS[index].hand(**WORKLOADS[index].point()).shape
    return quickest(lambda: np.full(shape, 1.0))


def microseconds(seconds: float) -> str:
    return f"{1e6 * seconds:,.3g} µs" if seconds < 1e-3 else f"{1e3 * seconds:,.3g} ms"


def cell(found: Any, ours: float) -> str:
    if isinstance(found, Exception):
        raise found
    return found if isinstance(found, str) else f"{microseconds(found)} ({ratio(found / ours)})"


def page() -> str:
    known = [name for name, (package, _) in PEERS.items() if installed(package)]
    gaps = [name for name in PEERS if name not in known]
    rows = []
    for index, work in enumerate(WORKLOADS):
        ours = alone(measure_ours, index)
        if not isinstance(ours, float):
            raise RuntimeError(f"{work.name}: {ours}")
        cells = [cell(alone(measure_peer, peer, index), ours) for peer in known]
        rows.append((work.name, microseconds(ours), *cells, cell(alone(measure_fill, index), ours)))
        print(" | ".join(rows[-1]), flush=True)
    packages = dict.fromkeys(PEERS[name][0] for name in known)
    versions = ", ".join([f"Python {platform.python_version()}", *(f"{package} {installed(package)}" for package in packages)])
    missing = f"\n\nNot installed, and so not in the table: {', '.join(gaps)}." if gaps else ""
    return f"""# Evaluating, side by side

Written by `python -m benchmarks.run`, {os.cpu_count()} cores. {versions}.{missing}

Quickest calls, each function in a process of its own, float64, every result equal to symjac's. In brackets: times symjac's
own call; above 1, symjac is quicker. HAND is careful hand-written NumPy with strided views and blocks of rows.
“bound” is symjac's function for known shapes, which fills one buffer again and again. The floor fills fresh memory once; a
Jacobian that is mostly zeros can be below it.

{table(("", "symjac", *known, "floor: one fill"), rows)}
"""


def main() -> None:
    # An older kernel of OpenBLAS is forced on some machines; the processes started here use the one that fits.
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        os.environ.pop(name, None)
    written = page()
    RESULTS.write_text(written)
    print(written)


if __name__ == "__main__":
    main()
