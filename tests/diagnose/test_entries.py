"""Explicit matrices: which entries differ, and the one thing that explains them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from symjac.diagnose import Case, Diagnosis, diagnose
from symjac.evaluate import Array
from symjac.points import Point
from tests.diagnose.cases import case_of


def changed(change: Callable[[Array], Array]) -> tuple[Diagnosis, ...]:
    """What is said about the Jacobian of AᵀA at 3×2, with some entries changed."""
    case = case_of("A.T*A", "A", "(eye(4) + commutation(2, 2))*kron(eye(2), A.T)", "A: 3 x 2")
    right = case.claim
    assert right is not None

    def claim(point: Point) -> Array:
        return change(np.array(right(point)))

    return diagnose(replace(case, claim=claim, node=None, tree=None))


def rows_swapped(J: Array) -> Array:
    J[[0, 3]] = J[[3, 0]]
    return J


def times(place: object, factor: float) -> Callable[[Array], Array]:
    def change(J: Array) -> Array:
        J[place] *= factor  # type: ignore[index]
        return J

    return change


def plus(i: int, j: int) -> Callable[[Array], Array]:
    def change(J: Array) -> Array:
        J[i, j] += 1
        return J

    return change


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        (plus(1, 4), "entry", "Entry (2, 5) is"),
        (rows_swapped, "order", "Rows 1 and 4 are swapped"),
        (lambda J: J[:, [0, 1, 5, 3, 4, 2]], "order", "Columns 3 and 6 are swapped"),
        (times(np.s_[2], -1), "sign", "in row 3"),
        (times(np.s_[:, 1], -1), "sign", "in column 2"),
        (times(np.s_[0, 0:3], 0.5), "factor", "A factor 2 is missing in row 1"),
        (times(np.s_[0], -1), "sign", "in row 1"),
        (lambda J: plus(3, 1)(plus(3, 2)(J)), "entry", "All that is wrong stands in row 4"),
        (lambda J: plus(3, 1)(plus(0, 2)(J)), "entry", "No known slip"),
        (lambda J: -J, "sign", "the whole"),
        (lambda J: J.T, "transpose", "transpose"),
    ],
)
def test_one_thing_explains_all(change: Callable[[Array], Array], kind: str, words: str) -> None:
    (found,) = changed(change)
    assert (found.kind, words in found.message) == (kind, True), found


def test_entries_are_counted_from_one() -> None:
    (found,) = changed(plus(1, 4))
    assert found.entries == ((2, 5),)


def test_what_is_right_is_left_alone() -> None:
    assert changed(lambda J: J) == ()


def test_values_that_do_not_exist_are_no_explanation() -> None:
    found = changed(lambda J: J * np.nan)
    assert [diagnosis.kind for diagnosis in found] == ["entry"]


def test_given_texts_are_shown() -> None:
    case: Case = case_of("A*x", "x", "A", "A: 2 x 2, x: 2")
    right = case.claim
    assert right is not None
    wrong = replace(case, claim=lambda point: right(point) + np.eye(2)[[0]].T @ np.eye(2)[[1]], node=None)
    (found,) = diagnose(replace(wrong, entry=lambda i, j: (f"given {i}{j}", f"expected {i}{j}")))
    assert found.message == "Entry (1, 2) is given 01, it should be expected 01."
