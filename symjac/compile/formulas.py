"""What an assignment says, as a formula with indices: δ_jl A_ki."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from symjac.compile.patterns import pattern_of
from symjac.compile.plan import Write
from symjac.compile.target import Axes
from symjac.components.form import Term
from symjac.components.tensor import Applied, Delta, Entry, Number, SizeName, Tensor

LETTERS = "abcdefghopqrstuvwxyz"
FUNCTION_LETTERS = {"sigmoid": "σ"}


def index_names(axes: Axes) -> list[str]:
    """Return names for the free indices: i, j of F and k, l of X; parts of an index are numbered.

    >>> index_names(Axes((2, 1, 0, 1), ()))
    ['i1', 'i2', 'j', 'l']
    """
    return [
        letter + (str(part + 1) if count > 1 else "")
        for letter, count in zip("ijkl", axes.counts, strict=True)
        for part in range(count)
    ]


class Formulas:
    """Writes terms as formulas; `code` knows what an intermediate is called."""

    def __init__(self, code: Callable[[Tensor], str]) -> None:
        self.code = code

    def line(self, name: str, variable: str, axes: Axes, write: Write) -> str:
        """Return a comment: what is differentiated by what where, and the sum of terms."""
        indices = index_names(axes)
        terms = write.terms
        rows = axes.counts[0] + axes.counts[1]
        left = f"∂{_indexed(name, indices[:rows])}/∂{_indexed(variable, indices[rows:])}"
        written = [self.term(term, indices) for term in terms]
        total = written[0] + "".join(f" − {t[1:]}" if t.startswith("−") else f" + {t}" for t in written[1:]) if written else "0"
        known = pattern_of(terms[0], len(indices)) if len(terms) == 1 else tuple(range(len(indices)))
        ties = [f"{indices[root]} = {indices[k]}" for k, root in enumerate(write.pattern) if root not in (k, known[k])]
        where = f", where {' and '.join(ties)}" if ties and len(terms) > 1 else ""
        return f"# {left} {'+' if write.add else ''}= {total}{where}"

    def term(self, term: Term, indices: Sequence[str]) -> str:
        letters = iter(LETTERS)
        bound = [next(letter for letter in letters) for _ in term.bound]
        names = [*indices, *bound]
        deltas = [f for f in term.factors if isinstance(f.tensor, Delta)]
        others = [f for f in term.factors if not isinstance(f.tensor, Delta)]
        parts = [_indexed("δ", [names[k] for k in f.indices]) for f in deltas]
        parts += [_power(_indexed(self.tensor(f.tensor), [names[k] for k in f.indices]), f.exponent) for f in others]
        front = "−" if term.coefficient < 0 else ""
        size = abs(term.coefficient)
        if size != 1 or not parts:
            parts.insert(0, str(size))
        total = f"Σ_{''.join(bound)} " if bound else ""
        return f"{front}{total}{' '.join(parts)}"

    def tensor(self, tensor: Tensor) -> str:
        """Return the name of a tensor: a symbol's own, a function of a named part, or what the code calls it."""
        if isinstance(tensor, Entry):
            return self.code(tensor) or "…"
        if isinstance(tensor, Number | SizeName):
            return str(tensor.data[0])
        if isinstance(tensor, Applied) and tensor.body is not None:
            inner = self._argument(tensor)
            function = tensor.function
            return f"{FUNCTION_LETTERS.get(function.name, function.name)}{'′' * function.order}({inner})"
        return self.code(tensor) or "…"

    def _argument(self, tensor: Tensor) -> str:
        assert tensor.body is not None
        terms = tensor.body.terms
        if len(terms) == 1 and len(terms[0].factors) == 1 and terms[0].coefficient == 1 and terms[0].factors[0].exponent == 1:
            inner = terms[0].factors[0].tensor
            return self.code(inner) or "…"
        return "…"


def _indexed(name: str, indices: Sequence[str]) -> str:
    if not indices:
        return name
    return f"{name}_{''.join(indices) if all(len(index) == 1 for index in indices) else '[' + ' '.join(indices) + ']'}"


def _power(base: str, exponent: Fraction) -> str:
    return base if exponent == 1 else f"{base}^{exponent if exponent.denominator == 1 else f'({exponent})'}"
