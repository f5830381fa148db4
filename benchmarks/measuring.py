"""How things are timed: repeated under a budget, each in a process of its own under a cap; and how times are printed."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

CAP = 8.0
"""Seconds after which a process is ended."""

BUDGET, MOST = 0.5, 25
"""Seconds spent on repetitions, and their largest number."""


class GapError(Exception):
    """What a peer cannot do, in the words that stand in its place in the table."""


@dataclass(frozen=True)
class Time:
    """Seconds of the first call in a new process, and the median of the calls after it."""

    first: float
    median: float


def timed(work: Callable[[], Any], between: Callable[[], Any] | None = None) -> tuple[Time, Any]:
    """Time a piece of work as often as the budget allows, and return its last result; `between` is not timed."""
    seconds: list[float] = []
    result: Any = None
    while not seconds or (sum(seconds) < BUDGET and len(seconds) < MOST):
        if between:
            between()
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return Time(seconds[0], statistics.median(seconds[1:] or seconds)), result


def quickest(call: Callable[[], Any], budget: float) -> float:
    """Return the seconds of the quickest call within the budget."""
    best, spent, repeat = float("inf"), 0.0, 1
    while spent < budget:
        start = time.perf_counter()
        for _ in range(repeat):
            call()
        seconds = time.perf_counter() - start
        best, spent = min(best, seconds / repeat), spent + seconds
        repeat = min(10_000, max(1, int(0.01 / best)))
    return best


class Process:
    """Work in a process of its own: it is prepared once, and asked for results as often as wanted."""

    def __init__(self, work: Callable[..., Any], *args: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self.door, there = context.Pipe()
        self.process = context.Process(target=_serve, args=(there, work, args), daemon=True)
        self.process.start()
        there.close()

    def answer(self, cap: float = CAP) -> Any:
        """Return the next answer, or a sentence where there is none; what went wrong there is raised here."""
        self.has_answered = self.door.poll(cap)
        try:
            found = self.door.recv() if self.has_answered else f"over {cap:.0f} s"
        except EOFError:
            self.has_answered, found = False, "its process died"
        if isinstance(found, Exception):
            raise found
        return found

    def ask(self, *question: Any) -> Any:
        """Call what was prepared with these arguments."""
        self.door.send(question)
        return self.answer()

    def end(self) -> None:
        self.process.kill()
        self.process.join()


def alone(work: Callable[..., Any], *args: Any, cap: float = CAP) -> Any:
    """Run work in a new process; return its result, or a sentence where there is none."""
    process = Process(work, *args)
    try:
        return process.answer(cap)
    finally:
        process.end()


def _serve(door: Connection, work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """Send what came of the work; where that is a function, "ready", and then a result for every question."""
    try:
        result = work(*args)
        if not callable(result):
            door.send(result)
            return
        door.send(READY)
        while True:
            door.send(result(*door.recv()))
    except GapError as gap:
        door.send(str(gap))
    except Exception as error:
        error.add_note(f"in {work.__name__}{args}")
        door.send(error)


READY = "ready"


def resident() -> int:
    """Return the bytes of memory that this process holds."""
    return _status("VmRSS")


def peak_memory() -> int:
    """Return the most bytes of memory that this process held since the last reset."""
    return _status("VmHWM")


def reset_peak() -> None:
    """Forget what was held before, as Linux allows."""
    Path("/proc/self/clear_refs").write_text("5")


def _status(name: str) -> int:
    found = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return 1024 * int(found.split()[1])


def spelled(seconds: float) -> str:
    """Return three digits of a time in the unit that suits it."""
    for unit, size in (("µs", 1e-6), ("ms", 1e-3)):
        if seconds < 999.5 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


def milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def ratio(value: float) -> str:
    """Return two digits of a ratio: 0.26×, 4.4×, 1,500×."""
    return f"{float(f'{value:.2g}'):,g}×"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    head = list(head)
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *rows))
