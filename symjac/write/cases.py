"""Where deltas decide: the cases of an entry, as lecture notes list them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product as cartesian

from symjac.components.form import Form, Term
from symjac.components.labelling import Factor
from symjac.components.tensor import Delta, Tensor
from symjac.write.alphabet import BREAK
from symjac.write.indices import IndexPrinter
from symjac.write.width import latex_width

MAX_WIDTH = 22.0
"""Where a case is wider than this, in em, the deltas say it better."""

Pair = tuple[int, int]


def cases(printer: IndexPrinter, form: Form, indices: Sequence[str], pool: Sequence[str]) -> str:
    """Return a cases environment for a form whose terms have deltas, "" where they don't or where it would not help."""
    ties = list(dict.fromkeys(_ties(term) for term in form.terms))
    conditions = [tie for tie in ties if tie]
    if not conditions or len(conditions) > 2 or (len(conditions) == 2 and any(len(tie) > 1 for tie in conditions)):
        return ""
    rows = []
    for truths in cartesian((True, False), repeat=len(conditions)):
        held = [tie for tie, true in zip(conditions, truths, strict=True) if true]
        failed = [tie for tie, true in zip(conditions, truths, strict=True) if not true]
        classes = _classes([pair for tie in held for pair in tie])
        if any(classes.get(a, a) == classes.get(b, b) for tie in failed for a, b in tie):
            continue
        active = [term for term in form.terms if set(_ties(term)) <= {pair for tie in held for pair in tie}]
        value = _value(printer, form, active, [indices[classes.get(k, k)] for k in range(len(indices))], pool)
        if latex_width(value) > MAX_WIDTH:
            return ""
        rows.append(f"{value} & {_condition(held, failed, classes, indices)}")
    return "\\begin{cases}\n" + " \\\\\n".join(rows) + "\n\\end{cases}"


def _ties(term: Term) -> tuple[Pair, ...]:
    return tuple([(f.indices[0], f.indices[1]) for f in term.factors if isinstance(f.tensor, Delta)])


def _classes(pairs: Sequence[Pair]) -> dict[int, int]:
    """Return for every tied index the smallest it equals."""
    found: dict[int, int] = {}
    for first, second in sorted(pairs):
        low, high = sorted((found.get(first, first), found.get(second, second)))
        found = {index: low if target == high else target for index, target in found.items()}
        found |= {first: low, second: low, high: low}
    return found


def _value(printer: IndexPrinter, form: Form, active: list[Term], names: list[str], pool: Sequence[str]) -> str:
    """Return what is left of the terms when their deltas are 1 and equal indices have one name."""
    position = {name: names.index(name) for name in names}
    merged: dict[tuple[tuple[Factor, ...], tuple[object, ...]], Term] = {}
    for term in active:
        plain = _powers(_renamed(f, position, names) for f in term.factors if not isinstance(f.tensor, Delta))
        known = merged.get((plain, term.bound))
        total = term.coefficient + (known.coefficient if known else 0)
        merged[plain, term.bound] = Term(total, plain, term.bound)
    body = Form(form.sizes, tuple([term for term in merged.values() if term.coefficient]))
    return printer.sum(body, names, pool).replace(BREAK, "")


def _powers(factors: Iterable[Factor]) -> tuple[Factor, ...]:
    """Multiply the powers of one base."""
    merged: dict[tuple[Tensor, tuple[int, ...]], Factor] = {}
    for factor in factors:
        key = (factor.tensor, factor.indices)
        known = merged.get(key)
        merged[key] = factor if known is None else factor._replace(exponent=factor.exponent + known.exponent)
    return tuple(merged.values())


def _renamed(factor: Factor, position: dict[str, int], names: Sequence[str]) -> Factor:
    indices = [position[names[i]] if i < len(names) else i for i in factor.indices]
    if factor.tensor.symmetric:
        indices.sort()
    return factor._replace(indices=tuple(indices))


def _condition(
    held: Sequence[tuple[Pair, ...]], failed: Sequence[tuple[Pair, ...]], classes: dict[int, int], indices: Sequence[str]
) -> str:
    if not held:
        return r"\text{otherwise}"
    members: dict[int, list[int]] = {}
    for index in sorted(classes):
        members.setdefault(classes[index], []).append(index)
    equal = []
    for root, group in sorted(members.items()):
        chain = " = ".join(indices[k] for k in (group if len(group) > 2 else reversed(group)))
        for tie in failed:
            others = [index for index in tie[0] if classes.get(index, index) != root]
            chain += rf" \ne {indices[others[0]]}" if len(others) == 1 else ""
        equal.append(chain)
    for tie in failed:
        first, second = tie[0]
        if first not in classes and second not in classes:
            equal.append(rf"{indices[second]} \ne {indices[first]}")
    return r"\text{if } " + r" \text{ and } ".join(equal)
