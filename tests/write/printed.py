"""Points at which what is printed is read back, and the two alphabets by name."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np
from hypothesis import reject
from hypothesis import strategies as st

from symjac.errors import SymjacError
from symjac.evaluate import Array, evaluate, size_value
from symjac.nodes.node import Let, Node, lets, symbols
from symjac.write.latex import latex
from symjac.write.names import symbol_latex, symbol_text
from symjac.write.text import text
from tests.strategies import LEAVES, expressions
from tests.write.reader import Reader

SIZES = {"M": 3, "N": 2, "P": 4}
PRINTERS: dict[str, Callable[[Node], str]] = {"latex": latex, "text": text}
SYMBOL = {"latex": symbol_latex, "text": symbol_text}


@lru_cache
def values() -> dict[str, Array]:
    """Well-behaved values: no entry near zero, square matrices far from singular."""
    random = np.random.default_rng(0)
    found = {}
    for leaf in LEAVES:
        rows, cols = (size_value(side, SIZES) for side in leaf.shape)
        found[leaf.name] = random.uniform(0.3, 0.9, (rows, cols)) + 2 * np.eye(rows, cols) * (rows == cols != 1)
    found["H"] = found["H"] + found["H"].T
    return found


@lru_cache
def speeds() -> dict[str, Array]:
    random = np.random.default_rng(1)
    return {name: random.uniform(0.3, 0.9, value.shape) for name, value in values().items()}


@st.composite
def printable(draw: st.DrawFn) -> Node:
    """An expression that has a value at the point."""
    try:
        node: Node = draw(expressions())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            evaluate(node, values(), SIZES)
    except (SymjacError, np.linalg.LinAlgError):
        reject()
    return node


def named(node: Node) -> dict[str, Array]:
    """Return the values of all symbols and named intermediates of a node."""
    inner = {one.name: evaluate(one, values(), SIZES) for one in lets([node]) if isinstance(one, Let)}
    return {**{one.name: values()[one.name] for one in symbols([node])}, **inner}


def read_back(printed: str, node: Node, alphabet: str) -> Array:
    """Return the value of what was printed."""
    spell = SYMBOL[alphabet]
    known = {spell(name): value for name, value in named(node).items()}
    known |= {name: np.array([[float(size)]]) for name, size in SIZES.items()}
    moved = {spell(name): speed for name, speed in speeds().items()}
    return Reader(printed, known, moved, latex=alphabet == "latex").read()


def reads_back(node: Node, alphabet: str) -> bool:
    """Whether a node in print has the value of the node."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        truth = evaluate(node, values(), SIZES, speeds())
        found = read_back(PRINTERS[alphabet](node), node, alphabet)
    return found.shape == truth.shape and bool(np.allclose(found, truth, rtol=1e-9, atol=1e-12, equal_nan=True))


def misread(nodes: Iterable[Node], alphabet: str) -> list[Node]:
    """Return the nodes that, as printed, mean something else or nothing."""
    wrong = []
    for node in nodes:
        try:
            if not reads_back(node, alphabet):
                wrong.append(node)
        except Exception:
            wrong.append(node)
    return wrong
