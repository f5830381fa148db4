"""A record as a section: what is derived, of which shapes, by which lines, in which layout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from symjac.layout import Layout
from symjac.nodes.build import commutation, product, transpose, vec
from symjac.nodes.functions import Function
from symjac.nodes.node import Commutation, Elementwise, Let, Node, Symbol, lets, postorder, symbols
from symjac.nodes.sizes import ONE, Shape, times
from symjac.record import Record
from symjac.write.definitions import definition
from symjac.write.latex import Latex
from symjac.write.lines import SHORT, Line, lines, record_scope, whole
from symjac.write.page import Block, Chain, Math, Prose, Section, prose
from symjac.write.printer import Printer
from symjac.write.text import Text

COLUMN_FIRST = Layout()


def record_section(
    record: Record,
    detail: str = SHORT,
    layout: Layout = COLUMN_FIRST,
    results: Sequence[Node] = (),
    told: Sequence[Block] = (),
) -> Section:
    """Return a derivation as a section: title, shapes, names, lines, the shape of the result.

    `results` are the Jacobians in another layout than the record's, tidied; without them they are written with K. `told`
    are blocks that tell the derivation in another way, and stand in the place of the lines.
    Raises DomainError for a detail other than "short" and "full".
    """
    voices = Voices(record, lines=not told)
    header = [voices.shapes(), voices.where(), voices.legend()]
    blocks = [block for block in header if block.parts]
    return Section(voices.title(), (*blocks, *(told or (voices.chain(detail, layout, results),)), voices.layout(layout)))


class Voices:
    """Speaks of one record in both alphabets."""

    def __init__(self, record: Record, lines: bool = True) -> None:
        self.record, self._lines = record, lines
        scope = record_scope(record)
        self.latex, self.text = Printer(Latex(), scope), Printer(Text(), scope)
        spoken = (*record.definitions, *(step.after for step in record.steps)) if lines else record.jacobians
        self.nodes = (record.expression, *record.variables, *spoken)

    def math(self, say: Callable[[Printer], str]) -> Math:
        """Return what both printers say."""
        return Math(say(self.latex), say(self.text))

    def title(self) -> Prose:
        """F = … by X."""
        record = self.record
        value = record.expression.value if isinstance(record.expression, Let) else record.expression
        formula = self.math(lambda p: f"{p.plain(whole(record))} = {p.plain(value)}")
        variables = self.math(lambda p: ", ".join(map(p.plain, record.variables)))
        return prose(formula, " by ", variables)

    def shapes(self) -> Prose:
        """A ∈ ℝ^{M×N}, …, with the facts that were declared."""
        known = dict.fromkeys((*symbols([self.record.expression]), *self.record.variables))
        return _listed([self._member(symbol) for symbol in known])

    def _member(self, symbol: Symbol) -> tuple[str | Math, ...]:
        facts = [fact for fact in sorted(symbol.facts) if fact in WORDS and not (fact in IMPLIED and "posdef" in symbol.facts)]
        words = "".join(f" {WORDS[fact]}" for fact in facts)
        return (self.math(lambda p: f"{p.plain(symbol)} {_space(p, symbol.shape)}"), *([words] if words else []))

    def where(self) -> Prose:
        """Where z = W x + b ∈ ℝ^M, …"""
        named = [node for node in lets([self.record.expression]) if node is not self.record.expression]
        members = [(self.math(partial(_defined, node)),) for node in named]
        return _listed(members, "where ")

    def legend(self) -> Prose:
        """The derivatives that are kept by name, and K."""
        below = list(postorder(*self.nodes))
        functions = dict.fromkeys(node.function for node in below if isinstance(node, Elementwise))
        entries = [(entry,) for function in functions if (entry := self._definition(function)) is not None]
        members: list[tuple[str | Math, ...]] = [*entries]
        if self._lines and any(isinstance(node, Commutation) for node in below):
            members.append((Math(*COMMUTATION), " for every ", Math(r"m \times n", "m × n"), " matrix ", Math("Z", "Z")))
        return _listed(members, "with ")

    def _definition(self, function: Function) -> Math | None:
        told = [definition(function, printer.alphabet, printer.taken) for printer in (self.latex, self.text)]
        return Math(*told) if all(told) else None

    def chain(self, detail: str, layout: Layout, results: Sequence[Node]) -> Chain:
        """The lines, and the results in the layout asked for."""
        told = []
        for printer in (self.latex, self.text):
            relaid = self._relaid(printer, layout, results) if layout != COLUMN_FIRST else ()
            told.append((*lines(self.record, detail, printer), *relaid))
        return Chain(*told)

    def _relaid(self, printer: Printer, layout: Layout, results: Sequence[Node]) -> tuple[Line, ...]:
        found = []
        for i, variable in enumerate(self.record.variables):
            jacobian, gradient = self.record.jacobians[i], self.record.gradients[i]
            of, by = whole(self.record), variable
            if layout.orientation == "denominator" and of.is_scalar and gradient is not None:
                left = printer.alphabet.derivative(printer.plain(of), printer.plain(by))
                found.append(Line(left, printer.body(gradient), layout.words))
                continue
            result = results[i] if results else relaid(jacobian, of.shape, by.shape, layout)
            left = jacobian_name(printer, of, by, layout)
            found.append(Line(left, printer.body(result), layout.words))
        return tuple(found)

    def layout(self, layout: Layout) -> Prose:
        """The result is N² × MN, in words."""
        parts: list[str | Math] = ["The result is "]
        for i, variable in enumerate(self.record.variables):
            parts.extend([", "] if i else [])
            parts.append(self._result_shape(variable, layout))
            if len(self.record.variables) > 1:
                parts.extend([" by ", self.math(partial(_plain, variable))])
        return prose(*parts, f": {layout.words}.")

    def _result_shape(self, variable: Symbol, layout: Layout) -> Math:
        of = self.record.expression
        outputs, inputs = times(*of.shape), times(*variable.shape)
        shape = (outputs, inputs) if layout.orientation == "numerator" else (inputs, outputs)
        if layout.orientation == "denominator" and of.is_scalar:
            shape = variable.shape
        return self.math(lambda p: p.shape(*shape, gap=" "))


COMMUTATION = (
    r"K_{m,n} \operatorname{vec} Z = \operatorname{vec}(Z^{\mathsf{T}})",
    "K_mn vec Z = vec(Zᵀ)",
)

WORDS = {
    "symmetric": "symmetric",
    "posdef": "positive definite",
    "invertible": "invertible",
    "diagonal": "diagonal",
    "positive": "positive",
}
IMPLIED = ("symmetric", "invertible")
"""What positive definite says already."""


def relaid(jacobian: Node, of: Shape, by: Shape, layout: Layout) -> Node:
    """Return a column-first Jacobian in another layout, with K in front or behind.

    >>> from symjac.nodes.build import symbol
    >>> relaid(symbol("J", 6, 4), symbol("F", 2, 3).shape, symbol("X", 2, 2).shape, Layout(orientation="denominator"))
    Transpose(Symbol(J, ()))
    """
    left = [commutation(*of)] if layout.of == "row" else []
    right = [commutation(*reversed(by))] if layout.wrt == "row" else []
    result = product(*left, jacobian, *right)
    return transpose(result) if layout.orientation == "denominator" else result


def jacobian_name(printer: Printer, of: Node, by: Node, layout: Layout) -> str:
    """Return ∂ vec F / ∂(vec X)ᵀ as a layout has it."""
    outputs = vec(transpose(of) if layout.of == "row" else of)
    inputs = vec(transpose(by) if layout.wrt == "row" else by)
    if layout.orientation == "denominator":
        return printer.alphabet.derivative(printer.plain(transpose(outputs)), printer.plain(inputs))
    return printer.alphabet.derivative(printer.plain(outputs), printer.plain(transpose(inputs)))


def _plain(node: Node, printer: Printer) -> str:
    return printer.plain(node)


def _defined(named: Let, printer: Printer) -> str:
    """Return z = W x + b ∈ ℝ^M."""
    return f"{printer.plain(named)} = {printer.plain(named.value)} {_space(printer, named.shape)}"


def _space(printer: Printer, shape: Shape, column: bool = True) -> str:
    """Return ∈ ℝ^{M×N}; a column of N entries lies in ℝ^N."""
    if shape == (ONE, ONE) and column:
        return printer.alphabet.member("")
    return printer.alphabet.member(printer.size(shape[0]) if column and shape[1] is ONE else printer.shape(*shape))


def _listed(members: Sequence[tuple[str | Math, ...]], opening: str = "") -> Prose:
    parts: list[str | Math] = [opening] if members and opening else []
    for i, member in enumerate(members):
        parts.extend([", "] if i else [])
        parts.extend(member)
    return prose(*parts)
