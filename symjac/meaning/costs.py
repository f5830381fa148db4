"""What a reading costs: 0 is standard, 1 is mild, 2 and more is an abuse; every cost is a remark that says what was assumed."""

from __future__ import annotations

from typing import NamedTuple


class Liberty(NamedTuple):
    """A liberty that a reading takes: what it costs, and the sentence that says so."""

    cost: int
    sentence: str


COSTS: dict[str, Liberty] = {
    "dot": Liberty(1, "the dot between two columns is read as their inner product"),
    "dot-entrywise": Liberty(2, "the dot between two matrices of one shape is read entry by entry"),
    "times-entrywise": Liberty(1, "× between matrices of one shape is read as the entrywise (Hadamard) product"),
    "times-matrix": Liberty(2, "× is read as the matrix product"),
    "beside-entrywise": Liberty(2, "two functions of every entry side by side are read as their entrywise product"),
    "star-columns": Liberty(0, "∗ is read as the product column by column, a Kronecker product of columns (Khatri–Rao)"),
    "star-product": Liberty(1, "∗ is read as the matrix product"),
    "star-entrywise": Liberty(1, "∗ between matrices of one shape is read as the entrywise (Hadamard) product"),
    "slash": Liberty(1, "ab/cd is read as (ab)/(cd)"),
    "circle-scalar": Liberty(1, "the entrywise product with a scalar is read as scaling"),
    "outer": Liberty(2, "u ⊗ v of two columns is read as the outer product u vᵀ"),
    "norm-bars": Liberty(1, "single bars around a vector are read as its 2-norm"),
    "frobenius": Liberty(1, "the norm of a matrix is read as the Frobenius norm"),
    "bars-frobenius": Liberty(2, "single bars around a matrix that is not square are read as its Frobenius norm"),
    "spectral": Liberty(2, "‖·‖₂ of a matrix is read as the Frobenius norm, not as the spectral norm"),
    "entrywise-function": Liberty(1, "{name} of a square matrix is read entry by entry, not as a matrix function"),
    "entrywise-power": Liberty(1, "a power of a function of every entry is read entry by entry"),
    "entrywise-power-bracket": Liberty(2, "a power of a function of every entry, in brackets, is read entry by entry"),
    "matrix-power-entrywise": Liberty(1, "a matrix power stands in an entrywise product"),
    "matrix-power": Liberty(1, "a power of a matrix with entrywise parts is read as the matrix power"),
    "entrywise-power-vector": Liberty(3, "a power of a vector is read entry by entry"),
    "entrywise-power-name": Liberty(2, "a power of a vector is read entry by entry"),
    "entrywise-quotient": Liberty(2, "a quotient by a function of every entry is read entry by entry"),
    "squared-norm": Liberty(2, "the square of a column is read as its squared 2-norm"),
    "squared-norm-name": Liberty(4, "the square of a column is read as its squared 2-norm"),
    "number-of-ones": Liberty(1, "{name} beside a matrix is read as that number in every entry"),
    "scalar-of-ones": Liberty(3, "{name} beside a matrix is read as that number in every entry"),
    "number-of-ones-square": Liberty(3, "{name} beside a square matrix is read as that number in every entry"),
    "number-of-identity": Liberty(2, "{name} beside a square matrix is read as that number times the identity"),
    "number-of-identity-entrywise": Liberty(4, "{name} beside an entrywise product is read as that number times the identity"),
    "to-every-column": Liberty(2, "a column added to a matrix is added to every column of it"),
    "to-every-row": Liberty(2, "a vector added to a matrix is added to every row of it"),
    "supposed-function": Liberty(2, "{name} is taken to be {function}, the one entrywise function in what is differentiated"),
    "identity-is-one": Liberty(1, "the identity is read as the number 1, because the other terms are scalars"),
    "plain-ones": Liberty(1, "a plain 1 beside a matrix is read as the column of ones"),
    "ones-matrix": Liberty(1, "a bold 1 is read as a matrix of ones"),
    "zero-matrix": Liberty(1, "0 is read as the zero matrix"),
    "diagonal-matrix": Liberty(1, "diag of a matrix is read as the diagonal matrix with its diagonal"),
    "row-as-column": Liberty(1, "{name} with one index is read as that row of {name}, written as a column"),
    "column-of": Liberty(2, "{name} with one index is read as that column of {name}"),
    "commutation": Liberty(0, "K without sizes is read as K({rows}, {cols})"),
    "commutation-guess": Liberty(1, "K without sizes is read as K({rows}, {cols})"),
    "size-name": Liberty(0, "{name} is read as the size {size}"),
    "upper-limit": Liberty(1, "the upper limit {name} of the sum is taken to be the number of entries, {size}"),
    "symbolic-power": Liberty(0, "a power with a symbol in its exponent is read as exp(p · log c), for a positive base c"),
    "unbracketed": Liberty(1, "{name} without brackets is applied to the whole product behind it"),
    "vec-of-transpose": Liberty(1, "a vec with a transpose behind it that is transposed again is the vec of a transpose"),
    "sum-reaches": Liberty(1, "the sum over {name} is taken to reach over the terms behind it, which have this letter, too"),
    "unbracketed-scalars": Liberty(1, "{name} without brackets is applied to the scalars behind it, not to the matrix"),
    "braces": Liberty(1, "the script behind braces is read as one of the whole product inside"),
    "einstein": Liberty(0, "repeated letters are summed: {names}"),
    "letter-order": Liberty(0, "the letters {names} are taken in this order for the axes of the derivative"),
}  # fmt: skip
"""The table of liberties, by name."""


def sentence(liberty: str, **fields: str) -> str:
    """Return the remark that says which liberty a reading took."""
    return COSTS[liberty].sentence.format(**fields)
