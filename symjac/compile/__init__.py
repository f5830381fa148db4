"""NumPy functions from derivations."""

from symjac.compile.function import Compiled, compile_record

__all__ = ["Compiled", "compile_record"]
