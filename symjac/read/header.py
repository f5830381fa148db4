"""The header of an exercise: a few lines of TOML that say what is asked.

Everything in it is text, a number, or a table of such; nothing names a path, and nothing is run.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from symjac.errors import ParseError
from symjac.layout import Layout
from symjac.read.tokens import suggestion

MAX_HEADER = 8_000
"""The longest header, in characters."""
MAX_TEXT = 4_000
"""The longest text in a header."""
MAX_ENTRIES = 2_000
"""How many numbers one value may hold."""
MAX_DIGITS = 40
"""Digits of a number in a header."""

KINDS = ("derivative", "identity", "value", "shape", "parameter count", "choice")
RIGHT, WRONG = "right", "wrong"

Grid = tuple[tuple[Fraction, ...], ...]
"""A matrix of exact numbers, as rows."""


@dataclass(frozen=True)
class Task:
    """What an exercise asks: what is given, and what is to be found.

    `named` is the name of f where the header has one (K in "K = A'*A"). `answer` is an answer in one line, beside or instead of
    a working. `layers` and `counted` ask about a network, `options`, `inputs` and `targets` about a choice. Where `expect` is
    "wrong", the working holds a slip on purpose: `slip` is its kind, `at` the line of the working it stands in, counted from 1.
    """

    kind: str = "derivative"
    given: str = ""
    f: str = ""
    named: str = ""
    wrt: str = ""
    order: int = 1
    layout: Layout | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    definitions: tuple[str, ...] = ()
    values: Mapping[str, Grid] = field(default_factory=dict)
    layers: tuple[int, ...] = ()
    counted: str = "parameters"
    options: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    inputs: tuple[Fraction, ...] = ()
    targets: tuple[Fraction, ...] = ()
    answer: str = ""
    shapes: Mapping[str, str] = field(default_factory=dict)
    expect: str = RIGHT
    slip: str = ""
    at: int = 0


def read_task(raw: Mapping[str, Any]) -> Task:
    """Return what a header asks.

    >>> read_task(read_toml("given = 'A: M x N, x: N'\\nf = 'A*x'\\nwrt = 'x'\\nlayout = 'row-first inputs'")).layout
    Layout(of='column', wrt='row', orientation='numerator')

    Raises ParseError for a name that no header has, and for a value that is none of its kind.
    """
    found: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in _READERS:
            raise ParseError(f"a header has no {key!r}{suggestion(key, list(_READERS))}; it has {', '.join(_READERS)}")
        found[key] = _READERS[key](key, value)
    named, found["f"] = _named(found.get("f", ""))
    task = Task(**found, named=named)
    _check(task)
    return task


def read_toml(text: str) -> dict[str, Any]:
    """Read TOML of a small size; decimals stay exact.

    >>> read_toml("b = [0.1, 2]")
    {'b': [Decimal('0.1'), 2]}

    Raises ParseError.
    """
    if len(text) > MAX_HEADER:
        raise ParseError(f"a header has at most {MAX_HEADER} characters, not {len(text)}")
    try:
        return tomllib.loads(text, parse_float=_decimal)
    except RecursionError:
        raise ParseError("the header nests too deep") from None
    except (ValueError, ArithmeticError) as error:
        raise ParseError(f"the header is not TOML: {error}") from None


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or len(text) > MAX_DIGITS or abs(number.adjusted()) > MAX_DIGITS:
        raise ParseError(f"numbers are finite and have at most {MAX_DIGITS} digits")
    return number


def _check(task: Task) -> None:
    missing = {
        "derivative": [key for key in ("given", "f", "wrt") if not getattr(task, key)],
        "choice": [key for key in ("f", "options", "inputs", "targets", "answer") if not getattr(task, key)],
        "parameter count": [key for key in ("layers",) if not getattr(task, key)],
        "shape": [] if task.layers or task.given else ["given"],
        "value": [] if task.values or task.given else ["values"],
        "identity": [] if task.given else ["given"],
    }[task.kind]
    if missing:
        raise ParseError(f"the header of kind {task.kind!r} lacks {' and '.join(missing)}")
    if task.expect == RIGHT and (task.slip or task.at):
        raise ParseError('slip and at belong to expect = "wrong"')
    if len(task.inputs) != len(task.targets):
        raise ParseError(f"there are {len(task.inputs)} inputs and {len(task.targets)} targets")


def _named(f: str) -> tuple[str, str]:
    """Part "K = A'*A" into the name and what it stands for."""
    left, equals, right = f.partition("=")
    name = re.sub(r"\s*\([^()=]*\)\s*$", "", left.strip())
    if equals and name and len(name) <= 40 and left.count("{") == left.count("}") and "\\sum" not in left:
        return name, right.strip()
    return "", f.strip()


# What stands behind a name


def _text(key: str, value: Any) -> str:
    if isinstance(value, str) and len(value) <= MAX_TEXT:
        return value.strip()
    raise ParseError(f"{key} is a text of at most {MAX_TEXT} characters")


def _texts(key: str, value: Any) -> tuple[str, ...]:
    """Read a list of texts, one text, or a table of definitions."""
    if isinstance(value, Mapping):
        return tuple(f"{name} = {_text(key, one)}" for name, one in value.items())
    return tuple(_text(key, one) for one in (value if isinstance(value, list) else [value]))


def _text_table(key: str, value: Any) -> Mapping[str, str]:
    if not isinstance(value, Mapping):
        raise ParseError(f"{key} is a table of texts")
    return {name: _answer(key, one) for name, one in value.items()}


def _one_of(*allowed: str) -> Callable[[str, Any], str]:
    def read(key: str, value: Any) -> str:
        if value not in allowed:
            raise ParseError(f"{key} is {' or '.join(map(repr, allowed))}, not {str(value)[:80]!r}")
        return str(value)

    return read


def _whole(least: int, most: int) -> Callable[[str, Any], int]:
    def read(key: str, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ParseError(f"{key} is a whole number from {least} to {most}")
        return value

    return read


def _layers(key: str, value: Any) -> tuple[int, ...]:
    if not isinstance(value, list) or not 2 <= len(value) <= 100:
        raise ParseError(f"{key} is a list of 2 to 100 widths, such as [4, 8, 2]")
    return tuple(_whole(1, 10**6)(key, one) for one in value)


def _number(key: str, value: Any) -> Fraction:
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and abs(value) < 10**MAX_DIGITS:
        return Fraction(value)
    raise ParseError(f"{key} holds numbers of at most {MAX_DIGITS} digits")


def _numbers(key: str, value: Any) -> tuple[Fraction, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_ENTRIES:
        raise ParseError(f"{key} is a list of numbers")
    return tuple(_number(key, one) for one in value)


def _grid(key: str, value: Any) -> Grid:
    """Read a number, a list (a column) or a list of rows."""
    rows = value if isinstance(value, list) else [value]
    grid = tuple(_numbers(key, row if isinstance(row, list) else [row]) for row in rows)
    if not grid or len({len(row) for row in grid}) != 1 or len(grid) * len(grid[0]) > MAX_ENTRIES:
        raise ParseError(f"{key} is a number, a list of numbers, or a list of rows of one length")
    return grid


def _grids(key: str, value: Any) -> Mapping[str, Grid]:
    if not isinstance(value, Mapping):
        raise ParseError(f"{key} is a table of numbers, lists and lists of rows")
    return {name: _grid(name, one) for name, one in value.items()}


def _options(key: str, value: Any) -> Mapping[str, Mapping[str, Fraction]]:
    if not isinstance(value, Mapping) or not all(isinstance(one, Mapping) for one in value.values()):
        raise ParseError(f"{key} is a table of tables, such as a = {{w = 10, b = 0}}")
    return {name: {of: _number(of, one) for of, one in option.items()} for name, option in value.items()}


def _answer(key: str, value: Any) -> str:
    """Read an answer: a text, a number, or a list such as [8, 4]."""
    if isinstance(value, list):
        return " x ".join(str(_number(key, one)) for one in value) or _text(key, None)
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else _text(key, value)


_LAYOUTS: Mapping[str, Mapping[str, str]] = {
    "numerator": {"orientation": "numerator"},
    "denominator": {"orientation": "denominator"},
    "row-first": {"of": "row", "wrt": "row"},
    "column-first": {"of": "column", "wrt": "column"},
    **{
        words: {field: order}
        for order in ("row", "column")
        for field, nouns in (("wrt", ("inputs", "wrt")), ("of", ("outputs", "of")))
        for noun in nouns
        for words in (f"{order}-first {noun}", f"{noun} {order}-first", f"{noun}={order}")
    },
}


def _layout(key: str, value: Any) -> Layout:
    chosen: dict[str, str] = {}
    for part in filter(None, map(str.strip, _text(key, value).lower().split(","))):
        words = re.sub(r"\s*=\s*", "=", " ".join(part.removesuffix("layout").split()))
        if words not in _LAYOUTS:
            raise ParseError(f"{part!r} is no layout{suggestion(words, list(_LAYOUTS))}; say {', '.join(_LAYOUTS)}")
        for name, choice in _LAYOUTS[words].items():
            if chosen.setdefault(name, choice) != choice:
                raise ParseError(f"the layout says both {chosen[name]} and {choice}")
    return Layout(**chosen)


_READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "kind": _one_of(*KINDS),
    "given": _text,
    "f": _text,
    "wrt": _text,
    "order": _whole(1, 2),
    "layout": _layout,
    "names": _text_table,
    "definitions": _texts,
    "values": _grids,
    "layers": _layers,
    "counted": _one_of("parameters", "multiplications"),
    "options": _options,
    "inputs": _numbers,
    "targets": _numbers,
    "answer": _answer,
    "shapes": _text_table,
    "expect": _one_of(RIGHT, WRONG),
    "slip": _text,
    "at": _whole(1, 10_000),
}
"""Every name a header may have, and how its value is read."""
