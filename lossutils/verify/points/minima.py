"""Least values by interval arithmetic, and every place where they may be taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from heapq import heappop, heappush
from itertools import pairwise
from math import inf, nextafter
from typing import Any

from flint import arb, fmpq

from ..differentiate import Differentiator, NoDerivative
from ..expr import Expr, branches, neg, sub, sym
from ..meaning.assumptions import Scalar
from ..meaning.problem import Problem
from ..numbers import INFINITE, Interval, Undecided, Undefined, ball, compare, interval, precision, use_precision
from ..proof.normal import Normal
from ..proof.order import NO_FORM
from .evaluation import Point, bind, value

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
