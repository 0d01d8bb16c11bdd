"""Check formulas from a shell.

python -m lossutils.verify chapters                        every claim of the notebooks, from scratch
python -m lossutils.verify --latex '...' --where 'f=real, y={0,1}'

The exit status is 0 where all stand, 1 where something is refuted or at fault, 2 where nothing can be said.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from .check import check
from .ledger import carried, fault, notebooks, recheck
from .verdict import HELD

BAR = 30


def assumptions(text: str) -> dict[str, str]:
    """`f=real, y={0,1}` as a dictionary; commas inside brackets do not separate."""
    found = {}
    for part in re.split(r",(?![^{}()\[\]]*[})\]])", text):
        if part.strip():
            letter, sign, said = part.partition("=")
            if not sign:
                raise ValueError(f"expected letter=meaning, got {part.strip()!r}")
            found[letter.strip()] = said.strip()
    return found


def one(latex: str, where: str, given: list[str]) -> int:
    """Check one formula and print its verdict; 0 held, 1 refuted, 2 anything else."""
    try:
        letters: dict[str, Any] = assumptions(where)
        verdict = check(latex, where=given, **letters)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(verdict)
    if len(verdict.links) > 1:
        for n, link in enumerate(verdict.links, 1):
            print(f"  link {n}: {link.status}" + (f" ({', '.join(link.means)})" if link.means else ""))
    print("assuming " + ("; ".join(verdict.assumptions) or "nothing"))
    if verdict.controls.survivors:
        return 2
    return 0 if verdict.status in HELD else 1 if verdict.status == "refuted" else 2


def _work(task: tuple[Path, int]) -> tuple[str, str, str, str]:
    """One claim: label, status, line, and what is wrong."""
    try:
        entry, verdict = recheck(*task)
    except ValueError as error:
        label = carried(task[0])[task[1]]["label"]
        return label, "unreadable", "", str(error)
    if verdict is None:
        return entry["label"], "definition", "", ""
    data = verdict.as_dict() | {"line": verdict.line()}
    problem = fault(entry, data)
    if not problem and verdict.line() not in entry["line"]:
        problem = "the notebook carries another verdict: " + entry["line"]
    return entry["label"], verdict.status, verdict.line(), problem


def ledger(path: Path, jobs: int | None) -> int:
    """Check all claims of a notebook or a folder again and print the ledger: 0 all stand, 1 some do not, 2 unread."""
    paths = notebooks(path)
    try:
        tasks = [(p, at) for p in paths for at in range(len(carried(p)))]
    except (ValueError, KeyError, TypeError) as error:
        print(f"error: {path} cannot be read as a notebook: {error}", file=sys.stderr)
        return 2
    if not tasks:
        print(f"error: no claims in {path}", file=sys.stderr)
        return 2
    rows = _rows(tasks, jobs)
    counts, faults, above = Counter(row[1] for _, row in rows), 0, None
    for (p, _), (label, status, line, problem) in rows:
        if p != above:
            print(f"\n{p}")
            above = p
        faults += bool(problem)
        print(f"  {'!' if problem else ' '} {label:<44} {line or status}")
        if problem:
            print(f"      {problem}")
    print("\n" + ", ".join(f"{n} {status}" for status, n in counts.most_common()))
    print(f"{faults} at fault" if faults else "every claim stands as the text has it")
    return int(bool(faults))


def _rows(tasks: list[tuple[Path, int]], jobs: int | None) -> list[tuple[tuple[Path, int], tuple[str, str, str, str]]]:
    """The claims' rows in order, a step of the progress bar for each."""
    found = []
    with ProcessPoolExecutor(jobs) if jobs != 1 else nullcontext() as pool:
        for task, row in zip(tasks, (pool.map if pool else map)(_work, tasks), strict=True):
            found.append((task, row))
            _progress(len(found), len(tasks))
    return found


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        filled = BAR * done // max(total, 1)
        end = "\n" if done == total else ""
        print(f"\r[{'#' * filled}{' ' * (BAR - filled)}] {done}/{total}", end=end, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m lossutils.verify", description=__doc__.splitlines()[0])
    parser.add_argument("path", nargs="?", type=Path, help="a notebook, or a folder of them")
    parser.add_argument("--latex", help="one formula")
    parser.add_argument("--where", default="", help="what is said of its letters: 'f=real, y={0,1}'")
    parser.add_argument("--given", action="append", default=[], help="a relation that holds besides: 'a < b'")
    parser.add_argument("--jobs", type=int, help="processes to use")
    options = parser.parse_args(arguments)
    if (options.latex is None) == (options.path is None):
        parser.error("give a notebook or a folder, or --latex")
    if options.latex is not None:
        return one(options.latex, options.where, options.given)
    if not options.path.exists():
        parser.error(f"{options.path} does not exist")
    return ledger(options.path, options.jobs)


if __name__ == "__main__":
    sys.exit(main())
