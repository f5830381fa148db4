"""How things are timed: repeated under a budget, each in a process of its own under a cap; and how times are printed."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

CAP = 30.0
"""Seconds after which a process is ended."""

BUDGET, MOST = 0.5, 25
"""Seconds spent on repetitions, and their largest number."""


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


def alone(work: Callable[..., Any], *args: Any) -> Any:
    """Run work in a new process; return its result, or a sentence where there is none."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(there, work, args))
    process.start()
    there.close()
    try:
        return here.recv() if here.poll(CAP) else f"over {CAP:.0f} s"
    except EOFError:
        return "its process died"
    finally:
        process.kill()
        process.join()


def _answer(door: Connection, work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """Send what came of the work; a peer that cannot do it says so, a wrong result ends the whole run."""
    try:
        door.send(work(*args))
    except NotImplementedError as error:
        door.send(str(error))
    except Exception as error:
        door.send(error)


def milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def ratio(value: float) -> str:
    """Return two digits of a ratio: 0.26×, 4.4×, 1,500×."""
    return f"{float(f'{value:.2g}'):,g}×"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    head = list(head)
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *rows))
