"""Pictures of the built site's pages, light and dark, wide and phone: python -m tools.screenshots OUT [PAGE ...]"""

from __future__ import annotations

import sys
from pathlib import Path

from .browser import PHONE, WIDE, Page, browser, served
from .build import SITE


def main(out: Path, pages: list[str]) -> None:
    pages = pages or [str(p.relative_to(SITE)) for p in sorted(SITE.glob("**/*.html")) if "_static" not in p.parts]
    out.mkdir(parents=True, exist_ok=True)
    with served(SITE) as own, browser() as chromium:
        for theme in ("light", "dark"):
            for size, viewport in (("wide", WIDE), ("phone", PHONE)):
                context = chromium.new_context(viewport=viewport, color_scheme=theme)
                context.add_init_script(f"localStorage.mode = localStorage.theme = '{theme}'")
                page = Page(context.new_page(), own)
                for name in pages:
                    page.open(name).screenshot(
                        path=out / f"{Path(name).stem}-{theme}-{size}.png", full_page=True, animations="disabled"
                    )
                for trouble in page.troubles:
                    print(trouble)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
