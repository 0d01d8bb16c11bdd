"""What makes the book build fast: what was made before is kept, and found again by what it was made from.

It is kept in the environment's folder, which `make clean` removes. A key holds everything that the result depends on.
"""

from __future__ import annotations

import functools
import gc
import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

from pybtex import plugin
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

FOLDER = Path(sys.prefix) / "kept"


class Kept:
    """Texts of one kind by the text that each was made from; those of another `version` are forgotten."""

    every: list[Kept] = []  # noqa: RUF012

    def __init__(self, name: str, version: str) -> None:
        self.path = FOLDER / f"{name}-{digest(version)}.json"
        self.before: dict[str, str] = json.loads(self.path.read_text(encoding="utf-8")) if self.path.exists() else {}
        self.now: dict[str, str] = {}
        Kept.every.append(self)

    def get(self, source: str, make: Callable[[], str]) -> str:
        """The text made from a source, now or in an earlier build."""
        key = digest(source)
        if key not in self.now:
            self.now[key] = self.before.get(key) or make()
        return self.now[key]

    def write(self) -> None:
        """Keep what this build used; a file of an older version goes."""
        FOLDER.mkdir(exist_ok=True)
        for old in FOLDER.glob(f"{self.path.name.rpartition('-')[0]}-*.json"):
            old.unlink()
        self.path.write_text(json.dumps(self.now, ensure_ascii=False), encoding="utf-8")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def write(app: Sphinx, error: Exception | None) -> None:
    """Keep everything, once the book is built."""
    for kept in Kept.every:
        if error is None:
            kept.write()
    Kept.every.clear()


def setup(app: Sphinx) -> ExtensionMetadata:
    gc.set_threshold(200_000, 50, 100)  # a build makes millions of nodes, and lets go of few
    # the bibliography's plug-ins are looked up among all installed packages, for every citation
    plugin._load_entry_point = functools.cache(plugin._load_entry_point)
    app.connect("build-finished", write, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
