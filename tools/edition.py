"""The edition: title, version, date, and the address of the repository, as CITATION.cff has them."""

from __future__ import annotations

import os
from pathlib import Path

import yaml

CITATION = Path(__file__).parent.parent / "CITATION.cff"


def edition() -> dict[str, str]:
    """Texts; the repository's address is empty where nothing names it."""
    said = yaml.safe_load(CITATION.read_text(encoding="utf-8"))
    return {
        "title": said["title"],
        "author": said["authors"][0]["name"],
        "version": str(said["version"]),
        "date": str(said["date-released"]),
        "repository": str(said.get("repository-code", "")),
    }


def of_this_run() -> str:
    """The repository's address where GitHub's machines build the site."""
    server, name = (os.environ.get(f"GITHUB_{what}", "") for what in ("SERVER_URL", "REPOSITORY"))
    return f"{server}/{name}" if server and name else ""
