"""One walk over an expression that prints it in any alphabet, with the brackets it needs and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from symjac.errors import UnsupportedError
from symjac.nodes.node import (
    Basis,
    Commutation,
    Determinant,
    Diag,
    Diagonal,
    Differential,
    Dimension,
    Elementwise,
    Hadamard,
    HadamardPower,
    Identity,
    Inverse,
    KhatriRao,
    Kronecker,
    Let,
    LogSumExp,
    MatrixPower,
    Node,
    Norm,
    Ones,
    Product,
    Softmax,
    Sum,
    Symbol,
    Trace,
    Transpose,
    Vec,
    Zero,
    surface,
)
from symjac.nodes.sizes import ONE, Size
from symjac.write.alphabet import BREAK, Alphabet
from symjac.write.names import distinct
from symjac.write.precedence import Level, Piece
from symjac.write.sizes import is_monomial, size_body

HALF = Fraction(1, 2)


class Printer:
    """Prints expressions that share a scope of names; what was printed once is remembered."""

    def __init__(self, alphabet: Alphabet, scope: Iterable[str]) -> None:
        self.alphabet = alphabet
        self.names = distinct(scope)
        self.taken = frozenset(alphabet.name(name) for name in self.names.values())
        self.after_index = (False, alphabet.apart_after_index)
        self._done: dict[Node, Piece] = {}

    def body(self, node: Node) -> str:
        """Return a node in print, with BREAK where a long line may be broken."""
        return self.signed(self.piece(node))

    def plain(self, node: Node) -> str:
        """Return a node in print."""
        return self.body(node).replace(BREAK, "")

    def piece(self, node: Node) -> Piece:
        """Return a node in print, with what its surroundings must know of it."""
        for below in surface(node) if node not in self._done else ():
            if below not in self._done:
                args = () if isinstance(below, Let) else tuple(self._done[arg] for arg in below.args)
                self._done[below] = _writer(below)(self, below, args)
        return self._done[node]

    def size(self, size: Size) -> str:
        """Return a size in print."""
        return size_body(size, self.alphabet)

    def shape(self, rows: Size, cols: Size, gap: str = "") -> str:
        """Return `M×N` in print, with a gap around the sign."""
        sides = [self.size(side) if is_monomial(side) else f"({self.size(side)})" for side in (rows, cols)]
        return f"{gap}{self.alphabet.times}{gap}".join(sides)

    def signed(self, piece: Piece) -> str:
        """Return a piece with its sign."""
        if not piece.negative:
            return piece.body
        return self.alphabet.minus + self.fit(piece.unsigned, "signed")

    def fit(self, piece: Piece, place: str) -> str:
        """Return a piece as an operand, in brackets where the place asks for them."""
        return self.signed(piece) if piece.fits(place) else self.bracket(piece)

    def bracket(self, piece: Piece) -> str:
        return self.alphabet.bracket(self.signed(piece), piece.height)

    def call(self, name: str, arg: Piece, order: int = 0) -> Piece:
        """Return a function applied to an argument in brackets."""
        function, apart = self.alphabet.function(name, order, self.taken)
        return Piece(function + self.bracket(arg), height=arg.height + 1, apart=(apart, False))

    def power(self, base: Piece, exponent: str) -> Piece:
        """Return a base with a superscript; a transpose joins an inverse, X⁻ᵀ."""
        if exponent == "T" and base.raised and base.raised[1] == "-1":
            base, exponent = base.raised[0], "-T"
        fits = base.fits("superscript")
        height = base.height if fits else base.height + 1
        return Piece(
            self.alphabet.raised(self.fit(base, "superscript"), exponent),
            Level.POSTFIX,
            height=height,
            apart=(fits and base.apart[0], fits and base.apart[1]),
            digit=fits and base.digit,
            raised=(base, exponent),
        )

    def number(self, value: int) -> Piece:
        return Piece(str(value), digit=True)

    def word(self, name: str) -> Piece:
        """Return a declared name."""
        known = self.names.get(name) or distinct([name])[name]
        index = bool(known.indices) and not known.indices[-1].isdigit() and self.after_index[1]
        return Piece(self.alphabet.name(known), apart=(known.is_word, known.is_word or index))


Writer = Callable[[Printer, Node, tuple[Piece, ...]], Piece]


def _writer(node: Node) -> Writer:
    try:
        return WRITERS[type(node)]
    except KeyError:
        raise UnsupportedError(f"there is no way to print {type(node).__name__} yet") from None


# Leaves


def _name(printer: Printer, node: Node, args: tuple[Piece, ...]) -> Piece:
    assert isinstance(node, Symbol | Let)
    return printer.word(node.name)


def _dimension(printer: Printer, node: Node, args: tuple[Piece, ...]) -> Piece:
    size = node.data[0]
    body = printer.size(size)
    level = Level.ATOM if size.is_Symbol else Level.PREFIX if is_monomial(size) else Level.SUM
    return Piece(body, level, digit=body[0].isdigit())


def _identity(printer: Printer, node: Node, args: tuple[Piece, ...]) -> Piece:
    return Piece(printer.alphabet.lowered("I", [printer.size(node.rows)]), apart=printer.after_index)


def _commutation(printer: Printer, node: Node, args: tuple[Piece, ...]) -> Piece:
    return Piece(printer.alphabet.lowered("K", [printer.size(size) for size in node.data]), apart=printer.after_index)


def _zero(printer: Printer, node: Node, args: tuple[Piece, ...]) -> Piece:
    return printer.number(0) if node.is_scalar else Piece(_filled(printer, "0", node), apart=(True, True))


def _ones(printer: Printer, node: Node, args: tuple[Piece, ...]) -> Piece:
    bold = printer.alphabet.bold("1")
    if node.rows is ONE:
        column = Piece(printer.alphabet.lowered(bold, [printer.size(node.cols)]), apart=(True, True))
        return printer.power(column, "T")
    return Piece(_filled(printer, bold, node), apart=(True, True))


def _filled(printer: Printer, letter: str, node: Node) -> str:
    shape = printer.size(node.rows) if node.cols is ONE else printer.shape(*node.shape)
    return printer.alphabet.lowered(letter, [shape])


def _basis(printer: Printer, node: Node, args: tuple[Piece, ...]) -> Piece:
    letter = printer.alphabet.bold("e")
    return Piece(printer.alphabet.lowered(letter, [str(node.data[0] + 1)]))


# Sums and products


def _sum(printer: Printer, node: Node, args: tuple[Piece, ...]) -> Piece:
    first = next((i for i, arg in enumerate(args) if not arg.negative), 0)
    ordered = (args[first], *args[:first], *args[first + 1 :])
    body = printer.signed(ordered[0]) if ordered[0].negative else printer.fit(ordered[0], "term")
    for term in ordered[1:]:
        sign = printer.alphabet.minus if term.negative else printer.alphabet.plus
        body += f" {BREAK}{sign} {printer.fit(term.unsigned, 'term')}"
    return Piece(body, Level.SUM, height=max(term.height for term in ordered), digit=ordered[0].digit)


def _product(printer: Printer, node: Node, args: tuple[Piece, ...]) -> Piece:
    assert isinstance(node, Product)
    bag = [(base, printer.piece(base), exponent) for base, exponent in node.bag]
    bag.sort(key=lambda entry: _reading_order(entry[0]))
    over = [_scalar_power(printer, piece, e) for base, piece, e in bag if e > 0 and not base.has_differential]
    under = [_scalar_power(printer, piece, -e) for _, piece, e in bag if e < 0]
    moving = [_scalar_power(printer, piece, e) for base, piece, e in bag if e > 0 and base.has_differential]
    chain = [*args[len(bag) :], *moving]
    top, bottom = abs(node.coefficient.numerator), node.coefficient.denominator
    if under and all(map(_is_short, chain)) and len(chain) <= 3:
        over, chain = [*over, *chain], []
    if chain and not under and bottom != 1:
        lead = [printer.alphabet.fraction(printer.number(top), printer.number(bottom)), *over]
    else:
        lead = _quotient(printer, _with_number(printer, top, over), _with_number(printer, bottom, under))
    piece = _joined(printer, [*lead, *chain], len(lead))
    return replace(piece, negative=True) if node.coefficient < 0 else piece


def _reading_order(base: Node) -> tuple[int, str, bytes]:
    """Numbers, sizes, names in alphabetical order, then everything else."""
    if isinstance(base, Symbol | Let):
        return (2, base.name, b"")
    if isinstance(base, Dimension):
        return (1, str(base.data[0]), b"")
    return (3 if base.args else 0, "", base.digest)


def _is_short(piece: Piece) -> bool:
    """Whether a factor looks well above a bar: a letter, perhaps transposed."""
    return piece.level >= Level.POSTFIX and piece.height == 0 and not (piece.raised and "1" in piece.raised[1])


def _with_number(printer: Printer, number: int, factors: list[Piece]) -> list[Piece]:
    return factors if number == 1 else [printer.number(number), *factors]


def _quotient(printer: Printer, over: list[Piece], under: list[Piece]) -> list[Piece]:
    if not under:
        return over
    top = _joined(printer, over, len(over)) if over else printer.number(1)
    return [printer.alphabet.fraction(top, _joined(printer, under, len(under)))]


def _scalar_power(printer: Printer, base: Piece, exponent: Fraction) -> Piece:
    if exponent == 1:
        return base
    return printer.alphabet.root(base) if exponent == HALF else printer.power(base, str(exponent))


def _joined(printer: Printer, factors: Sequence[Piece], scalars: int) -> Piece:
    """Return a juxtaposition of factors, the first of them scalars."""
    if len(factors) <= 1:
        return factors[0] if factors else printer.number(1)
    last = len(factors) - 1
    placed = [_operand(printer, factor, "factor", i == last) for i, factor in enumerate(factors)]
    body = placed[0].body
    for i, (left, right) in enumerate(pairwise(placed)):
        scales = i < scalars and right.body.startswith(OPENINGS) and not (left.digit or left.body.startswith(OPENINGS))
        if right.digit:
            body += f" {printer.alphabet.dot} "
        elif left.apart[1] or right.apart[0] or scales:
            body += printer.alphabet.space
        else:
            body += printer.alphabet.beside(body, right.body)
        body += BREAK + right.body
    return Piece(
        body,
        Level.CHAIN,
        height=max(piece.height for piece in placed),
        apart=(placed[0].apart[0], placed[-1].apart[1]),
        digit=placed[0].digit,
        closed=placed[-1].closed,
    )


OPENINGS = ("(", r"\big", r"\Big")
"""How a bracket begins; after a scalar it is set apart, lest λ(A + B) looks like a function's value."""


