"""The tidying of an expression: laws until none fires, then one factoring, then laws once more."""

from __future__ import annotations

from collections.abc import Sequence

from symjac.nodes.node import Determinant, Elementwise, Inverse, LogSumExp, MatrixPower, Node, Norm, Softmax, Trace
from symjac.rewrite import Rewriter, Watcher
from symjac.rules import collect
from symjac.rules.rule import RULES, TIDY

CLOSED = (Elementwise, Softmax, LogSumExp, Determinant, Norm, Trace, Inverse, MatrixPower)
"""What tidying leaves as the person wrote it."""


class Tidier:
    """Tidies expressions; what it found settled in one it need not look at in the next."""

    def __init__(self) -> None:
        laws = [rule for rule in RULES.values() if rule.phase == TIDY and rule is not collect.collect]
        self._passes: Sequence[Rewriter] = [
            Rewriter(laws, closed=CLOSED),
            Rewriter([collect.collect], closed=CLOSED),
            Rewriter(laws, closed=CLOSED),
        ]

    def run(self, root: Node, watch: Watcher) -> Node:
        """Tidy, telling `watch` of every step."""
        for rewriter in self._passes:
            root = rewriter.run(root, watch)
        return root


def tidied(root: Node) -> Node:
    """Tidy an expression without telling anybody."""
    return Tidier().run(root, lambda before, after, rule: None)
