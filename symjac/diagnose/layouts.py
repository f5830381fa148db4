"""The claim is right, laid out otherwise: transposed, or with outputs or inputs in the other order."""

from __future__ import annotations

from collections.abc import Iterator

from symjac.diagnose.bench import Bench
from symjac.diagnose.case import Convention, Diagnosis
from symjac.layout import Layout

UNTOLD = "; which of them is meant can't be told apart here"


def other_layout(bench: Bench) -> tuple[Diagnosis, ...]:
    """Return what the claim is laid out as: the fewest changes of layout that make it right, all that fit."""
    if bench.case.claim is None:
        return ()
    conventions = bench.case.conventions
    fits = [
        conventions[c] for c in bench.fitting(bench.case.claim, bench.general, bench.conventions) if not bench.is_accepted(c)
    ]
    fewest = min((changes(c, conventions[0]) for c in fits), default=0)
    nearest = [c for c in fits if changes(c, conventions[0]) == fewest]
    found: dict[str, list[Convention]] = {}
    for convention in nearest:
        found.setdefault(_kind(convention.layout, conventions[0].layout), []).append(convention)
    words = list(dict.fromkeys(layout_words(convention, conventions[0]) for convention in nearest))
    return tuple(Diagnosis(kind, _sentence(kind, words)) for kind in found)


def layout_words(convention: Convention, declared: Convention) -> str:
    """Return how a convention differs from the declared one, in words: "with inputs row-first", "in denominator layout"."""
    layout, usual = convention.layout, declared.layout
    orders = [f"{name} {now}-first" for name, now, then in _orders(layout, usual) if now != then]
    turned = [f"in {layout.orientation} layout"] if layout.orientation != usual.orientation else []
    return " ".join([*turned, *([f"with {' and '.join(orders)}"] if orders else [])]) or f"as {convention.words}"


def _orders(layout: Layout, usual: Layout) -> tuple[tuple[str, str, str], ...]:
    return ("outputs", layout.of, usual.of), ("inputs", layout.wrt, usual.wrt)


def changes(convention: Convention, declared: Convention) -> int:
    """Count in how many respects two conventions differ."""
    return sum(1 for _ in _differences(convention.layout, declared.layout))


def _differences(layout: Layout, declared: Layout) -> Iterator[str]:
    for part in ("of", "wrt"):
        if getattr(layout, part) != getattr(declared, part):
            yield f"{getattr(layout, part)}-first"
    if layout.orientation != declared.orientation:
        yield "transpose"


def _kind(layout: Layout, declared: Layout) -> str:
    return next(_differences(layout, declared), "orientation")


def _sentence(kind: str, words: list[str]) -> str:
    said = " or ".join(words)
    untold = UNTOLD if len(words) > 1 else ""
    if kind == "transpose":
        return f"The claim is the transpose of what was asked for: it is right {said}{untold}."
    return f"The entries are right, in another order: the claim is right {said}{untold}."


def under(bench: Bench, convention: int) -> str:
    """Return in which convention something holds, to stand behind a sentence; nothing for an accepted one."""
    conventions = bench.case.conventions
    if bench.is_accepted(convention):
        return ""
    return f" (read {layout_words(conventions[convention], conventions[0])})"
