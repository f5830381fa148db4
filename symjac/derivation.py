"""The main job: jacobian, gradient and hessian of a matrix expression, as a Derivation that explains and checks itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple, overload

import sympy

from symjac.arrange import arranged, gradient_matrix
from symjac.check import Report, check_record
from symjac.compile import compile_record, export
from symjac.derive import derive
from symjac.entries import as_tensor, checked_sizes, example_sizes, symbol_entries
from symjac.errors import DomainError, ShapeError, SymjacError, UnsupportedError
from symjac.evaluate import size_value
from symjac.exact import exact
from symjac.explicit import ExplicitDerivation, explicit_jacobian
from symjac.layout import Layout, checked_layout
from symjac.nodes.node import (
    Node,
    Symbol,
    symbols,
)
from symjac.nodes.sizes import Size, shape_text
from symjac.points import size_names
from symjac.read.declare import read_declarations
from symjac.read.from_sympy import from_sympy, originals
from symjac.read.text import read_text
from symjac.read.tokens import suggestion
from symjac.record import Record, Step
from symjac.second import derive_twice
from symjac.write.components import components_latex
from symjac.write.entries import drawn
from symjac.write.names import symbol_latex
from symjac.write.page import Math, Section, prose
from symjac.write.telling import record_section
from symjac.write.terminal import text_section
from symjac.write.tex import derivation_latex
from symjac.write.to_sympy import to_sympy, to_sympy_matrix

MAX_EXAMPLE_ENTRIES = 48
"""An example has at most so many entries."""

DIFFERENTIALS, COMPONENTS = "differentials", "components"
"""The two roads, as methods of telling a derivation."""

Expression = Any
"""A SymPy expression, a text over declared names, or a node."""


@dataclass(frozen=True, repr=False)
class Derivation:
    """A derivative with its steps: the Jacobian of one expression by one or several variables.

    >>> d = jacobian("A.T*A", "A", given="A: M x N")
    >>> d.matrix, d.shape, len(d.steps)
    ((K(N, N) + I)*(kron(I, A.T)), (N**2, M*N), 8)

    Made by `jacobian`, `gradient` and `hessian`; `first` is the derivation of the gradient of which this is the Hessian.
    """

    record: Record
    layout: Layout = field(default_factory=Layout)
    _originals: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    first: Derivation | None = None
    _size_names: frozenset[str] = field(default=frozenset(), repr=False, compare=False)

    # What it is about

    @property
    def node(self) -> Node:
        """The Jacobian by the only variable, as a node, in this layout."""
        return self._arranged(self._only())[0]

    @property
    def expression(self) -> Any:
        """The expression that is differentiated, as a SymPy expression; for a Hessian, the scalar."""
        return self.first.expression if self.first else to_sympy(self.record.expression, self._originals)

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables."""
        return tuple(variable.name for variable in self.record.variables)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of all symbols, in the order in which the NumPy function takes them."""
        nodes = (self.record.expression, *self.record.variables)
        return tuple(dict.fromkeys(node.name for node in symbols(nodes)))

    # The result

    @cached_property
    def matrix(self) -> Any:
        """The derivative as a SymPy matrix expression; blocks side by side where there are several variables.

        Raises DomainError for gradients by several variables, which have a shape each: they are in `blocks`.
        """
        blocks = list(self.blocks.values())
        if len(blocks) == 1:
            return blocks[0]
        self._check_one_matrix()
        rows = [blocks] if self.layout.orientation == "numerator" else [[block] for block in blocks]
        return sympy.BlockMatrix(rows)

    @cached_property
    def blocks(self) -> dict[str, Any]:
        """The Jacobian by each variable, by name, as SymPy matrix expressions."""
        return {name: to_sympy_matrix(self._arranged(i)[0], self._originals) for i, name in enumerate(self.variables)}

    @property
    def shape(self) -> tuple[Size, Size]:
        """The shape of `matrix`, in the sizes of the declaration."""
        self._check_one_matrix()
        shapes = [self._arranged(i)[0].shape for i in range(len(self.variables))]
        if self.layout.orientation == "numerator":
            return (shapes[0][0], sympy.expand(sympy.Add(*(cols for _, cols in shapes))))
        return (sympy.expand(sympy.Add(*(rows for rows, _ in shapes))), shapes[0][1])

    @cached_property
    def gradient(self) -> Any:
        """A scalar's derivative in the shape of the variable, as a SymPy matrix expression.

        Raises ShapeError where the expression is no scalar.
        """
        if not self.record.expression.is_scalar:
            raise ShapeError(f"only a scalar has a gradient; this expression is {shape_text(self.record.expression.shape)}")
        return to_sympy_matrix(gradient_matrix(self.record, self._only()), self._originals)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every rewriting, from dF to the Jacobian in this layout."""
        arranging = (step for i in range(len(self.variables)) for step in self._arranged(i)[1])
        return (*self.record.steps, *arranging)

    def __getitem__(self, name: str) -> Derivation:
        """The derivation by one of several variables."""
        if name not in self.variables:
            raise DomainError(f"{name} is no variable of this derivation; they are {', '.join(self.variables)}")
        i = self.variables.index(name)
        record = self.record
        only = Record(
            record.name,
            record.expression,
            (record.variables[i],),
            (record.jacobians[i],),
            (record.gradients[i],),
            tuple(
                step for step in record.steps if step.variable not in record.variables or step.variable is record.variables[i]
            ),
            record.definitions,
        )
        return replace(self, record=only)

    def in_layout(self, layout: Layout) -> Derivation:
        """The same derivative in another layout."""
        return replace(self, layout=layout)

    # Entries and numbers

    def explicit(self, sizes: Mapping[str, int] | None = None, form: str = "dense") -> Any:
        """Return the entries at given sizes: a SymPy matrix, or with form="tensor" the array J[i, j, k, l].

        >>> jacobian("A*x", "x", given="A: M x N, x: N").explicit({"M": 2, "N": 2})
        Matrix([
        [A[0, 0], A[0, 1]],
        [A[1, 0], A[1, 1]]])
        """
        given = checked_sizes(self.record, sizes if sizes is not None else {}, self._size_names)
        known = symbols([self.record.expression, *self.record.variables])
        values = {node.name: symbol_entries(node, given, self._originals.get(node.name)) for node in known}
        if form == "dense":
            self._check_one_matrix()
            blocks = [exact(self._arranged(i)[0], values, given) for i in range(len(self.variables))]
            join = sympy.Matrix.hstack if self.layout.orientation == "numerator" else sympy.Matrix.vstack
            return sympy.ImmutableDenseMatrix(blocks[0] if len(blocks) == 1 else join(*blocks))
        if form != "tensor":
            raise DomainError(f"form={form!r}: the forms are dense, tensor")
        return as_tensor(exact(self.record.jacobians[self._only()], values, given), self.record, given)

    def example(self) -> tuple[dict[str, int], Any] | None:
        """Return small sizes and the entries there, for a reader to look at; None where they are many or take long.

        >>> jacobian("x.T*x", "x", given="x: N").example()
        ({'N': 2}, Matrix([[2*x[0, 0], 2*x[1, 0]]]))
        """
        sizes = None if self.has_many_shapes else example_sizes(self.record)
        if sizes is None:
            return None
        rows, cols = (size_value(n, sizes) for n in self.shape)
        return (sizes, self.explicit(sizes)) if rows * cols <= MAX_EXAMPLE_ENTRIES else None

    def lambdify(self, form: str = "dense", order: str = "C", batch: Sequence[str] = (), backend: str = "numpy") -> Any:
        """Return the Jacobian as a NumPy function of the symbols, by name or in the order of `arguments`.

        >>> import numpy as np
        >>> J = jacobian("A*x", "A", given="A: M x N, x: N").lambdify()
        >>> J(A=np.ones((2, 3)), x=[1, 2, 3])
        array([[1., 0., 2., 0., 3., 0.],
               [0., 1., 0., 2., 0., 3.]])

        Vectors are (N,) or (N, 1) arrays. `form` is "dense"; "tensor", J[i, j, k, l]; "jvp", "vjp", "operator", "sparse" or
        "structured". `order="F"` suits many samples; `batch` names arguments with a leading axis of points. `.source` needs
        NumPy alone; `.bind` and `.empty` serve loops. Raises ShapeError, naming the symbol, where shapes do not fit.
        """
        self._check_one_matrix()
        return compile_record(self.record, self.arguments, self.layout, form, order, batch, backend)

    def export(self, path: str | PathLike[str]) -> Path:
        """Write `jacobian`, the NumPy function, as a module that imports NumPy alone; return its path.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     jacobian("A*x", "A", given="A: M x N, x: N").export(f"{folder}/made.py").name
        'made.py'
        """
        return export(path, {"jacobian": self})

    def check(self, points: int = 2, seed: int = 0) -> Report:
        """Check this derivation by every means there is; the report is true where nothing was refuted.

        >>> bool(jacobian("A.T*A", "A", given="A: M x N").check())
        True
        """
        for name, value in (("points", points), ("seed", seed)):
            if isinstance(value, bool) or not isinstance(value, int) or value < (name == "points"):
                raise DomainError(f"{name}={value!r}: it is a whole number, {'1 or more' if name == 'points' else '0 or more'}")
        report = check_record(self.record, points, seed)
        return report.together(self.first.check(points, seed)) if self.first else report

    # On paper

    def section(self, method: str = "differentials", detail: str = "short") -> Section:
        """Return this derivation as a section of a page."""
        if _known(method) == COMPONENTS:
            told = tuple(map(Math, self._by_components()))
            section = record_section(self.record, detail, self.layout, told=told)
        else:
            results = [self._arranged(i)[0] for i in range(len(self.variables))]
            section = record_section(self.record, detail, self.layout, results)
        if self.first is None:
            return section
        gradient = self.first.section(method, detail)
        between = prose("The Hessian is the Jacobian of this gradient, ", *section.title.parts, ":")
        return Section(prose("The Hessian of ", *gradient.title.parts), (*gradient.blocks, between, *section.blocks))

    def latex(self, method: str = "differentials", detail: str = "short") -> str:
        r"""Return the derivation in LaTeX, to stand within \[ and \]: by differentials, or by components as lecture notes do.

        >>> print(jacobian("A*x", "x", given="A: M x N, x: N").latex(detail="full"))
        \begin{aligned}
        \mathrm{d}f &= A\,\mathrm{d}x &\quad& \text{\footnotesize product} \\
        \frac{\partial f}{\partial x^{\mathsf{T}}} &= A &\quad& \text{\footnotesize read off what multiplies d$x$}
        \end{aligned}
        """
        if _known(method) == COMPONENTS:
            rows = " \\\\[1ex]\n".join(self._by_components())
            return f"\\begin{{gathered}}\n{rows}\n\\end{{gathered}}"
        results = [self._arranged(i)[0] for i in range(len(self.variables))]
        return derivation_latex(self.record, detail, self.layout, results)

    def text(self, detail: str = "short") -> str:
        """Return the derivation as text for a terminal."""
        return text_section(self.section(detail=detail))

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Derivation: {self.record.name} by {', '.join(self.variables)}, {self.layout.words}>"

    def _by_components(self) -> list[str]:
        blocks = components_latex(self.record.expression, self.record.variables, self.layout, self.record.name)
        example = self.example()
        if example is None:
            return blocks
        sizes, matrix = example
        at = ",\\ ".join(f"{symbol_latex(name)} = {size}" for name, size in sizes.items())
        drawing = drawn(matrix)
        if not at or not isinstance(drawing, Math):
            return blocks
        return [*blocks, rf"\text{{for }} {at}\text{{:}} \quad {drawing.latex}"]

    # Inside

    def _only(self) -> int:
        if len(self.variables) != 1:
            raise DomainError(
                f"there is a block for each of {', '.join(self.variables)}: name one, as in d[{self.variables[0]!r}]"
            )
        return 0

    @property
    def has_many_shapes(self) -> bool:
        """Whether these are gradients by several variables, each in the shape of its own."""
        return len(self.variables) > 1 and self.layout.orientation == "denominator" and self.record.expression.is_scalar

    def _check_one_matrix(self) -> None:
        if self.has_many_shapes:
            raise DomainError(f"gradients by {', '.join(self.variables)} have a shape each: take blocks, or one as d['…']")

    def _arranged(self, index: int) -> tuple[Node, tuple[Step, ...]]:
        return arranged(self.record, index, self.layout)


