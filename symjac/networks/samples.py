"""The proof that a batch is its samples: every row of the batch form is the single-input form at that row."""

from __future__ import annotations

from symjac.components import Form, Matrix, Proof, Scope, prove_equal, read
from symjac.components.algebra import atom, gathered, multiplied, power
from symjac.components.evaluation import postorder
from symjac.components.simplify import Open
from symjac.components.substitution import remake
from symjac.components.tensor import Entry, Tensor
from symjac.networks.architecture import Architecture
from symjac.networks.graph import batch, single
from symjac.nodes.sizes import Size


def rows_are_samples(architecture: Architecture) -> Proof:
    """Prove, for all sizes and every sample j, that row j of the batch form is the single-input form at x = row j of X.

    In index form both are functions of j: x_i becomes X_ji, and with it every part that x stands in gets the index j. Of a
    softmax at the end, it is the pre-activations that are proved equal.

    >>> from symjac.networks import Network
    >>> rows_are_samples(Network(["n0", "n1", 1]).architecture)
    <Proof.PROVED: 'proved'>
    """
    alone, together = single(architecture), batch(architecture)
    softly = isinstance(architecture.output, str)
    left, right = (graph.logits if softly else graph.output for graph in (alone, together))
    return prove_equal(Matrix(_per_sample(read(left).form, architecture.samples), 1), read(right))


def _per_sample(form: Form, n: Size) -> Form:
    """Return a form with one more index in front, that of the sample: X_ji in the place of x_i."""
    lifted: dict[Tensor, Form] = {}
    for tensor in postorder(form):
        if isinstance(tensor, Entry) and tensor.name == "x":
            lifted[tensor] = atom(Entry((n, *tensor.sizes), ("X", ())))
        elif tensor.body is not None and "x" in tensor.symbols:
            lifted[tensor] = remake(tensor, _lifted(tensor.body, n, lifted))
    return _lifted(form, n, lifted)


def _lifted(form: Form, n: Size, lifted: dict[Tensor, Form]) -> Form:
    scope = Scope()
    (j,) = scope.fresh(n)
    free = scope.fresh(*form.sizes)
    terms: list[Open] = []
    for coefficient, factors, bound in scope.open(form, free):
        kept = [factor for factor in factors if factor.tensor not in lifted]
        pieces = gathered((power(lifted[t], exponent), (j, *indices)) for t, indices, exponent in factors if t in lifted)
        for c, inner, summed in multiplied(scope, pieces, bound):
            terms.append(Open(coefficient * c, [*kept, *inner], summed))
    return scope.close(terms, (j, *free))
