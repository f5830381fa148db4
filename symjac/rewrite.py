"""The engine that applies rules: outermost first, one rule at a time, at all its places at once.

The recorder stands outside: rules do not know that they are watched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from symjac.errors import SymjacError, UnsupportedError
from symjac.nodes.build import coefficient, differential, product, replace, unit, zero
from symjac.nodes.node import Differential, Let, Node, Symbol, surface
from symjac.rules.rule import Law, Rule

MAX_STEPS = 4000
"""More rewritings than this mean that rules chase each other."""

MAX_NESTING = 300
"""How deep an expression may nest between two named intermediates."""

Watcher = Callable[[Node, Node, Law], None]


def check_nesting(root: Node) -> None:
    """Raise UnsupportedError for an expression that nests too deeply to be rewritten or read."""
    depth: dict[Node, int] = {}
    for node in surface(root):
        depth[node] = 0 if isinstance(node, Let) else 1 + max((depth[arg] for arg in node.args), default=0)
    if depth[root] > MAX_NESTING:
        raise UnsupportedError(f"the expression nests {depth[root]} deep (at most {MAX_NESTING}): name its parts with let")


class Rewriter:
    """Applies a table of rules until none fires; remembers where none can.

    `closed` heads are not entered; with `moving` only nodes that hold a differential are looked at.
    """

    def __init__(self, rules: Iterable[Rule], *, moving: bool = False, closed: tuple[type[Node], ...] = ()):
        self._table: dict[type[Node], list[Rule]] = {}
        for rule in rules:
            for head in rule.heads:
                self._table.setdefault(head, []).append(rule)
        self._moving = moving
        self._closed: tuple[type[Node], ...] = (Let, Differential, *closed)
        self._settled: set[Node] = set()

    def run(self, root: Node, watch: Watcher) -> Node:
        """Rewrite until nothing fires, telling `watch` of every step."""
        for _ in range(MAX_STEPS):
            found = self._pass(root)
            if found is None:
                return root
            rule, after = found
            watch(root, after, rule)
            root = after
        raise SymjacError(f"no end to rewriting {root!r}")

    def _pass(self, root: Node) -> tuple[Rule, Node] | None:
        chosen: list[Rule] = []
        mapping: dict[Node, Node] = {}
        self._visit(root, chosen, mapping)
        return (chosen[0], replace(root, mapping)) if chosen else None

    def _visit(self, node: Node, chosen: list[Rule], mapping: dict[Node, Node]) -> None:
        if node in self._settled or node in mapping or (self._moving and not node.has_differential):
            return
        for rule in self._table.get(type(node), ()):
            if chosen and rule is not chosen[0]:
                continue
            result = rule.apply(node)
            if result is not None and result is not node:
                if not chosen:
                    chosen.append(rule)
                mapping[node] = result
                return
        if not isinstance(node, self._closed):
            for arg in node.args:
                self._visit(arg, chosen, mapping)
        if not chosen:
            self._settled.add(node)


class Differentiator:
    """Applies d until only d of variables and of named intermediates stand."""

    def __init__(self, rules: Iterable[Rule], variables: frozenset[str]):
        self._table: dict[type[Node], list[Rule]] = {}
        for rule in rules:
            for head in rule.heads:
                self._table.setdefault(head, []).append(rule)
        self._variables = variables

    def run(self, root: Node, watch: Watcher) -> Node:
        """Differentiate `root`, telling `watch` of every step."""
        before: Node = differential(root)
        line = self._drop_constants(before)
        for _ in range(MAX_STEPS):
            found = self._pass(line)
            if found is None:
                return line
            rule, mapping = found
            after = self._drop_constants(replace(line, mapping))
            watch(line, after, rule)
            line = after
        raise SymjacError(f"no end to differentiating {root!r}")

    def _pass(self, line: Node) -> tuple[Rule, dict[Node, Node]] | None:
        open_places = [
            node for node in _preorder(line) if isinstance(node, Differential) and not isinstance(node.args[0], Symbol | Let)
        ]
        if not open_places:
            return None
        rule, first = self._first(open_places[0].args[0])
        mapping: dict[Node, Node] = {open_places[0]: first}
        for place in open_places[1:]:
            fired, result = self._first(place.args[0])
            if fired is rule:
                mapping[place] = result
        return rule, mapping

    def _first(self, node: Node) -> tuple[Rule, Node]:
        for rule in self._table.get(type(node), ()):
            result = rule.apply(node)
            if result is not None:
                return rule, result
        raise UnsupportedError(f"no rule differentiates {type(node).__name__}: {node!r}")

    def _drop_constants(self, line: Node) -> Node:
        """d of what does not depend on the variables is zero, and numbers move in front of d: no step for a reader."""
        mapping: dict[Node, Node] = {}
        for node in surface(line):
            if not isinstance(node, Differential):
                continue
            (inner,) = node.args
            if inner.symbols.isdisjoint(self._variables):
                mapping[node] = zero(*inner.shape)
            elif coefficient(inner) != 1:
                mapping[node] = product(coefficient(inner), differential(unit(inner)))
        return replace(line, mapping) if mapping else line


def _preorder(root: Node) -> Iterable[Node]:
    """Yield nodes in reading order, each once, only towards differentials."""
    seen: set[Node] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if node in seen or not node.has_differential:
            continue
        seen.add(node)
        yield node
        if not isinstance(node, Differential):
            stack.extend(reversed(node.args))
