"""The built site in headless Chromium, every other host refused: typeset, quiet, searchable; served, and as files."""

import json
import os
import re

import pytest

import lossutils as lu
from _ext.found import launched
from tools.browser import CHROMIUM, PHONE, WIDE, Page
from tools.build import SITE
from tools.lab.names import names
from tools.run_tests import all_notebooks

PAGES = sorted(
    str(p.relative_to(SITE)) for p in SITE.glob("**/*.html") if "_static" not in p.parts and p.name != "index.html"
)  # index.html leads on to intro.html
OFFLINE = ("intro.html", "chapters/cross_entropy.html", "appendix/ledger.html", "appendix/check.html")
PROSE = """() => {
    const body = document.body.cloneNode(true);
    body.querySelectorAll("pre, code, script, textarea, math").forEach(e => e.remove());
    return body.textContent;
}"""
EMPTY = ("404.html", "genindex.html", "search.html", "py-modindex.html")

pytestmark = pytest.mark.skipif(not SITE.exists(), reason="the site is not built: make book")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed; .ci/run installs it")


def test_the_site_has_its_pages():
    assert {"intro.html", "chapters/cross_entropy.html", "appendix/ledger.html"} <= set(PAGES)


@needs_chromium
@pytest.mark.parametrize(
    ("tab", "name"),
    [("served", p) for p in PAGES] + [("from a folder", p) for p in OFFLINE],
    indirect=["tab"],
    scope="module",
)
def test_a_page_is_typeset_and_has_no_troubles(page, name):
    opened = page.open(name)
    assert page.troubles == []
    assert opened.locator("merror, .temml-error").count() == 0
    text = opened.evaluate(PROSE)
    assert r"\(" not in text and r"\frac" not in text
    if name not in EMPTY:
        assert len(opened.locator("article").inner_text()) > 200
        opened.set_viewport_size(PHONE)
        assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"] + 1, "wider than a phone"


@needs_chromium
def test_equations_are_drawn_and_numbered(page):
    opened = page.open("chapters/cross_entropy.html")
    equations = opened.locator(".claim math[display=block]").count()
    assert equations == opened.locator(".claim .eqno").count() > 0
    assert re.search(r"\(\d\.1\)", opened.locator(".claim .eqno").first.inner_text())


@needs_chromium
def test_a_claim_links_to_the_ledger_and_back(page):
    opened = page.open("chapters/errata.html")
    opened.locator(".verdict .in-ledger a").first.click()
    opened.wait_for_url(re.compile("ledger/errata.html#ledger-eq-"))
    target = opened.url.split("#")[1]
    opened.locator(f"#{target} a.ledger-number").click()
    opened.wait_for_url(re.compile("errata.html#equation-eq-"))
    assert page.troubles == []


@needs_chromium
def test_the_code_of_a_claim_unfolds(page):
    opened = page.open("chapters/errata.html")
    code = opened.locator(".claim details.claim-code").first
    assert code.locator("pre").count() == 0
    code.locator("summary").click()
    code.locator("pre").wait_for()
    assert code.locator("pre").is_visible() and "(" in code.locator("pre").inner_text()


@needs_chromium
def test_search_finds_a_word(page):
    page.open("search.html?q=softmax")
    page.page.wait_for_selector("#search-results li a", timeout=10_000)
    found = page.page.locator("#search-results li a").all_inner_texts()
    assert any("Cross-entropy" in f for f in found)
    assert page.troubles == []


@needs_chromium
@pytest.mark.parametrize("asked", ["(1.1)", "1.1", "eq-r-residual"])
def test_search_finds_an_equation(page, asked):
    page.open(f"search.html?q={asked}")
    link = page.page.locator("#found-equations a").first
    assert "(1.1)" in link.inner_text() and "chapters/regression.html#equation-eq-" in link.get_attribute("href")


@needs_chromium
def test_search_ranks_the_chapter_first(page):
    page.open("search.html?q=huber")
    page.page.wait_for_selector("#search-results li a", timeout=10_000)
    assert "chapters/regression" in page.page.locator("#search-results li a").first.get_attribute("href")


@needs_chromium
def test_a_reference_shows_what_it_leads_to(page):
    opened = page.open("chapters/cross_entropy.html")
    link = opened.locator("article p > a.reference[href^='#equation-eq-']").first
    link.scroll_into_view_if_needed()
    link.hover()
    opened.wait_for_selector("#preview math", timeout=5_000)
    opened.keyboard.press("Escape")
    assert not opened.locator("#preview").is_visible()


@needs_chromium
def test_the_first_page_shows_an_equation_checked_refuted_and_moved(page):
    opened = page.open("intro.html")
    assert opened.locator(".showcase .verdict .status").all_inner_texts() == ["proved", "refuted"]
    assert opened.locator(".showcase svg").is_visible()
    assert opened.evaluate("window.JXG === undefined")
    opened.locator(".move-start").click()
    opened.locator(".showcase input[type=range]").wait_for()
    values = opened.locator(".showcase .move-plane")
    before = values.inner_text()
    opened.keyboard.press("ArrowLeft")
    assert values.inner_text() != before and "true one" in before
    assert page.troubles == []


def test_the_first_page_shows_before_it_lists():
    article = (SITE / "intro.html").read_text().partition("<article")[2]
    assert (
        0 < article.index('class="showcase"') < min(article.index("<ul"), article.index("<table"), article.index("<dl"))
    )


