"""Who is measured: each prepares one workload, and returns a call without arguments that computes the result.

Data are where each wants them before the clock starts; everything is float64. What cannot be done raises
GapError, whose words stand in the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks import by_hand, by_hand_bound
from benchmarks.measuring import GapError
from benchmarks.workloads import SAMPLES, SOLUTION, Workload
from symjac.derivation import jacobian

Call = Callable[[], Any]

SYMPY_ENTRIES, SYMENGINE_ENTRIES = 10_000, 300_000
"""How many entries a symbolic Jacobian may have; more are not tried."""


# symjac


def symjac_function(work: Workload, backend: str = "numpy") -> Any:
    derivation = jacobian(work.text, list(work.wrt), given=work.given)
    if work.kind != SOLUTION:
        return derivation.lambdify(order=work.order, backend=backend)
    if backend != "numpy":
        raise GapError("—")
    return derivation.lambdify(form="jvp")


def symjac(work: Workload, backend: str = "numpy") -> Call:
    """Called with columns as matrices; the solution is the derivative of a linear map in the direction of its variable."""
    function, point = symjac_function(work, backend), work.point()
    values = [point[name] for name in function.arguments if name in point]
    values += [point[name] for name in work.wrt if work.kind == SOLUTION]
    return partial(function, *values)


def symjac_bound(work: Workload, backend: str = "numpy") -> Call:
    """Bound to arrays without axes of size 1, as a loop would hold them."""
    if work.kind == SOLUTION:
        raise GapError("—")
    function, point = symjac_function(work, backend), work.flat_point()
    return partial(function.bind(**point), *(point[name] for name in function.arguments))


# By hand


def hand(work: Workload) -> Call:
    return partial(work.hand, **work.point())


def hand_bound(work: Workload) -> Call:
    prepare = getattr(by_hand_bound, work.hand.__name__, None)
    if prepare is None:
        raise GapError("—")
    point = work.flat_point()
    return partial(prepare(**point), *point.values())


def numba_by_hand(work: Workload, bound: bool = False) -> Call:
    module = import_module("benchmarks.by_hand_numba")
    fill, made, shape = getattr(module, work.hand.__name__), module.made, work.result_shape
    values, name = list(work.flat_point().values()), work.hand.__name__
    buffer = made(name, shape)

    def into_buffer() -> Any:
        fill(buffer, *values)
        return buffer

    def fresh() -> Any:
        J = made(name, shape)
        fill(J, *values)
        return J

    return into_buffer if bound else fresh


# Peers


def stacked(work: Workload, o: Any, point: dict[str, Any]) -> tuple[Callable[..., Any], list[Any]]:
    """Return vec F as a function of the variables' vecs, column-first, so that its Jacobian is the matrix."""
    shapes = [work.shapes[name] for name in work.wrt]

    def vector(*vecs: Any) -> Any:
        moved = {name: v.reshape(q, p).T for name, v, (p, q) in zip(work.wrt, vecs, shapes, strict=True)}
        return work.value(o, **{**point, **moved}).T.reshape(-1)

    return vector, [point[name].T.reshape(-1) for name in work.wrt]


def by_sample(work: Workload, o: Any, point: dict[str, Any]) -> tuple[Callable[..., Any], list[Any]]:
    """Return one sample's output as a function of the sample and the variables' vecs."""

    def one(sample: Any, *vecs: Any) -> Any:
        vector, _ = stacked(work, o, {**point, "X": sample[None]})
        return vector(*vecs)[0]

    return one, stacked(work, o, point)[1]


def jax(work: Workload) -> Call:
    lib = import_module("jax")
    lib.config.update("jax_enable_x64", True)
    o = SimpleNamespace(tanh=lib.numpy.tanh, ones=lib.numpy.ones, solve=lib.numpy.linalg.solve)
    point = {name: lib.numpy.asarray(value) for name, value in work.point().items()}

    def matrix(given: dict[str, Any]) -> Any:
        vector, vecs = stacked(work, o, given)
        return lib.numpy.concatenate(lib.jacrev(vector, tuple(range(len(vecs))))(*vecs), axis=1)

    def samples(given: dict[str, Any]) -> Any:
        one, vecs = by_sample(work, o, given)
        gradients = lib.vmap(lib.grad(one, tuple(range(1, len(vecs) + 1))), (0, *[None] * len(vecs)))
        return lib.numpy.concatenate(gradients(given["X"], *vecs), axis=1)

    def solution(given: dict[str, Any]) -> Any:
        return work.value(o, **given)

    compiled = lib.jit({SAMPLES: samples, SOLUTION: solution}.get(work.kind, matrix))
    return lambda: compiled(point).block_until_ready()


def torch(work: Workload) -> Call:
    lib = import_module("torch")
    o = SimpleNamespace(tanh=lib.tanh, ones=partial(lib.ones, dtype=lib.float64), solve=lib.linalg.solve)
    point = {name: lib.as_tensor(value) for name, value in work.point().items()}
    if work.kind == SOLUTION:
        return lambda: work.value(o, **point).numpy()
    if work.kind == SAMPLES:
        one, vecs = by_sample(work, o, point)
        gradients = lib.func.vmap(lib.func.grad(one, tuple(range(1, len(vecs) + 1))), (0, *[None] * len(vecs)))
        return lambda: lib.cat(gradients(point["X"], *vecs), dim=1).numpy()
    vector, vecs = stacked(work, o, point)
    derivative = lib.func.jacrev(vector, tuple(range(len(vecs))))
    return lambda: lib.cat(derivative(*vecs), dim=1).numpy()


