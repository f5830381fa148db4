"""What formulas mean: untyped trees become nodes or index forms, by the shapes of what they speak of."""

from symjac.meaning.costs import COSTS
from symjac.meaning.reading import Expected, Meaning, Reading, meaning_of, readings
from symjac.meaning.typed import NotConforming, RefusedError
from symjac.meaning.world import World

__all__ = ["COSTS", "Expected", "Meaning", "NotConforming", "Reading", "RefusedError", "World", "meaning_of", "readings"]
