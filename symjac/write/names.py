"""How declared names are printed: theta is θ, W1 is W₁, beta_hat wears a hat, a longer word stands upright."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

GREEK = {
    **{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η"},
    **{"theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π"},
    **{"rho": "ρ", "varrho": "ϱ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ"},
    **{"psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π"},
    **{"Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω"},
}
"""The Greek letters that LaTeX has a macro for."""

SPELLINGS = {"lam": "lambda", "Lam": "Lambda", "eps": "varepsilon"}
"""What people type where the full name is a keyword or long."""

ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307", "ddot": "\u0308"}
"""Suffixes that are accents, with the Unicode combining mark."""

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class Name:
    """A name in its parts: base, accents, subscripts; `plain` where it has to be shown as typed."""

    typed: str
    base: str
    accents: tuple[str, ...] = ()
    indices: tuple[str, ...] = ()
    plain: bool = False

    @property
    def is_word(self) -> bool:
        """Whether the base has several letters, so that it must be kept apart from its neighbours."""
        return self.plain or (len(self.base) > 1 and self.base not in GREEK)


def parts(name: str) -> Name:
    """Split a declared name into base, accents and subscripts.

    >>> parts("beta_hat_1")
    Name(typed='beta_hat_1', base='beta', accents=('hat',), indices=('1',), plain=False)
    """
    pieces = name.split("_")
    if not all(piece.isalnum() and piece.isascii() for piece in pieces):
        return Name(name, name, plain=True)
    head, rest = pieces[0], pieces[1:]
    match = re.fullmatch(r"([A-Za-z]+)([0-9]+)", head)
    base, digits = (match[1], (match[2],)) if match else (head, ())
    accents = []
    while rest and rest[0] in ACCENTS and not digits:
        accents.append(rest.pop(0))
    return Name(name, SPELLINGS.get(base, base), tuple(accents), (*digits, *_accented(rest)))


def _accented(words: list[str]) -> list[str]:
    """Return subscripts, each with the accents that follow it: of delta_y_hat, y_hat."""
    found: list[str] = []
    for word in words:
        if word in ACCENTS and found and not found[-1].isdigit():
            found[-1] += f"_{word}"
        else:
            found.append(word)
    return found


def symbol_latex(name: str) -> str:
    r"""Return a declared name in LaTeX.

    >>> [symbol_latex(name) for name in ("A", "W1", "lam", "beta_hat", "x_new", "loss")]
    ['A', 'W_{1}', '\\lambda', '\\hat{\\beta}', 'x_{\\mathrm{new}}', '\\mathrm{loss}']
    """
    return name_latex(parts(name))


def symbol_text(name: str) -> str:
    """Return a declared name in Unicode.

    >>> [symbol_text(name) for name in ("A", "W1", "lam", "x_new", "loss")]
    ['A', 'W₁', 'λ', 'x_new', 'loss']
    """
    return name_text(parts(name))


def name_latex(name: Name) -> str:
    if name.plain:
        return r"\mathtt{" + name.typed.replace("_", r"\_") + "}"
    body = _letters_latex(name.base)
    for accent in name.accents:
        body = rf"\{accent}{{{body}}}"
    return body + (f"_{{{','.join(map(_index_latex, name.indices))}}}" if name.indices else "")


def _index_latex(word: str) -> str:
    """Return a subscript, itself a name with an accent or a number perhaps: δ_{W_1}."""
    inner = parts(word)
    body = _letters_latex(inner.base)
    for accent in inner.accents:
        body = rf"\{accent}{{{body}}}"
    return body + (f"_{{{inner.indices[0]}}}" if inner.indices else "")


def _letters_latex(word: str) -> str:
    if word in GREEK:
        return rf"\{word}"
    if len(word) == 1 or word.isdigit():
        return word
    # An upright dZ would be read as the differential of Z.
    return rf"\mathit{{{word}}}" if word.startswith("d") and len(word) == 2 else rf"\mathrm{{{word}}}"


def name_text(name: Name) -> str:
    if name.plain:
        return name.typed
    body = GREEK.get(name.base, name.base)
    if name.accents and len(body) > 1:
        return name.typed
    body += "".join(ACCENTS[accent] for accent in name.accents)
    if not name.indices:
        return body
    if len(name.indices) == 1 and name.indices[0].isdigit():
        return body + name.indices[0].translate(_SUBSCRIPTS)
    return "_".join([body, *map(_index_text, name.indices)])


def _index_text(word: str) -> str:
    inner = parts(word)
    body = GREEK.get(inner.base, inner.base)
    if inner.accents and len(body) > 1:
        return word
    return body + "".join(map(ACCENTS.__getitem__, inner.accents)) + "".join(inner.indices).translate(_SUBSCRIPTS)


def distinct(names: Iterable[str]) -> dict[str, Name]:
    """Return the parts of every name; of names that would print alike, all but the first are shown as typed.

    >>> [symbol_latex("W1"), name_latex(distinct(["W1", "W_1"])["W_1"])]
    ['W_{1}', '\\\\mathtt{W\\\\_1}']
    """
    taken: set[str] = set()
    chosen: dict[str, Name] = {}
    for name in sorted(names):
        known = parts(name)
        if name_latex(known) in taken:
            known = Name(name, name, plain=True)
        taken.add(name_latex(known))
        chosen[name] = known
    return chosen
