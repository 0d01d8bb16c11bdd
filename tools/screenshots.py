"""Pictures of the built site's pages, light and dark, wide and phone: python tools/screenshots.py OUT [PAGE ...]"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "site"))

from browser import PHONE, WIDE, Page, browser, served  # noqa: E402


def main(out: Path, pages: list[str]) -> None:
    site = ROOT / "_build" / "html"
    pages = pages or [str(p.relative_to(site)) for p in sorted(site.glob("**/*.html")) if "_static" not in p.parts]
    out.mkdir(parents=True, exist_ok=True)
    with served(site) as own, browser() as chromium:
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
