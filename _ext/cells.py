"""Notebooks made ready for the page: claims, figures and tabs drawn from their outputs, their code folded away.

What a cell printed is taken from the committed outputs; nothing is executed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import groupby
from pathlib import Path
from typing import Literal, NotRequired, TypedDict, cast

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from lossutils.book.certificates import proved
from lossutils.book.page import CLAIM, FIGURE, ClaimData, DefinitionData, FigureData
from lossutils.verify.ledger import carried
from tools.first_cells import TAG as ONLY_NOTEBOOK

from .store import Stored, stored

Text = str | list[str]  # a notebook keeps a text whole, or as its lines


class Output(TypedDict, total=False):
    """What a cell printed (text) or displayed (data, by media type)."""

    text: Text
    data: dict[str, object]


class Metadata(TypedDict, total=False):
    """What a notebook says of a cell."""

    tags: list[str]


class Cell(TypedDict):
    """A cell of a notebook."""

    cell_type: str
    id: str
    metadata: Metadata
    source: Text
    outputs: NotRequired[list[Output]]


def read(app: Sphinx, docname: str, source: list[str]) -> None:
    """Rewrite a notebook's cells before it is parsed."""
    if not app.env.doc2path(docname).endswith(".ipynb"):
        return
    notebook = json.loads(source[0])
    found: dict[str, Stored] = {}
    cells = [cell for cell in notebook["cells"] if ONLY_NOTEBOOK not in cell["metadata"].get("tags", [])]
    notebook["cells"] = list(ready(cells, found))
    mark_proved(Path(app.env.doc2path(docname)), found, Path(app.srcdir, "proofs"))
    stored(app.env)[docname] = found
    source[0] = json.dumps(notebook)


def mark_proved(path: Path, found: dict[str, Stored], proofs: Path) -> None:
    """Claims whose every link has a fitting certificate are proved."""
    for label, theorems in proved(path.stem, carried(path), proofs).items():
        data, code, _ = found[label]
        found[label] = Stored(cast(ClaimData, {**data, "status": "proved"}), code, theorems)


def ready(cells: list[Cell], found: dict[str, Stored]) -> Iterator[Cell]:
    """The cells of the page; claims are added to `found`."""
    for kind, run in groupby(_kinds(cells), lambda pair: pair[0]):
        neighbours = [cell for _, cell in run]
        if kind == "answer":
            yield _answer([_drawn(cell, found) for cell in neighbours])
        elif kind == "tab":
            yield _tabbed(neighbours)
        else:
            yield from (_drawn(cell, found) for cell in neighbours)


def _kinds(cells: list[Cell]) -> Iterator[tuple[Literal["answer", "tab", ""], Cell]]:
    """Each cell, and whether it is one of several tabs, or code that checks the solution of an exercise."""
    exercises = False
    for cell in cells:
        if cell["cell_type"] == "markdown":
            headings = re.findall(r"^## .*", _text(cell["source"]), re.MULTILINE)
            exercises = headings[-1].startswith("## Exercises") if headings else exercises
        elif exercises:  # unfolded, it would give the solution away
            yield "answer", cell
            continue
        yield "tab" if _tab(cell) else "", cell


def _drawn(cell: Cell, found: dict[str, Stored]) -> Cell:
    """A code cell that shows claims or figures as what it shows; any other cell as it is."""
    if cell["cell_type"] != "code":
        return cell
    parts, rest, code, caption = [], [], _text(cell["source"]), ""
    for output in cell["outputs"]:
        data = output.get("data", {})
        if CLAIM in data:
            claim = cast(ClaimData | DefinitionData, data[CLAIM])
            found[claim["label"]] = Stored(claim, code)
            parts.append(f"```{{claim}} {claim['label']}\n```")
        elif "image/svg+xml" in data:
            about = cast(FigureData, data.get(FIGURE, {"label": "", "caption": "", "alt": ""}))
            caption = about["caption"]
            parts.append(_figure(_text(data["image/svg+xml"]), about, code))
        elif "text/markdown" in data and _text(data["text/markdown"]) == f"*{caption}*":
            continue  # the figure has it
        else:
            rest.append(output)
    folded = "fold" in cell["metadata"].get("tags", [])
    if not parts and not folded:
        return cell
    code_below = [f"~~~~{{folded-code}}\n{code}\n~~~~"] if not parts else []
    return _markdown("\n\n".join([*parts, *map(_shown, rest), *code_below]))


def _markdown(text: str) -> Cell:
    name = "x" + hashlib.sha256(text.encode()).hexdigest()[:12]
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text}


def _text(value: object) -> str:
    return value if isinstance(value, str) else "".join(cast(list[str], value))


def _fence(body: str, language: str) -> str:
    return f"~~~~{language}\n{body}\n~~~~"


def _shown(output: Output) -> str:
    """What an output shows, as Markdown."""
    markdown = output.get("data", {}).get("text/markdown")
    return _text(markdown) if markdown else _fence(_printed(output), "text")


def _printed(output: Output) -> str:
    """What an output shows, as bare text."""
    return _text(output.get("text") or output.get("data", {}).get("text/plain", "")).rstrip("\n")


def _with_outputs(cell: Cell) -> str:
    """A code cell as Markdown: its code, and what it printed."""
    outputs = [_shown(output) for output in cell["outputs"] if _printed(output)]
    return "\n\n".join([_fence(_text(cell["source"]), "python"), *outputs])


def _answer(cells: list[Cell]) -> Cell:
    """What checks the solution of an exercise, folded."""
    texts = [_with_outputs(c) if c["cell_type"] == "code" else _text(c["source"]) for c in cells]
    return _markdown("::::::{dropdown} The solution, checked\n" + "\n\n".join(texts) + "\n::::::")


def _tab(cell: Cell) -> str:
    tags = cell["metadata"].get("tags", [])
    return next((t.removeprefix("tab:") for t in tags if t.startswith("tab:")), "")


def _tabbed(cells: list[Cell]) -> Cell:
    """Neighbouring cells tagged tab:NAME as tabs, each with its code and what it printed."""
    names = [_tab(cell) for cell in cells]
    items = [
        f":::{{tab-item}} {name}\n:sync: {name.lower()}\n\n{_with_outputs(cell)}\n:::"
        for name, cell in zip(names, cells, strict=True)
    ]
    return _markdown("::::{tab-set}\n" + "\n".join(items) + "\n::::")


def _figure(svg: str, about: FigureData, code: str) -> str:
    """A figure's drawings, one for wide screens and one for phones."""
    options = f":name: {about['label']}\n" if about["label"] else ""
    drawn = {"svg": svg, "narrow": about.get("narrow", ""), "alt": about["alt"] or _title(svg)}
    body = json.dumps(drawn | {"caption": about["caption"], "code": code})
    return f"~~~~{{book-figure}}\n{options}\n{body}\n~~~~"


def _title(svg: str) -> str:
    found = re.search(r"<title>(.*?)</title>", svg, re.DOTALL)
    return unescape(found.group(1).strip()) if found else ""


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop the claims of a page that is read again."""
    stored(env).pop(docname, None)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("source-read", read)
    app.connect("env-purge-doc", forget)
    return {"version": "1", "parallel_read_safe": False}
