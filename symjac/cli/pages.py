"""Pages about derivations: the two roads, the result by hand, the check, the entries, the NumPy source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import sympy
from sympy.matrices.expressions.matexpr import MatrixElement

from symjac.check import Report
from symjac.cli.exhibit import Claim, Exhibit, Finding, Outcome
from symjac.derivation import COMPONENTS, DIFFERENTIALS, Derivation
from symjac.errors import SymjacError, UnsupportedError
from symjac.least_squares import LeastSquares, NormalEquations
from symjac.nodes.sizes import times
from symjac.points import size_names
from symjac.write.html import html_document
from symjac.write.names import symbol_latex, symbol_text
from symjac.write.page import Block, Code, Math, Section, prose
from symjac.write.terminal import text_document
from symjac.write.tex import tex_document

SMALL = (3, 2)
"""Sizes of the example: the first and all others."""

MAX_ENTRIES, MAX_WIDTH = 48, 110
"""An example with more entries, or wider than this in a terminal, is left out."""

DOCUMENTS = {"html": html_document, "tex": tex_document}


def page(exhibit: Exhibit, finding: Finding, form: str) -> str:
    """Return the page of a file of mathematics, as "html" or "tex"."""
    told = _sections(exhibit, finding, (DIFFERENTIALS, COMPONENTS))
    sources = (numpy_section(thing) for thing in exhibit.derived if isinstance(thing, Derivation))
    return DOCUMENTS[form](exhibit.title, [*told, *sources])


def terminal_page(exhibit: Exhibit, finding: Finding) -> str:
    """Return what is shown in a terminal."""
    return text_document(exhibit.title, _sections(exhibit, finding, (DIFFERENTIALS,)))


def _sections(exhibit: Exhibit, finding: Finding, roads: Sequence[str]) -> Iterator[Section]:
    if exhibit.paragraphs:
        yield Section(prose("In brief"), tuple(map(_paragraph, exhibit.paragraphs)))
    if finding.identity is not None:
        yield _claims_section("The identity", [finding.identity])
    for thing, outcome in zip(exhibit.derived, finding.outcomes, strict=True):
        yield from _thing_sections(thing, outcome, roads)


def _paragraph(words: str) -> Block:
    if words.startswith(" "):
        return Code(words)
    return prose(" ".join(words.split()))


def _thing_sections(thing: Any, outcome: Outcome, roads: Sequence[str]) -> Iterator[Section]:
    if isinstance(thing, Derivation):
        yield from road_sections(thing, roads)
    elif isinstance(thing, NormalEquations):
        yield Section(prose("The normal equations"), (Math(thing.latex(), thing.text()),))
    elif isinstance(thing, LeastSquares):
        yield Section(prose(f"Least squares for {', '.join(thing.names)}"), (Code(thing.text()),))
    if outcome.claims:
        yield _claims_section("By hand", outcome.claims)
    if outcome.report is not None:
        yield check_section(outcome.report)
    if isinstance(thing, Derivation):
        yield from _example(thing)


def _claims_section(title: str, claims: Sequence[Claim]) -> Section:
    blocks: list[Block] = []
    for claim in claims:
        blocks.extend([claim.formula, prose(f"{claim.judgement.words[0].upper()}{claim.judgement.words[1:]}.")])
    return Section(prose(title), tuple(blocks))


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


def check_section(report: Report) -> Section:
    """Return what a check found."""
    verdict, *found = (line.strip() for line in str(report).splitlines())
    return Section(prose(f"{verdict[0].upper()}{verdict[1:]}"), tuple(map(prose, found)))


def numpy_section(derivation: Derivation) -> Section:
    """Return the NumPy source."""
    try:
        return Section(prose("In NumPy"), (Code(derivation.lambdify().source),))
    except UnsupportedError as error:
        return Section(prose("In NumPy"), (prose(f"There is no NumPy function: {error}."),))


def entries_section(derivation: Derivation, sizes: Mapping[str, int]) -> Section:
    """Return the entries at given sizes."""
    matrix = entries(derivation, sizes)
    at = "".join(f"{', ' if i else ' at '}{name} = {value}" for i, (name, value) in enumerate(sizes.items()))
    math = Math(sympy.latex(_lettered(matrix, _latex_entry)), _drawn(matrix))
    return Section(prose(f"The entries{at}"), (math,))


def entries(derivation: Derivation, sizes: Mapping[str, int]) -> Any:
    """Return the entries as a SymPy matrix of scalars."""
    return derivation.explicit(dict(sizes))


def _example(derivation: Derivation) -> Iterator[Section]:
    """Yield the entries at small sizes, where they are few and short."""
    record = derivation.record
    names = size_names([record.expression, *record.variables])
    order = list(dict.fromkeys(s.name for node in (*record.variables, record.expression) for n in node.shape for s in n.free_symbols))
    sizes = {name: SMALL[bool(i)] for i, name in enumerate(sorted(names, key=order.index))}
    count = times(*derivation.shape).subs({size: sizes[size.name] for size in times(*derivation.shape).free_symbols})
    if count > MAX_ENTRIES:
        return
    try:
        section = entries_section(derivation, sizes)
    except SymjacError:
        return
    if all(len(line) <= MAX_WIDTH for block in section.blocks if isinstance(block, Math) for line in block.text.splitlines()):
        yield section


def _drawn(matrix: Any) -> str:
    """Draw a matrix in Unicode."""
    return str(sympy.pretty(_lettered(matrix, _text_entry), use_unicode=True, wrap_line=False))


def _lettered(matrix: Any, write: Callable[[str, str], str]) -> Any:
    """Replace A[0, 1] by a symbol A₁₂, as mathematics counts."""
    elements = sorted(matrix.atoms(MatrixElement), key=str)
    return matrix.xreplace({element: sympy.Symbol(write(element.parent.name, _indices(element))) for element in elements})


def _indices(element: MatrixElement) -> str:
    row, col = int(element.i) + 1, int(element.j) + 1
    indices = [row] if element.parent.shape[1] == 1 else [row, col]
    return ("" if max(indices) < 10 else ",").join(map(str, indices))


def _latex_entry(name: str, indices: str) -> str:
    return f"{{{symbol_latex(name)}}}_{{{indices}}}"


def _text_entry(name: str, indices: str) -> str:
    letters = symbol_text(name)
    return f"{letters}_{indices}" if letters.isalpha() and "," not in indices else f"{letters}[{indices}]"
