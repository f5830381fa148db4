"""The road of differentials: from an expression to its Jacobians, every step recorded.

dF is written out, vec (for a matrix or vector F) or the trace (for a scalar f) carries d to the right end, what
multiplies it is read off, and tidied. Named intermediates are differentiated one by one and joined by the chain rule, from
the expression back to the variables, so that the work grows with the depth of a network and not with its unfolding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from symjac.errors import DomainError, UnsupportedError
from symjac.naming import name_parts
from symjac.nodes.build import add, differential, identity, let, power, product, replace, trace, transpose, vec, zero
from symjac.nodes.node import (
    Differential,
    Dimension,
    Elementwise,
    Let,
    Node,
    Product,
    Sum,
    Symbol,
    Trace,
    Transpose,
    Vec,
    lets,
    postorder,
    symbols,
)
from symjac.nodes.sizes import ONE, Size, shape_text, times
from symjac.record import DIFFERENTIAL, GRADIENT, JACOBIAN, PART, VEC, Record, Step
from symjac.rewrite import Differentiator, Rewriter, Watcher, check_nesting
from symjac.rules import push, reading
from symjac.rules import trace as trace_rules
from symjac.rules.collect import weight
from symjac.rules.push import scalars
from symjac.rules.rule import DIFFERENTIAL as D_PHASE
from symjac.rules.rule import RULES, Law
from symjac.rules.tidy import turned
from symjac.tidying import Tidier

SCALAR_RULES = (
    push.linearity,
    push.diag_swap,
    trace_rules.scalar_vec,
    trace_rules.scalar_diagonal,
    trace_rules.scalar_kronecker,
    trace_rules.scalar_is_trace,
    push.scalar_transposed,
    push.hadamard_columns,
    push.transpose_inward,
    push.trace_scaled,
    trace_rules.trace_transpose,
    trace_rules.trace_cyclic,
    trace_rules.trace_hadamard,
    trace_rules.trace_diag,
    trace_rules.trace_kronecker,
)

VEC_RULES = (
    push.linearity,
    push.scalar_moves_right,
    push.diag_swap,
    push.hadamard_columns,
    push.kronecker_columns,
    push.transpose_inward,
    push.vec_scaled,
    push.vec_transpose,
    push.vec_hadamard,
    push.vec_kronecker,
    push.vec_diag,
    push.vec_khatri_rao,
    push.scalar_transposed,
    push.diagonal_by_vec,
    push.trace_scaled,
    push.trace_by_vec,
    push.vec_product,
)


class NoMatrixFormError(UnsupportedError):
    """A gradient on its way back is a row, and not the vec of a matrix expression."""


def derive(expression: Node, variables: Sequence[Symbol], name: str | None = None) -> Record:
    """Derive the Jacobian of `expression` with respect to each variable, and record how."""
    _check_variables(variables)
    _check_names(expression, variables)
    chosen = frozenset(variable.name for variable in variables)
    named = name_parts(expression, chosen)
    for part in (named, *(inner.value for inner in lets([named]))):
        check_nesting(part)
    if not named.is_scalar:
        course = _Course(named, tuple(variables), chosen)
        course.matrix()
    else:
        course = _scalar_course(named, tuple(variables), chosen)
    return course.record(name or free_name(named, variables))


def _scalar_course(root: Node, variables: tuple[Symbol, ...], chosen: frozenset[str]) -> _Course:
    """Carry gradients back; where one has no matrix form on its way through a named part, chain Jacobians instead."""
    course = _Course(root, variables, chosen)
    try:
        course.scalar()
    except NoMatrixFormError:
        course = _Course(root, variables, chosen)
        course.matrix()
    return course


def _check_variables(variables: Sequence[Symbol]) -> None:
    names = [variable.name for variable in variables]
    if not names:
        raise DomainError("name at least one variable to differentiate by")
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled:
        raise DomainError(f"{doubled} is named twice among the variables")


def _check_names(expression: Node, variables: Sequence[Symbol]) -> None:
    """Raise DomainError where one name stands for two things: d of the one would miss the other."""
    sizes = {s.name for node in postorder(expression) for size in (*node.shape, *_counted(node)) for s in size.free_symbols}
    for variable in variables:
        if variable.name in sizes:
            raise DomainError(f"{variable.name} is a size, and takes whole numbers only: nothing is differentiated by it")
    known: dict[str, Symbol | Let] = {}
    named: list[Symbol | Let] = [*symbols([expression]), *variables, *lets([expression])]
    for node in named:
        other = known.setdefault(node.name, node)
        if other is not node:
            meanings = f"{_meaning(other)}; {_meaning(node)}"
            raise DomainError(f"{node.name} stands for two things ({meanings}); give them two names")


def _counted(node: Node) -> tuple[Size, ...]:
    return (node.data[0],) if isinstance(node, Dimension) else ()


def _meaning(node: Symbol | Let) -> str:
    kind = "a named intermediate" if isinstance(node, Let) else ", ".join(sorted(node.facts))
    return f"{shape_text(node.shape)} {kind}".strip()


def free_name(expression: Node, variables: Sequence[Symbol], wanted: str = "fghpqr") -> str:
    """Return a name for the expression itself that nothing else bears: f for scalars and vectors, F for matrices."""
    if isinstance(expression, Let):
        return expression.name
    taken: set[str] = set(expression.symbols).union(variable.name for variable in variables)
    taken |= {str(s) for node in postorder(expression) for size in node.shape for s in size.free_symbols}
    letters = wanted if ONE in expression.shape else wanted.upper()
    candidates: list[str] = [*letters, *(f"{letters[0]}{i}" for i in range(1000))]
    return next(name for name in candidates if name not in taken)


@dataclass
class _Course:
    """One derivation under way: the steps so far, and what each intermediate contributes."""

    root: Node
    variables: tuple[Symbol, ...]
    chosen: frozenset[str]
    steps: list[Step] = field(default_factory=list)
    results: dict[Node, Node] = field(default_factory=dict)
    gradients: dict[Node, Node] = field(default_factory=dict)
    introduced: list[Let] = field(default_factory=list)
    _read_from: dict[Node, list[Node]] = field(default_factory=dict)
    """The terms of df that hold d of a variable or an intermediate."""

    def __post_init__(self) -> None:
        table = [rule for rule in RULES.values() if rule.phase == D_PHASE]
        self._d = Differentiator(table, self.chosen)
        self._scalar = Rewriter(SCALAR_RULES, moving=True)
        self._vec = Rewriter(VEC_RULES, moving=True)
        self._tidier = Tidier()
        self._lets = [
            inner for inner in lets([self.root]) if not inner.symbols.isdisjoint(self.chosen) and inner is not self.root
        ]

    # What is watched

    def _watch(self, subject: Node, left: str, variable: Node | None = None) -> Watcher:
        def note(before: Node, after: Node, rule: Law) -> None:
            self.steps.append(Step(subject, left, before, after, rule, variable))

        return note

    def _neat(self, node: Node, subject: Node, left: str, variable: Node) -> Node:
        return self._tidier.run(node, self._watch(subject, left, variable))

    def _quietly_neat(self, node: Node) -> Node:
        return self._tidier.run(node, lambda before, after, rule: None)

    def _differential(self, subject: Node) -> Node:
        """Write d of the subject's value out."""
        value = subject.value if isinstance(subject, Let) else subject
        if isinstance(value, Symbol):
            return differential(value) if value.name in self.chosen else zero(*value.shape)
        watch = self._watch(subject, DIFFERENTIAL)
        if value is subject or isinstance(value, Let):
            return self._d.run(value, watch)
        # What is named keeps its name where it stands in its own derivative: ds = (diag(s) − ssᵀ) dx.
        name = {value: subject}
        return replace(
            self._d.run(value, lambda before, after, rule: watch(replace(before, name), replace(after, name), rule)), name
        )

    # Vectors and matrices

    def matrix(self) -> None:
        """Chain the Jacobians of the intermediates, from the expression back to the variables."""
        outer: dict[Node, Node] = {}
        for subject in (self.root, *reversed(self._lets)):
            if subject is not self.root and subject not in outer:
                continue
            local = self._local_jacobians(subject)
            for leaf, jacobian in local.items():
                through = jacobian if subject is self.root else product(outer[subject], jacobian)
                outer[leaf] = add(outer[leaf], through) if leaf in outer else through
            if subject is not self.root:
                del outer[subject]
            self._name_outer(outer)
        for variable in self.variables:
            raw = outer.get(variable)
            if raw is None:
                self.results[variable] = zero(times(*self.root.shape), times(*variable.shape))
                continue
            if self._lets:
                self._watch(self.root, JACOBIAN, variable)(raw, raw, reading.chain_rule)
                raw = self._neat(raw, self.root, JACOBIAN, variable)
            self.results[variable] = raw

    def _name_outer(self, outer: dict[Node, Node]) -> None:
        """Name the Jacobian by an intermediate that many variables will share."""
        for leaf, jacobian in outer.items():
            shared = len(self.variables) > 1 or isinstance(jacobian, Sum)
            if (
                isinstance(leaf, Let)
                and shared
                and not isinstance(jacobian, Let)
                and weight(jacobian) > 8
                and not self._waits(leaf, outer)
            ):
                named = let(self._fresh(f"J_{leaf.name}"), self._quietly_neat(jacobian))
                assert isinstance(named, Let)
                self.introduced.append(named)
                outer[leaf] = named

    def _waits(self, leaf: Let, outer: dict[Node, Node]) -> bool:
        """Whether another intermediate, still to come, may add to the Jacobian by this one."""
        return any(other is not leaf and isinstance(other, Let) and leaf in self._inner(other) for other in outer)

    def _inner(self, node: Let) -> frozenset[Node]:
        return frozenset(lets(node.args))

    def _local_jacobians(self, subject: Node) -> dict[Node, Node]:
        """Return the Jacobian of one subject by each variable and intermediate that it names itself."""
        line = self._differential(subject)
        left = DIFFERENTIAL
        if subject.cols is not ONE:
            left, line = VEC, vec(line)
        line = self._vec.run(line, self._watch(subject, left))
        found: dict[Node, Node] = {}
        for term in _terms(line):
            leaf, jacobian = read_term(term)
            found[leaf] = add(found[leaf], jacobian) if leaf in found else jacobian
        inner = [leaf for leaf in found if isinstance(leaf, Let)]
        for leaf in (*inner, *(variable for variable in self.variables if variable in found)):
            self._watch(subject, JACOBIAN, leaf)(line, found[leaf], reading.read_jacobian)
            found[leaf] = self._neat(found[leaf], subject, JACOBIAN, leaf)
        return found

    # Scalars

    def scalar(self) -> None:
        """Carry gradients from the expression back to the variables: backpropagation, told in lines."""
        pieces: dict[Node, list[Node]] = {}
        rows: dict[Node, list[Node]] = {}
        for subject in (self.root, *reversed(self._lets)):
            if subject is self.root:
                line, left = self._differential(subject), DIFFERENTIAL
            elif subject in pieces:
                delta = self._named_gradient(subject, pieces.pop(subject))
                line, left = self._through(delta, subject), PART
            else:
                continue
            watch = self._watch(subject, left)
            line = self._by_vec(self._scalar.run(line, watch), watch)
            for term in _terms(line):
                found = read_gradient_term(term)
                leaf, piece = found or read_term(term)
                (pieces if found else rows).setdefault(leaf, []).append(piece)
                self._read_from.setdefault(leaf, []).append(term)
            if any(isinstance(leaf, Let) for leaf in rows):
                raise NoMatrixFormError(f"no gradient in matrix form passes through {next(iter(rows))!r}")
        for variable in self.variables:
            self._finish_scalar(variable, pieces.get(variable, []), rows.get(variable, []))

    def _named_gradient(self, subject: Node, terms: list[Node]) -> Node:
        """Tidy the gradient by an intermediate, and name it δ where it is more than a name and used more than once.

        That of h = σ(z) goes into that of z alone: δ_z = σ′(z) ∘ ∇_h f.
        """
        assert isinstance(subject, Let)
        gradient = self._neat(self._start(add(*terms), subject), self.root, GRADIENT, subject)
        passes_on = isinstance(subject.value, Elementwise) and isinstance(subject.value.args[0], Let)
        if weight(gradient) <= 2 or passes_on:
            return gradient
        delta = let(self._fresh(f"delta_{subject.name}"), gradient)
        assert isinstance(delta, Let)
        self.introduced.append(delta)
        return delta

    def _start(self, gradient: Node, leaf: Node) -> Node:
        self._watch(self.root, GRADIENT, leaf)(gradient, gradient, reading.read_gradient)
        return gradient

    def _through(self, gradient: Node, subject: Node) -> Node:
        inner = self._differential(subject)
        if inner.cols is ONE:
            return product(transpose(gradient), inner)
        return trace(product(transpose(gradient), inner))

    def _by_vec(self, line: Node, watch: Watcher) -> Node:
        """Where a term has no gradient in matrix form, carry its d to the right end by vec."""
        terms = list(_terms(line))
        for i, term in enumerate(terms):
            if read_gradient_term(term) is None:
                terms[i] = self._vec.run(term, _within(terms[:i], terms[i + 1 :], watch))
        return add(*terms) if terms else line

    def _finish_scalar(self, variable: Symbol, pieces: list[Node], rows: list[Node]) -> None:
        watch = self._watch(self.root, JACOBIAN, variable)
        if not pieces and not rows:
            self.results[variable] = zero(1, times(*variable.shape))
            self.gradients[variable] = zero(*variable.shape)
            return
        if rows or variable.cols is ONE:
            raw = add(*(transpose(vec(piece)) if variable.cols is not ONE else turned(piece) for piece in pieces), *rows)
            watch(add(*self._read_from[variable]), raw, reading.read_jacobian)
            self.results[variable] = self._neat(raw, self.root, JACOBIAN, variable)
            if not rows:
                self.gradients[variable] = self._quietly_neat(turned(self.results[variable]))
            return
        raw = add(*pieces)
        self._watch(self.root, GRADIENT, variable)(add(*self._read_from[variable]), raw, reading.read_gradient)
        gradient = self._neat(raw, self.root, GRADIENT, variable)
        self.gradients[variable] = gradient
        self.results[variable] = transpose(vec(gradient))
        watch(gradient, self.results[variable], reading.gradient_row)

    # The end

    def _fresh(self, name: str) -> str:
        taken = {inner.name for inner in self.introduced} | self.root.symbols | self.chosen
        while name in taken:
            name += "_"
        return name

    def record(self, name: str) -> Record:
        results = tuple(self.results[variable] for variable in self.variables)
        gradients = tuple(self.gradients.get(variable) for variable in self.variables)
        definitions = lets([self.root, *results, *(g for g in gradients if g is not None), *self.introduced])
        return Record(name, self.root, self.variables, results, gradients, tuple(self.steps), definitions)


