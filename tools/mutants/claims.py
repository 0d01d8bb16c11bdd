"""Every wrong variant of every claim: does a point, or at least a proof, tell it from the claim?

All sites are changed, not a draw of them. What a point refutes is also put to the rules of proof alone, which see no
point: if they prove it, a rule is unsound.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from lossutils.verify.controls import Fates
from lossutils.verify.judge import Judge, turned
from lossutils.verify.ledger import Session, carried
from lossutils.verify.meaning.definitions import ClaimError
from lossutils.verify.meaning.problem import Problem, pose
from lossutils.verify.numbers import use_precision
from lossutils.verify.points.minima import Optima
from lossutils.verify.points.sample import Sampler
from lossutils.verify.proof.guard import Guard
from lossutils.verify.timing import TimeUp, time_limit
from lossutils.verify.variants import every
from lossutils.verify.verdict import HELD

POINTS, BITS = 60, 256
SECONDS, SECONDS_BLIND = 20, 5  # after which a variant is counted as late


def posed(path: Path, at: int) -> Problem:
    """The claim that a notebook carries at a place, with the definitions above it."""
    session, entries = Session(), carried(path)
    for entry in entries[:at]:
        if entry["kind"] == "definition":
            session.define(entry["label"], entry["latex"], entry["given"], entry["where"])
    entry = entries[at]
    given, using = session.resolved(entry["given"])
    return pose(entry["latex"], given, entry["where"], using, entry["conventions"])


def examined(path: Path, at: int, blind: int = 10**6) -> dict[str, Any]:
    """What became of every variant of a claim; so many of the refuted are put to the rules alone."""
    entry = carried(path)[at]
    use_precision(BITS)
    problem = posed(path, at)
    points = list(Sampler(problem).points(POINTS))
    for point in points:
        point.optima = Optima(problem.declared)
    fates, unsound, late, alone, alone_late = Fates(problem, points), [], [], 0, 0
    assert problem.statement is not None
    for _, name, variant in dict.fromkeys(every(problem.statement)):
        with suppress(ClaimError, ValueError):
            sides = [problem.settle(s) for s in variant.sides]
            altered = replace(problem, sides=sides, relations=list(variant.relations))
            before = fates.refuted
            try:
                with time_limit(SECONDS):
                    fates.add(name, altered)
            except TimeUp:
                late.append(name)
                continue
            if fates.refuted > before and blind:
                blind, alone = blind - 1, alone + 1
                try:
                    with time_limit(SECONDS_BLIND):
                        if proved_blindly(altered, problem):
                            unsound.append(name)
                except TimeUp:
                    alone_late += 1
    found = fates.controls(fates.made)
    return {
        "label": entry["label"],
        "held": entry["status"] in HELD,
        "made": found.made,
        "refuted": found.refuted,
        "undefined": found.undefined,
        "true": len(found.true),
        "undecided": [*found.undecided, *found.survivors],
        "alone": alone,
        "unsound": unsound,
        "late": late,
        "alone_late": alone_late,
    }


def proved_blindly(variant: Problem, claim: Problem) -> bool:
    """Whether the rules alone prove each link of a wrong variant that differs from the claim's."""
    changed = [
        n
        for n in range(len(variant.relations))
        if variant.sides[n : n + 2] != claim.sides[n : n + 2] or variant.relations[n] != claim.relations[n]
    ]
    with patch.object(Guard, "plausible", lambda *_: True), patch.object(Guard, "possible", lambda *_: False):
        judge = Judge(variant, [])
        links = (turned(variant.sides[n], variant.relations[n], variant.sides[n + 1]) for n in changed)
        return bool(changed) and all(judge.proved(a, relation, b) is not None for a, relation, b in links)
