"""Who may import whom: rooms import downwards only, and nothing needs the book."""

import ast
from pathlib import Path

import pytest

import lossutils

PACKAGE = Path(lossutils.__file__).parent
MODULES = sorted(PACKAGE.glob("**/*.py"))
BELOW = {  # of each room, those that it may import from
    "frameworks": {"frameworks"},
    "losses": {"losses", "frameworks"},
    "verify": {"verify"},
    "book": {"book", "losses", "frameworks", "verify", ""},
    "": {"losses", "frameworks", ""},  # what stands in lossutils itself
}


def room_of(name):
    """The room of a module, or of a name in one, given in full."""
    first = (*name.split(".")[1:], "")[0]
    return first if first in BELOW else ""


def in_full(path):
    """A module's name."""
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)


def imports(path):
    """What a file imports from lossutils, in full: "lossutils.verify.check"."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = in_full(path).split(".")[: -node.level] if node.level else []
            start = ".".join([*above, node.module] if node.module else above)
            found = [f"{start}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name for name in found if name.split(".")[0] == "lossutils")


def test_names_are_read_in_full(tmp_path, monkeypatch):
    """Relative ones too; else nothing would be held."""
    monkeypatch.setattr("test_rooms.PACKAGE", tmp_path / "lossutils")
    path = tmp_path / "lossutils" / "book" / "experiments" / "atlas.py"
    path.parent.mkdir(parents=True)
    path.write_text("import os, lossutils.torch\nfrom . import split\nfrom ...losses.base import Loss\n")
    assert list(imports(path)) == ["lossutils.torch", "lossutils.book.experiments.split", "lossutils.losses.base.Loss"]


@pytest.mark.parametrize("path", MODULES, ids=in_full)
def test_imports_lead_downwards(path):
    allowed = BELOW[room_of(in_full(path))]
    assert {name for name in imports(path) if room_of(name) not in allowed} == set()
