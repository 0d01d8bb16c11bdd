"""Make the built site self-contained: MathJax from its own folder, nothing loaded that would ask another host.

It also has to work when its files are opened from a folder, where a browser refuses to fetch fonts and other pages.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

MATHJAX = "mathjax/tex-svg.js"  # one file, glyphs as paths: no fonts to fetch, works from a folder too
UNWANTED = ("thebe", "THEBE", "unpkg.com", "cdn.")
FONTS = re.compile(r'\s*<link rel="preload" as="font"[^>]*>|\s*<link [^>]*fontawesome[^>]*all\.min\.css[^>]*/?>')


def wanted(script: object) -> bool:
    """Whether a page should keep this script tag."""
    text = f"{getattr(script, 'filename', script) or ''} {getattr(script, 'attributes', {}).get('body', '')}"
    return not any(sign in text for sign in UNWANTED)


def drop_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, object], doctree: nodes.document | None
) -> None:
    scripts = cast(list[object], context.get("script_files", []))
    context["script_files"] = [s for s in scripts if wanted(s)]


def finish(app: Sphinx, error: Exception | None) -> None:
    """Add MathJax; take out what only a server could give. Icons are drawn by script, so their fonts can go."""
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    target = out / "_static" / MATHJAX
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(files("sphinx-mathjax-offline").joinpath("static", MATHJAX).read_bytes())
    for page in out.glob("**/*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(FONTS.sub("", text), encoding="utf-8")
    options = out / "_static" / "documentation_options.js"
    text = options.read_text(encoding="utf-8")
    options.write_text(
        re.sub(r"(SHOW_SEARCH_SUMMARY: )true", r'\1location.protocol !== "file:"', text), encoding="utf-8"
    )


def setup(app: Sphinx) -> ExtensionMetadata:
    app.config.mathjax_path = MATHJAX
    app.connect("html-page-context", drop_scripts, priority=900)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
