"""Words and Unicode mathematics, escaped for LaTeX."""

from __future__ import annotations

import re

from symjac.write.names import ACCENTS, GREEK

_SPECIALS = {
    **{c: f"\\{c}" for c in "{}$&#_%"},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"$<$",
    ">": r"$>$",
    "|": r"$|$",
    '"': "''",
    "`": "{`}",
    "–": "--",
    "—": "---",
    "…": r"\dots{}",
    "\u00a0": "~",
}

_MATH = {
    **{letter: rf"\{name}" for name, letter in GREEK.items()},
    **{c: f"_{{{i}}}" for i, c in enumerate("₀₁₂₃₄₅₆₇₈₉")},
    **{c: f"^{{{i}}}" for i, c in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{"ᵀ": r"^{\mathsf{T}}", "⁻": "^{-}", "′": "'", "″": "''", "−": "-", "×": r"\times", "·": r"\cdot", "∘": r"\circ"},
    **{"⊗": r"\otimes", "⊙": r"\odot", "∗": r"\ast", "∂": r"\partial", "∇": r"\nabla", "‖": r"\Vert", "√": r"\surd"},
    **{"∈": r"\in", "ℝ": r"\mathbb{R}", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "→": r"\to", "↦": r"\mapsto"},
    **{
        "Σ": r"\Sigma",
        "∑": r"\sum",
        "𝟏": r"\mathbf{1}",
        "𝐞": r"\mathbf{e}",
        "½": r"\tfrac{1}{2}",
        "ℓ": r"\ell",
        "∞": r"\infty",
        "±": r"\pm",
        "⟺": r"\iff",
    },
}
"""What stands for itself in Unicode and needs mathematics in LaTeX."""

_MARKS = {mark: name for name, mark in ACCENTS.items()}
_RUN = re.compile(r"(?:_\{\d\}){2,}|(?:\^\{(?:-|\d|\\mathsf\{T\})\}){2,}")
_CHARACTER = re.compile(f"(.)([{''.join(_MARKS)}])|(.)", re.DOTALL)


def tex_words(words: str) -> str:
    r"""Return words that LaTeX shows as they are, whatever is in them.

    >>> print(tex_words("50 % of W₁ & θ"))
    50 \% of W$_{1}$ \& $\theta$
    >>> print(tex_words("A₁₂, X⁻ᵀ"))
    A$_{12}$, X$^{-\mathsf{T}}$
    """
    return _RUN.sub(_joined, _CHARACTER.sub(_character, words).replace("$$", ""))


def _joined(run: re.Match[str]) -> str:
    """Return neighbouring indices, or neighbouring powers, as one: TeX takes no two."""
    return run[0].replace("}_{", "").replace("}^{", "")


def _character(match: re.Match[str]) -> str:
    if match[1]:
        base = _MATH.get(match[1], match[1])
        return rf"$\{_MARKS[match[2]]}{{{base}}}$" if base != match[1] or base.isalpha() else match[1]
    character = match[3]
    if character in _MATH:
        return f"${_MATH[character]}$"
    if character in _SPECIALS:
        return _SPECIALS[character]
    known = character.isascii() or (character.isalpha() and ord(character) < 0x180)
    return character if known else f"[U+{ord(character):04X}]"
