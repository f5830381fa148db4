"""What a rule is: a law with a name, a statement for people, a function of one node, and an example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symjac.nodes.node import Node

DIFFERENTIAL, PUSH, READ, TIDY = "differential", "push", "read", "tidy"
"""The phases of a derivation: apply d; move vec, trace and scalars; read off what multiplies dX; tidy."""


@dataclass(frozen=True)
class Rule:
    """One law: `apply(node)` returns the rewritten node, or None where the law does not fire."""

    id: str
    name: str
    phase: str
    heads: tuple[type[Node], ...]
    statement: str
    example: Node
    apply: Callable[[Node], Node | None]

    @property
    def law(self) -> str:
        """The law in words, as its function's docstring states it."""
        return (self.apply.__doc__ or "").strip()


RULES: dict[str, Rule] = {}
"""Every rule by id, in the order of registration."""


def rule(
    name: str, *, phase: str, on: type[Node] | tuple[type[Node], ...], statement: str, example: Node
) -> Callable[[Callable[[Node], Node | None]], Rule]:
    """Register the decorated function as a rule under its own name as id."""

    def register(apply: Callable[[Node], Node | None]) -> Rule:
        heads = on if isinstance(on, tuple) else (on,)
        made = Rule(apply.__name__.strip("_"), name, phase, heads, statement, example, apply)
        assert made.id not in RULES, f"two rules called {made.id}"
        RULES[made.id] = made
        return made

    return register
