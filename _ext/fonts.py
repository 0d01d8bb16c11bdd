"""The font of the mathematics: STIX Two Math, cut down to the signs that the book uses, and carried by a script.

A script and no file of its own, because a browser that opens the site from a folder does not fetch fonts.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable
from html import unescape
from importlib.metadata import version
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from tools.node import PACKAGES

from .quick import Kept

PACKAGE = PACKAGES / "@fontsource" / "stix-two-math"
SOURCE = PACKAGE / "files" / "stix-two-math-latin-400-normal.woff2"
# a browser shows a letter alone in italics, which are characters of their own
ITALICS = {*range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C), 0x210E}
RADICAL = 0x221A  # drawn for a root, in whose formula it does not stand
ALWAYS = {*range(0x20, 0x7F), *ITALICS, RADICAL}


def used(pages: Iterable[str]) -> set[int]:
    """The characters of the pages' formulas."""
    formulas = "".join(m for page in pages for m in re.findall(r"<math[ >].*?</math>", page, re.DOTALL))
    return {ord(c) for c in unescape(re.sub(r"<[^>]*>", "", formulas)) if c.isprintable()} | ALWAYS


def small_font(characters: set[int]) -> bytes:
    """The font with these characters, and what their growing brackets and sums are made of."""
    font = TTFont(SOURCE, recalcTimestamp=False)
    options = subset.Options(layout_features=["*"], hinting=False, desubroutinize=True, notdef_outline=True)
    options.recalc_timestamp = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


# A font made from bytes is there at once: one that a style sheet carries comes after the first paint, and moves it.
SCRIPT = """{{
  const data = "{data}";
  const bytes = Uint8Array.fromBase64?.(data) ?? Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  document.fonts.add(new FontFace("Book Math", bytes));
}}
"""


def write(folder: Path, pages: Iterable[str]) -> None:
    """The font as a script, as a style sheet for browsers without scripts, and its licence beside them."""
    characters = used(pages)
    source = SOURCE.read_bytes().hex() + Path(__file__).read_text(encoding="utf-8")
    kept = Kept("font", f"{source} {version('fonttools')} {version('brotli')}")
    data = kept.get(str(sorted(characters)), lambda: base64.b64encode(small_font(characters)).decode())
    rule = f"@font-face{{font-family:'Book Math';src:url(data:font/woff2;base64,{data}) format('woff2')}}\n"
    (folder / "mathematics.css").write_text(rule, encoding="utf-8")
    (folder / "mathematics.js").write_text(SCRIPT.format(data=data), encoding="utf-8")
    (folder / "STIX-LICENSE.txt").write_bytes((PACKAGE / "LICENSE").read_bytes())
