"""Tables in notebooks."""

from __future__ import annotations


def table(headers: list[str], rows: list[list[object]]) -> None:
    """Display a table."""
    from IPython.display import display

    cells = [[str(c) for c in row] for row in rows]
    widths = [max(len(r[k]) for r in [headers, *cells]) for k in range(len(headers))]
    text = "\n".join("  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in [headers, *cells])
    lines = [headers, ["---"] * len(headers), *cells]
    markdown = "\n".join("| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in lines)
    display({"text/markdown": markdown, "text/plain": text}, raw=True)
