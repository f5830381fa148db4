"""The house keeps its floors: imports run downward, strings are never run, rooms stay small, rules and names are documented."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import symjac
from symjac import rules
from symjac.rules import RULES, Rule

HOUSE = Path(__file__).parents[1] / "symjac"

FLOORS = (
    ("errors",),
    ("nodes",),
    ("layout",),
    ("evaluate",),
    ("exact", "points"),
    ("numerical",),
    ("rules",),
    ("record",),
    ("naming", "rewrite"),
    ("tidying",),
    ("derive", "arrange"),
    ("second",),
    ("sympy_printing",),
    ("sympy_nodes",),
    ("sympy_scalars",),
    ("functions",),
    ("read",),
    ("components",),
    ("write",),
    ("meaning",),
    ("compile",),
    ("check",),
    ("explicit", "entries"),
    ("derivation",),
    ("diagnose", "least_squares", "networks"),
    ("verify",),
    ("plots",),
    ("__init__",),
    ("cli",),
    ("__main__",),
)
"""The rooms, lowest first. A room imports from lower floors and from itself; rooms on one floor do not know each other."""

HEIGHT = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}

MAX_LINES = 450
"""A file longer than this wants to be two."""

AT_ONCE = {"sympy", "mpmath", "numpy", "symjac"}
"""What `import symjac` may load (mpmath comes with SymPy); the rest is imported where it is used, to start quickly."""

RUN_STRINGS = {"eval", "exec", "compile", "__import__"}
"""Builtins that run code found in a string."""

READ_STRINGS = {"sympify", "parse_expr", "parse_latex", "parse_mathematica", "parse_maxima"}
"""SymPy functions that may; only sympify(…, strict=True) refuses a string."""

READ_ARGUMENTS = {"lambdify": 2, "subs": 2, "Matrix": 1, "ImmutableMatrix": 1, "S": 1}
"""SymPy functions that read strings among their first so many arguments."""

OWN_CODE = "compile"
"""The one room that runs source, and only source that it wrote itself."""


class Import(NamedTuple):
    """One import: at which line, of which module, and whether it happens when the file is loaded."""

    line: int
    module: str
    at_once: bool


def files() -> list[Path]:
    return sorted(HOUSE.rglob("*.py"))


def inside(path: Path) -> str:
    """Return a file's path as a reader knows it: symjac/read/text.py."""
    return path.relative_to(HOUSE.parent).as_posix()


def room_of_file(path: str) -> str:
    """Return the room of a file: symjac/read/text.py stands in read, symjac/__init__.py in __init__."""
    return path.split("/")[1].removesuffix(".py")


