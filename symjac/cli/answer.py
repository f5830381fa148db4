"""What `symjac derive` answers, in the form that was asked for."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from symjac.check import Report
from symjac.cli.pages import check_section, entries, entries_section, numpy_section, road_sections
from symjac.derivation import COMPONENTS, DIFFERENTIALS, MAX_EXAMPLE_ENTRIES, Derivation, hessian, jacobian
from symjac.layout import Layout
from symjac.nodes.node import Node
from symjac.nodes.sizes import size_text, times
from symjac.record import Step
from symjac.write.html import html_document
from symjac.write.latex import latex
from symjac.write.page import Section
from symjac.write.terminal import text_document
from symjac.write.tex import tex_document
from symjac.write.text import text


def answer(
    expression: str,
    form: str,
    wrt: tuple[str, ...],
    given: str,
    sizes: dict[str, int] | None,
    method: str | None,
    detail: str,
    layout: Layout,
    hessian: bool,
    check: bool,
) -> tuple[str, Report | None]:
    """Return the answer as text, and the report of the check where one was made."""
    derivation = _derived(expression, wrt, given, layout, hessian)
    values = sizes if sizes is not None else _own_sizes(derivation)
    report = derivation.check() if check else None
    if form == "latex":
        return derivation.latex(method or DIFFERENTIALS, detail), report
    if form == "python":
        return derivation.lambdify().source, report
    if form == "json":
        return json.dumps(as_object(derivation, report, values), ensure_ascii=False, indent=2), report
    if form == "text":
        return text_document("", _sections(derivation, (method or DIFFERENTIALS,), detail, values, report)), report
    roads = (method,) if method else (DIFFERENTIALS, COMPONENTS)
    sections = [*_sections(derivation, roads, detail, values, report), numpy_section(derivation)]
    document = {"tex": tex_document, "html": html_document}[form]
    kind = "Hessian" if hessian else "Jacobian"
    return document(f"The {kind} of {expression} by {', '.join(derivation.variables)}", sections), report


def _own_sizes(derivation: Derivation) -> dict[str, int] | None:
    """Return no sizes, which is all that the entries need where few of them have sizes that are numbers."""
    count = times(*derivation.shape)
    return {} if count.is_Integer and count <= MAX_EXAMPLE_ENTRIES else None


def _derived(expression: str, wrt: tuple[str, ...], given: str, layout: Layout, second: bool) -> Derivation:
    names = [name.strip() for part in wrt for name in part.split(",")]
    return (hessian if second else jacobian)(expression, names, given=given, layout=layout)


def _sections(
    derivation: Derivation, roads: tuple[str, ...], detail: str, sizes: dict[str, int] | None, report: Report | None
) -> list[Section]:
    sections = list(road_sections(derivation, roads, detail))
    if sizes is not None:
        sections.append(entries_section(derivation, sizes))
    if report is not None:
        sections.append(check_section(report))
    return sections


def as_object(derivation: Derivation, report: Report | None = None, sizes: dict[str, int] | None = None) -> dict[str, Any]:
    """Return a derivation as an object of texts, numbers, lists and objects, as JSON has them.

    >>> from symjac.derivation import jacobian
    >>> found = as_object(jacobian("A*x", "x", given="A: M x N, x: N"))
    >>> found["jacobians"]
    {'x': {'matrix': 'A', 'latex': 'A', 'shape': ['M', 'N']}}
    >>> [step["rule"] for step in found["steps"]]
    ['product', 'read off what multiplies dx']

    `expression` is the text of what is derived and `name` what the steps call it; `variables`, `arguments` (of the NumPy
    function) and `definitions` (of named parts) go by name; `layout` has the fields of Layout; `jacobians` holds a matrix
    for each variable, `shape` the shape of all of them together. A step says that `left` of `subject` was `before` and is
    `after`, by `rule`. `entries`, at the `sizes` asked for, are rows of texts in SymPy's language. `check` is null where
    none was made.
    """
    record = derivation.record
    return {
        "expression": text(record.expression),
        "name": record.name,
        "variables": list(derivation.variables),
        "arguments": list(derivation.arguments),
        "layout": {"of": derivation.layout.of, "wrt": derivation.layout.wrt, "orientation": derivation.layout.orientation},
        "shape": [size_text(size) for size in derivation.shape],
        "jacobians": {variable.name: _matrix(derivation[variable.name].node) for variable in record.variables},
        "definitions": {named.name: text(named.value) for named in record.definitions},
        "steps": [_step(step) for step in derivation.steps],
        "sizes": sizes,
        "entries": None if sizes is None else [[str(entry) for entry in row] for row in entries(derivation, sizes).tolist()],
        "check": None if report is None else _check(report),
    }


def _matrix(node: Node) -> dict[str, Any]:
    return {"matrix": text(node), "latex": latex(node), "shape": [size_text(size) for size in node.shape]}


def _step(step: Step) -> dict[str, Any]:
    variable = None if step.variable is None else text(step.variable)
    words = step.rule.name + (variable or "") if step.rule.name.endswith(" d") else step.rule.name
    return {
        "left": step.left,
        "subject": text(step.subject),
        "variable": variable,
        "before": text(step.before),
        "after": text(step.after),
        "rule": words,
    }


def _check(report: Report) -> dict[str, Any]:
    return {
        "ok": report.ok,
        "proofs": dict(report.proofs),
        "lines": report.lines,
        "gap": report.gap if isfinite(report.gap) else None,
        "method": report.method,
        "sizes": [dict(sizes) for sizes in report.sizes],
        "seeds": list(report.seeds),
        "sympy": report.sympy,
        "failures": [str(failure) for failure in report.failures],
    }
