"""What was understood can always be printed, and reads back as the same tree."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symjac.read.declare import read_declarations
from symjac.read.latex import Names, left_sides, parse, parse_definitions, written
from symjac.read.latex.tree import (
    Apply,
    Array,
    Bars,
    Cases,
    Conditions,
    Derivative,
    Differential,
    Group,
    Indexed,
    Infix,
    Letter,
    Name,
    Number,
    Over,
    Pairing,
    Plus,
    Power,
    Product,
    Relation,
    Special,
    Statement,
    Summation,
    Transposed,
    Tree,
)
from tests.read.latex.corpus import SOURCES
from tests.read.latex.reading import names

CLAIMS = Path(__file__).parents[2] / "claims_in_the_wild.json"

CASES = [
    pytest.param(source, typed, understood, id=f"{source.name}-{number}")
    for source in SOURCES
    for number, (typed, understood) in enumerate(source.formulas)
]


@pytest.mark.parametrize(("source", "typed", "understood"), CASES)
def test_formulas_of_books_and_notes(source, typed: str, understood: str) -> None:  # type: ignore[no-untyped-def]
    known = Names.of(read_declarations(source.given), dict(source.names), source.defined)
    read = parse(typed, known)
    assert written(read) == understood
    assert parse(understood, known) == read


DECLARED = "A: M x N, B: N x N, x: N, y: N, s: scalar, W1: N x N, lambda_: scalar, x_hat: N, W_out: N x N"
KNOWN = names(DECLARED, defined=(r"z^{(l)}",))
NAMES = st.sampled_from(["A", "B", "x", "y", "s", "W1", "lambda_", "x_hat", "W_out", r"z^{(l)}"]).map(Name)
SIZES = st.sampled_from("MN").map(Letter)
INDICES = st.sampled_from("ijk").map(Letter)
NUMBERS = st.integers(0, 20).map(lambda value: Number(Fraction(value)))
DECIMALS = st.tuples(st.integers(0, 999), st.integers(1, 3)).map(lambda pair: Number(Fraction(pair[0], 10 ** pair[1]), pair[1]))
SPECIALS = st.one_of(
    st.lists(SIZES, max_size=1).map(lambda sizes: Special("identity", tuple(sizes))),
    st.lists(SIZES, max_size=2).map(lambda sizes: Special("ones", tuple(sizes))),
    st.tuples(SIZES, SIZES).map(lambda sizes: Special("commutation", sizes)),
    st.tuples(INDICES, INDICES).map(lambda indices: Special("single", indices=indices)),
    st.tuples(INDICES, INDICES).map(lambda indices: Special("delta", indices=indices)),
    INDICES.map(lambda index: Special("unit", indices=(index,))),
    st.just(Special("pi")),
)
SIGNS = st.sampled_from([1, -1])
MARKS = st.sampled_from(["T", "t", "top", "intercal", "prime", "mathsf"])


def grouped(tree: Tree) -> Tree:
    """Return a factor: what is looser stands in brackets, as people type it."""
    loose = (Plus, Product, Infix, Summation, Over, Derivative, Differential)
    return Group(tree) if isinstance(tree, loose) or (isinstance(tree, Apply) and not tree.bracketed) else tree


def based(tree: Tree) -> Tree:
    """Return what a script may stand on; a script on a script is put in brackets."""
    tree = grouped(tree)
    return Group(tree) if isinstance(tree, Transposed | Power | Indexed | Number | Special) else tree


def summed(pair: tuple[list[Tree], list[int]]) -> Tree:
    terms, signs = pair
    terms = [Group(term) if isinstance(term, Plus) else term for term in terms]
    return terms[0] if len(terms) == 1 and signs[0] > 0 else Plus(tuple(terms), tuple(signs[: len(terms)]))


def multiplied(pair: tuple[list[Tree], str]) -> Tree:
    factors, join = pair
    joins = tuple(join if isinstance(f, Number) or isinstance(g, Number) else "" for f, g in pairwise(factors))
    return Product(tuple(map(grouped, factors)), joins)


def is_no_derivative(tree: Over) -> bool:
    """Whether a quotient does not look like dA/dB, which is put in brackets."""
    return not all(written(part).startswith(r"\mathrm{d}") for part in tree.children)


def larger(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    factor, base = inner.map(grouped), inner.map(based)
    return st.one_of(
        st.tuples(st.lists(inner, min_size=1, max_size=3), st.lists(SIGNS, min_size=3, max_size=3)).map(summed),
        st.tuples(st.lists(inner, min_size=2, max_size=4), st.sampled_from(["cdot", "times", "*"])).map(multiplied),
        st.tuples(st.sampled_from(["otimes", "odot", "circ", "oslash", "colon"]), factor, factor).map(lambda t: Infix(*t)),
        st.tuples(inner, inner).map(lambda pair: Over(*pair)).filter(is_no_derivative),
        st.tuples(factor, factor).map(lambda pair: Over(*pair, style="slash")),
        st.tuples(base, st.integers(2, 4), st.booleans()).map(lambda t: Power(t[0], Number(Fraction(t[1])), t[2])),
        base.map(lambda tree: Power(tree, Number(Fraction(-1)))),
        st.tuples(base, MARKS).map(lambda pair: Transposed(*pair)),
        base.map(lambda tree: Transposed(Power(tree, Number(Fraction(-1))), "T")),
        st.tuples(base, INDICES, INDICES).map(lambda t: Indexed(t[0], t[1:])),
        st.tuples(st.sampled_from(["tr", "det", "log", "exp", "tanh", "diag", "vec", "sigma"]), inner, st.integers(0, 2)).map(
            lambda t: Apply(t[0], (t[1],), t[2])
        ),
        st.tuples(st.sampled_from(["log", "exp", "vec"]), inner).map(lambda t: Apply(t[0], (t[1],), bracketed=False)),
        st.tuples(inner, st.booleans(), st.sampled_from(["", "2", "F"])).map(lambda t: Bars(t[0], t[1], t[2] if t[1] else "")),
        st.tuples(inner, inner).map(lambda pair: Pairing(*pair)),
        st.tuples(inner, inner, inner, inner).map(lambda t: Array((t[:2], t[2:]))),
        st.tuples(inner, inner).map(
            lambda t: Cases(t, (Conditions((Relation((Letter("i"), Letter("j")), ("=",)),)), Conditions(())))
        ),
        st.tuples(INDICES, factor).map(lambda t: Summation(*t)),
        factor.filter(lambda tree: isinstance(tree, Name | Group | Bars)).map(Differential),
        st.tuples(inner.map(Group), NAMES).map(lambda t: Derivative(*t)),
    )


TREES = st.recursive(st.one_of(NAMES, NAMES, NUMBERS, DECIMALS, SPECIALS), larger, max_leaves=8)


@settings(max_examples=200, deadline=None)
@given(TREES)
def test_a_tree_reads_back(tree: Tree) -> None:
    text = written(tree)
    assert parse(f"x_i x_j x_k = {text}", KNOWN).sides[-1] == tree, text


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (Transposed(Product((Name("A"), Name("B")), ("",)), "top"), r"(A B)^{\top}"),
        (Product((Plus((Name("A"), Name("B")), (1, -1)), Name("x")), ("",)), "(A - B) x"),
        (Power(Power(Name("A"), Number(Fraction(2))), Number(Fraction(3))), "{A^{2}}^{3}"),
        (Infix("otimes", Name("A"), Infix("odot", Name("B"), Name("B"))), r"A \otimes (B \odot B)"),
        (Number(Fraction(1, 3)), r"\frac{1}{3}"),
        (Statement((Letter("f"), Name("x")), "therefore"), r"\therefore f = x"),
        (Over(Differential(Name("x")), Differential(Name("y"))), r"\frac{(\mathrm{d}x)}{\mathrm{d}y}"),
        (Over(Name("x"), Over(Name("x"), Name("y"), "slash"), "slash"), "x / (x / y)"),
    ],
)
def test_edited_trees_are_put_in_brackets(tree: Tree, text: str) -> None:
    assert written(tree) == text


def test_names_are_written_their_authors_way() -> None:
    known = names("W: N x N", {"W": r"W^{[l]}"})
    assert written(Transposed(Name("W"), "T"), known) == "{W^{[l]}}^{T}"


@pytest.mark.skipif(not CLAIMS.exists(), reason="the claims stand beside the repository")
def test_claims_in_the_wild_are_read() -> None:
    read = 0
    for claim in json.loads(CLAIMS.read_text()):
        definitions = [f"{left} = {right}" for left, right in claim.get("defs", []) if "matrix" not in right]
        known = Names.of(read_declarations(claim["given"]), claim.get("names", {}), left_sides(definitions))
        parse_definitions(definitions, known)
        for text in (claim["f_latex"], claim["claim_latex"]):
            found = parse(text, known)
            assert parse(written(found), known) == found
            read += 1
    assert read == 76
