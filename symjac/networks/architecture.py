"""What a network is made of: sizes, parameters, activations; the table of its shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, NamedTuple

import sympy

from symjac.errors import DomainError, ShapeError
from symjac.networks.activations import Output
from symjac.nodes.build import symbol
from symjac.nodes.functions import Function
from symjac.nodes.node import Symbol
from symjac.nodes.sizes import Size, size, size_symbol


@dataclass(frozen=True)
class Layer:
    """The layer of some number (from 1): its weights W, n_out × n_in, and its bias b."""

    number: int
    n_in: Size
    n_out: Size

    @property
    def weight(self) -> str:
        return f"W{self.number}"

    @property
    def bias(self) -> str:
        return f"b{self.number}"

    @cached_property
    def W(self) -> Symbol:
        return symbol(self.weight, self.n_out, self.n_in)

    @cached_property
    def b(self) -> Symbol:
        return symbol(self.bias, self.n_out)


@dataclass(frozen=True)
class Architecture:
    """The sizes [n₀, …, n_L], the activation of the hidden layers and that of the output."""

    sizes: tuple[Size, ...]
    activation: Function | None
    output: Output

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        pairs = zip(self.sizes, self.sizes[1:], strict=False)
        return tuple(Layer(number, n_in, n_out) for number, (n_in, n_out) in enumerate(pairs, start=1))

    @cached_property
    def parameters(self) -> dict[str, Symbol]:
        """Every parameter by name: W1, b1, W2, b2, …"""
        return {node.name: node for layer in self.layers for node in (layer.W, layer.b)}

    @cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the parameters by name; none where sizes are names."""
        if not self.is_numeric:
            return {}
        pairs = ((layer, int(layer.n_out), int(layer.n_in)) for layer in self.layers)
        return {name: shape for layer, m, n in pairs for name, shape in ((layer.weight, (m, n)), (layer.bias, (m,)))}

    @property
    def n_in(self) -> Size:
        return self.sizes[0]

    @property
    def n_out(self) -> Size:
        return self.sizes[-1]

    @property
    def is_numeric(self) -> bool:
        """Whether all sizes are numbers."""
        return all(n.is_Integer for n in self.sizes)

    def function(self, layer: Layer) -> Output:
        """Return the activation of a layer."""
        return self.output if layer.number == len(self.layers) else self.activation

    @cached_property
    def samples(self) -> Size:
        """The number of samples of a batch, under a name that no size has."""
        taken = {s.name for n in self.sizes for s in n.free_symbols}
        return size_symbol(next(name for name in ("n", "B", "N", "n_samples") if name not in taken))

    def numbers(self) -> list[int]:
        """Return the sizes as numbers; DomainError where some are names."""
        if not self.is_numeric:
            raise DomainError(
                f"the sizes {', '.join(str(n) for n in self.sizes if not n.is_Integer)} are names: give them numbers, "
                f"as in sizes={{{', '.join(f'{name!r}: 8' for name in self.size_names)}}}"
            )
        return [int(n) for n in self.sizes]

    @property
    def size_names(self) -> list[str]:
        return list(dict.fromkeys(s.name for n in self.sizes for s in sorted(n.free_symbols, key=str)))


_RESERVED = re.compile(r"[WbzhZH]\d+|[xXyYuv]|y_hat|Y_hat")
"""Names that a network gives to its own parts."""


def read_sizes(given: Any) -> tuple[Size, ...]:
    """Return the sizes of a network: numbers, names, or SymPy symbols.

    >>> read_sizes([4, "width", 1])
    (4, width, 1)
    """
    given = given.tolist() if hasattr(given, "tolist") else given
    if isinstance(given, str) or not isinstance(given, Sequence) or len(given) < 2:
        raise DomainError(f"a network has at least an input and an output size, as in Network([4, 8, 1]); not {given!r}")
    return tuple(_size(value, place) for place, value in enumerate(given))


def _size(value: Any, place: int) -> Size:
    where = f"size {place} of the network"
    if isinstance(value, str):
        if not (value.isascii() and value.isidentifier()):
            raise DomainError(f"{where}, {value!r}, is no number and no name")
        value = size_symbol(value)
    elif isinstance(value, bool) or not (hasattr(value, "__index__") or isinstance(value, sympy.Expr)):
        raise DomainError(f"{where} is a whole number or a name, not {value!r}")
    elif not isinstance(value, sympy.Expr):
        value = int(value)
    else:
        value = value.xreplace({s: size_symbol(s.name) for s in value.free_symbols})
    try:
        found = size(value)
    except ShapeError as error:
        raise ShapeError(f"{where}: {error}") from None
    reserved = next((s.name for s in found.free_symbols if _RESERVED.fullmatch(s.name)), None)
    if reserved:
        raise DomainError(f"{where}: {reserved} is the name of a part of the network; give the size another name")
    return found


# The table


class LayerShapes(NamedTuple):
    """One row of the table: shapes as tuples, and what the layer costs for one input."""

    layer: int
    W: tuple[Any, Any]
    b: tuple[Any]
    output: tuple[Any]
    parameters: Any
    multiplications: Any


@dataclass(frozen=True, repr=False)
class ShapeTable:
    """The shapes of all layers; printed, it is a table.

    >>> from symjac.networks import Network
    >>> print(Network([4, 8, 2]).shapes())
    layer  W       b     output  parameters  multiplications
    1      (8, 4)  (8,)  (8,)            40               32
    2      (2, 8)  (2,)  (2,)            18               16
    total                                58               48
    """

    rows: tuple[LayerShapes, ...]

    def __iter__(self) -> Iterator[LayerShapes]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> LayerShapes:
        return self.rows[index]

    def __str__(self) -> str:
        total = ("total", "", "", "", sum(row.parameters for row in self.rows), sum(row.multiplications for row in self.rows))
        cells = [[str(cell) for cell in row] for row in (LayerShapes._fields, *self.rows, total)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        return "\n".join(_line(row, widths) for row in cells)

    __repr__ = __str__


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Return a row of the table: words and shapes to the left, counts to the right."""
    aligned = [cell.ljust(width) for cell, width in zip(row[:4], widths[:4], strict=True)]
    return "  ".join([*aligned, *(cell.rjust(width) for cell, width in zip(row[4:], widths[4:], strict=True))])


def shape_table(architecture: Architecture) -> ShapeTable:
    """Return the shapes of a network's layers."""
    return ShapeTable(tuple(_row(layer) for layer in architecture.layers))


def _row(layer: Layer) -> LayerShapes:
    m, n = plain(layer.n_out), plain(layer.n_in)
    products = plain(layer.n_out * layer.n_in)
    return LayerShapes(layer.number, (m, n), (m,), (m,), plain(products + layer.n_out), products)


def plain(value: Size) -> Any:
    """Return a size as a Python number where it is one."""
    expanded = sympy.expand(value)
    return int(expanded) if expanded.is_Integer else expanded


def parameter_slices(architecture: Architecture) -> dict[str, slice]:
    """Return where each parameter stands among the columns of a feature matrix."""
    found: dict[str, slice] = {}
    start: Any = 0
    for name, node in architecture.parameters.items():
        stop = plain(start + prod(node.shape))
        found[name] = slice(start, stop)
        start = stop
    return found
