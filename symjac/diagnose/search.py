"""One slip of the pen, or two: the mended claim that is right, found by trying.

The untyped formula is edited and typed again. What is right at all points is the mend; what is right up to a sign or a simple
number, or for symmetric matrices, needs two slips; and last come two edits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from time import monotonic

from symjac.diagnose.assumptions import groups, listed
from symjac.diagnose.bench import Bench
from symjac.diagnose.case import Case, Diagnosis, Values
from symjac.diagnose.edits import MOST_FACTORS, Edit, Pool, edits, letters_in
from symjac.diagnose.factors import fraction_text
from symjac.diagnose.layouts import under
from symjac.diagnose.nonlinear import composes
from symjac.diagnose.places import bare, negative
from symjac.diagnose.terms import expanded
from symjac.diagnose.trees import multiplied, number_tree, size_tree, transposed, tree_of
from symjac.diagnose.words import ordinal, said
from symjac.errors import SymjacError
from symjac.nodes.node import Commutation, Identity, Node, Product, Symbol, Transpose, fold, postorder, symbols
from symjac.nodes.sizes import ONE
from symjac.read.latex.tree import Apply, Name, Number, Special, Tree, walk

MOST_EDITS = 500
MOST_PAIRS = 300
MOST_FUNCTIONS = 60
LONGEST_FOR_TWO = 80
SECONDS = 0.6
"""How many mends are tried, and for how long."""

LARGEST_FACTOR = 40

FEWEST_PARTS = 3
"""A claim with fewer names than this is no formula that two edits could be said to mend."""

SCALES = ((2.0, 0.5), (-1.0,), (-2.0, -0.5))
"""What may have to be multiplied besides, the likelier slips first."""


@dataclass
class Search:
    """The mends of one claim; every formula is typed once."""

    bench: Bench
    tree: Tree
    pool: Pool
    started: float = field(default_factory=monotonic)
    typed: dict[Tree, Values | None] = field(default_factory=dict)

    @classmethod
    def of(cls, bench: Bench) -> Search | None:
        """Return the search for the mend of a claim; None for a claim that is no formula."""
        tree = claim_tree(bench.case)
        return cls(bench, tree, pool_of(bench.case, tree)) if tree is not None else None

    def values(self, tree: Tree) -> Values | None:
        """Return what a formula is worth, where it conforms."""
        if tree not in self.typed:
            try:
                self.typed[tree] = self.bench.case.retype(tree)
            except SymjacError:
                self.typed[tree] = None
        return self.typed[tree]

    @property
    def is_over(self) -> bool:
        return monotonic() - self.started > SECONDS

    @cached_property
    def singles(self) -> list[Edit]:
        """All single edits, the likeliest first."""
        return edits(self.tree, self.pool)[:MOST_EDITS]

    def conforming(self, small: bool = False) -> Iterator[tuple[Edit, Values]]:
        """Yield the single edits that conform, with their values; `small` ones only, where another slip comes on top."""
        for edit in self.singles:
            if small and not edit.is_small:
                continue
            if self.is_over:
                return
            values = self.values(edit.tree)
            if values is not None:
                yield edit, values


def claim_tree(case: Case) -> Tree | None:
    """Return the claim as an untyped formula."""
    if case.tree is not None:
        return case.tree
    try:
        return tree_of(case.node) if case.node is not None else None
    except SymjacError:
        return None


def pool_of(case: Case, tree: Tree) -> Pool:
    """Return what a claim may have forgotten: names of its own and of f, their transposes, factors of the truth, K."""
    names = dict.fromkeys(part for part in walk(tree) if isinstance(part, Name))
    if case.f is not None:
        names |= dict.fromkeys(Name(name) for name in sorted(case.f.symbols))
    factors: dict[Tree, None] = {}
    for name in names:
        factors |= dict.fromkeys((name, transposed(name)))
    factors |= dict.fromkeys(_truth_factors(case))
    factors |= dict.fromkeys(part for part in walk(tree) if isinstance(part, Apply))
    letters = tuple(dict.fromkeys((*case.letters, *letters_in(tree))))
    return Pool(tuple(factors)[:MOST_FACTORS], letters, tuple(dict.fromkeys(_commutations(case))))


def _commutations(case: Case) -> Iterator[Tree]:
    """Yield the commutation matrices of f's shape and of the variable's, both ways round."""
    for node in (case.variable, case.f):
        if node is not None and ONE not in node.shape:
            rows, cols = map(size_tree, node.shape)
            yield Special("commutation", (rows, cols))
            yield Special("commutation", (cols, rows))


def _truth_factors(case: Case) -> Iterator[Tree]:
    """Yield the factors of the truth's terms that are more than a name."""
    for convention in case.conventions[:1]:
        for term in expanded(convention.node) if convention.node is not None else ():
            for factor in term.args if isinstance(term, Product) else (term,):
                if not isinstance(factor, Symbol | Transpose | Identity):
                    yield from _tree_or_none(factor)


