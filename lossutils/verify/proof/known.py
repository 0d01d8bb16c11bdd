"""What is known of the atoms of a question to Z3: signs, bounds, and how two of them compare."""

from __future__ import annotations

from typing import Any

import z3
from flint import arb

from ..expr import ONE, Expr, sub, substitute
from ..meaning.assumptions import REAL, Family, Finite, Index, Scalar, Simplex, Subset
from ..numbers import use_precision
from .algebra import TooLarge, rank
from .normal import NoNormalForm


class Facts:
    """Part of a question: `solver.Query` has the rest."""

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
