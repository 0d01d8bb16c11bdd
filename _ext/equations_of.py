"""From a loss to its equations: rows of the cheat sheet and of the atlas lead to the claims that measure the code.

A claim names the loss that it states (`implements=(lu.Huber, "gradient")`); a few losses are stated by a definition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from .directives import raw
from .ledger_page import Entry, entries

PAGES = ("appendix/cheat_sheet", "appendix/atlas")
STATES = re.compile(r'implements=\(\s*lu\.(\w+)(?:\([^)]*\))?,\s*"(value|gradient)"')
ROWS = {"loss": "value", "gradient": "gradient"}  # of a table of the atlas
BESIDES = {  # loss -> the equations that define it, where no claim measures it
    "ZeroOne": {"value": "eq-c-zero-one"},
    "Focal": {"value": "eq-c-focal"},
    "KullbackLeibler": {"value": "eq-divergence"},
    "MultiPositiveCrossEntropy": {"gradient": "eq-mean-gradient"},
    "AnyPositiveCrossEntropy": {"gradient": "eq-any-gradient"},
}

Equations = dict[str, dict[str, Entry]]


def equations(found: list[Entry]) -> Equations:
    """By loss, the first claim of its value and of its gradient."""
    by_label = {e.label: e for e in found}
    result: Equations = {
        name: {kind: by_label[label] for kind, label in own.items() if label in by_label}
        for name, own in BESIDES.items()
    }
    for entry in found:
        for name, kind in STATES.findall(entry.code):
            result.setdefault(name, {}).setdefault(kind, entry)
    return result


def links(app: Sphinx, docname: str, found: list[Entry]) -> nodes.raw:
    """Numbers in brackets that lead to equations."""
    said = ", ".join(
        f'<a href="{app.builder.get_relative_uri(docname, e.page)}#equation-{e.label}">({e.number})</a>' for e in found
    )
    return raw(f' <span class="its-equations">{said}</span>')


def named(node: nodes.Element) -> str:
    """The loss that a cell names in code, without its parameters."""
    literal = next(iter(node.findall(nodes.literal)), None)
    return literal.astext().partition("(")[0] if literal else ""


def places(table: nodes.table, known: Equations) -> Iterator[tuple[nodes.Element, list[Entry]]]:
    """Cells of a table, each with the equations that it is to lead to."""
    heads = [named(entry) for head in table.findall(nodes.thead) for entry in head.findall(nodes.entry)]
    of_table = next((known[name] for name in heads if name in known), None)
    for row in table.findall(nodes.row):
        cells = list(row.findall(nodes.entry))
        if of_table is not None:
            entry = of_table.get(ROWS.get(cells[0].astext(), ""))
            if entry:
                yield cells[1], [entry]
        elif own := known.get(named(cells[0])):
            yield cells[0], [own[kind] for kind in ROWS.values() if kind in own]


def link(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the links into the tables of these pages."""
    if docname not in PAGES:
        return
    known = equations(entries(app.env))
    for table in doctree.findall(nodes.table):
        for cell, found in list(places(table, known)):
            paragraph = next(iter(cell.findall(nodes.paragraph)), cell)
            paragraph += links(app, docname, found)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("doctree-resolved", link)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
