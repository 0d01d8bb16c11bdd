"""Mathematics typeset when the book is built: every formula becomes MathML, and no script is needed to read it.

Temml does it, in one process of Node.js for the whole build; `typeset.cjs` lets long formulas wrap.
"""

from __future__ import annotations

import functools
import json
import subprocess
from pathlib import Path
from typing import cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from tools import node as node_js

from .quick import Kept

logger = logging.getLogger(__name__)
SCRIPT = Path(__file__).with_name("typeset.cjs")


class FormulaError(Exception):
    """A formula that the typesetter does not read."""


@functools.cache
def _process() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [node_js.program(), str(SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=node_js.environment(),
    )


@functools.cache
def _kept() -> Kept:
    temml = node_js.PACKAGES / "temml" / "package.json"
    return Kept("formulas", SCRIPT.read_text(encoding="utf-8") + temml.read_text(encoding="utf-8"))


def typeset(latex: str, display: bool = False) -> str:
    """A formula as MathML."""
    return _kept().get(f"{display} {latex}", lambda: _typeset(latex, display))


def _typeset(latex: str, display: bool) -> str:
    process = _process()
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps({"latex": latex, "display": display}) + "\n")
    process.stdin.flush()
    answer = json.loads(process.stdout.readline() or '{"error": "the typesetter ended"}')
    if "error" in answer:
        raise FormulaError(f"{latex}: {answer['error']}")
    return cast(str, answer["mathml"])


def _drawn(node: nodes.Node, latex: str, display: bool) -> str:
    try:
        return typeset(latex, display)
    except FormulaError as error:
        logger.warning("a formula could not be typeset: %s", error, location=node, type="mathml")
        return ""


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    """A formula in the text."""
    latex = node.astext()
    shown = latex.removeprefix(r"\displaystyle ")
    self.body.append(_drawn(node, shown, display=shown != latex))
    raise nodes.SkipNode


def visit_displaymath(self: HTML5Translator, node: nodes.math_block) -> None:
    """A formula of its own, its number at the right."""
    identity = f' id="{node["ids"][0]}"' if node["ids"] else ""
    self.body.append(f'<div class="math notranslate nohighlight"{identity}><div class="formula">')
    self.body.append(_drawn(node, node.astext(), display=True) + "</div>")
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def end(app: Sphinx, error: Exception | None) -> None:
    """Let the typesetter go."""
    _kept.cache_clear()
    if _process.cache_info().currsize:
        process = _process()
        assert process.stdin is not None
        process.stdin.close()
        process.wait()
        _process.cache_clear()


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_displaymath, None))
    app.connect("build-finished", end)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
