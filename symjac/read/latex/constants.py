"""Constants that need no declaration: I_n, K_{mn}, E_{ij}, e_i, δ_{ij}, ones, zeros, π and plain numbers."""

from __future__ import annotations

import re
from fractions import Fraction

from symjac.read.latex.cursor import Head, Script
from symjac.read.latex.functions import Applied
from symjac.read.latex.tree import Dots, Letter, Number, Special, Tree
from symjac.read.latex.vocabulary import BOLD, CLOSE, HOLLOW, LETTER, OPEN, RELATION, UPRIGHT


class Constants(Applied):
    """Reads constant matrices and numbers."""

    def special(self, base: str, head: Head, scripts: list[Script]) -> Tree | None:
        """Read I_n, K_{mn}, E_{ij}, e_i, δ_{ij}, e^x and π."""
        told = self.names.specials.get(base)
        span = (head.start, self.behind())
        sub, sup = (next((s for s in scripts if s.sign == sign), None) for sign in "_^")
        if told is not None or base == "I":
            return self.sized(told or "identity", head, scripts)
        if base == "K" or (base == "T" and sub is not None and len(self.sizes(sub, True)) == 2):
            return self.sized("commutation", head, scripts)
        if base == "e" and sup is not None and self.transpose_mark(sup) is None:
            argument = self.within(sup.low, sup.high, self.whole)
            return self.with_scripts(self.exponential(argument, span), [s for s in scripts if s is not sup])
        if base == "e" and sub is not None:
            return self.single("unit", 1, sub, scripts, span)
        if base == "E" and sub is not None:
            return self.single("single", 2, sub, scripts, span)
        if (
            base in ("E", "J")
            and sup is not None
            and sup.text.replace(",", "").isalnum()
            and len(sup.text.replace(",", "")) == 2
        ):
            return self.single("single", 2, sup, scripts, span)
        if base == "delta" and (sub is not None or sup is not None):
            return self.delta(sub, sup, scripts, span)
        return self.with_scripts(Special("pi", span=span), scripts) if base == "pi" else None

    def sized(self, kind: str, head: Head, scripts: list[Script]) -> Tree:
        """Read a constant matrix with its sizes: a subscript, or a bracketed superscript."""
        pairs = kind == "commutation"
        if kind == "ones" and not scripts and self.opens() and self.holds_relation():
            inner = self.bracketed()[0]
            return inner if isinstance(inner, Special) else self.unknown("1", head, scripts)
        for script in scripts:
            labels = script.sign == "_" or (script.sign == "^" and self.tokens[script.low].kind == OPEN)
            if labels:
                if kind == "ones" and any(t.kind == RELATION for t in self.tokens[script.low : script.high]):
                    return self.delta(script, None, scripts, (head.start, script.span[1])) or self.unknown("1", head, scripts)
                found = self.sizes(script, pairs)
                if kind == "identity" and len(found) == 2 and found[0] == found[1]:
                    found = found[:1]
                if len(found) > 2:
                    raise self.error("a matrix has two sizes", script.span[0])
                rest = [s for s in scripts if s is not script]
                return self.with_scripts(Special(kind, found, span=(head.start, script.span[1])), rest)
        return self.with_scripts(Special(kind, span=(head.start, head.token.end)), scripts)

    def single(self, kind: str, count: int, script: Script, scripts: list[Script], span: tuple[int, int]) -> Tree | None:
        tree = Special(kind, indices=self.indices(Letter("vector") if count == 1 else Dots(""), script), span=span)
        if len(tree.indices) != count:
            return None
        return self.with_scripts(tree, [s for s in scripts if s is not script])

    def delta(self, sub: Script | None, sup: Script | None, scripts: list[Script], span: tuple[int, int]) -> Tree | None:
        """Read δ_{ij}, δ_i^j, δ_{i=j} and 1_{i=j}."""
        indices: tuple[Tree, ...] = ()
        rest = list(scripts)
        for script in scripts:
            if script in (sub, sup) and len(indices) < 2:
                low, high = script.low, script.high
                if self.tokens[low].kind == OPEN and self.tokens[high - 1].kind == CLOSE:
                    low, high = low + 1, high - 1
                equals = [p for p in range(low, high) if self.tokens[p].kind == RELATION and self.tokens[p].text == "="]
                if equals:
                    for a, b in ((low, equals[0]), (equals[0] + 1, high)):
                        indices += (self.indexed_within(a, b, self.index),)
                else:
                    indices += self.indices(Dots(""), script)
                rest.remove(script)
        return self.with_scripts(Special("delta", indices=indices, span=span), rest) if len(indices) == 2 else None

    def bold_number(self, head: Head) -> Tree:
        """Read a bold 1 or 0: a constant matrix, or a plain number where it can be nothing else."""
        scripts = [*head.scripts, *self.scripts()]
        if head.token.text in ("0", "1") and head.token.font in (BOLD, HOLLOW, "arrow", UPRIGHT, "sans"):
            return self.sized("ones" if head.token.text == "1" else "zeros", head, scripts)
        return self.with_scripts(_number(head.token.text, (head.start, head.token.end)), scripts)

    def plain_number(self) -> Tree:
        """Read a number; 1_n is ones."""
        token = self.token
        self.at += 1
        scripts = self.scripts()
        if token.text in ("0", "1") and any(script.sign == "_" for script in scripts):
            return self.sized("ones" if token.text == "1" else "zeros", Head(token, (), (), token.start), scripts)
        return self.with_scripts(_number(token.text, (token.start, token.end)), scripts)

    def unknown(self, base: str, head: Head, scripts: list[Script]) -> Tree:
        """Return a letter that may turn out to be an index, or refuse the name."""
        end = self.behind() if not scripts else head.token.end
        for script in scripts:
            if script.sign == "'" or self.transpose_mark(script) or re.fullmatch(r"-?\d*T?", script.text):
                break
            end = script.span[1]
        shown = self.text[head.start : end].strip()
        if head.token.kind == LETTER and not head.accents and head.token.text == base:
            self.undeclared.append((base, shown, head.start))
            return self.with_scripts(Letter(base, span=(head.start, head.token.end)), scripts)
        raise self.not_declared(shown, head.start)


def _number(text: str, span: tuple[int, int]) -> Number:
    return Number(Fraction(text), len(text.partition(".")[2]), span=span)
