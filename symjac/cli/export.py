"""What `symjac export` writes: a module of NumPy functions, from expressions and from files of mathematics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symjac.cli.exhibit import load
from symjac.compile import export_source
from symjac.derivation import Derivation, hessian, jacobian
from symjac.errors import DomainError
from symjac.explicit import ChainRule, ExplicitDerivation
from symjac.layout import Layout

PLAIN_NAME = "jacobian"
"""What a function is called that stands alone and was given no name."""


@dataclass(frozen=True)
class Chosen:
    """A derivation as a function of the kind that was asked for."""

    derivation: Derivation | ExplicitDerivation
    form: str
    order: str
    batch: tuple[str, ...]

    def lambdify(self) -> Any:
        """Return the function."""
        if isinstance(self.derivation, Derivation):
            return self.derivation.lambdify(self.form, self.order, self.batch)
        if (self.form, self.order, self.batch) != ("dense", "C", ()):
            raise DomainError("--form, --order and --batch are for matrix expressions, not for functions given entry by entry")
        return self.derivation.lambdify()


@dataclass(frozen=True)
class Exported:
    """A module as text, the files that gave nothing to it, and what checks refuted."""

    source: str
    idle: tuple[str, ...]
    problems: tuple[str, ...]


def exported(
    sources: Sequence[str],
    names: Sequence[str],
    wrt: Sequence[str],
    given: str | None,
    layout: Layout | None,
    hessian: bool,
    form: str,
    order: str,
    batch: Sequence[str],
    check: bool,
) -> Exported:
    """Return a module with a function for each expression, and for each derivation in the files."""
    if any(map(is_file, sources)) and (wrt or given is not None or layout is not None or hessian):
        raise DomainError("--wrt, --given, --layout and --hessian are for expressions: a file says these itself")
    found = [list(_derivations(source, wrt, given, layout, hessian)) for source in sources]
    idle = tuple(source for source, derivations in zip(sources, found, strict=True) if not derivations)
    if len(idle) == len(sources):
        raise DomainError(f"{', '.join(idle)}: no function is derived there; least squares are numbers and equations")
    named = _named([one for derivations in found for one in derivations], list(_parts(names)))
    chosen = {name: Chosen(derivation, form, order, tuple(_parts(batch))) for name, derivation in named.items()}
    source = export_source(chosen)
    reports = {name: derivation.check() for name, derivation in named.items() if check}
    return Exported(source, idle, tuple(f"{name}: {report}" for name, report in reports.items() if not report))


def is_file(source: str) -> bool:
    """Whether a source is the path of a file of mathematics; what else there is, is an expression.

    >>> is_file("derivations/gram_matrix.py"), is_file("A.T*A")
    (True, False)
    """
    return source.endswith(".py")


def _derivations(
    source: str, wrt: Sequence[str], given: str | None, layout: Layout | None, second: bool
) -> Iterator[tuple[str, Derivation | ExplicitDerivation]]:
    """Yield what a source derives, each with a name of its own; that of an expression is empty."""
    if not is_file(source):
        if not wrt or given is None:
            raise DomainError(f"{source} is an expression, and needs --wrt and --given; the name of a file ends in .py")
        derive = hessian if second else jacobian
        yield "", derive(source, list(_parts(wrt)), given=given, layout=layout or Layout())
        return
    path = Path(source)
    things = [thing.direct if isinstance(thing, ChainRule) else thing for thing in load(path).derived]
    functions = [thing for thing in things if isinstance(thing, Derivation | ExplicitDerivation)]
    for k, thing in enumerate(functions, start=1):
        yield f"{path.stem}_{k}" if len(functions) > 1 else path.stem, thing


def _named(
    derivations: Sequence[tuple[str, Derivation | ExplicitDerivation]], names: Sequence[str]
) -> dict[str, Derivation | ExplicitDerivation]:
    """Return derivations under the names asked for, or under those of their files."""
    if names and len(names) != len(derivations):
        raise DomainError(f"there are {len(names)} names for {len(derivations)} functions: {', '.join(names)}")
    if not names and len(derivations) > 1 and not all(name for name, _ in derivations):
        raise DomainError(f"{len(derivations)} functions need {len(derivations)} names: --name first,second")
    found: dict[str, Derivation | ExplicitDerivation] = {}
    chosen = names or [own or PLAIN_NAME for own, _ in derivations]
    for name, (_, derivation) in zip(chosen, derivations, strict=True):
        if name in found:
            raise DomainError(f"two functions are called {name}: --name gives each its own")
        found[name] = derivation
    return found


def _parts(words: Sequence[str]) -> Iterator[str]:
    """Yield names that stand in options one by one, or parted by commas."""
    return (part.strip() for word in words for part in word.split(","))
