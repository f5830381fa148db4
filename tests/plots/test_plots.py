"""Every picture shows the numbers it claims to show, warns of nothing, and draws on the Axes it is given."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")
from matplotlib import pyplot
from matplotlib.figure import Figure

import symjac as sj
from symjac import plots
from symjac.networks import Network

RNG = np.random.default_rng(5)
ONE = Network([1, 5, 1])
ONE_PARAMETERS = {**ONE.initialize(1), "b1": RNG.normal(size=5)}
PLANE = Network([2, 6, 4, 1])
PLANE_PARAMETERS = {**PLANE.initialize(2), "b1": RNG.normal(size=6)}
X = np.linspace(-3, 3, 301)
CLOUD, LABELS = RNG.normal(size=(40, 2)), [0] * 20 + [1] * 20
GRAM = sj.jacobian("A.T*A", "A", given="A: M x N")


def _principal() -> Any:
    return ONE.principal_features(X[:, None], ONE_PARAMETERS)


PICTURES: dict[str, tuple[int, Callable[[Any], Any]]] = {
    "diagram": (1, lambda ax: plots.network_diagram(Network([3, 12, 2]), Network([3, 12, 2]).initialize(0), ax=ax)),
    "activations": (2, lambda ax: plots.activations(["tanh", "relu", "softplus"], ax=ax)),
    "distributions": (1, lambda ax: plots.activation_distributions({"plane": PLANE}, PLANE_PARAMETERS, CLOUD, ax=ax)),
    "curves": (4, lambda ax: plots.parameter_derivatives(ONE, ONE_PARAMETERS, X, ax=ax)),
    "singular values": (1, lambda ax: plots.singular_values({"before": _principal(), "given": [3, 2, 1]}, ax=ax)),
    "principal features": (1, lambda ax: plots.principal_feature_curves(_principal(), X, ax=ax)),
    "cloud": (3, lambda ax: plots.layer_cloud(PLANE, PLANE_PARAMETERS, CLOUD, LABELS, layer=2, ax=ax)),
    "surface": (1, lambda ax: plots.decision_surface(PLANE, PLANE_PARAMETERS, X=CLOUD, labels=LABELS, ax=ax)),
    "linear": (2, lambda ax: plots.linear_against_relu((2, 4, 4, 1), ax=ax)),
    "half-spaces": (6, lambda ax: plots.half_spaces(PLANE, PLANE_PARAMETERS, ax=ax)),
    "structure": (1, lambda ax: plots.jacobian_structure(GRAM, {"M": 3, "N": 2}, ax=ax)),
}


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    pyplot.close("all")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_drawn_without_a_warning(name: str, tmp_path: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = PICTURES[name][1](None)
        figure = drawn if isinstance(drawn, Figure) else drawn.figure
        for kind in ("png", "svg", "pdf"):
            figure.savefig(tmp_path / f"picture.{kind}")
    assert (tmp_path / "picture.png").stat().st_size > 3000


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_drawn_where_it_is_told_to_be(name: str) -> None:
    count, draw = PICTURES[name]
    figure, given = pyplot.subplots(1, count, squeeze=False)
    drawn = draw(given[0] if count > 1 else given[0, 0])
    assert (drawn if isinstance(drawn, Figure) else drawn.figure) is figure
    assert all(axes.has_data() or axes.patches for axes in given[0])
    with pytest.raises(sj.DomainError, match="panel"):
        draw(pyplot.subplots(1, count + 1)[1])


@pytest.mark.parametrize("name", PICTURES)
def test_drawing_leaves_the_users_settings_alone(name: str) -> None:
    before = dict(matplotlib.rcParams)
    PICTURES[name][1](None)
    assert dict(matplotlib.rcParams) == before


def test_the_diagram_draws_a_line_for_every_weight_and_shortens_wide_layers() -> None:
    assert len(plots.network_diagram(Network([3, 4, 2])).lines) == 3 * 4 + 4 * 2
    wide = plots.network_diagram(Network([2, 100, 1]))
    assert len(wide.patches) == 2 + 7 + 1
    assert "$h^{(1)}_{100}$" in {text.get_text() for text in wide.texts}


def test_the_curves_are_the_columns_of_the_feature_matrix() -> None:
    figure = plots.parameter_derivatives(ONE, ONE_PARAMETERS, X)
    F = ONE.feature_matrix(X[:, None], ONE_PARAMETERS)
    drawn = [line for axes in figure.axes for line in axes.lines if str(line.get_label()).startswith("$")]
    assert len(drawn) == ONE.n_parameters
    for line, column in zip(drawn, F.T, strict=True):
        np.testing.assert_array_equal(line.get_ydata(), column)


def test_kinks_are_where_units_switch() -> None:
    figure = plots.parameter_derivatives(ONE, ONE_PARAMETERS, X)
    (marks,) = (line for line in figure.axes[0].lines if line.get_marker() == "|")
    switches = np.sort(-ONE_PARAMETERS["b1"] / ONE_PARAMETERS["W1"][:, 0])
    np.testing.assert_allclose(marks.get_xdata(), switches[abs(switches) < 3], atol=1e-9)


def test_a_smooth_network_has_no_kinks() -> None:
    smooth = Network([1, 5, 1], "tanh")
    figure = plots.parameter_derivatives(smooth, ONE_PARAMETERS, X)
    (marks,) = (line for line in figure.axes[0].lines if line.get_marker() == "|")
    assert len(marks.get_xdata()) == 0


def test_names_of_entries_follow_the_layout() -> None:
    def names(layout: sj.Layout) -> list[str]:
        network = Network([1, 2, 2, 1], layout=layout)
        axes = plots.parameter_derivatives(network, network.initialize(0), X).axes[2]
        return [line.get_label() for line in axes.lines if str(line.get_label()).startswith("$")]

    assert [name[-4:-2] for name in names(sj.Layout())] == ["11", "21", "12", "22"]
    assert [name[-4:-2] for name in names(sj.Layout(wrt="row"))] == ["11", "12", "21", "22"]


def test_the_cloud_shows_pre_activations_and_activations() -> None:
    figure = plots.layer_cloud(PLANE, PLANE_PARAMETERS, CLOUD)
    Z = CLOUD @ PLANE_PARAMETERS["W1"].T + PLANE_PARAMETERS["b1"]
    for axes, points in zip(figure.axes, (CLOUD, Z, np.maximum(Z, 0)), strict=True):
        np.testing.assert_allclose(axes.collections[0].get_offsets(), points[:, :2])


def test_linear_layers_have_a_flat_surface_and_relu_layers_do_not() -> None:
    parameters = Network([2, 4, 4, 1]).initialize(0)
    grid = RNG.normal(size=(30, 2))
    design = np.column_stack([grid, np.ones(30)])
    gaps = []
    for activation in ("identity", "relu"):
        values = Network([2, 4, 4, 1], activation).forward(grid, parameters)
        gaps.append(np.abs(design @ np.linalg.lstsq(design, values, rcond=None)[0] - values).max())
    assert gaps[0] < 1e-12 < 1e-2 < gaps[1]


def test_the_structure_is_that_of_the_jacobian_in_every_layout() -> None:
    A = RNG.normal(size=(3, 2))
    for layout in (sj.Layout(), sj.Layout(wrt="row"), sj.Layout(of="row", orientation="denominator")):
        d = GRAM.in_layout(layout)
        axes = plots.jacobian_structure(d, {"M": 3, "N": 2})
        np.testing.assert_array_equal(axes.images[0].get_array() != 0, d.lambdify()(A=A) != 0)
    rows = [label.get_text() for label in axes.get_yticklabels()]
    assert rows == [f"$A_{{{i}{j}}}$" for j in (1, 2) for i in (1, 2, 3)]


def test_activations_are_drawn_with_their_limits() -> None:
    values, slopes = plots.activations(["sigmoid"]).axes
    curve, *limits = values.lines
    t = curve.get_xdata()
    np.testing.assert_allclose(curve.get_ydata(), 1 / (1 + np.exp(-t)))
    assert sorted(line.get_ydata()[0] for line in limits) == [0, 1]
    np.testing.assert_allclose(slopes.lines[0].get_ydata(), np.exp(-t) / (1 + np.exp(-t)) ** 2)


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (lambda: plots.network_diagram(Network(["n0", 3, 1])), "sizes that are numbers"),
        (lambda: plots.parameter_derivatives(PLANE, PLANE_PARAMETERS, X), "2"),
        (lambda: plots.parameter_derivatives(ONE, ONE_PARAMETERS, [0, np.nan]), "no finite numbers"),
        (lambda: plots.decision_surface(ONE, ONE_PARAMETERS), "two inputs and one output"),
        (lambda: plots.half_spaces(ONE, ONE_PARAMETERS), "two inputs"),
        (lambda: plots.singular_values({}), "no singular values"),
        (lambda: plots.principal_feature_curves(_principal(), X[:5]), "301 rows"),
        (lambda: plots.layer_cloud(PLANE, PLANE_PARAMETERS, CLOUD, LABELS[:3]), "40 points and 3 labels"),
        (lambda: plots.layer_cloud(PLANE, PLANE_PARAMETERS, CLOUD, layer=9), "layers are 1 to 3"),
        (lambda: plots.activations(["tahn"]), "unknown"),
        (lambda: plots.jacobian_structure(sj.jacobian("A*x", ["A", "x"], given="A: M x N, x: N")), "draw one"),
    ],
)
def test_a_mistake_gets_a_sentence(draw: Callable[[], Any], says: str) -> None:
    with pytest.raises(sj.SymjacError, match=says):
        draw()
