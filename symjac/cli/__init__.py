"""The command line: `symjac derive …` for an expression, `symjac FILE.py` for a file of mathematics, `symjac export …`.

Exit status 0 says that everything was derived and checked, 1 that a check or a result by hand was refuted, 2 that
something could not be read, derived or written. SymPy is loaded by the commands, not by `--help`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from symjac.cli.options import read_layout, read_sizes
from symjac.errors import SymjacError

REFUTED, REFUSED = 1, 2
"""Exit statuses."""


class Refusal(click.ClickException):
    """One message on standard error, instead of a traceback."""

    exit_code = REFUSED


class Commands(click.Group):
    """The commands; a path that ends in .py stands for `show` with that path."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments call."""
        if args[0].endswith(".py"):
            args = ["show", *args]
        elif args[0] not in self.commands and Path(args[0]).exists():
            raise Refusal(f"{args[0]} is no file of mathematics: its name has to end in .py")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what goes wrong is said in one message."""
        try:
            return super().invoke(ctx)
        except SymjacError as error:
            raise Refusal(str(error)) from None
        except UnicodeEncodeError as error:
            raise Refusal(f"the terminal cannot show Unicode in {error.encoding}: write to a file with -o") from None
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Refusal(f"{error.filename or 'a file'}: {error.strerror or error}") from None


class Expressions(click.Command):
    """A command whose argument may start with a minus: a space before it keeps it from being read as an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        known = ("--", *(option for param in self.get_params(ctx) for option in param.opts))
        return super().parse_args(ctx, [f" {arg}" if arg[:1] == "-" and not arg.startswith(known) else arg for arg in args])


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    from importlib.metadata import PackageNotFoundError, version

    if not wanted or ctx.resilient_parsing:
        return
    try:
        click.echo(f"symjac {version('symjac')}")
    except PackageNotFoundError:
        click.echo("symjac (not installed)")
    ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version.")
def main() -> None:
    """Derive, check and compute matrix derivatives.

    \b
    symjac derive "A.T*A" --wrt A --given "A: M x N"
    symjac derivations/gram_matrix.py
    symjac export derivations/gram_matrix.py -o gram.py
    """


@main.command(cls=Expressions)
@click.argument("expression", callback=lambda _ctx, _argument, text: text.removeprefix(" "))
@click.option(
    "--wrt", multiple=True, required=True, metavar="NAME", help="The variable; repeat it, or part with commas, for several."
)
@click.option("--given", required=True, metavar="SHAPES", help='The shapes of all names: "A: M x N, x: N, c: scalar".')
@click.option(
    "--sizes",
    metavar="NUMBERS",
    callback=lambda _ctx, _option, text: read_sizes(text),
    help="Show the entries at these sizes: M=3,N=2.",
)
@click.option(
    "--method", type=click.Choice(["differentials", "components"]), help="The road to show; pages show both by default."
)
@click.option(
    "--detail", type=click.Choice(["short", "full"]), default="short", show_default=True, help="A line per phase, or per rule."
)
@click.option(
    "--layout",
    default="",
    metavar="WORDS",
    callback=lambda _ctx, _option, text: read_layout(text),
    help="wrt=row, of=row, orientation=denominator, parted by commas; or numerator, denominator, row (both row-first).",
)
@click.option("--hessian", is_flag=True, help="Derive the Hessian of a scalar expression.")
@click.option(
    "--to", "form", type=click.Choice(["text", "latex", "tex", "html", "python", "json"]), default="text", show_default=True
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE instead of the terminal.")
@click.option("--check/--no-check", default=True, show_default=True, help="Prove and sample the result.")
def derive(expression: str, form: str, output: Path | None, **options: Any) -> None:
    """Derive the Jacobian of EXPRESSION.

    EXPRESSION is Python syntax over the names that --given declares: "tanh(A*x + b)", "norm(y - Phi*theta)**2",
    "A.T*A". The exit status is 0 only where the check passes.
    """
    from symjac.cli.answer import answer

    found, report = answer(expression, form, **options)
    _hand_out(found, output)
    if report is not None and not report:
        click.echo(str(report), err=True)
        sys.exit(REFUTED)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--to", "form", type=click.Choice(["html", "tex"]), default="html", show_default=True, help="The page that is written."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="The page's name; by default that of FILE."
)
def show(file: Path, form: str, output: Path | None) -> None:
    """Show a file of mathematics: `symjac FILE.py` for short.

    The file names a `derivation` and what was found `by_hand`; both are checked, and a page is written. Further names that
    are looked for: `identity`, two expressions that are equal; `numbers`, each with what was found by hand; `figure`.
    """
    from symjac.cli.exhibit import load
    from symjac.cli.pages import page, terminal_page

    # Drawing needs no screen, whatever the machine has.
    os.environ.setdefault("MPLBACKEND", "Agg")
    exhibit = load(file)
    verdict = exhibit.verdict()
    click.echo(terminal_page(exhibit, verdict))
    name = output or Path(f"{file.stem}.{form}")
    name.write_text(page(exhibit, verdict, form), encoding="utf-8")
    for picture in exhibit.pictures if form == "tex" else ():
        name.with_name(picture.name).write_bytes(picture.pdf)
    click.echo(f"wrote {name}")
    if not verdict:
        click.echo(verdict.problems, err=True)
        sys.exit(REFUTED)


