"""The engine that applies rules: outermost first, one rule at all its places, watched from outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from symjac.errors import SymjacError, UnsupportedError
from symjac.nodes.build import add, differential, elementwise, let, norm, product, transpose
from symjac.nodes.functions import TANH
from symjac.nodes.node import Hadamard, Node, Product, Sum, Transpose
from symjac.rewrite import MAX_NESTING, Differentiator, Rewriter, check_nesting
from symjac.rules import RULES, Rule
from symjac.rules.rule import DIFFERENTIAL, Law
from tests.corpus import SYMBOLS

A, X, S, T, x, y = (SYMBOLS[name] for name in ("A", "X", "S", "T", "x", "y"))
d = differential
TRANSPOSES = RULES["transpose_product"]


class Watched:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.steps: list[tuple[Node, Node, str]] = []

    def __call__(self, before: Node, after: Node, law: Law) -> None:
        self.steps.append((before, after, law.id))

    @property
    def rules(self) -> list[str]:
        return [rule for _, _, rule in self.steps]


def test_a_rule_fires_at_all_its_places_in_one_step() -> None:
    watch = Watched()
    node = add(transpose(product(X, S)), product(2, transpose(product(S, T))))
    result = Rewriter([TRANSPOSES]).run(node, watch)
    assert result is add(product(transpose(S), transpose(X)), product(2, transpose(T), transpose(S)))
    assert watch.steps == [(node, result, "transpose_product")]


def test_nothing_to_do_is_no_step() -> None:
    watch = Watched()
    assert Rewriter([TRANSPOSES]).run(product(X, S), watch) is product(X, S)
    assert watch.steps == []


def test_every_step_begins_where_the_last_ended() -> None:
    watch = Watched()
    table = [rule for rule in RULES.values() if rule.phase == "push"]
    line = product(A, add(d(X), transpose(d(S))), x)
    result = Rewriter(table, moving=True).run(line, watch)
    assert watch.steps[0][0] is line
    assert watch.steps[-1][1] is result
    assert all(last[1] is step[0] for last, step in zip(watch.steps, watch.steps[1:], strict=False))


def test_what_stands_still_is_not_looked_at() -> None:
    still = product(transpose(product(X, S)), d(T))
    assert Rewriter([TRANSPOSES], moving=True).run(still, Watched()) is still


def test_closed_heads_are_not_entered() -> None:
    node = norm(transpose(product(X, S)))
    assert Rewriter([TRANSPOSES], closed=(type(node),)).run(node, Watched()) is node
    assert Rewriter([TRANSPOSES]).run(node, Watched()) is not node


def test_what_is_named_is_not_entered() -> None:
    node = add(let("z", transpose(product(X, S))), X)
    assert Rewriter([TRANSPOSES]).run(node, Watched()) is node


def chasing(node: Node) -> Node | None:
    """A + B = Aᵀ + Bᵀ, which is neither true nor ever done"""
    return add(*map(transpose, node.args))


def test_rules_that_chase_each_other_are_stopped() -> None:
    endless: Rule = replace(TRANSPOSES, id="chasing", heads=(Sum,), apply=chasing)
    with pytest.raises(SymjacError, match="no end"):
        Rewriter([endless]).run(add(X, S), Watched())


def differentiator(*variables: str) -> Differentiator:
    return Differentiator([rule for rule in RULES.values() if rule.phase == DIFFERENTIAL], frozenset(variables))


def test_constants_are_dropped_without_a_step() -> None:
    watch = Watched()
    assert differentiator("x").run(add(product(A, x), y), watch) is product(A, d(x))
    assert watch.rules == ["sum", "product"]


def test_numbers_pass_d_without_a_step() -> None:
    watch = Watched()
    assert differentiator("x").run(product(3, x), watch) is product(3, d(x))
    assert watch.rules == []


def test_d_stops_at_what_is_named() -> None:
    z = let("z", product(A, x))
    result = differentiator("x").run(elementwise(TANH, z), Watched())
    assert isinstance(result, Product)
    assert result.chain[-1] is d(z)


def test_an_operation_without_a_rule_is_an_error_that_names_it() -> None:
    lonely = Differentiator([rule for rule in RULES.values() if Hadamard not in rule.heads], frozenset("A"))
    with pytest.raises(UnsupportedError, match="no rule differentiates Hadamard"):
        lonely.run(Hadamard(A.shape, (), (A, A)), Watched())


def test_deep_nesting_is_refused_before_it_is_walked() -> None:
    node: Node = X
    for _ in range(MAX_NESTING + 1):
        node = elementwise(TANH, node)
    with pytest.raises(UnsupportedError, match="name its parts with let"):
        check_nesting(node)
    check_nesting(let("z", node))


def test_transposes_are_the_rule_meant_here() -> None:
    assert TRANSPOSES.heads == (Transpose,)
