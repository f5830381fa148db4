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
LINEAR = ONE.linearize(X[::10, None], ONE_PARAMETERS)
CHANGE = RNG.normal(size=16)
GRAM = sj.jacobian("A.T*A", "A", given="A: M x N")


def _principal() -> Any:
    return ONE.principal_features(X[:, None], ONE_PARAMETERS)


FLAT = Network([2, 1])
SURFACES = {"deep": (PLANE, PLANE_PARAMETERS), "flat": (FLAT, {"W1": [[0, 0]], "b1": [0]})}

PICTURES: dict[str, tuple[int, Callable[[Any], Any]]] = {
    "diagram": (1, lambda ax: plots.network_diagram(Network([3, 12, 2]), Network([3, 12, 2]).initialize(0), ax=ax)),
    "diagrams": (3, lambda ax: plots.network_diagrams([ONE, PLANE, Network(["n", "width"])], ax=ax)),
    "activations": (2, lambda ax: plots.activations(["tanh", "relu", "softplus"], ax=ax)),
    "distributions": (1, lambda ax: plots.activation_distributions({"plane": PLANE}, PLANE_PARAMETERS, CLOUD, ax=ax)),
    "curves": (4, lambda ax: plots.parameter_derivatives(ONE, ONE_PARAMETERS, X, ax=ax)),
    "singular values": (1, lambda ax: plots.singular_values({"before": _principal(), "given": [3, 2, 1]}, ax=ax)),
    "principal features": (1, lambda ax: plots.principal_feature_curves(_principal(), X, ax=ax)),
    "cloud": (3, lambda ax: plots.layer_cloud(PLANE, PLANE_PARAMETERS, CLOUD, LABELS, layer=2, ax=ax)),
    "surface": (1, lambda ax: plots.decision_surface(PLANE, PLANE_PARAMETERS, X=CLOUD, labels=LABELS, ax=ax)),
    "surfaces": (2, lambda ax: plots.decision_surfaces(SURFACES, X=CLOUD, labels=LABELS, ax=ax)),
    "outputs": (1, lambda ax: plots.output_curves(ONE, {"one": ONE_PARAMETERS}, X, [0, 1], [1, 0], ax=ax)),
    "error": (1, lambda ax: plots.linearization_error(LINEAR, CHANGE, ax=ax)),
    "columns": (1, lambda ax: plots.column_space([[1, 2], [0, 0]], [2, -1], {"$v$": [1, 1]}, ax=ax)),
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
    assert len(wide.collections) == 2 + 7 + 1
    assert "$h^{(1)}_{100}$" in {text.get_text() for text in wide.texts}


def test_layers_whose_size_is_a_name_show_the_first_the_second_and_the_last_neuron() -> None:
    named = plots.network_diagram(Network(["n", "width", 1]))
    assert [text.get_text() for text in named.texts if text.get_position()[1] > -1][2:] == [
        *("$x_{1}$", "$x_{2}$", r"$\vdots$", "$x_{n}$"),
        *("$h^{(1)}_{1}$", "$h^{(1)}_{2}$", r"$\vdots$", "$h^{(1)}$"),
        r"$\hat{y}$",
    ]
    filled = plots.network_diagram(Network(["n", "width", 1]), Network([2, 4, 1]).initialize(0))
    assert len(filled.lines) == 2 * 4 + 4


def test_the_width_of_a_line_is_that_of_the_weight() -> None:
    axes = plots.network_diagram(Network([2, 1]), {"W1": [[2, -1]], "b1": [0]})
    strong, weak = axes.lines
    assert strong.get_linewidth() > weak.get_linewidth()
    assert (strong.get_linestyle(), weak.get_linestyle()) == ("-", "--")


def test_the_error_of_linearising_is_drawn_as_it_is() -> None:
    axes = plots.linearization_error(LINEAR, CHANGE, halvings=12)
    slope, *points = axes.lines
    drawn = np.sort(np.concatenate([line.get_ydata() for line in points]))
    np.testing.assert_allclose(drawn, np.sort(LINEAR.gaps(CHANGE, 12)))
    assert [line.get_label() for line in points] == ["error", "error, a unit switches"]
    x, y = slope.get_xdata(), slope.get_ydata()
    np.testing.assert_allclose(np.diff(np.log(y)) / np.diff(np.log(x)), 2)
    smooth = Network([1, 5, 1], "tanh").linearize(X[::10, None], ONE_PARAMETERS)
    assert len(plots.linearization_error(smooth, CHANGE).lines) == 2


def test_output_curves_are_outputs() -> None:
    curve, wanted = plots.output_curves(ONE, {"one": ONE_PARAMETERS}, X, [0, 1], [1, 0]).lines
    np.testing.assert_array_equal(curve.get_ydata(), ONE.forward(X[:, None], ONE_PARAMETERS)[:, 0])
    assert (wanted.get_xdata().tolist(), wanted.get_ydata().tolist()) == ([0, 1], [1, 0])


def test_surfaces_share_their_scale_and_a_flat_one_has_no_line() -> None:
    deep, flat, _ = plots.decision_surfaces(SURFACES).axes
    filled, line = deep.collections
    (even,) = flat.collections
    assert (filled.levels == even.levels).all()
    assert line.levels == [0]
    assert np.abs(filled.levels).max() == pytest.approx(np.abs(filled.get_array()).max(), rel=0.2)
    half = plots.decision_surface(FLAT, {"W1": [[1e-17, -1e-17]], "b1": [0.5]}, level=0.5)
    assert len(half.collections) == 1


def test_the_column_space_holds_the_product_and_the_foot_of_the_dashed_line() -> None:
    W, x, v = np.array([[1.0, 2], [0, 1], [1, 0]]), np.array([3, -1]), np.array([1.0, 1, 1])
    axes = plots.column_space(W, x, {"$v$": v})
    lines = [np.array(line.get_data_3d()) for line in axes.lines]
    np.testing.assert_allclose(lines[0][:, -1], W @ x)
    foot = lines[-1][:, 1]
    assert np.linalg.matrix_rank(np.column_stack([W, foot])) == 2
    np.testing.assert_allclose(W.T @ (v - foot), 0, atol=1e-12)
    assert len(axes.collections) == 1
    assert not plots.column_space(np.eye(3), x[[0, 0, 1]]).collections


def test_the_curves_are_the_columns_of_the_feature_matrix() -> None:
    figure = plots.parameter_derivatives(ONE, ONE_PARAMETERS, X)
    F = ONE.feature_matrix(X[:, None], ONE_PARAMETERS)
    kinks = np.sum(np.abs(ONE_PARAMETERS["b1"] / ONE_PARAMETERS["W1"][:, 0]) < 3)
    drawn = [line for axes in figure.axes for line in axes.lines if str(line.get_label()).startswith("$")]
    assert len(drawn) == ONE.n_parameters
    for line, column in zip(drawn, F.T, strict=True):
        x, y = line.get_xdata(), line.get_ydata()
        np.testing.assert_array_equal(y[np.isin(x, X)], column)
        assert np.isnan(y).sum() == kinks
        assert np.abs(np.diff(y)[np.diff(x) > 1e-6]).max() < 0.2


def test_parameters_say_what_names_of_sizes_amount_to() -> None:
    named = Network(["n", "width", 1])
    drawn, expected = (plots.parameter_derivatives(network, ONE_PARAMETERS, X) for network in (named, ONE))
    assert [axes.get_title() for axes in drawn.axes] == [axes.get_title() for axes in expected.axes]
    assert [len(axes.lines) for axes in drawn.axes] == [len(axes.lines) for axes in expected.axes]
    plane = Network(["n", 6, 4, "k"])
    assert plots.decision_surface(plane, PLANE_PARAMETERS).has_data()
    assert len(plots.half_spaces(plane, PLANE_PARAMETERS).axes) == 6
    assert plots.output_curves(named, {"one": ONE_PARAMETERS}, X).lines


def test_a_new_figure_says_what_it_shows() -> None:
    for _, draw in PICTURES.values():
        drawn = draw(None)
        assert str((drawn if isinstance(drawn, Figure) else drawn.figure).get_label())


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


def test_pairs_of_spectra_are_before_and_after() -> None:
    axes = plots.singular_values({"width 5": (_principal(), _principal()), "given": ([2, 1], [3, 1e-20])})
    before, after, first, second = axes.lines
    assert (before.get_linestyle(), after.get_linestyle()) == ("--", "-")
    assert (len(first.get_xdata()), len(second.get_xdata())) == (2, 1)
    rank = f"{_principal().effective_rank():.1f}"
    words = [text.get_text() for text in axes.get_legend().get_texts()]
    assert words == [f"width 5, effective rank {rank} → {rank}", "given"]


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
        (lambda: plots.network_diagram(PLANE, {**PLANE_PARAMETERS, "W2": np.ones((4, 5))}), "layer 2: W2 is"),
        (lambda: plots.network_diagram(PLANE, {}), "W1, b1, W2, b2, W3, b3 are missing"),
        (lambda: plots.network_diagrams([]), "no network"),
        (lambda: plots.parameter_derivatives(PLANE, PLANE_PARAMETERS, X), "one input and one output"),
        (lambda: plots.parameter_derivatives(ONE, ONE_PARAMETERS, [0, np.nan]), "no finite numbers"),
        (lambda: plots.decision_surface(ONE, ONE_PARAMETERS), "two inputs and one output"),
        (lambda: plots.decision_surfaces({}), "no network"),
        (lambda: plots.output_curves(PLANE, {"one": PLANE_PARAMETERS}, X), "one input and one output"),
        (lambda: plots.output_curves(ONE, {"one": ONE_PARAMETERS}, X, [0, 1], [0]), "2 points X and 1 targets y"),
        (lambda: plots.output_curves(ONE, {}, X), "no parameters"),
        (lambda: plots.linearization_error(LINEAR, np.zeros(16)), "some of the errors are 0"),
        (lambda: plots.linearization_error(LINEAR, np.ones(3)), "16 parameters"),
        (lambda: plots.column_space(np.eye(4), [1, 2, 3, 4]), "2 or 3 rows"),
        (lambda: plots.column_space(np.eye(2), [1, 2, 3]), "as many columns"),
        (lambda: plots.column_space(np.eye(2), [1, 2], {"v": [1, 2, 3]}), "v has 3 entries"),
        (lambda: plots.column_space(np.eye(3), [1, 2, 3], ax=pyplot.subplots()[1]), "projection='3d'"),
        (lambda: plots.half_spaces(ONE, ONE_PARAMETERS), "two inputs"),
        (lambda: plots.singular_values({}), "no singular values"),
        (lambda: plots.principal_feature_curves(_principal(), X[:5]), "301 rows"),
        (lambda: plots.layer_cloud(PLANE, PLANE_PARAMETERS, CLOUD, LABELS[:3]), "40 points and 3 labels"),
        (lambda: plots.layer_cloud(PLANE, PLANE_PARAMETERS, CLOUD, layer=9), "layers are 1 to 3"),
        (lambda: plots.activations(["tahn"]), "unknown; did you mean tanh?"),
        (lambda: plots.activations([]), "no activation"),
        (lambda: plots.activation_distributions(PLANE, PLANE_PARAMETERS, CLOUD), "networks are a dictionary"),
        (lambda: plots.network_diagram([2, 3]), "what is drawn is a Network, not list"),
        (lambda: plots.network_diagram(PLANE, ax="here"), "this picture has 1 panel; ax is str"),
        (lambda: plots.parameter_derivatives(ONE, ONE_PARAMETERS, []), "x is empty"),
        (lambda: plots.singular_values([3, 2, 1]), "in a dictionary, not list"),
        (lambda: plots.singular_values({"F": np.eye(3)}), r"F is \(3, 3\); singular values are a vector"),
        (lambda: plots.principal_feature_curves(np.eye(3), [1, 2, 3]), "what net.principal_features gives"),
        (lambda: plots.principal_feature_curves(_principal(), X, count=0), "count=0"),
        (lambda: plots.layer_cloud(PLANE, PLANE_PARAMETERS, CLOUD, layer="one"), "layers are 1 to 3"),
        (lambda: plots.decision_surface(PLANE, PLANE_PARAMETERS, span=(3, -3)), "a pair of numbers, from and to"),
        (lambda: plots.decision_surfaces({"plane": PLANE}), "with its parameters, as a pair"),
        (lambda: plots.linearization_error(ONE, CHANGE), "what net.linearize gives"),
        (lambda: plots.jacobian_structure("A*x"), "a Derivation, as jacobian gives it"),
        (lambda: plots.jacobian_structure(sj.jacobian("A*x", ["A", "x"], given="A: M x N, x: N")), "draw one"),
    ],
)
def test_a_mistake_gets_a_sentence(draw: Callable[[], Any], says: str) -> None:
    with pytest.raises(sj.SymjacError, match=says):
        draw()
