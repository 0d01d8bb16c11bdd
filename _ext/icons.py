"""Icons as drawings in the page: the theme would load a script of 1.5 MB for a dozen of them."""

from __future__ import annotations

import functools
import re
from pathlib import Path

FOLDER = "_static/vendor/fontawesome"
ICON = re.compile(r'<i class="([^"]*?)\bfa[srb]?(?:-solid)? fa-([a-z-]+)([^"]*)"([^>]*)></i>')
SIZED = {"expand": "0.9em"}


class Icons:
    """Icons by name, from the script that the theme brings."""

    def __init__(self, out: Path) -> None:
        self.source = next((out / FOLDER).glob("*/js/all.min.js")).read_text(encoding="utf-8")

    @functools.cache  # noqa: B019 - it lives as long as one build
    def drawing(self, name: str) -> tuple[str, str, str]:
        """Width, height and path; the solid set is the script's last."""
        found = re.findall(rf'[{{,]"?{name}"?:\[(\d+),(\d+),\[[^\]]*\],"[0-9a-f]+","(M[^"]+)"\]', self.source)
        if not found:
            raise ValueError(f"no icon is called {name}")
        width, height, path = found[-1]
        return width, height, path

    def drawn(self, html: str) -> str:
        """The page with drawings for its icons."""
        return ICON.sub(self._svg, html)

    def _svg(self, match: re.Match[str]) -> str:
        before, name, after, attributes = match.groups()
        width, height, path = self.drawing(name)
        return (
            f'<svg class="{before}icon{after}"{attributes} aria-hidden="true" focusable="false" '
            f'viewBox="0 0 {width} {height}"><path fill="currentColor" d="{path}"/></svg>'
        )