def _tree_or_none(node: Node) -> Iterator[Tree]:
    """Yield a node as a formula, where it is short enough to be a factor that somebody left out."""
    weight = fold(node, lambda part, args: 1 + sum(args))
    if weight > LARGEST_FACTOR:
        return
    try:
        yield tree_of(node)
    except SymjacError:
        return


def other_letters(search: Search) -> tuple[Diagnosis, ...]:
    """Return the swap of index letters that makes the claim right."""
    for edit, values in search.conforming():
        if edit.change.weight > 1:
            return ()
        fits = search.bench.fitting(values, search.bench.general) if edit.change.kind == "indices" else ()
        if fits:
            return (mended(search, edit, edit.tree, fits[0], change_words(edit)),)
    return ()


def one_edit(search: Search) -> tuple[Diagnosis, ...]:
    """Return the single edit that makes the claim right: in an accepted convention rather than in another."""
    bench = search.bench
    best: tuple[Edit, int] | None = None
    for edit, values in search.conforming():
        if best is not None and edit.change.weight > best[0].change.weight + 1:
            break
        fits = bench.fitting(values, bench.general, bench.conventions)
        likely = [c for c in fits if bench.is_accepted(c) or (c in bench.spoken and bench.case.claim is not None)]
        if likely or (fits and best is None):
            best = edit, (likely or fits)[0]
        if likely:
            break
    return (mended(search, best[0], best[0].tree, best[1], change_words(best[0])),) if best is not None else ()


def lost_transpose(search: Search) -> tuple[Diagnosis, ...]:
    """Return the one transpose, or the order of factors, that mends a claim which is right for symmetric matrices."""
    bench = search.bench
    for edit in search.singles:
        likely = edit.change.kind == "order" or (edit.change.kind == "transpose" and edit.change.weight == 1)
        values = search.values(edit.tree) if likely and not search.is_over else None
        fits = bench.fitting(values, bench.general) if values is not None else ()
        if fits:
            return (mended(search, edit, edit.tree, fits[0], change_words(edit)),)
    return ()


def commuted(search: Search) -> tuple[Diagnosis, ...]:
    """Return the commutation matrix that a claim in another convention lacks in the one that was asked for."""
    bench = search.bench
    asked = bench.case.conventions[0].node
    if asked is None or not any(isinstance(part, Commutation) for part in postorder(asked)):
        return ()
    for edit, values in search.conforming():
        if edit.change.weight > 1:
            return ()
        if edit.change.kind == "commutation" and bench.fitting(values, bench.general, (0,)):
            found = mended(search, edit, edit.tree, 0, change_words(edit))
            return (replace(found, message=f"In the layout that was asked for, {_lower(found.message)}"),)
    return ()


def one_edit_if_symmetric(search: Search) -> tuple[Diagnosis, ...]:
    """Return the single edit that makes the claim right for symmetric matrices."""
    bench = search.bench
    for names in groups(bench.case.square):
        for edit, values in search.conforming(small=True):
            fits = bench.fitting(values, bench.symmetric(names))
            if fits:
                assumption = f"that {listed(names)} symmetric"
                words = f"{change_words(edit)}, and it would still need {assumption}"
                found = mended(search, edit, edit.tree, fits[0], words)
                return (found, Diagnosis("symmetry", f"This takes for granted {assumption}, which nothing says."))
    return ()


def one_edit_and_number(search: Search) -> tuple[Diagnosis, ...]:
    """Return the single edit that makes the claim right up to a sign or a simple number."""
    if not enough(search.tree):
        return ()
    bench = search.bench
    for scales in SCALES:
        for edit, values in search.conforming(small=True):
            found = bench.scaled(values, bench.general, scales)
            if found:
                return _with_number(search, edit, *found)
    return ()


