"""`symjac verify FILE…`: exercises decided in child processes, and told as they come."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from symjac.cli.marks import plain, told
from symjac.errors import SymjacError
from symjac.read.exercise import MAX_BYTES, Exercise, decoded, read_exercises
from symjac.verify.exercises import marks
from symjac.verify.marks import Marked
from symjac.verify.sandbox import Sandbox

SCHEMA = 1
"""The version of what --json prints; it grows when a name in it changes its meaning."""
STATUSES = ("correct", "convention", "wrong", "undecided", "unread")


@dataclass
class Summary:
    """How many exercises there were, how many are right, and how many of each status."""

    files: int = 0
    exercises: int = 0
    right: int = 0
    statuses: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATUSES, 0))
    left: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATUSES, 0))
    """How many of each status are not right; a slip that was expected is wrong, and right."""

    def add(self, results: Sequence[Marked]) -> None:
        """Count the exercises of a file."""
        self.files += 1
        self.exercises += len(results)
        self.right += sum(result.right for result in results)
        for result in results:
            self.statuses[result.status] += 1
            self.left[result.status] += not result.right

    @property
    def all_right(self) -> bool:
        """Whether there is nothing left to mend."""
        return self.exercises > 0 and self.right == self.exercises

    def as_object(self) -> dict[str, Any]:
        """Return what --json prints at the end."""
        return {"files": self.files, "exercises": self.exercises, "right": self.right, "statuses": self.statuses}

    def words(self) -> str:
        """Return a line for a reader."""
        files = f" in {self.files} files" if self.files > 1 else ""
        count = f"{self.exercises} exercise{'' if self.exercises == 1 else 's'}{files}"
        if self.all_right:
            return f"{count}: {'right' if self.exercises == 1 else 'all right'}"
        rest = ", ".join(f"{number} {status}" for status, number in self.left.items() if number)
        return f"{count}: {self.right} right, {rest}"


def verify_files(paths: Sequence[Path], jobs: int, seconds: float, as_json: bool, quiet: bool) -> Summary:
    """Decide all exercises of some files; tell each file as soon as it is decided."""
    files = list(_files(paths))
    summary = Summary()
    sandbox = Sandbox(marks, jobs=jobs, seconds=seconds)
    tell = _tell_json if as_json else _tell_quietly if quiet else _tell
    if as_json:
        click.echo(f'{{"schema": {SCHEMA}, "files": [')
    with _bar(len(files)) as bar:
        for (_, path), results in _by_file(sandbox.run(_exercises(files))):
            tell(path, results, first=not summary.files)
            summary.add(results)
            if bar is not None:
                bar.update(1)
    if as_json:
        click.echo(f'], "summary": {json.dumps(summary.as_object())}}}')
    else:
        click.secho(f"{'' if quiet else chr(10)}{summary.words()}", fg="green" if summary.all_right else "red", bold=True)
    return summary


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield files; a folder stands for the Markdown files in it."""
    for path in paths:
        if path.is_dir():
            yield from sorted(inner for inner in path.rglob("*.md") if inner.is_file())
        else:
            yield path


Key = tuple[int, Path]


def _exercises(files: Iterable[Path]) -> Iterator[tuple[Key, Exercise]]:
    """Yield the exercises of all files; a file that cannot be read comes as one exercise that says why."""
    for number, path in enumerate(files):
        try:
            found = read_exercises(decoded(_content(path)))
        except SymjacError as error:
            found = (Exercise("", 0, None, (), str(error)),)
        except OSError as error:
            found = (Exercise("", 0, None, (), error.strerror or "the file cannot be read"),)
        for exercise in found:
            yield (number, path), exercise


def _content(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    if not path.is_file():
        raise OSError(0, "this is no file")
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _by_file(results: Iterable[tuple[Key, Marked]]) -> Iterator[tuple[Key, list[Marked]]]:
    for key, group in groupby(results, key=lambda pair: pair[0]):
        yield key, [result for _, result in group]


def _bar(length: int) -> AbstractContextManager[Any]:
    """Return a progress bar, where there is a terminal to show it that shows nothing else."""
    if length > 1 and sys.stderr.isatty() and not sys.stdout.isatty():
        return click.progressbar(length=length, label="verifying", file=sys.stderr)
    return nullcontext()


def _tell(path: Path, results: Sequence[Marked], first: bool) -> None:
    click.echo(("" if first else "\n") + click.style(plain(str(path)), bold=True, underline=True))
    for number, result in enumerate(results, start=1):
        click.echo(f"\n{told(result, number)}")


def _tell_quietly(path: Path, results: Sequence[Marked], first: bool) -> None:
    left = [(number, result) for number, result in enumerate(results, start=1) if not result.right]
    if left:
        click.echo(click.style(plain(str(path)), bold=True, underline=True))
    for number, result in left:
        click.echo(f"\n{told(result, number)}\n")


def _tell_json(path: Path, results: Sequence[Marked], first: bool) -> None:
    found = {
        "file": str(path),
        "right": all(result.right for result in results),
        "exercises": [result.as_object() for result in results],
    }
    click.echo(("" if first else ",") + json.dumps(found))
