"""From a claim and the truth to a verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symjac.diagnose import Diagnosis
from symjac.errors import UnsupportedError
from symjac.nodes.node import Symbol
from symjac.nodes.sizes import ONE, Shape, shape_text
from symjac.verify.claim import Claim, Entries
from symjac.verify.deadline import Deadline, OutOfTimeError
from symjac.verify.judge import Finding, Judge
from symjac.verify.truth import Arrangement, Truth
from symjac.verify.verdict import (
    CONVENTION,
    CORRECT,
    NONE,
    PROVED,
    PROVED_HERE,
    REFUTED,
    SAMPLED,
    UNDECIDED,
    WRONG,
    Counterexample,
    Verdict,
)

Explain = Callable[[Judge], tuple[Diagnosis, ...]]
"""Who says what is wrong."""

STRENGTH = (PROVED, PROVED_HERE, SAMPLED)


def decide(
    claim: Claim,
    truth: Truth,
    arrangements: Sequence[Arrangement],
    symbols: Sequence[Symbol],
    deadline: Deadline,
    explain: Explain = lambda judge: (),
) -> Verdict:
    """Judge a claim in every arrangement in which it conforms."""
    judge = Judge(claim, truth, symbols, deadline)
    conforming = [a for a in arrangements if conforms(claim, truth, a)]
    try:
        if not conforming:
            given = _shape_words(None, claim.shape, len(claim.letters))
            return misshapen(claim.reading, claim.remarks, explain(judge), truth, arrangements, f"the claim is {given}")
        return _Decision(judge, conforming, explain).verdict()
    except (OutOfTimeError, UnsupportedError) as error:
        return Verdict(UNDECIDED, NONE, remarks=(*claim.remarks, str(error)), reading=claim.reading)


def conforms(claim: Claim, truth: Truth, arrangement: Arrangement) -> bool:
    """Whether a claim has the letters and the shape of an arrangement."""
    sizes = [truth.sizes[label] for label in arrangement.letters]
    return [n for _, n in claim.letters] == sizes and claim.shape == truth.shape(arrangement)


def misshapen(
    reading: str,
    remarks: tuple[str, ...],
    found: tuple[Diagnosis, ...],
    truth: Truth,
    arrangements: Sequence[Arrangement],
    what: str,
) -> Verdict:
    """Return the verdict on a claim that conforms in no arrangement; `what` says what its shape is, or where it breaks."""
    wanted = list(dict.fromkeys(_shape_words(a, truth.shape(a)) for a in arrangements if a.accepted and not a.letters))
    expected = " or ".join(wanted[:3])
    own = Diagnosis("shape", f"The shape is wrong: {what}, and {expected} is expected.", expected=expected, given=what)
    shapes = tuple(diagnosis for diagnosis in found if diagnosis.kind == "shape") or (own,)
    others = tuple(diagnosis for diagnosis in found if diagnosis.kind != "shape")
    return Verdict(WRONG, REFUTED, (*shapes, *others), remarks=remarks, reading=reading)


def _shape_words(arrangement: Arrangement | None, shape: Shape, letters: int = 0) -> str:
    count = len(arrangement.letters) if arrangement else letters
    each = f"{count} free letters" if count > 1 else "one free letter" if count else ""
    if shape == (ONE, ONE):
        return each or "a scalar"
    return f"{shape_text(shape)} for {each}" if each else shape_text(shape)


class _Decision:
    """One decision: the arrangements in which the claim conforms, the accepted ones first."""

    def __init__(self, judge: Judge, conforming: Sequence[Arrangement], explain: Explain) -> None:
        self.judge = judge
        self.claim = judge.claim
        self.conforming = conforming
        self.explain = explain
        self.refuted: Finding | None = None

    def verdict(self) -> Verdict:
        accepted = [a for a in self.conforming if a.accepted]
        for arrangement in accepted:
            if (finding := self._holds(arrangement)) is not None:
                return self._right(CORRECT, [arrangement], finding)
        for arrangement in accepted:
            if (finding := self.judge.fits_digits(arrangement)) is not None:
                return self._right(CORRECT, [arrangement], finding)
        others = [a for a in self.conforming if not a.accepted]
        held = [(a, finding) for a in others if (finding := self._holds(a)) is not None]
        if held:
            weakest = max((finding for _, finding in held), key=lambda finding: STRENGTH.index(finding.evidence))
            return self._right(CONVENTION, [a for a, _ in held], weakest)
        return self._wrong()

    def _holds(self, arrangement: Arrangement) -> Finding | None:
        if not self.judge.agrees(arrangement):
            return None
        finding = self.judge.establish(arrangement)
        if finding is not None and finding.evidence == REFUTED:
            self.refuted = self.refuted or finding
        return finding if finding is not None and finding.evidence in STRENGTH else None

    def _right(self, status: str, arrangements: Sequence[Arrangement], finding: Finding) -> Verdict:
        remarks = (*self.claim.remarks, *([finding.detail] if finding.detail else []))
        found = self.explain(self.judge) if status == CONVENTION else ()
        return Verdict(
            status,
            finding.evidence,
            found,
            remarks=remarks,
            reading=self.claim.reading,
            layout=arrangements[0].layout,
            layouts=tuple(a.words for a in arrangements),
        )

    def _wrong(self) -> Verdict:
        target = self.conforming[0]
        example = self.refuted.counterexample if self.refuted else self.judge.counterexample(target)
        if example is None:
            # Floats differ, and no exact point does: they have lost their digits near a singular point.
            finding = self.judge.establish(target)
            if finding is not None and finding.evidence in STRENGTH:
                return self._right(CORRECT if target.accepted else CONVENTION, [target], finding)
            example = finding.counterexample if finding is not None else None
        if example is None:
            why = self._why_not()
            return Verdict(UNDECIDED, NONE, remarks=(*self.claim.remarks, why), reading=self.claim.reading)
        found = self.explain(self.judge) or (self._entry(example),)
        return Verdict(WRONG, REFUTED, found, example, self.claim.remarks, self.claim.reading)

    def _why_not(self) -> str:
        if self.judge.glances:
            return "no proof and no counterexample was found"
        if self.judge.is_large:
            return "it is too large to be compared at these sizes; declare them by name, as in A: M x N"
        return "no point was found at which both sides have a value; facts such as positive or posdef may help"

    def _entry(self, example: Counterexample) -> Diagnosis:
        """The last word: which entry differs."""
        if isinstance(self.claim, Entries):
            message = f"Entry ({', '.join(map(str, example.place))}) is wrong."
        else:
            message = "No known slip explains it."
        kind = "entry" if len(example.place) == 2 else "value"
        place = (example.place[0], example.place[1]) if len(example.place) == 2 else None
        return Diagnosis(kind, message, expected=example.expected, given=example.given, entries=(place,) if place else ())
