"""Explicit functions: entries, layouts, values, text, code, checks, and everything that is refused."""

import sys

import numpy as np
import pytest
import sympy as sp

from symjac.errors import DomainError, ParseError, ShapeError, UnsupportedError
from symjac.explicit import ExplicitDerivation, Partial, explicit_jacobian
from symjac.functions import sigmoid
from symjac.layout import Layout
from symjac.write.terminal import text_section

x, y, z = sp.symbols("x y z")
x1, x2 = sp.symbols("x1 x2")

EXAMPLES = {
    "lecture": ([x1 * x2, sp.sin(x1)], [x1, x2]),
    "scalar": (sp.exp(x * y) / (1 + z**2), [x, y, z]),
    "quotient": ([x / y, sp.log(x * y), sp.sqrt(x)], [x, y]),
    "power": ([x**y, sp.atan2(y, x)], [x, y]),
    "parameter": (z * sp.cos(z * x), [x]),
    "kinks": ([sp.Max(x, y) * z, sp.Abs(x - y), sp.Min(0, x)], [x, y]),
    "cases": ([sp.Piecewise((x**2, x > 0), (x * y, True))], [x, y]),
    "choices": ([sp.Max(sp.Abs(x), y, x * y), sp.Piecewise((x * y, sp.ITE(x > y, y > 0, x < 1)), (x**2, True))], [x, y]),
    "special": ([sp.gamma(x), sp.erf(x * y)], [x, y]),
    "trigonometry": ([sp.tan(x), sp.asin(x / 3), sp.tanh(x) * sp.cosh(y)], [x, y]),
    "polar": ([x * sp.cos(y), x * sp.sin(y)], [x, y]),
    "constants": ([sp.Integer(3), x], [x, y]),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_pass_their_check(name):
    functions, variables = EXAMPLES[name]
    derivation = explicit_jacobian(functions, variables)
    report = derivation.check()
    assert report
    assert report.points == 5
    assert derivation.shape == (len(derivation.functions), len(variables))


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "special"])
def test_numpy_functions_agree_with_exact_values(name):
    functions, variables = EXAMPLES[name]
    derivation = explicit_jacobian(functions, variables)
    jacobian = derivation.lambdify()
    values = {argument: 0.3 + 0.45 * k for k, argument in enumerate(derivation.arguments)}
    expected = np.array(derivation.at(values).tolist(), dtype=float)
    np.testing.assert_allclose(jacobian(**values), expected, rtol=1e-13)
    batch = jacobian(*(np.full((2, 3), value) for value in values.values()))
    assert batch.shape == (2, 3, *derivation.shape)
    np.testing.assert_allclose(batch[1, 2], expected, rtol=1e-13)


def test_the_lecture_example():
    derivation = explicit_jacobian([x1 * x2, sp.sin(x1)], [x1, x2])
    assert derivation.matrix == sp.Matrix([[x2, x1], [sp.cos(x1), 0]]) == derivation.explicit()
    assert derivation.columns == (sp.Matrix([x2, sp.cos(x1)]), sp.Matrix([x1, 0]))
    assert derivation.steps[2] == Partial((2,), sp.sin(x1), x1, sp.cos(x1))
    assert derivation.at({x1: sp.pi, "x2": 2}) == sp.Matrix([[2, sp.pi], [-1, 0]])


def test_text_gives_the_same():
    from_text = explicit_jacobian(["x1*x2", "sin(x1)"], ["x1", "x2"])
    assert from_text == explicit_jacobian([x1 * x2, sp.sin(x1)], [x1, x2])
    assert explicit_jacobian("a*relu(x)", "x").at({"x": 0}) == sp.Matrix([[0]])
    assert explicit_jacobian("sigmoid(x)", "x").at({"x": 0}) == sp.Matrix([[sp.Rational(1, 4)]])
    assert explicit_jacobian("x'*norm(y) + a.T*0.5", ["x", "y"]).parameters == (sp.Symbol("a"),)
    positive = sp.Symbol("x", positive=True)
    assert explicit_jacobian(["sqrt(x)"], [positive]).matrix[0] == 1 / (2 * sp.sqrt(positive))


def test_our_own_scalar_functions():
    assert explicit_jacobian(sigmoid(x), x).at({x: 0})[0] == sp.Rational(1, 4)


