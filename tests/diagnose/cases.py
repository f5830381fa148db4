"""Cases made of text, without the judge: the truth in every layout, the claim as a node."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import product as every

from symjac.arrange import arranged
from symjac.derive import derive
from symjac.diagnose import Case, Convention
from symjac.diagnose.case import Values
from symjac.diagnose.untyped import untyped
from symjac.errors import ShapeError, SymjacError
from symjac.evaluate import evaluate
from symjac.layout import Layout
from symjac.meaning import NotConforming, World, readings
from symjac.nodes.build import trace, transpose
from symjac.nodes.node import Node, Symbol
from symjac.nodes.sizes import ONE, Shape, size_text
from symjac.points import random_point, size_names, small_sizes
from symjac.read.declare import read_declarations
from symjac.read.latex import Names, left_sides, parse, parse_definitions
from symjac.read.latex.tree import Span, Tree
from symjac.read.text import read_text

LAYOUTS = [Layout(of, wrt, o) for o, of, wrt in every(("numerator", "denominator"), ("column", "row"), ("column", "row"))]

SYMMETRIC = {"symmetric", "posdef", "diagonal"}


def worth(node: Node) -> Values:
    return lambda point: evaluate(node, point.values, point.sizes)


def _itself(node: Node) -> Node:
    return node


def conventions_of(f: Node, variable: Symbol, declared: Layout) -> tuple[Convention, ...]:
    record = derive(f, [variable])
    found: dict[Node, Convention] = {}
    for layout in sorted(LAYOUTS, key=lambda other: other != declared):
        node = arranged(record, 0, layout)[0]
        nodes = [(node, "jacobian")]
        if f.is_scalar and layout.orientation == "denominator":
            nodes = [(node, "matrix")]
        elif f.is_scalar and ONE not in variable.shape:
            nodes.append((transpose(arranged(record, 0, Layout(orientation="denominator"))[0]), "matrix"))
        for each, form in nodes:
            shape = (size_text(each.rows), size_text(each.cols))
            found.setdefault(each, Convention(layout, form, layout.words, shape, worth(each), partial(_itself, each)))
    return tuple(found.values())


def case_of(f: str, wrt: str, claim: str, given: str, layout: Layout | None = None, **more: object) -> Case:
    names = read_declarations(given)
    try:
        node: Node | None = read_text(claim, names)
    except ShapeError as error:
        node, more = None, {"misfit": ((0, len(claim)), str(error)), "tree": untyped(claim), **more}
    return node_case(read_text(f, names), names[wrt], node, names, layout or Layout(), **more)


def latex_case(
    f: str,
    wrt: str,
    claim: str,
    given: str,
    layout: Layout | None = None,
    spelled: Mapping[str, str] | None = None,
    defined: Sequence[str] = (),
) -> Case:
    """A case in LaTeX, for functions and claims without free letters."""
    declared = read_declarations(given)
    names = Names.of(declared, spelled or {}, left_sides(defined))
    world = World.of(declared, parse_definitions(defined, names))
    node = readings(parse(f, names).sides[-1], world)[0].meaning.node
    assert node is not None
    tree = parse(claim, names).sides[-1]
    conventions = conventions_of(node, declared[wrt], layout or Layout())
    shapes = list(dict.fromkeys(c.node.shape for c in conventions if c.node is not None))
    claimed, misfit = _meant(tree, world, shapes)
    case = node_case(node, declared[wrt], claimed, declared, layout or Layout(), retype=typing_in(world, shapes), misfit=misfit)
    return replace(case, tree=tree)


def _meant(tree: Tree, world: World, shapes: list[Shape]) -> tuple[Node | None, tuple[Span, str] | None]:
    try:
        return readings(tree, world, shapes)[0].meaning.node, None
    except NotConforming as error:
        try:
            return readings(tree, world)[0].meaning.node, None
        except SymjacError:
            return None, (error.span, error.sentence)


def typing_in(world: World, shapes: list[Shape]) -> Callable[[Tree], Values | None]:
    """Return how formulas are typed: the cheapest reading counts."""

    def retype(tree: Tree) -> Values | None:
        reading = readings(tree, world, shapes)[0]
        node = reading.meaning.node
        return worth(node) if node is not None and reading.cost < 2 else None

    return retype


def node_case(f: Node, variable: Node, claim: Node | None, names: dict[str, Symbol], layout: Layout, **more: object) -> Case:
    assert isinstance(variable, Symbol)
    formulas = [f, *([claim] if claim is not None else []), *names.values()]
    named = size_names(formulas)
    points = [random_point(formulas, seed, small_sizes(named, seed)) for seed in (0, 1, 2)]
    conventions = conventions_of(f, variable, layout)

    def traced() -> Case | None:
        return node_case(trace(f), variable, claim, names, layout) if f.is_square and not f.is_scalar else None

    square = tuple(s.name for s in names.values() if s.is_square and not s.is_scalar and not s.facts & SYMMETRIC)
    shapes = list(dict.fromkeys(c.node.shape for c in conventions if c.node is not None))
    return Case(
        tuple(points),
        conventions,
        worth(claim) if claim is not None else None,
        shape=(size_text(claim.rows), size_text(claim.cols)) if claim is not None else None,
        node=claim,
        f=f,
        variable=variable,
        square=square,
        **{"retype": typing_in(World.of(names), shapes), **more},
        traced=traced,
    )
