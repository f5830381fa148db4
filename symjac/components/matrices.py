"""Inverses and determinants of forms whose first indices are rows and whose last are columns.

Numbers and scalars go to the front, (AB)⁻¹ = B⁻¹A⁻¹ and det(AB) = det(A) det(B) for square factors, Kronecker
products and diagonal matrices fall apart; what is left is one opaque tensor.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import sympy

from symjac.components.algebra import constant, contract, power
from symjac.components.form import Form, Scope, Term, permute
from symjac.components.labelling import Factor
from symjac.components.simplify import UNIT, Open
from symjac.components.tensor import Delta, DeterminantOf, InverseOf, Shared, SizePower, Tensor
from symjac.errors import DomainError
from symjac.nodes.sizes import ONE, Size, times


class Block(NamedTuple):
    """A factor A of A ⊗ B ⊗ …: a form and where its rows and columns stand in the whole."""

    form: Form
    rows: tuple[int, ...]
    cols: tuple[int, ...]


def inverse(form: Form, rows: int) -> Form:
    """Return the inverse of a square form; its indices are the columns, then the rows."""
    if form.is_zero:
        raise DomainError("the zero matrix has no inverse")
    scalar, rest = pull_scalars(form)
    scope = Scope()
    indices = scope.fresh(*form.sizes)
    pieces = []
    for block in blocks(rest, rows):
        pieces.append((_block_inverse(block), [indices[k] for k in (*block.cols, *block.rows)]))
    pieces.append((power(scalar, Fraction(-1)), []))
    return contract(scope, pieces, [*indices[rows:], *indices[:rows]])


def _block_inverse(block: Block) -> Form:
    form, rows = block.form, len(block.rows)
    diagonal = diagonal_of(form, rows)
    if diagonal is not None:
        return diagonal_matrix(power(diagonal, Fraction(-1)))
    chain = square_chain(form, rows)
    if chain is not None and len(chain) > 1:
        return product_of([_opaque_inverse(factor, 1) for factor in reversed(chain)])
    return _opaque_inverse(form, rows)


def _opaque_inverse(form: Form, rows: int) -> Form:
    single = _single_tensor(form)
    if single is not None and isinstance(single[0], InverseOf) and len(form.sizes) == 2:
        assert single[0].body is not None
        return permute(single[0].body, single[1])
    body, order = _untransposed(form, rows)
    cols = body.sizes[order[1] :]
    tensor = InverseOf((*cols, *body.sizes[: order[1]]), (order[1],), body)
    scope = Scope()
    indices = scope.fresh(*tensor.sizes)
    half = len(cols)
    free = indices if not order[0] else (*indices[half:], *indices[:half])
    return scope.close([Open(UNIT, [Factor(tensor, indices, UNIT)], ())], free)


def _untransposed(form: Form, rows: int) -> tuple[Form, tuple[bool, int]]:
    """Return the form or its transpose, whichever comes first, whether it was turned, and its number of row indices."""
    count = len(form.sizes)
    turned = permute(form, [*range(rows, count), *range(rows)])
    single = _single_tensor(form)
    if single is not None and len(form.sizes) == 2:
        return (form, (False, 1)) if single[1] == (0, 1) else (turned, (True, 1))
    return (form, (False, rows)) if form.digest <= turned.digest else (turned, (True, count - rows))


def _single_tensor(form: Form) -> tuple[Tensor, tuple[int, ...]] | None:
    if len(form.terms) != 1 or form.terms[0].coefficient != 1 or len(form.terms[0].factors) != 1:
        return None
    ((tensor, indices, exponent),) = form.terms[0].factors
    return (tensor, indices) if exponent == 1 and sorted(indices) == list(range(len(form.sizes))) else None


def determinant(form: Form, rows: int) -> Form:
    """Return the determinant of a square form."""
    if form.is_zero:
        return form if not form.sizes else Form((), ())
    total = times(ONE, *form.sizes[:rows])
    scalar, rest = pull_scalars(form)
    pieces = [(size_power(scalar, total), ())]
    for block in blocks(rest, rows):
        size = times(ONE, *(form.sizes[k] for k in block.rows))
        pieces.append((size_power(_block_determinant(block), quotient(total, size) or ONE), ()))
    return contract(Scope(), pieces, ())


def _block_determinant(block: Block) -> Form:
    form, rows = block.form, len(block.rows)
    diagonal = diagonal_of(form, rows)
    if diagonal is not None and diagonal.constant == 1:
        return constant(1)
    chain = square_chain(form, rows) or [form]
    pieces = []
    for factor in chain:
        single = _single_tensor(factor)
        if single is not None and isinstance(single[0], InverseOf):
            assert single[0].body is not None
            pieces.append((power(determinant(single[0].body, single[0].data[0]), Fraction(-1)), ()))
            continue
        body, (_, count) = _untransposed(factor, rows)
        scope = Scope()
        opened = Open(UNIT, [Factor(DeterminantOf((), (count,), body), (), UNIT)], ())
        pieces.append((scope.close([opened], ()), ()))
    return contract(Scope(), pieces, ())


def size_power(form: Form, exponent: Size) -> Form:
    """Return a scalar form to the power of a size, monomial by monomial: c^{2n+1} is (c^n)² c."""
    scope = Scope()
    pieces = []
    for monomial, times_ in exponent.as_coefficients_dict().items():
        count = Fraction(int(times_))
        raised = form if monomial is sympy.S.One else _monomial_power(form, monomial)
        pieces.append((power(raised, count), ()))
    return contract(scope, pieces, ())


def _monomial_power(form: Form, monomial: Size) -> Form:
    if form.constant == 1:
        return form
    if len(form.terms) == 1 and not form.terms[0].bound:
        coefficient, factors, _ = form.terms[0]
        numbers = [(sympy.Integer(-1), 1)] if coefficient < 0 else []
        for value, sign in ((abs(coefficient.numerator), 1), (coefficient.denominator, -1)):
            numbers += [(prime, sign * times_) for prime, times_ in sympy.factorint(value).items()]
        raised = [Factor(SizePower((), (monomial,), constant(int(p))), (), Fraction(int(e))) for p, e in numbers if p != 1]
        for tensor, _, exponent in factors:
            body = Scope().close([Open(UNIT, [Factor(tensor, (), UNIT)], ())], ())
            raised.append(Factor(SizePower((), (monomial,), body), (), exponent))
        return Scope().close([Open(UNIT, raised, ())], ())
    body = Scope().close([Open(UNIT, [Factor(Shared((), (), form), (), UNIT)], ())], ())
    return _monomial_power(body, monomial)


def quotient(whole: Size, part: Size) -> Size | None:
    """Return whole / part where it is a size, None where it is not."""
    if whole == part:
        return ONE
    if part is ONE:
        return whole
    result = sympy.cancel(whole / part)
    if result.is_Integer:
        return result if result.is_positive else None
    if result.is_Rational or not result.is_polynomial(*result.free_symbols):
        return None
    result = sympy.expand(result)
    return result if all(c.is_Integer for c in result.as_coefficients_dict().values()) else None


# What a form is made of


def pull_scalars(form: Form) -> tuple[Form, Form]:
    """Split off the numbers and indexless factors that all terms have in common."""
    lead = form.terms[0].coefficient
    if len(form.terms) > 1 and any(not factor.indices for factor in form.terms[0].factors):
        common = [f for f in form.terms[0].factors if not f.indices and all(f in term.factors for term in form.terms[1:])]
    else:
        common = [f for f in form.terms[0].factors if not f.indices] if len(form.terms) == 1 else []
    scope = Scope()
    terms = tuple([Term(c / lead, tuple([f for f in fs if f not in common]), b) for c, fs, b in form.terms])
    return scope.close([Open(lead, list(common), ())], ()), Form(form.sizes, terms)


def blocks(form: Form, rows: int) -> list[Block]:
    """Split a form into the square factors of a Kronecker product, as far as it is one."""
    whole = [Block(form, tuple(range(rows)), tuple(range(rows, len(form.sizes))))]
    if len(form.terms) != 1 or len(form.sizes) <= 2:
        return whole
    _, factors, bound = form.terms[0]
    rank = len(form.sizes)
    groups: list[tuple[set[int], list[Factor]]] = [({i}, []) for i in range(rank + len(bound))]
    for factor in factors:
        touched = [group for group in groups if group[0] & set(factor.indices)]
        indices = set().union(*(group[0] for group in touched))
        inner = [f for group in touched for f in group[1]] + [factor]
        groups = [group for group in groups if group not in touched] + [(indices, inner)]
    found = []
    for indices, inner in sorted(groups, key=lambda group: min(group[0])):
        row = tuple(sorted(i for i in indices if i < rows))
        col = tuple(sorted(i for i in indices if rows <= i < rank))
        if not row or times(ONE, *(form.sizes[i] for i in row)) != times(ONE, *(form.sizes[i] for i in col)):
            return whole
        scope = Scope()
        names = scope.fresh(*form.sizes, *bound)
        summed = tuple([names[i] for i in sorted(indices) if i >= rank])
        opened = Open(UNIT, [Factor(t, tuple([names[i] for i in inds]), e) for t, inds, e in inner], summed)
        found.append(Block(scope.close([opened], [names[i] for i in (*row, *col)]), row, col))
    return found


def diagonal_of(form: Form, rows: int) -> Form | None:
    """Return the diagonal of a form whose every term says δ_ij, None for other forms."""
    if rows != 1 or len(form.sizes) != 2:
        return None
    if not all(any(isinstance(f.tensor, Delta) for f in term.factors) for term in form.terms):
        return None
    scope = Scope()
    (index,) = scope.fresh(form.sizes[0])
    return scope.close(scope.open(form, (index, index)), (index,))


def diagonal_matrix(form: Form) -> Form:
    """Return the diagonal matrix of a form: indices twice, tied by deltas."""
    scope = Scope()
    rows = scope.fresh(*form.sizes)
    cols = scope.fresh(*form.sizes)
    ties = [Factor(Delta((s, s)), (i, j), UNIT) for s, i, j in zip(form.sizes, rows, cols, strict=True)]
    return scope.close((Open(c, [*fs, *ties], b) for c, fs, b in scope.open(form, rows)), [*rows, *cols])


def square_chain(form: Form, rows: int) -> list[Form] | None:
    """Return the factors of a product of square matrices of one size, in order; None for other forms."""
    if rows != 1 or len(form.sizes) != 2 or len(form.terms) != 1:
        return None
    _, factors, bound = form.terms[0]
    if len(factors) != len(bound) + 1 or any(size != form.sizes[0] for size in bound):
        return None
    chain: list[Form] = []
    remaining, index = list(factors), 0
    while remaining:
        meeting = [factor for factor in remaining if index in factor.indices]
        if len(meeting) != 1 or len(meeting[0].indices) != 2 or meeting[0].exponent != 1:
            return None
        tensor, (first, second), _ = meeting[0]
        if first == second:
            return None
        remaining.remove(meeting[0])
        order = (0, 1) if first == index else (1, 0)
        scope = Scope()
        names = scope.fresh(*tensor.sizes)
        chain.append(scope.close([Open(UNIT, [Factor(tensor, names, UNIT)], ())], [names[k] for k in order]))
        index = second if first == index else first
    return chain if index == 1 else None


def product_of(factors: Sequence[Form]) -> Form:
    """Return the matrix product of square factors."""
    scope = Scope()
    size = factors[0].sizes[0]
    indices = scope.fresh(*[size] * (len(factors) + 1))
    pieces = [(factor, indices[k : k + 2]) for k, factor in enumerate(factors)]
    return contract(scope, pieces, (indices[0], indices[-1]), indices[1:-1])