def _operand(printer: Printer, piece: Piece, place: str, last: bool) -> Piece:
    if piece.fits(place) and (last or piece.closed):
        return piece
    return Piece(printer.bracket(piece), height=piece.height + 1)


def _mixed(printer: Printer, node: Node, args: tuple[Piece, ...]) -> Piece:
    sign = printer.alphabet.operators[type(node).__name__]
    placed = [_operand(printer, arg, "mixed", arg is args[-1]) for arg in args]
    body = f" {BREAK}{sign} ".join(piece.body for piece in placed)
    return Piece(body, Level.MIXED, height=max(piece.height for piece in placed), closed=placed[-1].closed)


# Prefixes, superscripts, functions


def _differential(printer: Printer, node: Node, args: tuple[Piece, ...]) -> Piece:
    arg = args[0]
    fits = arg.fits("prefix")
    gap = printer.alphabet.space if fits and arg.apart[0] else ""
    height = arg.height if fits else arg.height + 1
    body = printer.alphabet.differential + gap + printer.fit(arg, "prefix")
    return Piece(body, Level.PREFIX, height=height, apart=(True, True), closed=False)


def _vec(printer: Printer, node: Node, args: tuple[Piece, ...]) -> Piece:
    arg = args[0]
    if arg.outer not in (Level.PREFIX, Level.ATOM):
        return printer.call("vec", arg)
    function, apart = printer.alphabet.function("vec", 0, printer.taken)
    return Piece(f"{function} {arg.body}", Level.PREFIX, height=arg.height, apart=(apart, True), closed=False)


