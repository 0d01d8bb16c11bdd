"""What `make mutants` found: faults put into claims and into the checker's rules on purpose, and what noticed them."""

import json
from pathlib import Path

COLUMNS = ["faults put in", "how many", "noticed", "the rest"]


def table_rows(file: str) -> list[list[str]]:
    """What is kept in benchmarks/mutants.json, counted."""
    kept = json.loads(Path(file).read_text(encoding="utf-8"))
    claims, rules = kept.get("claims", {}).values(), kept.get("rules", {}).values()
    expressions = kept.get("expressions", {}).values()
    count = {k: sum(c[k] for c in claims) for k in ("made", "refuted", "undefined", "true")}
    undecided = sum(len(c["undecided"]) for c in claims)
    unsound = sum(len(c["unsound"]) for c in claims)
    late, alone = sum(len(c["late"]) for c in claims), sum(c["alone"] for c in claims)
    alone_late = sum(c["alone_late"] for c in claims)
    alive = [r for r in rules if r["noticed"] == "nothing"]
    unrun = [r for r in rules if r["noticed"] == "never run"]
    seeds, faults = sum(e["seeds"] for e in expressions), sum(len(e["faults"]) for e in expressions)
    return [
        [
            f"every variant of {len(claims)} claims",
            f"{count['made']:,}",
            f"{count['refuted']:,} refuted, {count['undefined']:,} without a value somewhere",
            f"{count['true']:,} proved as well, {undecided} undecided, {late} not in time",
        ],
        [
            "refuted ones, put to the rules alone",
            f"{alone:,}",
            f"{alone - unsound - alone_late:,} not proved",
            f"{unsound} proved, {alone_late} not in time",
        ],
        [
            "changes in the checker's rules",
            f"{len(rules):,}",
            f"{len(rules) - len(alive) - len(unrun):,} by a statement of known truth",
            f"{len(alive)} by none, {len(unrun)} in code that no such statement runs through",
        ],
        ["random expressions, read twice", f"{seeds:,}", f"{faults} differ", ""],
    ]