def _known(method: str) -> str:
    if method not in (DIFFERENTIALS, COMPONENTS):
        raise DomainError(f"method={method!r}: the methods are {DIFFERENTIALS}, {COMPONENTS}")
    return method


@overload
def jacobian(
    f: list[Any] | tuple[Any, ...], wrt: Any, given: str | None = None, layout: Layout | None = None
) -> ExplicitDerivation: ...


@overload
def jacobian(f: Expression, wrt: Any, given: str | None = None, layout: Layout | None = None) -> Derivation: ...


def jacobian(
    f: Expression,
    wrt: Any,
    given: str | None = None,
    layout: Layout | None = None,
) -> Derivation | ExplicitDerivation:
    """Derive the Jacobian of a matrix expression, for all sizes.

    >>> jacobian("A*x + b", "x", given="A: M x N, x: N, b: M").matrix
    A

    `f` is a text over the names that `given` declares, or a SymPy expression; `wrt` is a name or a symbol, or a list of
    them for one block each. Without a layout: ∂vec F / ∂(vec X)ᵀ, both column-first. A list or an explicit SymPy matrix of
    scalar functions gives an explicit Jacobian. Raises ParseError and ShapeError for what cannot be read or does not
    fit, UnsupportedError, naming the operation, for what is out of reach. Source: Magnus & Neudecker, *Matrix
    Differential Calculus*, chapter 5.
    """
    if _is_explicit(f):
        _check_scalars(given)
        return explicit_jacobian(f, wrt, checked_layout(layout))
    asked = _read(f, wrt, given)
    record = derive(asked.expression, asked.variables)
    return Derivation(record, checked_layout(layout), asked.originals, _size_names=asked.sizes)


