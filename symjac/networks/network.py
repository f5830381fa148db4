"""sj.Network: one network as mathematics and as NumPy functions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from symjac.compile.chunked import is_dask
from symjac.errors import DomainError
from symjac.evaluate import Array, size_value
from symjac.layout import Layout, checked_layout
from symjac.networks.activations import read_activation, read_output
from symjac.networks.architecture import (
    Architecture,
    ShapeTable,
    parameter_slices,
    plain,
    read_sizes,
    shape_table,
)
from symjac.networks.chunked import by_rows
from symjac.networks.data import Parameters, check_chunked, checked_parameters, samples, sizes_of
from symjac.networks.functions import Functions, forward
from symjac.networks.linear import Linearization
from symjac.networks.losses import read_loss
from symjac.networks.spectrum import PrincipalFeatures, principal_features
from symjac.networks.symbolic import SymbolicNetwork
from symjac.networks.training import DESCENT, LAST_LAYER, METHODS, Training, descend, fit_last_layer, problem


class Network(SymbolicNetwork):
    """A feed-forward network h = σ(Wh + b) with sizes [n₀, …, n_L], numbers or names.

    >>> net = Network([4, 8, 4, 1])
    >>> p = net.initialize(seed=0)
    >>> net.n_parameters, net.forward(np.ones((16, 4)), p).shape
    (81, (16, 1))

    `activation` is that of the hidden layers, `output` that of the last: identity, relu, tanh, sigmoid, softplus, sin, cos,
    exp, a SymPy expression in one symbol, or a pair of a name and such an expression; the output may be softmax. Parameters
    are a dictionary W1 (n₁, n₀), b1 (n₁,), W2, …; samples are rows. `layout.wrt` says how W is laid out among columns.
    Raises DomainError for sizes and activations that are none. ReLU′(0) = 0.
    """

    def __init__(self, sizes: Any, activation: Any = "relu", output: Any = "identity", layout: Layout | None = None) -> None:
        architecture = Architecture(read_sizes(sizes), read_activation(activation), read_output(output))
        super().__init__(architecture, checked_layout(layout))
        self._functions: dict[str, Functions] = {}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], activation: Any = "relu", output: Any = "identity") -> Network:
        """Return the network that has these parameters.

        >>> Network.from_parameters({"W1": np.ones((3, 2)), "b1": np.zeros(3), "W2": np.ones((1, 4)), "b2": [0]})
        Traceback (most recent call last):
            ...
        symjac.errors.ShapeError: layer 2: W2 is (1, 4) and takes 4 inputs, but layer 1 gives 3: W1 is (3, 2)
        """
        depth = max(1, sum(str(name).startswith("W") for name in parameters))
        like = Architecture(read_sizes([f"n_{k}" for k in range(depth + 1)]), None, None)
        return cls(sizes_of(checked_parameters(like, parameters)), activation, output)

    def __repr__(self) -> str:
        ends = (self.architecture.activation, self.architecture.output)
        named = (end if isinstance(end, str) else end.name if end is not None else "identity" for end in ends)
        return "Network([{}], activation={!r}, output={!r})".format(", ".join(map(str, self.architecture.sizes)), *named)

    # Shapes and numbers

    def shapes(self) -> ShapeTable:
        """Return the shapes of every layer, with parameters and multiplications counted; printed, it is a table."""
        return shape_table(self.architecture)

    @property
    def n_parameters(self) -> Any:
        """The number of parameters d; a polynomial where sizes are names."""
        return plain(sum(layer.n_out * (layer.n_in + 1) for layer in self.architecture.layers))

    @property
    def parameter_slices(self) -> dict[str, slice]:
        """The columns of each parameter in a feature matrix.

        >>> Network([2, 3, 1]).parameter_slices["b1"]
        slice(6, 9, None)
        """
        return parameter_slices(self.architecture)

    def initialize(self, seed: int = 0, sizes: Mapping[str, int] | None = None) -> Parameters:
        """Return parameters: weights of standard deviation √(2/n_in) (He et al., 2015), biases 0.

        `sizes` are numbers for sizes that are names.
        """
        given = dict(sizes or {})
        architecture = self.architecture
        if any(name not in given for name in architecture.size_names):
            architecture.numbers()
        if isinstance(seed, bool) or not hasattr(seed, "__index__") or seed < 0:
            raise DomainError(f"seed={seed!r}: it is a whole number, 0 or more")
        rng = np.random.default_rng(seed)
        found: Parameters = {}
        for layer in architecture.layers:
            n_out, n_in = (size_value(n, given) for n in (layer.n_out, layer.n_in))
            found[layer.weight] = rng.normal(size=(n_out, n_in)) * np.sqrt(2 / n_in)
            found[layer.bias] = np.zeros(n_out)
        return found

    def forward(self, X: Any, parameters: Mapping[str, Any], return_intermediates: bool = False) -> Any:
        """Return the outputs (n_out,) for one input (n_in,), (B, n_out) for a batch (B, n_in).

        With `return_intermediates` a pair: the outputs, and a dictionary of z1, h1, z2, …. A Dask array gives Dask arrays.
        """
        p = checked_parameters(self.architecture, parameters)
        n_in, *widths = sizes_of(p)
        if is_dask(X):
            X = check_chunked(X, n_in)
            kept = {
                f"{kind}{k}": by_rows(partial(self._intermediate, p, f"{kind}{k}"), X, width)
                for k, width in enumerate(widths, start=1)
                for kind in "zh"
            }
            outputs = kept[f"h{len(widths)}"]
        else:
            array, alone = samples(X, n_in)
            outputs, kept = forward(self.architecture, array, p)
            if alone:
                outputs, kept = outputs[0], {name: value[0] for name, value in kept.items()}
        return (outputs, kept) if return_intermediates else outputs

    def _intermediate(self, parameters: Parameters, name: str, X: Array) -> Array:
        """Return one z or h of a chunk."""
        found: Array = forward(self.architecture, samples(X, sizes_of(parameters)[0])[0], parameters)[1][name]
        return found

    # Features

    def feature_matrix(self, X: Any, parameters: Mapping[str, Any], layout: Layout | None = None) -> Any:
        """Return F, F_ji = ∂ŷ/∂θ_i(x_j), one row for each sample and one column for each parameter: W1, b1, W2, ….

        >>> net = Network([1, 2, 1])
        >>> net.feature_matrix([[1.0], [-1.0]], {"W1": [[1], [2]], "b1": [0, 0], "W2": [[3, 4]], "b2": [0]})
        array([[ 3.,  4.,  3.,  4.,  1.,  2.,  1.],
               [-0., -0.,  0.,  0.,  0.,  0.,  1.]])

        With several outputs there are n·n_out rows, the outputs of a sample one below the other. A Dask array, chunked along
        the samples, gives a Dask array. The result is in column-major order: a column is a function of the input.
        """
        p = checked_parameters(self.architecture, parameters)
        n_in, *_, n_out = sizes_of(p)
        functions = self._compiled(checked_layout(layout or self.layout).wrt)
        if is_dask(X):
            width = sum(value.size for value in p.values())
            X = check_chunked(X, n_in)
            return by_rows(lambda part: functions.features(samples(part, n_in)[0], p), X, width, n_out)
        return functions.features(samples(X, n_in)[0], p)

    def _compiled(self, wrt: str) -> Functions:
        if wrt not in self._functions:
            self._functions[wrt] = Functions(self.architecture, wrt)
        return self._functions[wrt]

    def principal_features(
        self, X: Any, parameters: Mapping[str, Any], count: int | None = None, layout: Layout | None = None
    ) -> PrincipalFeatures:
        """Return the singular value decomposition of the feature matrix: U, σ, V, the principal features UΣ, ranks."""
        return principal_features(self.feature_matrix(X, parameters, layout), count)

    def linearize(self, X: Any, parameters: Mapping[str, Any]) -> Linearization:
        """Return the network as a linear function of a change Δ of its parameters: ŷ + FΔ."""
        p = checked_parameters(self.architecture, parameters)
        array, _ = samples(X, sizes_of(p)[0])
        outputs, _ = forward(self.architecture, array, p)
        F = self._compiled(self.layout.wrt).features(array, p)
        return Linearization(self.architecture, array, p, outputs, F, self.layout.wrt)

    # Training

    def fit(
        self,
        X: Any,
        y: Any,
        parameters: Mapping[str, Any] | None = None,
        *,
        loss: str = "squared error",
        method: str = DESCENT,
        rate: float = 0.01,
        steps: int = 1000,
        seed: int = 0,
        progress: bool = False,
    ) -> Training:
        """Fit the parameters to samples X and targets y, from given ones or from `initialize(seed)`.

        >>> xor = Network([2, 1]).fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], method="least squares")
        >>> np.round(xor.parameters["b1"], 12), np.abs(xor.parameters["W1"]).max() < 1e-12
        (array([0.5]), np.True_)

        "gradient descent" takes `steps` steps down the derived gradient of the mean loss; "least squares" fits the last
        layer alone. `progress` shows a bar on the error stream. X and y may be Dask arrays, chunked along the samples.
        """
        if method not in METHODS:
            raise DomainError(f"method={method!r}: the methods are {', '.join(METHODS)}")
        chosen = read_loss(loss, self.architecture.output)
        given = self.initialize(seed) if parameters is None else parameters
        p = {name: value.astype(float) for name, value in checked_parameters(self.architecture, given).items()}
        n_in, *_, n_out = sizes_of(p)
        data = problem(X, y, n_in, n_out, chosen)
        if not data.count:
            raise DomainError("X has no rows: there is no sample to fit to")
        if method == LAST_LAYER:
            return fit_last_layer(self.architecture, data, p, chosen)
        return descend(self._compiled(self.layout.wrt), data, p, chosen, rate, steps, progress)
