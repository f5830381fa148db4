"""Function words, bars, powers and transposes by shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from symjac.meaning.products import inner, is_one, transposed, vector_of_ones
from symjac.meaning.typed import Candidate, NotConforming, Side, Typed, Typer, mapped, refused, unary
from symjac.meaning.unify import is_known, multiply
from symjac.nodes.functions import EXP, FUNCTIONS, LOG, SIGMOID, Function
from symjac.nodes.node import Elementwise
from symjac.nodes.sizes import ONE
from symjac.read.latex.tree import (
    Apply,
    Bars,
    Differential,
    Group,
    Infix,
    Name,
    Number,
    Over,
    Plus,
    Power,
    Product,
    Rule,
    Transposed,
    Tree,
)
from symjac.write.names import GREEK

Made: TypeAlias = Candidate | list[Candidate] | None

ENTRYWISE: dict[str, Function] = {**FUNCTIONS, "sigma": SIGMOID, "ln": LOG}
"""The functions of every entry; σ is the sigmoid unless the world says otherwise."""

MATRIX_FUNCTIONS = ("exp", "log", "sin", "cos")
"""Functions that mean something else of a square matrix, too."""

HALF = Fraction(1, 2)


def apply(typer: Typer, tree: Apply) -> list[Candidate]:
    """Type a function of its arguments."""
    name = tree.function
    if isinstance(rule := typer.world.definitions.get(name), Rule):
        return typer.rule(tree, rule)
    function = typer.world.functions.get(name) or ENTRYWISE.get(name)
    if function is not None:
        found = _entrywise(typer, tree, function)
    elif _is_supposed(typer, tree) and typer.world.supposed is not None:
        function = typer.world.supposed
        said = {"name": GREEK.get(name, name) + "′" * tree.primes, "function": function.name + "′" * tree.primes}
        found = [c._replace(side=c.side.taking("supposed-function", **said)) for c in _entrywise(typer, tree, function)]
    elif name in _SEVERAL:
        found = _several(typer, tree)
    elif name in _WORDS:
        if tree.primes:
            raise refused(tree, f"a derivative of {name} is not written with a prime")
        found = _word(typer, tree)
    else:
        raise refused(tree, f"{name} is a function that is not declared here: say which one it is")
    if not tree.bracketed and _is_compound(tree.arguments[0]):
        first = _of_first_scalars(typer, tree) if function is not None else []
        if first:
            return first
        found = [candidate._replace(side=candidate.side.taking("unbracketed", name=name)) for candidate in found]
    return found if tree.power is None else _to_the(typer, tree, found)


def _of_first_scalars(typer: Typer, tree: Apply) -> list[Candidate]:
    r"""Type \log J A, with a scalar J and a matrix A, as (log J) A."""
    (whole,) = tree.arguments
    if not isinstance(whole, Product):
        return []
    count = 0
    while count < len(whole.factors) and all(c.typed.is_scalar for c in typer.of(whole.factors[count])):
        count += 1
    if count in (0, len(whole.factors)):
        return []
    inside = whole.factors[0] if count == 1 else Product(whole.factors[:count], whole.joins[: count - 1], span=whole.span)
    value = replace(tree, arguments=(inside,), bracketed=True)
    rest = Product((value, *whole.factors[count:]), whole.joins[count - 1 :], span=whole.span)
    return [c._replace(side=c.side.taking("unbracketed-scalars", name=tree.function)) for c in typer.of(rest)]


def _is_supposed(typer: Typer, tree: Apply) -> bool:
    """Whether a letter stands for the one function of every entry there is; f(x) may be all of what is differentiated."""
    letter = tree.function not in _WORDS and tree.function not in _SEVERAL
    return letter and (tree.primes > 0 or not isinstance(tree.arguments[0], Name))


def _is_compound(tree: Tree) -> bool:
    return isinstance(tree, Product | Infix) or (isinstance(tree, Group) and tree.bracket == "" and _is_compound(tree.inner))


def _argument(typer: Typer, tree: Apply, count: int = 1) -> list[Candidate]:
    if len(tree.arguments) != count:
        raise refused(tree, f"{tree.function} takes {'one argument' if count == 1 else f'{count} arguments'}")
    return typer.of(tree.arguments[0])


def _entrywise(typer: Typer, tree: Apply, function: Function) -> list[Candidate]:
    name = function.name
    for _ in range(tree.primes):
        function = function.derivative

    def change(typed: Typed, side: Side) -> Candidate:
        if name in MATRIX_FUNCTIONS and not tree.primes and not typed.is_scalar and typed.rows == typed.cols:
            side = side.taking("entrywise-function", name=name)
        return Candidate(unary("function", typed, typed.rows, typed.cols, function, entrywise=True), side)

    return mapped(_argument(typer, tree), change)


def _to_the(typer: Typer, tree: Apply, found: list[Candidate]) -> list[Candidate]:
    r"""Type \tanh^2(Z), \log^2 x."""
    assert tree.power is not None
    value = _number(tree.power)
    if value is None or value < 0:
        raise refused(tree.power, f"{tree.function} to this power is not read: it may be an inverse function or a quotient")
    raised = int(value) if value.denominator == 1 else value
    return [c._replace(typed=_entries_to(c.typed, raised)) for c in found]


def _entries_to(typed: Typed, value: Fraction | int) -> Typed:
    return unary("entrypower", typed, typed.rows, typed.cols, Fraction(value), entrywise=True)


def _number(tree: Tree) -> Fraction | None:
    """Return the rational number that a formula of numbers is."""
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Group):
        return _number(tree.inner)
    if isinstance(tree, Plus):
        parts = [_number(term) for term in tree.terms]
        known = [sign * part for sign, part in zip(tree.signs, parts, strict=True) if part is not None]
        return sum(known, Fraction(0)) if len(known) == len(parts) else None
    if isinstance(tree, Over):
        top, bottom = _number(tree.numerator), _number(tree.denominator)
        return top / bottom if top is not None and bottom else None
    return None


# Function words


def _word(typer: Typer, tree: Apply) -> list[Candidate]:
    make = _WORDS[tree.function]
    candidates = _argument(typer, tree)
    found = mapped(candidates, make)
    if not found:
        text = f"{tree.function} does not take a matrix of {candidates[0].shape_text}"
        if tree.function in _OF_VECTORS:
            raise refused(tree, f"{text}; write it row by row")
        raise NotConforming(tree.span, text)
    return found


def _on_square(head: str) -> Callable[[Typed, Side], Made]:
    """Return how a head over a square matrix is typed that makes a scalar."""

    def change(typed: Typed, side: Side) -> Made:
        square = side.unify(typed.rows, typed.cols)
        if square is None:
            return None
        return Candidate(typed if typed.is_scalar else unary(head, typed, ONE, ONE), square)

    return change


def _inverse(typed: Typed, side: Side) -> Made:
    square = side.unify(typed.rows, typed.cols)
    return None if square is None else Candidate(unary("power", typed, typed.rows, typed.cols, -1), square)


def _vec(typed: Typed, side: Side) -> Made:
    return Candidate(unary("vec", typed, multiply(typed.rows, typed.cols), ONE), side)


def _diag(typed: Typed, side: Side) -> Made:
    if typed.is_scalar:
        return Candidate(typed, side)
    if ONE in (typed.rows, typed.cols):
        size = typed.rows if typed.cols is ONE else typed.cols
        return Candidate(unary("diag", typed, size, size), side)
    square = side.unify(typed.rows, typed.cols)
    if square is None:
        return None
    column = unary("diagonal", typed, typed.rows, ONE)
    matrix = unary("diag", column, typed.rows, typed.rows)
    return [Candidate(column, square), Candidate(matrix, square.taking("diagonal-matrix"))]


def _softmax(typed: Typed, side: Side) -> Made:
    vector = typed.rows is ONE or typed.cols is ONE
    return Candidate(unary("softmax", typed, typed.rows, typed.cols), side) if vector else None


def _logsumexp(typed: Typed, side: Side) -> Made:
    return Candidate(unary("logsumexp", typed, ONE, ONE), side) if ONE in (typed.rows, typed.cols) else None


def _sqrt(typed: Typed, side: Side) -> Made:
    if not typed.is_scalar and typed.rows == typed.cols:
        side = side.taking("entrywise-function", name="√")
    return Candidate(_entries_to(typed, HALF), side)


def _absolute(typed: Typed, side: Side) -> Made:
    return Candidate(_entries_to(_entries_to(typed, 2), HALF), side)


def _norm(typed: Typed, side: Side) -> Made:
    return _bars(typed, side, double=True, mark="")


_WORDS: dict[str, Callable[[Typed, Side], Made]] = {
    "tr": _on_square("trace"),
    "trace": _on_square("trace"),
    "det": _on_square("det"),
    "inv": _inverse,
    "vec": _vec,
    "diag": _diag,
    "softmax": _softmax,
    "logsumexp": _logsumexp,
    "sqrt": _sqrt,
    "abs": _absolute,
    "norm": _norm,
}


_OF_VECTORS = ("softmax", "logsumexp")


def _cross_entropy(left: Typed, right: Typed) -> Typed:
    """CE(y, p) = −Σ yᵢ log pᵢ."""
    logs = unary("function", right, right.rows, right.cols, LOG, entrywise=True)
    whole = inner(left, logs)
    return Typed("sum", ONE, ONE, (whole,), (-1,), whole.indexed)


_SEVERAL = {"CE": _cross_entropy, "kron": None}


def _several(typer: Typer, tree: Apply) -> list[Candidate]:
    if len(tree.arguments) != 2:
        raise refused(tree, f"{tree.function} takes 2 arguments")
    if tree.function == "kron":
        return typer.of(Infix("otimes", *tree.arguments, span=tree.span))
    found = []
    for left in typer.of(tree.arguments[0]):
        for right in typer.of(tree.arguments[1]):
            side = left.side.join(right.side)
            side = side.unify(left.typed.rows, right.typed.rows) if side is not None else None
            if side is not None and left.typed.cols is ONE is right.typed.cols:
                found.append(Candidate(_cross_entropy(left.typed, right.typed), side))
    if not found:
        raise NotConforming(tree.span, f"{tree.function} takes two columns of one size")
    return found


# Bars


def bars(typer: Typer, tree: Bars) -> list[Candidate]:
    """Type |X| and ‖X‖: absolute value, norm or determinant, by shape."""
    if tree.mark not in ("", "2", "F"):
        raise refused(tree, f"the norm with the subscript {tree.mark} is not read; the 2-norm and the Frobenius norm are")
    candidates = typer.of(tree.inner)
    found = mapped(candidates, lambda typed, side: _bars(typed, side, tree.double or bool(tree.mark), tree.mark))
    if not found:
        raise NotConforming(tree.span, f"a matrix of {candidates[0].shape_text} has no determinant")
    return found


def _bars(typed: Typed, side: Side, double: bool, mark: str) -> Made:
    if typed.is_scalar:
        return _absolute(typed, side)
    norm = unary("norm", typed, ONE, ONE)
    if ONE in (typed.rows, typed.cols):
        return Candidate(norm, side if double else side.taking("norm-bars"))
    if double:
        return Candidate(norm, side if mark == "F" else side.taking("spectral" if mark == "2" else "frobenius"))
    if is_known(typed.rows) and is_known(typed.cols) and typed.rows != typed.cols:
        return Candidate(norm, side.taking("bars-frobenius"))
    return _on_square("det")(typed, side)


# Powers and transposes


def power(typer: Typer, tree: Power) -> list[Candidate]:
    """Type a power by what is raised: scalar, square matrix, or every entry."""
    value = _number(tree.exponent)
    if value is None:
        return _symbolic(typer, tree)
    if abs(value) > 1000 or value.denominator > 1000:
        raise refused(tree.exponent, "exponents are at most 1000")
    base = typer.of(tree.base)
    bracketed = isinstance(tree.base, Group) and tree.base.bracket != "{"
    found = mapped(base, lambda typed, side: list(_raised(typed, side, value, tree.entrywise, bracketed)))
    if not found:
        text = f"a matrix of {base[0].shape_text} has no power {value}"
        if all(candidate.typed.rows == candidate.typed.cols for candidate in base):
            raise refused(tree, f"{text} that is read here")
        raise NotConforming(tree.span, text)
    return found


def _raised(typed: Typed, side: Side, value: Fraction, entrywise: bool, bracketed: bool) -> Iterator[Candidate]:
    if typed.is_scalar:
        yield Candidate(_entries_to(typed, value)._replace(entrywise=typed.entrywise), side)
        return
    if entrywise:
        yield Candidate(_entries_to(typed, value), side)
        return
    square = side.unify(typed.rows, typed.cols)
    if square is not None and ONE not in (typed.rows, typed.cols):
        yield from _square_raised(typed, square, value, bracketed)
    elif typed.entrywise:
        yield Candidate(_entries_to(typed, value), side.taking("entrywise-power"))
    elif value > 0 and ONE in (typed.rows, typed.cols):
        liberty = "entrywise-power-vector" if typed.head == "sum" else "entrywise-power-name"
        yield Candidate(_entries_to(typed, value), side.taking(liberty))
    if typed.is_column and value == 2 and not _is_function(typed):
        yield Candidate(inner(typed, typed), side.taking("squared-norm" if typed.head == "sum" else "squared-norm-name"))


def _is_function(typed: Typed) -> bool:
    return typed.head == "function" or (typed.head == "node" and isinstance(typed.data, Elementwise))


def _square_raised(typed: Typed, side: Side, value: Fraction, bracketed: bool) -> Iterator[Candidate]:
    """Raise a square matrix; σ(Z)² is meant entry by entry, (1 − σ(Z))² may be, (σ(Z))² is rather the matrix power."""
    function = _is_function(typed) and value > 0
    doubtful = typed.entrywise and (typed.head == "sum" or function)
    if value.denominator == 1 and (bracketed or not function):
        raised = unary("power", typed, typed.rows, typed.cols, int(value))
        yield Candidate(raised, side.taking("matrix-power") if doubtful else side)
    if value > 0 and doubtful:
        rather = "entrywise-power-bracket" if function and bracketed else "entrywise-power"
        yield Candidate(_entries_to(typed, value), side.taking(rather))


def _symbolic(typer: Typer, tree: Power) -> list[Candidate]:
    """Type c^p for scalars as exp(p log c)."""
    found: list[Candidate] = []
    exponents = typer.of(tree.exponent)
    bases = typer.of(tree.base)
    for base in bases:
        for exponent in exponents:
            side = base.side.join(exponent.side)
            if side is None or not base.typed.is_scalar or not exponent.typed.is_scalar:
                continue
            log = unary("function", base.typed, ONE, ONE, LOG)
            args = (exponent.typed, log)
            times = Typed("product", ONE, ONE, args, None, base.typed.indexed or exponent.typed.indexed)
            raised = unary("function", times, ONE, ONE, EXP)
            found.append(Candidate(raised, side.taking("symbolic-power")))
    if not found:
        raise refused(
            tree, f"a power with a symbol in its exponent is read of scalars only, not of a matrix of {bases[0].shape_text}"
        )
    return found


def transpose(typer: Typer, tree: Transposed) -> list[Candidate]:
    """Type a transpose; {AB}^T is read as (AB)ᵀ."""
    braces = isinstance(tree.base, Group) and tree.base.bracket == "{" and isinstance(tree.base.inner, Product)

    def change(typed: Typed, side: Side) -> Candidate:
        turned = typed if typed.is_scalar else typed.args[0] if typed.head == "transpose" else transposed(typed)
        return Candidate(turned, side.taking("braces") if braces else side)

    inside = tree.base.inner if isinstance(tree.base, Group) else tree.base
    if isinstance(inside, Transposed) and isinstance(inside.base, Apply) and inside.base.function == "vec":
        turned = tuple(Transposed(Group(arg, span=arg.span), inside.mark, span=inside.span) for arg in inside.base.arguments)
        found = mapped(typer.of(replace(inside.base, arguments=turned)), change)
        return [candidate._replace(side=candidate.side.taking("vec-of-transpose")) for candidate in found]
    base = vector_of_ones(typer, tree.base) if is_one(tree.base) else typer.of(tree.base)
    return mapped(base, change)


def differential(typer: Typer, tree: Differential) -> list[Candidate]:
    """Type dX."""
    return mapped(
        typer.of(tree.inner), lambda typed, side: Candidate(unary("differential", typed, typed.rows, typed.cols), side)
    )
