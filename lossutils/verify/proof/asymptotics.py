"""How an expression behaves as a letter t grows: a finite sum of terms on a scale, each exact.

A term is c * exp(P(t)) * t^a * (log t)^b * rho, with c free of t, P a polynomial in powers of t above 0, and rho a
product of remainders. Where a function is expanded, as exp(u) = 1 + u + ... + rho u^N for a u that vanishes, the
remainder rho is what makes the equation exact: it tends to a number that is known. So a limit is read off the terms
that lead; and where the sign of a coefficient decides which those are, and the assumptions do not tell it, `Split` asks
for cases.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import factorial

from ..expr import HALF, ZERO, ByHead, Expr, div, mul, neg, num, power
from ..functions import expand
from .algebra import Quotient, number, quotient_expr
from .order import Order
from .scales import UNIT, Scale, Terms, clean, over, product

ORDERS = (2, 4, 6)  # to which functions are expanded, until that is enough
MOST_TERMS = 300


class NoLimit(ArithmeticError):
    """No limit was found."""


class Split(Exception):
    """Which of some conditions without t holds has to be known; one of them does."""

    def __init__(self, *conditions: Expr) -> None:
        super().__init__(str(conditions))
        self.conditions = conditions


class Asymptotics:
    """Expansions in one letter that grows, under the assumptions of a problem."""

    def __init__(self, order: Order, name: str, terms: int) -> None:
        self.order, self.name, self.terms = order, name, terms
        self.limits: list[Quotient] = []  # of the remainders

    # The limit

    def limit(self, e: Expr) -> Expr:
        """The limit of an expression without pieces: an expression without t, or an infinite one."""
        terms = self.of(e)
        while terms:
            top, total, below = self._top(terms)
            size = self.size(top)
            if size < 0:
                break
            if size == 0:
                return quotient_expr(total)
            sign = self.sign(total)
            if sign:
                return Expr("const", "inf") if sign > 0 else neg(Expr("const", "inf"))
            terms = self._without(terms, top, below)
        return ZERO

    def _top(self, terms: Terms) -> tuple[Scale, Quotient, Terms]:
        """The scale that no other outgrows, what its terms come to there in the limit, and the terms below it."""
        top = next(iter(terms))
        for scale in terms:
            if self.size(over(scale, top, self.order)) > 0:
                top = scale
        total, below = number(0), dict[Scale, Quotient]()
        for scale, c in terms.items():
            if self._same(scale, top):
                total = total + c * self._rest(scale)
            else:
                below[scale] = c
        return top, total, below

    def _without(self, terms: Terms, top: Scale, below: Terms) -> Terms:
        """The terms below, where those on top cancel: exactly, if no remainder is among them."""
        if any(s.rest for s in terms if s not in below):
            raise NoLimit("the expansion ends before anything is left")
        return below

    def sign(self, q: Quotient) -> int:
        """The sign of a quotient without t, or a request for cases."""
        value = q.number()
        if value is not None:
            return (value > 0) - (value < 0)
        for x, found in ((q, 1), (-q, -1)):
            if self.order.solver.surely(x, ">"):
                return found
        if self.order.solver.impossible([(q, "!=")]):
            return 0
        e = quotient_expr(q)
        raise Split(Expr("<", e, ZERO), Expr("=", e, ZERO), Expr("<", ZERO, e))

    def eventual_sign(self, e: Expr) -> int:
        """The sign of an expression without pieces for all large t."""
        return self.sign_of(self.of(e))

    def sign_of(self, terms: Terms) -> int:
        """The sign for all large t: of what the terms that lead come to together, their remainders' limits included."""
        while terms:
            top, total, below = self._top(terms)
            if sign := self.sign(total):
                return sign
            terms = self._without(terms, top, below)
        return 0

    def size(self, scale: Scale) -> int:
        """1 if it grows without end, -1 if it vanishes, 0 if it is constant."""
        for _, coefficient in scale.expo:  # the highest power whose coefficient is not zero in this case
            if sign := self.sign(self.order.normal.quotient(coefficient)):
                return sign
        grows = scale.power or scale.log
        return (grows > 0) - (grows < 0)

    def leading(self, terms: Terms) -> Scale:
        """The scale that no other outgrows, its coefficient not zero."""
        while terms:
            top, total, below = self._top(terms)
            if self.sign(total):
                return top
            terms = self._without(terms, top, below)
        raise NoLimit("nothing leads")

    def _same(self, a: Scale, b: Scale) -> bool:
        return self.size(over(a, b, self.order)) == 0

    def _rest(self, scale: Scale) -> Quotient:
        """The limit of the remainders."""
        found = number(1)
        for k, n in scale.rest:
            found = found * self.limits[k].power(n)
        return found

    def remainder(self, limit: Quotient) -> Scale:
        """A new remainder, which tends to a limit."""
        self.limits.append(limit)
        return Scale(rest=((len(self.limits) - 1, 1),))

    # Expansions

    def of(self, e: Expr) -> Terms:
        """An expression in terms."""
        if self.name not in e.free:
            if not self.order.defined(e):
                raise NoLimit("a part without t may have no value")
            return clean({UNIT: self.order.normal.quotient(e)})
        if e.head == "sym":
            return {Scale(power=Fraction(1)): number(1)}
        own = _rule.get(e)
        if own is not None:
            return own(self, e)
        expanded = expand(e)
        if expanded is None:
            raise NoLimit(f"{e.head} is not expanded")
        return self.of(expanded)

    def plus(self, a: Terms, b: Terms) -> Terms:
        """The sum."""
        found = dict(a)
        for scale, c in b.items():
            found[scale] = found[scale] + c if scale in found else c
        return clean(found)

    def times(self, a: Terms, b: Terms) -> Terms:
        """The product."""
        found: Terms = {}
        for s, c in a.items():
            for t, d in b.items():
                scale = product(s, t, self.order)
                found[scale] = found[scale] + c * d if scale in found else c * d
        found = clean(found)
        if len(found) > MOST_TERMS:
            raise NoLimit("too many terms")
        return found

    def parted(self, terms: Terms) -> tuple[Scale, Quotient, Terms]:
        """The leading term, and what the whole is relative to it, less 1: that vanishes."""
        lead = self.leading(terms)
        same = [s for s in terms if self._same(s, lead)]
        if len(same) > 1 or lead.rest:
            raise NoLimit("several terms lead")
        c = terms[lead]
        inverse = {over(UNIT, lead, self.order): c.inverse()}
        relative = self.times({s: d for s, d in terms.items() if s != lead}, inverse)
        return lead, c, relative

    def series(self, u: Terms, coefficients: Callable[[int], Fraction]) -> Terms:
        """sum c_k u^k of a u that vanishes, to some order, with the remainder, which tends to the next coefficient."""
        found: Terms = clean({UNIT: number(coefficients(0))})
        product: Terms = {UNIT: number(1)}
        if not u:
            return found
        for k in range(1, self.terms + 1):
            product = self.times(product, u)
            c = coefficients(k)
            if k < self.terms:
                found = self.plus(found, {s: d * number(c) for s, d in product.items()} if c else {})
        rest = self.remainder(number(coefficients(self.terms)))
        return self.plus(found, self.times(product, {rest: number(1)}))

    def power(self, terms: Terms, n: Fraction) -> Terms:
        """A power: of the leading term, times (1 + v)^n."""
        if not terms:
            raise NoLimit("a power of zero")
        if n.denominator == 1 and 0 <= n <= 6:
            found: Terms = {UNIT: number(1)}
            for _ in range(int(n)):
                found = self.times(found, terms)
            return found
        lead, c, v = self.parted(terms)
        if n.denominator != 1 and self.sign(c) <= 0:
            raise NoLimit("a root of what is not positive")
        raised = Scale(tuple((p, mul(num(n), x)) for p, x in lead.expo), lead.power * n, lead.log * n)
        front = c.power(int(n)) if n.denominator == 1 else self.order.normal.root(c, n)
        return self.times({raised: front}, self.series(v, lambda k: _binomial(n, k)))

    def exp(self, terms: Terms) -> Terms:
        """exp of what grows, times exp of the constant, times the series of what vanishes."""
        grows, constant, vanishes = [], number(0), dict[Scale, Quotient]()
        for scale, c in terms.items():
            size = self.size(scale)
            if size > 0:
                if scale.expo or scale.log or scale.rest:
                    raise NoLimit("an exponential of an exponential")
                grows.append((scale.power, quotient_expr(c)))
            elif size < 0:
                vanishes[scale] = c
            elif scale.rest:
                raise NoLimit("an exponential of a remainder")
            else:
                constant = constant + c
        front = self.order.normal.quotient(Expr("exp", quotient_expr(constant)))
        scale = Scale(tuple(sorted(grows, key=lambda item: -item[0])))
        return self.times({scale: front}, self.series(vanishes, lambda k: Fraction(1, factorial(k))))

    def log(self, terms: Terms) -> Terms:
        """The logarithm of the leading term, and the series of log(1 + v)."""
        lead, c, v = self.parted(terms)
        if self.sign(c) <= 0:
            raise NoLimit("a logarithm of what is not positive")
        if lead.log:
            raise NoLimit("a logarithm of a logarithm")
        found: Terms = {Scale(power=p): self.order.normal.quotient(x) for p, x in lead.expo}
        found = self.plus(found, {UNIT: self.order.normal.quotient(Expr("log", quotient_expr(c)))})
        if lead.power:
            found = self.plus(found, {Scale(log=Fraction(1)): number(lead.power)})
        series = self.series(v, lambda k: Fraction((-1) ** (k + 1), k) if k else Fraction(0))
        return self.plus(found, series)


