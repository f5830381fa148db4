"""Fractions, roots and sums."""

from __future__ import annotations

from fractions import Fraction

from symjac.read.latex.cursor import Script
from symjac.read.latex.derivatives import Derivatives
from symjac.read.latex.tree import (
    Apply,
    Group,
    Letter,
    Number,
    Over,
    Plus,
    Power,
    Summation,
    Tree,
)
from symjac.read.latex.vocabulary import (
    BEGIN,
    BRACE,
    CELL,
    CLOSE,
    COMMAND,
    FINISH,
    LETTER,
    OPEN,
    RELATION,
    ROW,
    SCRIPT,
    SIGN,
)


class Operators(Derivatives):
    """Reads macros with arguments."""

    def term(self) -> Tree:
        raise NotImplementedError

    def signed_factor(self) -> Tree:
        raise NotImplementedError

    def command(self) -> Tree:
        token = self.token
        if token.text == "frac":
            return self.fraction()
        if token.text == "sqrt":
            return self.root()
        if token.text == "sum":
            return self.summation()
        if token.text == "partial":
            return self.partial()
        if token.text == "nabla":
            return self.nabla()
        if token.text in ("pdv", "dv"):
            return self.physics_derivative()
        if token.text == "max":
            return self.positive_part()
        raise self.unexpected("a factor")

    def positive_part(self) -> Tree:
        """Read \\max(0, x) and \\max\\{0, x\\}, which is ReLU."""
        token = self.token
        self.at += 1
        arguments = self.bracketed() if self.is_at(OPEN, "(", "\\{", "[") else ()
        others = [argument for argument in arguments if argument != Number(Fraction(0))]
        if len(arguments) != 2 or len(others) != 1:
            raise self.error("maxima are not read but for \\max(0, x), which is ReLU", token.start)
        return Apply("relu", (others[0],), span=(token.start, self.behind()))

    def fraction(self) -> Tree:
        start = self.token.start
        above = self.argument(self.at + 1)
        below = self.argument(above[2])
        self.at = below[2]
        return self.quotient_of(above, below, start)

    def quotient_of(self, above: tuple[int, int, int], below: tuple[int, int, int], start: int) -> Tree:
        """Return a fraction, or the derivative that it is, from the tokens above and below."""
        if (sign := self.derivative_sign(above, below)) is not None:
            return self.derivative(sign, above, below, start)
        numerator = self.filled(above[0], above[1])
        denominator = self.filled(below[0], below[1])
        return Over(numerator, denominator, span=(start, max(self.behind(), denominator.span[1])))

    def root(self) -> Tree:
        start = self.token.start
        self.at += 1
        degree: Tree | None = None
        if self.is_at(OPEN, "["):
            self.at += 1
            low = self.at
            while not self.is_at("close", "]"):
                if self.at >= self.end:
                    raise self.error("this root's degree is never closed", start)
                self.at += 1
            degree = self.filled(low, self.at)
            self.at += 1
        if self.is_at(OPEN, "(") and degree is None:
            return Apply("sqrt", self.bracketed(), span=(start, self.behind()))
        low, high, self.at = self.argument(self.at)
        radicand = self.filled(low, high)
        span = (start, max(self.behind(), radicand.span[1]))
        if degree is None:
            return Apply("sqrt", (radicand,), span=span)
        return Power(Group(radicand, span=radicand.span), Over(Number(Fraction(1)), degree, span=degree.span), span=span)

    # Sums

    def summation(self) -> Tree:
        start = self.token.start
        self.at += 1
        scripts = {script.sign: script for script in self.scripts()}
        if "_" not in scripts:
            raise self.error("a sum wants its index below it, as in \\sum_i", start)
        letters, low, high = self.limits(scripts["_"])
        if "^" in scripts:
            high = self.indexed_within(scripts["^"].low, scripts["^"].high, self.whole)
        self.bound += [letter.letter for letter in letters]
        self.deeper()
        if not (self.starts_factor() or (self.token.kind == SIGN and self.token.text == "-")):
            raise self.unexpected("what is summed")
        body = self.signed_factor() if self.token.kind == SIGN else self.term()
        terms, signs = [body], [1]
        while self.is_at(SIGN, "+", "-") and any(self.next_term_has(letter) for letter in letters):
            signs.append(-1 if self.token.text == "-" else 1)
            self.at += 1
            terms.append(self.term())
        if len(terms) > 1:
            body = Plus(tuple(terms), tuple(signs), span=(body.span[0], terms[-1].span[1]))
        self.depth -= 1
        del self.bound[len(self.bound) - len(letters) :]
        for letter in reversed(letters):
            body = Summation(letter, body, low, high, len(terms) > 1, span=(start, body.span[1]))
        return body

    def next_term_has(self, letter: Letter) -> bool:
        """Whether a script of the term behind the sign here has a letter that no sum in it binds and no name has."""
        if self.stands_left(letter.letter):
            return False
        depth = 0
        script = -1
        for place in range(self.at + 1, self.end):
            token = self.tokens[place]
            if depth == 0 and (token.kind in (RELATION, CELL, ROW, CLOSE) or token.text in ("+", "-")):
                return False
            if token.text == "sum" and token.kind == COMMAND:
                return False
            opens = token.kind in (OPEN, BEGIN) or (token.kind == BRACE and token.text == "{")
            depth += opens - (token.kind in (CLOSE, FINISH) or (token.kind == BRACE and token.text == "}"))
            if depth < 0:
                return False
            if token.kind == SCRIPT:
                script = self.argument(place + 1)[1]
            elif place < script and token.kind == LETTER and token.text == letter.letter:
                return not self.names.is_name(letter.letter)
        return False

    def limits(self, script: Script) -> tuple[list[Letter], Tree | None, Tree | None]:
        """Read i, i=1, i,j and 1 \\le i \\le n under a sum."""
        places = [p for p in range(script.low, script.high) if self.tokens[p].kind == RELATION]
        signs = [self.tokens[p].text for p in places]
        if signs == ["le", "le"]:
            first, second = places
            low = self.indexed_within(script.low, first, self.whole)
            high = self.indexed_within(second + 1, script.high, self.whole)
            return self.letters(first + 1, second), low, high
        if signs == ["="]:
            return self.letters(script.low, places[0]), self.indexed_within(places[0] + 1, script.high, self.whole), None
        if signs:
            raise self.error("a sum runs over all values of its index; this condition is not read", script.span[0])
        return self.letters(script.low, script.high), None, None

    def letters(self, low: int, high: int) -> list[Letter]:
        found: list[Letter] = []
        for part in self.parts(low, high, (",",)):
            read = self.indexed_within(*part, self.index_list)
            for letter in read:
                if not isinstance(letter, Letter):
                    raise self.error("a sum runs over letters", self.tokens[part[0]].start)
                self.indices_seen.add(letter.letter)
                found.append(letter)
        return found

    def stands_left(self, letter: str) -> bool:
        """Whether a letter stands on the left side of the statement, where it is free."""
        place, seen = 0, False
        while place < self.at and not (self.tokens[place].kind == RELATION and self.tokens[place].text == "="):
            low, place = place, self.match.get(place, place) + 1
            seen = seen or any(token.kind == LETTER and token.text == letter for token in self.tokens[low:place])
        return seen and place < self.at
