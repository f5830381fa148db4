"""Every rule, tested on its own example: both sides are evaluated at random points of unequal sizes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from symjac.nodes.build import add, diag, hadamard, kron, product, subtract, transpose
from symjac.nodes.node import Differential, Node, Product, postorder, symbols
from symjac.rules import RULES, Rule, reading
from symjac.rules.examples import A, B, S, T, X, a, b, x, y
from symjac.rules.rule import DIFFERENTIAL, PUSH, READ, TIDY, Law
from tests.judge import agree, line_value, sample, speeds

LAWS = list(RULES.values())


def by_id(rule: Law) -> str:
    return rule.id


def holds(rule: Rule, example: Node, seed: int = 0) -> bool:
    """Whether the example and what the rule makes of it have one value, d included."""
    result = rule.apply(example)
    assert result is not None, f"{rule.id} does not fire on {example!r}"
    point = sample(example, result, seed=seed)
    moved = speeds(point.values, point, seed + 100)
    if rule.phase == DIFFERENTIAL:
        return agree(line_value(result, point, moved), point.direction(example, moved))
    return agree(line_value(result, point, moved), line_value(example, point, moved))


def scaled(rule: Rule, factor: int) -> Rule:
    """Return the rule with its result multiplied by a number: a wrong rule."""

    def apply(node: Node) -> Node | None:
        result = rule.apply(node)
        return None if result is None else product(factor, result)

    return replace(rule, apply=apply)


@pytest.mark.parametrize("rule", LAWS, ids=by_id)
def test_both_sides_of_a_rule_have_the_same_shape_and_value(rule: Rule) -> None:
    result = rule.apply(rule.example)
    assert result is not None
    assert result.shape == rule.example.shape
    assert all(holds(rule, rule.example, seed) for seed in range(3))


@pytest.mark.parametrize("rule", LAWS, ids=by_id)
def test_a_rule_doubled_or_of_the_other_sign_is_caught(rule: Rule) -> None:
    assert not any(holds(scaled(rule, factor), rule.example) for factor in (2, -1))


@pytest.mark.parametrize("rule", RULES.values(), ids=by_id)
def test_a_rule_says_what_it_does(rule: Rule) -> None:
    assert rule.law
    assert rule.name
    assert rule.statement
    assert rule.phase in (DIFFERENTIAL, PUSH, READ, TIDY)
    assert type(rule.example) in rule.heads
    text = rule.statement.replace(r"\{", "").replace(r"\}", "")
    for opening, closing in ("{}", "()"):
        assert text.count(opening) == text.count(closing)
    assert text.count(r"\lVert") == text.count(r"\rVert")


def test_names_are_unique_within_a_phase() -> None:
    counts = Counter((rule.phase, rule.name) for rule in RULES.values())
    assert [key for key, count in counts.items() if count > 1] == []


def test_registered_ids_are_the_rules_own() -> None:
    assert all(key == rule.id for key, rule in RULES.items())


@pytest.mark.parametrize("rule", [rule for rule in LAWS if rule.phase == PUSH], ids=by_id)
def test_a_push_rule_moves_a_differential(rule: Rule) -> None:
    result = rule.apply(rule.example)
    assert result is not None
    assert rule.example.has_differential
    assert result.has_differential


@pytest.mark.parametrize("rule", [rule for rule in LAWS if rule.phase == DIFFERENTIAL], ids=by_id)
def test_a_differential_rule_strictly_descends(rule: Rule) -> None:
    """Every d on the right stands before less than stood under d on the left, so differentiating ends."""
    result = rule.apply(rule.example)
    assert result is not None
    size = sum(1 for _ in postorder(rule.example))
    assert all(sum(1 for _ in postorder(node.args[0])) < size for node in postorder(result) if isinstance(node, Differential))


@pytest.mark.parametrize("rule", [rule for rule in LAWS if rule.phase == TIDY], ids=by_id)
def test_a_tidy_rule_does_not_undo_itself(rule: Rule) -> None:
    result = rule.apply(rule.example)
    assert result is not None
    again = rule.apply(result) if type(result) in rule.heads else None
    assert again is not rule.example


# Reading off: their truth is judged line by line in tests/test_derive.py, for they join lines of two kinds


READING = [law for law in vars(reading).values() if isinstance(law, Law)]


@pytest.mark.parametrize("law", READING, ids=by_id)
def test_a_law_of_reading_says_what_it_does(law: Law) -> None:
    assert law.phase == READ
    assert law.name
    assert law.law
    assert law.statement


def test_ids_are_unique_across_rules_and_laws() -> None:
    ids = [law.id for law in (*RULES.values(), *READING)]
    assert len(set(ids)) == len(ids)


# Brackets


@pytest.mark.parametrize(
    ("kept", "dropped"),
    [
        pytest.param(product(add(S, T), X), add(S, product(T, X)), id="(S + T)X"),
        pytest.param(product(X, add(S, T)), add(product(X, S), T), id="X(S + T)"),
        pytest.param(transpose(add(S, X)), add(S, transpose(X)), id="(S + X)ᵀ"),
        pytest.param(transpose(product(S, X)), product(S, transpose(X)), id="(SX)ᵀ"),
        pytest.param(hadamard(S, product(T, X)), product(hadamard(S, T), X), id="S ∘ (TX)"),
        pytest.param(hadamard(S, add(T, X)), add(hadamard(S, T), X), id="S ∘ (T + X)"),
        pytest.param(product(-1, add(S, X)), add(product(-1, S), X), id="−(S + X)"),
        pytest.param(subtract(S, subtract(T, X)), subtract(subtract(S, T), X), id="S − (T − X)"),
        pytest.param(product(diag(hadamard(b, x)), S), hadamard(product(diag(b), S), product(diag(x), S)), id="diag(b ∘ x)S"),
        pytest.param(kron(A, product(B, transpose(B))), kron(A, B), id="A ⊗ (BBᵀ)"),
        pytest.param(product(kron(S, X), kron(T, X)), kron(S, product(X, T), X), id="(S ⊗ X)(T ⊗ X)"),
        pytest.param(product(y, transpose(a)), product(transpose(a), y), id="y aᵀ"),
    ],
)
def test_a_dropped_bracket_is_refuted(kept: Node, dropped: Node) -> None:
    point = sample(kept, dropped)
    assert not agree(point.value(dropped), point.value(kept))


def test_the_examples_name_symbols_of_unequal_shapes() -> None:
    point = sample(*(rule.example for rule in RULES.values()))
    assert len(set(point.sizes.values())) == len(point.sizes)
    assert all(isinstance(node, Product) or symbols([node]) for node in (rule.example for rule in RULES.values()))
