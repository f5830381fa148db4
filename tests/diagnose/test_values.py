"""A worked number, and the input that would explain it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from symjac.diagnose import ValueCase, explain_value, explanations
from symjac.evaluate import Array

W = np.array([[-2.0, 4, -1], [6, 0, -3]])
B = np.array([[0.1], [0.25]])
A0 = np.array([[0.3], [0.4], [0.1]])
INPUTS = {"W": W, "a": A0, "b": B}


def affine(v: Mapping[str, Array]) -> Array:
    return np.asarray(v["W"] @ v["a"] + v["b"])


def activated(v: Mapping[str, Array]) -> Array:
    return np.tanh(affine(v))


def test_the_notes_slip_is_found() -> None:
    (found,) = explain_value(ValueCase(affine, INPUTS, np.array([[1.0], [-1.0]]), np.full((2, 1), 0.05)))
    assert found.message == "Entry 2 should be 1.75, not −1; b₂ = −2.5 would explain it."
    assert (found.kind, found.entries, found.expected, found.given) == ("value", ((2, 1),), "1.75", "−1")


def test_rounded_numbers_are_explained_to_their_digits() -> None:
    (found,) = explain_value(ValueCase(activated, INPUTS, np.array([[0.76], [-0.76]]), np.full((2, 1), 0.005)))
    assert "b₂ = −2.5 would explain it" in found.message


def test_what_is_right_needs_no_explanation() -> None:
    right = affine(INPUTS)
    assert explain_value(ValueCase(affine, INPUTS, right)) == ()
    rounded = np.array([[0.76], [0.94]])
    assert explain_value(ValueCase(activated, INPUTS, rounded, np.full((2, 1), 0.005))) == ()


def test_what_no_single_input_explains_is_not_explained() -> None:
    case = ValueCase(affine, INPUTS, np.array([[17.77], [-1.0034567]]))
    assert explanations(case) == []
    (found,) = explain_value(case)
    assert found.kind == "value"
    assert found.message.startswith("2 entries are wrong")


@pytest.mark.parametrize("seed", range(8))
def test_a_changed_input_is_found_again(seed: int) -> None:
    rng = np.random.default_rng(seed)
    inputs = {k: np.round(rng.normal(size=v.shape), 1) for k, v in INPUTS.items()}
    i = int(rng.integers(2))
    wrong = {**inputs, "b": inputs["b"].copy()}
    wrong["b"][i, 0] = round(float(inputs["b"][i, 0]) + 1.3, 1)
    found = explanations(ValueCase(affine, inputs, affine(wrong)))
    assert any(e.name == "b" and e.place == (i, 0) and np.isclose(float(e.value), wrong["b"][i, 0]) for e in found)


def test_scalars_and_matrices_are_named_as_people_write_them() -> None:
    def product(v: Mapping[str, Array]) -> Array:
        return np.asarray(v["c"] * v["M"].sum())

    inputs = {"c": np.array([[2.0]]), "M": np.array([[1.0, 2], [3, 4]])}
    found = {e.text: e.value for e in explanations(ValueCase(product, inputs, np.array([[30.0]])))}
    assert found["c"] == 3
    assert found["M₁₁"] == 6
