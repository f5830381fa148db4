"""The exercises of derivations/exercises: the right ones are right, and each slip is found where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from symjac.read.exercise import Exercise, decoded, read_exercises
from symjac.verify.exercises import marks
from symjac.verify.marks import Marked, marked

FOLDER = Path(__file__).parents[1] / "derivations" / "exercises"
FOUND = [
    (path.name, exercise) for path in sorted(FOLDER.glob("*.md")) for exercise in read_exercises(decoded(path.read_bytes()))
]
SLIPS = {exercise.title: exercise for name, exercise in FOUND if name == "slips.md"}


def result(exercise: Exercise) -> Marked:
    return marked(exercise, list(marks(exercise)))


@pytest.mark.parametrize("exercise", [exercise for _, exercise in FOUND], ids=lambda exercise: exercise.title)
def test_every_exercise_is_as_its_header_says(exercise: Exercise) -> None:
    found = result(exercise)
    assert found.right, [(mark.line, mark.status, mark.kind, mark.message) for mark in found.marks]
    if exercise.title not in SLIPS:
        assert {mark.status for mark in found.marks} <= {"correct", "noted"}


def test_all_rows_of_the_notes_are_here() -> None:
    assert len(FOUND) >= 25
    assert len(SLIPS) >= 8


def slip(title: str) -> str:
    first = next(mark for mark in result(SLIPS[title]).marks if mark.status == "wrong")
    return f"{first.kind}: {first.message}"


def test_a_misread_bias_is_explained() -> None:
    found = result(SLIPS["A bias that was read as another"])
    assert [mark.status for mark in found.marks] == ["correct", "wrong", "wrong"]
    assert found.marks[1].message == "Entry 2 should be 1.75, not −1; b₂ = −2.5 would explain it."
    assert found.marks[2].follows


def test_indices_that_count_two_things() -> None:
    assert "counts the M entries of f and the N columns of A" in slip("The indices of a matrix times a vector")
    assert "counts the N rows of K and the M rows of A" in slip("The inner index of a product")
    assert "counts the d columns of W and the n entries of h" in slip("The unit that a weight acts on")


def test_a_space_of_the_wrong_size() -> None:
    assert slip("The space of the errors") == "shape: It is m × 1: it lies in ℝ^m, not in ℝ^n."
