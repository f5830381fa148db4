"""NumPy functions from derivations."""

from symjac.compile.export import export, export_source
from symjac.compile.forms import Action, compile_record
from symjac.compile.function import Compiled, run_source
from symjac.compile.structured import Structured

__all__ = ["Action", "Compiled", "Structured", "compile_record", "export", "export_source", "run_source"]
