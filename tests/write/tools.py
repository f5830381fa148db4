"""pdflatex, KaTeX and a browser's view of what is written, where they are installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

RIGHT_EDGE = 595.3 - 62.3 + 2
"""Where the text of an A4 page with margins of 2.2 cm ends, in points, and a little for the overhang of letters."""

RENDER = """
const katex = require("katex");
const failed = [];
for (const source of JSON.parse(require("fs").readFileSync(0))) {
  try { katex.renderToString(source, { strict: "error", throwOnError: true, displayMode: true }); }
  catch (error) { failed.push(source + "\\n" + error.message); }
}
console.log(JSON.stringify(failed));
"""


def katex_errors(fragments: Sequence[str]) -> list[str]:
    """Return what KaTeX, in its strict mode, says against the fragments."""
    modules = os.environ.get("SYMJAC_KATEX", "")
    if not modules or not shutil.which("node"):
        pytest.skip("KaTeX is looked for in the node_modules folder that SYMJAC_KATEX names")
    run = subprocess.run(
        ["node", "-e", RENDER],
        input=json.dumps(list(fragments)),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "NODE_PATH": modules},
    )
    errors: list[str] = json.loads(run.stdout)
    return errors


def compiled(source: str, folder: Path) -> Path:
    """Return the PDF of a document."""
    if not shutil.which("pdflatex"):
        pytest.skip("pdflatex is not installed")
    (folder / "page.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert run.returncode == 0, run.stdout.decode(errors="replace")[-2000:]
    return folder / "page.pdf"


def words_beyond_the_margin(pdf: Path) -> list[str]:
    """Return the words that end to the right of the page's text."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    run = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True)
    found = re.findall(r'xMax="([\d.]+)"[^>]*>([^<]*)<', run.stdout.decode(errors="replace"))
    return [word for edge, word in found if float(edge) > RIGHT_EDGE]