def room_of_module(module: str) -> str:
    """Return the room of a module: symjac.read.text stands in read, symjac itself in __init__."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports(source: str, path: str) -> Iterator[Import]:
    """Yield every import of a file, those inside functions included; `from symjac import read` names symjac.read."""
    tree = ast.parse(source)
    late = {inner for node in ast.walk(tree) if is_late(node) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            origin = absolute(node, path)
            modules = [
                f"{origin}.{alias.name}" if origin == "symjac" and is_room(alias.name) else origin for alias in node.names
            ]
        else:
            continue
        yield from (Import(node.lineno, module, node not in late) for module in dict.fromkeys(modules))


def is_late(node: ast.AST) -> bool:
    """Whether what stands inside is not run when the file is loaded: a function, or `if TYPE_CHECKING`."""
    if isinstance(node, ast.If):
        return ast.unparse(node.test).endswith("TYPE_CHECKING")
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def absolute(node: ast.ImportFrom, path: str) -> str:
    """Return the module an import names, with leading points resolved."""
    package = path.split("/")[: -node.level] if node.level else []
    return ".".join([*package, *([node.module] if node.module else [])])


def is_room(name: str) -> bool:
    return name in HEIGHT


def climbs(source: str, path: str) -> list[str]:
    """Return a sentence for every import that does not run downward."""
    room = room_of_file(path)
    return [
        f"{path}, line {found.line}: {room} imports {found.module}, but {target} stands on "
        f"{'the same floor as' if HEIGHT[target] == HEIGHT[room] else 'a floor above'} {room}"
        for found in imports(source, path)
        if found.module.split(".")[0] == "symjac"
        and (target := room_of_module(found.module)) != room
        and HEIGHT.get(target, -1) >= HEIGHT[room]
    ]


def strings_at_work(source: str, path: str) -> list[str]:
    """Return a sentence for every place where a file could run or parse a string as code."""
    tree = ast.parse(source)
    strict = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call) and is_strict(node)}
    return [
        f"{path}, line {node.lineno}: {name} may run code found in a string"
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute | ast.alias | ast.Call)
        and node not in strict
        and (name := forbidden(node, room_of_file(path)))
    ]


def is_strict(call: ast.Call) -> bool:
    """Whether a call is sympify(…, strict=True)."""
    return called(call) == "sympify" and any(
        word.arg == "strict" and ast.unparse(word.value) == "True" for word in call.keywords
    )


def forbidden(node: ast.expr | ast.alias, room: str) -> str | None:
    """Return the name of what runs or reads strings here, or None."""
    if isinstance(node, ast.Call):
        name = called(node)
        return name if any(holds_string(arg) for arg in node.args[: READ_ARGUMENTS.get(name, 0)]) else None
    name = name_of(node)
    if isinstance(node, ast.Name) and name in RUN_STRINGS:
        return None if room == OWN_CODE else name
    return name if name in READ_STRINGS else None


def name_of(node: ast.AST) -> str:
    """Return the last name of a.b.name, of an import or of a plain name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.alias):
        return node.name.rpartition(".")[2]
    return node.id if isinstance(node, ast.Name) else ""


def called(call: ast.Call) -> str:
    return name_of(call.func)


def holds_string(node: ast.AST) -> bool:
    """Whether an argument is text, or a list, tuple or dictionary of text."""
    if isinstance(node, ast.List | ast.Tuple | ast.Dict):
        return any(holds_string(inner) for inner in ast.iter_child_nodes(node))
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


# The house as it stands


def test_every_file_has_a_floor() -> None:
    homeless = [inside(path) for path in files() if room_of_file(inside(path)) not in HEIGHT]
    assert not homeless, f"give a floor in FLOORS to the room of {', '.join(homeless)}"


def test_imports_run_downward() -> None:
    housed = [path for path in files() if room_of_file(inside(path)) in HEIGHT]
    found = [climb for path in housed for climb in climbs(path.read_text(), inside(path))]
    assert not found, "\n".join(found)


def test_little_is_loaded_at_once() -> None:
    found = [
        f"{inside(path)}, line {one.line}: import {one.module} inside the function that needs it"
        for path in files()
        for one in imports(path.read_text(), inside(path))
        if one.at_once and not loads_quickly(one.module, room_of_file(inside(path)))
    ]
    assert not found, "\n".join(found)


def loads_quickly(module: str, room: str) -> bool:
    top = module.split(".")[0]
    return top in sys.stdlib_module_names or top in AT_ONCE or (top == "click" and room == "cli")


def test_no_string_is_ever_run() -> None:
    found = [place for path in files() for place in strings_at_work(path.read_text(), inside(path))]
    assert not found, "\n".join(found)


def test_source_is_run_in_one_file() -> None:
    running = [
        inside(path)
        for path in files()
        if any(isinstance(node, ast.Name) and node.id in RUN_STRINGS for node in ast.walk(ast.parse(path.read_text())))
    ]
    assert len(running) <= 1, f"source is run in {', '.join(running)}; one file is enough"


def test_files_stay_readable() -> None:
    lengths = {inside(path): len(path.read_text().splitlines()) for path in files()}
    long = [f"{name}: {lines} lines" for name, lines in lengths.items() if lines >= MAX_LINES]
    assert not long, f"split what has {MAX_LINES} lines or more: {', '.join(long)}"


