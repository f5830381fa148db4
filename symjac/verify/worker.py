"""A child process that marks exercises, seen from both sides."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from math import ceil
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from symjac.errors import SymjacError
from symjac.read.exercise import Exercise
from symjac.verify.marks import Mark, Marked, marked

RENEWED_AFTER = 200
"""After how many exercises a worker makes place for a fresh one, so that caches stay small."""
START = 20.0
"""Seconds that a worker has to come up."""
GRACE = 1.0
"""Seconds that a worker has to leave by itself."""

Marker = Callable[[Exercise], Iterator[Mark]]

_READY, _MARK, _DONE, _TROUBLE, _BROKEN = "ready", "mark", "done", "trouble", "broken"


class Worker:
    """A child process that can be given one exercise at a time; a new one takes its place when it breaks."""

    def __init__(self, marker: Marker, seconds: float, megabytes: int) -> None:
        self.connection: Connection
        self.deadline = 0.0
        self._limits = marker, seconds, megabytes
        self._seconds = seconds
        self._exercise: Exercise | None = None
        self._number = 0
        self._marks: list[Mark] = []
        self._age = 0
        self._process: BaseProcess | None = None

    @property
    def busy(self) -> bool:
        """Whether an exercise is with the child."""
        return self._exercise is not None

    def take(self, number: int, exercise: Exercise) -> None:
        """Give an exercise to the child."""
        if self._process is None or self._age >= RENEWED_AFTER or not self._process.is_alive():
            self.stop()
            self._start()
        self._exercise, self._number, self._marks = exercise, number, []
        self._age += 1
        self.deadline = time.monotonic() + self._seconds
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(exercise)

    def heard(self) -> tuple[int, Marked] | None:
        """Take what the child sent; return the exercise when it is finished."""
        try:
            word, content = self.connection.recv()
        except (EOFError, OSError):
            return self._given_up("undecided: it took too much time or memory, and its process ended")
        if word == _MARK:
            self._marks.append(content)
            return self.late() if time.monotonic() > self.deadline else None
        if word == _BROKEN:
            return self._given_up(content)
        return self._finished(content)

    def late(self) -> tuple[int, Marked] | None:
        """Give the exercise up where its time is over."""
        if time.monotonic() <= self.deadline:
            return None
        return self._given_up(f"undecided: it takes longer than the {self._seconds:g} s that an exercise has")

    def stop(self) -> None:
        """End the child."""
        if self._process is None:
            return
        self.connection.close()
        if not self.busy:
            self._process.join(GRACE)
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._process.close()
        self._process = None

    def _start(self) -> None:
        context = _context()
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self.connection, *self._limits), daemon=True)
        with warnings.catch_warnings():
            # Python warns of forks beside the threads that linear algebra libraries keep; those survive a fork.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        theirs.close()
        self._age = 0
        with suppress(EOFError, OSError):
            # A fresh process loads what it needs first: no exercise pays for that.
            if self.connection.poll(START):
                self.connection.recv()

    def _given_up(self, trouble: str) -> tuple[int, Marked]:
        result = self._finished(trouble)
        assert self._process is not None
        self._process.kill()
        self.stop()
        return result

    def _finished(self, trouble: str) -> tuple[int, Marked]:
        assert self._exercise is not None
        result = marked(self._exercise, self._marks, trouble)
        self._exercise, self._marks = None, []
        return self._number, result


def _context() -> Any:
    """Return how processes are made: a fork has everything loaded, and is safe where there are no other Python threads."""
    forks = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if forks else "spawn")


# In the child


def _serve(ours: Connection, theirs: Connection, marker: Marker, seconds: float, megabytes: int) -> None:
    """Mark exercises until the parent hangs up."""
    theirs.close()
    _be_quiet()
    _limit_memory(megabytes)
    with suppress(EOFError, OSError):
        ours.send((_READY, ""))
        while True:
            exercise = ours.recv()
            _limit_time(seconds)
            word, content = _marks(marker, exercise, ours)
            ours.send((word, content))
            if word == _BROKEN:
                return


def _marks(marker: Marker, exercise: Exercise, ours: Connection) -> tuple[str, str]:
    """Send the marks of an exercise; return how it ended."""
    try:
        for mark in marker(exercise):
            ours.send((_MARK, mark))
    except MemoryError:
        return _BROKEN, "undecided: it takes more memory than an exercise has"
    except RecursionError:
        return _TROUBLE, "undecided: it nests too deep"
    except SymjacError as error:
        return _TROUBLE, f"undecided: {error}"
    except Exception as error:
        return _BROKEN, f"undecided: an error in symjac, {type(error).__name__}"
    return _DONE, ""


def _be_quiet() -> None:
    """Leave interrupts to the parent, and write nothing over its output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def _limit_memory(megabytes: int) -> None:
    try:
        import resource

        with open("/proc/self/statm") as pages:
            used = int(pages.read().split()[0]) * resource.getpagesize()
    except (ImportError, OSError):
        return
    _limit(resource.RLIMIT_AS, used + megabytes * 2**20)
    _limit(resource.RLIMIT_CORE, 0)


def _limit_time(seconds: float) -> None:
    """Limit processor time as well, for a child whose parent is gone."""
    try:
        import resource
    except ImportError:
        return
    _limit(resource.RLIMIT_CPU, ceil(time.process_time() + seconds) + 2)


def _limit(what: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(what)
    with suppress(ValueError, OSError):
        resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
