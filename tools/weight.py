"""What a page costs its reader: python -m tools.weight [PAGE ...], or `make weight` for all of them.

Headless Chromium with the processor slowed four times. Times are processor time of the page's main thread, read from
the browser's own trace. A machine that is busy with other things can only add to them, by emptying the processor's
caches: a page that misses a bound is weighed up to twice more, and its lightest weight counts.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tempfile
from dataclasses import dataclass
from html import escape
from pathlib import Path

from playwright.sync_api import Browser

from .browser import PHONE, Page, browser, served
from .build import SITE

SLOWED = 4
TRIALS = 3
CATEGORIES = ["loading", "disabled-by-default-devtools.timeline", "toplevel"]
READY, TASK, PAINT, SHIFT, BYTES = 2.0, 0.3, 1.0, 0.05, 500_000  # the bounds: seconds, seconds, seconds, score, bytes
FONT = "mathematics.js"  # of the formulas, not counted
SHIFTS = """() => new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((e) => (sum += e.hadRecentInput ? 0 : e.value)))
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 300);
})"""


@dataclass(frozen=True)
class Weight:
    """A page's costs: processor seconds until it is quiet, of its longest task, and until the first paint."""

    ready: float
    task: float
    paint: float
    shift: float
    size: int

    def faults(self) -> list[str]:
        """Which bounds are missed."""
        pairs = [
            ("ready", self.ready, READY),
            ("task", self.task, TASK),
            ("paint", self.paint, PAINT),
            ("shift", self.shift, SHIFT),
            ("bytes", self.size, BYTES),
        ]
        return [name for name, value, bound in pairs if value > bound]


def weigh(chromium: Browser, own: str, path: str) -> Weight:
    """Open a page on a phone and read what it cost."""
    context = chromium.new_context(viewport=PHONE)
    page = Page(context.new_page(), own)
    sizes: list[int] = []
    page.page.on("response", lambda r: sizes.append(0 if FONT in r.url else len(gzip.compress(r.body()))))
    context.new_cdp_session(page.page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    chromium.start_tracing(page=page.page, categories=CATEGORIES)
    opened = page.open(path)
    shift = opened.evaluate(SHIFTS)
    events = json.loads(chromium.stop_tracing())["traceEvents"]
    context.close()
    tasks, painted = _main_thread(events)
    return Weight(
        ready=sum(seconds for _, seconds in tasks),
        task=max(seconds for _, seconds in tasks),
        paint=sum(seconds for start, seconds in tasks if start < painted),
        shift=shift,
        size=sum(sizes),
    )


def lightest(chromium: Browser, own: str, path: str) -> Weight:
    """Of up to three, the first within all bounds, or the one that was ready soonest."""
    found: list[Weight] = []
    while len(found) < TRIALS and (not found or found[-1].faults()):
        found.append(weigh(chromium, own, path))
    return min(found, key=lambda weight: (len(weight.faults()), weight.ready))


def _main_thread(events: list[dict[str, object]]) -> tuple[list[tuple[float, float]], float]:
    """Start and processor seconds of each task of the page's main thread, and when it was first painted."""
    paints = [e for e in events if e["name"] == "firstContentfulPaint"]
    last = max(paints, key=lambda e: float(str(e["ts"])))
    thread = (last["pid"], last["tid"])
    tasks = [
        (float(str(e["ts"])), float(str(e.get("tdur", 0))) / 1e6)
        for e in events
        if (e["pid"], e["tid"]) == thread and e["name"] == "RunTask"
    ]
    return tasks, float(str(last["ts"]))


def bare(folder: Path, name: str) -> str:
    """A page of the same text and nothing else, to compare with."""
    html = (SITE / name).read_text(encoding="utf-8")
    article = re.search(r"<article.*?</article>", html, re.DOTALL)
    text = re.sub(r"<(script|svg|math)\b.*?</\1>", " ", article.group() if article else html, flags=re.DOTALL)
    paragraphs = [p.strip() for p in re.sub(r"<[^>]*>", "", text).split("\n\n") if p.strip()]
    path = folder / Path(name).name
    body = "".join(f"<p>{escape(p, quote=False)}</p>" for p in paragraphs)
    path.write_text(f"<!doctype html><meta charset=utf-8><title>bare</title>{body}", encoding="utf-8")
    return path.name


def pages() -> list[str]:
    """Every page that is read."""
    found = [str(p.relative_to(SITE)) for p in sorted(SITE.glob("**/*.html")) if "_static" not in p.parts]
    return [p for p in found if p not in ("404.html", "index.html", "genindex.html", "prf-prf.html", "search.html")]


def main(names: list[str]) -> int:
    print(f"{'page':<40}{'ready s':>8}{'bare s':>8}{'ratio':>7}{'task s':>8}{'paint s':>8}{'shift':>7}{'kB':>6}")
    missed = 0
    with tempfile.TemporaryDirectory() as folder, served(SITE) as own, served(Path(folder)) as plain, browser() as b:
        for name in names or pages():
            found, least = lightest(b, own, name), weigh(b, plain, bare(Path(folder), name))
            faults = found.faults()
            missed += bool(faults)
            print(
                f"{name:<40}{found.ready:>8.2f}{least.ready:>8.2f}{found.ready / least.ready:>7.1f}{found.task:>8.2f}"
                f"{found.paint:>8.2f}{found.shift:>7.3f}{found.size // 1000:>6}  {' '.join(faults)}",
                flush=True,
            )
    print(
        f"bounds: ready {READY}, task {TASK}, paint {PAINT}, shift {SHIFT}, {BYTES // 1000} kB; {missed} pages miss one"
    )
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