def test_rules_are_registered() -> None:
    families = [getattr(rules, name) for name in rules.__all__ if name[0].islower()]
    loose = [
        f"{family.__name__}.{name}"
        for family in families
        for name, value in vars(family).items()
        if isinstance(value, Rule) and RULES.get(value.id) is not value
    ]
    assert not loose, f"not in RULES: {', '.join(loose)}"


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_is_stated_and_fires_on_its_example(rule: Rule) -> None:
    assert rule.law, f"{rule.id} has no docstring that says the law"
    assert rule.name.strip(), f"{rule.id} has no name"
    assert rule.statement.strip(), f"{rule.id} has no statement"
    assert isinstance(rule.example, rule.heads), f"the example of {rule.id} is not one of its heads"
    assert rule.apply(rule.example) is not None, f"{rule.id} does not fire on its example"


def test_public_names_have_an_example_on_the_third_line() -> None:
    bare = [name for name in getattr(symjac, "__all__", ()) if not has_example(getattr(symjac, name))]
    assert not bare, f"no example by the third line of the docstring: {', '.join(bare)}"


def has_example(thing: object) -> bool:
    """Whether a docstring shows an example early; an error is explained by its message, a constant by its value."""
    if not callable(thing) or (isinstance(thing, type) and issubclass(thing, Exception)):
        return True
    return any(line.lstrip().startswith(">>>") for line in (thing.__doc__ or "").splitlines()[:3])


# Negative controls: each detector finds what it is there for


@pytest.mark.parametrize(
    "source",
    [
        "from symjac.derive import derive",
        "import symjac.derive",
        "from symjac import derive",
        "from ..derive import derive",
        "def late():\n    from symjac.derive import derive",
        "from symjac import jacobian",
    ],
)
def test_a_climb_is_found(source: str) -> None:
    line = 2 if source.startswith("def") else 1
    (sentence,) = climbs(source, "symjac/rules/push.py")
    target = "__init__" if "jacobian" in source else "derive"
    assert sentence.startswith(f"symjac/rules/push.py, line {line}: rules imports symjac")
    assert sentence.endswith(f"{target} stands on a floor above rules")


def test_neighbours_do_not_know_each_other() -> None:
    (sentence,) = climbs("import symjac.rewrite", "symjac/naming.py")
    assert sentence.endswith("rewrite stands on the same floor as naming")


def test_downward_and_sideways_within_a_room_is_no_climb() -> None:
    assert not climbs("from symjac import errors\nfrom symjac.nodes import build\nfrom . import rule", "symjac/rules/push.py")


@pytest.mark.parametrize(
    "source",
    [
        "eval('1')",
        "run = exec",
        "sympy.sympify(text)",
        "from sympy.parsing.sympy_parser import parse_expr",
        "lambdify([x], 'x + 1')",
        "lambdify(['x'], f)",
        "f.subs('x', 1)",
        "sympy.Matrix([['x']])",
        "sympy.S(f'{text}')",
        "map(sympy.sympify, given)",
        "sympy.sympify(given, strict=False)",
    ],
)
def test_a_running_string_is_found(source: str) -> None:
    assert strings_at_work(source, "symjac/read/text.py")


def test_harmless_namesakes_pass() -> None:
    source = "re.compile('a')\nlambdify([T], f, 'numpy')\nf.subs(x, 1)\nsympy.sympify(given, strict=True)"
    assert not strings_at_work(source, "symjac/read/text.py")


@pytest.mark.parametrize(
    ("source", "at_once"),
    [("import scipy", True), ("def f():\n    import scipy", False), ("if TYPE_CHECKING:\n    import scipy", False)],
)
def test_when_an_import_happens(source: str, at_once: bool) -> None:
    assert [found.at_once for found in imports(source, "symjac/plots.py")] == [at_once]