def _with_number(search: Search, edit: Edit, convention: int, scale: float) -> tuple[Diagnosis, ...]:
    number = Fraction(scale)
    whole = multiplied([number_tree(abs(number)), edit.tree]) if abs(number) != 1 else edit.tree
    whole = negative(whole) if number < 0 else whole
    said_number = fraction_text(number)
    kind, tail, besides = (
        ("sign", "the sign turned", "the sign is wrong")
        if number == -1
        else ("factor", f"a factor {said_number} in front", f"a factor {said_number} is missing")
    )
    first = mended(search, edit, whole, convention, f"{change_words(edit)}, and {tail}")
    return (first, Diagnosis(kind, f"Besides, {besides}."))


def another_function(search: Search) -> tuple[Diagnosis, ...]:
    """Return the function, one edit away from the given one, whose derivative the claim is."""
    case, bench = search.bench.case, search.bench
    if case.f is None or case.claim is None or not enough(tree := next(_tree_or_none(case.f), Number(Fraction(0)))):
        return ()
    for edit in edits(tree, Pool(tuple(Name(name) for name in sorted(case.f.symbols))))[:MOST_FUNCTIONS]:
        if edit.change.weight > 2 or search.is_over:
            return ()
        try:
            conventions = case.other(edit.tree)
        except SymjacError:
            continue
        other = Bench(replace(case, conventions=conventions)) if conventions else None
        fits = other.fitting(case.claim, other.general) if other is not None else ()
        if fits:
            sentence = f"This is the derivative of {said(edit.tree)}, not of {said(tree)}{under(bench, fits[0])}."
            return (Diagnosis("function", sentence),)
    return ()


def two_edits(search: Search) -> tuple[Diagnosis, ...]:
    """Return two small edits that make the claim right."""
    if not enough(search.tree) or sum(1 for _ in walk(search.tree)) > LONGEST_FOR_TWO:
        return ()
    seen: set[Tree] = set()
    for first in search.singles:
        if first.change.weight > 1:
            return ()
        for second in edits(first.tree, search.pool):
            if second.change.weight > 1:
                break
            tree = second.tree
            if tree == search.tree or tree in seen:
                continue
            seen.add(tree)
            if len(seen) > MOST_PAIRS or search.is_over:
                return ()
            values = search.values(tree)
            fits = search.bench.fitting(values, search.bench.general) if values is not None else ()
            if fits:
                words = f"{change_words(first)}, and {change_words(second)}"
                return (
                    mended(search, first, tree, fits[0], words),
                    Diagnosis(kind_of(search, second), f"The second of the two: {change_words(second)}."),
                )
    return ()


def enough(tree: Tree) -> bool:
    """Whether a claim has parts enough for two slips."""
    return sum(isinstance(part, Name | Special | Apply) for part in walk(tree)) >= FEWEST_PARTS


def change_words(edit: Edit) -> str:
    """Return an edit in words: "Aᵀ instead of A in the second term"."""
    change = edit.change
    words = change.said.format(*map(_quiet, change.parts), new=_quiet(change.new), old=_quiet(edit.place.tree))
    term = edit.place.term
    return words if term is None else f"{words} {ordinal(term)}"


def _quiet(tree: Tree) -> str:
    return said(bare(tree))


def mended(search: Search, edit: Edit, tree: Tree, convention: int, words: str) -> Diagnosis:
    """Return the diagnosis of an edit."""
    case = search.bench.case
    proved = case.proves is not None and case.proves(tree, case.conventions[convention])
    lead = "" if edit.change.kind == "commutation" else "one way to mend it: "
    tail = " (proved)" if proved else ""
    sentence = _upper(f"{lead}{words}{under(search.bench, convention)}{tail}.")
    return Diagnosis(kind_of(search, edit), sentence, place=edit.place.tree.span, mend=tree, proved=proved)


def _upper(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def kind_of(search: Search, edit: Edit) -> str:
    """Return the kind of an edit; a factor that f's composition asks for is the chain rule's."""
    change = edit.change
    grown = change.said.startswith("a factor {0} ") and not _is_weight(search.bench.case, change.parts)
    return "chain rule" if change.kind == "factor" and grown and composes(search.bench.case) else change.kind


def _is_weight(case: Case, parts: tuple[Tree, ...]) -> bool:
    """Whether a factor is a number, or a scalar such as λ that is not differentiated by."""
    if any(isinstance(part, Number) for part in parts):
        return True
    scalars = {s.name for s in symbols([case.f]) if s.is_scalar and s is not case.variable} if case.f is not None else set()
    return isinstance(parts[0], Name) and parts[0].name in scalars