def _hadamard_power(printer: Printer, node: Node, args: tuple[Piece, ...]) -> Piece:
    assert isinstance(node, HadamardPower)
    exponent = node.exponent
    if exponent == HALF and ONE in node.shape:
        return printer.alphabet.root(args[0])
    plain = exponent > 0 and exponent.denominator == 1
    power = printer.power(args[0], f"∘{exponent}" if plain else f"∘({exponent})")
    return replace(power, apart=(power.apart[0], True))


def _elementwise(printer: Printer, node: Node, args: tuple[Piece, ...]) -> Piece:
    assert isinstance(node, Elementwise)
    return printer.call(node.function.name, args[0], node.function.order)


def _norm(printer: Printer, node: Node, args: tuple[Piece, ...]) -> Piece:
    frobenius = ONE not in node.args[0].shape
    body = printer.alphabet.norm(args[0], printer.signed(args[0]), frobenius)
    return Piece(body, height=args[0].height, apart=printer.after_index if frobenius else (False, False))


def _matrix_power(printer: Printer, node: Node, args: tuple[Piece, ...]) -> Piece:
    """Write a power; (tanh(Z))² has brackets, lest it looks like the square of every entry."""
    (base,) = args
    if isinstance(node.args[0], Elementwise):
        base = Piece(printer.bracket(base), height=base.height + 1)
    return printer.power(base, str(node.data[0]))


def _called(name: str) -> Writer:
    return lambda printer, node, args: printer.call(name, args[0])


def _raised(exponent: str) -> Writer:
    return lambda printer, node, args: printer.power(args[0], exponent)


WRITERS: dict[type[Node], Writer] = {
    Symbol: _name,
    Let: _name,
    Dimension: _dimension,
    Identity: _identity,
    Commutation: _commutation,
    Zero: _zero,
    Ones: _ones,
    Basis: _basis,
    Sum: _sum,
    Product: _product,
    Kronecker: _mixed,
    Hadamard: _mixed,
    KhatriRao: _mixed,
    Differential: _differential,
    Vec: _vec,
    Transpose: _raised("T"),
    Inverse: _raised("-1"),
    MatrixPower: _matrix_power,
    HadamardPower: _hadamard_power,
    Elementwise: _elementwise,
    Norm: _norm,
    Trace: _called("tr"),
    Determinant: _called("det"),
    Softmax: _called("softmax"),
    LogSumExp: _called("logsumexp"),
    Diag: _called("diag"),
    Diagonal: _called("diag"),
}
"""How every kind of node is printed; a kind that is missing here is an error that names it."""
