"""Figures that answer to a hand, each after the still figure of the same; without scripts that one stands alone."""

from __future__ import annotations

import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from tools.node import PACKAGES

logger = logging.getLogger(__name__)
FILES = Path(__file__).with_name("move")
JSXGRAPH = PACKAGES / "jsxgraph" / "distrib"
AFTER = {  # the still figure -> what can be moved
    "fig-r-influence": "outliers",
    "fig-r-pinball": "quantile",
    "fig-c-losses": "margins",
    "fig-c-weight": "threshold",
    "fig-c-focal": "focal",
    "fig-lse": "logits",
    "fig-smoothing": "smoothing",
    "fig-four": "positives",
    "fig-tail": "tail",
    "fig-v-race": "race",
}


def place(app: Sphinx, doctree: nodes.document) -> None:
    """Make room for them."""
    for figure in list(doctree.findall(nodes.figure)):
        for name in figure["names"]:
            if name in AFTER and figure.parent is not None:
                room = f'<div class="move" data-figure="{AFTER[name]}"></div>'
                box = figure.parent
                box.parent.insert(box.parent.index(box) + 1, nodes.raw("", room, format="html"))
                app.env.__dict__.setdefault("movable", set()).add(name)


def check(app: Sphinx) -> None:
    """A still figure that is no more takes its companion with it: that has to be said."""
    for name in sorted(AFTER.keys() - app.env.__dict__.get("movable", set())):
        logger.warning("there is no figure %s for %s to stand after", name, AFTER[name], type="movable")


def write(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir, "_static", "move")
    shutil.copytree(FILES, out)
    shutil.copyfile(JSXGRAPH / "jsxgraphcore.js", out / "jsxgraphcore.js")
    shutil.copyfile(JSXGRAPH / "LICENSE.MIT", out / "jsxgraph-LICENSE.txt")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_js_file("move/stage.js", loading_method="defer")
    app.connect("doctree-read", place)
    app.connect("env-check-consistency", lambda app, env: check(app))
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": False}
