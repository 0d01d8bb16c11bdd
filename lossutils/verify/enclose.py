"""Interval arithmetic over whole domains: least values, where they are taken, and inequalities that hold throughout.

Boxes are split until each is decided. Ends of intervals are computed outward, so what is shown is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from heapq import heappop, heappush
from itertools import pairwise
from math import inf, nextafter
from typing import Any

from flint import arb, fmpq

from .algebra import Quotient, atom, monomial, poly_expr, times
from .assume import Scalar
from .differentiate import Differentiator, NoDerivative
from .evaluation import Point, bind, holds, value
from .expr import Expr, branches, neg, num, sub, substitute, sym
from .normal import Normal
from .numbers import INFINITE, Interval, Undecided, Undefined, ball, compare, interval, precision, use_precision
from .order import NO_FORM, Order
from .pieces import Splitter, TooManyRegions
from .problem import Problem

MOST_BOXES = 3000
MOST_SEARCHED = 500  # boxes, for a least value
MOST_LETTERS = 3
FAILURES = (Undefined, Undecided, ZeroDivisionError, OverflowError, NoDerivative)
_LANDMARKS = (-256, -64, -16, -4, -1, 0, 1, 4, 16, 64, 256)


def start(low: arb, high: arb) -> Iterator[Interval]:
    """A range cut at landmarks, so that its infinite ends are boxes of their own."""
    cuts = [low, *(arb(c) for c in _LANDMARKS if low < c and high > c), high]
    for a, b in pairwise(cuts):
        yield Interval(a, b)


def halves(x: Interval) -> tuple[Interval, Interval]:
    """An interval cut in two, an infinite one far out."""
    if x.low.is_finite() and x.high.is_finite():
        middle = ((x.low + x.high) / 2).mid()
    elif x.low.is_finite():
        middle = (2 * x.low.max(arb(1)) * 4).mid()
    elif x.high.is_finite():
        middle = (-8 * (-x.high).max(arb(1))).mid()
    else:
        middle = arb(0)
    return Interval(x.low, middle), Interval(middle, x.high)


_NORMAL = Normal(Problem([], [], {}, [], set()))


class Minimum:
    """The least value of a function of one letter over a range, and every place where it may be taken."""

    def __init__(self, body: Expr, name: str, point: Point) -> None:
        self.body, self.name = body, name
        self.point = replace(point, cache={}, over_intervals=True)
        self.slope: Expr | None = None
        if self._jumps():
            return
        try:
            self.slope = Differentiator().derivative(body, sym(name))
            self.slope = _NORMAL.canonical(self.slope)  # one quotient: its sign is seen where its parts are infinite
        except (NoDerivative, *NO_FORM):
            pass

    def _jumps(self) -> bool:
        """Whether the function may jump, so that slopes say nothing of its values."""
        for e in self.body.walk():
            if e.head not in ("floor", "sign", "bool", "cases") or self.name not in e.free:
                continue
            if e.head != "cases" or any(c is not None and not self._joined(c) for c, _ in branches(e)):
                return True
        return False

    def _joined(self, condition: Expr) -> bool:
        """Whether the values on both sides of a condition's border agree; the border has to be easily found."""
        if self.name not in condition.free:
            return True
        if condition.head == "and":
            return all(self._joined(c) for c in condition.args)
        if condition.head not in ("<", "<="):
            return False
        try:
            for border in self._borders(sub(*condition.args)):
                near = [self.of(border + s * fmpq(1, 10**25)) for s in (-1, 1)]
                if not abs(near[0].low - near[1].high) + abs(near[0].high - near[1].low) < fmpq(1, 10**12):
                    return False
        except FAILURES:
            return False
        return True

    def _borders(self, gap: Expr) -> list[Any]:
        """Zeros of a difference that is linear in the letter on either side of zero."""
        found = []
        for s in (1, -1):
            a, b, c = (bind(self.point, self.name, s * fmpq(k), gap) for k in (0, 1000, 2000))
            if compare(c - b, b - a) not in (0, None):
                raise Undecided("a condition that is not linear")
            if compare(a, b) != 0:
                found.append(-a / (b - a) * 1000 * s)
        return found

    def of(self, x: Any, e: Expr | None = None) -> Interval:
        """An enclosure of the values over an interval; everything, if none is found."""
        try:
            return interval(bind(self.point, self.name, x, e or self.body))
        except FAILURES:
            return Interval(INFINITE[1], INFINITE[0])

    def lower(self, x: Interval) -> arb:
        """A lower bound: plain, at the lower end of a slope, or by the mean value theorem."""
        bound = self.of(x).low
        if self.slope is None:
            return bound
        slope = self.of(x, self.slope)
        lowest = x.low if slope.low >= 0 else x.high if slope.high <= 0 else None
        if lowest is not None and lowest.is_finite():
            return bound.max(self.of(lowest).low)
        if x.width.is_finite():
            middle = ((x.low + x.high) / 2).mid()
            sloped = self.of(middle) + slope * (x - middle)
            bound = bound.max(sloped.low) if not sloped.low.is_nan() else bound
        return bound

    def search(self, low: arb, high: arb, tolerance: float = 1e-7) -> tuple[arb, arb, Interval]:
        """Bounds of the least value, and an interval that holds all places where it is taken."""
        best, queue, count = self._explored(low, high), [], 0
        if not best.is_finite():
            return best, best, Interval(INFINITE[1], INFINITE[0])
        for box in start(low, high):
            heappush(queue, (_below(self.lower(box)), count, box))
            count += 1
        settled: list[tuple[float, Interval]] = []
        while queue and count < MOST_SEARCHED:
            bound, _, box = heappop(queue)
            if arb(bound) > best:
                continue
            for x in self._trial(box):
                best = best.min(self.of(x).high)
            if box.width.is_finite() and box.width < tolerance:
                settled.append((bound, box))
                continue
            for part in halves(box):
                if not self._monotone_inside(part, low, high):
                    heappush(queue, (_below(self.lower(part)), count, part))
                    count += 1
        left = [*settled, *((b, x) for b, _, x in queue)]
        left = [(b, x) for b, x in left if not arb(b) > best]
        if not left or not best.is_finite():
            raise Undecided("no least value found")
        least = min(b for b, _ in left)
        return arb(least), best, Interval(_least(x.low for _, x in left), _most(x.high for _, x in left))

    def _explored(self, low: arb, high: arb) -> arb:
        """The least value at some places, minus infinity if it falls and falls far out or near an open end."""
        best, inner = INFINITE[0], []
        for far in (arb(10) ** 12, arb(10) ** 40):
            for end, sign in ((low, 1), (high, -1)):
                x = end + sign / far if end.is_finite() else -sign * far
                inner.append(self._at(x))
        inner += [self._at(arb(x)) for x in (0, 1, -1, 3, -3, fmpq(1, 2)) if low < arb(x) and high > arb(x)]
        values = [v for v in inner if v is not None]
        if not values:
            raise Undefined("the function has no value in the range")
        for near, far in zip(inner[:2], inner[2:4], strict=True):
            if near is not None and far is not None and far < near - 20 and far < -80:
                return INFINITE[1]
        for v in values:
            best = best.min(v.upper())
        return best

    def _at(self, x: arb) -> arb | None:
        """The value at a place; a place without one means that nothing is minimised there."""
        try:
            found = bind(self.point, self.name, x, self.body)
        except Undefined:
            raise
        except FAILURES:
            return None
        return ball(found) if not isinstance(found, Interval) else found.high

    def _trial(self, box: Interval) -> list[arb]:
        return [x for x in (box.low, box.high, ((box.low + box.high) / 2).mid()) if x.is_finite()]

    def _monotone_inside(self, box: Interval, low: arb, high: arb) -> bool:
        """Whether the function rises or falls throughout the box, which does not touch the range's ends."""
        if self.slope is None or box.low <= low or box.high >= high:
            return False
        slope = self.of(box, self.slope)
        return bool(slope.low > 0 or slope.high < 0)


