"""Functions as a module of their own: a file that imports NumPy alone."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Protocol

from symjac.compile.function import Compiled
from symjac.compile.names import RESERVED, is_plain
from symjac.errors import DomainError, UnsupportedError

MAIN = "jacobian"
"""What the function is called in the source of each derivation."""

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
        _check(name, RESERVED - {MAIN})
    imports: dict[str, None] = {}
    helpers: dict[str, str] = {}
    functions: list[str] = []
    for name, derivation in derivations.items():
        source = _source(name, derivation)
        for statement in ast.parse(source).body:
            text = ast.get_source_segment(source, statement) or ""
            if isinstance(statement, ast.Import):
                imports[text] = None
            elif isinstance(statement, ast.FunctionDef) and statement.name == MAIN:
                functions.append(text.replace(f"def {MAIN}(", f"def {name}(", 1))
            elif isinstance(statement, ast.FunctionDef):
                assert helpers.setdefault(statement.name, text) == text, f"two helpers are called {statement.name}"
    for name in derivations:
        _check(name, helpers)
    return HEAD + "\n\n\n".join(["\n".join(imports), *helpers.values(), *functions]) + "\n"


def _check(name: str, taken: Mapping[str, str] | frozenset[str]) -> None:
    if not is_plain(name, {*taken, *dir(builtins)}):
        raise DomainError(f"{name!r} cannot be the name of a function in the module")


def _source(name: str, derivation: Derived) -> str:
    function = derivation.lambdify()
    if not isinstance(function, Compiled):
        raise UnsupportedError(f"{name} is no function of NumPy alone")
    return function.source


def export(path: str | PathLike[str], derivations: Mapping[str, Derived]) -> Path:
    """Write a module with a function for each derivation, by name, and return its path."""
    file = Path(path)
    file.write_text(export_source(derivations), encoding="utf-8")
    return file
