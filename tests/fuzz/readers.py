"""A coverage-guided fuzzer over the readers: no exception but SymjacError may leave them.

    pip install '.[fuzz]' && python -m tests.fuzz.readers -max_total_time=300 -max_len=80

`test_targets.py` runs the same targets on a few inputs of their own.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Fuzz until an exception that is not ours leaves a reader."""
    import atheris

    with atheris.instrument_imports(include=["symjac"]):
        from tests.fuzz.targets import read_everything
    atheris.Setup(sys.argv, read_everything)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
