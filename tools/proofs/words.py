"""Words with which a proof could be left out, or a statement changed, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .axioms import KIND

FORBIDDEN = re.compile(
    r"\b(Admitted|admit|Admit|Axioms?|Parameters?|Conjectures?|Abort|bypass_check|Declare|Module|Reset|Restart|Undo|Back|"
    r"Load|Primitive|Redirect|Unset\s+(Guard|Positivity|Universe)|(Guard|Positivity|Universe)\s+Checking)\b"
)
# What assumes something, an axiom if no section is open; and what opens and closes sections.
ASSUMED = re.compile(r"\b(?:(Hypothes[ie]s|Variables?|Context)\b|(Section|End)\s+[\w']+\s*\.)")
# A sentence of a proof that begins with a capital letter is a command, not a tactic. Bullets and goals may precede it.
COMMAND = re.compile(r"(?:\A|\.(?=\s))(?:[-+*{}\s]|(?:\d[\d,\s-]*|\[\w+\]|all|par|!)\s*:)*(#\[|[A-Z]\w*)")


def command(script: str) -> str:
    """A command of Coq in a proof's script, which may hold tactics only; empty, if there is none."""
    if found := re.search(r"\(\*|\*\)|\"", script):  # with these a command could be hidden from a reader of words
        return found[0]
    found = COMMAND.search(script)
    return found[1] if found else ""


def assumptions(text: str) -> Iterator[int]:
    """The lines that assume something while no section is open."""
    depth, said = 0, without_comments(text)
    for found in ASSUMED.finditer(said):
        if found[2]:
            depth += 1 if found[2] == "Section" else -1
        elif depth <= 0:
            yield said.count("\n", 0, found.start()) + 1


def without_comments(text: str) -> str:
    """A file's text without its comments, which nest; its lines stay where they are."""
    depth, kept = 0, []
    for piece in re.split(r"(\(\*|\*\))", text):
        depth += {"(*": 1, "*)": -1}.get(piece, 0)
        kept.append("\n" * piece.count("\n") if depth or piece == "*)" else piece)
    return "".join(kept)


def faults(path: Path) -> Iterator[str]:
    """What must not stand in a file; comments are looked at too."""
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    wrong = {n for n, line in enumerate(lines, 1) if FORBIDDEN.search(line)} | set(assumptions(text))
    yield from (f"{path.name}:{n}: {lines[n - 1].strip()}" for n in sorted(wrong))
    if path.stem in {name.split(".")[-2] for name in KIND}:  # its axioms would look like Coq's own
        yield f"{path.name}: a file named as one of Coq's that has axioms"
