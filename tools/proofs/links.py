"""The links of the book's claims, as statements of Coq, with the names that their theorems have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from lossutils.verify.coq.statement import Statement, statements
from lossutils.verify.ledger import Session, carried, notebooks
from lossutils.verify.meaning.problem import Problem, pose
from lossutils.verify.verdict import HELD

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("chapters", "appendix")


@dataclass(frozen=True)
class Link:
    """One relation of a claim."""

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

    @property
    def digest(self) -> str:
        """Of the formula and the statement: what a certificate is for."""
        return sha256(f"{self.latex}\n{self.statement}".encode()).hexdigest()[:16]


def problems(root: Path = ROOT) -> Iterator[tuple[str, dict[str, object], Problem]]:
    """Every claim of the book that held, posed anew."""
    for folder in FOLDERS:
        for path in notebooks(root / folder):
            session = Session()
            for entry in carried(path):
                if entry["kind"] == "definition":
                    session.define(entry["label"], entry["latex"], entry["given"], entry["where"])
                    continue
                if entry["status"] not in HELD:
                    continue
                given, using = session.resolved(entry["given"])
                where = [*(w for u in using for w in u.where), *entry["where"]]
                yield path.stem, entry, pose(entry["latex"], given, where, using, entry["conventions"])


def links(root: Path = ROOT) -> list[Link]:
    """All links of all claims that held."""
    found = []
    for page, entry, problem in problems(root):
        said = statements(problem)
        for number, statement in enumerate(said, 1):
            label, latex = str(entry["label"]), str(entry["latex"])
            if isinstance(statement, Statement):
                found.append(Link(page, label, latex, number, len(said), str(statement), statement.kind))
            else:
                found.append(Link(page, label, latex, number, len(said), "", "", str(statement)))
    return found
