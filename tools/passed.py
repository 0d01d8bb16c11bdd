"""What passed today and has not changed since: `make test` does not run it again.

A part that passed leaves the digest of everything that it reads. Which files those are is said here, for the parts that
do not read the whole tree. The day, the interpreter and the variables that choose tests are in the digest too. A part
with a skipped test leaves nothing. `rm -r .passed` forgets everything; a fresh clone has nothing to forget.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".passed"
EVERY_PART = ("pyproject.toml", "requirements.txt", "constraints.txt", "conftest.py", "tools/", ".venv/installed")
VARIABLES = ("TESTS", "LOSSUTILS_", "NOTHING_SKIPPED")
CODE = "lossutils/"
READS = {  # part -> what it reads beside EVERY_PART; a part that is not named reads the whole tree
    "examples": (CODE,),
    "frameworks": (CODE, "tests/__init__.py", "tests/frameworks/", "tests/reference/"),
    "losses": (CODE, "tests/__init__.py", "tests/losses/", "tests/reference/", "benchmarks/", "appendix/api.md"),
    "verify": (CODE, "tests/__init__.py", "tests/verify/", "chapters/", "proofs/Vocabulary.v"),
    "chapters/errata": (CODE, "chapters/"),
}


def reads(part: str) -> tuple[str, ...]:
    """The files and folders that a part depends on; those of a folder end in a slash."""
    if part in READS:
        return EVERY_PART + READS[part]
    if part.startswith("chapters/"):
        return (*EVERY_PART, CODE, f"{part}.ipynb")
    return ("",)


def files() -> list[str]:
    """Everything in the tree that git does not ignore, and what says which packages are installed."""
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return sorted({*listed.stdout.split("\0"), ".venv/installed"} - {""})


def digest(part: str, tree: list[str]) -> str:
    """Of the contents of all that a part depends on."""
    said = hashlib.sha256(f"{date.today()} {sys.version} {sys.prefix}".encode())
    for name, value in sorted(os.environ.items()):
        if name.startswith(VARIABLES):
            said.update(f"{name}={value}\0".encode())
    wanted = reads(part)
    for name in tree:
        path = ROOT / name
        if name.startswith(wanted) and path.is_file():
            said.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return said.hexdigest()


def _mark(part: str) -> Path:
    return FOLDER / part.replace("/", ".")


def is_unchanged(part: str, now: str) -> bool:
    """Whether the part passed with this digest."""
    return _mark(part).is_file() and _mark(part).read_text() == now


def keep(part: str, now: str) -> None:
    """The part has passed with this digest."""
    FOLDER.mkdir(exist_ok=True)
    _mark(part).write_text(now)
