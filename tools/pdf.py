"""One book of all the site's pages, by Chromium: python -m tools.pdf [OUT], or `make pdf`.

The pages' articles become one document, their links lead within it, folded solutions are open, and all tabs are there.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import yaml

from .browser import Page, browser, served
from .build import ROOT, SITE

OUT = ROOT / "_build" / "book.pdf"
LEFT_OUT = ("appendix/check",)  # a page to do something on, with nothing to read on paper
FOOT = '<div style="width:100%;font-size:8px;text-align:center;color:#555"><span class="pageNumber"></span></div>'
STYLE = """
@page { size: A4; margin: 18mm 16mm 20mm; }
body { font-size: 10.5pt; background: white; }
article { break-before: page; max-width: none; }
.sd-tab-set, .sd-tab-content, .cell { break-inside: auto; box-shadow: none; }
.cover { text-align: center; padding-top: 30vh; break-after: page; }
.book-pages li { list-style: none; margin: 0.25rem 0; }
.book-pages ol { padding-left: 1.4rem; }
"""


def order() -> list[str]:
    """The pages in the order of the book."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    found = [toc["root"]]
    for part in toc["parts"]:
        for chapter in part["chapters"]:
            found += [chapter["file"], *(section["file"] for section in chapter.get("sections", []))]
    return [page for page in found if page not in LEFT_OUT]


def name(page: str) -> str:
    """What an address of the page begins with in the one document."""
    return page.replace("/", "-")


def article(page: str) -> str:
    """A page's text, its names made unique and its links led to them."""
    html = (SITE / f"{page}.html").read_text(encoding="utf-8")
    found = re.search(r"<article[^>]*>(.*?)</article>", html, re.DOTALL)
    assert found is not None, page
    text = re.sub(r"<script.*?</script>", "", found.group(1), flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', lambda m: f'id="{name(page)}--{m[1]}"', text)
    text = re.sub(r'\bhref="([^"]*)"', lambda m: f'href="{_target(page, m[1])}"', text)
    text = re.sub(r'((?:src|srcset)=")((?:\.\./)+)', r"\1", text)
    text = text.replace("<details", "<details open").replace('loading="lazy" ', "")
    return f'<article class="bd-article" id="{name(page)}">{text}</article>'


def _target(page: str, link: str) -> str:
    """Where a link of the site leads in the document."""
    if re.match(r"\w+:", link):
        return link
    path, _, anchor = link.partition("#")
    folder = Path(page).parent
    other = page if not path else str((SITE / folder / path).resolve().relative_to(SITE)).removesuffix(".html")
    return f"#{name(other)}--{anchor}" if anchor else f"#{name(other)}"


def document() -> str:
    """The whole book as one page."""
    pages = order()
    site = (SITE / "intro.html").read_text(encoding="utf-8")
    styles = "".join(re.findall(r'<link [^>]*rel="stylesheet"[^>]*>|<link href="[^"]*" rel="stylesheet" />', site))
    titles = {
        p: re.search(r"<article.*?<h1>(.*?)<a", (SITE / f"{p}.html").read_text(encoding="utf-8"), re.DOTALL)
        for p in pages
    }
    lines = "".join(f'<li><a href="#{name(p)}">{m.group(1)}</a></li>' for p, m in titles.items() if m)
    cover = '<div class="cover"><h1>Loss Functions, Derived and Verified</h1><p>The lossutils authors</p></div>'
    contents = f'<nav class="book-pages"><h2>Contents</h2><ol>{lines}</ol></nav>'
    return (
        '<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        f"<title>Loss Functions, Derived and Verified</title>{styles}<style>{STYLE}</style>"
        '<script src="_static/mathematics.js"></script></head>'
        f"<body>{cover}{contents}{''.join(article(p) for p in pages)}</body></html>"
    )


def main(out: Path) -> None:
    whole = SITE / "whole.html"
    whole.write_text(document(), encoding="utf-8")
    try:
        with served(SITE) as own, browser() as chromium:
            page = Page(chromium.new_page(), own)
            opened = page.open("whole.html")
            opened.pdf(
                path=out, prefer_css_page_size=True, display_header_footer=True, header_template="<span></span>",
                footer_template=FOOT, outline=True, tagged=True, print_background=True,
            )  # fmt: skip
            for trouble in page.troubles:
                print(trouble)
    finally:
        whole.unlink()
    print(f"{out}, {out.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else OUT)
