"""Names in generated code: the user's where they are plain identifiers, ours otherwise; never unchecked text."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
RESERVED = frozenset({"np", "numpy", "sizes", "matrix", "size", "values", "jacobian", "t"})


def safe_names(names: Iterable[str]) -> dict[str, str]:
    """Return an identifier for each name, all different.

    >>> safe_names(["A", "lambda", "x; y"])
    {'A': 'A', 'lambda': 'lambda_', 'x; y': 'v1'}
    """
    wanted = list(dict.fromkeys(names))
    taken = {name for name in wanted if _is_plain(name)}
    found: dict[str, str] = {}
    for name in wanted:
        if name in taken:
            found[name] = name
            continue
        base = f"{name}_" if PLAIN.match(name) else "v1"
        while base in taken or not _is_plain(base):
            base = f"v{int(base[1:]) + 1}" if re.fullmatch(r"v\d+", base) else f"{base}_"
        taken.add(base)
        found[name] = base
    return found


def _is_plain(name: str) -> bool:
    return PLAIN.match(name) is not None and not keyword.iskeyword(name) and name not in RESERVED
