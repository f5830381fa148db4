"""The order in which a product of many arrays is multiplied out: the cheapest pair first."""

from __future__ import annotations

from collections.abc import Sequence

from symjac.compile.values import Operand, Values
from symjac.nodes.sizes import Size


def contracted(values: Values, operands: Sequence[Operand], kept: set[int]) -> Operand:
    """Return the product of operands, summed over the labels that are not kept, pair by pair."""
    scalars = [operand for operand in operands if not operand.labels]
    arrays = [values.diagonal(operand) for operand in operands if operand.labels]
    if scalars:
        scalar = scalars[0]
        for other in scalars[1:]:
            scalar = values.pair(scalar, other, kept)
        if not arrays:
            return scalar
        smallest = min(range(len(arrays)), key=lambda k: (len(arrays[k].labels), arrays[k].value.number))
        inner = set(arrays[smallest].labels)
        arrays[smallest] = values.pair(scalar, arrays[smallest], inner)
    return _Product(values, arrays, kept).result()


class _Product:
    """What is left of a product while pairs are multiplied."""

    def __init__(self, values: Values, operands: Sequence[Operand], kept: set[int]) -> None:
        self.values = values
        self.kept = kept
        summed = {label for operand in operands for label in operand.labels if label not in kept}
        values.has_choice = values.has_choice or (len(operands) > 2 and bool(summed))
        self.operands = dict(enumerate(operands))
        self.holders: dict[int, set[int]] = {}
        self.sizes: dict[int, Size] = {}
        for place, operand in self.operands.items():
            self._hold(place, operand)
        self.costs: dict[tuple[int, int], tuple[float, float, int, int]] = {}
        for place in self.operands:
            self._weigh(place)

    def _hold(self, place: int, operand: Operand) -> None:
        for label, size in zip(operand.labels, operand.value.sizes, strict=True):
            self.holders.setdefault(label, set()).add(place)
            self.sizes[label] = size

    def _needed(self, left: int, right: int) -> tuple[list[int], list[int]]:
        """Return all labels of a pair, and those that are still needed after it."""
        labels = list(dict.fromkeys((*self.operands[left].labels, *self.operands[right].labels)))
        needed = [label for label in labels if label in self.kept or self.holders[label] - {left, right}]
        return labels, needed

    def _weigh(self, place: int) -> None:
        """Say what each product with an operand that shares an index costs."""
        near = {other for label in self.operands[place].labels for other in self.holders[label]} - {place}
        for other in sorted(near):
            left, right = sorted((place, other))
            labels, needed = self._needed(left, right)
            work = self.values.cost(self.sizes[label] for label in labels)
            self.costs[left, right] = (work, self.values.cost(self.sizes[label] for label in needed), left, right)

    def _join(self, left: int, right: int) -> None:
        _, needed = self._needed(left, right)
        product = self.values.pair(self.operands.pop(left), self.operands.pop(right), set(needed))
        self.costs = {pair: cost for pair, cost in self.costs.items() if not {left, right} & set(pair)}
        for holders in self.holders.values():
            holders -= {left, right}
        place = right + len(self.operands) + 1 + left
        while place in self.operands:
            place += 1
        self.operands[place] = product
        self._hold(place, product)
        self._weigh(place)

    def result(self) -> Operand:
        while len(self.operands) > 1:
            if self.costs:
                _, _, left, right = min(self.costs.values())
            else:
                left, right = sorted(sorted(self.operands, key=lambda k: (len(self.operands[k].labels), k))[:2])
            self._join(left, right)
        (operand,) = self.operands.values()
        return self.values.reduced(operand, self.kept)