def test_a_notebook_can_be_downloaded_as_it_is():
    for path in all_notebooks():
        name = f"{path.parent.name}/{path.name}"
        assert (SITE / "_sources" / name).read_bytes() == path.read_bytes()
        page = (SITE / name).with_suffix(".html").read_text()
        assert f"_sources/{name}" in page and "this notebook" in page and "A notebook of" not in page


def test_notebooks_open_on_colab_and_binder_where_the_repository_is_known():
    said = launched("https://example.org/a/book")
    assert said["repository_url"] == "https://example.org/a/book"
    assert {"colab_url", "binderhub_url"} <= said["launch_buttons"].keys()
    assert launched("") == {}


@pytest.mark.parametrize(("page", "least"), [("cheat_sheet", 23), ("atlas", 40)])
def test_formulas_lead_to_their_equations(page, least):
    html = (SITE / "appendix" / f"{page}.html").read_text()
    found = re.findall(r'class="its-equations">(.*?)</span>', html)
    links = [link for each in found for link in re.findall(r'href="\.\./(chapters/\w+\.html)#(equation-[\w-]+)"', each)]
    assert len(found) >= least
    for path, label in set(links):
        assert f'id="{label}"' in (SITE / path).read_text()


def test_pages_say_what_they_are():
    for name in ("intro.html", "chapters/regression.html", "appendix/cheat_sheet.html"):
        html = (SITE / name).read_text()
        assert re.search(r'<meta name="description" content="[^"]{60,}"', html), name
        assert 'property="og:site_name" content="Loss Functions' in html
        assert 'property="og:title"' in html and "favicon.svg" in html
    assert (SITE / "404.html").exists()


@needs_chromium
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_figures_follow_the_theme(chromium, address, theme):
    context = chromium.new_context(viewport=WIDE, color_scheme=theme)
    opened = Page(context.new_page(), address).open("appendix/atlas.html")
    opened.wait_for_function("document.documentElement.dataset.theme")
    assert opened.evaluate("document.documentElement.dataset.theme") == theme
    opened.locator("img.book-figure:visible").first.scroll_into_view_if_needed()
    assert opened.locator("img.book-figure:visible").first.get_attribute("src").endswith(f"-{theme}.svg")
    context.close()


@needs_chromium
def test_the_front_page_is_where_the_site_opens(page):
    opened = page.page
    opened.goto(f"{page.own}/index.html", wait_until="commit")
    opened.wait_for_url(re.compile("intro.html"))
    assert "Derived and Verified" in opened.locator("article h1").inner_text()


@needs_chromium
def test_a_figure_has_a_layout_for_phones(page):
    opened = page.open("chapters/cross_entropy.html")
    figure = opened.locator("img.book-figure.only-light").first
    figure.scroll_into_view_if_needed()
    opened.wait_for_function("document.querySelector('img.book-figure.only-light').complete")
    wide = figure.evaluate("e => e.currentSrc")
    opened.set_viewport_size(PHONE)
    opened.wait_for_function("w => document.querySelector('img.book-figure.only-light').currentSrc != w", arg=wide)


def test_the_ledger_lists_every_numbered_equation():
    ledger = json.loads((SITE / "ledger.json").read_text())
    labels = {c["label"] for c in ledger["claims"]}
    for name in PAGES:
        html = (SITE / name).read_text()
        numbered = re.findall(r'id="equation-(eq-[a-z0-9-]+)"', html)
        assert set(numbered) <= labels
        assert html.count('class="eqno"') == len(numbered)
    assert all(c["number"] for c in ledger["claims"])


def test_no_claim_is_undecided_without_a_reason_or_survived_by_a_control():
    ledger = json.loads((SITE / "ledger.json").read_text())
    for c in ledger["claims"]:
        if c["kind"] == "claim":
            assert c["status"] != "unknown" or c["open"], c["label"]
            assert not c["controls"]["survivors"], c["label"]


def test_the_api_page_has_every_public_name():
    page = (SITE / "appendix" / "api.html").read_text()
    offered = {f"lossutils.{name}" for name in set(lu.__all__) - {"Loss"}}
    offered |= {"lossutils.torch.LossModule", "lossutils.torch.linear_cross_entropy"}
    offered |= {"lossutils.torch.sharded_cross_entropy"}
    offered |= {"lossutils.tensorflow.keras_loss", "lossutils.losses.base.Loss"}
    assert {name for name in offered if f'id="{name}"' not in page} == set()


def test_no_page_names_another_host():
    for path in SITE.glob("**/*.html"):
        found = re.findall(r'(?:src|href)="(https?:)?//[^"]*"[^>]*\.(?:js|css|woff2?)', path.read_text())
        assert not found, path


def test_nothing_may_be_skipped_where_everything_is_installed():
    if os.environ.get("NOTHING_SKIPPED"):
        assert CHROMIUM is not None


def test_numbers_in_jupyterlab_are_those_of_the_site():
    ledger = json.loads((SITE / "ledger.json").read_text(encoding="utf-8"))
    on_site = {c["label"]: f"({c['number']})" for c in ledger["claims"]}
    assert {label: claim["shown"] for label, claim in names()["claims"].items()} == on_site