def test_gradient_is_a_column():
    derivation = explicit_jacobian(x1**2 * x2, [x1, x2])
    assert derivation.gradient == sp.Matrix([2 * x1 * x2, x1**2])
    with pytest.raises(ShapeError, match="single function"):
        _ = explicit_jacobian([x1, x2], [x1, x2]).gradient


def test_layouts():
    F = sp.Matrix([[x, x * y], [sp.sin(y), y**2]])
    column = explicit_jacobian(F, [x, y])
    row = explicit_jacobian(F, [x, y], Layout(of="row"))
    assert column.matrix == F.vec().jacobian([x, y])
    assert row.matrix == F.T.vec().jacobian([x, y])
    assert explicit_jacobian(F, [x, y], Layout(orientation="denominator")).matrix == column.matrix.T
    assert [step.index for step in column.steps[::2]] == [(1, 1), (2, 1), (1, 2), (2, 2)]
    assert [step.index for step in row.steps[::2]] == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert explicit_jacobian(sp.Matrix([[x, y]]), [x, y]).matrix == sp.eye(2)
    variables = sp.Matrix(2, 2, sp.symbols("a b c d"))
    assert [v.name for v in explicit_jacobian(x, variables).variables] == ["a", "c", "b", "d"]
    assert [v.name for v in explicit_jacobian(x, variables, Layout(wrt="row")).variables] == ["a", "b", "c", "d"]


def test_a_wrong_jacobian_is_caught():
    right = explicit_jacobian([x**3, x * y], [x, y])
    wrong = Partial((1,), x**3, x, 3 * x**2 + sp.Rational(1, 10**9))
    derivation = ExplicitDerivation(right.functions, right.variables, right.layout, (wrong, *right.steps[1:]))
    assert not derivation.check()
    assert derivation.check().gap > 1e-11


def test_a_check_without_points_is_no_success():
    report = explicit_jacobian(sp.log(-1 - x**2), x).check()
    assert not report
    assert "no point" in str(report)


def test_values_that_are_none():
    with pytest.raises(DomainError, match=r"derivative of sqrt\(x\) by x has no value at x = 0"):
        explicit_jacobian(sp.sqrt(x), x).at({x: 0})
    with pytest.raises(DomainError, match=r"log.* is not a real number"):
        explicit_jacobian(sp.log(x), x).at({x: -1})
    with pytest.raises(DomainError, match="no value"):
        explicit_jacobian(sp.sin(x) / x, x).at({x: 0})


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ({"x": 1}, "y is missing"),
        ({"x": 1, "y": "2"}, "not a text"),
        ({"x": 1, "y": z}, "not a real number"),
        ({"x": 1, "y": sp.I}, "not a real number"),
        ({"x": 1, "yy": 2}, "did you mean y"),
        ({sp.Symbol("x", real=True): 1, "y": 2}, "no variable"),
    ],
)
def test_points_that_are_refused(point, message):
    with pytest.raises(DomainError, match=message):
        explicit_jacobian(x * y, [x, y]).at(point)


@pytest.mark.parametrize(
    ("functions", "variables", "error", "message"),
    [
        (x, [x, x], DomainError, "named twice"),
        (x, [sp.Symbol("x"), "x"], DomainError, "named twice"),
        (x, [], DomainError, "at least one"),
        (x, sp.MatrixSymbol("A", 2, 2), DomainError, "not a scalar symbol"),
        (x, [x * y], DomainError, "not a scalar symbol"),
        (x, [sp.MatrixSymbol("A", 2, 2)[0, 0]], DomainError, "not a scalar symbol"),
        (sp.Symbol("n", integer=True), [sp.Symbol("n", integer=True)], DomainError, "real variable"),
        (x, "x; y", DomainError, "not a name"),
        (x, "x y", DomainError, "not a name"),
        (sp.Function("g")(x), x, UnsupportedError, r"g\(x\) is no explicit"),
        ([x, sp.Integral(sp.exp(x), x)], x, UnsupportedError, "Integral"),
        (sp.Derivative(sp.sin(x), x) * x, x, UnsupportedError, "Derivative"),
        (sp.MatrixSymbol("A", 2, 2), x, UnsupportedError, "no explicit scalar function"),
        (sp.MatrixSymbol("A", 2, 2)[0, 1] * x, x, UnsupportedError, "MatrixElement"),
        (sp.I * x, x, UnsupportedError, "not real"),
        (x / sp.S.Zero, x, DomainError, "no number"),
        (sp.floor(x), x, UnsupportedError, "floor"),
        (sp.sign(x), x, UnsupportedError, "DiracDelta"),
        (sp.Symbol("x", real=True) * y, x, DomainError, "two different symbols are called x"),
        (None, x, DomainError, "not a scalar function"),
        ([], x, ShapeError, "no function"),
        ("x1 +", "x1", ParseError, "column 5"),
        ("ones(2)", "x1", ShapeError, "not a scalar"),
        ("f(x)", "x", ParseError, "no function f"),
    ],
)
def test_what_is_refused(functions, variables, error, message):
    with pytest.raises(error, match=message):
        explicit_jacobian(functions, variables)


