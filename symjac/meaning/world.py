"""What a formula may speak of: declared symbols, definitions beside it, functions, names of sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from symjac.nodes.functions import Function
from symjac.nodes.node import Node, Symbol
from symjac.nodes.sizes import Size
from symjac.read.latex.tree import Tree


@dataclass(frozen=True)
class World:
    """Declared symbols and all that a formula may use besides.

    `definitions` are formulas, as trees or nodes, typed where they are used; `functions` are the activations that letters
    such as f and φ stand for; `zero_based` says that entries are counted from 0.

    >>> from symjac.read.declare import read_declarations
    >>> sorted(World.of(read_declarations("A: M x N, x: N")).sizes)
    ['M', 'N']
    """

    symbols: Mapping[str, Symbol]
    definitions: Mapping[str, Tree | Node] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    sizes: Mapping[str, Size] = field(default_factory=dict)
    zero_based: bool = False
    supposed: Function | None = None
    """What a function is that nobody declared, as f in f′(z)."""
    typed: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """Definitions that were typed already, by name."""
    open: set[str] = field(default_factory=set, compare=False, repr=False)
    """Definitions that mean something else wherever they stand, and are typed again there."""
    seen: set[str] = field(default_factory=set, compare=False, repr=False)
    """Definitions that were looked at, in their order, so that none is typed from deep below another."""

    @classmethod
    def of(
        cls,
        symbols: Mapping[str, Symbol] | Iterable[Symbol],
        definitions: Mapping[str, Tree | Node] | None = None,
        functions: Mapping[str, Function] | None = None,
        zero_based: bool = False,
        supposed: Function | None = None,
    ) -> World:
        """Return the world of some symbols; the names of sizes are read off their shapes."""
        named = dict(symbols) if isinstance(symbols, Mapping) else {symbol.name: symbol for symbol in symbols}
        names = sorted((name for symbol in named.values() for size in symbol.shape for name in size.free_symbols), key=str)
        sizes: dict[str, Size] = {name.name: name for name in names}
        return cls(named, dict(definitions or {}), dict(functions or {}), sizes, zero_based, supposed)
