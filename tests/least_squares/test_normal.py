"""The normal equations: derived by the engine, right at random numbers, and refused where they do not hold."""

import numpy as np
import pytest
import sympy

from symjac.errors import DomainError, UnsupportedError
from symjac.evaluate import evaluate
from symjac.least_squares import normal_equations
from symjac.least_squares.normal import affine_parts
from symjac.nodes.build import add, elementwise, let, product, subtract, symbol, transpose, zero
from symjac.nodes.functions import TANH
from symjac.nodes.node import Node
from symjac.write.terminal import text_section
from symjac.write.text import text

SIZES = {"N": 5, "D": 3}


@pytest.fixture
def point():
    rng = np.random.default_rng(3)
    shapes = {"Phi": (5, 3), "y": (5, 1), "theta": (3, 1), "e": (5, 1), "v": (3, 1), "lam": (1, 1)}
    return {name: rng.normal(size=shape) ** (2 if name == "lam" else 1) for name, shape in shapes.items()}


def test_the_textbook_lines():
    found = normal_equations("Phi: N x D")
    told = found.text()
    for line in ("∂L/∂θ = −2(y − Φθ)ᵀΦ", "∂L/∂e = 2eᵀ", "∂e/∂θ = −Φ", "ΦᵀΦθ = Φᵀy", "∂∇L/∂θ = 2ΦᵀΦ", "θ̂ = (ΦᵀΦ)⁻¹Φᵀy"):
        assert line in told
    assert found.condition == "rank Φ = D"


def test_ridge():
    found = normal_equations("Phi: N x D", ridge="lam")
    assert "(ΦᵀΦ + λI_D)θ = Φᵀy" in found.text()
    assert "2λθᵀ − 2(y − Φθ)ᵀΦ" in found.text()
    assert found.condition == "λ > 0"


@pytest.mark.parametrize("ridge", [None, "lam"])
def test_lines_hold_at_a_point(ridge, point):
    found = normal_equations("Phi: N x D", ridge=ridge)
    point["e"] = point["y"] - point["Phi"] @ point["theta"]
    groups: dict[str, list[np.ndarray]] = {}
    for line in found.lines:
        value = evaluate(line.right, point, SIZES)
        if isinstance(line.left, str):
            groups.setdefault(line.left, []).append(value)
        elif isinstance(line.left, Node) and line.left.is_scalar:
            np.testing.assert_allclose(evaluate(line.left, point, SIZES), value, rtol=1e-12)
    assert len(groups["jacobian"]) == len(groups["gradient"]) == 2
    for values in groups.values():
        for value in values:
            np.testing.assert_allclose(value, values[0], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(groups["gradient"][0], groups["jacobian"][0].T, rtol=1e-12)


@pytest.mark.parametrize("ridge", [None, "lam"])
def test_the_solution_is_stationary_and_least(ridge, point):
    found = normal_equations("Phi: N x D", ridge=ridge)
    weight = point["lam"][0, 0] if ridge else 0.0
    best = evaluate(found.lines[-1].right, point, SIZES)
    gradient = next(line.right for line in found.lines if line.left == "gradient")
    np.testing.assert_allclose(evaluate(gradient, {**point, "theta": best}, SIZES), 0, atol=1e-11)

    def loss(theta):
        return np.sum((point["y"] - point["Phi"] @ theta) ** 2) + weight * np.sum(theta**2)

    rng = np.random.default_rng(0)
    assert all(loss(best + rng.normal(size=(3, 1))) > loss(best) for _ in range(20))


def test_sympy_comes_out_and_goes_in():
    N, D = sympy.symbols("N D", integer=True, positive=True)
    X = sympy.MatrixSymbol("X", N, D)
    found = normal_equations(X, y="t", theta="w")
    t = sympy.MatrixSymbol("t", N, 1)
    assert found.solution == sympy.MatMul(sympy.Inverse(X.T * X), X.T, t)
    assert found.solution.shape == (D, 1)


def test_numbers_for_sizes():
    assert normal_equations("X: 9 x 3").condition == "rank X = 3"
    assert "θ̂ = yᵀx/(xᵀx)" in normal_equations("x: 4").text()
    with pytest.raises(DomainError, match=r"at most 3, less than 5"):
        normal_equations("X: 3 x 5")
    assert normal_equations("X: 3 x 5", ridge="lam").solution.shape == (5, 1)


def test_names_are_kept_apart():
    found = normal_equations("L: N x D", y="e", theta="v")
    assert found.record.name not in ("L", "e", "v", "N", "D")
    with pytest.raises(DomainError, match="names two things"):
        normal_equations("y: N x D")
    with pytest.raises(DomainError, match="names two things"):
        normal_equations("X: N x D", theta="N")


def test_affine_parts_refuses_what_is_not_affine():
    x, A = symbol("x", 3), symbol("A", 3, 3)
    slope, constant = affine_parts(subtract(product(A, let("u", add(x, x))), x), x)
    assert text(slope) == "2A − I₃"
    assert constant is zero(3, 1)
    with pytest.raises(UnsupportedError, match="not affine in x"):
        affine_parts(elementwise(TANH, x), x)
    with pytest.raises(UnsupportedError, match="not affine in x"):
        affine_parts(product(x, transpose(x), A, x), x)


def test_latex_is_balanced_and_plain():
    source = normal_equations("Phi: N x D", ridge="lam").latex()
    assert source.count("{") == source.count("}")
    assert source.isascii()
    assert "θ̂ = (ΦᵀΦ)⁻¹Φᵀy" in text_section(normal_equations("Phi: N x D").section())
    assert r"\hat{\theta} &= (\Phi^{\mathsf{T}}\Phi + \lambda I_{D})^{-1}\Phi^{\mathsf{T}}y" in source
