"""The text language: Python's expression syntax over declared names and a fixed list of functions.

A reader of our own, because Python's parser knows neither A' nor columns of decimals, and gives up on deep brackets. It
builds nodes as it reads, so that every error knows its column; nothing that it reads is ever executed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from symjac.errors import ParseError, ShapeError, SymjacError
from symjac.nodes import build
from symjac.nodes.node import Node
from symjac.nodes.sizes import Size, shape_text, size_symbol
from symjac.read.declare import read_declarations
from symjac.read.language import FUNCTIONS, check_small, raised
from symjac.read.tokens import END, MAX_DIGITS, NAME, NUMBER, SIGN, Cursor, Token, suggestion

MAX_DEPTH = 100
"""How deep brackets, powers and calls may nest."""


def read_text(text: str, declarations: str | Mapping[str, Node]) -> Node:
    """Read an expression over declared names.

    >>> read_text("A'*(A*x - b)", "A: M x N, x: N, b: M").shape
    (N, 1)
    >>> read_text("1/N*sum(x) + 0.1*x.T*x", "x: N").shape
    (1, 1)

    `*` and `@` are the matrix product, and numbers, scalars and 1×1 products scale; `A.T` and `A'` transpose; `X**-1`, `X**3`
    are powers of a square matrix; sizes count as numbers. Raises ParseError, with the column, for what cannot be read, and
    ShapeError, naming the part, for what does not fit.
    """
    names = read_declarations(declarations) if isinstance(declarations, str) else dict(declarations)
    return _TextReader(text, names).read()


class _TextReader:
    """One reading; every method returns the node of what it has consumed."""

    def __init__(self, text: str, names: Mapping[str, Node]) -> None:
        self.cursor = Cursor(text, "an expression")
        self.text = text
        self.names = names
        self.sizes: dict[str, Size] = {
            s.name: size_symbol(s.name) for node in names.values() for n in node.shape for s in n.free_symbols
        }
        self.depth = 0

    def read(self) -> Node:
        node = self.sum()
        if self.cursor.token.kind != END:
            raise self.unexpected()
        return node

    def unexpected(self) -> ParseError:
        token = self.cursor.token
        if token.text == "^":
            return self.cursor.error("^ is not used here; write ** for a power and .T for the transpose")
        if token.kind in (NAME, NUMBER) or token.text == "(":
            return self.cursor.error(f"an operator is missing before {token.text}; write * for a product")
        return self.cursor.unexpected("an operator or the end of the text")

    def sum(self) -> Node:
        start = self.cursor.token
        terms = [self.product()]
        while self.cursor.at("+", "-"):
            sign = self.cursor.next()
            term = self.product()
            if term.shape != terms[0].shape:
                self.make(start, build.add, terms[0], term)
            terms.append(build.product(-1, term) if sign.text == "-" else term)
        return terms[0] if len(terms) == 1 else self.make(start, build.add, *terms)

    def product(self) -> Node:
        """Read factors from left to right; a stretch that comes to 1×1 becomes a scalar before the next factor."""
        start = self.cursor.token
        scalars: list[Node] = []
        chain: list[Node] = []
        factor = self.unary()
        if not self.cursor.at("*", "@", "/"):
            return factor
        (scalars if factor.is_scalar else chain).append(factor)
        while self.cursor.at("*", "@", "/"):
            sign = self.cursor.next()
            begin = self.cursor.token
            factor = self.unary()
            if sign.text == "/":
                factor = self.make(begin, _reciprocal, factor)
            if factor.is_scalar:
                scalars.append(factor)
                continue
            if chain and chain[0].rows == 1 == chain[-1].cols:
                scalars.append(build.product(*chain))
                chain = []
            if chain and chain[-1].cols != factor.rows:
                self.make(start, build.product, build.product(*chain), factor)
            chain.append(factor)
        return self.make(start, build.product, *scalars, *chain)

    def unary(self) -> Node:
        negative = False
        while self.cursor.at("+", "-"):
            negative ^= self.cursor.next().text == "-"
        node = self.power()
        return build.product(-1, node) if negative else node

    def power(self) -> Node:
        start = self.cursor.token
        base = self.postfix()
        if not self.cursor.take("**"):
            return base
        exponent = self.nested(self.unary)
        return self.make(start, raised, base, exponent)

    def postfix(self) -> Node:
        node = self.atom()
        while self.cursor.at("'", "."):
            if self.cursor.next().text == "." and not self.cursor.take("T"):
                raise self.cursor.unexpected("T after the point: A.T is the transpose, and nothing else is known")
            node = build.transpose(node)
        return node

    def atom(self) -> Node:
        token = self.cursor.token
        if token.kind == NUMBER:
            return self.number(self.cursor.next())
        if token.kind == NAME:
            return self.name(self.cursor.next())
        if self.cursor.take("("):
            node = self.nested(self.sum)
            self.close()
            return node
        if token.kind == SIGN and token.text == "^":
            raise self.unexpected()
        raise self.cursor.unexpected("a name, a number or a bracket")

    def close(self) -> None:
        if not self.cursor.take(")"):
            raise self.unexpected() if self.cursor.token.kind != END else self.cursor.unexpected("a closing bracket")

    def nested(self, read: Callable[[], Node]) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.cursor.error(f"brackets and powers nest at most {MAX_DEPTH} deep")
        node = read()
        self.depth -= 1
        return node

    def number(self, token: Token) -> Node:
        digits, _, exponent = token.text.lower().partition("e")
        if len(token.text) > MAX_DIGITS or (exponent and (len(exponent) > 5 or abs(int(exponent)) > MAX_DIGITS - len(digits))):
            raise self.cursor.error(f"numbers have at most {MAX_DIGITS} digits", token)
        return build.number(Fraction(token.text))

    def name(self, token: Token) -> Node:
        called = self.cursor.at("(")
        if token.text in self.names:
            if called:
                raise self.cursor.error(f"{token.text} is a declared name; write {token.text}*(…) for a product", token)
            return self.names[token.text]
        if called and token.text in FUNCTIONS:
            return self.call(token)
        if token.text in self.sizes and not called:
            return build.dimension(self.sizes[token.text])
        raise self.unknown(token, called)

    def unknown(self, token: Token, called: bool) -> ParseError:
        if called:
            return self.cursor.error(f"there is no function {token.text}{suggestion(token.text, list(FUNCTIONS))}", token)
        if token.text in FUNCTIONS:
            return self.cursor.error(f"{token.text} is a function; write {token.text}(…)", token)
        if token.text == "I":
            return self.cursor.error("I is not declared; write eye(N) for the N × N identity", token)
        return self.cursor.error(f"{token.text} is not declared{suggestion(token.text, [*self.names, *self.sizes])}", token)

    def call(self, token: Token) -> Node:
        self.cursor.take("(")
        args: list[Node] = []
        while not self.cursor.at(")"):
            args.append(self.nested(self.sum))
            if not self.cursor.take(","):
                break
        self.close()
        function = FUNCTIONS[token.text]
        if not function.least <= len(args) <= function.most:
            raise self.cursor.error(f"{token.text} takes {function.arguments}, not {len(args)}", token)
        return self.make(token, function.make, *args)

    def make(self, start: Token, operation: Callable[..., Node], *args: Node) -> Node:
        """Build a node; an error learns the column and the part of the text it is about."""
        try:
            return check_small(operation(*args))
        except SymjacError as error:
            part = self.text[start.start : self.cursor.tokens[self.cursor.index - 1].end]
            short = part if len(part) <= 80 else f"{part[:77]}…"
            raise type(error)(f"column {start.column}: {error}, in `{short}`") from None
        except (ValueError, OverflowError):
            # Python writes no integer of more than 4300 digits.
            raise self.cursor.error(f"numbers have at most {MAX_DIGITS} digits", start) from None


def _reciprocal(node: Node) -> Node:
    if not node.is_scalar:
        raise ShapeError(
            f"cannot divide by a {shape_text(node.shape)} matrix; the entrywise quotient is "
            "hadamard(A, hadamard_power(B, -1)), the quotient by a square matrix A*B**-1"
        )
    return build.power(node, -1)
