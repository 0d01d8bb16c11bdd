"""The checker in the page: the same verdicts as natively, in Chromium."""

import json

import pytest

from lossutils.verify.ledger import Session, listed
from tools.browser import CHROMIUM, Page
from tools.build import SITE

MANIFEST = SITE / "_static" / "checker" / "manifest.json"
COUNT = 20

pytestmark = [
    pytest.mark.skipif(not MANIFEST.exists(), reason="the site was built without the checker's packages"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed; .ci/run installs it"),
]


def chosen():
    """Every so many claims of the book, each with the definitions that its letters name."""
    claims = json.loads((SITE / "ledger.json").read_text(encoding="utf-8"))["claims"]
    by_label = {c["label"]: c for c in claims}
    plain = [c for c in claims if c["kind"] == "claim" and len(c["latex"]) < 120 and not c["conventions"]]
    for claim in plain[:: len(plain) // COUNT][:COUNT]:
        yield claim, definitions(claim, by_label, [])


def definitions(claim, by_label, found):
    for said in claim["given"].values():
        if said.startswith("eq-") and by_label[said] not in found:
            definitions(by_label[said], by_label, found)
            found.append(by_label[said])
    return found


def natively(claim, needed):
    session = Session()
    for d in needed:
        session.define(d["label"], d["latex"], d["given"], listed(d["where"]))
    return session.check(claim["latex"], claim["given"], claim["where"], claim["conventions"])


def test_twenty_claims_get_the_verdicts_that_they_get_natively(chromium, address):
    context = chromium.new_context()
    page = Page(context.new_page(), address)
    opened = page.open("appendix/check.html")
    opened.locator("#checker-start").click()
    opened.wait_for_function(
        "document.getElementById('checker-status').textContent.startsWith('Checked')", timeout=300_000
    )
    compared = 0
    for claim, needed in chosen():
        opened.evaluate("document.getElementById('checker-status').textContent = ''")
        opened.evaluate("label => { location.hash = label; }", claim["label"])
        opened.wait_for_function(
            "document.getElementById('checker-status').textContent.startsWith('Checked')", timeout=120_000
        )
        verdict = natively(claim, needed)
        assert opened.locator("#checker-result").get_attribute("data-status") == verdict.status, claim["label"]
        assert opened.locator("#checker-result p").first.inner_text().replace("\u00a0", " ") == verdict.line(), claim[
            "label"
        ]
        compared += 1
    assert compared == COUNT and page.troubles == []
    opened.locator("#checker-latex").fill(r"1-\\sigma(f) = \\sigma(1-f)".replace("\\\\", "\\"))
    opened.locator("#checker-letters").fill("f = real")
    opened.locator("#checker-check").click()
    opened.wait_for_selector("#checker-result[data-status=refuted]")
    assert opened.locator(".checker-plot svg").count() == 1
    context.close()


def test_from_a_folder_the_page_says_what_to_do(chromium):
    context = chromium.new_context()
    opened = Page(context.new_page(), SITE.as_uri()).open("appendix/check.html")
    assert "make serve" in opened.locator("#checker-status").inner_text()
    assert opened.locator("#checker-start").is_disabled()
    context.close()
