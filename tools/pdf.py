"""One book of all the site's pages, by Chromium: python -m tools.pdf [OUT], or `make pdf`.

The pages' articles become one document, their links lead within it, folded solutions are open, and all tabs are there.
It is printed twice: the first time tells on which pages the contents are.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import yaml
from playwright.sync_api import Browser
from pypdf import PdfReader

from .browser import Page, browser, served
from .build import ROOT, SITE
from .edition import edition

WHOLE = "whole.html"  # while it is printed
OUT = ROOT / "_build" / "book.pdf"
LEFT_OUT = ("appendix/check", "appendix/ledger/")  # a page to do something on; and every equation once more
FOOT = '<div style="width:100%;font-size:8px;text-align:center;color:#555"><span class="pageNumber"></span></div>'
STYLE = """
@page { size: A4; margin: 18mm 16mm 20mm; }
body { font-size: 10.5pt; background: white; }
article { break-before: page; max-width: none; }
.sd-tab-set, .sd-tab-content, .cell { break-inside: auto; box-shadow: none; }
.cover { text-align: center; padding-top: 30vh; break-after: page; }
.cover .of { font-size: 12pt; color: #444; }
.book-pages { break-after: page; }
.book-pages h2 { margin: 0 0 1rem; }
.book-pages a { display: flex; gap: 0.6em; color: inherit !important; text-decoration: none; }
.book-pages a::before { content: ""; order: 1; flex: 1; border-bottom: 1px dotted #999; transform: translateY(-0.3em); }
.book-pages a b { order: 2; font-variant-numeric: tabular-nums; }
.book-pages .page { font-weight: 600; margin-top: 0.55rem; }
.book-pages .section { font-size: 9.5pt; padding-left: 1.4rem; }
.book-pages p { margin: 0.08rem 0; break-inside: avoid; }
.book-pages .page:has(+ .section) { break-after: avoid; }
h1 { font-size: 22pt; }
h2 { font-size: 15pt; }
h3 { font-size: 12.5pt; }
img.book-figure { max-width: 15cm; }
.showcase { grid-template-columns: 1fr 1fr; }
"""


def order() -> list[str]:
    """The pages in the order of the book."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    found = [toc["root"]]
    for part in toc["parts"]:
        for chapter in part["chapters"]:
            found += [chapter["file"], *(section["file"] for section in chapter.get("sections", []))]
    return [page for page in found if not page.startswith(LEFT_OUT)]


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
    text = re.sub(r'\bhref="([^"]*)"', lambda m: _target(page, m[1]), text)
    text = re.sub(r'((?:src|srcset)=")((?:\.\./)+)', r"\1", text)
    text = text.replace("<details", "<details open").replace('loading="lazy" ', "")
    return f'<article class="bd-article" id="{name(page)}">{text}</article>'


def _target(page: str, link: str) -> str:
    """Where a link of the site leads in the document; nothing for what is not in it."""
    if re.match(r"\w+:", link):
        return f'href="{link}"'
    path, _, anchor = link.partition("#")
    folder = Path(page).parent
    other = page if not path else str((SITE / folder / path).resolve().relative_to(SITE)).removesuffix(".html")
    other = other.partition("?")[0].removesuffix(".html")
    if other.startswith(LEFT_OUT):
        return ""
    return f'href="#{name(other)}--{anchor}"' if anchor else f'href="#{name(other)}"'


HEADING = re.compile(r'<section id="([^"]+)">\s*<h2>(.*?)<a class="headerlink"', re.DOTALL)


def contents(pages: list[str], numbers: dict[str, int]) -> str:
    """Every page and its sections, each with the number of the sheet where it begins."""
    lines = []
    for page in pages:
        html = (SITE / f"{page}.html").read_text(encoding="utf-8")
        title = re.search(r"<article.*?<h1>(.*?)<a", html, re.DOTALL)
        assert title is not None, page
        lines.append(_line("page", title[1], name(page), numbers))
        if page.startswith("chapters/"):
            lines += [
                _line("section", text, f"{name(page)}--{anchor}", numbers) for anchor, text in HEADING.findall(html)
            ]
    return f'<nav class="book-pages"><h2>Contents</h2>{"".join(lines)}</nav>'


def _line(kind: str, text: str, anchor: str, numbers: dict[str, int]) -> str:
    return f'<p class="{kind}"><a href="#{anchor}">{text}<b>{numbers.get(anchor, 0)}</b></a></p>'


def document(numbers: dict[str, int]) -> str:
    """The whole book as one page."""
    pages, said = order(), edition()
    site = (SITE / "intro.html").read_text(encoding="utf-8")
    styles = "".join(re.findall(r'<link [^>]*rel="stylesheet"[^>]*>|<link href="[^"]*" rel="stylesheet" />', site))
    cover = (
        f'<div class="cover"><h1>{said["title"]}</h1><p>{said["author"]}</p>'
        f'<p class="of">Edition {said["version"]}, {said["date"]}</p></div>'
    )
    return (
        '<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        f"<title>{said['title']}</title>{styles}<style>{STYLE}</style>"
        '<script src="_static/mathematics.js"></script></head>'
        f"<body>{cover}{contents(pages, numbers)}{''.join(article(p) for p in pages)}</body></html>"
    )


def printed(out: Path, own: str, chromium: Browser, numbers: dict[str, int]) -> None:
    """Print the document."""
    (SITE / WHOLE).write_text(document(numbers), encoding="utf-8")
    page = Page(chromium.new_page(), own)
    page.open(WHOLE).pdf(
        path=out, prefer_css_page_size=True, display_header_footer=True, header_template="<span></span>",
        footer_template=FOOT, outline=True, tagged=True, print_background=True,
    )  # fmt: skip
    for trouble in page.troubles:
        print(trouble)
    page.page.close()


def sheets(path: Path) -> dict[str, int]:
    """The sheet on which each place that a link leads to begins, counted from 1."""
    reader = PdfReader(path)
    found = {}
    for anchor, place in reader.named_destinations.items():
        number = reader.get_destination_page_number(place)
        if number is not None:
            found[anchor.removeprefix("/")] = number + 1
    return found


def main(out: Path) -> None:
    try:
        with served(SITE) as own, browser() as chromium:
            printed(out, own, chromium, {})
            numbers = sheets(out)
            printed(out, own, chromium, numbers)
            assert sheets(out) == numbers, "the contents moved what they count"
    finally:
        (SITE / WHOLE).unlink()
    print(f"{out}, {len(PdfReader(out).pages)} sheets, {out.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else OUT)
