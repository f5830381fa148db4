"""Functions for arguments of known shapes: nothing is checked twice; bound ones make their views and buffers once."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from math import prod
from operator import mul

from symjac.compile.lower import Body
from symjac.compile.module import Module, Names, looped, written
from symjac.compile.program import Program
from symjac.compile.repeated import DOUBLE, Shapes, reshaped
from symjac.compile.sizes import size_code
from symjac.compile.steps import RAW, Step

CACHED = 100_000
"""So many entries of intermediate results need no blocks of samples."""

SHARED, RUNS = 1_000_000, 40_000
"""Larger results are filled by two threads, block by block; in F order, with a shorter buffer of NumPy's."""


def bound_source(program: Program, sizes: Mapping[str, int]) -> str:
    """Return the code of `bind(dtype)`: it makes the result, views and buffers, and returns the function that fills them."""
    module = program.module(sizes)
    numbers = {name: str(number) for name, number in sizes.items()}
    names, words, body = module.lowered(blocked=True, sizes=numbers)
    if body.loop and _is_small(module, body, program.result_shape(sizes)):
        names, words, body = module.lowered(blocked=False, sizes=numbers)
    return _Bound(program, module, names, words, body).text()


def fresh_source(program: Program, sizes: Mapping[str, int], shapes: Shapes) -> str:
    """Return the code of `jacobian` for float64 arrays of these shapes: it makes its result, and checks nothing.

    It does the operations of the function for any shapes, on the same blocks of samples: they agree to the last digit.
    """
    module = program.module(sizes if program.depends_on(sizes) else None)
    numbers = {name: str(number) for name, number in sizes.items()}
    names, words, body = module.lowered(blocked=True, sizes=numbers | _stride_numbers(module, program.result_shape(sizes)))
    parameters = [names.known[argument.symbol.name] for argument in module.arguments]
    lines = []
    for name, argument, shape in zip(parameters, module.arguments, shapes, strict=True):
        lines += reshaped(name, shape, program.shape_of(argument, sizes))
    lines += [f"J = {module.made(words)}", *(f"{view.name} = {view.code}" for view in body.views), *written(body.before)]
    if body.loop and _is_small(module, body, program.result_shape(sizes)):
        lines += ["rows = slice(None)", *written(body.loop)]
    elif body.loop:
        lines += looped(body, module.slices(body))
    lines += [*written(body.after), "return J"]
    return f"def jacobian({', '.join(parameters)}):\n" + "".join(f"    {line}\n" for line in lines)


def _stride_numbers(module: Module, shape: tuple[int, ...]) -> dict[str, str]:
    """Return the strides of a new result of float64, by what they are called."""
    order = range(len(shape)) if module.fortran else range(len(shape))[::-1]
    steps = accumulate((shape[k] for k in order), mul, initial=DOUBLE.itemsize)
    strides = [step for _, step in sorted(zip(order, steps, strict=False))][len(shape) - len(module.target.shape) :]
    words = ("row", "col") if len(strides) == 2 else [f"s{k}" for k in range(len(strides))]
    return {word: str(stride) for word, stride in zip(words, strides, strict=True)}


def _is_small(module: Module, body: Body, shape: tuple[int, ...]) -> bool:
    """Whether neither the intermediate results nor the result, of this shape, are large enough for blocks."""
    if module.fortran:
        return prod(shape) <= RUNS
    return _integer(body.samples) * _integer(body.width) <= CACHED and prod(shape) <= SHARED


def _integer(code: str) -> int:
    """Return the value of a sum of products of numbers, as sizes are written."""
    total = 0
    for term in code.split(" + "):
        product = 1
        for factor in term.strip("()").split("*"):
            product *= int(factor)
        total += product
    return total


class _Bound:
    def __init__(self, program: Program, module: Module, names: Names, words: Mapping[str, str], body: Body) -> None:
        self.program, self.module, self.names, self.words, self.body = program, module, names, words, body
        self.arguments = [names.known[a.symbol.name] for a in module.arguments]

    def text(self) -> str:
        body = self.body
        setup = [
            f"J = {self.module.made(self.words)}",
            *self.module.strides(self.words, body),
            *(f"{view.name} = {view.code}" for view in body.views),
        ]
        if body.loop:
            lines = [*written(body.before), *looped(body, "all_rows")]
            setup.append(f"all_rows = {self.module.slices(body)}")
            lines += written(body.after)
        else:
            setup += [f"{buffer.name} = {buffer.code}" for buffer in body.buffers]
            lines = self._placed()
        inner = [*self._checks(), *lines, "return J"]
        if any("np.linalg." in line for line in lines):
            inner = [
                "try:",
                *(f"    {line}" for line in inner),
                "except np.linalg.LinAlgError as error:",
                "    raise no_value(error) from None",
            ]
        return "\n".join(
            [
                "def bind(dtype):",
                *(f"    {line}" for line in setup),
                "",
                f"    def call({', '.join(self.arguments)}):",
                *(f"        {line}" for line in inner),
                "",
                "    return J, call",
                "",
            ]
        )

    def _placed(self) -> list[str]:
        buffers = {buffer.name for buffer in self.body.buffers}
        lines = []
        for step in [*self.body.before, *self.body.after]:
            if isinstance(step, Step):
                if step.name in buffers and not step.out and step.function not in (RAW, "tensordot"):
                    step = step._replace(out=step.name)
                lines.append(step.placed())
        return lines

    def _checks(self) -> list[str]:
        lines = []
        for k, (argument, name) in enumerate(zip(self.module.arguments, self.arguments, strict=True)):
            axes = [size_code(size, self.words) for size in argument.all_sizes]
            shape = f"({', '.join(axes)}{',' if len(axes) == 1 else ''})"
            lines.append(f"if {name}.__class__ is not np.ndarray or {name}.shape != {shape} or {name}.dtype is not dtype:")
            lines.append(f"    {name} = fit({k}, {name}, {shape}, dtype)")
        return lines
