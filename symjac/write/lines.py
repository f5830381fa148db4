"""A record as lines to be read: what stands on the left, what it equals, and by which rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from symjac.errors import DomainError
from symjac.nodes.build import differential, product, symbol, trace, transpose, vec
from symjac.nodes.node import Let, Node, lets, surface
from symjac.nodes.sizes import ONE
from symjac.record import DIFFERENTIAL, GRADIENT, JACOBIAN, PART, VEC, Record, Step
from symjac.write.printer import Printer

SHORT, FULL = "short", "full"
"""One line per kind of line; one line per rule."""


@dataclass(frozen=True)
class Line:
    """One line: `left` is empty where a chain of equalities goes on; bodies may carry marks where they may be broken."""

    left: str
    right: str
    reason: str = ""


def lines(record: Record, detail: str, printer: Printer) -> tuple[Line, ...]:
    """Return the lines of a derivation.

    Raises DomainError for a detail other than "short" and "full".
    """
    if detail not in (SHORT, FULL):
        raise DomainError(f"detail={detail!r}: it is {SHORT!r} or {FULL!r}")
    return tuple(_Telling(record, printer).tell(detail))


def record_scope(record: Record) -> frozenset[str]:
    """Return every name that the lines of a record may use."""
    nodes = (record.expression, *record.variables, *record.jacobians, *record.definitions)
    return frozenset((record.name,)).union(*(node.symbols for node in nodes))


def whole(record: Record) -> Node:
    """Return the name of what is derived, as a node of its shape."""
    known = record.expression
    return known if isinstance(known, Let) else symbol(record.name, *known.shape)


class _Telling:
    """Writes the lines of one record."""

    def __init__(self, record: Record, printer: Printer) -> None:
        self.record, self.printer = record, printer
        self.whole = whole(record)
        told = {*lets([record.expression])}
        self.untold = [named for named in record.definitions if named not in told]
        self.gradients: dict[Node, Node] = {}

    def tell(self, detail: str) -> Iterator[Line]:
        last: dict[Node | None, Node] = {}
        for _, group in groupby(self.record.steps, key=lambda step: (step.subject, step.left, step.variable)):
            steps = tuple(group)
            yield from self.introduce(*(step.after for step in steps))
            yield from self.run(steps, detail)
            if steps[0].left == JACOBIAN and steps[0].subject is self.record.expression:
                last[steps[0].variable] = steps[-1].after
        for variable, jacobian in zip(self.record.variables, self.record.jacobians, strict=True):
            if last.get(variable) is not jacobian:
                yield from self.introduce(jacobian)
                yield Line(self.jacobian_of(self.whole, variable), self.printer.body(jacobian))

    def introduce(self, *nodes: Node) -> Iterator[Line]:
        """Say what the names introduced on the way stand for, before they are used."""
        used: set[Node] = set()
        pending = nodes
        while pending:
            found = tuple(node for node in surface(*pending) if node in self.untold and node not in used)
            used.update(found)
            pending = tuple(node.args[0] for node in found)
        for named in [named for named in self.untold if named in used]:
            self.untold.remove(named)
            yield Line(self.printer.body(named), self.printer.body(named.value), "named")

    def run(self, steps: Sequence[Step], detail: str) -> Iterator[Line]:
        """Write one chain of equalities: its steps, or in short its end."""
        first = steps[0]
        end = self.ending(steps)
        shown = steps if detail == FULL else steps[-1:]
        for step in shown:
            reasons = dict.fromkeys(map(self.reason, (step,) if detail == FULL else steps))
            left = self.left(first) if step is shown[0] else ""
            right = self.printer.body(step.after) + (end if step is shown[-1] else "")
            yield Line(left, right, ", ".join(reasons))

    def reason(self, step: Step) -> str:
        """Say which rule was used, and what was read off."""
        words = self.printer.alphabet.words(step.rule.name)
        if step.rule.name.endswith(" d") and step.variable is not None:
            return words + self.printer.alphabet.within(self.printer.plain(step.variable))
        return words

    def ending(self, steps: Sequence[Step]) -> str:
        """Name a gradient at the end of its line: ∇_z f = … =: δ_z."""
        last = steps[-1]
        if last.left != GRADIENT or last.variable is None:
            return ""
        name = next((named for named in self.untold if named.value is last.after), None)
        self.gradients[last.variable] = name or last.after
        if name is None:
            return ""
        self.untold.remove(name)
        return f" {self.printer.alphabet.defines} {self.printer.body(name)}"

    # What stands on the left

    def left(self, step: Step) -> str:
        subject = self.whole if step.subject is self.record.expression else step.subject
        if step.left == DIFFERENTIAL:
            return self.printer.body(differential(subject))
        if step.left == VEC:
            return self.printer.body(vec(differential(subject)))
        if step.left == PART:
            return self.printer.body(self.part(step))
        assert step.variable is not None
        if step.left == GRADIENT:
            return self.printer.alphabet.gradient(self.printer.plain(step.variable), self.printer.plain(subject))
        return self.jacobian_of(subject, step.variable)

    def part(self, step: Step) -> Node:
        """Return what df passes on through an intermediate Z: tr(Gᵀ dZ)."""
        gradient = self.gradients.get(step.subject)
        if gradient is None:
            return step.before
        passed = product(transpose(gradient), differential(step.subject))
        return passed if step.subject.cols is ONE else trace(passed)

    def jacobian_of(self, subject: Node, variable: Node) -> str:
        of, by = self.printer.plain(vec(subject)), self.printer.plain(transpose(vec(variable)))
        return self.printer.alphabet.derivative(of, by)
