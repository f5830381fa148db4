"""How wide a formula will be in print, and where a long one is broken."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from symjac.write.alphabet import BREAK

SCRIPT = 0.7
"""The size of superscripts and subscripts."""

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_]|\s+|.", re.DOTALL)

_WIDTHS = {
    **dict.fromkeys((r"\otimes", r"\circ", r"\ast", r"\times", r"\cdot", "+", "-"), 1.22),
    **dict.fromkeys(("=", "<", ">", r"\in", r"\to"), 1.34),
    **dict.fromkeys((r"\,", r"\!"), 0.17),
    **dict.fromkeys((r"\lVert", r"\rVert"), 0.5),
    **dict.fromkeys(("(", ")"), 0.39),
    **dict.fromkeys((r"\bigl", r"\bigr"), 0.07),
    **dict.fromkeys((r"\Bigl", r"\Bigr"), 0.21),
    **dict.fromkeys((r"\biggl", r"\biggr"), 0.35),
    **dict.fromkeys(("M", "W", "m", "w"), 0.95),
    **dict.fromkeys(("I", "J", "f", "i", "j", "l", "r", "s", "t"), 0.47),
    **dict.fromkeys((r"\exp", r"\log", r"\sin", r"\cos", r"\det"), 1.7),
    **dict.fromkeys((r"\mathrm", r"\mathsf", r"\mathbf", r"\mathbb", r"\mathtt", r"\mathit", r"\hat", r"\bar", r"\tilde"), 0.0),
    **dict.fromkeys((r"\dot", r"\ddot", r"\text", r"\tfrac", r"\frac", r"\displaystyle"), 0.0),
    **{r"\operatorname": 0.17, r"\sqrt": 0.85, r"\tanh": 2.4, r"\qquad": 2.0, r"\quad": 1.0, ",": 0.45, "'": 0.28, BREAK: 0.0},
}


def latex_width(source: str) -> float:
    r"""Return an estimate of the printed width of a formula, in em.

    >>> 2.0 < latex_width(r"A^{\mathsf{T}} B") < 3.0
    True
    """
    totals, scales, fractions = [0.0], [1.0], [0]
    script = False
    numerators: list[float] = []
    for token in _TOKEN.findall(source):
        if token.isspace():
            continue
        if token in "^_":
            script = True
        elif token == "{":
            totals.append(0.0)
            scales.append(scales[-1] * (SCRIPT if script else 1.0))
            script = False
        elif token == "}" and len(totals) > 1:
            width = totals.pop()
            scales.pop()
            _close(width, totals, fractions, numerators)
        else:
            totals[-1] += _width(token) * scales[-1] * (SCRIPT if script else 1.0)
            script = False
            if token in (r"\frac", r"\tfrac"):
                fractions.append(len(totals))
    return totals[0]


def _close(width: float, totals: list[float], fractions: list[int], numerators: list[float]) -> None:
    """Add a finished group to what holds it; of a fraction only the wider half counts."""
    if fractions[-1] != len(totals):
        totals[-1] += width
    elif len(numerators) < len(fractions) - 1:
        numerators.append(width)
    else:
        totals[-1] += max(width, numerators.pop()) + 0.24
        fractions.pop()


def _width(token: str) -> float:
    if token in _WIDTHS:
        return _WIDTHS[token]
    if token[0] == "\\":
        return 0.6
    return 0.5 if token.isdigit() else 0.55 if token.islower() else 0.82


def text_width(source: str) -> float:
    """Return the number of columns of a text."""
    return float(len(source.replace(BREAK, "")))


def broken(body: str, room: float, measure: Callable[[str], float]) -> list[str]:
    """Break a formula at its marks into lines no wider than `room` where that can be, at the outermost signs first.

    >>> broken(f"aaa {BREAK}+ bbb {BREAK}+ c(d{BREAK}e)", 10, text_width)
    ['aaa + bbb', '+ c(de)']
    """
    segments = _segments(body)
    if measure(body) <= room or len(segments) == 1:
        return [body.replace(BREAK, "").strip()]
    lines: list[str] = []
    current = ""
    for segment in segments:
        if current and measure(current + segment) <= room:
            current += segment
            continue
        if current:
            lines.append(current)
        *done, current = [segment] if measure(segment) <= room else broken(segment, room, measure)
        lines.extend(done)
    return [line.replace(BREAK, "").strip() for line in (*lines, current)]


def _segments(body: str) -> list[str]:
    """Split at the marks that bind loosest: fewest brackets around, sums before ⊗ and ∘, those before products."""
    marks = _marks(body)
    if not marks:
        return [body]
    loosest = min(strength for _, strength in marks)
    cuts = [0, *(place for place, strength in marks if strength == loosest), len(body)]
    return [body[start:end].removeprefix(BREAK) for start, end in pairwise(cuts)]


def _marks(body: str) -> list[tuple[int, int]]:
    marks = []
    depth = 0
    for match in re.finditer(rf"{BREAK}|\\lVert|\\rVert|[()]", body):
        if match[0] == BREAK:
            marks.append((match.start(), 3 * depth + _looseness(body[match.end() :])))
        else:
            depth += 1 if match[0] in ("(", r"\lVert") else -1
    return marks


def _looseness(following: str) -> int:
    if following.startswith(("+", "-", "−")):
        return 0
    return 1 if following.startswith((r"\otimes", r"\circ", r"\ast", "⊗", "∘", "∗")) else 2
