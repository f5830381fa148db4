"""NumPy functions: generated source, the function it defines, and the checks of what is handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symjac.arrange import arranged
from symjac.compile.names import safe_names
from symjac.compile.source import Statements
from symjac.errors import DomainError, ShapeError, UnsupportedError
from symjac.evaluate import Array
from symjac.layout import Layout
from symjac.nodes.build import let, rebuild, symbol
from symjac.nodes.node import Let, Node, Symbol, postorder, symbols
from symjac.nodes.sizes import Shape
from symjac.points import size_names
from symjac.record import Record
from symjac.write.text import text

FORMS = ("dense", "tensor")

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


@dataclass(frozen=True)
class Compiled:
    """A NumPy function with its Python source.

    >>> from symjac.derivation import jacobian
    >>> J = jacobian("c*x", "c", given="x: 2, c: scalar").lambdify()
    >>> J(c=3, x=[1, 2])
    array([[1.],
           [2.]])

    Call it with arrays by symbol name, or in the order of `arguments`. Raises ShapeError, naming the symbol, where an
    array does not fit, and DomainError for arguments that are missing or too many.
    """

    arguments: tuple[str, ...]
    source: str
    _function: Callable[..., Array] = field(repr=False, compare=False)

    def __call__(self, *args: Any, **kwargs: Any) -> Array:
        if len(args) > len(self.arguments):
            raise DomainError(f"{len(args)} arguments were given; there are {len(self.arguments)}: {', '.join(self.arguments)}")
        given = dict(zip(self.arguments, args, strict=False))
        for name, value in kwargs.items():
            if name not in self.arguments or name in given:
                problem = "is given twice" if name in given else "is no argument"
                raise DomainError(f"{name} {problem}; the arguments are {', '.join(self.arguments)}")
            given[name] = value
        missing = [name for name in self.arguments if name not in given]
        if missing:
            raise DomainError(f"a value for {', '.join(missing)} is missing; the arguments are {', '.join(self.arguments)}")
        try:
            return self._function(*(given[name] for name in self.arguments))
        except np.linalg.LinAlgError as error:
            raise DomainError(f"the Jacobian has no value here: {error}") from None
        except ValueError as error:
            raise ShapeError(str(error)) from None


def compile_record(record: Record, arguments: Sequence[str], layout: Layout, form: str = "dense") -> Compiled:
    """Return the Jacobian of a record as a NumPy function."""
    if form not in FORMS:
        raise DomainError(f"form={form!r}: the forms are {', '.join(FORMS)}")
    if form == "tensor" and len(record.variables) > 1:
        raise DomainError("the tensor form has one variable: take one block, as in d['A'].lambdify(form='tensor')")
    blocks = [record.jacobians[i] if form == "tensor" else arranged(record, i, layout)[0] for i in range(len(record.variables))]
    source = _source(record, blocks, arguments, layout, form)
    return run_source(source, arguments)


def run_source(source: str, arguments: Sequence[str]) -> Compiled:
    """Return the function `jacobian` that generated source defines.

    The source is ours: of what a user wrote it holds identifiers that were checked, and numbers.
    """
    namespace: dict[str, Any] = {}
    exec(compile(source, "<symjac>", "exec"), namespace)
    return Compiled(tuple(arguments), source, namespace["jacobian"])


def _source(record: Record, blocks: Sequence[Node], arguments: Sequence[str], layout: Layout, form: str) -> str:
    roots = (record.expression, *record.variables, *blocks)
    sizes = size_names(roots)
    inner = [node.name for node in postorder(*roots) if isinstance(node, Let)]
    names = safe_names([*arguments, *sizes, *inner])
    expression, *rest = _renamed(roots, names)
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
    parameters = ", ".join(names[name] for name in arguments)
    by = ", ".join(variable.name for variable in variables if isinstance(variable, Symbol))
    words = "as the array J[i, j, k, l]" if form == "tensor" else layout.words
    declared = {node.name: node.shape for node in symbols([expression, *variables])}
    lines = [
        f'"""The derivative of {text(expression)} by {by}: {words}."""',
        "sizes = {}",
        *(_read_argument(names[name], declared[names[name]], statements) for name in arguments),
        *_read_sizes(sizes, names, list(declared.values()), statements),
        *statements.lines,
        f"return {result}",
    ]
    return f"{PREAMBLE}\n\ndef jacobian({parameters}):\n" + "".join(f"    {line}\n" for line in lines)


def _read_argument(name: str, shape: Shape, statements: Statements) -> str:
    rows, cols = (statements.size(n) if n.is_Integer else f'"{statements.size(n)}"' for n in shape)
    return f'{name} = matrix("{name}", {name}, {rows}, {cols}, sizes)'


def _read_sizes(sizes: Sequence[str], names: dict[str, str], shapes: Sequence[Shape], statements: Statements) -> Iterator[str]:
    """Yield the statements that read the sizes off the arguments, and compare those that are composed."""
    found = dict.fromkeys(n for shape in shapes for n in shape if not n.is_Integer)
    alone = {n.name for n in found if n.is_Symbol}
    for name in sizes:
        if name not in alone:
            raise UnsupportedError(
                f"the size {name} cannot be read off an argument: no argument has it as its number of rows or columns"
            )
        yield f'{names[name]} = sizes["{names[name]}"]'
    for n in found:
        if not n.is_Symbol:
            yield f'if sizes["{statements.size(n)}"] != {statements.size(n)}:'
            yield f'    raise ValueError("a size is not {statements.size(n)}")'


def _renamed(roots: Sequence[Node], names: dict[str, str]) -> list[Node]:
    """Return the nodes with every symbol, size and named part under its identifier."""
    made: dict[Node, Node] = {}
    plain = all(old == new for old, new in names.items())
    for node in postorder(*roots):
        if plain:
            made[node] = node
        elif isinstance(node, Symbol):
            made[node] = symbol(names[node.name], *node.shape, sorted(node.facts))
        elif isinstance(node, Let):
            made[node] = let(names[node.name], made[node.args[0]])
        else:
            made[node] = rebuild(node, [made[arg] for arg in node.args])
    return [made[root] for root in roots]
