"""The axioms that a proof may rest on, each by its whole name; any other name is strange."""

from __future__ import annotations

import json
from pathlib import Path

CLOSED = "Closed under the global context"
# By kind: classical real analysis, the machine's integers and floats, and definitions that a signature hides.
KNOWN: dict[str, list[str]] = json.loads((Path(__file__).parent / "axioms.json").read_text(encoding="utf-8"))
KIND = {name: kind for kind, names in KNOWN.items() for name in names}


def named(said: str) -> set[str]:
    """The names in what Print Assumptions said; of a line that is no name and type, the whole line."""
    lines = (line for line in said.splitlines() if line.strip() and not line.startswith(" "))
    # A tactic may have printed something before a heading, without a line's end. No axiom's line ends like one.
    return {line.split(" :", 1)[0].strip() for line in lines if not line.endswith(("Axioms:", CLOSED))}


def kind(whole: str) -> str:
    """What sort of axiom a whole name is; coqchk gives whole names."""
    return KIND.get(whole, "other")


def strange(said: str) -> set[str]:
    """What Print Assumptions named that is none of the axioms known; it names a file and what it holds."""
    return {name for name in named(said) if "." not in name or not any(_ends(whole, name) for whole in KIND)}


def asked(said: str) -> bool:
    """Whether Print Assumptions has answered at all."""
    return "Axioms:" in said or CLOSED in said


def _ends(whole: str, name: str) -> bool:
    return whole == name or whole.endswith(f".{name}")
