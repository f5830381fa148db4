"""What a rule is: a law with a name, a statement for people, a function of one node, and an example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symjac.nodes.node import Node

DIFFERENTIAL, PUSH, READ, TIDY = "differential", "push", "read", "tidy"
"""The phases of a derivation: apply d; move vec, trace and scalars; read off what multiplies dX; tidy."""


@dataclass(frozen=True)
class Law:
    """The reason for a step: a name for the margin, a statement in LaTeX, and the law in words."""

    id: str
    name: str
    phase: str
    statement: str
    law: str


@dataclass(frozen=True)
class Rule(Law):
    """A law that rewrites: `apply(node)` returns the rewritten node, or None where the law does not fire."""

    heads: tuple[type[Node], ...]
    example: Node
    apply: Callable[[Node], Node | None]


RULES: dict[str, Rule] = {}
"""Every rule by id, in the order of registration."""


def rule(
    name: str, *, phase: str, on: type[Node] | tuple[type[Node], ...], statement: str, example: Node
) -> Callable[[Callable[[Node], Node | None]], Rule]:
    """Register the decorated function as a rule under its own name as id."""

    def register(apply: Callable[[Node], Node | None]) -> Rule:
        heads = on if isinstance(on, tuple) else (on,)
        law = (apply.__doc__ or "").strip()
        made = Rule(apply.__name__.strip("_"), name, phase, statement, law, heads, example, apply)
        assert made.id not in RULES, f"two rules called {made.id}"
        RULES[made.id] = made
        return made

    return register
