"""Forms in LaTeX, entry by entry: letters for indices, sums with their ranges, names for what is too long to stand inside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from symjac.components.evaluation import postorder
from symjac.components.form import Form, Term, permute
from symjac.components.labelling import Factor
from symjac.components.tensor import (
    Applied,
    Delta,
    DeterminantOf,
    Entry,
    InverseOf,
    Join,
    LogSumExpOf,
    Number,
    Shared,
    SizeName,
    SizePower,
    SoftmaxOf,
    Tensor,
    Unit,
)
from symjac.nodes.node import Node, Transpose
from symjac.nodes.node import postorder as node_postorder
from symjac.nodes.sizes import ONE, Size
from symjac.write.alphabet import BREAK
from symjac.write.backward import as_node
from symjac.write.latex import Latex
from symjac.write.printer import Printer
from symjac.write.sizes import is_monomial

LETTERS = "ijklmnpqrstuvwabcdghyz"
"""Index names, in the order in which they are taken."""

CAPITALS = "GHPQRTVYCDEUBA"
"""Names for intermediates that have none."""

MAX_INSIDE = 6
"""An anonymous sum of more factors than this gets a line and a name of its own."""


class Phrase(NamedTuple):
    """A printed term: whether it is negative, and its body without the sign."""

    negative: bool
    body: str


class IndexPrinter:
    """Prints forms that share a scope of names."""

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = frozenset(taken)
        self.printer = Printer(Latex(), sorted(self.taken))
        self.letters = [letter for letter in LETTERS if letter not in self.taken]
        self.capital = next((letter for letter in CAPITALS if letter not in self.taken), "G")
        self.names: dict[Form, str] = {}
        self._costs: dict[Tensor, int] = {}

    def size(self, size: Size, factor: bool = False) -> str:
        """Return a size; as a factor, a sum stands in brackets."""
        body = self.printer.size(size)
        return f"({body})" if factor and not is_monomial(size) else body

    def node(self, node: Node) -> str:
        return self.printer.plain(node)

    def indexed(self, name: str, indices: Sequence[str]) -> str:
        """Return a name with indices below it, beside a subscript it may have."""
        if not indices:
            return name
        if name.endswith("}") and "_{" in name and not name.startswith(r"\mathtt"):
            return f"{name[:-1]},{''.join(indices)}}}"
        return f"{name}_{{{''.join(indices)}}}"

    def word(self, name: str) -> str:
        """Return a declared name; a differential keeps its d in front."""
        head, dot, tail = name.partition("·")
        return rf"\mathrm{{{head}}}{self.printer.word(tail).body}" if dot else self.printer.word(name).body

    # What gets a name

    def define(self, *forms: Form) -> list[Form]:
        """Give names to what is too long to stand inside these forms; return what was named, inner ones first."""
        found: list[Form] = []
        for tensor in postorder(*forms, closed=_is_named):
            if tensor.body is None or tensor in self._costs:
                continue
            cost = 1 if _is_named(tensor) else self._cost(tensor.body)
            if not _is_named(tensor) and tensor.body not in self.names and self._is_long(tensor, cost):
                self.names[tensor.body] = f"{self.capital}^{{({len(self.names) + 1})}}"
                found.append(tensor.body)
                cost = 1
            self._costs[tensor] = cost + (0 if isinstance(tensor, Shared) else 1)
        return found

    def _cost(self, form: Form) -> int:
        return 1 if form in self.names else sum(self._costs.get(f.tensor, 1) for term in form.terms for f in term.factors)

    def _is_long(self, tensor: Tensor, cost: int) -> bool:
        assert tensor.body is not None
        if isinstance(tensor, InverseOf | DeterminantOf | SoftmaxOf):
            return cost > MAX_INSIDE or as_node(tensor.body) is None
        return cost > MAX_INSIDE

    # Sums and terms

    def sum(self, form: Form, indices: Sequence[str], pool: Sequence[str]) -> str:
        """Return a form with these names for its free indices; bound ones are named from the pool."""
        return joined(self.phrases(form, indices, pool))

    def phrases(self, form: Form, indices: Sequence[str], pool: Sequence[str]) -> list[Phrase]:
        """Return the terms of a form, in reading order, a positive one first."""
        terms = sorted((inner for term in form.terms for inner in self._unwrapped(term, form)), key=_reading_order)
        terms.sort(key=lambda term: term.coefficient < 0)
        names = dict(enumerate(indices))
        return [self.term(term, names, pool) for term in terms] or [Phrase(False, "0")]

    def term(self, term: Term, free: Mapping[int, str], pool: Sequence[str]) -> Phrase:
        """Return one term, its sums with their ranges in front."""
        names = dict(free)
        rank = len(free)
        term = self._spliced(term, rank)
        letters = [letter for letter in pool if letter not in names.values()]
        factors = _walk(term.factors, rank)
        order = list(dict.fromkeys(i for factor in factors for i in factor.indices if i not in names))
        sums = ""
        for count, index in enumerate(order):
            names[index] = letters[count] if count < len(letters) else f"{letters[-1]}_{{{count}}}"
            sums += rf"\sum_{{{names[index]}=1}}^{{{self.size(term.bound[index - rank])}}} "
        inner = letters[len(order) :]
        outside = [factor for factor in factors if sums and not factor.indices]
        inside = [factor for factor in factors if factor not in outside]
        number = abs(term.coefficient)
        front = self._quotient(number, outside, names, inner) if outside or (sums and number != 1) else ""
        body = self._quotient(Fraction(1) if front else number, inside, names, inner)
        return Phrase(term.coefficient < 0, f"{front} {sums}{body}".strip())

    def _unwrapped(self, term: Term, form: Form) -> list[Term]:
        """Write an anonymous sum that is a whole term as the terms it is."""
        if term.coefficient != 1 or len(term.factors) != 1 or term.bound:
            return [term]
        ((tensor, indices, exponent),) = term.factors
        body = tensor.body
        if exponent != 1 or not isinstance(tensor, Shared) or tensor.name is not None or body is None or body in self.names:
            return [term]
        found = []
        for coefficient, factors, bound in body.terms:
            names = [*indices, *range(len(form.sizes), len(form.sizes) + len(bound))]
            inner = [f._replace(indices=tuple([names[i] for i in f.indices])) for f in factors]
            found.append(Term(coefficient, tuple(inner), bound))
        return found

    def _spliced(self, term: Term, rank: int) -> Term:
        """Write anonymous products that are multiplied into a term as factors of the term."""
        while True:
            found = next((f for f in term.factors if f.exponent == 1 and self._is_product(f.tensor)), None)
            if found is None:
                return term
            assert found.tensor.body is not None
            coefficient, factors, bound = found.tensor.body.terms[0]
            names = [*found.indices, *range(rank + len(term.bound), rank + len(term.bound) + len(bound))]
            inner = [f._replace(indices=tuple([names[i] for i in f.indices])) for f in factors]
            outer = [f for f in term.factors if f is not found]
            term = Term(term.coefficient * coefficient, (*outer, *inner), (*term.bound, *bound))

    def _is_product(self, tensor: Tensor) -> bool:
        unnamed = isinstance(tensor, Shared) and tensor.name is None and tensor.body not in self.names
        return unnamed and tensor.body is not None and len(tensor.body.terms) == 1

    def _quotient(self, number: Fraction, factors: Sequence[Factor], names: Mapping[int, str], pool: Sequence[str]) -> str:
        over = [self._power(factor, names, pool) for factor in factors if factor.exponent > 0]
        under = [self._power(f._replace(exponent=-f.exponent), names, pool) for f in factors if f.exponent < 0]
        return quotient(number, over, under)

    def _power(self, factor: Factor, names: Mapping[int, str], pool: Sequence[str]) -> str:
        tensor, indices, exponent = factor
        if exponent.denominator == 2 and (norm := self._norm(tensor)) is not None:
            return norm if exponent * 2 == 1 else f"{norm}^{{{int(exponent * 2)}}}"
        body, tight = self._tensor(tensor, [names[index] for index in indices], pool)
        if exponent == 1:
            return body
        if exponent == Fraction(1, 2):
            return rf"\sqrt{{{_unwrapped(body)}}}"
        raised = body if tight else bracketed(body)
        return f"{raised}^{{{exponent}}}"

    def _norm(self, tensor: Tensor) -> str | None:
        """Return ‖x‖ for a tensor that is Σ_i x_i²."""
        if not isinstance(tensor, Shared) or tensor.body is None or len(tensor.body.terms) != 1 or tensor.sizes:
            return None
        coefficient, factors, bound = tensor.body.terms[0]
        if coefficient != 1 or len(factors) != 1 or factors[0].exponent != 2 or len(set(factors[0].indices)) < len(bound):
            return None
        inner = factors[0].tensor
        if isinstance(inner, Shared) and inner.body in self.names:
            body: str | None = self.names[inner.body]
        elif isinstance(inner, Entry | Shared) and inner.data:
            body = self.word(inner.data[0])
        else:
            node = as_node(inner.body) if isinstance(inner, Shared) and inner.body is not None else None
            body = None if node is None else self.node(node)
        return None if body is None else rf"\lVert {body} \rVert" + (r"_{\mathrm{F}}" if len(inner.sizes) == 2 else "")

    # Tensors

    def _tensor(self, tensor: Tensor, indices: list[str], pool: Sequence[str]) -> tuple[str, bool]:
        """Return a tensor with its indices, and whether a power can stand on it as it is."""
        if isinstance(tensor, Entry):
            return self.indexed(self.word(tensor.name), indices), True
        if isinstance(tensor, Delta):
            return rf"\delta_{{{indices[0]}{indices[1]}}}", True
        if isinstance(tensor, Unit):
            return rf"\delta_{{{indices[0]},{tensor.data[0] + 1}}}", True
        if isinstance(tensor, Join):
            place = self.place(list(zip(indices[1:], tensor.sizes[1:], strict=True)))
            return rf"\delta_{{{indices[0]},\,{place}}}", True
        if isinstance(tensor, Number):
            return str(tensor.data[0]), tensor.data[0] > 0
        if isinstance(tensor, SizeName):
            return self.word(tensor.data[0]), True
        return self._composed(tensor, indices, pool)

    def _composed(self, tensor: Tensor, indices: list[str], pool: Sequence[str]) -> tuple[str, bool]:
        body = tensor.body
        assert body is not None
        if isinstance(tensor, Shared):
            if tensor.name is not None:
                return self.indexed(self.word(tensor.name), indices), True
            if body in self.names:
                return self.indexed(self.names[body], indices), False
            return bracketed(self.sum(body, indices, pool)), True
        if isinstance(tensor, Applied):
            function, _ = self.printer.alphabet.function(tensor.function.name, tensor.function.order, self.printer.taken)
            return function + bracketed(self._named_sum(body, indices, pool)), False
        if isinstance(tensor, LogSumExpOf):
            inner = pool[: len(body.sizes)]
            sums = "".join(rf"\sum_{{{i}=1}}^{{{self.size(s)}}} " for i, s in zip(inner, body.sizes, strict=True))
            return rf"\log {sums}\exp" + bracketed(self._named_sum(body, inner, pool[len(inner) :])), False
        if isinstance(tensor, SizePower):
            base = self._named_sum(body, (), pool)
            single = len(body.terms) == 1 and len(body.terms[0].factors) <= 1 and body.terms[0].coefficient > 0
            return f"{base if single else bracketed(base)}^{{{self.size(tensor.data[0])}}}", False
        return self._of_matrix(tensor, body, indices), False

    def _named_sum(self, body: Form, indices: Sequence[str], pool: Sequence[str]) -> str:
        return self.indexed(self.names[body], indices) if body in self.names else self.sum(body, indices, pool)

    def _of_matrix(self, tensor: Tensor, body: Form, indices: list[str]) -> str:
        """Return an inverse, a determinant or a softmax, which are of a whole matrix and not of an entry."""
        node = None if body in self.names else as_node(body)
        if node is not None and isinstance(tensor, InverseOf):
            turned = as_node(permute(body, (1, 0)))
            if turned is not None and _transposes(turned) < _transposes(node):
                node, indices = turned, indices[::-1]
        whole = self.names.get(body, "") if node is None else self.node(node)
        if isinstance(tensor, InverseOf):
            simple = node is None or not node.args
            return self.indexed(bracketed(f"{whole if simple else bracketed(whole)}^{{-1}}"), indices)
        function = r"\det" if isinstance(tensor, DeterminantOf) else r"\operatorname{softmax}"
        return self.indexed(function + bracketed(whole), indices)

    # Places

    def place(self, parts: Sequence[tuple[str, Size]]) -> str:
        """Return where a tuple of indices stands in a stacked axis, counted from 1, the first index the slowest."""
        if not parts:
            return "1"
        body = parts[0][0]
        for position, (index, size) in enumerate(parts[1:]):
            before = f"({body}-1)" if position == 0 else rf"\bigl({body}-1\bigr)"
            body = f"{before}{self.size(size, factor=True)}+{index}" if size is not ONE else body
        return body


def _is_named(tensor: Tensor) -> bool:
    return isinstance(tensor, Shared) and tensor.name is not None


def _reading_order(term: Term) -> tuple[bool, list[tuple[int, ...]], int]:
    deltas = [factor.indices for factor in term.factors if isinstance(factor.tensor, Delta)]
    return (not deltas, deltas, -len(term.factors))


def _walk(factors: Sequence[Factor], rank: int) -> list[Factor]:
    """Order factors for reading: scalars, deltas, then along the indices from the first free one."""
    scalars = [f for f in factors if not f.indices]
    scalars.sort(key=lambda f: (not isinstance(f.tensor, Number | SizeName), not isinstance(f.tensor, Entry)))
    deltas = [f for f in factors if isinstance(f.tensor, Delta)]
    remaining = [f for f in factors if f.indices and not isinstance(f.tensor, Delta)]
    ordered: list[Factor] = []
    standing: set[int] = set()

    def key(factor: Factor) -> tuple[bool, int, bool]:
        chained = bool(ordered) and any(i in ordered[-1].indices and i >= rank for i in factor.indices)
        return (not chained, min(factor.indices) if min(factor.indices) < rank else rank, len(factor.indices) == 1)

    while remaining:
        chosen = min(remaining, key=key)
        remaining.remove(chosen)
        ordered.append(chosen)
        standing.update(chosen.indices)
    return [*scalars, *deltas, *ordered]


def quotient(number: Fraction, over: list[str], under: list[str]) -> str:
    top, bottom = list(over), list(under)
    if number.numerator != 1 or not top:
        top.insert(0, str(number.numerator))
    if number.denominator != 1:
        bottom.insert(0, str(number.denominator))
    if not bottom:
        return beside(top)
    if len(over) and not under and len(beside(over)) > 12:
        return rf"\tfrac{{{number.numerator}}}{{{number.denominator}}} {beside(over)}"
    return rf"\frac{{{beside(top)}}}{{{beside(bottom)}}}".replace(BREAK, "")


def beside(factors: Sequence[str]) -> str:
    """Return factors side by side, with marks where a line may be broken; digits never run into digits."""
    body = factors[0]
    for factor in factors[1:]:
        body += BREAK + (r" \cdot " if factor[0].isdigit() else r"\, " if factor.startswith(r"\log") else " ") + factor
    return body


def bracketed(body: str) -> str:
    """Return a body in brackets that are as high as it is."""
    body = body.replace(BREAK, "")
    if r"\sum" in body or r"\frac" in body:
        return rf"\Bigl({body}\Bigr)"
    return rf"\bigl({body}\bigr)" if "(" in body else f"({body})"


def _unwrapped(body: str) -> str:
    for opening, closing in ((r"\Bigl(", r"\Bigr)"), (r"\bigl(", r"\bigr)"), ("(", ")")):
        if body.startswith(opening) and body.endswith(closing):
            return body[len(opening) : -len(closing)]
    return body


def joined(phrases: Sequence[Phrase]) -> str:
    """Return a sum of printed terms, with marks where a line may be broken."""
    body = ("-" if phrases[0].negative else "") + phrases[0].body
    return body + "".join(f" {BREAK}{'-' if phrase.negative else '+'} {phrase.body}" for phrase in phrases[1:])


def _transposes(node: Node) -> int:
    return sum(isinstance(below, Transpose) for below in node_postorder(node))
