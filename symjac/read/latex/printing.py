"""A tree as LaTeX again: it says what was understood, and reads back as the same tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from symjac.read.latex.names import SHORT, Names
from symjac.read.latex.tree import (
    Apply,
    Array,
    Bars,
    Cases,
    Conditions,
    Derivative,
    Differential,
    Dots,
    Group,
    Indexed,
    Infix,
    Letter,
    Name,
    Number,
    Over,
    Pairing,
    Plus,
    Power,
    Product,
    Relation,
    Special,
    Statement,
    Summation,
    Transposed,
    Tree,
)
from symjac.read.latex.vocabulary import ACCENTS, GREEK, SWALLOWING

PLUS, INFIX, OPEN_END, PRODUCT, FACTOR, ATOM = range(6)
"""How tightly a printed text holds together; OPEN_END takes in whatever factor follows it, as a sum does."""

_INFIX = {"otimes": "\\otimes", "odot": "\\odot", "circ": "\\circ", "oslash": "\\oslash", "colon": ":", "khatri": "\\ast"}
_JOINS = {"": " ", "*": " * ", "cdot": " \\cdot ", "times": " \\times "}
_RELATIONS = {"=": "=", "ne": "\\ne", "lt": "<", "le": "\\le", "gt": ">", "ge": "\\ge"}
_MARKS = {"T": "T", "t": "t", "top": "\\top", "intercal": "\\intercal", "mathsf": "\\mathsf{T}"}
_D = "\\mathrm{d}"
"""A quotient of two differentials has brackets, lest it looks like a derivative."""
_BACKSLASHED = frozenset(("exp", "log", "tanh", "sin", "cos", "det"))
_BRACKETS = {"(": ("(", ")"), "[": ("[", "]"), "{": ("{", "}"), "\\{": ("\\{", "\\}")}
_LEADS = {"": "", "=": "= ", "therefore": "\\therefore ", "implies": "\\Rightarrow "}
_SPECIALS = {"identity": "I", "ones": "\\mathbf{1}", "zeros": "\\mathbf{0}", "commutation": "K", "single": "E", "unit": "e",
             "delta": "\\delta", "pi": "\\pi"}  # fmt: skip


def written(tree: Tree, names: Names | None = None) -> str:
    """Return LaTeX that reads back as this tree; with `names`, the names are written their author's way.

    >>> from symjac.read.latex.tree import Name, Product, Transposed
    >>> print(written(Product((Transposed(Name("x_hat")), Name("W1")), ("",))))
    \\hat{x}^{T} W_{1}
    """
    return _Writer(names).at(tree, PLUS)


def spelled(name: str) -> str:
    """Return a declared name as LaTeX: lambda_ is \\lambda, W1 is W_{1}, x_hat is \\hat{x}.

    >>> print(spelled("Sigma_hat_1"), spelled("W_out"))
    \\hat{\\Sigma}_{1} W_{out}
    """
    if re.search(r"[\\^{}]", name) or not re.fullmatch(r"\w+", name):
        return name
    parts = [part for part in name.split("_") if part] or [name]
    found = re.fullmatch(r"([A-Za-z]+)(\d*)", parts[0])
    if found is None:
        return name
    base, labels = found[1], [label for label in (found[2], *parts[1:]) if label]
    accents = [label for label in labels if label in ACCENTS.values()]
    labels = [label for label in labels if label not in accents]
    base = SHORT.get(base, base)
    text = f"\\{base}" if base in GREEK else base
    for accent in reversed(accents):
        text = f"\\{accent}{{{text}}}"
    primes = labels.count("prime")
    labels = [label for label in labels if label != "prime"]
    return text + (f"_{{{','.join(labels)}}}" if labels else "") + "'" * primes


class _Writer:
    def __init__(self, names: Names | None) -> None:
        self.names = names

    def at(self, tree: Tree, level: int) -> str:
        """Return a text that holds together at a level, in brackets where it would not."""
        own, text = self.text(tree)
        return text if own >= level else f"({text})"

    def text(self, tree: Tree) -> tuple[int, str]:
        write: Callable[[Any], tuple[int, str]] = getattr(self, f"write_{type(tree).__name__.lower()}")
        return write(tree)

    def based(self, tree: Tree, sign: str) -> str:
        """Return what a script of a sign may stand on; braces part it from a script of the same sign."""
        own, text = self.text(tree)
        if isinstance(tree, Name | Special | Letter):
            return f"{{{text}}}" if _ends_in(text, sign) else text
        if isinstance(tree, Group) and tree.bracket == "{":
            return text
        if isinstance(tree, Indexed):
            simple = (
                sign == "^"
                and not isinstance(tree.base, Power | Transposed | Differential)
                and "^" not in self.text(tree.base)[1]
            )
            return text if simple else f"{{{text}}}"
        if isinstance(tree, Transposed | Power):
            return (
                text
                if sign == "_" and isinstance(tree.base, Name) and not _ends_in(self.text(tree.base)[1], "_")
                else f"{{{text}}}"
            )
        if own == ATOM:
            return text
        return f"{{{text}}}" if own == FACTOR or isinstance(tree, Over | Apply | Summation | Derivative) else f"({text})"

    # Leaves

    def write_number(self, tree: Number) -> tuple[int, str]:
        if tree.decimals:
            digits = f"{abs(int(tree.value * 10**tree.decimals)):0{tree.decimals + 1}d}"
            text = f"{digits[: -tree.decimals]}.{digits[-tree.decimals :]}"
            return (ATOM, text) if tree.value >= 0 else (PLUS, f"-{text}")
        if tree.value.denominator != 1:
            return ATOM, f"\\frac{{{tree.value.numerator}}}{{{tree.value.denominator}}}"
        return (ATOM if tree.value >= 0 else PLUS), str(tree.value)

    def write_name(self, tree: Name) -> tuple[int, str]:
        return ATOM, spelled(tree.name if self.names is None else self.names.known.get(tree.name, tree.name))

    def write_letter(self, tree: Letter) -> tuple[int, str]:
        if "^" in tree.letter or "\\" in tree.letter:
            return ATOM, tree.letter
        base, _, label = tree.letter.partition("_")
        primes = len(base) - len(base.rstrip("'"))
        bare = base.rstrip("'")
        bare = f"\\{bare}" if bare in GREEK or bare == "ell" else bare
        return ATOM, bare + "'" * primes + (f"_{{{label}}}" if label else "")

    def write_special(self, tree: Special) -> tuple[int, str]:
        text = _SPECIALS[tree.kind]
        if tree.kind == "commutation" and self.names is not None and self.names.is_declared("K"):
            text = "T"
        sizes = (" \\times " if tree.kind in ("identity", "ones", "zeros") else ", ").join(self.at(s, PLUS) for s in tree.sizes)
        indices = ", ".join(self.at(i, PLUS) for i in tree.indices)
        return ATOM, text + (f"_{{{sizes or indices}}}" if sizes or indices else "")

    def write_dots(self, tree: Dots) -> tuple[int, str]:
        return ATOM, tree.text

    # Operations

    def write_plus(self, tree: Plus) -> tuple[int, str]:
        text = ""
        for term, sign in zip(tree.terms, tree.signs, strict=True):
            text += (" - " if sign < 0 else " + ") + self.at(term, INFIX)
        return PLUS, text[3:] if tree.signs[0] > 0 else f"-{text[3:]}"

    def write_product(self, tree: Product) -> tuple[int, str]:
        text = self.factor(tree.factors[0], last=False, first=True)
        for number, (join, factor) in enumerate(zip(tree.joins, tree.factors[1:], strict=True), 1):
            last = number == len(tree.factors) - 1
            text += _JOINS[join] + self.factor(factor, last, first=False, signed=bool(join))
        return OPEN_END if _is_open(tree.factors[-1]) else PRODUCT, text

    def factor(self, tree: Tree, last: bool, first: bool, signed: bool = False) -> str:
        if signed and isinstance(tree, Plus) and len(tree.terms) == 1 and not isinstance(tree.terms[0], Product | Infix | Plus):
            return ("-" if tree.signs[0] < 0 else "+") + self.at(tree.terms[0], FACTOR)
        own, text = self.text(tree)
        if own == OPEN_END:
            return text if last and not isinstance(tree, Product) else f"{{{text}}}"
        if isinstance(tree, Over) and tree.style == "slash":
            return text
        return text if own >= FACTOR else f"({text})"

    def write_infix(self, tree: Infix) -> tuple[int, str]:
        left, right = self.at(tree.left, INFIX), self.at(tree.right, PRODUCT)
        if _is_open(tree.left):
            left = f"{{{left}}}"
        if (isinstance(tree.right, Product) and _is_open(tree.right)) or _is_open(tree.right):
            right = self.text(tree.right)[1]
        if isinstance(tree.right, Plus) and len(tree.right.terms) == 1:
            right = self.factor(tree.right, False, False, signed=True)
        return INFIX, f"{left} {_INFIX[tree.sign]} {right}"

    def write_over(self, tree: Over) -> tuple[int, str]:
        if tree.style == "frac":
            above, below = self.at(tree.numerator, PLUS), self.at(tree.denominator, PLUS)
            above = f"({above})" if above.startswith(_D) and below.startswith(_D) else above
            return ATOM, f"\\frac{{{above}}}{{{below}}}"
        left = self.factor(tree.numerator, last=False, first=True)
        right = tree.denominator
        below = (
            f"({self.text(right)[1]})"
            if isinstance(right, Over) and right.style == "slash"
            else self.factor(right, False, False)
        )
        return PRODUCT, f"{left} / {below}"

    def write_power(self, tree: Power) -> tuple[int, str]:
        exponent = self.at(tree.exponent, PLUS)
        sign = "\\circ " if tree.entrywise else ""
        return FACTOR, f"{self.based(tree.base, '^')}^{{{sign}{exponent}}}"

    def write_transposed(self, tree: Transposed) -> tuple[int, str]:
        if tree.mark == "prime":
            return FACTOR, f"{self.based(tree.base, '^')}'"
        mark = _MARKS[tree.mark]
        base = tree.base
        if isinstance(base, Power) and isinstance(base.exponent, Number) and base.exponent.value < 0 and not base.entrywise:
            times = "" if base.exponent.value == -1 else str(-base.exponent.value)
            return FACTOR, f"{self.based(base.base, '^')}^{{-{times}{mark}}}"
        return FACTOR, f"{self.based(base, '^')}^{{{mark}}}"

    def write_indexed(self, tree: Indexed) -> tuple[int, str]:
        return FACTOR, f"{self.based(tree.base, '_')}_{{{', '.join(self.at(index, PLUS) for index in tree.indices)}}}"

    def write_group(self, tree: Group) -> tuple[int, str]:
        opening, closing = _BRACKETS[tree.bracket]
        return ATOM, f"{opening}{self.at(tree.inner, PLUS)}{closing}"

    def write_apply(self, tree: Apply) -> tuple[int, str]:
        if tree.function == "sqrt" and len(tree.arguments) == 1 and not tree.primes and tree.power is None and tree.bracketed:
            return ATOM, f"\\sqrt{{{self.at(tree.arguments[0], PLUS)}}}"
        word = self.word(tree.function) + "'" * tree.primes
        if tree.power is not None:
            word += f"^{{{self.at(tree.power, PLUS)}}}"
        if tree.bracketed or len(tree.arguments) != 1:
            return ATOM, f"{word}({', '.join(self.at(argument, PLUS) for argument in tree.arguments)})"
        argument = self.at(tree.arguments[0], PLUS)
        return (OPEN_END, f"{word} {argument}") if tree.function in SWALLOWING else (FACTOR, f"{word}{{{argument}}}")

    def word(self, function: str) -> str:
        if function in _BACKSLASHED or function in GREEK or function == "ell":
            return f"\\{function}"
        if function.endswith(")"):
            return function.rpartition("(")[0].strip()
        return function if len(function) == 1 else f"\\operatorname{{{function}}}"

    def write_bars(self, tree: Bars) -> tuple[int, str]:
        bar = "Vert" if tree.double else "vert"
        mark = f"_{{{tree.mark}}}" if tree.mark else ""
        return ATOM, f"\\l{bar} {self.at(tree.inner, PLUS)} \\r{bar}{mark}"

    def write_pairing(self, tree: Pairing) -> tuple[int, str]:
        return ATOM, f"\\langle {self.at(tree.left, PLUS)}, {self.at(tree.right, PLUS)} \\rangle"

    def write_array(self, tree: Array) -> tuple[int, str]:
        body = " \\\\ ".join(" & ".join(self.at(entry, PLUS) for entry in row) for row in tree.rows)
        if tree.rules:
            return ATOM, f"\\begin{{array}}{{c{'|c' * tree.rules}}} {body} \\end{{array}}"
        return ATOM, f"\\begin{{bmatrix}} {body} \\end{{bmatrix}}"

    def write_relation(self, tree: Relation) -> tuple[int, str]:
        text = self.at(tree.sides[0], PLUS)
        for sign, side in zip(tree.signs, tree.sides[1:], strict=True):
            text += f" {_RELATIONS[sign]} {self.at(side, PLUS)}"
        return PLUS, text

    def write_conditions(self, tree: Conditions) -> tuple[int, str]:
        if not tree.relations:
            return PLUS, "\\text{otherwise}"
        return PLUS, f" \\text{{ {tree.join} }} ".join(self.at(relation, PLUS) for relation in tree.relations)

    def write_cases(self, tree: Cases) -> tuple[int, str]:
        rows = (f"{self.at(v, PLUS)} & {self.at(c, PLUS)}" for v, c in zip(tree.values, tree.conditions, strict=True))
        body = " \\\\ ".join(rows)
        return ATOM, f"\\begin{{cases}} {body} \\end{{cases}}"

    def write_summation(self, tree: Summation) -> tuple[int, str]:
        low = f"={self.at(tree.low, PLUS)}" if tree.low is not None else ""
        high = f"^{{{self.at(tree.high, PLUS)}}}" if tree.high is not None else ""
        own, body = self.text(tree.body)
        if isinstance(tree.body, Plus) and len(tree.body.terms) == 1:
            own, body = INFIX, self.factor(tree.body, last=True, first=False, signed=True)
        return OPEN_END, f"\\sum_{{{self.at(tree.letter, PLUS)}{low}}}{high} {body if own >= INFIX else f'({body})'}"

    def write_differential(self, tree: Differential) -> tuple[int, str]:
        own, text = self.text(tree.inner)
        if isinstance(tree.inner, Apply):
            return own, f"\\mathrm{{d}}{text}"
        return FACTOR, f"\\mathrm{{d}}{text if own >= FACTOR else f'({text})'}"

    # Derivatives and statements

    def write_derivative(self, tree: Derivative) -> tuple[int, str]:
        of = "" if tree.of is None else self.at(tree.of, PLUS)
        if tree.style in ("J", "H", "D"):
            of = f"_{{{of}}}" if tree.style != "D" else f" {of}"
            return FACTOR, f"{tree.style}{of}" + (f"({self.at(tree.wrt, PLUS)})" if tree.wrt is not None else "")
        if tree.style == "nabla":
            below = f"_{{{self.at(tree.wrt, PLUS)}}}" if tree.wrt is not None else ""
            above = "^{2}" if tree.order == 2 else "^{\\top}" if tree.transposed else ""
            return OPEN_END, f"\\nabla{below}{above} {of if tree.of is None else self.at(tree.of, OPEN_END)}".rstrip()
        sign = "\\partial" if tree.style == "partial" else "\\mathrm{d}"
        wrt = "" if tree.wrt is None else self.at(tree.wrt, FACTOR)
        if tree.transposed and tree.wrt is not None:
            wrt = f"{self.based(tree.wrt, '^')}^{{\\top}}"
        below = f"{sign} {wrt}"
        if tree.order == 2:
            return ATOM, f"\\frac{{{sign}^{{2}} {of}}}{{{sign} {wrt} {sign} {self.based(tree.wrt or Dots(''), '^')}^{{\\top}}}}"
        return (OPEN_END if tree.of is None else ATOM), f"\\frac{{{f'{sign} {of}'.rstrip()}}}{{{below}}}"

    def write_statement(self, tree: Statement) -> tuple[int, str]:
        return PLUS, _LEADS[tree.lead] + " = ".join(self.at(side, PLUS) for side in tree.sides)


def _is_open(tree: Tree) -> bool:
    """Whether a vertex's text would take in the factors after it."""
    if isinstance(tree, Product):
        return _is_open(tree.factors[-1])
    if isinstance(tree, Differential):
        return _is_open(tree.inner)
    if isinstance(tree, Apply):
        return not tree.bracketed and tree.function in SWALLOWING
    return isinstance(tree, Summation) or (isinstance(tree, Derivative) and (tree.style == "nabla" or tree.of is None))


def _ends_in(text: str, sign: str) -> bool:
    """Whether a name's text has a script of this sign."""
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth == 0 and (char == sign or (sign == "^" and char == "'")):
            return True
    return False
