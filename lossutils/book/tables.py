"""Tables in notebooks."""

from __future__ import annotations

from collections.abc import Sequence


def table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Display a table."""
    from IPython.display import display

    first, *cells = ([str(c) for c in row] for row in (headers, *rows))
    widths = [max(map(len, column)) for column in zip(first, *cells, strict=True)]
    text = "\n".join("  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in [first, *cells])
    lines = [first, ["---"] * len(first), *cells]
    markdown = "\n".join("| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in lines)
    display({"text/markdown": markdown, "text/plain": text}, raw=True)
