"""Matrix language by shape: what factors, terms, bars and words mean is settled by the shapes around them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from symjac.components import prove_equal, read
from symjac.errors import SymjacError
from symjac.meaning import COSTS, NotConforming, RefusedError
from symjac.nodes import build
from symjac.nodes.functions import TANH
from symjac.read.declare import read_declarations
from symjac.read.latex.tree import Array, Bars, Dots, Group, Letter, Over, Pairing, Power, Product, Special, Tree
from symjac.read.text import read_text
from tests.meaning.trees import (
    COMMUTATION,
    IDENTITY,
    ONES,
    ZEROS,
    at,
    infix,
    minus,
    of,
    one,
    plus,
    point,
    power,
    t,
    times,
    tree,
    typed,
    value,
)

DECLARED = "A: M x N, B: M x N, S: N x N, R: N x N, x: N, y: N, u: M, v: M, c: scalar, p: scalar"

STANDARD = [
    (times("A", "x"), "A*x"),
    (times(2, "A", t("A")), "2*A*A.T"),
    (times("A", t("x"), "y"), "(x.T*y)*A"),
    (times(t("x"), "S", "x", t("A")), "(x.T*S*x)*A.T"),
    (times("x", t("x"), "x", t("x")), "x*x.T*x*x.T"),
    (times(t("u"), "A", "x", "S", t("y"), "x"), "(u.T*A*x)*(y.T*x)*S"),
    (times(Over(tree(1), times(t("x"), "x")), "x", t("x")), "x*x.T/(x.T*x)"),
    (plus("x", times("c", "y")), "x + c*y"),
    (times(plus(IDENTITY, "S"), "x"), "(eye(N) + S)*x"),
    (times(plus(times("A", t("A")), times("c", IDENTITY)), "u"), "(A*A.T + c*eye(M))*u"),
    (times(t(ONES), "A", ONES), "sum(A)"),
    (times("u", t(ONES), "x"), "u*sum(x)"),
    (minus("x", ONES), "x - ones(N)"),
    (plus("x", ZEROS), "x"),
    (infix("otimes", "x", t("u")), "kron(x, u.T)"),
    (infix("odot", "A", "B"), "hadamard(A, B)"),
    (infix("oslash", "A", "B"), "hadamard(A, hadamard_power(B, -1))"),
    (infix("colon", "A", "B"), "trace(A.T*B)"),
    (Pairing(tree("x"), tree("y")), "x.T*y"),
    (Pairing(tree("A"), tree("B")), "trace(A.T*B)"),
    (Bars(times("A", "x"), double=True), "norm(A*x)"),
    (Bars(tree("A"), double=True, mark="F"), "norm(A)"),
    (Bars(tree("S"), double=False), "det(S)"),
    (Bars(tree("c"), double=False), "sqrt(c**2)"),
    (of("tr", times(t("A"), "A")), "trace(A.T*A)"),
    (of("tr", times(t("x"), "x")), "x.T*x"),
    (of("diag", "x"), "diag(x)"),
    (of("log", "x"), "log(x)"),
    (of("sigma", times("A", "x")), "sigmoid(A*x)"),
    (of("tanh", "S"), "tanh(S)"),
    (of("exp", times(-1, t("x"), "x")), "exp(-x.T*x)"),
    (of("vec", "A"), "vec(A)"),
    (of("softmax", "x"), "softmax(x)"),
    (of("CE", "y", of("softmax", "x")), "-y.T*log(softmax(x))"),
    (of("tanh", "x", power=tree(2)), "hadamard_power(tanh(x), 2)"),
    (Power(tree("A"), tree(2), entrywise=True), "hadamard_power(A, 2)"),
    (power("S", -2), "S**-2"),
    (power(times(t("x"), "x"), Over(tree(1), tree(2))), "(x.T*x)**(1/2)"),
    (times(Over(tree(1), Letter("N")), t(ONES), "x"), "sum(x)/N"),
]


@pytest.mark.parametrize(("formula", "text"), STANDARD, ids=[text for _, text in STANDARD])
def test_standard_readings_cost_nothing(formula: Tree, text: str) -> None:
    expected = read_text(text, read_declarations(DECLARED))
    reading = one(formula, DECLARED)
    assert reading.meaning.node is not None
    assert prove_equal(read(reading.meaning.node), read(expected))
    assert (reading.cost, reading.remarks) == (0, ())


LIBERTIES = [
    (times("x", "y", join="cdot"), "x.T*y", None, "dot"),
    (times("A", "B", join="times"), "hadamard(A, B)", None, "times-entrywise"),
    (times("x", "y", join="cdot"), "hadamard(x, y)", "N", "dot-entrywise"),
    (infix("otimes", "u", "x"), "u*x.T", "M x N", "outer"),
    (Bars(tree("x"), double=False), "norm(x)", None, "norm-bars"),
    (Bars(tree("A"), double=True), "norm(A)", None, "frobenius"),
    (Bars(tree("A"), double=False), "norm(A)", None, "bars-frobenius"),
    (times(t("x"), "S", Over(tree("y"), t("x"), "slash"), "y"), "x.T*S*y/(x.T*y)", None, "slash"),
    (times(t("x"), 1), "sum(x)", None, "plain-ones"),
    (times(t(tree(1)), "x"), "sum(x)", None, "plain-ones"),
    (infix("khatri", "A", "x"), "A*x", None, "star-product"),
    (infix("khatri", "A", "A"), "hadamard(A, A)", "M x N", "star-entrywise"),
    (times("A", "A", join="*"), "hadamard(A, A)", None, "star-entrywise"),
    (plus("A", "u"), "A + u*ones(N).T", None, "to-every-column"),
    (plus("A", "x"), "A + ones(M)*x.T", None, "to-every-row"),
    (plus("x", plus("A", t("x"))), "A + 2*ones(M)*x.T", None, "to-every-row"),
    (power(Group(of("tanh", "S")), 2), "tanh(S)*tanh(S)", None, "matrix-power"),
    (minus(1, power(Group(of("tanh", "x")), 2)), "ones(N) - hadamard_power(tanh(x), 2)", None, "entrywise-power"),
    (Bars(tree("A"), double=True, mark="2"), "norm(A)", None, "spectral"),
    (of("exp", "S"), "exp(S)", None, "entrywise-function"),
    (power(of("tanh", "S"), 2), "hadamard_power(tanh(S), 2)", None, "entrywise-power"),
    (power(minus("x", "y"), 2), "(x - y).T*(x - y)", "1 x 1", "squared-norm"),
    (power(minus("x", "y"), 2), "hadamard_power(x - y, 2)", "N", "entrywise-power-vector"),
    (power("x", 2), "hadamard_power(x, 2)", None, "entrywise-power-name"),
    (of("diag", minus(1, power("x", 2))), "diag(ones(N) - hadamard_power(x, 2))", None, "entrywise-power-name"),
    (plus(power(minus("u", times("A", "x")), 2), power("x", 2)), "norm(u - A*x)**2 + norm(x)**2", None, "squared-norm-name"),
    (minus("x", 1), "x - ones(N)", None, "number-of-ones"),
    (minus(infix("circ", "S", "S"), 1), "hadamard(S, S) - ones(N, N)", None, "number-of-ones"),
    (minus(times("A", t("A")), "c"), "A*A.T - c*eye(M)", None, "number-of-identity"),
    (times(of("diag", "S"), "x"), "diag(diag(S))*x", None, "diagonal-matrix"),
    (of("det", times("S", "R"), bracketed=False), "det(S*R)", None, "unbracketed"),
    (of("log", times("c", "p"), bracketed=False), "log(c*p)", None, "unbracketed"),
    (t(Group(times("A", "x"), bracket="{")), "(A*x).T", None, "braces"),
    (
        times(of("sigma", "x"), minus(1, of("sigma", "x"))),
        "hadamard(sigmoid(x), ones(N) - sigmoid(x))",
        None,
        "beside-entrywise",
    ),
    (tree(0), "zeros(M, N)", "M x N", "zero-matrix"),
    (COMMUTATION, "K(N, N)", "N^2 x N^2", "commutation"),
    (power("c", "p"), "exp(p*log(c))", None, "symbolic-power"),
    (Over(tree(1), plus(1, of("exp", times(-1, "x")))), "sigmoid(x)", None, "entrywise-quotient"),
    (Special("identity", (Letter("n"),)), "eye(N)", "N x N", "size-name"),
]


@pytest.mark.parametrize(("formula", "text", "expected", "liberty"), LIBERTIES, ids=[row[3] for row in LIBERTIES])
def test_liberties_are_remarked(formula: Tree, text: str, expected: str | None, liberty: str) -> None:
    (reading,) = typed(formula, DECLARED, expected)
    assert reading.meaning.node is not None
    assert prove_equal(read(reading.meaning.node), read(read_text(text, read_declarations(DECLARED))))
    start = COSTS[liberty].sentence.split("{")[0]
    assert any(start in remark for remark in reading.remarks)
    assert reading.cost >= COSTS[liberty].cost


def test_an_asterisk_takes_columns_together() -> None:
    (reading,) = typed(infix("khatri", "A", "A"), DECLARED, None)
    A = read_declarations(DECLARED)["A"]
    assert reading.meaning.node == build.khatri_rao(A, A)
    assert any("column by column" in remark for remark in reading.remarks)


def test_expected_shapes_size_what_has_none() -> None:
    claim = times(plus(IDENTITY, COMMUTATION), infix("otimes", IDENTITY, t("A")))
    reading = one(claim, "A: M x N", "N^2 x M*N")
    expected = read_text("(eye(N**2) + K(N, N))*kron(eye(N), A.T)", read_declarations("A: M x N"))
    assert reading.meaning.node is expected


def test_a_commutation_that_may_be_two_is_read_as_both() -> None:
    found = typed(COMMUTATION, "A: M x N", "M*N x M*N")
    assert [reading.cost for reading in found] == [1, 1]
    assert len({reading.meaning for reading in found}) == 2


def test_the_dot_binds_by_shape() -> None:
    reading = one(times(times("A", "x"), minus("u", "v"), join="cdot"), DECLARED)
    assert reading.meaning.shape == (1, 1)


def test_times_binds_weaker_than_products() -> None:
    declared = "D: N x P, W: Q x P, Z: N x Q"
    claim = Product(tuple(map(tree, ("D", t("W"), "Z"))), ("cdot", "times"))
    turned = Product(tuple(map(tree, ("Z", "D", t("W")))), ("times", ""))
    expected = read_text("hadamard(D*W.T, Z)", read_declarations(declared))
    for formula in (claim, turned):
        node = one(formula, declared).meaning.node
        assert node is not None
        assert prove_equal(read(node), read(expected))


def test_arrays_are_filled_entry_by_entry() -> None:
    formula = Array(((at("b", 1), times(2, at("A", 1, 2))), (tree(0), at("A", 2, 1))))
    declared = "A: 2 x 2, b: 2"
    values = point(declared)
    A, b = values["A"], values["b"]
    expected = [[b[0, 0], 2 * A[0, 1]], [0, A[1, 0]]]
    assert np.allclose(value(one(formula, declared).meaning, values), expected)


def test_definitions_are_typed_where_they_stand() -> None:
    definitions = {"H": minus(IDENTITY, times("x", t("x"))), "z": times("A", "x")}
    reading = one(times("H", "S", "x"), DECLARED, definitions=definitions)
    expected = read_text("(eye(N) - x*x.T)*S*x", read_declarations(DECLARED))
    assert reading.meaning.node is not None
    assert prove_equal(read(reading.meaning.node), read(expected))
    assert one(tree("z"), DECLARED, definitions=definitions).meaning.shape == one(tree("u"), DECLARED).meaning.shape


def test_declared_functions_win() -> None:
    reading = one(of("sigma", "x", primes=1), DECLARED, functions={"sigma": TANH})
    assert np.allclose(value(reading.meaning, point(DECLARED)), 1 - np.tanh(point(DECLARED)["x"]) ** 2)


WRONG = [
    times("A", "B"),
    times("A", "u"),
    plus("x", "u"),
    plus("x", t("x")),
    minus(times("A", "x"), "y"),
    infix("odot", "A", "S"),
    infix("colon", "A", "S"),
    of("tr", "A"),
    of("det", "A"),
    power("A", 2),
    power("A", -1),
    times("x", "y"),
    of("CE", "x", "u"),
    at("x", 1, 2, 3),
]


@pytest.mark.parametrize("formula", WRONG, ids=map(str, range(len(WRONG))))
def test_what_does_not_conform_is_said_so(formula: Tree) -> None:
    with pytest.raises(NotConforming):
        typed(formula, DECLARED)


@pytest.mark.parametrize("expected", ["M", "N x 1", "N x M", "1 x M"])
def test_a_wrong_shape_never_passes(expected: str) -> None:
    accepted = expected == "M"
    if accepted:
        typed(times("A", "x"), DECLARED, expected)
        return
    with pytest.raises(NotConforming, match="M × 1"):
        typed(times("A", "x"), DECLARED, expected)


REFUSED: list[tuple[Any, str]] = [
    (times(ONES, t(ONES)), "the size of 1"),
    (COMMUTATION, "the size of K"),
    (Over(tree("c"), tree("x")), "says two things"),
    (Over(tree("A"), tree("S")), "says two things"),
    (power("S", Over(tree(1), tree(2))), "no power 1/2"),
    (power("S", "p"), "of scalars only"),
    (of("softmax", "A"), "row by row"),
    (Array(((tree("S"), tree("x")),)), "blocks are not read"),
    (Dots(r"\cdots"), "leaves open"),
    (tree("q"), "not declared"),
    (of("f", "x"), "say which one"),
    (at("x", 0), "counted from 1"),
    (Bars(tree("x"), double=True, mark="1"), "not read"),
    (of("tanh", "x", power=tree(-1)), "inverse function"),
]


@pytest.mark.parametrize(("formula", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_what_stays_open_is_refused(formula: Tree, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        typed(formula, DECLARED)


def test_zero_based_worlds_count_from_zero() -> None:
    values = point(DECLARED)
    reading = one(at("x", 0), DECLARED, zero_based=True)
    assert np.allclose(value(reading.meaning, values), values["x"][0])


def test_a_definition_by_itself_is_refused() -> None:
    with pytest.raises(RefusedError, match="defined by itself"):
        typed(tree("H"), DECLARED, definitions={"H": plus("x", "H")})


def test_errors_in_definitions_name_them() -> None:
    with pytest.raises(NotConforming, match="in the definition of H: cannot multiply"):
        typed(tree("H"), DECLARED, definitions={"H": times("A", "u")})


@pytest.mark.parametrize(
    "make",
    [
        lambda n: times(*["S"] * n, "x"),
        lambda n: times(*[IDENTITY] * n, "x"),
        lambda n: plus(*[tree(0)] * n, "x"),
        lambda n: times(*[plus(ONES, "x"), t("x")] * (n // 2), "x"),
        lambda n: times(*["x", "x"] * (n // 2), join="cdot"),
    ],
)
def test_long_formulas_stay_cheap(make: Callable[[int], Tree]) -> None:
    assert typed(make(200), DECLARED)


def test_a_deep_network_is_made_of_definitions() -> None:
    definitions: dict[str, Tree] = {"a0": tree("x")}
    for layer in range(1, 101):
        definitions[f"z{layer}"] = plus(times("S", f"a{layer - 1}"), "y")
        definitions[f"a{layer}"] = of("tanh", f"z{layer}")
    assert one(tree("a100"), DECLARED, definitions=definitions).meaning.shape == one(tree("x"), DECLARED).meaning.shape


@pytest.mark.parametrize(
    "double",
    [
        lambda name: times(name, name),
        lambda name: plus(times("S", name), times(name, "R")),
        lambda name: infix("otimes", name, name),
        lambda name: infix("odot", name, name),
        lambda name: times(plus(IDENTITY, name), plus(name, IDENTITY)),
        lambda name: power(name, 1000),
        lambda name: times(10**300, name, name),
    ],
)
@pytest.mark.parametrize("first", ["S", IDENTITY, tree(7)], ids=["matrix", "identity", "number"])
def test_definitions_that_double_are_cut_short(first: Any, double: Callable[[str], Tree]) -> None:
    definitions = {"d0": tree(first)} | {f"d{level + 1}": double(f"d{level}") for level in range(60)}
    start = perf_counter()
    with suppress(SymjacError):
        typed(times("d60", "x"), DECLARED, definitions=definitions)
    assert perf_counter() - start < 3


def test_nesting_ends_in_an_error_of_ours() -> None:
    formula = tree("x")
    for _ in range(99):
        formula = Group(times("S", of("tanh", formula)))
    with pytest.raises(RefusedError, match="too deep"):
        typed(formula, DECLARED)
