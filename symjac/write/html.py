"""Pages in HTML: one file, MathML for the formulas, nothing fetched from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape

from symjac.write.alphabet import BREAK
from symjac.write.lines import Line
from symjac.write.page import Block, Chain, Code, Math, Picture, Prose, Section
from symjac.write.width import broken, latex_width

ROOM = 42.0
"""The width of the right side of a line, in em."""

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fdfdfb; --faint: #6b6b76; --line: #e4e3dd; --code: #f4f3ee; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e4de; --paper: #17181b; --faint: #9a99a3; --line: #303238; --code: #202227; }
}
body { margin: 0 auto; max-width: 62rem; padding: 2.5rem 1.5rem 4rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.6 Georgia, "Times New Roman", serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 2rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 0.5rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
p { margin: 0.3rem 0; }
.display, .chain { margin: 1rem 0; overflow: auto hidden; }
.chain { border-collapse: collapse; display: block; }
.chain td { padding: 0.2rem 0; vertical-align: baseline; }
.chain td:first-child { text-align: right; white-space: nowrap; }
.chain td:nth-child(2) { padding: 0.2rem 2rem 0.2rem 0.35rem; white-space: nowrap; }
.chain td:last-child { color: var(--faint); font-size: 0.82rem; }
.on { padding-left: 2.5rem; }
figure { margin: 1rem 0; padding: 0.5rem; background: #fff; border-radius: 4px; text-align: center; }
figure svg { max-width: 100%; height: auto; }
mtd[columnalign="right"] { text-align: right; }
mtd[columnalign="left"] { text-align: left; }
pre { background: var(--code); padding: 0.8rem 1rem; overflow-x: auto; border-radius: 4px;
  font-size: 0.85rem; line-height: 1.45; }
""".strip()


def html_document(title: str, sections: Iterable[Section]) -> str:
    """Return a page that shows its formulas offline, in light and in dark."""
    body = "\n".join(_section(section) for section in sections)
    heading = f"<h1>{escape(title)}</h1>\n" if title else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n{heading}{body}\n</body>\n</html>\n"
    )


def _section(section: Section) -> str:
    return "\n".join([f"<section>\n<h2>{_prose(section.title)}</h2>", *map(_block, section.blocks), "</section>"])


def _block(block: Block) -> str:
    if isinstance(block, Prose):
        return f"<p>{_prose(block)}</p>"
    if isinstance(block, Math):
        return f'<div class="display">{mathml(block.latex, display=True)}</div>'
    if isinstance(block, Code):
        return f"<pre><code>{escape(block.source)}</code></pre>"
    if isinstance(block, Picture):
        drawing = block.svg[block.svg.index("<svg") :]
        return f'<figure role="img" aria-label="{escape(block.words)}">{drawing}</figure>'
    return _chain(block)


def _prose(block: Prose) -> str:
    return "".join(escape(part) if isinstance(part, str) else mathml(part.latex) for part in block.parts)


def _chain(chain: Chain) -> str:
    rows = "\n".join(_row(line, said.reason) for line, said in zip(chain.latex, chain.text, strict=True))
    return f'<table class="chain">\n{rows}\n</table>'


def _row(line: Line, reason: str) -> str:
    left = mathml(line.left.replace(BREAK, ""), display=True) if line.left else ""
    first, *rest = broken(line.right, ROOM, latex_width)
    right = mathml(f"= {first}", display=True)
    right += "".join(f'<div class="on">{mathml(part, display=True)}</div>' for part in rest)
    return f"<tr><td>{left}</td><td>{right}</td><td>{escape(reason)}</td></tr>"


@lru_cache(maxsize=4096)
def mathml(latex: str, display: bool = False) -> str:
    """Return a formula in MathML.

    >>> mathml("x")
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow><mi>x</mi></mrow></math>'
    """
    from latex2mathml.converter import convert

    code = convert(_understood(latex), xmlns="http://www.w3.org/1998/Math/MathML", display="inline")
    for pattern, better in _REPAIRS:
        code = pattern.sub(better, code)
    opening = '<math xmlns="http://www.w3.org/1998/Math/MathML"' + (' displaystyle="true">' if display else ">")
    return opening + code.split(">", 1)[1]


