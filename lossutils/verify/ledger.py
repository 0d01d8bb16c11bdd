"""Claims as they are carried in notebooks: read, checked again from scratch, and judged."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .check import check
from .meaning.definitions import Definition, define
from .verdict import Verdict

MEDIA_TYPE = "application/vnd.lossutils.claim+json"


class Session:
    """Definitions by label, and claims that may name them: `p="eq-softmax"`."""

    def __init__(self) -> None:
        self.definitions: dict[str, Definition] = {}

    def resolved(self, given: dict[str, Any]) -> tuple[dict[str, Any], list[Definition]]:
        """Assumptions, and the definitions among them."""
        plain, used = {}, []
        for letter, said in given.items():
            if isinstance(said, str) and said.startswith("eq-"):
                if said not in self.definitions:
                    raise ValueError(f"{letter}: {said!r} is not a definition made above")
                used.append(self.definitions[said])
            else:
                plain[letter] = said
        return plain, used

    def define(self, label: str, latex: str, given: dict[str, Any], where: Iterable[str]) -> Definition:
        """Read a definition and keep it under its label."""
        plain, used = self.resolved(given)
        self.definitions[label] = define(latex, plain, where, used)
        return self.definitions[label]

    def check(self, latex: str, given: dict[str, Any], where: Iterable[str], conventions: Iterable[str]) -> Verdict:
        """Check a claim that may name definitions."""
        plain, used = self.resolved(given)
        return check(latex, where=where, using=used, conventions=conventions, **plain)


def listed(where: str | Iterable[str]) -> list[str]:
    """One relation or several, as a list."""
    return [where] if isinstance(where, str) else list(where)


def carried(path: Path) -> list[dict[str, Any]]:
    """The claims and definitions in a notebook's outputs, in order."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = (o for c in cells if c["cell_type"] == "code" for o in c["outputs"])
    return [o["data"][MEDIA_TYPE] for o in outputs if MEDIA_TYPE in o.get("data", {})]


def notebooks(path: Path) -> list[Path]:
    """A notebook, or all those of a folder."""
    if path.is_file():
        return [path]
    return sorted(p for p in path.glob("**/*.ipynb") if ".ipynb_checkpoints" not in p.parts)


def recheck(path: Path, at: int) -> tuple[dict[str, Any], Verdict | None]:
    """One entry of a notebook, with a verdict made anew from the definitions above it; a definition with none."""
    session, entries = Session(), carried(path)
    for entry in entries[: at + 1]:
        if entry["kind"] == "definition":
            session.define(entry["label"], entry["latex"], entry["given"], entry["where"])
    entry = entries[at]
    if entry["kind"] == "definition":
        return entry, None
    return entry, session.check(entry["latex"], entry["given"], entry["where"], entry["conventions"])


def fault(entry: dict[str, Any], verdict: dict[str, Any]) -> str:
    """Why a claim with this verdict may not stand in the book as the text has it; nothing if it may."""
    if verdict["status"] == "refuted":
        return f"the text asserts it, but it is {verdict['line']}" if entry["asserted"] else ""
    if not entry["asserted"]:
        return f"the text says that it is false, but it is {verdict['status']}"
    if verdict["status"] == "unknown":
        return "" if entry["open"] else f"it is undecided and not listed as open: {verdict['reason']}"
    if not verdict["controls"]["refuted"]:
        return "no wrong variant of it could be made and refuted"
    if verdict["controls"]["survivors"]:
        return "not told apart from wrong variants: " + "; ".join(verdict["controls"]["survivors"])
    if not entry.get("accuracy", "within").startswith("within"):
        return f"the implementation is not the formula: {entry['accuracy']}"
    return ""
