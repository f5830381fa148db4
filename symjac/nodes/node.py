"""The nodes: immutable, interned, typed by shape.

A node has a head (its class), `data` that is no node (a name, a function, a number), and `args` that are.
Two nodes with the same head, data and args are the same object, so equality is identity and every
traversal can remember what it has seen. Nodes are built by `symjac.nodes.build`, which normalises; the
classes here only say what each head is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from hashlib import blake2b
from typing import Any, ClassVar, TypeVar
from weakref import WeakValueDictionary

from symjac.nodes.functions import Function
from symjac.nodes.sizes import ONE, Shape, Size, shape_text, size_text


class Node:
    """The root of all nodes; `args` are nodes, `data` is a tuple of hashable values."""

    __slots__ = ("__weakref__", "args", "data", "digest", "has_differential", "shape", "symbols")

    args: tuple[Node, ...]
    data: tuple[Any, ...]
    shape: Shape
    digest: bytes
    """A hash of the structure: the same in every run, so that orders never depend on creation."""
    symbols: frozenset[str]
    """The names of all symbols below, those inside named intermediates included."""
    has_differential: bool

    _table: ClassVar[WeakValueDictionary[tuple[Any, ...], Node]] = WeakValueDictionary()

    def __new__(cls, shape: Shape, data: tuple[Any, ...] = (), args: tuple[Node, ...] = ()) -> Node:
        key = (cls, shape, data, args)
        known = Node._table.get(key)
        if known is not None:
            return known
        self = object.__new__(cls)
        self.shape, self.data, self.args = shape, data, args
        text = "\x1f".join((cls.__name__, size_text(shape[0]), size_text(shape[1]), *map(_data_text, data)))
        digest = blake2b(text.encode(), digest_size=16)
        for arg in args:
            digest.update(arg.digest)
        self.digest = digest.digest()
        self.symbols = self._own_symbols().union(*(arg.symbols for arg in args))
        self.has_differential = cls is Differential or any(arg.has_differential for arg in args)
        Node._table[key] = self
        return self

    def _own_symbols(self) -> frozenset[str]:
        return frozenset()

    @property
    def rows(self) -> Size:
        return self.shape[0]

    @property
    def cols(self) -> Size:
        return self.shape[1]

    @property
    def is_scalar(self) -> bool:
        return self.shape[0] is ONE and self.shape[1] is ONE

    @property
    def is_square(self) -> bool:
        return bool(self.shape[0] == self.shape[1])

    def __repr__(self) -> str:
        parts = [*map(str, self.data), *map(repr, self.args)]
        return f"{type(self).__name__}({', '.join(parts) or shape_text(self.shape)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.shape, self.data, self.args))


def _data_text(value: Any) -> str:
    return value.key if isinstance(value, Function) else str(value)


class Symbol(Node):
    """A declared scalar, vector or matrix: data (name, facts)."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return str(self.data[0])

    @property
    def facts(self) -> frozenset[str]:
        return frozenset(self.data[1])

    def _own_symbols(self) -> frozenset[str]:
        return frozenset((self.name,))


class Let(Node):
    """A named intermediate: data (name,), args (value,)."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return str(self.data[0])

    @property
    def value(self) -> Node:
        return self.args[0]

    def _own_symbols(self) -> frozenset[str]:
        return frozenset((self.name,))


class Dimension(Node):
    """A size used as a number, 1×1: data (size,)."""

    __slots__ = ()


class Identity(Node):
    """The n×n identity matrix."""

    __slots__ = ()


class Zero(Node):
    """The m×n zero matrix; 1×1, the number 0."""

    __slots__ = ()


class Ones(Node):
    """The m×n matrix of ones."""

    __slots__ = ()


class Basis(Node):
    """The column e_i of the identity: data (index,), counted from 0."""

    __slots__ = ()


class Commutation(Node):
    """K(m, n), with K(m, n) vec(A) = vec(Aᵀ) for A of m×n: data (m, n)."""

    __slots__ = ()


class Differential(Node):
    """d of its argument, of the argument's shape."""

    __slots__ = ()


