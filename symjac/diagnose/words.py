"""Formulas and places in the words of a message: Aᵀx, the second term."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symjac.diagnose.places import bare
from symjac.nodes.build import replace, symbol
from symjac.nodes.node import Node, symbols
from symjac.read.latex.tree import (
    Apply,
    Array,
    Bars,
    Group,
    Indexed,
    Infix,
    Letter,
    Name,
    Number,
    Over,
    Plus,
    Power,
    Product,
    Special,
    Transposed,
    Tree,
)
from symjac.write.names import symbol_text
from symjac.write.text import text

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")

LONGEST = 80
"""A formula longer than this is not said again in the middle of a sentence."""

_RAISED = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SIGNS = {"otimes": " ⊗ ", "odot": " ∘ ", "circ": " ∘ ", "oslash": " ⊘ ", "colon": " : ", "khatri": " ∗ "}
_BRACKETS = {"[": ("[", "]"), "\\{": ("{", "}")}
_SPECIALS = {"identity": "I", "ones": "1", "zeros": "0", "commutation": "K", "single": "E", "unit": "e", "delta": "δ"}


def said(tree: Tree) -> str:
    """Return a formula as a message says it; "the formula" for one that is too long.

    >>> A = Name("A")
    >>> said(Product((Transposed(A), Power(Group(Plus((A, Special("identity")), (1, -1))), Number(2))), ("",)))
    'Aᵀ(A − I)²'
    """
    body = formula(tree)
    return body if len(body) <= LONGEST else body[: LONGEST - 1] + "…"


def shown(node: Node) -> str:
    """Return an expression as a message says it, cut short where it is long.

    >>> from symjac.nodes.build import product, symbol
    >>> shown(product(2, symbol("lambda_", 1), symbol("w", 3)))
    '2λw'
    """
    body = text(_plainly(node) if any(name.endswith("_") for name in node.symbols) else node)
    return body if len(body) <= LONGEST else body[: LONGEST - 1] + "…"


def _plainly(node: Node) -> Node:
    """Return an expression in which lambda_, as a keyword is spelled, is lambda."""
    keywords = [s for s in symbols([node]) if s.name.rstrip("_") not in ("", s.name)]
    return replace(node, {s: symbol(s.name.rstrip("_"), *s.shape) for s in keywords})


def named(name: str) -> str:
    """Return a name as people write it: λ for lambda_, which is a keyword without the line."""
    return symbol_text(name.rstrip("_") or name)


def formula(tree: Tree) -> str:
    """Return a formula in Unicode."""
    row = _ROWS.get(type(tree))
    return row(tree) if row else "…"


def ordinal(place: int) -> str:
    """Return "in the second term" for 1."""
    return f"in the {ORDINALS[place]} term" if place < len(ORDINALS) else f"in term {place + 1}"


def _number(tree: Number) -> str:
    return str(tree.value)


def _special(tree: Special) -> str:
    return _SPECIALS.get(tree.kind, tree.kind) + _indices((*tree.sizes, *tree.indices))


def _indices(indices: tuple[Tree, ...]) -> str:
    parts = [formula(part) for part in indices]
    body = "".join(parts) if all(len(part) == 1 for part in parts) else ",".join(parts)
    if body.isdigit():
        return body.translate(_LOWERED)
    return "" if not body else f"_{body}" if body.isalnum() and all(len(part) == 1 for part in parts) else f"_({body})"


def _plus(tree: Plus) -> str:
    body = ""
    for term, sign in zip(tree.terms, tree.signs, strict=True):
        mark = " − " if sign < 0 else " + "
        body += (mark if body else "−" if sign < 0 else "") + formula(term)
    return body


def _product(tree: Product) -> str:
    body = formula(tree.factors[0])
    for factor in tree.factors[1:]:
        more = formula(factor)
        apart = body[-1].isalnum() and (more[0].isdigit() or (len(more) > 1 and more[:2].isalpha() and body[-1].isalpha()))
        body += ("·" if more[0].isdigit() else " " if apart else "") + more
    return body


def _infix(tree: Infix) -> str:
    return formula(tree.left) + _SIGNS.get(tree.sign, " ? ") + formula(tree.right)


def _over(tree: Over) -> str:
    return _tight(tree.numerator) + "/" + _tight(tree.denominator)


def _tight(tree: Tree) -> str:
    body = formula(tree)
    return body if isinstance(tree, Name | Number | Group | Apply | Bars | Special) else f"({body})"


def _power(tree: Power) -> str:
    exponent = formula(bare(tree.exponent))
    raised = exponent.translate(_RAISED) if exponent.lstrip("−-").isdigit() else f"^({exponent})"
    return _tight(tree.base) + ("∘" if tree.entrywise else "") + raised


def _transposed(tree: Transposed) -> str:
    inner = bare(tree.base)
    if isinstance(inner, Power) and formula(inner).endswith("⁻¹"):
        return formula(inner).removesuffix("⁻¹") + "⁻ᵀ"
    if isinstance(inner, Power) and isinstance(inner.exponent, Number):
        return formula(inner) + "ᵀ"
    return _tight(tree.base) + "ᵀ"


def _group(tree: Group) -> str:
    opening, closing = _BRACKETS.get(tree.bracket, ("(", ")"))
    return opening + formula(tree.inner) + closing


def _apply(tree: Apply) -> str:
    word = {"sigmoid": "σ", "sigma": "σ", "phi": "φ"}.get(tree.function, tree.function) + "′" * tree.primes
    return f"{word}({', '.join(formula(bare(argument)) for argument in tree.arguments)})"


def _bars(tree: Bars) -> str:
    mark = "‖" if tree.double else "|"
    return mark + formula(tree.inner) + mark + (f"_{tree.mark}" if tree.mark else "")


_ROWS: dict[type[Tree], Callable[[Any], str]] = {
    Number: _number,
    Name: lambda tree: named(tree.name),
    Letter: lambda tree: tree.letter,
    Special: _special,
    Plus: _plus,
    Product: _product,
    Infix: _infix,
    Over: _over,
    Power: _power,
    Transposed: _transposed,
    Indexed: lambda tree: _tight(tree.base) + _indices(tree.indices),
    Group: _group,
    Apply: _apply,
    Bars: _bars,
    Array: lambda tree: "the matrix",
}
