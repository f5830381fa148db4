"""Exercises decided in child processes, with limits of time and memory: the one that breaks its worker stops no other.

A worker takes one exercise after another, and sends each mark as soon as it stands. The parent watches the clock. A worker that
is late, dies, or runs out of memory is replaced; its exercise keeps the marks that arrived, and is undecided.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TypeVar

from symjac.read.exercise import Exercise
from symjac.verify.marks import Marked, marked
from symjac.verify.worker import Marker, Worker

SECONDS = 4.0
"""How long one exercise may take."""
MEGABYTES = 512
"""How much memory a worker may take, beyond what it starts with."""
AHEAD = 16
"""How many exercises per worker may be finished before their turn to be told."""

Key = TypeVar("Key")


@dataclass(frozen=True)
class Sandbox:
    """Decides exercises; `marker` yields the marks of one, in the order of its lines."""

    marker: Marker
    jobs: int = 1
    seconds: float = SECONDS
    megabytes: int = MEGABYTES

    def run(self, exercises: Iterable[tuple[Key, Exercise]]) -> Iterator[tuple[Key, Marked]]:
        """Yield every exercise marked, under its key, in the order of the exercises."""
        pool = [Worker(self.marker, self.seconds, self.megabytes) for _ in range(max(1, self.jobs))]
        try:
            yield from _in_order(pool, exercises)
        finally:
            for worker in pool:
                worker.stop()


def _in_order(pool: list[Worker], exercises: Iterable[tuple[Key, Exercise]]) -> Iterator[tuple[Key, Marked]]:
    coming = enumerate(exercises)
    following = next(coming, None)
    keys: dict[int, Key] = {}
    finished: dict[int, Marked] = {}
    told = 0
    while following is not None or keys:
        for worker in pool:
            while following is not None and not worker.busy and following[0] < told + AHEAD * len(pool):
                number, (key, exercise) = following
                keys[number] = key
                if exercise.task is None:
                    finished[number] = marked(exercise, ())
                else:
                    worker.take(number, exercise)
                following = next(coming, None)
        finished.update(_news(pool))
        while told in finished:
            yield keys.pop(told), finished.pop(told)
            told += 1


def _news(pool: list[Worker]) -> Iterator[tuple[int, Marked]]:
    """Wait for the busy workers, and yield what is finished."""
    busy = [worker for worker in pool if worker.busy]
    if not busy:
        return
    left = min(worker.deadline for worker in busy) - time.monotonic()
    ready = wait([worker.connection for worker in busy], timeout=max(0.0, left))
    for worker in busy:
        result = worker.heard() if worker.connection in ready else worker.late()
        if result is not None:
            yield result
