"""Names in generated code: the user's where they are plain identifiers, ours otherwise; never unchecked text."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterable

PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
RESERVED = frozenset({"np", "numpy", "dtype", "sizes", "matrix", "size", "values", "jacobian", "t"})


def safe_names(names: Iterable[str], reserved: Collection[str] = RESERVED) -> dict[str, str]:
    """Return an identifier for each name, all different, and none of the reserved ones.

    >>> safe_names(["A", "lambda", "x; y"])
    {'A': 'A', 'lambda': 'lambda_', 'x; y': 'v1'}
    """
    wanted = list(dict.fromkeys(names))
    taken = {name for name in wanted if is_plain(name, reserved)}
    found: dict[str, str] = {}
    for name in wanted:
        if name in taken:
            found[name] = name
            continue
        base = f"{name}_" if PLAIN.match(name) else "v1"
        while base in taken or not is_plain(base, reserved):
            base = f"v{int(base[1:]) + 1}" if re.fullmatch(r"v\d+", base) else f"{base}_"
        taken.add(base)
        found[name] = base
    return found


def is_plain(name: str, reserved: Collection[str]) -> bool:
    """Whether a name may stand in generated code as it is."""
    return PLAIN.match(name) is not None and not keyword.iskeyword(name) and name not in reserved


def harmless(words: str) -> str:
    """Return a text that may stand in a comment or between quotes: one line, no quotes, no escapes.

    >>> harmless('A\\n"x"')
    "A 'x'"
    """
    return "".join("'" if c == '"' else c if c.isprintable() and c != "\\" else " " for c in words)
