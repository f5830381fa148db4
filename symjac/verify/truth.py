"""The truth about a derivative: its entries in index form, and every way people lay them out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import permutations, product
from math import prod

from symjac.components import Form, Matrix
from symjac.components.form import permute
from symjac.evaluate import Array
from symjac.layout import Layout
from symjac.nodes.node import Node
from symjac.nodes.sizes import ONE, Shape, Size, times

OUTPUT, INPUT = ("i", "j"), ("k", "l")
"""The labels of the rows and columns of F, and of X, in J[i, j, k, l] = ∂F_ij/∂X_kl."""


@dataclass(frozen=True)
class Arrangement:
    """One way to write a derivative down: which labels are free letters, which run down the rows, which along the columns.

    `accepted` says that the declared layout means this; every other arrangement is another convention. `kind` is "jacobian",
    "matrix" (a derivative by or of a scalar, in a matrix) or "entries".
    """

    layout: Layout
    kind: str
    words: str
    letters: tuple[str, ...]
    rows: tuple[str, ...]
    cols: tuple[str, ...]
    accepted: bool

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels, in the order of the array's axes."""
        return (*self.letters, *self.rows, *self.cols)


@dataclass(frozen=True, eq=False)
class Truth:
    """What a claim is compared with: a form whose free indices carry labels.

    `positions` says where the indices of a label stand in the form: none for size 1, several for a Kronecker product of axes.
    `sizes` holds the sizes of all labels. `node` gives the truth in an arrangement as a matrix expression, where there is one.
    """

    form: Form
    positions: Mapping[str, tuple[int, ...]]
    sizes: Mapping[str, Size]
    node: Callable[[Arrangement], Node | None] = lambda arrangement: None

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that have an index."""
        return tuple(label for label, places in self.positions.items() if places)

    def _order(self, labels: Sequence[str]) -> list[int]:
        return [place for label in labels for place in self.positions[label]]

    def matrix(self, arrangement: Arrangement) -> Matrix:
        """Return the truth as a form with two axes; letters count among the rows."""
        form = permute(self.form, self._order(arrangement.labels))
        return Matrix(form, len(self._order((*arrangement.letters, *arrangement.rows))))

    def shape(self, arrangement: Arrangement) -> Shape:
        """Return the rows and columns of an arrangement, in symbols."""
        rows, cols = (times(ONE, *(self.sizes[x] for x in labels)) for labels in (arrangement.rows, arrangement.cols))
        return rows, cols

    def arranged(self, values: Array, arrangement: Arrangement) -> Array:
        """Return the array of the form's entries as an arrangement wants it: letters, then rows, then columns."""
        turned = values.transpose(self._order(arrangement.labels))
        groups = [(label,) for label in arrangement.letters] + [arrangement.rows, arrangement.cols]
        return turned.reshape([prod(values.shape[place] for place in self._order(group)) for group in groups])

    @cached_property
    def size_names(self) -> tuple[str, ...]:
        """The names of the sizes of the axes, as met."""
        return tuple(dict.fromkeys(s.name for size in self.sizes.values() for s in sorted(size.free_symbols, key=str)))


def _layouts(declared: Layout) -> Iterator[Layout]:
    """Yield all eight layouts, the declared one first, the nearest next."""
    other = {"column": "row", "row": "column", "numerator": "denominator", "denominator": "numerator"}
    for turns in sorted(product((False, True), repeat=3), key=sum):
        orientation, wrt, of = turns
        yield Layout(
            other[declared.of] if of else declared.of,
            other[declared.wrt] if wrt else declared.wrt,
            other[declared.orientation] if orientation else declared.orientation,
        )


def arrangements(truth: Truth, declared: Layout) -> list[Arrangement]:
    """Return every arrangement of a derivative in rows and columns, those that the declared layout means first.

    The same arrangement of labels comes once: layouts that differ in name alone are one.
    """
    present = set(truth.labels)
    found: dict[tuple[tuple[str, ...], ...], Arrangement] = {}
    outer, inner = _present(OUTPUT, present), _present(INPUT, present)
    for layout in _layouts(declared):
        of, wrt = (labels if way == "row" else labels[::-1] for labels, way in ((outer, layout.of), (inner, layout.wrt)))
        accepted = layout == declared
        words = _words(layout, outer, inner)
        for rows, cols, kind in _tables(of, wrt, outer, inner):
            if layout.orientation == "denominator":
                rows, cols = cols, rows
            _add(found, Arrangement(layout, kind, words, (), rows, cols, accepted))
    return sorted(found.values(), key=lambda a: not a.accepted)


