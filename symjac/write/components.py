r"""A derivation told by components, the way lecture notes do.

First what an entry is, f_i = \sum_j A_{ij} x_j; then its derivative by an entry, with deltas; then, where deltas
decide, the cases; at the end where the entry stands in the matrix.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from symjac.components.axes import Matrix
from symjac.components.derivative import differentiate
from symjac.components.form import Form, Term
from symjac.components.labelling import Factor
from symjac.components.reading import axis, read
from symjac.components.simplify import UNIT
from symjac.components.tensor import Entry, delta
from symjac.layout import Layout
from symjac.nodes.node import Let, Node, Symbol, lets, symbols
from symjac.nodes.sizes import ONE, Size, times
from symjac.write.cases import cases
from symjac.write.indices import IndexPrinter, joined
from symjac.write.width import broken, latex_width

MAX_WIDTH = 36.0
"""A line wider than this, in em, is broken between its terms."""

MAX_PLACES = 4
"""The deltas are shown before they are summed away only where the variable stands at so few places."""


def components_latex(expression: Node, variables: Sequence[Symbol], layout: Layout, name: str) -> list[str]:
    r"""Return the blocks of the telling, each to stand within \[ and \].

    >>> from symjac.nodes.build import product, symbol
    >>> A, x = symbol("A", 3, 2), symbol("x", 2)
    >>> print(components_latex(product(A, x), [x], Layout(), "f")[1])
    \begin{aligned}
    \frac{\partial f_{i}}{\partial x_{k}} &= \sum_{j=1}^{2} \delta_{jk} A_{ij} \\
     &= A_{ik}
    \end{aligned}

    Raises UnsupportedError for an expression that has no index form.
    """
    return list(_Telling(expression, layout, name).blocks(variables))


class _Telling:
    def __init__(self, expression: Node, layout: Layout, name: str) -> None:
        self.expression = expression
        self.layout = layout
        taken = {symbol.name for symbol in symbols([expression])} | {let.name for let in lets([expression])} | {name}
        taken |= {size.name for node in symbols([expression]) for side in node.shape for size in side.free_symbols}
        self.printer = IndexPrinter(taken)
        self._read: dict[Node, Matrix] = {}
        self.matrix = read(expression, memo=self._read)
        self.name = self.printer.word(name)
        self.pool = self.printer.letters
        self.rows, self.cols = self._outer_names()

    def _outer_names(self) -> tuple[list[str], list[str]]:
        """Name the indices of F: i, j, and further ones only where an axis is a product of axes."""
        return self._pairs(len(self.matrix.row_sizes), len(self.matrix.col_sizes), 0)

    def _pairs(self, rows: int, cols: int, start: int) -> tuple[list[str], list[str]]:
        extra = iter(self.pool[start + 4 :])
        first = [self.pool[start + 0], *(next(extra) for _ in range(rows - 1))][:rows]
        second = [self.pool[start + 1], *(next(extra) for _ in range(cols - 1))][:cols]
        return first, second

    def blocks(self, variables: Sequence[Symbol]) -> Iterator[str]:
        yield aligned(self._definitions())
        found = differentiate(self.expression, variables)
        for variable in variables:
            yield aligned(self._derivative(variable, found[variable]))
        stacked = [variable for variable in variables if found[variable].sizes]
        for variable in stacked:
            yield self._stacking(variable, found[variable], last=variable is stacked[-1] and self._has_matrix(stacked))

    def _has_matrix(self, variables: Sequence[Symbol]) -> bool:
        """Whether anything is stacked at all."""
        return len(self.rows + self.cols) > 1 or any(ONE not in variable.shape for variable in variables)

    # Entries

    def _definitions(self) -> list[str]:
        lines = [line for let in lets([self.expression]) for line in self._entry(let)]
        lines += self._named(self.matrix.form)
        if isinstance(self.expression, Let):
            return lines
        entry = self.printer.sum(self.matrix.form, [*self.rows, *self.cols], self._free_pool())
        return [*lines, *equation(self._indexed_name(), entry)]

    def _entry(self, let: Let) -> list[str]:
        matrix = self._read[let.value]
        lines = self._named(matrix.form)
        rows, cols = self._pairs(len(matrix.row_sizes), len(matrix.col_sizes), 0)
        left = self.printer.indexed(self.printer.word(let.name), [*rows, *cols])
        entry = self.printer.sum(matrix.form, [*rows, *cols], self._free_pool([*rows, *cols]))
        return [*lines, *equation(left, entry)]

    def _named(self, *forms: Form) -> list[str]:
        """Return the lines that define what is too long to stand inside these forms."""
        lines = []
        for form in self.printer.define(*forms):
            indices = self.pool[: len(form.sizes)]
            left = self.printer.indexed(self.printer.names[form], indices)
            lines += equation(left, self.printer.sum(form, indices, self.pool[4:]))
        return lines

    def _free_pool(self, used: Sequence[str] | None = None) -> list[str]:
        """Return the names for sums: i and j where the entry leaves them free, never k and l."""
        used = [*self.rows, *self.cols] if used is None else used
        return [letter for letter in [*self.pool[:2], *self.pool[4:]] if letter not in used]

    def _indexed_name(self) -> str:
        return self.printer.indexed(self.name, self._grouped(self.rows, self.cols))

    @staticmethod
    def _grouped(rows: Sequence[str], cols: Sequence[str]) -> list[str]:
        """Return the indices of an entry; an axis that is a product of axes stands in brackets."""
        return [f"({','.join(names)})" if len(names) > 1 else names[0] for names in (rows, cols) if names]

    # Derivatives

    def _derivative(self, variable: Symbol, form: Form) -> list[str]:
        inner = self._inner_names(variable)
        indices = [*self.rows, *self.cols, *inner]
        pool = self._free_pool(indices)
        below = self.printer.indexed(self.printer.word(variable.name), inner)
        left = rf"\frac{{\partial {self._indexed_name()}}}{{\partial {below}}}"
        lines = self._named(form)
        result = self.printer.sum(form, indices, pool)
        before = [self.printer.term(term, dict(enumerate(indices)), pool) for term in self._unsummed(variable)]
        if before and joined(before) != result:
            lines += equation(left, joined(before))
            left = ""
        lines += equation(left, result)
        told = cases(self.printer, form, indices, pool)
        return [*lines, f"&= {told}"] if told else lines

    def _inner_names(self, variable: Symbol) -> list[str]:
        return [name for name, size in zip(self.pool[2:4], variable.shape, strict=True) if size is not ONE]

    def _unsummed(self, variable: Symbol) -> list[Term]:
        """Return the derivative with its deltas in place, where the variable stands in the entry itself."""
        form, width = self.matrix.form, len(axis(variable.rows)) + len(axis(variable.cols))
        rank = len(form.sizes)
        places = [(term, k) for term in form.terms for k, f in enumerate(term.factors) if variable.name in f.tensor.symbols]
        if len(places) > MAX_PLACES or any(not isinstance(term.factors[k].tensor, Entry) for term, k in places):
            return []
        found = []
        for term, position in places:
            shifted = [_shifted(factor, rank, width) for factor in term.factors]
            own = shifted.pop(position)
            if own.exponent != 1:
                shifted.append(own._replace(exponent=own.exponent - 1))
            ties = [
                Factor(delta(size), (index, rank + place), UNIT)
                for place, (index, size) in enumerate(zip(own.indices, own.tensor.sizes, strict=True))
            ]
            found.append(Term(term.coefficient * own.exponent, (*shifted, *ties), term.bound))
        return found

    # Where an entry stands

    def _stacking(self, variable: Symbol, form: Form, last: bool) -> str:
        inner = self._inner_names(variable)
        outer = len(self.matrix.form.sizes)
        entry, below = self._indexed_name(), self.printer.indexed(self.printer.word(variable.name), inner)
        if self.layout.orientation == "denominator" and not outer:
            return gathered([self._shaped_as(variable, inner, entry, below)])
        rows = len(axis(variable.rows))
        of = Side(self._place(self.rows, self.cols, form.sizes[:outer], self.layout.of), entry, form.sizes[:outer])
        wrt = Side(self._place(inner[:rows], inner[rows:], form.sizes[outer:], self.layout.wrt), below, form.sizes[outer:])
        above, across = (wrt, of) if self.layout.orientation == "denominator" else (of, wrt)
        shape = r" \times ".join(self.printer.size(times(ONE, *side.sizes), factor=True) for side in (above, across))
        lines = [
            rf"\text{{{word} }} {side.place} \text{{ belongs to }} {side.entry}"
            for word, side in (("row", above), ("column", across))
            if side.sizes
        ]
        lines = [r"\text{, }".join(lines)] if lines and latex_width(" ".join(lines)) < MAX_WIDTH else lines
        lines[:0] = [rf"\text{{In the matrix in }} \mathbb{{R}}^{{{shape}}}\text{{:}}"] if lines else []
        return gathered([*lines, *([rf"\text{{({self.layout.words})}}"] if last else [])])

    def _shaped_as(self, variable: Symbol, inner: Sequence[str], entry: str, below: str) -> str:
        where = rf"\text{{ at place }} ({','.join(inner)})" if inner else ""
        name = self.printer.word(variable.name)
        return rf"\text{{The derivative has the shape of }} {name}\text{{: it has }} \partial {entry} / \partial {below}{where}"

    def _place(self, rows: Sequence[str], cols: Sequence[str], sizes: Sequence[Size], order: str) -> str:
        above = list(zip(rows, sizes, strict=False))
        across = list(zip(cols, sizes[len(rows) :], strict=True))
        return self.printer.place([*across, *above] if order == "column" else [*above, *across])


class Side(NamedTuple):
    """What runs along one side of the Jacobian: at which place, what, and its sizes."""

    place: str
    entry: str
    sizes: Sequence[Size]


def _shifted(factor: Factor, rank: int, width: int) -> Factor:
    """Make room for the indices of the variable behind the free ones."""
    return factor._replace(indices=tuple([i if i < rank else i + width for i in factor.indices]))


def aligned(lines: Sequence[str]) -> str:
    """Return lines as one block."""
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def gathered(lines: Sequence[str]) -> str:
    """Return sentences, each on a line of its own."""
    return "\\begin{gathered}\n" + " \\\\\n".join(lines) + "\n\\end{gathered}"


def equation(left: str, right: str) -> list[str]:
    """Return an equation as one line, or as several where it is too wide."""
    first, *others = broken(right, MAX_WIDTH, latex_width)
    return [f"{left} &= {first}", *(rf" &\quad {other}" for other in others)]
