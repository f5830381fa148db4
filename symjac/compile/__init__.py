"""NumPy functions from derivations."""

from symjac.compile.function import Compiled, compile_record, run_source

__all__ = ["Compiled", "compile_record", "run_source"]
