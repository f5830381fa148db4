"""Least squares from a table: a CSV file, or a data frame, with the coefficients named after its columns."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from symjac.errors import DomainError
from symjac.least_squares.fit import LeastSquares, least_squares
from symjac.least_squares.numbers import exact
from symjac.read.tokens import suggestion

INTERCEPT = "intercept"


@dataclass(frozen=True)
class _Table:
    """Cells by column name, and what to call each row in a message."""

    names: tuple[str, ...]
    columns: dict[str, tuple[Any, ...]]
    rows: tuple[str, ...]

    def numeric(self) -> list[str]:
        """The columns that hold numbers: those where at least one cell is one."""
        return [name for name in self.names if any(exact(cell) is not None for cell in self.columns[name])]

    def numbers(self, name: str) -> list[Fraction]:
        """Return a column as exact numbers; raise DomainError with row and column for a cell that is none."""
        if name not in self.columns:
            near = suggestion(name, list(self.names))
            raise DomainError(f"there is no column {name!r}{near}; the columns are {', '.join(self.names)}")
        found = []
        for row, cell in zip(self.rows, self.columns[name], strict=True):
            number = exact(cell)
            if number is None:
                shown = "is empty" if str(cell).strip() == "" else f"holds {str(cell)[:40]!r}, not a finite number"
                raise DomainError(f"{row}, column {name!r} {shown}")
            found.append(number)
        return found


def least_squares_from_csv(
    path: str | Path | None = None,
    target: str = "",
    features: Sequence[str] | None = None,
    intercept: bool = True,
    method: str = "qr",
    *,
    table: Any = None,
) -> LeastSquares:
    """Fit the column `target` by the columns `features`, all other numeric columns by default.

    >>> fit = least_squares_from_csv("derivations/data/portland_houses.csv", target="price_usd")
    >>> {name: round(value, 4) for name, value in fit.coefficients.items()}
    {'intercept': 89597.9095, 'living_area_sqft': 139.2107, 'bedrooms': -8738.0191}

    The first line of the file names the columns. Numbers are read as the exact decimals that they are, which
    method="exact" keeps. With `table=` a data frame is taken instead of a file (anything with `columns` and `to_numpy()`).
    Raises DomainError for a column that is not there (with the nearest name), a cell that is no number (with its row and
    column), too few rows, or an empty file.
    """
    if (path is None) == (table is None):
        raise DomainError("give the path of a CSV file, or table= a data frame, and not both")
    if table is not None:
        return least_squares_from_table(table, target, features, intercept, method)
    assert path is not None
    return _fit(_read_csv(Path(path)), target, features, intercept, method)


def least_squares_from_table(
    table: Any, target: str, features: Sequence[str] | None = None, intercept: bool = True, method: str = "qr"
) -> LeastSquares:
    """Fit a column of a data frame by others; see `least_squares_from_csv`."""
    return _fit(_read_frame(table), target, features, intercept, method)


def _fit(table: _Table, target: str, features: Sequence[str] | None, intercept: bool, method: str) -> LeastSquares:
    y = table.numbers(target)
    chosen = [name for name in table.numeric() if name != target] if features is None else list(features)
    _check_features(chosen, target)
    names = [INTERCEPT, *chosen] if intercept else chosen
    if not names:
        raise DomainError("no feature is left to fit by; name some, or keep the intercept")
    columns = [[Fraction(1)] * len(y)] * intercept + [table.numbers(name) for name in chosen]
    if len(y) < len(names):
        raise DomainError(f"{len(y)} rows cannot determine {len(names)} coefficients: {', '.join(names)}")
    return least_squares(list(zip(*columns, strict=True)), y, method, names)


def _check_features(chosen: list[str], target: str) -> None:
    if target in chosen:
        raise DomainError(f"{target!r} is the target; it cannot be a feature as well")
    doubled = next((name for name in chosen if chosen.count(name) > 1), None)
    if doubled is not None:
        raise DomainError(f"the feature {doubled!r} is named twice")


def _read_csv(path: Path) -> _Table:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file, skipinitialspace=True, strict=True)
            lines = [(f"line {reader.line_num}", row) for row in reader if row]
    except OSError as error:
        raise DomainError(f"{path} cannot be read: {error.strerror}") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise DomainError(f"{path} is not a CSV file in UTF-8: {error}") from None
    if not lines:
        raise DomainError(f"{path} is empty; its first line has to name the columns")
    (_, header), *body = lines
    for line, row in body:
        if len(row) != len(header):
            raise DomainError(f"{line} of {path} has {len(row)} cells, the header has {len(header)}")
    return _table([name.strip() for name in header], [row for _, row in body], [line for line, _ in body])


def _read_frame(frame: Any) -> _Table:
    if not hasattr(frame, "columns") or not hasattr(frame, "to_numpy"):
        raise DomainError(f"a table needs `columns` and `to_numpy()`; {type(frame).__name__} has not both")
    body = frame.to_numpy().tolist()
    return _table([str(name) for name in frame.columns], body, [f"row {i}" for i in range(1, len(body) + 1)])


def _table(names: list[str], body: Sequence[Sequence[Any]], rows: list[str]) -> _Table:
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled is not None:
        raise DomainError(f"two columns are called {doubled!r}")
    if not body:
        raise DomainError("the table has no rows below its header")
    return _Table(tuple(names), {name: tuple(row[j] for row in body) for j, name in enumerate(names)}, tuple(rows))
