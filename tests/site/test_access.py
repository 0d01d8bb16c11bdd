"""For every reader: axe-core's rules of WCAG 2.2 AA, nothing cut without a sign, at three widths and in both themes.

Three pages a day, others tomorrow; LOSSUTILS_ALL_PAGES=1 takes all, some minutes.
"""

import os
from datetime import date

import pytest

from tools.browser import CHROMIUM, FLAGS, Page
from tools.build import SITE
from tools.node import PACKAGES
from tools.weight import pages

ALL = pages() if SITE.exists() else []
DAY = date.today().timetuple().tm_yday
PAGES = (
    ALL if os.environ.get("LOSSUTILS_ALL_PAGES") else [ALL[(3 * DAY + k) % len(ALL)] for k in range(min(3, len(ALL)))]
)
WIDTHS = (1400, 390, 320)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = f"() => axe.run(document, {{ runOnly: {RULES}, resultTypes: ['violations'] }})"
FRAMES = "const frames = async (n) => { while (n--) await new Promise(requestAnimationFrame); };"
SCROLL = f"""async () => {{
    {FRAMES}
    const root = document.documentElement;
    for (;;) {{  // by what is seen, as a reader does: heights change while the page is laid out
        await frames(4);  // laid out, seen, measured, marked
        if (root.scrollTop + root.clientHeight >= root.scrollHeight - 1) break;
        window.scrollBy({{ top: root.clientHeight - 100, behavior: "instant" }});
    }}
    window.scrollTo({{ top: 0, behavior: "instant" }});  // under the bar at the top anything may happen to lie
    await frames(10);
}}"""
# A formula goes on beyond the edge of what shows it: the window, or what cuts off its overflow.
CUT = """() => [...document.querySelectorAll(".formula, .ledger-formula, math")]
    .filter((e) => !e.closest(".scrolls") && e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1)
    .filter((e) => {
        let shown = e;
        while (shown.parentElement && getComputedStyle(shown).overflowX === "visible") shown = shown.parentElement;
        return e.getBoundingClientRect().left + e.scrollWidth > shown.getBoundingClientRect().right + 1;
    })
    .map((e) => e.textContent.slice(0, 60))"""
BEYOND = """() => [...document.querySelectorAll("article *")]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility())
    .filter((e) => !e.parentElement.closest(".scrolls, table, pre, .means, svg, .move-plane"))
    .map((e) => e.textContent.slice(0, 60))"""
BARS = """() => [...document.querySelectorAll("article *")]
    .filter((e) => getComputedStyle(e).overflowX === "auto" && e.offsetHeight - e.clientHeight > 12)
    .filter((e) => !e.matches(".scrolls") && e.scrollWidth <= e.clientWidth)
    .map((e) => e.outerHTML.slice(0, 80))"""

pytestmark = [
    pytest.mark.skipif(not SITE.exists(), reason="the site is not built: make book"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed; .ci/run installs it"),
]


@pytest.fixture(scope="module")
def with_bars():
    """Chromium as on a machine whose scrollbars take room."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        found = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS, ignore_default_args=["--hide-scrollbars"])
        yield found
        found.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_every_reader(with_bars, address, name):
    axe = (PACKAGES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    for theme, width in [("light", w) for w in WIDTHS] + [("dark", WIDTHS[0])]:
        context = with_bars.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        opened = Page(context.new_page(), address).open(name)
        opened.evaluate(SCROLL)
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, f"wider than {width}"
        assert opened.evaluate(CUT) == [], f"cut without a sign at {width}"
        assert opened.evaluate(BEYOND) == [], f"beyond the edge at {width}"
        assert opened.evaluate(BARS) == [], "a scrollbar where nothing scrolls"
        opened.evaluate(axe)
        found = opened.evaluate(RUN)["violations"]
        said = [(v["id"], [n["target"] for n in v["nodes"]][:4]) for v in found]
        assert said == [], f"{theme}, {width}"
        context.close()
