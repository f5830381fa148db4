"""What a verdict rests on: counterexamples that can be checked by hand, budgets, domains of numbers, facts, networks."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from itertools import pairwise
from time import perf_counter

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as some

from symjac.components import read
from symjac.errors import SymjacError
from symjac.evaluate import Array, evaluate, size_value
from symjac.layout import Layout
from symjac.nodes.functions import RELU, SIGMOID, TANH, T
from symjac.numerical import numerical_jacobian
from symjac.points import Point
from symjac.read.declare import read_declarations
from symjac.read.text import read_text
from symjac.verify import verify, verify_identity
from symjac.verify.deadline import Deadline, OutOfTimeError
from symjac.verify.domains import Floats, Intervals, NotExactError, NoValueError, Rationals
from symjac.verify.samples import degree, telling_sizes, whole_values
from symjac.verify.values import Evaluation, inverse

D = Layout(orientation="denominator")
NETWORK = "W1: M x N, b1: M, W2: P x M, b2: P, w: P, x: N, y: scalar"


@pytest.mark.parametrize(
    ("claim", "f", "wrt", "given"),
    [
        ("2*A", "A*x", "x", "A: M x N, x: N"),
        ("2*x.T*A", "x.T*A*x", "x", "A: N x N, x: N"),
        ("kron(eye(N), X) + kron(X, eye(N))", "X*X", "X", "X: N x N"),
        ("x.T/norm(x)**2", "norm(x)", "x", "x: N"),
        ("diag(tanh(x))", "tanh(x)", "x", "x: N"),
    ],
)
def test_counterexamples_hold(claim: str, f: str, wrt: str, given: str) -> None:
    """The values of a counterexample give, by plain NumPy and numerical derivatives, what it says they give."""
    example = verify(claim, f, wrt, given=given).counterexample
    assert example is not None
    declared = read_declarations(given)
    values = {name: np.array(value, dtype=float) for name, value in example.values.items()}
    assert all(abs(entry) <= 3 for value in values.values() for entry in value.ravel())
    assert max(example.sizes.values()) <= 3
    values = {name: value.reshape(-1, 1) if value.ndim < 2 else value for name, value in values.items()}
    for name, symbol in declared.items():
        values.setdefault(name, np.ones([size_value(n, example.sizes) for n in symbol.shape]))
    point = Point(0, dict(example.sizes), values)
    truth = numerical_jacobian(read_text(f, declared), declared[wrt], point).value
    given_value = evaluate(read_text(claim, declared), values, example.sizes)
    at = tuple(k - 1 for k in example.place)
    for text, value in ((example.expected, truth[at]), (example.given, given_value[at])):
        number = float(text.removeprefix("≈ ")) if "≈" in text else float(Fraction(text))
        assert abs(number - value) < 1e-4 * max(1, abs(value))


def test_counterexamples_are_the_same_every_time() -> None:
    first, second = (verify("2*x.T*A", "x.T*A*x", "x", given="A: N x N, x: N") for _ in range(2))
    assert first == second
    assert str(first.counterexample) == str(second.counterexample)


def test_facts_are_kept_in_counterexamples() -> None:
    example = verify("S*x", "x.T*S*x", "x", given="S: N x N posdef, x: N", layout=D).counterexample
    assert example is not None
    matrix = np.array(example.values["S"], dtype=float)
    assert np.array_equal(matrix, matrix.T)
    assert np.linalg.eigvalsh(matrix).min() > 0


@pytest.mark.parametrize(
    ("claim", "facts", "status"),
    [
        ("2*S*x", "symmetric", "correct"),
        ("2*S*x", "posdef", "correct"),
        ("2*S*x", "diagonal", "correct"),
        ("2*S*x", "", "wrong"),
        ("2*S*x", "invertible", "wrong"),
    ],
)
def test_facts(claim: str, facts: str, status: str) -> None:
    assert verify(claim, "x.T*S*x", "x", given=f"S: N x N {facts}, x: N", layout=D).status == status


def test_rounded_decimals() -> None:
    claims = {"0.33*x": "correct", "0.333*x": "correct", "0.3*x": "correct", "0.34*x": "wrong", "0.2*x": "wrong"}
    for claim, status in claims.items():
        verdict = verify(claim, "x.T*x/6", "x", given="x: N", layout=D)
        assert verdict.status == status
        assert (verdict.evidence == "sampled") is (status == "correct")
        assert status == "wrong" or "digits" in verdict.remarks[-1]
    assert verify("0.5*x", "x.T*x/4", "x", given="x: N", layout=D).evidence == "proved for all sizes"


# Networks


def test_a_deep_network() -> None:
    f = "w.T*tanh(W2*tanh(W1*x + b1) + b2)"
    grad = "W1.T*hadamard(ones(M) - hadamard_power(h1, 2), W2.T*hadamard(ones(P) - hadamard_power(h2, 2), w))"
    names = ["h1 = tanh(W1*x + b1)", "h2 = tanh(W2*h1 + b2)"]
    assert verify(grad, f, "x", given=NETWORK, layout=D, definitions=names)
    forgotten = "W1.T*(W2.T*hadamard(ones(P) - hadamard_power(h2, 2), w))"
    assert verify(forgotten, f, "x", given=NETWORK, layout=D, definitions=names).status == "wrong"


def test_relu() -> None:
    definitions = [r"z = Wx + b"]
    given = "W: M x N, x: N, b: M"
    assert verify(r"\operatorname{diag}(\mathrm{relu}'(z)) W", r"\mathrm{relu}(z)", "x", given=given, definitions=definitions)
    wrong = verify("W", "relu(W*x + b)", "x", given=given)
    assert wrong.status == "wrong"


def test_softmax_with_cross_entropy() -> None:
    f, given = "-y.T*log(softmax(z))", "z: N, y: N"
    assert verify("softmax(z)*sum(y) - y", f, "z", given=given, layout=D)
    assert verify("softmax(z) - y", f, "z", given=given, layout=D).status == "wrong"


@pytest.mark.parametrize("depth", [4, 12])
def test_depth_costs_little(depth: int) -> None:
    given = ", ".join(f"W{k}: N x N" for k in range(depth)) + ", x: N"
    f = "x"
    for k in range(depth):
        f = f"tanh(W{k}*{f})"
    start = perf_counter()
    assert verify("0*W0", f, "x", given=given).status == "wrong"
    assert perf_counter() - start < 5


# Doubled results are wrong, whatever they are


@pytest.mark.parametrize(
    ("f", "wrt", "given"),
    [
        ("A.T*A", "A", "A: M x N"),
        ("inv(X)", "X", "X: N x N"),
        ("log(det(X))", "X", "X: N x N"),
        ("norm(A*x - b)**2", "x", "A: M x N, x: N, b: M"),
        ("tanh(W*x)", "x", "W: M x N, x: N"),
        ("softmax(x)", "x", "x: N"),
        ("hadamard(A, A)", "A", "A: M x N"),
        ("kron(A, B)", "A", "A: 2 x 3, B: 3 x 2"),
        ("x.T*A*x/(x.T*x)", "x", "A: N x N, x: N"),
    ],
)
def test_negative_controls(f: str, wrt: str, given: str) -> None:
    from symjac.derivation import jacobian

    right = jacobian(f, wrt, given=given)
    assert verify(right.matrix, f, wrt, given=given).status == "correct"
    assert verify(2 * right.matrix, f, wrt, given=given).status == "wrong"
    assert verify(-right.matrix, f, wrt, given=given).status == "wrong"


# Budgets and hostile claims


def test_time_runs_out() -> None:
    ticks = iter((0.0, 1.0, 5.0))
    deadline = Deadline(3, clock=lambda: next(ticks))
    deadline.check()
    with pytest.raises(OutOfTimeError, match="3 seconds"):
        deadline.check()


@pytest.mark.parametrize(
    ("claim", "f", "given"),
    [
        ("2*A", "A*x", "A: 300 x 400, x: 400"),
        ("kron(eye(N), A)", "(A+B)**40*x", "A, B: N x N, x: N"),
        ("c**300", "c**301*x", "c: scalar, x: scalar"),
        ("1" * 390 + "*x", "x.T*x", "x: N"),
        ("exp(1000000*x)", "exp(x)", "x: scalar"),
        ("exp(exp(exp(x)))", "exp(exp(exp(x)))", "x: scalar"),
        ("x*" * 300 + "x", "x**2", "x: scalar"),
        (r"A\otimes " * 30 + "A", "A*x", "A: N x N, x: N"),
        ("A^TA" * 200, "A*x", "A: N x N, x: N"),
        (r"\sum_{i=1}^{N}" * 8 + "x_i", "x^Tx", "x: N"),
        ("x_ix_jx_kx_lx_mx_nx_px_q", "x^Tx", "x: N"),
        ("A+" * 3000 + "A", "A*x", "A: M x N, x: N"),
    ],
)
def test_hostile_claims_are_answered(claim: str, f: str, given: str) -> None:
    start = perf_counter()
    with suppress(SymjacError):
        assert verify(claim, f, "x", given=given).status in ("wrong", "undecided")
    assert perf_counter() - start < 5


def test_definitions_that_explode() -> None:
    letters = "abcdefghijklmnopqrstu"
    cubes = [f"{new} = {old}*{old}*{old}" for old, new in pairwise(letters)]
    start = perf_counter()
    assert verify("u", "x**2", "x", given="x: scalar", definitions=["a = x + x", *cubes]).status in ("wrong", "undecided")
    assert perf_counter() - start < 5


def test_no_string_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("eval", "exec"):
        monkeypatch.setattr("builtins." + name, lambda *_: pytest.fail("a string was run"))
    with pytest.raises(SymjacError):
        verify("__import__('os').system('false')", "x", "x", given="x: N")


# Numbers


def test_rationals() -> None:
    exact = Rationals()
    assert exact.power(Fraction(1, 4), Fraction(-3, 2)) == 8
    assert exact.apply(RELU, -2) == 0
    assert exact.apply(RELU.derivative, Fraction(1, 2)) == 1
    with pytest.raises(NotExactError):
        exact.root(2, 2)
    with pytest.raises(NotExactError):
        exact.apply(TANH, 1)
    with pytest.raises(NoValueError):
        exact.apply(RELU.derivative, 0)
    with pytest.raises(NoValueError):
        exact.invert(0)


@for_all(some.fractions(-4, 4, max_denominator=50))
@settings(max_examples=25, deadline=None)
def test_intervals_hold_the_true_value(value: Fraction) -> None:
    domain = Intervals()
    for function in (TANH, SIGMOID, TANH.derivative, SIGMOID.derivative):
        found = domain.apply(function, domain.number(value))
        with mpmath.workdps(40):
            exact = mpmath.mpf(str(function.expression.subs(T, sympy.Rational(value)).evalf(60)))
            low, high = mpmath.mpf(found.a), mpmath.mpf(found.b)
            assert low - mpmath.mpf("1e-38") <= exact <= high + mpmath.mpf("1e-38")
        assert float(found.delta) < 1e-50
        assert abs(Floats().apply(function, float(value)) - float(exact)) < 1e-9


def test_an_inverse_by_elimination() -> None:
    matrix = np.array([[0, 2, 1], [1, 0, 3], [2, 1, 0]], dtype=object)
    found = inverse(Rationals(), matrix, Deadline(5))
    assert (found.dot(matrix) == np.eye(3, dtype=int)).all()
    with pytest.raises(NoValueError):
        inverse(Rationals(), np.ones((2, 2), dtype=object), Deadline(5))


DOMAIN = Intervals()


def as_intervals(value: Array) -> Array:
    """Return whole numbers as intervals."""
    return np.vectorize(lambda entry: DOMAIN.number(Fraction(entry)), otypes=[object])(value)


def test_values_agree_with_floats() -> None:
    given = "A: 3 x 2, B: 2 x 3, x: 3 positive, S: 3 x 3 posdef"
    declared = read_declarations(given)
    values = whole_values(list(declared.values()), {}, 1, 3)
    floats = {name: value.astype(float) for name, value in values.items()}
    for text in ("A*B*x", "inv(S)*x", "det(S)*x", "log(x) + softmax(x)", "norm(A)*x", "kron(A, B)*vec(B)", "log(sum(exp(x)))"):
        node = read_text(text, declared)
        expected = evaluate(node, floats, {})
        entries = {name: as_intervals(value) for name, value in values.items()}
        found = Evaluation(DOMAIN, entries, {}).value(read(node).form)
        numbers = np.vectorize(lambda v: float(v.mid), otypes=[float])(found)
        assert np.allclose(numbers.ravel(), expected.ravel())


def test_sizes_grow_with_the_degree() -> None:
    declared = read_declarations("X: N x N")
    assert degree(read(read_text("X*X*X*X*X*X", declared)).form) == 6
    assert telling_sizes(["N"], 6)["N"] == 5
    assert len(set(telling_sizes(["M", "N", "P"], 2).values())) == 3


# Where two points meet


def test_no_rejection_near_a_singular_point() -> None:
    """Floats lose their digits here; exact numbers do not."""
    left = "inv(A + 1000000000*B)*(A + 1000000000*B)"
    assert verify_identity(left, "eye(2)", given="A, B: 2 x 2")
