"""Make the built site self-contained: MathJax from its own folder, nothing loaded that would ask another host."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

MATHJAX = "mathjax/tex-svg.js"  # one file, glyphs as paths: no fonts to fetch, works from a folder too
UNWANTED = ("thebe", "THEBE", "unpkg.com", "cdn.")


def wanted(script: Any) -> bool:
    """Whether a page should keep this script tag."""
    text = f"{getattr(script, 'filename', script) or ''} {getattr(script, 'attributes', {}).get('body', '')}"
    return not any(sign in text for sign in UNWANTED)


def drop_scripts(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: Any) -> None:
    context["script_files"] = [s for s in context.get("script_files", []) if wanted(s)]


def copy_mathjax(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        package = Path(importlib.util.find_spec("sphinx-mathjax-offline").origin).parent
        target = Path(app.outdir, "_static", MATHJAX)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(package / "static" / MATHJAX, target)


def setup(app: Sphinx) -> dict:
    app.config.mathjax_path = MATHJAX
    app.connect("html-page-context", drop_scripts, priority=900)
    app.connect("build-finished", copy_mathjax)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
