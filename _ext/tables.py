"""Tables on narrow screens: cells with words keep a width to be read in, and the table scrolls.

Without that a browser makes every column as narrow as its longest word before it lets a table scroll.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

WORDS, MANY = 18, 60  # characters


def mark(app: Sphinx, doctree: nodes.document) -> None:
    """Name the cells by how much they say."""
    for cell in doctree.findall(nodes.entry):
        said = max((len(line) for line in cell.astext().split("\n")), default=0)
        if said > WORDS:
            cell["classes"].append("many-words" if said > MANY else "words")
        elif isinstance(cell.parent.parent, nodes.tbody):
            cell["classes"].append("few-words")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("doctree-read", mark)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
