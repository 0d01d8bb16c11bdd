"""How a claim and a figure stand on the page: as in a textbook, one quiet line under it, the code folded.

`cells` writes these directives in place of the notebooks' cells.
"""

from __future__ import annotations

import json
import re
from html import escape

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from lossutils.book.page import EXPLAINED, ClaimData, DefinitionData, latex_letter, stand_ins, verdict_parts

from .store import stored

logger = logging.getLogger(__name__)

FREE_OF_CLAIMS = ("appendix/api",)  # pages whose display mathematics comes from docstrings
LEDGER = "#LEDGER"  # stands for the address of a claim's row until `ledger_page` knows it


def raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


def folded_code(code: str, summary: str = "code", language: str = "python") -> list[nodes.Node]:
    block = nodes.literal_block(code, code, language=language)
    return [raw(f'<details class="claim-code"><summary>{summary}</summary>'), block, raw("</details>")]


class ClaimDirective(SphinxDirective):
    """Draws the claim of a label from the notebook's outputs."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        label = self.arguments[0]
        claim, code, theorems = stored(self.env)[self.env.docname][label]
        box = nodes.container(classes=["claim", f"claim-{claim['status']}"])
        lines = ["$$", *claim["latex"].strip().splitlines(), f"$$ ({label})"]
        self.state.nested_parse(StringList(lines, source=f"claim {label}"), self.content_offset, box)
        for block in box.findall(nodes.math_block):
            block["claim"] = label
        box += [raw('<div class="verdict">' + verdict_line(claim)), *folded_code(code)]
        box += [*(folded_code(theorems, "Coq", "coq") if theorems else []), raw("</div>")]
        return [box]


def verdict_line(claim: ClaimData | DefinitionData) -> str:
    """Verdict, means, controls, assumptions, in one line of HTML."""
    status = claim["status"]
    word = f'<a class="status status-{status}" href="{LEDGER}" title="{escape(EXPLAINED[status])}">{status}</a>'
    parts = [word, *map(escape, verdict_parts(claim))]
    said = [escape(a) for a in claim["assumptions"]] + [meaning(name, what) for name, what in stand_ins(claim)]
    if said:
        parts.append(f'<span class="assumptions">{"; ".join(said)}</span>')
    return ' <span class="dot">·</span> '.join(parts)


def meaning(name: str, expression: str) -> str:
    """``z = 2y - 1``, to be typeset."""
    if re.match(r"[\[({]|[a-z]{4}", expression):  # the domain of a variable that a minimum runs over
        return f"{escape(name)} in {escape(expression)}"
    equation = rf"\({escape(latex_letter(name))} = {escape(expression)}\)"
    return f'<span class="math notranslate nohighlight">{equation}</span>'


class FoldedCode(SphinxDirective):
    """A cell's code, folded."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        box = nodes.container(classes=["folded-code"])
        box += folded_code("\n".join(self.content))
        return [box]


class FigureDirective(SphinxDirective):
    """An SVG in the page with its caption, its code folded."""

    has_content = True
    option_spec = {"name": directives.unchanged}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        about = json.loads("\n".join(self.content))
        figure = nodes.figure(classes=["book-figure"])
        figure += raw(about["svg"])
        if about["caption"]:
            caption = nodes.caption()
            inline, _ = self.state.inline_text(about["caption"], self.lineno)
            caption += inline
            figure += caption
        if self.options.get("name"):
            self.add_name(figure)
        box = nodes.container(classes=["figure-with-code"])
        box += [figure, *folded_code(about["code"])]
        return [box]


def only_claims(app: Sphinx, doctree: nodes.document) -> None:
    """Display mathematics has to be a claim or a definition."""
    docname = app.env.docname
    if docname.startswith(FREE_OF_CLAIMS):
        return
    for block in doctree.findall(nodes.math_block):
        if "claim" not in block:
            text = block.astext()[:60]
            logger.warning("display mathematics outside a claim: %s", text, location=block, type="claims")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("claim", ClaimDirective)
    app.add_directive("book-figure", FigureDirective)
    app.add_directive("folded-code", FoldedCode)
    app.connect("doctree-read", only_claims)
    return {"version": "1", "parallel_read_safe": False}
