"""Every file in derivations/ is short mathematics whose results by hand are proved, and what the notes print comes out."""

from __future__ import annotations

import shutil
import warnings
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import sympy

from symjac import Derivation
from symjac.cli.exhibit import Exhibit, Finding, load
from symjac.cli.judge import judge
from symjac.cli.pages import page, terminal_page
from symjac.explicit import ExplicitDerivation
from symjac.nodes.build import product, replace
from symjac.numerical import numerical_jacobian
from symjac.points import random_point, size_names, small_sizes
from symjac.read.from_sympy import from_sympy

HERE = Path(__file__).parents[1] / "derivations"
FILES = sorted(HERE.glob("*.py"))
ROWS = {
    *("partials_and_jacobian", "chain_rule", "linear_map", "affine_map", "least_squares", "normal_equations"),
    *("matrix_by_matrix", "matrix_vector_by_matrix", "gram_matrix", "batch_identity", "linear_collapse"),
    *("one_hidden_layer", "two_hidden_layers", "backpropagation", "batch_form", "feature_matrix", "linearisation"),
    *(
        "neuron",
        "activations",
        "principal_features",
        "not_gate",
        "forward_pass",
        "xor",
        "parameter_counts",
        "zero_centred",
        "column_space",
    ),
}
MAX_LINES = 42

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@cache
def exhibit(name: str) -> Exhibit:
    return load(HERE / f"{name}.py")


@cache
def finding(name: str) -> Finding:
    return exhibit(name).verdict()


def test_every_row_has_a_file() -> None:
    assert {path.stem for path in FILES} >= ROWS


@each_file
def test_file_is_short_mathematics(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) < MAX_LINES
    assert "print(" not in source
    assert "__main__" not in source
    module = exhibit(path.stem).module
    assert module.__doc__
    assert hasattr(module, "derivation")
    assert hasattr(module, "by_hand")


@each_file
def test_by_hand_is_proved(path: Path) -> None:
    found = finding(path.stem)
    assert found, found.problems
    claims = [claim for outcome in found.outcomes for claim in outcome.claims] + [found.identity]
    assert len(claims) > 1
    for claim in filter(None, claims):
        assert claim.judgement.words.startswith(("proved equal", "equal to every digit")), claim
    assert all(number.judgement is None or number.judgement.words.startswith("equal") for number in found.numbers)


DRAWN = {
    *("neuron", "one_hidden_layer", "two_hidden_layers", "activations", "backpropagation", "feature_matrix"),
    *("principal_features", "linearisation", "not_gate", "forward_pass", "xor", "zero_centred", "column_space"),
    *("linear_collapse", "parameter_counts", "gram_matrix", "gram_matrix_row_first", "matrix_vector_by_matrix"),
}
MOST_CHARACTERS = 300_000