@main.command(cls=Expressions)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--name", "names", multiple=True, metavar="NAME", help="The function's name; repeat it, or part with commas.")
@click.option("--wrt", multiple=True, metavar="NAME", help="The variable of an expression; repeat it for several.")
@click.option("--given", metavar="SHAPES", help='The shapes of all names in expressions: "A: M x N, x: N, c: scalar".')
@click.option(
    "--layout",
    metavar="WORDS",
    callback=lambda _ctx, _option, text: None if text is None else read_layout(text),
    help="wrt=row, of=row, orientation=denominator, parted by commas; or numerator, denominator, row (both row-first).",
)
@click.option("--hessian", is_flag=True, help="Derive the Hessians of scalar expressions.")
@click.option(
    "--form", type=click.Choice(["dense", "tensor"]), default="dense", show_default=True, help="A matrix, or J[i, j, k, l]."
)
@click.option("--order", type=click.Choice(["C", "F"]), default="C", show_default=True, help="F suits many samples.")
@click.option("--batch", multiple=True, metavar="NAME", help="An argument that holds many points, along a leading axis.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE instead of the terminal.")
@click.option("--check/--no-check", default=True, show_default=True, help="Prove and sample the results first.")
def export(sources: tuple[str, ...], output: Path | None, **options: Any) -> None:
    """Write Jacobians as a module that imports NumPy alone.

    Each SOURCE is an expression, as in `symjac derive`, or a file of mathematics. A function is called after its file;
    one expression alone gives `jacobian`. Nothing is written where a check fails.

    \b
    symjac export "A.T*A" --wrt A --given "A: M x N" --name gram -o gram.py
    symjac export derivations/gram_matrix.py derivations/log_det.py -o made.py
    """
    from symjac.cli.export import exported

    sources = tuple(source.removeprefix(" ") for source in sources)
    if output is not None and any(output.exists() and Path(source).exists() and output.samefile(source) for source in sources):
        raise Refusal(f"{output} is read from: write to another file")
    found = exported(sources, **options)
    for source in found.idle:
        click.echo(f"{source} derives no function, and is left out", err=True)
    if found.problems:
        click.echo("\n".join(found.problems), err=True)
        sys.exit(REFUTED)
    _hand_out(found.source, output)


@main.command("verify")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, allow_dash=True, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for graders.")
@click.option("-q", "--quiet", is_flag=True, help="Show only what is not right, and the summary.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="How many exercises to decide at once.")
@click.option(
    "--seconds", type=click.FloatRange(0.1, 3600), default=4.0, show_default=True, help="How long one exercise may take."
)
def verify_command(files: tuple[Path, ...], as_json: bool, quiet: bool, jobs: int, seconds: float) -> None:
    """Check the exercises in FILES: every line of the working, and the answer.

    A file is Markdown; each exercise has a header in a ```toml fence (given, f, wrt, …) and its working in display math.
    A folder stands for the Markdown files in it. The exit status is 0 only where everything is right.
    """
    from symjac.cli.verify import verify_files

    if not verify_files(files, jobs, seconds, as_json, quiet).all_right:
        sys.exit(REFUTED)


def _hand_out(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text.rstrip("\n"))
        return
    output.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    click.echo(f"wrote {output}")
