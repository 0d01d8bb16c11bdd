"""`make proofs`: translate, prove, compile, look at the axioms, write the certificates.

python -m tools.proofs [--search] [--all] [PAGE ...]

What has a fitting certificate is kept. Anything else is tried with the proof by hand, or the tactic that proved it
before; `--search` tries the other tactics of its kind as well, and `--all` compiles every page anew.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed

from lossutils.book.certificates import (
    Certificates,
    Link,
    certificates,
    certified,
    library_digest,
    theorems_digest,
)

from . import axioms, book, coq
from .links import ROOT, links
from .portfolio import TACTICS

PROOFS = ROOT / "proofs"
CERTIFICATES = PROOFS / "certificates.json"
FOUND = PROOFS / "tactics.json"
SECONDS = 5  # for one tactic, in a search
PART = 25  # links in one generated file
Proofs = list[tuple[Link, str]]


def script_of(tactic: str) -> str:
    """A tactic of the portfolio as a whole proof."""
    return f"start. all: {tactic}."


def known(found: list[Link]) -> dict[str, str]:
    """The script to be tried for each link: by hand, or a tactic that a search found."""
    by_hand = book.scripts(PROOFS)
    unused = sorted(set(by_hand) - {link.key for link in found})
    if unused:
        print(f"proofs by hand of no link: {', '.join(unused)}")
    return {**{key: script_of(tactic) for key, tactic in tactics().items()}, **by_hand}


def tactics() -> dict[str, str]:
    """The tactic that a search found for each link."""
    found: dict[str, str] = json.loads(FOUND.read_text(encoding="utf-8")) if FOUND.exists() else {}
    return found


def searched(todo: list[Link]) -> dict[str, str]:
    """Scripts for links that have none, from the portfolio."""
    print(f"searching for proofs of {len(todo)} links")
    posed = [coq.Posed(link.name, link.statement, TACTICS[link.kind]) for link in todo]
    said = coq.trial(PROOFS, posed, SECONDS)
    new = {link.key: said[link.name] for link in todo if not said[link.name].startswith("(")}
    FOUND.write_text(json.dumps({**tactics(), **new}, indent=1) + "\n", encoding="utf-8")
    return {key: script_of(tactic) for key, tactic in new.items()}


def part_of(found: list[Link]) -> dict[str, str]:
    """The generated file of each link: a page's links in runs of a fixed length, so that little is compiled anew."""
    count: Counter[str] = Counter()
    parts = {}
    for link in found:
        parts[link.key] = f"{link.page}_{count[link.page] // PART + 1}"
        count[link.page] += 1
    return parts


def compiled(parts: dict[str, Proofs]) -> Iterator[tuple[str, Proofs, str]]:
    """Every part through Coq, two at a time: what was accepted in it, and what axioms Coq names."""
    (PROOFS / "book").mkdir(exist_ok=True)
    with ThreadPoolExecutor(coq.PROCESSES) as pool:
        running = {pool.submit(book.build, PROOFS, part, proofs): part for part, proofs in parts.items()}
        for future in as_completed(running):
            yield (running[future], *future.result())


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.proofs")
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--search", action="store_true")
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args(arguments)
    start = time.monotonic()
    found, kept = links(), certificates(CERTIFICATES)
    library = library_digest(PROOFS)  # of the files that are compiled here: they may be edited meanwhile
    same_library = kept["library"] == library
    by_script = known(found)
    new = [link for link in found if link.statement and not (same_library and certified(link, kept))]
    if not coq.installed():
        print("Coq is not installed here: nothing was proved or compiled")
        return report(found, time.monotonic() - start)
    if options.search:
        coq.build_library(PROOFS)
        todo = [link for link in new if link.key not in by_script]
        by_script |= searched([link for link in todo if not options.pages or link.page in options.pages])
    parts = part_of(found)
    changed = {parts[link.key] for link in new if link.key in by_script}
    changed |= {p for p in set(parts.values()) if options.all or not says(p, found, parts, kept)}
    wanted: dict[str, Proofs] = {part: [] for part in sorted(changed)}
    for link in found:
        if parts[link.key] in wanted and link.key in by_script and link.statement:
            wanted[parts[link.key]].append((link, by_script[link.key]))
    coq.build_library(PROOFS)
    theorems_ = theorems_digest(PROOFS)
    fits = {name for name, own in theorems_.items() if same_library and kept["theorems"].get(name) == own}
    audited(coq.build_theorems(PROOFS, fits))
    by_hand = set(book.scripts(PROOFS))
    if not same_library:
        kept = {"library": library, "theorems": {}, "links": {}}
    if kept["theorems"] != theorems_:
        kept = kept | {"theorems": theorems_}
        save(kept)
    for part, proofs, said in compiled(wanted):
        kept = renewed(found, kept, {k for k, p in parts.items() if p == part}, proofs, said, by_hand)
        save(kept)
        print(f"    {part}: {len(proofs)} proofs, {time.monotonic() - start:.0f} s", flush=True)
    for path in (*(PROOFS / "book").glob("*.v"), *(PROOFS / "statements").glob("*.v")):  # of links that are gone
        if path.stem not in parts.values():
            path.unlink()
    return report(found, time.monotonic() - start)


def save(kept: Certificates) -> None:
    """Write the certificates, unless a file that they are about was edited since it was compiled."""
    if kept["library"] != library_digest(PROOFS) or kept["theorems"] != theorems_digest(PROOFS):
        raise RuntimeError("the library or a theorem was edited while it was compiled: nothing is certified")
    CERTIFICATES.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def says(part: str, found: list[Link], parts: dict[str, str], kept: Certificates) -> bool:
    """Whether the generated files are there, and say what is certified of their links."""
    own = [(k, kept["links"][k.key]["proof"]) for k in found if parts[k.key] == part and k.key in kept["links"]]
    wanted = book.files(PROOFS, part, own).items()
    return all(path.exists() and path.read_text(encoding="utf-8") == text for path, text in wanted)


def renewed(
    found: list[Link], kept: Certificates, part: set[str], proofs: Proofs, said: str, by_hand: set[str]
) -> Certificates:
    """The certificates, those of one part made anew."""
    audited(said)
    current = {link.key: n for n, link in enumerate(found)}
    links_ = {key: own for key, own in kept["links"].items() if key in current and key not in part}
    for link, script in proofs:
        by = "hand" if link.key in by_hand else "tactic"
        links_[link.key] = {"digest": link.digest(script), "proof": script, "by": by}
    return kept | {"links": dict(sorted(links_.items(), key=lambda kv: current[kv[0]]))}


def audited(said: str) -> None:
    """Stop at an axiom that is none of classical analysis nor of the machine's numbers."""
    if strange := axioms.strange(said):
        raise RuntimeError(f"axioms that are none of classical analysis: {', '.join(sorted(strange))}")


def report(found: list[Link], seconds: float) -> int:
    """How much is proved; whether a word stands somewhere that leaves a proof out."""
    kept = certificates(CERTIFICATES)
    claims: dict[str, list[Link]] = {}
    for link in found:
        claims.setdefault(link.label, []).append(link)
    whole = sum(all(certified(link, kept) for link in own) for own in claims.values())
    links_proved = sum(certified(link, kept) for link in found)
    print(f"{whole} of {len(claims)} claims proved, {links_proved} of {len(found)} links, in {seconds:.0f} s")
    words = book.forbidden(PROOFS)
    for line in words:
        print(line)
    return bool(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
