"""How nodes are made: every constructor checks shapes and keeps one normal form.

What is normalised here is what no reader counts as a step: numbers move to the front, scalars into the
bag, brackets of sums and products flatten, identities and zeros vanish, transposes cancel. Everything else
is a rule with a name, and lives in `symjac.rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import isqrt

from symjac.errors import DomainError, ShapeError
from symjac.nodes.functions import EXP, Function
from symjac.nodes.node import (
    Basis,
    Commutation,
    Determinant,
    Diag,
    Diagonal,
    Differential,
    Dimension,
    Elementwise,
    Hadamard,
    HadamardPower,
    Identity,
    Inverse,
    KhatriRao,
    Kronecker,
    Let,
    LogSumExp,
    MatrixPower,
    Node,
    Norm,
    Ones,
    Product,
    Softmax,
    Sum,
    Symbol,
    Trace,
    Transpose,
    Vec,
    Zero,
)
from symjac.nodes.sizes import ONE, Shape, Size, shape_text, size, times

FACTS = ("symmetric", "posdef", "invertible", "diagonal", "positive")
"""What a declaration may say about a symbol."""

Number = int | Fraction


# Leaves


def symbol(name: str, rows: int | Size = 1, cols: int | Size = 1, facts: Sequence[str] = ()) -> Symbol:
    """Return a scalar, vector or matrix symbol."""
    shape = (size(rows), size(cols))
    known = set(facts)
    if known - set(FACTS):
        raise DomainError(f"{name}: unknown fact {sorted(known - set(FACTS))[0]!r}; the facts are {', '.join(FACTS)}")
    if known & {"symmetric", "posdef", "invertible", "diagonal"} and shape[0] != shape[1]:
        raise ShapeError(f"{name} is {shape_text(shape)}; only a square matrix can be {', '.join(sorted(known))}")
    if known & {"posdef", "diagonal"}:
        known.add("symmetric")
    if "posdef" in known:
        known.add("invertible")
    node = Symbol(shape, (name, tuple(sorted(known))))
    assert isinstance(node, Symbol)
    return node


def let(name: str, value: Node) -> Node:
    """Return `value` under a name, which printing, checking and compiled code use."""
    return Let(value.shape, (name,), (value,))


def number(value: Number) -> Node:
    """Return a rational number as a 1×1 node."""
    return Product((ONE, ONE), (Fraction(value), ())) if value else Zero((ONE, ONE))


def dimension(value: int | Size) -> Node:
    """Return a size as a number."""
    value = size(value)
    return number(int(value)) if value.is_Integer else Dimension((ONE, ONE), (value,))


def identity(n: int | Size) -> Node:
    n = size(n)
    return number(1) if n is ONE else Identity((n, n))


def zero(rows: int | Size, cols: int | Size) -> Node:
    return Zero((size(rows), size(cols)))


def ones(rows: int | Size, cols: int | Size = 1) -> Node:
    shape = (size(rows), size(cols))
    return number(1) if shape == (ONE, ONE) else Ones(shape)


def basis(n: int | Size, index: int) -> Node:
    """Return the column e_index of the n×n identity, counted from 0."""
    n = size(n)
    if index < 0 or (n.is_Integer and index >= int(n)):
        raise ShapeError(f"there is no entry {index} in a vector of {n} entries (counted from 0)")
    return number(1) if n is ONE else Basis((n, ONE), (index,))


def commutation(m: int | Size, n: int | Size) -> Node:
    """Return K(m, n), which maps vec(A) to vec(Aᵀ) for A of m×n."""
    m, n = size(m), size(n)
    total = times(m, n)
    return identity(total) if ONE in (m, n) else Commutation((total, total), (m, n))


def differential(node: Node) -> Node:
    return Differential(node.shape, (), (node,))


# Sums and products


def add(*terms: Node) -> Node:
    """Return a sum: flat, like terms merged, zeros dropped."""
    shape = terms[0].shape
    coefficients: dict[Node, Fraction] = {}
    pending: list[tuple[Node, Fraction]] = [(term, Fraction(1)) for term in reversed(terms)]
    while pending:
        term, factor = pending.pop()
        if term.shape != shape:
            raise ShapeError(_sum_message(terms[0], term))
        if isinstance(term, Zero):
            continue
        if isinstance(term, Product):
            factor *= term.coefficient
            term = unit(term)
        if isinstance(term, Sum):
            pending.extend((arg, factor) for arg in reversed(term.args))
            continue
        coefficients[term] = coefficients.get(term, Fraction(0)) + factor
    kept = [product(c, term) for term, c in coefficients.items() if c]
    if not kept:
        return Zero(shape)
    return kept[0] if len(kept) == 1 else Sum(shape, (), tuple(kept))


def _sum_message(first: Node, second: Node) -> str:
    hint = ""
    if first.is_scalar != second.is_scalar:
        m, n = (second if first.is_scalar else first).shape
        hint = f"; to add a number to every entry, multiply it by ones({m}, {n}), to every diagonal entry, by eye"
    return f"cannot add {shape_text(first.shape)} and {shape_text(second.shape)}{hint}"


def coefficient(node: Node) -> Fraction:
    """Return the number in front of a node."""
    return node.coefficient if isinstance(node, Product) else Fraction(1)


def unit(node: Node) -> Node:
    """Return a node without the number in front of it."""
    if not isinstance(node, Product) or node.coefficient == 1:
        return node
    return _product(Fraction(1), dict(node.bag), list(node.chain))


def product(*args: Node | Number) -> Node:
    """Return a product: numbers in front, 1×1 factors in the bag, the rest a chain that fits."""
    coef = Fraction(1)
    bag: dict[Node, Fraction] = {}
    chain: list[Node] = []
    vanishes = False
    for arg in args:
        if not isinstance(arg, Node):
            coef *= arg
        elif isinstance(arg, Zero):
            vanishes = True
            if not arg.is_scalar:
                chain.append(arg)
        elif arg.is_scalar and arg.has_differential and chain and chain[-1].cols is ONE:
            # v ds, as written: here d stands where it can be read off.
            coef *= _append_scalar(arg, bag, chain)
        elif isinstance(arg, Product):
            coef *= arg.coefficient
            for base, exponent in arg.bag:
                _put(bag, base, exponent)
            if arg.is_scalar and arg.chain:
                _put(bag, _product(Fraction(1), {}, list(arg.chain)), Fraction(1))
            else:
                chain.extend(arg.chain)
        elif arg.is_scalar:
            _put(bag, arg, Fraction(1))
        else:
            chain.append(arg)
    if vanishes or coef == 0:
        shape = _chain_shape(chain)
        return Zero(shape)
    return _product(coef, bag, chain)


def _append_scalar(scalar: Node, bag: dict[Node, Fraction], chain: list[Node]) -> Fraction:
    """Put a scalar that holds d at the end of a chain of matrices, what stands still of it into the bag."""
    if not isinstance(scalar, Product):
        chain.append(scalar)
        return Fraction(1)
    number_in_front = scalar.coefficient
    for base, exponent in scalar.bag:
        if base.has_differential and exponent == 1:
            number_in_front *= _append_scalar(base, bag, chain)
        else:
            _put(bag, base, exponent)
    chain.extend(scalar.chain)
    return number_in_front


def _put(bag: dict[Node, Fraction], base: Node, exponent: Fraction) -> None:
    total = bag.get(base, Fraction(0)) + exponent
    if total:
        bag[base] = total
    else:
        bag.pop(base, None)


def _chain_shape(chain: Sequence[Node]) -> Shape:
    if not chain:
        return (ONE, ONE)
    for left, right in zip(chain, chain[1:], strict=False):
        if left.cols != right.rows:
            raise ShapeError(f"cannot multiply {shape_text(left.shape)} by {shape_text(right.shape)}")
    return (chain[0].rows, chain[-1].cols)


def _product(coef: Fraction, bag: dict[Node, Fraction], chain: list[Node]) -> Node:
    shape = _chain_shape(chain)
    chain = _without_identities(chain)
    if len(chain) > 1 or bag:
        chain = _pull_scalars(coef, bag, chain)
    # Integer powers of numbers left in the bag belong to the coefficient.
    for base in [b for b, e in bag.items() if isinstance(b, Product) and not b.args and e.denominator == 1]:
        coef *= base.data[0] ** int(bag.pop(base))
    if not chain:
        inner = [b for b, e in bag.items() if e == 1 and isinstance(b, Product) and b.chain]
        inner = [b for b in inner if b.has_differential] or inner
        if len(inner) == 1:
            del bag[inner[0]]
            for base, exponent in inner[0].bag:
                _put(bag, base, exponent)
            chain = list(inner[0].chain)
    if coef == 1 and not bag and len(chain) == 1:
        return chain[0]
    if coef == 1 and not chain and len(bag) == 1:
        ((base, exponent),) = bag.items()
        if exponent == 1:
            return base
    bases = sorted(bag, key=lambda base: base.digest)
    return Product(shape, (coef, tuple(bag[base] for base in bases)), (*bases, *chain))


def _without_identities(chain: list[Node]) -> list[Node]:
    kept = [node for node in chain if not isinstance(node, Identity)]
    merged: list[Node] = []
    for node in kept:
        if isinstance(node, Ones) and merged and isinstance(merged[-1], Ones) and node.rows is ONE is merged[-1].cols:
            merged[-1] = ones(merged[-1].rows, node.cols)
        else:
            merged.append(node)
    return merged or chain[:1]


def _pull_scalars(coef: Fraction, bag: dict[Node, Fraction], chain: list[Node]) -> list[Node]:
    """Move every 1×1 stretch of the chain into the bag, unless it is differential or all there is."""
    stretches: list[list[Node]] = [[]]
    for node in chain:
        if stretches[-1] and stretches[-1][-1].cols is ONE:
            stretches.append([])
        stretches[-1].append(node)
    if len(stretches) == 1 and not bag:
        return chain
    kept: list[Node] = []
    for stretch in stretches:
        closed = bool(stretch) and stretch[0].rows is ONE and stretch[-1].cols is ONE
        if closed and not any(node.has_differential for node in stretch):
            _put(bag, _product(Fraction(1), {}, stretch), Fraction(1))
        else:
            kept.extend(stretch)
    return kept


def subtract(left: Node, right: Node) -> Node:
    return add(left, product(-1, right))


# Powers, functions of scalars


def is_positive(node: Node) -> bool:
    """Whether a scalar is known to be nonnegative, so that powers of it multiply."""
    if isinstance(node, Symbol):
        return "positive" in node.facts
    if isinstance(node, Let):
        return is_positive(node.value)
    if isinstance(node, Elementwise):
        return node.function == EXP
    if isinstance(node, Product):
        return node.coefficient > 0 and not node.chain and all(is_positive(b) or e % 2 == 0 for b, e in node.bag)
    if isinstance(node, Determinant):
        arg = node.args[0]
        return isinstance(arg, Symbol) and "posdef" in arg.facts
    return isinstance(node, Norm | Dimension)


def power(base: Node, exponent: Number) -> Node:
    """Return a scalar to a rational power."""
    exponent = Fraction(exponent)
    if not base.is_scalar:
        raise ShapeError(f"a scalar power of {shape_text(base.shape)}: use hadamard_power, or an integer matrix power")
    if exponent == 0:
        return number(1)
    if exponent == 1:
        return base
    if isinstance(base, Zero):
        if exponent < 0:
            raise DomainError("division by zero")
        return base
    if not isinstance(base, Product):
        return _product(Fraction(1), {base: exponent}, [])
    if exponent.denominator == 1:
        bag = {b: e * exponent for b, e in base.bag}
        if base.chain:
            _put(bag, _product(Fraction(1), {}, list(base.chain)), exponent)
        return _product(base.coefficient ** int(exponent), bag, [])
    if not base.args:
        root = _exact_root(base.coefficient, exponent)
        return number(root) if root is not None else Product((ONE, ONE), (Fraction(1), (exponent,)), (base,))
    if base.coefficient > 0 and base.coefficient != 1:
        return product(power(number(base.coefficient), exponent), power(unit(base), exponent))
    if base.coefficient == 1 and not base.chain and all(is_positive(b) for b, _ in base.bag):
        return _product(Fraction(1), {b: e * exponent for b, e in base.bag}, [])
    return _product(Fraction(1), {base: exponent}, [])


def _exact_root(value: Fraction, exponent: Fraction) -> Fraction | None:
    """Return value**exponent where the exponent is a half and the root is rational."""
    if exponent.denominator != 2 or value < 0:
        return None
    top, bottom = isqrt(value.numerator), isqrt(value.denominator)
    if top * top != value.numerator or bottom * bottom != value.denominator:
        return None
    return Fraction(top, bottom) ** exponent.numerator


def elementwise(function: Function, arg: Node) -> Node:
    """Return a scalar function applied to every entry."""
    return Elementwise(arg.shape, (function,), (arg,))


def hadamard_power(arg: Node, exponent: Number) -> Node:
    """Return the entrywise power."""
    exponent = Fraction(exponent)
    if arg.is_scalar:
        return power(arg, exponent)
    if exponent == 0:
        return ones(*arg.shape)
    if exponent == 1 or isinstance(arg, Ones):
        return arg
    if isinstance(arg, Zero):
        if exponent < 0:
            raise DomainError("division by zero: an entrywise quotient by a zero matrix")
        return arg
    if isinstance(arg, HadamardPower) and exponent.denominator == 1:
        return hadamard_power(arg.args[0], arg.exponent * exponent)
    scalar, matrix = split_scalar(arg)
    if exponent.denominator == 1 and matrix is not arg:
        return product(power(scalar, exponent), hadamard_power(matrix, exponent))
    return HadamardPower(arg.shape, (exponent,), (arg,))


def split_scalar(node: Node) -> tuple[Node, Node]:
    """Split a matrix into the scalar in front and the rest; differential scalars stay."""
    if not isinstance(node, Product) or node.is_scalar:
        return number(1), node
    outer = {b: e for b, e in node.bag if not b.has_differential}
    inner = {b: e for b, e in node.bag if b.has_differential}
    if node.coefficient == 1 and not outer:
        return number(1), node
    return _product(node.coefficient, outer, []), _product(Fraction(1), inner, list(node.chain))


def _linear(make: Callable[[Node], Node]) -> Callable[[Node], Node]:
    """Let the scalar in front pass through a linear constructor."""

    def build(arg: Node) -> Node:
        scalar, matrix = split_scalar(arg)
        return make(arg) if matrix is arg else product(scalar, make(matrix))

    build.__name__, build.__doc__ = make.__name__, make.__doc__
    return build


# Matrix operations


KEEPS_SYMMETRY = (Let, Inverse, MatrixPower, Elementwise, HadamardPower, Hadamard, Sum, Kronecker)
"""What is symmetric where its arguments are."""


def is_symmetric(node: Node) -> bool:
    """Whether a matrix equals its transpose by its form.

    The facts of a symbol do not count here: d(Xᵀ) is (dX)ᵀ, also at a symmetric X. Tidying uses them, after d.
    """
    pending, seen = [node], {node}
    while pending:
        part = pending.pop()
        if not part.is_square:
            return False
        if isinstance(part, KEEPS_SYMMETRY):
            pending.extend(arg for arg in part.args if arg not in seen)
            seen.update(part.args)
        elif not (part.is_scalar or isinstance(part, Identity | Diag | Zero | Ones)):
            return False
    return True


@_linear
def transpose(arg: Node) -> Node:
    """Return Aᵀ; what is symmetric by its form stays as it is."""
    if is_symmetric(arg):
        return arg
    if isinstance(arg, Transpose):
        return arg.args[0]
    if isinstance(arg, Zero | Ones):
        return type(arg)((arg.cols, arg.rows))
    if isinstance(arg, Commutation):
        return commutation(arg.data[1], arg.data[0])
    return Transpose((arg.cols, arg.rows), (), (arg,))


def inverse(arg: Node) -> Node:
    """Return A⁻¹ of a square matrix."""
    if not arg.is_square:
        raise ShapeError(f"only a square matrix has an inverse, not {shape_text(arg.shape)}")
    if arg.is_scalar:
        return power(arg, -1)
    if isinstance(arg, Inverse):
        return arg.args[0]
    if isinstance(arg, Identity):
        return arg
    if isinstance(arg, Zero):
        raise DomainError("the zero matrix has no inverse")
    if isinstance(arg, Commutation):
        return transpose(arg)
    if isinstance(arg, Transpose):
        return transpose(inverse(arg.args[0]))
    if isinstance(arg, MatrixPower):
        return matrix_power(arg.args[0], -arg.exponent)
    scalar, matrix = split_scalar(arg)
    if matrix is not arg:
        return product(power(scalar, -1), inverse(matrix))
    return Inverse(arg.shape, (), (arg,))


def matrix_power(arg: Node, exponent: int) -> Node:
    """Return an integer power of a square matrix."""
    if not arg.is_square:
        raise ShapeError(f"only a square matrix has powers, not {shape_text(arg.shape)}")
    if arg.is_scalar:
        return power(arg, exponent)
    if exponent == 0:
        return identity(arg.rows)
    if exponent == 1 or isinstance(arg, Identity):
        return arg
    if exponent == -1:
        return inverse(arg)
    if isinstance(arg, Zero):
        if exponent < 0:
            raise DomainError("the zero matrix has no inverse")
        return arg
    if isinstance(arg, MatrixPower):
        return matrix_power(arg.args[0], arg.exponent * exponent)
    if isinstance(arg, Inverse):
        return matrix_power(arg.args[0], -exponent)
    if isinstance(arg, Transpose):
        return transpose(matrix_power(arg.args[0], exponent))
    scalar, matrix = split_scalar(arg)
    if matrix is not arg:
        return product(power(scalar, exponent), matrix_power(matrix, exponent))
    return MatrixPower(arg.shape, (exponent,), (arg,))


@_linear
def trace(arg: Node) -> Node:
    """Return the trace of a square matrix."""
    if not arg.is_square:
        raise ShapeError(f"only a square matrix has a trace, not {shape_text(arg.shape)}")
    if arg.is_scalar:
        return arg
    if isinstance(arg, Zero):
        return number(0)
    if isinstance(arg, Identity | Ones):
        return dimension(arg.rows)
    if isinstance(arg, Product) and arg.chain and arg.chain[0].cols is ONE and not arg.has_differential:
        # tr(x yᵀ) is the inner product yᵀx.
        return product(*(base if e == 1 else power(base, e) for base, e in arg.bag), product(*arg.chain[1:], arg.chain[0]))
    return Trace((ONE, ONE), (), (arg,))


def determinant(arg: Node) -> Node:
    """Return the determinant of a square matrix."""
    if not arg.is_square:
        raise ShapeError(f"only a square matrix has a determinant, not {shape_text(arg.shape)}")
    if arg.is_scalar:
        return arg
    if isinstance(arg, Identity):
        return number(1)
    if isinstance(arg, Zero):
        return number(0)
    return Determinant((ONE, ONE), (), (arg,))


def norm(arg: Node) -> Node:
    """Return the Frobenius norm."""
    return number(0) if isinstance(arg, Zero) else Norm((ONE, ONE), (), (arg,))


def sum_entries(arg: Node) -> Node:
    """Return the sum of all entries, 1ᵀA1."""
    return product(ones(1, arg.rows), arg, ones(arg.cols, 1))


def hadamard(*args: Node) -> Node:
    """Return the entrywise product."""
    shape = args[0].shape
    scalars: list[Node] = []
    matrices: list[Node] = []
    for arg in args:
        if arg.shape != shape:
            raise ShapeError(f"the Hadamard product needs one shape, not {shape_text(shape)} and {shape_text(arg.shape)}")
        if isinstance(arg, Zero):
            return arg
        scalar, matrix = split_scalar(arg)
        scalars.append(scalar)
        matrices.extend(matrix.args if isinstance(matrix, Hadamard) else (matrix,))
    if args[0].is_scalar:
        return product(*args)
    kept = [node for node in matrices if not isinstance(node, Ones)] or [matrices[0]]
    return product(*scalars, kept[0] if len(kept) == 1 else Hadamard(shape, (), tuple(kept)))


def kron(*args: Node) -> Node:
    """Return the Kronecker product."""
    scalars: list[Node] = []
    factors: list[Node] = []
    for arg in args:
        scalar, matrix = split_scalar(arg)
        scalars.append(scalar)
        if matrix.is_scalar:
            scalars.append(matrix)
        else:
            factors.extend(matrix.args if isinstance(matrix, Kronecker) else (matrix,))
    shape = (times(*(f.rows for f in factors)), times(*(f.cols for f in factors))) if factors else (ONE, ONE)
    if any(isinstance(node, Zero) for node in (*scalars, *factors)):
        return Zero(shape)
    merged: list[Node] = []
    for factor in factors:
        if merged and isinstance(factor, Identity | Ones) and type(factor) is type(merged[-1]):
            last = merged.pop()
            factor = type(factor)((times(last.rows, factor.rows), times(last.cols, factor.cols)))
        merged.append(factor)
    if not merged:
        return product(*scalars)
    return product(*scalars, merged[0] if len(merged) == 1 else Kronecker(shape, (), tuple(merged)))


def khatri_rao(left: Node, right: Node) -> Node:
    """Return the column-wise Kronecker product."""
    if left.cols != right.cols:
        raise ShapeError(f"A ∗ B needs equal numbers of columns, not {shape_text(left.shape)} and {shape_text(right.shape)}")
    if left.cols is ONE:
        return kron(left, right)
    shape = (times(left.rows, right.rows), left.cols)
    if isinstance(left, Zero) or isinstance(right, Zero):
        return Zero(shape)
    a, left = split_scalar(left)
    b, right = split_scalar(right)
    return product(a, b, KhatriRao(shape, (), (left, right)))


@_linear
def vec(arg: Node) -> Node:
    """Return the columns, stacked; a column is its own vec, a row's is its transpose."""
    if arg.cols is ONE:
        return arg
    if arg.rows is ONE:
        return transpose(arg)
    total = times(*arg.shape)
    if isinstance(arg, Zero | Ones):
        return type(arg)((total, ONE))
    return Vec((total, ONE), (), (arg,))


