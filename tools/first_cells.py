"""The cells that a notebook begins with: python -m tools.first_cells writes them into every notebook of the book.

The first says how the notebook and its page belong together. Where CITATION.cff names the repository
(`repository-code`), the second installs the book's package from it where that is missing, as on Colab. The page shows
neither: both are tagged `only-notebook`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from .edition import edition
from .run_tests import all_notebooks

TAG = "only-notebook"
ABOUT = (
    "*A notebook of [Loss Functions, Derived and Verified](../intro.md).* Its page on the site is drawn from the "
    "outputs that are stored here; the book's tests run the notebook again and compare every one of them. Run it "
    "from the top (*Run ▸ Run All Cells*), change what you like, and run it again. Started by `make lab`, "
    "equations, references and figures look as they do on the page, and the code that states an equation is folded "
    "into a grey line: a click unfolds it. Other programs show the same cells more plainly."
)
INSTALL = """import importlib.util

if importlib.util.find_spec("lossutils") is None:  # on Colab, for one
    %pip install --quiet "lossutils[book,verify] @ git+{repository}\""""


def repository() -> str:
    """The repository's address, empty where it is not known."""
    return edition()["repository"]


def first_cells(address: str) -> list[dict[str, Any]]:
    """The cells, as a notebook keeps them."""
    about: dict[str, Any] = {"cell_type": "markdown", "id": "about", "metadata": {"tags": [TAG]}, "source": [ABOUT]}
    if not address:
        return [about]
    source = INSTALL.format(repository=address).splitlines(keepends=True)
    code = {"cell_type": "code", "id": "install", "metadata": {"tags": [TAG]}, "source": source, "outputs": []}
    return [about, {**code, "execution_count": 1}]


def with_first_cells(notebook: dict[str, Any], address: str) -> dict[str, Any]:
    """The notebook with these cells at its head, in place of older ones, and its runs counted anew."""
    own = [c for c in notebook["cells"] if TAG not in c["metadata"].get("tags", [])]
    cells = [*first_cells(address), *own]
    for number, cell in enumerate([c for c in cells if c["cell_type"] == "code"], 1):
        cell["execution_count"] = number
        for output in cell["outputs"]:
            if "execution_count" in output:
                output["execution_count"] = number
    return {**notebook, "cells": cells}


def write(path: Path, address: str) -> bool:
    """Whether the notebook had to be changed."""
    text = path.read_text(encoding="utf-8")
    made = with_first_cells(json.loads(text), address)
    better = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    path.write_text(better, encoding="utf-8")
    return better != text


if __name__ == "__main__":
    changed = [path.name for path in all_notebooks() if write(path, repository())]
    print(f"changed: {', '.join(changed) or 'none'}")
    sys.exit(0)
