"""Pages about derivations: the two roads, the result by hand, the check, the entries, the NumPy source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import dedent
from typing import Any

from symjac.check import Report
from symjac.cli.exhibit import Claim, Exhibit, Finding, Outcome
from symjac.cli.numbers import Number
from symjac.derivation import COMPONENTS, DIFFERENTIALS, Derivation
from symjac.errors import UnsupportedError
from symjac.explicit import ExplicitDerivation, Sampling
from symjac.layout import Layout
from symjac.least_squares import LeastSquares
from symjac.write.entries import drawn
from symjac.write.html import html_document
from symjac.write.page import Block, Code, Math, Section, prose
from symjac.write.terminal import text_document
from symjac.write.tex import tex_document

DOCUMENTS = {"html": html_document, "tex": tex_document}


def page(exhibit: Exhibit, finding: Finding, form: str) -> str:
    """Return the page of a file of mathematics, as "html" or "tex"."""
    told = _sections(exhibit, finding, (DIFFERENTIALS, COMPONENTS))
    sources = (numpy_section(thing) for thing in exhibit.derived if isinstance(thing, Derivation | ExplicitDerivation))
    return DOCUMENTS[form](exhibit.title, [*told, *sources])


def terminal_page(exhibit: Exhibit, finding: Finding) -> str:
    """Return what is shown in a terminal."""
    return text_document(exhibit.title, _sections(exhibit, finding, (DIFFERENTIALS,)))


def _sections(exhibit: Exhibit, finding: Finding, roads: Sequence[str]) -> Iterator[Section]:
    if exhibit.paragraphs:
        yield Section(prose("In brief"), tuple(map(_paragraph, exhibit.paragraphs)))
    if finding.identity is not None:
        yield _claims_section("The identity", [finding.identity])
    if exhibit.pictures:
        yield Section(prose("In pictures" if len(exhibit.pictures) > 1 else "In a picture"), exhibit.pictures)
    if finding.numbers:
        yield _numbers_section(finding.numbers)
    for thing, outcome in zip(exhibit.derived, finding.outcomes, strict=True):
        yield from _thing_sections(thing, outcome, roads)


def _numbers_section(numbers: Sequence[Number]) -> Section:
    told = []
    for number in numbers:
        judgement = number.judgement
        said = "" if judgement is None else "as by hand" if judgement.words == "equal" else f"by hand: {judgement.words}"
        words = f"    ({said})" if said else ""
        told.append(f"{number.text}{words}")
    return Section(prose("In numbers"), (Code("\n".join(told)),))


def _paragraph(words: str) -> Block:
    if words.startswith(" "):
        return Code(dedent(words))
    return prose(" ".join(words.split()))


def _thing_sections(thing: Any, outcome: Outcome, roads: Sequence[str]) -> Iterator[Section]:
    if isinstance(thing, Derivation):
        yield from road_sections(thing, roads)
    elif isinstance(thing, LeastSquares):
        yield Section(prose(f"Least squares for {', '.join(thing.names)}"), (Code(thing.text()),))
    else:
        yield thing.section()
    if outcome.claims:
        yield _claims_section("By hand", outcome.claims)
    if outcome.report is not None:
        yield check_section(outcome.report)
    if isinstance(thing, Derivation):
        yield from _example(thing)


def _claims_section(title: str, claims: Sequence[Claim]) -> Section:
    blocks: list[Block] = []
    for claim in claims:
        of = f"{claim.of}: " if claim.of else ""
        said = f"{of}{claim.judgement.words}."
        blocks.extend([claim.formula, prose(said if claim.of else _capital(said))])
    return Section(prose(title), tuple(blocks))


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


# Sections about one derivation


def road_sections(derivation: Derivation, roads: Sequence[str], detail: str = "short") -> Iterator[Section]:
    """Yield a derivation told by each of the roads; where both are asked for, what cannot be told by components is not."""
    for road in roads:
        try:
            told = derivation.section(road, detail)
        except UnsupportedError:
            if len(roads) == 1:
                raise
            continue
        yield Section(prose(*told.title.parts, f" ({road})"), told.blocks) if len(roads) > 1 else told


def check_section(report: Report | Sampling) -> Section:
    """Return what a check found."""
    found = report.findings if isinstance(report, Report) else [line.strip() for line in str(report).splitlines()]
    return Section(prose("Checked" if report else "REFUTED"), (prose("; ".join(found) + "."),))


def numpy_section(derivation: Derivation | ExplicitDerivation) -> Section:
    """Return the NumPy source; of gradients by several variables, side by side as one row."""
    try:
        if isinstance(derivation, Derivation) and derivation.has_many_shapes:
            stacked = derivation.in_layout(Layout(derivation.layout.of, derivation.layout.wrt))
            return Section(
                prose("In NumPy"), (prose("The gradients side by side, each stacked:"), Code(stacked.lambdify().source))
            )
        return Section(prose("In NumPy"), (Code(derivation.lambdify().source),))
    except UnsupportedError as error:
        return Section(prose("In NumPy"), (prose(f"There is no NumPy function: {error}."),))


def entries_section(derivation: Derivation, sizes: Mapping[str, int]) -> Section:
    """Return the entries at given sizes."""
    return _entries_section(entries(derivation, sizes), sizes)


def _entries_section(matrix: Any, sizes: Mapping[str, int]) -> Section:
    at = "".join(f"{', ' if i else ' at '}{name} = {value}" for i, (name, value) in enumerate(sizes.items()))
    return Section(prose(f"The entries{at}"), (drawn(matrix),))


def entries(derivation: Derivation, sizes: Mapping[str, int]) -> Any:
    """Return the entries as a SymPy matrix of scalars."""
    return derivation.explicit(dict(sizes))


def _example(derivation: Derivation) -> Iterator[Section]:
    """Yield the entries at small sizes, where they are few and short."""
    example = derivation.example()
    if example is not None:
        sizes, matrix = example
        section = _entries_section(matrix, sizes)
        if isinstance(section.blocks[0], Math):
            yield section