@_linear
def diag(arg: Node) -> Node:
    """Return the diagonal matrix of a vector."""
    if arg.is_scalar:
        return arg
    if arg.rows is ONE:
        return diag(transpose(arg))
    if arg.cols is not ONE:
        raise ShapeError(f"diag builds a diagonal matrix from a vector, not from {shape_text(arg.shape)}")
    if isinstance(arg, Ones):
        return identity(arg.rows)
    shape = (arg.rows, arg.rows)
    return Zero(shape) if isinstance(arg, Zero) else Diag(shape, (), (arg,))


@_linear
def diagonal(arg: Node) -> Node:
    """Return the diagonal of a square matrix as a column."""
    if not arg.is_square:
        raise ShapeError(f"only a square matrix has a diagonal here, not {shape_text(arg.shape)}")
    if arg.is_scalar:
        return arg
    if isinstance(arg, Diag):
        return arg.args[0]
    if isinstance(arg, Identity | Ones):
        return ones(arg.rows)
    shape = (arg.rows, ONE)
    return Zero(shape) if isinstance(arg, Zero) else Diagonal(shape, (), (arg,))


def softmax(arg: Node) -> Node:
    """Return softmax of a vector."""
    _vector(arg, "softmax")
    return number(1) if arg.is_scalar else Softmax(arg.shape, (), (arg,))


