"""The other cases of the rules: each holds at random points, and a rule keeps out of what is not its own."""

from __future__ import annotations

import pytest

from symjac.nodes.build import (
    add,
    commutation,
    diag,
    differential,
    elementwise,
    hadamard,
    hadamard_power,
    inverse,
    khatri_rao,
    kron,
    let,
    matrix_power,
    ones,
    power,
    product,
    softmax,
    subtract,
    symbol,
    trace,
    transpose,
    vec,
)
from symjac.nodes.functions import COS, EXP, LOG, RELU, SIGMOID, SIN, SOFTPLUS, TANH
from symjac.nodes.node import Node
from symjac.rules import RULES
from symjac.rules.examples import A, B, C, M, N, P, Q, S, T, X, Y, a, b, c, x, y
from tests.rules.test_rules import holds

d = differential
r = symbol("r", 1, N)
e = symbol("e", N, 1, ["positive"])
H = symbol("H", N, N, ["symmetric"])

FIRES = [
    # d of rows, of scalars, of functions with familiar derivatives
    ("softmax", softmax(r)),
    ("logsumexp", RULES["logsumexp"].example),
    ("log_softmax", elementwise(LOG, softmax(r))),
    ("log_softmax", elementwise(LOG, let("s", softmax(x)))),
    ("log_sigmoid", elementwise(LOG, elementwise(SIGMOID, x))),
    ("log_sigmoid", elementwise(LOG, elementwise(SIGMOID, c))),
    *(("elementwise", elementwise(function, x)) for function in (EXP, COS, SIN, SOFTPLUS, SIGMOID, RELU, TANH.derivative)),
    ("elementwise", elementwise(LOG, e)),
    ("elementwise", elementwise(TANH, c)),
    ("hadamard_power", hadamard_power(x, -2)),
    ("matrix_power", matrix_power(X, -3)),
    ("scalar_power", power(product(transpose(x), b), -2)),
    ("product", product(c, power(trace(X), -1), A)),
    ("kronecker", kron(A, B, S)),
    ("hadamard", hadamard(A, C, A)),
    # moving d to the right
    ("linearity", trace(add(d(X), d(S)))),
    ("linearity", kron(A, add(d(X), d(S)))),
    ("scalar_transposed", product(transpose(d(x)), S, b)),
    ("scalar_transposed", product(a, transpose(d(x)), b)),
    ("transpose_inward", transpose(kron(A, d(B)))),
    ("transpose_inward", transpose(hadamard(A, d(C)))),
    ("diag_swap", product(A, diag(d(x)), S, b)),
    ("kronecker_columns", kron(d(x), a)),
    ("kronecker_columns", kron(a, d(x), b)),
    ("trace_by_vec", trace(product(X, d(S), T))),
    ("trace_by_vec", trace(d(S))),
    ("trace_by_vec", trace(product(X, d(x), transpose(b)))),
    ("trace_by_vec", trace(product(b, transpose(d(x)), X))),
    ("vec_product", product(A, d(S), b)),
    ("vec_kronecker", vec(kron(d(A), Y))),
    ("vec_kronecker", vec(kron(A, d(S), B))),
    ("vec_khatri_rao", vec(khatri_rao(d(A), S))),
    ("vec_scaled", vec(product(trace(d(X)), A))),
    # scalars stay in the trace
    ("trace_cyclic", trace(product(b, transpose(d(x)), X))),
    ("trace_cyclic", trace(product(X, d(x), transpose(b)))),
    ("trace_transpose", trace(transpose(d(X)))),
    ("trace_hadamard", trace(hadamard(X, d(S)))),
    ("trace_diag", trace(diag(d(x)))),
    ("trace_kronecker", trace(product(kron(S, X), kron(T, d(X))))),
    ("trace_kronecker", trace(product(ones(M * P, N * Q), kron(transpose(A), d(transpose(Y)))))),
    ("trace_kronecker", trace(product(transpose(kron(A, Y)), kron(C, d(Y))))),
    ("scalar_kronecker", product(ones(1, M * P), kron(A, d(Y)), ones(N * Q))),
    ("scalar_kronecker", product(transpose(kron(a, y)), kron(A, d(C)), kron(b, x))),
    ("scalar_vec", product(ones(1, M * N), vec(d(A)))),
    ("scalar_vec", product(transpose(kron(b, a)), vec(d(A)))),
    # tidying
    ("transpose_product", transpose(kron(A, B))),
    ("transpose_product", transpose(product(A, H))),
    ("transpose_sum", add(A, transpose(add(transpose(C), product(transpose(S), transpose(C)))))),
    ("transpose_hadamard", hadamard(transpose(X), H)),
    ("inverse_cancels", product(S, inverse(S), X)),
    ("inverse_cancels", product(transpose(inverse(S)), transpose(S), X)),
    ("inverse_cancels", product(A, X, inverse(X))),
    ("inverse_absorbs", product(inverse(product(X, S)), X)),
    ("inverse_absorbs", product(transpose(S), transpose(inverse(product(S, X))))),
    ("inverse_absorbs", product(transpose(inverse(product(S, X, T))), transpose(T))),
    ("powers_meet", product(X, inverse(matrix_power(X, 2)))),
    ("powers_meet", product(transpose(matrix_power(X, 2)), transpose(X))),
    ("powers_meet", product(inverse(X), inverse(X))),
    ("mixed_product", product(kron(a, B), transpose(B))),
    ("mixed_product", product(kron(B, a), transpose(B))),
    ("mixed_product", product(A, kron(transpose(x), S))),
    ("mixed_product", product(A, kron(S, transpose(x)))),
    ("commutation_moves", product(commutation(M, N), commutation(N, M))),
    ("commutation_moves", product(commutation(M, N), vec(A))),
    ("commutation_moves", product(commutation(M, N), kron(b, a))),
    ("commutation_moves", product(commutation(M, N), khatri_rao(X, A))),
    ("commutation_moves", product(transpose(khatri_rao(X, A)), commutation(N, M))),
    ("commutation_moves", product(transpose(vec(A)), commutation(N, M))),
    ("commutation_moves", product(commutation(M, N), ones(M * N))),
    ("commutation_moves", product(ones(1, M * N), commutation(M, N))),
    ("kronecker_vec", product(transpose(vec(A)), kron(S, product(a, transpose(y))))),
    ("kronecker_khatri_rao", product(transpose(khatri_rao(A, X)), kron(product(a, transpose(y)), S))),
    ("diag_product", product(transpose(x), diag(b), S)),
    ("diag_product", product(A, diag(x), b)),
    ("khatri_rao_row", khatri_rao(A, transpose(b))),
    ("hadamard_diagonal", hadamard(diag(x), X, S)),
    ("hadamard_outer", hadamard(product(A, x, transpose(b)), product(y, transpose(x)))),
    ("hadamard_powers", hadamard(A, hadamard_power(A, -1))),
    ("softmax_sums_to_one", product(ones(1, N), softmax(x))),
    ("collect", add(product(A, S), product(A, T))),
    ("collect", subtract(product(-1, A, S), product(A, T))),
    ("collect", add(product(c, A), product(power(c, 2), C))),
    ("collect", add(product(power(c, -1), A), product(power(c, -2), C))),
    ("collect", add(kron(A, A), product(commutation(M, M), kron(A, A)))),
    ("collect", add(product(A, S), product(A, T), C)),
]

