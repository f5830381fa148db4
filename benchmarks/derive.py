"""Symbolic time side by side, a part of `python -m benchmarks.run`.

Every measurement runs in a process of its own, under a cap, so that no peer warms or slows another. Each peer's Jacobian
is evaluated at a random point, and has to agree with symjac's before its time counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.measuring import Time, alone, milliseconds, ratio, table, timed
from benchmarks.peers import PEERS, installed
from benchmarks.rows import ROWS, Array
from symjac.derivation import Derivation, jacobian
from symjac.evaluate import evaluate
from symjac.nodes import build
from symjac.nodes.functions import TANH
from symjac.nodes.node import Node, Symbol
from symjac.nodes.sizes import size_symbol

SMALL, LARGE = 3, 8
"""What every size is where a peer needs numbers; results are compared at the small one."""

DEPTHS = (2, 4, 8, 16, 32, 64)


# What each process does


@dataclass(frozen=True)
class Ours:
    """What symjac takes for a row, what its check says, and the value of its Jacobian at the small size."""

    derive: Time
    check: Time
    latex: Time
    verdict: str
    value: Array


@dataclass(frozen=True)
class Deep:
    """What symjac takes for a network, by the first of its weights or by all at once."""

    derive: Time
    latex: Time
    steps: int
    characters: int


def measure_ours(index: int) -> Ours:
    """Text → Jacobian with its steps, then its check and its LaTeX."""
    row = ROWS[index]

    def derivation() -> Derivation:
        return jacobian(row.text, row.wrt, given=row.given)

    derive, _ = timed(lambda: derivation().steps)
    done = derivation()
    check, report = timed(done.check)
    assert report, f"{row.name}: {report}"
    latex, _ = timed(done.latex)
    value = evaluate(done.node, row.point(SMALL), row.sizes(SMALL))
    return Ours(derive, check, latex, "proved for all sizes" if report.proved else "sampled", value)


def measure_peer(peer: str, index: int, n: int, expected: Array | None) -> Time:
    """The peer's expression and its Jacobian, whose value has to be the expected one."""
    row = ROWS[index]
    posed = PEERS[peer](row, n)
    seconds, found = timed(posed.derive, between=posed.forget)
    if expected is not None:
        np.testing.assert_allclose(
            posed.value(found, row.point(n)), expected, rtol=1e-9, atol=1e-11, err_msg=f"{peer}: {row.name}"
        )
    return seconds


def measure_depth(layers: int, variables: int) -> Deep:
    expression, weights, _ = network(layers)
    derive, found = timed(lambda: jacobian(expression, weights[:variables]))
    latex, page = timed(found.latex)
    return Deep(derive, latex, len(found.steps), len(page))


def network(layers: int) -> tuple[Node, list[Symbol], list[Symbol]]:
    """Return vᵀh_L with the named layers h_k = tanh(z_k), z_k = W_k h_{k−1} + b_k, the weights W_k and the biases b_k."""
    n = size_symbol("N")
    h: Node = build.symbol("x", n)
    weights = [build.symbol(f"W{k}", n, n) for k in range(1, layers + 1)]
    biases = [build.symbol(f"b{k}", n) for k in range(1, layers + 1)]
    for k, (weight, bias) in enumerate(zip(weights, biases, strict=True), start=1):
        z = build.let(f"z{k}", build.add(build.product(weight, h), bias))
        h = build.let(f"h{k}", build.elementwise(TANH, z))
    return build.product(build.transpose(build.symbol("v", n)), h), weights, biases


# The tables


def our_table(ours: list[Ours]) -> str:
    head = ("", "text → Jacobian with steps", "first call", "check()", "latex()", "check says")
    return table(
        head,
        (
            (row.name, *map(milliseconds, (r.derive.median, r.derive.first, r.check.median, r.latex.median)), r.verdict)
            for row, r in zip(ROWS, ours, strict=True)
        ),
    )


def peer_table(ours: list[Ours]) -> str:
    columns = list(peer_columns())
    head = ("", "symjac, any n", *(f"{peer}, {'any n' if PEERS[peer].symbolic_sizes else f'n = {n}'}" for peer, n in columns))
    rows = []
    for index, mine in enumerate(ours):
        cells = (
            peer_cell(alone(measure_peer, peer, index, n, mine.value if n == SMALL else None), mine) for peer, n in columns
        )
        rows.append((ROWS[index].name, milliseconds(mine.derive.median), *cells))
    return table(head, rows)


def peer_columns() -> Iterator[tuple[str, int]]:
    """Yield each installed peer with the sizes it is asked at: one where sizes may stay symbols."""
    for name, peer in PEERS.items():
        if installed(peer):
            yield from ((name, n) for n in ((SMALL,) if peer.symbolic_sizes else (SMALL, LARGE)))


def peer_cell(seconds: Time | str, mine: Ours) -> str:
    """Return a peer's median, and how many times ours it is."""
    if isinstance(seconds, str):
        return seconds
    return f"{milliseconds(seconds.median)} ({ratio(seconds.median / mine.derive.median)})"


def depth_table() -> str:
    head = ("layers", "by", "Jacobians", "first call", "latex()", "steps", "characters of LaTeX")
    rows = []
    for layers in DEPTHS:
        for words, variables in (("W₁", 1), ("all weights", layers)):
            r = required(measure_depth, layers, variables)
            times = map(milliseconds, (r.derive.median, r.derive.first, r.latex.median))
            rows.append((str(layers), words, *times, str(r.steps), f"{r.characters:,}"))
    return table(head, rows)


def required(work: Any, *args: Any) -> Any:
    """Return what a process found, which may not be an excuse."""
    found = alone(work, *args)
    if isinstance(found, str):
        raise RuntimeError(f"{work.__name__}{args}: {found}")
    return found


# The page


def versions() -> str:
    found = {name: installed(peer) for name, peer in PEERS.items()}
    return ", ".join(f"{PEERS[name].package} {number}" for name, number in found.items() if number)


def section() -> str:
    """Return the tables, as Markdown."""
    ours = [required(measure_ours, index) for index in range(len(ROWS))]
    missing = [name for name, peer in PEERS.items() if not installed(peer)]
    gaps = f" Not installed, and so not in the table: {', '.join(missing)}." if missing else ""
    return f"""# Deriving

{versions()}.{gaps}

Medians of repeated calls, each measurement in a new process. The numbers in brackets are ratios to symjac: above 1, symjac is
quicker. Every Jacobian was compared with symjac's at a random point with n = {SMALL}.

What is compared is not the same thing: symjac returns the Jacobian for all sizes in matrix form with its steps; SymPy and
SymEngine every entry at one size; CasADi a graph that computes it at one size; tensorgrad a tensor network for all sizes.

## Deriving beside peers

{peer_table(ours)}

## symjac, from the text to the page

{our_table(ours)}

## Deriving by depth

The Jacobians of vᵀh_L by the first weights or by all at once, with named layers h_k = tanh(W_k h_{{k−1}} + b_k), all sizes N.

{depth_table()}
"""