HOSTILE = '__import__("sys").modules.__setitem__("owned", 1)'


def test_text_is_never_executed():
    for call in (lambda: explicit_jacobian([HOSTILE], ["x"]), lambda: explicit_jacobian("x", [HOSTILE])):
        with pytest.raises((ParseError, DomainError)):
            call()
    strange = sp.Symbol(HOSTILE)
    derivation = explicit_jacobian([strange**2 * x], [strange, x])
    assert HOSTILE not in derivation.lambdify().source
    np.testing.assert_allclose(derivation.lambdify()(3.0, 2.0), [[12, 9]])
    assert derivation.check()
    assert "owned" not in sys.modules


def test_names_that_python_or_the_source_needs():
    symbols = sp.symbols("lambda numpy J t0 jacobian")
    function = sp.sin(sp.Mul(*symbols)) + sp.exp(sp.Mul(*symbols))
    derivation = explicit_jacobian(function, list(symbols))
    values = [0.5, 0.7, 1.1, 0.9, 1.3]
    expected = np.array(derivation.at(dict(zip(symbols, values, strict=True))).tolist(), dtype=float)
    np.testing.assert_allclose(derivation.lambdify()(*values), expected, rtol=1e-13)
    assert derivation.check()


def test_source_stands_alone():
    source = explicit_jacobian(["x*y", "exp(x*y)"], ["x", "y"]).lambdify().source
    namespace: dict = {}
    exec(source, namespace)
    np.testing.assert_allclose(namespace["jacobian"](1, 2), [[2, 1], [2 * np.e**2, np.e**2]])
    assert [line for line in source.splitlines() if "import" in line] == ["import numpy"]


def test_numpy_lacks_some_functions():
    with pytest.raises(UnsupportedError, match="NumPy"):
        explicit_jacobian(sp.gamma(x), x).lambdify()
    with pytest.raises(UnsupportedError, match="NumPy"):
        explicit_jacobian(sp.LambertW(x) * y, y).lambdify()


def test_complex_steps_go_through_the_numpy_function():
    jacobian = explicit_jacobian(["x**3"], ["x"]).lambdify()
    assert jacobian(2 + 1e-30j)[0, 0].imag == pytest.approx(12e-30)


def test_text_and_latex():
    derivation = explicit_jacobian(["f*x1", "sin(x1)"], ["x1", "f"])
    assert derivation.text().startswith("g1 = f*x1")
    assert r"\frac{\partial g}{\partial x_{1}} &= \begin{bmatrix} f \\" in derivation.latex()
    wide = explicit_jacobian(sp.Add(*sp.symbols("a:12")), list(sp.symbols("a:12"))).latex()
    assert r"\begin{array}{cccccccccccc}" in wide
    odd = explicit_jacobian(sp.Symbol("50%_{") * x, x).latex()
    assert r"\text{50\%\_\{}" in odd
    transposed = explicit_jacobian(x * y, [x, y], Layout(orientation="denominator"))
    assert "denominator layout" in transposed.latex()
    assert "J = [y]" in text_section(transposed.section())
    long = explicit_jacobian(sp.Add(*sp.symbols("a:12")) ** 2, list(sp.symbols("a:12"))).latex()
    assert r"\cdots" in long
