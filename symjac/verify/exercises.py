"""Exercises of every kind, marked."""

from __future__ import annotations

from collections.abc import Iterator

from symjac.errors import SymjacError
from symjac.read.exercise import Exercise
from symjac.read.header import Task
from symjac.read.latex.tree import Name, Tree
from symjac.verify.board import Board
from symjac.verify.kinds import choice_marks, count_marks, layer_marks
from symjac.verify.marks import Mark
from symjac.verify.numbers import Computer
from symjac.verify.verdict import WRONG, Verdict
from symjac.verify.working import Working


def marks(exercise: Exercise) -> Iterator[Mark]:
    """Yield the marks of an exercise, in the order of its lines; last that of an answer in the header.

    Raises SymjacError where the header's own declarations cannot be read.
    """
    task = exercise.task
    assert task is not None
    if task.kind == "choice":
        yield from choice_marks(task)
    if task.kind == "shape" and task.layers:
        yield from layer_marks(task)
    if task.kind == "parameter count":
        yield from count_marks(task)
    if exercise.working or task.kind in ("derivative", "identity"):
        working = NumberWorking(task) if task.values else Working(Board(task, task.given))
        yield from working.marks(exercise.working)
        yield from working.answer()


class NumberWorking(Working):
    """A working whose names have values: what stands in a wrong line is believed, to see what follows from it."""

    def __init__(self, task: Task) -> None:
        shapes = [f"{name}: {len(grid)} x {len(grid[0])}" for name, grid in task.values.items()]
        super().__init__(Board(task, ", ".join(shapes)))
        self._computer = Computer(task.values)
        self._believed: list[tuple[Tree, Tree]] = []

    def verdict(self, side: Tree, text: str) -> Verdict:
        """Compute both sides, and compare them."""
        assert self.anchor is not None
        verdict = self._computer.verdict(self.anchor, side, self.board.desk.world)
        if verdict.status == WRONG:
            self._believed.append((self.anchor, side))
        return verdict

    def follows(self, before: Tree, side: Tree, text: str) -> bool:
        """Whether a wrong side is what comes out of a wrong one before it, or of a wrong line above."""
        world = self.board.desk.world
        assert self.anchor is not None
        believed = [self._with_beliefs(self.anchor)]
        if self.went_wrong:
            believed.append(before)
        try:
            return any(tree != self.anchor and bool(self._computer.verdict(tree, side, world)) for tree in believed)
        except SymjacError:
            return False

    def _with_beliefs(self, tree: Tree) -> Tree:
        """Return a side with definitions put in, and what was believed in place of what it should have been."""
        for was, believed in self._believed[:-1]:
            if tree == was:
                return believed
        definition = self.board.desk.world.definitions.get(tree.name) if isinstance(tree, Name) else None
        if isinstance(definition, Tree):
            return self._with_beliefs(definition)
        return tree.with_children(self._with_beliefs)