def _understood(latex: str) -> str:
    r"""Return LaTeX in the words of the converter: no sizes of type, no space between rows, no formulas within words.

    >>> print(_understood(r"a &= b \\[1ex] \text{\footnotesize where $x_{1}$ is 1}"))
    a &= b \\ \text{where }x_{1}\text{ is 1}
    """
    if r"\begin{gathered}" in latex and r"\begin{aligned}" not in latex:
        latex = latex.replace("gathered}", "aligned}").replace("\n", "\n& ").replace("& \\end{aligned}", "\\end{aligned}")
    latex = latex.replace("{aligned}", "{align*}").replace(r"\footnotesize ", "").replace("\\\\[1ex]", "\\\\")
    latex = _MATRIX_WITH_SCRIPT.sub(r"{\g<0>}", latex)
    before, *texts = latex.split(r"\text{")
    return before + "".join(map(_parted, texts))


_MATRIX_WITH_SCRIPT = re.compile(r"\\begin\{([bp]matrix)\}(?:(?!\\end\{).)*\\end\{\1\}(?=[\^_])", re.DOTALL)


def _parted(text: str) -> str:
    r"""Return what begins within \text{ with its formulas outside of it."""
    end = _closing(text)
    parts = (part if i % 2 else rf"\text{{{part}}}" for i, part in enumerate(text[:end].split("$")) if part)
    return "".join(parts) + text[end + 1 :]


def _closing(text: str) -> int:
    """Return the place of the brace that closes one opened before the text."""
    depth = 1
    for place, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if not depth:
            return place
    return len(text)


_REPAIRS = [
    (re.compile(pattern), better)
    for pattern, better in (
        # \mathrm{d} is upright, as are Greek capitals; a single letter in <mi> would be set in italics.
        (r"<mi>(&#x000(?:[46][0-9A-F]|[57][0-9A])|&#x003(?:9[3-9A-F]|A[0-9]))", r'<mi mathvariant="normal">\1'),
        # A named operator stands before its argument, not between two.
        (r'<mo movablelimits="true">', "<mo>"),
        (r"<mi>&#x(02032|02033);</mi>", r"<mo>&#x\1;</mo>"),
        (r"<mo>([A-Za-z]{2,})</mo>(?=<mo[^>]*>(?:\(|&#x00028;))", r'<mo form="prefix" lspace="0.17em" rspace="0em">\1</mo>'),
        (r"<mo>([A-Za-z]{2,})</mo>(?=<mo>&#x0203[23];)", r'<mo form="prefix" lspace="0.17em" rspace="0em">\1</mo>'),
        (r"<mo>([A-Za-z]{2,})</mo>", r'<mo form="prefix" lspace="0.17em" rspace="0.17em">\1</mo>'),
        (r"\\[lr]Vert", "&#x02016;"),
        (r"<mo>&#x02016;</mo>", '<mo stretchy="false" lspace="0em" rspace="0em">&#x02016;</mo>'),
        (r'(<mo stretchy="true") fence="true"( minsize[^>]*)>', r'\1\2 lspace="0em" rspace="0em">'),
        (r"<mo>&#x0003D;</mo><mi>:</mi>", "<mo>&#x2255;</mo>"),
        (r"((?:<mo>&#x0003D;|<mo[^>]*>(?:\(|&#x00028;))</mo>)<mo>&#x02212;</mo>", r'\1<mo form="prefix">&#x02212;</mo>'),
        (r'<mn mathvariant="bold">1</mn>', "<mn>&#x1D7CF;</mn>"),
    )
]
"""Where latex2mathml's MathML would not look like mathematics in a browser."""
