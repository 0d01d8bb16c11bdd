"""The sign of an expression, for all values the assumptions allow: by structure, by Z3, by the signs of its slopes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from ..differentiate import Differentiator, NoDerivative
from ..expr import MINUS_ONE, ONE, ZERO, Expr, add, div, mul, neg, num, power, sub, substitute, sym
from ..meaning.assumptions import Family, Scalar, Simplex
from ..meaning.problem import Problem
from .algebra import Quotient, TooLarge, number, poly_expr, primitive
from .normal import NoNormalForm, Normal
from .regions import Splitter
from .solver import Solver

DEEPEST = 4  # derivatives taken to see a sign
NO_FORM = (NoNormalForm, TooLarge, ZeroDivisionError, NoDerivative)


@dataclass(frozen=True)
class Given:
    """What holds besides the assumptions: conditions, and letters that move, of which no condition may be used."""

    conditions: tuple[Expr, ...] = ()
    moving: frozenset[str] = frozenset()

    def and_(self, *conditions: Expr) -> Given:
        return Given((*self.conditions, *conditions), self.moving)

    def freed(self, name: str) -> Given:
        """For all values of a letter within its domain, not only those that the conditions leave it."""
        kept = tuple(c for c in self.conditions if name not in c.free)
        return Given(kept, self.moving | {name})


class Order:
    """Signs under the assumptions of one problem. `means` collects what was used."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.means = problem, set[str]()
        self.normal = Normal(problem)
        self.solver = Solver(self.normal)
        self._asking = False
        self.normal.surely = self._surely

    def _surely(self, q: Quotient, relation: str, given: Given = Given()) -> bool:
        """For the normal form, which asks while it is being made; not while it is being asked."""
        if self._asking:
            return False
        self._asking = True
        try:
            return self.solver.surely(q, relation, given.conditions, given.moving)
        finally:
            self._asking = False

    def within(self, given: Given) -> Normal:
        """The normal form where conditions hold: truth values and absolute values that they decide are decided."""
        if not given.conditions:
            return self.normal
        own = Normal(self.problem, given.conditions)
        own.ranges = self.normal.ranges
        own.surely = lambda q, relation: self._surely(q, relation, given)
        return own

    def holds(self, e: Expr, strict: bool, given: Given = Given(), depth: int = DEEPEST) -> bool:
        """Whether e >= 0 (strict: e > 0) in every region that its pieces make."""
        splitter = Splitter(self.normal, self.solver, given.moving)
        return all(
            self.ordered(r.expressions[0], strict, Given(r.conditions, given.moving), depth)
            for r in splitter.regions((e,), given.conditions)
        )

    def ordered(self, e: Expr, strict: bool, given: Given, depth: int = DEEPEST) -> bool:
        """The same for an expression without pieces."""
        if self.by_structure(e, strict, given):
            self.means.add("algebra")
            return True
        q = self.within(given).quotient(e)
        value = q.number()
        if value is not None:
            self.means.add("algebra")
            return value > 0 or (value == 0 and not strict)
        if not strict and self.termwise(e):
            self.means.add("termwise")
            return True
        relation = ">" if strict else ">="
        if self.solver.surely(q, relation, given.conditions, given.moving) or self.exponentiated(q, relation, given):
            self.means.add("Z3")
            return True
        if depth and self.by_slope(e, strict, given, depth):
            self.means.add("calculus")
            return True
        return False

    # By structure: what expanding would hide

    def by_structure(self, e: Expr, strict: bool, given: Given) -> bool:
        """Sums of nonnegative terms, products of nonnegative factors, even powers."""
        if e.head == "num":
            return e.args[0] > 0 or (e.args[0] == 0 and not strict)
        if e.head in ("exp", "sigma", "cosh", "softplus", "sech"):
            return True
        if e.head == "add":
            weak = all(self._term(a, False, given) for a in e.args)
            return weak and (not strict or any(self._term(a, True, given) for a in e.args))
        if e.head == "mul":
            return all(self._term(a, strict, given) for a in e.args)
        if e.head == "pow" and e.args[1].head == "num" and e.args[1].args[0].denominator == 1:
            even = e.args[1].args[0] % 2 == 0
            return (even and not strict) or self._term(e.args[0], strict or e.args[1].args[0] < 0, given)
        if e.head == "sum":
            if strict and not self._has_terms(e.args[1]):
                return False
            return self.under(e, lambda body: self._term(body, strict, given))
        return False

    def _has_terms(self, range_: Expr) -> bool:
        """Whether a sum surely has a term."""
        if range_.head == "in":
            return len(range_.args) == 1
        if len(range_.args) > 2:
            return False
        try:
            return self.solver.surely(self.normal.quotient(sub(range_.args[1], range_.args[0])), ">=")
        except NO_FORM:
            return False

    def _term(self, e: Expr, strict: bool, given: Given) -> bool:
        if self.by_structure(e, strict, given):
            return True
        if e.head in ("add", "mul") and e.has("sum"):
            return False  # left to the whole
        try:
            return self.solver.surely(
                self.within(given).quotient(e), ">" if strict else ">=", given.conditions, given.moving
            )
        except NO_FORM:
            return False

    def termwise(self, e: Expr) -> bool:
        """A difference of sums over one range, every term of which is nonnegative."""
        found: tuple[Expr, Expr] | None = None
        terms = []
        for part in _flat(e):
            factor, total = _coefficient(part)
            if total.head != "sum" or len(total.args[1].args) > (2 if total.args[1].head == "range" else 1):
                return False
            variable, range_, body = total.args
            if found is None:
                found = (variable, range_)
            elif range_ is not found[1]:
                return False
            terms.append(mul(factor, substitute(body, variable.args[0], found[0])))
        if found is None:
            return False
        return any(self._any_term(add(*terms), found[0], beyond) for beyond in (True, False))

    def _any_term(self, body: Expr, index: Expr, beyond: bool) -> bool:
        """One term for every value its components may take; `beyond`: probabilities as any number from 0 up."""
        from .obligations import unmet

        letters: dict[Expr, Scalar] = {}
        term = self._generic(body, index, letters, beyond)
        if term is None or index.args[0] in term.free:
            return False
        domains = {**self.problem.domains, **{x.args[0]: domain for x, domain in letters.items()}}
        order = Order(replace(self.problem, domains=domains))
        if beyond and unmet(term, order, "0 log 0 = 0" in self.problem.conventions) is not None:
            return False
        return order.holds(term, False)

    def _generic(self, e: Expr, index: Expr, letters: dict[Expr, Scalar], beyond: bool) -> Expr | None:
        """The term with a plain letter for each component that the index picks."""
        if e.head == "idx" and e.args[1:] == (index,):
            domain = self.problem.domains.get(e.args[0])
            if isinstance(domain, Simplex):
                component = Scalar(ZERO, None if beyond else ONE, low_closed=not domain.inner)
            elif isinstance(domain, Family) and isinstance(domain.component, Scalar):
                component = domain.component
            else:
                return None
            letter = sym(f"{e.args[0]}_any")
            letters[letter] = component
            return letter
        parts = [self._generic(a, index, letters, beyond) if isinstance(a, Expr) else a for a in e.args]
        return None if None in parts else Expr(e.head, *parts)

    def under(self, e: Expr, test: object) -> bool:
        """A test of a sum's body, its letter known to run over the sum's range."""
        variable, range_, body = e.args
        if len(range_.args) > (2 if range_.head == "range" else 1):
            return False
        outer, self.normal.ranges = self.normal.ranges, {**self.normal.ranges, variable.args[0]: range_}
        try:
            return test(body)  # type: ignore[operator]
        finally:
            self.normal.ranges = outer

    # By comparing exponentials

    def exponentiated(self, q: Quotient, relation: str, given: Given) -> bool:
        """log A >= log B because A >= B, where logarithms stand with rational factors."""
        if q.bottom or not q.top or not any(a.head == "log" for m in q.top for a, _ in m):
            return False
        if len(q.top) > 1:
            _, common, _ = primitive(q.top)
            if all(self.normal.is_positive(a) for a, _ in common):
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
        raised = self.within(given).exponential({m: c * scale for m, c in q.top.items()})
        return self.solver.surely(raised - number(1), relation, given.conditions, given.moving)

    # By slopes

    def by_slope(self, e: Expr, strict: bool, given: Given, depth: int) -> bool:
        """It is not negative at c, falls before and rises after, so it is negative nowhere: for some letter, some c."""
        for name in sorted(e.free):
            domain = self.problem.domains.get(name)
            if "·" in name or not isinstance(domain, Scalar) or domain.integer or domain.nonzero:
                continue
            if self._bounds_others(name) or _jumps(e, name) or not self._defined_along(e, name, given.freed(name)):
                continue
            slope = Differentiator().derivative(e, sym(name))
            for c in [*self._candidates(e, name, domain), *self._level(slope, name)]:
                if self._approaches(e, name, c, domain, given) and self._least_at(
                    e, slope, name, c, strict, given, depth
                ):
                    return True
        return False

    def _bounds_others(self, name: str) -> bool:
        """Whether another letter's domain speaks of this one, which may then not be moved alone."""
        return any(
            name in end.free
            for domain in self.problem.domains.values()
            for scalar in (domain, getattr(domain, "component", None))
            if isinstance(scalar, Scalar)
            for end in (scalar.low, scalar.high)
            if end is not None
        )

    def _defined_along(self, e: Expr, name: str, given: Given) -> bool:
        """Whether it has a value wherever the letter's domain allows, not only where the conditions hold."""
        from .obligations import obligations

        for need in obligations(e):
            if name and name not in need.expression.free:
                continue
            outer, self.normal.ranges = self.normal.ranges, {**self.normal.ranges, **dict(need.ranges)}
            try:
                if need.conditions or not self._met_along(need.expression, need.relation, given):
                    return False
            finally:
                self.normal.ranges = outer
        return True

    def _met_along(self, e: Expr, relation: str, given: Given) -> bool:
        if relation != "!=":
            return self.ordered(e, relation == ">", given, 0)
        if self.ordered(e, True, given, 0) or self.ordered(neg(e), True, given, 0):
            return True
        return self.solver.surely(self.within(given).quotient(e), "!=", given.conditions, given.moving)

    def _least_at(self, e: Expr, slope: Expr, name: str, c: Expr, strict: bool, given: Given, depth: int) -> bool:
        x, free = sym(name), given.freed(name)
        try:
            q = self.within(free).quotient(substitute(e, name, c))
        except NO_FORM:
            return False
        rising = False  # where it is positive only because it is zero at c alone, and c is excluded
        if strict and not self.solver.surely(q, ">", free.conditions, free.moving):
            rising = self.solver.impossible([], (*given.conditions, Expr("=", x, c)), given.moving)
            if not rising:
                return False
        if not self.solver.surely(q, ">=", free.conditions, free.moving):
            return False
        for condition, direction in ((Expr("<=", c, x), slope), (Expr("<=", x, c), neg(slope))):
            strictly = Expr("<", *condition.args)
            if self.solver.impossible([], (*given.conditions, strictly), given.moving):
                continue  # no point of the region lies on that side
            if not self.ordered(direction, rising, free.and_(strictly if rising else condition), depth - 1):
                return False
        return True

    def _candidates(self, e: Expr, name: str, domain: Scalar) -> list[Expr]:
        """Where it may be least: ends of the domain, simple numbers, and what the other letters are."""
        others = [sym(n) for n in sorted(e.free) if n != name and "·" not in n]
        found = [end for end in (domain.low, domain.high) if end is not None]
        found += [ZERO, ONE, num(Fraction(1, 2)), num(-1), *others, *(neg(o) for o in others)]
        found += [sub(ONE, o) for o in others] + [power(o, num(-1)) for o in others] + [div(o, num(2)) for o in others]
        return list(dict.fromkeys(found))[:12]

    def _level(self, slope: Expr, name: str) -> list[Expr]:
        """Where a slope vanishes that is linear in a power of e^x, or in x."""
        try:
            top = self.normal.quotient(slope).top
        except NO_FORM:
            return []
        found = []
        for base, back in ((Expr("exp", sym(name)), lambda x: Expr("log", x)), (sym(name), lambda x: x)):
            powers = sorted({dict(m).get(base, Fraction(0)) for m in top})
            if len(powers) != 2 or any(name in a.free for m in top for a, _ in m if a is not base):
                continue
            low, high = (
                {tuple((a, n) for a, n in m if a is not base): c for m, c in top.items() if dict(m).get(base, 0) == p}
                for p in powers
            )
            ratio = div(neg(poly_expr(low)), poly_expr(high))
            place = back(ratio)
            if base.head == "exp" or powers[1] - powers[0] == 1:
                found.append(div(place, num(powers[1] - powers[0])))
        return found

    def _approaches(self, e: Expr, name: str, c: Expr, domain: Scalar, given: Given) -> bool:
        """Whether c lies in the domain, or at an end that is excluded where the expression has a value all the same."""
        free = given.freed(name)
        if self._reaches(c, domain, free):
            return True
        if c not in (domain.low, domain.high):
            return False
        try:
            return self._defined_along(substitute(e, name, c), "", free)
        except NO_FORM:  # one over zero and the like
            return False

    def _reaches(self, c: Expr, domain: Scalar, given: Given) -> bool:
        """Whether c lies in the domain for certain, so that every x is joined to it within."""
        tests = []
        if domain.low is not None:
            tests.append((sub(c, domain.low), ">=" if domain.low_closed else ">"))
        if domain.high is not None:
            tests.append((sub(domain.high, c), ">=" if domain.high_closed else ">"))
        return all(self.solver.surely(self.normal.quotient(e), r, given.conditions, given.moving) for e, r in tests)


def _jumps(e: Expr, name: str) -> bool:
    """Whether it may jump as a letter moves."""
    return any(x.head in ("floor", "sign", "bool", "cases") and name in x.free for x in e.walk())


def _flat(e: Expr) -> list[Expr]:
    """The terms of a sum, signs carried inward."""
    if e.head == "add":
        return [t for a in e.args for t in _flat(a)]
    if e.head == "mul" and e.args[0] is MINUS_ONE and len(e.args) == 2:
        return [neg(t) for t in _flat(e.args[1])]
    return [e]


def _coefficient(e: Expr) -> tuple[Expr, Expr]:
    """What stands before a sum, and the sum; what is no multiple of one sum is left whole."""
    if e.head != "mul":
        return ONE, e
    inner = [_coefficient(a) for a in e.args]
    sums = [total for _, total in inner if total.head == "sum"]
    if len(sums) != 1:
        return ONE, e
    return mul(*(factor if total is sums[0] else a for a, (factor, total) in zip(e.args, inner, strict=True))), sums[0]
