"""How a claim and a figure stand on the page: as in a textbook, one quiet line under it, the code folded.

`cells` writes these directives in place of the notebooks' cells.
"""

from __future__ import annotations

import functools
import json
import re
from html import escape
from importlib.metadata import version
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from lossutils.book.page import EXPLAINED, ClaimData, DefinitionData, latex_letter, stand_ins, verdict_parts

from .assumptions import assumption
from .pictures import picture
from .quick import Kept
from .store import stored

logger = logging.getLogger(__name__)

FREE_OF_CLAIMS = ("appendix/api",)  # pages whose display mathematics comes from docstrings
DOT = ' <span class="dot">·</span> '


def raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


class folded_block(nodes.General, nodes.Element):
    """Code that is no part of the page until it is opened: it stands in a file of its own."""


def folded_code(code: str, summary: str = "code", language: str = "python") -> list[nodes.Node]:
    return [folded_block(code=code, summary=summary, language=language)]


@functools.cache
def drawn_code() -> Kept:
    """Highlighted code, from this build and the one before."""
    return Kept("code", version("pygments") + version("sphinx"))


def visit_folded_block(self: HTML5Translator, node: folded_block) -> None:
    """Its place on the page; the highlighted HTML goes into a file that `book.js` reads when it is opened."""
    code, language = node["code"], node["language"]
    html = drawn_code().get(
        f"{language} {code}", lambda: self.highlighter.highlight_block(code, language, location=node)
    )
    kept: list[str] = self.builder.__dict__.setdefault("folded", {}).setdefault(self.docnames[-1], [])
    name = f'<details class="claim-code" data-folded="{len(kept)}"><summary>{node["summary"]}</summary></details>'
    kept.append(html)
    self.body.append(name)
    raise nodes.SkipNode


def write_folded(app: Sphinx, error: Exception | None) -> None:
    """A script for each page with folded code: a browser that opened the site from a folder reads nothing else."""
    for page, kept in app.builder.__dict__.get("folded", {}).items():
        path = Path(app.outdir, "_static", "folded", f"{page}.js")
        path.parent.mkdir(parents=True, exist_ok=True)
        drawn_code.cache_clear()
        path.write_text("window.FOLDED = " + json.dumps(kept, ensure_ascii=False), encoding="utf-8")


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
        box += [raw('<div class="verdict">'), *verdict_line(claim), *folded_code(code)]
        box += [*(folded_code(theorems, "Coq", "coq") if theorems else []), raw("</div>")]
        return [box]


class claim_links(nodes.General, nodes.Element):
    """Where links to a claim's row in the ledger and to the checker will stand; `ledger_page` knows the addresses."""


def verdict_line(claim: ClaimData | DefinitionData) -> list[nodes.Node]:
    """Verdict, means, controls, assumptions, in one line."""
    said = [spoken(assumption(a)) for a in claim["assumptions"]]
    said += [spoken(meaning(name, what)) for name, what in stand_ins(claim)]
    parts: list[list[nodes.Node]] = [[nodes.Text(part)] for part in verdict_parts(claim) if part]
    if said:
        parts.append([raw('<span class="assumptions">'), *joined(said, nodes.Text("; ")), raw("</span>")])
    line = [raw(status_word(claim["status"])), *(n for part in parts for n in (raw(DOT), *part))]
    return [*line, claim_links(label=claim["label"], claim=claim["kind"] == "claim")]


def status_word(status: str) -> str:
    """The word of a verdict: a button that tells what it means, by hand or by keyboard."""
    return f'<button type="button" class="status status-{status}" popovertarget="means-{status}">{status}</button>'


def meanings() -> str:
    """What the buttons show, once on a page."""
    return "".join(
        f'<div popover class="means" id="means-{status}"><strong class="status-{status}">{status}</strong>: '
        f"{escape(means)}.</div>"
        for status, means in EXPLAINED.items()
    )


def spoken(text: str) -> list[nodes.Node]:
    """Text with LaTeX between dollars, as nodes."""
    parts = text.split("$")
    return [nodes.math(p, p) if n % 2 else nodes.Text(p) for n, p in enumerate(parts) if p]


def joined(parts: list[list[nodes.Node]], between: nodes.Text) -> list[nodes.Node]:
    return [node for n, part in enumerate(parts) for node in ([between.copy()] if n else []) + part]


def meaning(name: str, expression: str) -> str:
    """``z = 2y - 1``, to be typeset."""
    if re.match(r"[\[({]|[a-z]{4}", expression):  # the domain of a variable that a minimum runs over
        said = f"{name} in {expression}" if expression[0] in "[({" else f"{name} {expression}"
        return assumption(f"{said} real" if expression in ("positive", "nonnegative", "nonzero") else said)
    return f"${latex_letter(name)} = {expression}$"


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
        root = "../" * self.env.docname.count("/")
        figure += raw(picture(Path(self.env.app.outdir), root, about["svg"], about["narrow"], about["alt"]))
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
    app.add_node(folded_block, html=(visit_folded_block, None))
    app.add_node(claim_links)
    app.add_directive("claim", ClaimDirective)
    app.add_directive("book-figure", FigureDirective)
    app.add_directive("folded-code", FoldedCode)
    app.connect("doctree-read", only_claims)
    app.connect("build-finished", write_folded)
    return {"version": "1", "parallel_read_safe": False}
