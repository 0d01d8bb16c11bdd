"""What the book does, on its first page: one equation checked, its copy without a sign refuted, and both moved by hand.

The equations and their verdicts are those of a chapter; the picture is drawn here and can be moved by `_ext/move`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log1p

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from lossutils.book.page import verdict_parts

from .assumptions import assumption
from .directives import DOT, joined, raw, spoken, status_word
from .ledger_page import Entry, entries

SHOWN = (  # label, the word above it, what is to be seen
    ("eq-l-sign-true", "Checked", "The logarithm of a label’s probability, in two notations."),
    ("eq-l-sign-equal", "Refuted", "The same with a sign lost in copying. One point is enough."),
)
MOVED = "Moved"
SIDES = (
    "Both right sides along the score, for the label 0: the true one runs with the left side, the other away from it."
)
WIDTH, HEIGHT, SPAN, TALL = 520, 230, 4.0, 4.4  # the drawing's size; scores and values at its edges
AT = 12 / 7  # the score of the counterexample


class showcase_place(nodes.General, nodes.Element):
    """Where it will stand; the chapter's claims are known when all pages are read."""


class ShowcaseDirective(SphinxDirective):
    """``{showcase}``."""

    def run(self) -> list[nodes.Node]:
        return [showcase_place()]


def panel(entry: Entry, word: str, seen: str, uri: str) -> list[nodes.Node]:
    """An equation with its verdict, as on its page."""
    latex = entry.data["latex"].strip()
    said = [spoken(assumption(a)) for a in entry.data["assumptions"]]
    parts: list[list[nodes.Node]] = [[nodes.Text(part)] for part in verdict_parts(entry.data) if part]
    line = [n for part in [*parts, joined(said, nodes.Text("; "))] for n in (raw(DOT), *part)]
    link = f'{DOT}<a href="{uri}#equation-{entry.label}">equation ({entry.number})</a>'
    block = nodes.math_block(latex, latex, number=None, label=None, nowrap=False, ids=[], claim=entry.label)
    return [
        raw(f'<div class="showcase-panel"><p class="showcase-word">{word}</p><p>{seen}</p>'),
        block,
        raw(f'<div class="verdict">{status_word(entry.data["status"])}'),
        *line,
        raw(f"{link}</div></div>"),
    ]


def _curve(value: Callable[[float], float], name: str) -> str:
    places = [SPAN * (k / 40 - 1) for k in range(81)]
    points = " ".join(f"{_x(f):.1f},{_y(value(f)):.1f}" for f in places)
    return f'<polyline class="{name}" points="{points}"/>'


def _x(f: float) -> float:
    return WIDTH * (f + SPAN) / (2 * SPAN)


def _y(value: float) -> float:
    return HEIGHT * (1 - value / TALL) / 2


def loss(f: float) -> float:
    """log(1 + exp(f))"""
    return log1p(exp(f))


def drawing() -> str:
    """The still picture: both sides of both equations for the label 0."""
    axes = f'<path class="axis" d="M0 {HEIGHT / 2}H{WIDTH}M{WIDTH / 2} 0V{HEIGHT}"/>'
    curves = _curve(lambda f: -loss(f), "left") + _curve(lambda f: -loss(f), "true") + _curve(loss, "wrong")
    dots = "".join(
        f'<circle class="{name}" cx="{_x(AT):.1f}" cy="{_y(v):.1f}" r="5"/>'
        for name, v in (("left", -loss(AT)), ("wrong", loss(AT)))
    )
    words = (
        f'<text class="left" x="6" y="{HEIGHT - 46}">left side and true right side</text>'
        f'<text class="wrong" x="6" y="54">right side without the sign</text>'
        f'<text x="{WIDTH - 6}" y="{HEIGHT / 2 - 8}" text-anchor="end">score f</text>'
    )
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{SIDES}">{axes}{curves}{dots}{words}</svg>'


def moved() -> str:
    """The third panel."""
    return (
        f'<div class="showcase-panel showcase-moved"><p class="showcase-word">{MOVED}</p><p>{SIDES}</p>'
        f'<div class="move" data-figure="sign" data-start="yes">{drawing()}'
        '<p><button type="button" class="move-start" hidden>Move it</button></p></div></div>'
    )


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """The panels, once every page is read."""
    for place in list(doctree.findall(showcase_place)):
        known = {e.label: e for e in entries(app.env)}
        panels: list[nodes.Node] = [raw('<div class="showcase">')]
        for label, word, seen in SHOWN:
            entry = known[label]
            panels += panel(entry, word, seen, app.builder.get_relative_uri(docname, entry.page))
        place.replace_self([*panels, raw(moved() + "</div>")])


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_node(showcase_place)
    app.add_directive("showcase", ShowcaseDirective)
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