class Sum(Node):
    """A sum of two or more terms of one shape, in the order of their first appearance."""

    __slots__ = ()


class Product(Node):
    """A number, a bag of scalars with exponents, and a chain of matrix factors.

    data: (coefficient, exponents of the bag's entries); args: the bag's bases, then the chain.
    """

    __slots__ = ()

    @property
    def coefficient(self) -> Fraction:
        return Fraction(self.data[0])

    @property
    def bag(self) -> tuple[tuple[Node, Fraction], ...]:
        return tuple(zip(self.args, self.data[1], strict=False))

    @property
    def chain(self) -> tuple[Node, ...]:
        return self.args[len(self.data[1]) :]


class Hadamard(Node):
    """The entrywise product of two or more matrices."""

    __slots__ = ()


class HadamardPower(Node):
    """The entrywise power of a matrix: data (exponent,)."""

    __slots__ = ()

    @property
    def exponent(self) -> Fraction:
        return Fraction(self.data[0])


class Kronecker(Node):
    """A ⊗ B ⊗ …"""

    __slots__ = ()


class KhatriRao(Node):
    """A ∗ B: column k is the Kronecker product of the columns k of A and B."""

    __slots__ = ()


class Transpose(Node):
    __slots__ = ()


class Inverse(Node):
    __slots__ = ()


class MatrixPower(Node):
    """A power of a square matrix: data (n,), an integer other than −1, 0, 1."""

    __slots__ = ()

    @property
    def exponent(self) -> int:
        return int(self.data[0])


class Trace(Node):
    __slots__ = ()


class Determinant(Node):
    __slots__ = ()


class Norm(Node):
    """The Frobenius norm."""

    __slots__ = ()


class Elementwise(Node):
    """A scalar function applied to every entry: data (function,)."""

    __slots__ = ()

    @property
    def function(self) -> Function:
        function: Function = self.data[0]
        return function


class Softmax(Node):
    """exp(x) / Σ exp(x) of a vector."""

    __slots__ = ()


class LogSumExp(Node):
    """log Σ exp(x) of a vector."""

    __slots__ = ()


class Vec(Node):
    """The columns of a matrix, stacked."""

    __slots__ = ()


class Diag(Node):
    """The diagonal matrix of a vector."""

    __slots__ = ()


class Diagonal(Node):
    """The diagonal of a square matrix, as a column."""

    __slots__ = ()


Value = TypeVar("Value")


def postorder(*roots: Node) -> Iterator[Node]:
    """Yield every node below the roots once, arguments first; no recursion, however deep."""
    return _below(roots, closed=())


def surface(*roots: Node) -> Iterator[Node]:
    """Yield every node below the roots once, arguments first, without entering named intermediates."""
    return _below(roots, closed=(Let,))


def _below(roots: Sequence[Node], closed: tuple[type[Node], ...]) -> Iterator[Node]:
    seen: set[Node] = set()
    stack: list[tuple[Node, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        node, ready = stack.pop()
        if ready:
            yield node
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            if not isinstance(node, closed):
                stack.extend((arg, False) for arg in reversed(node.args) if arg not in seen)


def fold(root: Node, combine: Callable[[Node, tuple[Value, ...]], Value], memo: dict[Node, Value] | None = None) -> Value:
    """Combine the values of the arguments, bottom up, each node once; `memo` may hold values already."""
    values = {} if memo is None else memo
    stack = [root]
    while stack:
        node = stack[-1]
        if node in values:
            stack.pop()
            continue
        missing = [arg for arg in node.args if arg not in values]
        if missing:
            stack.extend(reversed(missing))
            continue
        values[node] = combine(node, tuple(values[arg] for arg in node.args))
        stack.pop()
    return values[root]


def lets(roots: Iterable[Node]) -> tuple[Let, ...]:
    """Return the named intermediates below the roots, each after those it needs."""
    return tuple(node for node in postorder(*roots) if isinstance(node, Let))


def symbols(roots: Iterable[Node]) -> tuple[Symbol, ...]:
    """Return the symbols below the roots, in the order a reader meets them."""
    return tuple(node for node in postorder(*roots) if isinstance(node, Symbol))
