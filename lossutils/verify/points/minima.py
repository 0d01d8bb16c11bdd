"""Least values by interval arithmetic, and every place where they may be taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from heapq import heappop, heappush
from itertools import pairwise
from math import inf, nextafter

from flint import arb, fmpq

from ..conditions import decide, find_condition
from ..differentiate import Differentiator, NoDerivative, constant_slope
from ..expr import BINDERS, Expr, branches, neg, sub, sym
from ..functions import FUNCTIONS, INFINITE
from ..meaning.domains import Domain, Scalar
from ..numbers import Interval, Number, Undecided, Undefined, ball, compare, interval, precision, use_precision
from .evaluation import Point, bind, value

MOST_SEARCHED = 500  # boxes, for a least value
FAILURES = (Undefined, Undecided, ZeroDivisionError, OverflowError, NoDerivative)
SLACK = arb(2) ** -80  # what a jump would have to exceed to be seen
_LANDMARKS = (-256, -64, -16, -4, -1, 0, 1, 4, 16, 64, 256)


def start(low: arb, high: arb) -> Iterator[Interval]:
    """A range cut at landmarks, so that its infinite ends are boxes of their own."""
    cuts = [low, *(arb(c) for c in _LANDMARKS if low < c and high > c), high]
    for a, b in pairwise(cuts):
        yield Interval(a, b)


def _poles(e: Expr, bound: frozenset[str] = frozenset()) -> Iterator[Expr | None]:
    """What must not be zero for an expression to have a value; None for what depends on a letter bound inside."""
    if e.head in BINDERS:
        bound = bound | {e.args[BINDERS[e.head]].args[0]}
    found: list[Expr] = []
    if e.head == "pow":
        n = e.args[1].args[0] if e.args[1].head == "num" else None
        found = [] if n is not None and n > 0 and n.denominator == 1 else [e.args[0]]
    elif e.head in FUNCTIONS:
        found = [need for need, _ in FUNCTIONS[e.head].needs(e.args[0])]
    for part in found:
        yield None if part.free & bound else part
    for child in e.children:
        yield from _poles(child, bound)


def _pieces(e: Expr) -> Iterator[Expr]:
    """An expression without pieces for every way in which its conditions can fall."""
    condition = find_condition(e)
    if condition is None:
        yield e
        return
    for truth in (True, False):
        yield from _pieces(decide(e, condition, truth))


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


class Minimum:
    """The least value of a function of one letter over a range, and every place where it may be taken.

    Bounds come from interval arithmetic, and over boxes on which the function has neither jump nor pole from its slopes
    as well: where it rises throughout it is least at the lower end, and f(x) lies in f(c) + f'(X) (x - c). At a corner
    the enclosure of the slope over a box holds the slopes of both sides, so both rules stand. `slack` allows for a jump
    that the balls are too wide to exclude.
    """

    def __init__(self, body: Expr, name: str, point: Point) -> None:
        self.body, self.name = body, name
        self.point = replace(point, cache={}, over_intervals=True)
        self.slope: Expr | None = None
        self.slack = arb(0)
        self.poles = list(_poles(body))
        if self._jumps():
            return
        with suppress(NoDerivative):
            self.slope = Differentiator().derivative(body, sym(name))

    def _jumps(self) -> bool:
        """Whether the function may jump, so that slopes say nothing of its values."""
        for e in self.body.walk():
            if e.head in ("floor", "sign", "bool") and self.name in e.free:
                return True
            if e.head == "cases" and self.name in e.free and not self._joined(e):
                return True
        return False

    def _joined(self, e: Expr) -> bool:
        """Whether all cases have one value wherever a condition may change."""
        try:
            for condition, _ in branches(e):
                for place in self._borders(condition) if condition is not None else ():
                    values = [ball(bind(self.point, self.name, place, branch)) for _, branch in branches(e)]
                    if not all(abs(v - values[0]) < SLACK for v in values):
                        return False
        except FAILURES:
            return False
        self.slack = SLACK
        return True

    def _borders(self, condition: Expr) -> Iterator[Number]:
        """Where the sides of a condition meet, in whichever pieces they are linear; what is not linear is too much."""
        if condition.head in ("and", "not"):
            for c in condition.args:
                yield from self._borders(c)
            return
        if condition.head not in ("<", "<=", "=", "!="):
            raise Undecided("a condition that is no comparison")
        for gap in _pieces(sub(*condition.args)):
            if self.name in gap.free:
                slope = constant_slope(gap, self.name)
                if slope is None:
                    raise Undecided("a condition that is not linear")
                rise = value(slope, self.point)
                if compare(rise, fmpq(0)) != 0:
                    yield -bind(self.point, self.name, fmpq(0), gap) / rise

    def of(self, x: Number, e: Expr | None = None) -> Interval:
        """An enclosure of the values over an interval; everything, if none is found."""
        try:
            return interval(bind(self.point, self.name, x, e or self.body))
        except FAILURES:
            return Interval(INFINITE[1], INFINITE[0])

    def _regular(self, x: Interval) -> bool:
        """Whether the function has a value throughout the box: what could be zero below a fraction is not."""
        found = self.of(x)
        if found.low.is_finite() and found.high.is_finite():
            return True
        if None in self.poles:
            return False
        return all(s.low > 0 or s.high < 0 for s in (self.of(x, e) for e in self.poles))

    def lower(self, x: Interval) -> arb:
        """A lower bound: plain, at the lower end of a slope, or by the mean value theorem."""
        bound = self.of(x).low - self.slack
        if self.slope is None:
            return bound
        if not self._regular(x):
            return bound
        slope = self.of(x, self.slope)
        lowest = x.low if slope.low >= 0 else x.high if slope.high <= 0 else None
        if lowest is not None and lowest.is_finite():
            return bound.max(self.of(lowest).low - self.slack)
        if x.width.is_finite():
            middle = ((x.low + x.high) / 2).mid()
            sloped = self.of(middle) + slope * (x - middle)
            bound = bound.max(sloped.low - self.slack) if not sloped.low.is_nan() else bound
        return bound

    def search(self, low: arb, high: arb, tolerance: float = 1e-7) -> tuple[arb, arb, Interval]:
        """Bounds of the least value, and an interval that holds all places where it is taken."""
        best, count = self._explored(low, high), 0
        queue: list[tuple[float, int, Interval]] = []
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
        for near, beyond in zip(inner[:2], inner[2:4], strict=True):
            if near is not None and beyond is not None and beyond < near - 20 and beyond < -80:
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
        if self.slope is None or box.low <= low or box.high >= high or not self._regular(box):
            return False
        slope = self.of(box, self.slope)
        return bool(slope.low > 0 or slope.high < 0)


def _below(x: arb) -> float:
    """A float that is no larger."""
    if not x.is_finite():
        return -inf if x < 0 else 1e300
    return nextafter(nextafter(float(x.mid()), -inf), -inf)


def _least(xs: Iterable[arb]) -> arb:
    found = INFINITE[0]
    for x in xs:
        found = found.min(x)
    return found


def _most(xs: Iterable[arb]) -> arb:
    return -_least(-x for x in xs)


class Optima:
    """Evaluates least and greatest values, and where they are taken, at a point."""

    def __init__(self, domains: Mapping[str, Domain]) -> None:
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

    def within(self, e: Expr, x: Number, point: Point) -> bool:
        """Whether a place lies for certain where the letter may vary."""
        try:
            low, high, _ = self.range(e.args[0], list(e.args[2:]), point)
        except (Undefined, Undecided):
            return False
        return bool(low < x and x < high)
