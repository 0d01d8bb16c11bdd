"""Notebooks made ready for the page: claims, figures and tabs drawn from their outputs, their code folded away.

What a cell printed is taken from the committed outputs; nothing is executed.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from sphinx.application import Sphinx

CLAIM = "application/vnd.lossutils.claim+json"
FIGURE = "application/vnd.lossutils.figure+json"
INK = {"#222222": "currentColor", "#ffffff": "none", "#d0d0d0": "var(--pst-color-border)"}


def read(app: Sphinx, docname: str, source: list[str]) -> None:
    """Rewrite a notebook's cells before it is parsed."""
    if not app.env.doc2path(docname).endswith(".ipynb"):
        return
    notebook = json.loads(source[0])
    store: dict[str, dict] = {}
    cells: list[dict] = []
    exercises = False
    for cell in notebook["cells"]:
        tab = _tab(cell)
        if cell["cell_type"] == "markdown":
            headings = re.findall(r"^## .*", _text(cell["source"]), re.MULTILINE)
            exercises = headings[-1].startswith("## Exercises") if headings else exercises
        elif exercises:  # what stands after an exercise would give its solution away
            answer = "\n\n".join(_as_text(c) for c in _drawn(cell, store))
            if "answer" in cells[-1]:
                cells[-1]["answer"].append(answer)
            else:
                cells.append({"answer": [answer]})
            continue
        if tab and cells and cells[-1].get("tabs") is not None:
            cells[-1]["tabs"].append((tab, cell))
        elif tab:
            cells.append({"tabs": [(tab, cell)]})
        else:
            cells += _drawn(cell, store)
    notebook["cells"] = [_tabbed(c["tabs"]) if "tabs" in c else _answer(c) if "answer" in c else c for c in cells]
    if not hasattr(app.env, "lossutils_claims"):
        app.env.lossutils_claims = {}
    app.env.lossutils_claims[docname] = store
    source[0] = json.dumps(notebook)


def _markdown(text: str) -> dict:
    ident = "x" + hashlib.sha256(text.encode()).hexdigest()[:12]
    return {"cell_type": "markdown", "id": ident, "metadata": {}, "source": text}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "".join(value)


def _fence(body: str, language: str) -> str:
    return f"~~~~{language}\n{body}\n~~~~"


def _drawn(cell: dict, store: dict[str, dict]) -> list[dict]:
    """A code cell that shows claims or figures as what it shows; any other cell as it is."""
    if cell["cell_type"] != "code":
        return [cell]
    parts, rest, code = [], [], _text(cell["source"])
    folded, caption = "fold" in cell["metadata"].get("tags", []), ""
    for output in cell["outputs"]:
        data = output.get("data", {})
        if CLAIM in data:
            claim = data[CLAIM]
            store[claim["label"]] = {**claim, "code": code}
            parts.append(f"```{{claim}} {claim['label']}\n```")
        elif "image/svg+xml" in data:
            caption = data.get(FIGURE, {}).get("caption", "")
            parts.append(_figure(_text(data["image/svg+xml"]), data.get(FIGURE, {}), code))
        elif "text/markdown" in data and _text(data["text/markdown"]) == f"*{caption}*":
            continue  # the figure has it
        else:
            rest.append(output)
    if not parts and not folded:
        return [cell]
    texts = [_shown(o) for o in rest]
    code_below = [f"~~~~{{folded-code}}\n{code}\n~~~~"] if folded and not parts else []
    return [_markdown("\n\n".join([*parts, *texts, *code_below]))]


def _as_text(cell: dict) -> str:
    """A cell as Markdown."""
    if cell["cell_type"] == "markdown":
        return _text(cell["source"])
    return "\n\n".join([_fence(_text(cell["source"]), "python"), *(_shown(o) for o in cell["outputs"] if _plain(o))])


def _answer(cell: dict) -> dict:
    """What checks the solution of an exercise, folded."""
    return _markdown("::::::{dropdown} The solution, checked\n" + "\n\n".join(cell["answer"]) + "\n::::::")


def _shown(output: dict) -> str:
    markdown = output.get("data", {}).get("text/markdown")
    return _text(markdown) if markdown else _fence(_plain(output), "text")


def _plain(output: dict) -> str:
    found = output.get("text") or output.get("data", {}).get("text/plain", "")
    return _text(found).rstrip("\n")


def _figure(svg: str, about: dict, code: str) -> str:
    """A figure's SVG in the page itself, in one layout for wide screens and one for phones."""
    drawn = _inline(svg, " wide" if "narrow" in about else "")
    if "narrow" in about:
        drawn += _inline(about["narrow"], " narrow")
    options = f":name: {about['label']}\n" if about.get("label") else ""
    body = json.dumps({"svg": drawn, "caption": about.get("caption", ""), "code": code})
    return f"~~~~{{book-figure}}\n{options}\n{body}\n~~~~"


def _inline(svg: str, kind: str) -> str:
    """SVG whose ink follows the theme."""
    prefix = "f" + hashlib.sha256(svg.encode()).hexdigest()[:8]
    svg = re.sub(r'\bid="', f'id="{prefix}-', svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\g<1>{prefix}-", svg)
    svg = re.sub(r"<style[^>]*>.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<defs>\s*</defs>\s*", "", svg)
    for colour, ink in INK.items():
        svg = svg.replace(colour, ink)
    alt = re.search(r"<title>(.*?)</title>", svg, re.DOTALL)
    label = alt.group(1).strip() if alt else ""
    svg = re.sub(r"<title>.*?</title>\s*", "", svg, count=1, flags=re.DOTALL)
    svg = re.sub(r'(<svg [^>]*?) width="[^"]*" height="[^"]*"', r"\1", svg, count=1)
    quoted = label.replace('"', "&quot;")
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{quoted}" class="book-figure{kind}" ', 1)
    return " ".join(line.strip() for line in svg.splitlines())


def _tab(cell: dict) -> str:
    tags = cell.get("metadata", {}).get("tags", [])
    return next((t.removeprefix("tab:") for t in tags if t.startswith("tab:")), "")


def _tabbed(tabs: list[tuple[str, dict]]) -> dict:
    """Neighbouring cells tagged tab:NAME as tabs, each with its code and what it printed."""
    items = []
    for name, cell in tabs:
        outputs = [_shown(o) for o in cell["outputs"] if _plain(o)]
        body = "\n\n".join([_fence(_text(cell["source"]), "python"), *outputs])
        items.append(f":::{{tab-item}} {name}\n:sync: {name.lower()}\n\n{body}\n:::")
    return _markdown("::::{tab-set}\n" + "\n".join(items) + "\n::::")


def setup(app: Sphinx) -> dict:
    app.connect("source-read", read)
    app.connect("env-purge-doc", lambda app, env, doc: getattr(env, "lossutils_claims", {}).pop(doc, None))
    return {"version": "1", "parallel_read_safe": False}
