"""From nodes to forms: every head says once what its entries are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import reduce
from itertools import pairwise

from symjac.components import algebra, matrices
from symjac.components.axes import Matrix, fit_alike, meet, squared, stack
from symjac.components.form import Form, Scope
from symjac.components.labelling import Factor
from symjac.components.simplify import UNIT, Open
from symjac.components.tensor import Entry, Sizes, Unit, delta
from symjac.errors import UnsupportedError
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
    fold,
)
from symjac.nodes.sizes import ONE, Size

HALF = Fraction(1, 2)
MAX_ROUNDS = 4
"""So often terms are split alike before whole axes are compared."""

MAX_CHAIN = 8
"""Matrix powers above this are squared step by step."""


def read(node: Node, plain: Iterable[str] = (), memo: dict[Node, Matrix] | None = None) -> Matrix:
    """Return a node as a form with a row axis and a column axis; the symbols in `plain` lose their facts.

    >>> from symjac.nodes.build import product, symbol, transpose
    >>> A = symbol("A", 3, 2)
    >>> read(product(transpose(A), A)).form
    1 Entry(A, ())[2, 0]^1 Entry(A, ())[2, 1]^1

    `memo` remembers what was read, for further nodes that share parts. Raises UnsupportedError for a head without an
    index form.
    """
    bare = frozenset(plain)

    def combine(node: Node, args: tuple[Matrix, ...]) -> Matrix:
        if isinstance(node, Symbol):
            return _entry(node.name, node, () if node.name in bare else tuple(sorted(node.facts)))
        if type(node) not in _READERS:
            raise UnsupportedError(f"{type(node).__name__} has no index form")
        return _READERS[type(node)](node, args)

    return fold(node, combine, memo)


def axis(size: Size) -> Sizes:
    """Return the sizes of an axis: none for size 1."""
    return () if size is ONE else (size,)


def _entry(name: str, node: Node, facts: tuple[str, ...] = ()) -> Matrix:
    rows = axis(node.rows)
    return Matrix(algebra.atom(Entry((*rows, *axis(node.cols)), (name, facts))), len(rows))


def _differential(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    inner = node.args[0]
    if not isinstance(inner, Symbol | Let):
        raise UnsupportedError(f"d of {inner!r} has no index form before it is differentiated")
    rows, sizes = args[0].rows, args[0].form.sizes
    return Matrix(algebra.atom(Entry(sizes, (f"d·{inner.name}", ()))), rows)


def _let(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    assert isinstance(node, Let)
    return Matrix(algebra.named(node.name, args[0].form), args[0].rows)


# Constants


def _identity(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    return Matrix(algebra.atom(delta(node.rows)), 1)


def _constant(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    rows = axis(node.rows)
    return Matrix(algebra.constant(1 if isinstance(node, Ones) else 0, (*rows, *axis(node.cols))), len(rows))


def _basis(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    return Matrix(algebra.atom(Unit((node.rows,), (node.data[0],))), 1)


def _commutation(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    m, n = node.data
    scope = Scope()
    i, j, q, p = scope.fresh(m, n, n, m)
    factors = [Factor(delta(m), (i, p), UNIT), Factor(delta(n), (j, q), UNIT)]
    return Matrix(scope.close([Open(UNIT, factors, ())], (i, j, q, p)), 2)


# Sums and products


def _sum(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    aligned = _alike(args)
    return Matrix(algebra.add(*(matrix.form for matrix in aligned)), aligned[0].rows)


def _alike(args: tuple[Matrix, ...]) -> list[Matrix]:
    """Return matrices of one shape with their axes split alike."""
    aligned = list(args)
    for _ in range(MAX_ROUNDS):
        for k in range(1, len(aligned)):
            aligned[0], aligned[k] = fit_alike(aligned[0], aligned[k])
        if all(m.row_sizes == aligned[0].row_sizes and m.col_sizes == aligned[0].col_sizes for m in aligned):
            return aligned
    # I of MN × MN and K(M, N) split each other's columns in two ways: whole axes always agree.
    return [stack(stack(matrix, 1), 0) for matrix in args]


def _product(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    assert isinstance(node, Product)
    count = len(node.data[1])
    scalars = [algebra.power(matrix.form, exponent) for matrix, exponent in zip(args, node.data[1], strict=False)]
    scalars.append(algebra.constant(node.coefficient))
    chain = args[count:]
    if all(left.col_sizes == right.row_sizes for left, right in pairwise(chain)):
        return chain_product(chain, scalars)
    matrix = reduce(lambda left, right: chain_product(meet(left, 1, right, 0)), chain)
    return chain_product((matrix,), scalars)


def chain_product(chain: Iterable[Matrix], scalars: Iterable[Form] = ()) -> Matrix:
    """Return scalars times a product of matrices whose axes are split alike."""
    scope = Scope()
    pieces: list[algebra.Piece] = [(form, ()) for form in scalars if form.constant != 1]
    rows: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    bound: list[int] = []
    for position, matrix in enumerate(chain):
        if position == 0:
            rows = left = scope.fresh(*matrix.row_sizes)
        else:
            bound.extend(left)
        right = scope.fresh(*matrix.col_sizes)
        pieces.append((matrix.form, (*left, *right)))
        left = right
    return Matrix(algebra.contract(scope, pieces, (*rows, *left), bound), len(rows))


def _matrix_power(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    assert isinstance(node, MatrixPower)
    base = squared(args[0])
    if node.exponent < 0:
        base = Matrix(matrices.inverse(base.form, base.rows), len(base.col_sizes))
    if not algebra.is_single(base.form):
        base = Matrix(algebra.shared(base.form), base.rows)
    return _raised(base, abs(node.exponent))


def _raised(base: Matrix, exponent: int) -> Matrix:
    """Return a matrix power: a chain for small exponents, squaring beyond."""
    odd: list[Matrix] = []
    while exponent > MAX_CHAIN:
        if exponent % 2:
            odd.append(base)
        base = Matrix(algebra.shared(chain_product((base, base)).form), base.rows)
        exponent //= 2
    return chain_product([*odd, *[base] * exponent])


def _hadamard(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    aligned = _alike(args)
    scope = Scope()
    indices = scope.fresh(*aligned[0].form.sizes)
    return Matrix(algebra.contract(scope, [(m.form, indices) for m in aligned], indices), aligned[0].rows)


def _kronecker(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    scope = Scope()
    rows = [scope.fresh(*matrix.row_sizes) for matrix in args]
    cols = [scope.fresh(*matrix.col_sizes) for matrix in args]
    pieces = [(matrix.form, (*r, *c)) for matrix, r, c in zip(args, rows, cols, strict=True)]
    free = [index for part in (*rows, *cols) for index in part]
    return Matrix(algebra.contract(scope, pieces, free), sum(map(len, rows)))


def _khatri_rao(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    left, right = meet(args[0], 1, args[1], 1)
    scope = Scope()
    above, below = scope.fresh(*left.row_sizes), scope.fresh(*right.row_sizes)
    cols = scope.fresh(*left.col_sizes)
    pieces = [(left.form, (*above, *cols)), (right.form, (*below, *cols))]
    return Matrix(algebra.contract(scope, pieces, (*above, *below, *cols)), len(above) + len(below))


# Rearrangements


def _transpose(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    return args[0].transposed


def _vec(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    turned = args[0].transposed
    return Matrix(turned.form, len(turned.form.sizes))


def _diag(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    return Matrix(matrices.diagonal_matrix(args[0].form), len(args[0].form.sizes))


def _on_diagonal(matrix: Matrix, keep: bool) -> Form:
    """Return a square form with its rows set equal to its columns, and summed unless they are kept."""
    matrix = squared(matrix)
    scope = Scope()
    indices = scope.fresh(*matrix.row_sizes)
    terms = scope.open(matrix.form, (*indices, *indices))
    if keep:
        return scope.close(terms, indices)
    return scope.close((Open(c, factors, (*bound, *indices)) for c, factors, bound in terms), ())


def _trace(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    return Matrix(_on_diagonal(args[0], keep=False), 0)


def _diagonal(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    form = _on_diagonal(args[0], keep=True)
    return Matrix(form, len(form.sizes))


# Functions


def _elementwise(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    assert isinstance(node, Elementwise)
    return Matrix(algebra.apply(node.function, args[0].form), args[0].rows)


def _hadamard_power(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    assert isinstance(node, HadamardPower)
    return Matrix(algebra.power(args[0].form, node.exponent), args[0].rows)


def _norm(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    scope = Scope()
    form = args[0].form
    indices = scope.fresh(*form.sizes)
    squares = algebra.contract(scope, [(form, indices), (form, indices)], (), indices)
    return Matrix(algebra.power(squares, HALF), 0)


def _inverse(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    matrix = squared(args[0])
    return Matrix(matrices.inverse(matrix.form, matrix.rows), len(matrix.col_sizes))


def _determinant(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    matrix = squared(args[0])
    return Matrix(matrices.determinant(matrix.form, matrix.rows), 0)


def _softmax(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    return Matrix(algebra.softmax(args[0].form), args[0].rows)


def _logsumexp(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    return Matrix(algebra.logsumexp(args[0].form), 0)


def _dimension(node: Node, args: tuple[Matrix, ...]) -> Matrix:
    return Matrix(algebra.size_form(node.data[0]), 0)


_READERS: dict[type[Node], Callable[[Node, tuple[Matrix, ...]], Matrix]] = {
    Basis: _basis,
    Commutation: _commutation,
    Determinant: _determinant,
    Diag: _diag,
    Diagonal: _diagonal,
    Differential: _differential,
    Dimension: _dimension,
    Elementwise: _elementwise,
    Hadamard: _hadamard,
    HadamardPower: _hadamard_power,
    Identity: _identity,
    Inverse: _inverse,
    KhatriRao: _khatri_rao,
    Kronecker: _kronecker,
    Let: _let,
    LogSumExp: _logsumexp,
    MatrixPower: _matrix_power,
    Norm: _norm,
    Ones: _constant,
    Product: _product,
    Softmax: _softmax,
    Sum: _sum,
    Trace: _trace,
    Transpose: _transpose,
    Vec: _vec,
    Zero: _constant,
}
