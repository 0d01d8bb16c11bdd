"""Make the built site self-contained and light: nothing asks another host, and a page loads only what it uses.

It also has to work when its files are opened from a folder, where a browser refuses to fetch fonts and other pages.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from . import fonts, icons, styles
from .directives import meanings

SCRIPTS = Path(__file__).with_name("scripts")
UNWANTED = ("thebe", "THEBE", "unpkg.com", "cdn.")
NEEDED_BY = {  # script -> what a page that needs it holds
    "design-tabs": 'class="sd-tab-set',
    "clipboard": 'class="highlight',
    "copybutton": 'class="highlight',
    "toggle": "dropdown",
    "Toggle": "dropdown",
    "move/stage": 'class="move"',
    "checker/": 'id="checker"',
    "mathematics": "<math",
    "ledger_index": 'id="ledger-find"|id="search-results"',
    "book/search": 'id="search-results"',
    "book/ledger": "ledger-f",
}
STYLES = {"sphinx-thebe": None, "togglebutton": "dropdown", "copybutton": 'class="highlight', "mystnb": "cell_"}
FONTS = re.compile(r'\s*<link rel="preload" as="font"[^>]*>|\s*<link [^>]*fontawesome[^>]*all\.min\.css[^>]*/?>')
ICON_SCRIPT = re.compile(r'\s*<script [^>]*fontawesome[^>]*></script>|\s*<link rel="preload" as="script"[^>]*>')
REPEATED = re.compile(r'\s*<meta name="viewport" content="width=device-width, ?initial-scale=1"\s*/>')
NO_SCRIPT = '<noscript><link rel="stylesheet" href="{root}_static/mathematics.css" /></noscript>\n</head>'
MENDED = (  # what the theme tells those who listen to a page
    ('role="doc-biblioentry"', 'role="listitem"'),
    ('title="Search" aria-label="Search" data-bs', 'title="Search" data-bs'),
    ('title="Download source file"', 'title="Download what this page is made from"'),
    ('<span class="btn__text-container">.ipynb</span>', '<span class="btn__text-container">this notebook</span>'),
    ('<span class="btn__text-container">.pdf</span>', '<span class="btn__text-container">print</span>'),
    ('<summary><span class="toctree-toggle"', '<summary aria-label="unfold"><span class="toctree-toggle"'),
)
THEME = re.compile(r'<script data-cfasync="false">.*?</script>', re.DOTALL)
THEME_AT_ONCE = """<script>{
  const mode = localStorage.getItem("mode") || "auto";
  const dark = mode === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : mode === "dark";
  Object.assign(document.documentElement.dataset, { mode, theme: dark ? "dark" : "light" });
}</script>"""  # the theme's own says "auto", and styles the whole page anew once it is read
SPY = re.compile(r' data-bs-(?:spy|target|root-margin)="[^"]*"| data-offset="180"')  # `book.js` follows the headings
MEASURING = (
    '"complete"===document.readyState?T():window.addEventListener("load",T)'  # of every block of code: so it does
)


def wanted(script: object, body: str) -> bool:
    """Whether a page with this body should keep this script or style sheet."""
    text = f"{getattr(script, 'filename', script) or ''} {getattr(script, 'attributes', {}).get('body', '')}"
    if any(sign in text for sign in UNWANTED):
        return False
    table = STYLES if ".css" in text else NEEDED_BY
    needs = [need for name, need in table.items() if name in text]
    return all(need is not None and any(sign in body for sign in need.split("|")) for need in needs)


def choose_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, object], doctree: nodes.document | None
) -> None:
    body = 'id="search-results"' if templatename == "search.html" else str(context.get("body", ""))
    for kind in ("script_files", "css_files"):
        files = cast(list[object], context.get(kind, []))
        context[kind] = [f for f in files if wanted(f, body)]


def finish(app: Sphinx, error: Exception | None) -> None:
    """Draw the icons, write the font, and take out what only a server could give."""
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    drawings = icons.Icons(out)
    pages = {
        page: page.read_text(encoding="utf-8")
        for page in sorted(out.glob("**/*.html"))
        if page.parent.name != "_static"
    }
    for page, text in pages.items():
        text = REPEATED.sub("", FONTS.sub("", ICON_SCRIPT.sub("", text)))
        text = THEME.sub(THEME_AT_ONCE, text, count=1)
        text = re.sub(r"<body [^>]*>", lambda m: SPY.sub("", m.group()), text, count=1)
        for said, better in MENDED:
            text = text.replace(said, better)
        if "popovertarget=" in text:
            text = text.replace("</article>", meanings() + "</article>", 1)
        if "<math" in text:
            text = text.replace("</head>", NO_SCRIPT.format(root="../" * (len(page.relative_to(out).parts) - 1)), 1)
        pages[page] = drawings.drawn(text)
        page.write_text(pages[page], encoding="utf-8")
    static = out / "_static"
    fonts.write(static, pages.values())
    shutil.copytree(SCRIPTS, static / "book", dirs_exist_ok=True)
    shutil.rmtree(static / "vendor")
    styles.prune(static, pages.values())
    for left in [*static.glob("**/*.map"), *static.glob("*macros.html")]:
        left.unlink()
    theme = static / "scripts" / "pydata-sphinx-theme.js"
    theme.write_text(theme.read_text(encoding="utf-8").replace(MEASURING, "0"), encoding="utf-8")
    options = static / "documentation_options.js"
    text = options.read_text(encoding="utf-8")
    options.write_text(
        re.sub(r"(SHOW_SEARCH_SUMMARY: )true", r'\1location.protocol !== "file:"', text), encoding="utf-8"
    )


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_js_file("mathematics.js", priority=100)
    app.add_js_file("book/book.js", loading_method="defer")
    app.add_js_file("book/preview.js", loading_method="defer")
    app.add_js_file("ledger_index.js", loading_method="defer")
    app.add_js_file("book/ledger.js", loading_method="defer")
    app.add_js_file("book/search.js", loading_method="defer")  # after the index that it reads
    app.connect("html-page-context", choose_scripts, priority=900)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
