"""A question as Z3 gets it: unknowns for atoms, polynomials in them, and the facts that are said of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

import z3

from ..expr import Expr
from ..meaning.domains import Domain
from .algebra import Poly, Quotient, TooLarge
from .form import NoNormalForm
from .normal import NormalForm

Goal = tuple[Quotient, str]  # a quotient and its relation to zero


@dataclass
class Query:
    """The unknowns of one question and what is said of them."""

    normal: NormalForm
    domains: Mapping[str, Domain]
    surely: Callable[[Quotient, str], bool]  # asks another question
    barred: list[Quotient]  # what is to be proved, which no lemma may say
    context: Any = field(default_factory=z3.Context)  # of its own: what was asked before must not matter
    unknowns: dict[Expr, Any] = field(default_factory=dict)
    scale: dict[Expr, int] = field(default_factory=dict)
    facts: list[tuple[str, Any]] = field(default_factory=list)  # the name of a lemma, or nothing, and what it says

    def say(self, *facts: Any, lemma: str = "") -> None:
        """Add facts, of a lemma or plain ones."""
        self.facts += [(lemma, fact) for fact in facts]

    def contradicts(self, formulas: list[Any], lemmas: set[str], effort: int) -> bool:
        """Whether some formulas cannot hold with the plain facts and those of some lemmas."""
        solver = z3.SolverFor("QF_NRA", self.context)
        solver.set("rlimit", effort)
        solver.add(*formulas, *(fact for lemma, fact in self.facts if not lemma or lemma in lemmas))
        return bool(solver.check() == z3.unsat)

    def says_the_goal(self, difference: Expr) -> bool:
        """Whether a lemma's statement, that this is not negative, is what is to be proved."""
        try:
            q = self.normal.quotient(difference)
        except (NoNormalForm, TooLarge, ZeroDivisionError):
            return False
        return any(_multiple(q, goal) for goal in self.barred)

    def relation(self, goal: Goal) -> Any:
        """A quotient's relation to zero, its denominators, which are not zero where it has a value, multiplied out."""
        q, relation = goal
        top = self._poly(q.top)
        for f, n in q.bottom.items():
            below = self._poly(dict(f))
            self.say(below != 0)
            if n % 2:
                top = top * below
        return {"=": top == 0, "<": top < 0, "<=": top <= 0, "!=": top != 0}[relation]

    def measure(self, q: Quotient) -> None:
        for poly in [q.top, *map(dict, q.bottom)]:
            for m in poly:
                for a, n in m:
                    self.scale[a] = lcm(self.scale.get(a, 1), n.denominator)

    def _unknown(self, a: Expr) -> Any:
        if a not in self.unknowns:
            self.unknowns[a] = z3.Real(f"x{len(self.unknowns)}", self.context)
            if self.scale.setdefault(a, 1) > 1:
                self.say(self.unknowns[a] >= 0)
        return self.unknowns[a]

    def atom(self, a: Expr) -> Any:
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
                steps = -n if self.normal.positive_atom(a) else -n + (-n % 2)
                lift[a] = steps
                self.say(self._unknown(a) != 0)
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

    def term(self, e: Expr) -> Any:
        """A Z3 term for an expression that is a polynomial in its atoms."""
        q = self.normal.quotient(e)
        if q.bottom or any(n < 0 or n.denominator > 1 for m in q.top for _, n in m):
            raise NoNormalForm("not a polynomial")
        self.measure(q)
        return self._poly(q.top)


def _multiple(a: Quotient, b: Quotient) -> bool:
    """Whether one is a positive multiple of the other."""
    if a.bottom != b.bottom or set(a.top) != set(b.top) or not a.top:
        return False
    ratios = {a.top[m] / b.top[m] for m in a.top}
    return len(ratios) == 1 and ratios.pop() > 0
