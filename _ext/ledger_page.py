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

from .assumptions import assumption
from .directives import DOT, claim_links, joined, raw, spoken, status_word
from .found import uses
from .store import stored

logger = logging.getLogger(__name__)


class ledger_place(nodes.General, nodes.Element):
    """Where the ledger of a page, the table of its parts, or the totals will stand."""


class LedgerDirective(SphinxDirective):
    """``{ledger} PAGE`` for the claims of a page, ``{ledger}`` for the table of the parts, ``{ledger} totals``."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        return [ledger_place(shown=self.arguments[0] if self.arguments else "")]


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


def part_of(page: str) -> str:
    """The page of the ledger that lists the claims of a page."""
    return f"appendix/ledger/{page.rpartition('/')[2]}"


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the ledger in its place, and on the claims their links to it and to the checker."""
    found = entries(app.env)
    for place in list(doctree.findall(ledger_place)):
        shown = place["shown"]
        if shown == "totals":
            place.replace_self(raw(totals_line(found)))
        elif shown:
            place.replace_self(rows(app, docname, [e for e in found if e.page == shown]))
        else:
            place.replace_self([raw(totals_line(found) + SEARCH + table_of_parts(app, docname, found))])
    for links_place in list(doctree.findall(claim_links)):
        label = links_place["label"]
        ledger = f"{app.builder.get_relative_uri(docname, part_of(docname))}#ledger-{label}"
        links = [f'<a href="{ledger}">ledger</a>']
        if links_place["claim"] and CHECKER in app.env.found_docs:
            links.append(f'<a href="{app.builder.get_relative_uri(docname, CHECKER)}#{label}">check it</a>')
        links_place.replace_self(raw(f'<span class="in-ledger">{DOT}{DOT.join(links)}</span>'))


CHECKER = "appendix/check"
SEARCH = (
    '<p class="ledger-search"><label>Find an equation <input type="search" id="ledger-find" '
    'placeholder="3.52, eq-any-form, Huber, \\sigma" autocomplete="off"></label></p>'
    '<ol id="ledger-found" aria-live="polite"></ol>'
)


def table_of_parts(app: Sphinx, docname: str, found: list[Entry]) -> str:
    """Chapters down, verdicts across; each number leads to those claims."""
    statuses = [s for s in EXPLAINED if any(e.data["status"] == s for e in found)]
    head = "".join(f"<th scope='col'>{status_word(s)}</th>" for s in statuses)
    lines = []
    for page in dict.fromkeys(e.page for e in found):
        uri = app.builder.get_relative_uri(docname, part_of(page))
        counts = Counter(e.data["status"] for e in found if e.page == page)
        cells = "".join(f'<td><a href="{uri}?{s}">{counts[s]}</a></td>' if counts[s] else "<td></td>" for s in statuses)
        title = escape(app.env.titles[page].astext())
        lines.append(f'<tr><th scope="row"><a href="{uri}">{title}</a></th>{cells}</tr>')
    return (
        '<div class="pst-scrollable-table-container"><table class="table ledger-parts"><thead><tr><th scope="col">'
        f"claims of</th>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def used_in(app: Sphinx, docname: str, label: str, numbers: dict[str, Entry]) -> str:
    """Links to the sections that refer to an equation, and to the equations that a definition serves."""
    links = []
    for page, anchor, title in app.env.__dict__["uses"].get(label, []):
        uri = app.builder.get_relative_uri(docname, page)
        links.append(f'<a href="{uri}{"#" + anchor if anchor else ""}">{escape(title)}</a>')
    for e in numbers.values():
        if label in e.data["given"].values():
            uri = app.builder.get_relative_uri(docname, e.page)
            links.append(f'<a href="{uri}#equation-{e.label}">({e.number})</a>')
    return f'<div class="ledger-uses">used in {", ".join(links)}</div>' if links else ""


def remember_uses(app: Sphinx, env: BuildEnvironment) -> None:
    """Before references are resolved, who refers to what."""
    env.__dict__["uses"] = uses(env)


def rows(app: Sphinx, docname: str, found: list[Entry]) -> list[nodes.Node]:
    """The claims of one page, after the verdicts to choose from."""
    every = {e.label: e for e in entries(app.env)}
    counts = Counter(e.data["status"] for e in found)
    boxes = "".join(
        f'<label><input type="checkbox" value="{s}" checked> <span class="status-{s}">{s}</span> {counts[s]}</label>'
        for s in EXPLAINED
        if counts[s]
    )
    result: list[nodes.Node] = [
        raw(
            f'<form class="ledger-filter"><fieldset><legend>Shown</legend>{boxes}</fieldset>'
            '<label>with <input type="search" placeholder="number, name or formula" autocomplete="off"></label></form>'
        ),
        raw('<div class="ledger">'),
    ]
    for e in found:
        used = used_in(app, docname, e.label, every)
        result += row(e, app.builder.get_relative_uri(docname, e.page), used)
    return [*result, raw("</div>")]


def row(e: Entry, uri: str, used: str) -> list[nodes.Node]:
    """One equation: number and link, formula, verdict, means, controls, assumptions."""
    status = e.data["status"]
    link = f'<a class="ledger-number" href="{uri}#equation-{e.label}" title="{e.label}">({e.number})</a>'
    head = (
        f'<div class="ledger-row" id="ledger-{e.label}" data-status="{status}" '
        f'data-text="{escape(" ".join(e.data["latex"].split()))}">{link}<div class="ledger-formula">'
    )
    parts = [nodes.Text(part) for part in verdict_parts(e.data, in_ledger=True) if part]
    said: list[list[nodes.Node]] = [[part] for part in parts]
    said += [spoken(assumption(a)) for a in e.data["assumptions"]]
    about = joined(said, nodes.Text(" · "))
    latex = " ".join(e.data["latex"].split())
    return [
        raw(head),
        nodes.math(latex, r"\displaystyle " + latex),
        raw(f'</div><div class="ledger-verdict">{status_word(status)} '),
        *about,
        raw(f"{used}</div></div>"),
    ]


def write_json(app: Sphinx, error: Exception | None) -> None:
    """ledger.json beside the pages."""
    if error is None and app.builder.format == "html":
        found = entries(app.env)
        claims = [{**e.data, "code": e.code, "page": e.page, "number": e.number} for e in found]
        data = {"totals": dict(totals(found)), "claims": claims}
        text = json.dumps(data, indent=1, ensure_ascii=False, default=str)
        Path(app.outdir, "ledger.json").write_text(text, encoding="utf-8")
        index = [[e.number, e.label, e.data["status"], e.page, " ".join(e.data["latex"].split())] for e in found]
        script = "window.LEDGER = " + json.dumps(index, ensure_ascii=False, separators=(",", ":"))
        Path(app.outdir, "_static", "ledger_index.js").write_text(
            script, encoding="utf-8"
        )  # a script works from a folder


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_node(ledger_place)
    app.add_directive("ledger", LedgerDirective)
    app.connect("env-check-consistency", check)
    app.connect("env-check-consistency", remember_uses)
    app.connect("doctree-resolved", fill)
    app.connect("build-finished", write_json)
    return {"version": "1", "parallel_read_safe": False}
