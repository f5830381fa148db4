"""A network as mathematics: its equations, its Jacobians, the gradients of its losses."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from symjac.derivation import Derivation
from symjac.derive import derive
from symjac.errors import DomainError
from symjac.functions import apply, let
from symjac.layout import Layout, checked_layout
from symjac.networks.architecture import Architecture
from symjac.networks.graph import Graph, batch, single
from symjac.networks.losses import mean, read_loss
from symjac.networks.samples import rows_are_samples
from symjac.nodes.build import replace, symbol
from symjac.nodes.node import Elementwise, Let, Node, Symbol
from symjac.read.tokens import suggestion
from symjac.write.latex import Latex
from symjac.write.printer import Printer
from symjac.write.text import Text
from symjac.write.to_sympy import to_sympy


class SymbolicNetwork:
    """A feed-forward network of some architecture, to be read and differentiated.

    >>> from symjac.networks import Network
    >>> print(Network(["n0", "n1", 1]).jacobian("b1").gradient)
    HadamardProduct(relu′(W1*x + b1), W2.T)
    """

    def __init__(self, architecture: Architecture, layout: Layout) -> None:
        self.architecture, self.layout = architecture, layout

    @cached_property
    def graph(self) -> Graph:
        """The network of one input x as nodes, every z and h under its name."""
        return single(self.architecture)

    @cached_property
    def batch_graph(self) -> Graph:
        """The network of a batch X, a sample a row: Z = HWᵀ + 1bᵀ."""
        return batch(self.architecture)

    @property
    def expression(self) -> Any:
        """The output for one input, as a SymPy expression."""
        return to_sympy(self.graph.output)

    @property
    def symbols(self) -> dict[str, Any]:
        """The inputs x and X, the targets y and Y, and the parameters by name, as SymPy symbols."""
        given = [part for graph in (self.graph, self.batch_graph) for part in (graph.input, _target(graph))]
        return {node.name: to_sympy(node) for node in (*given, *self.architecture.parameters.values())}

    @property
    def values(self) -> dict[str, Any]:
        """Every z and h by its name, as SymPy expressions that keep the names, and print as them.

        >>> from symjac.networks import Network
        >>> Network([2, 3, 1]).values["h1"], Network([2, 3, 1]).values["h1"].shape
        (h1, (3, 1))
        """
        named: dict[str, Any] = {}
        # A name stands for its value as a symbol at first, for SymPy expressions of our nodes do not keep names.
        stand_ins: dict[Node, Node] = {}
        meanings: dict[Any, Any] = {}
        for part in self.graph.intermediates:
            value = to_sympy(replace(part.value, stand_ins)).xreplace(meanings)
            named[part.name] = let(part.name, value)
            stand_ins[part] = symbol(part.name, *part.shape)
            meanings[to_sympy(stand_ins[part])] = named[part.name]
        return named

    @property
    def slopes(self) -> dict[str, Any]:
        """σ′(z) of every layer with an activation, by the name of z, as SymPy expressions.

        >>> from symjac.networks import Network
        >>> Network([2, 3, 1]).slopes["z1"]
        relu′(z1)
        """
        found = (part.value for part in self.graph.intermediates if isinstance(part, Let))
        applied = [(value.function, value.args[0]) for value in found if isinstance(value, Elementwise)]
        values = self.values
        return {z.name: apply(function.derivative, values[z.name]) for function, z in applied if isinstance(z, Let)}

    def equations(self, batch: bool = False) -> dict[str, str]:
        """Return what defines each z and h, as text by name.

        >>> from symjac.networks import Network
        >>> list(Network([2, 3], output="relu").equations().values())[0]
        'z₁ = W₁x + b₁'
        """
        return self._told(Printer(Text(), self._names), batch)

    def latex(self, batch: bool = False) -> str:
        r"""Return the equations in LaTeX, to stand within \[ and \].

        >>> from symjac.networks import Network
        >>> print(Network([2, 1], output="tanh").latex())
        \begin{aligned}
        z_{1} &= W_{1}x + b_{1} \\
        \hat{y} &= \tanh(z_{1})
        \end{aligned}
        """
        rows = " \\\\\n".join(
            line.replace(" = ", " &= ", 1) for line in self._told(Printer(Latex(), self._names), batch).values()
        )
        return f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"

    def _told(self, printer: Printer, batch: bool) -> dict[str, str]:
        parts = (self.batch_graph if batch else self.graph).intermediates
        return {part.name: f"{printer.plain(part)} = {printer.plain(part.value)}" for part in parts}

    @property
    def _names(self) -> frozenset[str]:
        return self.graph.output.symbols | self.batch_graph.output.symbols

    def jacobian(self, wrt: Any = None, layout: Layout | None = None, batch: bool = False) -> Derivation:
        """Derive the output by a parameter, by the input "x", or by a list of them; by all parameters where none is named.

        >>> from symjac.networks import Network
        >>> Network(["n0", "n1", 1]).jacobian("W2").matrix
        relu(W1*x + b1).T
        """
        graph = self.batch_graph if batch else self.graph
        return Derivation(derive(graph.output, self._variables(wrt, graph)), checked_layout(layout or self.layout))

    def gradient(self, loss: str = "squared error", wrt: Any = None, batch: bool = False) -> Derivation:
        """Derive a loss by a parameter, by the input, or by all parameters, in their shapes: backpropagation.

        >>> from symjac.networks import Network
        >>> Network(["n", "m"]).gradient(wrt="W1").matrix
        (2*(W1*x + b1) - 2*y)*x.T

        With `batch`, of the mean loss of a batch: δ is a matrix with a sample a row. The losses are squared error,
        cross-entropy and logistic; the last two contain the softmax and the sigmoid of the output.
        """
        architecture = self.architecture
        if loss in architecture.parameters:
            raise DomainError(f"{loss} is a parameter: the loss comes first, as in gradient('squared error', {loss!r})")
        chosen = read_loss(loss, architecture.output)
        graph = self.batch_graph if batch else self.graph
        of = graph.logits if chosen.of_logits else graph.output
        y = _target(graph)
        value = mean(chosen.batch(of, y), architecture.samples) if batch else chosen.sample(of, y)
        name = "L" if "L" not in architecture.size_names else None
        return Derivation(derive(value, self._variables(wrt, graph), name), Layout(orientation="denominator"))

    def _variables(self, wrt: Any, graph: Graph) -> list[Symbol]:
        known: dict[str, Symbol] = {graph.input.name: graph.input, **self.architecture.parameters}
        names = list(self.architecture.parameters) if wrt is None else wrt if isinstance(wrt, list | tuple) else [wrt]
        names = [str(name) for name in names]
        for name in names:
            if name not in known:
                raise DomainError(f"{name!r} is no parameter{suggestion(name, list(known))}; there are {', '.join(known)}")
        return [known[name] for name in names]

    def prove_batch(self) -> bool:
        """Prove that every row of the batch form is the single-input form of that row, for all sizes.

        >>> from symjac.networks import Network
        >>> Network(["n0", "n1", "n2", 1], activation="tanh").prove_batch()
        True
        """
        return bool(rows_are_samples(self.architecture))


def _target(graph: Graph) -> Symbol:
    """Return what the output of a network is compared with: y, or Y for a batch."""
    return symbol("Y" if graph.is_batch else "y", *graph.output.shape)
