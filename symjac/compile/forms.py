"""The functions a derivation can become: dense, a tensor, products with directions, an operator, sparse, structured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from symjac.compile.chunked import is_chunked, refuse_chunked
from symjac.compile.directional import BACKWARD, FORWARD, Stacking, directional
from symjac.compile.function import Compiled, compiled_program, ordered, run_source
from symjac.compile.jit import Jitted, jitted
from symjac.compile.nodewise import node_source
from symjac.compile.pieces import factor_program, structured
from symjac.compile.program import Program, Settings, program, shapes_given
from symjac.compile.stable import stable
from symjac.components.reading import read
from symjac.errors import DomainError, ShapeError, UnsupportedError
from symjac.evaluate import size_value
from symjac.layout import Layout
from symjac.record import Record

DENSE, TENSOR, OPERATOR, SPARSE, STRUCTURED = "dense", "tensor", "operator", "sparse", "structured"
FORMS = (DENSE, TENSOR, FORWARD, BACKWARD, OPERATOR, SPARSE, STRUCTURED)

NUMPY, NUMBA = "numpy", "numba"

DIRECTION = {FORWARD: "v", BACKWARD: "u"}
"""What the direction is called among the arguments."""


@dataclass(frozen=True)
class Action:
    """A function of the symbols that returns something else than the matrix of a Jacobian.

    >>> from symjac.derivation import jacobian
    >>> jvp = jacobian("A*x", "A", given="A: M x N, x: N").lambdify(form="jvp")
    >>> jvp(A=np.ones((2, 3)), x=[1, 2, 3], v=np.ones((2, 3)))
    array([6., 6.])
    """

    arguments: tuple[str, ...]
    source: str
    _run: Callable[[tuple[Any, ...]], Any] = field(repr=False, compare=False)
    _batch: bool = field(default=False, repr=False, compare=False)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if kwargs or len(args) != len(self.arguments):
            args = ordered(self.arguments, args, kwargs)
        if not self._batch:
            refuse_chunked(self.arguments, args, "this function has no batch= of points")
        return self._run(args)


def compile_record(
    record: Record,
    arguments: Sequence[str],
    layout: Layout,
    form: str = DENSE,
    order: str = "C",
    batch: Sequence[str] = (),
    backend: str = NUMPY,
) -> Compiled | Action | Jitted:
    """Return the Jacobian of a record as a function in one of the forms."""
    _check(record, form, order, batch, backend)
    settings = Settings(form if form == TENSOR else DENSE, order, tuple(batch))
    try:
        planned = program(record, arguments, layout, settings)
        unread = planned.module().unread
        if unread and (backend == NUMBA or form not in (DENSE, TENSOR)):
            raise UnsupportedError(f"no argument has {unread[0]} rows or columns: only dense and tensor forms take a size")
        if backend == NUMBA:
            return jitted(planned, arguments)
        if form in (DENSE, TENSOR):
            return compiled_program(planned, arguments)
    except UnsupportedError:
        if batch or backend == NUMBA or form not in (DENSE, TENSOR):
            raise
        return run_source(node_source(record, arguments, layout, form, order), arguments)
    if form in (FORWARD, BACKWARD):
        return _directional(record, planned, arguments, layout, form)
    if form == OPERATOR:
        return _operator(record, planned, arguments, layout)
    return _structured(planned, arguments, form)


def _check(record: Record, form: str, order: str, batch: Sequence[str], backend: str) -> None:
    if backend not in (NUMPY, NUMBA):
        raise DomainError(f"backend={backend!r}: the backends are {NUMPY}, {NUMBA}")
    if backend == NUMBA and form not in (DENSE, TENSOR):
        raise DomainError("backend='numba' is for dense and tensor forms")
    if form not in FORMS:
        raise DomainError(f"form={form!r}: the forms are {', '.join(FORMS)}")
    if order not in ("C", "F"):
        raise DomainError(f"order={order!r}: the orders are C, F")
    if form == TENSOR and len(record.variables) > 1:
        raise DomainError("the tensor form has one variable: take one block, as in d['A'].lambdify(form='tensor')")
    if order == "F" and (form != DENSE or batch):
        raise DomainError("order='F' is for a dense Jacobian at one point")
    if batch and form not in (DENSE, TENSOR, FORWARD, BACKWARD):
        raise DomainError(f"batch is for dense and tensor forms, jvp and vjp, not for form={form!r}")


def _shapes(names: Sequence[str], args: Sequence[Any]) -> dict[str, tuple[int, ...]]:
    return shapes_given({name: np.shape(value) for name, value in zip(names, args, strict=True)})


def _known_sizes(planned: Program, names: Sequence[str], args: Sequence[Any]) -> dict[str, int]:
    return planned.sizes_of(_shapes(names, args))


def _directional(record: Record, planned: Program, arguments: Sequence[str], layout: Layout, form: str) -> Action:
    """Return J v or u J as a function of the symbols and of a direction: a stacked vector, or a matrix of the right shape."""
    matrix = read(stable(record.expression), plain=[v.name for v in record.variables if v.facts])

    @lru_cache(maxsize=2)
    def inner(many: bool) -> Compiled:
        found = directional(planned, matrix.form, record.expression, layout, form, many)
        return compiled_program(found, [argument.symbol.name for argument in found.arguments])

    count = len(matrix.form.sizes)
    if form == FORWARD:
        stacking = Stacking([v.shape for v in record.variables], layout.wrt, [f.sizes[count:] for f in planned.forms])
    else:
        stacking = Stacking([record.expression.shape], layout.of, [matrix.form.sizes])
    batch = bool(planned.settings.batch)

    @lru_cache(maxsize=64)
    def known_sizes(shapes: Sequence[tuple[int, ...]]) -> dict[str, int]:
        return planned.sizes_of(dict(zip(arguments, shapes, strict=True)))

    def run(args: tuple[Any, ...]) -> Any:
        *symbols, direction = args
        direction = direction if is_chunked([direction]) else np.asarray(direction)
        sizes = known_sizes(tuple(map(np.shape, symbols)))
        if batch:
            many = not stacking.is_one(direction, sizes)
            parts = stacking.many_parts(direction, sizes) if many else stacking.parts(direction, sizes)
            products = inner(many)(*symbols, *parts)
            return products[:, :, 0] if form == FORWARD else products[:, 0, :]
        try:
            parts = stacking.parts(direction, sizes)
        except ValueError as error:
            raise ShapeError(str(error)) from None
        return inner(False)(*symbols, *parts).ravel()

    return Action((*arguments, _direction_name(form, arguments)), inner(batch).source, run, batch)


def _direction_name(form: str, arguments: Sequence[str]) -> str:
    name = DIRECTION[form]
    while name in arguments:
        name += "_"
    return name


def _operator(record: Record, planned: Program, arguments: Sequence[str], layout: Layout) -> Action:
    """Return the Jacobian as a scipy.sparse.linalg.LinearOperator, which never forms it."""
    forward = _directional(record, planned, arguments, layout, FORWARD)
    backward = _directional(record, planned, arguments, layout, BACKWARD)
    numerator = layout.orientation == "numerator"

    def run(args: tuple[Any, ...]) -> Any:
        from scipy.sparse.linalg import LinearOperator

        outputs, inputs = _counts(record, planned, arguments, args)
        plain, turned = (forward, backward) if numerator else (backward, forward)
        return LinearOperator(
            (outputs, inputs) if numerator else (inputs, outputs),
            matvec=lambda v: plain(*args, np.ravel(v)),
            rmatvec=lambda u: np.conj(turned(*args, np.conj(np.ravel(u)))),
            dtype=np.result_type(float, *(np.asarray(value).dtype for value in args)),
        )

    return Action(tuple(arguments), f"{forward.source}\n\n{backward.source}", run)


def _counts(record: Record, planned: Program, arguments: Sequence[str], args: Sequence[Any]) -> tuple[int, int]:
    """Return how many outputs and how many inputs there are."""
    sizes = _known_sizes(planned, arguments, args)
    outputs, *inputs = (prod(size_value(size, sizes) for size in part.shape) for part in (record.expression, *record.variables))
    return outputs, sum(inputs)


def _structured(planned: Program, arguments: Sequence[str], form: str) -> Action:
    """Return the Jacobian as a structured matrix, or what that is in scipy.sparse."""
    if len(planned.target.shape) != 2:
        raise UnsupportedError(f"form={form!r} needs a matrix")
    factors, found = factor_program(planned)
    inner = compiled_program(factors, arguments)

    def run(args: tuple[Any, ...]) -> Any:
        data = inner(*args)
        matrix = structured(planned, found, planned.target, _known_sizes(planned, arguments, args), data)
        return matrix.tosparse() if form == SPARSE else matrix

    return Action(tuple(arguments), inner.source, run)
