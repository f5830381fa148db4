"""Child processes: what is broken stops no other, limits hold, and the order stays."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator

from symjac.read.exercise import Exercise, Formula
from symjac.read.header import Task
from symjac.verify.marks import Mark, Marked
from symjac.verify.sandbox import Sandbox


def marker(exercise: Exercise) -> Iterator[Mark]:
    """Break in every way there is."""
    word = exercise.working[0].text
    yield Mark("correct", source="first")
    if word == "spin":
        while True:
            pass
    if word == "sleep":
        time.sleep(60)
    if word == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "memory":
        hold = [bytearray(2**22) for _ in range(10_000)]
        assert hold
    if word == "bug":
        raise KeyError(word)
    if word == "deep":
        _deep()
    if word == "loud":
        os.write(1, b"loud")
        os.write(2, b"loud")
    yield Mark("wrong" if word == "wrong" else "correct", source="second")


def _deep() -> None:
    _deep()


def exercise(word: str) -> Exercise:
    return Exercise(word, 1, Task(), (Formula(word, 1, 1),))


def run(words: list[str], jobs: int = 2, seconds: float = 5.0, megabytes: int = 64) -> list[Marked]:
    sandbox = Sandbox(marker, jobs, seconds, megabytes)
    results = list(sandbox.run((word, exercise(word)) for word in words))
    assert [key for key, _ in results] == words
    return [result for _, result in results]


def test_the_order_is_that_of_the_exercises() -> None:
    statuses = [result.status for result in run(["fine", "wrong"] * 20)]
    assert statuses == ["correct", "wrong"] * 20


def test_what_takes_too_long_is_undecided_and_keeps_its_marks() -> None:
    spinning, sleeping, fine = run(["spin", "sleep", "fine"], seconds=0.5)
    for late in (spinning, sleeping):
        assert (late.status, late.right) == ("undecided", False)
        assert "takes longer than the 0.5 s" in late.message
        assert [mark.source for mark in late.marks] == ["first"]
    assert fine.status == "correct"


def test_the_one_that_breaks_its_worker_stops_no_other() -> None:
    results = run(["die", "fine", "bug", "fine", "deep", "fine"], jobs=1)
    assert [result.status for result in results[1::2]] == ["correct"] * 3
    assert ["its process ended" in results[0].message, "KeyError" in results[2].message, "too deep" in results[4].message] == [
        True
    ] * 3


def test_memory_is_limited() -> None:
    greedy, fine = run(["memory", "fine"], jobs=1)
    assert "more memory than an exercise has" in greedy.message
    assert fine.status == "correct"


def test_a_child_writes_nothing_over_the_output(capfd: object) -> None:
    run(["loud"])
    assert capfd.readouterr() == ("", "")  # type: ignore[attr-defined]


def test_an_exercise_without_task_needs_no_child() -> None:
    ((_, result),) = Sandbox(marker).run([(0, Exercise("a", 3, None, problem="the header is not TOML"))])
    assert (result.status, result.message) == ("unread", "the header is not TOML")


def test_nothing_to_do() -> None:
    assert run([]) == []


def test_stopping_early_leaves_no_process() -> None:
    results = Sandbox(marker, 2).run((i, exercise("fine")) for i in range(100))
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


def test_beside_other_threads_a_worker_has_its_time_once_it_is_up() -> None:
    over = threading.Event()
    other = threading.Thread(target=over.wait, daemon=True)
    other.start()
    try:
        (late, fine) = run(["spin", "fine"], jobs=1, seconds=0.2)
    finally:
        over.set()
        other.join()
    assert [mark.source for mark in late.marks] == ["first"]
    assert fine.status == "correct"
