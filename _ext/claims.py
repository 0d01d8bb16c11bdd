"""How a claim and a figure stand on the page: as in a textbook, one quiet line under it, the code folded."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from html import escape
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from lossutils.verify.meaning.assumptions import letter as inner_name

logger = logging.getLogger(__name__)

EXPLAINED = {
    "proved": "a proof checked by Coq",
    "derived": "shown symbolically, for all values that the assumptions allow",
    "enclosed": "shown by interval arithmetic over the whole domain",
    "consistent": "true at every exact point tried, which could have refuted it; not proved",
    "refuted": "false, at the point shown",
    "unknown": "not decided",
    "definition": "introduces a symbol",
}
FREE_OF_CLAIMS = ("appendix/api",)  # pages whose display mathematics comes from docstrings


def raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


def folded_code(code: str) -> list[nodes.Node]:
    block = nodes.literal_block(code, code, language="python")
    return [raw('<details class="claim-code"><summary>code</summary>'), block, raw("</details>")]


class ClaimDirective(SphinxDirective):
    """Draws the claim of a label from the notebook's outputs."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        label = self.arguments[0]
        claim = self.env.lossutils_claims[self.env.docname][label]
        box = nodes.container(classes=["claim", f"claim-{claim['status']}"])
        lines = ["$$", *claim["latex"].strip().splitlines(), f"$$ ({label})"]
        self.state.nested_parse(StringList(lines, source=f"claim {label}"), self.content_offset, box)
        for block in box.findall(nodes.math_block):
            block["claim"] = label
        code = folded_code(claim["code"])
        box += [raw('<div class="verdict">' + verdict_line(claim)), *code, raw("</div>")]
        return [box]


def verdict_line(claim: dict[str, Any]) -> str:
    """Verdict, means, controls, assumptions, in one line of HTML."""
    status = claim["status"]
    word = f'<a class="status status-{status}" href="#LEDGER" title="{escape(EXPLAINED[status])}">{status}</a>'
    parts = [word]
    if status == "refuted":
        parts.append(escape(counterexample_text(claim["counterexample"])))
    elif status == "unknown":
        parts.append(escape(claim["open"] or claim["reason"]))
    elif status != "definition":
        parts.append(escape(", ".join(claim["means"])))
        if status == "consistent":
            parts.append(f"{claim['points']} points")
        controls = claim["controls"]
        total = controls["refuted"] + len(controls["survivors"])
        parts.append(f"controls {controls['refuted']}/{total}")
        if claim.get("accuracy"):
            parts.append(escape(claim["accuracy"]))
    said = [escape(a) for a in claim["assumptions"]] + [meaning(k, v) for k, v in stand_ins(claim)]
    if said:
        parts.append(f'<span class="assumptions">{"; ".join(said)}</span>')
    return ' <span class="dot">·</span> '.join(parts)


def stand_ins(claim: dict[str, Any]) -> list[tuple[str, str]]:
    """Letters that stand for an expression, with it: neither a domain nor an earlier definition."""
    stated = {w for a in claim["assumptions"] for w in re.findall(r"\w+", a.split(" in ")[0])}
    return [(k, v) for k, v in claim["given"].items() if not v.startswith("eq-") and inner_name(k) not in stated]


def meaning(letter: str, expression: str) -> str:
    """``z = 2y - 1``, to be typeset."""
    if re.match(r"[\[({]|[a-z]{4}", expression):  # the domain of a variable that a minimum runs over
        return f"{escape(letter)} in {escape(expression)}"
    base, _, accent = inner_name(letter).partition("_")
    name = rf"\{base}" if len(base) > 1 else base
    name = rf"\{accent} {name}" if accent in ("hat", "bar", "tilde") else f"{name}_{{{accent}}}" if accent else name
    return rf'<span class="math notranslate nohighlight">\({escape(name)} = {escape(expression)}\)</span>'


def counterexample_text(found: dict[str, Any]) -> str:
    """The point, and both sides there."""
    at = ", ".join(f"{k} = {brief(v)}" for k, v in found["values"].items())
    where = f"at {at}: " if at else ""
    return f"{where}left {short(found['left'])}, right {short(found['right'])}"


def brief(number: str) -> str:
    """An exact number, rounded where it is very long; ledger.json has it whole."""
    return re.sub(r"-?\d{18,}(?:/\d+)?|-?\d+/\d{18,}", lambda m: f"{float(Fraction(m.group())):.6g}…", number)


def short(ball: str) -> str:
    """A ball as a number with a few digits; ledger.json has it whole."""
    match = re.fullmatch(r"\[(\S+) \+/- \S+\]", ball)
    return f"{float(match.group(1)):.5g}" if match else ball


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
    option_spec = {"name": str}  # noqa: RUF012

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


def setup(app: Sphinx) -> dict:
    app.add_directive("claim", ClaimDirective)
    app.add_directive("book-figure", FigureDirective)
    app.add_directive("folded-code", FoldedCode)
    app.connect("doctree-read", only_claims)
    return {"version": "1", "parallel_read_safe": False}
