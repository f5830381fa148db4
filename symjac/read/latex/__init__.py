"""LaTeX as people type it, read into an untyped tree over declared names."""

from symjac.read.latex.lines import lines
from symjac.read.latex.names import Names
from symjac.read.latex.printing import spelled, written
from symjac.read.latex.statements import left_sides, parse, parse_definitions

__all__ = ["Names", "left_sides", "lines", "parse", "parse_definitions", "spelled", "written"]
