"""`make proofs`: translate, prove, compile, look at the axioms, write the certificates.

python -m tools.proofs [--search] [--all] [PAGE ...]

What has a fitting certificate is kept. Anything else is tried with the proof by hand, or the tactic that proved it before;
`--search` tries the other tactics of its kind as well, and `--all` compiles every page anew.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lossutils.book.certificates import Certificate, Certificates, Link, certificates, certified, library_digest

from . import book, coq
from .links import ROOT, links
from .portfolio import TACTICS

PROOFS = ROOT / "proofs"
CERTIFICATES = PROOFS / "certificates.json"
SECONDS = 5  # for one tactic, in a search


def script_of(tactic: str) -> str:
    """A tactic of the portfolio as a whole proof."""
    return f"start. all: {tactic}."


def known(found: list[Link], kept: Certificates) -> dict[str, str]:
    """The script to be tried for each link: by hand, or what proved it before."""
    by_hand = book.scripts(PROOFS)
    unused = sorted(set(by_hand) - {link.key for link in found})
    if unused:
        print(f"proofs by hand of no link: {', '.join(unused)}")
    before = {key: own["proof"] for key, own in kept["links"].items() if own["by"] == "tactic"}
    return {**before, **by_hand}


def searched(todo: list[Link]) -> dict[str, str]:
    """Scripts for links that have none, from the portfolio."""
    print(f"searching for proofs of {len(todo)} links")
    posed = [coq.Posed(link.name, link.statement, TACTICS[link.kind]) for link in todo]
    said = coq.trial(PROOFS, posed, SECONDS)
    return {link.key: script_of(said[link.name]) for link in todo if not said[link.name].startswith("(")}


def compiled(pages: dict[str, list[tuple[Link, str]]]) -> dict[str, tuple[list[tuple[Link, str]], str]]:
    """Every page's file through Coq, two at a time, the longest first."""
    (PROOFS / "book").mkdir(exist_ok=True)
    order = sorted(pages, key=lambda page: -len(pages[page]))
    with ThreadPoolExecutor(coq.PROCESSES) as pool:
        return dict(zip(order, pool.map(lambda page: book.build(PROOFS, page, pages[page]), order), strict=True))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.proofs")
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--search", action="store_true")
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args(arguments)
    start = time.monotonic()
    found, kept = links(), certificates(CERTIFICATES)
    same_library = kept["library"] == library_digest(PROOFS)
    by_script = known(found, kept)
    new = [link for link in found if link.statement and not (same_library and certified(link, kept))]
    changed = {link.page for link in new if link.key in by_script} | ({link.page for link in found} if options.all else set())
    changed |= {link.page for link in found if not (PROOFS / "book" / f"{link.page}.v").exists()}
    if new and not coq.installed():
        print("Coq is not installed here")
        return 1
    if coq.installed() and (changed or options.search):
        coq.build_library(PROOFS)
    if options.search:
        todo = [link for link in new if link.key not in by_script]
        by_script |= searched([link for link in todo if not options.pages or link.page in options.pages])
        changed |= {link.page for link in todo if link.key in by_script}
    wanted = {page: [(k, by_script[k.key]) for k in found if k.page == page and k.statement and k.key in by_script] for page in changed}
    accepted = compiled(wanted)
    write(found, kept, accepted, by_hand=set(book.scripts(PROOFS)))
    return report(found, time.monotonic() - start)


def write(found: list[Link], kept: Certificates, accepted: dict[str, tuple[list[tuple[Link, str]], str]], by_hand: set[str]) -> None:
    """The certificates of what was accepted now, and of what was not looked at again."""
    current = {link.key: link for link in found}
    links_: dict[str, Certificate] = {
        key: own for key, own in kept["links"].items() if key in current and current[key].page not in accepted
    }
    for proofs, said in accepted.values():
        if strange := book.axioms(said) - book.REALS - set(filter(machine, book.axioms(said))):
            raise RuntimeError(f"axioms that are none of classical analysis: {', '.join(sorted(strange))}")
        for link, script in proofs:
            by = "hand" if link.key in by_hand else "tactic"
            axioms = "reals and machine numbers" if "interval" in script or "nu_" in script else "reals"
            links_[link.key] = {"digest": link.digest, "proof": script, "by": by, "axioms": axioms}
    order = {link.key: n for n, link in enumerate(found)}
    data = {"library": library_digest(PROOFS), "links": dict(sorted(links_.items(), key=lambda kv: order[kv[0]]))}
    CERTIFICATES.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def machine(name: str) -> bool:
    """Whether an axiom says what machine integers and floats do."""
    return name.startswith(("PrimInt63.", "PrimFloat.", "Uint63.", "FloatAxioms.", "FloatOps.", "Int63.", "Sint63."))


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