def _within(left: list[Node], right: list[Node], watch: Watcher) -> Watcher:
    """Watch one term of a sum as the whole line."""
    return lambda before, after, rule: watch(add(*left, before, *right), add(*left, after, *right), rule)


def _terms(line: Node) -> tuple[Node, ...]:
    if not line.has_differential:
        return ()
    return line.args if isinstance(line, Sum) else (line,)


def leaf_of(node: Node) -> Node | None:
    """Return the variable or intermediate X where the node is d of a column or scalar X, or vec(dX)."""
    if isinstance(node, Differential) and node.cols is ONE:
        return node.args[0]
    if isinstance(node, Vec | Transpose) and isinstance(node.args[0], Differential):
        inner = node.args[0]
        return inner.args[0] if isinstance(node, Vec) or inner.rows is ONE else None
    return None


def read_term(term: Node) -> tuple[Node, Node]:
    """Split J vec(dX) into X and J; raise UnsupportedError where d does not stand alone on the right."""
    leaf = leaf_of(term)
    if leaf is not None:
        return leaf, identity(term.rows)
    if isinstance(term, Product):
        if (
            term.chain
            and (leaf := leaf_of(term.chain[-1])) is not None
            and not _moves(*term.chain[:-1], *term.args[: len(term.bag)])
        ):
            rest = term.chain[:-1] or (identity(term.chain[-1].rows),)
            return leaf, product(scalars(term), *rest)
        moved = [base for base, exponent in term.bag if base.has_differential and exponent == 1]
        if len(moved) == 1 and (leaf := leaf_of(moved[0])) is not None and not _moves(*term.chain):
            rest_of_bag = (power(base, e) for base, e in term.bag if base is not moved[0])
            return leaf, product(term.coefficient, *rest_of_bag, *term.chain)
    raise UnsupportedError(f"no rule brings d to the right end of {term!r}")


