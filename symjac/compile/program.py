"""A derivation as a program: its forms, the plan for them, and the modules that are written from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symjac.compile.formulas import Formulas
from symjac.compile.lower import Lowering
from symjac.compile.module import Argument, Module
from symjac.compile.names import harmless, safe_names
from symjac.compile.nodewise import renamed
from symjac.compile.plan import Block, Plan, Write
from symjac.compile.stable import stable
from symjac.compile.target import Axes, Target, gradient_target, matrix_target, tensor_target
from symjac.compile.values import CONTRACT
from symjac.components.derivative import differentiate_form, with_facts
from symjac.components.form import Form
from symjac.components.reading import axis, read
from symjac.components.tensor import Tensor
from symjac.errors import DomainError, ShapeError, UnsupportedError
from symjac.evaluate import size_value
from symjac.layout import Layout
from symjac.nodes.node import Let, Symbol, postorder, symbols
from symjac.nodes.sizes import ONE, Size
from symjac.record import Record
from symjac.write.text import text


@dataclass(frozen=True)
class Settings:
    """How a function is wanted: its form, the order of its result in memory, and the arguments that carry many points."""

    form: str = "dense"
    order: str = "C"
    batch: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Program:
    """The forms of the Jacobians by all variables, and where they stand in the result."""

    name: str
    forms: tuple[Form, ...]
    axes: tuple[Axes, ...]
    variables: tuple[Symbol, ...]
    arguments: tuple[Argument, ...]
    inner: tuple[str, ...]
    target: Target
    settings: Settings
    words: str
    outputs: int
    """How many indices of each form are those of F."""
    plans: dict[tuple[tuple[str, int], ...], Plan] = field(default_factory=dict, repr=False)

    def plan(self, sizes: Mapping[str, int] | None = None) -> Plan:
        """Return the plan for known sizes, or for sizes of no particular kind."""
        key = tuple(sorted((sizes or {}).items()))
        if key not in self.plans:
            self.plans[key] = Plan(self.forms, self.outputs, self.settings.batch, sizes)
        return self.plans[key]

    @property
    def has_choice(self) -> bool:
        """Whether the order of some product depends on the sizes."""
        return self.plan().values.has_choice

    @property
    def has_products(self) -> bool:
        """Whether matrices are multiplied over an axis whose size the arguments say."""
        return any(
            value.kind == CONTRACT
            and value.rank == 2
            and not all(size.is_Integer for o in value.operands for size in o.value.sizes)
            for value in self.plan().values.made
        )

    def depends_on(self, sizes: Mapping[str, int]) -> bool:
        """Whether the function for these sizes may be another than that for sizes of no particular kind."""
        return self.has_choice or 1 in sizes.values()

    def module(self, sizes: Mapping[str, int] | None = None) -> Module:
        return Module(
            self.plan(sizes), self.target, self.arguments, self.inner, self.words, self.settings.order == "F", self._explain
        )

    def _explain(self, work: Lowering) -> Callable[[Block, Write], str]:
        """Return what writes the comment above an assignment."""
        variable_of = {id(block): k for k, block in enumerate(work.plan.blocks)}

        def code(tensor: Tensor) -> str:
            operand = work.plan.tensors.get(tensor)
            return work.called(operand.value) if operand is not None else ""

        formulas = Formulas(code)

        def explain(block: Block, write: Write) -> str:
            k = variable_of[id(block)]
            if not write.terms:
                return ""
            return harmless(formulas.line(self.name, work.names[self.variables[k].name], self.axes[k], write))

        return explain

    # Sizes of actual arguments

    def sizes_of(self, shapes: Mapping[str, Sequence[int]]) -> dict[str, int]:
        """Return the sizes that the shapes of arguments say, compared with each other; `batch` is the number of points."""
        known: dict[str, int] = {}
        composed: list[tuple[Argument, Size, int]] = []
        for argument in self.arguments:
            name = argument.symbol.name
            if name not in shapes:
                continue
            for size, number in self._pairs(argument, tuple(shapes[name])):
                if size.is_Symbol:
                    if known.setdefault(size.name, number) != number:
                        raise self._unfit(argument, shapes[name], f", with {size} = {known[size.name]}")
                else:
                    composed.append((argument, size, number))
        for argument, size, number in composed:
            if size_value(size, known) != number:
                where = f", with {size} = {size_value(size, known)}" if size.free_symbols else ""
                raise self._unfit(argument, shapes[argument.symbol.name], where)
        return known

    def _pairs(self, argument: Argument, shape: tuple[int, ...]) -> list[tuple[Size, int]]:
        sizes = argument.all_sizes
        if len(shape) == 2 + argument.batched and len(sizes) < len(shape):
            kept = [k for k, size in enumerate(argument.symbol.shape) if size is not ONE]
            if all(shape[k + argument.batched] == 1 for k in (0, 1) if k not in kept):
                shape = (*shape[: argument.batched], *(shape[k + argument.batched] for k in kept))
        if len(shape) != len(sizes):
            raise self._unfit(argument, shape, "")
        return list(zip(sizes, shape, strict=True))

    def _unfit(self, argument: Argument, shape: Sequence[int], known: str) -> ShapeError:
        wanted = " x ".join(map(str, argument.symbol.shape)) + (", with a batch axis in front" if argument.batched else "")
        got = " x ".join(map(str, shape)) or "single number"
        return ShapeError(f"{argument.symbol.name} is {wanted}{known}: a {got} array does not fit")

    def shape_of(self, argument: Argument, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """Return the shape of an argument as an array, without axes of size 1."""
        return tuple(size_value(size, sizes) for size in argument.all_sizes)

    def result_shape(self, sizes: Mapping[str, int]) -> tuple[int, ...]:
        shape = tuple(size_value(size, sizes) for size in self.target.shape)
        return (sizes["batch"], *shape) if self.settings.batch else shape


def shapes_given(given: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """Return shapes that were given as tuples or as arrays."""
    return {name: value if isinstance(value, tuple) else np.shape(value) for name, value in given.items()}


def program(record: Record, arguments: Sequence[str], layout: Layout, settings: Settings) -> Program:
    """Return a derivation as a program.

    Raises UnsupportedError where the expression has no index form, or one that NumPy code cannot follow.
    """
    variables = record.variables
    facts = {variable.name: tuple(sorted(variable.facts)) for variable in variables if variable.facts}
    matrix = read(stable(record.expression), plain=facts)
    wanted = [(variable.name, (*axis(variable.rows), *axis(variable.cols))) for variable in variables]
    forms = tuple(with_facts(form, facts) for form in differentiate_form(matrix.form, wanted))
    rows, cols = len(matrix.row_sizes), len(matrix.col_sizes)
    axes = tuple(
        Axes((rows, cols, len(axis(variable.rows)), len(axis(variable.cols))), form.sizes)
        for variable, form in zip(variables, forms, strict=True)
    )
    roots = (record.expression, *variables)
    declared = {node.name: node for node in symbols(roots)}
    unknown = [name for name in settings.batch if name not in declared]
    if unknown:
        raise DomainError(f"batch names {', '.join(unknown)}; the arguments are {', '.join(arguments)}")
    return Program(
        record.name,
        forms,
        axes,
        variables,
        tuple(Argument(declared[name], name in settings.batch) for name in arguments),
        tuple(dict.fromkeys(node.name for node in postorder(*roots) if isinstance(node, Let))),
        _target(record, axes, layout, settings.form),
        settings,
        _words(record, layout, settings),
        len(matrix.form.sizes),
    )


def _target(record: Record, axes: tuple[Axes, ...], layout: Layout, form: str) -> Target:
    if form == "tensor":
        return tensor_target(axes[0])
    if layout.orientation == "denominator" and record.expression.is_scalar:
        if len(axes) == 1:
            return gradient_target(axes[0])
        if any(variable.cols is not ONE for variable in record.variables):
            raise UnsupportedError("gradients of several shapes do not stack")
    return matrix_target(axes, layout)


def _words(record: Record, layout: Layout, settings: Settings) -> str:
    roots = (record.expression, *record.variables)
    names = safe_names([node.name for node in postorder(*roots) if isinstance(node, Let | Symbol)])
    expression, *variables = renamed(roots, names)
    by = ", ".join(variable.name for variable in variables if isinstance(variable, Symbol))
    how = "as the array J[i, j, k, l]" if settings.form == "tensor" else layout.words
    return f"The derivative of {text(expression)} by {by}: {how}."
