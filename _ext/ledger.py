"""The ledger: every claim of the book with its verdict, on a page and as ledger.json; what must not be there fails."""

from __future__ import annotations

import json
from collections import Counter
from html import escape
from pathlib import Path
from typing import Any

from claims import EXPLAINED, counterexample_text, raw
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from lossutils.verify.ledger import fault

logger = logging.getLogger(__name__)
ORDER = ("proved", "derived", "enclosed", "consistent", "refuted", "unknown")


class ledger_place(nodes.General, nodes.Element):
    """Where the ledger, or its totals, will stand."""


class LedgerDirective(SphinxDirective):
    """``{ledger}`` for the whole, ``{ledger} totals`` for one line."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        return [ledger_place(totals=bool(self.arguments))]


def entries(env: Any) -> list[dict[str, Any]]:
    """All claims and definitions in the order of the book, with their pages and numbers."""
    claims = getattr(env, "lossutils_claims", {})
    order = [env.config.root_doc, *_toctree(env, env.config.root_doc)]
    found = []
    for docname in [d for d in order if d in claims]:
        numbers = env.toc_fignumbers.get(docname, {}).get("displaymath", {})
        for label, claim in claims[docname].items():
            number = ".".join(map(str, numbers.get(f"equation-{label}", ())))
            found.append({**claim, "page": docname, "number": number})
    return found


def _toctree(env: Any, docname: str) -> list[str]:
    found = []
    for child in env.toctree_includes.get(docname, []):
        found += [child, *_toctree(env, child)]
    return found


def check(app: Sphinx, env: Any) -> None:
    """What the design forbids is a warning, and so fails the build."""
    seen: Counter = Counter(e["label"] for e in entries(env))
    for label, count in seen.items():
        if count > 1:
            logger.warning("the label %s stands %d times", label, count, type="ledger")
    for e in entries(env):
        if e["kind"] != "claim":
            continue
        problem = fault(e, e)
        if problem:
            logger.warning("%s: %s", e["label"], problem, location=e["page"], type="ledger")


def totals(found: list[dict[str, Any]]) -> Counter:
    """Claims by verdict."""
    return Counter(e["status"] for e in found if e["kind"] == "claim")


def totals_line(found: list[dict[str, Any]]) -> str:
    counts = totals(found)
    cells = [f'<span class="status status-{s}">{counts[s]} {s}</span>' for s in ORDER if counts[s]]
    refuted = sum(e["controls"]["refuted"] for e in found if e["kind"] == "claim")
    return (
        f'<p class="ledger-totals"><strong>{sum(counts.values())} claims</strong>: {", ".join(cells)}. '
        f"{refuted} wrong variants of them refuted. {sum(e['kind'] == 'definition' for e in found)} definitions.</p>"
    )


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the ledger in its place, and links to it on the claims."""
    found = entries(app.env)
    for place in list(doctree.findall(ledger_place)):
        app.env.get_domain("math").data["has_equations"][docname] = True  # so that the page loads MathJax
        place.replace_self([raw(totals_line(found))] if place["totals"] else table(app, docname, found))
    ledger = next((d for d in app.env.found_docs if d.endswith("ledger")), None)
    target = app.builder.get_relative_uri(docname, ledger) if ledger else ""
    for box in doctree.findall(nodes.container):
        if "claim" in box["classes"]:
            label = next(b["claim"] for b in box.findall(nodes.math_block))
            for part in box.findall(nodes.raw):
                if "#LEDGER" in part.astext():
                    link = part.astext().replace("#LEDGER", f"{target}#ledger-{label}")
                    part.replace_self(raw(link))


def table(app: Sphinx, docname: str, found: list[dict[str, Any]]) -> list[nodes.Node]:
    """Totals, then the claims by page."""
    result: list[nodes.Node] = [raw(totals_line(found))]
    for page in dict.fromkeys(e["page"] for e in found):
        title = app.env.titles[page].astext()
        uri = app.builder.get_relative_uri(docname, page)
        result.append(raw(f'<h2 class="ledger-page"><a href="{uri}">{escape(title)}</a></h2><div class="ledger">'))
        for e in [e for e in found if e["page"] == page]:
            result += row(e, uri)
        result.append(raw("</div>"))
    return result


def row(e: dict[str, Any], uri: str) -> list[nodes.Node]:
    """One equation: number and link, formula, verdict, means, controls, assumptions."""
    status = e["status"]
    about = []
    if e["kind"] == "claim":
        if status == "refuted":
            about.append(counterexample_text(e["counterexample"]))
        elif status == "unknown":
            about.append(e["open"])
        else:
            about.append(", ".join(e["means"]))
            about.append(f"{e['points']} points")
            controls = e["controls"]
            about.append(f"controls {controls['refuted']}/{controls['refuted'] + len(controls['survivors'])}")
    about += e["assumptions"]
    link = f'<a class="ledger-number" href="{uri}#equation-{e["label"]}" title="{e["label"]}">({e["number"]})</a>'
    head = f'<div class="ledger-row" id="ledger-{e["label"]}">{link}<div class="ledger-formula">'
    tail = (
        f'</div><div class="ledger-verdict"><span class="status status-{status}" title="{escape(EXPLAINED[status])}">'
        f"{status}</span> <span>{escape(' · '.join(a for a in about if a))}</span></div></div>"
    )
    latex = " ".join(e["latex"].split())
    return [raw(head), nodes.math(latex, r"\displaystyle " + latex), raw(tail)]


def write_json(app: Sphinx, error: Exception | None) -> None:
    """ledger.json beside the pages."""
    if error is None and app.builder.format == "html":
        found = entries(app.env)
        data = {"totals": dict(totals(found)), "claims": found}
        Path(app.outdir, "ledger.json").write_text(json.dumps(data, indent=1, ensure_ascii=False, default=str))


def setup(app: Sphinx) -> dict:
    app.add_node(ledger_place)
    app.add_directive("ledger", LedgerDirective)
    app.connect("env-check-consistency", check)
    app.connect("doctree-resolved", fill)
    app.connect("build-finished", write_json)
    return {"version": "1", "parallel_read_safe": False}
