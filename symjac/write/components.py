"""A derivation told by components, the way lecture notes do."""

from __future__ import annotations

from collections.abc import Sequence

from symjac.errors import UnsupportedError
from symjac.layout import Layout
from symjac.nodes.node import Node, Symbol


def components_latex(expression: Node, variables: Sequence[Symbol], layout: Layout, name: str) -> list[str]:
    """Return the blocks of the telling."""
    raise UnsupportedError("the telling by components is not there yet")
