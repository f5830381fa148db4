"""The truth that claims are compared with: first and second derivatives, and the left side of an identity."""

from __future__ import annotations

from functools import cached_property
from itertools import islice

from symjac.arrange import arranged
from symjac.components import Matrix, differentiate_form, read
from symjac.components.derivative import with_facts
from symjac.components.reading import axis
from symjac.derive import derive
from symjac.errors import DomainError, SymjacError, UnsupportedError
from symjac.layout import Layout
from symjac.meaning import Meaning
from symjac.nodes.build import transpose
from symjac.nodes.node import Node, Symbol, postorder
from symjac.nodes.sizes import ONE, Shape, Size
from symjac.record import Record
from symjac.second import derive_twice
from symjac.verify.truth import INPUT, OUTPUT, Arrangement, Truth

MAX_PARTS, MAX_TERMS = 200, 16
"""Longer functions are not derived in matrix language for the sake of a message."""

FIRST, SECOND = 1, 2
"""The orders of derivative that are judged."""


def derivative_of(node: Node, variable: Symbol, order: int = FIRST) -> Truth:
    """Return the truth about a derivative of a matrix expression.

    >>> from symjac.nodes.build import product, symbol
    >>> A, x = symbol("A", 3, 2), symbol("x", 2)
    >>> derivative_of(product(A, x), x).labels
    ('i', 'k')
    """
    matrix = read(node, plain=[variable.name] if variable.facts else ())
    return derivative_of_matrix(matrix, node.shape, variable, order, node)


def derivative_of_matrix(matrix: Matrix, shape: Shape, variable: Symbol, order: int = FIRST, node: Node | None = None) -> Truth:
    """Return the truth about a derivative of a function in index form, the variable's facts left out in it."""
    wrt = (variable.name, (*axis(variable.rows), *axis(variable.cols)))
    (form,) = differentiate_form(matrix.form, [wrt])
    facts = {variable.name: tuple(sorted(variable.facts))} if variable.facts else {}
    count, rows = len(matrix.form.sizes), matrix.rows
    if order == FIRST:
        outer = [tuple(range(rows)), tuple(range(rows, count))]
        sizes = dict(zip((*OUTPUT, *INPUT), (*shape, *variable.shape), strict=True))
        return Truth(with_facts(form, facts), _positions(outer, count, variable.shape), sizes, _Nodes(node, variable, order))
    if count:
        raise DomainError("a second derivative is judged for a scalar; this function is a vector or a matrix")
    (twice,) = differentiate_form(form, [wrt])
    first = _positions([(), ()], 0, variable.shape)
    outer = [first[label] for label in INPUT]
    sizes = dict(zip((*OUTPUT, *INPUT), (*variable.shape, *variable.shape), strict=True))
    positions = _positions(outer, len(form.sizes), variable.shape)
    return Truth(with_facts(twice, facts), positions, sizes, _Nodes(node, variable, order))


def derivative_of_letters(meaning: Meaning, variable: Symbol, order: int = FIRST) -> Truth:
    """Return the truth about a derivative of a function in index form; free letters count its rows and its columns."""
    if not meaning.letters:
        return derivative_of_matrix(meaning.matrix, meaning.shape, variable, order)
    if meaning.shape != (ONE, ONE) or len(meaning.letters) > 2:
        raise UnsupportedError("a function with free letters is one entry f_i or F_ij for each of their values")
    rows, cols = (*(size for _, size in meaning.letters), ONE)[:2]
    matrix = Matrix(meaning.form, 0 if rows is ONE else 1)
    return derivative_of_matrix(matrix, (rows, cols), variable, order)


def _positions(outer: list[tuple[int, ...]], count: int, wrt: Shape) -> dict[str, tuple[int, ...]]:
    positions = dict(zip(OUTPUT, outer, strict=True))
    for label, size in zip(INPUT, wrt, strict=True):
        positions[label] = () if size is ONE else (count,)
        count += len(positions[label])
    return positions


class _Nodes:
    """The truth as matrix expressions, derived when somebody asks: for messages."""

    def __init__(self, node: Node | None, variable: Symbol, order: int) -> None:
        self._node, self._variable, self._order = node, variable, order
        self._record: Record | None = None

    def __call__(self, arrangement: Arrangement) -> Node | None:
        if self._node is None or arrangement.kind == "entries" or not self._is_short:
            return None
        try:
            record = self._derived()
            layout = arrangement.layout
            found = arranged(record, 0, layout)[0]
            if arrangement.kind == "matrix" and layout.orientation == "numerator" and record.gradients[0] is not None:
                found = transpose(record.gradients[0])
        except SymjacError:
            return None
        return found

    @cached_property
    def _is_short(self) -> bool:
        """Whether the derivative will be short enough to speak of its terms."""
        assert self._node is not None
        parts = list(islice(postorder(self._node), MAX_PARTS + 1))
        return len(parts) <= MAX_PARTS and all(len(part.args) <= MAX_TERMS for part in parts)

    def _derived(self) -> Record:
        if self._record is None:
            assert self._node is not None
            self._record = (
                derive(self._node, [self._variable]) if self._order == FIRST else derive_twice(self._node, self._variable)[1]
            )
        return self._record


def value_of(matrix: Matrix, shape: Shape, letters: tuple[tuple[str, Size], ...] = ()) -> tuple[Truth, Arrangement]:
    """Return an expression itself as the truth, and the one arrangement in which an equal one comes."""
    names = tuple(letter for letter, _ in letters)
    present = [letter for letter, size in letters if size is not ONE]
    count = len(present)
    positions: dict[str, tuple[int, ...]] = {name: (present.index(name),) if name in present else () for name in names}
    # Words, which no letter of a formula is called.
    positions["row"] = tuple(range(count, matrix.rows))
    positions["column"] = tuple(range(matrix.rows, len(matrix.form.sizes)))
    sizes = {**dict(letters), "row": shape[0], "column": shape[1]}
    truth = Truth(matrix.form, positions, sizes)
    return truth, Arrangement(Layout(), "entries" if names else "jacobian", "as it stands", names, ("row",), ("column",), True)
