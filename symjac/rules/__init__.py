"""The mathematics: a file per family of laws, each law a few lines, registered by name."""

from symjac.rules import collect, commutation, diagonal, differential, push, reading, tidy, trace
from symjac.rules.rule import RULES, Rule

__all__ = ["RULES", "Rule", "collect", "commutation", "diagonal", "differential", "push", "reading", "tidy", "trace"]