@each_file
def test_pictures_are_light_and_warn_of_nothing(path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = exhibit(path.stem).pictures
    assert bool(drawn) is (path.stem in DRAWN)
    for picture in drawn:
        assert len(picture.svg) < MOST_CHARACTERS
        assert picture.words


@each_file
def test_renders(path: Path) -> None:
    show, found = exhibit(path.stem), finding(path.stem)
    assert terminal_page(show, found).startswith(f"{show.title}\n====")
    assert page(show, found, "tex").rstrip().endswith(r"\end{document}")
    html = page(show, found, "html")
    assert "<math" in html
    assert "\\frac" not in html
    assert "In NumPy" in html or path.stem in ("chain_rule", "normal_equations")


@each_file
def test_a_wrong_result_by_hand_is_caught(path: Path, tmp_path: Path) -> None:
    """Double what was found by hand: of everything in the file, the claims about it alone are refuted."""
    wrong = tmp_path / path.name
    shutil.copytree(HERE / "data", tmp_path / "data")
    wrong.write_text(path.read_text(encoding="utf-8") + DOUBLED, encoding="utf-8")
    found = load(wrong).verdict()
    assert not found
    assert "not equal: " in found.problems
    assert "by hand" in found.problems


DOUBLED = """

def doubled(claim):
    if isinstance(claim, dict):
        return {name: doubled(value) for name, value in claim.items()}
    if isinstance(claim, (tuple, list)):
        return type(claim)(map(doubled, claim))
    return f"{claim}9" if isinstance(claim, str) else 2 * claim


by_hand = doubled(by_hand)
"""


@each_file
def test_numpy_function_agrees_with_differences(path: Path) -> None:
    for derivation in exhibit(path.stem).derived:
        if isinstance(derivation, Derivation):
            compare_with_differences(derivation)
        elif isinstance(derivation, ExplicitDerivation):
            assert derivation.check()


def compare_with_differences(derivation: Derivation) -> None:
    record = derivation.record
    nodes = (record.expression, *record.variables, *record.jacobians)
    point = random_point(nodes, 5, small_sizes(size_names(nodes), 0), positive=True)
    computed = derivation.in_layout(type(derivation.layout)()).lambdify()(
        **{name: point.values[name] for name in derivation.arguments}
    )
    expected = [numerical_jacobian(record.expression, variable, point) for variable in record.variables]
    np.testing.assert_allclose(computed, np.hstack([one.value for one in expected]), atol=1e-6)


# What the notes print


def entries(name: str, sizes: dict[str, int], which: int = 0) -> sympy.Matrix:
    return exhibit(name).derived[which].explicit(sizes)


def test_linear_map() -> None:
    assert exhibit("linear_map").module.derivation.matrix == sympy.MatrixSymbol("A", *exhibit("linear_map").module.A.shape)


def test_gram_matrix_is_the_notes_four_by_six() -> None:
    A = sympy.MatrixSymbol("A", 3, 2)
    (a11, a12), (a21, a22), (a31, a32) = A.as_explicit().tolist()
    notes = sympy.Matrix(
        [
            [2 * a11, 0, 2 * a21, 0, 2 * a31, 0],
            [a12, a11, a22, a21, a32, a31],
            [a12, a11, a22, a21, a32, a31],
            [0, 2 * a12, 0, 2 * a22, 0, 2 * a32],
        ]
    )
    assert entries("gram_matrix_row_first", {"M": 3, "N": 2}) == notes
    assert entries("gram_matrix", {"M": 3, "N": 2}) == notes[:, [0, 2, 4, 1, 3, 5]]


def test_matrix_vector_in_both_layouts() -> None:
    x1, x2 = sympy.MatrixSymbol("x", 2, 1).as_explicit()
    column_first, row_first = (entries("matrix_vector_by_matrix", {"M": 2, "N": 2}, which) for which in (0, 1))
    assert column_first == sympy.Matrix([[x1, 0, x2, 0], [0, x1, 0, x2]])
    assert row_first == sympy.Matrix([[x1, x2, 0, 0], [0, 0, x1, x2]])


def test_least_squares_multiplies_a_row_by_a_matrix() -> None:
    outer, inner, whole = exhibit("least_squares").derived
    N, D = inner.shape
    assert (outer.shape, inner.shape, whole.shape) == ((1, N), (N, D), (1, D))
    e, residuals = from_sympy(exhibit("least_squares").module.e), inner.record.expression
    chained = product(replace(outer.node, {e: residuals}), inner.node)
    assert judge(chained, whole.node).words == "proved equal for all sizes"


def test_chain_rule_has_the_notes_shapes() -> None:
    found = exhibit("chain_rule").module.derivation
    assert found.shapes == ((1, 2), (1, 3), (3, 2))
    assert found.proved


def test_partials_at_a_point() -> None:
    assert exhibit("partials_and_jacobian").module.at_a_point == sympy.Matrix([[5, 0], [1, 0]])


def test_matrix_by_matrix_has_four_indices() -> None:
    rng = np.random.default_rng(0)
    A, X, B = rng.normal(size=(2, 3)), rng.normal(size=(3, 4)), rng.normal(size=(4, 5))
    tensor = exhibit("matrix_by_matrix").module.evaluate(A=A, X=X, B=B)
    np.testing.assert_allclose(tensor, np.einsum("ik,lj->ijkl", A, B), atol=1e-14)


def test_normal_equations_fit_the_tables() -> None:
    symbolic, houses, economy = exhibit("normal_equations").derived
    assert symbolic.condition == "rank Φ = D"
    assert houses.names == ("intercept", "living_area_sqft", "bedrooms")
    np.testing.assert_allclose(houses.theta, [89597.9095428, 139.21067402, -8738.01911233], rtol=1e-10)
    assert economy.rank == 7


def test_a_batch_is_the_same_in_rows_and_columns() -> None:
    rng = np.random.default_rng(0)
    X, W, b = rng.normal(size=(5, 3)), rng.normal(size=(2, 3)), rng.normal(size=2)
    np.testing.assert_allclose(X @ W.T + b, (W @ X.T + b[:, None]).T, atol=1e-14)
    assert finding("batch_identity").identity is not None
    assert finding("linear_collapse").identity is not None


# What the book chapter and the notebook say of networks


def numbers(name: str) -> dict[str, object]:
    return {number.words: number.value for number in finding(name).numbers}


def test_the_best_not_gate() -> None:
    assert numbers("not_gate")["best"] == (-5, 5)


def test_the_forward_pass_of_the_notes() -> None:
    np.testing.assert_allclose(numbers("forward_pass")["W a₀ + b"], [1.0, 1.75])


def test_counts_of_parameters() -> None:
    found = numbers("parameter_counts")
    assert found["parameters of [784, 256, 128, 10]"] == 235_146
    assert found["multiplications of its first layer"] == 200_704
    assert found["parameters of [2, 16, 16, 1]"] == 337


def test_xor_by_a_line_and_by_two_units() -> None:
    found = numbers("xor")
    np.testing.assert_allclose(found["the linear fit on the corners"], 0.5)
    np.testing.assert_array_equal(found["two ReLU units on the corners"], [0, 1, 1, 0])


def test_a_product_lies_in_the_column_space() -> None:
    found = numbers("column_space")
    assert (found["rank of W"], found["rank of W with Wx as a column more"]) == (2, 2)


def test_a_wrong_number_by_hand_is_caught(tmp_path: Path) -> None:
    wrong = tmp_path / "xor.py"
    source = (HERE / "xor.py").read_text(encoding="utf-8").replace("fit.losses[-1], 0.25)", "fit.losses[-1], 0.24)")
    wrong.write_text(source, encoding="utf-8")
    assert load(wrong).verdict().problems == "its mean squared error: not equal: by hand it is 0.24"
