"""What a function kept by name stands for, entry by entry: tanh′(t) = 1 − tanh(t)²."""

from __future__ import annotations

import sympy

from symjac.nodes.functions import FUNCTIONS, Function
from symjac.write.alphabet import Alphabet
from symjac.write.latex import Latex

_KNOWN = {
    ("tanh", 1): ("1 - {f}(t)^{{2}}", "1 − {f}(t)²"),
    ("tanh", 2): ("-2 {f}(t) {f}'(t)", "−2 {f}(t) {f}′(t)"),
    ("sigmoid", 0): (r"\frac{{1}}{{1 + \exp(-t)}}", "1/(1 + exp(−t))"),
    ("sigmoid", 1): (r"{f}(t) \bigl(1 - {f}(t)\bigr)", "{f}(t)(1 − {f}(t))"),
    ("relu", 0): (r"\max(0, t)", "max(0, t)"),
    ("relu", 1): (
        r"\begin{{cases}} 1 & \text{{for }} t > 0 \\ 0 & \text{{for }} t \le 0 \end{{cases}}",
        "1 for t > 0 and 0 for t ≤ 0",
    ),
    ("softplus", 0): (r"\log\bigl(1 + \exp(t)\bigr)", "log(1 + exp(t))"),
    ("softplus", 1): (r"\frac{{1}}{{1 + \exp(-t)}}", "1/(1 + exp(−t))"),
}
"""The functions of the language, in LaTeX and text; SymPy writes the definitions of all others."""


def definition(function: Function, alphabet: Alphabet, taken: frozenset[str]) -> str:
    """Return `f′(t) = …`, or nothing where the name says it all (exp, log, sin, cos, tanh)."""
    known = FUNCTIONS.get(function.name) == Function(function.name, function.definition)
    if known and function.order == 0 and (function.name, 0) not in _KNOWN:
        return ""
    name = alphabet.function(function.name, 0, taken)[0]
    primed = alphabet.function(function.name, function.order, taken)[0]
    in_latex = isinstance(alphabet, Latex)
    if known and (function.name, function.order) in _KNOWN:
        latex, text = _KNOWN[function.name, function.order]
        value = (latex if in_latex else text).format(f=name)
    else:
        value = sympy.latex(function.expression) if in_latex else str(function.expression)
    return f"{primed}(t) = {value}"
