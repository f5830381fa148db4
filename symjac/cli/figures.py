"""The figures of a file of mathematics, drawn for pages."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from symjac.errors import DomainError, UnsupportedError
from symjac.write.page import Picture


def pictures(found: Any, stem: str) -> tuple[Picture, ...]:
    """Return what a file calls `figure` as pictures: figures, axes, functions that draw one, or a tuple of such."""
    if found is None:
        return ()
    return tuple(_picture(figure, f"{stem}-figure-{i}.pdf") for i, figure in enumerate(_figures(found), start=1))


def _figures(found: Any) -> Iterator[Any]:
    for thing in found if isinstance(found, tuple | list) else (found,):
        drawn = thing() if callable(thing) and not hasattr(thing, "savefig") else thing
        if isinstance(drawn, tuple | list):
            yield from _figures(drawn)
            continue
        figure = drawn if hasattr(drawn, "savefig") else getattr(drawn, "figure", None)
        if not hasattr(figure, "savefig"):
            raise DomainError(f"`figure` is a Matplotlib figure, or a function that draws one, not {type(drawn).__name__}")
        yield figure


def _picture(figure: Any, name: str) -> Picture:
    try:
        import matplotlib
    except ImportError:
        raise UnsupportedError("pictures need Matplotlib: pip install matplotlib") from None
    # Glyphs as outlines, and no date: the same figure gives the same file.
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": name, "pdf.fonttype": 42}), _no_talk_of_fonts():
        svg, pdf = io.StringIO(), io.BytesIO()
        figure.savefig(svg, format="svg", bbox_inches="tight", metadata={"Date": None})
        # What has its place need not be placed again.
        figure.set_layout_engine("none")
        figure.savefig(pdf, format="pdf", bbox_inches="tight", metadata={"CreationDate": None})
    titles = "; ".join(filter(None, (axes.get_title() for axes in figure.axes)))
    words = str(figure.get_label() or figure.get_suptitle() or titles)
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)
    return Picture(name, svg.getvalue(), pdf.getvalue(), words)


@contextmanager
def _no_talk_of_fonts() -> Iterator[None]:
    """Keep what is noted about the dates of fonts, when they are embedded, from the error stream."""
    logger = logging.getLogger("fontTools")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
