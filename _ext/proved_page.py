"""The page on what Coq has accepted: what is not proved and why, the theorems, and what rests on what."""

from __future__ import annotations

from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from lossutils.book.certificates import lemmas, rests_on, unproved
from lossutils.book.theorems import Box, boxes, stated
from lossutils.verify.ledger import carried

from .directives import raw
from .ledger_page import Entry, entries

WIDTH, ROW, TOP = 340, 26, 34  # of a graph, which is as wide as a phone shows
CLAIM_X, CLAIM_W, LEMMA_X = 10, 62, 134
LEMMA_W = WIDTH - LEMMA_X - 10


class proved_place(nodes.General, nodes.Element):
    """Where a part of the page will stand."""


class ProvedDirective(SphinxDirective):
    """``{proved} unproved``, ``{proved} theorems``, ``{proved} graph`` or ``{proved} lemmas``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        return [proved_place(shown=self.arguments[0])]


class Links:
    """Addresses of claims and theorem boxes, as one page names them."""

    def __init__(self, app: Sphinx, docname: str) -> None:
        self.entries: dict[str, Entry] = {e.label: e for e in entries(app.env)}
        self.app, self.docname = app, docname
        self.pages = {page.rpartition("/")[2]: page for page in app.env.found_docs}

    def _uri(self, page: str) -> str:
        return self.app.builder.get_relative_uri(self.docname, page)

    def claim(self, label: str) -> tuple[str, str, str]:
        """Address, number and verdict of a claim."""
        e = self.entries[label]
        return f"{self._uri(e.page)}#equation-{label}", f"({e.number})", e.data["status"]

    def box(self, box: Box) -> str:
        """Address of a theorem box."""
        return f"{self._uri(self.pages[box.page])}#{box.label}"

    def short(self, label: str) -> str:
        """A claim as a link in its verdict's colour."""
        uri, number, status = self.claim(label)
        return f'<a class="status-{status}" href="{uri}">{number}</a>'


def notebooks_of(app: Sphinx) -> list[Path]:
    """The notebooks among the pages."""
    found = (Path(app.env.doc2path(page)) for page in sorted(app.env.found_docs))
    return [path for path in found if path.suffix == ".ipynb"]


def not_proved(app: Sphinx, links: Links) -> str:
    """The claims that held and that Coq has not accepted, by reason."""
    reasons: dict[str, list[str]] = {}
    for path in notebooks_of(app):
        for label, why in unproved(path.stem, carried(path), Path(app.srcdir, "proofs")).items():
            reasons.setdefault(why, []).append(label)
    rows = "".join(
        f"<li>{escape(why[0].upper() + why[1:])}: {', '.join(map(links.short, labels))}.</li>"
        for why, labels in sorted(reasons.items())
    )
    return f'<ul class="not-proved">{rows}</ul>'


def theorems_list(app: Sphinx, links: Links) -> str:
    """Every theorem of Coq with its statement, by file; the boxes that name it beside it."""
    every = [box for path in notebooks_of(app) for box in boxes(path)]
    parts = []
    for t in stated(Path(app.srcdir, "proofs")):
        own = [box for box in every if (t.file, t.name) in box.named]
        where = ", ".join(f'<a href="{links.box(b)}">{escape(b.title)}</a>' for b in own)
        parts.append(
            f'<details class="coq-theorem" id="coq-{t.name}"><summary><code>{t.name}</code>, {t.file}</summary>'
            f"{f'<p>In the text: {where}.</p>' if where else ''}<pre>{escape(t.statement)}</pre></details>"
        )
    return "".join(parts)


def graph(app: Sphinx, links: Links) -> str:
    """One drawing a theorem box: the claims that it and its proof cite, the lemmas that those rest on."""
    proofs = Path(app.srcdir, "proofs")
    lemma_of, rest = lemmas(proofs), rests_on(proofs)
    drawn = [drawing(box, links, rest, lemma_of) for path in notebooks_of(app) for box in boxes(path)]
    return f'<div class="rests-on">{"".join(drawn)}</div>'


