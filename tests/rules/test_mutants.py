"""Every rule made wrong is caught in a whole derivation, and named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from importlib import import_module

import pytest

from symjac.check import check_record
from symjac.derive import derive
from symjac.errors import SymjacError
from symjac.nodes.build import add, khatri_rao, let, product, transpose
from symjac.nodes.node import Node, Sum, Symbol
from symjac.record import Record
from symjac.rules import RULES, Rule
from tests.corpus import ALL, SYMBOLS, reading
from tests.judge import faults, sample

engine = import_module("symjac.derive")
B, u = SYMBOLS["B"], SYMBOLS["u"]

BY_HAND: list[tuple[Node, Symbol]] = [
    (khatri_rao(B, transpose(u)), B),
    (product(khatri_rao(B, transpose(u)), u), u),
    (transpose(let("G", product(transpose(B), B))), B),
]
"""What the text language has no word for."""


def scaled(rule: Rule, factor: int) -> Rule:
    def apply(node: Node) -> Node | None:
        result = rule.apply(node)
        if result is None:
            return None
        terms = result.args if isinstance(result, Sum) else (result,)
        return add(*(product(factor, term) for term in terms))

    return replace(rule, apply=apply)


@contextmanager
def in_place_of(rule: Rule, wrong: Rule, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the engine work with a wrong rule."""
    with patch.context() as patched:
        patched.setitem(RULES, rule.id, wrong)
        for table in ("SCALAR_RULES", "VEC_RULES"):
            patched.setattr(engine, table, tuple(wrong if known is rule else known for known in getattr(engine, table)))
        yield


@cache
def smallest_derivations() -> dict[str, tuple[Node, list[Symbol]]]:
    """For each rule, the expression with the smallest Jacobian whose derivation uses it."""
    entries: dict[str, int] = {}
    found: dict[str, tuple[Node, list[Symbol]]] = {}
    for expression, variables in [*(reading(*entry) for entry in ALL), *((node, [variable]) for node, variable in BY_HAND)]:
        record = derive(expression, variables)
        count = sum(sample(jacobian).value(jacobian).size for jacobian in record.jacobians)
        for step in record.steps:
            if count < entries.get(step.rule.id, 10_000):
                entries[step.rule.id], found[step.rule.id] = count, (expression, variables)
    return found


def wrong_derivation(rule: Rule, factor: int, patch: pytest.MonkeyPatch) -> Record | None:
    """Derive with a wrong rule; None where the engine itself stumbles over it."""
    expression, variables = smallest_derivations()[rule.id]
    with in_place_of(rule, scaled(rule, factor), patch):
        try:
            return derive(expression, variables)
        except SymjacError:
            return None


def test_every_rule_is_used_by_some_derivation() -> None:
    assert set(RULES) - set(smallest_derivations()) == set()


@pytest.mark.parametrize("factor", [2, -1], ids=["doubled", "of the other sign"])
@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_wrong_rule_is_caught_and_named(rule: Rule, factor: int, monkeypatch: pytest.MonkeyPatch) -> None:
    record = wrong_derivation(rule, factor, monkeypatch)
    assert record is not None
    assert {fault.rule for fault in faults(record)} == {rule.id}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_the_check_names_the_wrong_rule_to_its_user(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    record = wrong_derivation(rule, 2, monkeypatch)
    assert record is not None
    report = check_record(record)
    assert not report
    assert {failure.rule for failure in report.failures if failure.where.startswith("line")} == {rule.name}


@pytest.mark.parametrize("entry", ALL[::12], ids=lambda entry: entry[0])
def test_what_is_right_passes(entry: tuple[str, str]) -> None:
    assert check_record(derive(*reading(*entry)))
