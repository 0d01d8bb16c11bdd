"""The links of the whole book."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lossutils.book.certificates import Link, links_of, posed
from lossutils.verify.ledger import carried, notebooks
from lossutils.verify.meaning.problem import Problem

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("chapters", "appendix")


def pages(root: Path = ROOT) -> list[Path]:
    """The notebooks."""
    return [path for folder in FOLDERS for path in notebooks(root / folder)]


def problems(root: Path = ROOT) -> Iterator[tuple[str, dict[str, Any], Problem]]:
    """Every claim of the book that held, posed anew."""
    for path in pages(root):
        yield from ((path.stem, entry, problem) for entry, problem in posed(carried(path)))


def links(root: Path = ROOT) -> list[Link]:
    """All links of all claims that held."""
    return [link for path in pages(root) for link in links_of(path.stem, carried(path))]
