"""SymPy's sums over entries, such as Σ x_i B_ij y_j, which `(x.T*B*y)[0, 0]` turns into, read back as matrix products."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy
from sympy.matrices.expressions.matexpr import MatrixElement

from symjac.errors import UnsupportedError
from symjac.nodes import build
from symjac.nodes.node import Node
from symjac.sympy_nodes import size_of


@dataclass
class Edge:
    """One factor A_ij of a sum: its matrix and its two indices."""

    matrix: Node
    row: Any
    col: Any

    def turned(self) -> Edge:
        return Edge(build.transpose(self.matrix), self.col, self.row)


def read_sum(expr: Any, convert: Callable[[Any], Node]) -> Node:
    """Return Σ of products of entries as a node; every summed index has to stand in one or two places."""
    ranges = {index: (low, high) for index, low, high in expr.limits}
    terms = sympy.Add.make_args(sympy.expand(expr.function))
    return build.add(*(_term(term, ranges, expr, convert) for term in terms))


def _term(term: Any, ranges: dict[Any, tuple[Any, Any]], expr: Any, convert: Callable[[Any], Node]) -> Node:
    outside: list[Node] = []
    edges: list[Edge] = []
    for factor in sympy.Mul.make_args(term):
        base, exponent = factor.as_base_exp()
        if not factor.free_symbols & set(ranges):
            outside.append(convert(factor))
        elif isinstance(base, MatrixElement) and exponent.is_Integer and 0 < exponent <= 3:
            edges.extend([_edge(base, ranges, convert)] * int(exponent))
        else:
            raise UnsupportedError(f"{factor}: only products of entries can be summed; write the sum with matrices")
    for index, (low, high) in ranges.items():
        length = size_of(high - low + 1)
        places = [
            size for edge in edges for at, size in ((edge.row, edge.matrix.rows), (edge.col, edge.matrix.cols)) if at == index
        ]
        if len(places) > 2:
            raise UnsupportedError(f"{expr}: an index that stands more than twice; write the sum with Hadamard products")
        if low != 0 or any(size != length for size in places):
            raise UnsupportedError(f"{expr}: a sum has to run over all rows or columns, from 0")
        if not places:
            outside.append(build.dimension(length))
    return build.product(*outside, *_contract(edges, set(ranges)))


def _edge(element: Any, ranges: dict[Any, tuple[Any, Any]], convert: Callable[[Any], Node]) -> Edge:
    row, col = element.indices
    for index in (row, col):
        if index not in ranges and not index.is_Integer:
            raise UnsupportedError(f"{element}: an index has to be a number or a summed index, not {index}")
    return Edge(convert(element.parent), row, col)


def _contract(edges: list[Edge], summed: set[Any]) -> list[Node]:
    """Walk from factor to factor along shared indices; each walk is a product, a closed one a trace."""
    left = list(edges)
    results: list[Node] = []
    while left:
        start = next((edge for edge in left if _is_end(edge, left, summed)), left[0])
        left.remove(start)
        walk = start if _is_free(start.row, left, summed) else start.turned()
        while (follower := _follower(walk.col, left, summed)) is not None:
            left.remove(follower)
            step = follower if follower.row == walk.col else follower.turned()
            walk = Edge(build.product(walk.matrix, step.matrix), walk.row, step.col)
        closed = walk.row in summed and walk.row == walk.col
        results.append(build.trace(walk.matrix) if closed else _closed(walk, summed))
    return results


def _is_end(edge: Edge, edges: list[Edge], summed: set[Any]) -> bool:
    others = [other for other in edges if other is not edge]
    return edge.row != edge.col and (_is_free(edge.row, others, summed) or _is_free(edge.col, others, summed))


def _is_free(index: Any, others: list[Edge], summed: set[Any]) -> bool:
    return index not in summed or _follower(index, others, summed) is None


def _follower(index: Any, edges: list[Edge], summed: set[Any]) -> Edge | None:
    if index not in summed:
        return None
    return next((edge for edge in edges if index in (edge.row, edge.col)), None)


def _closed(walk: Edge, summed: set[Any]) -> Node:
    """Multiply the free ends: with ones where the index is summed, with a basis vector where it is a number."""
    rows, cols = walk.matrix.shape
    left = build.ones(1, rows) if walk.row in summed else build.transpose(build.basis(rows, int(walk.row)))
    right = build.ones(cols, 1) if walk.col in summed else build.basis(cols, int(walk.col))
    return build.product(left, walk.matrix, right)
