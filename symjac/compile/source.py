"""From nodes to NumPy source: one statement for every part, each part computed once, named parts by their names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from symjac.compile.functions import definition
from symjac.compile.sizes import size_code
from symjac.errors import UnsupportedError
from symjac.nodes.functions import COS, EXP, LOG, RELU, SIGMOID, SIN, SOFTPLUS, TANH, Function
from symjac.nodes.node import (
    Basis,
    Commutation,
    Determinant,
    Diag,
    Diagonal,
    Dimension,
    Elementwise,
    Hadamard,
    HadamardPower,
    Identity,
    Inverse,
    KhatriRao,
    Kronecker,
    Let,
    LogSumExp,
    MatrixPower,
    Node,
    Norm,
    Ones,
    Product,
    Softmax,
    Sum,
    Symbol,
    Trace,
    Transpose,
    Vec,
    Zero,
    postorder,
)
from symjac.nodes.sizes import Size

KNOWN = {
    EXP: "np.exp({0})",
    LOG: "np.log({0})",
    SIN: "np.sin({0})",
    COS: "np.cos({0})",
    TANH: "np.tanh({0})",
    SIGMOID: "0.5 * (1 + np.tanh(0.5 * {0}))",
    SOFTPLUS: "np.logaddexp(0, {0})",
    RELU: "np.maximum({0}, 0)",
    TANH.derivative: "1 - np.tanh({0}) ** 2",
    SIGMOID.derivative: "0.25 * (1 - np.tanh(0.5 * {0}) ** 2)",
    RELU.derivative: "({0} > 0).astype({0}.dtype)",
}
"""How NumPy says a function without overflow; what is not here is printed by SymPy from its definition."""


class Statements:
    """The body of a function: statements that compute nodes, in order, each node once."""

    def __init__(self, sizes: dict[str, str], taken: frozenset[str] = frozenset()):
        self._sizes = sizes
        self._taken = taken
        self._names: dict[Node, str] = {}
        self._used = 0
        self.lines: list[str] = []

    def compute(self, root: Node) -> str:
        """Add what is needed for a node, and return the expression that stands for it."""
        for node in postorder(root):
            if node not in self._names:
                self._names[node] = self._emit(node)
        return self._names[root]

    def size(self, value: Size) -> str:
        """Return a size as an integer expression."""
        for name in sorted(s.name for s in value.free_symbols):
            if name not in self._sizes:
                raise UnsupportedError(f"the size {name} cannot be read off an argument")
        return size_code(value, self._sizes)

    def _emit(self, node: Node) -> str:
        if isinstance(node, Symbol):
            return node.name
        args = [self._names[arg] for arg in node.args]
        if isinstance(node, Let):
            self.lines.append(f"{node.name} = {args[0]}")
            return node.name
        text = self._constant(node) if not node.args else _write(node, args)
        if isinstance(node, Transpose):
            return text
        name = self._next_name()
        self.lines.append(f"{name} = {text}")
        return name

    def _next_name(self) -> str:
        self._used += 1
        name = f"t{self._used}"
        return name if name not in self._taken else self._next_name()

    def _constant(self, node: Node) -> str:
        rows, cols = self.size(node.rows), self.size(node.cols)
        if isinstance(node, Identity):
            return f"np.eye({rows})"
        if isinstance(node, Ones | Zero):
            return f"np.{'ones' if isinstance(node, Ones) else 'zeros'}(({rows}, {cols}))"
        if isinstance(node, Dimension):
            return f"np.full((1, 1), float({self.size(node.data[0])}))"
        if isinstance(node, Basis):
            return f"np.eye({rows}, 1, {-node.data[0]})"
        if isinstance(node, Commutation):
            m, n = (self.size(s) for s in node.data)
            return f"np.eye(({m}) * ({n}))[np.arange(({m}) * ({n})).reshape({n}, {m}).T.ravel()]"
        assert isinstance(node, Product)
        return f"np.full((1, 1), {number(node.coefficient)})"


def number(value: Fraction) -> str:
    """Return a rational number as NumPy code."""
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator} / {value.denominator}"


def _raised(base: str, exponent: Fraction) -> str:
    """Return a power; a negative one as a float, since NumPy refuses integers to negative integers."""
    if exponent.denominator > 1:
        return f"{base} ** ({number(exponent)})"
    return f"{base} ** {exponent}.0" if exponent < 0 else f"{base} ** {exponent}"


def _product(node: Product, args: Sequence[str]) -> str:
    factors = [base if exponent == 1 else _raised(base, exponent) for base, (_, exponent) in zip(args, node.bag, strict=False)]
    chain = " @ ".join(args[len(factors) :])
    if node.coefficient != 1 or not (factors or chain):
        factors.insert(0, f"({number(node.coefficient)})" if node.coefficient.denominator > 1 else number(node.coefficient))
    if not chain:
        return " * ".join(factors)
    return " * ".join([*factors, f"({chain})" if factors else chain])


def _entrywise(function: Function, arg: str) -> str:
    if function in KNOWN:
        return KNOWN[function].format(arg)
    return f"({definition(function)})({arg})"


def _khatri_rao(left: str, right: str) -> str:
    return f"({left}[:, None, :] * {right}[None, :, :]).reshape(-1, {left}.shape[1])"


_WRITERS: dict[type[Node], Callable[[Node, Sequence[str]], str]] = {
    Sum: lambda node, args: " + ".join(args),
    Hadamard: lambda node, args: " * ".join(args),
    Kronecker: lambda node, args: f"np.kron({args[0]}, {args[1]})" if len(args) == 2 else _kron(args),
    KhatriRao: lambda node, args: _khatri_rao(*args),
    Transpose: lambda node, args: f"{args[0]}.T",
    Inverse: lambda node, args: f"np.linalg.inv({args[0]})",
    MatrixPower: lambda node, args: f"np.linalg.matrix_power({args[0]}, {node.data[0]})",
    Trace: lambda node, args: f"np.trace({args[0]}).reshape(1, 1)",
    Determinant: lambda node, args: f"np.linalg.det({args[0]}).reshape(1, 1)",
    Norm: lambda node, args: f"np.sqrt(np.sum({args[0]} ** 2)).reshape(1, 1)",
    Vec: lambda node, args: f"{args[0]}.reshape(-1, 1, order='F')",
    Diag: lambda node, args: f"np.diag({args[0]}[:, 0])",
    Diagonal: lambda node, args: f"np.diag({args[0]}).reshape(-1, 1)",
}


def _kron(args: Sequence[str]) -> str:
    return f"np.kron({args[0]}, {args[1] if len(args) == 2 else _kron(args[1:])})"


def _write(node: Node, args: Sequence[str]) -> str:
    if isinstance(node, Product):
        return _product(node, args)
    if isinstance(node, Elementwise):
        return _entrywise(node.function, args[0])
    if isinstance(node, HadamardPower):
        return _raised(args[0], node.exponent)
    if isinstance(node, Softmax):
        return f"np.exp({args[0]} - np.max({args[0]})) / np.sum(np.exp({args[0]} - np.max({args[0]})))"
    if isinstance(node, LogSumExp):
        return f"(np.max({args[0]}) + np.log(np.sum(np.exp({args[0]} - np.max({args[0]}))))).reshape(1, 1)"
    if type(node) not in _WRITERS:
        raise UnsupportedError(f"no NumPy code for {type(node).__name__}")
    return _WRITERS[type(node)](node, args)
