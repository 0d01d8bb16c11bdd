"""Interval arithmetic over whole domains: least values, where they are taken, and inequalities that hold throughout.

Boxes are split until each is decided. Ends of intervals are computed outward, so what is shown is shown.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb, fmpq

from ..differentiate import Differentiator, NoDerivative
from ..expr import Expr, num, substitute, sym
from ..meaning.assumptions import Scalar
from ..numbers import INFINITE, Interval, Undecided, interval, use_precision
from ..points.evaluation import Point, holds, value
from ..points.minima import FAILURES, halves, start
from .algebra import Quotient, atom, monomial, poly_expr, times
from .order import NO_FORM, Order
from .regions import Splitter, TooManyRegions

MOST_BOXES = 3000
MOST_LETTERS = 3


class Enclosure:
    """Shows e > 0 or e >= 0 over the domains of up to three letters, in every region that its pieces make."""

    def __init__(self, order: Order) -> None:
        self.order, self.problem = order, order.problem
        self.slopes: dict[Expr, Expr | None] = {}

    def holds(self, e: Expr, strict: bool) -> bool:
        names = sorted(n for n in e.free if "·" not in n)
        ranges = [self._range(n) for n in names]
        if not names or len(names) > MOST_LETTERS or None in ranges or self.problem.conditions:
            return False
        use_precision(96)
        boxes = [dict(zip(names, xs, strict=True)) for xs in _product([list(start(*r)) for r in ranges])]
        try:
            regions = list(Splitter(self.order.normal, self.order.solver).regions((e,)))
            return all(self._region(r.expressions[0], r.conditions, list(boxes), strict) for r in regions)
        except (*NO_FORM, TooManyRegions):
            return False

    def _range(self, name: str) -> tuple[arb, arb] | None:
        domain = self.problem.domains.get(name)
        if not isinstance(domain, Scalar) or domain.integer or domain.nonzero:
            return None
        ends = []
        for end, infinite in ((domain.low, INFINITE[1]), (domain.high, INFINITE[0])):
            if end is not None and end.head != "num":
                return None
            ends.append(infinite if end is None else arb(fmpq(end.args[0].numerator, end.args[0].denominator)))
        return ends[0], ends[1]

    def _region(self, e: Expr, conditions: tuple[Expr, ...], queue: list[dict[str, Interval]], strict: bool) -> bool:
        forms = [e, self.order.normal.canonical(e)]  # an interval may be narrow for one and wide for the other
        names = sorted(queue[0])
        zeros = self._zeros(e, names[0]) if len(names) == 1 and not strict else []
        count = len(queue)
        while queue:
            box = queue.pop()
            if self._outside(conditions, box) or self._positive(forms, e, box, strict) or self._touches(zeros, box):
                continue
            widest = max(names, key=lambda n: _size(box[n]))
            count += 2
            if count > MOST_BOXES or _size(box[widest]) < 1e-7:
                return False
            queue += [{**box, widest: half} for half in halves(box[widest])]
        return True

    def _outside(self, conditions: tuple[Expr, ...], box: dict[str, Interval]) -> bool:
        try:
            return any(holds(c, Point(dict(box), over_intervals=True)) is False for c in conditions)
        except FAILURES:
            return False

    def _positive(self, forms: list[Expr], e: Expr, box: dict[str, Interval], strict: bool) -> bool:
        for form in forms:
            found = self._value(form, box)
            if found.low > 0 or (not strict and found.low >= 0):
                return True
        for name, x in box.items():
            if x.low >= 1 or x.high <= -1:
                try:
                    found = far_out(e, name, box, self.order)
                except (*NO_FORM, *FAILURES):
                    continue
                if found.low > 0 or (not strict and found.low >= 0):
                    return True
        return len(box) == 1 and self._by_mean_value(e, *box.items(), strict)

    def _by_mean_value(self, e: Expr, item: tuple[str, Interval], strict: bool) -> bool:
        """e(c) + e'(X) (X - c), which narrows with the square of the box."""
        name, x = item
        if not x.width.is_finite():
            return False
        if e not in self.slopes:
            try:
                self.slopes[e] = Differentiator().derivative(e, sym(name))
            except NoDerivative:
                self.slopes[e] = None
        if self.slopes[e] is None:
            return False
        middle = ((x.low + x.high) / 2).mid()
        centre = self._value(e, {name: interval(middle)})
        found = centre + self._value(self.slopes[e], {name: x}) * (x - middle)
        return bool(found.low > 0 or (not strict and found.low >= 0))

    def _value(self, e: Expr, box: dict[str, Interval]) -> Interval:
        try:
            return interval(value(e, Point(dict(box), over_intervals=True)))
        except FAILURES:
            return Interval(INFINITE[1], INFINITE[0])

    def _zeros(self, e: Expr, name: str) -> list[tuple[str, arb, Expr]]:
        """Simple points where the expression vanishes, with its first derivative that does not, if that is even."""
        found = []
        for p, q in ((0, 1), (1, 1), (-1, 1), (1, 2), (-1, 2), (2, 1), (1, 3), (2, 3)):
            order, here, at = 0, e, None
            try:
                while order < 7:
                    at = self.order.normal.quotient(substitute(here, name, num(Fraction(p, q)))).number()
                    if at != 0:
                        break
                    order, here = order + 1, Differentiator().derivative(here, sym(name))
            except (*NO_FORM, *FAILURES):
                continue
            if order and order % 2 == 0 and at is not None and at > 0:
                found.append((name, arb(fmpq(p, q)), here))
        return found

    def _touches(self, zeros: list[tuple[str, arb, Expr]], box: dict[str, Interval]) -> bool:
        """Around a zero of even order, the derivative of that order is positive over the box."""
        return any(
            box[name].low <= c and c <= box[name].high and self._value(derivative, box).low > 0
            for name, c, derivative in zeros
        )


