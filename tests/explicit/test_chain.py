"""The chain rule as a matrix product."""

import numpy as np
import pytest
import sympy as sp

from symjac.errors import DomainError, ShapeError, UnsupportedError
from symjac.explicit import chain_rule
from symjac.write.terminal import text_section

x1, x2, x3, u1, u2 = sp.symbols("x1 x2 x3 u1 u2")
X, U = [x1, x2, x3], [u1, u2]
INNER = [u1 * u2, u1 + u2, sp.sin(u1)]


@pytest.mark.parametrize(
    "outer",
    [
        x1 * x2 + x3,
        sp.exp(x1) / (1 + x2**2) - x3,
        sp.sin(x1) ** 2 + sp.cos(x1) ** 2 + x2,
        [x1 * x2, x2 * x3, sp.tanh(x1)],
        sp.sqrt(x1**2 + x2**2),
    ],
    ids=str,
)
def test_both_sides_agree(outer):
    found = chain_rule(outer, INNER, X, U)
    assert found.proved
    assert found.product == found.substituted * found.inner.matrix
    assert (found.product - found.direct.matrix).applyfunc(sp.simplify).is_zero_matrix
    point = {u1: 0.7, u2: -0.4}
    outside = {x: h.subs(point) for x, h in zip(X, INNER, strict=True)}
    product = found.outer.at(outside) * found.inner.at(point)
    np.testing.assert_allclose(np.array(product.tolist(), dtype=float), np.array(found.direct.at(point).tolist(), dtype=float))


def test_the_shapes_of_the_lecture():
    found = chain_rule(x1 * x2 + x3, INNER, X, U)
    assert found.shapes == ((1, 2), (1, 3), (3, 2))
    assert "1 × 2 = 1 × 3 · 3 × 2" in text_section(found.section())
    assert r"1 \times 2 = 1 \times 3 \cdot 3 \times 2" in found.latex()


def test_one_variable_through_text():
    found = chain_rule("x**2", "sin(u)", "x", "u")
    u = sp.Symbol("u")
    assert found.product == sp.Matrix([[2 * sp.sin(u) * sp.cos(u)]])
    assert found.proved


def test_several_variables_are_inserted_at_once():
    a, b = sp.symbols("a b")
    found = chain_rule([x1, x2], [b, a], [x1, x2], [a, b])
    assert found.product == sp.Matrix([[0, 1], [1, 0]])


@pytest.mark.parametrize(
    ("outer", "inner", "xs", "us", "error", "message"),
    [
        (x1, [u1, u2], X, U, ShapeError, "need as many inner functions, not 2"),
        (x1, [x1, u1], [x1, x2], U, DomainError, "x1 is an outer variable"),
        (x1 * u1, [u1, u2], [x1, x2], U, DomainError, "depends on u1 directly"),
        (x1, [u1], [x1], [x1], DomainError, "x1 is an outer variable"),
        (sp.Function("g")(x1), [u1], [x1], [u1], UnsupportedError, "g"),
    ],
)
def test_what_is_refused(outer, inner, xs, us, error, message):
    with pytest.raises(error, match=message):
        chain_rule(outer, inner, xs, us)
