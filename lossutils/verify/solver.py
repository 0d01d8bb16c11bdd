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
from flint import arb

from .algebra import Poly, Quotient, TooLarge, number, rank
from .assume import REAL, Family, Finite, Index, Scalar, Simplex, Subset
from .expr import ONE, Expr, sub, substitute
from .normal import NoNormalForm, Normal
from .numbers import use_precision

EFFORT = 60_000  # Z3's own units, the same on every machine
MOST_QUESTIONS = 250  # of one proof
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
                    self.answers[key] = _Query(self, goals, conditions, moving).unsatisfiable()
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


class _Query:
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

    # What is known of an atom

    def _know(self, a: Expr) -> None:
        known = getattr(self, f"_know_{a.head}", None)
        if known is not None:
            try:
                known(a)
            except (NoNormalForm, TooLarge, ZeroDivisionError):
                return

    def _know_sym(self, a: Expr) -> None:
        domain = self.owner.domains.get(a.args[0], REAL)
        self._domain(self._atom(a), domain)
        range_ = self.normal.ranges.get(a.args[0])
        if range_ is not None and range_.head == "range":
            self.facts += [self._atom(a) >= self._of(range_.args[0]), self._atom(a) <= self._of(range_.args[1])]

    def _know_idx(self, a: Expr) -> None:
        domain = self.owner.domains.get(a.args[0])
        x = self._atom(a)
        if isinstance(domain, Simplex):
            self.facts += [x > 0 if domain.inner else x >= 0, x <= 1]
        elif isinstance(domain, Family):
            self._domain(x, domain.component)

    def _domain(self, x: Any, domain: Any) -> None:
        if isinstance(domain, Finite):
            self.facts.append(z3.Or([x == self._of(v) for v in domain.values]))
        elif isinstance(domain, Scalar):
            if domain.low is not None:
                low = self._of(domain.low)
                self.facts.append(x >= low if domain.low_closed else x > low)
            if domain.high is not None:
                high = self._of(domain.high)
                self.facts.append(x <= high if domain.high_closed else x < high)
            if domain.nonzero:
                self.facts.append(x != 0)
        elif isinstance(domain, Index) and domain.within is None and domain.outside is None:
            self.facts.append(x >= self._of(domain.low))
            if domain.high is not None:
                self.facts.append(x <= self._of(domain.high))

    def _know_exp(self, a: Expr) -> None:
        e = self._unknown(a)
        self.facts.append(e > 0)
        if a.args[0] is ONE:
            self._between(self._atom(a), arb(1).exp())
            return
        x = self._of(a.args[0])
        e = self._atom(a)
        self.facts += [z3.Implies(x > 0, e > 1), z3.Implies(x < 0, e < 1), z3.Implies(x == 0, e == 1), e >= 1 + x]

    def _know_log(self, a: Expr) -> None:
        inside = a.args[0]
        if inside.head == "num":
            use_precision(128)
            self._between(self._atom(a), arb(inside.args[0].numerator).log())
            return
        x, y = self._of(inside), self._atom(a)
        self.facts += [z3.Implies(x > 1, y > 0), z3.Implies(z3.And(x > 0, x < 1), y < 0), z3.Implies(x == 1, y == 0)]
        self.facts += [z3.Implies(x > 0, z3.And(y <= x - 1, x * y >= x - 1))]

    def _know_num(self, a: Expr) -> None:
        value = a.args[0]
        self.facts.append(self._atom(a) == z3.Q(value.numerator, value.denominator, self.context))

    def _know_const(self, a: Expr) -> None:
        if a.args[0] == "pi":
            self._between(self._atom(a), arb.pi())

    def _between(self, x: Any, ball: arb) -> None:
        low = int((ball * 2**40).lower().floor().unique_fmpz())
        self.facts += [x >= z3.Q(low, 2**40, self.context), x <= z3.Q(low + 2, 2**40, self.context)]

    def _know_abs(self, a: Expr) -> None:
        x, y = self._of(a.args[0]), self._atom(a)
        self.facts += [y >= 0, z3.Or(y == x, y == -x)]

    def _know_sign(self, a: Expr) -> None:
        x, y = self._of(a.args[0]), self._atom(a)
        self.facts += [z3.Or(z3.And(x > 0, y == 1), z3.And(x < 0, y == -1), z3.And(x == 0, y == 0))]

    def _know_bool(self, a: Expr) -> None:
        self.facts.append(z3.Or(self._atom(a) == 0, self._atom(a) == 1))

    def _know_card(self, a: Expr) -> None:
        self.facts.append(self._atom(a) >= 1)
        domain = self.owner.domains.get(a.args[0].args[0])
        if isinstance(domain, Subset):
            most = self._of(domain.length)
            self.facts.append(self._atom(a) <= most - 1 if domain.proper else self._atom(a) <= most)

    def _know_pow(self, a: Expr) -> None:
        base, n = a.args
        if n.head == "num" and n.args[0].denominator in (2, 3, 4) and 0 < n.args[0] < 1:
            self.facts += [self._atom(a) >= 0]
            power = self._atom(a)
            for _ in range(n.args[0].denominator - 1):
                power = power * self._atom(a)
            if n.args[0].numerator == 1:
                self.facts.append(power == self._of(base))

    def _know_sum(self, a: Expr) -> None:
        """A sum of nonnegative terms is nonnegative, and no less than any of them."""
        variable, range_, body = a.args
        normal = self.normal
        outer, normal.ranges = normal.ranges, {**normal.ranges, variable.args[0]: range_}
        try:
            inside = normal.quotient(body)
            terms_nonnegative = self.owner.surely(inside, ">=")
            terms_positive = terms_nonnegative and self.owner.surely(inside, ">")
        finally:
            normal.ranges = outer
        if not terms_nonnegative:
            return
        self.facts.append(self._atom(a) > 0 if terms_positive and self._nonempty(range_) else self._atom(a) >= 0)
        for index in self._indices(range_):
            self.facts.append(self._atom(a) >= self._of(substitute(body, variable.args[0], index)))
        self._know_part(a)

    def _know_part(self, a: Expr) -> None:
        """A sum over a set of indices is no more than the sum over all, where no term is negative."""
        variable, range_, body = a.args
        subset = self.owner.domains.get(range_.args[0].args[0]) if range_.head == "in" else None
        if not isinstance(subset, Subset):
            return
        full = Expr("range", ONE, subset.length)
        normal = self.normal
        outer, normal.ranges = normal.ranges, {**normal.ranges, variable.args[0]: full}
        try:
            nonnegative = self.owner.surely(normal.quotient(body), ">=")
        finally:
            normal.ranges = outer
        if nonnegative:
            self.facts.append(self._atom(a) <= self._of(Expr("sum", variable, full, body)))

    def _nonempty(self, range_: Expr) -> bool:
        if range_.head == "in":
            return True
        length = self.normal.quotient(sub(range_.args[1], range_.args[0]))
        return self.owner.surely(length, ">=")

    def _indices(self, range_: Expr) -> list[Expr]:
        """Free letters known to lie in a range."""
        found = []
        for name, domain in self.owner.domains.items():
            if not isinstance(domain, Index):
                continue
            index = Expr("sym", name)
            try:
                if self.normal.inside(index, range_) is ONE or (
                    range_.head == "in" and domain.within == range_.args[0].args[0]
                ):
                    found.append(index)
            except NoNormalForm:
                continue
        return found

    def _know_maxover(self, a: Expr) -> None:
        variable, range_, body = a.args
        for index in self._indices(range_):
            self.facts.append(self._atom(a) >= self._of(substitute(body, variable.args[0], index)))

    def _know_minover(self, a: Expr) -> None:
        variable, range_, body = a.args
        for index in self._indices(range_):
            self.facts.append(self._atom(a) <= self._of(substitute(body, variable.args[0], index)))

    # What is known of two atoms together

    def _know_pairs(self) -> None:
        atoms = sorted(self.unknowns, key=rank)
        for head in ("exp", "log"):
            same = [a for a in atoms if a.head == head and a.args[0] is not ONE]
            if len(same) <= 5:
                for k, a in enumerate(same):
                    for b in same[k + 1 :]:
                        self._monotone(a, b)
        for extremum in [a for a in atoms if a.head == "maxover"]:
            for total in [a for a in atoms if a.head == "sum"]:
                self._sum_and_maximum(total, extremum)

    def _monotone(self, a: Expr, b: Expr) -> None:
        try:
            x, y = self._of(a.args[0]), self._of(b.args[0])
        except (NoNormalForm, TooLarge, ZeroDivisionError):
            return
        guard = z3.And(x > 0, y > 0) if a.head == "log" else z3.BoolVal(True, self.context)
        self.facts.append(z3.Implies(guard, (x < y) == (self._atom(a) < self._atom(b))))
        self.facts.append(z3.Implies(guard, (x == y) == (self._atom(a) == self._atom(b))))

    def _sum_and_maximum(self, total: Expr, extremum: Expr) -> None:
        """e^M <= sum_j e^{s_j} <= n e^M, and sum_j s_j <= n M, where M = max_j s_j."""
        (_, range_, body), (letter, other, inside) = total.args, extremum.args
        normal = self.normal
        try:
            if range_ is not other:
                return
            top = Expr("exp", extremum)
            term = substitute(inside, letter.args[0], total.args[0])
            count = self._of(normal.canonical(Expr("sum", total.args[0], range_, ONE)))
            if normal.equal(body, Expr("exp", term)):
                e = self._of(top)
                self.facts += [e <= self._atom(total), self._atom(total) <= count * e]
            elif normal.equal(body, term):
                self.facts.append(self._atom(total) <= count * self._atom(extremum))
        except (NoNormalForm, TooLarge, ZeroDivisionError):
            return