_rule: ByHead[Callable[[Asymptotics, Expr], Terms]] = ByHead()


@_rule("add")
def _add(a: Asymptotics, e: Expr) -> Terms:
    found: Terms = {}
    for part in e.args:
        found = a.plus(found, a.of(part))
    return found


@_rule("mul")
def _mul(a: Asymptotics, e: Expr) -> Terms:
    found: Terms = {UNIT: number(1)}
    for part in e.args:
        found = a.times(found, a.of(part))
    return found


@_rule("pow")
def _pow(a: Asymptotics, e: Expr) -> Terms:
    base, exponent = e.args
    if exponent.head == "num":
        return a.power(a.of(base), exponent.args[0])
    return a.of(Expr("exp", mul(exponent, Expr("log", base))))


@_rule("exp")
def _exp(a: Asymptotics, e: Expr) -> Terms:
    return a.exp(a.of(e.args[0]))


@_rule("log")
def _log(a: Asymptotics, e: Expr) -> Terms:
    return a.log(a.of(e.args[0]))


@_rule("erf")
def _erf(a: Asymptotics, e: Expr) -> Terms:
    """Far out a remainder that tends to 1 or -1; near 0 the series 2/sqrt(pi) (u - u^3/3 + ...)."""
    u = a.of(e.args[0])
    if not u:
        return {}
    lead = a.leading(u)
    size = a.size(lead)
    if size > 0:
        return {a.remainder(number(a.sign_of(u))): number(1)}
    if size == 0:
        raise NoLimit("erf near a number that is not 0")
    front = a.order.normal.quotient(div(num(2), power(Expr("const", "pi"), HALF)))
    series = a.series(u, lambda k: Fraction((-1) ** (k // 2), factorial(k // 2) * k) if k % 2 else Fraction(0))
    return a.times({UNIT: front}, series)


@_rule("sin", "cos")
def _wave(a: Asymptotics, e: Expr) -> Terms:
    u = a.of(e.args[0])
    if u and a.size(a.leading(u)) >= 0:
        raise NoLimit("a wave away from 0")
    odd = e.head == "sin"
    return a.series(u, lambda k: Fraction((-1) ** (k // 2), factorial(k)) if (k % 2 == 1) == odd else Fraction(0))


def _binomial(n: Fraction, k: int) -> Fraction:
    found = Fraction(1)
    for j in range(k):
        found = found * (n - j) / (j + 1)
    return found
