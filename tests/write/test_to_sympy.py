"""Every kind of node, through SymPy and back: by our reader, by SymPy's own arithmetic, by lambdify."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy

from symjac.errors import UnsupportedError
from symjac.evaluate import evaluate
from symjac.nodes import build
from symjac.nodes import node as nodes
from symjac.nodes.functions import EXP, RELU, SIGMOID, SOFTPLUS, TANH, Function, T
from symjac.nodes.node import Node, postorder
from symjac.nodes.sizes import size_symbol
from symjac.read.declare import read_declarations
from symjac.read.from_sympy import from_sympy, originals
from symjac.read.text import read_text
from symjac.write.to_sympy import to_sympy, to_sympy_matrix
from tests.sympy_values import SIZES, sample, value_by_lambdify, value_by_sympy

GIVEN = "A, C: M x N, B: N x N, x, y: N, c: scalar, S: N x N posdef, p: scalar positive, q: N positive"
NAMES = read_declarations(GIVEN)

TEXTS = """
A; c; p; 3/7; M*N; eye(N); zeros(M, N); ones(M, N); K(M, N); A - 2*C; c + 1; 2*c*A*B; x.T*B*x; (x.T*x)*A; (x.T*x)**0.5
x/norm(x)
hadamard(A, C, A); hadamard_power(A, 2); hadamard_power(A, -1); sqrt(exp(A)); kron(A, B); -kron(A, B)*vec(B); A'; B**-1; B**3
B**-2; trace(B*B); det(B); norm(A); norm(c); tanh(A); sigmoid(A); relu(A); softplus(x); sigmoid(c); log(p); log(q); exp(x.T*x)
softmax(x); softmax(x.T); logsumexp(x); vec(A); diag(x); diag(B); vec(A*B).T; (eye(N**2) + K(N, N))*kron(eye(N), A.T); sum(A)
inv(A.T*A)*A.T; S*x; trace(B)*det(B)**2*A; x.T*(B + B.T); logsumexp(x)*c; sqrt(2)*c; x.T*B*x + c; x/(c + x.T*x); -x; 0*x
c*x.T*x
sum(A)*A; 1/N*sum(x); sum(x)**2; hadamard(kron(x, x.T), B); kron(eye(N), x.T); diag(x)*B; K(M, N)*vec(A); 0.1*A; trace(A.T*A)*B
"""

F = Function("swish", T * sympy.tanh(T))
A, B, C, X, Q = (NAMES[name] for name in ("A", "B", "C", "x", "q"))
M, N = size_symbol("M"), size_symbol("N")
MORE = (
    build.khatri_rao(A, B),
    build.basis(N, 1),
    build.elementwise(TANH.derivative, A),
    build.elementwise(SIGMOID.derivative, NAMES["c"]),
    build.elementwise(RELU.derivative, A),
    build.elementwise(RELU.derivative.derivative, A),
    build.elementwise(F, A),
    build.elementwise(F.derivative, X),
    build.product(build.transpose(build.basis(M, 1)), A, build.basis(N, 0)),
    build.product(build.transpose(build.basis(N, 1)), X),
    build.let("z", build.product(A, X)),
    build.elementwise(SOFTPLUS, build.let("s", build.product(build.transpose(X), X))),
    build.power(build.number(2), Fraction(1, 3)),
)
NODES = [read_text(text, GIVEN) for text in TEXTS.replace("\n", ";").split(";") if text.strip()] + list(MORE)


@pytest.mark.parametrize("node", NODES, ids=lambda node: str(to_sympy(node)))
def test_the_value_survives(node: Node) -> None:
    point = sample(node)
    expected = evaluate(node, point, SIZES)
    expr, matrix = to_sympy(node), to_sympy_matrix(node)
    assert tuple(matrix.shape) == node.shape
    for written in (expr, matrix):
        assert np.allclose(evaluate(from_sympy(written), point, SIZES), expected)
        assert np.allclose(value_by_sympy(written, point), expected)
        assert np.allclose(value_by_lambdify(written, point), expected)
        assert str(written)
        assert sympy.latex(written)
        assert sympy.pretty(written)


def test_every_head_is_covered() -> None:
    met = {type(part) for node in NODES for part in postorder(node)}
    heads = {kind for kind in vars(nodes).values() if isinstance(kind, type) and issubclass(kind, Node)} - {
        Node,
        nodes.Differential,
    }
    assert heads == met


@pytest.mark.parametrize("node", [NODES[0], *MORE[:2], build.vec(A), build.commutation(M, N), build.diag(X)], ids=str)
def test_entries_at_integer_sizes(node: Node) -> None:
    point = sample(node)
    expr = to_sympy(node).xreplace({M: sympy.Integer(3), N: sympy.Integer(2)})
    explicit = expr.as_explicit()
    assert isinstance(explicit, sympy.ImmutableDenseMatrix)
    assert np.allclose(value_by_sympy(explicit, point), evaluate(node, point, SIZES))
    assert expr[1, 0] == explicit[1, 0]


def test_the_gram_jacobian_entry_by_entry() -> None:
    jacobian = read_text("(eye(N**2) + K(N, N))*kron(eye(N), A.T)", GIVEN)
    expr = to_sympy(jacobian).xreplace({M: sympy.Integer(3), N: sympy.Integer(2)})
    a = sympy.MatrixSymbol("A", 3, 2).as_explicit()
    assert expr.as_explicit().expand() == (a.T * a).vec().jacobian(a.vec())


def test_symbols_come_back_as_they_were_given() -> None:
    n = sympy.Symbol("n")
    S, c = sympy.MatrixSymbol("S", n, n), sympy.Symbol("c", real=True)
    given = c * S * S.T
    assert to_sympy(from_sympy(given), originals(given)) == given
    assert to_sympy(from_sympy(given)).free_symbols.isdisjoint({c})


def test_a_one_by_one_matrix_symbol_is_a_scalar_and_a_matrix() -> None:
    s, x = sympy.MatrixSymbol("s", 1, 1), sympy.MatrixSymbol("x", 3, 1)
    node = from_sympy(x * s)
    assert to_sympy(node, originals(x * s)).shape == (3, 1)
    assert to_sympy_matrix(from_sympy(s), originals(s)) == s


def test_brackets_survive_a_sign_in_latex() -> None:
    text = sympy.latex(to_sympy(read_text("-kron(A, B)*vec(B)", GIVEN)))
    assert text.replace(" ", "").startswith(r"-\left(A\otimesB\right)")


def test_a_deep_chain_of_names() -> None:
    layer = X
    for k in range(64):
        layer = build.let(f"h{k}", build.elementwise(EXP, build.add(build.product(B, layer), layer)))
    assert to_sympy(layer).shape == (N, 1)


def test_a_differential_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="differential"):
        to_sympy(build.differential(A))