def _tables(
    of: tuple[str, ...], wrt: tuple[str, ...], outer: tuple[str, ...], inner: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], str]]:
    """Yield rows and columns in numerator layout: a matrix where one side is a scalar, and the Jacobian."""
    if not outer:
        yield (tuple(x for x in inner if x == "l"), tuple(x for x in inner if x == "k"), "matrix")
    if not inner:
        yield (tuple(x for x in outer if x == "i"), tuple(x for x in outer if x == "j"), "matrix")
    yield (of, wrt, "jacobian")


def lettered(truth: Truth, declared: Layout, ordered: bool = False) -> list[Arrangement]:
    """Return the arrangements of entry-wise statements: with a letter for every axis, for those of F or for those of X.

    `ordered` says that the statement itself says what its letters mean, as ∂f_i/∂A_kj does.
    """
    present = set(truth.labels)
    outer, inner = _present(OUTPUT, present), _present(INPUT, present)
    found: dict[tuple[tuple[str, ...], ...], Arrangement] = {}
    every = (*outer, *inner)
    for order in _orders(every, ordered):
        words = "entry by entry" if order == every else f"entry by entry, the letters being those of {_meanings(order)}"
        _add(found, Arrangement(declared, "entries", words, order, (), (), order == every))
    for order in _orders(inner, ordered) if outer else []:
        words = f"for each entry of the variable, by the letters of {_meanings(order)}"
        rows, cols = tuple(x for x in outer if x == "i"), tuple(x for x in outer if x == "j")
        _add(found, Arrangement(declared, "entries", words, order, rows, cols, order == inner))
    for layout in _layouts(declared) if outer and inner else []:
        wrt = inner if layout.wrt == "row" else inner[::-1]
        for rows, cols, _ in _tables((), wrt, (), inner):
            if layout.orientation == "denominator":
                rows, cols = cols, rows
            words = f"for each entry of the function, {layout.orientation} layout"
            # Two letters without a left side, as in −X⁻¹E_ij X⁻¹, count the entries of the variable.
            accepted = layout == declared and (ordered or len(outer) == 1)
            _add(found, Arrangement(layout, "entries", words, outer, rows, cols, accepted))
    return sorted(found.values(), key=lambda a: not a.accepted)


def alphabetical(tables: Sequence[Arrangement], letters: Sequence[str]) -> list[Arrangement]:
    """Accept the arrangement in which letters that no left side explains count in the order of the alphabet, too.

    δ_pj A_iq + δ_qj A_ip may say ∂F/∂X by i, j, p, q as well as in the order in which they are met.
    """
    ranks = [sorted(letters).index(letter) for letter in letters]
    found = []
    for table in tables:
        normal = sorted(table.letters)
        meant = tuple(normal[rank] for rank in ranks) if len(normal) == len(ranks) else None
        found.append(replace(table, accepted=True) if letters and table.letters == meant else table)
    return sorted(found, key=lambda a: not a.accepted)


def _orders(labels: tuple[str, ...], ordered: bool) -> list[tuple[str, ...]]:
    if not labels:
        return []
    return [labels] if ordered else list(permutations(labels))


def _meanings(order: Sequence[str]) -> str:
    names = {"i": "rows of the function", "j": "columns of the function", "k": "rows of the variable"}
    return ", ".join(names.get(label, "columns of the variable") for label in order)


def _present(labels: Sequence[str], present: set[str]) -> tuple[str, ...]:
    return tuple(label for label in labels if label in present)


def _add(found: dict[tuple[tuple[str, ...], ...], Arrangement], new: Arrangement) -> None:
    key = (new.letters, new.rows, new.cols)
    if key not in found or (new.accepted and not found[key].accepted):
        found[key] = new


def _words(layout: Layout, outer: Sequence[str], inner: Sequence[str]) -> str:
    """Name a layout by what can be told apart: a vector has no column-first."""
    parts = [f"outputs {layout.of}-first"] if len(outer) == 2 else []
    parts += [f"inputs {layout.wrt}-first"] if len(inner) == 2 and outer else []
    return ", ".join([*parts, f"{layout.orientation} layout"])
