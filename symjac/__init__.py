"""Matrix calculus that shows its steps, checks itself, and gives the NumPy function.

>>> import symjac as sj
>>> A = sj.declare("A: M x N")
>>> sj.jacobian(A.T*A, A).matrix
(K(N, N) + I)*(kron(I, A.T))
"""

from symjac.check import Report
from symjac.compile import Compiled
from symjac.derivation import Derivation, gradient, hessian, jacobian
from symjac.errors import DomainError, ParseError, ShapeError, SymjacError, UnsupportedError
from symjac.functions import (
    commutation,
    cos,
    det,
    diag,
    exp,
    eye,
    hadamard,
    hadamard_power,
    inv,
    kron,
    let,
    log,
    logsumexp,
    norm,
    ones,
    relu,
    sigmoid,
    sin,
    softmax,
    softplus,
    sqrt,
    sum_entries,
    tanh,
    trace,
    vec,
    zeros,
)
from symjac.layout import Layout
from symjac.networks import Network
from symjac.read.declare import declare
from symjac.verify import Verdict, verify, verify_identity

__all__ = [
    "Compiled",
    "Derivation",
    "DomainError",
    "Layout",
    "Network",
    "ParseError",
    "Report",
    "ShapeError",
    "SymjacError",
    "UnsupportedError",
    "Verdict",
    "commutation",
    "cos",
    "declare",
    "det",
    "diag",
    "exp",
    "eye",
    "gradient",
    "hadamard",
    "hadamard_power",
    "hessian",
    "inv",
    "jacobian",
    "kron",
    "let",
    "log",
    "logsumexp",
    "norm",
    "ones",
    "relu",
    "sigmoid",
    "sin",
    "softmax",
    "softplus",
    "sqrt",
    "sum_entries",
    "tanh",
    "trace",
    "vec",
    "verify",
    "verify_identity",
    "zeros",
]
