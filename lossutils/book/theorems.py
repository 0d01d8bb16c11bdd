"""The book's theorems: the boxes of the text, what their proofs cite, and the theorems of Coq that they name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .certificates import certificates, library_digest, theorems_digest

BOX = re.compile(r"^```\{prf:(theorem|proof)\}[ ]?(.*?)\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
LABEL = re.compile(r"^:label: (\S+)$", re.MULTILINE)
CITED = re.compile(r"\{(?:eq|prf:ref)\}`([^`]+)`")
NAMED = re.compile(r"^In Coq[^\n]*", re.MULTILINE)
FILE = re.compile(r"\{download\}`\w+\.v <\.\./proofs/theorems/(\w+\.v)>`")


class Stated(NamedTuple):
    """A theorem of Coq."""

    file: str
    name: str
    statement: str  # with its name, without its proof


class Box(NamedTuple):
    """A theorem box of a page: what it and its proof cite, and the files and theorems of Coq that it names."""

    page: str
    label: str
    title: str
    cites: tuple[str, ...]
    named: tuple[tuple[str, str], ...]  # (file, theorem)


def stated(proofs: Path) -> list[Stated]:
    """The theorems of proofs/theorems, of the files that Coq has accepted as they stand."""
    found = []
    kept = certificates(proofs / "certificates.json")
    fits = kept["library"] == library_digest(proofs)
    accepted = {name for name, own in theorems_digest(proofs).items() if fits and kept["theorems"].get(name) == own}
    for path in (proofs / "theorems" / name for name in sorted(accepted)):
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r"^Theorem (\w+)(.*?)\.\s*\nProof", text, re.MULTILINE | re.DOTALL):
            found.append(Stated(path.name, match[1], f"Theorem {match[1]}{match[2]}."))
    return found


def boxes(notebook: Path) -> list[Box]:
    """The theorem boxes of a notebook; a box's proof is the one that comes next."""
    found: list[Box] = []
    for kind, title, body in _blocks(notebook):
        if kind == "theorem":
            label = LABEL.search(body)
            own = tuple(dict.fromkeys(CITED.findall(body)))
            found.append(Box(notebook.stem, label[1] if label else "", title.strip(), own, tuple(_named(body))))
        elif found:
            more = (*found[-1].cites, *CITED.findall(body))
            found[-1] = found[-1]._replace(cites=tuple(dict.fromkeys(more)))
    return found


def _blocks(notebook: Path) -> Iterator[tuple[str, str, str]]:
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            yield from ((m[1], m[2], m[3]) for m in BOX.finditer("".join(cell["source"])))


def _named(body: str) -> Iterator[tuple[str, str]]:
    """Each name that stands before the link to its file."""
    for line in NAMED.findall(body):
        pieces = FILE.split(line)
        for names, file in zip(pieces[::2], pieces[1::2], strict=False):
            yield from ((file, name) for name in re.findall(r"(?<!\})`(\w+)`", names))
