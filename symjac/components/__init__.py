"""The road of components: every entry written with indices, differentiated with Kronecker deltas, proved equal."""

from symjac.components.axes import Matrix, jacobian_form
from symjac.components.derivative import differentiate, differentiate_form
from symjac.components.evaluation import evaluate_form
from symjac.components.form import Form, Scope, Term
from symjac.components.labelling import Factor
from symjac.components.proof import Proof, Prover, prove_equal
from symjac.components.reading import read

__all__ = [
    "Factor",
    "Form",
    "Matrix",
    "Proof",
    "Prover",
    "Scope",
    "Term",
    "differentiate",
    "differentiate_form",
    "evaluate_form",
    "jacobian_form",
    "prove_equal",
    "read",
]
