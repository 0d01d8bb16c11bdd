"""Who may import whom: the checker nothing else of lossutils, and nothing the book."""

import ast
from pathlib import Path

import pytest

import lossutils

PACKAGE = Path(lossutils.__file__).parent
MODULES = sorted(p for p in PACKAGE.glob("**/*.py"))


def imports(path):
    """The modules, and the names, that a file imports, in full: "lossutils.verify.check"."""
    inside = path.relative_to(PACKAGE.parent).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(inside[: -node.level]) if node.level else ""
            start = ".".join(part for part in (above, node.module) if part)
            yield from (f"{start}.{alias.name}" for alias in node.names)


def names(path):
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_imports_lead_into_the_rooms_below(path):
    room = path.relative_to(PACKAGE).parts[0]
    for name in imports(path):
        if name.split(".")[0] != "lossutils":
            continue
        if room == "verify":
            assert name.startswith("lossutils.verify")
        elif room != "book":
            assert not name.startswith(("lossutils.book", "lossutils.verify"))