def drawing(box: Box, links: Links, rest: dict[str, tuple[str, ...]], lemma_of: dict[str, str]) -> str:
    """The SVG of one theorem box."""
    claims = [label for label in box.cites if label in links.entries]
    used = list(dict.fromkeys(word for label in claims for word in rest.get(label, ())))
    right = [*(f"coq-{name}" for _, name in box.named), *(f"lemma-{word}" for word in used)]
    at = {name: TOP + ROW * n for n, name in enumerate(right)}
    left = {label: TOP + ROW * n for n, label in enumerate(claims)}
    height = TOP + ROW * max(len(right), len(claims), 1)
    parts = [_edge(left[label], at[f"lemma-{word}"]) for label in claims for word in rest.get(label, ())]
    parts += [f'<path class="cites" d="M4 24V{y + 10}H{CLAIM_X}"/>' for y in left.values()]
    parts += [f'<path class="cites" d="M{WIDTH - 4} 24V{at[f"coq-{n}"] + 10}H{WIDTH - 10}"/>' for _, n in box.named]
    parts.append(_node(links.box(box), 2, 2, WIDTH - 4, box.title, "rests-theorem"))
    for label, y in left.items():
        uri, number, status = links.claim(label)
        parts.append(_node(uri, CLAIM_X, y, CLAIM_W, number, f"status-{status}"))
    for name, y in at.items():
        kind, _, word = name.partition("-")
        shown = "rests-coq status-proved" if kind == "coq" else "rests-lemma"
        parts.append(_node(f"#{name}", LEMMA_X, y, LEMMA_W, word, shown))
    said = f"{box.title}: rests on {len(claims)} equations and {len(used)} lemmas"
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="group" '
        f'aria-label="{escape(said)}">{"".join(parts)}</svg>'
    )


def _edge(y: int, to: int) -> str:
    start, end = CLAIM_X + CLAIM_W, LEMMA_X
    middle = (start + end) // 2
    return f'<path d="M{start} {y + 10}C{middle} {y + 10} {middle} {to + 10} {end} {to + 10}"/>'


def _node(uri: str, x: int, y: int, width: int, text: str, kind: str) -> str:
    shown = text if len(text) <= width // 7 else text[: width // 7 - 1] + "…"
    return (
        f'<a href="{uri}" class="{kind}"><title>{escape(text)}</title>'
        f'<rect x="{x}" y="{y}" width="{width}" height="20" rx="4"/>'
        f'<text x="{x + width // 2}" y="{y + 14}">{escape(shown)}</text></a>'
    )


def lemma_list(app: Sphinx, links: Links) -> str:
    """The library's lemmas by file, each with the claims whose proofs name it."""
    proofs = Path(app.srcdir, "proofs")
    users: dict[str, list[str]] = {}
    for label, words in rests_on(proofs).items():
        for word in words:
            users.setdefault(word, []).append(label)
    files: dict[str, list[str]] = {}
    for word, file in lemmas(proofs).items():
        if word in users:
            own = ", ".join(links.short(label) for label in users[word] if label in links.entries)
            files.setdefault(file, []).append(f'<li id="lemma-{word}"><code>{word}</code>: {own}</li>')
    return "".join(
        f'<details class="coq-lemmas" open><summary>{file}, {len(rows)} lemmas</summary>'
        f"<ul>{''.join(rows)}</ul></details>"
        for file, rows in files.items()
    )


PARTS = {"unproved": not_proved, "theorems": theorems_list, "graph": graph, "lemmas": lemma_list}


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put each part in its place."""
    places = list(doctree.findall(proved_place))
    links = Links(app, docname) if places else None
    for place in places:
        assert links is not None
        place.replace_self(raw(PARTS[place["shown"]](app, links)))


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_node(proved_place)
    app.add_directive("proved", ProvedDirective)
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": False}
