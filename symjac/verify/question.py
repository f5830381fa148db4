"""A question with its truth: what is asked of every claim, and what a diagnosis wants to know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import islice
from typing import Any

import numpy as np

from symjac.components import Prover
from symjac.diagnose import Case, Convention, Diagnosis, diagnose
from symjac.diagnose.case import Values
from symjac.diagnose.untyped import untyped, without_column
from symjac.errors import ParseError, ShapeError, SymjacError
from symjac.evaluate import Array
from symjac.layout import Layout
from symjac.meaning import Expected, NotConforming, Reading, RefusedError, readings
from symjac.meaning.einstein import free_letters
from symjac.nodes import build
from symjac.nodes.node import Node, Symbol, Zero
from symjac.nodes.sizes import ONE, shape_text, size_text
from symjac.points import Point
from symjac.read.latex import written
from symjac.read.latex.tree import Derivative, Indexed, Letter, Name, Special, Transposed, Tree, is_zero
from symjac.verify.claim import Claim, Formula
from symjac.verify.deadline import Deadline
from symjac.verify.decide import decide, misshapen
from symjac.verify.derivatives import derivative_of
from symjac.verify.differentials import speaks_of_differentials
from symjac.verify.doors import Desk, Typed, entries_claim, is_entries, likelier, of_meaning, of_node
from symjac.verify.glances import float_form, form_sizes, good_points
from symjac.verify.judge import Judge
from symjac.verify.samples import degree
from symjac.verify.truth import OUTPUT, Arrangement, Truth, alphabetical, arrangements
from symjac.verify.verdict import CONVENTION, CORRECT, NONE, UNDECIDED, WRONG, Verdict
from symjac.verify.worth import entry_texts, squeezed, worth_of, worth_of_node

BEYOND = (ArithmeticError, ValueError, RecursionError, MemoryError, np.linalg.LinAlgError)
"""What numbers of thousands of digits, or brackets without end, may do to Python on the way to a message."""

PATIENCE = 0.7
"""For so many seconds an explanation is looked for."""

MENDED = 1000
"""How many terms the proof may make that a mended claim is right."""

STATIONARY = "= 0 at the end is read as the condition of a stationary point, which is not judged"

FROM_BEST = (CORRECT, CONVENTION, UNDECIDED, WRONG)
"""What a claim may be found to be, the best first."""

GRADIENTS = ("nabla", "grad")
"""Left sides that say: in the shape of the variable."""


Seen = dict[int, tuple[Point, Array | None]]
"""The truth's entries at points, by the identity of a point that is kept: they serve every arrangement."""


