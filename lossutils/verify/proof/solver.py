"""Z3 on polynomial goals: atoms become unknowns, with what is known of each said beside the goal.

An answer counts for all values the unknowns may take, so it counts for those that the atoms take. What is known of an
atom comes from `known`; a fact that is more than a sign or a definition carries its name, and which of them an answer
needed is read off Z3's core.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import z3

from ..expr import Expr, sub
from . import known
from .algebra import Quotient, TooLarge, number
from .form import NoNormalForm
from .normal import NormalForm
from .query import Goal, Query

EFFORT = 60_000  # Z3's own units, the same on every machine
MOST_QUESTIONS = 400  # of one proof
MOST_ATOMS = 14
BUSY = 0  # questions being asked: an exception from outside must not cross Z3's constructors


class Solver:
    """Decides signs of quotients under the assumptions of a problem and some further conditions."""

    def __init__(self, normal: NormalForm) -> None:
        self.normal, self.domains = normal, normal.problem.domains
        self.answers: dict[tuple[Any, ...], frozenset[str] | None] = {}
        self.lemmas: set[str] = set()  # that the answers so far rest on
        self.barred: list[Quotient] = []  # what is to be proved, which no lemma may say

    def impossible(
        self, goals: Iterable[Goal], conditions: Iterable[Expr] = (), moving: frozenset[str] = frozenset()
    ) -> bool:
        """Whether no values satisfy the conditions and all goals.

        Of the letters that are `moving` only the domains are used, not the relations assumed of them.
        """
        goals, conditions = list(goals), tuple(conditions)
        ranges = tuple(sorted((n, r.key) for n, r in self.normal.ranges.items()))
        barred = tuple(q.key() for q in self.barred)
        key = (tuple((q.key(), r) for q, r in goals), conditions, moving, ranges, barred)
        if key not in self.answers:
            if len(self.answers) > MOST_QUESTIONS:
                raise TooLarge("too many questions")
            self.answers[key] = None
            self.answers[key] = self._asked(goals, conditions, moving)
        found = self.answers[key]
        self.lemmas |= found or set()
        return found is not None

    def _asked(self, goals: list[Goal], conditions: tuple[Expr, ...], moving: frozenset[str]) -> frozenset[str] | None:
        """The lemmas that make it impossible; None if it may be possible."""
        global BUSY
        BUSY += 1
        try:
            with suppress(NoNormalForm, TooLarge, ZeroDivisionError, z3.Z3Exception):
                return self._core(goals, conditions, moving)
        finally:
            BUSY -= 1
        return None

    def _core(self, goals: list[Goal], conditions: tuple[Expr, ...], moving: frozenset[str]) -> frozenset[str] | None:
        query = Query(self.normal, self.domains, self.surely, self.barred)
        standing = [c for c in self.normal.problem.conditions if not c.free & moving]
        everything = [*goals, *(r for c in [*conditions, *standing] for r in self._relation(c))]
        for q, _ in everything:
            query.measure(q)
        formulas = [query.relation(goal) for goal in everything]
        done: set[Expr] = set()
        while pending := [a for a in sorted(query.unknowns, key=lambda a: a.key) if a not in done]:
            if len(query.unknowns) > MOST_ATOMS:
                return None
            for a in pending:
                done.add(a)
                known.of_atom(query, a)
        known.of_pairs(query)
        needed = {lemma for lemma, _ in query.facts if lemma}
        if not query.contradicts(formulas, needed, EFFORT):
            return None
        for lemma in sorted(needed):
            if query.contradicts(formulas, needed - {lemma}, EFFORT):
                needed.discard(lemma)
        return frozenset(needed)

    def _relation(self, condition: Expr) -> list[Goal]:
        """A condition as a quotient and its relation to zero; log a < b also as a < exp(b)."""
        if condition.head not in ("=", "<", "<=", "!="):
            return []
        try:
            q = self.normal.quotient(sub(*condition.args))
            found = [(q, condition.head)]
            if not q.bottom and any(a.head == "log" for m in q.top for a, _ in m):
                found.append((self.normal.exponential(q.top) - number(1), condition.head))
            return found
        except (NoNormalForm, TooLarge, ZeroDivisionError):
            return []

    def surely(
        self, q: Quotient, relation: str, conditions: Iterable[Expr] = (), moving: frozenset[str] = frozenset()
    ) -> bool:
        """Whether q > 0, q >= 0 or q != 0 for certain."""
        value = q.number()
        if value is not None:
            return value > 0 or (value == 0 and relation == ">=") or (value < 0 and relation == "!=")
        return self.impossible([(q, {">": "<=", ">=": "<", "!=": "="}[relation])], conditions, moving)
