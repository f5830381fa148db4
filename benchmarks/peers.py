"""The peers: each poses a row in its own language, differentiates it, and evaluates what it found.

Only `derive` is timed. It builds the expression from symbols that exist already and differentiates it; what comes back is
the Jacobian ∂vec F / ∂(vec X)ᵀ, column-first, in whatever form the peer has.
"""

from __future__ import annotations

from functools import reduce
from importlib import import_module
from importlib.metadata import version
from itertools import count
from typing import Any, Protocol

import numpy as np

from benchmarks.measuring import GapError
from benchmarks.rows import Array, Row, Values


class Peer(Protocol):
    """One row, posed to one peer with all sizes n."""

    package: str
    symbolic_sizes: bool

    def __init__(self, row: Row, n: int) -> None: ...
    def forget(self) -> None:
        """Empty caches, so that a repetition does the work again."""

    def derive(self) -> Any:
        """Build the expression and return its Jacobian."""

    def value(self, jacobian: Any, point: Values) -> Array:
        """Return the Jacobian at a point, mn × pq, column-first."""


class SymPyMatrix:
    """Explicit matrices of symbols, and `Matrix.jacobian`."""

    package = "sympy"
    symbolic_sizes = False

    def __init__(self, row: Row, n: int) -> None:
        self.lib = import_module(self.package)
        self.row = row
        self.matrices = {name: self.symbols(name, *shape) for name, shape in row.dimensions(n).items()}

    def symbols(self, name: str, rows: int, cols: int) -> Any:
        return self.lib.Matrix(rows, cols, lambda i, j: self.lib.Symbol(f"{name}_{i}_{j}"))

    def forget(self) -> None:
        import_module("sympy.core.cache").clear_cache()

    def derive(self) -> Any:
        return self.column(self.row.build(self, **self.matrices)).jacobian(self.column(self.matrices[self.row.wrt]))

    def column(self, matrix: Any) -> Any:
        return matrix.vec()

    def value(self, jacobian: Any, point: Values) -> Array:
        symbols = [symbol for matrix in self.matrices.values() for symbol in matrix]
        numbers = [entry for name in self.matrices for entry in point[name].ravel()]
        return np.array(self.lib.lambdify(symbols, jacobian, "numpy")(*numbers), dtype=float)

    def product(self, *factors: Any) -> Any:
        return reduce(lambda left, right: left * right, factors)

    def transpose(self, matrix: Any) -> Any:
        return matrix.T

    def tanh(self, matrix: Any) -> Any:
        return matrix.applyfunc(self.lib.tanh)

    def kron(self, left: Any, right: Any) -> Any:
        (m, n), (p, q) = left.shape, right.shape
        return self.lib.Matrix(m * p, n * q, lambda i, j: left[i // p, j // q] * right[i % p, j % q])

    def inverse(self, matrix: Any) -> Any:
        return matrix.inv()

    def log_det(self, matrix: Any) -> Any:
        return self.lib.Matrix([[self.lib.log(matrix.det())]])


class SymEngineMatrix(SymPyMatrix):
    """The same in C++."""

    package = "symengine"

    def symbols(self, name: str, rows: int, cols: int) -> Any:
        return self.lib.DenseMatrix(rows, cols, [self.lib.Symbol(f"{name}_{i}_{j}") for i in range(rows) for j in range(cols)])

    def forget(self) -> None:
        """SymEngine has no cache to empty."""

    def column(self, matrix: Any) -> Any:
        rows, cols = matrix.shape
        return self.lib.DenseMatrix(rows * cols, 1, [matrix[i, j] for j in range(cols) for i in range(rows)])

    def value(self, jacobian: Any, point: Values) -> Array:
        symbols = [symbol for matrix in self.matrices.values() for symbol in matrix]
        numbers = np.concatenate([point[name].ravel() for name in self.matrices])
        return np.asarray(self.lib.Lambdify(symbols, jacobian)(numbers), dtype=float).reshape(jacobian.shape)

    def transpose(self, matrix: Any) -> Any:
        return matrix.transpose()

    def kron(self, left: Any, right: Any) -> Any:
        (m, n), (p, q) = left.shape, right.shape
        entries = [left[i // p, j // q] * right[i % p, j % q] for i in range(m * p) for j in range(n * q)]
        return self.lib.DenseMatrix(m * p, n * q, entries)


class CasADiMX:
    """Matrix-valued graphs, differentiated by algorithm; the result is a graph."""

    package = "casadi"
    symbolic_sizes = False

    def __init__(self, row: Row, n: int) -> None:
        self.lib = import_module(self.package)
        self.row = row
        self.matrices = {name: self.lib.MX.sym(name, *shape) for name, shape in row.dimensions(n).items()}

    def forget(self) -> None:
        """CasADi has no cache to empty."""

    def derive(self) -> Any:
        return self.lib.jacobian(self.row.build(self, **self.matrices), self.matrices[self.row.wrt])

    def value(self, jacobian: Any, point: Values) -> Array:
        function = self.lib.Function("J", list(self.matrices.values()), [jacobian])
        return np.asarray(function(*(point[name] for name in self.matrices)), dtype=float)

    def product(self, *factors: Any) -> Any:
        return self.lib.mtimes(list(factors))

    def transpose(self, matrix: Any) -> Any:
        return matrix.T

    def tanh(self, matrix: Any) -> Any:
        return self.lib.tanh(matrix)

    def kron(self, left: Any, right: Any) -> Any:
        return self.lib.kron(left, right)

    def inverse(self, matrix: Any) -> Any:
        return self.lib.inv(matrix)

    def log_det(self, matrix: Any) -> Any:
        return self.lib.log(self.lib.det(matrix))


class Edges:
    """A tensor of tensorgrad, with the names of its row and column edges; a size of 1 has no edge."""

    def __init__(self, tensor: Any, rows: str | None, cols: str | None) -> None:
        self.tensor, self.rows, self.cols = tensor, rows, cols

    def named(self, rows: str | None, cols: str | None) -> Any:
        pairs = ((self.rows, rows), (self.cols, cols))
        return self.tensor.rename(**{old: new for old, new in pairs if old and new})

    def __add__(self, other: Edges) -> Edges:
        return Edges(self.tensor + other.named(self.rows, self.cols), self.rows, self.cols)

    def __sub__(self, other: Edges) -> Edges:
        return Edges(self.tensor - other.named(self.rows, self.cols), self.rows, self.cols)


class Tensorgrad:
    """Tensor networks with symbolic sizes; the result has an edge for each index, and no matrix form."""

    package = "tensorgrad"
    symbolic_sizes = True

    def __init__(self, row: Row, n: int) -> None:
        self.lib, self.functions = import_module(self.package), import_module("tensorgrad.functions")
        self.row, self.n = row, n
        self.fresh = (f"e{k}" for k in count())
        self.sizes = {name: self.lib.symbols(name) for name in row.sizes(n)}
        self.matrices = {name: self.variable(name) for name in row.shapes}

    def variable(self, name: str) -> Edges:
        edges = [None if size == 1 else (next(self.fresh), self.sizes[str(size)]) for size in self.row.shapes[name]]
        tensor = self.lib.Variable(name, **dict(edge for edge in edges if edge))
        rows, cols = (edge and edge[0] for edge in edges)
        return Edges(tensor, rows, cols)

    def forget(self) -> None:
        """Nothing is kept from one derivation to the next."""

    def derive(self) -> Any:
        expression, variable = self.row.build(self, **self.matrices), self.matrices[self.row.wrt]
        inputs = {edge: f"d{edge}" for edge in (variable.rows, variable.cols) if edge}
        derivative = self.lib.Derivative(expression.tensor, variable.tensor, inputs).full_simplify()
        order = [expression.cols, expression.rows, *(inputs.get(edge or "") for edge in (variable.cols, variable.rows))]
        return derivative, [edge for edge in order if edge], expression

    def value(self, jacobian: Any, point: Values) -> Array:
        derivative, order, expression = jacobian
        torch = import_module("torch")
        # The compiled program, called below its wrapper: that one wants named tensors, which newer releases of torch lack.
        program = import_module("tensorgrad.compiler").compile_to_callable(derivative)
        names = list(program.outputs[0][1])
        values = (torch.tensor(point[v.name].reshape([self.n] * len(v.edges))) for v in program.vars)
        sizes = dict.fromkeys(self.sizes.values(), self.n)
        (found,) = program.codegen.specialize(sizes, verbose=False, dtype=torch.float64)(*values)
        array = found.numpy().transpose([names.index(edge) for edge in order])
        outputs = sum(1 for edge in (expression.cols, expression.rows) if edge)
        return np.asarray(array.reshape(self.n**outputs, -1))

    def product(self, *factors: Edges) -> Edges:
        return reduce(self.pair, factors)

    def pair(self, left: Edges, right: Edges) -> Edges:
        rows, middle, cols = (next(self.fresh) for _ in range(3))
        tensor = left.named(rows, middle) @ right.named(middle, cols)
        return Edges(tensor, left.rows and rows, right.cols and cols)

    def transpose(self, matrix: Edges) -> Edges:
        return Edges(matrix.tensor, matrix.cols, matrix.rows)

    def tanh(self, matrix: Edges) -> Edges:
        return Edges(self.functions.tanh(matrix.tensor), matrix.rows, matrix.cols)

    def kron(self, left: Edges, right: Edges) -> Edges:
        raise GapError("a Kronecker product has four edges here, not two")

    def inverse(self, matrix: Edges) -> Edges:
        return Edges(self.functions.inverse(matrix.tensor), matrix.cols, matrix.rows)

    def log_det(self, matrix: Edges) -> Edges:
        return Edges(self.functions.log(self.functions.det(matrix.tensor)), None, None)


PEERS: dict[str, type[Any]] = {
    "SymPy Matrix.jacobian": SymPyMatrix,
    "SymEngine": SymEngineMatrix,
    "CasADi MX": CasADiMX,
    "tensorgrad": Tensorgrad,
}


def installed(peer: type[Any]) -> str | None:
    """Return a peer's version, or None where it is not installed."""
    try:
        import_module(peer.package)
        return version(peer.package)
    except ImportError:
        return None