@dataclass
class Question:
    """A truth, the arrangements in which a claim may state it, and the desk that reads claims.

    `tables` are the arrangements of matrices, `lists` those of entry-wise statements; `node` and `variable` are what is
    differentiated by what, where there is a node; `moved` judges claims about the differential. `letters` are those of a left
    side, and `counted` the labels they stand for.
    """

    desk: Desk
    truth: Truth
    tables: Sequence[Arrangement]
    lists: Callable[[bool], Sequence[Arrangement]]
    deadline: Deadline
    node: Node | None = None
    variable: Symbol | None = None
    order: int = 1
    subject: str = "derivative"
    letters: tuple[str, ...] | None = None
    again: Callable[[int, Layout], Question] | None = None
    counted: tuple[str, ...] | None = None
    moved: Callable[[Typed], Verdict] | None = None

    # Reading and judging

    def answer(self, claim: Any) -> Verdict:
        """Return the verdict on a claim in any language."""
        if is_entries(claim):
            return self._judge(entries_claim(claim))
        if not isinstance(claim, str):
            return self._of_expression(claim)
        try:
            return self._of_expression(claim)
        except ShapeError as error:
            return self._misfit(claim, error)
        except ParseError as error:
            try:
                return self.of_statement(self.desk.statement(claim))
            except ParseError as other:
                raise likelier(claim, error, other) from None

    def _of_expression(self, claim: Any) -> Verdict:
        node = self.desk.node(claim)
        if isinstance(node, Zero) and node.is_scalar:
            return self._of_zero()
        said = of_node(node)
        try:
            loose, rounded = self.desk.loosened(claim)
            said = replace(said, loose=of_node(loose), rounded=rounded) if loose is not None else said
        except SymjacError:
            pass
        return self._judge(said)

    def _of_zero(self) -> Verdict:
        """A bare 0 is the zero matrix of the shape that is expected."""
        table = next((a for a in self.tables if a.accepted), None)
        if table is None:
            return self.of_statement(self.desk.statement("0"))
        shape = self.truth.shape(table)
        zero = of_node(build.zero(*shape))
        remarks = () if shape == (ONE, ONE) else (f"0 is read as the zero matrix, {shape_text(shape)}",)
        return self._judge(replace(zero, reading="0", remarks=remarks))

    def _misfit(self, claim: str, error: ShapeError) -> Verdict:
        """A text that does not conform may still be read as people write, with a remark; else its shape is wrong."""
        try:
            return self.of_statement(Typed((untyped(claim),), None, claim))
        except RefusedError:
            raise
        except ParseError:
            found = self._explain(None, untyped(claim), NotConforming((0, len(claim)), without_column(str(error))))
            return misshapen(claim, (), found, self.truth, self.arrangements, without_column(str(error)))

    def of_statement(self, typed: Typed) -> Verdict:
        """Return the verdict on a statement in LaTeX: every side has to be right, and the first that is not is judged."""
        if self.moved is not None and speaks_of_differentials(typed.sides):
            return self.moved(typed)
        question = self._heeding(typed)
        if set(typed.letters) & {letter for side in typed.sides for letter in free_letters(side)}:
            question = replace(question, letters=typed.letters)
        sides = typed.sides
        remarks: tuple[str, ...] = ()
        if len(sides) > 1 and _is_zero(sides[-1]) and not _is_zero(sides[-2]):
            sides, remarks = sides[:-1], (STATIONARY,)
        verdicts = [question._of_side(side) for side in sides]
        verdict = next((verdict for verdict in verdicts if not verdict), verdicts[-1])
        return replace(verdict, remarks=(*remarks, *verdict.remarks)) if remarks else verdict

    def _heeding(self, typed: Typed) -> Question:
        """Return the question as a left side such as ∂f_i/∂A_kj, ∂f/∂xᵀ or ∇²f asks it."""
        left = typed.left
        if left is None or self.variable is None:
            return self
        self._check_variable(left, typed.text)
        question = self
        if left.order != self.order and self.again is not None:
            question = self.again(left.order, self.layout)
        of_scalar = not {"i", "j"} & set(question.truth.labels)
        if left.transposed or (left.style in GRADIENTS and of_scalar):
            orientation = "numerator" if left.transposed else "denominator"
            assert question.again is not None
            question = question.again(left.order, replace(question.layout, orientation=orientation))
        outer = () if of_scalar else tuple(_letters(left.of, typed.text))
        inner = tuple(_letters(left.wrt, typed.text))
        if outer and not inner:
            here = dict.fromkeys(letter for side in typed.sides for letter in free_letters(side))
            # The t of ∂c_t/∂c is a label, and ∂f_i/∂x = A_ij leaves it to the claim to name the index of x.
            outer, inner = (outer, tuple(x for x in here if x not in outer)) if set(outer) & here.keys() else ((), ())
        if len(set(outer + inner)) < len(outer + inner):
            raise ParseError("a letter stands twice on the left side: give every index a letter of its own", typed.text)
        counted = tuple(x for x in question.truth.labels if (outer if x in OUTPUT else inner))
        return replace(question, letters=outer + inner, counted=counted) if outer or inner else question

    def _check_variable(self, left: Derivative, text: str) -> None:
        wrt = left.wrt.base if isinstance(left.wrt, Indexed | Transposed) else left.wrt
        if isinstance(wrt, Name) and self.variable is not None and wrt.name != self.variable.name:
            where = wrt.span[0] + 1
            raise ParseError(
                f"this is a derivative by {wrt.name}; what is asked for is one by {self.variable.name}", text, where
            )

    @property
    def layout(self) -> Layout:
        """The declared layout."""
        return next(a.layout for a in self.arrangements if a.accepted)

    def _of_side(self, tree: Tree) -> Verdict:
        has_letters = self.letters is not None or bool(free_letters(tree))
        known = [a for a in self.arrangements if has_letters or not a.letters]
        accepted = [a for a in known if a.accepted]
        others = [a for a in known if not a.accepted]
        failure: SymjacError | None = None
        verdicts: list[Verdict] = []
        for tables in (accepted, others):
            try:
                found = readings(tree, self.desk.world, self._expected(tables), self.letters)
            except (NotConforming, ParseError) as error:
                failure = failure if isinstance(failure, NotConforming) else error
                continue
            verdicts.extend(self._of_readings(found, told=not verdicts))
            if any(verdict.status in (CORRECT, CONVENTION, UNDECIDED) for verdict in verdicts):
                break
        if verdicts:
            return min(verdicts, key=lambda verdict: FROM_BEST.index(verdict.status))
        if isinstance(failure, NotConforming):
            return self._nonconforming(tree, failure)
        assert failure is not None
        raise failure

    def _of_readings(self, found: Sequence[Reading], told: bool = True) -> list[Verdict]:
        """Judge all readings of equal cost: where they disagree, nothing is decided.

        Only the sizes of a K that has none are those that make the claim right, where any do. What is wrong is looked for
        once, and only where it is to be `told`.
        """
        at_once = told and len(found) == 1
        alike: dict[tuple[str, ...], list[tuple[Reading, Verdict]]] = {}
        for reading in found:
            others = tuple(remark for remark in reading.remarks if remark not in reading.chosen)
            alike.setdefault(others, []).append((reading, self._judge(self._formula(reading), at_once)))
        best = [min(group, key=lambda pair: FROM_BEST.index(pair[1].status)) for group in alike.values()]
        found, verdicts = [reading for reading, _ in best], [verdict for _, verdict in best]
        if len({verdict.status for verdict in verdicts}) < 2:
            late = not at_once and (verdicts[0].status == CONVENTION or (told and verdicts[0].status == WRONG))
            return [self._judge(self._formula(found[0])) if late else verdicts[0]]
        several = "; or ".join(f"{verdict.status}, {_said(reading)}" for verdict, reading in zip(verdicts, found, strict=True))
        return [
            Verdict(UNDECIDED, NONE, remarks=(f"it can be read in several ways: {several}",), reading=written(found[0].tree))
        ]

    def _formula(self, reading: Reading) -> Formula:
        said = of_meaning(reading.meaning, reading.tree, reading.remarks)
        loosened = self.desk.loosened_tree(reading.tree)
        if loosened is None:
            return said
        tree, world, rounded = loosened
        axes = tuple(n for _, n in said.letters)
        try:
            found = readings(tree, world, [Expected(said.shape, axes)], self.letters)
        except SymjacError:
            return said
        return replace(said, loose=of_meaning(found[0].meaning, tree), rounded=rounded)

    def _nonconforming(self, tree: Tree, failure: NotConforming) -> Verdict:
        """Judge a claim that fits no arrangement: by its own shape, where it has one."""
        try:
            (reading, *_) = readings(tree, self.desk.world, None, self.letters)
            return self._judge(of_meaning(reading.meaning, tree, reading.remarks))
        except SymjacError:
            found = self._explain(None, tree, failure)
            return misshapen(written(tree), (), found, self.truth, self.arrangements, failure.sentence)

    def _judge(self, claim: Claim, told: bool = True) -> Verdict:
        """Return the verdict on a claim, with a diagnosis where that is to be `told`."""
        symbols = list(self.desk.declared.values())
        tables = (
            self.arrangements if self.letters is not None else alphabetical(self.arrangements, [x for x, _ in claim.letters])
        )

        def explain(judge: Judge) -> tuple[Diagnosis, ...]:
            return self._explain(claim, claim.tree, None, judge) if told else ()

        return decide(claim, self.truth, tables, symbols, self.deadline, explain)

    @cached_property
    def arrangements(self) -> list[Arrangement]:
        """All arrangements in which a claim may come, the accepted ones first."""
        if self.letters is None:
            return sorted([*self.tables, *self.lists(False)], key=lambda a: not a.accepted)
        counts = len(self.letters)
        found = [a for a in self.lists(True) if len(a.letters) == counts and self.counted in (None, a.letters)]
        if not found:
            raise ParseError(f"the left side has the letters {', '.join(self.letters)}; the derivative has not so many indices")
        return sorted(found, key=lambda a: not a.accepted)

    def _expected(self, tables: Sequence[Arrangement]) -> list[Expected]:
        sizes = self.truth.sizes
        return list(dict.fromkeys(Expected(self.truth.shape(a), tuple(sizes[x] for x in a.letters)) for a in tables))

    # What a diagnosis wants to know

    def _explain(
        self, claim: Claim | None, tree: Tree | None, misfit: NotConforming | None, judge: Judge | None = None
    ) -> tuple[Diagnosis, ...]:
        case = self.case(claim, tree, misfit, judge)
        try:
            return diagnose(case) if case is not None else ()
        except (SymjacError, *BEYOND):
            return ()

    def case(
        self, claim: Claim | None, tree: Tree | None, misfit: NotConforming | None = None, judge: Judge | None = None
    ) -> Case | None:
        """Return what is to be explained; None where there are no points to look at."""
        points = [point for point, _, _ in judge.glances] if judge is not None else []
        points = points or self.points
        if len(points) < 2:
            return None
        letters = len(claim.letters) if claim is not None else None
        looked_at = [a for a in self.arrangements if letters is None or (len(a.letters) > 0) == (letters > 0)]
        seen: Seen = {}
        patience = Deadline(PATIENCE)
        conventions = tuple(self._convention(a, seen, patience) for a in looked_at)
        return Case(
            tuple(points[:2]),
            conventions,
            worth_of(claim) if claim is not None else None,
            tuple(map(size_text, (*(n for _, n in claim.letters), *claim.shape))) if claim is not None else None,
            (misfit.span, misfit.sentence) if misfit is not None else None,
            tree,
            claim.node if claim is not None else None,
            self.node,
            self.variable,
            partial(self._retype, self._liberty(tree), patience),
            tuple(
                s.name for s in self.desk.declared.values() if s.is_square and not s.is_scalar and "symmetric" not in s.facts
            ),
            lambda: self._traced(claim, tree, misfit),
            lambda mended, convention: self._proves(mended, looked_at[conventions.index(convention)]),
            entry=entry_texts(claim, self.truth, self.arrangements, list(self.desk.declared.values())),
            subject=self.subject,
            letters=self.letters or (),
            other=lambda changed: self._if_f_were(changed, looked_at),
        )

    @cached_property
    def points(self) -> list[Point]:
        """Two points at which the truth has values."""
        symbols = list(self.desk.declared.values())
        names = dict.fromkeys(
            (*form_sizes(self.truth.form), *(s.name for y in symbols for n in y.shape for s in n.free_symbols))
        )
        return [point for point, _ in islice(good_points(self.truth.form, symbols, sorted(names), degree(self.truth.form)), 2)]

    def _convention(self, arrangement: Arrangement, seen: Seen, patience: Deadline) -> Convention:
        truth = self.truth

        def values(point: Point) -> Array:
            patience.check()
            if id(point) not in seen:
                seen[id(point)] = point, float_form(truth.form, point)
            found = seen[id(point)][1]
            if found is None:
                raise SymjacError("no value here")
            return squeezed(truth.arranged(found, arrangement), arrangement)

        shape = (*(truth.sizes[x] for x in arrangement.letters), *truth.shape(arrangement))
        if arrangement.letters and truth.shape(arrangement) == (ONE, ONE):
            shape = shape[:-2]
        return Convention(
            arrangement.layout,
            arrangement.kind,
            arrangement.words,
            tuple(map(size_text, shape)),
            values,
            lambda: truth.node(arrangement),
            arrangement.accepted,
        )

    def _retype(self, most: int, patience: Deadline, tree: Tree) -> Values | None:
        try:
            patience.check()
            found = readings(tree, self.desk.world, self._expected(self.arrangements), self.letters)
        except SymjacError:
            return None
        meaning, node = found[0].meaning, found[0].meaning.node
        if found[0].cost > most:
            return None
        return worth_of_node(node) if node is not None else worth_of(of_meaning(meaning, tree))

    def _proves(self, tree: Tree, arrangement: Arrangement) -> bool:
        """Whether a mended claim is the truth for all sizes, as far as a short proof can tell."""
        letters = tuple(self.truth.sizes[x] for x in arrangement.letters)
        try:
            found = readings(tree, self.desk.world, [Expected(self.truth.shape(arrangement), letters)], self.letters)
            mended, truth = of_meaning(found[0].meaning, tree), self.truth.matrix(arrangement)
            prover = Prover(MENDED)
            return bool(prover.equal(mended.form, truth.form) if letters else prover.equal(mended.matrix, truth))
        except (SymjacError, *BEYOND):
            return False

    def _liberty(self, tree: Tree | None) -> int:
        """How far a mended claim may stray from standard notation: as far as the claim itself does, or a little."""
        try:
            expected = self._expected(self.arrangements)
            return max(1, readings(tree, self.desk.world, expected, self.letters)[0].cost) if tree is not None else 1
        except SymjacError:
            return 1

    def _if_f_were(self, tree: Tree, looked_at: Sequence[Arrangement]) -> tuple[Convention, ...] | None:
        """What the truth would be if the function were another formula of the same shape."""
        if self.node is None or self.variable is None:
            return None
        reading = readings(tree, self.desk.world, [self.node.shape])[0]
        node = reading.meaning.node
        if node is None or reading.cost > 1 or self.variable.name not in node.symbols:
            return None
        asked = replace(self, truth=derivative_of(node, self.variable, self.order))
        seen: Seen = {}
        patience = Deadline(PATIENCE)
        return tuple(asked._convention(arrangement, seen, patience) for arrangement in looked_at)

    def _traced(self, claim: Claim | None, tree: Tree | None, misfit: NotConforming | None) -> Case | None:
        """The same claim, about tr(f)."""
        node, variable = self.node, self.variable
        if node is None or variable is None or not node.is_square or node.is_scalar or self.order != 1:
            return None
        truth = derivative_of(build.trace(node), variable)
        tables = arrangements(truth, self.layout)
        return replace(self, truth=truth, tables=tables, lists=lambda ordered: [], node=build.trace(node)).case(
            claim, tree, misfit
        )


def _letters(part: Tree | None, text: str) -> Iterator[str]:
    """Yield the letters on one part of a left side."""
    for index in part.indices if isinstance(part, Indexed) else ():
        if not isinstance(index, Letter):
            raise ParseError("an index on the left side is a letter here", text, index.span[0] + 1)
        yield index.letter


def _is_zero(side: Tree) -> bool:
    return is_zero(side) or (isinstance(side, Special) and side.kind == "zeros")


def _said(reading: Reading) -> str:
    return "; ".join(reading.remarks) or "as it stands"
