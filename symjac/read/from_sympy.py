"""The door in from SymPy: a SymPy expression becomes nodes, with every shape checked again.

SymPy accepts m×n + n×m when sizes are symbols, flattens (xᵀx)A into xᵀxA and merges x·x into x²: here numbers and
1×1 products are taken out first, and what is left has to fit.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy
from sympy.core.sympify import SympifyError, _sympify

from symjac import sympy_nodes as ours
from symjac.errors import DomainError, ShapeError, UnsupportedError
from symjac.nodes import build
from symjac.nodes.node import Node
from symjac.nodes.sizes import shape_text
from symjac.read.sympy_functions import short
from symjac.read.sympy_table import Handler, handler_of, operands


def from_sympy(expr: Any, sizes: Iterable[str] = ()) -> Node:
    """Return the node of a SymPy expression; `sizes` names further symbols that stand for sizes.

    >>> from sympy import MatrixSymbol, symbols
    >>> N = symbols("N")
    >>> x = MatrixSymbol("x", N, 1)
    >>> from_sympy((x.T*x)*x).shape
    (N, 1)

    A number in floating point is read as the shortest decimal that gives it: 0.1 is 1/10. Raises ShapeError where shapes
    do not fit and UnsupportedError, naming the expression, where SymPy says something that no node can say.
    """
    return Reader(sizes).read(expr)


def originals(expr: Any) -> dict[str, Any]:
    """Return the SymPy objects an expression is built from, by name, so that answers can use the same ones.

    >>> from sympy import MatrixSymbol, symbols
    >>> originals(MatrixSymbol("x", symbols("N"), 1))
    {'N': N, 'x': x}
    """
    found: dict[str, Any] = {}
    for part in _parts(_root(expr)):
        if isinstance(part, sympy.MatrixSymbol | sympy.Symbol) and not isinstance(part, sympy.Dummy):
            found.setdefault(part.name, part)
    return dict(sorted(found.items()))


def _root(expr: Any) -> Any:
    try:
        return _sympify(expr)
    except SympifyError:
        raise DomainError(f"a SymPy expression is needed here, not {type(expr).__name__}") from None


def _parts(root: Any) -> list[Any]:
    """Return all different subexpressions, the root first."""
    seen: dict[Any, None] = {root: None}
    stack = [root]
    while stack:
        part = stack.pop()
        # The variable of a Lambda is bound: it is nobody's symbol, whatever its name.
        for arg in part.args if not isinstance(part, sympy.Lambda) else ():
            if isinstance(arg, sympy.Basic) and arg not in seen:
                seen[arg] = None
                stack.append(arg)
    return list(seen)


class Reader:
    """One reading: the names it has met, with their meanings, and the nodes made so far."""

    def __init__(self, sizes: Iterable[str] = ()) -> None:
        self.sizes = set(sizes)
        self.symbols: dict[str, Node] = {}
        self.originals: dict[str, Any] = {}
        self.nodes: dict[Any, Node] = {}

    def read(self, expr: Any) -> Node:
        if isinstance(expr, str):
            raise DomainError("a SymPy expression is needed here, not a text; a text needs declarations: given=…")
        if isinstance(expr, Node):
            return expr
        root = _root(expr)
        self._find_sizes(root)
        return self.convert(root)

    def convert(self, root: Any) -> Node:
        """Convert bottom up, each subexpression once, without recursion."""
        stack = [root]
        while stack:
            expr = stack[-1]
            if expr in self.nodes:
                stack.pop()
                continue
            handler = handler_of(expr)
            if handler is None:
                raise UnsupportedError(f"{short(expr)}: {type(expr).__name__} is not understood here{_hint(expr)}")
            children = operands(expr)
            missing = [child for child in children if child not in self.nodes]
            if missing:
                stack.extend(reversed(missing))
                continue
            self.nodes[expr] = self._build(handler, expr, tuple(self.nodes[child] for child in children))
            stack.pop()
        return self.nodes[root]

    def _build(self, handler: Handler, expr: Any, args: tuple[Node, ...]) -> Node:
        try:
            return handler(self, expr, args)
        except ShapeError as error:
            raise ShapeError(f"{error}, in `{short(expr)}`") from None

    def _find_sizes(self, root: Any) -> None:
        for part in _parts(root):
            if isinstance(part, _SIZED):
                self.sizes.update(s.name for arg in part.args for s in getattr(arg, "free_symbols", ()))
            if isinstance(part, sympy.Symbol) and part.is_integer and part.is_positive:
                self.sizes.add(part.name)

    def symbol(self, expr: Any, rows: Any, cols: Any, facts: Iterable[str] = ()) -> Node:
        name = expr.name
        if self.originals.setdefault(name, expr) != expr:
            raise DomainError(f"{name} is the name of two different SymPy symbols here; give them two names")
        if name in self.sizes:
            raise DomainError(f"{name} is used both as a size and as a {'scalar' if rows == cols == 1 else 'matrix'}")
        return self.remember(name, build.symbol(name, ours.size_of(rows), ours.size_of(cols), tuple(facts)))

    def remember(self, name: str, node: Node) -> Node:
        known = self.symbols.setdefault(name, node)
        if known is not node:
            raise DomainError(
                f"{name} has two meanings: {known!r}, {shape_text(known.shape)}, and {node!r}, {shape_text(node.shape)}"
            )
        return node


_SIZED = (sympy.MatrixSymbol, sympy.Identity, sympy.ZeroMatrix, sympy.OneMatrix, ours.CommutationMatrix, ours.BasisVector)
"""The SymPy classes whose arguments are sizes."""


def _hint(expr: Any) -> str:
    hints = {
        "MatrixSlice": "; pick rows and columns by multiplying with basis vectors",
        "BlockMatrix": "; write its blocks as separate expressions",
        "Adjoint": "; matrices are real: use .T",
        "conjugate": "; everything is real: leave it out",
    }
    if isinstance(expr, sympy.MatrixBase):
        return "; use matrix symbols, and give their numbers at the end"
    return hints.get(type(expr).__name__, "")
