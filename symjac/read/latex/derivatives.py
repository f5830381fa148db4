"""Derivatives in the many ways of writing them: \\frac{∂f}{∂x}, ∇_A f, ∂f/∂x, Df(x)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from symjac.read.latex.cursor import Head, Script
from symjac.read.latex.functions import side_by_side
from symjac.read.latex.named import Named
from symjac.read.latex.names import Key
from symjac.read.latex.tree import (
    Apply,
    Derivative,
    Differential,
    Group,
    Indexed,
    Letter,
    Name,
    Number,
    Power,
    Product,
    Transposed,
    Tree,
)
from symjac.read.latex.vocabulary import (
    ACCENT,
    BRACE,
    COMMAND,
    FUNCTION_LETTERS,
    LETTER,
    OPEN,
    SCRIPT,
    UPRIGHT,
)

_ORDER = {"": 1, "1": 1, "2": 2}


class Derivatives(Named):
    """Reads what is differentiated, and by what."""

    def filled(self, low: int, high: int) -> Tree:
        """Read an expression that fills an argument."""
        if low >= high:
            raise self.error("this argument is empty", self.tokens[low].start if low <= self.last else None)
        return self.within(low, high, self.whole)

    def derivative_sign(self, above: tuple[int, int, int], below: tuple[int, int, int]) -> str | None:
        """Return "partial" or "d" where a fraction is a derivative."""
        if above[0] >= above[1] or below[0] >= below[1]:
            return None
        over, under = self.tokens[above[0]], self.tokens[below[0]]
        if under.kind == COMMAND and under.text == "partial":
            return "partial" if over.text == "partial" else None
        if over.kind == under.kind == LETTER and over.text == under.text == "d" and below[1] - below[0] > 1:
            declared = self.names.find(Key("d"), over.font) and under.font != UPRIGHT
            glued = "d" + self.tokens[below[0] + 1].text
            return None if declared or (self.names.is_declared(glued) and under.font != UPRIGHT) else "d"
        return None

    def derivative(self, style: str, above: tuple[int, int, int], below: tuple[int, int, int], start: int) -> Tree:
        """Read \\frac{∂f}{∂x}, \\frac{∂}{∂x} f and \\frac{∂²f}{∂x∂xᵀ}."""
        after = self.at
        order, of = self.within(above[0], above[1], self.numerator)
        wrts = self.within(below[0], below[1], self.denominator)
        self.at = after
        bare = of is None
        if of is None:
            of = self.operand()
        span = (start, max(self.tokens[below[1] - 1].end, self.behind()))
        found = self.assembled(of, wrts, style, order, span)
        if bare or len(wrts) < 2 or order == 2:
            return found
        raise self.error("this derivative's order does not fit its denominator", start)

    def assembled(self, of: Tree | None, wrts: list[tuple[Tree, bool]], style: str, order: int, span: tuple[int, int]) -> Tree:
        (wrt, transposed), *more = wrts
        if not more:
            if order == 2 and isinstance(wrt, Power) and wrt.exponent == Number(Fraction(2)):
                wrt = wrt.base
            elif isinstance(wrt, Power) and order == 1 and isinstance(wrt.base, Name) and wrt.exponent == Number(Fraction(2)):
                raise self.error("the square below wants one above: \\frac{\\partial^2 f}{\\partial x^2}", span[0])
            return Derivative(of, wrt, style, transposed, order, span=span)
        second, _ = more[0]
        if len(more) > 1 or order != 2:
            raise self.error("derivatives are read up to the second", span[0])
        if wrt == second and not isinstance(wrt, Indexed):
            return Derivative(of, wrt, style, False, 2, span=span)
        return Derivative(Derivative(of, second, style, more[0][1], 1, span=span), wrt, style, transposed, 1, span=span)

    def operator_alone(self) -> Tree:
        """Read ∇_A, \\frac{∂}{∂x} or \\frac{∂ …}{∂x}, whatever is differentiated."""
        start = self.token.start
        if self.is_at(COMMAND, "nabla"):
            self.at += 1
            scripts = self.scripts()
            self.end, end = self.at, self.end
            found = self.operator("nabla", scripts, start)
            self.end = end
            return found
        above = self.argument(self.at + 1)
        below = self.argument(above[2])
        if not self.is_at(COMMAND, "frac") or (style := self.derivative_sign(above, below)) is None:
            raise self.unexpected("a derivative")
        squared = above[0] + 1 < above[1] and self.tokens[above[0] + 1].kind == SCRIPT
        order = self.order(*self.argument(above[0] + 2)[:2]) if squared else 1
        wrts = self.within(below[0], below[1], self.denominator)
        return self.assembled(None, wrts, style, order, (start, self.tokens[below[1] - 1].end))

    def numerator(self) -> tuple[int, Tree | None]:
        """Read ∂, ∂f, ∂² f(x): the order, and what is differentiated."""
        self.at += 1
        order = 1
        if self.is_at(SCRIPT, "^"):
            self.at += 1
            low, high, self.at = self.argument(self.at)
            order = self.order(low, high)
        if self.at >= self.end:
            return order, None
        loose = self.lone_head()
        self.loose += loose
        of = self.whole()
        self.loose -= loose
        return order, of

    def order(self, low: int, high: int) -> int:
        text = "".join(token.text for token in self.tokens[low:high])
        if text not in _ORDER:
            raise self.error("derivatives are read up to the second", self.tokens[low].start)
        return _ORDER[text]

    def lone_head(self) -> bool:
        """Whether a name with its scripts, and perhaps an argument in brackets, fills this group."""
        if not self.is_plain_head():
            return False
        at = self.at
        head = self.head()
        if head is None:
            self.at = at
            return False
        self.scripts()
        fills = self.at >= self.end or (self.token.kind == OPEN and self.token.text == "(")
        self.at = at
        return fills

    def denominator(self) -> list[tuple[Tree, bool]]:
        """Read ∂x, ∂xᵀ, ∂A_{kj} and ∂x∂xᵀ: each variable, and whether it is transposed."""
        found: list[tuple[Tree, bool]] = []
        while self.at < self.end:
            if not (self.is_at(COMMAND, "partial") or self.is_at(LETTER, "d")):
                raise self.unexpected("∂ and a variable")
            self.at += 1
            found.append(self.variable())
        return found

    def variable(self) -> tuple[Tree, bool]:
        factor = self.factor()
        if isinstance(factor, Group):
            factor = factor.inner
        if isinstance(factor, Transposed):
            inner = factor.base
            return (inner.inner if isinstance(inner, Group) else inner), True
        return factor, False

    def operand(self) -> Tree | None:
        """Read what stands after an operator: a function alone, or the product up to the next sign."""
        if not self.starts_factor():
            return None
        loose = self.is_plain_head()
        self.loose += loose
        known = len(self.undeclared)
        first = self.factor()
        self.loose -= loose
        bare = first.base if isinstance(first, Indexed) else first
        if isinstance(bare, Letter) or (isinstance(bare, Apply) and len(bare.function) == 1 and known == len(self.undeclared)):
            return first
        if isinstance(first, Transposed) and isinstance(first.base, Letter):
            return first
        factors, joins = [first], list[str]()
        while self.starts_factor():
            factors.append(self.factor())
            joins.append("")
        return side_by_side(factors, joins)

    def partial(self) -> Tree:
        """Read ∂_x f as a derivative, and ∂X as a differential; what follows a slash is seen to by the product."""
        start = self.token.start
        self.at += 1
        if self.is_at(SCRIPT):
            scripts = self.scripts()
            if all(script.sign != "_" for script in scripts):
                raise self.error("by what is this derived? write \\partial_x f or \\frac{\\partial f}{\\partial x}", start)
            return self.operator("partial", scripts, start)
        if not self.starts_factor():
            raise self.unexpected("what is differentiated")
        return self.differential(start)

    def nabla(self) -> Tree:
        start = self.token.start
        self.at += 1
        return self.operator("nabla", self.scripts(), start)

    def operator(self, style: str, scripts: list[Script], start: int) -> Tree:
        """Read ∇_A f, ∇²f, ∇_{xx} f and ∂_x f."""
        order, wrt, transposed = 1, None, False
        for script in scripts:
            if script.sign == "^" and self.transpose_mark(script):
                transposed = True
            elif script.sign == "^":
                order = self.order(script.low, script.high)
            elif script.sign == "_":
                wrt, doubled = self.below(script)
                order = 2 if doubled else order
            else:
                raise self.error("a prime cannot stand here", script.span[0])
        of = self.operand()
        outer = isinstance(of, Transposed) and isinstance(of.base, Letter) and style == "nabla"
        tree: Tree = Derivative(of.base if outer and isinstance(of, Transposed) else of, wrt, style, transposed, order)
        tree = replace(tree, span=(start, self.behind()))
        return Transposed(tree, of.mark, span=tree.span) if outer and isinstance(of, Transposed) else tree

    def named_operator(self, base: str, head: Head, scripts: list[Script]) -> Tree | None:
        """Read J_f(x), H_f and D f(x), where no declaration knows J, H and D."""
        sub = next((script for script in scripts if script.sign == "_"), None)
        if base in ("J", "H") and sub is not None and sub.text in FUNCTION_LETTERS:
            rest = [script for script in scripts if script is not sub]
            of = Letter(sub.text, span=sub.span)
            wrt = self.bracketed()[0] if self.is_at(OPEN, "(") and not rest else None
            order = 2 if base == "H" else 1
            return self.with_scripts(Derivative(of, wrt, base, False, order, span=(head.start, self.behind())), rest)
        letter = self.token
        if (
            base not in ("D", "H")
            or scripts
            or letter.kind != LETTER
            or letter.text not in FUNCTION_LETTERS
            or self.names.is_declared(letter.text)
        ):
            return None
        self.at += 1
        wrt = self.bracketed()[0] if self.is_at(OPEN, "(") else None
        of = Letter(letter.text, span=(letter.start, letter.end))
        return Derivative(of, wrt, base, False, 2 if base == "H" else 1, span=(head.start, self.behind()))

    def below(self, script: Script) -> tuple[Tree, bool]:
        tree = self.within(script.low, script.high, self.whole)
        if isinstance(tree, Product) and len(tree.factors) == 2 and tree.factors[0] == tree.factors[1]:
            return tree.factors[0], True
        return tree, False

    def slashed(self, above: Differential, wrt_start: int) -> Tree:
        """Read ∂f/∂x, of which the part before the slash is read."""
        style = "partial" if self.is_at(COMMAND, "partial") else "d"
        self.at += 1
        wrt, transposed = self.variable()
        return Derivative(above.inner, wrt, style, transposed, span=(above.span[0], max(wrt_start, self.behind())))

    def slashes_derivative(self, above: Tree) -> bool:
        """Whether the slash here is that of ∂f/∂x."""
        after = self.peek()
        if not isinstance(above, Differential):
            return False
        if after.kind == COMMAND and after.text == "partial":
            return True
        if after.kind != LETTER or after.text != "d" or self.names.find(Key("d"), after.font):
            return False
        return self.peek(2).kind in (LETTER, ACCENT, BRACE) and not self.names.is_declared("d" + self.peek(2).text)

    def physics_derivative(self) -> Tree:
        """Read \\pdv{f}{x} and \\dv{f}{x}."""
        token = self.token
        self.at += 1
        first = self.argument(self.at)
        self.at = first[2]
        style = "partial" if token.text == "pdv" else "d"
        of: Tree | None = None
        if self.is_at(BRACE, "{"):
            self.loose += 1
            of = self.filled(first[0], first[1])
            self.loose -= 1
            first = self.argument(self.at)
            self.at = first[2]
        wrt, transposed = self.within(first[0], first[1], self.variable)
        if of is None:
            of = self.operand()
        return Derivative(of, wrt, style, transposed, span=(token.start, self.behind()))
