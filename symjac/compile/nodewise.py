"""The matrix form of a Jacobian, computed node by node: for expressions that have no index form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy

from symjac.arrange import arranged
from symjac.compile.names import harmless, safe_names
from symjac.compile.source import Statements
from symjac.errors import UnsupportedError
from symjac.layout import Layout
from symjac.nodes.build import let, rebuild, symbol
from symjac.nodes.node import Let, Node, Symbol, postorder, symbols
from symjac.nodes.sizes import Shape, Size
from symjac.points import size_names
from symjac.record import Record
from symjac.write.text import text

PREAMBLE = '''import numpy as np


def matrix(name, value, rows, cols, sizes):
    """Return an argument as a 2-D array, its sizes checked and remembered by name."""
    value = np.asarray(value)
    if value.dtype.kind not in "fc":
        value = value.astype(float)
    wanted = f"{rows} x {cols}"
    if value.ndim < 2:
        value = value.reshape((1, -1) if rows == 1 and cols != 1 else (-1, 1))
    for axis, wish in enumerate((rows, cols)):
        known = sizes.setdefault(wish, value.shape[axis]) if isinstance(wish, str) else wish
        if value.ndim != 2 or value.shape[axis] != known:
            got = " x ".join(map(str, value.shape))
            raise ValueError(f"{name} is {wanted}, with {wish} = {known}: a {got} array does not fit")
    return value
'''
"""What every generated module starts with."""


def node_source(record: Record, arguments: Sequence[str], layout: Layout, form: str, order: str = "C") -> str:
    """Return a function that computes the matrix form of a Jacobian node by node."""
    blocks = [record.jacobians[i] if form == "tensor" else arranged(record, i, layout)[0] for i in range(len(record.variables))]
    roots = (record.expression, *record.variables, *blocks)
    sizes = size_names(roots)
    inner = [node.name for node in postorder(*roots) if isinstance(node, Let)]
    names = safe_names([*arguments, *sizes, *inner])
    expression, *rest = renamed(roots, names)
    variables, blocks = rest[: len(record.variables)], rest[len(record.variables) :]
    statements = Statements({name: names[name] for name in sizes}, frozenset(names.values()))
    results = [statements.compute(block) for block in blocks]
    result = (
        results[0]
        if len(results) == 1
        else f"np.{'hstack' if layout.orientation == 'numerator' else 'vstack'}([{', '.join(results)}])"
    )
    if form == "tensor":
        (m, n), (p, q) = expression.shape, variables[0].shape
        axes = ", ".join(f"{statements.size(s)}" for s in (n, m, q, p))
        result = f"{result}.reshape({axes}).transpose(1, 0, 3, 2)"
    result = f'np.asarray({result}, dtype, order="{order}")'
    parameters = ", ".join(names[name] for name in arguments)
    by = ", ".join(variable.name for variable in variables if isinstance(variable, Symbol))
    words = "as the array J[i, j, k, l]" if form == "tensor" else layout.words
    declared = {node.name: node.shape for node in symbols([expression, *variables])}
    lines = [
        f'"""{harmless(f"The derivative of {text(expression)} by {by}: {words}.")}"""',
        "sizes = {}",
        *(_read_argument(names[name], declared[names[name]], statements) for name in arguments),
        *_read_sizes(sizes, names, list(declared.values()), statements),
        f"dtype = np.result_type({parameters or 'float'})",
        *statements.lines,
        f"return {result}",
    ]
    return f"{PREAMBLE}\n\ndef jacobian({parameters}):\n" + "".join(f"    {line}\n" for line in lines)


def _read_argument(name: str, shape: Shape, statements: Statements) -> str:
    rows, cols = (statements.size(n) if n.is_Integer else f'"{statements.size(n)}"' for n in shape)
    return f'{name} = matrix("{name}", {name}, {rows}, {cols}, sizes)'


def _line(n: Size) -> tuple[int, int] | None:
    """Return (a, b) of a size aN + b in one name."""
    (name,) = n.free_symbols
    slope, start = n.coeff(name, 1), n.coeff(name, 0)
    return (int(slope), int(start)) if sympy.expand(slope * name + start - n) == 0 and slope.is_Integer else None


def _read_sizes(sizes: Sequence[str], names: dict[str, str], shapes: Sequence[Shape], statements: Statements) -> Iterator[str]:
    """Yield the statements that read the sizes off the arguments, and compare those that are composed."""
    found = dict.fromkeys(n for shape in shapes for n in shape if not n.is_Integer)
    alone = {n.name for n in found if n.is_Symbol}
    for name in sizes:
        if name in alone:
            yield f'{names[name]} = sizes["{names[name]}"]'
            continue
        # 2N rows tell N as well, where nothing else is unknown in them.
        composed = next((n for n in found if [s.name for s in n.free_symbols] == [name] and _line(n) is not None), None)
        if composed is None:
            raise UnsupportedError(
                f"the size {name} cannot be read off an argument: no argument has it as its number of rows or columns"
            )
        slope, start = _line(composed) or (1, 0)
        yield f'{names[name]} = (sizes["{statements.size(composed)}"] - {start}) // {slope}'
    for n in found:
        if not n.is_Symbol:
            yield f'if sizes["{statements.size(n)}"] != {statements.size(n)}:'
            yield f'    raise ValueError("a size is not {statements.size(n)}")'


def renamed(roots: Sequence[Node], names: dict[str, str]) -> list[Node]:
    """Return the nodes with every symbol, size and named part under its identifier."""
    if all(old == new for old, new in names.items()):
        return list(roots)
    made: dict[Node, Node] = {}
    for node in postorder(*roots):
        if isinstance(node, Symbol):
            made[node] = symbol(names[node.name], *node.shape, sorted(node.facts))
        elif isinstance(node, Let):
            made[node] = let(names[node.name], made[node.args[0]])
        else:
            made[node] = rebuild(node, [made[arg] for arg in node.args])
    return [made[root] for root in roots]
