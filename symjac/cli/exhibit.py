"""A file of mathematics: what it derives, what was found by hand, and whether the two agree."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from sympy import MatrixBase

from symjac.check import Report
from symjac.cli.figures import pictures
from symjac.cli.judge import Judgement, judge, judge_digits, judge_entries
from symjac.cli.numbers import Number, read_numbers
from symjac.derivation import Derivation
from symjac.errors import DomainError, SymjacError
from symjac.explicit import ChainRule, ExplicitDerivation, Sampling
from symjac.least_squares import LeastSquares, NormalEquations
from symjac.nodes.node import Node
from symjac.read.from_sympy import from_sympy
from symjac.write.entries import drawn
from symjac.write.latex import latex
from symjac.write.page import Code, Math, Picture, Prose, prose
from symjac.write.text import text

DERIVED = (Derivation, ExplicitDerivation, ChainRule, NormalEquations, LeastSquares)
"""What may be called `derivation`."""


@dataclass(frozen=True)
class Claim:
    """Something found by hand: of what, what it says, and what came of comparing it."""

    of: str
    formula: Math | Prose | Code
    judgement: Judgement


@dataclass(frozen=True)
class Outcome:
    """One thing that was derived: the report of its check, and the claims about it."""

    report: Report | Sampling | None
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Finding:
    """What a whole file came to; true where nothing was refuted."""

    outcomes: tuple[Outcome, ...]
    identity: Claim | None
    numbers: tuple[Number, ...] = ()

    def __bool__(self) -> bool:
        return not self.problems

    @property
    def problems(self) -> str:
        """What was refuted, a line each."""
        reports = [str(outcome.report) for outcome in self.outcomes if outcome.report is not None and not outcome.report]
        claims = [claim for outcome in self.outcomes for claim in outcome.claims]
        claims.extend(filter(None, [self.identity]))
        wrong = [f"by hand{claim.of and ', '}{claim.of}: {claim.judgement.words}" for claim in claims if not claim.judgement]
        wrong += [f"{n.words}: {n.judgement.words}" for n in self.numbers if n.judgement is not None and not n.judgement]
        return "\n".join([*reports, *wrong])


@dataclass(frozen=True)
class Exhibit:
    """A file that was read: its words and the names that are looked for in it."""

    path: Path
    module: ModuleType

    @property
    def title(self) -> str:
        """The first line of the file's docstring."""
        return self._words[0].rstrip(".")

    @property
    def paragraphs(self) -> list[str]:
        """The rest of the docstring; what is indented keeps its indent."""
        return [part.strip("\n") for part in "\n".join(self._words[1:]).split("\n\n") if part.strip()]

    @cached_property
    def _words(self) -> list[str]:
        return (self.module.__doc__ or self.path.stem).splitlines()

    @cached_property
    def derived(self) -> tuple[Any, ...]:
        """What is derived, one thing or several; nothing in a file that has an identity, numbers or a figure alone."""
        found = getattr(self.module, "derivation", None)
        if found is None and any(hasattr(self.module, name) for name in ("identity", "numbers", "figure")):
            return ()
        if found is None:
            raise DomainError(f"{self.path} has no name `derivation`")
        things = found if isinstance(found, tuple) else (found,)
        for thing in things:
            if not isinstance(thing, DERIVED):
                raise DomainError(
                    f"{self.path}: `derivation` is what jacobian gives, or a tuple of such, not {type(thing).__name__}"
                )
        return things

    @cached_property
    def by_hand(self) -> tuple[Any, ...]:
        """What was found by hand for each thing that is derived; None where nothing was."""
        found = getattr(self.module, "by_hand", None)
        if found is None:
            return (None,) * len(self.derived)
        if not isinstance(self.module.derivation, tuple):
            return (found,)
        if not isinstance(found, tuple) or len(found) != len(self.derived):
            raise DomainError(f"{self.path}: `by_hand` and `derivation` have to be tuples of one length")
        return found

    def verdict(self) -> Finding:
        """Check everything that is derived or claimed."""
        outcomes = tuple(
            Outcome(_report(thing), tuple(_claims(thing, claim)))
            for thing, claim in zip(self.derived, self.by_hand, strict=True)
        )
        return Finding(outcomes, self._identity(), read_numbers(getattr(self.module, "numbers", {})))

    @cached_property
    def pictures(self) -> tuple[Picture, ...]:
        """What the file calls `figure`, drawn."""
        return pictures(getattr(self.module, "figure", None), self.path.stem)

    def _identity(self) -> Claim | None:
        sides = getattr(self.module, "identity", None)
        if sides is None:
            return None
        if not isinstance(sides, tuple) or len(sides) != 2:
            raise DomainError(f"{self.path}: `identity` is a pair of expressions that are equal")
        left, right = map(from_sympy, sides)
        return Claim("", Math(f"{latex(left)} = {latex(right)}", f"{text(left)} = {text(right)}"), judge(left, right))


