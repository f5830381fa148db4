"""How our SymPy classes print: as calls in text and LaTeX, as NumPy source for lambdify."""

from __future__ import annotations

from typing import Any

import sympy
from sympy.printing.pretty.stringpict import prettyForm

from symjac.nodes.functions import Function, T

Printer = Any


class CallPrinting:
    """Print as name(arguments); `shown` says which arguments."""

    args: tuple[Any, ...]
    text_name: Any = ""
    latex_name: Any = ""

    @property
    def shown(self) -> tuple[Any, ...]:
        return self.args

    def _sympystr(self, printer: Printer) -> str:
        return f"{self.text_name}({', '.join(map(printer._print, self.shown))})"

    def _latex(self, printer: Printer) -> str:
        return rf"{self.latex_name}\left({', '.join(map(printer._print, self.shown))}\right)"

    def _pretty(self, printer: Printer) -> Any:
        arguments = prettyForm(*printer._print_seq(self.shown, delimiter=", ").parens())
        return prettyForm(*arguments.left(self.text_name))


def numpy_name(printer: Printer, name: str) -> str:
    """Return how a printer of NumPy source writes a function of NumPy."""
    return str(printer._module_format(f"{printer._module}.{name}"))


def function_call(printer: Printer, function: Function, arg: Any) -> str:
    """Return NumPy source that applies a scalar function to every entry."""
    body = function.expression
    # A constant derivative still has to take the shape of its argument.
    text = printer._print(body) if body.has(T) else f"{printer._print(body)} + 0*{T.name}"
    return f"(lambda {T.name}: {text})({printer._print(arg)})"


def explicit(expr: Any, **hints: Any) -> Any:
    """Return `expr.doit()`, entry by entry where it holds no matrix symbol and no symbolic size."""
    done = expr.doit(**hints)
    if isinstance(done, sympy.MatrixBase) or not getattr(done, "is_Matrix", False):
        return done
    open_ended = done._is_shape_symbolic() or any(getattr(symbol, "is_Matrix", False) for symbol in done.free_symbols)
    return done if open_ended else done.as_explicit()


def as_entry(value: Any) -> Any:
    """Return the entry of an explicit 1×1 matrix, anything else unchanged."""
    return value[0, 0] if isinstance(value, sympy.MatrixBase) and value.shape == (1, 1) else value
