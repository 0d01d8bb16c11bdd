"""python -m tools.proofs.audit: everything compiled as it stands in the repository, and a second checker's opinion.

Every generated file, every file of theorems and the library go through `coqc`; then `coqchk`, which shares no code of
tactics with it, reads the compiled files and names every axiom that is in reach. Those of classical real analysis are
taken for granted, those about the machine's integers and floats are marked, any other fails.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import axioms, book, coq
from .links import ROOT

PROOFS = ROOT / "proofs"
HEADING = re.compile(r"^\* (.+?):(.*)$")
BAD = ("type-in-type", "unsafe (co)fixpoints", "positivity")


def sources(proofs: Path) -> list[Path]:
    """What is compiled after the library."""
    return [
        *coq.theorem_files(proofs),
        *sorted((proofs / "refuted").glob("*.v")),
        *sorted((proofs / "book").glob("*.v")),
        *sorted((proofs / "statements").glob("*.v")),  # each needs its part: they come last, and after a pause
    ]


def summary(said: str) -> dict[str, list[str]]:
    """The lists in what coqchk said, by their headings."""
    found: dict[str, list[str]] = {}
    under = ""
    for line in said.splitlines():
        if heading := HEADING.match(line):
            under = heading[1]
            found[under] = [] if heading[2].strip() in ("", "<none>") else [heading[2].strip()]
        elif under and line.startswith("    "):
            found[under].append(line.strip())
    return found


def second_opinion(proofs: Path, files: list[Path]) -> str:
    """What coqchk says of the compiled files; the libraries of Coq itself are loaded and not checked again."""
    modules = [path.relative_to(proofs).with_suffix("") for path in (*coq.library(proofs), *files)]
    named = [word for m in modules for word in ("-norec", "Losses." + ".".join(m.parts))]
    done = subprocess.run(
        ["coqchk", "-silent", "-o", "-Q", str(proofs), "Losses", *named], capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"coqchk: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout + done.stderr


def faults(found: dict[str, list[str]]) -> list[str]:
    """What must not be in a summary."""
    strange = [f"an axiom: {axiom}" for axiom in found.get("Axioms", []) if axioms.kind(axiom) == "other"]
    loose = [f"{heading}: {x}" for heading, own in found.items() if any(b in heading for b in BAD) for x in own]
    return [*strange, *loose, *([] if "Axioms" in found else ["coqchk named no axioms at all"])]


def compiled(files: list[Path]) -> list[str]:
    """Compile files that do not need each other; what fails, and what rests on a strange axiom or names none."""
    failed = []
    with ThreadPoolExecutor(coq.PROCESSES) as pool:
        for path, (wrong, said) in zip(files, pool.map(lambda p: coq.compiled(PROOFS, p), files), strict=True):
            strange = axioms.strange(said)
            if wrong or strange or not (axioms.asked(said) or path.parent.name == "refuted"):
                failed.append(f"{path.parent.name}/{path.name}: {said if wrong else strange or 'no axioms asked for'}")
    return failed


def main() -> int:
    """Compile, ask, print."""
    start = time.monotonic()
    if not coq.installed():
        print("Coq is not installed here")
        return 1
    coq.build_library(PROOFS)
    files, failed = sources(PROOFS), []
    statements = [path for path in files if path.parent.name == "statements"]
    for batch in ([path for path in files if path not in statements], statements):
        failed += compiled(batch)
    print(f"{len(files)} files compiled, in {time.monotonic() - start:.0f} s")
    failed += [] if failed else report(second_opinion(PROOFS, files))
    failed += book.forbidden(PROOFS)
    print("\n".join(failed) or f"the audit is clean, after {time.monotonic() - start:.0f} s")
    return bool(failed)


def report(said: str) -> list[str]:
    """Print the axioms that coqchk named, by kind; what must not be among them."""
    found = summary(said)
    for own, title in (
        ("analysis", "axioms of classical real analysis"),
        ("machine", "MACHINE: axioms about machine integers and floats, of the tactic interval"),
        ("other", "OTHER axioms"),
    ):
        named = sorted(axiom for axiom in found.get("Axioms", []) if axioms.kind(axiom) == own)
        print(f"{title}: {len(named)}", *(f"    {axiom}" for axiom in named), sep="\n")
    return faults(found)


if __name__ == "__main__":
    sys.exit(main())
