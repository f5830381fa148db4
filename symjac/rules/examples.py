"""The symbols in which the rules state their examples."""

from __future__ import annotations

import sympy

from symjac.nodes.build import symbol

M, N, P, Q = sympy.symbols("M N P Q", integer=True, positive=True)

A = symbol("A", M, N)
B = symbol("B", N, P)
C = symbol("C", M, N)
S = symbol("S", N, N)
T = symbol("T", N, N)
X = symbol("X", N, N)
Y = symbol("Y", P, Q)
U = symbol("U", M, M)
a = symbol("a", M)
b = symbol("b", N)
x = symbol("x", N)
y = symbol("y", M)
c = symbol("c")