def _check_scalars(given: str | None) -> None:
    """Functions given one by one are functions of scalars: a matrix among the declarations is a misunderstanding."""
    for symbol in read_declarations(given).values() if given else ():
        if not symbol.is_scalar:
            raise DomainError(f"{symbol.name} is declared as {shape_text(symbol.shape)}: a list holds functions of scalars")


def _is_explicit(f: Expression) -> bool:
    """Whether a function is given entry by entry: a list, or a SymPy matrix of scalar expressions."""
    return isinstance(f, list | tuple | sympy.MatrixBase)


def gradient(f: Expression, wrt: Any, given: str | None = None) -> Derivation:
    """Derive the gradient of a scalar expression, in the shape of the variable.

    >>> gradient("x.T*A*x", "x", given="A: N x N, x: N").matrix
    (A + A.T)*x

    It is the derivative in denominator layout; with several variables there is one block each. Raises ShapeError where the
    expression is no scalar, else as `jacobian`. Source: Magnus & Neudecker, chapter 9.
    """
    asked = _read(f, wrt, given)
    _check_scalar(asked.expression, "gradient")
    record = derive(asked.expression, asked.variables)
    return Derivation(record, Layout(orientation="denominator"), asked.originals, _size_names=asked.sizes)


def hessian(f: Expression, wrt: Any, given: str | None = None, layout: Layout | None = None) -> Derivation:
    """Derive the Hessian of a scalar expression: the Jacobian of its gradient.

    >>> hessian("norm(A*x)**2", "x", given="A: M x N, x: N").matrix
    2*A.T*A

    For a matrix variable it is ∂vec(∇f) / ∂(vec X)ᵀ; `first` is the derivation of the gradient. Raises ShapeError where the
    expression is no scalar. Source: Magnus & Neudecker, chapter 6.
    """
    asked = _read(f, wrt, given)
    _check_scalar(asked.expression, "Hessian")
    if len(asked.variables) != 1:
        raise UnsupportedError("a Hessian is taken by one variable: stack several in one vector")
    first, second = derive_twice(asked.expression, asked.variables[0])
    gradient_of = Derivation(first, Layout(orientation="denominator"), asked.originals)
    return Derivation(second, checked_layout(layout), asked.originals, gradient_of, asked.sizes)