def logsumexp(arg: Node) -> Node:
    """Return log Σ exp of a vector."""
    _vector(arg, "logsumexp")
    return arg if arg.is_scalar else LogSumExp((ONE, ONE), (), (arg,))


def _vector(arg: Node, name: str) -> None:
    if ONE not in arg.shape:
        raise ShapeError(f"{name} takes a vector, not {shape_text(arg.shape)}")


_BUILDERS: dict[type[Node], Callable[..., Node]] = {
    Differential: differential,
    Sum: add,
    Hadamard: hadamard,
    Kronecker: kron,
    KhatriRao: khatri_rao,
    Transpose: transpose,
    Inverse: inverse,
    Trace: trace,
    Determinant: determinant,
    Norm: norm,
    Softmax: softmax,
    LogSumExp: logsumexp,
    Vec: vec,
    Diag: diag,
    Diagonal: diagonal,
}


def rebuild(node: Node, args: Sequence[Node]) -> Node:
    """Return the same operation on other arguments, normalised."""
    if tuple(args) == node.args:
        return node
    if isinstance(node, Product):
        exponents = node.data[1]
        scalars = (power(base, e) for base, e in zip(args, exponents, strict=False))
        return product(node.coefficient, *scalars, *args[len(exponents) :])
    if isinstance(node, Elementwise):
        return elementwise(node.function, args[0])
    if isinstance(node, HadamardPower):
        return hadamard_power(args[0], node.exponent)
    if isinstance(node, MatrixPower):
        return matrix_power(args[0], node.exponent)
    if isinstance(node, Let):
        return let(node.name, args[0])
    return _BUILDERS[type(node)](*args)


def replace(root: Node, mapping: dict[Node, Node]) -> Node:
    """Return `root` with every key of `mapping` replaced, outermost first; named intermediates are not entered."""
    done: dict[Node, Node] = dict(mapping)
    stack = [root]
    while stack:
        node = stack[-1]
        if node in done:
            stack.pop()
            continue
        missing = [] if isinstance(node, Let) else [arg for arg in node.args if arg not in done]
        if missing:
            stack.extend(reversed(missing))
            continue
        done[node] = node if isinstance(node, Let) else rebuild(node, [done[arg] for arg in node.args])
        stack.pop()
    return done[root]