def far_out(e: Expr, name: str, box: dict[str, Interval], order: Order) -> Interval:
    """An enclosure where a letter x is large: log(1 + e^x) as x + log(1 + e^-x), x^n e^-x by what it falls from."""
    upward = bool(box[name].low > 0)
    grows, x = Expr("exp", sym(name)), sym(name)
    q = order.normal.quotient(e)
    total = Quotient({}, q.bottom)
    for m, c in q.top.items():
        term = Quotient({(): c}, q.bottom)
        for a, n in m:
            logarithm = a.head == "log" and n == 1 and any(part is grows for part in a.walk())
            term = term * (_leading(a, grows, x, upward, order) if logarithm else atom(a, n))
        total = total + term
    if total.bottom:
        raise Undecided("a quotient far out")
    found = Interval(0, 0)
    point = Point(dict(box), over_intervals=True)
    for m, c in total.top.items():
        found = found + _decaying(dict(m), grows, x, box[name], upward, point) * fmpq(c.numerator, c.denominator)
    return found


def _leading(a: Expr, grows: Expr, x: Expr, upward: bool, order: Order) -> Quotient:
    """log of a polynomial in e^x: the leading power's logarithm, and the logarithm of what is left."""
    inside = order.normal.quotient(a.args[0])
    powers = [dict(k).get(grows, Fraction(0)) for k in inside.top]
    top = max(powers) if upward else min(powers)
    rest = {times(k, monomial({grows: -top})): v for k, v in inside.top.items()}
    return atom(x) * Quotient({(): top} if top else {}) + atom(Expr("log", poly_expr(rest)))


def _decaying(m: dict[Expr, Fraction], grows: Expr, x: Expr, box: Interval, upward: bool, point: Point) -> Interval:
    """A monomial far out; x^n e^(-kx) falls once x > n / k."""
    n, k = m.pop(x, Fraction(0)), m.pop(grows, Fraction(0)) * (1 if upward else -1)
    found = Interval(1, 1)
    near = box.low if upward else -box.high
    if n > 0 and k < 0 and near > arb(int(n / -k) + 1):
        if not upward and n.denominator > 1:
            raise Undecided("a root of a negative number")
        top = (near.log() * fmpq(n.numerator, n.denominator) + near * fmpq(k.numerator, k.denominator)).exp()
        found = Interval(0, top) if upward or n % 2 == 0 else Interval(-top, 0)
        n = k = Fraction(0)
    for a, power in ((x, n), (grows, k if upward else -k), *m.items()):
        if power:
            found = found * interval(value(Expr("pow", a, num(power)), point))
    return found


def _size(x: Interval) -> float:
    """A width for choosing what to split: an infinite interval is wide, but less so the farther out it begins."""
    if x.width.is_finite():
        return float(x.width.mid())
    near = min((abs(float(end.mid())) for end in (x.low, x.high) if end.is_finite()), default=0.0)
    return 1e6 / (1 + near)


def _product(lists: list[list[Interval]]) -> list[tuple[Interval, ...]]:
    found: list[tuple[Interval, ...]] = [()]
    for options in lists:
        found = [(*head, x) for head in found for x in options]
    return found