def autograd(work: Workload) -> Call:
    if work.kind == SOLUTION:
        raise GapError("NumPy's own")
    lib = import_module("autograd")
    vector, vecs = stacked(work, import_module("autograd.numpy"), work.point())
    parts = [lib.jacobian(vector, k) for k in range(len(vecs))]
    return lambda: np.hstack([part(*vecs) for part in parts])


def casadi_function(work: Workload) -> Any:
    lib = import_module("casadi")
    o = SimpleNamespace(tanh=lib.tanh, ones=lambda shape: lib.MX.ones(*shape), solve=lib.solve)
    symbols = {name: lib.MX.sym(name, *shape) for name, shape in work.shapes.items()}
    value = work.value(o, **symbols)
    if work.kind == SOLUTION:
        return lib.Function("x", list(symbols.values()), [value])
    blocks = [lib.jacobian(lib.vec(value), lib.vec(symbols[name])) for name in work.wrt]
    return lib.Function("J", list(symbols.values()), [lib.densify(lib.horzcat(*blocks))])


def casadi(work: Workload) -> Call:
    function, lib = casadi_function(work), import_module("casadi")
    values = [lib.DM(value) for value in work.point().values()]
    return lambda: function(*values).full()


def casadi_bound(work: Workload) -> Call:
    """CasADi's own way to call without copies: memory is handed over once."""
    function = casadi_function(work)
    buffer, evaluate = function.buffer()
    values = [value.ravel(order="F") for value in work.point().values()]
    shape = work.result_shape
    result = np.zeros(shape[0] * shape[1])
    for k, value in enumerate(values):
        buffer.set_arg(k, memoryview(value))
    buffer.set_res(0, memoryview(result))
    return _Filling(evaluate, result.reshape(shape, order="F"), (function, buffer, values))


@dataclass(frozen=True)
class _Filling:
    """A call that fills a result; what it works on in secret is kept alive."""

    evaluate: Call
    result: Any
    kept: Any

    def __call__(self) -> Any:
        self.evaluate()
        return self.result


def symbolic_point(work: Workload) -> Any:
    """Return the entries of all symbols, row by row, as the symbolic peers take them."""
    return np.concatenate([value.ravel() for value in work.point().values()])


def few_entries(work: Workload, most: int) -> None:
    if work.kind == SOLUTION:
        raise GapError("—")
    count = int(np.prod(work.result_shape))
    if count > most:
        raise GapError(f"not tried: {count:,} entries")


def sympy(work: Workload) -> Call:
    few_entries(work, SYMPY_ENTRIES)
    lib = import_module("sympy")
    o = SimpleNamespace(tanh=lambda matrix: matrix.applyfunc(lib.tanh), ones=lambda shape: lib.ones(*shape))
    symbols = {
        name: lib.Matrix(p, q, lambda i, j, name=name: lib.Symbol(f"{name}_{i}_{j}")) for name, (p, q) in work.shapes.items()
    }
    inputs = lib.Matrix.vstack(*(symbols[name].vec() for name in work.wrt))
    entries = [entry for matrix in symbols.values() for entry in matrix]
    function = lib.lambdify(entries, work.value(o, **symbols).vec().jacobian(inputs), "numpy", cse=True)
    return partial(function, *map(float, symbolic_point(work)))


def symengine(work: Workload) -> Call:
    few_entries(work, SYMENGINE_ENTRIES)
    lib = import_module("symengine")

    class Matrix(lib.DenseMatrix):  # type: ignore[misc, name-defined]
        """With @, as arrays have it."""

        def __matmul__(self, other: Any) -> Any:
            return Matrix(self * other)

        @property
        def T(self) -> Any:
            return Matrix(self.transpose())

    def column(matrix: Any) -> Any:
        rows, cols = matrix.shape
        return lib.DenseMatrix(rows * cols, 1, [matrix[i, j] for j in range(cols) for i in range(rows)])

    def tanh(matrix: Any) -> Any:
        return Matrix(*matrix.shape, [lib.tanh(entry) for entry in matrix])

    o = SimpleNamespace(tanh=tanh, ones=lambda shape: Matrix(*shape, [1] * (shape[0] * shape[1])))
    symbols = {
        name: Matrix(p, q, [lib.Symbol(f"{name}_{i}_{j}") for i in range(p) for j in range(q)])
        for name, (p, q) in work.shapes.items()
    }
    inputs = [entry for name in work.wrt for entry in column(symbols[name])]
    derivative = column(work.value(o, **symbols)).jacobian(lib.DenseMatrix(len(inputs), 1, inputs))
    function = lib.Lambdify([entry for matrix in symbols.values() for entry in matrix], derivative, cse=True)
    numbers, shape = symbolic_point(work), work.result_shape
    return lambda: np.reshape(function(numbers), shape)


# The floor


def floor(work: Workload) -> Call:
    """One fill of fresh memory, and the products of matrices that nothing can avoid."""
    shape, point = work.result_shape, work.point()
    products = [(point[left].T if turned else point[left], point[right]) for left, turned, right in PRODUCTS.get(work.hand, [])]

    def call() -> Any:
        for left, right in products:
            np.matmul(left, right)
        return np.full(shape, 1.0)

    return call


PRODUCTS: dict[Callable[..., Any], list[tuple[str, bool, str]]] = {
    by_hand.regression: [("Phi", False, "theta"), ("Phi", True, "y")],
    by_hand.normal_solution: [("Phi", True, "Phi"), ("Phi", True, "y")],
}