def _below(x: arb) -> float:
    """A float that is no larger."""
    if not x.is_finite():
        return -inf if x < 0 else 1e300
    return nextafter(nextafter(float(x.mid()), -inf), -inf)


def _least(xs: Any) -> arb:
    found = INFINITE[0]
    for x in xs:
        found = found.min(x)
    return found


def _most(xs: Any) -> arb:
    return -_least(-x for x in xs)


class Optima:
    """Evaluates least and greatest values, and where they are taken, at a point."""

    def __init__(self, domains: dict[str, Any]) -> None:
        self.domains = domains

    def __call__(self, e: Expr, point: Point) -> arb:
        variable, body, *domain = e.args
        upward = e.head in ("sup", "most", "argmax")
        low, high, ends = self.range(variable, domain, point)
        if not low < high:
            if low > high or ends != "[]":
                raise Undefined("the range is empty")
            if not (low - high).is_zero():
                raise Undecided("the range may be empty")
            return low if e.head in ("argmin", "argmax") else ball(bind(point, variable.args[0], low, body))
        search = Minimum(neg(body) if upward else body, variable.args[0], point)
        bits = precision()
        use_precision(96)
        try:
            least, best, place = search.search(low, high)
        finally:
            use_precision(bits)
        if e.head not in ("inf", "sup"):
            if not best.is_finite():
                raise Undefined("there is no least value")
            if not (place.low.is_finite() and place.high.is_finite()):
                raise Undecided("no place is known where the least value is taken")
            if (ends[0] == "(" and not place.low > low) or (ends[1] == ")" and not place.high < high):
                raise Undecided("it may be least at an end that is excluded")
        if e.head in ("argmin", "argmax"):
            return place.low.union(place.high)
        found = least.union(best)
        return -found if upward else found

    def range(self, variable: Expr, domain: list[Expr], point: Point) -> tuple[arb, arb, str]:
        """Where the letter varies: as the formula says, as the assumptions say of the letter, or anywhere."""
        if domain and domain[0].head == "interval":
            low, high = (value(b, point) for b in domain[0].args[:2])
            return ball(low).lower(), ball(high).upper(), domain[0].args[2]
        said = self.domains.get(variable.args[0].split("·")[0])
        if domain or not (said is None or isinstance(said, Scalar)):
            raise Undecided("least values over sets that are no intervals")
        if said is None:
            return INFINITE[1], INFINITE[0], "()"
        if said.integer or said.nonzero:
            raise Undecided("least values over numbers that are not joined")
        ends = [None if b is None else ball(value(b, point)) for b in (said.low, said.high)]
        closed = ("[" if said.low_closed else "(") + ("]" if said.high_closed else ")")
        return ends[0] if ends[0] is not None else INFINITE[1], ends[1] if ends[1] is not None else INFINITE[0], closed

    def within(self, e: Expr, x: Any, point: Point) -> bool:
        """Whether a place lies for certain where the letter may vary."""
        try:
            low, high, _ = self.range(e.args[0], list(e.args[2:]), point)
        except (Undefined, Undecided):
            return False
        return bool(low < x and x < high)


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
