"""What the chapters refer to, and what it is called on the page: equations, figures, theorems, citations, pages.

JupyterLab's MyST extension reads a notebook's text only, so a reference to what a cell shows, or to another notebook,
leads nowhere there; `extension/remoteEntry.js` puts these names in.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pybtex.database import parse_file
from pybtex.richtext import Text

from _ext.assumptions import assumption
from lossutils.book.certificates import proved
from lossutils.book.page import CLAIM, FIGURE, stand_ins, verdict_parts
from lossutils.verify.ledger import carried

ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = re.compile(
    r"^[`:]{3,}\{(?:prf:)?(theorem|lemma|proposition|corollary|definition|remark|exercise)\}([^\n]*)\n((?::.*\n)*)",
    re.M,
)

Names = dict[str, Any]


def chapters() -> list[tuple[str, int]]:
    """The notebooks in the book's order, with the chapter's number; 0 for an appendix."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    found, number = [], 0  # numbers go on from part to part
    for part in toc["parts"]:
        numbered = bool(part.get("numbered"))
        for chapter in part["chapters"]:
            number += numbered
            if (ROOT / f"{chapter['file']}.ipynb").exists():
                found.append((chapter["file"], number * numbered))
    return found


def names() -> Names:
    """By label, what a reference shows and which notebook it leads to; by key, how a source is cited."""
    claims: Names = {}
    others: Names = {}
    unnumbered = 0  # equations so far in the appendices, which are counted through
    for page, chapter in chapters():
        cells = json.loads((ROOT / f"{page}.ipynb").read_text(encoding="utf-8"))["cells"]
        start = f"{chapter}." if chapter else ""
        certified = proved(Path(page).stem, carried(ROOT / f"{page}.ipynb"), ROOT / "proofs")
        for number, claim in enumerate(_data(cells, CLAIM), 1 if chapter else 1 + unnumbered):
            status = "proved" if claim["label"] in certified else claim["status"]
            claims[claim["label"]] = _claim({**claim, "status": status}, f"({start}{number})", page)
        unnumbered += 0 if chapter else sum(1 for _ in _data(cells, CLAIM))
        figures = [figure for figure in _data(cells, FIGURE) if figure["caption"]]
        for number, figure in enumerate(figures, 1):
            others[figure["label"]] = {"shown": f"Fig. {start}{number}", "page": page}
        others |= {label: {"shown": f"{kind} {start}{n}", "page": page} for label, kind, n in _environments(cells)}
    return {"claims": claims, "others": others, "sources": sources(), "titles": titles()}


def _data(cells: list[dict[str, Any]], kind: str) -> Iterator[dict[str, Any]]:
    for cell in cells:
        for output in cell.get("outputs", []):
            if kind in output.get("data", {}):
                yield output["data"][kind]


def _claim(claim: Any, shown: str, page: str) -> Names:
    """A claim's number and verdict line; its LaTeX says whether the line still fits."""
    said = [assumption(a) for a in claim["assumptions"]]
    said += [f"${name} = {what}$" for name, what in stand_ins(claim) if not re.match(r"[\[({]|[a-z]{4}", what)]
    line = " · ".join([*filter(None, verdict_parts(claim)), *(["; ".join(said)] if said else [])])
    return {"shown": shown, "page": page, "status": claim["status"], "line": line, "latex": claim["latex"].strip()}


def _environments(cells: list[dict[str, Any]]) -> Iterator[tuple[str, str, int]]:
    """Label, kind and number of theorems, definitions and exercises: each kind is counted by itself."""
    counts: Counter[str] = Counter()
    for cell in cells:
        if cell["cell_type"] == "markdown":
            for kind, _, options in ENVIRONMENT.findall("".join(cell["source"])):
                counts[kind] += 1
                label = re.search(r":label: (\S+)", options)
                if label:
                    yield label[1], kind.capitalize(), counts[kind]


def sources() -> dict[str, list[str]]:
    """Authors and year of each entry of the bibliography."""
    found = {}
    for key, entry in parse_file(str(ROOT / "references.bib")).entries.items():
        writers = entry.persons.get("author") or entry.persons.get("editor") or []
        people = [str(Text.from_latex(" ".join(p.prelast_names + p.last_names))) for p in writers]
        who = f"{people[0]} et al." if len(people) > 2 else " and ".join(people)
        found[key] = [who, entry.fields.get("year", "")]
    return found


def titles() -> dict[str, str]:
    """Of every page that is a file."""
    found = {}
    for folder in ("chapters", "appendix"):
        for path in sorted((ROOT / folder).glob("*")):
            if path.suffix == ".md":
                text = path.read_text(encoding="utf-8")
            elif path.suffix == ".ipynb":
                cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
                text = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
            else:
                continue
            heading = re.search(r"^# (.*)", text, re.MULTILINE)
            if heading:
                found[f"{folder}/{path.stem}"] = heading[1]
    return found
