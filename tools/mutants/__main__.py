"""python -m tools.mutants [claims|rules|expressions] [--share M/N]: mutants, as many at once as there are processors.

What was found before for the same claim and the same checker, or the same function, is not found again. The results
are kept in benchmarks/mutants.json, which "How the checks work" shows.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from lossutils.verify.ledger import carried, notebooks

from . import claims, rules
from .known import statements

ROOT = Path(__file__).parents[2]
STORE = ROOT / "benchmarks" / "mutants.json"
SEEDS = 1_000_000  # of random expressions read twice
CHUNK = 500
BLIND = 8  # refuted variants of a claim that are put to the rules alone


def sources(folder: Path) -> str:
    """A hash of the checker."""
    text = "".join(p.read_text(encoding="utf-8") for p in sorted(folder.glob("**/*.py")))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def share(items: Iterable[Any], which: str) -> list[Any]:
    """Every N-th item, from the M-th on."""
    first, step = (int(x) for x in which.split("/"))
    return list(items)[first - 1 :: step]


def of_claims(which: str) -> dict[str, Any]:
    places = [
        (path, n) for path in notebooks(ROOT / "chapters") for n, e in enumerate(carried(path)) if e["kind"] == "claim"
    ]
    own = sources(rules.VERIFY)
    return _run("claims", {_key(own, *p): p for p in share(places, which)}, _claim)


def _key(own: str, path: Path, at: int) -> str:
    entry = carried(path)[at]
    return hashlib.sha256(json.dumps([own, path.stem, entry["latex"], repr(entry["given"])]).encode()).hexdigest()[:16]


def _claim(place: tuple[Path, int]) -> dict[str, Any]:
    return claims.examined(*place, BLIND)


def of_rules(which: str) -> dict[str, Any]:
    found = [m for path in rules.files() for m in rules.mutants(path)]
    hashes = {f: hashlib.sha256((ROOT / f).read_bytes()).hexdigest()[:8] for f in {m[0] for m in found}}
    numbered = {f"{hashes[m[0]]}-{n}-{rules.identity(m)}": n for n, m in enumerate(found)}
    kept = share(numbered.items(), which)
    return _run("rules", dict(kept), _rule)


@cache
def _loaded() -> tuple[rules.Statements, list[rules.Mutant]]:
    return rules.Statements(statements()), [m for path in rules.files() for m in rules.mutants(path)]


def _rule(number: int) -> dict[str, Any]:
    known, found = _loaded()
    mutant = found[number]
    return {"where": f"{mutant[0]}, {mutant[2]}", "noticed": known.noticing(mutant)}


def of_expressions(which: str) -> dict[str, Any]:
    own = sources(rules.VERIFY)
    starts = share(range(0, SEEDS, CHUNK), which)
    return _run("expressions", {f"{own}-{start}": start for start in starts}, _expressions)


def _expressions(start: int) -> dict[str, Any]:
    from tests.verify.two_readings import faults

    found = [f"seed {seed}: {f}" for seed in range(start, start + CHUNK) for f in faults(seed)]
    return {"seeds": CHUNK, "faults": found}


def _run(kind: str, todo: dict[str, Any], work: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """What is kept of each item, or found now."""
    kept: dict[str, Any] = json.loads(STORE.read_text(encoding="utf-8")) if STORE.exists() else {}
    known = kept.get(kind, {})
    missing = {k: v for k, v in todo.items() if k not in known}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for n, (key, answer) in enumerate(zip(missing, pool.map(work, missing.values()), strict=True), 1):
            known[key] = answer
            if n % 20 == 0 or n == len(missing):
                kept[kind] = known
                STORE.write_text(
                    json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
                )
    return {k: known[k] for k in todo}


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutants of the claims and of the checker's rules")
    parser.add_argument("kinds", nargs="*", choices=["claims", "rules", "expressions", []])
    parser.add_argument("--share", default="1/1", help="M/N: every N-th from the M-th on")
    given = parser.parse_args()
    kinds = given.kinds or ["claims", "rules", "expressions"]
    wrong = 0
    if "claims" in kinds:
        found = of_claims(given.share).values()
        print(f"claims: {len(found)}, variants {sum(f['made'] for f in found):,}")
        for f in found:
            if f["undecided"] or f["unsound"] or f["late"]:
                print(f"  {f['label']}: undecided {f['undecided']}, late {f['late']}, UNSOUND {f['unsound']}")
            wrong += len(f["unsound"])
    if "rules" in kinds:
        rows = of_rules(given.share).values()
        alive = [r["where"] for r in rows if r["noticed"] in ("nothing", "never run")]
        print(f"rules: {len(rows)} mutants, {len(rows) - len(alive)} noticed; not noticed:", *alive, sep="\n  ")
    if "expressions" in kinds:
        chunks = of_expressions(given.share).values()
        faults = [f for c in chunks for f in c["faults"]]
        print(f"expressions: {sum(c['seeds'] for c in chunks):,} read twice, faults:", *faults or ["none"], sep="\n  ")
        wrong += len(faults)
    return bool(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
