"""NumPy source for a matrix of scalar expressions: common parts once, each entry written in place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import sympy
from sympy.printing.codeprinter import PrintMethodNotImplementedError
from sympy.printing.numpy import NumPyPrinter

from symjac.compile import Compiled, run_source
from symjac.compile.names import safe_names
from symjac.errors import UnsupportedError

RESERVED = ("numpy", "J")


def compile_entries(matrix: sympy.ImmutableDenseMatrix, symbols: Sequence[sympy.Symbol], words: str) -> Compiled:
    """Return a matrix of scalar expressions as a NumPy function of the symbols.

    >>> x = sympy.Symbol("x")
    >>> compile_entries(sympy.ImmutableDenseMatrix([[x**2, 1]]), [x], "a row")([2, 3]).tolist()
    [[[4.0, 1.0]], [[9.0, 1.0]]]
    """
    return run_source(_source(matrix, symbols, words), [symbol.name for symbol in symbols])


def _source(matrix: sympy.ImmutableDenseMatrix, symbols: Sequence[sympy.Symbol], words: str) -> str:
    names = safe_names([*RESERVED, *(symbol.name for symbol in symbols)])
    plain = {symbol: sympy.Symbol(names[symbol.name], real=True) for symbol in symbols}
    taken = set(names.values())
    parts, entries = sympy.cse([_without_choices(entry.xreplace(plain)) for entry in matrix], symbols=_fresh(taken))
    arguments = [plain[symbol].name for symbol in symbols]
    together = "".join(f"{name}, " for name in arguments).rstrip() if len(arguments) == 1 else ", ".join(arguments)
    rows, columns = matrix.shape
    lines = [
        f'"""The Jacobian, {rows} × {columns}: {words}.',
        "",
        "Arrays of points give a stack of Jacobians, J[..., i, j].",
        '"""',
        f"{together} = numpy.broadcast_arrays({', '.join(f'1.0 * numpy.asarray({name})' for name in arguments)})",
        *(f"{name} = {_print(part)}" for name, part in parts),
        f"J = numpy.zeros({arguments[0]}.shape + ({rows}, {columns}), dtype=numpy.result_type({', '.join(arguments)}))",
        *(f"J[..., {k // columns}, {k % columns}] = {_print(entry)}" for k, entry in enumerate(entries) if entry != 0),
        "return J",
    ]
    return f"import numpy\n\n\ndef jacobian({', '.join(arguments)}):\n" + "".join(
        f"    {line}".rstrip() + "\n" for line in lines
    )


def _without_choices(entry: Any) -> Any:
    """Write `if c then a else b` among conditions with and, or, not: NumPy's printer makes numbers of it."""
    return entry.replace(lambda part: isinstance(part, sympy.ITE), lambda part: part.to_nnf(simplify=False))


def _fresh(taken: set[str]) -> Iterator[sympy.Symbol]:
    return (sympy.Symbol(name, real=True) for k in count() if (name := f"t{k}") not in taken)


def _print(entry: Any) -> str:
    printer = NumPyPrinter()
    try:
        printed = str(printer.doprint(entry))
    except PrintMethodNotImplementedError:
        raise UnsupportedError(f"NumPy has no function for a part of {entry}") from None
    if set(printer.module_imports) - {"numpy"}:
        raise UnsupportedError(f"NumPy alone cannot compute {entry}")
    return printed
