"""Sizes as integer expressions of generated code."""

from __future__ import annotations

from collections.abc import Mapping

import sympy

from symjac.nodes.sizes import Size


def size_code(value: Size, names: Mapping[str, str]) -> str:
    """Return a size as an integer expression, its names under their identifiers.

    >>> from symjac.nodes.sizes import size_symbol
    >>> size_code(size_symbol("M") * size_symbol("N") + 1, {"M": "M", "N": "N"})
    'M*N + 1'
    """
    if value.is_Integer:
        return str(value)
    if value.is_Symbol:
        return names[value.name]
    symbols = sorted(value.free_symbols, key=str)
    return " + ".join(
        "*".join(
            [
                *([str(number)] if number != 1 or not any(powers) else []),
                *(names[s.name] + (f"**{p}" if p > 1 else "") for s, p in zip(symbols, powers, strict=True) if p),
            ]
        )
        for powers, number in sympy.Poly(value, *symbols).terms()
    )


def factor_code(value: Size, names: Mapping[str, str]) -> str:
    """Return a size to stand in a product."""
    code = size_code(value, names)
    return f"({code})" if " " in code else code


def product_code(sizes: tuple[Size, ...], names: Mapping[str, str]) -> str:
    """Return a product of sizes, ones left out.

    >>> from symjac.nodes.sizes import ONE, size
    >>> product_code((size(2), ONE, size(3)), {})
    '2*3'
    """
    return "*".join(factor_code(value, names) for value in sizes if value != 1) or "1"