KEEPS_OUT = [
    ("squared_norm", power(c, 2)),
    ("log_determinant", elementwise(LOG, c)),
    ("log_softmax", elementwise(TANH, softmax(x))),
    ("log_softmax", elementwise(LOG, x)),
    ("log_sigmoid", elementwise(LOG, elementwise(TANH, x))),
    ("scalar_power", product(A, x)),
    ("hadamard_columns", hadamard(A, d(C))),
    ("kronecker_columns", kron(A, d(x))),
    ("diag_swap", product(diag(d(x)), S)),
    ("vec_product", product(transpose(x), d(b))),
    ("vec_transpose", vec(d(A))),
    ("vec_hadamard", vec(d(A))),
    ("vec_diag", vec(d(A))),
    ("vec_kronecker", vec(d(A))),
    ("vec_khatri_rao", vec(d(A))),
    ("vec_scaled", vec(product(A, d(S)))),
    ("trace_scaled", trace(product(S, d(X)))),
    ("trace_cyclic", trace(d(X))),
    ("trace_cyclic", trace(product(S, d(X)))),
    ("trace_transpose", trace(product(S, d(X)))),
    ("trace_kronecker", trace(kron(d(A), transpose(C)))),
    ("scalar_is_trace", product(transpose(x), d(b))),
    ("transpose_product", transpose(A)),
    ("transpose_product", transpose(subtract(x, product(S, b)))),
    ("transpose_hadamard", hadamard(transpose(X), S)),
    ("inverse_cancels", product(inverse(S), X)),
    ("inverse_absorbs", product(inverse(S), S)),
    ("inverse_absorbs", product(X, inverse(product(X, S)))),
    ("inverse_absorbs", product(A, inverse(product(transpose(A), A)))),
    ("powers_meet", product(X, S)),
    ("mixed_product", product(A, B)),
    ("commutation_moves", product(commutation(M, N), commutation(M, N))),
    ("commutation_moves", product(commutation(M, N), kron(a, b))),
    ("hadamard_outer", hadamard(product(a, transpose(b)), A)),
    ("hadamard_powers", hadamard(A, C)),
    ("softmax_sums_to_one", product(transpose(x), softmax(x))),
    ("collect", add(A, C)),
    ("collect", subtract(inverse(S), product(inverse(S), x, transpose(x), inverse(S)))),
]


@pytest.mark.parametrize(("rule", "node"), FIRES, ids=lambda part: part if isinstance(part, str) else "")
def test_a_case_holds(rule: str, node: Node) -> None:
    assert type(node) in RULES[rule].heads
    assert all(holds(RULES[rule], node, seed) for seed in range(2))


@pytest.mark.parametrize(("rule", "node"), KEEPS_OUT, ids=lambda part: part if isinstance(part, str) else "")
def test_a_rule_keeps_out(rule: str, node: Node) -> None:
    assert type(node) in RULES[rule].heads
    assert RULES[rule].apply(node) is None
