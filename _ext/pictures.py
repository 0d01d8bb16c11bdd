"""The figures' drawings as files of the site: fetched when they come near, in the theme's inks, wide or for a phone."""

from __future__ import annotations

import hashlib
import re
from html import escape
from pathlib import Path
from typing import NamedTuple

from lossutils.book.page import THEMES

FOLDER = "_images"
PHONE = "(max-width: 600px)"


class Drawing(NamedTuple):
    """A file and the size it asks for."""

    name: str
    width: int
    height: int


def picture(out: Path, root: str, svg: str, narrow: str, alt: str) -> str:
    """HTML that shows the drawing of the theme and of the screen's width; `root` leads from the page to `out`."""
    return "".join(_themed(out, root, svg, narrow, alt, theme) for theme in THEMES)


def _themed(out: Path, root: str, svg: str, narrow: str, alt: str, theme: str) -> str:
    wide = _written(out, svg, theme)
    sources = ""
    if narrow:
        small = _written(out, narrow, theme)
        size = f'width="{small.width}" height="{small.height}"'
        sources = f'<source media="{PHONE}" srcset="{root}{FOLDER}/{small.name}" {size}>'
    return (
        f'<picture class="only-{theme}">{sources}<img class="book-figure only-{theme}" loading="lazy" '
        f'src="{root}{FOLDER}/{wide.name}" width="{wide.width}" height="{wide.height}" alt="{escape(alt)}"></picture>'
    )


def _written(out: Path, svg: str, theme: str) -> Drawing:
    """The drawing in a theme's inks, named by what it holds."""
    for ink, themed in THEMES[theme].items():
        svg = svg.replace(ink, themed)
    svg = re.sub(r"<title>.*?</title>\s*", "", svg, count=1, flags=re.DOTALL)
    name = f"{hashlib.sha256(svg.encode()).hexdigest()[:12]}-{theme}.svg"
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(svg, encoding="utf-8")
    size = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', svg)
    assert size is not None, svg[:200]
    width, height = (round(float(s) * 4 / 3) for s in size.groups())
    return Drawing(name, width, height)
