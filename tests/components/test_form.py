"""One normal form: whatever the indices were called, however the factors were ordered."""

from __future__ import annotations

import pickle
import random
import subprocess
import sys
from fractions import Fraction

import pytest
import sympy

from symjac.components import Factor, Form, Scope
from symjac.components.algebra import add, apply, atom, constant, power, scale
from symjac.components.form import permute
from symjac.components.reading import read
from symjac.components.simplify import Open
from symjac.components.tensor import Entry, InverseOf, Unit, delta
from symjac.nodes import build as b
from symjac.nodes.functions import COS, EXP, RELU, SIN, TANH

N = sympy.Symbol("N", integer=True, positive=True)
ONE = Fraction(1)
X, x = Entry((N, N), ("X", ())), Entry((N,), ("x", ()))
S = Entry((N, N), ("S", ("symmetric",)))
D = Entry((N, N), ("D", ("diagonal", "symmetric")))


def form(*factors: tuple[object, ...], free: int = 0, bound: int = 0, coefficient: Fraction = ONE) -> Form:
    """Close one term over indices of size N: the first are free, the next bound."""
    scope = Scope()
    scope.fresh(*[N] * (free + bound))
    made = [Factor(f[0], f[1], f[2] if len(f) > 2 else ONE) for f in factors]  # type: ignore[arg-type]
    return scope.close([Open(coefficient, made, tuple(range(free, free + bound)))], range(free))


def test_forms_are_interned_whatever_the_bound_indices_are_called() -> None:
    first = form((X, (0, 2)), (X, (2, 3)), (x, (3,)), free=1, bound=3)
    second = form((x, (1,)), (X, (3, 1)), (X, (0, 3)), free=1, bound=3)
    assert first is second
    assert pickle.loads(pickle.dumps(first)) is first


def test_labelling_does_not_depend_on_names_in_symmetric_terms() -> None:
    # A ring of six X has six-fold symmetry, two triangles of X look alike to every single index.
    ring = [(i, (i + 1) % 6) for i in range(6)]
    triangles = [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)]
    found = {}
    for name, edges in (("ring", ring), ("triangles", triangles)):
        forms = set()
        for seed in range(20):
            shuffle = random.Random(seed)
            names = shuffle.sample(range(6), 6)
            shuffled = shuffle.sample(edges, len(edges))
            forms.add(form(*[(X, (names[i], names[j])) for i, j in shuffled], bound=6))
        assert len(forms) == 1
        found[name] = forms
    assert found["ring"] != found["triangles"]


def test_terms_with_many_symmetries_are_labelled_quickly() -> None:
    """Σ_ij (XXᵀ)_ij⁸ has 2 · 8! ways to be written."""
    forms = set()
    for seed in range(3):
        names = random.Random(seed).sample(range(10), 10)
        forms.add(form(*[(X, (names[end], names[k])) for k in range(2, 10) for end in (0, 1)], bound=10))
    assert len(forms) == 1


def test_deltas_between_bound_indices_disappear() -> None:
    assert form((delta(N), (0, 1)), (x, (1,)), free=1, bound=1) is atom(x)
    assert form((delta(N), (0, 1)), (delta(N), (1, 0)), bound=2) == read(b.dimension(N)).form


def test_deltas_between_free_indices_stay_and_rename_the_rest() -> None:
    assert form((delta(N), (0, 1)), (x, (1,)), free=2) is form((delta(N), (1, 0)), (x, (0,)), free=2)


def test_an_index_that_stands_nowhere_is_its_size_unless_it_was_cancelled() -> None:
    inverse = InverseOf((N, N), (1,), atom(X))
    assert form(bound=2) is read(b.dimension(N**2)).form
    assert form((X, (0, 2)), (inverse, (2, 1)), free=2, bound=1) is atom(delta(N))
    assert form((inverse, (0, 2)), (X, (2, 1)), free=2, bound=1) is atom(delta(N))
    assert form((inverse, (2, 0)), (X, (2, 1)), free=2, bound=1) is not atom(delta(N))
    assert form((x, (0,)), (x, (0,), Fraction(-1)), bound=1) is read(b.dimension(N)).form


