"""Functions as a module of their own: a file that imports NumPy alone."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Protocol

from symjac.compile.function import Compiled
from symjac.compile.module import BLOCKS, PREAMBLE
from symjac.compile.names import RESERVED, is_plain
from symjac.errors import DomainError, UnsupportedError

OURS = {"read", "place", "unfit", "blocks"}
"""The helpers in every module."""

HEAD = '"""Jacobians as NumPy functions, written by symjac."""\n\n'


class Derived(Protocol):
    """What can be exported."""

    def lambdify(self) -> object: ...


def export_source(derivations: Mapping[str, Derived]) -> str:
    """Return a module with a function for each derivation, by name.

    >>> from symjac.derivation import jacobian
    >>> source = export_source({"gram": jacobian("A.T*A", "A", given="A: M x N")})
    >>> [line for line in source.splitlines() if line.startswith(("import", "def gram"))]
    ['import numpy as np', 'def gram(A, out=None):']

    Raises DomainError where a name is no Python name, or one that the module needs itself.
    """
    for name in derivations:
        if not is_plain(name, (RESERVED | OURS) - {"jacobian"}):
            raise DomainError(f"{name!r} cannot be the name of a function in the module")
    functions = []
    for name, derivation in derivations.items():
        function = derivation.lambdify()
        if not isinstance(function, Compiled) or not function.has_plan:
            raise UnsupportedError(f"{name} has no index form that could stand in a module with others")
        functions.append(function.function_source(name))
    blocks = BLOCKS if any("in blocks(" in function for function in functions) else ""
    return HEAD + "\n\n".join([f"{PREAMBLE}{blocks}", *functions])


def export(path: str | PathLike[str], derivations: Mapping[str, Derived]) -> Path:
    """Write a module with a function for each derivation, by name, and return its path."""
    file = Path(path)
    file.write_text(export_source(derivations), encoding="utf-8")
    return file