def load(path: Path) -> Exhibit:
    """Run a file of mathematics, and keep its names.

    Raises OSError where the file cannot be read, and SymjacError, with the line, where it cannot be run.
    """
    path.open("rb").close()
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    try:
        with _no_bytecode():
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise SymjacError(_complaint(path, error)) from None
    return Exhibit(path, module)


@contextmanager
def _no_bytecode() -> Iterator[None]:
    """Leave nothing beside the file that is read."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _complaint(path: Path, error: BaseException) -> str:
    line = error.lineno if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    where = f"{path}, line {line}" if line else str(path)
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{where}: {message if isinstance(error, SymjacError) else f'{type(error).__name__}: {message}'}"


# What is compared with what


def _report(thing: Any) -> Report | Sampling | None:
    if isinstance(thing, ChainRule):
        return thing.sampling
    return thing.check() if isinstance(thing, Derivation | ExplicitDerivation) else None


def _claims(thing: Any, claim: Any) -> Iterator[Claim]:
    if claim is None:
        return
    if isinstance(thing, LeastSquares):
        yield _claim_numbers(thing, claim)
        return
    for of, value, found in _pairs(thing, claim):
        yield _claim_entries(of, value, found) if isinstance(found, MatrixBase) else _claim(of, value, from_sympy(found))


def _pairs(thing: Any, claim: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield what is claimed of a thing next to what was found, by name: SymPy expressions, explicit matrices, or nodes."""
    if isinstance(claim, Mapping):
        for name, value in claim.items():
            yield from _named(thing, str(name), value)
    elif isinstance(thing, Derivation):
        claims: Sequence[Any] = claim if isinstance(claim, tuple | list) else (claim,)
        names = thing.variables
        if len(claims) != len(names):
            raise DomainError(f"by hand there are {len(claims)} results for {len(names)} variables: {', '.join(names)}")
        for name, value in zip(names, claims, strict=True):
            yield f"by {name}" if len(names) > 1 else "", value, thing.blocks[name]
    elif isinstance(thing, ExplicitDerivation):
        yield "", claim, thing.matrix
    else:
        raise DomainError(f"by hand, results about {type(thing).__name__} go by name, in a dictionary")


def _named(thing: Any, name: str, value: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield what a thing calls by this name; the two sides of an equation one by one."""
    found = thing.blocks.get(name) if isinstance(thing, Derivation) else getattr(thing, name, None)
    if found is None:
        raise DomainError(f"by hand, {name!r} is claimed of {type(thing).__name__}, which has nothing of that name")
    if isinstance(found, tuple):
        yield from zip((f"{name}, left side", f"{name}, right side"), value, found, strict=True)
    else:
        yield name, value, found.matrix if isinstance(found, ExplicitDerivation) else found


def _claim(of: str, value: Any, found: Node) -> Claim:
    node = from_sympy(value)
    return Claim(of, Math(latex(node), text(node)), judge(node, found))


def _claim_entries(of: str, value: Any, found: Any) -> Claim:
    return Claim(of, drawn(value), judge_entries(value, found))


def _claim_numbers(fit: LeastSquares, claim: Any) -> Claim:
    if fit.exact is None:
        raise DomainError("numbers by hand are compared with an exact fit: choose method='exact'")
    return Claim("", prose(", ".join(map(str, claim)).replace("-", "−")), judge_digits(list(claim), fit.exact))
