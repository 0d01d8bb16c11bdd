"""Z3 on polynomial goals: atoms become unknowns, with what is known of each said beside the goal.

An answer counts for all values the unknowns may take, so it counts for those that the atoms take.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from fractions import Fraction
from math import lcm
from typing import Any

import z3

from ..expr import Expr, sub
from .algebra import Poly, Quotient, TooLarge, number, rank
from .known import Facts
from .normal import NoNormalForm, Normal

EFFORT = 60_000  # Z3's own units, the same on every machine
MOST_QUESTIONS = 400  # of one proof
MOST_ATOMS = 14
BUSY = 0  # questions being asked: an exception from outside must not cross Z3's constructors


class Solver:
    """Decides signs of quotients under the assumptions of a problem and some further conditions."""

    def __init__(self, normal: Normal) -> None:
        self.normal, self.domains = normal, normal.problem.domains
        self.answers: dict[tuple, bool] = {}

    def impossible(
        self,
        goals: Iterable[tuple[Quotient, str]],
        conditions: Iterable[Expr] = (),
        moving: frozenset[str] = frozenset(),
    ) -> bool:
        """Whether no values satisfy the conditions and all goals; a goal is a quotient and a relation to zero.

        Of the letters that are `moving` only the domains are used, not the relations assumed of them.
        """
        goals, conditions = list(goals), tuple(conditions)
        ranges = tuple(sorted(self.normal.ranges.items(), key=str))
        key = (tuple((q.key(), r) for q, r in goals), conditions, moving, ranges)
        if key not in self.answers:
            if len(self.answers) > MOST_QUESTIONS:
                raise TooLarge("too many questions")
            self.answers[key] = False
            global BUSY
            BUSY += 1
            try:
                with suppress(NoNormalForm, TooLarge, ZeroDivisionError, z3.Z3Exception):
                    self.answers[key] = Query(self, goals, conditions, moving).unsatisfiable()
            finally:
                BUSY -= 1
        return self.answers[key]

    def surely(
        self, q: Quotient, relation: str, conditions: Iterable[Expr] = (), moving: frozenset[str] = frozenset()
    ) -> bool:
        """Whether q > 0, q >= 0 or q != 0 for certain."""
        value = q.number()
        if value is not None:
            return value > 0 or (value == 0 and relation == ">=") or (value < 0 and relation == "!=")
        return self.impossible([(q, {">": "<=", ">=": "<", "!=": "="}[relation])], conditions, moving)


class Query(Facts):
    """One question to Z3."""

    def __init__(self, owner: Solver, goals: list, conditions: tuple[Expr, ...], moving: frozenset[str]) -> None:
        self.owner, self.normal = owner, owner.normal
        standing = [c for c in self.normal.problem.conditions if not c.free & moving]
        self.relations = [r for c in [*conditions, *standing] for r in self._relation(c)]
        self.goals = goals
        self.context = z3.Context()  # of its own: what was asked before must not matter
        self.unknowns: dict[Expr, Any] = {}
        self.scale: dict[Expr, int] = {}
        self.facts: list[Any] = []
        self.todo: list[Expr] = []

    def _relation(self, condition: Expr) -> list[tuple[Quotient, str]]:
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

    def unsatisfiable(self) -> bool:
        everything = [q for q, _ in [*self.goals, *self.relations]]
        for q in everything:
            self._measure(q)
        formulas = [self._compare(q, r) for q, r in [*self.goals, *self.relations]]
        done: set[Expr] = set()
        while pending := [a for a in sorted(self.unknowns, key=rank) if a not in done]:
            if len(self.unknowns) > MOST_ATOMS:
                return False
            for a in pending:
                done.add(a)
                self._know(a)
        self._know_pairs()
        solver = z3.SolverFor("QF_NRA", self.context)
        solver.set("rlimit", EFFORT)
        solver.add(*formulas, *self.facts)
        return solver.check() == z3.unsat

    # Translation

    def _measure(self, q: Quotient) -> None:
        for poly in [q.top, *map(dict, q.bottom)]:
            for m in poly:
                for a, n in m:
                    self.scale[a] = lcm(self.scale.get(a, 1), n.denominator)

    def _unknown(self, a: Expr) -> Any:
        if a not in self.unknowns:
            self.unknowns[a] = z3.Real(f"x{len(self.unknowns)}", self.context)
            if self.scale.setdefault(a, 1) > 1:
                self.facts.append(self.unknowns[a] >= 0)
        return self.unknowns[a]

    def _atom(self, a: Expr) -> Any:
        """The atom itself; where roots of it occur, the unknown is the root."""
        return self._unknown(a) ** self.scale.get(a, 1) if self.scale.get(a, 1) > 1 else self._unknown(a)

    def _poly(self, p: Poly) -> Any:
        """The polynomial times a square (or a product of positive unknowns) that clears negative exponents."""
        lowest: dict[Expr, Fraction] = {}
        for m in p:
            for a, n in m:
                lowest[a] = min(lowest.get(a, Fraction(0)), n)
        lift = {}
        for a, n in lowest.items():
            if n < 0:
                steps = -n if self.normal.is_positive(a) else -n + (-n % 2)
                lift[a] = steps
                self.facts.append(self._unknown(a) != 0)
        total: Any = z3.RealVal(0, self.context)
        for m, c in p.items():
            exponents = dict(m)
            term: Any = z3.RealVal(f"{c.numerator}/{c.denominator}", self.context)
            for a in {**exponents, **lift}:
                n = (exponents.get(a, Fraction(0)) + lift.get(a, Fraction(0))) * self.scale.get(a, 1)
                if n.denominator != 1 or n > 40:
                    raise TooLarge
                for _ in range(int(n)):
                    term = term * self._unknown(a)
            total = total + term
        return total

    def _compare(self, q: Quotient, relation: str) -> Any:
        top = self._poly(q.top)
        for f, n in q.bottom.items():
            below = self._poly(dict(f))
            self.facts.append(below != 0)
            if n % 2:
                top = top * below
        return {"=": top == 0, "<": top < 0, "<=": top <= 0, "!=": top != 0}[relation]

    def _of(self, e: Expr) -> Any:
        """A Z3 term for an expression that is a polynomial in its atoms."""
        q = self.normal.quotient(e)
        if q.bottom or any(n < 0 or n.denominator > 1 for m in q.top for _, n in m):
            raise NoNormalForm("not a polynomial")
        self._measure(q)
        return self._poly(q.top)