def _check_scalar(expression: Node, what: str) -> None:
    if not expression.is_scalar:
        raise ShapeError(f"only a scalar has a {what} here; this expression is {shape_text(expression.shape)}")


class _Asked(NamedTuple):
    """What is asked: nodes, the SymPy objects they came from by name, and the declared size names, used or not."""

    expression: Node
    variables: list[Symbol]
    originals: Mapping[str, Any]
    sizes: frozenset[str]


def _read(f: Expression, wrt: Any, given: str | None) -> _Asked:
    """Read the expression, the variables and the declarations, each once."""
    wanted = list(wrt) if isinstance(wrt, Sequence) and not isinstance(wrt, str) else [wrt]
    declared = read_declarations(given) if given is not None else {}
    sizes = frozenset(size_names(declared.values()))
    if isinstance(f, str):
        if given is None:
            raise SymjacError(f'a text needs declarations: jacobian({f[:40]!r}, {str(wrt)[:20]!r}, given="A: M x N, …")')
        return _Asked(read_text(f, declared), [_variable(w, declared) for w in wanted], {}, sizes)
    known: dict[str, Any] = {}
    for part in (f, *wanted):
        for name, original in originals(part).items() if not isinstance(part, str | Node) else ():
            if known.setdefault(name, original) != original and original in wanted:
                raise DomainError(f"{name} in the expression and {name} as the variable are different SymPy symbols")
    expression = f if isinstance(f, Node) else from_sympy(f)
    found = {node.name: node for node in symbols([expression])}
    return _Asked(expression, [_variable(w, {**found, **declared}) for w in wanted], known, sizes)


def _variable(wrt: Any, declared: Mapping[str, Symbol]) -> Symbol:
    """Return the symbol to differentiate by, given as a name, a SymPy symbol or a node."""
    if isinstance(wrt, str):
        if wrt not in declared:
            raise DomainError(
                f"{wrt!r} is no declared symbol{suggestion(wrt, list(declared))}; there are {', '.join(declared) or 'none'}"
            )
        return declared[wrt]
    node = wrt if isinstance(wrt, Node) else from_sympy(wrt)
    if not isinstance(node, Symbol):
        raise DomainError(f"{wrt} is not a symbol: differentiate by a declared name, and name a part with let to look inside")
    known = declared.get(node.name)
    if known is not None and known.shape != node.shape:
        raise ShapeError(
            f"{node.name} is {shape_text(known.shape)} in the expression and {shape_text(node.shape)} as the variable"
        )
    return known or node
