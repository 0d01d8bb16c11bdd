"""Pages of the built site in headless Chromium, every host but its own refused, with what went wrong on them."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Route, ViewportSize, sync_playwright
from playwright.sync_api import Page as Tab

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
WIDE: ViewportSize = {"width": 1400, "height": 1000}
PHONE: ViewportSize = {"width": 390, "height": 844}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder at an address of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Page:
    """An open page and its troubles: console errors, failed and foreign requests."""

    page: Tab
    own: str
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda m: self._note(m.type == "error", f"console: {m.text}"))
        self.page.on("pageerror", lambda e: self._note(True, f"error: {e}"))
        # a request that the browser gave up, for a picture of the page before or of another width, did not fail
        self.page.on("requestfailed", lambda r: self._note(r.failure != "net::ERR_ABORTED", f"failed: {r.url}"))
        self.page.on("response", lambda r: self._note(r.status >= 400, f"{r.status}: {r.url}"))
        self.page.route("**/*", self._only_own)

    def _note(self, trouble: bool, text: str) -> None:
        if trouble:
            self.troubles.append(text)

    def _only_own(self, route: Route) -> None:
        if route.request.url.startswith((self.own, "data:", "blob:")):
            route.continue_()
        else:
            self.troubles.append(f"foreign: {route.request.url}")
            route.abort()

    def open(self, path: str) -> Tab:
        """Load a page of the site and wait until its fonts are there."""
        self.page.goto(f"{self.own}/{path}", wait_until="load")
        self.page.evaluate("() => document.fonts.ready.then(() => null)")
        return self.page


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield chromium
        finally:
            chromium.close()
