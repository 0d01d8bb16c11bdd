"""How a page is found and cited: what it says of itself, where an equation is used, the edition, the site's map."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from tools.edition import edition, of_this_run

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / ".github" / "page.png"
LONGEST = 200  # of a description
NOT_FOUND = (
    "<h1>Page not found</h1><p>There is no page at this address. The list at the left has them all; "
    '<a href="search.html">the search</a> finds equations by number too.</p>'
)

Use = tuple[str, str, str]  # page, anchor, what it is called


def launched(repository: str) -> dict[str, object]:
    """What the theme needs to draw the buttons that open a notebook on Colab and on Binder."""
    if not repository:
        return {}
    hosts = {"colab_url": "https://colab.research.google.com", "binderhub_url": "https://mybinder.org"}
    buttons = {"notebook_interface": "jupyterlab", "thebe": False, **hosts}
    where = {"repository_url": repository, "repository_branch": "main", "path_to_docs": ""}
    return {**where, "launch_buttons": buttons}


class CiteThis(SphinxDirective):
    """The entry for a bibliography."""

    def run(self) -> list[nodes.Node]:
        e = edition()
        entry = (
            f"@book{{lossutils,\n  title  = {{{e['title']}}},\n  author = {{{{{e['author']}}}}},\n"
            f"  year   = {{{e['date'][:4]}}},\n  note   = {{Edition {e['version']}, {e['date']}}}\n}}"
        )
        return [nodes.literal_block(entry, entry, language="bibtex")]


def uses(env: BuildEnvironment) -> dict[str, list[Use]]:
    """Where each equation is referred to, in the order of the book: by label, the section that does."""
    found: dict[str, list[Use]] = {}
    for page in sorted(env.found_docs):
        for reference in env.get_doctree(page).findall(addnodes.pending_xref):
            if reference.get("reftype") == "eq":
                use = (page, *_section(env, page, reference))
                mine = found.setdefault(reference["reftarget"], [])
                if use not in mine:
                    mine.append(use)
    return found


def _section(env: BuildEnvironment, page: str, node: nodes.Node) -> tuple[str, str]:
    """Anchor and title of the section around a node."""
    parent: nodes.Node | None = node
    while parent is not None and not (isinstance(parent, nodes.section) and isinstance(parent[0], nodes.title)):
        parent = parent.parent  # past the boxes of exercises and theorems
    if parent is None or isinstance(parent.parent, nodes.document):
        return "", env.titles[page].astext()
    assert isinstance(parent, nodes.section)
    return parent["ids"][0], re.sub(r"\\[a-z]+|[{}]", "", parent[0].astext())


def describe(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, object], doctree: nodes.document | None
) -> None:
    """Description and Open Graph data of a page."""
    if doctree is None:
        return
    text = next((p.astext() for p in doctree.findall(nodes.paragraph) if len(p.astext()) > 60), "")
    text = " ".join(re.sub(r"\\[a-z]+", "", text).split())
    said = text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
    title = re.sub(r"<[^>]*>", "", str(context.get("title", "")))
    tags = [
        ("name", "description", said),
        ("property", "og:title", title),
        ("property", "og:description", said),
        ("property", "og:type", "article"),
        ("property", "og:site_name", edition()["title"]),
    ]
    base = app.config.html_baseurl
    if base:
        tags += [("property", "og:url", f"{base}{pagename}.html"), ("property", "og:image", f"{base}_static/page.png")]
    lines = "".join(f'<meta {kind}="{name}" content="{escape(value)}" />\n' for kind, name, value in tags if value)
    context["metatags"] = f"{context.get('metatags', '')}\n{lines}"


def not_found(app: Sphinx) -> Iterator[tuple[str, dict[str, object], str]]:
    """A page for addresses that lead nowhere."""
    yield "404", {"title": "Page not found", "body": NOT_FOUND}, "page.html"


def write(app: Sphinx, error: Exception | None) -> None:
    """The picture of the site; with an address of its own, the map too."""
    if error is not None or app.builder.format != "html":
        return
    out, base = Path(app.outdir), app.config.html_baseurl
    if PICTURE.exists():
        shutil.copyfile(PICTURE, out / "_static" / "page.png")
    if base:
        rows = "".join(f"<url><loc>{escape(base)}{page}.html</loc></url>" for page in sorted(app.env.found_docs))
        text = f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>\n'
        (out / "sitemap.xml").write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    base = os.environ.get("BOOK_URL", "")  # where the site will stand, if that is known
    app.config.html_baseurl = base and base.rstrip("/") + "/"
    app.config.html_theme_options = {
        **app.config.html_theme_options,
        **launched(edition()["repository"] or of_this_run()),
    }
    app.add_directive("cite-this", CiteThis)
    app.connect("html-page-context", describe)
    app.connect("html-collect-pages", not_found)
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
