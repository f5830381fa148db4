"""The value of a SymPy expression, found by SymPy alone: exact matrices go in for the symbols, and `doit` does the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.dotproduct import DotProduct

from symjac.nodes.node import Node, symbols

SIZES = {"M": 3, "N": 2, "P": 4}


def sample(node: Node, seed: int = 0) -> dict[str, NDArray[Any]]:
    """Return a random point for a node's symbols: dyadic numbers, exact in both worlds, inverses and roots kept safe."""
    random = np.random.default_rng(seed)
    point = {}
    for symbol in sorted(symbols([node]), key=lambda symbol: symbol.name):
        rows, cols = (int(n.xreplace({s: sympy.Integer(SIZES[s.name]) for s in n.free_symbols})) for n in symbol.shape)
        value = random.integers(-8, 8, (rows, cols)) / 8 + 1 / 16 + (2 * np.eye(rows) if rows == cols else 0)
        if symbol.facts & {"symmetric"}:
            value = value @ value.T
        point[symbol.name] = np.abs(value) + 0.125 if "positive" in symbol.facts else value
    return point


def value_by_sympy(expr: Any, point: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    """Substitute sizes and exact matrices, then let SymPy compute."""
    sized = expr.xreplace({s: sympy.Integer(SIZES[s.name]) for s in expr.free_symbols if not s.is_Matrix and s.name in SIZES})
    sized = sized.xreplace({s: _exact(s, point) for s in sized.atoms(sympy.MatrixSymbol, sympy.Symbol) if s.name in point})
    done = sized.doit()
    if getattr(done, "is_Matrix", False):
        return np.array(done.as_explicit().doit().evalf().tolist(), dtype=float)
    return np.array([[float(done)]])


def value_by_tree(expr: Any, point: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    """Compute a plain SymPy tree, finding by trial the brackets that SymPy's flat products have lost."""
    known = {s: _exact(s, point) for s in expr.atoms(sympy.MatrixSymbol, sympy.Symbol) if s.name in point}
    known |= {s: sympy.Integer(SIZES[s.name]) for s in expr.atoms(sympy.Symbol) if s.name in SIZES}
    done = _compute(expr, known)
    rows = done.tolist() if getattr(done, "is_Matrix", False) else [[done]]
    return np.array([[complex(sympy.N(entry)) for entry in row] for row in rows])


def _compute(expr: Any, known: Mapping[Any, Any]) -> Any:
    if expr in known:
        return known[expr]
    if isinstance(expr, sympy.Sum):
        return expr.xreplace(known).doit()
    if isinstance(expr, ElementwiseApplyFunction):
        return _compute(expr.expr, known).applyfunc(expr.function.xreplace(known))
    if isinstance(expr, sympy.MatMul):
        # SymPy merges x·x into x², although x is a column.
        merged = [arg if not isinstance(arg, sympy.MatPow) or arg.exp < 2 else (arg.base,) * arg.exp for arg in expr.args]
        factors = [factor for arg in merged for factor in (arg if isinstance(arg, tuple) else (arg,))]
        args = [_compute(arg, known) for arg in factors]
        numbers = [arg for arg in args if not getattr(arg, "is_Matrix", False)]
        return _bracketed([arg for arg in args if getattr(arg, "is_Matrix", False)]) * sympy.Mul(*numbers)
    args = [_compute(arg, known) for arg in expr.args]
    if isinstance(expr, DiagonalOf):
        return args[0].diagonal().T
    if isinstance(expr, DiagonalMatrix):
        return sympy.diag(*args[0].diagonal())
    if isinstance(expr, DotProduct):
        return (args[0].vec().T * args[1].vec())[0, 0]
    if isinstance(expr, sympy.Add | sympy.Pow | sympy.Function) and not isinstance(expr, sympy.MatAdd):
        args = [arg[0, 0] if getattr(arg, "is_Matrix", False) and arg.shape == (1, 1) else arg for arg in args]
    if not args:
        return expr.as_explicit() if getattr(expr, "is_Matrix", False) else expr
    done = expr.func(*args).doit()
    return done.as_explicit() if getattr(done, "is_Matrix", False) else done


def _bracketed(matrices: list[Any]) -> Any:
    """Multiply as some brackets allow, a 1×1 product being a number."""
    spans: dict[tuple[int, int], Any] = {(i, i + 1): matrix for i, matrix in enumerate(matrices)}
    for length in range(2, len(matrices) + 1):
        for start in range(len(matrices) - length + 1):
            cuts = ((spans.get((start, cut)), spans.get((cut, start + length))) for cut in range(start + 1, start + length))
            products = (_fitted(left, right) for left, right in cuts if left is not None and right is not None)
            spans[start, start + length] = next((product for product in products if product is not None), None)
    return spans[0, len(matrices)]


def _fitted(left: Any, right: Any) -> Any:
    if left.cols == right.rows:
        return left * right
    if left.shape == (1, 1):
        return left[0, 0] * right
    return left * right[0, 0] if right.shape == (1, 1) else None


def _exact(symbol: Any, point: Mapping[str, NDArray[Any]]) -> Any:
    matrix = sympy.ImmutableMatrix([[sympy.Rational(float(entry)) for entry in row] for row in point[symbol.name]])
    return matrix if symbol.is_Matrix else matrix[0, 0]


def value_by_lambdify(expr: Any, point: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    """Let SymPy write NumPy source with symbolic sizes, and run it."""
    bound = {v for part in expr.atoms(sympy.Lambda) for v in part.variables}
    found = sorted(expr.atoms(sympy.MatrixSymbol, sympy.Symbol) - bound, key=lambda symbol: symbol.name)
    values = [SIZES[s.name] if s.name in SIZES else point[s.name] if s.is_Matrix else point[s.name][0, 0] for s in found]
    return np.atleast_2d(sympy.lambdify(found, expr, "numpy")(*values))
