"""A chapter in JupyterLab as its reader meets it: opened, read to its end, run from top to bottom, in Chromium.

The shortest in `make test`; all, a quarter of an hour, in `make test-all` (LOSSUTILS_ALL_PAGES=1).
"""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request

import pytest

from lossutils.book.page import CLAIM, FIGURE
from tools.browser import CHROMIUM, WIDE, browser
from tools.lab.__main__ import command, prepare
from tools.lab.names import ROOT, chapters, names
from tools.run_tests import environment

PAGES = [page for page, chapter in chapters() if chapter]
ALL, SHORTEST = bool(os.environ.get("LOSSUTILS_ALL_PAGES")), "chapters/errata"
TODAY = PAGES if ALL else [SHORTEST]
RAW = r"\{(?:eq|doc|numref|ref|prf:ref|cite:[pt])\}|:label:|```|\$\$|:::"
READ = """async (raw) => {
    const notebook = jupyterapp.shell.currentWidget.content;
    const seen = { claims: new Set(), figures: new Set(), lost: new Set(), raw: new Set() };
    for (let at = 0; at < notebook.widgets.length; at += 4) {
        await notebook.scrollToItem(at, "start");
        for (let k = 0; k < 40; k++) {
            await new Promise((done) => setTimeout(done, 50));
            if (k > 2 && !notebook.node.querySelector(".text-yellow-600")) break;
        }
        notebook.node
            .querySelectorAll(".lossutils-claim:has(mjx-container) .lossutils-number")
            .forEach((e) => seen.claims.add(e.textContent));
        notebook.node.querySelectorAll(".lossutils-drawing").forEach((e) => e.naturalWidth && seen.figures.add(e.alt));
        notebook.node.querySelectorAll(".text-yellow-600").forEach((e) => seen.lost.add(e.textContent));
        for (const text of notebook.node.querySelectorAll(".jp-MarkdownCell .myst")) {
            const copy = text.cloneNode(true);
            copy.querySelectorAll("code, pre, .katex").forEach((e) => e.remove());
            (copy.textContent.match(new RegExp(raw, "g")) ?? []).forEach((found) => seen.raw.add(found));
        }
    }
    return Object.fromEntries(Object.entries(seen).map(([name, found]) => [name, [...found]]));
}"""
CODE = "jupyterapp.shell.currentWidget.content.widgets.filter((c) => c.model.type === 'code')"
FOLDED = f"{CODE}.filter((c) => c.inputHidden).length"
ERRORS = (
    f"{CODE}.flatMap((c) => c.model.outputs.toJSON()).filter((o) => o.output_type === 'error').map((o) => o.evalue)"
)
COUNTS = f"{CODE}.map((c) => c.model.executionCount)"
STATES = f"""{CODE}.flatMap((c) => c.model.outputs.toJSON()).map((o) => o.data?.["{CLAIM}"]).filter(Boolean)
    .map((c) => [c.label, c.status])"""
DIRTY = "jupyterapp.shell.currentWidget.context.model.dirty"
POPUPS = ".jp-Dialog, .jp-toast-message, .Toastify__toast"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed; .ci/run installs it")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on a copy of the notebooks, so that none is saved over."""
    root = tmp_path_factory.mktemp("book")
    for name in ("chapters", "appendix", "benchmarks"):
        shutil.copytree(ROOT / name, root / name)
    prepare()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", f"--port={port}", "--IdentityProvider.token=", "--allow-root"]
    started = command(PAGES[0], [*options, "--LabApp.expose_app_in_browser=True"], root)
    server = subprocess.Popen(
        started, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(), cwd=root
    )
    own = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{own}/api")
                break
            except OSError:
                time.sleep(0.2)
        yield own
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def tab(lab):
    with browser() as chromium:
        page = chromium.new_context(viewport=WIDE).new_page()
        page.foreign = []
        page.on("request", lambda r: None if r.url.startswith((lab, "data:", "blob:")) else page.foreign.append(r.url))
        yield page


def stored(page, kind):
    cells = json.loads((ROOT / f"{page}.ipynb").read_text(encoding="utf-8"))["cells"]
    outputs = [o.get("data", {}) for c in cells for o in c.get("outputs", [])]
    return [data[kind] for data in outputs if kind in data]


@pytest.mark.parametrize("page", TODAY)
def test_a_chapter_opens_reads_and_runs(lab, tab, page):
    tab.goto(f"{lab}/lab/tree/{page}.ipynb?reset")
    tab.wait_for_selector(".lossutils-claim mjx-container", timeout=120_000)
    tab.wait_for_function(
        "jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'", timeout=120_000
    )
    tab.wait_for_timeout(4_000)  # a pop-up, or the kernel's name in the notebook, comes late
    assert tab.locator(POPUPS).all_inner_texts() == []
    assert not tab.evaluate(DIRTY), "an unsaved mark on opening"
    exercises = {
        c["label"]: c["shown"] for c in ({**v, "label": k} for k, v in names()["claims"].items()) if c["page"] == page
    }
    read = tab.evaluate(READ, RAW)
    assert read["lost"] == [] and read["raw"] == []
    hidden = set(exercises.values()) - set(read["claims"])
    assert len(hidden) < len(exercises) / 3 and set(read["claims"]) <= set(exercises.values())  # solutions are folded
    assert tab.evaluate(FOLDED) >= len(exercises)
    assert set(read["figures"]) == {figure["alt"] for figure in stored(page, FIGURE)}
    tab.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    tab.wait_for_function(f"{COUNTS}.every((n) => n)", timeout=600_000)
    assert tab.evaluate(ERRORS) == []
    assert tab.evaluate(STATES) == [[c["label"], c["status"]] for c in stored(page, CLAIM)]
    read = tab.evaluate(READ, RAW)
    assert read["lost"] == [] and len(read["claims"]) == len(exercises) - len(hidden)
    assert tab.foreign == []