def test_an_index_may_stand_in_many_factors() -> None:
    thrice = form((x, (1,)), (X, (0, 1)), (X, (1, 1)), free=1, bound=1)
    assert len(thrice.terms[0].bound) == 1
    assert form((x, (0,)), (x, (0,)), free=1) is power(atom(x), Fraction(2))


def test_facts() -> None:
    assert form((S, (0, 1)), free=2) is form((S, (1, 0)), free=2)
    assert form((X, (0, 1)), free=2) is not form((X, (1, 0)), free=2)
    assert form((D, (0, 1)), free=2) is form((D, (0, 0)), (delta(N), (0, 1)), free=2)


def test_basis_columns() -> None:
    three = sympy.Integer(3)
    first, second = Unit((three,), (0,)), Unit((three,), (1,))
    scope = Scope()
    i, j = scope.fresh(three, three)

    def closed(*factors: Factor, free: tuple[int, ...] = (), bound: tuple[int, ...] = ()) -> Form:
        return scope.close([Open(ONE, list(factors), bound)], free)

    assert closed(Factor(first, (i,), ONE), Factor(second, (i,), ONE), bound=(i,)).is_zero
    assert closed(Factor(first, (i,), ONE), Factor(first, (i,), ONE), bound=(i,)) is constant(1)
    both = closed(Factor(first, (i,), ONE), Factor(delta(three), (i, j), ONE), free=(i, j))
    assert both is closed(Factor(first, (i,), ONE), Factor(first, (j,), ONE), free=(i, j))


def test_like_terms_merge() -> None:
    assert add(atom(x), atom(x)) is scale(2, atom(x))
    assert add(atom(x), scale(-1, atom(x))).is_zero


def test_powers_keep_their_signs() -> None:
    c = Entry((), ("c", ()))
    k = Entry((), ("k", ("positive",)))
    half = Fraction(1, 2)
    assert power(power(atom(c), Fraction(2)), half) is not atom(c)
    assert power(power(atom(k), Fraction(2)), half) is atom(k)
    assert power(power(atom(c), half), Fraction(2)) is atom(c)
    assert power(constant(8), half) is scale(2, power(constant(2), half))


def test_odd_and_even_functions() -> None:
    minus = scale(-1, atom(x))
    assert apply(TANH, minus) is scale(-1, apply(TANH, atom(x)))
    assert apply(TANH.derivative, minus) is apply(TANH.derivative, atom(x))
    assert apply(COS, minus) is apply(COS, atom(x))
    assert apply(SIN.derivative, atom(x)) is apply(COS, atom(x))
    assert apply(EXP.derivative, atom(x)) is apply(EXP, atom(x))
    assert apply(RELU, minus) is not scale(-1, apply(RELU, atom(x)))


def test_a_transposed_argument_is_the_same_tensor() -> None:
    total = add(atom(X), permute(atom(X), (1, 0)))
    assert total.symmetric
    assert not atom(X).symmetric
    turned = apply(EXP, permute(atom(X), (1, 0)))
    assert turned is permute(apply(EXP, atom(X)), (1, 0))


def test_orders_are_the_same_in_every_run() -> None:
    code = (
        "from tests.components import expressions as e; from symjac.components import differentiate;"
        "from symjac.nodes.node import symbols;"
        "print([f.digest.hex() for n in list(e.EXPRESSIONS.values())[::7] for f in differentiate(n, symbols([n])).values()])"
    )
    path = ":".join(sys.path)
    runs = set()
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed, "PYTHONPATH": path}, capture_output=True, check=True
        )
        runs.add(run.stdout)
    assert len(runs) == 1


def test_a_deep_chain_is_labelled_quickly() -> None:
    chain = [(X, (i, i + 1)) for i in range(1, 60)]
    assert len(form((X, (0, 1)), *chain, (x, (60,)), free=1, bound=60).terms[0].factors) == 61


@pytest.mark.parametrize("value", [Fraction(-4), Fraction(0)])
def test_roots_of_numbers_that_are_not_positive(value: Fraction) -> None:
    rooted = power(constant(value), Fraction(1, 2))
    assert rooted.is_zero if value == 0 else rooted.constant is None
