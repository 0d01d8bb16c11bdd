"""The sign of an expression, for all values the assumptions allow: by structure, by Z3, term by term, by slopes."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from ..expr import ONE, Expr, neg, sub, sym
from ..meaning.domains import Family, Scalar, Simplex
from ..meaning.problem import Problem
from .algebra import Quotient, number, primitive, quotient_expr
from .obligations import Obligation, obligations
from .regions import ALWAYS, Given, TooManyRegions
from .signs import DEEPEST, NO_FORM, Signs
from .slopes import by_slope
from .structure import by_structure, has_terms
from .sums import inside
from .termwise import termwise


class Order(Signs):
    """Signs under the assumptions of one problem."""

    def other(self, problem: Problem) -> Order:
        return Order(problem)

    def holds(self, e: Expr, strict: bool, given: Given = ALWAYS, depth: int = DEEPEST) -> bool:
        return all(
            self.ordered(r.expressions[0], strict, Given(r.conditions, given.moving), depth)
            for r in self.splitter(given).regions((e,), given.conditions)
        )

    def ordered(self, e: Expr, strict: bool, given: Given, depth: int = DEEPEST) -> bool:
        if not self.guard.plausible(e, given.conditions):
            return False
        if by_structure(self, e, strict, given):
            self.means.add("algebra")
            return True
        q = self.within(given).quotient(e)
        value = q.number()
        if value is not None:
            self.means.add("algebra")
            return value > 0 or (value == 0 and not strict)
        if not strict and termwise(self, e, depth == DEEPEST):
            self.means.add("termwise")
            return True
        relation = ">" if strict else ">="
        if self.solver.surely(q, relation, given.conditions, given.moving) or self._exponentiated(
            q, relation, given, depth
        ):
            self.means.add("Z3")
            return True
        if depth and by_slope(self, e, strict, given, depth):
            self.means.add("calculus")
            return True
        return False

    def _exponentiated(self, q: Quotient, relation: str, given: Given, depth: int) -> bool:
        """c_1 log A_1 + ... >= 0 if the product of the |A_k|^(c_k) is at least 1: exp increases.

        The form's logarithms are of absolute values, and stand with rational factors, perhaps after a common monomial
        of positive atoms is divided out, which changes no sign.
        """
        if q.bottom or not q.top or not any(a.head == "log" for m in q.top for a, _ in m):
            return False
        if len(q.top) > 1:
            _, common, _ = primitive(q.top)
            if all(self.normal.positive_atom(a) for a, _ in common):
                q = q * Quotient({tuple((a, -n) for a, n in common): Fraction(1)})
        bottoms = []
        for m, c in q.top.items():
            if any(a.has("log") for a, _ in m):
                if not (len(m) == 1 and m[0][0].head == "log" and m[0][1] == 1):
                    return False
                bottoms.append(c.denominator)
        scale = lcm(*bottoms) if bottoms else 1
        if scale > 6:
            return False
        raised = self.within(given).exponential({m: c * scale for m, c in q.top.items()}) - number(1)
        if self.solver.surely(raised, relation, given.conditions, given.moving):
            return True
        return relation == ">=" and depth == DEEPEST and termwise(self, quotient_expr(raised), True)

    # Whether something has a value

    def defined(self, e: Expr, given: Given = ALWAYS) -> bool:
        return self.unmet(e, given) is None

    def unmet(self, e: Expr, given: Given = ALWAYS) -> Obligation | None:
        """The first obligation that cannot be shown to be met."""
        for need in dict.fromkeys(obligations(e, self.extended)):
            try:
                shown = self.met(need.explicit(), given)
            except (*NO_FORM, TooManyRegions, RecursionError):
                shown = False
            if not shown:
                return need
        return None

    def met(self, need: Obligation, given: Given = ALWAYS) -> bool:
        if need.between:
            return self._met_between(need, given)
        where = given.and_(*need.conditions)
        with self.normal.over(dict(need.ranges)):
            if need.relation.startswith("indexes"):
                _, family, axis = need.relation.split()
                return self._indexes(need.expression, family, int(axis), where)
            if need.relation == "=":
                q = self.within(where).quotient(need.expression)
                return self.solver.impossible([(q, "!=")], where.conditions, where.moving)
            if need.relation != "!=":
                if self._positive(need.expression, need.relation == ">", where):
                    return True
                return bool(where.conditions) and self.solver.impossible([], where.conditions, where.moving)
            if self._positive(need.expression, True, where) or self._positive(neg(need.expression), True, where):
                return True
            return self.surely(need.expression, "!=", where)

    def _positive(self, e: Expr, strict: bool, given: Given) -> bool:
        """A sign that is needed for there to be a value: by no slopes, which need values themselves."""
        if e.head == "sum" and e.args[2] is ONE:  # the number of what an extremum is over
            return has_terms(self, *e.args[:2])
        return self.holds(e, strict, given, 0)

    def _met_between(self, need: Obligation, given: Given) -> bool:
        """What must hold between the ends of an integral, whichever is the lower: for a letter with that domain."""
        (name, low, high), *rest = need.between
        plain = "§i" + name.replace("·", "_")
        domains = dict(self.problem.domains)
        domains[plain] = self.between(low, high)
        own = {name: sym(plain)}
        moved = Obligation(
            _named(need.expression, own),
            need.relation,
            tuple(_named(c, own) for c in need.conditions),
            need.ranges,
            tuple((n, _named(a, own), _named(b, own)) for n, a, b in rest),
        )
        other = Order(Problem(**{**vars(self.problem), "domains": domains}))
        return other.met(moved, given)

    def between(self, low: Expr, high: Expr) -> Scalar:
        """The numbers between two ends: as they stand if their order is known, else all numbers."""
        infinite = Expr("const", "inf")
        ends = [None if e in (infinite, neg(infinite)) else e for e in (low, high)]
        if low is infinite or high == neg(infinite):
            ends.reverse()
        elif None not in ends:
            if self.holds(sub(high, low), False, ALWAYS, 0):
                pass
            elif self.holds(sub(low, high), False, ALWAYS, 0):
                ends.reverse()
            else:
                return Scalar()
        return Scalar(ends[0], ends[1])

    def _indexes(self, index: Expr, family: str, axis: int, given: Given) -> bool:
        """Whether an index surely names a component of a family: from 1 to its length, if it has one."""
        domain = self.problem.domains.get(family)
        length = domain.length if isinstance(domain, Simplex) else None
        if isinstance(domain, Family) and axis < len(domain.lengths):
            length = domain.lengths[axis]
        if length is None:
            return True
        try:
            if inside(self.normal, index, Expr("range", ONE, length)) is ONE:
                return True
        except NO_FORM:
            pass
        return self.holds(sub(index, ONE), False, given, 0) and self.holds(sub(length, index), False, given, 0)


def _named(e: Expr, names: dict[str, Expr]) -> Expr:
    """Free letters replaced by letters."""
    if not e.free & set(names):
        return e
    return names[e.args[0]] if e.head == "sym" else e.map(lambda a: _named(a, names))
