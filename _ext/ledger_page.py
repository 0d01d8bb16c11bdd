"""The ledger: every claim of the book with its verdict, on a page and as ledger.json; what must not be there fails."""

from __future__ import annotations

import json
from collections import Counter
from html import escape
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from lossutils.book.page import EXPLAINED, VERDICTS, ClaimData, DefinitionData, verdict_parts
from lossutils.verify.ledger import fault

from .directives import LEDGER, raw
from .store import stored

logger = logging.getLogger(__name__)


class ledger_place(nodes.General, nodes.Element):
    """Where the ledger, or its totals, will stand."""


class LedgerDirective(SphinxDirective):
    """``{ledger}`` for the whole, ``{ledger} totals`` for one line."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        return [ledger_place(totals=bool(self.arguments))]


class Entry(NamedTuple):
    """A claim or a definition, its cell's code, its page and its number on it."""

    data: ClaimData | DefinitionData
    code: str
    page: str
    number: str

    @property
    def label(self) -> str:
        return self.data["label"]


def entries(env: BuildEnvironment) -> list[Entry]:
    """All claims and definitions in the order of the book, with their pages and numbers."""
    root = env.config.root_doc
    found = []
    for page in [p for p in (root, *_pages_below(env, root)) if p in stored(env)]:
        numbers = env.toc_fignumbers.get(page, {}).get("displaymath", {})
        for label, (data, code, _) in stored(env)[page].items():
            number = ".".join(map(str, numbers.get(f"equation-{label}", ())))
            found.append(Entry(data, code, page, number))
    return found


def claims_among(found: list[Entry]) -> list[tuple[Entry, ClaimData]]:
    """The claims, definitions left out."""
    return [(e, e.data) for e in found if e.data["kind"] == "claim"]


def _pages_below(env: BuildEnvironment, page: str) -> list[str]:
    found = []
    for child in env.toctree_includes.get(page, []):
        found += [child, *_pages_below(env, child)]
    return found


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """What the design forbids is a warning, and so fails the build."""
    found = entries(env)
    for label, count in Counter(e.label for e in found).items():
        if count > 1:
            logger.warning("the label %s stands %d times", label, count, type="ledger")
    for e, claim in claims_among(found):
        problem = fault(dict(claim), dict(claim))
        if problem:
            logger.warning("%s: %s", e.label, problem, location=e.page, type="ledger")


def totals(found: list[Entry]) -> Counter[str]:
    """Claims by verdict."""
    return Counter(claim["status"] for _, claim in claims_among(found))


def totals_line(found: list[Entry]) -> str:
    counts, claims = totals(found), claims_among(found)
    cells = [f'<span class="status status-{s}">{counts[s]} {s}</span>' for s in VERDICTS if counts[s]]
    made, refuted = (sum(claim["controls"][k] for _, claim in claims) for k in ("made", "refuted"))
    return (
        f'<p class="ledger-totals"><strong>{len(claims)} claims</strong>: {", ".join(cells)}. '
        f"{refuted:,} of {made:,} wrong variants of them refuted by a point. "
        f"{len(found) - len(claims)} definitions.</p>"
    )


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the ledger in its place, and links to it on the claims."""
    found = entries(app.env)
    for place in list(doctree.findall(ledger_place)):
        app.env.get_domain("math").data["has_equations"][docname] = True  # so that the page loads MathJax
        place.replace_self([raw(totals_line(found))] if place["totals"] else rows(app, docname, found))
    ledger = next((d for d in app.env.found_docs if d.endswith("ledger")), None)
    target = app.builder.get_relative_uri(docname, ledger) if ledger else ""
    for box in doctree.findall(nodes.container):
        if "claim" in box["classes"]:
            label = next(b["claim"] for b in box.findall(nodes.math_block))
            for part in list(box.findall(nodes.raw)):
                if LEDGER in part.astext():
                    part.replace_self(raw(part.astext().replace(LEDGER, f"{target}#ledger-{label}")))


def rows(app: Sphinx, docname: str, found: list[Entry]) -> list[nodes.Node]:
    """Totals, then the claims by page."""
    result: list[nodes.Node] = [raw(totals_line(found))]
    for page in dict.fromkeys(e.page for e in found):
        title = app.env.titles[page].astext()
        uri = app.builder.get_relative_uri(docname, page)
        result.append(raw(f'<h2 class="ledger-page"><a href="{uri}">{escape(title)}</a></h2><div class="ledger">'))
        for e in [e for e in found if e.page == page]:
            result += row(e, uri)
        result.append(raw("</div>"))
    return result


def row(e: Entry, uri: str) -> list[nodes.Node]:
    """One equation: number and link, formula, verdict, means, controls, assumptions."""
    status = e.data["status"]
    about = [*verdict_parts(e.data, in_ledger=True), *e.data["assumptions"]]
    link = f'<a class="ledger-number" href="{uri}#equation-{e.label}" title="{e.label}">({e.number})</a>'
    head = f'<div class="ledger-row" id="ledger-{e.label}">{link}<div class="ledger-formula">'
    tail = (
        f'</div><div class="ledger-verdict"><span class="status status-{status}" title="{escape(EXPLAINED[status])}">'
        f"{status}</span> <span>{escape(' · '.join(a for a in about if a))}</span></div></div>"
    )
    latex = " ".join(e.data["latex"].split())
    return [raw(head), nodes.math(latex, r"\displaystyle " + latex), raw(tail)]


def write_json(app: Sphinx, error: Exception | None) -> None:
    """ledger.json beside the pages."""
    if error is None and app.builder.format == "html":
        found = entries(app.env)
        claims = [{**e.data, "code": e.code, "page": e.page, "number": e.number} for e in found]
        data = {"totals": dict(totals(found)), "claims": claims}
        Path(app.outdir, "ledger.json").write_text(json.dumps(data, indent=1, ensure_ascii=False, default=str))


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_node(ledger_place)
    app.add_directive("ledger", LedgerDirective)
    app.connect("env-check-consistency", check)
    app.connect("doctree-resolved", fill)
    app.connect("build-finished", write_json)
    return {"version": "1", "parallel_read_safe": False}
