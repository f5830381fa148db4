"""Sizes in print: N², MN, N + 1."""

from __future__ import annotations

import sympy

from symjac.nodes.sizes import Size
from symjac.write.alphabet import Alphabet
from symjac.write.names import parts


def size_terms(size: Size) -> list[tuple[int, list[tuple[str, int]]]]:
    """Return a size as a sum of (coefficient, [(name, power), …]), the highest power first."""
    polynomial = sympy.Poly(size, *sorted(size.free_symbols, key=lambda s: s.name)) if size.free_symbols else None
    if polynomial is None:
        return [(int(size), [])]
    names = [symbol.name for symbol in polynomial.gens]
    terms = sorted(polynomial.terms(), key=lambda term: (-sum(term[0]), [-p for p in term[0]]))
    return [(int(c), [(n, p) for n, p in zip(names, powers, strict=True) if p]) for powers, c in terms]


def size_body(size: Size, alphabet: Alphabet) -> str:
    """Return a size in an alphabet."""
    body = ""
    for coefficient, powers in size_terms(size):
        letters = [alphabet.raised(_name(name, alphabet), str(p)) if p > 1 else _name(name, alphabet) for name, p in powers]
        number = [str(abs(coefficient))] if abs(coefficient) != 1 or not powers else []
        term = _juxtaposed([*number, *letters], any(parts(name).is_word for name, _ in powers), alphabet)
        sign = alphabet.minus if coefficient < 0 else alphabet.plus
        body += f" {sign} {term}" if body else (alphabet.minus if coefficient < 0 else "") + term
    return body


def _juxtaposed(factors: list[str], apart: bool, alphabet: Alphabet) -> str:
    body = factors[0]
    for factor in factors[1:]:
        body += (alphabet.space if apart else alphabet.beside(body, factor)) + factor
    return body


def is_monomial(size: Size) -> bool:
    """Whether a size is printed without + and −."""
    return len(size_terms(size)) == 1


def _name(name: str, alphabet: Alphabet) -> str:
    return alphabet.name(parts(name))