def read_gradient_term(term: Node) -> tuple[Node, Node] | None:
    """Split tr(Gᵀ dX), gᵀ dx or s dc into the variable and G; None where d does not stand like that."""
    scale: Node = product(1)
    body = term
    if isinstance(term, Product):
        if _moves(*term.chain):
            leaf = leaf_of(term.chain[-1])
            if leaf is None or ONE not in leaf.shape or _moves(*term.chain[:-1], *term.args[: len(term.bag)]):
                return None
            column = turned(product(scalars(term), *(term.chain[:-1] or (identity(term.chain[-1].rows),))))
            return leaf, column if leaf.cols is ONE else transpose(column)
        moved = [base for base, exponent in term.bag if base.has_differential and exponent == 1]
        if len(moved) != 1 or sum(base.has_differential for base, _ in term.bag) != 1:
            return None
        body = moved[0]
        scale = product(term.coefficient, *(power(base, e) for base, e in term.bag if base is not body), *term.chain)
    if isinstance(body, Differential):
        return body.args[0], scale
    if not isinstance(body, Trace):
        inner = read_gradient_term(body) if isinstance(body, Product) else None
        return (inner[0], product(scale, inner[1])) if inner else None
    inside = body.args[0]
    if isinstance(inside, Differential):
        return inside.args[0], product(scale, identity(inside.rows))
    if isinstance(inside, Product) and isinstance(inside.chain[-1], Differential) and not _moves(*inside.args[:-1]):
        return inside.chain[-1].args[0], product(scale, turned(product(scalars(inside), *inside.chain[:-1])))
    return None


def _moves(*nodes: Node) -> bool:
    return any(node.has_differential for node in nodes)
