"""Which claims Coq's kernel has accepted: their links as statements, and the certificates kept in proofs/."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypedDict

from ..verify.coq.statement import Statement, statements
from ..verify.ledger import Session
from ..verify.meaning.problem import Problem, pose
from ..verify.verdict import HELD


def digest(said: str) -> str:
    """A fingerprint of a text."""
    return sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Link:
    """One relation of a claim that held, as a statement of Coq."""

    page: str
    label: str
    latex: str
    number: int  # from 1
    of: int
    statement: str
    kind: str
    refused: str = ""  # why there is no statement

    @property
    def name(self) -> str:
        """What its theorem is called."""
        plain = re.sub(r"\W", "_", self.label)
        return plain if self.of == 1 else f"{plain}_{self.number}"

    @property
    def key(self) -> str:
        """What its certificate is filed under."""
        return f"{self.label} {self.number}"

    def digest(self, script: str) -> str:
        """Of the formula, the statement and a proof: what a certificate is for."""
        return digest(f"{self.latex}\n{self.statement}\n{script}")


class Certificate(TypedDict):
    """That Coq accepted a link's proof."""

    digest: str
    proof: str  # the script
    by: str  # "tactic", or "hand"


class Certificates(TypedDict):
    """All of them, and the library that they were made with."""

    library: str
    theorems: dict[str, str]  # of each file in proofs/theorems that Coq accepted, its digest
    links: dict[str, Certificate]


def posed(entries: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Problem]]:
    """The claims of one notebook that held, each as a problem; definitions are put in."""
    session = Session()
    for entry in entries:
        if entry["kind"] == "definition":
            session.define(entry["label"], entry["latex"], entry["given"], entry["where"])
        elif entry["status"] in HELD:
            given, using = session.resolved(entry["given"])
            where = [*(w for u in using for w in u.where), *entry["where"]]
            yield entry, pose(entry["latex"], given, where, using, entry["conventions"])


def links_of(page: str, entries: Iterable[dict[str, Any]]) -> list[Link]:
    """The links of a notebook's claims."""
    found = []
    for entry, problem in posed(entries):
        said = statements(problem)
        for number, statement in enumerate(said, 1):
            start = (page, str(entry["label"]), str(entry["latex"]), number, len(said))
            if isinstance(statement, Statement):
                found.append(Link(*start, str(statement), statement.kind))
            else:
                found.append(Link(*start, "", "", str(statement)))
    return found


def certificates(path: Path) -> Certificates:
    """What is kept in a file; nothing, if there is none."""
    if not path.exists():
        return {"library": "", "theorems": {}, "links": {}}
    found: Certificates = json.loads(path.read_text(encoding="utf-8"))
    return found


def library_digest(proofs: Path) -> str:
    """Of the files that the proofs rest on."""
    said = "".join(path.name + path.read_text(encoding="utf-8") for path in sorted(proofs.glob("*.v")))
    return digest(said)


def theorems_digest(proofs: Path) -> dict[str, str]:
    """Of each file of theorems."""
    return {path.name: digest(path.read_text(encoding="utf-8")) for path in sorted((proofs / "theorems").glob("*.v"))}


def proved(page: str, entries: list[dict[str, Any]], proofs: Path) -> dict[str, str]:
    """The claims of which every link has a certificate that fits what stands now, with their theorems and proofs."""
    kept = certificates(proofs / "certificates.json")
    if kept["library"] != library_digest(proofs):
        return {}
    by_claim: dict[str, list[Link]] = {}
    for link in links_of(page, entries):
        by_claim.setdefault(link.label, []).append(link)
    whole = {label: own for label, own in by_claim.items() if all(certified(link, kept) for link in own)}
    return {label: "\n\n".join(theorem(link, kept) for link in own) for label, own in whole.items()}


def theorem(link: Link, kept: Certificates) -> str:
    """A link's statement and proof, as they stand in the generated file."""
    return f"Theorem {link.name} :\n{link.statement}.\nProof.\n{kept['links'][link.key]['proof']}\nQed."


def certified(link: Link, kept: Certificates) -> bool:
    """Whether a certificate fits a link, and the proof in it is the one that was accepted."""
    own = kept["links"].get(link.key)
    return bool(link.statement) and own is not None and own["digest"] == link.digest(own["proof"])


REASONS = {  # what the translation says of what it leaves out, for a reader
    "there is a letter": "it says that there is a number with a property, for which a statement has no place yet",
    "infinity as a number": "an improper integral stands on both sides",
    "the relation !=": "it says that two values differ, for which a chain has no word yet",
}


def unproved(page: str, entries: list[dict[str, Any]], proofs: Path) -> dict[str, str]:
    """The claims that held and are not proved, with why: not translated, or translated and not proved."""
    kept = certificates(proofs / "certificates.json")
    fits = kept["library"] == library_digest(proofs)
    found: dict[str, str] = {}
    for link in links_of(page, entries):
        if link.refused:
            found[link.label] = f"not translated: {REASONS.get(link.refused, link.refused)}"
        elif not (fits and certified(link, kept)):
            found.setdefault(link.label, "translated, and not proved")
    return found


def lemmas(proofs: Path) -> dict[str, str]:
    """The library's lemmas, with the file of each; the tactics' own are left out."""
    found: dict[str, str] = {}
    for path in sorted(proofs.glob("*.v")):
        if path.stem != "Tactics":
            names = re.findall(r"^Lemma ([\w']+)", path.read_text(encoding="utf-8"), re.MULTILINE)
            found |= dict.fromkeys(names, path.name)
    return found


def rests_on(proofs: Path) -> dict[str, tuple[str, ...]]:
    """The lemmas of the library that the proof of each claim names, by label."""
    known, found = lemmas(proofs), dict[str, list[str]]()
    for key, own in certificates(proofs / "certificates.json")["links"].items():
        words = [w for w in re.findall(r"[A-Za-z_][\w']*", own["proof"]) if w in known]
        found.setdefault(key.split()[0], []).extend(words)
    return {label: tuple(dict.fromkeys(words)) for label, words in found.items()}
